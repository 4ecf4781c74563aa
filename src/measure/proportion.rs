//! Measures that are proportions, or sums of proportions of different cases: they have intervals in closed form.
//!
//! A proportion gets Wilson's interval, with the effective number of cases where they come in clusters; a sum gets
//! its limits from those of its terms (MOVER, of which Newcombe's interval for a difference is the simplest case).

use super::slice::Slice;
use crate::stats::interval::{effective_sample_size, mover, wilson};
use crate::stats::{Estimate, Interval, Method, Reason, Undefined};
use crate::tally::Outcome;
use crate::task::LabelSet;

/// Something that an outcome either is, is not, or has no say in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Among answered cases: the answer equals gold.
    Correct,
    /// Among all cases: there is an answer.
    Answered,
    /// Among answered cases with the label: the answer holds it.
    Found(usize),
    /// Among answers with the label: gold holds it.
    Right(usize),
    /// Among answered cases without the label: the answer holds it.
    Wrong(usize),
    /// Among answered cases: the answer holds the label.
    Selected(usize),
    /// Among answered cases where gold or answer holds the label: both do.
    Both(usize),
    /// Among answered cases with the label: the answer holds none of these labels.
    Elsewhere(usize, LabelSet),
}

impl Event {
    /// Whether it happened; `None` where the outcome is no trial of it.
    pub fn judge(self, outcome: &Outcome) -> Option<bool> {
        if self == Event::Answered {
            return Some(outcome.answer.is_some());
        }
        let answer = outcome.answer?;
        let gold = outcome.gold;
        match self {
            Event::Correct => Some(answer == gold),
            Event::Answered => Some(true),
            Event::Found(label) => gold.contains(label).then(|| answer.contains(label)),
            Event::Right(label) => answer.contains(label).then(|| gold.contains(label)),
            Event::Wrong(label) => (!gold.contains(label)).then(|| answer.contains(label)),
            Event::Selected(label) => Some(answer.contains(label)),
            Event::Elsewhere(label, labels) => {
                gold.contains(label).then_some(answer.0 & labels.0 == 0)
            }
            Event::Both(label) => {
                let (is, said) = (gold.contains(label), answer.contains(label));
                (is || said).then_some(is && said)
            }
        }
    }
}

/// A proportion with its limits.
#[derive(Clone, Copy, Debug)]
pub struct Proportion {
    /// The share.
    pub value: f64,
    /// Trials, dependent or not.
    pub trials: u64,
    /// Wilson's limits.
    pub interval: Interval,
}

/// The share of trials in which an event happened.
///
/// # Errors
/// No trial.
pub fn proportion<K: Ord + Copy>(
    slice: &Slice<K>,
    event: impl Fn(&K) -> Option<bool>,
    level: f64,
) -> Result<Proportion, Undefined> {
    let (mut successes, mut trials) = (0_u64, 0_u64);
    for (cell, count) in slice.cells.iter().zip(&slice.counts) {
        if let Some(success) = event(cell) {
            trials += count;
            successes += u64::from(success) * count;
        }
    }
    if trials == 0 {
        return Err(Undefined::new(
            Reason::NoCases,
            "no case that it could be counted on",
        ));
    }
    let value = successes as f64 / trials as f64;
    let effective = if slice.is_clustered() {
        effective_sample_size(slice.by_cluster(event))?
    } else {
        trials as f64
    };
    Ok(Proportion {
        value,
        trials,
        interval: wilson(value * effective, effective, level)?,
    })
}

/// A constant plus a weighted sum of proportions of different cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// The constant.
    pub constant: f64,
    /// Weight and event.
    pub terms: Vec<(f64, Event)>,
}

impl Linear {
    /// One proportion by itself.
    pub fn of(event: Event) -> Self {
        Linear {
            constant: 0.0,
            terms: vec![(1.0, event)],
        }
    }

    /// The value with its interval.
    ///
    /// # Errors
    /// A term without a trial.
    pub fn estimate(&self, slice: &Slice<Outcome>, level: f64) -> Result<Estimate, Undefined> {
        let terms = self.terms(slice, level, 1.0)?;
        Ok(combine(self.constant, &terms, level, Method::Wilson))
    }

    /// The value on one slice minus the value on another, with its interval.
    ///
    /// # Errors
    /// A term without a trial on either side.
    pub fn difference(
        &self,
        slice: &Slice<Outcome>,
        others: &Slice<Outcome>,
        level: f64,
    ) -> Result<Estimate, Undefined> {
        let mut terms = self.terms(slice, level, 1.0)?;
        terms.extend(self.terms(others, level, -1.0)?);
        Ok(combine(0.0, &terms, level, Method::Newcombe))
    }

    fn terms(
        &self,
        slice: &Slice<Outcome>,
        level: f64,
        sign: f64,
    ) -> Result<Vec<(f64, f64, f64, f64)>, Undefined> {
        self.terms
            .iter()
            .map(|(weight, event)| {
                let p = proportion(slice, |outcome| event.judge(outcome), level)?;
                Ok((sign * weight, p.value, p.interval.low, p.interval.high))
            })
            .collect()
    }
}

fn combine(
    constant: f64,
    terms: &[(f64, f64, f64, f64)],
    level: f64,
    simplest: Method,
) -> Estimate {
    let (value, low, high) = mover(terms);
    let is_simplest = match simplest {
        Method::Newcombe => terms.len() == 2,
        _ => terms.len() == 1,
    };
    Estimate {
        value: constant + value,
        interval: Interval {
            low: constant + low,
            high: constant + high,
            level,
            method: if is_simplest { simplest } else { Method::Mover },
        },
        test: None,
    }
}
