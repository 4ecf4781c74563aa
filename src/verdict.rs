//! Verdicts: what may be said of one label of one model, and what to use instead.
//!
//! The worst dimension counts. Evidence that is missing lowers nothing and is named.

#[cfg(test)]
mod tests;

use crate::case::LabelSource;
use crate::diagnostic::{decimal, signed};
use crate::finding::Background;
use crate::measure::contrast::Contrast;
use crate::measure::{Comparison, Measure, Measurement};
use crate::policy::Reliability;
use crate::stats::{Estimate, Undefined};
use crate::task::Task;

/// What may be said; later is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reliance {
    /// Proven good.
    Reliable,
    /// Proven better than poor, or good with a proven fault.
    Limited,
    /// Neither proven nor disproved.
    Insufficient,
    /// Proven poor.
    Unreliable,
    /// People do not share the label.
    NotAuditable,
}

/// Every verdict with its name in files.
pub const RELIANCES: [(&str, Reliance); 5] = [
    ("reliable", Reliance::Reliable),
    ("limited", Reliance::Limited),
    ("insufficient", Reliance::Insufficient),
    ("unreliable", Reliance::Unreliable),
    ("not-auditable", Reliance::NotAuditable),
];

impl Reliance {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        crate::attribute::word(&RELIANCES, &self)
    }

    /// Whether the label can be used at all, with or without care.
    pub fn is_usable(self) -> bool {
        matches!(self, Reliance::Reliable | Reliance::Limited)
    }
}

/// One dimension of a verdict, with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// `skill`, `ceiling`, `stability` or `disparity`.
    pub dimension: &'static str,
    /// What it allows at best.
    pub verdict: Reliance,
    /// Why, in a sentence.
    pub text: String,
    /// The place of the measurement in the record, where there is one.
    pub measurement: Option<usize>,
}

/// What may be said of one label on one slice of cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The model.
    pub model: String,
    /// The dataset.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// The label; `None` for the task as a whole.
    pub label: Option<String>,
    /// Attribute and group; empty for all cases.
    pub slice: Vec<(String, String)>,
    /// What may be said.
    pub verdict: Reliance,
    /// Its grounds, the worst first.
    pub reasons: Vec<Ground>,
    /// Dimensions that nothing could be said about.
    pub not_measured: Vec<&'static str>,
}

/// What to use for an emotion, or for a task as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recommendation {
    /// The emotion answers hold up.
    EmotionUsable,
    /// They do not, and polarity does.
    PolarityOnly,
    /// Neither does.
    Neither,
    /// It cannot be told.
    NotEnoughData,
}

/// Every recommendation with its name in files.
pub const RECOMMENDATIONS: [(&str, Recommendation); 4] = [
    ("emotion-usable", Recommendation::EmotionUsable),
    ("polarity-only", Recommendation::PolarityOnly),
    ("neither", Recommendation::Neither),
    ("not-enough-data", Recommendation::NotEnoughData),
];

/// The level that an interval of skill proves.
pub fn level_of(result: &Result<Estimate, Undefined>, n: u64, rules: &Reliability) -> Reliance {
    match result {
        Ok(estimate) if n >= rules.min_n => {
            let interval = estimate.interval;
            if interval.low >= rules.reliable {
                Reliance::Reliable
            } else if interval.low >= rules.limited {
                Reliance::Limited
            } else if interval.high < rules.limited {
                Reliance::Unreliable
            } else {
                Reliance::Insufficient
            }
        }
        _ => Reliance::Insufficient,
    }
}

/// What to use, from the arms of a contrast; `auditable` as for [`advise`].
pub fn recommend(contrast: &Contrast, auditable: [bool; 2], rules: &Reliability) -> Recommendation {
    let arms = [&contrast.emotion, &contrast.sentiment];
    advise(contrast.n, arms, auditable, rules)
}

/// What to use, from the skill at an emotion and at polarity on the same `n` cases. What people do not share is of no
/// use, however well a model guesses it: `auditable` says of the emotion and of polarity whether they do.
pub fn advise(
    n: u64,
    [emotion, polarity]: [&Result<Estimate, Undefined>; 2],
    auditable: [bool; 2],
    rules: &Reliability,
) -> Recommendation {
    let level = |result, auditable| match auditable {
        true => level_of(result, n, rules),
        false => Reliance::Unreliable,
    };
    let emotion = level(emotion, auditable[0]);
    let polarity = level(polarity, auditable[1]);
    if emotion.is_usable() {
        Recommendation::EmotionUsable
    } else if polarity.is_usable() {
        Recommendation::PolarityOnly
    } else if emotion == Reliance::Unreliable && polarity == Reliance::Unreliable {
        Recommendation::Neither
    } else {
        Recommendation::NotEnoughData
    }
}

/// The verdicts that follow from measurements: one for each value of the policy's measure that is no comparison.
/// Labels set by the construction of templates earn none: they say what a sentence was built to express, not how well
/// a model reads people. Nor do labels that another model set.
pub fn verdicts(
    measurements: &[Measurement],
    rules: &Reliability,
    background: &Background,
) -> Vec<Verdict> {
    measurements
        .iter()
        .enumerate()
        .filter(|(_, measurement)| {
            measurement.measure == rules.measure
                && measurement.comparison.is_none()
                && background
                    .source(&measurement.dataset, measurement.task)
                    .is_none_or(LabelSource::is_of_people)
        })
        .map(|(place, measurement)| {
            let carried_over = background
                .carried_over
                .iter()
                .any(|(model, dataset, task)| {
                    *model == measurement.model
                        && *dataset == measurement.dataset
                        && *task == measurement.task
                });
            let ceiling = || ceiling(measurements, measurement, rules);
            let dimensions = [
                ("skill", Some(skill(place, measurement, rules))),
                ("ceiling", (!carried_over).then(ceiling).flatten()),
                ("stability", stability(measurements, measurement, rules)),
                ("disparity", disparity(measurements, measurement, rules)),
            ];
            let absent =
                |(name, ground): &(&'static str, Option<Ground>)| ground.is_none().then_some(*name);
            let not_measured = dimensions.iter().filter_map(absent).collect();
            let mut reasons: Vec<Ground> = dimensions
                .into_iter()
                .filter_map(|(_, ground)| ground)
                .collect();
            reasons.sort_by_key(|ground| std::cmp::Reverse(ground.verdict));
            Verdict {
                model: measurement.model.clone(),
                dataset: measurement.dataset.clone(),
                task: measurement.task,
                label: measurement.label.clone(),
                slice: measurement.slice.clone(),
                verdict: reasons[0].verdict,
                reasons,
                not_measured,
            }
        })
        .collect()
}

fn skill(place: usize, measurement: &Measurement, rules: &Reliability) -> Ground {
    let verdict = level_of(&measurement.result, measurement.n, rules);
    let name = measurement.measure.page().title.to_lowercase();
    let text = match (&measurement.result, verdict) {
        (Err(undefined), _) => format!("{name} has no value: {}", undefined.detail),
        (Ok(_), _) if measurement.n < rules.min_n => {
            format!(
                "{} cases, and nothing is claimed under {}",
                measurement.n, rules.min_n
            )
        }
        (Ok(estimate), verdict) => {
            let [value, low, high] = [
                estimate.value,
                estimate.interval.low,
                estimate.interval.high,
            ]
            .map(|number| decimal(number, 2));
            let side = match verdict {
                Reliance::Reliable => format!("above {:.2}", rules.reliable),
                Reliance::Limited => format!("above {:.2}", rules.limited),
                Reliance::Unreliable => format!("wholly below {:.2}", rules.limited),
                _ => format!("on both sides of {:.2}", rules.limited),
            };
            format!("{name} {value}, interval {low} to {high}, lies {side}")
        }
    };
    Ground {
        dimension: "skill",
        verdict,
        text,
        measurement: Some(place),
    }
}

/// People's own agreement on the label, where the dataset holds their ratings.
fn ceiling(all: &[Measurement], of: &Measurement, rules: &Reliability) -> Option<Ground> {
    let (place, estimate) = find(all, |other| {
        other.measure == Measure::HumanAlpha
            && other.dataset == of.dataset
            && other.task == of.task
            && other.label == of.label
            && other.slice.is_empty()
            && other.n >= rules.min_n
    })?;
    let below = estimate.interval.high < rules.ceiling;
    Some(Ground {
        dimension: "ceiling",
        verdict: if below {
            Reliance::NotAuditable
        } else {
            Reliance::Reliable
        },
        text: format!(
            "people agree among themselves at alpha {}, interval {} to {}",
            decimal(estimate.value, 2),
            decimal(estimate.interval.low, 2),
            decimal(estimate.interval.high, 2)
        ),
        measurement: Some(place),
    })
}

/// A flip rate proven too high, on any dataset: answers of this model turn with the identity named.
fn stability(all: &[Measurement], of: &Measurement, rules: &Reliability) -> Option<Ground> {
    let worst = all
        .iter()
        .enumerate()
        .filter(|(_, other)| {
            other.measure == Measure::FlipRate && other.model == of.model && other.task == of.task
        })
        .filter_map(|(place, other)| Some((place, other, other.result.as_ref().ok()?)))
        .max_by(|a, b| a.2.interval.low.total_cmp(&b.2.interval.low))?;
    let (place, flips, estimate) = worst;
    let attribute = match &flips.comparison {
        Some(Comparison::WithinSets(attribute)) => attribute.as_str(),
        _ => "an attribute",
    };
    let proven = estimate.interval.low > rules.flip_rate;
    Some(Ground {
        dimension: "stability",
        verdict: if proven {
            Reliance::Limited
        } else {
            Reliance::Reliable
        },
        text: format!(
            "the answer turns with {attribute} in {:.0} % of counterfactual sets, interval {:.0} to {:.0} % ({})",
            100.0 * estimate.value,
            100.0 * estimate.interval.low,
            100.0 * estimate.interval.high,
            flips.dataset
        ),
        measurement: Some(place),
    })
}

/// A difference between groups proven too large: for a group its own; else, among those proven too large if there are
/// any, that of the group read worst, or, where none is proven to be read worse, that of the group read best.
fn disparity(all: &[Measurement], of: &Measurement, rules: &Reliability) -> Option<Ground> {
    let worst = all
        .iter()
        .enumerate()
        .filter(|(_, other)| {
            other.measure == of.measure
                && other.comparison == Some(Comparison::DifferenceToOthers)
                && other.model == of.model
                && other.dataset == of.dataset
                && other.task == of.task
                && other.label == of.label
                && (other.slice == of.slice || (of.slice.is_empty() && other.slice.len() < 2))
        })
        .filter_map(|(place, other)| Some((place, other, other.result.as_ref().ok()?)))
        .max_by(|a, b| {
            let rank = |estimate: &Estimate| {
                let too_large = proven_size(estimate) > rules.difference;
                (too_large, proven_worse(estimate), proven_size(estimate))
            };
            let (a, b) = (rank(a.2), rank(b.2));
            let order = a.0.cmp(&b.0).then(a.1.total_cmp(&b.1));
            order.then(a.2.total_cmp(&b.2))
        })?;
    let (place, gap, estimate) = worst;
    let proven = proven_size(estimate) > rules.difference;
    let group = gap
        .slice
        .first()
        .map_or_else(String::new, |(attribute, group)| {
            format!("{attribute} {group}")
        });
    Some(Ground {
        dimension: "disparity",
        verdict: if proven {
            Reliance::Limited
        } else {
            Reliance::Reliable
        },
        text: format!(
            "{group} differs from the others by {}, interval {} to {}",
            signed(estimate.value, 2),
            signed(estimate.interval.low, 2),
            signed(estimate.interval.high, 2)
        ),
        measurement: Some(place),
    })
}

/// How far below zero the whole interval lies; 0 where it does not.
fn proven_worse(estimate: &Estimate) -> f64 {
    (-estimate.interval.high).max(0.0)
}

/// How far from zero the whole interval lies; 0 where it holds zero.
fn proven_size(estimate: &Estimate) -> f64 {
    estimate.interval.low.max(-estimate.interval.high).max(0.0)
}

fn find(all: &[Measurement], wanted: impl Fn(&Measurement) -> bool) -> Option<(usize, &Estimate)> {
    all.iter()
        .enumerate()
        .find(|(_, measurement)| wanted(measurement))
        .and_then(|(place, measurement)| Some((place, measurement.result.as_ref().ok()?)))
}
