//! Changes from a baseline in a bundle, as far as they can be checked without the record of then and its answers: that
//! each value that a gate asks about has its change and no other, and that some value of then could make it.

use super::content::otherwise;
use super::{Fault, RECORD, inside_of};
use crate::diagnostic::quote;
use crate::measure::change::{changes, same_change};
use crate::measure::{Comparison, Direction, Measurement};
use crate::policy::Policy;
use crate::record::{Record, v1};
use crate::stats::Estimate;
use crate::stats::difference::distance_from_zero;

/// How far limits may be off by the rounding of the record.
const ROUNDING: f64 = 1e-9;

/// Whether a measurement is a change from a baseline.
pub(super) fn is_change(of: &Measurement) -> bool {
    let kind = of.comparison.as_ref();
    kind.is_some_and(|kind| matches!(kind, Comparison::Change(_) | Comparison::PairedChange))
}

/// Checks the changes of a record.
pub(super) fn changes_hold(
    name: &str,
    record: &Record,
    policy: &Policy,
    measurements: &[Measurement],
) -> Result<(), Fault> {
    let wrong = |message: String| {
        let place = inside_of(name, RECORD).key("measurements");
        Err(otherwise(record, "bundle/change", place, message))
    };
    let recorded = measurements.iter().filter(|one| is_change(one));
    let Some(baseline) = &record.baseline else {
        return match recorded.count() {
            0 => Ok(()),
            _ => wrong("the record holds changes, and names no baseline".to_owned()),
        };
    };
    let values: Vec<Measurement> = measurements
        .iter()
        .filter(|one| !is_change(one))
        .cloned()
        .collect();
    // Against nothing, each value that would have a change comes out as one without a value.
    let asked = changes(&values, &[], &policy.change_measures(), &[]);
    let mut recorded = recorded.peekable();
    for expected in &asked {
        let about = || {
            let label = expected.label.as_deref();
            let label = label.map_or_else(|| "all labels".to_owned(), quote);
            let group: Vec<&str> = expected
                .slice
                .iter()
                .map(|(_, group)| group.as_str())
                .collect();
            format!(
                "the change in {} of {label} ({}) with {}",
                expected.measure.page().title.to_lowercase(),
                match group.is_empty() {
                    true => "all cases".to_owned(),
                    false => quote(&group.join(", ")),
                },
                quote(&expected.model)
            )
        };
        let Some(change) = recorded.next_if(|one| same_change(one, expected)) else {
            return wrong(format!("{} is lacking", about()));
        };
        let now = values.iter().find(|one| is_value_of(one, expected));
        let Some(now) = now else {
            continue;
        };
        if let Some(fault) = fault(record, baseline, change, now) {
            return wrong(format!("{} {fault}", about()));
        }
    }
    // What was measured then and is not now has no change, and says so.
    let left_out = |one: &&Measurement| {
        let now = values.iter().any(|value| is_value_of(value, one));
        one.result.is_err() && one.n == 0 && !now
    };
    match recorded.find(|one| !left_out(one)) {
        None => Ok(()),
        Some(_) => wrong("the record holds changes that no gate asks for".to_owned()),
    }
}

/// Whether a measurement is the value whose change another is.
fn is_value_of(one: &Measurement, change: &Measurement) -> bool {
    let within = match (&one.comparison, &change.comparison) {
        (None, Some(Comparison::Change(None))) => true,
        (Some(Comparison::WithinSets(one)), Some(Comparison::Change(Some(other)))) => one == other,
        _ => false,
    };
    within
        && (&one.model, &one.dataset, one.task, one.measure)
            == (&change.model, &change.dataset, change.task, change.measure)
        && (&one.label, &one.slice) == (&change.label, &change.slice)
}

/// Why a change cannot be one of this value, where it cannot.
fn fault(
    record: &Record,
    baseline: &v1::Baseline,
    change: &Measurement,
    now: &Measurement,
) -> Option<&'static str> {
    let is_paired = change.comparison == Some(Comparison::PairedChange);
    let is_of_model = record.models.iter().any(|model| model.name == change.model);
    if is_of_model && !baseline.models.contains_key(&change.model) {
        return Some("is of a model that the baseline does not hold");
    }
    if is_paired && !baseline.predictions.contains_key(&change.model) {
        return Some("is paired with answers of then that the record does not name");
    }
    let Ok(of) = &change.result else {
        return None;
    };
    let Ok(value) = &now.result else {
        return Some("has a value, and there is none now that could have changed");
    };
    let judged = record.evaluations.iter().filter(|one| {
        (&one.model, &one.dataset) == (&change.model, &change.dataset)
            && one.task == change.task.as_str()
    });
    let most = match is_paired {
        // A label may be paired on more cases than carry it.
        true => judged.map(|one| one.judged).max().unwrap_or(now.n),
        false => now.n,
    };
    if change.n > most {
        return Some("rests on more cases than were judged");
    }
    let (interval, page) = (of.interval, now.measure.page());
    let level = match is_paired {
        true => record.settings.level,
        false => value.interval.level,
    };
    if (interval.level - level).abs() > ROUNDING {
        return Some("has an interval of another level than the audit");
    }
    if !(interval.low - ROUNDING..=interval.high + ROUNDING).contains(&of.value) {
        return Some("lies outside its own interval");
    }
    let (low, high) = page.range;
    if is_paired {
        let beyond = of.value.abs() > high - low + ROUNDING;
        return beyond.then_some("is larger than the measure allows");
    }
    let (value, range) = match page.direction {
        Direction::Zero => (distance_from_zero(value), (0.0, high.max(-low))),
        _ => (value.clone(), (low, high)),
    };
    unpaired(of, &value, range)
}

/// Why no value of then makes this difference, taken as independent: it would lie outside the range of the measure, or
/// the difference would be surer than the value of now is by itself.
fn unpaired(change: &Estimate, now: &Estimate, (low, high): (f64, f64)) -> Option<&'static str> {
    let then = now.value - change.value;
    let within = |value: f64| (low - ROUNDING..=high + ROUNDING).contains(&value);
    if within(now.value) && !within(then) {
        return Some("takes a value of then that the measure cannot have");
    }
    let reach = |of: &Estimate| (of.value - of.interval.low, of.interval.high - of.value);
    let ((below, above), (own_below, own_above)) = (reach(change), reach(now));
    let surer = below < own_below - ROUNDING || above < own_above - ROUNDING;
    surer.then_some("is surer than the value of now by itself")
}
