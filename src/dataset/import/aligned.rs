//! Imports files whose lines belong together: texts, labels and predictions.
//!
//! Files of unequal length are refused: pairing them by position would compare answers with the wrong cases.

use std::collections::HashMap;
use std::path::Path;

use super::recipe::{Aligned, Recipe};
use super::{Imported, to_csv};
use crate::dataset::read::{beside, read_file};
use crate::diagnostic::{Place, Problem, Problems, counted, quote};

/// The lines of one file.
struct Lines {
    file: String,
    lines: Vec<String>,
}

/// Reads the files and lays out card, cases and predictions.
///
/// # Errors
/// Files that cannot be read, unequal line counts, ids that the mapping lacks.
pub fn import(recipe: &Recipe, form: &Aligned, folder: &Path) -> Result<Imported, Problems> {
    let mut problems = Problems::new();
    let mut read = |name: &str| match lines(folder, name) {
        Ok(lines) => Some(lines),
        Err(more) => {
            problems.extend(more);
            None
        }
    };
    let text = read(&form.text);
    let labels = form.labels.as_deref().map(&mut read);
    let predictions = form.predictions.as_deref().map(&mut read);
    let mapping = form.mapping.as_deref().map(&mut read);
    problems.or(())?;
    let text = text.unwrap_or_else(|| unreachable!("an unreadable file is a problem"));
    let labels = labels.flatten();
    let predictions = predictions.flatten();
    let mut problems = Problems::new();
    let mapping = mapping
        .flatten()
        .map(|lines| read_mapping(&lines, &mut problems));
    for other in [&labels, &predictions].into_iter().flatten() {
        if other.lines.len() != text.lines.len() {
            problems.push(
                Problem::new(
                    "import/unequal-lines",
                    Place::file(&other.file).at(other.lines.len() as u64, 1),
                    format!("{}, and {} has {}", counted(other.lines.len(), "line"), text.file, text.lines.len()),
                )
                .help("line-aligned files need one line a case in each; find the line that is too many or missing, or take the file that belongs to these texts"),
            );
        }
    }
    problems.or(())?;
    let mut problems = Problems::new();
    let mut named = |lines: &Lines| -> Vec<String> {
        lines
            .lines
            .iter()
            .enumerate()
            .map(|(row, id)| {
                name_of(
                    id.trim(),
                    mapping.as_deref(),
                    &lines.file,
                    row,
                    &mut problems,
                )
            })
            .collect()
    };
    let task = recipe
        .sections
        .first()
        .map_or("label", |section| section.name.as_str());
    let gold = labels.as_ref().map(&mut named);
    let answers = predictions.as_ref().map(&mut named);
    problems.or(())?;
    let mut header = vec!["id".to_owned(), "text".to_owned()];
    if gold.is_some() {
        header.push(task.to_owned());
    }
    let rows = text.lines.iter().enumerate().map(|(row, line)| {
        let mut cells = vec![(row + 1).to_string(), line.clone()];
        cells.extend(gold.as_ref().map(|gold| gold[row].clone()));
        cells
    });
    let predictions = answers.map(|answers| {
        let rows = answers
            .into_iter()
            .enumerate()
            .map(|(row, label)| vec![(row + 1).to_string(), label]);
        let header = vec!["id".to_owned(), "label".to_owned()];
        (task.to_owned(), to_csv(std::iter::once(header).chain(rows)))
    });
    Ok(Imported {
        card: card(recipe, gold.is_some()),
        cases: to_csv(std::iter::once(header).chain(rows)),
        predictions: predictions.into_iter().collect(),
        rows: text.lines.len(),
        dropped: Vec::new(),
        reading: format!("{}, one a case, UTF-8", counted(text.lines.len(), "line")),
    })
}

fn card(recipe: &Recipe, has_gold: bool) -> String {
    let mut lines = recipe.card.clone();
    lines.push("cases = \"cases.csv\"".to_owned());
    for section in recipe.sections.iter().filter(|_| has_gold) {
        lines.push(String::new());
        lines.push(section.heading());
        lines.extend(section.card.iter().cloned());
    }
    lines.push(String::new());
    lines.join("\n")
}

fn lines(folder: &Path, name: &str) -> Result<Lines, Problems> {
    let path = beside(folder, name, &Place::file(name))?;
    let file = path.display().to_string();
    let bytes = read_file(&path, "import/unreadable")?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        Problem::new(
            "import/not-utf8",
            Place::file(&file).at(line as u64 + 1, 1),
            "this line is not UTF-8",
        )
        .help("save the file as UTF-8")
    })?;
    // Only line feeds part lines: texts may hold any other separator.
    let mut lines: Vec<String> = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line).to_owned())
        .collect();
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    Ok(Lines { file, lines })
}

fn read_mapping(lines: &Lines, problems: &mut Problems) -> Vec<(String, String)> {
    let mut mapping = Vec::new();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (row, line) in lines.lines.iter().enumerate() {
        match line.split_once('\t') {
            Some((id, name)) => {
                if let Some(earlier) = first.insert(id.trim(), row + 1) {
                    problems.push(
                        Problem::new(
                            "import/mapping",
                            Place::file(&lines.file).at(row as u64 + 1, 1),
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
                    Place::file(&lines.file).at(row as u64 + 1, 1),
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
    mapping: Option<&[(String, String)]>,
    file: &str,
    row: usize,
    problems: &mut Problems,
) -> String {
    let Some(mapping) = mapping else {
        return id.to_owned();
    };
    match mapping.iter().find(|(known, _)| known == id) {
        Some((_, name)) => name.clone(),
        None => {
            problems.push(
                Problem::new(
                    "import/unknown-label-id",
                    Place::file(file).at(row as u64 + 1, 1),
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
    }
}
