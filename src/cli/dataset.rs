//! `dataset`: labelled data.

mod catalogue;
mod fetch;
mod import;

use std::fmt::Write;
use std::path::Path;

use clap::Subcommand;

use super::{check, output};
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, word};
use crate::dataset::generate::{FIXED_COLUMNS, Generation, generate};
use crate::dataset::{self, Dataset, bundled};
use crate::diagnostic::{Problems, counted, plain};

/// What to do with labelled data.
#[derive(Subcommand)]
pub enum Command {
    /// List the bundled datasets and the catalogue of public ones
    List,
    /// Show the card, labels and groups of a dataset; of one in the catalogue, where it comes from and its known faults
    #[command(
        after_help = "Examples:\n  affect-audit dataset show everyday-english\n  affect-audit dataset show isear"
    )]
    Show {
        /// The name of a bundled dataset or of one in the catalogue, or a folder with dataset.toml and cases.csv, .jsonl or .parquet
        dataset: String,
    },
    /// Read a dataset, report every problem, and check what an audit on it could rest on
    Check(check::Arguments),
    /// Read data as its owners publish it, by a recipe, into a dataset folder
    #[command(after_help = import::EXAMPLE)]
    Import(import::Import),
    /// Fill templates with terms: counterfactual cases
    #[command(after_help = GENERATE_EXAMPLE)]
    Generate {
        /// The templates (TOML)
        #[arg(long, value_name = "FILE")]
        templates: String,
        /// The terms (TOML)
        #[arg(long, value_name = "FILE")]
        terms: String,
        /// The file of cases to write (.csv)
        #[arg(short, long, value_name = "FILE")]
        out: String,
        /// Write over a file that is there
        #[arg(long)]
        force: bool,
    },
}

const GENERATE_EXAMPLE: &str = "\
Example:
  affect-audit dataset generate --templates templates.toml --terms terms.toml -o cases.csv

Example of templates:
  [[templates]]
  id = \"keys\"
  emotion = \"anger\"
  sentiment = \"negative\"
  wordings = [\"{Person} {is|are} angry: someone took {their} keys.\"]

Example of terms; a pair holds one term for every group:
  [[terms]]
  attribute = \"gender\"
  group = \"woman\"
  person = \"my aunt\"
  pronouns = \"feminine\"      # feminine, masculine, plural
  pair = \"relatives\"";

/// Runs the command.
pub fn run(command: Command) -> Result<u8, Problems> {
    match command {
        Command::List => list(),
        Command::Show { dataset } => {
            let text = match catalogue::show(&dataset) {
                Some(text) => text?,
                None => show(&dataset::read(&dataset)?),
            };
            output::print(&text)?;
            Ok(0)
        }
        Command::Check(arguments) => check::run(&arguments),
        Command::Import(import) => import::run(&import),
        Command::Generate {
            templates,
            terms,
            out,
            force,
        } => {
            let mut problems = Problems::new();
            problems.take(output::refuse_overwrite(Path::new(&out), force));
            let read = [&templates, &terms].map(|file| problems.take(output::read_text(file)));
            problems.or(())?;
            let [template_text, term_text] = read.map(Option::unwrap_or_default);
            let generation = generate((&templates, &template_text), (&terms, &term_text))?;
            output::write(Path::new(&out), to_csv(&generation).as_bytes())?;
            output::note(&format!(
                "{} written to {out}",
                counted(generation.cases.len(), "case")
            ));
            Ok(0)
        }
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

/// Cases as CSV, to the letter of the templates; see the import on cells that look like formulas.
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
