//! Codes and their meanings in a second file.

use std::collections::HashMap;

use super::files::Source;
use super::recipe::cells::Codebook;
use super::recipe::reading::Reading;
use super::{Telling, tables, unknown_column};
use crate::diagnostic::{Problem, Problems};

/// Reads a codebook.
///
/// # Errors
/// Those of the file, columns that it lacks, codes with two meanings, no row that counts.
pub(super) fn read(
    codebook: &Codebook,
    source: &Source,
) -> Result<HashMap<String, String>, Problems> {
    let reading = Reading::by_ending(&codebook.file, codebook.place.clone());
    let table = tables::side(
        source,
        &codebook.file,
        &reading,
        &codebook.place,
        &mut Telling::default(),
    )?;
    let mut problems = Problems::new();
    let mut column = |name: &str| {
        let found = table.column(name);
        if found.is_none() {
            problems.push(unknown_column(&table, name));
        }
        found.unwrap_or_default()
    };
    let (code, value) = (column(&codebook.code), column(&codebook.value));
    let only: Vec<(usize, &str)> = codebook
        .only
        .iter()
        .map(|(name, cell)| (column(name), cell.as_str()))
        .collect();
    problems.or(())?;
    let mut problems = Problems::new();
    let mut meanings: HashMap<String, String> = HashMap::new();
    for row in 0..table.rows() {
        if only
            .iter()
            .any(|(column, cell)| table.cell(row, *column).trim() != *cell)
        {
            continue;
        }
        let meaning = table.cell(row, value).trim().to_owned();
        let earlier = meanings.insert(table.cell(row, code).trim().to_owned(), meaning.clone());
        if earlier.is_some_and(|earlier| earlier != meaning) {
            problems.push(
                Problem::new(
                    "import/code-twice",
                    table.place(row, code),
                    "this code has another meaning in an earlier row",
                )
                .help("pick the rows that count with where = { COLUMN = \"CELL\" }"),
            );
        }
    }
    if meanings.is_empty() {
        problems.push(
            Problem::new(
                "import/codebook",
                codebook.place.clone(),
                "no row of the codebook counts",
            )
            .help("check where = { ... }"),
        );
    }
    problems.or(meanings)
}
