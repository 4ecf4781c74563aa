//! How a delimited file is written, what an import may forgive, and signs that it is written in another way.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Place, Problem, Problems};

/// How a delimited file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What parts the fields.
    pub delimiter: u8,
    /// Whether double quotes enclose fields; otherwise they are ordinary characters.
    pub quoting: bool,
    /// Whether the first row holds the column names; otherwise columns are named `1`, `2`, ...
    pub header: bool,
    /// Whether every row ends with one more delimiter that starts no field.
    pub trailing_delimiter: bool,
}

/// The most columns of a file, as many as a spreadsheet has.
pub(super) const MOST_COLUMNS: usize = 16_384;

/// What files are commonly written with, in words.
const DELIMITERS: [(u8, &str); 4] = [
    (b',', "commas"),
    (b';', "semicolons"),
    (b'\t', "tabs"),
    (b'|', "vertical bars"),
];

impl Default for Dialect {
    fn default() -> Self {
        Dialect {
            delimiter: b',',
            quoting: true,
            header: true,
            trailing_delimiter: false,
        }
    }
}

/// What an import may forgive, and is told of.
#[derive(Clone, Debug, Default)]
pub(in crate::dataset) struct Leniency {
    /// Names of the columns, in place of the header or where there is none.
    pub names: Vec<String>,
    /// Give columns without a name their number, and repeated names a number behind.
    pub rename: bool,
    /// The column that takes the surplus fields of a row, with spaces between.
    pub overflow: Option<String>,
    /// Leave rows of another width out instead of refusing them.
    pub drop_ragged: bool,
    /// Lines of the file that come before the bytes.
    pub lines_before: u64,
}

/// What was forgiven.
#[derive(Clone, Debug, Default)]
pub(in crate::dataset) struct Forgiven {
    /// Names that columns were given.
    pub renamed: Vec<String>,
    /// Rows of another width that were left out.
    pub ragged: usize,
    /// The cells of the header.
    pub header: Vec<String>,
}

/// The names of the columns, as the header, the leniency or the order says.
pub(super) fn column_names(
    fields: &[&str],
    header: bool,
    leniency: &Leniency,
    forgiven: &mut Forgiven,
) -> Vec<String> {
    if !leniency.names.is_empty() {
        return leniency.names.clone();
    }
    let mut names: Vec<String> = Vec::with_capacity(fields.len());
    let mut taken: HashSet<String> = HashSet::new();
    let mut copies: HashMap<&str, usize> = HashMap::new();
    for (place, field) in fields.iter().enumerate() {
        let number = (place + 1).to_string();
        let mut name = if header {
            field.trim()
        } else {
            number.as_str()
        };
        if leniency.rename && name.is_empty() {
            name = &number;
            forgiven.renamed.push(number.clone());
        }
        let mut unique = name.to_owned();
        while leniency.rename && taken.contains(&unique) {
            let copy = copies.entry(field).or_insert(1);
            *copy += 1;
            unique = format!("{name}.{copy}");
        }
        if unique != name {
            forgiven.renamed.push(unique.clone());
        }
        taken.insert(unique.clone());
        names.push(unique);
    }
    names
}

/// A first row of one field that holds another delimiter was written with that one. A file of one column may hold
/// anything, but its name hardly holds a delimiter.
pub(super) fn other_delimiter(
    file: &str,
    line: u64,
    header: &[&str],
    dialect: Dialect,
    leniency: &Leniency,
) -> Result<(), Problems> {
    let [only] = header else { return Ok(()) };
    if !leniency.names.is_empty() {
        return Ok(());
    }
    let own = DELIMITERS
        .iter()
        .find(|(delimiter, _)| *delimiter == dialect.delimiter)
        .map_or("another delimiter", |(_, words)| words);
    let used = DELIMITERS
        .iter()
        .find(|(delimiter, _)| only.contains(char::from(*delimiter)));
    let Some((_, words)) = used else {
        return Ok(());
    };
    Err(Problem::new(
        "table/delimiter",
        Place::file(file).at(line, 1),
        format!("the first row holds {words}, and this file is read with {own} between the fields"),
    )
    .help(if leniency.rename {
        "name the delimiter in [read]; if there really is one column, give its name with names = [...]"
    } else {
        "write it with commas as .csv or with tabs as .tsv, or import it with a recipe that names its `delimiter`: affect-audit dataset import --help"
    })
    .into())
}

/// Where in a field a reader of quoted text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    /// Behind a quote that closes the field, or is the first of a doubled one.
    Closed,
}

impl At {
    fn after(self, byte: u8, delimiter: u8) -> At {
        match (self, byte) {
            (At::Start | At::Closed, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (_, b'\n' | b'\r') => At::Start,
            (_, byte) if byte == delimiter => At::Start,
            _ => At::Plain,
        }
    }
}

/// Quotes that are never closed, or closed by a stray one: rows in between become one field, and nobody is told.
pub(super) fn quote_problems(
    file: &str,
    bytes: &[u8],
    delimiter: u8,
    lines_before: u64,
) -> Problems {
    let mut problems = Problems::new();
    let mut at = At::Start;
    let (mut line, mut opened) = (lines_before + 1, lines_before + 1);
    for byte in bytes {
        let next = at.after(*byte, delimiter);
        match (at, next) {
            (At::Start, At::Quoted) => opened = line,
            (At::Closed, At::Plain) => problems.push(
                Problem::new(
                    "table/stray-quote",
                    Place::file(file).at(line, 1),
                    format!("text follows the quote that closes the field opened in line {opened}"),
                )
                .help("double quotes inside a quoted field; if quotes are literal in this file, import it with a recipe that says `quoting = false`"),
            ),
            _ => {}
        }
        at = next;
        line += u64::from(*byte == b'\n');
    }
    if at == At::Quoted {
        problems.push(Problem::new(
            "table/open-quote",
            Place::file(file).at(opened, 1),
            "a quoted field is never closed, so the rest of the file became one field",
        )
        .help("close or double the quote; if quotes are literal in this file, import it with a recipe that says `quoting = false`"));
    }
    problems
}

/// Lines that begin with a mark become blank lines, so that the line numbers of messages stay right; and how many they
/// are. Lines inside quoted fields are text, whatever they begin with.
pub(in crate::dataset) fn without_comments(
    bytes: &[u8],
    mark: &[u8],
    dialect: Dialect,
) -> (Vec<u8>, usize) {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut comments = 0;
    let mut at = At::Start;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if at != At::Quoted && line.starts_with(mark) {
            comments += 1;
            kept.push(b'\n');
            continue;
        }
        kept.extend_from_slice(line);
        if dialect.quoting {
            at = line
                .iter()
                .fold(at, |at, byte| at.after(*byte, dialect.delimiter));
        }
    }
    (kept, comments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_inside_quotes_begins_no_comment() {
        let text = b"# c\na,b\n1,\"x\n# y\"\n#2\n3,\"\"\"\"\n#4";
        let (kept, comments) = without_comments(text, b"#", Dialect::default());
        assert_eq!(kept, b"\na,b\n1,\"x\n# y\"\n\n3,\"\"\"\"\n\n");
        assert_eq!(comments, 3);
        let literal = Dialect {
            quoting: false,
            ..Dialect::default()
        };
        assert_eq!(without_comments(text, b"#", literal).1, 4);
    }
}
