//! Models of numeric columns: physiology, voice and body measures, or any other features of a dataset. Multinomial
//! logistic regression, trained by `train` and kept in a file of TOML that people can read.

pub mod load;
pub mod train;

pub use load::load;
pub use train::{Trained, train};

use std::sync::Arc;

use crate::case::Cases;
use crate::dataset::Dataset;
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};
use crate::prediction::{Answer, Predictions, Scores, highest};
use crate::task::{LabelSet, Scheme};

/// What a model knows of one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its name in datasets.
    pub name: String,
    /// The mean of the values that it was trained on.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// For each label, what one standard deviation above the mean adds to its logit.
    pub weights: Vec<f64>,
    /// For each label, what a missing value adds; empty where none was missing in training.
    pub missing: Vec<f64>,
}

/// A model that answers from numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnModel {
    /// What it answers with.
    pub scheme: Arc<Scheme>,
    /// For each label the logit of a case that is average in every column.
    pub bias: Vec<f64>,
    /// The columns.
    pub columns: Vec<Column>,
}

impl ColumnModel {
    /// The probability of each label for the values of its columns (softmax of the logits). A missing value counts as
    /// the mean.
    pub fn scores(&self, values: &[Option<f64>]) -> Vec<f64> {
        let mut logits = self.bias.clone();
        for (column, value) in self.columns.iter().zip(values) {
            let (factor, weights) = match value {
                Some(value) => ((value - column.mean) / column.deviation, &column.weights),
                None => (1.0, &column.missing),
            };
            for (logit, weight) in logits.iter_mut().zip(weights) {
                *logit += factor * weight;
            }
        }
        let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let parts: Vec<f64> = logits.iter().map(|logit| (logit - most).exp()).collect();
        let sum: f64 = parts.iter().sum();
        parts.iter().map(|part| part / sum).collect()
    }

    /// The answers to all cases of a dataset. A case without any value of its columns gets none.
    ///
    /// # Errors
    /// Columns that the dataset does not declare as features.
    pub fn predictions(&self, dataset: &Dataset) -> Result<Predictions, Problems> {
        let names: Vec<&str> = self.columns.iter().map(|one| one.name.as_str()).collect();
        let columns = values(&dataset.cases, &names, &dataset.origin)?;
        let rows: Vec<Option<Vec<f64>>> = (0..dataset.cases.len())
            .map(|case| {
                let values: Vec<Option<f64>> = columns.iter().map(|column| column[case]).collect();
                let known = values.iter().any(Option::is_some);
                known.then(|| self.scores(&values))
            })
            .collect();
        let answer = |scores: &Option<Vec<f64>>| match scores.as_ref().and_then(|row| highest(row))
        {
            Some(label) => Answer::Labels(LabelSet::one(label)),
            None => Answer::Missing,
        };
        Ok(Predictions {
            scheme: self.scheme.clone(),
            answers: rows.iter().map(answer).collect(),
            scores: Some(Scores {
                labels: (0..self.scheme.labels.len()).collect(),
                rows,
            }),
            cut: 0,
            notes: Vec::new(),
        })
    }
}

/// The values of features by name.
///
/// # Errors
/// Every name that the dataset does not declare as a feature.
pub(super) fn values<'a>(
    cases: &'a Cases,
    names: &[&str],
    origin: &str,
) -> Result<Vec<&'a [Option<f64>]>, Problems> {
    let known: Vec<&str> = cases.features.iter().map(|one| one.name.as_str()).collect();
    let mut problems = Problems::new();
    let mut found = Vec::new();
    for name in names {
        match cases.features.iter().find(|feature| feature.name == *name) {
            Some(feature) => found.push(feature.values.as_slice()),
            None => problems.push(
                Problem::new(
                    "model/no-feature",
                    Place::file(origin).key("features"),
                    format!("the dataset declares no feature {}", quote(name)),
                )
                .help(if known.is_empty() {
                    "describe its columns of numbers in the card under [features.NAME]".to_owned()
                } else {
                    expected_one_of(name, &known)
                }),
            ),
        }
    }
    problems.or(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::built_in;

    #[test]
    fn probabilities_are_the_softmax_of_what_columns_add() {
        let model = ColumnModel {
            scheme: built_in("three-way").expect("built in"),
            bias: vec![0.0, 0.5, 1.0],
            columns: vec![Column {
                name: "x".to_owned(),
                mean: 10.0,
                deviation: 2.0,
                weights: vec![1.0, 0.0, -1.0],
                missing: vec![0.0, 0.0, 0.25],
            }],
        };
        // scipy.special.softmax([1, .5, 0]) and softmax([0, .5, 1.25])
        let expected = [
            (
                Some(12.0),
                [
                    0.506_480_391_055_654,
                    0.307_195_885_718_498_4,
                    0.186_323_723_225_847_6,
                ],
            ),
            (
                None,
                [
                    0.162_891_275_092_490_63,
                    0.268_562_310_056_455_26,
                    0.568_546_414_851_054_2,
                ],
            ),
        ];
        for (value, expected) in expected {
            for (ours, theirs) in model.scores(&[value]).iter().zip(expected) {
                assert!((ours - theirs).abs() < 1e-12, "{value:?}: {ours} {theirs}");
            }
        }
    }
}
