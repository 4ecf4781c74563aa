//! The features of all training texts, restricted to the buckets that get weights, and dense
//! matrices of them: linfa's learners take nothing sparser.

use ndarray::{Array2, ArrayView1};

use super::super::features::{BUCKETS, Extractor};
use super::super::weights::{BucketIndex, WeightsError};

/// Sparse rows, one for each text. A column is a bucket's place among those kept.
pub(super) struct Table {
    buckets: BucketIndex,
    stretch: Vec<f32>,
    entries: Vec<(u32, f32)>,
    ends: Vec<usize>,
}

impl Table {
    /// Keeps the `most` buckets that occur in most texts, ties in favour of the lower number.
    /// A bucket seen in one text only is never kept. Labels play no part, so models that answer
    /// different questions about the same texts see the same features.
    pub(super) fn new(texts: &[&str], most: usize) -> Result<Self, WeightsError> {
        let mut extractor = Extractor::new();
        let mut entries = Vec::new();
        let mut ends = Vec::with_capacity(texts.len());
        let mut texts_with = vec![0_u32; BUCKETS as usize];
        for text in texts {
            for &(bucket, value) in extractor.extract(text) {
                texts_with[bucket as usize] += 1;
                entries.push((bucket, value));
            }
            ends.push(entries.len());
        }

        let mut kept: Vec<u32> = (0..BUCKETS)
            .filter(|bucket| texts_with[*bucket as usize] > 1)
            .collect();
        kept.sort_by_key(|bucket| std::cmp::Reverse(texts_with[*bucket as usize]));
        kept.truncate(most);
        kept.sort_unstable();
        Ok(Self::restricted(BucketIndex::new(kept)?, entries, ends))
    }

    fn restricted(buckets: BucketIndex, entries: Vec<(u32, f32)>, ends: Vec<usize>) -> Self {
        let mut kept = Vec::with_capacity(entries.len());
        let mut kept_ends = Vec::with_capacity(ends.len());
        let mut start = 0;
        for end in ends {
            kept.extend(entries[start..end].iter().filter_map(|&(bucket, value)| {
                buckets.row(bucket).map(|column| (column as u32, value))
            }));
            kept_ends.push(kept.len());
            start = end;
        }
        let stretch = stretch(buckets.sorted().len(), &kept);
        Self {
            buckets,
            stretch,
            entries: kept,
            ends: kept_ends,
        }
    }

    /// How many buckets were kept.
    pub(super) fn columns(&self) -> usize {
        self.buckets.sorted().len()
    }

    /// The features of one text: column and value.
    pub(super) fn row(&self, row: usize) -> &[(u32, f32)] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.entries[start..self.ends[row]]
    }

    /// What each column is multiplied with in [`Self::dense`]; weights found there are to be
    /// multiplied with the same numbers.
    pub(super) fn stretch(&self) -> ArrayView1<'_, f32> {
        ArrayView1::from(&self.stretch)
    }

    /// Some rows as a matrix, its columns stretched.
    pub(super) fn dense(&self, rows: &[usize]) -> Array2<f32> {
        self.dense_with(rows, 0, |value, stretch| value * stretch)
    }

    /// Some rows as a matrix with ones where a feature is present.
    pub(super) fn presence(&self, rows: &[usize]) -> Array2<f32> {
        self.dense_with(rows, 0, |_, _| 1.0)
    }

    /// Some rows as a stretched matrix with a further column of ones, for a learner without
    /// intercept.
    pub(super) fn dense_with_ones(&self, rows: &[usize]) -> Array2<f32> {
        let mut matrix = self.dense_with(rows, 1, |value, stretch| value * stretch);
        matrix.column_mut(self.columns()).fill(1.0);
        matrix
    }

    fn dense_with(
        &self,
        rows: &[usize],
        more: usize,
        value_of: impl Fn(f32, f32) -> f32,
    ) -> Array2<f32> {
        let mut matrix = Array2::zeros((rows.len(), self.columns() + more));
        for (mut line, &row) in matrix.rows_mut().into_iter().zip(rows) {
            for &(column, value) in self.row(row) {
                let column = column as usize;
                line[column] = value_of(value, self.stretch[column]);
            }
        }
        matrix
    }

    /// The buckets kept, ascending: the meaning of the columns.
    pub(super) fn into_buckets(self) -> Vec<u32> {
        self.buckets.into_sorted()
    }
}

/// The fourth root of a column's share of all squares, inverted, and brought to a level at which
/// the sum of all squares stays as it is. Frequent words dwarf all others otherwise, and an
/// optimiser takes several times as many steps to the same weights.
fn stretch(columns: usize, entries: &[(u32, f32)]) -> Vec<f32> {
    let mut squares = vec![0.0_f64; columns];
    for &(column, value) in entries {
        squares[column as usize] += f64::from(value * value);
    }
    let before: f64 = squares.iter().sum();
    let after: f64 = squares.iter().map(|square| square.sqrt()).sum();
    let level = (before / after).sqrt();
    squares
        .into_iter()
        .map(|square| (level / square.sqrt().sqrt()) as f32)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_buckets_are_kept_and_single_ones_never() {
        let texts = ["rain", "rain", "rain snow", "snow", "hail"];
        let everything = Table::new(&texts, 1_000).unwrap();
        assert!(everything.row(4).is_empty(), "hail occurs once");
        let few = Table::new(&texts, 3).unwrap();
        assert_eq!(few.columns(), 3);
        assert_eq!(few.row(0).len(), 3);
        assert!(few.row(3).is_empty(), "snow is rarer than rain");
    }

    #[test]
    fn stretching_keeps_the_sum_of_squares() {
        let table = Table::new(&["so much rain", "so much snow", "so rainy"], 100).unwrap();
        let rows = [0, 1, 2];
        let before: f32 = rows
            .iter()
            .flat_map(|&row| table.row(row))
            .map(|(_, value)| value * value)
            .sum();
        let after: f32 = table.dense(&rows).iter().map(|value| value * value).sum();
        assert!((before - after).abs() < 1e-5, "{before} {after}");
        assert_eq!(
            table.dense_with_ones(&rows).column(table.columns()).sum(),
            3.0
        );
    }
}
