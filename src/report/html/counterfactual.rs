//! Counterfactual sets: sentences that differ only in who they are about, and what that does to the answers.

mod pairs;

use std::collections::BTreeMap;

use serde::Serialize;

use super::lookup::{Lookup, numbers};
use super::table::{Cell, Table};
use super::words::{self, Style};
use crate::diagnostic::thousands;
use crate::record::v1::{Evaluation, Measurement, Value, WITHIN_SETS_TO_GROUP};
use crate::report::chart::{Axis, Chart, SERIES, Series};

/// How many of the score shifts of an attribute stand in the open.
const LARGEST: usize = 3;

/// The sets of one dataset.
#[derive(Serialize)]
pub struct SetsView {
    heading: String,
    intro: String,
    chart: Option<Chart>,
    flips: Table,
    wordings: Option<Table>,
    shifts: Vec<ShiftView>,
}

/// The score shifts of one attribute.
#[derive(Serialize)]
struct ShiftView {
    heading: String,
    intro: String,
    largest: Option<Table>,
    pairs: Option<Table>,
    all: Vec<Table>,
    all_notes: Vec<String>,
}

/// Every dataset with counterfactual measurements.
pub fn views(lookup: Lookup<'_>) -> Vec<SetsView> {
    let datasets = &lookup.record.datasets;
    datasets
        .iter()
        .zip(1..)
        .filter_map(|(dataset, number)| view(lookup, &dataset.name, number))
        .collect()
}

/// The attribute within whose sets a measurement compares.
pub fn attribute_of(measurement: &Measurement) -> Option<&str> {
    let to = measurement
        .comparison
        .as_ref()
        .filter(|to| to.kind == "within-sets" || to.kind == WITHIN_SETS_TO_GROUP)?;
    to.attribute.as_deref()
}

/// The group that another of the same sets is compared with, where a measurement compares two.
pub fn other_group(measurement: &Measurement) -> Option<&str> {
    attribute_of(measurement)?;
    measurement.comparison.as_ref()?.group.as_deref()
}

/// The name of the group that a measurement is of, or of the combination of groups.
fn group_of(measurement: &Measurement) -> String {
    let groups: Vec<&str> = measurement.slice.values().map(String::as_str).collect();
    groups.join(" and ")
}

/// The group that a measurement is about, and the other where it compares two.
pub fn groups(measurement: &Measurement) -> String {
    let slice = words::slice(&measurement.slice);
    match other_group(measurement) {
        Some(other) => format!("{slice} minus {other}"),
        None => slice,
    }
}

fn view(lookup: Lookup<'_>, dataset: &str, number: usize) -> Option<SetsView> {
    let mut by_attribute: BTreeMap<&str, Vec<&Measurement>> = BTreeMap::new();
    for measurement in lookup
        .record
        .measurements
        .iter()
        .filter(|measurement| measurement.dataset == dataset)
    {
        if let Some(attribute) = attribute_of(measurement) {
            by_attribute.entry(attribute).or_default().push(measurement);
        }
    }
    if by_attribute.is_empty() {
        return None;
    }
    let sets = lookup.dataset(dataset).and_then(|dataset| dataset.sets);
    Some(SetsView {
        heading: lookup.dataset_title(dataset).to_owned(),
        intro: sets.map_or_else(String::new, |sets| {
            format!(
                "{}. Where sets share a template, the template is what the intervals count.",
                words::counted(
                    sets,
                    "set of sentences that differ in who they are about",
                    "sets of sentences that differ in who they are about"
                )
            )
        }),
        chart: chart(lookup, &by_attribute, dataset, number),
        flips: flips(lookup, &by_attribute, dataset),
        wordings: wordings(lookup, &by_attribute, dataset),
        shifts: by_attribute
            .iter()
            .filter_map(|(attribute, measurements)| {
                shifts(lookup, dataset, attribute, measurements)
            })
            .collect(),
    })
}

/// The models that answered on a dataset, in the order of the record.
fn answering<'a>(lookup: Lookup<'a>, dataset: &str) -> Vec<&'a Evaluation> {
    lookup
        .record
        .evaluations
        .iter()
        .filter(|evaluation| evaluation.dataset == dataset)
        .collect()
}

fn of<'a>(
    measurements: &[&'a Measurement],
    measure: &str,
    by: &Evaluation,
) -> Option<&'a Measurement> {
    measurements.iter().copied().find(|m| {
        m.measure == measure && m.label.is_none() && m.model == by.model && m.task == by.task
    })
}

/// A kind of mark for each model: the one that stands for its task elsewhere on the page, where that is free.
fn series<'a>(models: &[&'a Evaluation]) -> Option<Vec<(&'static str, &'a Evaluation)>> {
    let mut free = SERIES.to_vec();
    let mut taken = Vec::new();
    for model in models {
        let wanted = if model.task == "emotion" {
            SERIES[0]
        } else {
            SERIES[1]
        };
        let place = free.iter().position(|class| *class == wanted);
        let place = place.or_else(|| free.len().checked_sub(1))?;
        taken.push((free.remove(place), *model));
    }
    Some(taken)
}

fn chart(
    lookup: Lookup<'_>,
    by_attribute: &BTreeMap<&str, Vec<&Measurement>>,
    dataset: &str,
    number: usize,
) -> Option<Chart> {
    let models = series(&answering(lookup, dataset))?;
    let rows: Vec<(String, Vec<(&'static str, &Value)>)> = by_attribute
        .iter()
        .map(|(attribute, measurements)| {
            let flip = |by| Some(&of(measurements, "flip-rate", by)?.value);
            let marks = models
                .iter()
                .filter_map(|(series, by)| Some((*series, flip(by)?)));
            (words::sentence(&words::spaced(attribute)), marks.collect())
        })
        // Of combinations only scores are compared.
        .filter(|(_, marks): &(String, Vec<_>)| !marks.is_empty())
        .collect();
    let values = rows
        .iter()
        .flat_map(|(_, marks)| marks.iter().map(|(_, value)| *value));
    let axis = Axis::holding(0.0, 0.2, 0.05, values);
    let legend = models
        .iter()
        .map(|(class, by)| Series {
            class,
            label: lookup.model_title(&by.model).to_owned(),
        })
        .collect();
    let title = format!(
        "Share of sets whose answer turns with the identity named, with intervals: {}",
        lookup.dataset_title(dataset)
    );
    let mut chart = Chart::new(format!("flips-{number}"), title, axis.in_percent(), legend).describe(
        "One row for each attribute, one mark for each model; the table below holds the same numbers.",
    );
    if let Some(most) = lookup.reliability("flip_rate") {
        chart = chart.guide(
            most,
            &format!("at most {}", words::percent(most)),
            "limit",
            false,
        );
    }
    for (label, marks) in &rows {
        chart.row(label, "", ("", ""), marks);
    }
    Some(chart)
}

fn flips(
    lookup: Lookup<'_>,
    by_attribute: &BTreeMap<&str, Vec<&Measurement>>,
    dataset: &str,
) -> Table {
    let mut table = Table::new(
        "Turned answers, and sets that could be compared",
        &[
            "Attribute",
            "Model",
            "#Answers that turn",
            "Gate",
            "#Sets",
            "#Independent",
            "#Sets that could be compared",
        ],
    );
    for (attribute, measurements) in by_attribute {
        for model in answering(lookup, dataset) {
            let Some(flip) = of(measurements, "flip-rate", model) else {
                continue;
            };
            let coverage = of(measurements, "set-coverage", model);
            table.row(vec![
                Cell::text(lookup.attribute_title(dataset, attribute)),
                Cell::text(lookup.model_title(&model.model)),
                Cell::value(&flip.value, Style::Share),
                lookup.finding(flip).map_or_else(
                    || Cell::absent("no gate asks"),
                    |finding| Cell::mark(&finding.outcome, words::outcome(&finding.outcome)),
                ),
                Cell::count(flip.n),
                Cell::count(flip.clusters),
                Cell::optional(coverage.map(|coverage| &coverage.value), Style::Share),
            ]);
        }
    }
    table
}

/// What single wordings would have shown.
fn wordings(
    lookup: Lookup<'_>,
    by_attribute: &BTreeMap<&str, Vec<&Measurement>>,
    dataset: &str,
) -> Option<Table> {
    let mut table = Table::new(
        "Had each template one wording only: how far score shifts differ between wordings, and how many conclusions about them would turn",
        &[
            "Attribute",
            "Model",
            "#Spread between wordings",
            "#Conclusions that turn",
            "#Wordings",
            "#Templates",
        ],
    );
    for (attribute, measurements) in by_attribute {
        for model in answering(lookup, dataset) {
            let Some(turns) = of(measurements, "wording-turns", model) else {
                continue;
            };
            let spread = of(measurements, "wording-spread", model);
            table.row(vec![
                Cell::text(lookup.attribute_title(dataset, attribute)),
                Cell::text(lookup.model_title(&model.model)),
                Cell::optional(spread.map(|spread| &spread.value), Style::Shift),
                Cell::value(&turns.value, Style::Share),
                Cell::count(turns.n),
                Cell::count(turns.clusters),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// How far from zero the whole interval lies.
pub fn proven_size(measurement: &Measurement) -> f64 {
    numbers(&measurement.value).map_or(0.0, |(_, low, high)| low.max(-high).max(0.0))
}

fn shifts(
    lookup: Lookup<'_>,
    dataset: &str,
    attribute: &str,
    measurements: &[&Measurement],
) -> Option<ShiftView> {
    let shifts: Vec<&Measurement> = measurements
        .iter()
        .copied()
        .filter(|m| m.measure == "score-shift" && !m.slice.is_empty() && other_group(m).is_none())
        .collect();
    if shifts.is_empty() {
        return None;
    }
    let mut proven: Vec<&Measurement> = shifts
        .iter()
        .copied()
        .filter(|m| proven_size(m) > 0.0)
        .collect();
    proven.sort_by(|a, b| proven_size(b).total_cmp(&proven_size(a)));
    let title = lookup.attribute_title(dataset, attribute);
    let mut largest = Table::new(
        "The largest proven score shifts",
        &["Group", "Score of", "Model", "#Shift", "#Sets"],
    );
    for shift in proven.iter().take(LARGEST) {
        largest.row(vec![
            Cell::text(group_of(shift)),
            Cell::text(shift.label.clone().unwrap_or_default()),
            Cell::text(lookup.model_title(&shift.model)),
            Cell::value(&shift.value, Style::Shift),
            Cell::count(shift.n),
        ]);
    }
    let (mut all, mut all_notes) = (Vec::new(), Vec::new());
    for by in answering(lookup, dataset) {
        match grid(lookup, by, &shifts).map(Table::bearable) {
            Some(Ok(table)) => all.push(table),
            Some(Err(instead)) => all_notes.push(instead),
            None => {}
        }
    }
    Some(ShiftView {
        intro: format!(
            "{} of {} lie wholly on one side of zero, each taken by itself.",
            thousands(proven.len() as u64),
            words::counted(shifts.len() as u64, "score shift", "score shifts")
        ),
        largest: (!largest.rows.is_empty()).then_some(largest),
        pairs: pairs::table(lookup, measurements),
        all,
        all_notes,
        heading: title,
    })
}

/// All shifts of one model: groups down, labels across.
fn grid(lookup: Lookup<'_>, by: &Evaluation, shifts: &[&Measurement]) -> Option<Table> {
    let shifts: Vec<&Measurement> = shifts
        .iter()
        .copied()
        .filter(|m| m.model == by.model && m.task == by.task)
        .collect();
    let mut labels: Vec<&str> = Vec::new();
    let mut groups: Vec<(String, u64)> = Vec::new();
    for shift in &shifts {
        let (label, group) = (shift.label.as_deref()?, group_of(shift));
        if !labels.contains(&label) {
            labels.push(label);
        }
        if !groups.iter().any(|(name, _)| *name == group) {
            groups.push((group, shift.n));
        }
    }
    let numeric: Vec<String> = labels.iter().map(|label| format!("#{label}")).collect();
    let mut heads = vec!["Group", "#Sets"];
    heads.extend(numeric.iter().map(String::as_str));
    let mut table = Table::new(
        format!("All score shifts of {}", lookup.model_title(&by.model)),
        &heads,
    );
    for (group, n) in &groups {
        let mut cells = vec![Cell::text(group.clone()), Cell::count(*n)];
        cells.extend(labels.iter().map(|label| {
            let mut shifts = shifts.iter();
            let shift = shifts.find(|m| m.label.as_deref() == Some(label) && group_of(m) == *group);
            Cell::optional(shift.map(|shift| &shift.value), Style::Shift)
        }));
        table.row(cells);
    }
    (!groups.is_empty()).then_some(table)
}
