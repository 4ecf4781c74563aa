//! Transformers in pure Rust: `hf:DIR`, a folder with safetensors, through candle.
//!
//! Architectures: BERT, DistilBERT, RoBERTa, XLM-RoBERTa, CamemBERT (one body, `bert`), DeBERTa-v2 and -v3, ModernBERT.

mod bert;
mod deberta;
mod head;
mod modernbert;

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;

use super::spec::{Downloads, Model};
use super::transformer::config::Config;
use super::transformer::{Batch, Folder, Network, assemble, safetensors};
use super::transformer::{hub, source};
use crate::diagnostic::{Place, Problem, Problems, quote};
use head::Head;

/// The version of candle, as Cargo.lock has it.
const VERSION: &str = "0.11.1";

/// The weights by name.
type Weights = HashMap<String, Tensor>;

/// The architectures by their names in `config.json`.
const KINDS: [&str; 7] = [
    "bert",
    "camembert",
    "deberta-v2",
    "distilbert",
    "modernbert",
    "roberta",
    "xlm-roberta",
];

/// What turns tokens into a state for each.
trait Body: Send {
    /// The states, `[texts, tokens, width]`.
    fn states(&self, ids: &Tensor, types: &Tensor, mask: &Tensor) -> candle_core::Result<Tensor>;
}

/// Loads `hf:PATH`.
///
/// # Errors
/// Every problem of the folder, weights that are pickled, damaged or of another architecture.
pub fn load(spec: &str, path: &str, downloads: &Downloads<'_>) -> Result<Model, Problems> {
    let source = source::find(spec, path, hub::Weights::Safetensors, downloads)?;
    let mut folder = Folder::read(spec, &source.path, source.told)?;
    let kind = folder.config.model_type.clone();
    folder.config.check_architecture("hf:", &KINDS)?;
    let files = safetensors::files(&folder, "hf:", "")?;
    let mut weights = Weights::new();
    for file in &files {
        let bytes = folder.weights(file)?;
        let tensors =
            candle_core::safetensors::load_buffer(&bytes, &Device::Cpu).map_err(|error| {
                Problem::new(
                    "model/safetensors",
                    Place::file(file.display().to_string()),
                    format!(
                        "this is no whole safetensors file: {}",
                        quote(&error.to_string())
                    ),
                )
                .help("the download was cut off or the file is damaged: fetch it again")
            })?;
        weights.extend(tensors);
    }
    let network = network(&folder.config, folder.tokens.most, weights).map_err(|fault| match fault {
        Fault::Config(problems) => problems,
        Fault::Weights(error) => Problem::new(
            "model/weights",
            Place::file(folder.path.display().to_string()),
            format!(
                "the weights are not those of a {kind} classifier as config.json describes it: {}",
                first_line(&error.to_string())
            ),
        )
        .help("configuration and weights must be of one model, saved with its head for classification (AutoModelForSequenceClassification)")
        .into(),
    })?;
    let engine = format!("candle {VERSION}");
    assemble(spec, folder, Box::new(network), engine, false)
}

/// Why no network came about.
enum Fault {
    /// The configuration asks for something that cannot be.
    Config(Problems),
    /// The weights do not fit it.
    Weights(candle_core::Error),
}

impl From<Problems> for Fault {
    fn from(problems: Problems) -> Self {
        Fault::Config(problems)
    }
}

impl From<candle_core::Error> for Fault {
    fn from(error: candle_core::Error) -> Self {
        Fault::Weights(error)
    }
}

/// Body and head of a model.
fn network(config: &Config, most: usize, weights: Weights) -> Result<Classifier, Fault> {
    let labels = config.labels.len();
    match config.model_type.as_str() {
        "deberta-v2" => deberta::classifier(config, labels, builder(weights)),
        "modernbert" => modernbert::classifier(config, labels, most, builder(weights)),
        _ => bert::classifier(config, labels, weights),
    }
}

/// Weights are kept in whatever precision and computed with in single precision.
fn builder(weights: Weights) -> VarBuilder<'static> {
    VarBuilder::from_tensors(weights, DType::F32, &Device::Cpu)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// A body with a head.
struct Classifier {
    body: Box<dyn Body>,
    head: Head,
    /// How many parts a text may have.
    types: i64,
}

impl Network for Classifier {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<f32>, String> {
        let failed = |error: candle_core::Error| first_line(&error.to_string()).to_owned();
        let types: Vec<i64> = batch
            .types
            .iter()
            .map(|part| (*part).min(self.types - 1).max(0))
            .collect();
        let tensor = |values: &[i64]| {
            Tensor::from_slice(values, (batch.rows, batch.length), &Device::Cpu)
                .and_then(|tensor| tensor.to_dtype(DType::U32))
        };
        let run = || {
            let mask = tensor(&batch.mask)?;
            let states = self
                .body
                .states(&tensor(&batch.ids)?, &tensor(&types)?, &mask)?;
            self.head
                .logits(&states, &mask)?
                .flatten_all()?
                .to_vec1::<f32>()
        };
        run().map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::VERSION;

    #[test]
    fn the_version_is_that_of_the_lock_file() {
        let lock = include_str!("../../../Cargo.lock");
        let entry = format!("name = \"candle-transformers\"\nversion = \"{VERSION}\"");
        assert!(lock.contains(&entry));
    }
}
