//! Score shifts between two groups of the same sets: two groups may both be near the mean of the others, one above and
//! one below, and yet far from each other.

use std::collections::BTreeSet;

use super::{Set, SetMeasured, mean, mean_shift};
use crate::case::Names;
use crate::measure::{Measure, Rules};
use crate::stats::{Reason, Undefined};

/// Pairs grow with the square of the groups: those of more groups than this are not measured, which is said.
const MOST_GROUPS: usize = 40;

/// The mean difference of scores within the sets that hold both, for each two groups that occur together in sets. Of
/// two groups in all, the shift to the others is that difference already. `label` is the place of the label and the
/// range of its scores.
pub(super) fn measure(
    sets: &[Set],
    groups: &Names,
    (label, range): (usize, f64),
    score: impl Fn(usize) -> Option<f64>,
    rules: &Rules,
) -> Vec<SetMeasured> {
    let swapped: BTreeSet<u32> = together(sets).flatten().copied().collect();
    if swapped.len() <= 2 {
        return Vec::new();
    }
    let blank = SetMeasured {
        measure: Measure::ScoreShift,
        label: Some(label),
        group: None,
        other: None,
        n: 0,
        clusters: 0,
        result: Err(Undefined::new(
            Reason::NotApplicable,
            format!(
                "{} groups are swapped, and pairs are measured of {MOST_GROUPS} at most: swap fewer groups, or groups of groups",
                swapped.len()
            ),
        )),
    };
    if swapped.len() > MOST_GROUPS {
        return vec![blank];
    }
    let pairs: BTreeSet<(u32, u32)> = together(sets)
        .flat_map(|members| {
            let members: Vec<u32> = members.copied().collect();
            let pairs = members.iter().enumerate().flat_map(|(place, group)| {
                members[place + 1..].iter().map(|other| (*group, *other))
            });
            pairs.collect::<Vec<_>>()
        })
        .collect();
    let name = |group: u32| groups.names().get(group as usize).cloned();
    pairs
        .into_iter()
        .map(|(group, other)| {
            let differences: Vec<(Option<u32>, f64)> = sets
                .iter()
                .filter_map(|set| {
                    let own = mean(set.members.get(&group)?, &score)?;
                    let others = mean(set.members.get(&other)?, &score)?;
                    Some((set.cluster, own - others))
                })
                .collect();
            let (clusters, result) = mean_shift(&differences, range, rules.level, rules.seed);
            SetMeasured {
                group: name(group),
                other: name(other),
                n: differences.len() as u64,
                clusters,
                result,
                ..blank.clone()
            }
        })
        .collect()
}

/// The groups of each set that holds more than one.
fn together(sets: &[Set]) -> impl Iterator<Item = impl Iterator<Item = &u32>> {
    let sets = sets.iter().filter(|set| set.members.len() > 1);
    sets.map(|set| set.members.keys())
}
