//! Counterfactual sets: sentences that differ only in who they are about, and what that does to the model.
//!
//! Sets are the pairs of the comparison; where sets share a template, the template is the cluster.

mod pairs;

use std::collections::{BTreeMap, BTreeSet};

use super::proportion::proportion;
use super::rewording::{self, Shift};
use super::slice::Slice;
use super::{Measure, Rules, unit};
use crate::case::intensity::Scale;
use crate::case::{Cases, Names};
use crate::prediction::Predictions;
use crate::stats::mean::{Values, sum_of_means};
use crate::stats::sign_flip::sign_flip;
use crate::stats::test::{t_of_mean, wilcoxon};
use crate::stats::{Estimate, Reason, TestResult, Undefined};

/// What was measured within the sets of one attribute.
#[derive(Clone, Debug)]
pub struct SetMeasured {
    /// The measure.
    pub measure: Measure,
    /// The place of the label in the model's scheme, for score shifts.
    pub label: Option<usize>,
    /// The group whose score is compared with the others'; `None` for measures of the whole attribute.
    pub group: Option<String>,
    /// The one group that it is compared with; `None` for all others of a set.
    pub other: Option<String>,
    /// How many sets it rests on.
    pub n: u64,
    /// How many independent clusters they form.
    pub clusters: u64,
    /// The value, or why there is none.
    pub result: Result<Estimate, Undefined>,
}

/// The cases of one counterfactual set, by group.
struct Set {
    cluster: Option<u32>,
    wording: Option<u32>,
    members: BTreeMap<u32, Vec<usize>>,
}

/// Measures score shift, flip rate and set coverage within the sets of an attribute. Empty where no set holds a
/// case with a group of this attribute.
pub fn measure(
    cases: &Cases,
    groups: &Names,
    predictions: &Predictions,
    rules: &Rules,
) -> Vec<SetMeasured> {
    let Some(sets) = &cases.sets else {
        return Vec::new();
    };
    let sets = collect(cases, sets, groups);
    if sets.is_empty() {
        return Vec::new();
    }
    let swapped: BTreeSet<u32> = sets
        .iter()
        .flat_map(|set| set.members.keys())
        .copied()
        .collect();
    let complete = |set: &Set| {
        let mut members = set.members.values().flatten();
        let answered = members.all(|case| predictions.says(*case));
        answered && set.members.len() == swapped.len()
    };
    // Where no swap failed, nothing shows that failures gather in templates; where some did, their templates tell.
    let some_failed = !sets.iter().all(complete);
    let mut measured = vec![share(Measure::SetCoverage, &sets, rules, |set| {
        Some((set.cluster.filter(|_| some_failed), complete(set)))
    })];
    // Numbers have no label that could turn: how far they move is their shift.
    if !predictions.scheme.is_continuous() {
        measured.push(share(Measure::FlipRate, &sets, rules, |set| {
            let answers: Vec<Vec<u64>> = answers(set, predictions).into_values().collect();
            let flips = answers.windows(2).any(|pair| pair[0] != pair[1]);
            // A set with an answer missing had fewer chances to flip.
            let complete = answers.len() > 1 && answers.len() == set.members.len();
            complete.then_some((set.cluster, flips))
        }));
    }
    let mut reworded = Reworded::default();
    measured.extend(shifted(
        cases,
        &sets,
        groups,
        predictions,
        rules,
        &mut reworded,
    ));
    if cases.wordings.is_some() && predictions.scores.is_some() {
        measured.extend(reworded.measure(rules));
    }
    measured
}

/// Score shifts alone, of groups that are combinations of those of several attributes.
pub fn shifts(
    cases: &Cases,
    groups: &Names,
    predictions: &Predictions,
    rules: &Rules,
) -> Vec<SetMeasured> {
    let sets = cases.sets.as_ref();
    let sets = sets.map_or_else(Vec::new, |sets| collect(cases, sets, groups));
    let mut reworded = Reworded::default();
    shifted(cases, &sets, groups, predictions, rules, &mut reworded)
}

/// The shifts of each label and group, and of pairs of groups; none where there are no scores.
fn shifted(
    cases: &Cases,
    sets: &[Set],
    groups: &Names,
    predictions: &Predictions,
    rules: &Rules,
    reworded: &mut Reworded,
) -> Vec<SetMeasured> {
    let mut measured = Vec::new();
    let Some(scores) = &predictions.scores else {
        return measured;
    };
    for label in &scores.labels {
        let scale = scale(cases, predictions, *label);
        let score = |case: usize| {
            let score = predictions.score(case, *label)?;
            Some(scale.map_or(score, |scale| (score - scale.low) / scale.width()))
        };
        let members = || sets.iter().flat_map(|set| set.members.values().flatten());
        let (least, most) = members().filter_map(|case| score(*case)).fold(
            // A score is between 0 and 1 unless it shows otherwise.
            (0.0_f64, 1.0_f64),
            |(least, most), score| (least.min(score), most.max(score)),
        );
        for (code, name) in groups.names().iter().enumerate() {
            let shifts: Vec<(Option<u32>, f64)> = sets
                .iter()
                .filter_map(|set| Some((set.cluster, shift(set, code as u32, score)?)))
                .collect();
            reworded.add(sets, most - least, |set| shift(set, code as u32, score));
            let (clusters, result) = mean_shift(&shifts, most - least, rules.level, rules.seed);
            measured.push(SetMeasured {
                measure: Measure::ScoreShift,
                label: Some(*label),
                group: Some(name.clone()),
                other: None,
                n: shifts.len() as u64,
                clusters,
                result,
            });
        }
        measured.extend(pairs::measure(
            sets,
            groups,
            (*label, most - least),
            score,
            rules,
        ));
    }
    measured
}

/// The scale of a dimension, of which numbers on it are taken as shares, so that shifts mean the same on every scale.
fn scale(cases: &Cases, predictions: &Predictions, place: usize) -> Option<Scale> {
    let gold = cases.intensity.as_ref();
    let gold = gold.filter(|_| predictions.scheme.is_continuous())?;
    let dimension = gold.scheme.index(&predictions.scheme.labels[place].name)?;
    Some(gold.dimensions[dimension].scale)
}

/// The shifts of all labels and groups, with the wordings that they were seen in.
#[derive(Default)]
struct Reworded {
    series: Vec<Vec<Shift>>,
    range: f64,
}

impl Reworded {
    fn add(&mut self, sets: &[Set], range: f64, shift: impl Fn(&Set) -> Option<f64>) {
        let of_set = |set: &Set| {
            Some(Shift {
                template: set.cluster?,
                wording: set.wording?,
                value: shift(set)?,
            })
        };
        self.series.push(sets.iter().filter_map(of_set).collect());
        self.range = self.range.max(range);
    }

    fn measure(&self, rules: &Rules) -> Vec<SetMeasured> {
        let shifts = || self.series.iter().flatten();
        let wordings: BTreeSet<(u32, u32)> = shifts()
            .map(|shift| (shift.template, shift.wording))
            .collect();
        let templates: BTreeSet<u32> = shifts().map(|shift| shift.template).collect();
        let spread = rewording::spread(&self.series, self.range, rules.level);
        let turns = rewording::turns(&self.series, self.range, rules);
        [
            (Measure::WordingSpread, spread),
            (Measure::WordingTurns, turns),
        ]
        .into_iter()
        .map(|(measure, result)| SetMeasured {
            measure,
            label: None,
            group: None,
            other: None,
            n: wordings.len() as u64,
            clusters: templates.len() as u64,
            result,
        })
        .collect()
    }
}

/// The places of the attributes that the sets of a dataset swap: those that have two groups in some set. Where none
/// has, every swap failed, and all attributes that occur in sets are meant.
pub fn swapped(cases: &Cases) -> Vec<usize> {
    let Some(sets) = &cases.sets else {
        return Vec::new();
    };
    let all = || cases.attributes.iter().enumerate();
    let varies = |groups: &Names| {
        let sets = collect(cases, sets, groups);
        sets.iter().any(|set| set.members.len() > 1)
    };
    let varied: Vec<usize> = all()
        .filter(|(_, (_, groups))| varies(groups))
        .map(|(place, _)| place)
        .collect();
    if varied.is_empty() {
        return all().map(|(place, _)| place).collect();
    }
    varied
}

fn collect(cases: &Cases, sets: &Names, groups: &Names) -> Vec<Set> {
    let mut by_set: BTreeMap<u32, Set> = BTreeMap::new();
    for case in 0..cases.len() {
        if let (Some(set), Some(group)) = (sets.codes()[case], groups.codes()[case]) {
            let cluster = cases
                .clusters
                .as_ref()
                .and_then(|clusters| clusters.codes()[case]);
            let wordings = cases.wordings.as_ref();
            let entry = by_set.entry(set).or_insert_with(|| Set {
                cluster,
                wording: wordings.and_then(|wordings| wordings.codes()[case]),
                members: BTreeMap::new(),
            });
            // Where members name several clusters the first of the names counts, whatever the order of the rows.
            entry.cluster = match (entry.cluster, cluster) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            entry.members.entry(group).or_default().push(case);
        }
    }
    by_set.into_values().collect()
}

/// The answers of a set by group; a group with several cases counts once, with all its answers in order.
fn answers(set: &Set, predictions: &Predictions) -> BTreeMap<u32, Vec<u64>> {
    set.members
        .iter()
        .filter_map(|(group, cases)| {
            let mut labels: Vec<u64> = cases
                .iter()
                .map(|case| predictions.answers[*case].labels().map(|labels| labels.0))
                .collect::<Option<_>>()?;
            labels.sort_unstable();
            labels.dedup();
            Some((*group, labels))
        })
        .collect()
}

/// The mean score of the cases of one group of a set; none where one of them has no score.
fn mean(cases: &[usize], score: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let scores: Vec<f64> = cases
        .iter()
        .map(|case| score(*case))
        .collect::<Option<_>>()?;
    Some(scores.iter().sum::<f64>() / scores.len() as f64)
}

/// The score of one group minus the mean of the other groups of the set.
fn shift(set: &Set, group: u32, score: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let own = mean(set.members.get(&group)?, &score)?;
    let others: Vec<f64> = set
        .members
        .iter()
        .filter(|(other, _)| **other != group)
        .filter_map(|(_, cases)| mean(cases, &score))
        .collect();
    (!others.is_empty()).then(|| own - others.iter().sum::<f64>() / others.len() as f64)
}

fn share(
    measure: Measure,
    sets: &[Set],
    rules: &Rules,
    happened: impl Fn(&Set) -> Option<(Option<u32>, bool)>,
) -> SetMeasured {
    let slice = Slice::new(sets.iter().filter_map(happened));
    let result = if slice.total() == 0 {
        Err(Undefined::new(Reason::NoPairs, "no set has two answers"))
    } else {
        proportion(&slice, |happened| Some(*happened), rules.level)
    };
    SetMeasured {
        measure,
        label: None,
        group: None,
        other: None,
        n: slice.total(),
        clusters: slice.clusters,
        result,
    }
}

/// Tests of the same shift that assume no distribution: signs flipped cluster by cluster, and signed ranks of the
/// clusters' means.
fn distribution_free(clusters: &[(f64, f64)], seed: u64) -> Vec<TestResult> {
    let sums: Vec<f64> = clusters.iter().map(|(sum, _)| *sum).collect();
    let means: Vec<f64> = clusters.iter().map(|(sum, sets)| sum / sets).collect();
    let tests = [sign_flip(&sums, seed), wilcoxon(&means)];
    tests.into_iter().filter_map(Result::ok).collect()
}

/// The mean of shifts with a t interval over clusters, which for sets that are clusters of their own is the paired t
/// test. The effect is the mean over the standard deviation between clusters (Cohen's d of paired values).
fn mean_shift(
    shifts: &[(Option<u32>, f64)],
    range: f64,
    level: f64,
    seed: u64,
) -> (u64, Result<Estimate, Undefined>) {
    if shifts.is_empty() {
        let undefined = Undefined::new(
            Reason::NoPairs,
            "no set has scores for this group and another",
        );
        return (0, Err(undefined));
    }
    let mut values = Values::default();
    let clusters: Vec<Option<u32>> = shifts.iter().map(|(cluster, _)| *cluster).collect();
    for (place, (_, shift)) in shifts.iter().enumerate() {
        values.add(unit(&clusters, place), *shift);
    }
    let clusters = values.clusters();
    let test = values.standard_error().and_then(|(error, equal)| {
        let deviation = error * equal.sqrt();
        let t = t_of_mean(values.mean(), deviation, equal).ok()?;
        Some(TestResult {
            effect: Some(values.mean() / deviation),
            others: distribution_free(&values.sums(), seed),
            ..t
        })
    });
    let mean = sum_of_means(&[(1.0, &values)], (-range, range), level);
    (clusters, mean.map(|mean| Estimate { test, ..mean }))
}
