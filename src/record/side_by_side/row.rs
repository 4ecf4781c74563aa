//! One question put to two models: what changed, by how much, and what is left of that among all that were looked at.

use super::{PAIRED_CASES, RECORD_INTERVALS, Row};
use crate::measure::change::Releases;
use crate::measure::{Comparison as ComparedWith, Direction, Measurement};
use crate::record::build::{measurement as wire, value};
use crate::stats::difference::{difference, distance_from_zero, p_of_none};
use crate::stats::multiplicity::Discovery;
use crate::stats::{Estimate, Reason, Undefined};

/// What became of one measurement; the outcome is that of a single look until [`correct`] has seen all.
pub(super) fn row(
    before: Option<&Measurement>,
    after: Option<&Measurement>,
    other: usize,
    releases: Option<&Releases<'_>>,
) -> Option<Row> {
    let about = wire(before.or(after)?);
    let measure = before.or(after)?.measure;
    let own = measure.page().direction;
    let direction = match before.or(after)?.comparison {
        None | Some(ComparedWith::WithinSets(_) | ComparedWith::WithinSetsToGroup(..)) => own,
        _ if own == Direction::Neither => own,
        Some(ComparedWith::Gap(_)) => Direction::Lower,
        _ => Direction::Zero,
    };
    let nearer = direction == Direction::Zero;
    let result = |measurement: Option<&Measurement>, record: usize| match measurement {
        Some(measurement) => measurement.result.clone(),
        None => Err(Undefined::new(
            Reason::NotApplicable,
            format!("record {record} does not hold it"),
        )),
    };
    let (first, second) = (result(before, 1), result(after, other));
    // What is not shown of either by itself is not shown paired.
    let paired = match (&first, &second) {
        (Ok(_), Ok(_)) => releases
            .zip(after)
            .and_then(|(releases, of)| releases.paired(of)),
        _ => None,
    };
    let paired_n = paired.as_ref().map(|paired| paired.n);
    let change = match (paired, &first, &second) {
        (Some(paired), ..) => paired.result,
        (_, Ok(before), Ok(after)) if nearer => Ok(difference(
            &distance_from_zero(after),
            &distance_from_zero(before),
        )),
        (_, Ok(before), Ok(after)) => Ok(difference(after, before)),
        (_, Err(reason), _) | (_, _, Err(reason)) => Err(reason.clone()),
    }
    .map(Estimate::rounded);
    Some(Row {
        measure: about.measure,
        label: about.label,
        slice: about.slice,
        comparison: about.comparison,
        of: if nearer {
            "distance-from-zero"
        } else {
            "value"
        },
        first_n: before.map_or(0, |measurement| measurement.n),
        first: value(&first),
        other_n: after.map_or(0, |measurement| measurement.n),
        other: value(&second),
        p: change.as_ref().ok().map(p_of_none),
        adjusted_p: None,
        outcome: change
            .as_ref()
            .map_or("not-measured", |change| outcome(direction, change.value)),
        change: value(&change),
        basis: paired_n.map_or(RECORD_INTERVALS, |_| PAIRED_CASES),
        paired_n,
    })
}

/// Whether a comparison within a record can itself be compared: ratios say what differences say, what was drawn
/// together or searched for follows from the others, and a change is a comparison of records already.
pub(super) fn is_compared(comparison: Option<&ComparedWith>) -> bool {
    match comparison {
        None
        | Some(
            ComparedWith::WithinSets(_)
            | ComparedWith::WithinSetsToGroup(..)
            | ComparedWith::DifferenceToOthers
            | ComparedWith::DifferenceToGroup(_)
            | ComparedWith::DifferenceGiven(_)
            | ComparedWith::Gap(_),
        ) => true,
        Some(
            ComparedWith::RatioToOthers
            | ComparedWith::RatioToGroup(_)
            | ComparedWith::WorstDifference
            | ComparedWith::Shrunken
            | ComparedWith::GapByChance(_)
            | ComparedWith::Change(_)
            | ComparedWith::PairedChange
            | ComparedWith::DifferenceToModel(_),
        ) => false,
    }
}

fn outcome(direction: Direction, change: f64) -> &'static str {
    match direction {
        Direction::Neither => "changed",
        Direction::Higher if change > 0.0 => "better",
        Direction::Lower | Direction::Zero if change < 0.0 => "better",
        _ => "worse",
    }
}

/// Takes back what chance alone could show among so many looks: a comparison explores, so that the share of false
/// claims is bounded and not the chance of a single one.
pub(super) fn correct(rows: &mut [Row], correction: Discovery, level: f64) {
    let p_values: Vec<f64> = rows.iter().filter_map(|row| row.p).collect();
    let adjusted = correction.adjust(&p_values);
    for (row, p) in rows.iter_mut().filter(|row| row.p.is_some()).zip(adjusted) {
        row.adjusted_p = Some(p);
        if p > 1.0 - level {
            row.outcome = "undecided";
        }
    }
}
