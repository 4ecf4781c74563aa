//! Looks for signs that a delimited file was read in the wrong way, and tells of them.

use csv::{ByteRecord, ReaderBuilder};

use super::Telling;
use crate::dataset::table::{Dialect, Forgiven, Table};
use crate::diagnostic::counted;

/// More words than a column's name has.
const MOST_WORDS: usize = 8;

/// Where reading quotes as enclosing and as ordinary characters gives different numbers of rows, both are told.
pub(super) fn two_readings(file: &str, bytes: &[u8], dialect: Dialect, telling: &mut Telling) {
    if !bytes.contains(&b'"') {
        return;
    }
    let other = Dialect {
        quoting: !dialect.quoting,
        ..dialect
    };
    let (here, there) = (count(bytes, dialect), count(bytes, other));
    if here != there {
        let (quoted, literal) = if dialect.quoting {
            (here, there)
        } else {
            (there, here)
        };
        telling.notice(format!(
            "{file} has {} where quotes enclose fields, and {literal} where they are ordinary characters; the recipe says quoting = {}",
            counted(quoted as usize, "row"),
            dialect.quoting
        ));
    }
}

/// How many rows there are, the header left out.
fn count(bytes: &[u8], dialect: Dialect) -> u64 {
    let mut reader = ReaderBuilder::new()
        .delimiter(dialect.delimiter)
        .quoting(dialect.quoting)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut rows = 0_u64;
    while let Ok(true) = reader.read_byte_record(&mut record) {
        rows += 1;
    }
    rows.saturating_sub(u64::from(dialect.header))
}

/// A quoted field whose inner lines have as many delimiters as a row may have swallowed rows.
pub(super) fn runaway_quotes(table: &Table, dialect: Dialect, telling: &mut Telling) {
    let width = table.header().len();
    if !dialect.quoting || width < 2 {
        return;
    }
    let (mut fields, mut lines, mut first) = (0, 0, None);
    for column in 0..width {
        for (row, cell) in table.cells(column).enumerate() {
            if !cell.contains('\n') {
                continue;
            }
            // The first and last line of a field share their lines with its neighbours.
            let inner = cell.split('\n').skip(1);
            let swallowed = inner
                .filter(|line| {
                    let delimiters = line.bytes().filter(|byte| *byte == dialect.delimiter);
                    let count = delimiters.count();
                    // Commas stand in any text; other delimiters hardly do.
                    count == width - 1 || (count >= width && dialect.delimiter != b',')
                })
                .count();
            if swallowed > 0 {
                fields += 1;
                lines += swallowed;
                first = first.or(table.place(row, column).line);
            }
        }
    }
    if let Some(line) = first {
        telling.notice(format!(
            "{}:{line}: lines that look like rows stand inside quoted fields ({} in {}): a quote may run away, and swallow rows; compare quoting = false",
            table.file(),
            counted(lines, "line"),
            counted(fields, "field")
        ));
    }
}

/// A header whose cells occur below, are numbers or have many words is the first row of a file without one.
pub(super) fn lost_first_row(table: &Table, forgiven: &Forgiven, telling: &mut Telling) {
    let counted = forgiven.header.iter().enumerate().all(|(place, cell)| {
        [place, place + 1].contains(&cell.trim().parse().unwrap_or(usize::MAX))
    });
    if counted {
        return;
    }
    let like_data: Vec<String> = forgiven
        .header
        .iter()
        .enumerate()
        .filter(|(place, cell)| {
            let cell = cell.trim();
            !cell.is_empty()
                && (cell.parse::<f64>().is_ok()
                    || cell.split_whitespace().count() > MOST_WORDS
                    || (*place < table.header().len()
                        && table.cells(*place).any(|other| other.trim() == cell)))
        })
        .map(|(place, _)| (place + 1).to_string())
        .collect();
    if !like_data.is_empty() {
        telling.notice(format!(
            "the header of {} looks like data in column {}: if the file has no header, its first row is lost; write header = false",
            table.file(),
            like_data.join(", ")
        ));
    }
}
