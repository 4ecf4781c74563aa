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
            let among = labels.iter().fold(0, |among, label| among | 1 << label);
            sum.skill(
                &labels,
                |joint, label| joint.emotion.gold.contains(label),
                |joint| joint.emotion.answer == Some(joint.emotion.gold),
                |joint| {
                    joint
                        .emotion
                        .answer
                        .is_some_and(|answer| answer.0 & among == 0)
                },
            )?;
        }
        (None, arm) => {
            let polarities: Vec<usize> = (0..3)
                .filter(|polarity| sum.splits(|joint| usize::from(joint.polarity) == *polarity))
                .collect();
            sum.skill(
                &polarities,
                |joint, polarity| usize::from(joint.polarity) == polarity,
                |joint| joint.polarity_answer(arm) == Some(joint.polarity),
                |joint| {
                    let answer = joint.polarity_answer(arm);
                    answer.is_none_or(|answer| !polarities.contains(&usize::from(answer)))
                },
            )?;
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

    /// Skill over labels: right answers, and answers elsewhere that are worth a guess.
    fn skill(
        &mut self,
        labels: &[usize],
        of: impl Fn(&Joint, usize) -> bool,
        right: impl Fn(&Joint) -> bool,
        elsewhere: impl Fn(&Joint) -> bool,
    ) -> Result<(), Undefined> {
        self.at_least(labels.len(), 2)?;
        let k = labels.len() as f64;
        let weight = 1.0 / (k - 1.0);
        self.constant = -weight;
        let strays = self.splits(&elsewhere);
        for label in labels {
            self.add(weight, |joint| of(joint, *label).then(|| right(joint)))?;
            if strays {
                self.add(weight / k, |joint| {
                    of(joint, *label).then(|| elsewhere(joint))
                })?;
            }
        }
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
