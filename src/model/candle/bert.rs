//! BERT and the models that are BERT under other names: DistilBERT, RoBERTa, XLM-RoBERTa, CamemBERT.
//!
//! They share the encoder and differ in the names of weights, in where positions begin to count and in the head. So
//! the weights are brought under BERT's names, and one body computes all of them.

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{Activation, linear};
use candle_transformers::models::bert::{BertModel, Config as BertConfig, HiddenAct};

use super::head::{Head, Pooling};
use super::{Body, Classifier, Config, Fault, Weights, builder};

/// DistilBERT's names of what a layer holds, and BERT's.
const DISTILLED: [(&str, &str); 9] = [
    ("transformer.layer.", "encoder.layer."),
    (".attention.q_lin.", ".attention.self.query."),
    (".attention.k_lin.", ".attention.self.key."),
    (".attention.v_lin.", ".attention.self.value."),
    (".attention.out_lin.", ".attention.output.dense."),
    (".sa_layer_norm.", ".attention.output.LayerNorm."),
    (".ffn.lin1.", ".intermediate.dense."),
    (".ffn.lin2.", ".output.dense."),
    (".output_layer_norm.", ".output.LayerNorm."),
];

/// Where the table of positions stands under BERT's names.
const POSITIONS: &str = "embeddings.position_embeddings.weight";

/// Where the parts of a text stand.
const TYPES: &str = "embeddings.token_type_embeddings.weight";

/// Reads body and head.
pub fn classifier(
    config: &Config,
    labels: usize,
    weights: Weights,
) -> std::result::Result<Classifier, Fault> {
    let distilled = config.model_type == "distilbert";
    let mut settings = settings(config, distilled)?;
    let mut weights: Weights = weights
        .into_iter()
        .map(|(name, tensor)| (under_bert(&name, distilled), tensor))
        .collect();
    if config.counts_behind_padding() {
        // The table begins with places that no token ever takes.
        let first = config.padding().unwrap_or(1) as usize + 1;
        if let Some(table) = weights.remove(POSITIONS) {
            let rows = table.dim(0)?.saturating_sub(first);
            weights.insert(POSITIONS.to_owned(), table.narrow(0, first, rows)?);
            settings.max_position_embeddings = rows;
        }
    }
    if distilled {
        let none = Tensor::zeros((1, settings.hidden_size), DType::F32, &Device::Cpu)?;
        weights.insert(TYPES.to_owned(), none);
    }
    let weights = builder(weights);
    let width = settings.hidden_size;
    let (dense, activation, out) = match config.model_type.as_str() {
        "bert" => ("pooler.dense", None, "classifier"),
        "distilbert" => ("pre_classifier", Some(Activation::Relu), "classifier"),
        _ => ("classifier.dense", None, "classifier.out_proj"),
    };
    Ok(Classifier {
        head: Head {
            pooling: Pooling::First,
            dense: linear(width, width, weights.pp(dense))?,
            activation,
            norm: None,
            out: linear(width, labels, weights.pp(out))?,
        },
        types: settings.type_vocab_size as i64,
        body: Box::new(Bert(BertModel::load(weights, &settings)?)),
    })
}

/// The name of a weight in BERT, without the name of the model in front.
fn under_bert(name: &str, distilled: bool) -> String {
    let bare = ["bert.", "distilbert.", "roberta."]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    // The first weights of BERT call a norm's weight and bias so.
    let mut bare = bare
        .replace("LayerNorm.gamma", "LayerNorm.weight")
        .replace("LayerNorm.beta", "LayerNorm.bias");
    if distilled {
        for (theirs, ours) in DISTILLED {
            bare = bare.replace(theirs, ours);
        }
    }
    bare
}

fn settings(config: &Config, distilled: bool) -> std::result::Result<BertConfig, Fault> {
    let pick = |theirs: &'static str, ours: &'static str| if distilled { theirs } else { ours };
    let kind = config.word("position_embedding_type", "absolute")?;
    if kind != "absolute" {
        return Err(config
            .unexpected(
                "position_embedding_type",
                "absolute; others run through onnx:",
            )
            .into());
    }
    let act = pick("activation", "hidden_act");
    let hidden_act = match config.word(act, "gelu")?.as_str() {
        "gelu" => HiddenAct::Gelu,
        "gelu_new" | "gelu_pytorch_tanh" => HiddenAct::GeluApproximate,
        "relu" => HiddenAct::Relu,
        _ => return Err(config.unexpected(act, "gelu, gelu_new or relu").into()),
    };
    let width = pick("dim", "hidden_size");
    let heads = pick("n_heads", "num_attention_heads");
    let settings = BertConfig {
        vocab_size: config.positive("vocab_size", 30522)?,
        hidden_size: config.positive(width, 768)?,
        num_hidden_layers: config.positive(pick("n_layers", "num_hidden_layers"), 12)?,
        num_attention_heads: config.positive(heads, 12)?,
        intermediate_size: config.positive(pick("hidden_dim", "intermediate_size"), 3072)?,
        hidden_act,
        max_position_embeddings: config.positive("max_position_embeddings", 512)?,
        type_vocab_size: if distilled {
            1
        } else {
            config.positive("type_vocab_size", 2)?
        },
        layer_norm_eps: if distilled {
            1e-12
        } else {
            config.number("layer_norm_eps", 1e-12)?
        },
        // The rest matters in training alone, or is looked up under names that are gone.
        model_type: None,
        ..BertConfig::default()
    };
    if !settings
        .hidden_size
        .is_multiple_of(settings.num_attention_heads)
    {
        let expected = format!("a number that divides {width}");
        return Err(config.unexpected(heads, &expected).into());
    }
    Ok(settings)
}

struct Bert(BertModel);

impl Body for Bert {
    fn states(&self, ids: &Tensor, types: &Tensor, mask: &Tensor) -> Result<Tensor> {
        self.0.forward(ids, types, Some(mask))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_of_a_distilled_layer_gets_its_name_in_bert() {
        let names = [
            (
                "distilbert.transformer.layer.3.attention.q_lin.weight",
                "encoder.layer.3.attention.self.query.weight",
            ),
            (
                "distilbert.transformer.layer.3.attention.out_lin.bias",
                "encoder.layer.3.attention.output.dense.bias",
            ),
            (
                "distilbert.transformer.layer.3.sa_layer_norm.bias",
                "encoder.layer.3.attention.output.LayerNorm.bias",
            ),
            (
                "distilbert.transformer.layer.3.ffn.lin2.weight",
                "encoder.layer.3.output.dense.weight",
            ),
            (
                "distilbert.transformer.layer.3.output_layer_norm.weight",
                "encoder.layer.3.output.LayerNorm.weight",
            ),
            ("pre_classifier.weight", "pre_classifier.weight"),
        ];
        for (theirs, ours) in names {
            assert_eq!(under_bert(theirs, true), ours);
        }
        assert_eq!(
            under_bert("bert.embeddings.LayerNorm.gamma", false),
            "embeddings.LayerNorm.weight"
        );
    }
}
