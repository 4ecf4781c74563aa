//! `compare`: the models of saved records side by side, case by case where the answers are at hand. Nothing is scored
//! anew.

mod answers;

use clap::{Args, ValueEnum};

use super::output;
use crate::diagnostic::{Place, Problem, Problems};
use crate::record::side_by_side::{Comparison, Read, build, to_json};
use crate::record::{self, restore};
use crate::report::comparison::{markdown, text};
use crate::stats::multiplicity::Discovery;

/// A form of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// Every row, for programs
    Json,
    /// For a pull request
    Markdown,
}

/// A correction for the number of changes looked at.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Correction {
    /// For changes that are independent or depend on each other positively
    BenjaminiHochberg,
    /// Whatever the dependence; finds less
    BenjaminiYekutieli,
}

/// What to compare.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Records, two or more: each is compared with the first
    #[arg(required = true, num_args = 2.., value_name = "RECORD")]
    records: Vec<String>,
    /// The form; text and markdown show what stands and what is about all cases
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show every row in text and markdown too: what is undecided, and what was not measured
    #[arg(long)]
    all: bool,
    /// What bounds the expected share of false claims among the changes that stand
    #[arg(long, value_enum, default_value_t = Correction::BenjaminiHochberg)]
    correction: Correction,
    /// Answers that a record was made of, as a predictions file: with those of two models, and --dataset, changes are
    /// measured case by case, which the same cases decide far sooner. Of the models that were audited on this file, or
    /// RECORD=FILE with the number of a record, or RECORD:MODEL=FILE; repeatable
    #[arg(long, value_name = "FILE", requires = "dataset")]
    predictions: Vec<String>,
    /// The data that was answered, which must be that of the records: the name of a bundled dataset, or a folder;
    /// repeatable
    #[arg(long, value_name = "NAME-or-PATH", requires = "predictions")]
    dataset: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  affect-audit compare reports/last/audit.json reports/latest/audit.json
  affect-audit compare vendor-a/audit.json vendor-b/audit.json vendor-c/audit.json --all
  affect-audit compare old.json new.json --dataset my-data/ --predictions old.csv --predictions new.csv
  affect-audit compare old.json new.json --dataset my-data/ --predictions 1=said-then.csv --predictions 2=said-now.csv
  affect-audit compare old.json new.json --format markdown >> \"$GITHUB_STEP_SUMMARY\"
  affect-audit compare old.json new.json --format json | jq '.pairs[].counts'

Models of the same name are compared with each other, on datasets of the same content, in the same labels. The exit
code tells that something was compared (0) or nothing could be (2), not which model is better: for that, say
affect-audit gate --help.";

/// Compares.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let mut problems = Problems::new();
    let records: Vec<Read> = arguments
        .records
        .iter()
        .filter_map(|file| problems.take(read(file)))
        .collect();
    problems.or(())?;
    let mut problems = Problems::new();
    let given = answers::read(&arguments.predictions, &records, &mut problems);
    let datasets = answers::datasets(&arguments.dataset, &records, &mut problems);
    problems.or(())?;
    let mut problems = Problems::new();
    let met = answers::met(&given, &datasets, &records, &mut problems);
    problems.or(())?;
    let comparison = build(
        &records,
        &answers::paired(&met, &records),
        match arguments.correction {
            Correction::BenjaminiHochberg => Discovery::PositiveDependence,
            Correction::BenjaminiYekutieli => Discovery::AnyDependence,
        },
    );
    if comparison.pairs.is_empty() {
        return Err(nothing(&comparison));
    }
    let mut problems = Problems::new();
    answers::check_used(&given, &datasets, &comparison, &mut problems);
    problems.or(())?;
    output::print(&match arguments.format {
        Format::Text => text(&comparison, arguments.all),
        Format::Json => to_json(&comparison),
        Format::Markdown => markdown(&comparison, arguments.all),
    })?;
    Ok(0)
}

fn read(file: &str) -> Result<Read, Problems> {
    let record = record::parse(file, &output::read_text(file)?)?;
    Ok(Read {
        file: file.to_owned(),
        measurements: restore::measurements(file, &record)?,
        record,
    })
}

/// Why nothing could be compared at all.
fn nothing(comparison: &Comparison) -> Problems {
    let mut problems = Problems::new();
    for left in &comparison.not_compared {
        let file = &comparison.records[left.record - 1].file;
        problems.push(
            Problem::new(
                "compare/not-alike",
                Place::file(file).key(format!("{}, {}", left.dataset, left.task)),
                format!(
                    "cannot be compared with {}: {}",
                    comparison.records[0].file, left.detail
                ),
            )
            .help("audit both models on the same data, in the same labels and at the same level"),
        );
    }
    if problems.is_empty() {
        let file = comparison.records.first().map_or("", |record| &record.file);
        problems.push(
            Problem::new(
                "compare/nothing",
                Place::file(file),
                "the records hold no model that met a dataset",
            )
            .help("compare records of audits that measured something"),
        );
    }
    problems
}
