//! Which measurements a gate asks about.

use super::Background;
use crate::measure::{CAPABILITY, Comparison, Measure, Measurement};
use crate::policy::{By, Gate, Of};
use crate::task::same_label;

/// Whether a gate asks about a measurement.
pub(super) fn asks(gate: &Gate, measurement: &Measurement, background: &Background) -> bool {
    if gate.measure != measurement.measure || gate.task.is_some_and(|task| task != measurement.task)
    {
        return false;
    }
    let whole = whole(measurement);
    let of_fits = match &measurement.comparison {
        None | Some(Comparison::WithinSets(_) | Comparison::WithinSetsToGroup(..)) => {
            gate.of == Of::Value
        }
        Some(Comparison::DifferenceToOthers) => gate.of == Of::Difference,
        Some(Comparison::RatioToOthers) => gate.of == Of::Ratio,
        Some(Comparison::DifferenceToGroup(_)) => gate.of == Of::DifferenceToReference,
        Some(Comparison::RatioToGroup(_)) => gate.of == Of::RatioToReference,
        Some(Comparison::DifferenceGiven(_)) => gate.of == Of::DifferenceGiven,
        Some(Comparison::Gap(_)) => gate.of == Of::Gap,
        Some(Comparison::Change(_) | Comparison::PairedChange) => gate.of == Of::Change,
        // These say nothing that a gate could ask besides what the others say.
        Some(
            Comparison::WorstDifference
            | Comparison::Shrunken
            | Comparison::GapByChance(_)
            | Comparison::DifferenceToModel(_),
        ) => false,
    };
    if !of_fits {
        return false;
    }
    let attributes = measurement.slice.len();
    let of_label = measurement.label.is_some();
    let crossed = attributes > 1 && !is_functional(measurement);
    let of_one = attributes > 0 && !crossed;
    // Within sets, combinations are groups as others are.
    let within_sets = matches!(
        measurement.comparison,
        Some(Comparison::WithinSets(_) | Comparison::WithinSetsToGroup(..))
    );
    let of_group = of_one || whole.is_some() || within_sets;
    let fits = match gate.by {
        // A rate within sets is over all of them, though it names the attribute.
        By::Overall => attributes == 0 && !of_label && gate.of != Of::Gap,
        By::Label => attributes == 0 && of_label && gate.of != Of::Gap,
        // Score shifts are always about a label: asking by group asks about each.
        By::Group => of_group && (!of_label || gate.measure == Measure::ScoreShift),
        By::LabelAndGroup => (of_one || gate.of == Of::Gap) && of_label,
        By::Intersection => crossed && !of_label,
        By::LabelAndIntersection => crossed && of_label,
    };
    let attribute_fits = attributes_of(measurement).all(|name| {
        let kind = background.kind(&measurement.dataset, name);
        (gate.attributes.is_empty() || gate.attributes.iter().any(|wanted| wanted == name))
            && (gate.attribute_kinds.is_empty()
                || kind.is_some_and(|kind| gate.attribute_kinds.contains(&kind)))
    });
    let label_fits = gate.labels.is_empty()
        || measurement
            .label
            .as_ref()
            .is_some_and(|label| gate.labels.iter().any(|wanted| same_label(wanted, label)));
    let source = background.source(&measurement.dataset, measurement.task);
    let source_fits = gate.label_sources.is_empty()
        || source.is_none_or(|source| gate.label_sources.contains(&source));
    fits && attribute_fits && label_fits && source_fits
}

/// The attributes that a measurement is about.
pub(super) fn attributes_of(measurement: &Measurement) -> impl Iterator<Item = &str> {
    let functional = is_functional(measurement);
    let names = measurement.slice.iter().map(|(name, _)| name.as_str());
    names
        .filter(move |name| !functional || *name == CAPABILITY)
        .chain(whole(measurement).filter(|_| measurement.slice.len() < 2))
}

/// What compares groups as a whole names their attribute, and no group.
fn whole(measurement: &Measurement) -> Option<&str> {
    match &measurement.comparison {
        Some(
            Comparison::WithinSets(attribute)
            | Comparison::Gap(attribute)
            | Comparison::Change(Some(attribute)),
        ) => Some(attribute),
        _ => None,
    }
}

/// Functional tests are named by capability and expectation, which together are one group: that of the capability.
fn is_functional(measurement: &Measurement) -> bool {
    let mut names = measurement.slice.iter();
    names.any(|(name, _)| name == CAPABILITY)
}
