//! Every measure in detail, for those who compare models: tables, curves over how sure a model is, and confusions.

use serde::Serialize;

use super::lookup::{Lookup, Meeting};
use super::raters;
use super::site::PEOPLE;
use super::table::{Cell, Table};
use super::words::{self, Style};
use crate::measure::Measure;
use crate::record::v1::{Confusion, Curve, Evaluation, Failing, Interval, Measurement, Value};
use crate::report::chart::{Axis, Chart, SERIES, Series};

/// One model on one dataset.
#[derive(Serialize)]
pub struct DetailView {
    heading: String,
    measures: Option<Table>,
    labels: Vec<Table>,
    labels_note: String,
    people: Option<Table>,
    raters: Option<Table>,
    curves: Vec<Chart>,
    confusions: Option<Table>,
    confusion: Option<Table>,
    failing: Option<Table>,
    failing_note: String,
}

/// Every model on every dataset whose answers were judged.
pub fn views(lookup: Lookup<'_>) -> Vec<DetailView> {
    let spoken_for = lookup.meetings().iter().any(|one| !one.is_constructed());
    let view = |(place, meeting): (usize, Meeting<'_>)| {
        let evaluation = meeting.evaluation;
        // Constructed sentences serve the identity swaps and functional tests, which have sections of their own.
        let constructed = meeting.is_constructed() && spoken_for;
        let (labels, labels_note) = match by_label(meeting).map(Table::bearable) {
            Some(_) if constructed => (
                Vec::new(),
                "These sentences were constructed: their curves and the measures of each label are left to the record."
                    .to_owned(),
            ),
            Some(Ok(table)) => (vec![table], String::new()),
            Some(Err(note)) => (Vec::new(), note),
            None => (Vec::new(), String::new()),
        };
        let (failing, failing_note) = failing(evaluation);
        let curves = evaluation.curves.iter();
        DetailView {
            heading: format!(
                "{} on {}: {}",
                lookup.model_title(&evaluation.model),
                lookup.dataset_title(&evaluation.dataset),
                evaluation.task
            ),
            measures: measures(meeting),
            labels,
            labels_note,
            people: people(lookup, evaluation),
            raters: raters::groups(lookup, evaluation),
            curves: curves
                .filter(|_| !constructed)
                .filter_map(|curve| chart(curve, place))
                .collect(),
            confusions: evaluation.confusion.as_ref().and_then(confused_most),
            confusion: evaluation.confusion.as_ref().and_then(confusion),
            failing,
            failing_note,
        }
    };
    lookup
        .meetings()
        .into_iter()
        .enumerate()
        .map(view)
        .collect()
}

fn title(measure: &str) -> &str {
    Measure::parse(measure).map_or(measure, |measure| measure.page().title)
}

fn direction(measure: &str) -> &'static str {
    use crate::measure::Direction;
    match Measure::parse(measure).map(|measure| measure.page().direction) {
        Some(Direction::Higher) => "higher",
        Some(Direction::Lower) => "lower",
        Some(Direction::Zero) => "nearer to zero",
        Some(Direction::Neither) | None => "",
    }
}

fn of_all<'a>(
    measurements: impl Iterator<Item = &'a Measurement>,
    label: bool,
) -> Vec<&'a Measurement> {
    measurements
        .filter(|measurement| {
            measurement.slice.is_empty()
                && measurement.comparison.is_none()
                && measurement.label.is_some() == label
        })
        .collect()
}

/// Every measure over all cases.
fn measures(meeting: Meeting<'_>) -> Option<Table> {
    let mut table = Table::new(
        "All measures over all cases",
        &[
            "Measure",
            "#Value",
            "Better is",
            "#Cases",
            "How the interval was found",
        ],
    );
    for measurement in of_all(meeting.measurements(), false) {
        let method = match &measurement.value {
            Value::Defined { interval, .. } => words::spaced(&interval.method),
            Value::Missing { .. } => String::new(),
        };
        table.row(vec![
            Cell::text(title(&measurement.measure)),
            Cell::value(&measurement.value, Style::Plain),
            Cell::text(direction(&measurement.measure)),
            Cell::cases(measurement),
            Cell::text(method),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Every measure of each label: a row a label.
fn by_label(meeting: Meeting<'_>) -> Option<Table> {
    let measurements = of_all(meeting.measurements(), true);
    let mut measures: Vec<&str> = Vec::new();
    let mut labels: Vec<&str> = Vec::new();
    for measurement in &measurements {
        if !measures.contains(&measurement.measure.as_str()) {
            measures.push(&measurement.measure);
        }
        let label = measurement.label.as_deref().unwrap_or_default();
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let heads = measures
        .iter()
        .map(|measure| format!("#{}", title(measure)));
    let heads: Vec<String> = std::iter::once("Label".to_owned()).chain(heads).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new("All measures of each label", &heads);
    for label in labels {
        let value = |measure: &&str| {
            let found = measurements.iter().find(|measurement| {
                measurement.measure == **measure && measurement.label.as_deref() == Some(label)
            });
            Cell::optional(found.map(|found| &found.value), Style::Plain)
        };
        let values = measures.iter().map(value);
        table.row(std::iter::once(Cell::text(label)).chain(values).collect());
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What people make of the same cases.
fn people(lookup: Lookup<'_>, evaluation: &Evaluation) -> Option<Table> {
    let measurements = lookup.record.measurements.iter();
    let of_people = measurements.filter(|measurement| {
        measurement.model == PEOPLE
            && measurement.dataset == evaluation.dataset
            && measurement.task == evaluation.task
            && !raters::is_of_group(lookup, measurement)
    });
    let mut table = Table::new(
        "People on the same data: how far they agree, and how well one of them does against the others",
        &["Measure", "Of", "#Value", "#Cases or ratings"],
    );
    for measurement in of_people {
        let of = match &measurement.label {
            Some(label) => label.clone(),
            None if measurement.slice.is_empty() => "all".to_owned(),
            None => words::slice(&measurement.slice),
        };
        table.row(vec![
            Cell::text(title(&measurement.measure)),
            Cell::text(of),
            Cell::value(&measurement.value, Style::Plain),
            Cell::count(measurement.n),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn chart(curve: &Curve, place: usize) -> Option<Chart> {
    let series = |place: usize, label: &str| Series {
        class: SERIES[place],
        label: label.to_owned(),
    };
    let values = curve.points.iter().map(|point| &point.value);
    let axis = Axis::holding(0.0, 1.0, 0.1, values).in_percent();
    let key = format!("{}-{place}", curve.kind);
    let reliability = curve.kind == "reliability";
    let mut chart = if reliability {
        Chart::new(
            key,
            "How sure the model is, and how often it is right",
            axis,
            vec![series(0, "came true"), series(2, "stated by the model")],
        )
        .describe("Cases in bins of equal size by the stated probability. Where the triangle lies right of the interval, the model is surer than it should be.")
    } else {
        Chart::new(
            key,
            "How often the model is right if it answers the surest cases only",
            axis,
            vec![series(0, "right answers")],
        )
        .describe("The surest tenth of the answers first, as a share of all judged cases: a curve that ends early is that of a model that leaves cases unanswered. A model that knows what it does not know is right more often there.")
    };
    for point in &curve.points {
        let cases = words::counted(point.n, "case", "cases");
        let at = words::percent(point.at);
        if reliability {
            let stated = stated(point.at);
            let marks = [(SERIES[0], &point.value), (SERIES[2], &stated)];
            chart.row(&format!("stated {at}"), &cases, ("", ""), &marks);
        } else {
            let marks = [(SERIES[0], &point.value)];
            chart.row(&format!("surest {at}"), &cases, ("", ""), &marks);
        }
    }
    (!curve.points.is_empty()).then_some(chart)
}

/// A mean of what the model stated: known, so that its interval is a point.
fn stated(at: f64) -> Value {
    Value::Defined {
        estimate: at,
        interval: Interval {
            low: at,
            high: at,
            level: 1.0,
            method: String::new(),
            degrees_of_freedom: None,
        },
        test: None,
    }
}

/// Kinds of cases with more errors than the rest, or what the search came to.
fn failing(evaluation: &Evaluation) -> (Option<Table>, String) {
    let (tried, slices) = match &evaluation.failing {
        Some(Failing::Searched { tried, slices }) => (*tried, slices),
        Some(Failing::Missing { undefined }) => {
            let note = format!(
                "Where errors gather was not searched for: {}.",
                undefined.detail
            );
            return (None, note);
        }
        None => return (None, String::new()),
    };
    let kinds = words::counted(tried, "kind of cases was", "kinds of cases were");
    if slices.is_empty() {
        let note = format!(
            "Where errors gather: {kinds} tried on cases that they were not found on, and none holds provably more errors than the rest."
        );
        return (None, note);
    }
    let mut table = Table::new(
        format!(
            "Where errors gather: found by a decision tree on one half of the cases and confirmed on the other; {kinds} tried, and intervals are corrected for that"
        ),
        &[
            "Kind of cases",
            "#Wrong answers",
            "#More than elsewhere",
            "#Cases",
        ],
    );
    for slice in slices {
        table.row(vec![
            Cell::prose(slice.conditions.join("; ")),
            Cell::value(&slice.error, Style::Share),
            Cell::value(&slice.difference, Style::Signed),
            Cell::count(slice.n),
        ]);
    }
    (Some(table), String::new())
}

fn confused_most(confusion: &Confusion) -> Option<Table> {
    let mut table = Table::new(
        "What is taken for what most: where the polarity is kept, an answer about polarity would have been right",
        &[
            "Labelled",
            "Answered",
            "#Share of the cases so labelled",
            "#Cases",
            "Polarity",
        ],
    );
    for confused in &confusion.most {
        table.row(vec![
            Cell::text(&confused.gold),
            Cell::text(&confused.answer),
            Cell::value(&confused.value, Style::Share),
            Cell::count(confused.n),
            Cell::text(&confused.polarity),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn confusion(confusion: &Confusion) -> Option<Table> {
    let answers = confusion.labels.iter().map(|label| format!("#{label}"));
    let heads: Vec<String> = std::iter::once("Labelled, then answered as".to_owned())
        .chain(answers)
        .chain(["#another label".to_owned()])
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new("Answered cases by label and answer", &heads);
    for (label, counts) in confusion.labels.iter().zip(&confusion.counts) {
        let counts = counts.iter().map(|count| Cell::count(*count));
        table.row(std::iter::once(Cell::text(label)).chain(counts).collect());
    }
    table.bearable().ok().filter(|table| !table.rows.is_empty())
}
