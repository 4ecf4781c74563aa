//! `dataset check`: reads a dataset, runs every check on it, and says and writes what they found.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output;
use super::policy::read_policy;
use crate::check::{QUICK, check};
use crate::dataset::{self, Dataset};
use crate::diagnostic::{Place, Problem, Problems};
use crate::measure::Rules;
use crate::policy::Policy;
use crate::record::dataset_check::{DatasetCheck, build, to_json};
use crate::report::dataset_check::{short as short_summary, summary};
use crate::report::html;

/// Bootstrap replicates of the intervals of human agreement, as in an audit.
const REPLICATES: usize = 1000;

/// A warning was given, and warnings were not to be let pass.
const WARNED: u8 = 1;

/// The data does not hold what its card says.
const UNSOUND: u8 = 2;

/// A form of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One self-contained page
    Html,
    /// All findings, for programs
    Json,
}

/// What to check, and against what.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The name of a bundled dataset, or a folder
    dataset: String,
    /// A dataset that should share no text with it, such as the one a model was trained on (repeatable)
    #[arg(long, value_name = "DATASET")]
    against: Vec<String>,
    /// The policy whose rules of evidence count [default: the one that is built in]
    #[arg(long)]
    policy: Option<String>,
    /// Where to write check.html and check.json; - for standard output (with --format)
    #[arg(short, long, value_name = "DIR")]
    out: Option<String>,
    /// What to write (repeatable) [default: both]
    #[arg(long, value_enum, requires = "out")]
    format: Vec<Format>,
    /// Seed of the resampling
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Exit with 1 if there is a warning
    #[arg(long)]
    strict: bool,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  affect-audit dataset check everyday-english
  affect-audit dataset check data/test --against data/train      texts that a model may know by heart
  affect-audit dataset check data/test -o reports/check          check.html and check.json
  affect-audit dataset check data/test --format json -o -        for a program
  affect-audit explain near-duplicates                           how a check is done

Exit codes:
  0 readable, perhaps with warnings   1 warnings, with --strict   2 unreadable, or not what its card says";

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let formats = formats(arguments)?;
    for path in paths(arguments, &formats) {
        output::refuse_overwrite(&path, arguments.force)?;
    }
    let policy = read_policy(arguments.policy.as_deref())?;
    let mut problems = Problems::new();
    let mut read = |name: &String| match dataset::read(name) {
        Ok(dataset) => Some(dataset),
        Err(more) => {
            problems.extend(more);
            None
        }
    };
    let dataset = read(&arguments.dataset);
    let against: Vec<Dataset> = arguments.against.iter().filter_map(read).collect();
    problems.or(())?;
    let Some(dataset) = dataset else {
        return Ok(UNSOUND);
    };
    not_itself(&dataset, &against, arguments)?;
    let result = findings(&dataset, &against, &policy, arguments.seed, usize::MAX);
    let to_stdout = arguments.out.as_deref() == Some("-");
    if !to_stdout {
        output::print(&summary(&result))?;
    }
    if arguments.out.is_some() {
        write(&result, &paths(arguments, &formats), &formats)?;
    } else {
        output::note("\n-o DIR writes a page with the numbers behind each finding");
    }
    Ok(match &result.counts {
        counts if counts.problem > 0 => UNSOUND,
        counts if counts.warning > 0 && arguments.strict => WARNED,
        _ => 0,
    })
}

/// The checks of a dataset that has just been imported, in a few lines.
///
/// # Errors
/// Never for the policy that is built in.
pub fn short(dataset: &Dataset) -> Result<String, Problems> {
    let policy = read_policy(None)?;
    Ok(short_summary(&findings(dataset, &[], &policy, 1, QUICK)))
}

fn findings(
    dataset: &Dataset,
    against: &[Dataset],
    policy: &Policy,
    seed: u64,
    most_compared: usize,
) -> DatasetCheck {
    let rules = Rules {
        level: policy.evidence.level,
        min_n: policy.evidence.min_n,
        suppress_below: policy.evidence.suppress_below,
        seed,
        replicates: REPLICATES,
    };
    let found = check(dataset, against, policy, &rules, most_compared);
    build(dataset, against, policy, &rules, &found)
}

/// What to write; standard output takes one thing.
fn formats(arguments: &Arguments) -> Result<Vec<Format>, Problems> {
    let formats = if arguments.format.is_empty() {
        vec![Format::Html, Format::Json]
    } else {
        arguments.format.clone()
    };
    if arguments.out.as_deref() == Some("-") && formats.len() != 1 {
        return Err(Problem::new(
            "usage/one-format",
            Place::file("dataset check").key("--out"),
            "standard output takes one format",
        )
        .help("say --format json or --format html")
        .into());
    }
    Ok(formats)
}

/// Every text of a dataset stands in itself, which is no finding.
fn not_itself(
    dataset: &Dataset,
    against: &[Dataset],
    arguments: &Arguments,
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for (other, name) in against.iter().zip(&arguments.against) {
        if other.digest == dataset.digest {
            problems.push(
                Problem::new(
                    "usage/against-itself",
                    Place::file(name).key("--against"),
                    "this is the dataset that is checked",
                )
                .help("name another dataset, such as the one a model was trained on"),
            );
        }
    }
    problems.or(())
}

/// The files to write; none for standard output.
fn paths(arguments: &Arguments, formats: &[Format]) -> Vec<PathBuf> {
    let Some(out) = arguments.out.as_deref().filter(|out| *out != "-") else {
        return Vec::new();
    };
    let name = |format: &Format| match format {
        Format::Html => "check.html",
        Format::Json => "check.json",
    };
    formats
        .iter()
        .map(|format| Path::new(out).join(name(format)))
        .collect()
}

/// Writes each format to its file, or to standard output where there is none.
fn write(result: &DatasetCheck, paths: &[PathBuf], formats: &[Format]) -> Result<(), Problems> {
    let mut contents = Vec::new();
    for format in formats {
        contents.push(match format {
            Format::Json => to_json(result),
            Format::Html => html::dataset_check::render(result).map_err(|message| {
                Problem::new(
                    "report/template",
                    Place::file("dataset-check.html"),
                    message,
                )
            })?,
        });
    }
    if paths.is_empty() {
        return contents
            .iter()
            .try_for_each(|content| output::print(content));
    }
    for (path, content) in paths.iter().zip(&contents) {
        output::write(path, content.as_bytes())?;
    }
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    output::note(&format!("\nwritten: {}", names.join(", ")));
    Ok(())
}
