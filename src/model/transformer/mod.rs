//! Transformers from a folder as the Hugging Face tools write it: what all engines share.
//!
//! Configuration, labels, tokenizer, batches, scores and what is kept of them are here; how outputs are computed is left
//! to the engines.

pub mod batches;
pub mod config;
pub mod entailment;
#[cfg(feature = "hub")]
mod fetch;
pub mod folder;
pub mod hub;
mod kept;
pub mod labels;
pub mod options;
pub mod readme;
#[cfg(any(feature = "candle", feature = "libtorch"))]
pub mod safetensors;
mod scoring;
mod settings;
pub mod source;
pub mod tokens;

use std::sync::{Arc, Mutex};

pub use batches::{Batch, Network};
use entailment::Questions;
pub use folder::Folder;
use kept::Kept;

use super::spec::{Engine, Model};
use super::{ModelCard, Provenance, TextModel};
use crate::diagnostic::{Place, Problem, Problems};
use crate::prediction::Answer;
use crate::task::Scheme;
use tokens::Tokens;

/// The score from which a label of several is an answer, unless the options say otherwise.
const HALF: f64 = 0.5;

/// A transformer that is ready to answer.
struct Transformer {
    spec: String,
    tokens: Tokens,
    network: Mutex<Box<dyn Network>>,
    vocabulary: Option<usize>,
    scheme: Arc<Scheme>,
    /// For each label of the scheme its place among the outputs.
    output: Vec<usize>,
    /// What is asked for each label, where the model is one of entailment.
    questions: Option<Questions>,
    threshold: f64,
    /// What its outputs depend on, as far as it can be named.
    identity: String,
    /// Whether they are said not to depend on the texts that are scored together with a text.
    is_independent: bool,
    kept: Option<Kept>,
}

/// Puts a model together from its folder and the network that an engine made of its weights.
///
/// # Errors
/// A network that does not answer a plain sentence with a number for each label.
pub fn assemble(
    spec: &str,
    mut folder: Folder,
    network: Box<dyn Network>,
    engine: String,
    eight_bits: bool,
) -> Result<Model, Problems> {
    let card = card(spec, &mut folder, engine, eight_bits);
    let identity = format!(
        "{} {}\n{}\n{}\n{}",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        card.digest,
        card.provenance.engine,
        std::env::consts::ARCH
    );
    let vocabulary = folder
        .config
        .get("vocab_size")
        .and_then(serde_json::Value::as_u64)
        .map(|size| size as usize);
    let scheme = folder.meaning.scheme.clone();
    // Numbers in 8 bits are scaled for all texts of a batch together.
    let is_independent = network.is_independent() && !eight_bits;
    let model = Transformer {
        spec: spec.to_owned(),
        tokens: folder.tokens,
        network: Mutex::new(network),
        vocabulary,
        scheme: scheme.clone(),
        output: folder.meaning.output,
        questions: folder.questions,
        threshold: folder.options.threshold.unwrap_or(HALF),
        identity,
        is_independent,
        kept: None,
    };
    // What is wrong with the network is better told now than after the data were read.
    let trial = model.answer_all(&[scoring::PROBE], &|_| {})?;
    if trial
        .answers
        .iter()
        .any(|(answer, _)| *answer == Answer::Failed)
    {
        return Err(Problem::new(
            "model/no-numbers",
            Place::file(spec),
            "what it makes of a plain sentence is no number",
        )
        .help("the weights are damaged, or too large for the precision that they were saved in: fetch or convert them again")
        .into());
    }
    Ok(Model {
        card,
        engine: Engine::Text {
            scheme,
            model: Box::new(model),
        },
    })
}

fn card(spec: &str, folder: &mut Folder, engine: String, eight_bits: bool) -> ModelCard {
    let name = folder.name();
    let on_hub = folder.on_hub();
    let kind = spec.split(':').next().unwrap_or_default();
    let config = &folder.config;
    let scheme = &folder.meaning.scheme;
    let how = if config.several {
        format!(
            "each scored by itself, an answer from {}",
            folder.options.threshold.unwrap_or(HALF)
        )
    } else {
        "of which the one with the highest score is the answer".to_owned()
    };
    let mut limits = vec![format!(
        "Reads the first {} tokens of a text and nothing beyond them.",
        folder.tokens.most
    )];
    if eight_bits {
        limits.push(
            "Its weights are kept in 8 bits or fewer: scores differ from those of the model it was made from, and may differ by a little with the processor and with the texts that are scored together."
                .to_owned(),
        );
    }
    if folder.matter.datasets.is_empty() {
        limits.push(
            "Its folder does not say what it was trained on, so it may have seen the data it is audited on."
                .to_owned(),
        );
    }
    let asked = match &folder.questions {
        Some(questions) => {
            limits.push(questions.account(scheme));
            " that were asked for by a sentence of each"
        }
        None => "",
    };
    ModelCard {
        name: format!("{kind}:{name}"),
        // Which revision it was is known by now, whatever the spec called it.
        spec: on_hub
            .as_ref()
            .filter(|_| folder.told.is_none())
            .map_or_else(
                || spec.to_owned(),
                |model| format!("{kind}:{}@{}", model.repository, model.revision),
            ),
        title: on_hub.as_ref().map_or_else(
            || name.clone(),
            |model| match &folder.told {
                Some(told) => format!("{}, {told}", model.repository),
                None => model.repository.clone(),
            },
        ),
        kind: "transformer",
        scheme: Some(scheme.clone()),
        description: format!(
            "A transformer ({}) with {} labels{asked}, {how}.",
            if config.model_type.is_empty() {
                "architecture not named"
            } else {
                &config.model_type
            },
            scheme.labels.len()
        ),
        licence: folder.matter.licence.join(", "),
        training_data: folder.matter.datasets.join(", "),
        limits,
        digest: folder.digest(),
        provenance: Provenance {
            engine,
            eight_bits,
            revision: on_hub.map_or_else(String::new, |model| model.revision),
            base_models: folder.matter.base_models.clone(),
            languages: folder.matter.languages.clone(),
            files: folder.files.clone(),
        },
    }
}
