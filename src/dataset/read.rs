//! Reads a dataset: the card, then the cases as the card describes them.

// The edge: here files and environment are read.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::card::Card;
use super::cases::{UNKNOWN_LABEL, read_what_fits};
use super::generate::{Generation, to_csv};
use super::ratings::rate;
use super::table::Table;
use super::{bundled, catalogue};
use crate::case::Cases;
use crate::diagnostic::{Place, Problem, Problems, nearest, quote};
use crate::digest::sha256;

/// The name of the card in a dataset's folder.
pub const CARD: &str = "dataset.toml";

/// The origin of a dataset that is built in.
pub const BUNDLED: &str = "bundled";

/// A dataset in memory.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// What it is.
    pub card: Card,
    /// What it holds.
    pub cases: Cases,
    /// The names of all columns of the file of cases, read or not.
    pub columns: Vec<String>,
    /// SHA-256 over card and cases, in hexadecimal.
    pub digest: String,
    /// Where it was read from: a folder, or [`BUNDLED`].
    pub origin: String,
}

/// Reads a dataset from a folder, or a bundled one by name.
///
/// # Errors
/// Every problem of the card, or every problem of the cases.
pub fn read(name_or_path: &str) -> Result<Dataset, Problems> {
    let (dataset, problems) = examine(name_or_path)?;
    problems.or(dataset)
}

/// Reads a dataset as far as it goes, so that what belongs to it can be checked against it as well. It must not be
/// audited where there are problems.
///
/// # Errors
/// Problems that leave nothing to check against.
pub fn examine(name_or_path: &str) -> Result<(Dataset, Problems), Problems> {
    let path = Path::new(name_or_path);
    if !path.exists() {
        if let Some(bundled) = bundled::find(name_or_path) {
            let file = |name: &str| format!("{name_or_path}/{name}");
            let card = Card::parse(&file(CARD), bundled.card)?;
            let read = |name: &str, code, place: &Place| match bundled.file(name) {
                Some(text) => Ok(Source::from((file(name).as_str(), text))),
                None => Err(
                    Problem::new(code, place.clone(), format!("no file {}", quote(name))).into(),
                ),
            };
            let content = match &card.sources {
                Some(sources) => Content::Generated(sources.generate(|name, place| {
                    read(name, "dataset/no-sources", place).and_then(Source::into_text)
                })?),
                None => Content::Cases(read("cases.csv", "dataset/no-cases", &Place::file(CARD))?),
            };
            return build(card, bundled.card, content, None, BUNDLED);
        }
        if catalogue::text(name_or_path).is_some() {
            return Err(Problem::new(
                "dataset/not-imported",
                Place::file(name_or_path),
                "this dataset is in the catalogue, and its data does not come with the program",
            )
            .help(format!(
                "see where to get it with: affect-audit dataset show {name_or_path}; then import it, and name the new folder"
            ))
            .into());
        }
        let mut help = format!("bundled datasets: {}", bundled::names().join(", "));
        if let Some(near) = nearest(name_or_path, bundled::names()) {
            help = format!("did you mean {near}? {help}");
        }
        return Err(Problem::new(
            "dataset/not-found",
            Place::file(name_or_path),
            "no such folder, and no bundled dataset of this name",
        )
        .help(help)
        .into());
    }
    let folder = if path.is_dir() {
        path.to_path_buf()
    } else if path.file_name().is_some_and(|name| name == CARD) {
        path.parent().map(Path::to_path_buf).unwrap_or_default()
    } else {
        return Err(Problem::new(
            "dataset/not-a-folder",
            Place::file(name_or_path),
            "this is a file, and a dataset is a folder",
        )
        .help(format!(
            "put the file as cases.csv, .jsonl or .parquet into a folder beside a {CARD}, or import it: affect-audit dataset import --help"
        ))
        .into());
    };
    let card_path = folder.join(CARD);
    let card_name = card_path.display().to_string();
    let card_bytes = read_file(&card_path, "dataset/no-card")?;
    let card_text = decode(&card_name, card_bytes, "dataset/not-utf8")?;
    let card = Card::parse(&card_name, &card_text)?;
    let content = match &card.sources {
        Some(sources) => Content::Generated(sources.generate(|name, place| {
            open(&beside(&folder, name, place)?, "dataset/no-sources")?.into_text()
        })?),
        None => Content::Cases(open(
            &cases_path(&folder, &card, &card_name)?,
            "dataset/no-cases",
        )?),
    };
    let ratings = card
        .ratings
        .as_ref()
        .map(|file| {
            open(
                &beside(&folder, &file.name, &file.place)?,
                "dataset/no-ratings",
            )
        })
        .transpose()?;
    let origin = folder.display().to_string();
    build(card, &card_text, content, ratings, &origin)
}

/// The content of a file, and its name in messages.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

impl Source {
    /// Its name and its text.
    fn into_text(self) -> Result<(String, String), Problems> {
        let text = decode(&self.name, self.bytes, "dataset/not-utf8")?;
        Ok((self.name, text))
    }
}

impl From<(&str, &str)> for Source {
    fn from((name, text): (&str, &str)) -> Self {
        Source {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        }
    }
}

pub(super) fn open(path: &Path, code: &'static str) -> Result<Source, Problems> {
    Ok(Source {
        name: path.display().to_string(),
        bytes: read_file(path, code)?,
    })
}

/// What the cases come from.
enum Content {
    Cases(Source),
    Generated(Generation),
}

fn build(
    mut card: Card,
    card_text: &str,
    content: Content,
    ratings: Option<Source>,
    origin: &str,
) -> Result<(Dataset, Problems), Problems> {
    let cases = match content {
        Content::Cases(source) => source,
        Content::Generated(generation) => {
            let source = Source {
                name: "generated.csv".to_owned(),
                bytes: to_csv(&generation).into_bytes(),
            };
            card.coverage = Some(generation.coverage);
            source
        }
    };
    let files = std::iter::once(&cases).chain(&ratings);
    let digest = sha256(
        std::iter::once(card_text.as_bytes()).chain(files.map(|file| file.bytes.as_slice())),
    );
    let table = Table::from_bytes(&cases.name, cases.bytes)?;
    let columns = table.header().to_vec();
    let (mut cases, mut problems) = read_what_fits(&card, &table);
    if problems.iter().any(|problem| problem.code != UNKNOWN_LABEL) {
        return Err(problems);
    }
    if let Some(ratings) = ratings {
        let counted = Table::from_bytes(&ratings.name, ratings.bytes)
            .and_then(|table| rate(&card, &table, &mut cases));
        match counted {
            Ok(()) => {}
            Err(more) => problems.extend(more),
        }
    }
    let dataset = Dataset {
        card,
        cases,
        columns,
        digest,
        origin: origin.to_owned(),
    };
    Ok((dataset, problems))
}

/// Reads a file, with a problem that says what to do where that fails.
pub(crate) fn read_file(path: &Path, code: &'static str) -> Result<Vec<u8>, Problems> {
    let help = if code.starts_with("dataset/") {
        "check the path and its permissions; a dataset is a folder with dataset.toml and cases.csv, .jsonl or .parquet"
    } else {
        "check the path and its permissions"
    };
    fs::read(path).map_err(|error| {
        let place = Place::file(path.display().to_string());
        let message = match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            ErrorKind::IsADirectory => "this is a folder, and a file is expected".to_owned(),
            ErrorKind::PermissionDenied => "the file may not be read".to_owned(),
            _ => format!("cannot be read: {error}"),
        };
        Problem::new(code, place, message).help(help).into()
    })
}

/// The text of a file, without the byte order mark that some editors put first.
pub(crate) fn decode(file: &str, bytes: Vec<u8>, code: &'static str) -> Result<String, Problems> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        Problem::new(
            code,
            Place::file(file).at(line, 1),
            "this line is not UTF-8",
        )
        .help("save the file as UTF-8")
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

/// A file that a card or recipe names, which must lie in the folder.
///
/// # Errors
/// A path that leads out.
pub(crate) fn beside(folder: &Path, name: &str, place: &Place) -> Result<PathBuf, Problems> {
    let inside = Path::new(name).components().all(|part| {
        matches!(
            part,
            std::path::Component::Normal(_) | std::path::Component::CurDir
        )
    });
    let path = folder.join(name);
    // A link may lead out as well.
    let links_out = match (path.canonicalize(), folder.canonicalize()) {
        (Ok(target), Ok(folder)) => !target.starts_with(folder),
        _ => false,
    };
    if inside && !links_out {
        return Ok(path);
    }
    Err(Problem::new(
        "dataset/outside-folder",
        place.clone(),
        format!("{} leads out of the folder", quote(name)),
    )
    .help("name a file inside the folder, without .. and without links out of it")
    .into())
}

pub(super) fn cases_path(folder: &Path, card: &Card, card_name: &str) -> Result<PathBuf, Problems> {
    if let Some(name) = &card.cases {
        return beside(folder, name, &Place::file(card_name).key("cases"));
    }
    let found: Vec<PathBuf> = ["cases.csv", "cases.jsonl", "cases.parquet"]
        .iter()
        .map(|name| folder.join(name))
        .filter(|path| path.exists())
        .collect();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Problem::new(
            "dataset/no-cases",
            Place::file(folder.display().to_string()),
            "the folder holds no cases",
        )
        .help("expected cases.csv, cases.jsonl or cases.parquet, or `cases = \"FILE\"` in the card")
        .into()),
        _ => Err(Problem::new(
            "dataset/ambiguous-cases",
            Place::file(folder.display().to_string()),
            "the folder holds cases in several formats",
        )
        .help("say which with `cases = \"FILE\"` in the card")
        .into()),
    }
}
