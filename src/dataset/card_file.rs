//! Writes a card as `dataset.toml`, for data that this program makes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::coverage::Coverage;

/// A card as it stands in the file; parts that are empty are left out.
#[derive(Serialize, Default)]
pub(super) struct CardFile {
    pub(super) name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) version: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) licence: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) citation: String,
    pub(super) language: Vec<String>,
    pub(super) modality: String,
    pub(super) cases: String,
    pub(super) limits: Vec<String>,
    pub(super) columns: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) tasks: BTreeMap<String, TaskTable>,
    pub(super) attributes: BTreeMap<String, AttributeTable>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) behaviour: BTreeMap<String, String>,
    pub(super) privacy: BTreeMap<String, bool>,
    pub(super) coverage: CoverageTable,
}

#[derive(Serialize, Default)]
pub(super) struct TaskTable {
    pub(super) scheme: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) labels: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) neutral: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) separator: String,
    pub(super) column: String,
    pub(super) source: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) polarity: BTreeMap<String, String>,
}

#[derive(Serialize)]
pub(super) struct AttributeTable {
    pub(super) about: String,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) column: String,
    pub(super) blank: String,
}

#[derive(Serialize, Default)]
pub(super) struct CoverageTable {
    #[serde(skip_serializing_if = "is_zero")]
    templates: u64,
    #[serde(skip_serializing_if = "is_zero")]
    wordings: u64,
    sets: u64,
    complete: u64,
    groups: Vec<GroupTable>,
}

#[derive(Serialize)]
struct GroupTable {
    #[serde(skip_serializing_if = "String::is_empty")]
    perturbation: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    attribute: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    group: String,
    #[serde(skip_serializing_if = "is_zero")]
    terms: u64,
    filled: u64,
    of: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl From<&Coverage> for CoverageTable {
    fn from(coverage: &Coverage) -> Self {
        CoverageTable {
            templates: coverage.templates,
            wordings: coverage.wordings,
            sets: coverage.sets,
            complete: coverage.complete,
            groups: coverage
                .groups
                .iter()
                .map(|row| GroupTable {
                    perturbation: row.perturbation.clone(),
                    attribute: row.attribute.clone(),
                    group: row.group.clone(),
                    terms: row.terms,
                    filled: row.filled,
                    of: row.of,
                })
                .collect(),
        }
    }
}

impl CardFile {
    /// The text of the file. `None` only where a table cannot be written as TOML, which its types rule out.
    pub(super) fn to_toml(&self) -> Option<String> {
        toml::to_string(self).ok()
    }
}

/// Named columns.
pub(super) fn columns(names: &[(&str, &str)]) -> BTreeMap<String, String> {
    names
        .iter()
        .map(|(key, column)| ((*key).to_owned(), (*column).to_owned()))
        .collect()
}
