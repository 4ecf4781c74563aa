//! `model`: list the models that come with the program, check any, and train reference models.

mod check;
mod columns;
mod lessons;

use lessons::{Marks, card, examine};

use std::fmt::Write;
use std::path::Path;

use clap::{Subcommand, ValueEnum};

use super::{output, progress};
use crate::dataset::{self};
use crate::diagnostic::{Place, Problem, Problems, counted, plain};
use crate::model;
use crate::model::reference::load::{CARD, WEIGHTS};
use crate::model::reference::train::{Learner, Trained, TrainingOptions, train};

/// What to do with models.
#[derive(Subcommand)]
pub enum Command {
    /// List the models that come with the program, and the specs of others
    List,
    /// Ask a model a few plain cases, and name what is wrong with its labels, tokenizer or scores
    Check(check::Arguments),
    /// Train a reference model on a dataset
    #[command(after_help = TRAIN_EXAMPLE)]
    Train {
        /// The dataset to learn from: the name of a bundled one, or a folder with dataset.toml
        #[arg(long, value_name = "NAME-or-PATH")]
        dataset: String,
        /// A dataset to measure on, which the model never learns from
        #[arg(long, value_name = "NAME-or-PATH")]
        dev: Option<String>,
        /// What to ask: without sentiment labels in the data, sentiment is the polarity of the emotion labels
        #[arg(long, visible_alias = "label", value_enum)]
        task: Asked,
        /// Learn from these columns of numbers instead of texts, separated by commas (see [features] in the card)
        #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with_all = ["dev", "learner"])]
        features: Vec<String>,
        /// The learner; several, or `--learner all`, are compared on the dev dataset and the best is kept
        #[arg(long, value_enum, default_values_t = [LearnerName::Logistic])]
        learner: Vec<LearnerName>,
        /// Seed of whatever the learner leaves to chance
        #[arg(long)]
        seed: Option<u64>,
        /// The model folder to write
        #[arg(short, long, value_name = "DIR")]
        out: String,
        /// Write over files that are there
        #[arg(long)]
        force: bool,
        /// No progress
        #[arg(short, long)]
        quiet: bool,
    },
}

const TRAIN_EXAMPLE: &str = "\
Example:
  affect-audit model train --dataset my-train/ --dev my-dev/ --task emotion -o my-model
  affect-audit audit --model reference:my-model --dataset everyday-english

Example with columns of numbers; the answers out of fold are those of models that did not see the person:
  affect-audit model train --dataset my-signals/ --task emotion --features heart,skin -o my-model
  affect-audit audit --predictions my-model/out-of-fold.csv --dataset my-signals/
  affect-audit audit --model features:my-model --dataset other-signals/";

/// What a model is asked.
#[derive(Clone, Copy, ValueEnum)]
pub enum Asked {
    /// One of seven emotions
    Emotion,
    /// Negative, neutral or positive
    Sentiment,
}

/// A learner by name.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LearnerName {
    /// Multinomial logistic regression
    Logistic,
    /// Follow the regularised leader, one label against the rest
    Ftrl,
    /// Naive Bayes
    Bayes,
    /// Support vector machine with a linear kernel
    Svm,
    /// All of them
    All,
}

/// Runs the command.
pub fn run(command: Command) -> Result<u8, Problems> {
    match command {
        Command::List => list(),
        Command::Check(arguments) => check::run(&arguments),
        Command::Train {
            dataset,
            dev,
            task,
            features,
            learner,
            seed,
            out,
            force,
            quiet,
        } => {
            let folder = Path::new(&out);
            if !features.is_empty() {
                return columns::run(&dataset, task, &features, seed.unwrap_or(1), folder, force);
            }
            for name in [WEIGHTS, CARD] {
                output::refuse_overwrite(&folder.join(name), force)?;
                output::check_writable(&folder.join(name))?;
            }
            let learners = learners(&learner);
            if learners.len() > 1 && dev.is_none() {
                return Err(Problem::new(
                    "model/no-dev",
                    Place::file("--dev"),
                    "several learners and nothing to compare them on",
                )
                .help("name a dataset with --dev")
                .into());
            }
            let mut problems = Problems::new();
            let data = problems.take(dataset::read(&dataset));
            let dev = dev.and_then(|dev| problems.take(dataset::read(&dev)));
            let Some(data) = data.filter(|_| problems.is_empty()) else {
                return Err(problems);
            };
            let lessons = lessons::lessons(&data, task)?;
            let exam = dev
                .as_ref()
                .map(|dev| lessons::lessons(dev, task))
                .transpose()?;
            let mut best: Option<(Learner, Trained, Option<Marks>)> = None;
            let mut comparison = Vec::new();
            for learner in learners {
                let mut options = TrainingOptions {
                    learner,
                    ..TrainingOptions::default()
                };
                options.seed = seed.unwrap_or(options.seed);
                let spinner = progress::spinner(learner.name(), quiet);
                let texts: Vec<&str> = lessons.texts.iter().map(String::as_str).collect();
                let trained = train(
                    &texts,
                    &lessons.targets,
                    &lessons.labels(),
                    &options,
                    &mut |what| {
                        spinner.set_message(format!("{}: {what}", learner.name()));
                    },
                )
                .map_err(|error| {
                    Problem::new("model/training", Place::file(&dataset), error.to_string())
                        .help("every label needs a good number of cases")
                })?;
                spinner.finish_and_clear();
                let marks = exam.as_ref().map(|exam| examine(&trained, exam));
                if let Some(marks) = &marks {
                    output::note(&format!(
                        "{:<10} {}, dev macro-F1 {:.4}, accuracy {:.4}, log loss {:.4}, Brier score {:.4}",
                        learner.name(),
                        counted(trained.cases, "case"),
                        marks.macro_f1,
                        marks.accuracy,
                        marks.log_loss,
                        marks.brier
                    ));
                }
                comparison.push((learner, trained.cases, marks));
                let better = match (&best, marks) {
                    (Some((_, _, Some(known))), Some(new)) => new.macro_f1 > known.macro_f1,
                    (Some(_), _) => false,
                    (None, _) => true,
                };
                if better {
                    best = Some((learner, trained, marks));
                }
            }
            let Some((learner, trained, _)) = best else {
                return Ok(0);
            };
            let weights = trained.model.to_bytes();
            let card = card(
                &data,
                &lessons,
                (learner, &trained),
                &comparison,
                &out,
                &weights,
            );
            output::write(&folder.join(WEIGHTS), &weights)?;
            output::write(&folder.join(CARD), card.as_bytes())?;
            output::note(&format!(
                "{} bytes of weights and a card written to {out}",
                weights.len()
            ));
            Ok(0)
        }
    }
}

fn list() -> Result<u8, Problems> {
    let mut text = String::new();
    for spec in ["reference:sentiment", "reference:emotion"] {
        let model = model::load(spec)?;
        let _ = writeln!(text, "{spec:<28}{}", plain(&model.card.title));
    }
    let _ = writeln!(
        text,
        "{:<28}VADER word list and rules, with the published word list on this machine",
        "lexicon:vader"
    );
    let _ = writeln!(
        text,
        "{:<28}a model that `affect-audit model train` wrote",
        "reference:DIR"
    );
    let _ = writeln!(
        text,
        "{:<28}a word list in VADER's format (a folder named vader is lexicon:./vader)",
        "lexicon:DIR"
    );
    let _ = writeln!(
        text,
        "{:<28}a transformer's folder with an ONNX file; see affect-audit doctor",
        "onnx:DIR"
    );
    let _ = writeln!(
        text,
        "{:<28}a transformer's folder with safetensors; see affect-audit doctor",
        "hf:DIR"
    );
    let _ = writeln!(
        text,
        "{:<28}a program that reads and writes JSON lines; see docs/models.md",
        "process:FILE.toml"
    );
    let _ = writeln!(
        text,
        "{:<28}a service, or a server on this machine; see docs/models.md",
        "http:FILE.toml"
    );
    let _ = writeln!(
        text,
        "{:<28}a model of numeric columns that `affect-audit model train --features` wrote",
        "features:FILE"
    );
    let _ = writeln!(
        text,
        "{:<28}answers that some model gave before: id, label, score:<label>",
        "FILE.csv|.jsonl|.parquet"
    );
    output::print(&text)?;
    Ok(0)
}

fn learners(names: &[LearnerName]) -> Vec<Learner> {
    if names.contains(&LearnerName::All) {
        return Learner::ALL.to_vec();
    }
    names
        .iter()
        .filter_map(|name| match name {
            LearnerName::Logistic => Some(Learner::Logistic),
            LearnerName::Ftrl => Some(Learner::Ftrl),
            LearnerName::Bayes => Some(Learner::Bayes),
            LearnerName::Svm => Some(Learner::Svm),
            LearnerName::All => None,
        })
        .collect()
}
