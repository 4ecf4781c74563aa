//! The architectures: what `config.json` says brought into rust-bert's settings, and its networks.
//!
//! Settings that rust-bert keeps fixed are checked: with others it would answer, and answer something else. Of its
//! architectures those are taken whose scores were seen to be Python's; its DeBERTa-v2 was off by 0.08 and is not.

use std::collections::HashMap;

use rust_bert::Activation;
use rust_bert::bert::{BertConfig, BertForSequenceClassification};
use rust_bert::distilbert::{DistilBertConfig, DistilBertModelClassifier};
use rust_bert::roberta::RobertaForSequenceClassification;
use tch::nn::VarStore;
use tch::{Device, TchError, Tensor};

use super::super::transformer::config::Config;
use super::first_line;
use super::weights::{Weights, expect, fill};
use crate::diagnostic::Problems;

/// The architectures by their names in `config.json`.
pub const KINDS: [&str; 5] = ["bert", "camembert", "distilbert", "roberta", "xlm-roberta"];

/// What rust-bert adds to the variance in each norm, whatever the configuration says.
const FIXED_EPSILON: f64 = 1e-12;

/// The largest of a configuration that is close enough to it: what RoBERTa has. On the tiny models of the tests scores
/// then differ from Python's by 1e-5.
const LARGEST_EPSILON: f64 = 1e-5;

/// The token that fills short rows, as rust-bert takes it for RoBERTa and its kin.
const PADDING: u32 = 1;

/// Rust-bert's settings of a network, with what must be true of the weights before it is built.
pub struct Plan {
    settings: Settings,
    /// Weights whose shapes tell the sizes of the rest: nothing larger than the file is ever built.
    expected: Vec<(String, [i64; 2])>,
    /// How many parts a text may have.
    pub parts: i64,
}

enum Settings {
    Bert(BertConfig),
    Roberta(BertConfig),
    Distilled(Box<DistilBertConfig>),
}

/// A network with its head.
pub enum Classifier {
    Bert(BertForSequenceClassification),
    Roberta(RobertaForSequenceClassification),
    Distilled(DistilBertModelClassifier),
}

impl Classifier {
    /// The outputs, `[texts, labels]`.
    ///
    /// # Errors
    /// What rust-bert says.
    pub fn forward(&self, ids: &Tensor, types: &Tensor, mask: &Tensor) -> Result<Tensor, TchError> {
        let (ids, types, mask) = (Some(ids), Some(types), Some(mask));
        let failed = |error: rust_bert::RustBertError| TchError::Torch(error.to_string());
        Ok(match self {
            Classifier::Bert(model) => model.forward_t(ids, mask, types, None, None, false).logits,
            Classifier::Roberta(model) => {
                model.forward_t(ids, mask, types, None, None, false).logits
            }
            Classifier::Distilled(model) => {
                model
                    .forward_t(ids, mask, None, false)
                    .map_err(failed)?
                    .logits
            }
        })
    }
}

impl Plan {
    /// Builds the network and puts the weights into it.
    ///
    /// # Errors
    /// A weight that is missing or has another shape.
    pub fn build(&self, weights: &Weights) -> Result<Classifier, String> {
        for (name, shape) in &self.expected {
            expect(weights, name, shape)?;
        }
        let mut places = VarStore::new(Device::Cpu);
        let root = places.root();
        let failed = |error: rust_bert::RustBertError| first_line(&error.to_string());
        let classifier = match &self.settings {
            Settings::Bert(settings) => Classifier::Bert(
                BertForSequenceClassification::new(root, settings).map_err(failed)?,
            ),
            Settings::Roberta(settings) => Classifier::Roberta(
                RobertaForSequenceClassification::new(root, settings).map_err(failed)?,
            ),
            Settings::Distilled(settings) => Classifier::Distilled(
                DistilBertModelClassifier::new(root, settings).map_err(failed)?,
            ),
        };
        fill(&mut places, weights)?;
        Ok(classifier)
    }
}

/// What a configuration calls for.
///
/// # Errors
/// A size that cannot be, or a setting that rust-bert does not have.
pub fn plan(config: &Config) -> Result<Plan, Problems> {
    match config.model_type.as_str() {
        "distilbert" => distilled(config),
        "bert" => bert(config, "bert"),
        _ => {
            if config.padding().is_some_and(|padding| padding != PADDING) {
                return Err(config.unexpected("pad_token_id", "1; others run through onnx: or hf:"));
            }
            bert(config, "roberta")
        }
    }
}

/// A whole number that must be at least one.
fn size(config: &Config, key: &str, default: u64) -> Result<i64, Problems> {
    Ok(config.positive(key, default)? as i64)
}

/// How many heads there are, which must divide the width.
fn heads(config: &Config, key: &str, default: u64, width: (&str, i64)) -> Result<i64, Problems> {
    let heads = size(config, key, default)?;
    if width.1 % heads == 0 {
        return Ok(heads);
    }
    Err(config.unexpected(key, &format!("a number that divides {}", width.0)))
}

fn activation(config: &Config, key: &str) -> Result<Activation, Problems> {
    match config.word(key, "gelu")?.as_str() {
        "gelu" => Ok(Activation::gelu),
        "gelu_new" | "gelu_pytorch_tanh" => Ok(Activation::gelu_new),
        "relu" => Ok(Activation::relu),
        _ => Err(config.unexpected(key, "gelu, gelu_new or relu")),
    }
}

fn labels(config: &Config) -> Option<HashMap<i64, String>> {
    Some((0..).zip(config.labels.iter().cloned()).collect())
}

fn bert(config: &Config, prefix: &str) -> Result<Plan, Problems> {
    let kind = config.word("position_embedding_type", "absolute")?;
    if kind != "absolute" {
        return Err(config.unexpected(
            "position_embedding_type",
            "absolute; others run through onnx:",
        ));
    }
    if config.number("layer_norm_eps", FIXED_EPSILON)? > LARGEST_EPSILON {
        return Err(config.unexpected(
            "layer_norm_eps",
            "at most 1e-5, since rust-bert takes 1e-12; others run through onnx: or hf:",
        ));
    }
    let width = size(config, "hidden_size", 768)?;
    let settings = BertConfig {
        hidden_act: activation(config, "hidden_act")?,
        attention_probs_dropout_prob: 0.0,
        hidden_dropout_prob: 0.0,
        hidden_size: width,
        initializer_range: 0.02,
        intermediate_size: size(config, "intermediate_size", 3072)?,
        max_position_embeddings: size(config, "max_position_embeddings", 512)?,
        num_attention_heads: heads(config, "num_attention_heads", 12, ("hidden_size", width))?,
        num_hidden_layers: size(config, "num_hidden_layers", 12)?,
        type_vocab_size: size(config, "type_vocab_size", 2)?,
        vocab_size: size(config, "vocab_size", 30522)?,
        output_attentions: None,
        output_hidden_states: None,
        is_decoder: None,
        id2label: labels(config),
        label2id: None,
    };
    let last = settings.num_hidden_layers - 1;
    let at = |rest: &str| format!("{prefix}.{rest}");
    Ok(Plan {
        expected: vec![
            (
                at("embeddings.word_embeddings.weight"),
                [settings.vocab_size, width],
            ),
            (
                at("embeddings.position_embeddings.weight"),
                [settings.max_position_embeddings, width],
            ),
            (
                at("embeddings.token_type_embeddings.weight"),
                [settings.type_vocab_size, width],
            ),
            (
                at(&format!("encoder.layer.{last}.intermediate.dense.weight")),
                [settings.intermediate_size, width],
            ),
        ],
        parts: settings.type_vocab_size,
        settings: if prefix == "bert" {
            Settings::Bert(settings)
        } else {
            Settings::Roberta(settings)
        },
    })
}

fn distilled(config: &Config) -> Result<Plan, Problems> {
    let width = size(config, "dim", 768)?;
    let settings = DistilBertConfig {
        activation: activation(config, "activation")?,
        attention_dropout: 0.0,
        dim: width,
        dropout: 0.0,
        hidden_dim: size(config, "hidden_dim", 3072)?,
        id2label: labels(config),
        initializer_range: 0.02,
        is_decoder: None,
        label2id: None,
        max_position_embeddings: size(config, "max_position_embeddings", 512)?,
        n_heads: heads(config, "n_heads", 12, ("dim", width))?,
        n_layers: size(config, "n_layers", 6)?,
        output_attentions: None,
        output_hidden_states: None,
        output_past: None,
        qa_dropout: 0.0,
        seq_classif_dropout: 0.0,
        // Where they were computed, they were saved as well.
        sinusoidal_pos_embds: false,
        tie_weights_: false,
        vocab_size: size(config, "vocab_size", 30522)?,
    };
    let last = settings.n_layers - 1;
    let at = |rest: &str| format!("distilbert.{rest}");
    Ok(Plan {
        expected: vec![
            (
                at("embeddings.word_embeddings.weight"),
                [settings.vocab_size, width],
            ),
            (
                at("embeddings.position_embeddings.weight"),
                [settings.max_position_embeddings, width],
            ),
            (
                at(&format!("transformer.layer.{last}.ffn.lin1.weight")),
                [settings.hidden_dim, width],
            ),
        ],
        parts: 1,
        settings: Settings::Distilled(Box::new(settings)),
    })
}
