//! Import recipes: TOML that says how a source is written, and which of its columns hold what.
//!
//! `docs/recipes.md` describes every key; carrying a recipe out is left to the modules beside this one.

mod card;
pub mod cells;
// One key a line reads as the table that it is.
#[rustfmt::skip]
mod keys;
pub mod reading;
pub mod schema;
mod source;
pub mod steps;

use std::cell::RefCell;

use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};
use crate::document::{self, Fields};
use crate::task::Task;

use self::card::{read_attribute, read_card, read_feature, read_intensity, read_task, toml_text};
use self::cells::{Cells, read_cells};
use self::reading::{Form, Reading, read_reading};
use self::source::read_source;
pub use self::source::{About, Published};
use self::steps::{
    Extract, Join, Leave, PredictionsFrom, RatingForm, RatingsFrom, read_drop, read_extract,
    read_join, read_predictions, read_ratings,
};

/// The columns that every dataset may have, by their names in cases and cards.
pub const STANDARD: [&str; 6] = ["id", "text", "cluster", "set", "wording", "weight"];

/// The table of a card that holds the dimensions of the task `intensity`.
pub const DIMENSIONS: &str = "tasks.intensity.dimensions";

/// A task, a dimension, an attribute or a feature: its keys for the card, and where its cells come from.
#[derive(Clone, Debug)]
pub struct Section {
    /// `tasks`, [`DIMENSIONS`], `attributes` or `features`.
    pub table: &'static str,
    /// The name.
    pub name: String,
    /// The lines of the card, ready to be written.
    pub card: Vec<String>,
    /// Where the cells come from.
    pub from: Cells,
    /// Whether the label is what most raters chose.
    pub majority: bool,
    /// What parts several labels in a cell of the new column.
    pub separator: String,
    /// Whether it stands in the ratings, as an attribute of raters, and not in the cases.
    pub of_raters: bool,
}

/// The column of the new ratings that holds what is known of raters.
pub fn rater_column(name: &str) -> String {
    format!("rater:{name}")
}

impl Section {
    /// The line of the card that begins this table.
    pub fn heading(&self) -> String {
        let bare = self
            .name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let name = if bare {
            self.name.clone()
        } else {
            toml_text(&self.name)
        };
        format!("[{}.{name}]", self.table)
    }
}

/// A recipe that has been read and found valid.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The lines of the new card that say what the dataset is.
    pub card: Vec<String>,
    /// The parts that it can be read in, such as splits.
    pub parts: Vec<String>,
    /// The part that is read, where there are parts.
    pub part: Option<String>,
    /// Where the owners publish it, and what is known of it.
    pub about: About,
    /// The files as their owners publish them.
    pub published: Vec<Published>,
    /// Which files, and how they are written.
    pub reading: Reading,
    /// Columns found by regular expressions.
    pub extracts: Vec<Extract>,
    /// Columns of second files.
    pub joins: Vec<Join>,
    /// Rows to leave out.
    pub drops: Vec<Leave>,
    /// The columns of [`STANDARD`] that the recipe fills.
    pub columns: Vec<(&'static str, Cells)>,
    /// The lines of the new card on the task `intensity`, but for its dimensions.
    pub intensity: Vec<String>,
    /// Tasks, dimensions, attributes and features.
    pub sections: Vec<Section>,
    /// What single raters said.
    pub ratings: Option<RatingsFrom>,
    /// What a model answered.
    pub predictions: Option<PredictionsFrom>,
}

impl Recipe {
    /// Reads a recipe; where it has parts, the first of them.
    ///
    /// # Errors
    /// Every problem of the recipe, with line and column.
    pub fn parse(file: &str, text: &str) -> Result<Recipe, Problems> {
        Recipe::parse_part(file, text, None)
    }

    /// Reads a part of a recipe: the tables of the part are laid over those of the recipe.
    ///
    /// # Errors
    /// Every problem of the recipe, with line and column, or a part that it does not have.
    pub fn parse_part(file: &str, text: &str, part: Option<&str>) -> Result<Recipe, Problems> {
        let mut table = document::parse(file, text)?;
        let parts: Vec<String> = table
            .table("parts")
            .map(|parts| parts.keys().map(str::to_owned).collect())
            .unwrap_or_default();
        let part = match part {
            None => parts.first().cloned(),
            Some(part) if parts.iter().any(|known| known == part) => Some(part.to_owned()),
            Some(part) => return Err(unknown_part(file, part, &parts).into()),
        };
        let over = part.as_ref().and_then(|part| {
            let parts = table.table("parts")?;
            parts.table(part).cloned()
        });
        if let Some(over) = over {
            table.lay_over(&over);
        }
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        let recipe = read_recipe(&fields, parts, part);
        fields.finish();
        let problems = problems.into_inner();
        match recipe {
            Some(recipe) => problems.or(recipe),
            None => Err(problems),
        }
    }

    /// The tasks.
    pub fn tasks(&self) -> impl Iterator<Item = &Section> {
        self.sections
            .iter()
            .filter(|section| section.table == "tasks")
    }
}

fn read_recipe(fields: &Fields<'_>, parts: Vec<String>, part: Option<String>) -> Option<Recipe> {
    let _ = fields.table("parts").map(|parts| parts.named_tables());
    let card = read_card(fields, part.as_deref());
    let reading = match fields.table("read") {
        Some(read) => read_reading(read),
        None => {
            fields.missing("read", "a table that says how the source is written");
            None
        }
    };
    let (about, published) = read_source(fields, &parts);
    let columns = read_columns(fields);
    let aligned = reading
        .as_ref()
        .is_some_and(|reading| matches!(reading.form, Form::Aligned(_)));
    let (mut intensity, mut sections) = (Vec::new(), Vec::new());
    for (key, read) in [
        (
            "tasks",
            read_task as fn(String, Fields<'_>, bool) -> Section,
        ),
        ("attributes", |name, table, _| read_attribute(name, table)),
        ("features", |name, table, _| read_feature(name, table)),
    ] {
        for (name, table) in fields
            .table(key)
            .map(|tables| tables.named_tables())
            .unwrap_or_default()
        {
            if key == "tasks" && name == Task::Intensity.as_str() {
                let (lines, dimensions) = read_intensity(table);
                intensity = lines;
                sections.extend(dimensions);
            } else {
                sections.push(read(name, table, aligned));
            }
        }
    }
    refuse_taken_names(fields, &sections);
    let recipe = Recipe {
        card,
        parts,
        part,
        about,
        published,
        extracts: fields
            .tables("extract")
            .into_iter()
            .filter_map(read_extract)
            .collect(),
        joins: fields.tables("join").into_iter().map(read_join).collect(),
        drops: fields.tables("drop").into_iter().map(read_drop).collect(),
        columns,
        intensity,
        sections,
        ratings: fields.table("ratings").and_then(read_ratings),
        predictions: fields.table("predictions").map(read_predictions),
        reading: reading?,
    };
    check_tasks(fields, &recipe);
    check_raters(fields, &recipe);
    Some(recipe)
}

fn read_columns(fields: &Fields<'_>) -> Vec<(&'static str, Cells)> {
    let Some(columns) = fields.table("columns") else {
        return Vec::new();
    };
    let mut read = Vec::new();
    for name in STANDARD {
        if let Some(table) = columns.table(name) {
            let cells = read_cells(&table, None);
            table.finish();
            read.push((name, cells));
        }
    }
    let has = |wanted: &str| read.iter().any(|(name, _)| *name == wanted);
    if has("wording") && !has("cluster") {
        fields.problem(
            Problem::new(
                "recipe/wording-of-nothing",
                columns.place_of("wording"),
                "wordings are declared, and not what they are wordings of",
            )
            .help("say which template a case comes from with [columns.cluster]"),
        );
    }
    columns.finish();
    read
}

fn unknown_part(file: &str, part: &str, parts: &[String]) -> Problem {
    let known: Vec<&str> = parts.iter().map(String::as_str).collect();
    Problem::new(
        "recipe/unknown-part",
        Place::file(file).key("parts"),
        format!("the recipe has no part {}", quote(part)),
    )
    .help(if known.is_empty() {
        "it is read as a whole: leave --part out".to_owned()
    } else {
        expected_one_of(part, &known)
    })
}

fn refuse_taken_names(fields: &Fields<'_>, sections: &[Section]) {
    for (place, section) in sections.iter().enumerate() {
        let taken = STANDARD.contains(&section.name.as_str())
            || sections[..place]
                .iter()
                .any(|other| other.name == section.name);
        if taken {
            fields.problem(
                Problem::new(
                    "recipe/name-taken",
                    fields.place_of(section.table.split('.').next().unwrap_or_default()),
                    format!("another column is named {} already", quote(&section.name)),
                )
                .help("give each task, attribute and feature a name of its own, other than id, text, cluster, set, wording and weight"),
            );
        }
    }
}

/// An attribute of raters needs its column among the ratings.
fn check_raters(fields: &Fields<'_>, recipe: &Recipe) {
    let known = match recipe.ratings.as_ref().map(|from| &from.form) {
        Some(RatingForm::Rows { attributes, .. }) => attributes.as_slice(),
        _ => &[],
    };
    let sections = recipe.sections.iter();
    for section in sections.filter(|section| section.of_raters) {
        if !known.iter().any(|(name, _)| *name == section.name) {
            fields.problem(
                Problem::new(
                    "recipe/unknown-rater-attribute",
                    section.from.place.clone(),
                    format!("no column holds {} of raters", quote(&section.name)),
                )
                .help("name it in [ratings], as in attributes = { age = \"worker_age\" } with form = \"rows\"; or write `from` for a column of the cases"),
            );
        }
    }
}

/// Ratings and predictions are about one task each; majorities need ratings.
fn check_tasks(fields: &Fields<'_>, recipe: &Recipe) {
    let names: Vec<&str> = recipe
        .tasks()
        .map(|section| section.name.as_str())
        .collect();
    let predictions = recipe.predictions.as_ref();
    // Scores name their labels themselves, and need no gold to be compared within counterfactual sets.
    let only_scores = predictions.is_some_and(|from| from.cells.is_none());
    let asked = [
        ("ratings", recipe.ratings.as_ref().map(|from| &from.task)),
        ("predictions", predictions.map(|from| &from.task)),
    ];
    for (key, task) in asked {
        let known = match task {
            None => true,
            Some(Some(task)) => names.contains(&task.as_str()),
            Some(None) if names.is_empty() => key == "predictions" && only_scores,
            Some(None) => names.len() == 1,
        };
        if !known {
            fields.problem(
                Problem::new(
                    "recipe/which-task",
                    fields.place_of(key),
                    format!("it is not said which task the {key} are about"),
                )
                .help(if names.is_empty() {
                    "write a [tasks.NAME] table".to_owned()
                } else {
                    format!("write task = NAME with one of: {}", names.join(", "))
                }),
            );
        }
    }
    let rated = recipe.ratings.as_ref().map(|from| {
        let only = names.first().copied().unwrap_or_default();
        from.task.as_deref().unwrap_or(only)
    });
    for section in recipe.tasks().filter(|section| section.majority) {
        if rated != Some(&section.name) {
            fields.problem(
                Problem::new(
                    "recipe/majority",
                    section.from.place.clone().key("gold"),
                    format!("there are no ratings of {}", section.name),
                )
                .help("gold = \"majority\" needs a [ratings] table of this task"),
            );
        }
    }
}

/// A text that must not be empty where it is given.
fn filled(table: &Fields<'_>, key: &'static str) -> Option<String> {
    let text = table.text(key)?;
    if text.is_empty() {
        table.problem(
            Problem::new("toml/blank", table.place_of(key), format!("{key} is empty"))
                .help("leave the key out, or say what it is"),
        );
        return None;
    }
    Some(text)
}
