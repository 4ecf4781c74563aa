//! The files of a dataset as they lie in its folder, for what describes them to others. Opening them is left to `read`.

use std::path::Path;

use super::bundled;
use super::card::ColumnName;
use super::read::{BUNDLED, CARD, Dataset, Source, beside, cases_path, decode, open};
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::digest::sha256;

/// The files of a dataset.
#[derive(Clone, Debug)]
pub struct Files {
    /// The card, every key and value of it.
    pub card: serde_json::Value,
    /// The cases; `None` where they are generated.
    pub cases: Option<DataFile>,
    /// What else the card names: ratings, and what cases are generated from.
    pub others: Vec<DataFile>,
}

/// A file beside a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// Its name in the folder.
    pub name: String,
    /// Its size in bytes.
    pub size: usize,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Reads the files of a dataset that was read before.
///
/// # Errors
/// Files that went away since.
pub fn files(dataset: &Dataset) -> Result<Files, Problems> {
    let card = &dataset.card;
    let folder = Path::new(&dataset.origin);
    let bundled = bundled::find(&card.name).filter(|_| dataset.origin == BUNDLED);
    let read = |name: &str, place: &Place| -> Result<Source, Problems> {
        let Some(bundled) = bundled else {
            return open(&beside(folder, name, place)?, "dataset/no-file");
        };
        let text = bundled.file(name).map(|text| Source::from((name, text)));
        text.ok_or_else(|| {
            let message = format!("no file {}", quote(name));
            Problem::new("dataset/no-file", place.clone(), message).into()
        })
    };
    let named = |file: &ColumnName| Ok(described(&read(&file.name, &file.place)?));
    let cases = match (&card.sources, bundled) {
        (Some(_), _) => None,
        (None, Some(_)) => Some(read("cases.csv", &Place::file(CARD))?),
        (None, None) => Some(open(&cases_path(folder, card, CARD)?, "dataset/no-cases")?),
    };
    let sources = card.sources.iter().flat_map(|sources| {
        [&sources.templates, &sources.terms]
            .into_iter()
            .chain(&sources.grammar)
    });
    let others: Result<Vec<DataFile>, Problems> = sources.chain(&card.ratings).map(named).collect();
    let text = match bundled {
        Some(bundled) => bundled.card.to_owned(),
        None => {
            let source = read(CARD, &Place::file(CARD))?;
            decode(&source.name, source.bytes, "dataset/not-utf8")?
        }
    };
    let values = toml::from_str(&text).map_err(|_| {
        let place = Place::file(&dataset.origin);
        Problem::new(
            "dataset/no-card",
            place,
            "the card changed while it was read",
        )
        .help("run the command again")
    })?;
    Ok(Files {
        card: values,
        cases: cases.as_ref().map(described),
        others: others?,
    })
}

fn described(source: &Source) -> DataFile {
    let name = Path::new(&source.name).file_name();
    DataFile {
        name: name.unwrap_or_default().to_string_lossy().into_owned(),
        size: source.bytes.len(),
        sha256: sha256([source.bytes.as_slice()]),
    }
}
