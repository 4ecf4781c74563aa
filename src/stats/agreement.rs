//! Agreement beyond chance: Krippendorff's alpha for any number of raters and missing ratings,
//! Cohen's kappa for two, and between two sets of raters. Values are indices into a closed list of labels.

pub mod cross;
pub mod sets;

use super::{Reason, Undefined};
use std::collections::BTreeMap;

/// How far two values are apart (Krippendorff 2011, "Computing Krippendorff's
/// Alpha-Reliability").
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Metric {
    /// Different or not.
    Nominal,
    /// By the number of ratings between the two ranks.
    Ordinal,
    /// By the square of the difference of the indices.
    Interval,
}

/// Pairs of ratings of the same unit, counted in integers, so that tallies of any split of the
/// units add up to the same whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coincidences {
    values: usize,
    /// Ordered pairs of values, row by row, for the units with the same number of ratings: each
    /// pair weighs 1 / (ratings - 1).
    pairs: BTreeMap<u64, Vec<u64>>,
}

impl Coincidences {
    /// An empty tally over this many values.
    pub fn new(values: usize) -> Self {
        Self {
            values,
            pairs: BTreeMap::new(),
        }
    }

    /// Counts `units` units that were all rated alike: `ratings` holds how often each value was
    /// given to one of them, one count per value. A unit with fewer than two ratings has no pairs
    /// and adds nothing.
    pub fn add(&mut self, ratings: &[u64], units: u64) {
        assert_eq!(ratings.len(), self.values, "one count per value");
        let raters: u64 = ratings.iter().sum();
        if raters < 2 || units == 0 {
            return;
        }
        let values = self.values;
        let pairs = self
            .pairs
            .entry(raters)
            .or_insert_with(|| vec![0; values * values]);
        for (row, &first) in ratings.iter().enumerate().filter(|&(_, &first)| first > 0) {
            for (column, &second) in ratings.iter().enumerate() {
                let others = if row == column { first - 1 } else { second };
                pairs[row * values + column] += units * first * others;
            }
        }
    }

    /// Adds the pairs of another tally over the same values.
    pub fn merge(&mut self, other: &Self) {
        for (&raters, pairs) in &other.pairs {
            let mine = self
                .pairs
                .entry(raters)
                .or_insert_with(|| vec![0; pairs.len()]);
            for (mine, theirs) in mine.iter_mut().zip(pairs) {
                *mine += theirs;
            }
        }
    }

    /// The ratings of units by raters, one row of raters per unit; `None` where a rating is
    /// missing.
    pub fn from_ratings<'a>(
        values: usize,
        units: impl IntoIterator<Item = &'a [Option<usize>]>,
    ) -> Result<Self, Undefined> {
        let mut tally = Self::new(values);
        for unit in units {
            let mut ratings = vec![0; values];
            for &value in unit.iter().flatten() {
                match ratings.get_mut(value) {
                    Some(count) => *count += 1,
                    None => return Err(out_of_range(format!("value {value} of {values}"))),
                }
            }
            tally.add(&ratings, 1);
        }
        Ok(tally)
    }

    /// Two raters, or a model and its gold labels, from their `values` x `values` confusion
    /// matrix, row by row.
    pub fn from_confusion(confusion: &[u64], values: usize) -> Result<Self, Undefined> {
        check_square(confusion.len(), values)?;
        let mut tally = Self::new(values);
        let pairs = (0..values * values)
            .map(|cell| confusion[cell] + confusion[cell % values * values + cell / values])
            .collect();
        tally.pairs.insert(2, pairs);
        Ok(tally)
    }

    /// Krippendorff's alpha: 1 is perfect agreement, 0 what chance gives, below 0 is worse than
    /// chance (Krippendorff 2011).
    pub fn alpha(&self, metric: Metric) -> Result<f64, Undefined> {
        self.alpha_of_weighted(metric, 1.0)
    }

    /// How far the ratings are apart that were counted.
    pub fn distances(&self, metric: Metric) -> Distances {
        let (_, given) = self.observed();
        let squared = squared_distances(metric, &given);
        let (mut apart, mut differ) = (0.0, 0.0);
        for (cell, squared) in squared.iter().enumerate() {
            let (one, other) = (cell / self.values, cell % self.values);
            if one != other {
                apart += given[one] * given[other] * squared;
                differ += given[one] * given[other];
            }
        }
        let total: f64 = given.iter().sum();
        Distances {
            squared,
            by_chance: apart / (total * (total - 1.0)),
            differing: apart / differ,
        }
    }

    /// Pairs of values within units, and how often each value was given.
    fn observed(&self) -> (Vec<f64>, Vec<f64>) {
        let k = self.values;
        let mut observed = vec![0.0; k * k];
        for (&raters, pairs) in &self.pairs {
            for (sum, &count) in observed.iter_mut().zip(pairs) {
                *sum += count as f64 / (raters - 1) as f64;
            }
        }
        let rows = observed.chunks(k.max(1));
        let given = rows.map(|row| row.iter().sum()).collect();
        (observed, given)
    }

    /// The same where what was counted are weights, and one unit weighs `unit`: the sum of weights
    /// over Kish's effective number of units (Kish 1965). What chance gives is then the mean over
    /// all pairs of different ratings, each pair weighing the product of its weights.
    pub fn alpha_of_weighted(&self, metric: Metric, unit: f64) -> Result<f64, Undefined> {
        let k = self.values;
        let (observed, given) = self.observed();
        let total: f64 = given.iter().sum();
        if total < 1.0 {
            return Err(Undefined::new(Reason::NoPairs, "no unit has two ratings"));
        }
        let squared = squared_distances(metric, &given);
        let (mut disagreement, mut by_chance) = (0.0, 0.0);
        for cell in 0..k * k {
            disagreement += observed[cell] * squared[cell];
            by_chance += given[cell / k] * given[cell % k] * squared[cell];
        }
        ratio_below_one(disagreement * (total - unit), by_chance)
    }
}

/// How far ratings are apart, by a metric that was settled by all of them.
pub struct Distances {
    /// Squared distances, row by row.
    squared: Vec<f64>,
    /// The mean over all pairs of ratings.
    pub by_chance: f64,
    /// The mean over the pairs that differ.
    pub differing: f64,
}

impl Distances {
    /// The mean over the pairs of ratings of one unit; `ratings` holds how often each value was given.
    pub fn within(&self, ratings: &[u64]) -> f64 {
        let (values, all) = (ratings.len(), ratings.iter().sum::<u64>() as f64);
        let mut sum = 0.0;
        for (cell, squared) in self.squared.iter().enumerate() {
            sum += (ratings[cell / values] * ratings[cell % values]) as f64 * squared;
        }
        if all < 2.0 {
            0.0
        } else {
            sum / (all * (all - 1.0))
        }
    }
}

/// For each unit of numbers how many there are and the mean squared difference of two of them, and the means over all
/// pairs of numbers, and over those that differ. Each unit occurs a number of times.
pub fn distances_of_scores<'a>(
    units: impl IntoIterator<Item = (&'a [f64], u64)>,
) -> (Vec<(u64, f64)>, [f64; 2]) {
    let (mut within, mut given) = (Vec::new(), Vec::new());
    for (unit, times) in units {
        let (ratings, spread) = spread(unit.iter());
        let squared = if unit.len() < 2 {
            0.0
        } else {
            given.extend(unit.iter().map(|value| (*value, times as f64)));
            2.0 * spread / (ratings - 1.0)
        };
        within.push((unit.len() as u64, squared));
    }
    given.sort_by(|one, other| one.0.total_cmp(&other.0));
    let same = given.chunk_by(|one, other| one.0 == other.0);
    let alike: f64 = same
        .map(|same| same.iter().map(|(_, times)| times).sum::<f64>().powi(2))
        .sum();
    let total: f64 = given.iter().map(|(_, times)| times).sum();
    let mean = given
        .iter()
        .map(|(value, times)| value * times)
        .sum::<f64>()
        / total;
    let around = given
        .iter()
        .map(|(value, times)| times * (value - mean).powi(2));
    let pairs = 2.0 * total * around.sum::<f64>();
    let means = [
        pairs / (total * (total - 1.0)),
        pairs / (total * total - alike),
    ];
    (within, means)
}

/// Krippendorff's alpha of two raters, straight from their `values` x `values` confusion matrix.
pub fn alpha_of_two(confusion: &[u64], values: usize, metric: Metric) -> Result<f64, Undefined> {
    Coincidences::from_confusion(confusion, values)?.alpha(metric)
}

/// Krippendorff's alpha with the interval metric for ratings on a continuous scale: one slice of
/// ratings per unit, of any length.
pub fn alpha_of_scores<'a>(units: impl IntoIterator<Item = &'a [f64]>) -> Result<f64, Undefined> {
    alpha_of_counted_scores(units.into_iter().map(|unit| (unit, 1)))
}

/// The same where each unit occurs a number of times, as resampled ones do.
pub fn alpha_of_counted_scores<'a>(
    units: impl IntoIterator<Item = (&'a [f64], u64)>,
) -> Result<f64, Undefined> {
    let units = units.into_iter();
    let pairable: Vec<(&[f64], f64)> = units
        .filter(|(unit, times)| unit.len() > 1 && *times > 0)
        .map(|(unit, times)| (unit, times as f64))
        .collect();
    if pairable.is_empty() {
        return Err(Undefined::new(Reason::NoPairs, "no unit has two ratings"));
    }
    // The squared differences of all pairs add up to twice n times the sum of squares around the
    // mean, for one unit as for all ratings.
    let all = |of: &dyn Fn(f64) -> f64| -> f64 {
        let unit = |unit: &[f64]| unit.iter().map(|value| of(*value)).sum::<f64>();
        pairable
            .iter()
            .map(|(values, times)| times * unit(values))
            .sum()
    };
    let ratings = all(&|_| 1.0);
    let mean = all(&|value| value) / ratings;
    let spread = all(&|value| (value - mean).powi(2));
    let within: f64 = pairable
        .iter()
        .map(|(unit, times)| {
            let (ratings, spread) = self::spread(unit.iter());
            times * spread * ratings / (ratings - 1.0)
        })
        .sum();
    ratio_below_one(within * (ratings - 1.0), spread * ratings)
}

/// The number of values and their sum of squares around the mean.
fn spread<'a>(values: impl Iterator<Item = &'a f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (n, values.map(|value| (value - mean).powi(2)).sum())
}

/// Cohen's kappa of a `values` x `values` confusion matrix, row by row (Cohen 1960).
pub fn kappa(confusion: &[u64], values: usize) -> Result<f64, Undefined> {
    weighted_kappa(confusion, values, |row, column| f64::from(row != column))
}

/// Cohen's kappa with disagreements weighted by the square of the difference of the indices
/// (Cohen 1968).
pub fn quadratic_kappa(confusion: &[u64], values: usize) -> Result<f64, Undefined> {
    weighted_kappa(confusion, values, |row, column| {
        (row as f64 - column as f64).powi(2)
    })
}

fn weighted_kappa(
    confusion: &[u64],
    k: usize,
    weight: impl Fn(usize, usize) -> f64,
) -> Result<f64, Undefined> {
    check_square(confusion.len(), k)?;
    let row = |index: usize| -> u64 { confusion[index * k..][..k].iter().sum() };
    let column = |index: usize| -> u64 { confusion.iter().skip(index).step_by(k).sum() };
    let rows: Vec<u64> = (0..k).map(row).collect();
    let columns: Vec<u64> = (0..k).map(column).collect();
    let total: u64 = rows.iter().sum();
    if total == 0 {
        return Err(Undefined::new(
            Reason::NoCases,
            "the confusion matrix is empty",
        ));
    }
    let (mut disagreement, mut by_chance) = (0.0, 0.0);
    for (cell, &count) in confusion.iter().enumerate() {
        let weight = weight(cell / k, cell % k);
        disagreement += weight * count as f64;
        by_chance += weight * rows[cell / k] as f64 * columns[cell % k] as f64;
    }
    ratio_below_one(disagreement * total as f64, by_chance)
}

fn squared_distances(metric: Metric, given: &[f64]) -> Vec<f64> {
    let k = given.len();
    let distance = |low: usize, high: usize| match metric {
        Metric::Nominal => 1.0,
        Metric::Ordinal => {
            let between: f64 = given[low..=high].iter().sum();
            (between - (given[low] + given[high]) / 2.0).powi(2)
        }
        Metric::Interval => (high as f64 - low as f64).powi(2),
    };
    let mut squared = vec![0.0; k * k];
    for high in 0..k {
        for low in 0..high {
            let value = distance(low, high);
            squared[low * k + high] = value;
            squared[high * k + low] = value;
        }
    }
    squared
}

fn ratio_below_one(disagreement: f64, by_chance: f64) -> Result<f64, Undefined> {
    if by_chance == 0.0 {
        let detail = "only one value was given, so chance alone agrees";
        return Err(Undefined::new(Reason::NoVariation, detail));
    }
    Ok(1.0 - disagreement / by_chance)
}

fn check_square(cells: usize, values: usize) -> Result<(), Undefined> {
    if values > 0 && cells == values * values {
        return Ok(());
    }
    Err(out_of_range(format!(
        "{cells} cells for {values} x {values} values"
    )))
}

fn out_of_range(detail: String) -> Undefined {
    Undefined::new(Reason::OutOfRange, detail)
}
