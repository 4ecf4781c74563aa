//! Imports one delimited file by its column mapping.

use std::path::Path;

use super::recipe::{Delimited, From, Recipe};
use super::{Imported, to_csv};
use crate::dataset::read::read_file;
use crate::dataset::table::Table;
use crate::diagnostic::{Place, Problem, Problems, counted, list, nearest, quote};

/// Reads the file and lays out card and cases.
///
/// # Errors
/// Every problem of the file, and columns that the recipe names and the file lacks.
pub fn import(recipe: &Recipe, form: &Delimited, from: &Path) -> Result<Imported, Problems> {
    let file = from.display().to_string();
    let mut bytes = read_file(from, "import/unreadable")?;
    let mut comments = 0;
    if let Some(comment) = &form.comment {
        (bytes, comments) = without_comments(&bytes, comment.as_bytes());
    }
    if form.overflow.is_some() {
        bytes = joined_overflow(&bytes, form);
    }
    let table = Table::from_delimited(&file, &bytes, form.dialect)?;
    let mut problems = Problems::new();
    if let Some(overflow) = &form.overflow {
        let wanted = From {
            columns: vec![overflow.clone()],
            ..From::default()
        };
        resolve(&table, &wanted, &mut problems);
    }
    let mut columns: Vec<(String, Option<Resolved<'_>>)> = Vec::new();
    let standard = [
        ("id", &form.id),
        ("text", &form.text),
        ("cluster", &form.cluster),
        ("set", &form.set),
    ];
    for (name, from) in standard {
        if let Some(from) = from {
            columns.push((name.to_owned(), Some(resolve(&table, from, &mut problems))));
        } else if name == "id" {
            columns.push((name.to_owned(), None));
        }
    }
    for section in &recipe.sections {
        columns.push((
            section.name.clone(),
            Some(resolve(&table, &section.from, &mut problems)),
        ));
    }
    problems.or(())?;
    let header = columns.iter().map(|(name, _)| name.clone()).collect();
    let rows = (0..table.rows()).map(|row| {
        columns
            .iter()
            .map(|(_, resolved)| match resolved {
                Some(resolved) => resolved.cell(&table, row),
                None => (row + 1).to_string(),
            })
            .collect()
    });
    Ok(Imported {
        card: card(recipe, form),
        cases: to_csv(std::iter::once(header).chain(rows)),
        rows: table.rows(),
        dropped: if comments > 0 {
            vec![("comment lines".to_owned(), comments)]
        } else {
            Vec::new()
        },
        reading: format!(
            "{}, delimiter {}, quotes {}, UTF-8",
            counted(table.rows(), "row"),
            quote(&char::from(form.dialect.delimiter).to_string()),
            if form.dialect.quoting {
                "enclose fields"
            } else {
                "are ordinary characters"
            }
        ),
        predictions: Vec::new(),
    })
}

/// A source that has been found in the file.
struct Resolved<'a> {
    from: &'a From,
    columns: Vec<usize>,
}

impl Resolved<'_> {
    fn meaning<'a>(&'a self, cell: &'a str) -> &'a str {
        if self.from.missing.iter().any(|missing| missing == cell) {
            return "";
        }
        let meaning = self.from.map.iter().find(|(known, _)| known == cell);
        meaning.map_or(cell, |(_, meaning)| meaning.as_str())
    }

    fn cell(&self, table: &Table, row: usize) -> String {
        let parts: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let cell = table.cell(row, *column).trim();
                match &self.from.split {
                    Some(split) => {
                        let labels: Vec<&str> = cell
                            .split(split.as_str())
                            .map(|part| self.meaning(part.trim()))
                            .collect();
                        labels.join("|")
                    }
                    None => self.meaning(cell).to_owned(),
                }
            })
            .collect();
        if parts.iter().any(|part| part.is_empty()) {
            String::new()
        } else {
            parts.join(&self.from.join)
        }
    }
}

fn resolve<'a>(table: &Table, from: &'a From, problems: &mut Problems) -> Resolved<'a> {
    let mut columns = Vec::new();
    for name in &from.columns {
        match table.column(name) {
            Some(column) => columns.push(column),
            None => {
                let near = nearest(name, table.header().iter().map(String::as_str));
                problems.push(
                    Problem::new(
                        "import/unknown-column",
                        Place::file(table.file()),
                        format!("there is no column {}", quote(name)),
                    )
                    .help(format!(
                        "{}its columns: {}",
                        near.map_or_else(String::new, |near| format!("did you mean {near}? ")),
                        list(table.header())
                    )),
                );
            }
        }
    }
    Resolved { from, columns }
}

/// The card of the new dataset.
fn card(recipe: &Recipe, form: &Delimited) -> String {
    let mut lines = recipe.card.clone();
    lines.push("cases = \"cases.csv\"".to_owned());
    lines.push(String::new());
    lines.push("[columns]".to_owned());
    lines.push("id = \"id\"".to_owned());
    for (name, from) in [
        ("text", &form.text),
        ("cluster", &form.cluster),
        ("set", &form.set),
    ] {
        if from.is_some() {
            lines.push(format!("{name} = \"{name}\""));
        }
    }
    for section in &recipe.sections {
        lines.push(String::new());
        lines.push(section.heading());
        lines.extend(section.card.iter().cloned());
    }
    lines.push(String::new());
    lines.join("\n")
}

fn without_comments(bytes: &[u8], comment: &[u8]) -> (Vec<u8>, usize) {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut comments = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(comment) {
            comments += 1;
            // A blank line keeps the line numbers of messages right.
            kept.push(b'\n');
        } else {
            kept.extend_from_slice(line);
        }
    }
    (kept, comments)
}

/// Literal rows with more delimiters than the header: the surplus belongs to the overflow column, where delimiters
/// become spaces. Rows that are no longer than the header stay as they are.
fn joined_overflow(bytes: &[u8], form: &Delimited) -> Vec<u8> {
    let delimiter = form.dialect.delimiter;
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let Some(header) = lines.next() else {
        return bytes.to_vec();
    };
    let names: Vec<&[u8]> = header
        .trim_ascii_end()
        .split(|byte| *byte == delimiter)
        .collect();
    let wanted = form.overflow.as_deref().unwrap_or_default().as_bytes();
    let Some(place) = names.iter().position(|name| *name == wanted) else {
        return bytes.to_vec();
    };
    let mut joined = header.to_vec();
    for line in lines {
        let surplus = line
            .iter()
            .filter(|byte| **byte == delimiter)
            .count()
            .saturating_sub(names.len() - 1);
        let mut seen = 0;
        for byte in line {
            if *byte == delimiter {
                seen += 1;
                if seen > place && seen <= place + surplus {
                    joined.push(b' ');
                    continue;
                }
            }
            joined.push(*byte);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::super::Recipe;
    use super::super::recipe::Form;
    use super::*;

    #[test]
    fn surplus_delimiters_go_to_the_overflow_column() {
        let recipe = Recipe::parse(
            "r.toml",
            "[dataset]\nname = \"d\"\n[read]\nform = \"delimited\"\ndelimiter = \"|\"\nquoting = false\ntrailing_delimiter = true\noverflow = \"text\"\n[columns.text]\nfrom = \"text\"\n",
        )
        .expect("a valid recipe");
        let Form::Delimited(form) = &recipe.form else {
            panic!("a delimited form");
        };
        let joined = joined_overflow(b"id|text|state|\n1|a|b|x|\n2|a|x|\n", form);
        assert_eq!(
            String::from_utf8_lossy(&joined),
            "id|text|state|\n1|a b|x|\n2|a|x|\n"
        );
    }
}
