//! `report`: renders a saved record, and the formats that reports come in.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output;
use crate::diagnostic::{Place, Problem, Problems};
use crate::measure::pages;
use crate::record::{self, Record};
#[cfg(feature = "polars")]
use crate::report::parquet;
use crate::report::{csv, github, html, junit, local_law_144, markdown, ml_bom, model_card, sarif};

/// A form of a report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A page for people, self-contained; of many models or a large audit a first page, and one for each model in a folder
    /// beside it (all in one with -o -)
    Html,
    /// The record, which every other format is made from
    Json,
    /// Test report, for CI servers: a suite for each gate, a test case for each finding
    Junit,
    /// SARIF 2.1.0, for code scanning: results that point at the lines of the policy
    Sarif,
    /// Workflow commands, for GitHub Actions: print them with -o - and they stand beside the lines of the policy
    Github,
    /// Summary, for a CI job or a pull request (some hosts cut a comment at 65,536 characters; what counts stands first)
    Markdown,
    /// README.md with model-index, for a repository of a model such as on Hugging Face (audit one model for it)
    ModelCard,
    /// CycloneDX 1.6, for inventories of software and models
    MlBom,
    /// All measurements and findings, for spreadsheets and statistics programs
    Csv,
    /// The same as csv, for data frames (needs a build with the feature polars)
    Parquet,
    /// Rates and impact ratios by sex, race and both, in the form of New York City's Local Law 144
    #[value(name = "local-law-144")]
    LocalLaw144,
}

impl Format {
    /// The name of its file in the folder of an audit.
    pub fn file_name(self) -> &'static str {
        match self {
            Format::Html => "index.html",
            Format::Json => "audit.json",
            Format::Junit => "junit.xml",
            Format::Sarif => "audit.sarif",
            Format::Github => "github.txt",
            Format::Markdown => "summary.md",
            Format::ModelCard => "model-card.md",
            Format::MlBom => "ml-bom.cdx.json",
            Format::Csv => "audit.csv",
            Format::Parquet => "audit.parquet",
            Format::LocalLaw144 => "local-law-144.md",
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  affect-audit report reports/latest/audit.json --format html -o page.html
  affect-audit report reports/latest/audit.json --format junit -o junit.xml
  affect-audit report reports/latest/audit.json --format sarif -o audit.sarif
  affect-audit report reports/latest/audit.json --format github -o -
  affect-audit report reports/latest/audit.json --format markdown -o - >> \"$GITHUB_STEP_SUMMARY\"
  affect-audit report reports/latest/audit.json --format model-card -o README.md
  affect-audit report reports/latest/audit.json --format ml-bom -o model.cdx.json
  affect-audit report reports/latest/audit.json --format csv -o - | head";

/// What to render.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The record: the audit.json that an audit wrote
    record: String,
    /// The format
    #[arg(long, value_enum)]
    format: Format,
    /// The file to write; - for standard output
    #[arg(short, long, value_name = "PATH")]
    out: String,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

/// Renders and writes.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let path = Path::new(&arguments.out);
    if arguments.out != "-" {
        output::refuse_overwrite(path, arguments.force)?;
        output::check_writable(path)?;
    }
    let record = record::parse(&arguments.record, &output::read_text(&arguments.record)?)?;
    if arguments.out == "-" {
        output::print_bytes(&render(&record, arguments.format)?)?;
        return Ok(0);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let files: Vec<(PathBuf, Vec<u8>)> = files(&record, arguments.format, &name)?
        .into_iter()
        .enumerate()
        .map(|(place, (name, content))| match place {
            0 => (path.to_path_buf(), content),
            _ => (path.with_file_name(name), content),
        })
        .collect();
    for (path, _) in &files {
        output::refuse_overwrite(path, arguments.force)?;
        output::check_writable(path)?;
    }
    // The first page last, since it leads to the others.
    for (path, content) in files.iter().rev() {
        output::write(path, content)?;
    }
    output::note(&match files.len() {
        1 => format!("written to {}", path.display()),
        all => format!(
            "written to {}, with {} more pages in {}",
            path.display(),
            all - 1,
            path.with_file_name(pages_folder(&name)).display()
        ),
    });
    Ok(0)
}

/// The folder of the pages that a first page of this name leads to.
pub fn pages_folder(name: &str) -> String {
    html::site::folder(name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}

/// A record in a format as files, the first of which has this name. Only the page may be more than one; paths are from
/// the folder of the first.
///
/// # Errors
/// As for [`render`].
pub fn files(
    record: &Record,
    format: Format,
    name: &str,
) -> Result<Vec<(String, Vec<u8>)>, Problems> {
    if format != Format::Html {
        return Ok(vec![(name.to_owned(), render(record, format)?)]);
    }
    let pages = html::pages(record, &glossary(), name).map_err(unfit)?;
    let files = pages.into_iter();
    Ok(files
        .map(|(path, page)| (path, page.into_bytes()))
        .collect())
}

/// A record in a format, as one file.
///
/// # Errors
/// A format that this build does not have, or a library that refuses the record, which is a fault of ours.
pub fn render(record: &Record, format: Format) -> Result<Vec<u8>, Problems> {
    let refused = |message: String| {
        Problem::new("report/format", Place::file(format.file_name()), message)
            .help("the record was left as it is; render it in another format")
    };
    let text = match format {
        Format::Html => html::render(record, &glossary()).map_err(unfit)?,
        Format::Json => record::to_json(record),
        Format::Junit => junit::render(record),
        Format::Sarif => sarif::render(record),
        Format::Github => github::render(record),
        Format::Markdown => markdown::render(record),
        Format::ModelCard => model_card::render(record).map_err(refused)?,
        Format::MlBom => ml_bom::render(record),
        Format::Csv => csv::render(record),
        Format::LocalLaw144 => local_law_144::render(record),
        #[cfg(feature = "polars")]
        Format::Parquet => {
            return parquet::render(record).map_err(|message| refused(message).into());
        }
        #[cfg(not(feature = "polars"))]
        Format::Parquet => {
            return Err(refused("this build writes no Parquet".to_owned())
                .help("say --format csv, or build with the feature polars")
                .into());
        }
    };
    Ok(text.into_bytes())
}

/// The manual pages of all measures, which the page carries.
fn glossary() -> Vec<html::Term<'static>> {
    let term = |page: &'static crate::measure::page::Page| html::Term {
        title: page.title,
        meaning: page.meaning,
        formula: page.formula,
        source: page.source,
    };
    pages().map(|(_, page)| term(page)).collect()
}

fn unfit(message: String) -> Problems {
    Problem::new("report/template", Place::file("report.html"), message).into()
}
