//! The block of the summary about functional tests: for each model, what it fails most.

use std::fmt::Write;

use super::{BOLD, DIM, number};
use crate::diagnostic::plain;
use crate::record::v1::{Evaluation, Measurement, Record, Value};

/// How many capabilities of a model are spelled out.
const SHOWN: usize = 5;

/// Whether a model was put to functional tests on a dataset.
pub(super) fn is_tested(record: &Record, evaluation: &Evaluation) -> bool {
    rates(record, evaluation, "failure-rate").next().is_some()
}

fn rates<'a>(
    record: &'a Record,
    evaluation: &'a Evaluation,
    measure: &'static str,
) -> impl Iterator<Item = &'a Measurement> {
    record.measurements.iter().filter(move |measurement| {
        measurement.measure == measure
            && measurement.model == evaluation.model
            && measurement.dataset == evaluation.dataset
            && measurement.task == evaluation.task
    })
}

/// The capabilities that are proven worst, and how many tests could not be applied.
pub(super) fn behaviour(out: &mut String, record: &Record) {
    for evaluation in &record.evaluations {
        let mut failed: Vec<&Measurement> = rates(record, evaluation, "failure-rate").collect();
        if failed.is_empty() {
            continue;
        }
        failed.sort_by(|a, b| proven(b).total_cmp(&proven(a)));
        let _ = writeln!(
            out,
            "\n{BOLD}Functional tests{BOLD:#} of {} on {} ({}): share failed, worst first",
            plain(&evaluation.model),
            plain(&evaluation.dataset),
            plain(&evaluation.task)
        );
        for measurement in failed.iter().take(SHOWN) {
            let name = |key: &str| plain(measurement.slice.get(key).map_or("", String::as_str));
            let _ = writeln!(
                out,
                "  {:<22}{:<13}{}  {DIM}{} tests{DIM:#}",
                name("capability"),
                name("expectation"),
                number(&measurement.value),
                measurement.n
            );
        }
        if failed.len() > SHOWN {
            let _ = writeln!(out, "  ... and {} more in the report", failed.len() - SHOWN);
        }
        let applied: u64 = failed.iter().map(|measurement| measurement.n).sum();
        let tests: u64 = rates(record, evaluation, "test-coverage")
            .map(|coverage| coverage.n)
            .sum();
        if tests > applied {
            let _ = writeln!(
                out,
                "  {} of {tests} tests could not be applied, which is not a pass",
                tests - applied
            );
        }
    }
}

/// The failure rate that the interval proves at least; what has no value comes last.
fn proven(measurement: &Measurement) -> f64 {
    match &measurement.value {
        Value::Defined { interval, .. } => interval.low,
        Value::Missing { .. } => -1.0,
    }
}
