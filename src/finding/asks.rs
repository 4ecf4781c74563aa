//! Which measurements a gate asks about.

use super::Background;
use crate::measure::{Comparison, Measure, Measurement};
use crate::policy::{By, Gate, Of};
use crate::task::same_label;

/// Whether a gate asks about a measurement.
pub(super) fn asks(gate: &Gate, measurement: &Measurement, background: &Background) -> bool {
    if gate.measure != measurement.measure || gate.task.is_some_and(|task| task != measurement.task)
    {
        return false;
    }
    let within_sets = match &measurement.comparison {
        Some(Comparison::WithinSets(attribute) | Comparison::Change(Some(attribute))) => {
            Some(attribute.as_str())
        }
        _ => None,
    };
    let of = match &measurement.comparison {
        Some(Comparison::DifferenceToOthers) => Of::Difference,
        Some(Comparison::Change(_)) => Of::Change,
        Some(Comparison::WithinSets(_)) | None => Of::Value,
    };
    if of != gate.of {
        return false;
    }
    let of_group = !measurement.slice.is_empty();
    let of_label = measurement.label.is_some();
    let fits = match gate.by {
        By::Overall => !of_group && !of_label,
        By::Label => !of_group && of_label,
        // Score shifts are always about a label: asking by group asks about each.
        By::Group => {
            (of_group || within_sets.is_some())
                && (!of_label || gate.measure == Measure::ScoreShift)
        }
        By::LabelAndGroup => of_group && of_label,
    };
    let attribute = measurement
        .slice
        .first()
        .map(|(name, _)| name.as_str())
        .or(within_sets);
    let attribute_fits = attribute.is_none_or(|name| {
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
