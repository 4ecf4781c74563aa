//! Changes since an earlier audit: each measurement minus the same one of then. Whether the two audits asked the same
//! is for the record to say, and how much change is too much for the policy.

use std::collections::{BTreeMap, BTreeSet};

use super::disparity::suppression::Suppressed;
use super::paired::{self, Joint};
use super::slice::Slice;
use super::{Comparison, Direction, Measure, Measurement};
use crate::case::{Names, Unit};
use crate::stats::difference::{difference, distance_from_zero};
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::Evaluation;
use crate::task::Task;

/// What makes two measurements the same question.
type Question<'a> = (
    (&'a str, &'a str, Task, Measure),
    Option<&'a str>,
    &'a [(String, String)],
    Option<&'a Comparison>,
);

/// A model's answers of now and of then to the cases of one dataset.
pub struct Releases<'a> {
    /// The model.
    pub model: &'a str,
    /// The dataset.
    pub dataset: &'a str,
    /// What was judged now.
    pub now: &'a Evaluation,
    /// For each case that was answered both times, what came out.
    pub joints: Vec<Option<Joint>>,
    /// What must be resampled together and what it weighs, case by case.
    pub units: Vec<Unit>,
    /// The groups of each attribute, with what is suppressed of them: by the cases that were answered both times, or either
    /// time.
    pub groups: Vec<(&'a str, &'a Names, Vec<Suppressed>)>,
    /// The level of intervals.
    pub level: f64,
}

/// The changes of every value of the given measures, now minus before. Where nearer to zero is better, it is the
/// distance from zero that changes. A value that was not measured both times has no change, and says why: leaving out what
/// a model used to be audited on must not look like getting no worse.
///
/// Where the answers of both times are at hand and the measure allows it, cases are paired ([`paired::change`]), and the
/// change rests on those that were answered both times. Otherwise it rests on as many cases as the smaller of the two,
/// and its interval is that of [`difference`], as if the two were independent.
pub fn changes(
    now: &[Measurement],
    before: &[Measurement],
    of: &[Measure],
    releases: &[Releases<'_>],
) -> Vec<Measurement> {
    let earlier: BTreeMap<Question<'_>, &Measurement> = before
        .iter()
        .map(|measurement| (question(measurement), measurement))
        .collect();
    let asked =
        |measurement: &&Measurement| of.contains(&measurement.measure) && is_value(measurement);
    let known: BTreeSet<Question<'_>> = now.iter().filter(asked).map(question).collect();
    let models: BTreeSet<&str> = now.iter().map(|one| one.model.as_str()).collect();
    let left_out = before.iter().filter(asked).filter(|then| {
        then.result.is_ok()
            && models.contains(then.model.as_str())
            && !known.contains(&question(then))
    });
    now.iter()
        .filter(asked)
        .map(|measurement| {
            let change = change(measurement, earlier.get(&question(measurement)).copied());
            let mut releases = releases.iter();
            let paired = releases.find_map(|releases| releases.paired(measurement));
            match (paired, &change.result) {
                (Some(paired), Ok(_)) => paired,
                // What was not measured both times, or is suppressed, is not shown paired either.
                _ => change,
            }
        })
        .chain(left_out.map(left_out_now))
        .collect()
}

/// Whether two measurements are a change of the same value.
pub fn same_change(one: &Measurement, other: &Measurement) -> bool {
    let value = |of: &Measurement| match &of.comparison {
        Some(Comparison::Change(within)) => Some(within.clone()),
        Some(Comparison::PairedChange) => Some(None),
        _ => None,
    };
    let key = |of: &Measurement| {
        (
            (of.model.clone(), of.dataset.clone(), of.task, of.measure),
            of.label.clone(),
            of.slice.clone(),
        )
    };
    value(one).is_some() && value(one) == value(other) && key(one) == key(other)
}

impl Releases<'_> {
    /// The paired change of a value; `None` where it is no value of this model, or none that pairs.
    pub fn paired(&self, of: &Measurement) -> Option<Measurement> {
        let own = of.model == self.model
            && of.dataset == self.dataset
            && of.task == self.now.scheme.task
            && of.comparison.is_none();
        if !own || of.slice.len() > 1 {
            return None;
        }
        let labels = &self.now.scheme.labels;
        let label = match &of.label {
            None => None,
            Some(name) => Some(labels.iter().position(|label| label.name == *name)?),
        };
        let group = match of.slice.first() {
            None => None,
            Some((attribute, group)) => Some(self.group(attribute, group, (of.measure, label))?),
        };
        let within = |case: usize| group.is_none_or(|(codes, code)| codes[case] == Some(code));
        let joints = self.joints.iter().enumerate();
        let joints = joints.filter(|(case, _)| within(*case));
        let slice =
            Slice::new(joints.filter_map(|(case, joint)| Some((self.units[case], (*joint)?))));
        let (n, result) = paired::change(of.measure, label, self.now, &slice, self.level)?;
        Some(Measurement {
            comparison: Some(Comparison::PairedChange),
            n,
            clusters: slice.clusters,
            result: Ok(result.ok()?.rounded()),
            ..of.clone()
        })
    }

    /// The groups of all cases with the code of one of them, unless a measure of it is suppressed.
    fn group(
        &self,
        attribute: &str,
        group: &str,
        (measure, label): (Measure, Option<usize>),
    ) -> Option<(&[Option<u32>], u32)> {
        let mut attributes = self.groups.iter();
        let (_, names, suppressed) = attributes.find(|(name, ..)| *name == attribute)?;
        let code = names.names().iter().position(|name| name == group)?;
        let mut suppressed = suppressed.iter();
        let hidden = suppressed.any(|suppressed| suppressed.hides(measure, label, code));
        (!hidden).then(|| (names.codes(), code as u32))
    }
}

/// Whether a measurement is no difference and no change itself.
fn is_value(measurement: &Measurement) -> bool {
    matches!(
        measurement.comparison,
        None | Some(Comparison::WithinSets(_))
    )
}

fn question(measurement: &Measurement) -> Question<'_> {
    (
        (
            &measurement.model,
            &measurement.dataset,
            measurement.task,
            measurement.measure,
        ),
        measurement.label.as_deref(),
        &measurement.slice,
        measurement.comparison.as_ref(),
    )
}

/// The change of what was measured then and is not now.
fn left_out_now(then: &Measurement) -> Measurement {
    let detail = "the baseline holds it, and this audit does not: audit the model on the same data";
    Measurement {
        comparison: Some(changed(then)),
        n: 0,
        clusters: 0,
        result: Err(Undefined::new(Reason::NotApplicable, detail)),
        ..then.clone()
    }
}

/// That a value changed; what is measured within sets keeps their attribute.
fn changed(value: &Measurement) -> Comparison {
    Comparison::Change(match &value.comparison {
        Some(Comparison::WithinSets(attribute)) => Some(attribute.clone()),
        _ => None,
    })
}

fn change(now: &Measurement, before: Option<&Measurement>) -> Measurement {
    let nearer = now.measure.page().direction == Direction::Zero;
    let result = match (&now.result, before.map(|before| &before.result)) {
        (_, None) => Err(Undefined::new(
            Reason::NotApplicable,
            "the baseline does not hold it",
        )),
        (Err(undefined), _) => Err(undefined.clone()),
        (_, Some(Err(undefined))) => Err(Undefined::new(
            undefined.reason,
            format!("in the baseline: {}", undefined.detail),
        )),
        (Ok(now), Some(Ok(before))) if nearer => Ok(difference(
            &distance_from_zero(now),
            &distance_from_zero(before),
        )),
        (Ok(now), Some(Ok(before))) => Ok(difference(now, before)),
    };
    let fewest = |of: fn(&Measurement) -> u64| before.map_or(0, of).min(of(now));
    Measurement {
        comparison: Some(changed(now)),
        n: fewest(|measurement| measurement.n),
        clusters: fewest(|measurement| measurement.clusters),
        result: result.map(Estimate::rounded),
        ..now.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Interval, Method};

    fn measured(
        measure: Measure,
        group: &str,
        n: u64,
        result: Result<(f64, f64, f64), Reason>,
    ) -> Measurement {
        Measurement {
            model: "m".to_owned(),
            dataset: "d".to_owned(),
            task: Task::Sentiment,
            measure,
            label: None,
            slice: vec![("region".to_owned(), group.to_owned())],
            comparison: (measure == Measure::ScoreShift)
                .then(|| Comparison::WithinSets("region".to_owned())),
            n,
            clusters: n,
            result: match result {
                Ok((value, low, high)) => Ok(Estimate {
                    value,
                    interval: Interval {
                        low,
                        high,
                        level: 0.95,
                        method: Method::Wilson,
                        degrees_of_freedom: None,
                    },
                    test: None,
                }),
                Err(reason) => Err(Undefined::new(reason, "why")),
            },
        }
    }

    #[test]
    fn a_change_without_both_values_says_which_is_lacking() {
        use Measure::Accuracy;
        let now = [
            measured(Accuracy, "both", 40, Ok((0.8, 0.7, 0.9))),
            measured(Accuracy, "small", 40, Ok((0.8, 0.7, 0.9))),
            measured(Accuracy, "new", 40, Ok((0.8, 0.7, 0.9))),
            measured(Accuracy, "gone", 4, Err(Reason::Suppressed)),
            measured(Measure::Skill, "both", 40, Ok((0.8, 0.7, 0.9))),
        ];
        let before = [
            measured(Accuracy, "both", 30, Ok((0.9, 0.8, 1.0))),
            measured(Accuracy, "small", 4, Err(Reason::TooFewCases)),
            measured(Accuracy, "gone", 40, Ok((0.9, 0.8, 1.0))),
            measured(Accuracy, "left out", 40, Ok((0.9, 0.8, 1.0))),
            measured(Accuracy, "left out, too few", 4, Err(Reason::TooFewCases)),
            measured(Measure::Skill, "left out", 40, Ok((0.8, 0.7, 0.9))),
            Measurement {
                model: "another".to_owned(),
                ..measured(Accuracy, "both", 40, Ok((0.9, 0.8, 1.0)))
            },
        ];
        let changes = changes(&now, &before, &[Accuracy], &[]);
        let told: Vec<String> = changes
            .iter()
            .map(|change| match &change.result {
                Ok(estimate) => format!("{} of {}", estimate.value, change.n),
                Err(undefined) => undefined.to_string(),
            })
            .collect();
        assert_eq!(
            told,
            [
                "-0.1 of 30",
                "too-few-cases: in the baseline: why",
                "not-applicable: the baseline does not hold it",
                "suppressed: why",
                "not-applicable: the baseline holds it, and this audit does not: audit the model on the same data",
            ]
        );
    }

    #[test]
    fn a_shift_to_the_other_side_of_zero_is_no_change_of_distance() {
        let shift = |value: f64| {
            let limits = (value, value - 0.01, value + 0.01);
            [measured(Measure::ScoreShift, "g", 40, Ok(limits))]
        };
        let changes = changes(&shift(0.1), &shift(-0.1), &[Measure::ScoreShift], &[]);
        let within = Comparison::Change(Some("region".to_owned()));
        assert_eq!(changes[0].comparison, Some(within));
        assert!(changes[0].result.as_ref().is_ok_and(|e| e.value == 0.0));
    }
}
