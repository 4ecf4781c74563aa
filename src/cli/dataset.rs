//! `dataset`: labelled data.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::output;
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, word};
use crate::dataset::generate::{FIXED_COLUMNS, Generation, generate};
use crate::dataset::import::{self, CASES, Imported, RATINGS, Recipe};
use crate::dataset::read::CARD;
use crate::dataset::{self, Dataset, bundled};
use crate::diagnostic::{Problems, plain};

/// Fewest cases on which a group is said to be large enough, as in the default policy.
const ENOUGH: u64 = 30;

/// What to do with labelled data.
#[derive(Subcommand)]
pub enum Command {
    /// List the bundled datasets
    List,
    /// Show the card, labels and groups of a dataset
    Show {
        /// The name of a bundled dataset, or a folder
        dataset: String,
    },
    /// Read a dataset and report every problem
    Check {
        /// The name of a bundled dataset, or a folder
        dataset: String,
    },
    /// Read data as its owners publish it, by a recipe, into a dataset folder
    #[command(after_help = IMPORT_EXAMPLE)]
    Import {
        /// The recipe (TOML)
        #[arg(long)]
        recipe: String,
        /// The file, the files, or the folder of the files that the recipe names
        #[arg(long, value_name = "PATH", required = true, num_args = 1..)]
        from: Vec<PathBuf>,
        /// The dataset folder to write
        #[arg(short, long, value_name = "DIR")]
        out: String,
        /// Show what would be written, and write nothing
        #[arg(long)]
        dry_run: bool,
        /// Write over files that are there
        #[arg(long)]
        force: bool,
    },
    /// Fill templates with terms: counterfactual cases
    Generate {
        /// The templates (TOML)
        #[arg(long)]
        templates: String,
        /// The terms (TOML)
        #[arg(long)]
        terms: String,
        /// The file of cases to write (.csv)
        #[arg(short, long, value_name = "FILE")]
        out: String,
        /// Write over a file that is there
        #[arg(long)]
        force: bool,
    },
}

const IMPORT_EXAMPLE: &str = "\
Example of a recipe:
  [dataset]
  name = \"reviews\"
  language = [\"en\"]
  licence = \"as its owners state it\"
  [read]
  form = \"delimited\"          # or \"aligned\": files of equal length
  delimiter = \"|\"
  quoting = false             # quotes are literal
  trailing_delimiter = true
  overflow = \"review\"         # takes surplus delimiters
  [columns.text]
  from = \"review\"
  [tasks.sentiment]
  scheme = \"three-way\"
  source = \"perceived\"
  from = \"stars\"
  map = { 1 = \"negative\", 3 = \"neutral\", 5 = \"positive\" }
  [attributes.country]
  about = \"author\"
  kind = \"culture\"
  from = \"country\"
  missing = [\"0\"]";

/// Runs the command.
pub fn run(command: Command) -> Result<u8, Problems> {
    match command {
        Command::List => list(),
        Command::Show { dataset } => {
            output::print(&show(&dataset::read(&dataset)?))?;
            Ok(0)
        }
        Command::Check { dataset } => {
            let dataset = dataset::read(&dataset)?;
            output::print(&format!(
                "{}: {} cases, no problem\n",
                plain(&dataset.card.name),
                dataset.cases.len()
            ))?;
            output::print(&small_groups(&dataset))?;
            Ok(0)
        }
        Command::Import {
            recipe,
            from,
            out,
            dry_run,
            force,
        } => {
            let recipe = Recipe::parse(&recipe, &output::read_text(&recipe)?)?;
            let imported = import::import(&recipe, &from)?;
            write_import(&imported, Path::new(&out), dry_run, force)
        }
        Command::Generate {
            templates,
            terms,
            out,
            force,
        } => {
            output::refuse_overwrite(Path::new(&out), force)?;
            let generation = generate(
                (&templates, &output::read_text(&templates)?),
                (&terms, &output::read_text(&terms)?),
            )?;
            output::write(Path::new(&out), to_csv(&generation).as_bytes())?;
            output::note(&format!(
                "{} cases written to {out}",
                generation.cases.len()
            ));
            Ok(0)
        }
    }
}

fn list() -> Result<u8, Problems> {
    let mut text = String::new();
    for name in bundled::names() {
        let dataset = dataset::read(name)?;
        let _ = writeln!(
            text,
            "{:<20}{:>6} cases  {}",
            name,
            dataset.cases.len(),
            dataset.card.title
        );
    }
    output::print(&text)?;
    Ok(0)
}

fn show(dataset: &Dataset) -> String {
    let card = &dataset.card;
    let mut text = format!(
        "{} ({})\n",
        plain(&card.title),
        plain(format!("{} {}", card.name, card.version).trim())
    );
    let _ = writeln!(text, "{}\n", plain(card.description.trim()));
    for (name, value) in [
        ("licence", &card.licence),
        ("citation", &card.citation),
        ("digest", &dataset.digest),
    ] {
        let _ = writeln!(text, "{name:<10}{}", plain(value));
    }
    let _ = writeln!(text, "{:<10}{}", "cases", dataset.cases.len());
    for gold in &dataset.cases.gold {
        let _ = writeln!(
            text,
            "\n{} ({}), {}",
            gold.scheme.task.as_str(),
            plain(&gold.scheme.name),
            gold.source.words()
        );
        for (place, label) in gold.scheme.labels.iter().enumerate() {
            let count = gold
                .labels
                .iter()
                .flatten()
                .filter(|labels| labels.contains(place))
                .count();
            let _ = writeln!(text, "  {:<24}{count:>8}", plain(&label.name));
        }
    }
    for (attribute, names) in &dataset.cases.attributes {
        let _ = writeln!(
            text,
            "\n{} ({}): {}, about the {}",
            plain(&attribute.title),
            plain(&attribute.name),
            word(&ATTRIBUTE_KINDS, &attribute.kind),
            word(&ABOUTS, &attribute.about)
        );
        for (name, count) in names.names().iter().zip(names.sizes()) {
            let _ = writeln!(text, "  {:<24}{count:>8}", plain(name));
        }
    }
    for limit in &card.limits {
        let _ = writeln!(text, "\n- {}", plain(limit));
    }
    text
}

/// Groups that no claim can rest on, and what they lack.
fn small_groups(dataset: &Dataset) -> String {
    let mut text = String::new();
    for (attribute, names) in &dataset.cases.attributes {
        for (name, count) in names.names().iter().zip(names.sizes()) {
            if count < ENOUGH {
                let _ = writeln!(
                    text,
                    "  {} {} has {count} cases: {} more before anything can be claimed",
                    plain(&attribute.name),
                    plain(name),
                    ENOUGH - count
                );
            }
        }
    }
    text
}

fn write_import(
    imported: &Imported,
    folder: &Path,
    dry_run: bool,
    force: bool,
) -> Result<u8, Problems> {
    let telling = &imported.telling;
    for reading in &telling.reading {
        output::note(&plain(&format!("read {reading}")));
    }
    for notice in &telling.notices {
        output::note(&plain(&format!("notice: {notice}")));
    }
    for (kind, count) in &telling.found {
        output::note(&plain(&format!("counted {count}: {kind}")));
    }
    for (reason, count) in &telling.dropped {
        output::note(&plain(&format!("left out {count}: {reason}")));
    }
    let mut files = vec![
        (folder.join(CARD), &imported.card),
        (folder.join(CASES), &imported.cases),
    ];
    files.extend(
        imported
            .ratings
            .iter()
            .map(|text| (folder.join(RATINGS), text)),
    );
    for (_, text) in &imported.predictions {
        files.push((folder.join("predictions.csv"), text));
    }
    let (_, cases) = imported.read_back()?;
    if dry_run {
        output::print(&plain(&imported.card))?;
        output::print(&format!("\n{}\n", plain(&first_cases(imported))))?;
        output::note(&format!("{} cases; nothing was written", cases.len()));
        return Ok(0);
    }
    for (path, _) in &files {
        output::refuse_overwrite(path, force)?;
    }
    for (path, text) in &files {
        output::write(path, text.as_bytes())?;
    }
    output::note(&format!(
        "{} cases written to {}",
        cases.len(),
        folder.display()
    ));
    Ok(0)
}

/// The header and the first cases, a line each; columns that name persons are withheld.
fn first_cases(imported: &Imported) -> String {
    const SHOWN: usize = 4;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(imported.cases.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().take(SHOWN).flatten().collect();
    let Some(header) = records.first() else {
        return String::new();
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for (row, record) in records.iter().enumerate() {
        let cells = header.iter().zip(record).map(|(name, cell)| {
            if row > 0 && imported.private.iter().any(|private| private == name) {
                "(withheld)"
            } else {
                cell
            }
        });
        let _ = writer.write_record(cells);
    }
    let text = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&text).trim_end().to_owned()
}

fn to_csv(generation: &Generation) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header: Vec<&str> = FIXED_COLUMNS
        .into_iter()
        .chain(generation.attributes.iter().map(String::as_str))
        .collect();
    let _ = writer.write_record(&header);
    for case in &generation.cases {
        let wording = case.wording.to_string();
        let mut row: Vec<&str> = vec![
            &case.id,
            &case.text,
            &case.template,
            &wording,
            &case.set,
            &case.emotion,
            &case.sentiment,
        ];
        row.extend(generation.attributes.iter().map(|attribute| {
            if *attribute == case.attribute {
                case.group.as_str()
            } else {
                ""
            }
        }));
        let _ = writer.write_record(&row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
