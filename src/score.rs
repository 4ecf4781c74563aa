//! Runs a model over a dataset: each distinct text once, in an order that cannot matter.

use std::collections::HashMap;

use crate::dataset::Dataset;
use crate::diagnostic::{Place, Problem, Problems};
use crate::model::Answered;
use crate::model::spec::{Engine, Model};
use crate::prediction::{Predictions, Scores};

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
    let Answered {
        answers,
        cut,
        notes,
    } = text_model.answer_all(&distinct, &|done| progress(done, distinct.len()))?;
    let row = |place: &usize| Some(answers[*place].1.clone()).filter(|scores| !scores.is_empty());
    Ok(Predictions {
        scheme: scheme.clone(),
        answers: of_case.iter().map(|place| answers[*place].0).collect(),
        scores: Some(Scores {
            labels: (0..scheme.labels.len()).collect(),
            rows: of_case.iter().map(row).collect(),
        }),
        cut: of_case
            .iter()
            .filter(|place| cut.binary_search(place).is_ok())
            .count() as u64,
        notes,
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
