//! `affect-audit/dataset-check/v1`: what the checks of a dataset found, in a versioned form that its page and summary
//! are rendered from. It holds counts and places of cases, never what stands in them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::build::value as estimate;
use super::v1;
use crate::check::{self, Grade, NEAR_THRESHOLD, NOTABLE};
use crate::dataset::Dataset;
use crate::measure::Rules;
use crate::policy::Policy;

/// The value of `schema`.
pub const SCHEMA: &str = "affect-audit/dataset-check/v1";

/// What the checks of a dataset found.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetCheck {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: Tool,
    /// The dataset.
    pub dataset: Subject,
    /// The datasets that it should share no text with.
    pub against: Vec<Subject>,
    /// The numbers that grades depend on.
    pub settings: Settings,
    /// How many findings have each grade.
    pub counts: Counts,
    /// The findings in the order of the checks.
    pub findings: Vec<Finding>,
}

/// The program.
#[derive(Clone, Debug, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// A dataset.
#[derive(Clone, Debug, Serialize)]
pub struct Subject {
    /// Its short name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Version of the data.
    pub version: String,
    /// Language tags.
    pub language: Vec<String>,
    /// SHA-256 of card and cases.
    pub digest: String,
    /// How many cases it holds.
    pub cases: u64,
}

/// The numbers that grades depend on.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// The policy's name and version.
    pub policy: String,
    /// Fewest cases on which anything is claimed.
    pub min_n: u64,
    /// Groups with fewer cases are not named.
    pub suppress_below: u64,
    /// The agreement of people that the policy asks for.
    pub ceiling: f64,
    /// Confidence level of intervals.
    pub level: f64,
    /// Seed of the resampling.
    pub seed: u64,
    /// Bootstrap replicates.
    pub replicates: u64,
    /// The Jaccard index from which texts are nearly the same.
    pub near_threshold: f64,
    /// Share of cases above which a fault of texts is a warning.
    pub notable: f64,
}

/// How many findings have each grade.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Counts {
    /// The data does not hold what its card says.
    pub problem: u64,
    /// Results will need care.
    pub warning: u64,
    /// Worth knowing.
    pub info: u64,
    /// Looked for and not found.
    pub clear: u64,
    /// There was nothing to look at.
    pub unchecked: u64,
}

/// What a check found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The check.
    pub check: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// `problem`, `warning`, `info`, `clear` or `unchecked`.
    pub grade: &'static str,
    /// Its subject where a check has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What was found.
    pub sentence: String,
    /// How many cases (texts, groups, pairs) it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected: Option<u64>,
    /// Of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// Why it matters.
    pub why: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// The columns of `rows`.
    pub columns: Vec<Column>,
    /// What stands behind it, by the ids of the columns.
    pub rows: Vec<BTreeMap<&'static str, Value>>,
    /// How many rows were too many.
    pub rows_left_out: u64,
}

/// A column.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Its key in rows.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
}

/// A cell.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number of cases, ratings or the like.
    Count(u64),
    /// Words.
    Text(String),
    /// Places of cases in their file, the first case being 1.
    Places(Vec<u64>),
    /// A value with its interval, or why there is none.
    Estimate(v1::Value),
}

/// Puts findings into the wire format.
pub fn build(
    dataset: &Dataset,
    against: &[Dataset],
    policy: &Policy,
    rules: &Rules,
    findings: &[check::Finding],
) -> DatasetCheck {
    let mut counts = Counts::default();
    for finding in findings {
        *match finding.grade {
            Grade::Problem => &mut counts.problem,
            Grade::Warning => &mut counts.warning,
            Grade::Info => &mut counts.info,
            Grade::Clear => &mut counts.clear,
            Grade::Unchecked => &mut counts.unchecked,
        } += 1;
    }
    DatasetCheck {
        schema: SCHEMA,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        dataset: subject(dataset),
        against: against.iter().map(subject).collect(),
        settings: Settings {
            policy: format!("{} {}", policy.name, policy.version),
            min_n: rules.min_n,
            suppress_below: rules.suppress_below,
            ceiling: policy.reliability.ceiling,
            level: rules.level,
            seed: rules.seed,
            replicates: rules.replicates as u64,
            near_threshold: NEAR_THRESHOLD,
            notable: NOTABLE,
        },
        counts,
        findings: findings.iter().map(finding).collect(),
    }
}

fn subject(dataset: &Dataset) -> Subject {
    Subject {
        name: dataset.card.name.clone(),
        title: dataset.card.title.clone(),
        version: dataset.card.version.clone(),
        language: dataset.card.language.clone(),
        digest: dataset.digest.clone(),
        cases: dataset.cases.len() as u64,
    }
}

fn finding(finding: &check::Finding) -> Finding {
    let page = finding.check.page();
    let table = finding.table.as_ref();
    let columns: Vec<Column> = table
        .iter()
        .flat_map(|table| &table.columns)
        .map(|column| Column {
            id: column.id,
            title: column.title,
        })
        .collect();
    let rows = table
        .iter()
        .flat_map(|table| &table.rows)
        .map(|row| {
            columns
                .iter()
                .zip(row)
                .map(|(column, cell)| (column.id, value(cell)))
                .collect()
        })
        .collect();
    Finding {
        check: page.id,
        title: page.title,
        grade: finding.grade.as_str(),
        about: finding.about.clone(),
        sentence: finding.sentence.clone(),
        affected: finding.affected.map(|(part, _)| part),
        of: finding.affected.map(|(_, whole)| whole),
        why: page.why,
        advice: page.advice,
        columns,
        rows,
        rows_left_out: table.map_or(0, |table| table.left_out),
    }
}

fn value(cell: &check::Value) -> Value {
    match cell {
        check::Value::Text(text) => Value::Text(text.clone()),
        check::Value::Count(n) => Value::Count(*n),
        check::Value::Places(places) => Value::Places(places.clone()),
        check::Value::Estimate(result) => Value::Estimate(estimate(result)),
    }
}

/// The check as JSON text, indented.
pub fn to_json(check: &DatasetCheck) -> String {
    let mut text = serde_json::to_string_pretty(check)
        .unwrap_or_else(|_| unreachable!("a check holds only strings, finite numbers and lists"));
    text.push('\n');
    text
}
