//! Runs a model over a dataset: each distinct text once, on all cores, in an order that cannot matter.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::diagnostic::{Place, Problem, Problems};
use crate::model::spec::{Engine, Model};
use crate::prediction::{Answer, Predictions, Scores};

/// How many texts are scored between two reports of progress.
const BATCH: usize = 1024;

/// The answers of a model to all cases of a dataset. `progress` gets the number of distinct texts done and all.
///
/// # Errors
/// A text model on a dataset without texts, or the problems of a predictions file.
pub fn score(
    model: &Model,
    dataset: &Dataset,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Predictions, Problems> {
    let (scheme, text_model) = match &model.engine {
        Engine::File(file) => return file.predictions(dataset),
        Engine::Columns(columns) => return columns.predictions(dataset),
        Engine::Text { scheme, model } => (scheme, model),
    };
    let texts = texts(model, dataset)?;
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut distinct: Vec<&str> = Vec::new();
    let of_case: Vec<usize> = texts
        .iter()
        .map(|text| {
            *places.entry(text.as_str()).or_insert_with(|| {
                distinct.push(text);
                distinct.len() - 1
            })
        })
        .collect();
    let mut scored: Vec<(Answer, Vec<f64>)> = Vec::with_capacity(distinct.len());
    for batch in distinct.chunks(BATCH) {
        scored.par_extend(batch.par_iter().map(|text| text_model.answer(text)));
        progress(scored.len(), distinct.len());
    }
    Ok(Predictions {
        scheme: scheme.clone(),
        answers: of_case.iter().map(|place| scored[*place].0).collect(),
        scores: Some(Scores {
            labels: (0..scheme.labels.len()).collect(),
            rows: of_case
                .iter()
                .map(|place| Some(scored[*place].1.clone()))
                .collect(),
        }),
    })
}

/// The texts of a dataset, for a model that reads texts.
///
/// # Errors
/// A dataset without texts.
pub fn texts<'a>(model: &Model, dataset: &'a Dataset) -> Result<&'a [String], Problems> {
    dataset.cases.texts.as_deref().ok_or_else(|| {
        Problem::new(
            "model/no-text",
            Place::file(&dataset.origin).key(&dataset.card.text.name),
            format!("{} reads texts, and the dataset {} has none", model.card.name, dataset.card.name),
        )
        .help("name the column of texts in the card (`[columns] text = ...`), or audit answers from a predictions file")
        .into()
    })
}
