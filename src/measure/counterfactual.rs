//! Counterfactual sets: sentences that differ only in who they are about, and what that does to the model.
//!
//! Sets are the pairs of the comparison; where sets share a template, the template is the cluster. Where they swap several
//! attributes, the effect of each is looked for among sentences that are alike in the others.

mod pairs;
mod sets;

use std::collections::BTreeSet;

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

use self::sets::{Set, Sets};

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

/// Measures score shift, flip rate and set coverage within the sets of an attribute, which is named by its place in the
/// cases. Empty where no set holds a case with a group of this attribute.
pub fn measure(
    cases: &Cases,
    attribute: usize,
    predictions: &Predictions,
    rules: &Rules,
) -> Vec<SetMeasured> {
    let groups = &cases.attributes[attribute].1;
    let sets = Sets::collect(cases, groups, &[attribute]);
    if sets.all.is_empty() {
        return Vec::new();
    }
    let swapped: BTreeSet<u32> = sets.all.iter().flat_map(Set::groups).collect();
    let complete = |set: &Set| {
        let compared: BTreeSet<u32> = set.together().flatten().collect();
        set.cases().all(|case| predictions.says(case)) && compared == swapped
    };
    // Where no swap failed, nothing shows that failures gather in templates; where some did, their templates tell.
    let some_failed = !sets.all.iter().all(complete);
    // Swaps of which none can be told from those of another attribute were applied, and yet nothing can be compared.
    let swaps = |set: &Set| set.groups().len() > 1;
    let told = |set: &Set| set.together().next().is_some();
    let measurable = sets.all.iter().any(told) || !sets.all.iter().any(swaps);
    let mut measured = vec![share(Measure::SetCoverage, &sets, rules, |set| {
        measurable.then(|| (set.cluster.filter(|_| some_failed), complete(set)))
    })];
    // Numbers have no label that could turn: how far they move is their shift.
    if !predictions.scheme.is_continuous() {
        measured.push(share(Measure::FlipRate, &sets, rules, |set| {
            Some((set.cluster, set.flips(predictions)?))
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

/// Score shifts alone, of groups that are combinations of those of several attributes, which are named by their places
/// in the cases.
pub fn shifts(
    cases: &Cases,
    (groups, attributes): (&Names, &[usize]),
    predictions: &Predictions,
    rules: &Rules,
) -> Vec<SetMeasured> {
    let sets = Sets::collect(cases, groups, attributes);
    let mut reworded = Reworded::default();
    shifted(cases, &sets, groups, predictions, rules, &mut reworded)
}

/// The shifts of each label and group, and of pairs of groups; none where there are no scores.
fn shifted(
    cases: &Cases,
    sets: &Sets,
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
        let members = sets.all.iter().flat_map(Set::cases);
        let (least, most) = members.filter_map(score).fold(
            // A score is between 0 and 1 unless it shows otherwise.
            (0.0_f64, 1.0_f64),
            |(least, most), score| (least.min(score), most.max(score)),
        );
        for (code, name) in groups.names().iter().enumerate() {
            let shift = |set: &Set| set.shift(code as u32, score);
            reworded.add(&sets.all, most - least, shift);
            let (n, clusters, result) = mean_shift(sets, shift, most - least, rules);
            measured.push(SetMeasured {
                measure: Measure::ScoreShift,
                label: Some(*label),
                group: Some(name.clone()),
                other: None,
                n,
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
        let mut first: Vec<Option<u32>> = vec![None; sets.names().len()];
        let mut members = sets.codes().iter().zip(groups.codes());
        members.any(|(set, group)| match (set, group) {
            (Some(set), Some(group)) => *first[*set as usize].get_or_insert(*group) != *group,
            _ => false,
        })
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

fn share(
    measure: Measure,
    sets: &Sets,
    rules: &Rules,
    happened: impl Fn(&Set) -> Option<(Option<u32>, bool)>,
) -> SetMeasured {
    let slice = Slice::new(sets.all.iter().filter_map(happened));
    let result = if slice.total() == 0 {
        let detail = format!("no set has two answers{}", sets.alike());
        Err(Undefined::new(Reason::NoPairs, detail))
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

/// How many sets have a shift, in how many clusters, and the mean of their shifts with a t interval over clusters, which
/// for sets that are clusters of their own is the paired t test. The effect is the mean over the standard deviation
/// between clusters (Cohen's d of paired values).
fn mean_shift(
    sets: &Sets,
    shift: impl Fn(&Set) -> Option<f64>,
    range: f64,
    rules: &Rules,
) -> (u64, u64, Result<Estimate, Undefined>) {
    let shifts = sets.all.iter();
    let shifts: Vec<(Option<u32>, f64)> = shifts
        .filter_map(|set| Some((set.cluster, shift(set)?)))
        .collect();
    if shifts.is_empty() {
        let alike = sets.alike();
        let detail = format!("no set has scores for this group and another{alike}");
        return (0, 0, Err(Undefined::new(Reason::NoPairs, detail)));
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
            others: distribution_free(&values.sums(), rules.seed),
            ..t
        })
    });
    let mean = sum_of_means(&[(1.0, &values)], (-range, range), rules.level);
    let n = shifts.len() as u64;
    (n, clusters, mean.map(|mean| Estimate { test, ..mean }))
}
