//! `affect-audit/comparison/v1`: the models of several records side by side, in a versioned form that text and
//! Markdown are rendered from. How they are compared is in `build` and `row`.

mod build;
mod row;

pub use build::{Paired, Read, build};

use std::collections::BTreeMap;

use serde::Serialize;

use super::v1::{self, Value};

/// The value of `schema`.
pub const SCHEMA: &str = "affect-audit/comparison/v1";

/// Models side by side.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The version of the program that compared.
    pub tool: String,
    /// The records, numbered from 1 in this order; the first is what the others are compared with.
    pub records: Vec<Source>,
    /// In what the records differ, where that does not stand in the way.
    pub notes: Vec<String>,
    /// What was left out, and why.
    pub not_compared: Vec<NotCompared>,
    /// Two models on one dataset at one task.
    pub pairs: Vec<Pair>,
}

/// A record.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    /// The file as it was named.
    pub file: String,
    /// Its digest.
    pub digest: String,
    /// The version of the program that wrote it.
    pub tool: String,
    /// Name and version of the policy.
    pub policy: String,
    /// The digest of the policy.
    pub policy_digest: String,
}

/// Something that cannot be set beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCompared {
    /// `dataset`, `task`, `scheme`, `labels` or `level`.
    pub reason: &'static str,
    /// The record it is about, besides the first.
    pub record: usize,
    /// The dataset.
    pub dataset: String,
    /// The task.
    pub task: String,
    /// What is not alike.
    pub detail: String,
}

/// A model of a record.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// The number of the record.
    pub record: usize,
    /// The model.
    pub model: String,
    /// SHA-256 of weights or predictions.
    pub digest: String,
}

/// Two models on the same cases: what is said is said of `other`, measured against `first`.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// The dataset.
    pub dataset: String,
    /// The task.
    pub task: String,
    /// What is compared with.
    pub first: Side,
    /// What is compared.
    pub other: Side,
    /// What intervals of changes come from: `record-intervals`, which takes the two models' errors for independent, or
    /// `paired-cases` where answers of both are at hand; then each row says whether it is paired.
    pub basis: &'static str,
    /// The confidence level of all intervals.
    pub level: f64,
    /// How adjusted p-values were made, among all rows that have one.
    pub correction: &'static str,
    /// How many rows have each outcome.
    pub counts: BTreeMap<&'static str, usize>,
    /// Measure by measure, label by label, group by group.
    pub rows: Vec<Row>,
}

/// One measurement of two models.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The measure.
    pub measure: String,
    /// The label it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The group it is about; empty for all cases.
    pub slice: BTreeMap<String, String>,
    /// What the value itself is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<v1::Comparison>,
    /// What the change is of: `value`, or `distance-from-zero` where nearer to zero is better.
    pub of: &'static str,
    /// Cases of the first.
    pub first_n: u64,
    /// The first.
    pub first: Value,
    /// Cases of the other.
    pub other_n: u64,
    /// The other.
    pub other: Value,
    /// Other minus first; of a row that is paired, on the cases that both answered.
    pub change: Value,
    /// What its interval comes from, `record-intervals` or `paired-cases`.
    pub basis: &'static str,
    /// Of a row that is paired, the cases that both answered and that decide about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paired_n: Option<u64>,
    /// Two-sided p-value of no change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// The same, corrected for how many changes were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjusted_p: Option<f64>,
    /// `better`, `worse`, `changed` (neither end is better), `undecided` or `not-measured`.
    pub outcome: &'static str,
}

/// The basis of changes that are worked out from two intervals, as if independent.
pub const RECORD_INTERVALS: &str = "record-intervals";

/// The basis of changes within cases.
pub const PAIRED_CASES: &str = "paired-cases";

/// Every outcome of a row, with the one that a reader looks for first in front.
pub const OUTCOMES: [&str; 5] = ["worse", "better", "changed", "undecided", "not-measured"];

/// The comparison as JSON text.
pub fn to_json(comparison: &Comparison) -> String {
    let mut text = serde_json::to_string_pretty(comparison).unwrap_or_else(|_| {
        unreachable!("a comparison holds only strings, finite numbers and lists")
    });
    text.push('\n');
    text
}
