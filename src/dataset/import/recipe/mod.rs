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
pub mod steps;

use std::cell::RefCell;

use crate::diagnostic::{Problem, Problems, quote};
use crate::document::{self, Fields};

use self::card::{read_attribute, read_card, read_feature, read_task, toml_text};
use self::cells::{Cells, read_cells};
use self::reading::{Form, Reading, read_reading};
use self::steps::{
    Extract, Join, Leave, PredictionsFrom, RatingsFrom, read_drop, read_extract, read_join,
    read_predictions, read_ratings,
};

/// The columns that every dataset may have, by their names in cases and cards.
pub const STANDARD: [&str; 4] = ["id", "text", "cluster", "set"];

/// A task, an attribute or a feature: its keys for the card, and where its cells come from.
#[derive(Clone, Debug)]
pub struct Section {
    /// `tasks`, `attributes` or `features`.
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

/// A file as its owners publish it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Its path inside the folder.
    pub path: String,
    /// Where it can be fetched.
    pub url: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// A recipe that has been read and found valid.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The lines of the new card that say what the dataset is.
    pub card: Vec<String>,
    /// The owners' page, where the recipe names it.
    pub page: Option<String>,
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
    /// Tasks, attributes and features.
    pub sections: Vec<Section>,
    /// What single raters said.
    pub ratings: Option<RatingsFrom>,
    /// What a model answered.
    pub predictions: Option<PredictionsFrom>,
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// Every problem of the recipe, with line and column.
    pub fn parse(file: &str, text: &str) -> Result<Recipe, Problems> {
        let table = document::parse(file, text)?;
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        let recipe = read_recipe(&fields);
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

fn read_recipe(fields: &Fields<'_>) -> Option<Recipe> {
    let card = read_card(fields);
    let reading = match fields.table("read") {
        Some(read) => read_reading(read),
        None => {
            fields.missing("read", "a table that says how the source is written");
            None
        }
    };
    let (page, published) = read_source(fields);
    let columns = read_columns(fields);
    let aligned = reading
        .as_ref()
        .is_some_and(|reading| matches!(reading.form, Form::Aligned(_)));
    let mut sections = Vec::new();
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
            sections.push(read(name, table, aligned));
        }
    }
    refuse_taken_names(fields, &sections);
    let recipe = Recipe {
        card,
        page,
        published,
        extracts: fields
            .tables("extract")
            .into_iter()
            .filter_map(read_extract)
            .collect(),
        joins: fields.tables("join").into_iter().map(read_join).collect(),
        drops: fields.tables("drop").into_iter().map(read_drop).collect(),
        columns,
        sections,
        ratings: fields.table("ratings").and_then(read_ratings),
        predictions: fields.table("predictions").map(read_predictions),
        reading: reading?,
    };
    check_tasks(fields, &recipe);
    Some(recipe)
}

fn read_source(fields: &Fields<'_>) -> (Option<String>, Vec<Published>) {
    let Some(source) = fields.table("source") else {
        return (None, Vec::new());
    };
    let page = filled(&source, "page");
    let mut published = Vec::new();
    for file in source.tables("files") {
        let one = Published {
            path: file.required_text("path"),
            url: file.text("url").unwrap_or_default(),
            sha256: file.text("sha256").unwrap_or_default().to_lowercase(),
        };
        let hexadecimal = one.sha256.chars().all(|c| c.is_ascii_hexdigit());
        if file.has("sha256") && !(hexadecimal && one.sha256.len() == 64) {
            file.problem(
                Problem::new(
                    "recipe/sha256",
                    file.place_of("sha256"),
                    "this is no SHA-256",
                )
                .help("expected 64 hexadecimal digits, as sha256sum prints them"),
            );
        }
        file.finish();
        published.push(one);
    }
    source.finish();
    (page, published)
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
    columns.finish();
    read
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
                    fields.place_of(section.table),
                    format!("another column is named {} already", quote(&section.name)),
                )
                .help("give each task, attribute and feature a name of its own, other than id, text, cluster and set"),
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
    let asked = [
        ("ratings", recipe.ratings.as_ref().map(|from| &from.task)),
        (
            "predictions",
            recipe.predictions.as_ref().map(|from| &from.task),
        ),
    ];
    for (key, task) in asked {
        let known = match task {
            None => true,
            Some(Some(task)) => names.contains(&task.as_str()),
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
