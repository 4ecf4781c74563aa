//! Two models' answers to the same cases: which is right more often, and by how much.
//!
//! Whose answers they are and which groups are shown is left to the audit.

use super::disparity::{accuracy, claimed};
use super::proportion::{Event, Linear};
use super::quality::{Measured, asked, label_linear, skill_over};
use super::slice::Slice;
use super::sum::Sum;
use super::{Measure, Rules};
use crate::stats::paired::paired_test;
use crate::stats::test::mcnemar_mid_p;
use crate::stats::{Estimate, Reason, TestResult, Undefined};
use crate::tally::{Evaluation, Outcome};
use crate::task::LabelSet;

/// What was true of a case and what two models answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Joint {
    gold: LabelSet,
    first: LabelSet,
    second: LabelSet,
}

impl Joint {
    fn outcome(&self, answer: LabelSet) -> Outcome {
        Outcome {
            gold: self.gold,
            answer: Some(answer),
        }
    }

    /// What an event is worth of the first answer minus what it is worth of the second; `None` where either is no
    /// trial of it.
    fn difference(&self, event: Event) -> Option<f64> {
        let first = event.worth(&self.outcome(self.first))?;
        let second = event.worth(&self.outcome(self.second))?;
        Some(first - second)
    }
}

/// For each case that both models answered what came out; `None` for the others.
///
/// # Errors
/// The two are judged in different labels, so that a difference of theirs could be one of the questions.
pub fn pair(first: &Evaluation, second: &Evaluation) -> Result<Vec<Option<Joint>>, Undefined> {
    let same = first.scheme.names() == second.scheme.names()
        && first.multi_label == second.multi_label
        && first.gold_scheme.names() == second.gold_scheme.names();
    if !same {
        return Err(apart());
    }
    let outcomes = first.outcomes.iter().zip(&second.outcomes);
    outcomes
        .map(|pair| match pair {
            (Some(first), Some(second)) if first.gold != second.gold => Err(apart()),
            (Some(first), Some(second)) => {
                Ok(first.answer.zip(second.answer).map(|(one, other)| Joint {
                    gold: first.gold,
                    first: one,
                    second: other,
                }))
            }
            _ => Ok(None),
        })
        .collect()
}

fn apart() -> Undefined {
    Undefined::new(
        Reason::NotApplicable,
        "the two models are judged in different labels, so the same cases put different questions to them",
    )
}

/// The measures that models are compared by: how often they are right, and skill.
pub fn measures(evaluation: &Evaluation) -> [Measure; 2] {
    [accuracy(evaluation).measure, Measure::Skill]
}

/// First minus second on the cases of a slice, with a test against no difference.
pub fn differences(evaluation: &Evaluation, slice: &Slice<Joint>, rules: &Rules) -> Vec<Measured> {
    let n = slice.total();
    measures(evaluation)
        .into_iter()
        .map(|measure| Measured {
            measure,
            label: None,
            n,
            result: claimed(
                n,
                rules,
                linear(measure, evaluation, slice)
                    .and_then(|linear| difference(&linear, slice, rules.level))
                    .map(|estimate| Estimate {
                        test: Some(test(measure, &estimate, slice)),
                        ..estimate
                    }),
            ),
        })
        .collect()
}

/// The measure as a sum of shares. Gold is the same for both, so that both are asked about the same labels.
fn linear(
    measure: Measure,
    evaluation: &Evaluation,
    slice: &Slice<Joint>,
) -> Result<Linear, Undefined> {
    if slice.total() == 0 {
        return Err(Undefined::new(
            Reason::NoCases,
            "there is no case that both answered",
        ));
    }
    if measure != Measure::Skill {
        return Ok(Linear::of(Event::Correct));
    }
    let firsts = slice.cells.iter().map(|joint| joint.outcome(joint.first));
    let firsts = Slice::new(firsts.map(|outcome| (None, outcome)));
    skill_over(&asked(&firsts, evaluation), evaluation)
}

/// First minus second of a measure over all labels, or of one label of the scheme, with the number of cases that decide
/// about it; `None` for measures that no case decides about whatever the answer.
pub fn change(
    measure: Measure,
    label: Option<usize>,
    evaluation: &Evaluation,
    slice: &Slice<Joint>,
    level: f64,
) -> Option<(u64, Result<Estimate, Undefined>)> {
    use Measure::{FalsePositiveRate, Recall, SelectionRate, Skill};
    let linear = match label {
        None if measures(evaluation).contains(&measure) => linear(measure, evaluation, slice),
        Some(label) if [Skill, Recall, FalsePositiveRate, SelectionRate].contains(&measure) => {
            label_linear(measure, label)
        }
        _ => return None,
    };
    let now = slice.cells.iter().zip(&slice.counts);
    let decide = |linear: &Linear| {
        let says = |joint: &Joint| {
            let mut terms = linear.terms.iter();
            terms.any(|(_, event)| joint.difference(*event).is_some())
        };
        let deciding = now.filter(|(joint, _)| says(joint));
        deciding.map(|(_, count)| count).sum()
    };
    Some(match linear {
        Ok(linear) => (decide(&linear), difference(&linear, slice, level)),
        Err(undefined) => (0, Err(undefined)),
    })
}

fn difference(linear: &Linear, slice: &Slice<Joint>, level: f64) -> Result<Estimate, Undefined> {
    let mut sum = Sum::new(0.0);
    for (weight, event) in &linear.terms {
        sum.add(*weight, slice, |joint| joint.difference(*event))?;
    }
    sum.paired(level)
}

/// McNemar's where independent cases are right or wrong and weigh the same; else the test that belongs to the interval.
fn test(measure: Measure, estimate: &Estimate, slice: &Slice<Joint>) -> TestResult {
    if measure == Measure::Skill || slice.is_clustered() || slice.is_weighted() {
        return paired_test(estimate);
    }
    let only = |right: fn(&Joint) -> LabelSet, wrong: fn(&Joint) -> LabelSet| -> u64 {
        let cells = slice.cells.iter().zip(&slice.counts);
        cells
            .filter(|(joint, _)| right(joint) == joint.gold && wrong(joint) != joint.gold)
            .map(|(_, count)| count)
            .sum()
    };
    mcnemar_mid_p(
        only(|joint| joint.first, |joint| joint.second),
        only(|joint| joint.second, |joint| joint.first),
    )
}

#[cfg(test)]
mod tests;
