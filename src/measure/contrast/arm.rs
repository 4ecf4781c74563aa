//! The value of one arm with its interval.

use super::{Joint, Paired};
use crate::measure::proportion::proportion;
use crate::measure::slice::Slice;
use crate::stats::interval::mover;
use crate::stats::{Estimate, Interval, Method, Reason, Undefined};

/// One arm as a sum of proportions of different cases, which has an interval even where no answer was ever wrong.
/// The shares of polarities among the cases of an emotion are taken as they are. Where a case may carry several
/// labels the emotion arm over all labels sums proportions of overlapping cases, and its interval is approximate.
pub(super) fn estimate(
    paired: &Paired,
    slice: &Slice<Joint>,
    label: Option<usize>,
    arm: usize,
    level: f64,
) -> Result<Estimate, Undefined> {
    let mut sum = Sum::new(slice, level);
    match (label, arm) {
        (Some(label), 0) => sum.informedness(label, 1.0)?,
        (None, 0) if paired.multi_label => {
            let labels: Vec<usize> = (0..paired.scheme.labels.len())
                .filter(|label| sum.splits(|joint| joint.emotion.gold.contains(*label)))
                .collect();
            for label in &labels {
                sum.informedness(*label, 1.0 / labels.len() as f64)?;
            }
            sum.at_least(labels.len(), 1)?;
        }
        (None, 0) => {
            let labels: Vec<usize> = (0..paired.scheme.labels.len())
                .filter(|label| sum.splits(|joint| joint.emotion.gold.contains(*label)))
                .collect();
            sum.at_least(labels.len(), 2)?;
            let weight = 1.0 / (labels.len() as f64 - 1.0);
            sum.constant = -weight;
            for label in labels {
                sum.add(weight, |joint| {
                    joint
                        .emotion
                        .gold
                        .contains(label)
                        .then(|| joint.emotion.answer == Some(joint.emotion.gold))
                })?;
            }
        }
        (None, arm) => {
            let polarities: Vec<u8> = (0..3)
                .filter(|polarity| sum.splits(|joint| joint.polarity == *polarity))
                .collect();
            sum.at_least(polarities.len(), 2)?;
            let weight = 1.0 / (polarities.len() as f64 - 1.0);
            sum.constant = -weight;
            for polarity in polarities {
                sum.add(weight, |joint| {
                    (joint.polarity == polarity)
                        .then(|| joint.polarity_answer(arm) == Some(polarity))
                })?;
            }
        }
        (Some(label), arm) => {
            let of = |joint: &Joint| joint.emotion.gold.contains(label);
            let all = sum.count(of) as f64;
            for polarity in 0..3_u8 {
                let share = sum.count(|joint| of(joint) && joint.polarity == polarity) as f64 / all;
                if share > 0.0 {
                    sum.add(share, |joint| {
                        (of(joint) && joint.polarity == polarity)
                            .then(|| joint.polarity_answer(arm) == Some(polarity))
                    })?;
                    sum.add(-share, |joint| {
                        (joint.polarity != polarity)
                            .then(|| joint.polarity_answer(arm) == Some(polarity))
                    })?;
                }
            }
        }
    }
    Ok(sum.estimate())
}

/// A sum of proportions under construction.
struct Sum<'a> {
    slice: &'a Slice<Joint>,
    level: f64,
    constant: f64,
    terms: Vec<(f64, f64, f64, f64)>,
}

impl<'a> Sum<'a> {
    fn new(slice: &'a Slice<Joint>, level: f64) -> Self {
        Sum {
            slice,
            level,
            constant: 0.0,
            terms: Vec::new(),
        }
    }

    fn count(&self, of: impl Fn(&Joint) -> bool) -> u64 {
        let cells = self.slice.cells.iter().zip(&self.slice.counts);
        cells
            .filter(|(joint, _)| of(joint))
            .map(|(_, count)| count)
            .sum()
    }

    /// Whether something holds of some cases.
    fn splits(&self, of: impl Fn(&Joint) -> bool) -> bool {
        self.count(of) > 0
    }

    fn at_least(&self, classes: usize, wanted: usize) -> Result<(), Undefined> {
        if classes >= wanted {
            return Ok(());
        }
        Err(Undefined::new(
            Reason::SingleClass,
            "gold holds too few classes to tell skill from guessing",
        ))
    }

    fn add(
        &mut self,
        weight: f64,
        event: impl Fn(&Joint) -> Option<bool>,
    ) -> Result<(), Undefined> {
        let share = proportion(self.slice, event, self.level)?;
        self.terms
            .push((weight, share.value, share.interval.low, share.interval.high));
        Ok(())
    }

    fn informedness(&mut self, label: usize, weight: f64) -> Result<(), Undefined> {
        let said = move |joint: &Joint| {
            joint
                .emotion
                .answer
                .is_some_and(|answer| answer.contains(label))
        };
        self.add(weight, |joint| {
            joint.emotion.gold.contains(label).then(|| said(joint))
        })?;
        self.add(-weight, |joint| {
            (!joint.emotion.gold.contains(label)).then(|| said(joint))
        })
    }

    fn estimate(&self) -> Estimate {
        let (value, low, high) = mover(&self.terms);
        Estimate {
            value: self.constant + value,
            interval: Interval {
                low: self.constant + low,
                high: self.constant + high,
                level: self.level,
                method: Method::Mover,
            },
            test: None,
        }
        .rounded()
    }
}
