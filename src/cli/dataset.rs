//! `dataset`: labelled data.

use std::fmt::Write;
use std::path::Path;

use clap::Subcommand;

use super::output;
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, word};
use crate::dataset::generate::{FIXED_COLUMNS, Generation, generate};
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

/// Cases as CSV, to the letter of the templates; see [`import`] on cells that look like formulas.
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
