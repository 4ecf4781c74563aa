//! `dataset`: labelled data.

mod croissant;
mod generate;

use std::fmt::Write;
use std::path::Path;

use clap::Subcommand;

use super::{check, output};
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, word};
use crate::dataset::import::{self, Imported, Recipe};
use crate::dataset::read::CARD;
use crate::dataset::{self, Dataset, bundled};
use crate::diagnostic::{Problems, counted, plain};
use crate::digest::sha256;

/// What to do with labelled data.
#[derive(Subcommand)]
pub enum Command {
    /// List the bundled datasets
    List,
    /// Show the card, labels and groups of a dataset
    #[command(after_help = SHOW_EXAMPLES)]
    Show {
        /// The name of a bundled dataset, or a folder with dataset.toml and cases.csv, .jsonl or .parquet
        dataset: String,
        /// Print the card as Croissant (MLCommons, JSON-LD); no text of a case is in it
        #[arg(long)]
        croissant: bool,
    },
    /// Read a dataset, report every problem, and check what an audit on it could rest on
    Check(check::Arguments),
    /// Read data as its owners publish it, by a recipe, into a dataset folder; or a card from a Croissant file
    #[command(after_help = IMPORT_EXAMPLE)]
    Import {
        /// The recipe (TOML)
        #[arg(long, value_name = "FILE", required_unless_present = "croissant")]
        recipe: Option<String>,
        /// The file to read; where the recipe names several, their folder
        #[arg(long, value_name = "PATH", required_unless_present = "croissant")]
        from: Option<String>,
        /// A Croissant file (MLCommons, JSON-LD): the card is made from it, and nothing is fetched
        #[arg(long, value_name = "FILE", conflicts_with_all = ["recipe", "from"])]
        croissant: Option<String>,
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

const SHOW_EXAMPLES: &str = "\
Examples:
  affect-audit dataset show everyday-english
  affect-audit dataset show my-data --croissant > my-data/croissant.json";

const IMPORT_EXAMPLE: &str = "\
Examples:
  affect-audit dataset import --recipe reviews.toml --from reviews.txt -o my-data --dry-run
  affect-audit dataset import --croissant croissant.json -o my-data

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
        Command::Show { dataset, croissant } => {
            let dataset = dataset::read(&dataset)?;
            let text = if croissant {
                croissant::show(&dataset)?
            } else {
                show(&dataset)
            };
            output::print(&text)?;
            Ok(0)
        }
        Command::Check(arguments) => check::run(&arguments),
        Command::Import {
            recipe,
            from,
            croissant,
            out,
            dry_run,
            force,
        } => {
            if let Some(file) = croissant {
                return croissant::import(&file, Path::new(&out), dry_run, force);
            }
            let (recipe, from) = (recipe.unwrap_or_default(), from.unwrap_or_default());
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
    let dataset = Dataset {
        cases: dataset::cases::read_cases(&card, &table)?,
        columns: table.header().to_vec(),
        digest: sha256([imported.card.as_bytes(), imported.cases.as_bytes()]),
        origin: folder.display().to_string(),
        card,
    };
    if dry_run {
        output::print(&plain(&imported.card))?;
        let first: Vec<&str> = imported.cases.lines().take(4).collect();
        output::print(&format!("\n{}\n", plain(&first.join("\n"))))?;
        output::note(&format!(
            "{}; nothing was written",
            counted(dataset.cases.len(), "case")
        ));
        output::note(&check::short(&dataset)?);
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
        counted(dataset.cases.len(), "case"),
        folder.display()
    ));
    output::note(&check::short(&dataset)?);
    output::note(&format!(
        "affect-audit dataset check {} says more",
        folder.display()
    ));
    Ok(0)
}
