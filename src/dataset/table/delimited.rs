//! Delimited text, quoted or literal.

use csv::{ByteRecord, ReaderBuilder};

use super::dialect::{
    Dialect, Forgiven, Leniency, MOST_COLUMNS, column_names, other_delimiter, quote_problems,
};
use super::{Column, Table, refuse_binary};
use crate::diagnostic::{Place, Problem, Problems, counted, quote};

impl Table {
    /// Reads delimited text.
    ///
    /// # Errors
    /// Rows of another length than the header, bytes that are not UTF-8, blank or repeated column names and
    /// quotes that are never closed, all of them with line and column.
    pub fn from_delimited(file: &str, bytes: &[u8], dialect: Dialect) -> Result<Table, Problems> {
        Table::from_delimited_with(file, bytes, dialect, &Leniency::default())
            .map(|(table, _)| table)
    }

    /// Reads delimited text and forgives what `leniency` says.
    ///
    /// # Errors
    /// Those of [`Table::from_delimited`], but for what is forgiven.
    pub(in crate::dataset) fn from_delimited_with(
        file: &str,
        bytes: &[u8],
        dialect: Dialect,
        leniency: &Leniency,
    ) -> Result<(Table, Forgiven), Problems> {
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
        let mut forgiven = Forgiven::default();
        let mut overflow = None;
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
            last_line = leniency.lines_before
                + record
                    .position()
                    .map_or(last_line, |at| first_line(bytes, at));
            let mut width = record.len();
            if dialect.trailing_delimiter && width > 1 && record[width - 1].is_empty() {
                width -= 1;
            }
            let mut fields: Vec<&str> = (0..width)
                .map(|field| {
                    std::str::from_utf8(&record[field]).unwrap_or_else(|_| {
                        problems.push(not_utf8(file, last_line, field, &record[field]));
                        ""
                    })
                })
                .collect();
            if table.header.is_empty() {
                if width > MOST_COLUMNS {
                    let place = Place::file(file).at(last_line, MOST_COLUMNS as u64 + 1);
                    let message = format!("{width} columns, and at most {MOST_COLUMNS} are read");
                    return Err(Problem::new("table/too-many-columns", place, message)
                        .help("check the delimiter, or leave columns out")
                        .into());
                }
                if dialect.header {
                    // Every row would have the wrong fields, and say so.
                    other_delimiter(file, last_line, &fields, dialect, leniency)?;
                    forgiven.header = fields.iter().map(|name| (*name).to_owned()).collect();
                }
                let names = column_names(&fields, dialect.header, leniency, &mut forgiven);
                table.name_columns(
                    names.iter().map(|name| name.trim()),
                    last_line,
                    &mut problems,
                );
                overflow = leniency
                    .overflow
                    .as_deref()
                    .and_then(|name| table.column(name));
                if dialect.header {
                    continue;
                }
            }
            let joined;
            if let Some(place) = overflow.filter(|_| width > table.header.len()) {
                let surplus = width - table.header.len();
                joined = fields[place..=place + surplus].join(" ");
                fields.splice(place..=place + surplus, [joined.as_str()]);
                width = fields.len();
            }
            if width == table.header.len() {
                table.push_row(&fields, last_line);
            } else if leniency.drop_ragged {
                forgiven.ragged += 1;
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
                    .help(if leniency.rename {
                        "check delimiter, quoting and overflow; damaged rows are left out and counted with ragged = \"drop\""
                    } else {
                        "check the delimiter, unquoted delimiters inside a field, and quotes"
                    }),
                );
            }
        }
        if dialect.quoting {
            problems.extend(quote_problems(
                file,
                bytes,
                dialect.delimiter,
                leniency.lines_before,
            ));
        }
        if table.header.is_empty() && problems.is_empty() {
            problems.push(
                Problem::new("table/empty", Place::file(file), "the file is empty")
                    .help("expected a header and at least one row"),
            );
        }
        problems.or((table, forgiven))
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

/// The line that a record begins in. What ends the line before it may count as its beginning: the second half of a
/// line end of two characters, and lines without anything.
fn first_line(bytes: &[u8], at: &csv::Position) -> u64 {
    let rest = bytes.get(at.byte() as usize..).unwrap_or_default();
    let skipped = rest.iter().take_while(|byte| b"\r\n".contains(byte));
    at.line() + skipped.filter(|byte| **byte == b'\n').count() as u64
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
    fn lines_count_whatever_ends_them() {
        for (end, blank) in [("\n", ""), ("\r\n", ""), ("\n", "\n\n"), ("\r\n", "\r\n")] {
            let text = format!("id,text{end}1,a{end}{blank}2{end}3,\"a{end}b\"{end}4{end}");
            let skipped = blank.matches('\n').count();
            let expected = [3 + skipped, 6 + skipped];
            let expected = expected.map(|line| format!("table/row-width x.csv:{line}:1"));
            let result = Table::from_delimited("x.csv", text.as_bytes(), Dialect::default());
            assert_eq!(codes(result), expected, "{end:?} {blank:?}");
        }
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
