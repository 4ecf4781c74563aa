//! Groups of the people who labelled: how far those of a group agree with each other, and with the others.

use std::collections::BTreeMap;

use super::lookup::Lookup;
use super::site::PEOPLE;
use super::table::{Cell, Table};
use super::words::Style;
use crate::measure::Measure;
use crate::record::v1::{Evaluation, Measurement};

/// Whether a measurement is about a group of raters, and not about cases or one rater.
pub fn is_of_group(lookup: Lookup<'_>, measurement: &Measurement) -> bool {
    let dataset = lookup.dataset(&measurement.dataset);
    let of_raters = |name: &String| {
        dataset.is_some_and(|dataset| {
            let mut attributes = dataset.rater_attributes.iter();
            attributes.any(|attribute| attribute.name == *name)
        })
    };
    measurement.model == PEOPLE && measurement.slice.keys().any(of_raters)
}

/// A row for each group of raters of the data that a model was judged on.
pub fn groups(lookup: Lookup<'_>, evaluation: &Evaluation) -> Option<Table> {
    let measurements = lookup.record.measurements.iter();
    let of_groups: Vec<&Measurement> = measurements
        .filter(|measurement| {
            measurement.dataset == evaluation.dataset
                && measurement.task == evaluation.task
                && is_of_group(lookup, measurement)
        })
        .collect();
    let mut slices: Vec<&BTreeMap<String, String>> = Vec::new();
    for measurement in &of_groups {
        if !slices.contains(&&measurement.slice) {
            slices.push(&measurement.slice);
        }
    }
    let mut table = Table::new(
        "Who labelled: how far raters of a group agree with each other, and with all other raters whose group is known. 1 is full agreement, 0 what chance gives. Neither says why. The intervals are about other cases with the same raters.",
        &[
            "Raters of the group",
            "#agree with each other",
            "#Cases that two of them rated",
            "#agree with the others",
            "#Cases that both sides rated",
        ],
    );
    for slice in slices {
        let of = |measure: Measure| {
            let mut of_groups = of_groups.iter();
            of_groups.find(|one| one.measure == measure.id() && one.slice == *slice)
        };
        let cells = |measure: Measure| match of(measure) {
            Some(found) => [Cell::value(&found.value, Style::Plain), Cell::cases(found)],
            None => [Cell::optional(None, Style::Plain), Cell::text("")],
        };
        let names: Vec<String> = slice
            .iter()
            .map(|(name, group)| {
                let title = lookup.attribute_title(&evaluation.dataset, name);
                format!("{title}: {group}")
            })
            .collect();
        let [alpha, shared] = cells(Measure::HumanAlpha);
        let [kappa, crossed] = cells(Measure::HumanCrossKappa);
        let name = Cell::text(names.join(", "));
        table.row(vec![name, alpha, shared, kappa, crossed]);
    }
    (!table.rows.is_empty()).then_some(table)
}
