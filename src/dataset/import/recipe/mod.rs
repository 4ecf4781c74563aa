//! Import recipes: TOML that says how a source is written, and which of its columns hold what.

mod card;

use std::cell::RefCell;

use crate::dataset::table::Dialect;
use crate::diagnostic::{Problem, Problems, quote};
use crate::document::{self, Fields};

use self::card::{read_attribute, read_card, read_task, toml_text};

/// Where the cells of a new column come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct From {
    /// The source columns.
    pub columns: Vec<String>,
    /// What is written between the cells of several columns.
    pub join: String,
    /// What cells mean; a cell that the map lacks stays as it is.
    pub map: Vec<(String, String)>,
    /// Cells that stand for a missing value.
    pub missing: Vec<String>,
    /// What parts several labels in one cell; each is looked up by itself, and they are written with `|` between.
    pub split: Option<String>,
}

/// A task or an attribute: its keys for the card, and where its cells come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// `tasks` or `attributes`.
    pub table: &'static str,
    /// The name.
    pub name: String,
    /// The lines of the card, ready to be written.
    pub card: Vec<String>,
    /// Where the cells come from.
    pub from: From,
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

/// A delimited file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delimited {
    /// How it is written.
    pub dialect: Dialect,
    /// Lines that begin with this are no rows.
    pub comment: Option<String>,
    /// The column that takes what a row has too much of, for delimiters inside an unquoted text.
    pub overflow: Option<String>,
    /// Column of ids; row numbers where there is none.
    pub id: Option<From>,
    /// Column of texts.
    pub text: Option<From>,
    /// Column of clusters.
    pub cluster: Option<From>,
    /// Column of counterfactual sets.
    pub set: Option<From>,
}

/// Files whose lines belong together: texts, labels, predictions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aligned {
    /// The file of texts.
    pub text: String,
    /// The file of labels.
    pub labels: Option<String>,
    /// The file of answers.
    pub predictions: Option<String>,
    /// The file that maps ids to label names, a pair a line, parted by a tab.
    pub mapping: Option<String>,
}

/// How the source is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One file, one row a case.
    Delimited(Box<Delimited>),
    /// Several files, one line a case.
    Aligned(Aligned),
}

/// A recipe that has been read and found valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The lines of the new card that say what the dataset is.
    pub card: Vec<String>,
    /// How the source is written.
    pub form: Form,
    /// Tasks and attributes.
    pub sections: Vec<Section>,
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
}

fn read_recipe(fields: &Fields<'_>) -> Option<Recipe> {
    let card = read_card(fields);
    let form = match fields.table("read") {
        Some(read) => {
            let form =
                match read.required_choice("form", &[("delimited", true), ("aligned", false)]) {
                    Some(true) => Some(Form::Delimited(Box::new(read_delimited(&read, fields)))),
                    Some(false) => Some(Form::Aligned(read_aligned(&read))),
                    None => None,
                };
            if form.is_some() {
                read.finish();
            }
            form
        }
        None => {
            fields.missing("read", "a table that says how the source is written");
            None
        }
    };
    let mut sections = Vec::new();
    if let Some(tasks) = fields.table("tasks") {
        for (name, table) in tasks.named_tables() {
            sections.push(read_task(name, table));
        }
    }
    if let Some(attributes) = fields.table("attributes") {
        for (name, table) in attributes.named_tables() {
            sections.push(read_attribute(name, table));
        }
    }
    for (place, section) in sections.iter().enumerate() {
        let taken = ["id", "text", "cluster", "set"].contains(&section.name.as_str())
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
                .help("give each task and attribute a name of its own, other than id, text, cluster and set"),
            );
        }
    }
    if matches!(form, Some(Form::Aligned(_))) {
        let tasks = sections
            .iter()
            .filter(|section| section.table == "tasks")
            .count();
        if tasks != 1 || sections.len() != 1 {
            fields.problem(
                Problem::new(
                    "recipe/aligned",
                    fields.place_of("tasks"),
                    "aligned files hold one task and no attribute",
                )
                .help("write one [tasks.NAME] table; use form = \"delimited\" for more"),
            );
        }
    }
    Some(Recipe {
        card,
        form: form?,
        sections,
    })
}

fn read_delimited(read: &Fields<'_>, fields: &Fields<'_>) -> Delimited {
    let delimiter = read.text("delimiter").unwrap_or_else(|| ",".to_owned());
    let [delimiter] = delimiter.as_bytes() else {
        read.problem(
            Problem::new(
                "recipe/delimiter",
                read.place_of("delimiter"),
                format!("delimiter is {}", quote(&delimiter)),
            )
            .help("expected one ASCII character, as in \"|\" or \"\\t\""),
        );
        return read_delimited_columns(read, fields, b',');
    };
    read_delimited_columns(read, fields, *delimiter)
}

fn read_delimited_columns(read: &Fields<'_>, fields: &Fields<'_>, delimiter: u8) -> Delimited {
    let columns = fields.table("columns");
    let column = |key: &'static str| {
        let table = columns.as_ref()?.table(key)?;
        let from = read_from(&table);
        table.finish();
        Some(from)
    };
    let delimited = Delimited {
        dialect: Dialect {
            delimiter,
            quoting: read.boolean("quoting").unwrap_or(true),
            header: read.boolean("header").unwrap_or(true),
            trailing_delimiter: read.boolean("trailing_delimiter").unwrap_or(false),
        },
        comment: filled(read, "comment"),
        overflow: read.text("overflow"),
        id: column("id"),
        text: column("text"),
        cluster: column("cluster"),
        set: column("set"),
    };
    if let Some(columns) = columns {
        columns.finish();
    }
    delimited
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

fn read_aligned(read: &Fields<'_>) -> Aligned {
    Aligned {
        text: read.required_text("text"),
        labels: read.text("labels"),
        predictions: read.text("predictions"),
        mapping: read.text("mapping"),
    }
}

fn read_from(table: &Fields<'_>) -> From {
    let mut columns = Vec::new();
    if table.has("from") {
        columns.extend(table.text("from"));
    }
    columns.extend(table.texts("from_all"));
    if columns.is_empty() && !table.has("from") {
        table.missing(
            "from",
            "the name of a column of the source (or `from_all` with several)",
        );
    }
    From {
        columns,
        join: table.text("join").unwrap_or_else(|| "-".to_owned()),
        map: table
            .table("map")
            .map(|map| map.named_texts())
            .unwrap_or_default()
            .into_iter()
            .map(|(cell, meaning, _)| (cell, meaning))
            .collect(),
        missing: table.texts("missing"),
        split: filled(table, "split"),
    }
}
