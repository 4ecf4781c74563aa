//! What can go wrong in training, and how it is told.

use std::fmt;

use super::super::weights::WeightsError;
use super::Learner;

/// Why a model could not be trained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrainingError {
    /// There is not one target for each text.
    Sizes {
        /// Number of texts.
        texts: usize,
        /// Number of targets.
        targets: usize,
    },
    /// Fewer than two labels, no buckets, or less than one case in two to learn from.
    Options,
    /// A target is no place in the list of labels.
    UnknownLabel {
        /// The target.
        target: usize,
        /// How many labels there are.
        labels: usize,
    },
    /// A label is too rare to hold out at least one of its cases.
    TooFewCases {
        /// The label.
        label: String,
        /// How many cases it has.
        cases: usize,
        /// How many it needs.
        needed: usize,
    },
    /// No feature occurs in more than one text.
    NothingShared,
    /// The learner gave up.
    Learner {
        /// Which one.
        learner: Learner,
        /// What it said.
        reason: String,
    },
    /// What was learned is not a model, for instance because a weight is not finite.
    Weights(WeightsError),
}

impl From<WeightsError> for TrainingError {
    fn from(error: WeightsError) -> Self {
        Self::Weights(error)
    }
}

impl fmt::Display for TrainingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sizes { texts, targets } => {
                write!(
                    f,
                    "expected one label for each of {texts} texts, found {targets}"
                )
            }
            Self::Options => write!(
                f,
                "expected at least two labels, one bucket, and one case in two or more held out"
            ),
            Self::UnknownLabel { target, labels } => {
                write!(f, "expected a label below {labels}, found {target}")
            }
            Self::TooFewCases {
                label,
                cases,
                needed,
            } => {
                write!(
                    f,
                    "expected at least {needed} cases labelled {label}, found {cases}"
                )
            }
            Self::NothingShared => {
                write!(
                    f,
                    "expected words or symbols that occur in more than one text"
                )
            }
            Self::Learner { learner, reason } => write!(f, "{learner} failed: {reason}"),
            Self::Weights(error) => write!(f, "what was learned is not a model: {error}"),
        }
    }
}

impl std::error::Error for TrainingError {}
