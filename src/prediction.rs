//! What a model answered for the cases of a dataset, label by label and score by score.

use std::sync::Arc;

use crate::task::{LabelSet, Scheme};

/// What a model said about one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One label, or several in a multi-label scheme (or none of them); in a continuous one the dimensions that the
    /// scores are about.
    Labels(LabelSet),
    /// It declined to answer.
    Abstained,
    /// It was asked and broke.
    Failed,
    /// There is no answer for this case.
    Missing,
}

impl Answer {
    /// The labels, where it gave any answer.
    pub fn labels(self) -> Option<LabelSet> {
        match self {
            Answer::Labels(labels) => Some(labels),
            Answer::Abstained | Answer::Failed | Answer::Missing => None,
        }
    }
}

/// Scores for some or all labels of a scheme.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// The labels that have scores, by their places in the scheme.
    pub labels: Vec<usize>,
    /// For each case one score a label, or `None` where the case has no scores.
    pub rows: Vec<Option<Vec<f64>>>,
}

impl Scores {
    /// The score of a case for a label of the scheme.
    pub fn get(&self, case: usize, label: usize) -> Option<f64> {
        let column = self.labels.iter().position(|known| *known == label)?;
        self.rows.get(case)?.as_ref()?.get(column).copied()
    }
}

/// A model's answers to the cases of one dataset, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// The labels that the model may answer with.
    pub scheme: Arc<Scheme>,
    /// One answer a case.
    pub answers: Vec<Answer>,
    /// The scores behind the answers, where the model gives any.
    pub scores: Option<Scores>,
    /// Cases whose text was longer than the model reads, so that it answered to the beginning alone.
    pub cut: u64,
    /// What the user should know of how the answers came about, in sentences; of no interest to a report.
    pub notes: Vec<String>,
}

impl Predictions {
    /// The score of a case for a label. Scores may come without a label; those of a case that the model gave up on are
    /// none.
    pub fn score(&self, case: usize, label: usize) -> Option<f64> {
        let given_up = matches!(self.answers[case], Answer::Abstained | Answer::Failed);
        let scores = self.scores.as_ref().filter(|_| !given_up)?;
        scores.get(case, label)
    }

    /// Whether the model said anything about a case, be it a label or a score alone.
    pub fn says(&self, case: usize) -> bool {
        let mut labels = self.scores.iter().flat_map(|scores| &scores.labels);
        self.answers[case].labels().is_some()
            || labels.any(|label| self.score(case, *label).is_some())
    }
}

/// The place of the highest score, the first of equals.
pub fn highest(scores: &[f64]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (place, score) in scores.iter().enumerate() {
        if best.is_none_or(|(_, highest)| *score > highest) {
            best = Some((place, *score));
        }
    }
    best.map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_scores_wins() {
        assert_eq!(highest(&[0.2, 0.4, 0.4]), Some(1));
        assert_eq!(highest(&[]), None);
    }
}
