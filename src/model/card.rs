//! What is known about a model: for the report, not for scoring.

use std::sync::Arc;

use crate::task::Scheme;

/// What a model is.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelCard {
    /// Its name in records, unique within an audit.
    pub name: String,
    /// The spec it was loaded by.
    pub spec: String,
    /// Its name for people.
    pub title: String,
    /// What sort of thing it is: `reference`, `lexicon`, `features` or `predictions`.
    pub kind: &'static str,
    /// What it answers with; `None` where that depends on the dataset.
    pub scheme: Option<Arc<Scheme>>,
    /// What it is and how it was made.
    pub description: String,
    /// Its licence, as far as known.
    pub licence: String,
    /// What it was trained on, as far as known.
    pub training_data: String,
    /// What it is not fit for, in sentences.
    pub limits: Vec<String>,
    /// SHA-256 of its weights or predictions, in hexadecimal.
    pub digest: String,
}
