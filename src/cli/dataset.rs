//! `dataset`: labelled data.

mod generate;

use std::fmt::Write;
use std::path::Path;

use clap::Subcommand;

use super::output;
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, word};
use crate::dataset::import::{self, Imported, Recipe};
use crate::dataset::read::CARD;
use crate::dataset::{self, Dataset, bundled};
use crate::diagnostic::{Problems, counted, plain, quote_label};

/// Fewest cases on which a group is said to be large enough, as in the default policy.
const ENOUGH: u64 = 30;

/// What to do with labelled data.
#[derive(Subcommand)]
pub enum Command {
    /// List the bundled datasets
    List,
    /// Show the card, labels and groups of a dataset
    #[command(after_help = "Example:\n  affect-audit dataset show everyday-english")]
    Show {
        /// The name of a bundled dataset, or a folder with dataset.toml and cases.csv, .jsonl or .parquet
        dataset: String,
    },
    /// Read a dataset and report every problem
    #[command(after_help = "Example:\n  affect-audit dataset check my-data/")]
    Check {
        /// The name of a bundled dataset, or a folder with dataset.toml and cases.csv, .jsonl or .parquet
        dataset: String,
    },
    /// Read data as its owners publish it, by a recipe, into a dataset folder
    #[command(after_help = IMPORT_EXAMPLE)]
    Import {
        /// The recipe (TOML)
        #[arg(long, value_name = "FILE")]
        recipe: String,
        /// The file to read; where the recipe names several, their folder
        #[arg(long, value_name = "PATH")]
        from: String,
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
    /// Make counterfactual cases: from templates and terms, or by changing the texts of a dataset
    #[command(after_help = generate::EXAMPLES)]
    Generate(generate::Arguments),
}

const IMPORT_EXAMPLE: &str = "\
Example:
  affect-audit dataset import --recipe reviews.toml --from reviews.txt -o my-data --dry-run

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
                "{}: {}, no problem\n",
                plain(&dataset.card.name),
                counted(dataset.cases.len(), "case")
            ))?;
            output::print(&empty_gold(&dataset))?;
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
            let imported = import::import(&recipe, Path::new(&from))?;
            write_import(&imported, Path::new(&out), dry_run, force)
        }
        Command::Generate(arguments) => generate::run(arguments),
    }
}

fn list() -> Result<u8, Problems> {
    let mut text = String::new();
    for name in bundled::names() {
        let dataset = dataset::read(name)?;
        let _ = writeln!(
            text,
            "{:<22}{:>6} cases  {}",
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
    if let Some(coverage) = &card.coverage {
        let _ = write!(text, "\n{}", coverage.to_text());
    }
    for limit in &card.limits {
        let _ = writeln!(text, "\n- {}", plain(limit));
    }
    text
}

/// Tasks whose labels nothing can be measured by.
fn empty_gold(dataset: &Dataset) -> String {
    let mut text = String::new();
    for gold in &dataset.cases.gold {
        let task = gold.scheme.task.as_str();
        let mut labels = gold.labels.iter().flatten();
        let Some(first) = labels.next() else {
            let _ = writeln!(
                text,
                "  {task}: no case has a label, so nothing can be said of right and wrong answers"
            );
            continue;
        };
        if labels.all(|other| other == first) {
            let names: Vec<String> = first
                .iter()
                .map(|label| quote_label(&gold.scheme.labels[label].name))
                .collect();
            let _ = writeln!(
                text,
                "  {task}: every label is {}, so a model that knows cannot be told from one that guesses",
                if names.is_empty() {
                    "blank".to_owned()
                } else {
                    names.join(" and ")
                }
            );
        }
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
                    "  {} {} has {}: {} more before anything can be claimed",
                    plain(&attribute.name),
                    plain(name),
                    counted(count as usize, "case"),
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
    output::note(&format!("read {}", imported.reading));
    for (reason, count) in &imported.dropped {
        output::note(&format!("left out {count}: {reason}"));
    }
    let mut files = vec![
        (folder.join(CARD), imported.card.clone()),
        (folder.join("cases.csv"), imported.cases.clone()),
    ];
    for (_, text) in &imported.predictions {
        files.push((folder.join("predictions.csv"), text.clone()));
    }
    // What cannot be read back must not be written.
    let card = dataset::Card::parse(CARD, &imported.card)?;
    let table =
        dataset::table::Table::from_bytes("cases.csv", imported.cases.clone().into_bytes())?;
    let cases = dataset::cases::read_cases(&card, &table)?;
    if dry_run {
        output::print(&plain(&imported.card))?;
        let first: Vec<&str> = imported.cases.lines().take(4).collect();
        output::print(&format!("\n{}\n", plain(&first.join("\n"))))?;
        output::note(&format!(
            "{}; nothing was written",
            counted(cases.len(), "case")
        ));
        return Ok(0);
    }
    let mut problems = Problems::new();
    for (path, _) in &files {
        problems.take(
            output::refuse_overwrite(path, force).and_then(|()| output::check_writable(path)),
        );
    }
    problems.or(())?;
    for (path, text) in &files {
        output::write(path, text.as_bytes())?;
    }
    output::note(&format!(
        "{} written to {}",
        counted(cases.len(), "case"),
        folder.display()
    ));
    Ok(0)
}
