//! Tables and definition lists as the templates take them: cells of finished text.

use serde::Serialize;

use super::words::{self, Style};
use crate::diagnostic::thousands;
use crate::record::v1::{Measurement, Value};

/// Most cells of a table of groups by labels.
const MOST_CELLS: usize = 600;

/// A table with a caption.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Column heads.
    pub columns: Vec<Column>,
    /// Rows; the first cell of each is its head.
    pub rows: Vec<Row>,
}

/// A column head.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    title: String,
    numeric: bool,
}

/// A row.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Row {
    /// Its anchor on the page; empty where nothing leads to it.
    pub id: String,
    /// Whether it shows a finding, whose id is the note of its head.
    pub finding: bool,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Cell {
    text: String,
    note: String,
    mark: String,
    /// The word of the mark, for those who cannot see it, where `text` is another.
    word: String,
    class: &'static str,
    /// What its text leads to; empty where it leads nowhere.
    link: String,
}

impl Table {
    /// A table without rows. Heads that start with `#` stand over numbers.
    pub fn new(caption: impl Into<String>, heads: &[&str]) -> Self {
        Table {
            caption: caption.into(),
            columns: heads
                .iter()
                .map(|head| Column {
                    title: head.trim_start_matches('#').to_owned(),
                    numeric: head.starts_with('#'),
                })
                .collect(),
            rows: Vec::new(),
        }
    }

    /// The table if it has no more cells than a page can bear, else what to say instead.
    pub fn bearable(self) -> Result<Self, String> {
        let cells = self.rows.len() * self.columns.len();
        if cells <= MOST_CELLS {
            return Ok(self);
        }
        Err(format!(
            "{}: {} cells are too many for a page; the record holds them all, and affect-audit report audit.json \
             --format csv -o audit.csv writes them.",
            self.caption,
            thousands(cells as u64)
        ))
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row {
            cells,
            ..Row::default()
        });
    }
}

impl Cell {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Cell {
            text: text.into(),
            ..Cell::default()
        }
    }

    /// Text of some length, which gets a wide column.
    pub fn prose(text: impl Into<String>) -> Self {
        Cell {
            class: "t",
            ..Cell::text(text)
        }
    }

    /// A count.
    pub fn count(n: u64) -> Self {
        Cell {
            text: thousands(n),
            class: "n",
            ..Cell::default()
        }
    }

    /// How many cases a measurement rests on.
    pub fn cases(measurement: &Measurement) -> Self {
        measurement
            .cases()
            .map_or_else(|| Cell::absent(words::NOT_SHOWN), Cell::count)
    }

    /// A value with its interval below, or why there is none.
    pub fn value(value: &Value, style: Style) -> Self {
        match value {
            Value::Defined {
                estimate, interval, ..
            } => Cell {
                text: style.number(*estimate),
                note: style.range(interval.low, interval.high),
                class: "n",
                ..Cell::default()
            },
            Value::Missing { undefined } => Cell::absent(format!("no value: {}", undefined.detail)),
        }
    }

    /// A value that may not have been asked for.
    pub fn optional(value: Option<&Value>, style: Style) -> Self {
        value.map_or_else(
            || Cell::absent("not measured"),
            |value| Cell::value(value, style),
        )
    }

    /// The reason why nothing stands here.
    pub fn absent(reason: impl Into<String>) -> Self {
        Cell {
            text: reason.into(),
            class: "u",
            ..Cell::default()
        }
    }

    /// A code of the record with its symbol: verdict, outcome or recommendation.
    pub fn mark(code: &str, text: impl Into<String>) -> Self {
        Cell {
            text: text.into(),
            mark: code.to_owned(),
            ..Cell::default()
        }
    }

    /// A verdict.
    pub fn verdict(code: &str) -> Self {
        Cell::mark(code, words::verdict(code))
    }

    /// The same cell with a smaller second line.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// The same cell with its text leading to an anchor of the page.
    pub fn leading_to(mut self, anchor: impl std::fmt::Display) -> Self {
        self.link = format!("#{anchor}");
        self
    }

    /// The same cell with its text leading to an address beside this page.
    pub fn leading_away(mut self, address: impl Into<String>) -> Self {
        self.link = address.into();
        self
    }

    /// The same cell with the symbol of a code before its text; `word` says the code to those who cannot see it.
    pub fn marked(mut self, code: &str, word: &str) -> Self {
        self.mark = code.to_owned();
        self.word = word.to_owned();
        self
    }
}

/// What leads elsewhere.
#[derive(Serialize)]
pub struct Link {
    /// Where it leads.
    pub address: String,
    /// What stands there.
    pub name: String,
}

/// A name and what is said of it.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    name: String,
    text: String,
}

/// Facts without those that have nothing to say.
pub fn facts<const N: usize>(facts: [(&str, String); N]) -> Vec<Fact> {
    facts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| Fact {
            name: name.to_owned(),
            text,
        })
        .collect()
}
