//! Reads files whose lines belong together: texts, labels, predictions and other columns, a line a case.
//!
//! Files of unequal length are refused: pairing them by position would compare answers with the wrong cases.

use std::collections::HashMap;

use super::content::content;
use super::files::Source;
use super::recipe::reading::{Aligned, Reading};
use crate::dataset::table::Table;
use crate::diagnostic::{Place, Problem, Problems, counted, quote};

/// The lines of one file, with their numbers.
struct Lines {
    file: String,
    how: String,
    lines: Vec<(u64, String)>,
}

/// The table of the files, how they were read, and how many comment lines they held.
///
/// # Errors
/// Files that cannot be read, unequal numbers of lines, ids that the mapping lacks.
pub fn read(
    source: &Source,
    reading: &Reading,
    form: &Aligned,
) -> Result<(Table, String, usize), Problems> {
    let mut problems = Problems::new();
    let mut comments = 0;
    let mut read = |name: &str| match lines(source, reading, form, name) {
        Ok((lines, left_out)) => {
            comments += left_out;
            Some(lines)
        }
        Err(more) => {
            problems.extend(more);
            None
        }
    };
    let mut columns: Vec<(&str, Lines)> = Vec::new();
    for (name, file) in &form.files {
        if let Some(lines) = read(file) {
            columns.push((name, lines));
        }
    }
    let mapping = form.mapping.as_deref().map(&mut read);
    problems.or(())?;
    let mut problems = Problems::new();
    let mapping = mapping
        .flatten()
        .map(|lines| read_mapping(&lines, &mut problems));
    let Some((_, first)) = columns.first() else {
        return Err(problems);
    };
    for (_, other) in &columns[1..] {
        if other.lines.len() != first.lines.len() {
            problems.push(
                Problem::new(
                    "import/unequal-lines",
                    Place::file(&other.file).at(other.lines.len() as u64, 1),
                    format!("{}, and {} has {}", counted(other.lines.len(), "line"), first.file, first.lines.len()),
                )
                .help("line-aligned files need one line a case in each; find the line that is too many or missing, or take the file that belongs to these texts"),
            );
        }
    }
    problems.or(())?;
    let mut problems = Problems::new();
    let (file, how) = (first.file.clone(), first.how.clone());
    let numbers: Vec<u64> = first.lines.iter().map(|(number, _)| *number).collect();
    if let Some(mapping) = &mapping {
        for (name, lines) in &mut columns {
            if ["labels", "predictions"].contains(name) {
                for (number, id) in &mut lines.lines {
                    *id = name_of(id.trim(), mapping, &lines.file, *number, &mut problems);
                }
            }
        }
    }
    problems.or(())?;
    let header = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let table = Table::from_rows(
        &file,
        header,
        numbers.iter().enumerate().map(|(row, number)| {
            let cells = columns
                .iter()
                .map(move |(_, lines)| lines.lines[row].1.as_str());
            (*number, cells)
        }),
    );
    let how = format!("{}, one a case, {how}", counted(table.rows(), "line"));
    Ok((table, how, comments))
}

fn lines(
    source: &Source,
    reading: &Reading,
    form: &Aligned,
    name: &str,
) -> Result<(Lines, usize), Problems> {
    let content = content(&source.path(name, &reading.place)?, reading)?;
    let text = String::from_utf8_lossy(&content.bytes);
    let mut comments = 0;
    // Only line feeds part lines: texts may hold any other separator.
    let mut lines: Vec<(u64, String)> = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        let comment = form.comment.as_deref();
        if comment.is_some_and(|comment| line.starts_with(comment)) {
            comments += 1;
        } else {
            lines.push((number, line.strip_suffix('\r').unwrap_or(line).to_owned()));
        }
    }
    if lines.last().is_some_and(|(_, line)| line.is_empty()) {
        lines.pop();
    }
    let lines = Lines {
        file: content.name,
        how: content.how.join(", "),
        lines,
    };
    Ok((lines, comments))
}

fn read_mapping(lines: &Lines, problems: &mut Problems) -> Vec<(String, String)> {
    let mut mapping = Vec::new();
    let mut first: HashMap<&str, u64> = HashMap::new();
    for (number, line) in &lines.lines {
        match line.split_once('\t') {
            Some((id, name)) => {
                if let Some(earlier) = first.insert(id.trim(), *number) {
                    problems.push(
                        Problem::new(
                            "import/mapping",
                            Place::file(&lines.file).at(*number, 1),
                            format!(
                                "label id {} stands already in line {earlier}",
                                quote(id.trim())
                            ),
                        )
                        .help("give each id one name; two would leave open which is meant"),
                    );
                }
                mapping.push((id.trim().to_owned(), name.trim().to_owned()));
            }
            None if line.trim().is_empty() => {}
            None => problems.push(
                Problem::new(
                    "import/mapping",
                    Place::file(&lines.file).at(*number, 1),
                    "this line holds no tab",
                )
                .help("expected: id, tab, label name"),
            ),
        }
    }
    mapping
}

fn name_of(
    id: &str,
    mapping: &[(String, String)],
    file: &str,
    line: u64,
    problems: &mut Problems,
) -> String {
    if let Some((_, name)) = mapping.iter().find(|(known, _)| known == id) {
        return name.clone();
    }
    problems.push(
        Problem::new(
            "import/unknown-label-id",
            Place::file(file).at(line, 1),
            format!("label id {} is not in the mapping", quote(id)),
        )
        .help(format!(
            "known ids: {}",
            mapping
                .iter()
                .map(|(id, _)| id.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        )),
    );
    String::new()
}
