//! What a check found: a grade, a sentence, and the rows that stand behind it.

use super::page::Check;
use crate::diagnostic::thousands;
use crate::stats::{Estimate, Undefined};

/// Most rows of a table; the rest is only counted.
const MOST_ROWS: usize = 60;

/// Most cases that are pointed at.
const MOST_PLACES: usize = 10;

/// How a finding is graded, from what needs nothing to what needs mending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// There was nothing to look at, and that is said.
    Unchecked,
    /// Looked for and not found.
    Clear,
    /// Worth knowing.
    Info,
    /// Results will need care.
    Warning,
    /// The data does not hold what its card says.
    Problem,
}

/// Every grade with its name in files.
pub const GRADES: [(&str, Grade); 5] = [
    ("problem", Grade::Problem),
    ("warning", Grade::Warning),
    ("info", Grade::Info),
    ("clear", Grade::Clear),
    ("unchecked", Grade::Unchecked),
];

impl Grade {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        crate::attribute::word(&GRADES, &self)
    }
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A name or a few words.
    Text(String),
    /// A number of cases, ratings or the like.
    Count(u64),
    /// Places of cases in their file, the first case being 1; at most ten.
    Places(Vec<u64>),
    /// A value with its interval, or why there is none.
    Estimate(Result<Estimate, Undefined>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Value::Count(count)
    }
}

impl Value {
    /// The first of some places, given from 0.
    pub fn places(places: impl IntoIterator<Item = usize>) -> Self {
        Value::Places(
            places
                .into_iter()
                .take(MOST_PLACES)
                .map(|place| place as u64 + 1)
                .collect(),
        )
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in files.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
}

/// What stands behind a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, one cell a column.
    pub rows: Vec<Vec<Value>>,
    /// How many rows were too many.
    pub left_out: u64,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: &[(&'static str, &'static str)]) -> Self {
        Table {
            columns: columns
                .iter()
                .map(|(id, title)| Column { id, title })
                .collect(),
            rows: Vec::new(),
            left_out: 0,
        }
    }

    /// Adds a row, or counts it where there are too many.
    pub fn row(&mut self, cells: Vec<Value>) {
        if self.rows.len() < MOST_ROWS {
            self.rows.push(cells);
        } else {
            self.left_out += 1;
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The check.
    pub check: Check,
    /// How it is graded.
    pub grade: Grade,
    /// Its subject where a check has several: a task, an attribute, another dataset.
    pub about: Option<String>,
    /// What was found, in a sentence without a full stop at its end.
    pub sentence: String,
    /// How many cases (texts, groups, pairs) it is about, and of how many.
    pub affected: Option<(u64, u64)>,
    /// What stands behind it.
    pub table: Option<Table>,
}

impl Finding {
    /// A finding without subject and table.
    pub fn new(check: Check, grade: Grade, sentence: impl Into<String>) -> Self {
        Finding {
            check,
            grade,
            about: None,
            sentence: sentence.into(),
            affected: None,
            table: None,
        }
    }

    /// Adds the subject.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// Adds how many it is about, and of how many.
    pub fn affects(mut self, part: usize, whole: usize) -> Self {
        self.affected = Some((part as u64, whole as u64));
        self
    }

    /// Adds the table, if it has a row.
    pub fn table(mut self, table: Table) -> Self {
        self.table = (!table.rows.is_empty()).then_some(table);
        self
    }

    /// What is said where a dataset has no text.
    pub fn no_text(check: Check) -> Self {
        Finding::new(check, Grade::Unchecked, "the dataset has no texts")
    }
}

/// "331 of 2,610 cases (13 %)".
pub fn share(part: usize, whole: usize, what: &str) -> String {
    format!(
        "{} of {} {what} ({})",
        thousands(part as u64),
        thousands(whole as u64),
        percent(part, whole)
    )
}

/// "13 %", never rounded to none or all.
pub fn percent(part: usize, whole: usize) -> String {
    let share = 100.0 * part as f64 / whole.max(1) as f64;
    match share {
        _ if part == 0 => "0 %".to_owned(),
        _ if part == whole => "100 %".to_owned(),
        share if share < 0.1 => "under 0.1 %".to_owned(),
        share if share > 99.9 => "over 99.9 %".to_owned(),
        share if !(9.95..90.05).contains(&share) => format!("{share:.1} %"),
        share => format!("{share:.0} %"),
    }
}

/// "a, b and c", cut short after six.
pub fn listed(names: &[String]) -> String {
    const MOST: usize = 6;
    match names {
        [] => String::new(),
        [one] => one.clone(),
        many if many.len() > MOST => {
            format!("{} and {} more", many[..MOST].join(", "), many.len() - MOST)
        }
        [firsts @ .., last] => format!("{} and {last}", firsts.join(", ")),
    }
}
