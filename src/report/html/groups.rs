//! Groups: how well each is read, how it differs from the others, and what may be said of it.

use serde::Serialize;

use super::comparisons::{self, More};
use super::dimensions::{self, NO_VERDICT, is_of_numbers};
use super::lookup::{Lookup, Meeting, is_difference, numbers};
use super::multiples::{self, MultiplesView};
use super::table::{Cell, Table};
use super::verdicts;
use super::words::{self, Style};
use crate::record::v1::{Measurement, Value};
use crate::report::chart::{Axis, Chart, SERIES, Series};

/// Most groups of a chart; the table beside it holds more.
const CHARTED: usize = 14;

/// Most groups of a table.
const LISTED: usize = 100;

/// One attribute of one dataset, for every model.
#[derive(Serialize)]
pub struct AttributeView {
    heading: String,
    about: String,
    constructed: bool,
    multiples: Vec<MultiplesView>,
    models: Vec<GroupView>,
}

/// The groups of one attribute, for one model.
#[derive(Serialize)]
pub struct GroupView {
    heading: String,
    charts: Vec<Chart>,
    chart_note: String,
    table: Table,
    labels: Option<Table>,
    labels_note: String,
    more: Option<More>,
}

/// What is known of one group of an attribute.
pub struct GroupRow<'a> {
    /// The group.
    pub name: &'a str,
    /// Skill, or the measure in its place.
    pub value: &'a Measurement,
    /// The difference to the others, in the same measure where it is compared, else in accuracy.
    pub difference: Option<&'a Measurement>,
}

/// Every attribute with groups that were judged, constructed datasets last.
pub fn views(lookup: Lookup<'_>) -> Vec<AttributeView> {
    let meetings = lookup.meetings();
    let mut views = Vec::new();
    let mut datasets: Vec<&str> = Vec::new();
    for meeting in &meetings {
        let name = meeting.evaluation.dataset.as_str();
        if !datasets.contains(&name) {
            datasets.push(name);
        }
    }
    for dataset in datasets.into_iter().filter_map(|name| lookup.dataset(name)) {
        for attribute in &dataset.attributes {
            let here = meetings
                .iter()
                .filter(|meeting| meeting.evaluation.dataset == dataset.name);
            let models: Vec<GroupView> = here
                .enumerate()
                .filter_map(|(place, meeting)| {
                    view(
                        lookup,
                        *meeting,
                        &attribute.name,
                        &format!("groups-{}-{place}", views.len()),
                    )
                })
                .collect();
            if !models.is_empty() {
                let title = lookup.attribute_title(&dataset.name, &attribute.name);
                views.push(AttributeView {
                    heading: format!("{title} on {}", lookup.dataset_title(&dataset.name)),
                    about: format!(
                        "About {}; kind of difference: {}. Declared by the data.",
                        words::about(&attribute.about),
                        words::spaced(&attribute.kind)
                    ),
                    constructed: lookup.is_constructed(&dataset.name),
                    multiples: multiples::views(
                        lookup,
                        &dataset.name,
                        attribute,
                        &format!("multiples-{}", views.len()),
                    ),
                    models,
                });
            }
        }
    }
    views
}

/// The groups of an attribute, the lowest value first; groups without a value last.
pub fn rows<'a>(meeting: Meeting<'a>, attribute: &str) -> Vec<GroupRow<'a>> {
    let of_groups: Vec<&Measurement> = meeting
        .measurements()
        .filter(|m| m.label.is_none() && m.slice.len() == 1 && m.slice.contains_key(attribute))
        .filter(|m| m.comparison.is_none() || is_difference(m))
        .collect();
    let difference = |measures: &[&str], group: &str| {
        measures.iter().find_map(|measure| {
            of_groups.iter().copied().find(|m| {
                is_difference(m)
                    && m.measure == *measure
                    && m.slice.get(attribute).is_some_and(|g| g == group)
            })
        })
    };
    let mut rows: Vec<GroupRow<'a>> = of_groups
        .iter()
        .copied()
        .filter(|m| m.comparison.is_none() && m.measure == "skill")
        .filter_map(|value| {
            let name = value.slice.get(attribute)?;
            Some(GroupRow {
                name,
                value,
                difference: difference(&["skill", "subset-accuracy", "accuracy"], name),
            })
        })
        .collect();
    rows.sort_by(|a, b| {
        let key = |row: &GroupRow<'_>| {
            numbers(&row.value.value).map_or(f64::INFINITY, |(estimate, ..)| estimate)
        };
        key(a).total_cmp(&key(b))
    });
    rows
}

fn view(lookup: Lookup<'_>, meeting: Meeting<'_>, attribute: &str, key: &str) -> Option<GroupView> {
    let evaluation = meeting.evaluation;
    let heading = format!(
        "{}: {}",
        lookup.model_title(&evaluation.model),
        evaluation.task
    );
    if is_of_numbers(meeting) {
        return Some(GroupView {
            charts: Vec::new(),
            chart_note: String::new(),
            table: dimensions::by_group(meeting, attribute)?,
            labels: None,
            labels_note: NO_VERDICT.to_owned(),
            more: None,
            heading,
        });
    }
    let rows = rows(meeting, attribute);
    if rows.is_empty() {
        return None;
    }
    let title = lookup.attribute_title(&evaluation.dataset, attribute);
    let few = lookup.record.settings.min_n;
    let shown = &rows[..rows.len().min(CHARTED)];
    let listed = &rows[..rows.len().min(LISTED)];
    let caption = "Groups by skill, lowest first".to_owned();
    let labels_caption = "Skill and verdict by group and label".to_owned();
    let labels = verdicts::by_group(meeting, attribute, labels_caption);
    let (labels, labels_note) = match labels.map(Table::bearable) {
        Some(Ok(labels)) if !meeting.is_constructed() => (Some(labels), String::new()),
        Some(Err(instead)) => (None, instead),
        _ => (None, String::new()),
    };
    // Constructed sentences serve the identity swaps, which have pictures of their own.
    let constructed = meeting.is_constructed();
    let mut note = Vec::new();
    if !constructed && shown.len() < rows.len() {
        note.push(format!(
            "The charts show the {CHARTED} groups with the lowest values of {}.",
            rows.len()
        ));
    }
    if listed.len() < rows.len() {
        note.push(format!(
            "The table holds the {LISTED} groups with the lowest values of {}; the record holds all, and affect-audit \
             report audit.json --format csv -o audit.csv writes them.",
            rows.len()
        ));
    }
    Some(GroupView {
        charts: if constructed {
            Vec::new()
        } else {
            charts(lookup, meeting, shown, key, &format!("{title}, {heading}"))
        },
        chart_note: note.join(" "),
        table: table(meeting, listed, attribute, few, caption),
        labels,
        labels_note,
        more: (!constructed).then(|| comparisons::more(meeting, attribute)),
        heading,
    })
}

fn charts(
    lookup: Lookup<'_>,
    meeting: Meeting<'_>,
    rows: &[GroupRow<'_>],
    key: &str,
    title: &str,
) -> Vec<Chart> {
    let series = if meeting.evaluation.task == "emotion" {
        SERIES[0]
    } else {
        SERIES[1]
    };
    let axis = Axis::holding(-0.2, 1.0, 0.2, rows.iter().map(|row| &row.value.value));
    let whole = meeting
        .overall("skill", None)
        .and_then(|whole| numbers(&whole.value));
    let mut legend = vec![Series {
        class: series,
        label: "skill of the group".to_owned(),
    }];
    if let Some((estimate, ..)) = whole {
        legend.push(Series {
            class: "rule",
            label: format!("all cases together, {}", Style::Plain.number(estimate)),
        });
    }
    let mut values = super::contrast::thresholds(
        lookup,
        Chart::new(
            format!("{key}-value"),
            format!("Skill by group with intervals: {title}"),
            axis,
            legend,
        )
        .describe(
            "One mark with its interval for each group; the table below holds the same numbers.",
        ),
    );
    if let Some((estimate, ..)) = whole {
        values = values.guide(estimate, "", "whole", true);
    }
    for row in rows {
        values.row(
            row.name,
            &words::cases(row.value),
            ("", ""),
            &[(series, &row.value.value)],
        );
    }
    let mut charts = vec![values];
    if rows.iter().any(|row| row.difference.is_some()) {
        charts.push(differences(lookup, rows, series, key, title));
    }
    charts
}

fn differences(
    lookup: Lookup<'_>,
    rows: &[GroupRow<'_>],
    series: &'static str,
    key: &str,
    title: &str,
) -> Chart {
    let compared: Vec<(&GroupRow<'_>, &Measurement)> = rows
        .iter()
        .filter_map(|row| Some((row, row.difference?)))
        .collect();
    let axis = Axis::holding(
        -0.3,
        0.3,
        0.1,
        compared.iter().map(|(_, difference)| &difference.value),
    );
    let measure = compared
        .first()
        .map_or_else(String::new, |(_, difference)| {
            words::spaced(&difference.measure)
        });
    let mut legend = vec![Series {
        class: series,
        label: format!("difference in {measure} to the other groups"),
    }];
    let allowed = lookup.reliability("difference");
    if let Some(allowed) = allowed {
        legend.push(Series {
            class: "shade",
            label: format!("within ±{}", words::decimal(allowed, 2)),
        });
    }
    let mut chart = Chart::new(
        format!("{key}-difference"),
        format!("Difference of each group to the others, with intervals: {title}"),
        axis,
        legend,
    )
    .describe("One mark with its interval for each group; the table below holds the same numbers.");
    if let Some(allowed) = allowed {
        chart = chart.band(-allowed, allowed);
    }
    chart = chart
        .guide(0.0, "worse", "zero", true)
        .guide(0.0, "better", "zero", false);
    for (row, difference) in compared {
        chart.row(
            row.name,
            &words::cases(row.value),
            ("", ""),
            &[(series, &difference.value)],
        );
    }
    chart
}

fn table(
    meeting: Meeting<'_>,
    rows: &[GroupRow<'_>],
    attribute: &str,
    few: u64,
    caption: String,
) -> Table {
    let measure = rows.iter().find_map(|row| row.difference).map_or_else(
        || "skill".to_owned(),
        |difference| words::spaced(&difference.measure),
    );
    let difference_head = format!("#Difference in {measure} to the others");
    let mut table = Table::new(
        caption,
        &["Group", "#Cases", "#Skill", &difference_head, "Verdict"],
    );
    for row in rows {
        let verdict = meeting.verdicts(true).find(|v| {
            v.label.is_none()
                && v.slice.len() == 1
                && v.slice
                    .get(attribute)
                    .is_some_and(|group| group == row.name)
        });
        let enough = row.value.cases().is_none_or(|n| n >= few);
        let too_few = format!("fewer than {few} cases: nothing is claimed");
        table.row(vec![
            Cell::text(row.name),
            Cell::cases(row.value),
            Cell::value(&row.value.value, Style::Plain),
            match row.difference.map(|difference| &difference.value) {
                Some(value @ Value::Defined { .. }) => Cell::value(value, Style::Signed),
                _ if !enough => Cell::absent(too_few.clone()),
                other => Cell::optional(other, Style::Signed),
            },
            match verdict {
                Some(verdict) if enough => {
                    Cell::verdict(&verdict.verdict).note(verdicts::reasons_of_group(verdict))
                }
                Some(verdict) => Cell::verdict(&verdict.verdict).note(too_few),
                None => Cell::absent("not judged"),
            },
        ]);
    }
    table
}
