//! DeBERTa-v2 and -v3: attention by content and by relative position.

use candle_core::{Result, Tensor};
use candle_nn::{Activation, VarBuilder, linear};
use candle_transformers::models::debertav2::{Config as DebertaConfig, DebertaV2Model, HiddenAct};
use serde_json::Value;

use super::head::{Head, Pooling};
use super::{Body, Classifier, Config, Fault};

/// Reads body and head.
pub fn classifier(
    config: &Config,
    labels: usize,
    weights: VarBuilder<'static>,
) -> std::result::Result<Classifier, Fault> {
    // Parts that the body does not have: of some of them it would panic.
    for (key, fits, expected) in [
        (
            "relative_attention",
            config.get("relative_attention") == Some(&Value::Bool(true)),
            "true",
        ),
        (
            "conv_kernel_size",
            config.size("conv_kernel_size", 0)? == 0,
            "0, or nothing",
        ),
        (
            "position_buckets",
            config.get("position_buckets") != Some(&Value::from(1)),
            "2 or more, or nothing",
        ),
    ] {
        if !fits {
            return Err(config
                .unexpected(key, &format!("{expected}; others run through onnx:"))
                .into());
        }
    }
    let settings = settings(config)?;
    let width = settings.hidden_size;
    let activation = match config.word("pooler_hidden_act", "gelu")?.as_str() {
        "gelu" => Some(Activation::Gelu),
        "gelu_new" | "gelu_pytorch_tanh" => Some(Activation::NewGelu),
        "relu" => Some(Activation::Relu),
        "tanh" => None,
        _ => {
            return Err(config
                .unexpected("pooler_hidden_act", "gelu, gelu_new, relu or tanh")
                .into());
        }
    };
    let body = DebertaV2Model::load(weights.pp("deberta"), &settings)?;
    Ok(Classifier {
        body: Box::new(Deberta(body)),
        types: settings.type_vocab_size as i64,
        head: Head {
            pooling: Pooling::First,
            dense: linear(width, width, weights.pp("pooler.dense"))?,
            activation,
            norm: None,
            out: linear(width, labels, weights.pp("classifier"))?,
        },
    })
}

fn settings(config: &Config) -> std::result::Result<DebertaConfig, Fault> {
    let hidden_act = match config.word("hidden_act", "gelu")?.as_str() {
        "gelu" => HiddenAct::Gelu,
        "gelu_new" | "gelu_pytorch_tanh" => HiddenAct::GeluApproximate,
        "relu" => HiddenAct::Relu,
        _ => {
            return Err(config
                .unexpected("hidden_act", "gelu, gelu_new or relu")
                .into());
        }
    };
    let hidden_size = config.positive("hidden_size", 1536)?;
    let heads = config.positive("num_attention_heads", 24)?;
    if !hidden_size.is_multiple_of(heads) {
        return Err(config
            .unexpected("num_attention_heads", "a number that divides hidden_size")
            .into());
    }
    // Negative numbers stand for "as many as there are positions" and "none".
    let or_default = |key: &str| match config.get(key).and_then(Value::as_i64) {
        Some(number) if number < 1 => Ok(0),
        _ => config.size(key, 0),
    };
    let max_position_embeddings = config.positive("max_position_embeddings", 512)?;
    let relative = match or_default("max_relative_positions")? {
        0 => max_position_embeddings,
        number => number,
    };
    let buckets = or_default("position_buckets")?;
    let flag =
        |key: &str, default: bool| config.get(key).and_then(Value::as_bool).unwrap_or(default);
    Ok(DebertaConfig {
        vocab_size: config.positive("vocab_size", 128_100)?,
        hidden_size,
        num_hidden_layers: config.positive("num_hidden_layers", 24)?,
        num_attention_heads: heads,
        intermediate_size: config.positive("intermediate_size", 6144)?,
        hidden_act,
        hidden_dropout_prob: 0.0,
        attention_probs_dropout_prob: 0.0,
        max_position_embeddings,
        type_vocab_size: config.size("type_vocab_size", 0)?,
        initializer_range: 0.02,
        layer_norm_eps: config.number("layer_norm_eps", 1e-7)?,
        relative_attention: true,
        max_relative_positions: relative as isize,
        pad_token_id: None,
        position_biased_input: flag("position_biased_input", true),
        pos_att_type: kinds_of_attention(config),
        position_buckets: Some(if buckets == 0 { -1 } else { buckets as isize }),
        share_att_key: Some(flag("share_att_key", false)),
        attention_head_size: None,
        embedding_size: match config.size("embedding_size", 0)? {
            0 => None,
            size => Some(size),
        },
        norm_rel_ebd: Some(config.word("norm_rel_ebd", "none")?),
        conv_kernel_size: None,
        conv_groups: None,
        conv_act: None,
        id2label: None,
        label2id: None,
        pooler_dropout: Some(0.0),
        pooler_hidden_act: Some(hidden_act),
        pooler_hidden_size: Some(hidden_size),
        cls_dropout: None,
    })
}

/// `pos_att_type` is a list, or words with bars between.
fn kinds_of_attention(config: &Config) -> Vec<String> {
    let owned = |word: &str| word.trim().to_owned();
    match config.get("pos_att_type") {
        Some(Value::String(words)) => words.split('|').map(owned).collect(),
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).map(owned).collect(),
        _ => Vec::new(),
    }
}

struct Deberta(DebertaV2Model);

impl Body for Deberta {
    fn states(&self, ids: &Tensor, types: &Tensor, mask: &Tensor) -> Result<Tensor> {
        self.0.forward(ids, Some(types.clone()), Some(mask.clone()))
    }
}
