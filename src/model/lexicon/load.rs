//! Loads `lexicon:vader` with the published word list, which is not bundled: it is read from a file.

// The edge: here files and environment are read.
#![allow(clippy::disallowed_methods)]

use std::env;
use std::path::{Path, PathBuf};

use super::{Lexicon, LexiconFile, Vader};
use crate::dataset::read::{decode, read_file};
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::digest::sha256;
use crate::model::card::{ModelCard, Provenance};
use crate::model::spec::{Engine, Model};
use crate::model::{TextModel, python};
use crate::prediction::Answer;
use crate::task::LabelSet;
use crate::task::crosswalk::polarity_scheme;

/// The environment variable that names the folder of the word lists.
pub const FOLDER_VARIABLE: &str = "AFFECT_AUDIT_VADER";

/// The file of words in it.
pub const WORDS: &str = "vader_lexicon.txt";
const EMOJI: &str = "emoji_utf8_lexicon.txt";

/// The Python package that they come with.
const PACKAGE: &str = "vaderSentiment";

/// The name that stands for the published word list, wherever it is on this machine.
const PUBLISHED: &str = "vader";

/// Loads `lexicon:vader`, the published word list where it is installed, or `lexicon:FOLDER` with word lists in its
/// format. A folder of the current one that is named `vader` is meant by `lexicon:./vader` alone, so that where a
/// command runs cannot change which words are audited.
///
/// # Errors
/// No word list to be found, or every problem of the lists.
pub fn load(spec: &str, name: &str) -> Result<Model, Problems> {
    let folder = if name == PUBLISHED {
        published(spec)?
    } else if Path::new(name).is_dir() {
        PathBuf::from(name)
    } else {
        return Err(Problem::new(
            "model/no-lexicon",
            Place::file(spec),
            format!("there is no folder {}", quote(name)),
        )
        .help(format!(
            "expected {PUBLISHED}, or a folder that holds {WORDS}, as in lexicon:./my-words"
        ))
        .into());
    };
    let words = read_text(&folder.join(WORDS))?;
    let emoji_path = folder.join(EMOJI);
    let emoji = if emoji_path.exists() {
        Some(read_text(&emoji_path)?)
    } else {
        None
    };
    let lexicon = Lexicon::parse(&words, emoji.as_deref()).map_err(|found| {
        let mut problems = Problems::new();
        for problem in found {
            let file = match problem.file {
                LexiconFile::Words => folder.join(WORDS),
                LexiconFile::Emoji => emoji_path.clone(),
            };
            let place = Place::file(file.display().to_string())
                .at(problem.line as u64, problem.column as u64);
            problems.push(Problem::new("model/lexicon", place, problem.message));
        }
        problems
    })?;
    let scheme = polarity_scheme();
    Ok(Model {
        card: ModelCard {
            name: spec.to_owned(),
            spec: spec.to_owned(),
            title: "VADER word list and rules".to_owned(),
            kind: "lexicon",
            scheme: Some(scheme.clone()),
            description: "Sentiment from a word list and rules for negation, emphasis and contrast (Hutto & Gilbert 2014). Its scores are shares of negative, neutral and positive wording; they are no probabilities.".to_owned(),
            licence: "MIT (word list and rules, C.J. Hutto)".to_owned(),
            training_data: "none: words rated by ten people each".to_owned(),
            limits: vec![
                "Knows words, not situations: restrained, ironic or implied expression is mostly read as neutral.".to_owned(),
                "Words that name people can carry sentiment in the list.".to_owned(),
            ],
            digest: sha256([words.as_bytes(), emoji.as_deref().unwrap_or_default().as_bytes()]),
            provenance: Provenance::default(),
        },
        engine: Engine::Text {
            scheme,
            model: Box::new(Rules(Vader::new(lexicon))),
        },
    })
}

/// The folder that the environment names, else that of an installed Python package.
///
/// # Errors
/// Neither is there.
pub(crate) fn published(spec: &str) -> Result<PathBuf, Problems> {
    if let Some(folder) = env::var_os(FOLDER_VARIABLE) {
        return Ok(PathBuf::from(folder));
    }
    if let Some(folder) = python::package(PACKAGE).filter(|folder| folder.join(WORDS).is_file()) {
        return Ok(folder);
    }
    let here = if Path::new(PUBLISHED).is_dir() {
        "; the folder of this name here is lexicon:./vader"
    } else {
        ""
    };
    Err(Problem::new(
        "model/no-lexicon",
        Place::file(spec),
        "the published word list is not on this machine",
    )
    .help(format!(
        "it is its authors' and is not bundled: pip install vaderSentiment, or set {FOLDER_VARIABLE} to a folder that holds {WORDS}, or say lexicon:FOLDER{here}"
    ))
    .into())
}

fn read_text(path: &Path) -> Result<String, Problems> {
    let file = path.display().to_string();
    decode(
        &file,
        read_file(path, "model/no-lexicon")?,
        "model/not-utf8",
    )
}

struct Rules(Vader);

impl TextModel for Rules {
    fn answer(&self, text: &str) -> (Answer, Vec<f64>) {
        let polarity = self.0.score(text);
        let label = match polarity.label() {
            "negative" => 0,
            "positive" => 2,
            _ => 1,
        };
        (
            Answer::Labels(LabelSet::one(label)),
            vec![polarity.negative, polarity.neutral, polarity.positive],
        )
    }
}
