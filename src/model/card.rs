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
    /// What sort of thing it is: `reference`, `lexicon`, `transformer`, `features` or `predictions`.
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
    /// Where it comes from, as far as its own folder tells.
    pub provenance: Provenance,
}

/// What a model folder tells about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// What computes its scores, where that is not this program.
    pub engine: String,
    /// Whether its weights are kept in 8 bits or fewer.
    pub eight_bits: bool,
    /// The commit that it was fetched as, where the hub's cache tells.
    pub revision: String,
    /// The models that it was made from.
    pub base_models: Vec<String>,
    /// The languages that it is meant for.
    pub languages: Vec<String>,
    /// The files that scores depend on.
    pub files: Vec<FileDigest>,
}

/// A file by its name in the folder, and its content.
#[derive(Clone, Debug, PartialEq)]
pub struct FileDigest {
    /// The name.
    pub name: String,
    /// SHA-256 of the content, in hexadecimal.
    pub digest: String,
}
