//! Values of groups drawn towards what all groups have in common, beside the raw ones: what a small group's value would
//! be believed to be by somebody who also knows the others.

use super::super::Measure;
use super::worst::share_clusters;
use super::{Group, GroupMeasured};
use crate::measure::Comparison;
use crate::measure::quality::Measured;
use crate::measure::slice::Slice;
use crate::stats::shrinkage::shrink;
use crate::stats::simultaneous::standard_errors;
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::Outcome;

/// Adds the shrunken value of accuracy and skill to every group. Only values that are shown are drawn to each other:
/// what is suppressed must not be worked out from what the others move by. Groups that come in the same clusters err
/// together, which shrinkage takes for what is true of all: there the interval held 86 %, and there is none.
pub(super) fn add(
    measured: &mut [Vec<GroupMeasured>],
    groups: &[Group],
    accuracy: Measure,
    level: f64,
) {
    let slices: Vec<&Slice<Outcome>> = groups.iter().map(|group| &group.slice).collect();
    let share = share_clusters(&slices);
    for measure in [accuracy, Measure::Skill] {
        let of_group = |group: &Vec<GroupMeasured>| {
            let mut values = group.iter();
            let value = values.find(|value| {
                value.comparison.is_none()
                    && value.measured.measure == measure
                    && value.measured.label.is_none()
            });
            value.map(|value| (value.measured.n, value.measured.result.clone()))
        };
        let raw: Vec<Option<(u64, Result<Estimate, Undefined>)>> =
            measured.iter().map(of_group).collect();
        let error = |estimate: &Estimate| {
            let width = estimate.interval.high - estimate.interval.low;
            (estimate.value, width / 2.0 / standard_errors(level))
        };
        let shown: Vec<(f64, f64)> = raw
            .iter()
            .flatten()
            .filter_map(|(_, result)| result.as_ref().ok().map(error))
            .collect();
        let shrunken = if share {
            let detail =
                "groups of the same clusters err together, and are not drawn to each other";
            Err(Undefined::new(Reason::NotApplicable, detail))
        } else {
            shrink(&shown, level)
        };
        let mut place = 0;
        for (group, raw) in measured.iter_mut().zip(raw) {
            let Some((n, raw)) = raw else { continue };
            let result = match (raw, &shrunken) {
                (Err(undefined), _) => Err(undefined),
                (Ok(_), Err(undefined)) => Err(undefined.clone()),
                (Ok(_), Ok(shrunken)) => {
                    place += 1;
                    within(shrunken.get(place - 1), measure)
                }
            };
            group.push(GroupMeasured {
                measured: Measured {
                    measure,
                    label: None,
                    n,
                    result,
                },
                comparison: Some(Comparison::Shrunken),
            });
        }
    }
}

/// A normal posterior may reach beyond what a measure can be.
fn within(estimate: Option<&Estimate>, measure: Measure) -> Result<Estimate, Undefined> {
    let (least, most) = measure.page().range;
    let nothing = || Undefined::new(Reason::NoCases, "no value to shrink");
    let mut estimate = estimate.cloned().ok_or_else(nothing)?;
    estimate.value = estimate.value.clamp(least, most);
    estimate.interval.low = estimate.interval.low.clamp(least, most);
    estimate.interval.high = estimate.interval.high.clamp(least, most);
    Ok(estimate)
}
