//! Delimited text, quoted or literal.

use csv::{ByteRecord, ReaderBuilder};

use super::{Column, Table, refuse_binary};
use crate::diagnostic::{Place, Problem, Problems, counted, quote};

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

impl Table {
    /// Reads delimited text.
    ///
    /// # Errors
    /// Rows of another length than the header, bytes that are not UTF-8, blank or repeated column names and
    /// quotes that are never closed, all of them with line and column.
    pub fn from_delimited(file: &str, bytes: &[u8], dialect: Dialect) -> Result<Table, Problems> {
        refuse_binary(file, bytes)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .quoting(dialect.quoting)
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        let mut table = Table {
            file: file.to_owned(),
            ..Table::default()
        };
        let mut problems = Problems::new();
        let mut record = ByteRecord::new();
        let mut last_line = 1;
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    problems.push(Problem::new(
                        "table/unreadable",
                        Place::file(file),
                        error.to_string(),
                    ));
                    break;
                }
            }
            last_line = record.position().map_or(last_line, csv::Position::line);
            let mut width = record.len();
            if dialect.trailing_delimiter && width > 1 && record[width - 1].is_empty() {
                width -= 1;
            }
            let fields: Vec<&str> = (0..width)
                .map(|field| {
                    std::str::from_utf8(&record[field]).unwrap_or_else(|_| {
                        problems.push(not_utf8(file, last_line, field, &record[field]));
                        ""
                    })
                })
                .collect();
            if table.header.is_empty() {
                if dialect.header {
                    // Every row would have the wrong fields, and say so.
                    other_delimiter(file, last_line, &fields, dialect)?;
                    table.name_columns(
                        fields.iter().map(|name| name.trim()),
                        last_line,
                        &mut problems,
                    );
                    continue;
                }
                table.name_columns(
                    (1..=width)
                        .map(|n| n.to_string())
                        .collect::<Vec<_>>()
                        .iter()
                        .map(String::as_str),
                    last_line,
                    &mut problems,
                );
            }
            if width == table.header.len() {
                table.push_row(&fields, last_line);
            } else {
                problems.push(
                    Problem::new(
                        "table/row-width",
                        Place::file(file).at(last_line, width as u64),
                        format!(
                            "{} where the first row has {}",
                            counted(width, "field"),
                            table.header.len()
                        ),
                    )
                    .help("check the delimiter, unquoted delimiters inside a field, and quotes"),
                );
            }
        }
        if dialect.quoting {
            problems.extend(quote_problems(file, bytes, dialect.delimiter));
        }
        if table.header.is_empty() && problems.is_empty() {
            problems.push(
                Problem::new("table/empty", Place::file(file), "the file is empty")
                    .help("expected a header and at least one row"),
            );
        }
        problems.or(table)
    }

    fn name_columns<'a>(
        &mut self,
        names: impl Iterator<Item = &'a str>,
        line: u64,
        problems: &mut Problems,
    ) {
        for (index, name) in names.enumerate() {
            let place = Place::file(&self.file).at(line, index as u64 + 1);
            if name.is_empty() {
                problems.push(
                    Problem::new("table/blank-column", place, "a column has no name")
                        .help("name every column in the first row"),
                );
            } else if self.header.iter().any(|known| known == name) {
                let message = format!("two columns are named {}", quote(name));
                problems.push(
                    Problem::new("table/duplicate-column", place, message)
                        .help("rename or remove one of them"),
                );
            }
            self.header.push(name.to_owned());
            self.columns.push(Column::default());
        }
    }

    fn push_row(&mut self, fields: &[&str], line: u64) {
        for (column, field) in self.columns.iter_mut().zip(fields) {
            column.push(field);
        }
        self.lines.push(line);
    }
}

/// A first row of one field that holds another delimiter was written with that one. A file of one column may hold
/// anything, but its name hardly holds a delimiter.
fn other_delimiter(
    file: &str,
    line: u64,
    header: &[&str],
    dialect: Dialect,
) -> Result<(), Problems> {
    let [only] = header else { return Ok(()) };
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
    .help("write it with commas as .csv or with tabs as .tsv, or import it with a recipe that names its `delimiter`: affect-audit dataset import --help")
    .into())
}

fn not_utf8(file: &str, line: u64, field: usize, bytes: &[u8]) -> Problem {
    let at = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), |_| 0);
    Problem::new(
        "table/not-utf8",
        Place::file(file).at(line, field as u64 + 1),
        format!(
            "byte 0x{:02x} is not UTF-8",
            bytes.get(at).copied().unwrap_or_default()
        ),
    )
    .help("save the file as UTF-8, for example with: iconv -f latin1 -t utf-8 IN > OUT")
}

/// Quotes that are never closed, or closed by a stray one: rows in between become one field, and nobody is told.
fn quote_problems(file: &str, bytes: &[u8], delimiter: u8) -> Problems {
    let mut problems = Problems::new();
    #[derive(PartialEq)]
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let mut at = At::Start;
    let (mut line, mut opened) = (1, 1);
    for byte in bytes {
        at = match (at, *byte) {
            (At::Start, b'"') => {
                opened = line;
                At::Quoted
            }
            (At::Quoted, b'"') => At::Closed,
            // A doubled quote stands for one and leaves the field open.
            (At::Closed, b'"') => At::Quoted,
            (At::Quoted, _) => At::Quoted,
            (At::Closed, byte) if byte != delimiter && byte != b'\n' && byte != b'\r' => {
                problems.push(
                    Problem::new(
                        "table/stray-quote",
                        Place::file(file).at(line, 1),
                        format!("text follows the quote that closes the field opened in line {opened}"),
                    )
                    .help("double quotes inside a quoted field; if quotes are literal in this file, import it with a recipe that says `quoting = false`"),
                );
                At::Plain
            }
            (_, byte) if byte == delimiter || byte == b'\n' || byte == b'\r' => At::Start,
            _ => At::Plain,
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(result: Result<Table, Problems>) -> Vec<String> {
        let problems = result.expect_err("problems");
        problems
            .iter()
            .map(|p| format!("{} {}", p.code, p.place))
            .collect()
    }

    #[test]
    fn every_bad_row_is_told_with_its_line() {
        let bytes = b"id,text\n1,a\n2\n3,b,c\n4,\xff\n";
        assert_eq!(
            codes(Table::from_delimited("x.csv", bytes, Dialect::default())),
            [
                "table/row-width x.csv:3:1",
                "table/row-width x.csv:4:3",
                "table/not-utf8 x.csv:5:2"
            ]
        );
    }

    #[test]
    fn a_first_row_with_another_delimiter_is_one_problem() {
        let tabs = Dialect {
            delimiter: b'\t',
            ..Dialect::default()
        };
        for (text, dialect, words) in [
            ("id;label\n1;a, b\n", Dialect::default(), "semicolons"),
            ("id\tlabel\n1\ta\n", Dialect::default(), "tabs"),
            ("id|label\n1|a\n", Dialect::default(), "vertical bars"),
            ("id,label\n1,a\n", tabs, "commas"),
        ] {
            let problems =
                Table::from_delimited("x.csv", text.as_bytes(), dialect).expect_err("one problem");
            assert_eq!(problems.len(), 1);
            let told = problems.to_string();
            assert!(told.contains(&format!("holds {words}, ")), "{told}");
        }
        let one_column = Table::from_delimited("x.csv", b"text\na;b\n", Dialect::default());
        assert_eq!(one_column.expect("valid").rows(), 1);
    }

    #[test]
    fn utf_16_is_called_by_its_name() {
        let bytes = b"\xff\xfei\0d\0\n\0";
        let told = Table::from_delimited("x.csv", bytes, Dialect::default())
            .expect_err("one problem")
            .to_string();
        assert!(
            told.contains("UTF-16") && told.ends_with("1 problem"),
            "{told}"
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_is_noticed() {
        let bytes = b"id,text\n1,\"open\n2,b\n3,c\n";
        assert!(
            codes(Table::from_delimited("x.csv", bytes, Dialect::default()))
                .contains(&"table/open-quote x.csv:2:1".to_owned())
        );
    }

    #[test]
    fn line_breaks_inside_quotes_stay() {
        let table =
            Table::from_delimited("x.csv", b"id,text\n1,\"a\nb\"\n2,c\n", Dialect::default())
                .expect("valid");
        assert_eq!(table.cell(0, 1), "a\nb");
        assert_eq!(table.place(1, 1).line, Some(4));
    }
}
