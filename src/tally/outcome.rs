//! Where gold labels and answers meet: one outcome for each case that can be judged, and a count of those that cannot.

use std::sync::Arc;

use crate::case::{Cases, Gold, LabelSource};
use crate::prediction::{Answer, Predictions};
use crate::task::crosswalk::{Bridge, bridge, carry};
use crate::task::{LabelSet, Scheme};

/// What was true of a case and what was answered, in the labels of one scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcome {
    /// The gold labels.
    pub gold: LabelSet,
    /// The answer; `None` where the model gave none. An answer outside the scheme leaves the set empty.
    pub answer: Option<LabelSet>,
}

/// Cases that could not be judged, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// The case has no gold label.
    pub no_gold: u64,
    /// The model has no such label, so the case cannot be put to it.
    pub outside_model: u64,
    /// Judged, but the model abstained.
    pub abstained: u64,
    /// Judged, but the model broke.
    pub failed: u64,
    /// Judged, but there was no answer.
    pub missing: u64,
}

/// One model's answers to one task of one dataset, case by case.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The scheme in which gold and answers are compared.
    pub scheme: Arc<Scheme>,
    /// The scheme of the gold labels as the dataset has them.
    pub gold_scheme: Arc<Scheme>,
    /// Where the gold labels come from.
    pub source: LabelSource,
    /// How model and dataset came to share it.
    pub bridge: Bridge,
    /// Whether a case may carry several labels.
    pub multi_label: bool,
    /// For each case of the dataset its outcome; `None` where it cannot be judged.
    pub outcomes: Vec<Option<Outcome>>,
    /// What could not be judged or was not answered.
    pub gaps: Gaps,
}

/// Judges predictions against gold labels; `None` where the two share fewer than two labels.
pub fn evaluate(cases: &Cases, gold: &Gold, predictions: &Predictions) -> Option<Evaluation> {
    let bridge = bridge(&predictions.scheme, &gold.scheme)?;
    let mut gaps = Gaps::default();
    let outcomes = (0..cases.len())
        .map(|case| {
            let Some(labels) = gold.labels[case] else {
                gaps.no_gold += 1;
                return None;
            };
            let (gold, lost) = carry(labels, &bridge.from_gold);
            if lost {
                gaps.outside_model += 1;
                return None;
            }
            let answer = predictions.answers[case];
            match answer {
                Answer::Labels(_) => {}
                Answer::Abstained => gaps.abstained += 1,
                Answer::Failed => gaps.failed += 1,
                Answer::Missing => gaps.missing += 1,
            }
            let answer = answer
                .labels()
                .map(|labels| carry(labels, &bridge.from_model).0);
            Some(Outcome { gold, answer })
        })
        .collect();
    Some(Evaluation {
        scheme: bridge.scheme.clone(),
        gold_scheme: gold.scheme.clone(),
        source: gold.source,
        multi_label: gold.scheme.is_multi_label(),
        bridge,
        outcomes,
        gaps,
    })
}
