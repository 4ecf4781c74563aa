//! JSON Lines (one object a line) and JSON (an array of objects).

use std::collections::HashMap;

use serde_json::Value;

use super::{Column, LIST_SEPARATOR, Table, refuse_binary};
use crate::diagnostic::{Place, Problem, Problems, list, quote};
use crate::document::json;

/// The most keys that all objects of a file may have between them.
const MOST_COLUMNS: usize = 4096;

/// The greatest whole number that 64 bits hold, about.
const MOST_WHOLE: f64 = i64::MAX as f64;

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
        let mut objects = Objects::new(file);
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line_number = number as u64 + 1;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let object = match json::parse(line) {
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
            if !objects.push(&object, line_number, &mut problems) {
                break;
            }
        }
        objects.finish(problems)
    }

    /// Reads JSON: an array of objects, which is the whole document or stands under a JSON Pointer (RFC 6901).
    /// Lines are the places of the objects in the array, counted from 1.
    ///
    /// # Errors
    /// What is not JSON, a pointer that leads nowhere or to something else than an array of objects.
    pub(in crate::dataset) fn from_json(
        file: &str,
        bytes: &[u8],
        pointer: &str,
    ) -> Result<Table, Problems> {
        refuse_binary(file, bytes)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let document: Value = json::parse(bytes).map_err(|error| {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            let place = Place::file(file).at(error.line() as u64, error.column().max(1) as u64);
            Problem::new("table/json", place, message).help("expected JSON in UTF-8")
        })?;
        let Some(Value::Array(items)) = document.pointer(pointer) else {
            let mut lists = Vec::new();
            arrays("", &document, &mut lists);
            return Err(Problem::new(
                "table/json-pointer",
                Place::file(file),
                if pointer.is_empty() {
                    "the document is not an array".to_owned()
                } else {
                    format!("there is no array under {}", quote(pointer))
                },
            )
            .help(format!(
                "say where the array is, as in pointer = \"/data/items\"; arrays of this document: {}",
                list(&lists)
            ))
            .into());
        };
        let mut problems = Problems::new();
        let mut objects = Objects::new(file);
        for (number, item) in items.iter().enumerate() {
            let line = number as u64 + 1;
            match item {
                Value::Object(object) => {
                    if !objects.push(object, line, &mut problems) {
                        break;
                    }
                }
                _ => problems.push(
                    Problem::new(
                        "table/json",
                        Place::file(file).at(line, 1),
                        "this item of the array is not an object",
                    )
                    .help("expected an array of objects"),
                ),
            }
        }
        objects.finish(problems)
    }
}

/// Where arrays stand in a document, for the way out; only the first levels.
fn arrays(prefix: &str, value: &Value, found: &mut Vec<String>) {
    if prefix.matches('/').count() > 4 {
        return;
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        let pointer = format!("{prefix}/{}", key.replace('~', "~0").replace('/', "~1"));
        if value.is_array() {
            found.push(quote(&pointer));
        } else {
            arrays(&pointer, value, found);
        }
    }
}

/// Objects on their way into a table: their keys become columns.
struct Objects {
    table: Table,
    places: HashMap<String, usize>,
}

impl Objects {
    fn new(file: &str) -> Self {
        Objects {
            table: Table {
                file: file.to_owned(),
                ..Table::default()
            },
            places: HashMap::new(),
        }
    }

    /// Adds an object; false where there are too many keys to go on.
    fn push(
        &mut self,
        object: &serde_json::Map<String, Value>,
        line: u64,
        problems: &mut Problems,
    ) -> bool {
        let table = &mut self.table;
        let mut cells = Vec::new();
        let mut cut = false;
        flatten("", object, &mut cells, &mut cut);
        if cut {
            problems.push(
                Problem::new(
                    "table/long-number",
                    Place::file(&table.file).at(line, 1),
                    "a whole number here has more digits than a number keeps",
                )
                .help("write long ids as text, in quotes"),
            );
        }
        let row = table.lines.len();
        for (name, cell) in cells {
            let place = *self.places.entry(name.clone()).or_insert_with(|| {
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
        table.lines.push(line);
        if table.columns.len() <= MOST_COLUMNS {
            return true;
        }
        problems.push(
            Problem::new(
                "table/too-many-columns",
                Place::file(&table.file).at(line, 1),
                format!("more than {MOST_COLUMNS} different keys so far"),
            )
            .help("the keys of all objects become columns; use the same keys in every line"),
        );
        false
    }

    fn finish(mut self, mut problems: Problems) -> Result<Table, Problems> {
        let rows = self.table.lines.len();
        for column in &mut self.table.columns {
            while column.ends.len() < rows {
                column.push("");
            }
        }
        if rows == 0 && problems.is_empty() {
            problems.push(Problem::new(
                "table/empty",
                Place::file(&self.table.file),
                "the file holds no object",
            ));
        }
        problems.or(self.table)
    }
}

fn flatten(
    prefix: &str,
    object: &serde_json::Map<String, Value>,
    cells: &mut Vec<(String, String)>,
    cut: &mut bool,
) {
    for (key, value) in object {
        let name = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            Value::Object(inner) => flatten(&name, inner, cells, cut),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| scalar(item, cut)).collect();
                cells.push((name, items.join(&LIST_SEPARATOR.to_string())));
            }
            other => cells.push((name, scalar(other, cut))),
        }
    }
}

/// A value as text. A whole number beyond 64 bits comes from the parser without its last digits: it is cut.
fn scalar(value: &Value, cut: &mut bool) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let float = number.as_f64().filter(|_| number.is_f64());
            *cut |= float.is_some_and(|float| float.fract() == 0.0 && float.abs() >= MOST_WHOLE);
            number.to_string()
        }
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
    fn an_array_is_found_under_its_pointer() {
        let text = br#"{"data":{"items":[{"id":12345678901234567890,"a":1},{"b":"x\ny"}]}}"#;
        let table = Table::from_json("x.json", text, "/data/items").expect("valid");
        assert_eq!(table.header(), ["a", "id", "b"]);
        assert_eq!(table.cell(0, 1), "12345678901234567890");
        assert_eq!(table.cell(1, 2), "x\ny");
        let problem = Table::from_json("x.json", text, "").expect_err("no array");
        assert!(problem.to_string().contains("/data/items"));
    }

    #[test]
    fn whole_numbers_of_many_digits_are_refused_rather_than_cut() {
        let read =
            |id: &str| Table::from_json_lines("x.jsonl", format!("{{\"id\":{id}}}").as_bytes());
        let kept = read("18446744073709551615").expect("64 bits");
        assert_eq!(kept.cell(0, 0), "18446744073709551615");
        let problem = read("184467440737095516150").expect_err("more than 64 bits");
        assert!(problem.to_string().contains("table/long-number"));
        assert!(read("\"184467440737095516150\"").is_ok());
        assert!(read("[1, 0.25]").is_ok());
    }

    #[test]
    fn json_messages_never_hold_the_text() {
        let error =
            Table::from_json_lines("x.jsonl", b"{\"text\": \"secret words\n").expect_err("cut off");
        assert!(!error.to_string().contains("secret"));
    }
}
