//! JSON Lines: one object a line.

use std::collections::HashMap;

use serde_json::Value;

use super::{Column, LIST_SEPARATOR, Table, refuse_binary};
use crate::diagnostic::{Place, Problem, Problems};

/// The most keys that all objects of a file may have between them.
const MOST_COLUMNS: usize = 4096;

impl Table {
    /// Reads JSON Lines: one object a line. Nested objects become columns `outer.inner`; lists become cells
    /// parted by [`LIST_SEPARATOR`].
    ///
    /// # Errors
    /// Every line that is not a JSON object.
    pub fn from_json_lines(file: &str, bytes: &[u8]) -> Result<Table, Problems> {
        refuse_binary(file, bytes)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut problems = Problems::new();
        let mut table = Table {
            file: file.to_owned(),
            ..Table::default()
        };
        let mut places: HashMap<String, usize> = HashMap::new();
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line_number = number as u64 + 1;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let object = match serde_json::from_slice::<Value>(line) {
                Ok(Value::Object(object)) => object,
                Ok(_) => {
                    let place = Place::file(file).at(line_number, 1);
                    problems.push(
                        Problem::new("table/json", place, "this line is not a JSON object").help(
                            "expected one object a line, as in {\"id\": \"1\", \"text\": \"...\"}",
                        ),
                    );
                    continue;
                }
                Err(error) => {
                    let place = Place::file(file).at(line_number, error.column().max(1) as u64);
                    // The message of the parser says what it missed, never what the text was.
                    let message = error.to_string();
                    let message = message
                        .split(" at line ")
                        .next()
                        .unwrap_or_default()
                        .to_owned();
                    problems.push(
                        Problem::new("table/json", place, message)
                            .help("expected one JSON object a line, in UTF-8"),
                    );
                    continue;
                }
            };
            let mut cells = Vec::new();
            flatten("", &object, &mut cells);
            let row = table.lines.len();
            for (name, cell) in cells {
                let place = *places.entry(name.clone()).or_insert_with(|| {
                    table.header.push(name);
                    table.columns.push(Column::default());
                    table.columns.len() - 1
                });
                let column = &mut table.columns[place];
                while column.ends.len() < row {
                    column.push("");
                }
                if column.ends.len() == row {
                    column.push(&cell);
                }
            }
            table.lines.push(line_number);
            if table.columns.len() > MOST_COLUMNS {
                problems.push(
                    Problem::new(
                        "table/too-many-columns",
                        Place::file(file).at(line_number, 1),
                        format!("more than {MOST_COLUMNS} different keys so far"),
                    )
                    .help(
                        "the keys of all objects become columns; use the same keys in every line",
                    ),
                );
                break;
            }
        }
        let rows = table.lines.len();
        for column in &mut table.columns {
            while column.ends.len() < rows {
                column.push("");
            }
        }
        if rows == 0 && problems.is_empty() {
            problems.push(Problem::new(
                "table/empty",
                Place::file(file),
                "the file holds no object",
            ));
        }
        problems.or(table)
    }
}

fn flatten(
    prefix: &str,
    object: &serde_json::Map<String, Value>,
    cells: &mut Vec<(String, String)>,
) {
    for (key, value) in object {
        let name = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            Value::Object(inner) => flatten(&name, inner, cells),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(scalar).collect();
                cells.push((name, items.join(&LIST_SEPARATOR.to_string())));
            }
            other => cells.push((name, scalar(other))),
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_lines_may_leave_keys_out_and_nest() {
        let text =
            "{\"id\":\"1\",\"scores\":{\"joy\":0.5}}\n\n{\"id\":2,\"label\":[\"a\",\"b\"]}\n";
        let table = Table::from_json_lines("x.jsonl", text.as_bytes()).expect("valid");
        assert_eq!(table.header(), ["id", "scores.joy", "label"]);
        assert_eq!(table.cell(1, 0), "2");
        assert_eq!(table.cell(0, 2), "");
        assert_eq!(table.cell(1, 2), "a\u{1f}b");
        assert_eq!(table.place(1, 0).line, Some(3));
    }

    #[test]
    fn json_messages_never_hold_the_text() {
        let error =
            Table::from_json_lines("x.jsonl", b"{\"text\": \"secret words\n").expect_err("cut off");
        assert!(!error.to_string().contains("secret"));
    }
}
