//! Puts a model that is called together from what its file declares and what it is. Nothing is asked or written.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::budget::Budget;
use super::journal::Journal;
use super::options::Declared;
use super::reading::Vocabulary;
use super::{Callable, Caller};
use crate::diagnostic::Problems;
use crate::model::sentences::LANGUAGE;
use crate::model::spec::{Engine, Model};
use crate::model::{FileDigest, ModelCard, Provenance};

/// What a model is, apart from what its file declares.
pub struct Kind {
    /// `process` or `http`.
    pub name: &'static str,
    /// What computes its answers.
    pub engine: String,
    /// What is said of it where its file says nothing.
    pub description: String,
    /// What it is not fit for, whatever its file says.
    pub limits: Vec<String>,
    /// SHA-256 of all that answers depend on, as far as known.
    pub digest: String,
    /// The files among that.
    pub files: Vec<FileDigest>,
    /// Whether answers are kept, unless the file says otherwise.
    pub cache: bool,
}

/// Puts a model together. Nothing is asked or written yet.
///
/// # Errors
/// A journal that cannot be read.
pub fn assemble(
    spec: &str,
    declared: Declared,
    kind: Kind,
    make: impl FnOnce(Vocabulary) -> (Vocabulary, Box<dyn Caller>),
) -> Result<Model, Problems> {
    let (vocabulary, caller) = make(declared.vocabulary);
    let scheme = vocabulary.scheme.clone();
    let mut limits = kind.limits;
    limits.extend(declared.limits);
    if declared.training_data.is_empty() {
        limits.push(
            "Nothing says what it was trained on, so it may have seen the data it is audited on."
                .to_owned(),
        );
    }
    let journal = if declared.cache.unwrap_or(kind.cache) {
        let cassette = declared.cassette.as_deref();
        Some(Arc::new(Journal::read(&kind.digest, &scheme, cassette)?))
    } else {
        None
    };
    let file = spec.split_once(':').map_or(spec, |(_, file)| file);
    let model = Callable {
        spec: spec.to_owned(),
        vocabulary,
        budget: Arc::new(Budget::new(file, declared.caps, journal.clone())),
        journal,
        caller,
        sanity: declared.sanity && speaks(&declared.languages, LANGUAGE),
        canaries: declared.canaries,
        mix: declared.mix,
        begun: AtomicBool::new(false),
        replay: AtomicBool::new(false),
    };
    Ok(Model {
        card: ModelCard {
            name: format!("{}:{}", kind.name, declared.name),
            spec: spec.to_owned(),
            title: declared.title,
            kind: kind.name,
            scheme: Some(scheme.clone()),
            description: if declared.description.is_empty() {
                kind.description
            } else {
                declared.description
            },
            licence: declared.licence,
            training_data: declared.training_data,
            limits,
            digest: kind.digest,
            provenance: Provenance {
                engine: kind.engine,
                languages: declared.languages,
                files: kind.files,
                ..Provenance::default()
            },
        },
        engine: Engine::Text {
            scheme,
            model: Box::new(model),
        },
    })
}

/// Whether a model is meant for a language, as far as its file says.
fn speaks(languages: &[String], language: &str) -> bool {
    languages.is_empty()
        || languages.iter().any(|tag| {
            tag.split(['-', '_'])
                .next()
                .is_some_and(|tag| tag.eq_ignore_ascii_case(language))
        })
}
