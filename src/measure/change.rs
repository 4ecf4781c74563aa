//! Changes since an earlier audit: each measurement minus the same one of then. Whether the two audits asked the same
//! is for the record to say, and how much change is too much for the policy.

use std::collections::BTreeMap;

use super::{Comparison, Direction, Measure, Measurement};
use crate::stats::difference::{difference, distance_from_zero};
use crate::stats::{Estimate, Reason, Undefined};
use crate::task::Task;

/// What makes two measurements the same question.
type Question<'a> = (
    (&'a str, &'a str, Task, Measure),
    Option<&'a str>,
    &'a [(String, String)],
    Option<&'a Comparison>,
);

/// The changes of every value of the given measures, now minus before. Where nearer to zero is better, it is the
/// distance from zero that changes. A value that was not measured both times has no change, and says why.
///
/// It rests on as many cases as the smaller of the two. Intervals are those of [`difference`]: only the values of
/// before are at hand, not the answers, so that nothing is paired.
pub fn changes(now: &[Measurement], before: &[Measurement], of: &[Measure]) -> Vec<Measurement> {
    let earlier: BTreeMap<Question<'_>, &Measurement> = before
        .iter()
        .map(|measurement| (question(measurement), measurement))
        .collect();
    now.iter()
        .filter(|measurement| of.contains(&measurement.measure) && is_value(measurement))
        .map(|measurement| change(measurement, earlier.get(&question(measurement)).copied()))
        .collect()
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
        comparison: Some(Comparison::Change(match &now.comparison {
            Some(Comparison::WithinSets(attribute)) => Some(attribute.clone()),
            _ => None,
        })),
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
        ];
        let changes = changes(&now, &before, &[Accuracy]);
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
            ]
        );
    }

    #[test]
    fn a_shift_to_the_other_side_of_zero_is_no_change_of_distance() {
        let shift = |value: f64| {
            let limits = (value, value - 0.01, value + 0.01);
            [measured(Measure::ScoreShift, "g", 40, Ok(limits))]
        };
        let changes = changes(&shift(0.1), &shift(-0.1), &[Measure::ScoreShift]);
        let within = Comparison::Change(Some("region".to_owned()));
        assert_eq!(changes[0].comparison, Some(within));
        assert!(changes[0].result.as_ref().is_ok_and(|e| e.value == 0.0));
    }
}
