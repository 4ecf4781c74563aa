//! ModernBERT: rotary positions, windows of attention in most layers.

use candle_core::{Result, Tensor};
use candle_nn::{Activation, LayerNorm, Linear, VarBuilder, linear};
use candle_transformers::models::modernbert::{Config as ModernConfig, ModernBert};
use serde_json::Value;

use super::head::{Head, Pooling};
use super::{Body, Classifier, Config, Fault};

/// Parts that some configurations switch on and the body does not have.
const NOT_HERE: [&str; 3] = ["attention_bias", "mlp_bias", "norm_bias"];

/// Reads body and head. No text has more than `most` tokens.
pub fn classifier(
    config: &Config,
    labels: usize,
    most: usize,
    weights: VarBuilder<'static>,
) -> std::result::Result<Classifier, Fault> {
    for key in NOT_HERE {
        if config.get(key).and_then(Value::as_bool) == Some(true) {
            return Err(config
                .unexpected(key, "false; others run through onnx:")
                .into());
        }
    }
    for key in ["hidden_activation", "classifier_activation"] {
        if config.word(key, "gelu")? != "gelu" {
            return Err(config
                .unexpected(key, "gelu; others run through onnx:")
                .into());
        }
    }
    let settings = settings(config, most)?;
    let width = settings.hidden_size;
    let head = weights.pp("head");
    let norm = head.get(width, "norm.weight")?;
    let pooling = match config.word("classifier_pooling", "cls")?.as_str() {
        "cls" => Pooling::First,
        "mean" => Pooling::Mean,
        _ => {
            return Err(config
                .unexpected("classifier_pooling", "cls or mean")
                .into());
        }
    };
    let dense = head.pp("dense");
    let bias = if dense.contains_tensor("bias") {
        Some(dense.get(width, "bias")?)
    } else {
        None
    };
    Ok(Classifier {
        body: Box::new(Modern(ModernBert::load(weights.clone(), &settings)?)),
        types: 1,
        head: Head {
            pooling,
            dense: Linear::new(dense.get((width, width), "weight")?, bias),
            activation: Some(Activation::Gelu),
            norm: Some(LayerNorm::new_no_bias(norm, settings.layer_norm_eps)),
            out: linear(width, labels, weights.pp("classifier"))?,
        },
    })
}

fn settings(config: &Config, most: usize) -> std::result::Result<ModernConfig, Fault> {
    let hidden_size = config.positive("hidden_size", 768)?;
    let heads = config.positive("num_attention_heads", 12)?;
    if !hidden_size.is_multiple_of(2 * heads) {
        return Err(config
            .unexpected(
                "num_attention_heads",
                "a number whose double divides hidden_size",
            )
            .into());
    }
    let eps = config.number("layer_norm_eps", 1e-5)?;
    Ok(ModernConfig {
        vocab_size: config.positive("vocab_size", 50368)?,
        hidden_size,
        num_hidden_layers: config.positive("num_hidden_layers", 22)?,
        num_attention_heads: heads,
        intermediate_size: config.positive("intermediate_size", 1152)?,
        // Positions are computed and not learnt: as many are needed as a text has tokens.
        max_position_embeddings: most,
        layer_norm_eps: config.number("norm_eps", eps)?,
        pad_token_id: 0,
        global_attn_every_n_layers: config.positive("global_attn_every_n_layers", 3)?,
        global_rope_theta: config.number("global_rope_theta", 160_000.0)?,
        local_attention: config.positive("local_attention", 128)?,
        local_rope_theta: config.number("local_rope_theta", 10_000.0)?,
        classifier_config: None,
    })
}

struct Modern(ModernBert);

impl Body for Modern {
    fn states(&self, ids: &Tensor, _types: &Tensor, mask: &Tensor) -> Result<Tensor> {
        self.0.forward(ids, mask)
    }
}
