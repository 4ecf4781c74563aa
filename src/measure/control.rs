//! Negative controls: comparisons whose right answer is known to be "no difference". Where one shows a difference
//! beyond its error rate, the audit of that dataset cannot be trusted.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::counterfactual;
use super::disparity::Group;
use super::proportion::Event;
use super::quality::skill;
use super::slice::Slice;
use super::{Measure, Rules};
use crate::case::{Cases, Names};
use crate::prediction::{Predictions, Scores};
use crate::stats::hypergeometric;
use crate::stats::interval::{effective_sample_size, newcombe, wilson};
use crate::tally::{Evaluation, Outcome, Tally};
use crate::task::LabelSet;

/// How often groups are shuffled.
const SHUFFLES: u64 = 200;

/// A control and what it showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// `constant-model`, `identical-pairs` or `shuffled-groups`.
    pub name: &'static str,
    /// What it ran on, in words.
    pub subject: String,
    /// Whether it showed no more than chance allows.
    pub holds: bool,
    /// What it showed, in a sentence.
    pub detail: String,
}

/// A model that always answers the same must show no skill, in no group.
pub fn constant_model(
    evaluation: &Evaluation,
    groups: &[Group],
    subject: &str,
    rules: &Rules,
) -> Option<Control> {
    let constant = LabelSet::one(0);
    let answered = |slice: &Slice<Outcome>| {
        let mut tally: Tally<(Option<u32>, Outcome)> = Tally::default();
        for (outcome, count) in slice.cells.iter().zip(&slice.counts) {
            let gold = outcome.gold;
            tally.add(
                (
                    None,
                    Outcome {
                        gold,
                        answer: Some(constant),
                    },
                ),
                *count,
            );
        }
        Slice::from_tally(&tally)
    };
    if evaluation.multi_label {
        return None;
    }
    let mut largest: f64 = 0.0;
    let mut compared = 0;
    for group in groups {
        let slice = answered(&group.slice);
        let estimate =
            skill(&slice, evaluation).and_then(|linear| linear.estimate(&slice, rules.level));
        if let Ok(estimate) = estimate {
            // Where the constant label does not occur, skill is as far below 0 as guessing wrong always is.
            let occurs = slice.cells.iter().any(|outcome| outcome.gold == constant);
            if occurs {
                largest = largest.max(estimate.value.abs());
                compared += 1;
            }
        }
    }
    (compared > 0).then(|| Control {
        name: "constant-model",
        subject: subject.to_owned(),
        holds: largest < 1e-9,
        detail: format!("a model that always answers the same shows a skill of {largest:.3} at most, over {compared} groups; 0 is right"),
    })
}

/// A model that gives all members of a set the same score must show no shift and no flip.
pub fn identical_pairs(
    cases: &Cases,
    groups: &Names,
    predictions: &Predictions,
    subject: &str,
    rules: &Rules,
) -> Option<Control> {
    let sets = cases.sets.as_ref()?;
    let scores = predictions.scores.as_ref()?;
    // Every case takes the scores and the answer of the first case of its set.
    let mut first: Vec<Option<usize>> = vec![None; sets.names().len()];
    let source: Vec<usize> = sets
        .codes()
        .iter()
        .enumerate()
        .map(|(case, set)| set.map_or(case, |set| *first[set as usize].get_or_insert(case)))
        .collect();
    let same = Predictions {
        scheme: predictions.scheme.clone(),
        answers: source
            .iter()
            .map(|case| predictions.answers[*case])
            .collect(),
        scores: Some(Scores {
            labels: scores.labels.clone(),
            rows: source
                .iter()
                .map(|case| scores.rows[*case].clone())
                .collect(),
        }),
        cut: predictions.cut,
        notes: Vec::new(),
    };
    let measured = counterfactual::measure(cases, groups, &same, rules);
    let values: Vec<f64> = measured
        .iter()
        .filter(|measured| matches!(measured.measure, Measure::ScoreShift | Measure::FlipRate))
        .filter_map(|measured| {
            measured
                .result
                .as_ref()
                .ok()
                .map(|estimate| estimate.value.abs())
        })
        .collect();
    let largest = values.iter().copied().fold(0.0, f64::max);
    (!values.is_empty()).then(|| Control {
        name: "identical-pairs",
        subject: subject.to_owned(),
        holds: largest < 1e-12,
        detail: format!("sets whose members all get the same scores show a shift or flip of {largest:.3} at most; 0 is right"),
    })
}

/// Groups dealt out at random must differ no more often than the level of the intervals allows.
///
/// For independent cases each shuffle draws the right answers of every group from the hypergeometric distribution,
/// which is what shuffling does to the counts, at a cost that does not grow with the cases. Clustered cases are
/// shuffled as they depend: whole clusters where each belongs to one group, else within the clusters. Weights are left
/// out, and the control says so: what it tries is how intervals of groups ring.
pub fn shuffled_groups(groups: &[Group], subject: &str, rules: &Rules) -> Option<Control> {
    let mut control = shuffled(groups, subject, rules)?;
    if groups.iter().any(|group| group.slice.is_weighted()) {
        control.detail += "; every case counts once, whatever it weighs";
    }
    Some(control)
}

fn shuffled(groups: &[Group], subject: &str, rules: &Rules) -> Option<Control> {
    let judged: Vec<&Group> = groups
        .iter()
        .filter(|group| group.slice.total() >= rules.min_n)
        .collect();
    if judged.len() < 2 || judged.iter().any(|group| group.slice.is_clustered()) {
        return clustered_shuffle(&judged, subject, rules);
    }
    let sizes: Vec<(u64, u64)> = judged.iter().map(|group| correct(&group.slice)).collect();
    let (all_correct, all): (u64, u64) = sizes
        .iter()
        .fold((0, 0), |sum, size| (sum.0 + size.0, sum.1 + size.1));
    let mut shuffles = Vec::new();
    for shuffle in 0..SHUFFLES {
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(
            rules.seed ^ (shuffle.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        );
        let (mut left_correct, mut left) = (all_correct, all);
        let mut dealt = Vec::with_capacity(sizes.len());
        for (_, n) in &sizes {
            let drawn = hypergeometric::draw(left, left_correct, *n, &mut generator);
            dealt.push((drawn, *n));
            left_correct -= drawn;
            left -= n;
        }
        shuffles.push(alarms(&dealt, rules.level));
    }
    verdict(&shuffles, subject, rules)
}

fn clustered_shuffle(groups: &[&Group], subject: &str, rules: &Rules) -> Option<Control> {
    if groups.len() < 2 {
        return None;
    }
    // One unit is what a cluster holds of a group; units are dealt out anew.
    let mut units: Vec<(usize, u64, u64)> = Vec::new();
    for (group, members) in groups.iter().enumerate() {
        let slice = members.slice.unweighted();
        let judged = |value: fn(bool) -> f64| {
            let cells = slice.cells.iter();
            let values: Vec<Option<f64>> = cells
                .map(|outcome| Event::Correct.judge(outcome).map(value))
                .collect();
            slice.by_cluster(&values)
        };
        let clusters = judged(f64::from).into_iter().zip(judged(|_| 1.0));
        for ((_, correct), (_, n)) in clusters {
            units.push((group, correct as u64, n as u64));
        }
    }
    let mut order: Vec<usize> = units.iter().map(|(group, ..)| *group).collect();
    let mut shuffles = Vec::new();
    for shuffle in 0..SHUFFLES {
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(
            rules.seed ^ (shuffle.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        );
        order.shuffle(&mut generator);
        let of = |wanted: &dyn Fn(usize) -> bool| -> Option<(f64, f64)> {
            let chosen = || {
                units
                    .iter()
                    .zip(&order)
                    .filter(|(_, group)| wanted(**group))
                    .map(|((_, correct, n), _)| (*correct, *n))
            };
            let effective = effective_sample_size(chosen()).ok()?;
            let (correct, n) = chosen().fold((0, 0), |sum, unit| (sum.0 + unit.0, sum.1 + unit.1));
            Some((correct as f64 / n as f64 * effective, effective))
        };
        let mut counted = (0, 0);
        for group in 0..groups.len() {
            let own = of(&|other| other == group);
            let others = of(&|other| other != group);
            if let (Some(own), Some(others)) = (own, others)
                && let Ok(interval) = newcombe(own, others, rules.level)
            {
                counted.1 += 1;
                counted.0 += u64::from(interval.low > 0.0 || interval.high < 0.0);
            }
        }
        shuffles.push(counted);
    }
    verdict(&shuffles, subject, rules)
}

fn correct(slice: &Slice<Outcome>) -> (u64, u64) {
    let mut counted = (0, 0);
    for (outcome, count) in slice.cells.iter().zip(&slice.counts) {
        if let Some(right) = Event::Correct.judge(outcome) {
            counted.0 += u64::from(right) * count;
            counted.1 += count;
        }
    }
    counted
}

/// How many of the groups differ from the others, and how many were compared.
fn alarms(dealt: &[(u64, u64)], level: f64) -> (u64, u64) {
    let (all_correct, all): (u64, u64) = dealt
        .iter()
        .fold((0, 0), |sum, group| (sum.0 + group.0, sum.1 + group.1));
    let mut counted = (0, 0);
    for (correct, n) in dealt {
        let others = ((all_correct - correct) as f64, (all - n) as f64);
        if let Ok(interval) = newcombe((*correct as f64, *n as f64), others, level) {
            counted.1 += 1;
            counted.0 += u64::from(interval.low > 0.0 || interval.high < 0.0);
        }
    }
    counted
}

fn verdict(shuffles: &[(u64, u64)], subject: &str, rules: &Rules) -> Option<Control> {
    let effective = effective_sample_size(shuffles.iter().copied()).ok()?;
    let (alarms, compared) = shuffles.iter().fold((0, 0), |sum, shuffle| {
        (sum.0 + shuffle.0, sum.1 + shuffle.1)
    });
    let rate = alarms as f64 / compared as f64;
    // The control must not cry wolf itself: it fails only where its own 99.9 % interval lies above the allowed rate.
    let interval = wilson(rate * effective, effective, 0.999).ok()?;
    let allowed = 1.0 - rules.level;
    Some(Control {
        name: "shuffled-groups",
        subject: subject.to_owned(),
        holds: interval.low <= allowed,
        detail: format!(
            "with groups dealt out at random, {:.1} % of {compared} comparisons differ; {:.0} % are expected by chance",
            100.0 * rate,
            100.0 * allowed
        ),
    })
}
