//! What was asked for: flags, configuration, defaults.

use std::path::Path;

use clap::Args;

use crate::cli::config::{Config, DEFAULT_FILE};
use crate::cli::output;
use crate::cli::report::Format;
use crate::diagnostic::{Place, Problem, Problems};
use crate::policy::scope::{CONTEXTS, Context, Unit};

/// What is audited where nothing is named.
const BUNDLED_MODELS: [&str; 2] = ["reference:sentiment", "reference:emotion"];
const BUNDLED_DATASETS: [&str; 3] = ["everyday-english", "identity-swaps", "behaviour"];

/// Most replicates: more would only cost time and memory.
const MOST_REPLICATES: u64 = 100_000;

/// Fewest replicates from which a 95 % interval can be read at all.
const FEWEST_REPLICATES: u64 = 100;

/// What to audit.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Configuration [default: audit.toml, where it is there and no model, predictions or dataset is named]
    config: Option<String>,
    /// A model: reference:sentiment, reference:emotion, lexicon:vader, or a predictions file
    #[arg(long, value_name = "SPEC")]
    model: Vec<String>,
    /// Answers that some model gave before (.csv, .jsonl or .parquet with id, label, score:<label>)
    #[arg(long, value_name = "FILE")]
    predictions: Vec<String>,
    /// A dataset: the name of a bundled one, or a folder with dataset.toml
    #[arg(long, value_name = "NAME-or-PATH")]
    dataset: Vec<String>,
    /// The policy to judge by [default: the one that is built in]
    #[arg(long, value_name = "FILE")]
    policy: Option<String>,
    /// Where the models are used [default: research]
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(CONTEXTS.map(|(name, _)| name)))]
    context: Option<String>,
    /// Where the reports go; - writes a single format to standard output [default: reports/latest]
    #[arg(short, long, value_name = "DIR")]
    out: Option<String>,
    /// A report format, repeatable [default: html and json]
    #[arg(long, value_enum)]
    format: Vec<Format>,
    /// Seed of all resampling [default: 1]
    #[arg(long)]
    seed: Option<u64>,
    /// Bootstrap replicates [default: 1000]
    #[arg(long)]
    replicates: Option<u64>,
    /// No progress and no summary
    #[arg(short, long)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  affect-audit audit
  affect-audit audit --model reference:emotion --model reference:sentiment --dataset my-data/
  affect-audit audit --dataset my-data/ --predictions vendor.csv --context customer --out reports/vendor
  affect-audit audit --format json -o - | jq .findings";

/// What was asked for: flags first, then the configuration, then the bundled audit.
pub(super) struct Plan {
    pub(super) models: Vec<String>,
    pub(super) datasets: Vec<String>,
    pub(super) policy: Option<String>,
    pub(super) context: Context,
    pub(super) unit: Unit,
    pub(super) out: String,
    pub(super) formats: Vec<Format>,
    pub(super) seed: u64,
    pub(super) replicates: u64,
    pub(super) quiet: bool,
}

impl Plan {
    pub(super) fn new(arguments: Arguments) -> Result<Self, Problems> {
        let named = !(arguments.model.is_empty()
            && arguments.predictions.is_empty()
            && arguments.dataset.is_empty());
        let file = arguments.config.or_else(|| {
            (!named && Path::new(DEFAULT_FILE).exists()).then(|| DEFAULT_FILE.to_owned())
        });
        let config = match &file {
            Some(file) => Config::parse(file, &output::read_text(file)?)?,
            None => Config::default(),
        };
        let or = |flags: Vec<String>, configured: Vec<String>| {
            if flags.is_empty() { configured } else { flags }
        };
        let mut models = or(arguments.model, config.models);
        models.extend(or(arguments.predictions, config.predictions));
        let mut datasets = or(arguments.dataset, config.datasets);
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        if datasets.is_empty() {
            datasets = owned(&BUNDLED_DATASETS);
        }
        if models.is_empty() {
            models = owned(&BUNDLED_MODELS);
        }
        let context = arguments.context.and_then(|name| {
            CONTEXTS
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, context)| *context)
        });
        let plan = Plan {
            models,
            datasets,
            policy: arguments.policy.or(config.policy),
            context: context.or(config.context).unwrap_or(Context::Research),
            unit: config.unit.unwrap_or(Unit::Aggregate),
            out: arguments
                .out
                .or(config.out)
                .unwrap_or_else(|| "reports/latest".to_owned()),
            formats: if arguments.format.is_empty() {
                vec![Format::Html, Format::Json]
            } else {
                arguments.format
            },
            seed: arguments.seed.or(config.seed).unwrap_or(1),
            replicates: arguments.replicates.or(config.replicates).unwrap_or(1000),
            quiet: arguments.quiet,
        };
        let mut problems = Problems::new();
        if !(FEWEST_REPLICATES..=MOST_REPLICATES).contains(&plan.replicates) {
            problems.push(
                Problem::new(
                    "audit/replicates",
                    Place::file("--replicates"),
                    format!("{} replicates", plan.replicates),
                )
                .help(format!(
                    "expected {FEWEST_REPLICATES} to {MOST_REPLICATES}; 1000 is the default"
                )),
            );
        }
        if plan.out == "-" && plan.formats.len() != 1 {
            problems.push(
                Problem::new(
                    "audit/output",
                    Place::file("--out"),
                    "several formats cannot share standard output",
                )
                .help("say --format json (or html) with -o -"),
            );
        }
        problems.or(plan)
    }
}
