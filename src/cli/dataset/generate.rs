//! `dataset generate`: counterfactual cases from templates and terms, or by changing the texts of a dataset.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::output;
use crate::dataset::cases::read_cases;
use crate::dataset::generate::{
    Generation, Sources, generate, own_labels, to_csv, unfilled_csv, write_card,
};
use crate::dataset::perturb::{self, KINDS, Kind, perturb};
use crate::dataset::read::CARD;
use crate::dataset::table::Table;
use crate::dataset::{self, Card};
use crate::diagnostic::{Place, Problem, Problems, counted, list, plain};

/// The file of cases in a folder that is written.
const CASES: &str = "cases.csv";

/// The list of what could not be said.
const UNFILLED: &str = "unfilled.csv";

/// What to generate.
#[derive(Args)]
pub struct Arguments {
    /// The templates (TOML)
    #[arg(
        long,
        value_name = "FILE",
        requires = "terms",
        required_unless_present = "perturb"
    )]
    templates: Option<String>,
    /// The terms (TOML)
    #[arg(long, value_name = "FILE", requires = "templates")]
    terms: Option<String>,
    /// The grammar (TOML) [default: the built-in one of the language that the templates say]
    #[arg(long, value_name = "FILE", requires = "templates")]
    grammar: Option<String>,
    /// A change to make to the texts of a dataset, repeatable
    #[arg(
        long,
        value_name = "KIND",
        requires = "from",
        conflicts_with = "templates",
        value_parser = clap::builder::PossibleValuesParser::new(KINDS.map(|(name, _)| name))
    )]
    perturb: Vec<String>,
    /// The dataset whose texts are changed: the name of a bundled one, or a folder
    #[arg(long, value_name = "NAME-or-PATH", requires = "perturb")]
    from: Option<String>,
    /// Seed of the changes that could be made in several ways
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to write: a folder for a dataset; from templates also a .csv file for the cases alone
    #[arg(short, long, value_name = "DIR-or-FILE")]
    out: String,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

pub(super) const EXAMPLES: &str = "\
Templates, terms and grammars are described in docs/generate.md.

Invariance (the same answer is expected): casing, contractions, emoji, identity-swap, punctuation, typos.
Directional: intensifier (the score of the label must not fall), negation (it must not rise).
A text to which a change does not apply stays alone in its set: it counts as not covered, not as passed.

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
  pair = \"relatives\"

Examples:
  affect-audit dataset generate --templates templates.toml --terms terms.toml -o my-swaps/
  affect-audit dataset generate --templates t.toml --terms p.toml --grammar turkish.toml -o swaps-tr/
  affect-audit dataset generate --perturb typos --perturb casing --from everyday-english -o everyday-typos/
  affect-audit audit --dataset everyday-typos/";

/// Runs the command.
pub(super) fn run(arguments: Arguments) -> Result<u8, Problems> {
    match (&arguments.from, &arguments.templates, &arguments.terms) {
        (Some(from), ..) => from_dataset(from, &arguments),
        (None, Some(templates), Some(terms)) => from_templates(templates, terms, &arguments),
        // The command line was checked when it was read.
        _ => Ok(2),
    }
}

fn from_templates(templates: &str, terms: &str, arguments: &Arguments) -> Result<u8, Problems> {
    let out = Path::new(&arguments.out);
    let places = if is_csv(out) {
        vec![out.to_path_buf()]
    } else {
        [CARD, CASES, UNFILLED].map(|file| out.join(file)).to_vec()
    };
    let mut problems = Problems::new();
    problems.take(check_places(&places, arguments.force));
    let mut read = |file: &str| problems.take(output::read_text(file));
    let texts = read(templates).zip(read(terms));
    let grammar = arguments.grammar.as_deref();
    let grammar_text = grammar.map(&mut read);
    let (Some(texts), false) = (texts, grammar_text == Some(None)) else {
        return Err(problems);
    };
    let generation = problems.take(generate(&Sources {
        templates: (templates, &texts.0),
        terms: (terms, &texts.1),
        grammar: grammar.zip(grammar_text.flatten().as_deref()),
    }));
    problems.or(())?;
    let generation = generation.unwrap_or_default();
    tell_unfilled(&generation);
    tell_own_labels(&generation);
    let (card, cases) = (
        write_card(&generation, &card_name(out)),
        to_csv(&generation),
    );
    check_readable(&card, &cases)?;
    let contents = if is_csv(out) {
        vec![cases]
    } else {
        vec![card, cases, unfilled_csv(&generation)]
    };
    write(&places, &contents)?;
    output::note(&format!(
        "{} written to {}",
        counted(generation.cases.len(), "case"),
        plain(&arguments.out)
    ));
    Ok(0)
}

fn from_dataset(from: &str, arguments: &Arguments) -> Result<u8, Problems> {
    let out = Path::new(&arguments.out);
    if is_csv(out) {
        return Err(Problem::new(
            "generate/not-a-folder",
            Place::file(&arguments.out),
            "a perturbed dataset is a folder with a card",
        )
        .help("name a folder with --out")
        .into());
    }
    let places = [CARD, CASES].map(|file| out.join(file));
    let mut problems = Problems::new();
    problems.take(check_places(&places, arguments.force));
    let kinds: Vec<Kind> = KINDS
        .iter()
        .filter(|(name, _)| arguments.perturb.iter().any(|asked| asked == name))
        .map(|(_, kind)| *kind)
        .collect();
    let made = problems.take(dataset::read(from).and_then(|dataset| {
        let perturbed = perturb(&dataset, &kinds, arguments.seed)?;
        Ok((dataset, perturbed))
    }));
    let (Some((dataset, perturbed)), true) = (made, problems.is_empty()) else {
        return Err(problems);
    };
    let contents = [
        perturb::write_card(&dataset, &perturbed, &card_name(out)),
        perturb::to_csv(&dataset, &perturbed),
    ];
    check_readable(&contents[0], &contents[1])?;
    write(&places, &contents)?;
    for kind in &perturbed.kinds {
        let reasons = perturbed.reasons(*kind);
        let left: u64 = reasons.values().sum();
        let all = dataset.cases.len() as u64;
        output::note(&format!(
            "{}: applied to {} of {all} texts",
            kind.name(),
            all - left
        ));
        for (reason, count) in reasons {
            output::note(&format!("  not applied to {count}: {reason}"));
        }
    }
    output::note(&format!("written to {}", plain(&arguments.out)));
    Ok(0)
}

fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "csv")
}

/// The name of a folder as the name of a dataset.
fn card_name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || "-_.".contains(letter) {
                letter
            } else {
                '-'
            }
        })
        .collect();
    if name.is_empty() {
        "generated".to_owned()
    } else {
        name
    }
}

/// Every place that something is in, or that cannot be written.
fn check_places(places: &[PathBuf], force: bool) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for place in places {
        problems.take(
            output::refuse_overwrite(place, force).and_then(|()| output::check_writable(place)),
        );
    }
    problems.or(())
}

/// What cannot be read back must not be written: ids and labels come from files.
fn check_readable(card: &str, cases: &str) -> Result<(), Problems> {
    let card = Card::parse(CARD, card)?;
    let table = Table::from_bytes(CASES, cases.as_bytes().to_vec())?;
    read_cases(&card, &table).map(drop)
}

fn write(places: &[PathBuf], contents: &[String]) -> Result<(), Problems> {
    for (place, content) in places.iter().zip(contents) {
        output::write(place, content.as_bytes())?;
    }
    Ok(())
}

/// A label with a slip in it would make a scheme of its own, so it is told of.
fn tell_own_labels(generation: &Generation) {
    for (task, labels) in own_labels(generation) {
        let what = if labels.len() > 1 {
            "the card lists them as a scheme of its own"
        } else {
            "one label alone is no task, so the card leaves it out"
        };
        output::note(&format!(
            "{}: no built-in scheme holds all of {}; {what}",
            task.as_str(),
            plain(&list(&labels))
        ));
    }
}

/// What could not be said, by reason.
fn tell_unfilled(generation: &Generation) {
    let mut reasons: Vec<(String, usize)> = Vec::new();
    for unfilled in &generation.unfilled {
        let reason = format!(
            "{} {}: {}",
            unfilled.attribute, unfilled.group, unfilled.reason
        );
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    for (reason, count) in reasons {
        output::note(&format!(
            "not filled in {}: {}",
            counted(count, "set"),
            plain(&reason)
        ));
    }
}
