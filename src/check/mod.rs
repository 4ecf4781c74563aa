//! Checks of a dataset: what in the data itself would make an audit of it say too much or too little.
//!
//! Pure functions of the dataset. They stand after `measure` and `policy`, because they use human agreement and the
//! policy's rules of evidence; reading is left to `dataset`, writing to `record` and `report`.

mod agreement;
mod balance;
mod characters;
mod columns;
mod duplicates;
mod finding;
mod gold;
mod groups;
mod language;
mod near;
mod overlap;
mod page;
mod personal;
mod rater_groups;
mod raters;
mod same;
pub mod sanity;
mod script;
#[cfg(test)]
mod tests;
mod texts;

pub use finding::{Column, Finding, Grade, Table, Value};
pub use near::THRESHOLD as NEAR_THRESHOLD;
pub use page::{Check, PAGES, Page};

use crate::dataset::Dataset;
use crate::measure::Rules;
use crate::policy::Policy;
use same::Wording;

/// Share of cases above which a fault of texts is a warning and no longer a note.
pub const NOTABLE: f64 = 0.01;

/// Most texts that are searched for near duplicates when a dataset has just been imported: an import is no place to
/// wait.
pub const QUICK: usize = 100_000;

/// Runs every check on a dataset; `against` are the datasets that it should share no text with. Near duplicates are not
/// searched for where there are more than `most_compared` texts, and that is said.
///
/// Findings come in the order of [`PAGES`]; a check that has several subjects (tasks, other datasets) has a finding
/// for each.
pub fn check(
    dataset: &Dataset,
    against: &[Dataset],
    policy: &Policy,
    rules: &Rules,
    most_compared: usize,
) -> Vec<Finding> {
    let cases = &dataset.cases;
    let wording = cases.texts.as_deref().map(Wording::new);
    let wording = wording.as_ref();
    let mut findings = vec![texts::blank(cases)];
    findings.push(duplicates::exact(cases, wording));
    findings.extend(duplicates::conflicting(cases, wording));
    findings.push(duplicates::near(cases, wording, most_compared));
    findings.extend(overlap::overlaps(dataset, wording, against));
    findings.push(language::language(dataset));
    findings.push(script::script(dataset));
    findings.push(characters::hidden(cases));
    findings.push(personal::personal(cases));
    findings.push(columns::names(dataset));
    findings.extend(gold::missing(cases));
    findings.extend(gold::constant(cases));
    findings.extend(balance::labels(cases, rules));
    findings.extend(groups::balance(cases, rules));
    findings.push(groups::small(cases, rules));
    findings.push(groups::labels_by_group(cases, rules));
    findings.extend(raters::raters(cases, rules));
    findings.extend(agreement::agreement(
        cases,
        policy.reliability.ceiling,
        rules,
    ));
    findings.extend(rater_groups::rater_groups(cases, rules));
    findings
}
