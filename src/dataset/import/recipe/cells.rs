//! Where the cells of a new column come from, and what becomes of them on the way.

use regex::{Regex, RegexBuilder};

use super::filled;
use crate::diagnostic::{Place, Problem, counted, quote};
use crate::document::Fields;

/// The most bytes that a compiled regular expression may take.
const MOST_PATTERN: usize = 1 << 20;

/// Where a cell is taken from.
#[derive(Clone, Debug, Default)]
pub enum Origin {
    /// Nowhere: the cell is blank.
    #[default]
    Nothing,
    /// Columns, and what is written between their cells.
    Columns(Vec<String>, String),
    /// The same cell in every row.
    Value(String),
    /// Multi-hot columns.
    Hot {
        /// Labels and their columns.
        labels: Vec<(String, String)>,
        /// From which number on a label holds.
        at_least: f64,
        /// The label where none holds.
        none: String,
    },
}

/// What becomes of a cell with labels that tie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ties {
    /// It is blank.
    #[default]
    Blank,
    /// Its row is left out.
    Drop,
    /// The first label holds.
    First,
    /// All of them hold.
    Keep,
}

/// What becomes of a cell whose meaning is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmapped {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is refused.
    Refuse,
    /// It is blank.
    Blank,
    /// Its row is left out.
    Drop,
}

/// Codes and their meanings in a second file.
#[derive(Clone, Debug)]
pub struct Codebook {
    /// The file.
    pub file: String,
    /// Its column of codes.
    pub code: String,
    /// Its column of meanings.
    pub value: String,
    /// Which of its rows count: columns and their cells.
    pub only: Vec<(String, String)>,
    /// Where the recipe says so.
    pub place: Place,
}

/// Names in order, for ids.
#[derive(Clone, Debug)]
pub struct Classes {
    /// The names.
    pub names: Vec<String>,
    /// The file of names, a name a line.
    pub file: Option<String>,
    /// The id of the first.
    pub base: u64,
    /// Where the recipe says so.
    pub place: Place,
}

/// Where the cells of a new column come from, and what becomes of them on the way.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// Where they are taken from.
    pub origin: Origin,
    /// Cells that stand for a missing value.
    pub missing: Vec<String>,
    /// Strip what people and models write around a word.
    pub clean: bool,
    /// What parts several labels in one cell.
    pub split: Option<String>,
    /// What parts labels that tie.
    pub tie: Option<String>,
    /// What becomes of ties.
    pub ties: Ties,
    /// Meanings in a second file.
    pub codebook: Option<Codebook>,
    /// What cells mean.
    pub map: Vec<(String, String)>,
    /// What ids mean.
    pub classes: Option<Classes>,
    /// Cut points of numbers, ascending, with the names of the classes between them.
    pub cuts: Option<(Vec<f64>, Vec<String>)>,
    /// What becomes of cells whose meaning is not known.
    pub unmapped: Unmapped,
    /// Search the cell for a label.
    pub find: bool,
    /// Never show it.
    pub private: bool,
    /// Where the recipe says so.
    pub place: Place,
}

impl Cells {
    /// One column, as it is.
    pub fn column(name: &str) -> Cells {
        Cells {
            origin: Origin::Columns(vec![name.to_owned()], "-".to_owned()),
            ..Cells::default()
        }
    }
}

/// Whether a table says where cells come from.
pub(super) fn has_origin(table: &Fields<'_>) -> bool {
    ["from", "from_all", "value", "hot"]
        .iter()
        .any(|key| table.has(key))
}

/// Reads the keys of cells; `fallback` is the column where the table names none (blank for none at all).
pub(super) fn read_cells(table: &Fields<'_>, fallback: Option<&str>) -> Cells {
    let ways = ["from", "from_all", "value", "hot"]
        .iter()
        .filter(|key| table.has(key))
        .count();
    if ways > 1 {
        table.problem(
            Problem::new(
                "recipe/two-origins",
                table.place().clone(),
                "more than one of from, from_all, value and hot is given",
            )
            .help("a cell comes from one of them"),
        );
    }
    if ways == 0 && fallback.is_none() {
        table.missing(
            "from",
            "the name of a column of the source (or `from_all` with several)",
        );
    }
    Cells {
        origin: read_origin(table, fallback),
        missing: table.texts("missing"),
        clean: table.boolean("clean").unwrap_or(false),
        split: filled(table, "split"),
        tie: filled(table, "tie"),
        ties: table
            .choice(
                "ties",
                &[
                    ("blank", Ties::Blank),
                    ("drop", Ties::Drop),
                    ("first", Ties::First),
                    ("keep", Ties::Keep),
                ],
            )
            .unwrap_or_default(),
        codebook: table.table("codebook").map(read_codebook),
        map: read_pairs(table, "map"),
        cuts: read_cuts(table),
        classes: read_classes(table),
        unmapped: table
            .choice(
                "unmapped",
                &[
                    ("keep", Unmapped::Keep),
                    ("refuse", Unmapped::Refuse),
                    ("blank", Unmapped::Blank),
                    ("drop", Unmapped::Drop),
                ],
            )
            .unwrap_or_default(),
        find: table.boolean("find").unwrap_or(false),
        private: table.boolean("private").unwrap_or(false),
        place: table.place().clone(),
    }
}

fn read_origin(table: &Fields<'_>, fallback: Option<&str>) -> Origin {
    let from = table.text("from");
    let all = table.texts("from_all");
    let join = table.text("join").unwrap_or_else(|| "-".to_owned());
    let value = table.text("value");
    let hot = read_pairs(table, "hot");
    let at_least = table.number("at_least").unwrap_or(1.0);
    let none = table.text("none").unwrap_or_default();
    if let Some(column) = from {
        Origin::Columns(vec![column], join)
    } else if !all.is_empty() {
        Origin::Columns(all, join)
    } else if let Some(value) = value {
        Origin::Value(value)
    } else if !hot.is_empty() {
        Origin::Hot {
            labels: hot,
            at_least,
            none,
        }
    } else if let Some(column) = fallback.filter(|name| !name.is_empty() && !has_origin(table)) {
        Origin::Columns(vec![column.to_owned()], join)
    } else {
        Origin::Nothing
    }
}

/// A table of two texts each.
pub(super) fn read_pairs(table: &Fields<'_>, key: &'static str) -> Vec<(String, String)> {
    let pairs = table.table(key).map(|table| table.named_texts());
    let pairs = pairs.unwrap_or_default().into_iter();
    pairs.map(|(one, two, _)| (one, two)).collect()
}

fn read_codebook(table: Fields<'_>) -> Codebook {
    let codebook = Codebook {
        file: table.required_text("file"),
        code: table.required_text("code"),
        value: table.required_text("value"),
        only: read_pairs(&table, "where"),
        place: table.place().clone(),
    };
    table.finish();
    codebook
}

fn read_classes(table: &Fields<'_>) -> Option<Classes> {
    let names = table.texts("classes");
    let file = filled(table, "classes_file");
    let base = table.count("base");
    if table.has("cuts") || (names.is_empty() && file.is_none()) {
        return None;
    }
    if base.is_none_or(|base| base > 1) {
        table.problem(
            Problem::new(
                "recipe/base",
                table.place_of("base"),
                "it is not said whether ids are counted from 0 or from 1",
            )
            .help("expected base = 0 or base = 1"),
        );
    }
    Some(Classes {
        names,
        file,
        base: base.unwrap_or(0),
        place: table.place_of("classes"),
    })
}

fn read_cuts(table: &Fields<'_>) -> Option<(Vec<f64>, Vec<String>)> {
    let cuts = table.numbers("cuts");
    if cuts.is_empty() {
        return None;
    }
    let mut names = table.texts("classes");
    let ascending = cuts.windows(2).all(|pair| pair[0] < pair[1]);
    let fits = names.is_empty() || names.len() == cuts.len() + 1;
    if !(ascending && fits) {
        table.problem(
            Problem::new(
                "recipe/cuts",
                table.place_of("cuts"),
                format!(
                    "{} with {} classes",
                    counted(cuts.len(), "cut"),
                    names.len()
                ),
            )
            .help("expected ascending numbers, and one class more than cuts"),
        );
    }
    if names.is_empty() {
        names.push(format!("under {}", cuts[0]));
        for pair in cuts.windows(2) {
            names.push(format!("{} to under {}", pair[0], pair[1]));
        }
        names.push(format!("{} and over", cuts[cuts.len() - 1]));
    }
    Some((cuts, names))
}

/// A regular expression; linear in what it reads, and bounded in size.
pub(super) fn read_pattern(table: &Fields<'_>, key: &'static str) -> Option<Regex> {
    let text = filled(table, key)?;
    match RegexBuilder::new(&text).size_limit(MOST_PATTERN).build() {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            let message = error.to_string();
            let message = message.lines().last().unwrap_or_default();
            let message = message.strip_prefix("error: ").unwrap_or(message);
            table.problem(
                Problem::new(
                    "recipe/pattern",
                    table.place_of(key),
                    format!("{} is no regular expression: {message}", quote(&text)),
                )
                .help(
                    "see the syntax of the Rust crate regex; named groups are written (?<name>...)",
                ),
            );
            None
        }
    }
}
