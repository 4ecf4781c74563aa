//! `dataset`: labelled data.

mod catalogue;
mod croissant;
mod fetch;
mod generate;
mod import;

use std::fmt::Write;

use clap::Subcommand;

use super::{check, output};
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, word};
use crate::dataset::{self, Dataset, bundled};
use crate::diagnostic::{Problems, plain};

/// What to do with labelled data.
#[derive(Subcommand)]
pub enum Command {
    /// List the bundled datasets and the catalogue of public ones
    List,
    /// Show the card, labels and groups of a dataset; of one in the catalogue, where it comes from and its known faults
    #[command(after_help = SHOW_EXAMPLES)]
    Show {
        /// The name of a bundled dataset or of one in the catalogue, or a folder with dataset.toml and cases.csv, .jsonl or .parquet
        dataset: String,
        /// Print the card as Croissant (MLCommons, JSON-LD); no text of a case is in it
        #[arg(long)]
        croissant: bool,
    },
    /// Read a dataset, report every problem, and check what an audit on it could rest on
    Check(check::Arguments),
    /// Read data as its owners publish it, by a recipe, into a dataset folder; or a card from a Croissant file
    #[command(after_help = import::EXAMPLE)]
    Import(import::Import),
    /// Make counterfactual cases: from templates and terms, or by changing the texts of a dataset
    #[command(after_help = generate::EXAMPLES)]
    Generate(generate::Arguments),
}

const SHOW_EXAMPLES: &str = "\
Examples:
  affect-audit dataset show everyday-english
  affect-audit dataset show isear
  affect-audit dataset show my-data --croissant > my-data/croissant.json";

/// Runs the command.
pub fn run(command: Command) -> Result<u8, Problems> {
    match command {
        Command::List => list(),
        Command::Show { dataset, croissant } => {
            let text = match catalogue::show(&dataset) {
                Some(_) if croissant => return Err(catalogue::not_imported(&dataset).into()),
                Some(text) => text?,
                None if croissant => croissant::show(&dataset::read(&dataset)?)?,
                None => show(&dataset::read(&dataset)?),
            };
            output::print(&text)?;
            Ok(0)
        }
        Command::Check(arguments) => check::run(&arguments),
        Command::Import(import) => import::run(&import),
        Command::Generate(arguments) => generate::run(arguments),
    }
}

fn list() -> Result<u8, Problems> {
    let mut text = String::from("bundled\n");
    for name in bundled::names() {
        let dataset = dataset::read(name)?;
        let _ = writeln!(
            text,
            "  {:<22}{:>6} cases  {}",
            name,
            dataset.cases.len(),
            dataset.card.title
        );
    }
    text.push_str(&catalogue::list()?);
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
    let _ = writeln!(
        text,
        "{}\n",
        plain(
            &card
                .description
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        )
    );
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
    if let Some(gold) = &dataset.cases.intensity {
        let _ = writeln!(text, "\n{}, {}", gold.scheme.name, gold.source.words());
        for (label, dimension) in gold.scheme.labels.iter().zip(&gold.dimensions) {
            let (name, count) = (
                plain(&label.name),
                dimension.values.iter().flatten().count(),
            );
            let scale = dimension.scale;
            let _ = writeln!(
                text,
                "  {name:<24}{count:>8}  from {} to {}",
                scale.low, scale.high
            );
        }
    }
    let (cases, raters) = (&dataset.cases.attributes, &dataset.cases.rater_attributes);
    let cases = cases.iter().map(|attribute| (attribute, ""));
    let raters = raters.iter().map(|attribute| (attribute, ", in raters"));
    for ((attribute, names), counted) in cases.chain(raters) {
        let _ = writeln!(
            text,
            "\n{} ({}): {}, about the {}{counted}",
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
