//! Model specs: the one-line names under which models are loaded.

// The edge: here files and environment are read.
#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::sync::Arc;

use super::callable::Callable;
use super::columns::{self, ColumnModel};
use super::file::PredictionsFile;
use super::{ModelCard, TextModel, file, lexicon, reference};
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};
use crate::task::Scheme;

/// What lays libtorch in a folder and tells of it, before the command that builds this program with it.
pub const LIBTORCH: &str = ".ci/libtorch /DIR && LIBTORCH=/DIR LIBTORCH_CXX11_ABI=0";

/// A model that is ready to answer.
pub struct Model {
    /// What it is.
    pub card: ModelCard,
    /// How it answers.
    pub engine: Engine,
}

impl Model {
    /// The model as one that is asked and may cost something; `None` for what computes here or has answered.
    pub fn called(&self) -> Option<&Callable> {
        match &self.engine {
            Engine::Text { model, .. } => model.called(),
            Engine::Columns(_) | Engine::File(_) => None,
        }
    }

    /// Keeps scores for runs to come, and takes those that were kept, where that saves much time.
    ///
    /// # Errors
    /// What stands in the way, in a sentence; the model answers all the same.
    pub fn keep(&mut self) -> Result<(), String> {
        match &mut self.engine {
            Engine::Text { model, .. } => model.keep(),
            Engine::Columns(_) | Engine::File(_) => Ok(()),
        }
    }
}

/// How a model answers.
pub enum Engine {
    /// It reads texts.
    Text {
        /// What it answers with.
        scheme: Arc<Scheme>,
        /// The model.
        model: Box<dyn TextModel>,
    },
    /// It reads columns of numbers.
    Columns(ColumnModel),
    /// It answered before; the answers are matched by id.
    File(PredictionsFile),
}

/// Whether models may be fetched over the network.
pub enum Downloads<'a> {
    /// What is on this machine has to do.
    Refused,
    /// They may, and this is told from where before anything is asked.
    Allowed(&'a dyn Fn(&str)),
}

/// Loads a model by its spec from what is on this machine.
///
/// # Errors
/// An unknown spec, or every problem of the files it names.
pub fn load(spec: &str) -> Result<Model, Problems> {
    load_with(spec, &Downloads::Refused)
}

/// Loads a model by its spec.
///
/// # Errors
/// As for [`load`], and whatever keeps it from being fetched.
pub fn load_with(spec: &str, downloads: &Downloads<'_>) -> Result<Model, Problems> {
    match spec.split_once(':') {
        Some(("reference", name)) => reference::load(spec, name),
        Some(("lexicon", name)) => lexicon::load(spec, name),
        Some(("http", file)) => super::http::load(spec, file, downloads),
        Some(("process", file)) => super::process::load(spec, file),
        Some(("features", name)) => columns::load(spec, name),
        #[cfg(feature = "onnx")]
        Some(("onnx", path)) => super::onnx::load(spec, path, downloads),
        #[cfg(feature = "candle")]
        Some(("hf", path)) => super::candle::load(spec, path, downloads),
        #[cfg(feature = "libtorch")]
        Some(("libtorch", path)) => super::libtorch::load(spec, path, downloads),
        #[cfg(not(feature = "onnx"))]
        Some(("onnx", _)) => without_engine(spec, "onnx", "onnx"),
        #[cfg(not(feature = "candle"))]
        Some(("hf", _)) => without_engine(spec, "hf", "candle"),
        #[cfg(not(feature = "libtorch"))]
        Some(("libtorch", _)) => without_libtorch(spec),
        _ if Path::new(spec).is_file() => file::load(spec),
        _ if Path::new(spec).is_dir() => Err(Problem::new(
            "model/unknown",
            Place::file(spec),
            "this is a folder, and no spec says what kind of model it holds",
        )
        .help("name a predictions file in it, say reference:DIR or lexicon:DIR, or name a dataset with --dataset")
        .into()),
        _ if [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"].iter().any(|ending| spec.ends_with(ending)) => {
            Err(Problem::new("predictions/unreadable", Place::file(spec), "there is no such file")
                .help("check the path of the predictions file")
                .into())
        }
        _ => {
            let known = ["reference:sentiment", "reference:emotion", "lexicon:vader"];
            Err(Problem::new(
                "model/unknown",
                Place::file(spec),
                format!("no model {}", quote(spec)),
            )
            .help(format!(
                "{}; or the path of a predictions file (.csv, .jsonl, .parquet)",
                expected_one_of(spec, &known)
            ))
            .into())
        }
    }
}

#[cfg(not(all(feature = "onnx", feature = "candle")))]
fn without_engine(spec: &str, engine: &str, feature: &str) -> Result<Model, Problems> {
    Err(Problem::new(
        "model/engine",
        Place::file(spec),
        format!("this program was built without the engine {engine}"),
    )
    .help(format!(
        "build it in the folder of its source: cargo install --path . --features {feature}"
    ))
    .into())
}

#[cfg(not(feature = "libtorch"))]
fn without_libtorch(spec: &str) -> Result<Model, Problems> {
    Err(Problem::new(
        "model/engine",
        Place::file(spec),
        "this program was built without the engine libtorch",
    )
    .help(format!(
        "onnx: and hf: read the same folder; or build it in the folder of its source, with libtorch 2.4 in a folder that stays: {LIBTORCH} cargo install --path . --features libtorch"
    ))
    .into())
}
