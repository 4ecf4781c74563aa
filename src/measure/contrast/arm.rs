//! The value of one arm with its interval.

use super::{Joint, Paired};
use crate::measure::slice::Slice;
use crate::measure::sum::Sum;
use crate::stats::{Estimate, Reason, Undefined};

/// One arm as a sum of shares, which has an interval even where no answer was ever wrong. The shares of polarities
/// among the cases of an emotion are taken as they are.
pub(super) fn estimate(
    paired: &Paired,
    slice: &Slice<Joint>,
    label: Option<usize>,
    arm: usize,
    level: f64,
) -> Result<Estimate, Undefined> {
    let arm = match (label, arm) {
        (Some(label), 0) => {
            let mut sum = Arm::new(slice, 0.0);
            sum.informedness(label, 1.0)?;
            sum
        }
        (None, 0) if paired.multi_label => emotions(paired, slice)?,
        (None, 0) => {
            let labels = held(paired, slice, |_| true);
            let among = labels.iter().fold(0, |among, label| among | 1 << label);
            Arm::skill(
                slice,
                &labels,
                |joint, label| joint.emotion.gold.contains(label),
                |joint| joint.emotion.answer == Some(joint.emotion.gold),
                |joint| {
                    let answer = joint.emotion.answer;
                    answer.is_some_and(|answer| answer.0 & among == 0)
                },
            )?
        }
        (None, arm) => {
            let polarities: Vec<usize> = (0..3)
                .filter(|polarity| {
                    mass(slice, |joint| usize::from(joint.polarity) == *polarity) > 0
                })
                .collect();
            Arm::skill(
                slice,
                &polarities,
                |joint, polarity| usize::from(joint.polarity) == polarity,
                |joint| joint.polarity_answer(arm) == Some(joint.polarity),
                |joint| {
                    let answer = joint.polarity_answer(arm);
                    answer.is_none_or(|answer| !polarities.contains(&usize::from(answer)))
                },
            )?
        }
        (Some(label), arm) => polarity_of(label, slice, arm)?,
    };
    Ok(arm.sum.estimate(level)?.rounded())
}

/// The labels that some cases carry and that pass a test.
fn held(paired: &Paired, slice: &Slice<Joint>, test: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..paired.scheme.labels.len())
        .filter(|label| mass(slice, |joint| joint.emotion.gold.contains(*label)) > 0)
        .filter(|label| test(*label))
        .collect()
}

/// Where a case may carry several emotions: the mean informedness of those that some cases have and some lack.
fn emotions<'a>(paired: &Paired, slice: &'a Slice<Joint>) -> Result<Arm<'a>, Undefined> {
    let labels = held(paired, slice, |label| {
        mass(slice, |joint| !joint.emotion.gold.contains(label)) > 0
    });
    at_least(&labels, 1)?;
    let mut arm = Arm::new(slice, 0.0);
    for label in &labels {
        arm.informedness(*label, 1.0 / labels.len() as f64)?;
    }
    Ok(arm)
}

/// How well the polarity of an emotion's cases is read: found among them, less raised falsely among cases of other
/// polarity.
fn polarity_of(label: usize, slice: &Slice<Joint>, arm: usize) -> Result<Arm<'_>, Undefined> {
    let mut sum = Arm::new(slice, 0.0);
    let of = |joint: &Joint| joint.emotion.gold.contains(label);
    let all = mass(slice, of) as f64;
    for polarity in 0..3_u8 {
        let share = mass(slice, |joint| of(joint) && joint.polarity == polarity) as f64 / all;
        if share > 0.0 {
            let said = |joint: &Joint| joint.polarity_answer(arm) == Some(polarity);
            let is = |joint: &Joint| joint.polarity == polarity;
            sum.add(share, |joint| (of(joint) && is(joint)).then(|| said(joint)))?;
            sum.add(-share, |joint| (!is(joint)).then(|| said(joint)))?;
        }
    }
    Ok(sum)
}

/// A sum of shares of one slice under construction.
struct Arm<'a> {
    slice: &'a Slice<Joint>,
    sum: Sum<'a, Joint>,
}

impl<'a> Arm<'a> {
    fn new(slice: &'a Slice<Joint>, constant: f64) -> Self {
        Arm {
            slice,
            sum: Sum::new(constant),
        }
    }

    fn add(
        &mut self,
        weight: f64,
        event: impl Fn(&Joint) -> Option<bool>,
    ) -> Result<(), Undefined> {
        let worth = |joint: &Joint| event(joint).map(f64::from);
        self.sum.add(weight, self.slice, worth)
    }

    /// Skill over classes: right answers, and answers among none of the classes, which are worth a guess.
    fn skill(
        slice: &'a Slice<Joint>,
        classes: &[usize],
        of: impl Fn(&Joint, usize) -> bool,
        right: impl Fn(&Joint) -> bool,
        elsewhere: impl Fn(&Joint) -> bool,
    ) -> Result<Self, Undefined> {
        at_least(classes, 2)?;
        let k = classes.len() as f64;
        let weight = 1.0 / (k - 1.0);
        let mut arm = Arm::new(slice, -weight);
        for class in classes {
            arm.sum.add(weight, slice, |joint| {
                of(joint, *class).then(|| match () {
                    () if right(joint) => 1.0,
                    () if elsewhere(joint) => 1.0 / k,
                    () => 0.0,
                })
            })?;
        }
        Ok(arm)
    }

    fn informedness(&mut self, label: usize, weight: f64) -> Result<(), Undefined> {
        let said = |joint: &Joint| {
            let answer = joint.emotion.answer;
            answer.is_some_and(|answer| answer.contains(label))
        };
        let is = |joint: &Joint| joint.emotion.gold.contains(label);
        self.add(weight, |joint| is(joint).then(|| said(joint)))?;
        self.add(-weight, |joint| (!is(joint)).then(|| said(joint)))
    }
}

/// What the cases of some outcomes weigh: 0 where there is none.
fn mass(slice: &Slice<Joint>, of: impl Fn(&Joint) -> bool) -> u64 {
    let cells = slice.cells.iter().zip(slice.masses());
    let chosen = cells.filter(|(joint, _)| of(joint));
    chosen.map(|(_, mass)| mass).sum()
}

fn at_least(classes: &[usize], wanted: usize) -> Result<(), Undefined> {
    if classes.len() >= wanted {
        return Ok(());
    }
    Err(Undefined::new(
        Reason::SingleClass,
        "gold holds too few classes to tell skill from guessing",
    ))
}
