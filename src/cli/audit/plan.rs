//! What was asked for: flags, configuration, defaults.

use std::path::Path;

use clap::Args;

use super::groups::Groups;
use crate::cli::config::{Config, DEFAULT_FILE};
use crate::cli::output;
use crate::cli::report::{Format, pages_folder};
use crate::diagnostic::{Place, Problem, Problems, counted};
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
    /// Configuration; flags come before what it says [default: audit.toml, where this folder has one]
    config: Option<String>,
    /// A model: reference:sentiment, reference:emotion, lexicon:vader, onnx:DIR, hf:DIR, a predictions file, or another
    /// spec that `model list` shows; repeatable
    #[arg(long, value_name = "SPEC")]
    model: Vec<String>,
    /// Answers that some model gave before: a .csv, .tsv, .jsonl or .parquet file with the column id and any of
    /// label, score:<label>, abstained, error; repeatable
    #[arg(long, value_name = "FILE")]
    predictions: Vec<String>,
    /// A dataset: the name of a bundled one, or a folder with dataset.toml and cases.csv, .jsonl or .parquet;
    /// repeatable
    #[arg(long, value_name = "NAME-or-PATH")]
    dataset: Vec<String>,
    /// The policy to judge by, Markdown with toml blocks or .toml, or bundled:NAME, see policy list [default: the one that is built in]
    #[arg(long, value_name = "FILE")]
    policy: Option<String>,
    /// The audit.json of an earlier release, for gates with of = "change"; it must be of the same policy, data and model
    /// names
    #[arg(long, value_name = "RECORD")]
    baseline: Option<String>,
    /// Answers of the earlier release, as a predictions file: with them changes are measured case by case, which the same
    /// cases decide far sooner; of the baseline's model that was audited on this file, or that is called as the file is,
    /// or NAME=FILE; repeatable
    #[arg(long, value_name = "FILE")]
    baseline_predictions: Vec<String>,
    /// Where the models are used [default: the context that the policy is written for, where it names one; else research]
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(CONTEXTS.map(|(name, _)| name)))]
    context: Option<String>,
    /// The folder that the reports go to; - writes a single format to standard output [default: reports/latest]
    #[arg(short, long, value_name = "DIR")]
    pub(super) out: Option<String>,
    /// A report format, repeatable; each has a file of its own in the folder [default: html and json]
    #[arg(long, value_enum)]
    format: Vec<Format>,
    /// Compare every group of an attribute with this one too, as in gender=man; repeatable
    #[arg(long, value_name = "ATTRIBUTE=GROUP")]
    reference: Vec<String>,
    /// Compare groups of other attributes also at equal shares of this one, such as text length; repeatable
    #[arg(long, value_name = "ATTRIBUTE")]
    control: Vec<String>,
    /// Cross up to this many attributes, as in gender and age together [default: 1, which crosses none]
    #[arg(long, value_name = "NUMBER")]
    intersections: Option<u64>,
    /// Seed of all resampling [default: 1]
    #[arg(long)]
    seed: Option<u64>,
    /// Bootstrap replicates, 100 to 100000 [default: 1000]
    #[arg(long)]
    replicates: Option<u64>,
    /// Fetch models that are named as on the Hugging Face hub (onnx:OWNER/NAME@REVISION), and send texts to services
    /// (http:FILE.toml) [default: only what is on this machine is used]
    #[arg(long)]
    allow_network: bool,
    /// Tell how many requests programs and services would get and what they would cost, and stop there: nothing is sent
    /// or written
    #[arg(long, conflicts_with = "replay")]
    dry_run: bool,
    /// Take all answers of programs and services from what is kept of them; nobody is asked
    #[arg(long)]
    replay: bool,
    /// Score all texts anew, and keep no scores of them, where a transformer runs on this machine; what is kept of programs
    /// and services is up to their files
    #[arg(long)]
    no_cache: bool,
    /// No progress and no summary
    #[arg(short, long)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  affect-audit audit
  affect-audit audit --model reference:emotion --model reference:sentiment --dataset my-data/
  affect-audit audit --dataset my-data/ --predictions vendor.csv --context customer
  affect-audit audit --dataset my-data/ --reference gender=man --control length --intersections 2
  affect-audit audit --format html --format json --format junit --format sarif
  affect-audit audit --policy my-policy.md --baseline reports/last/audit.json
  affect-audit audit --policy my-policy.md --baseline reports/last/audit.json --baseline-predictions last/model.csv
  affect-audit audit --dataset my-data/ --model http:vendor.toml --dry-run
  affect-audit audit --dataset my-data/ --model http:vendor.toml --replay
  affect-audit audit --format json -o - | jq .findings
  affect-audit audit --format markdown -o - >> \"$GITHUB_STEP_SUMMARY\"";

/// What was asked for: flags first, then the configuration, then the bundled audit.
pub(super) struct Plan {
    pub(super) models: Vec<String>,
    pub(super) datasets: Vec<String>,
    pub(super) policy: Option<String>,
    pub(super) baseline: Option<String>,
    pub(super) baseline_predictions: Vec<String>,
    pub(super) context: Option<Context>,
    pub(super) unit: Unit,
    pub(super) out: String,
    pub(super) formats: Vec<Format>,
    pub(super) seed: u64,
    pub(super) replicates: u64,
    pub(super) groups: Groups,
    pub(super) allow_network: bool,
    pub(super) dry_run: bool,
    pub(super) replay: bool,
    pub(super) no_cache: bool,
    pub(super) quiet: bool,
}

impl Plan {
    pub(super) fn new(arguments: Arguments) -> Result<Self, Problems> {
        let config = match &arguments.config {
            Some(file) => Config::parse(file, &output::read_text(file)?)?,
            None if Path::new(DEFAULT_FILE).exists() => {
                // Nobody named the file, and it decides what is judged and how: that must not pass in silence.
                output::note(&format!(
                    "{DEFAULT_FILE} of this folder is used; what flags say comes before it"
                ));
                Config::parse(DEFAULT_FILE, &output::read_text(DEFAULT_FILE)?)?
            }
            None => Config::default(),
        };
        // Whoever names models, in whatever form, means these and no others.
        let (mut models, predictions) =
            if arguments.model.is_empty() && arguments.predictions.is_empty() {
                (config.models, config.predictions)
            } else {
                (arguments.model, arguments.predictions)
            };
        models.extend(predictions);
        let mut datasets = if arguments.dataset.is_empty() {
            config.datasets
        } else {
            arguments.dataset
        };
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
        Ok(Plan {
            models,
            datasets,
            policy: arguments.policy.or(config.policy),
            baseline: arguments.baseline.or(config.baseline),
            baseline_predictions: first_of(
                arguments.baseline_predictions,
                config.baseline_predictions,
            ),
            context: context.or(config.context),
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
            groups: Groups {
                references: first_of(arguments.reference, config.references),
                controls: first_of(arguments.control, config.controls),
                intersections: arguments
                    .intersections
                    .or(config.intersections)
                    .unwrap_or(1),
            },
            // Neither a dry run nor a replay has anything to do with the network.
            allow_network: arguments.allow_network && !arguments.dry_run && !arguments.replay,
            dry_run: arguments.dry_run,
            replay: arguments.replay,
            no_cache: arguments.no_cache,
            quiet: arguments.quiet,
        })
    }

    /// What cannot be done as asked.
    pub(super) fn problems(&self) -> Problems {
        let mut problems = Problems::new();
        if !(FEWEST_REPLICATES..=MOST_REPLICATES).contains(&self.replicates) {
            problems.push(
                Problem::new(
                    "audit/replicates",
                    Place::file("--replicates"),
                    counted(self.replicates as usize, "replicate"),
                )
                .help(format!(
                    "expected {FEWEST_REPLICATES} to {MOST_REPLICATES}; 1000 is the default"
                )),
            );
        }
        if self.baseline.is_none() && !self.baseline_predictions.is_empty() {
            problems.push(
                Problem::new(
                    "audit/baseline",
                    Place::file("--baseline-predictions"),
                    "there is no baseline that these answers could belong to",
                )
                .help("name the record of the earlier release too: --baseline RECORD"),
            );
        }
        if self.out == "-" && self.formats.len() != 1 {
            problems.push(
                Problem::new(
                    "audit/output",
                    Place::file("--out"),
                    "several formats cannot share standard output",
                )
                .help("say one format with -o -, such as --format json"),
            );
        }
        if self.formats.contains(&Format::Parquet) && !cfg!(feature = "polars") {
            problems.push(
                Problem::new(
                    "audit/format",
                    Place::file("--format"),
                    "this build writes no Parquet",
                )
                .help("say --format csv, or build with the feature polars"),
            );
        }
        if self.out.is_empty() {
            problems.push(
                Problem::new(
                    "audit/output",
                    Place::file("--out"),
                    "the folder has no name",
                )
                .help("leave --out away for reports/latest, or say . for this folder"),
            );
        } else if self.out != "-" {
            let files = self
                .formats
                .iter()
                .map(|format| format.file_name().to_owned());
            // A large audit has more pages than one.
            let pages = self.formats.contains(&Format::Html) && self.models.len() > 1;
            let pages = pages.then(|| {
                let first = Format::Html.file_name();
                format!("{}/{first}", pages_folder(first))
            });
            // Where the folder is at fault, one problem says so for all files.
            problems.extend(
                files
                    .chain(pages)
                    .map(|name| Path::new(&self.out).join(name))
                    .map(|path| output::check_writable(&path).and_then(|()| only_ours(&path)))
                    .find_map(Result::err)
                    .unwrap_or_default(),
            );
        }
        problems
    }
}

/// What flags say, else what the configuration says.
fn first_of(flags: Vec<String>, config: Vec<String>) -> Vec<String> {
    if flags.is_empty() { config } else { flags }
}

/// Refuses to write over a file that no audit wrote: every report names the program.
fn only_ours(path: &Path) -> Result<(), Problems> {
    let ours = match std::fs::read(path) {
        Ok(content) => {
            content.is_empty() || String::from_utf8_lossy(&content).contains(env!("CARGO_PKG_NAME"))
        }
        Err(_) => true,
    };
    if ours {
        return Ok(());
    }
    Err(Problem::new(
        "output/exists",
        Place::file(path.display().to_string()),
        "the file is there already, and no audit wrote it",
    )
    .help("choose another folder with --out, or remove the file")
    .into())
}
