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
    /// The answer; `None` where the model gave none, or lacks the gold label. An answer outside the scheme leaves the
    /// set empty.
    pub answer: Option<LabelSet>,
}

impl Outcome {
    /// Whether the answer holds a label.
    pub fn holds(&self, label: usize) -> bool {
        self.answer.is_some_and(|answer| answer.contains(label))
    }
}

/// Cases that could not be judged, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// The case has no gold label.
    pub no_gold: u64,
    /// The model has no such label: whatever it said cannot be right, and counts as no answer.
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
    /// For each case of the dataset its outcome; `None` where there is no gold label.
    pub outcomes: Vec<Option<Outcome>>,
    /// What could not be judged or was not answered.
    pub gaps: Gaps,
}

/// Judges predictions against gold labels; `None` where the two share fewer than two labels.
pub fn evaluate(cases: &Cases, gold: &Gold, predictions: &Predictions) -> Option<Evaluation> {
    let bridge = bridge(&predictions.scheme, &gold.scheme)?;
    let multi_label = gold.scheme.is_multi_label();
    // Where a case has one label, several answers are none: the model's highest score decides, else nothing does.
    let one_answer = |labels: LabelSet, case: usize| {
        if multi_label || labels.len() < 2 {
            return labels;
        }
        let best = predictions.scores.as_ref().and_then(|scores| {
            let row = scores.rows[case].as_ref()?;
            let inside = scores.labels.iter().zip(row).filter_map(|(label, score)| {
                let place = bridge.from_model.get(*label).copied().flatten()?;
                labels.contains(place).then_some((place, *score))
            });
            inside.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        });
        best.map_or(LabelSet::EMPTY, |(place, _)| LabelSet::one(place))
    };
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
                let (gold, answer) = (LabelSet::EMPTY, None);
                return Some(Outcome { gold, answer });
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
                .map(|labels| carry(labels, &bridge.from_model).0)
                .map(|labels| one_answer(labels, case));
            Some(Outcome { gold, answer })
        })
        .collect();
    Some(Evaluation {
        scheme: bridge.scheme.clone(),
        gold_scheme: gold.scheme.clone(),
        source: gold.source,
        multi_label,
        bridge,
        outcomes,
        gaps,
    })
}
