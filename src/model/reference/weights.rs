//! A trained reference model: one weight for each bucket and label, and how it scores a text.
//! Training is left to [`super::train`], the bytes of `weights.bin` to the part `format`.

mod format;

pub use format::WeightsError;
use format::invalid;

use super::features::{BUCKETS, Extractor};

const MOST_LABELS: usize = 64;
const LONGEST_NAME: usize = 64;

/// A linear model over hashed features, with a softmax on top.
///
/// Weights are kept as 16-bit integers with one scale for each label.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearModel {
    labels: Vec<String>,
    bias: Vec<f32>,
    scale: Vec<f32>,
    buckets: BucketIndex,
    /// One row of `labels.len()` weights for each known bucket.
    weights: Vec<i16>,
}

impl LinearModel {
    /// Builds a model from real weights: `rows[i][l]` is the weight of bucket `buckets[i]` for
    /// label `l`. Rounds each weight to 1/32,767 of the largest of its label.
    ///
    /// # Errors
    /// When sizes do not agree, buckets do not ascend, or a number is not finite.
    pub fn new(
        labels: Vec<String>,
        bias: Vec<f32>,
        buckets: Vec<u32>,
        rows: &[Vec<f32>],
    ) -> Result<Self, WeightsError> {
        if rows.len() != buckets.len() || rows.iter().any(|row| row.len() != labels.len()) {
            return Err(invalid(
                "weights",
                "one row for each bucket, one column for each label",
            ));
        }
        if rows.iter().flatten().any(|weight| !weight.is_finite()) {
            return Err(invalid("weights", "finite numbers"));
        }
        let mut scale = vec![0.0_f32; labels.len()];
        for row in rows {
            for (largest, weight) in scale.iter_mut().zip(row) {
                *largest = largest.max(weight.abs() / f32::from(i16::MAX));
            }
        }
        let quantised = |(weight, scale): (&f32, &f32)| match *scale {
            0.0 => 0,
            scale => (weight / scale).round() as i16,
        };
        let weights = rows
            .iter()
            .flat_map(|row| row.iter().zip(&scale).map(quantised))
            .collect();
        Self::checked(labels, bias, scale, buckets, weights)
    }

    fn checked(
        labels: Vec<String>,
        bias: Vec<f32>,
        scale: Vec<f32>,
        buckets: Vec<u32>,
        weights: Vec<i16>,
    ) -> Result<Self, WeightsError> {
        if !(2..=MOST_LABELS).contains(&labels.len()) {
            return Err(invalid("labels", "between 2 and 64 labels"));
        }
        if labels
            .iter()
            .any(|label| label.is_empty() || label.len() > LONGEST_NAME)
        {
            return Err(invalid("labels", "names of 1 to 64 bytes"));
        }
        if (1..labels.len()).any(|at| labels[..at].contains(&labels[at])) {
            return Err(invalid("labels", "each label once"));
        }
        if bias.len() != labels.len() || bias.iter().any(|value| !value.is_finite()) {
            return Err(invalid("bias", "one finite number for each label"));
        }
        if scale.len() != labels.len() || scale.iter().any(|v| !v.is_finite() || *v < 0.0) {
            return Err(invalid(
                "scale",
                "one finite number of at least 0 for each label",
            ));
        }
        let buckets = BucketIndex::new(buckets)?;
        Ok(Self {
            labels,
            bias,
            scale,
            buckets,
            weights,
        })
    }

    /// The labels, in the order of the scores.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The probability of each label for a text; finite, and summing to 1.
    pub fn scores(&self, text: &str, extractor: &mut Extractor) -> Vec<f64> {
        self.scores_of(extractor.extract(text))
    }

    /// The probability of each label for features already extracted, so that several models can
    /// share them. Values must be finite, as those of [`Extractor`] are.
    pub fn scores_of(&self, features: &[(u32, f32)]) -> Vec<f64> {
        let labels = self.labels.len();
        let mut sums = [0.0_f32; MOST_LABELS];
        let sums = &mut sums[..labels];
        for &(bucket, value) in features {
            if let Some(row) = self.buckets.row(bucket) {
                let weights = &self.weights[row * labels..(row + 1) * labels];
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += value * f32::from(*weight);
                }
            }
        }
        let mut scores: Vec<f64> = sums
            .iter()
            .zip(&self.scale)
            .zip(&self.bias)
            .map(|((sum, scale), bias)| f64::from(*sum) * f64::from(*scale) + f64::from(*bias))
            .collect();
        softmax(&mut scores);
        scores
    }
}

/// In place `exp(x) / sum(exp(x))`, shifted by the largest value against overflow.
pub(super) fn softmax(scores: &mut [f64]) {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - largest).exp();
        total += *score;
    }
    for score in scores {
        *score /= total;
    }
}

/// Finds the row of a bucket: one bit for each bucket, and the number of bits set before each
/// word of 64. Small enough to stay in a processor's cache, since most look-ups find nothing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BucketIndex {
    sorted: Vec<u32>,
    words: Vec<(u64, u32)>,
}

impl BucketIndex {
    pub(super) fn new(sorted: Vec<u32>) -> Result<Self, WeightsError> {
        let ascends = sorted.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascends || sorted.last().is_some_and(|last| *last >= BUCKETS) {
            return Err(invalid("buckets", "ascending numbers below 1,048,576"));
        }
        let mut words = vec![(0_u64, 0_u32); BUCKETS as usize / 64];
        for bucket in &sorted {
            words[*bucket as usize / 64].0 |= 1 << (bucket % 64);
        }
        let mut before = 0;
        for (bits, rank) in &mut words {
            *rank = before;
            before += bits.count_ones();
        }
        Ok(Self { sorted, words })
    }

    pub(super) fn row(&self, bucket: u32) -> Option<usize> {
        let (bits, before) = *self.words.get(bucket as usize / 64)?;
        let bit = 1_u64 << (bucket % 64);
        (bits & bit != 0).then(|| (before + (bits & (bit - 1)).count_ones()) as usize)
    }

    pub(super) fn into_sorted(self) -> Vec<u32> {
        self.sorted
    }

    pub(super) fn sorted(&self) -> &[u32] {
        &self.sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|at| format!("label {at}")).collect()
    }

    fn small() -> LinearModel {
        let rows = [vec![1.0, -2.0, 0.5], vec![0.0, 3.0, -0.25]];
        LinearModel::new(names(3), vec![0.5, 0.0, -1.0], vec![7, 900_000], &rows).unwrap()
    }

    fn models() -> impl Strategy<Value = LinearModel> {
        (2..6_usize, btree_set(0..BUCKETS, 0..40)).prop_flat_map(|(labels, buckets)| {
            let rows = vec(vec(-20.0..20.0_f32, labels), buckets.len());
            (vec(-5.0..5.0_f32, labels), rows).prop_map(move |(bias, rows)| {
                LinearModel::new(
                    names(labels),
                    bias,
                    buckets.iter().copied().collect(),
                    &rows,
                )
                .unwrap()
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn bytes_give_the_same_model_back(model in models()) {
            prop_assert_eq!(LinearModel::from_bytes(&model.to_bytes()), Ok(model));
        }

        #[test]
        fn scores_are_probabilities_whatever_the_text(model in models(), text in "\\PC{0,80}") {
            let scores = model.scores(&text, &mut Extractor::new());
            prop_assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
            prop_assert!((scores.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }

        #[test]
        fn arbitrary_bytes_are_refused(bytes in vec(any::<u8>(), 0..200)) {
            prop_assert!(LinearModel::from_bytes(&bytes).is_err());
        }
    }

    #[test]
    fn every_truncation_is_refused_with_what_was_expected() {
        let bytes = small().to_bytes();
        for length in 0..bytes.len() {
            let error = LinearModel::from_bytes(&bytes[..length]).unwrap_err();
            assert!(
                matches!(error, WeightsError::CutShort { .. }),
                "{length}: {error}"
            );
            assert!(error.to_string().contains("expected"), "{length}: {error}");
        }
    }

    #[test]
    fn every_altered_byte_is_refused() {
        let bytes = small().to_bytes();
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 0b0100_0000;
            assert!(LinearModel::from_bytes(&altered).is_err(), "byte {at}");
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(
            LinearModel::from_bytes(&longer),
            Err(WeightsError::TooLong { extra: 1 })
        );
    }

    #[test]
    fn scores_are_the_softmax_of_the_linear_form() {
        let model = small();
        let expected = |logits: [f64; 3]| {
            let total: f64 = logits.iter().map(|x| x.exp()).sum();
            logits.map(|x| x.exp() / total)
        };
        let close = |scores: Vec<f64>, expected: [f64; 3]| {
            scores
                .iter()
                .zip(expected)
                .all(|(score, expected)| (score - expected).abs() < 1e-4)
        };
        assert!(close(model.scores_of(&[]), expected([0.5, 0.0, -1.0])));
        let features = [(7, 0.6), (8, 0.5), (900_000, 0.8)];
        assert!(close(
            model.scores_of(&features),
            expected([1.1, 1.2, -0.9])
        ));
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let build = |labels: Vec<String>, bias: Vec<f32>, buckets: Vec<u32>| {
            let rows = vec![vec![1.0; labels.len()]; buckets.len()];
            LinearModel::new(labels, bias, buckets, &rows).map(|_| ())
        };
        let field = |result: Result<(), WeightsError>| match result {
            Err(WeightsError::Invalid { field, .. }) => field,
            other => panic!("expected an invalid part, found {other:?}"),
        };
        assert_eq!(field(build(names(1), vec![0.0], vec![1])), "labels");
        assert_eq!(
            field(build(vec!["a".into(), "a".into()], vec![0.0; 2], vec![1])),
            "labels"
        );
        assert_eq!(field(build(names(2), vec![0.0, f32::NAN], vec![1])), "bias");
        assert_eq!(field(build(names(2), vec![0.0; 2], vec![2, 1])), "buckets");
        assert_eq!(
            field(build(names(2), vec![0.0; 2], vec![BUCKETS])),
            "buckets"
        );
    }
}
