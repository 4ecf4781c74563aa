//! Negative controls: comparisons whose right answer is known to be "no difference". Where one shows a difference
//! beyond its error rate, the audit of that dataset cannot be trusted.

use crate::diagnostic::counted;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::counterfactual;
use super::disparity::Group;
use super::proportion::Event;
use super::quality::skill;
use super::slice::Slice;
use super::sum::Sum;
use super::{Measure, Rules};
use crate::case::Cases;
use crate::prediction::{Predictions, Scores};
use crate::stats::interval::{effective_sample_size, newcombe, wilson};
use crate::stats::{Interval, Undefined, hypergeometric};
use crate::tally::{Evaluation, Outcome, Tally};
use crate::task::LabelSet;

/// How often groups are shuffled.
const SHUFFLES: usize = 200;

/// Where there are many clusters and groups they are shuffled less often, down to a fifth, so that about as many clusters
/// are looked at in all.
const CLUSTERS_SEEN: usize = 5_000_000;

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
        detail: format!("a model that always answers the same shows a skill of {largest:.3} at most, over {}; 0 is right", counted(compared, "group")),
    })
}

/// A model that gives all members of a set the same score must show no shift and no flip. The attribute is named by its
/// place in the cases.
pub fn identical_pairs(
    cases: &Cases,
    attribute: usize,
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
    let measured = counterfactual::measure(cases, attribute, &same, rules);
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
/// which is what shuffling does to the counts, at a cost that does not grow with the cases. Of clustered cases, what a
/// cluster holds of a group is dealt as a whole, and the groups are compared as the audit compares them. Weights are left
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
        let mut generator = generator(shuffle, rules);
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
    verdict(&shuffles, f64::INFINITY, subject, rules)
}

fn generator(shuffle: usize, rules: &Rules) -> Xoshiro256PlusPlus {
    let stream = (shuffle as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Xoshiro256PlusPlus::seed_from_u64(rules.seed ^ stream)
}

/// What a cluster holds of a group.
struct Unit {
    cluster: u64,
    correct: u64,
    cases: u64,
}

fn clustered_shuffle(groups: &[&Group], subject: &str, rules: &Rules) -> Option<Control> {
    if groups.len() < 2 {
        return None;
    }
    let mut units: Vec<(usize, Unit)> = Vec::new();
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
        for ((cluster, correct), (_, cases)) in clusters {
            let alone = cluster > u64::from(u32::MAX);
            let unit = Unit {
                // Cases without a cluster are numbered anew in each group.
                cluster: cluster + if alone { (group as u64) << 40 } else { 0 },
                correct: correct as u64,
                cases: cases as u64,
            };
            units.push((group, unit));
        }
    }
    units.sort_by_key(|(_, unit)| unit.cluster);
    let (mut order, units): (Vec<usize>, Vec<Unit>) = units.into_iter().unzip();
    let shuffles = CLUSTERS_SEEN / (groups.len() * units.len()).max(1);
    let shuffles = (0..shuffles.clamp(SHUFFLES / 5, SHUFFLES)).map(|shuffle| {
        order.shuffle(&mut generator(shuffle, rules));
        let mut counted = (0, 0);
        for group in 0..groups.len() {
            let dealt = |is_own: bool| {
                let dealt = units.iter().zip(&order);
                let dealt = dealt.filter(|(_, other)| (**other == group) == is_own);
                right_and_wrong(dealt.map(|(unit, _)| unit))
            };
            if let Ok(difference) = difference(&dealt(true), &dealt(false), rules.level) {
                counted.1 += 1;
                counted.0 += u64::from(difference.low > 0.0 || difference.high < 0.0);
            }
        }
        counted
    });
    let shuffles: Vec<(u64, u64)> = shuffles.collect();
    let ways = (0..groups.len()).map(|wanted| ways_to_deal(wanted, &order));
    verdict(
        &shuffles,
        ways.fold(f64::INFINITY, f64::min),
        subject,
        rules,
    )
}

/// In how many ways as many as belong to a group can be chosen from all.
fn ways_to_deal(group: usize, order: &[usize]) -> f64 {
    let own = order.iter().filter(|other| **other == group).count();
    let fewer = own.min(order.len() - own);
    let factors = (0..fewer).map(|place| (order.len() - place) as f64 / (place + 1) as f64);
    factors.product()
}

fn right_and_wrong<'a>(units: impl Iterator<Item = &'a Unit>) -> Slice<bool> {
    let entries = units.flat_map(|unit| {
        let wrong = (unit.cluster, 0, unit.cases - unit.correct);
        [wrong, (unit.cluster, 1, unit.correct)]
    });
    Slice::from_clusters(vec![false, true], entries)
}

/// The difference of two accuracies as the audit of groups has it.
fn difference(own: &Slice<bool>, others: &Slice<bool>, level: f64) -> Result<Interval, Undefined> {
    let mut sum = Sum::new(0.0);
    for (weight, slice) in [(1.0, own), (-1.0, others)] {
        sum.add(weight, slice, |right| Some(f64::from(*right)))?;
    }
    Ok(sum.estimate(level)?.interval)
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

/// Few clusters can be dealt in few ways only, and shuffles that repeat these show no more than they do.
fn verdict(shuffles: &[(u64, u64)], ways: f64, subject: &str, rules: &Rules) -> Option<Control> {
    let effective = effective_sample_size(shuffles.iter().copied()).ok()?;
    let effective = effective.min(ways);
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

#[cfg(test)]
mod tests;
