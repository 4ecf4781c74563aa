//! Verdicts: what may be said of one label of one model, and what to use instead.
//!
//! The worst dimension counts. Evidence that is missing lowers nothing and is named.

mod dimension;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::case::LabelSource;
use crate::finding::Background;
use crate::measure::Measurement;
use crate::measure::contrast::Contrast;
use crate::policy::Reliability;
use crate::stats::{Estimate, Undefined};
use crate::task::Task;
use dimension::Dimensions;

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
    /// `skill`, `ceiling`, `calibration`, `stability` or `disparity`.
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

/// What to use, from the arms of a contrast; `at_best` as for [`advise`].
pub fn recommend(
    contrast: &Contrast,
    at_best: [Reliance; 2],
    rules: &Reliability,
) -> Recommendation {
    let arms = [&contrast.emotion, &contrast.sentiment];
    advise(contrast.n, arms, at_best, rules)
}

/// What to use, from the skill at an emotion and at polarity on the same `n` cases. What people do not share is of no
/// use, however well a model guesses it, and neither is a model that answers the easy cases alone: `at_best` says of the
/// emotion and of polarity what verdicts leave of them. Of an emotion whose skill is not known, or which does better on
/// these cases than on all, it cannot be told that polarity is better.
pub fn advise(
    n: u64,
    [emotion, polarity]: [&Result<Estimate, Undefined>; 2],
    at_best: [Reliance; 2],
    rules: &Reliability,
) -> Recommendation {
    let level = |result, at_best: Reliance| {
        let level = level_of(result, n, rules).max(at_best);
        level.min(Reliance::Unreliable)
    };
    let open = at_best[0] < Reliance::Unreliable;
    let unknown = open && (emotion.is_err() || level_of(emotion, n, rules) < at_best[0]);
    let emotion = level(emotion, at_best[0]);
    let polarity = level(polarity, at_best[1]);
    if emotion.is_usable() {
        Recommendation::EmotionUsable
    } else if polarity.is_usable() && !unknown {
        Recommendation::PolarityOnly
    } else if emotion == Reliance::Unreliable && polarity == Reliance::Unreliable {
        Recommendation::Neither
    } else {
        Recommendation::NotEnoughData
    }
}

/// What a verdict says, and of what.
pub struct Said<'a> {
    /// The model and the dataset.
    pub of: (&'a str, &'a str),
    /// The task.
    pub task: Task,
    /// The label.
    pub label: Option<&'a str>,
    /// Attributes and groups.
    pub slice: Vec<(&'a str, &'a str)>,
    /// What may be said.
    pub verdict: Reliance,
}

/// Verdicts by what contrasts ask of them.
pub struct Standing<'a>(HashMap<About<'a>, Reliance>);

/// Model, dataset, task, label, attributes and groups.
type About<'a> = (
    (&'a str, &'a str),
    Task,
    Option<&'a str>,
    Vec<(&'a str, &'a str)>,
);

impl<'a> Standing<'a> {
    /// From all verdicts.
    pub fn new(said: impl Iterator<Item = Said<'a>>) -> Self {
        Standing(
            said.map(|said| ((said.of, said.task, said.label, said.slice), said.verdict))
                .collect(),
        )
    }

    /// What may be said of an emotion, and of polarity, as far as verdicts go: on all cases of a group that both models
    /// might have answered, or on all cases where there is no verdict on the group; without any, whatever their skill
    /// allows. Polarity that follows from emotion labels is shared no more than these.
    pub fn at_best(
        &self,
        [emotion, sentiment]: [&'a str; 2],
        dataset: &'a str,
        (label, slice): (Option<&'a str>, &[(&'a str, &'a str)]),
        polarity_is_labelled: bool,
    ) -> [Reliance; 2] {
        let of = |model, task, label| {
            let on = |slice: &[(&'a str, &'a str)]| {
                let about = ((model, dataset), task, label, slice.to_vec());
                self.0.get(&about).copied()
            };
            let said = on(slice).or_else(|| on(&[]));
            said.unwrap_or(Reliance::Reliable)
        };
        let shared = of(emotion, Task::Emotion, None) != Reliance::NotAuditable;
        let polarity = match polarity_is_labelled || shared {
            true => of(sentiment, Task::Sentiment, None),
            false => Reliance::NotAuditable,
        };
        [of(emotion, Task::Emotion, label), polarity]
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
    let dimensions = Dimensions::new(measurements, rules);
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
            let grounds = dimensions.grounds(place, carried_over);
            let absent =
                |(name, ground): &(&'static str, Option<Ground>)| ground.is_none().then_some(*name);
            let not_measured = grounds.iter().filter_map(absent).collect();
            let mut reasons: Vec<Ground> = grounds
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
