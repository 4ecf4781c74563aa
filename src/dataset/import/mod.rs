//! Import: reads data as its owners publish it, by a recipe, and turns it into the files of a dataset folder.
//!
//! Nothing is guessed in silence: how the source was read, what was left out and what looks wrong is told.

pub mod aligned;
mod card;
mod cases;
mod codebook;
mod collected;
mod columns;
mod content;
pub mod fetch;
pub mod files;
mod foreign;
pub mod frame;
mod look;
pub mod maker;
mod predictions;
mod ratings;
pub mod recipe;
#[cfg(feature = "spss")]
mod spss;
mod tables;
mod words;
mod workbook;

pub use recipe::Recipe;

use std::path::PathBuf;

use self::files::Source;
use self::frame::Frame;
use self::maker::Notes;
use crate::dataset::Dataset;
use crate::dataset::card::Card;
use crate::dataset::cases::read_cases;
use crate::dataset::ratings::rate;
use crate::dataset::read::CARD;
use crate::dataset::table::{Dialect, Table};
use crate::diagnostic::{Place, Problem, Problems, list, nearest, quote};
use crate::digest::sha256;

/// The name of the file of cases.
pub const CASES: &str = "cases.csv";

/// The name of the file of ratings.
pub const RATINGS: &str = "ratings.csv";

/// What an import tells of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// How the source was read, a line a file or kind of file.
    pub reading: Vec<String>,
    /// What looks wrong, or must be known to trust the result.
    pub notices: Vec<String>,
    /// What was left out, by reason.
    pub dropped: Vec<(String, usize)>,
    /// What was kept and must be known, such as cells made blank, by kind.
    pub found: Vec<(String, usize)>,
}

impl Telling {
    /// Counts what is left out.
    pub fn count(&mut self, reason: &str, count: usize) {
        add(&mut self.dropped, reason, count);
    }

    /// Counts what is kept, and must be known.
    pub fn tell(&mut self, kind: &str, count: usize) {
        add(&mut self.found, kind, count);
    }

    /// Tells of something once.
    pub fn notice(&mut self, notice: String) {
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }

    fn extend(&mut self, other: Telling) {
        self.reading.extend(other.reading);
        for notice in other.notices {
            self.notice(notice);
        }
        for (reason, count) in other.dropped {
            self.count(&reason, count);
        }
        for (kind, count) in other.found {
            self.tell(&kind, count);
        }
    }
}

fn add(counts: &mut Vec<(String, usize)>, reason: &str, count: usize) {
    if count == 0 {
        return;
    }
    match counts.iter_mut().find(|(known, _)| known == reason) {
        Some((_, sum)) => *sum += count,
        None => counts.push((reason.to_owned(), count)),
    }
}

/// What an import makes: the files of a dataset folder, not yet written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The text of `dataset.toml`.
    pub card: String,
    /// The text of `cases.csv`.
    pub cases: String,
    /// The text of `ratings.csv`, where the source holds ratings.
    pub ratings: Option<String>,
    /// The text of predictions files that came with the data, by task.
    pub predictions: Vec<(String, String)>,
    /// How many cases were read.
    pub rows: usize,
    /// The columns of `cases.csv` that a dry run must not show.
    pub private: Vec<String>,
}

impl Imported {
    /// The dataset that would be written to a folder, read back: what cannot be read must not be written.
    ///
    /// # Errors
    /// Every problem of card, cases and ratings.
    pub fn read_back(&self, folder: &str) -> Result<Dataset, Problems> {
        let table = |file: &str, text: &str| {
            Table::from_delimited(file, text.as_bytes(), Dialect::default())
        };
        let card = Card::parse(CARD, &self.card)?;
        let read = table(CASES, &self.cases)?;
        let mut cases = read_cases(&card, &read)?;
        if let Some(ratings) = &self.ratings {
            rate(&card, &table(RATINGS, ratings)?, &mut cases)?;
        }
        let texts = [Some(&self.card), Some(&self.cases), self.ratings.as_ref()];
        Ok(Dataset {
            columns: read.header().to_vec(),
            digest: sha256(texts.into_iter().flatten().map(|text| text.as_bytes())),
            origin: folder.to_owned(),
            card,
            cases,
        })
    }
}

/// Reads what a recipe describes: `from` are the files, or the folder of the files that the recipe names. What is told
/// is told even where the import fails, because it often says why.
///
/// # Errors
/// Every problem of the data, with file, line and column.
pub fn import(
    recipe: &Recipe,
    from: &[PathBuf],
    telling: &mut Telling,
) -> Result<Imported, Problems> {
    let source = Source::find(&recipe.reading, from)?;
    let table = tables::read(&source, &recipe.reading, &recipe.published, telling)?;
    let mut frame = Frame::new(table);
    for step in recipe.extracts.iter().filter(|step| !step.after_join) {
        frame.extract(step, telling)?;
    }
    for step in &recipe.joins {
        frame.join(step, &source, telling)?;
    }
    for step in recipe.extracts.iter().filter(|step| step.after_join) {
        frame.extract(step, telling)?;
    }
    for step in &recipe.drops {
        frame.leave_out(step, telling)?;
    }
    let mut notes = Notes::default();
    let imported = cases::make(recipe, &frame, &source, &mut notes);
    telling.extend(notes.telling);
    imported
}

/// A column that the recipe names and the source lacks.
fn unknown_column(table: &Table, name: &str) -> Problem {
    let near = nearest(name, table.header().iter().map(String::as_str));
    Problem::new(
        "import/unknown-column",
        Place::file(table.files()[0]),
        format!("there is no column {}", quote(name)),
    )
    .help(format!(
        "{}its columns: {}",
        near.map_or_else(String::new, |near| format!("did you mean {near}? ")),
        list(table.header())
    ))
}
