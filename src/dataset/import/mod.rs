//! Import: reads data as its owners publish it, by a recipe, and turns it into a dataset folder's card and cases.

pub mod aligned;
pub mod delimited;
pub mod recipe;

pub use recipe::Recipe;

use std::path::Path;

use crate::diagnostic::Problems;

/// What an import makes: the files of a dataset folder, not yet written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The text of `dataset.toml`.
    pub card: String,
    /// The text of `cases.csv`.
    pub cases: String,
    /// The text of predictions files that came with the data, by task.
    pub predictions: Vec<(String, String)>,
    /// How many cases were read.
    pub rows: usize,
    /// What was left out, by reason.
    pub dropped: Vec<(String, usize)>,
    /// How the source was read, in words.
    pub reading: String,
}

/// Reads what a recipe describes: `from` is the file, or the folder of the files that the recipe names.
///
/// # Errors
/// Every problem of the data, with file, line and column.
pub fn import(recipe: &Recipe, from: &Path) -> Result<Imported, Problems> {
    match &recipe.form {
        recipe::Form::Delimited(form) => delimited::import(recipe, form, from),
        recipe::Form::Aligned(form) => aligned::import(recipe, form, from),
    }
}

/// Rows as CSV text. Cells are written as they are, even where a spreadsheet would take one for a formula (`=`, `+`,
/// `-`, `@`): cases must be read back to the letter. Reports for people hold no text of any case.
fn to_csv(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Writing to memory cannot fail, and rows of unequal length would be a fault of ours.
        if writer.write_record(&row).is_err() {
            unreachable!("every row has one cell a column");
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
