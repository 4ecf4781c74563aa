//! What a model that is called said about one text, read as an answer of its scheme.
//!
//! Nothing is guessed: a label that the scheme does not know, a score that is none, two answers to one question are
//! faults, and a text with a fault counts as failed.

use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::quote_label;
use crate::prediction::{Answer, highest};
use crate::task::{LabelSet, Scheme, same_label};

/// The answer to a text with its scores, or in a few words why there is none.
pub type Reading = Result<(Answer, Vec<f64>), String>;

/// By how much a sum of scores may pass 1 through rounding.
const ROUNDING: f64 = 1e-6;

/// What the labels of a model mean.
#[derive(Clone)]
pub struct Vocabulary {
    /// The scheme that it answers in.
    pub scheme: Arc<Scheme>,
    /// Its own names for labels of the scheme; the first that fits counts.
    pub rename: Vec<(String, usize)>,
    /// Answers that are none, such as `MIXED`.
    pub abstain: Vec<String>,
    /// The score from which a label is an answer where several can be.
    pub threshold: f64,
}

/// What was said, not yet understood.
#[derive(Clone, Default)]
pub struct Said {
    /// The labels, where any were named.
    pub labels: Option<Vec<String>>,
    /// Scores by label.
    pub scores: Vec<(String, f64)>,
    /// Whether the model declined to answer.
    pub abstained: bool,
}

impl Vocabulary {
    /// Reads an answer.
    ///
    /// # Errors
    /// Labels that are not known, scores outside 0 to 1, too many or too few labels.
    pub fn read(&self, said: &Said) -> Reading {
        if said.abstained {
            return Ok((Answer::Abstained, Vec::new()));
        }
        let row = self.row(&said.scores)?;
        let full: Option<Vec<f64>> = row.iter().copied().collect();
        let several = self.scheme.is_multi_label();
        if said.labels.is_none() && self.outscored(&said.scores, &row) {
            return Ok((Answer::Abstained, Vec::new()));
        }
        let answer = match &said.labels {
            Some(names) => {
                if !several && names.len() != 1 {
                    return Err(format!("{} labels where one was asked for", names.len()));
                }
                if names.iter().any(|name| self.abstains(name)) {
                    return Ok((Answer::Abstained, Vec::new()));
                }
                let mut set = LabelSet::EMPTY;
                for name in names {
                    set.insert(self.label(name)?);
                }
                Answer::Labels(set)
            }
            None if said.scores.is_empty() => return Err("neither label nor scores".to_owned()),
            None if several => {
                let scores = full.as_ref().ok_or("scores for some labels only")?;
                let mut set = LabelSet::EMPTY;
                for (label, score) in scores.iter().enumerate() {
                    if *score >= self.threshold {
                        set.insert(label);
                    }
                }
                Answer::Labels(set)
            }
            None => {
                let known: Vec<f64> = row.iter().map(|score| score.unwrap_or(-1.0)).collect();
                let best = highest(&known).filter(|_| row.iter().any(Option::is_some));
                best.map_or(Answer::Abstained, |label| {
                    Answer::Labels(LabelSet::one(label))
                })
            }
        };
        Ok((answer, full.unwrap_or_default()))
    }

    /// For each label of the scheme its score. Scores of several names of one label add up, where one label is the
    /// answer: they share it.
    fn row(&self, scores: &[(String, f64)]) -> Result<Vec<Option<f64>>, String> {
        let mut row: Vec<Option<f64>> = vec![None; self.scheme.labels.len()];
        for (place, (name, score)) in scores.iter().enumerate() {
            if !(0.0..=1.0).contains(score) {
                return Err("a score outside 0 to 1".to_owned());
            }
            if scores[..place].iter().any(|(other, _)| other == name) {
                return Err("two scores for one label".to_owned());
            }
            if self.abstains(name) {
                continue;
            }
            let label = self.label(name)?;
            row[label] = Some(match row[label] {
                None => *score,
                Some(other) if !self.scheme.is_multi_label() && other + score < 1.0 + ROUNDING => {
                    (other + score).min(1.0)
                }
                Some(_) => return Err("two scores for one label".to_owned()),
            });
        }
        Ok(row)
    }

    /// Whether the highest score is that of an answer that is none.
    fn outscored(&self, scores: &[(String, f64)], row: &[Option<f64>]) -> bool {
        let least = if self.scheme.is_multi_label() {
            self.threshold
        } else {
            0.0
        };
        let none = scores
            .iter()
            .filter(|(name, _)| self.abstains(name))
            .map(|(_, score)| *score)
            .fold(f64::NEG_INFINITY, f64::max);
        none >= least && row.iter().flatten().all(|score| *score < none)
    }

    fn label(&self, name: &str) -> Result<usize, String> {
        self.rename
            .iter()
            .find(|(theirs, _)| same_label(theirs, name))
            .map(|(_, label)| *label)
            .or_else(|| self.scheme.index(name))
            .ok_or_else(|| format!("the label {} is not known", quote_label(name)))
    }

    fn abstains(&self, name: &str) -> bool {
        self.abstain.iter().any(|none| same_label(none, name))
    }
}

/// A label as JSON: a word, a number or several of them; `None` for null.
///
/// # Errors
/// Anything else.
pub fn labels(value: &Value) -> Result<Option<Vec<String>>, String> {
    let wrong = || "a label that is no word".to_owned();
    match value {
        Value::Null => Ok(None),
        Value::Array(values) => values
            .iter()
            .map(|value| word(value).ok_or_else(wrong))
            .collect::<Result<_, _>>()
            .map(Some),
        value => word(value).map(|word| Some(vec![word])).ok_or_else(wrong),
    }
}

/// Scores as JSON: an object of numbers by label; none for null.
///
/// # Errors
/// Anything else.
pub fn scores(value: &Value) -> Result<Vec<(String, f64)>, String> {
    let wrong = || "scores that are no numbers by label".to_owned();
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Object(object) => object
            .iter()
            .map(|(name, score)| Ok((name.clone(), score.as_f64().ok_or_else(wrong)?)))
            .collect(),
        _ => Err(wrong()),
    }
}

/// A string or a number as text.
pub fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
#[path = "tests/reading.rs"]
mod tests;
