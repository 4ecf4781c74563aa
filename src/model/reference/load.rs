//! Loads the embedded reference models, and a folder that `model train` wrote.

// The edge: here files and environment are read.
#![allow(clippy::disallowed_methods)]

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use super::features::Extractor;
use super::weights::LinearModel;
use crate::dataset::read::{decode, read_file};
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};
use crate::digest::sha256;
use crate::document::{self, Fields};
use crate::model::TextModel;
use crate::model::card::{ModelCard, Provenance};
use crate::model::spec::{Engine, Model};
use crate::prediction::{Answer, highest};
use crate::task::{LabelSet, Scheme, built_in};

/// The card of a model folder.
pub const CARD: &str = "card.toml";

/// The weights of a model folder.
pub const WEIGHTS: &str = "weights.bin";

/// Name, card and weights.
type Bundled = (&'static str, &'static str, &'static [u8]);

const BUNDLED: [Bundled; 2] = [
    (
        "sentiment",
        include_str!("../../../models/reference-sentiment/card.toml"),
        include_bytes!("../../../models/reference-sentiment/weights.bin"),
    ),
    (
        "emotion",
        include_str!("../../../models/reference-emotion/card.toml"),
        include_bytes!("../../../models/reference-emotion/weights.bin"),
    ),
];

/// Loads `reference:NAME`: an embedded model, or a folder.
///
/// # Errors
/// No model of this name, or every problem of the folder.
pub fn load(spec: &str, name: &str) -> Result<Model, Problems> {
    if let Some((_, card, weights)) = BUNDLED.iter().find(|(known, ..)| *known == name) {
        return build(spec, CARD, card, weights);
    }
    let folder = Path::new(name);
    if folder.is_dir() {
        let path = folder.join(CARD);
        let file = path.display().to_string();
        let card = decode(&file, read_file(&path, "model/no-card")?, "model/not-utf8")?;
        let weights = read_file(&folder.join(WEIGHTS), "model/no-weights")?;
        return build(spec, &file, &card, &weights);
    }
    let known: Vec<&str> = BUNDLED.iter().map(|(known, ..)| *known).collect();
    Err(Problem::new(
        "model/unknown",
        Place::file(spec),
        format!("no reference model {}", quote(name)),
    )
    .help(format!(
        "{}; or a folder that `affect-audit model train` wrote",
        expected_one_of(name, &known)
    ))
    .into())
}

fn build(spec: &str, file: &str, card: &str, weights: &[u8]) -> Result<Model, Problems> {
    let model = LinearModel::from_bytes(weights).map_err(|error| {
        Problem::new("model/weights", Place::file(spec), error.to_string())
            .help("the weights are damaged or of another version; train the model again")
    })?;
    let table = document::parse(file, card)?;
    let problems = RefCell::new(Problems::new());
    let fields = Fields::new(&table, &problems);
    let scheme_name = fields.required_text("scheme");
    let training_data = fields
        .table("training_data")
        .map_or_else(String::new, |data| {
            let name = data.text("name").unwrap_or_default();
            let licence = data.text("licence").unwrap_or_default();
            let split = data.text("split").unwrap_or_default();
            format!("{name}, {split} split ({licence})")
        });
    let card = ModelCard {
        name: fields.required_text("name"),
        spec: spec.to_owned(),
        title: fields.required_text("title"),
        kind: "reference",
        scheme: built_in(&scheme_name),
        description: fields.text("description").unwrap_or_default(),
        licence: fields.text("licence").unwrap_or_default(),
        training_data,
        limits: fields.texts("limits"),
        digest: sha256([weights]),
        provenance: Provenance::default(),
    };
    problems.into_inner().or(())?;
    let scheme = labels_match(file, &card, &model)?;
    Ok(Model {
        card,
        engine: Engine::Text {
            scheme,
            model: Box::new(Reference { model }),
        },
    })
}

/// The scheme of the card, which must list the labels of the weights in their order.
fn labels_match(
    file: &str,
    card: &ModelCard,
    model: &LinearModel,
) -> Result<Arc<Scheme>, Problems> {
    match &card.scheme {
        Some(scheme) if scheme.names() == model.labels() => Ok(scheme.clone()),
        _ => Err(Problem::new(
            "model/labels",
            Place::file(file).key("scheme"),
            format!(
                "the scheme of the card does not hold the labels of the weights: {}",
                model.labels().join(", ")
            ),
        )
        .help("name the built-in scheme with these labels in this order")
        .into()),
    }
}

struct Reference {
    model: LinearModel,
}

thread_local! {
    /// Extraction needs working memory, which each thread keeps for itself.
    static EXTRACTOR: RefCell<Extractor> = RefCell::new(Extractor::new());
}

impl TextModel for Reference {
    fn answer(&self, text: &str) -> (Answer, Vec<f64>) {
        let scores =
            EXTRACTOR.with(|extractor| self.model.scores(text, &mut extractor.borrow_mut()));
        let answer =
            highest(&scores).map_or(Answer::Failed, |label| Answer::Labels(LabelSet::one(label)));
        (answer, scores)
    }
}
