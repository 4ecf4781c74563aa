//! Score shifts between two groups of the same sets: two groups may both be near the mean of the others, one above and
//! one below, and yet far from each other.

use std::collections::BTreeSet;

use super::sets::{Set, Sets};
use super::{SetMeasured, mean_shift};
use crate::case::Names;
use crate::diagnostic::quote;
use crate::measure::{Measure, Rules};
use crate::stats::{Reason, Undefined};

/// Pairs grow with the square of the groups: those of more groups than this are not measured, which is said.
const MOST_GROUPS: usize = 40;

/// The mean difference of scores within the sets that hold both in sentences otherwise alike, for each two groups that so
/// occur together, and what is missing where two never do. Of two groups in all, the shift to the others is that
/// difference already. `label` is the place of the label and the range of its scores.
pub(super) fn measure(
    sets: &Sets,
    groups: &Names,
    (label, range): (usize, f64),
    score: impl Fn(usize) -> Option<f64>,
    rules: &Rules,
) -> Vec<SetMeasured> {
    let groups_of = sets.all.iter().map(Set::groups);
    let swapped: BTreeSet<u32> = groups_of.filter(|held| held.len() > 1).flatten().collect();
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
    let together = sets.all.iter().flat_map(Set::together);
    let pairs: BTreeSet<(u32, u32)> = together
        .flat_map(|members| {
            let members: Vec<u32> = members.into_iter().collect();
            let pairs = members.iter().enumerate().flat_map(|(place, group)| {
                members[place + 1..].iter().map(|other| (*group, *other))
            });
            pairs.collect::<Vec<_>>()
        })
        .collect();
    let name = |group: u32| groups.names().get(group as usize).cloned();
    let apart = swapped
        .iter()
        .flat_map(|one| swapped.range(one + 1..).map(|other| (*one, *other)))
        .filter(|pair| !pairs.contains(pair))
        .collect::<Vec<_>>();
    // How far groups lie apart that no set holds both of is not known.
    let never = apart.first().map(|(one, other)| {
        let names = [*one, *other].map(|group| quote(&name(group).unwrap_or_default()));
        let more = match apart.len() {
            1 => String::new(),
            count => format!(", nor those of {} other pairs", count - 1),
        };
        let alike = sets.alike();
        let detail = format!(
            "no set holds both {} and {}{alike}{more}",
            names[0], names[1]
        );
        SetMeasured {
            result: Err(Undefined::new(Reason::NoPairs, detail)),
            ..blank.clone()
        }
    });
    let together = pairs.iter().copied().map(|(group, other)| {
        let difference = |set: &Set| set.difference((group, other), &score);
        let (n, clusters, result) = mean_shift(sets, difference, range, rules);
        SetMeasured {
            group: name(group),
            other: name(other),
            n,
            clusters,
            result,
            ..blank.clone()
        }
    });
    together.chain(never).collect()
}
