//! Functional tests: how often each model fails what is expected of it, by capability.

use serde::Serialize;

use super::lookup::Lookup;
use super::table::{Cell, Table};
use super::words::{self, Style};
use crate::diagnostic::thousands;
use crate::record::v1::{Evaluation, Measurement, Value};

/// How many rows of a model stand in the open; the rest can be unfolded.
const LISTED: usize = 8;

/// The functional tests of one dataset.
#[derive(Serialize)]
pub struct BehaviourView {
    heading: String,
    models: Vec<ModelView>,
}

/// What one model fails.
#[derive(Serialize)]
struct ModelView {
    heading: String,
    intro: String,
    first: Table,
    more: String,
    rest: Option<Table>,
}

/// Every dataset with functional tests.
pub fn views(lookup: Lookup<'_>) -> Vec<BehaviourView> {
    let datasets = &lookup.record.datasets;
    datasets
        .iter()
        .filter_map(|dataset| {
            let evaluations = lookup.record.evaluations.iter();
            let models: Vec<ModelView> = evaluations
                .filter(|evaluation| evaluation.dataset == dataset.name)
                .filter_map(|evaluation| model(lookup, evaluation))
                .collect();
            (!models.is_empty()).then(|| BehaviourView {
                heading: lookup.dataset_title(&dataset.name).to_owned(),
                models,
            })
        })
        .collect()
}

/// The failure rates of one model with the share of tests that could be applied, the proven worst first.
fn rates<'a>(
    lookup: Lookup<'a>,
    by: &Evaluation,
) -> Vec<(&'a Measurement, Option<&'a Measurement>)> {
    let of = |measure: &str| -> Vec<&'a Measurement> {
        let all = lookup.record.measurements.iter();
        all.filter(|m| {
            m.measure == measure
                && m.model == by.model
                && m.dataset == by.dataset
                && m.task == by.task
        })
        .collect()
    };
    let coverage = of("test-coverage");
    let mut rates: Vec<_> = of("failure-rate")
        .into_iter()
        .map(|rate| {
            let applied = coverage.iter().find(|m| m.slice == rate.slice);
            (rate, applied.copied())
        })
        .collect();
    rates.sort_by(|a, b| proven(&b.0.value).total_cmp(&proven(&a.0.value)));
    rates
}

/// The failure rate that the interval proves at least; what has no value comes last.
fn proven(value: &Value) -> f64 {
    match value {
        Value::Defined { interval, .. } => interval.low,
        Value::Missing { .. } => -1.0,
    }
}

fn model(lookup: Lookup<'_>, by: &Evaluation) -> Option<ModelView> {
    let rates = rates(lookup, by);
    if rates.is_empty() {
        return None;
    }
    let title = lookup.model_title(&by.model);
    let applied: u64 = rates.iter().map(|(rate, _)| rate.n).sum();
    let tests: u64 = rates.iter().filter_map(|(_, of)| Some((*of)?.n)).sum();
    let mut intro = format!(
        "{} at {}.",
        words::counted(tests, "test", "tests"),
        words::spaced(&by.task)
    );
    if tests > applied {
        intro.push_str(&format!(
            " {} could not be applied: the model gave no answer, no scores, or has no such label. That is not a pass.",
            thousands(tests - applied)
        ));
    }
    // One or two more are not worth hiding.
    let shown = if rates.len() > LISTED + 2 {
        LISTED
    } else {
        rates.len()
    };
    let rest = &rates[shown..];
    let table = |caption: String, rates: &[_]| fill(Table::new(caption, &HEADS), rates);
    Some(ModelView {
        first: table(
            format!("What {title} fails, the proven worst first"),
            &rates[..shown],
        ),
        more: format!(
            "{} with lower proven failure rates",
            words::counted(rest.len() as u64, "more row", "more rows")
        ),
        rest: (!rest.is_empty()).then(|| table(format!("What {title} fails, continued"), rest)),
        heading: title.to_owned(),
        intro,
    })
}

const HEADS: [&str; 6] = [
    "Capability",
    "Expectation",
    "#Failed",
    "#Tests",
    "#Independent",
    "#Tests that could be applied",
];

fn fill(mut table: Table, rates: &[(&Measurement, Option<&Measurement>)]) -> Table {
    for (rate, applied) in rates {
        let name = |key: &str| rate.slice.get(key).map_or("", String::as_str);
        table.row(vec![
            Cell::text(words::sentence(&words::spaced(name("capability")))),
            Cell::text(words::spaced(name("expectation"))),
            Cell::value(&rate.value, Style::Share),
            Cell::count(rate.n),
            Cell::count(rate.clusters),
            Cell::optional(applied.map(|applied| &applied.value), Style::Share),
        ]);
    }
    table
}
