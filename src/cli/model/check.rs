//! `model check`: whether a model answers as its labels say, on a few cases, before anything is spent on it.

use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::check::sanity::judge;
use crate::cli::{called, output};
use crate::dataset::{self, Dataset};
use crate::diagnostic::{Place, Problem, Problems};
use crate::model;
use crate::model::sentences::Probe;
use crate::model::spec::{Engine, Model};
use crate::prediction::Answer;
use crate::record::model_check::{build, to_json};
use crate::report::model_check::summary;
use crate::task::{Scheme, bridge};

/// The most cases of one label that are asked about.
const MOST_PER_LABEL: usize = 20;

/// Something is wrong with the model.
const NAMED: u8 = 1;

/// A form of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table
    Text,
    /// Everything, for programs
    Json,
}

/// What to check.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The model, as `model list` shows
    #[arg(value_name = "SPEC")]
    model: String,
    /// Ask about labelled cases of this dataset, up to 20 of each label, and not about plain English sentences: for
    /// models of other languages or labels, of numeric columns, and for predictions files
    #[arg(long, value_name = "NAME-or-PATH")]
    dataset: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Fetch a model that is named as on the Hugging Face hub, or send texts to a service (http:FILE.toml) [default: only
    /// what is on this machine is used]
    #[arg(long)]
    allow_network: bool,
}

const EXAMPLES: &str = "\
Examples:
  affect-audit model check reference:emotion
  affect-audit model check http:vendor.toml --allow-network       some 50 requests; later audits do not ask them again
  affect-audit model check onnx:my-model --dataset my-data        cases of your own language and labels
  affect-audit model check process:program.toml --format json
  affect-audit explain swapped-labels                             how it is found, and what to do

Exit codes:
  0 no fault in how it is wired was found   1 one was, and is named   2 it could not be asked";

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let mut problems = Problems::new();
    let downloads = output::downloads(arguments.allow_network);
    let model = problems.take(model::load_with(&arguments.model, &downloads));
    let dataset = arguments.dataset.as_deref();
    let dataset = dataset.map(|name| problems.take(dataset::read(name)));
    problems.or(())?;
    let (Some(model), dataset) = (model, dataset.flatten()) else {
        return Ok(NAMED);
    };
    let judgement = match &dataset {
        None => {
            let asked = called::asked_plainly(&model)?;
            let (judgement, notes) = asked.ok_or_else(|| nothing_to_ask(&model))?;
            output::notes(&notes);
            judgement
        }
        Some(dataset) => {
            let (scheme, probe, chosen) = chosen(&model, dataset)?;
            let answers = answers(&model, dataset, &probe, &chosen)?;
            judge(&probe, &answers, scheme.is_multi_label())
        }
    };
    let name = dataset.as_ref().map(|dataset| dataset.card.name.as_str());
    let check = build(&model.card, name, &judgement);
    output::print(&match arguments.format {
        Format::Text => summary(&check),
        Format::Json => to_json(&check),
    })?;
    Ok(if check.findings.is_empty() { 0 } else { NAMED })
}

fn nothing_to_ask(model: &Model) -> Problem {
    let why = match model.engine {
        Engine::Text { .. } => "no sentence of ours is of its labels",
        Engine::Columns(_) => "it reads columns of numbers, and no sentences",
        Engine::File(_) => "it holds answers, and cannot be asked",
    };
    Problem::new("model/no-sentences", Place::file(&model.card.spec), why)
        .help("name a dataset with labels of its kind: --dataset")
}

/// The first cases of each label that model and dataset share, with one label and each text once: the scheme of the
/// model, the probe, and the places of its cases.
fn chosen(model: &Model, dataset: &Dataset) -> Result<(Arc<Scheme>, Probe, Vec<usize>), Problems> {
    let scheme = match &model.engine {
        Engine::Text { scheme, .. } => scheme.clone(),
        Engine::Columns(columns) => columns.scheme.clone(),
        Engine::File(file) => file.scheme(dataset)?,
    };
    let nothing = |message: &str| -> Problems {
        Problem::new(
            "model/no-sentences",
            Place::file(&dataset.origin),
            message.to_owned(),
        )
        .help("name a dataset with labels of the kind that the model answers with")
        .into()
    };
    let gold = dataset.cases.gold(scheme.task);
    let gold = gold.ok_or_else(|| nothing("it has no labels of the model's task"))?;
    let bridge = bridge(&scheme, &gold.scheme)
        .ok_or_else(|| nothing("it shares no two labels with the model"))?;
    let mut probe = Probe {
        classes: bridge
            .scheme
            .names()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        class_of: bridge.from_model,
        cases: Vec::new(),
    };
    let mut taken = vec![0; probe.classes.len()];
    let mut places = Vec::new();
    let texts = dataset.cases.texts.as_deref();
    for (place, labels) in gold.labels.iter().enumerate() {
        let class = labels
            .and_then(|labels| labels.single())
            .and_then(|label| bridge.from_gold[label]);
        let text = texts.map_or("", |texts| texts[place].as_str());
        let Some(class) = class.filter(|class| taken[*class] < MOST_PER_LABEL) else {
            continue;
        };
        if texts.is_some() && probe.cases.iter().any(|(known, _)| known == text) {
            continue;
        }
        taken[class] += 1;
        probe.cases.push((text.to_owned(), class));
        places.push(place);
    }
    if taken.iter().filter(|cases| **cases > 0).count() < 2 {
        return Err(nothing(
            "its cases are not of two labels that the model has",
        ));
    }
    Ok((scheme, probe, places))
}

/// The answers to the chosen cases, with scores where there is one for each label.
fn answers(
    model: &Model,
    dataset: &Dataset,
    probe: &Probe,
    chosen: &[usize],
) -> Result<Vec<(Answer, Vec<f64>)>, Problems> {
    let predictions = match &model.engine {
        Engine::Text { model: reader, .. } => {
            crate::score::texts(model, dataset)?;
            let answered = reader.answer_all(&probe.texts(), &|_| {})?;
            output::notes(&answered.notes);
            return Ok(answered.answers);
        }
        Engine::Columns(columns) => columns.predictions(dataset)?,
        Engine::File(file) => file.predictions(dataset)?,
    };
    let labels = predictions.scheme.labels.len();
    let scores = predictions.scores.as_ref();
    let scores = scores.filter(|scores| scores.labels.len() == labels);
    Ok(chosen
        .iter()
        .map(|place| {
            let row = scores.and_then(|scores| scores.rows[*place].clone());
            (predictions.answers[*place], row.unwrap_or_default())
        })
        .collect())
}
