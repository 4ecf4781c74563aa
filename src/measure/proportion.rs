//! What an outcome can be counted for, and the measures that are sums of such proportions.

use super::slice::Slice;
use super::sum::Sum;
use crate::stats::{Estimate, Undefined};
use crate::tally::Outcome;
use crate::task::LabelSet;

/// Something that an outcome is, is not, or has no say in.
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
    /// Among answered cases with the label: the answer holds it. An answer with none of these K labels is worth a
    /// guess among them, 1 / K.
    FoundAmong(usize, LabelSet),
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
            Event::Found(label) | Event::FoundAmong(label, _) => {
                gold.contains(label).then(|| answer.contains(label))
            }
            Event::Right(label) => answer.contains(label).then(|| gold.contains(label)),
            Event::Wrong(label) => (!gold.contains(label)).then(|| answer.contains(label)),
            Event::Selected(label) => Some(answer.contains(label)),
            Event::Both(label) => {
                let (is, said) = (gold.contains(label), answer.contains(label));
                (is || said).then_some(is && said)
            }
        }
    }

    /// What it is worth, between 0 and 1; `None` where the outcome is no trial of it.
    pub fn worth(self, outcome: &Outcome) -> Option<f64> {
        let happened = self.judge(outcome)?;
        if let (Event::FoundAmong(_, among), Some(answer)) = (self, outcome.answer)
            && answer.0 & among.0 == 0
        {
            return Some(1.0 / f64::from(among.0.count_ones()));
        }
        Some(f64::from(happened))
    }
}

/// The share of trials in which an event happened, with its interval.
///
/// # Errors
/// No trial.
pub fn proportion<K: Ord + Copy>(
    slice: &Slice<K>,
    event: impl Fn(&K) -> Option<bool>,
    level: f64,
) -> Result<Estimate, Undefined> {
    let mut sum = Sum::new(0.0);
    sum.add(1.0, slice, |cell| event(cell).map(f64::from))?;
    sum.estimate(level)
}

/// A constant plus a weighted sum of proportions.
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

    /// How many cases decide about it: those of the term with the fewest.
    pub fn trials(&self, slice: &Slice<Outcome>) -> u64 {
        let of_event = |event: Event| -> u64 {
            let cells = slice.cells.iter().zip(&slice.counts);
            let trials = cells.filter(|(cell, _)| event.judge(cell).is_some());
            trials.map(|(_, count)| count).sum()
        };
        let terms = self.terms.iter().map(|(_, event)| of_event(*event));
        terms.min().unwrap_or(0)
    }

    /// What these cases weigh, in parts that are the same for all slices of a dataset.
    pub fn mass(&self, slice: &Slice<Outcome>) -> f64 {
        let of_event = |event: Event| -> u64 {
            let cells = slice.cells.iter().zip(slice.masses());
            let trials = cells.filter(|(cell, _)| event.judge(cell).is_some());
            trials.map(|(_, mass)| mass).sum()
        };
        let terms = self.terms.iter().map(|(_, event)| of_event(*event));
        terms.min().unwrap_or(0) as f64 * slice.part()
    }

    /// The value with its interval.
    ///
    /// # Errors
    /// A term without a trial.
    pub fn estimate(&self, slice: &Slice<Outcome>, level: f64) -> Result<Estimate, Undefined> {
        let mut sum = Sum::new(self.constant);
        self.add_to(&mut sum, 1.0, slice)?;
        sum.estimate(level)
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
        let mut sum = Sum::new(0.0);
        self.add_to(&mut sum, 1.0, slice)?;
        self.add_to(&mut sum, -1.0, others)?;
        sum.estimate(level)
    }

    /// The value on one slice over the value on another, with its interval.
    ///
    /// # Errors
    /// More than one event, no trial on either side, or a value of 0 on the other slice.
    pub fn ratio(
        &self,
        slice: &Slice<Outcome>,
        others: &Slice<Outcome>,
        level: f64,
    ) -> Result<Estimate, Undefined> {
        let mut sum = Sum::new(0.0);
        self.add_to(&mut sum, 1.0, slice)?;
        self.add_to(&mut sum, 1.0, others)?;
        sum.ratio(level)
    }

    /// Adds the value on one slice minus the value on another, times a weight.
    ///
    /// # Errors
    /// A term without a trial on either side.
    pub fn add_difference<'a>(
        &self,
        sum: &mut Sum<'a, Outcome>,
        weight: f64,
        slice: &'a Slice<Outcome>,
        others: &'a Slice<Outcome>,
    ) -> Result<(), Undefined> {
        self.add_to(sum, weight, slice)?;
        self.add_to(sum, -weight, others)
    }

    fn add_to<'a>(
        &self,
        sum: &mut Sum<'a, Outcome>,
        sign: f64,
        slice: &'a Slice<Outcome>,
    ) -> Result<(), Undefined> {
        for (weight, event) in &self.terms {
            sum.add(sign * weight, slice, |outcome| event.worth(outcome))?;
        }
        Ok(())
    }
}
