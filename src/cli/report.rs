//! `report`: renders a saved record, and the formats that reports come in.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::output;
use crate::diagnostic::{Place, Problem, Problems};
use crate::measure::pages;
use crate::record::{self, Record};
use crate::report::html;

/// A form of a report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One self-contained page
    Html,
    /// The record
    Json,
}

impl Format {
    /// The name of its file in the folder of an audit.
    pub fn file_name(self) -> &'static str {
        match self {
            Format::Html => "index.html",
            Format::Json => "audit.json",
        }
    }
}

/// What to render.
#[derive(Args)]
#[command(
    after_help = "Example:\n  affect-audit report reports/latest/audit.json --format html -o page.html"
)]
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
    let content = render(&record, arguments.format)?;
    if arguments.out == "-" {
        output::print(&content)?;
    } else {
        output::write(path, content.as_bytes())?;
        output::note(&format!("written to {}", path.display()));
    }
    Ok(0)
}

/// A record in a format. The page carries the manual pages of all measures as its glossary.
///
/// # Errors
/// A template that does not fit the record, which is a fault of ours.
pub fn render(record: &Record, format: Format) -> Result<String, Problems> {
    if format == Format::Json {
        return Ok(record::to_json(record));
    }
    let glossary: Vec<html::Term<'_>> = pages()
        .map(|(_, page)| html::Term {
            title: page.title,
            meaning: page.meaning,
            formula: page.formula,
            source: page.source,
        })
        .collect();
    html::render(record, &glossary).map_err(|message| {
        Problem::new("report/template", Place::file("report.html"), message).into()
    })
}
