//! What `dataset list` and `dataset show` say of the catalogue. Reading and fetching data is left to the import.

use std::cell::RefCell;
use std::fmt::Write;
use std::path::Path;

use crate::dataset::import::Recipe;
use crate::dataset::import::recipe::Published;
use crate::dataset::read::CARD;
use crate::dataset::{bundled, catalogue};
use crate::diagnostic::{Place, Problem, Problems, counted, plain_lines};
use crate::document::{self, Fields};

/// A line for each recipe.
pub(super) fn list() -> Result<String, Problems> {
    let mut text = String::from(
        "\ncatalogue: recipes for public data, which its owners publish (affect-audit dataset show NAME)\n",
    );
    for name in catalogue::names() {
        let card = card(&catalogue::recipe(name, None)?)?;
        let _ = writeln!(text, "  {name:<22}{}", card.title);
    }
    Ok(text)
}

/// What is known of a dataset of the catalogue; nothing where the name is that of a bundled dataset, of a dataset's
/// folder, or of nothing.
pub(super) fn show(name: &str) -> Option<Result<String, Problems>> {
    // A folder of the owners' files may well bear the name of the recipe.
    if Path::new(name).join(CARD).exists() || bundled::find(name).is_some() {
        return None;
    }
    catalogue::text(name)?;
    Some(catalogue::recipe(name, None).and_then(|recipe| describe(name, &recipe)))
}

/// Croissant describes the files of a dataset, and a set of the catalogue has none before it is imported.
pub fn not_imported(name: &str) -> Problem {
    Problem::new(
        "dataset/not-imported",
        Place::file(name),
        "this is a recipe of the catalogue, and no dataset yet",
    )
    .help(format!(
        "import it first (affect-audit dataset import --catalogue {name} --download -o DIR), then show DIR --croissant"
    ))
}

/// What a recipe says for the card.
#[derive(Default)]
struct Card {
    title: String,
    description: String,
    licence: String,
    citation: String,
    modality: String,
    languages: Vec<String>,
    limits: Vec<String>,
}

fn card(recipe: &Recipe) -> Result<Card, Problems> {
    let table = document::parse("catalogue", &recipe.card.join("\n"))?;
    let problems = RefCell::new(Problems::new());
    let fields = Fields::new(&table, &problems);
    let text = |key| fields.text(key).unwrap_or_default();
    Ok(Card {
        title: text("title"),
        description: text("description"),
        licence: text("licence"),
        citation: text("citation"),
        modality: text("modality"),
        languages: fields.texts("language"),
        limits: fields.texts("limits"),
    })
}

fn describe(name: &str, recipe: &Recipe) -> Result<String, Problems> {
    let card = card(recipe)?;
    let about = &recipe.about;
    let mut text = format!(
        "{} ({name}, in the catalogue)\n{}\n\n",
        card.title, card.description
    );
    let languages = card.languages.join(", ");
    for (key, value) in [
        ("licence", &card.licence),
        ("citation", &card.citation),
        ("language", &languages),
        ("modality", &card.modality),
        ("page", about.page.as_ref().unwrap_or(&String::new())),
        ("labels", about.labels.as_ref().unwrap_or(&String::new())),
        ("parts", &recipe.parts.join(", ")),
    ] {
        if !value.is_empty() {
            let _ = writeln!(text, "{key:<10}{value}");
        }
    }
    for (key, sentences) in [("known faults", &about.faults), ("limits", &card.limits)] {
        let _ = writeln!(text, "\n{key}");
        for sentence in sentences {
            let _ = writeln!(text, "- {sentence}");
        }
    }
    let _ = writeln!(text, "\nwhere to get it");
    if let Some(access) = &about.access {
        let _ = writeln!(text, "{access}");
    }
    for file in &recipe.published {
        text.push_str(&line(file));
    }
    let _ = write!(text, "\n{}", import(name, recipe));
    Ok(plain_lines(text.lines()))
}

fn line(file: &Published) -> String {
    let mut text = format!("- {}", file.path);
    if let Some(bytes) = file.bytes {
        let _ = write!(
            text,
            ", {}",
            counted(usize::try_from(bytes).unwrap_or(usize::MAX), "byte")
        );
    }
    if !file.parts.is_empty() {
        let _ = write!(text, ", for {}", file.parts.join(", "));
    }
    let digest = if file.sha256.is_empty() {
        "SHA-256 not known"
    } else {
        &file.sha256
    };
    let _ = writeln!(text, "\n  {}\n  {digest}", file.url);
    text
}

/// How to import it, in commands.
fn import(name: &str, recipe: &Recipe) -> String {
    let mut text = String::from("how to import it\n");
    let command = format!("affect-audit dataset import --catalogue {name}");
    let _ = writeln!(text, "  {command} --from FOLDER -o {name}");
    if let [_, other, ..] = recipe.parts.as_slice() {
        let _ = writeln!(
            text,
            "  {command} --part {other} --from FOLDER -o {name}-{other}"
        );
    }
    let digests = recipe
        .published
        .iter()
        .filter(|file| file.belongs_to(recipe.part.as_deref()))
        .all(|file| !file.sha256.is_empty());
    if digests && !recipe.published.is_empty() {
        let _ = writeln!(text, "  {command} --download -o {name}");
    }
    text
}
