//! The group that differs most to its disadvantage. Picking it out of many makes any difference look large: its interval
//! holds for all groups together.

use std::collections::BTreeSet;

use super::super::quality::Measured;
use super::super::slice::Slice;
use super::super::{Measure, Rules};
use super::suppression::Suppressed;
use super::{Group, Quantity, accuracy};
use crate::stats::Estimate;
use crate::stats::simultaneous::{each_to_others, sidak, standard_errors};
use crate::tally::{Evaluation, Outcome};

/// The worst group in accuracy and in skill, by its place: its difference to the others with an interval by max-T.
/// Nothing where fewer than two groups are shown and hold enough cases, as do the others of each.
pub fn worst(
    evaluation: &Evaluation,
    groups: &[Group],
    suppressed: &Suppressed,
    rules: &Rules,
) -> Vec<(usize, Measured)> {
    let skill = Quantity {
        measure: Measure::Skill,
        label: None,
    };
    [accuracy(evaluation), skill]
        .into_iter()
        .filter_map(|quantity| of(quantity, evaluation, groups, suppressed, rules))
        .collect()
}

fn of(
    quantity: Quantity,
    evaluation: &Evaluation,
    groups: &[Group],
    suppressed: &Suppressed,
    rules: &Rules,
) -> Option<(usize, Measured)> {
    let difference = |place: usize, level: f64| -> Option<Estimate> {
        let Group { slice, others, .. } = &groups[place];
        let linear = quantity.linear(&[slice, others], evaluation).ok()?;
        linear.difference(slice, others, level).ok()
    };
    // Where a difference is left out, the others make up one comparison less.
    let mut compared: Vec<(usize, f64)> = Vec::new();
    let mut spreads: Vec<(f64, f64)> = Vec::new();
    for (place, Group { slice, others, .. }) in groups.iter().enumerate() {
        let smaller = quantity.trials(slice).min(quantity.trials(others));
        if smaller < rules.min_n.max(1) || suppressed.hides(quantity.measure, None, place) {
            continue;
        }
        let value = quantity
            .linear(&[slice], evaluation)
            .and_then(|linear| linear.estimate(slice, rules.level));
        if let (Some(difference), Ok(value)) = (difference(place, rules.level), value) {
            let width = value.interval.high - value.interval.low;
            let error = width / 2.0 / standard_errors(rules.level);
            compared.push((place, difference.value));
            spreads.push((quantity.mass(slice), error * error));
        }
    }
    if compared.len() < 2 {
        return None;
    }
    let slices: Vec<&Slice<Outcome>> = groups.iter().map(|group| &group.slice).collect();
    let all = compared.len()
        == groups
            .iter()
            .filter(|group| quantity.trials(&group.slice) > 0)
            .count();
    // How the differences are correlated is known where groups are independent and make up all of the others.
    let single = if all && !share_clusters(&slices) {
        each_to_others(&spreads, rules.level, rules.seed).ok()?
    } else {
        sidak(compared.len(), rules.level)
    };
    let (place, _) = compared.into_iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let mut estimate = difference(place, single)?;
    // The limits of all groups hold together at this level.
    estimate.interval.level = rules.level;
    let measured = Measured {
        measure: quantity.measure,
        label: None,
        n: quantity.trials(&groups[place].slice),
        result: Ok(estimate),
    };
    Some((place, measured))
}

/// Whether a cluster lies in several groups.
pub(super) fn share_clusters(slices: &[&Slice<Outcome>]) -> bool {
    let mut seen = BTreeSet::new();
    slices.iter().any(|slice| {
        let own: BTreeSet<u64> = slice
            .by_cell()
            .map(|(cluster, ..)| cluster)
            .filter(|cluster| *cluster <= u64::from(u32::MAX))
            .collect();
        let shared = own.iter().any(|cluster| seen.contains(cluster));
        seen.extend(own);
        shared
    })
}
