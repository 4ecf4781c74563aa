//! Reads and writes the file of a model of numeric columns.

// The edge: here files are read.
#![allow(clippy::disallowed_methods)]

use std::cell::RefCell;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use super::{Column, ColumnModel, Trained};
use crate::dataset::Dataset;
use crate::dataset::read::{decode, read_file};
use crate::diagnostic::{Problem, Problems, quote};
use crate::digest::sha256;
use crate::document::{self, Fields};
use crate::model::card::{ModelCard, Provenance};
use crate::model::spec::{Engine, Model};
use crate::task::scheme::read_scheme;
use crate::task::{LABEL_TASKS, Scheme, built_in};

/// The name of the file in a model's folder.
pub const FILE: &str = "model.toml";

/// What the file says of itself.
const SCHEMA: &str = "affect-audit/features/v1";

/// Loads `features:FILE`, or the folder that it lies in.
///
/// # Errors
/// Every problem of the file.
pub fn load(spec: &str, name: &str) -> Result<Model, Problems> {
    let mut path = Path::new(name).to_path_buf();
    if path.is_dir() {
        path = path.join(FILE);
    }
    let file = path.display().to_string();
    let bytes = read_file(&path, "model/unreadable")?;
    let digest = sha256([bytes.as_slice()]);
    let text = decode(&file, bytes, "model/not-utf8")?;
    let table = document::parse(&file, &text)?;
    let problems = RefCell::new(Problems::new());
    let fields = Fields::new(&table, &problems);
    let model = read(&fields);
    let text = |key| fields.text(key).unwrap_or_default();
    let training_data = fields
        .table("training_data")
        .map_or_else(String::new, |data| {
            let text = |key| data.text(key).unwrap_or_default();
            format!("{} ({})", text("name"), text("licence"))
        });
    let card = ModelCard {
        name: fields.required_text("name"),
        spec: spec.to_owned(),
        title: text("title"),
        kind: "features",
        scheme: model.as_ref().map(|model| model.scheme.clone()),
        description: text("description"),
        licence: text("licence"),
        training_data,
        limits: fields.texts("limits"),
        digest,
        provenance: Provenance::default(),
    };
    fields.finish();
    let problems = problems.into_inner();
    let Some(model) = model else {
        return Err(problems);
    };
    problems.or(Model {
        card,
        engine: Engine::Columns(model),
    })
}

fn read(fields: &Fields<'_>) -> Option<ColumnModel> {
    let schema = fields.required_text("schema");
    if !schema.is_empty() && schema != SCHEMA {
        fields.problem(
            Problem::new(
                "model/schema",
                fields.place_of("schema"),
                format!("this is {}, and {SCHEMA} is read", quote(&schema)),
            )
            .help("train the model again with: affect-audit model train --features"),
        );
    }
    let task = fields.required_choice("task", &LABEL_TASKS);
    let name = fields.required_text("scheme");
    let scheme = task.and_then(|task| read_scheme(fields, name.clone(), name, task))?;
    let scheme = as_built_in(scheme);
    let labels = scheme.labels.len();
    let right = |table: &Fields<'_>, key: &'static str, numbers: &[f64], optional: bool| {
        if numbers.len() != labels && !(optional && numbers.is_empty()) {
            table.problem(
                Problem::new(
                    "model/weights",
                    table.place_of(key),
                    format!("{key} has {} numbers", numbers.len()),
                )
                .help(format!("expected {labels}, one a label")),
            );
        }
    };
    let bias = fields.numbers("bias");
    right(fields, "bias", &bias, false);
    let mut columns = Vec::new();
    for table in fields.tables("features") {
        let column = Column {
            name: table.required_text("name"),
            mean: table.number("mean").unwrap_or_default(),
            deviation: table.number("deviation").unwrap_or_default(),
            weights: table.numbers("weights"),
            missing: table.numbers("missing"),
        };
        right(&table, "weights", &column.weights, false);
        right(&table, "missing", &column.missing, true);
        if column.deviation <= 0.0 {
            table.problem(
                Problem::new(
                    "model/weights",
                    table.place_of("deviation"),
                    "the deviation is not above 0",
                )
                .help("expected the standard deviation of the feature in training"),
            );
        }
        table.finish();
        columns.push(column);
    }
    if columns.is_empty() {
        fields.missing("features", "at least one [[features]] table");
    }
    Some(ColumnModel {
        scheme,
        bias,
        columns,
    })
}

/// The built-in scheme with the same labels, to which crosswalks lead.
fn as_built_in(scheme: Scheme) -> Arc<Scheme> {
    match built_in(&scheme.name) {
        Some(known) if known.names() == scheme.names() => known,
        _ => Arc::new(scheme),
    }
}

/// The text of the file.
pub fn to_text(trained: &Trained, dataset: &Dataset, name: &str) -> String {
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let numbers = |numbers: &[f64]| {
        let numbers: Vec<String> = numbers
            .iter()
            .map(|number| format!("{number:.9}"))
            .collect();
        format!("[{}]", numbers.join(", "))
    };
    let scheme = &trained.model.scheme;
    let labels: Vec<String> = scheme.names().iter().map(|name| text(name)).collect();
    let columns: Vec<&str> = trained
        .model
        .columns
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    let title = format!("{} from {}", scheme.task.as_str(), columns.join(", "));
    let mut out = String::new();
    let polarities: Vec<String> = scheme
        .labels
        .iter()
        .filter_map(|label| {
            Some(format!(
                "{} = {}",
                text(&label.name),
                text(label.polarity?.as_str())
            ))
        })
        .collect();
    for (key, value) in [
        ("schema", text(SCHEMA)),
        ("name", text(name)),
        ("title", text(&title)),
        (
            "description",
            text("Multinomial logistic regression on standardised columns of numbers."),
        ),
        (
            "licence",
            text(&format!("not stated; the data: {}", dataset.card.licence)),
        ),
        (
            "limits",
            format!(
                "[{}]",
                text(
                    "Answers as the labels of its training data lie, and knows nothing of the person but these numbers."
                )
            ),
        ),
        ("task", text(scheme.task.as_str())),
        ("scheme", text(&scheme.name)),
        ("labels", format!("[{}]", labels.join(", "))),
        ("polarity", format!("{{ {} }}", polarities.join(", "))),
        ("bias", numbers(&trained.model.bias)),
    ] {
        let _ = writeln!(out, "{key} = {value}");
    }
    if let Some(neutral) = scheme.neutral {
        let _ = writeln!(out, "neutral = {}", text(&scheme.labels[neutral].name));
    }
    let _ = writeln!(
        out,
        "\n[training_data]\nname = {}\nlicence = {}\ncases = {}\ndigest = {}",
        text(&dataset.card.title),
        text(&dataset.card.licence),
        trained.cases,
        text(&dataset.digest)
    );
    for column in &trained.model.columns {
        let _ = writeln!(
            out,
            "\n[[features]]\nname = {}\nmean = {:.9}\ndeviation = {:.9}\nweights = {}",
            text(&column.name),
            column.mean,
            column.deviation,
            numbers(&column.weights)
        );
        if !column.missing.is_empty() {
            let _ = writeln!(out, "missing = {}", numbers(&column.missing));
        }
    }
    out
}
