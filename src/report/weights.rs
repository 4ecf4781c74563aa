//! Says that cases were weighted, what that costs, and which measures take no account of it.

use super::html::words;
use crate::diagnostic::thousands;
use crate::measure::Measure;
use crate::record::Record;
use crate::record::v1::Dataset;

/// What the cases of a dataset are worth, where they are weighted.
pub fn worth(dataset: &Dataset) -> Option<String> {
    let weights = dataset.weights.as_ref()?;
    Some(format!(
        "cases stand for different numbers of cases of the population, and {} are worth {} of equal weight",
        words::counted(dataset.cases, "case", "cases"),
        thousands(weights.effective.round() as u64),
    ))
}

/// The same as a sentence about the audit; measures that count every case once are named.
pub fn sentence(record: &Record, dataset: &Dataset) -> Option<String> {
    let worth = worth(dataset)?;
    let mut unweighted: Vec<String> = record
        .measurements
        .iter()
        .filter(|measurement| measurement.dataset == dataset.name)
        .filter_map(|measurement| Measure::parse(&measurement.measure))
        .filter(|measure| !measure.is_weighted())
        .map(|measure| measure.page().title.to_lowercase())
        .collect();
    unweighted.sort();
    unweighted.dedup();
    let rest = if unweighted.is_empty() {
        String::new()
    } else {
        format!(
            " Not weighted, every case counting once: {}.",
            unweighted.join(", ")
        )
    };
    let name = if dataset.title.is_empty() {
        &dataset.name
    } else {
        &dataset.title
    };
    Some(format!(
        "Values on {name} are weighted: {worth}. Intervals allow for that; numbers of cases are plain counts.{rest}"
    ))
}
