//! One form for delimited, JSON Lines and Parquet data: named columns of text with the line of each row.
//!
//! Delimited files go through `csv` and JSON through `serde_json`, because problems need line and column; Parquet and
//! Arrow go through `polars`. What the columns mean is left to the readers.

mod delimited;
mod dialect;
mod json;
mod parquet;
mod rows;

pub use dialect::Dialect;
pub(in crate::dataset) use dialect::{Forgiven, Leniency, without_comments};

use crate::diagnostic::{Place, Problem, Problems, quote};

/// What parts the items of a list in one cell, for formats that have lists.
pub const LIST_SEPARATOR: char = '\u{1f}';

/// Refuses what no editor shows as text: UTF-16, and bytes of zero, which would stand unseen in names and ids.
fn refuse_binary(file: &str, bytes: &[u8]) -> Result<(), Problems> {
    let (place, message, help) = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
    {
        (
            Place::file(file).at(1, 1),
            "the file is UTF-16, not UTF-8",
            "save it as UTF-8, for example with: iconv -f utf-16 -t utf-8 IN > OUT",
        )
    } else if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        (
            Place::file(file).at(line, 1),
            "this line holds a byte of zero, so the file is damaged, no text, or UTF-16",
            "save it as text in UTF-8",
        )
    } else {
        return Ok(());
    };
    Err(Problem::new("table/not-utf8", place, message)
        .help(help)
        .into())
}

/// Text cells stored end to end, which keeps a million rows compact.
#[derive(Clone, Debug, Default)]
struct Column {
    text: String,
    ends: Vec<usize>,
}

impl Column {
    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}

/// Named columns of text.
#[derive(Clone, Debug, Default)]
pub struct Table {
    file: String,
    header: Vec<String>,
    columns: Vec<Column>,
    lines: Vec<u64>,
    /// Where several files are put under each other: the first row of each, and its name.
    parts: Vec<(usize, String)>,
}

impl Table {
    /// Reads a file's bytes by the ending of its name.
    ///
    /// # Errors
    /// Those of the format, or an ending that no format has.
    pub fn from_bytes(file: &str, bytes: Vec<u8>) -> Result<Table, Problems> {
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Table::from_delimited(file, &bytes, Dialect::default()),
            "tsv" => Table::from_delimited(
                file,
                &bytes,
                Dialect {
                    delimiter: b'\t',
                    ..Dialect::default()
                },
            ),
            "jsonl" | "ndjson" => Table::from_json_lines(file, &bytes),
            "parquet" => Table::from_parquet(file, bytes),
            _ => Err(Problem::new(
                "table/format",
                Place::file(file),
                if ending.is_empty() {
                    "the name has no ending that says the format".to_owned()
                } else {
                    format!("files ending in {} are not read", quote(ending))
                },
            )
            .help("expected .csv, .tsv, .jsonl or .parquet; other files come in through a recipe: affect-audit dataset import --help")
            .into()),
        }
    }

    /// The file it came from.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The column names.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The place of a column, by name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|known| known == name)
    }

    /// A cell as written.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.columns[column].get(row)
    }

    /// The cells of a column from top to bottom.
    pub fn cells(&self, column: usize) -> impl Iterator<Item = &str> + Clone {
        (0..self.rows()).map(move |row| self.columns[column].get(row))
    }

    /// Where a cell stands, for messages.
    pub fn place(&self, row: usize, column: usize) -> Place {
        Place::file(self.file_of(row))
            .at(self.lines[row], column as u64 + 1)
            .key(&self.header[column])
    }
}
