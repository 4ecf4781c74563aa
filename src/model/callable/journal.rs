//! Answers that were given before, so that a run that was killed goes on where it stopped and pays for nothing twice.
//!
//! A file a model, named by its digest; a line an answer, named by the digest of the text. Lines are only ever added,
//! each in one piece and before the answer is used. No text, name or key is in it.

// The edge: here answers are kept.
#![allow(clippy::disallowed_methods)]

use std::collections::HashMap;
use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::diagnostic::{Place, Problem, Problems};
use crate::digest::sha256;
use crate::prediction::Answer;
use crate::task::{LabelSet, Scheme};

/// The folder that answers are kept under, where it is not the usual one.
pub const FOLDER: &str = "AFFECT_AUDIT_CACHE";

/// The answers of one model.
pub struct Journal {
    path: PathBuf,
    known: Mutex<HashMap<String, (Answer, Vec<f64>)>>,
    file: Mutex<File>,
}

impl Journal {
    /// Opens the journal of a model, and reads what it holds.
    ///
    /// # Errors
    /// A folder or file that cannot be made, read or written.
    pub fn open(model: &str, scheme: &Scheme) -> Result<Journal, Problems> {
        let folder = folder().ok_or_else(|| {
            Problem::new(
                "model/no-cache",
                Place::file(FOLDER),
                "there is no folder to keep answers in",
            )
            .help(format!(
                "name one in {FOLDER}, or say cache = false in the file of the model"
            ))
        })?;
        Journal::at(
            &folder.join("answers").join(format!("{model}.jsonl")),
            scheme,
        )
    }

    fn at(path: &Path, scheme: &Scheme) -> Result<Journal, Problems> {
        let opened = || -> std::io::Result<(Vec<u8>, File)> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file = OpenOptions::new().append(true).create(true).open(path)?;
            let content = fs::read(path)?;
            // A line that was cut short when a run was killed must not take the next one with it.
            if content.last().is_some_and(|last| *last != b'\n') {
                file.write_all(b"\n")?;
            }
            Ok((content, file))
        };
        let (content, file) = opened().map_err(|error| unwritable(path, &error))?;
        let mut known = HashMap::new();
        for line in content.split(|byte| *byte == b'\n') {
            let Ok(line) = serde_json::from_slice::<Value>(line) else {
                continue;
            };
            let Some(text) = line["text"].as_str() else {
                continue;
            };
            match read(&line, scheme) {
                Some(answer) => known.insert(text.to_owned(), answer),
                None => known.remove(text),
            };
        }
        Ok(Journal {
            path: path.to_owned(),
            known: Mutex::new(known),
            file: Mutex::new(file),
        })
    }

    /// What was answered before to a text.
    pub fn get(&self, text: &str) -> Option<(Answer, Vec<f64>)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&sha256([text.as_bytes()])).cloned()
    }

    /// Keeps an answer; `None` withdraws what was answered before.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn keep(
        &self,
        text: &str,
        answer: Option<&(Answer, Vec<f64>)>,
        scheme: &Scheme,
    ) -> Result<(), Problems> {
        let digest = sha256([text.as_bytes()]);
        let mut line = match answer {
            None => json!({"text": digest, "withdrawn": true}),
            Some((answer, scores)) => {
                let labels = answer.labels().map(|labels| {
                    let names = labels
                        .iter()
                        .map(|label| scheme.labels[label].name.as_str());
                    names.collect::<Vec<_>>()
                });
                json!({"text": digest, "labels": labels, "scores": scores})
            }
        }
        .to_string();
        line.push('\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes())
            .map_err(|error| unwritable(&self.path, &error))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Some(answer) => known.insert(digest, answer.clone()),
            None => known.remove(&digest),
        };
        Ok(())
    }
}

/// An answer of a line; `None` for one that was withdrawn, or that this scheme cannot hold.
fn read(line: &Value, scheme: &Scheme) -> Option<(Answer, Vec<f64>)> {
    let labels = line.get("labels")?;
    let scores: Option<Vec<f64>> = line["scores"]
        .as_array()?
        .iter()
        .map(Value::as_f64)
        .collect();
    let scores = scores.filter(|row| row.is_empty() || row.len() == scheme.labels.len())?;
    if labels.is_null() {
        return Some((Answer::Abstained, scores));
    }
    let mut set = LabelSet::EMPTY;
    for name in labels.as_array()? {
        set.insert(scheme.index(name.as_str()?)?);
    }
    Some((Answer::Labels(set), scores))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problems {
    Problem::new(
        "model/no-cache",
        Place::file(path.display().to_string()),
        format!("answers cannot be kept here: {error}"),
    )
    .help(format!(
        "name another folder in {FOLDER}, or say cache = false in the file of the model"
    ))
    .into()
}

fn folder() -> Option<PathBuf> {
    let named = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    named(FOLDER).map(PathBuf::from).or_else(|| {
        let caches = named("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(env::home_dir()?.join(".cache")))?;
        Some(caches.join("affect-audit"))
    })
}

#[cfg(test)]
#[path = "tests/journal.rs"]
mod tests;
