//! `dataset generate`: counterfactual cases from templates and terms, or by changing the texts of a dataset.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::output;
use crate::dataset;
use crate::dataset::generate::{Generation, Sources, generate, to_csv, unfilled_csv, write_card};
use crate::dataset::perturb::{self, KINDS, Kind, perturb};
use crate::dataset::read::CARD;
use crate::diagnostic::{Place, Problem, Problems, plain};

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
Templates and terms are described in docs/generate.md.

Invariance (the same answer is expected): casing, contractions, emoji, identity-swap, punctuation, typos.
Directional: intensifier (the score of the label must not fall), negation (it must not rise).
A text to which a change does not apply stays alone in its set: it counts as not covered, not as passed.

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
    let texts = (output::read_text(templates)?, output::read_text(terms)?);
    let grammar = arguments
        .grammar
        .as_deref()
        .map(output::read_text)
        .transpose()?;
    let generation = generate(&Sources {
        templates: (templates, &texts.0),
        terms: (terms, &texts.1),
        grammar: arguments.grammar.as_deref().zip(grammar.as_deref()),
    })?;
    let out = Path::new(&arguments.out);
    let files = if is_csv(out) {
        vec![(out.to_path_buf(), to_csv(&generation))]
    } else {
        dataset_files(out, &generation)
    };
    write(&files, arguments.force)?;
    output::note(&format!(
        "{} cases written to {}",
        generation.cases.len(),
        plain(&arguments.out)
    ));
    tell_unfilled(&generation);
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
    let dataset = dataset::read(from)?;
    let kinds: Vec<Kind> = KINDS
        .iter()
        .filter(|(name, _)| arguments.perturb.iter().any(|asked| asked == name))
        .map(|(_, kind)| *kind)
        .collect();
    let perturbed = perturb(&dataset, &kinds, arguments.seed)?;
    let files = [
        (
            out.join(CARD),
            perturb::write_card(&dataset, &perturbed, &card_name(out)),
        ),
        (out.join("cases.csv"), perturb::to_csv(&dataset, &perturbed)),
    ];
    write(&files, arguments.force)?;
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

fn dataset_files(folder: &Path, generation: &Generation) -> Vec<(PathBuf, String)> {
    let mut files = vec![
        (
            folder.join(CARD),
            write_card(generation, &card_name(folder)),
        ),
        (folder.join("cases.csv"), to_csv(generation)),
    ];
    if !generation.unfilled.is_empty() {
        files.push((folder.join("unfilled.csv"), unfilled_csv(generation)));
    }
    files
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

fn write(files: &[(PathBuf, String)], force: bool) -> Result<(), Problems> {
    for (path, _) in files {
        output::refuse_overwrite(path, force)?;
    }
    for (path, text) in files {
        output::write(path, text.as_bytes())?;
    }
    Ok(())
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
        let sets = if count == 1 { "set" } else { "sets" };
        output::note(&format!("not filled in {count} {sets}: {}", plain(&reason)));
    }
}
