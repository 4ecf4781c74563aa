//! The earlier release that changes are measured from: its record, and its answers where they are at hand.

use std::collections::BTreeMap;

use super::plan::Plan;
use crate::audit::{Answers, values};
use crate::cli::output;
use crate::dataset::Dataset;
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::measure::Rules;
use crate::model;
use crate::model::spec::{Engine, Model};
use crate::policy::Policy;
use crate::record::baseline::{Asked, Baseline, PREDICTIONS};

/// Reads the record of an earlier audit.
///
/// # Errors
/// A file that cannot be read or is no record as it was written.
pub fn read_baseline(file: &str) -> Result<Baseline, Problems> {
    Baseline::parse(file, &output::read_text(file)?)
}

/// What a baseline must be about.
pub fn asked<'a>(policy: &'a Policy, models: &'a [Model], datasets: &'a [Dataset]) -> Asked<'a> {
    Asked {
        policy: &policy.digest,
        datasets: datasets
            .iter()
            .map(|dataset| (dataset.card.name.as_str(), dataset.digest.as_str()))
            .collect(),
        models: models
            .iter()
            .map(|model| model.card.name.as_str())
            .collect(),
    }
}

/// Answers that were audited earlier, by the file they were read from.
pub struct Earlier {
    /// The file.
    pub file: String,
    /// The model, once it is known under its name in the record.
    pub model: Model,
}

impl Earlier {
    /// Reads a file of answers; nothing with problems, those of what is no such file under `code`.
    pub fn load(file: &str, code: &'static str, problems: &mut Problems) -> Option<Earlier> {
        let model = problems.take(model::load(file))?;
        if matches!(model.engine, Engine::File(_)) {
            return Some(Earlier {
                file: file.to_owned(),
                model,
            });
        }
        problems.push(
            Problem::new(code, Place::file(file), "this is no file of answers").help(
                "give a predictions file (.csv, .jsonl, .parquet); affect-audit predict writes one",
            ),
        );
        None
    }
}

/// Reads the files of answers, each of a model of the baseline.
pub fn read(plan: &Plan, baseline: Option<&Baseline>, problems: &mut Problems) -> Vec<Earlier> {
    let mut earlier: Vec<Earlier> = Vec::new();
    for given in &plan.baseline_predictions {
        let (named, file) = match given.split_once('=') {
            // A path may hold the sign too.
            Some((name, file)) if !std::path::Path::new(given).is_file() => (Some(name), file),
            _ => (None, given.as_str()),
        };
        let Some(mut one) = Earlier::load(file, PREDICTIONS, problems) else {
            continue;
        };
        // A baseline that cannot be read was told of.
        let Some(baseline) = baseline else { continue };
        let card = &mut one.model.card;
        let whose = baseline
            .origin()
            .whose((named, file), &card.name, &card.digest);
        let Some(name) = problems.take(whose) else {
            continue;
        };
        if earlier.iter().any(|known| known.model.card.name == name) {
            problems.push(
                Problem::new(
                    "baseline/predictions",
                    Place::file(file),
                    format!("another file holds answers of {} too", quote(&name)),
                )
                .help("give one file a model; it may hold the answers to several datasets"),
            );
            continue;
        }
        card.name = name;
        earlier.push(one);
    }
    earlier
}

/// The answers to these datasets.
pub fn answers<'a>(
    earlier: &'a [Earlier],
    datasets: &'a [Dataset],
    problems: &mut Problems,
) -> Vec<Answers<'a>> {
    let mut all = Vec::new();
    for one in earlier {
        let Engine::File(file) = &one.model.engine else {
            continue;
        };
        let mut strangers = Problems::new();
        let mut belongs = false;
        for dataset in datasets {
            match file.predictions(dataset) {
                Ok(predictions) => {
                    belongs = true;
                    all.push(Answers {
                        model: &one.model.card,
                        dataset,
                        predictions,
                    });
                }
                Err(more) if more.iter().all(|problem| problem.code == super::NO_OVERLAP) => {
                    strangers.extend(more);
                }
                Err(more) => {
                    belongs = true;
                    problems.extend(more);
                }
            }
        }
        if !belongs {
            problems.extend(strangers);
        }
    }
    all
}

/// Whether the answers come to what the baseline says of them.
pub fn check(
    baseline: &Baseline,
    earlier: &[Earlier],
    answers: &[Answers<'_>],
    rules: &Rules,
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for one in earlier {
        let own = answers
            .iter()
            .filter(|answers| answers.model.name == one.model.card.name);
        for answers in own {
            problems.take(
                baseline
                    .origin()
                    .check_values(&one.file, &values(answers, rules)),
            );
        }
    }
    problems.or(())
}

/// Names of models with the digests of their answers, as a record tells them.
pub fn digests(earlier: &[Earlier]) -> BTreeMap<String, String> {
    let cards = earlier.iter().map(|one| &one.model.card);
    cards
        .map(|card| (card.name.clone(), card.digest.clone()))
        .collect()
}
