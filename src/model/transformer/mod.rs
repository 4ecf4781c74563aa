//! Transformers from a folder as the Hugging Face tools write it: what all engines share.
//!
//! Configuration, labels, tokenizer, batches and scores are here; how outputs are computed is left to the engines.

pub mod batches;
pub mod config;
pub mod entailment;
#[cfg(feature = "hub")]
mod fetch;
pub mod folder;
pub mod hub;
pub mod labels;
pub mod options;
pub mod readme;
#[cfg(any(feature = "candle", feature = "libtorch"))]
pub mod safetensors;
pub mod source;
pub mod tokens;

use std::sync::{Arc, Mutex, PoisonError};

use batches::Reading;
pub use batches::{Batch, Network};
use entailment::Questions;
pub use folder::Folder;

use super::spec::{Engine, Model};
use super::{Answered, ModelCard, Provenance, TextModel};
use crate::diagnostic::{Place, Problem, Problems};
use crate::prediction::{Answer, highest};
use crate::task::{LabelSet, Scheme};
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
}

/// Puts a model together from its folder and the network that an engine made of its weights.
///
/// # Errors
/// A network that does not answer an empty text with an output for each label.
pub fn assemble(
    spec: &str,
    mut folder: Folder,
    network: Box<dyn Network>,
    engine: String,
    eight_bits: bool,
) -> Result<Model, Problems> {
    let card = card(spec, &mut folder, engine, eight_bits);
    let vocabulary = folder
        .config
        .get("vocab_size")
        .and_then(serde_json::Value::as_u64)
        .map(|size| size as usize);
    let scheme = folder.meaning.scheme.clone();
    let model = Transformer {
        spec: spec.to_owned(),
        tokens: folder.tokens,
        network: Mutex::new(network),
        vocabulary,
        scheme: scheme.clone(),
        output: folder.meaning.output,
        questions: folder.questions,
        threshold: folder.options.threshold.unwrap_or(HALF),
    };
    // What is wrong with the network is better told now than after the data were read.
    model.answer_all(&[""], &|_| {})?;
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

impl TextModel for Transformer {
    fn answer_all(
        &self,
        texts: &[&str],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Answered, Problems> {
        let mut network = self.network.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = batches::run(
            &self.tokens,
            self.vocabulary,
            network.as_mut(),
            match &self.questions {
                Some(questions) => Reading::Pairs(questions),
                None => Reading::Texts(self.output.len()),
            },
            texts,
            progress,
        )
        .map_err(|error| {
            Problem::new(
                "model/inference",
                Place::file(&self.spec),
                format!("the model cannot be run: {error}"),
            )
            .help("check that config.json, tokenizer and weights belong together; where memory is short, set max_length in affect-audit.toml in the folder")
        })?;
        Ok(Answered {
            answers: outputs
                .rows
                .into_iter()
                .map(|row| row.map_or((Answer::Failed, Vec::new()), |row| self.read(&row)))
                .collect(),
            cut: outputs.cut,
            notes: Vec::new(),
        })
    }
}

impl Transformer {
    /// The answer and the scores behind a row of outputs.
    fn read(&self, row: &[f32]) -> (Answer, Vec<f64>) {
        let ordered: Vec<f64> = self
            .output
            .iter()
            .map(|place| f64::from(row[*place]))
            .collect();
        if self.scheme.is_multi_label() {
            let scores: Vec<f64> = ordered.iter().map(|output| sigmoid(*output)).collect();
            let mut labels = LabelSet::EMPTY;
            for (label, score) in scores.iter().enumerate() {
                if *score >= self.threshold {
                    labels.insert(label);
                }
            }
            return (Answer::Labels(labels), scores);
        }
        let scores = softmax(&ordered);
        let answer =
            highest(&scores).map_or(Answer::Failed, |label| Answer::Labels(LabelSet::one(label)));
        (answer, scores)
    }
}

/// `1 / (1 + exp(-x))`.
fn sigmoid(output: f64) -> f64 {
    1.0 / (1.0 + (-output).exp())
}

/// `exp(x_i) / sum(exp(x_j))`, shifted by the largest output so that nothing overflows.
fn softmax(outputs: &[f64]) -> Vec<f64> {
    let largest = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = outputs
        .iter()
        .map(|output| (output - largest).exp())
        .collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of `scipy.special.expit` and `scipy.special.softmax` (scipy 1.17.1).
    #[test]
    fn scores_are_those_of_scipy() {
        assert!((sigmoid(-2.5) - 0.075_858_180_021_243_55).abs() < 1e-15);
        assert_eq!(sigmoid(-800.0), 0.0);
        let expected = [
            0.090_030_573_170_380_46,
            0.244_728_471_054_797_64,
            0.665_240_955_774_821_9,
        ];
        for (ours, theirs) in softmax(&[1001.0, 1002.0, 1003.0]).iter().zip(expected) {
            assert!((ours - theirs).abs() < 1e-15, "{ours}");
        }
    }
}
