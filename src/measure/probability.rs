//! What a model's scores say about the labels that it shares with the data, as probabilities.

use crate::prediction::Predictions;
use crate::stats::{Reason, Undefined};
use crate::tally::Evaluation;

/// How far scores may add up past 1 or short of it, since files round them.
const ROUNDING: f64 = 0.02;

/// For each case that was judged and answered its score for each label of the evaluation.
pub type Rows = Vec<Option<Vec<f64>>>;

/// Scores in the labels of the evaluation, of whatever kind they are. Of several model labels with the same meaning
/// the highest counts.
///
/// # Errors
/// The model gives no scores, or gives them for some of its labels only.
pub fn scores(evaluation: &Evaluation, predictions: &Predictions) -> Result<Rows, Undefined> {
    carried(evaluation, predictions, f64::max)
}

/// Scores as probabilities. In a scheme with one label a case those of labels with the same meaning add up, and what is
/// missing from 1 is the probability of labels that the data does not have; with several labels a case each label has a
/// probability of its own.
///
/// # Errors
/// As [`scores`]; and scores that are no probabilities, being outside 0 to 1, or not adding up to 1.
pub fn probabilities(
    evaluation: &Evaluation,
    predictions: &Predictions,
) -> Result<Rows, Undefined> {
    if let Some(scores) = &predictions.scores {
        let exclusive = !predictions.scheme.is_multi_label();
        for row in scores.rows.iter().flatten() {
            if row.iter().any(|score| !(0.0..=1.0).contains(score)) {
                return Err(Undefined::new(
                    Reason::NotApplicable,
                    "its scores are no probabilities: some lie outside 0 to 1",
                ));
            }
            if exclusive && (row.iter().sum::<f64>() - 1.0).abs() > ROUNDING {
                return Err(Undefined::new(
                    Reason::NotApplicable,
                    "its scores are no probabilities: those of a case do not add up to 1",
                ));
            }
        }
    }
    if evaluation.multi_label || predictions.scheme.is_multi_label() {
        carried(evaluation, predictions, f64::max)
    } else {
        carried(evaluation, predictions, |sum, score| sum + score)
    }
}

fn carried(
    evaluation: &Evaluation,
    predictions: &Predictions,
    combine: impl Fn(f64, f64) -> f64,
) -> Result<Rows, Undefined> {
    let Some(scores) = &predictions.scores else {
        return Err(Undefined::new(
            Reason::NoScores,
            "the model gives labels without scores",
        ));
    };
    if scores.labels.len() < predictions.scheme.labels.len() {
        return Err(Undefined::new(
            Reason::NoScores,
            format!(
                "the model gives scores for {} of its {} labels",
                scores.labels.len(),
                predictions.scheme.labels.len()
            ),
        ));
    }
    let labels = evaluation.scheme.labels.len();
    let row = |case: usize| {
        let mut carried: Vec<Option<f64>> = vec![None; labels];
        for (label, score) in scores.labels.iter().zip(scores.rows[case].as_ref()?) {
            if let Some(place) = evaluation.bridge.from_model[*label] {
                let already = carried[place];
                carried[place] = Some(already.map_or(*score, |already| combine(already, *score)));
            }
        }
        carried.into_iter().collect()
    };
    let outcomes = evaluation.outcomes.iter().enumerate();
    let rows: Rows = outcomes
        .map(|(case, outcome)| {
            outcome
                .and_then(|outcome| outcome.answer)
                .and_then(|_| row(case))
        })
        .collect();
    if rows.iter().all(Option::is_none) {
        return Err(Undefined::new(
            Reason::NoScores,
            "no case that was judged has scores",
        ));
    }
    Ok(rows)
}
