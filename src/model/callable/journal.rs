//! Answers that were given before, so that a run that was killed goes on where it stopped and pays for nothing twice,
//! and so that an audit can be repeated without asking anybody.
//!
//! A file a model; a line an answer, named by the digest of the text, or so many requests. Lines are only ever added,
//! each in one piece and before the answer is used. No text, name or key is in it. What lines say is left to `line`, and
//! what is said of a file that cannot be used to `told`.

// The edge: here answers are kept.
#![allow(clippy::disallowed_methods)]

mod line;
mod told;

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use line::Line;

use super::reading::Reading;
use crate::diagnostic::{Place, Problem, Problems};
use crate::digest::sha256;
use crate::model::cache::{ANSWERS, FOLDER, folder};
use crate::prediction::Answer;
use crate::task::Scheme;

/// The answer to a text with its scores.
pub type Given = (Answer, Vec<f64>);

/// The answers of one model.
pub struct Journal {
    path: PathBuf,
    model: String,
    scheme: Arc<Scheme>,
    state: Mutex<State>,
}

/// What the file holds.
#[derive(Default)]
struct State {
    /// `None` as long as nothing is written.
    file: Option<File>,
    begun: bool,
    /// By the digest of the text; `None` where the model failed on it.
    known: HashMap<String, Option<Given>>,
    requests: u64,
    canaries: HashMap<String, Vec<Given>>,
    changed: Option<(usize, usize)>,
}

impl Journal {
    /// Reads what is kept of a model's answers, in the usual folder or in the cassette that its file names. Nothing is
    /// written yet.
    ///
    /// # Errors
    /// A file that cannot be read, or that holds the answers of another model.
    pub fn read(
        model: &str,
        scheme: &Arc<Scheme>,
        cassette: Option<&Path>,
    ) -> Result<Journal, Problems> {
        let path = match cassette {
            Some(path) => path.to_owned(),
            None => usual(model)?,
        };
        let journal = Journal {
            path,
            model: model.to_owned(),
            scheme: scheme.clone(),
            state: Mutex::default(),
        };
        match fs::read(&journal.path) {
            Ok(content) => journal.learn(&mut journal.state(), &content)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(journal.unusable(&error)),
        }
        Ok(journal)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was answered before to a text.
    pub fn get(&self, text: &str) -> Option<Given> {
        self.state().known.get(&digest(text)).cloned().flatten()
    }

    /// What came of a text when it was last asked about; `Some(None)` where the model failed on it.
    pub fn outcome(&self, text: &str) -> Option<Option<Given>> {
        self.state().known.get(&digest(text)).cloned()
    }

    /// How many requests were made for what is kept.
    pub fn requests(&self) -> u64 {
        self.state().requests
    }

    /// How many texts have an answer.
    pub fn answers(&self) -> usize {
        self.state().known.values().flatten().count()
    }

    /// What was answered to a sentence when it was first asked about, each time.
    pub fn canary(&self, sentence: &str) -> Vec<Given> {
        let state = self.state();
        state
            .canaries
            .get(&digest(sentence))
            .cloned()
            .unwrap_or_default()
    }

    /// How many of so many sentences were answered otherwise later, where that was seen.
    pub fn changed(&self) -> Option<(usize, usize)> {
        self.state().changed
    }

    /// Makes ready to write, so that what keeps it from being written is told before anything is paid for.
    ///
    /// # Errors
    /// A file that cannot be made or written, or that another run is writing.
    pub fn open(&self) -> Result<(), Problems> {
        let mut state = self.state();
        if state.file.is_some() {
            return Ok(());
        }
        let opened = || -> std::io::Result<File> {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            OpenOptions::new()
                .append(true)
                .create(true)
                .open(&self.path)
        };
        let mut file = opened().map_err(|error| self.unusable(&error))?;
        // Where files cannot be locked at all, two runs at once may pay twice; that is no reason to refuse one.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(self.busy());
        }
        // Another run may have added to it since it was read.
        let content = fs::read(&self.path).map_err(|error| self.unusable(&error))?;
        self.learn(&mut state, &content)?;
        let mut first = Vec::new();
        // A line that was cut short when a run was killed must not take the next one with it.
        if content.last().is_some_and(|last| *last != b'\n') {
            first.push(b'\n');
        }
        if !state.begun {
            first.extend(Line::Begun(self.model.clone()).write(&self.scheme));
        }
        file.write_all(&first)
            .map_err(|error| self.unusable(&error))?;
        state.begun = true;
        state.file = Some(file);
        Ok(())
    }

    /// Keeps what came of a text.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn keep(&self, text: &str, reading: &Reading) -> Result<(), Problems> {
        self.add(Line::Outcome(digest(text), reading.as_ref().ok().cloned()))
    }

    /// Counts a request, before it is made.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn count_request(&self) -> Result<(), Problems> {
        self.add(Line::Requests(1))
    }

    /// Keeps what was answered to a sentence of ours at the beginning.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn keep_canary(&self, sentence: &str, given: &Given) -> Result<(), Problems> {
        self.add(Line::Canary(digest(sentence), given.clone()))
    }

    /// Notes that the model answers otherwise than at the beginning.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn note_change(&self, changed: usize, of: usize) -> Result<(), Problems> {
        self.add(Line::Changed(changed, of))
    }

    fn add(&self, line: Line) -> Result<(), Problems> {
        self.open()?;
        let bytes = line.write(&self.scheme);
        let mut state = self.state();
        if let Some(file) = &mut state.file {
            file.write_all(&bytes)
                .map_err(|error| self.unusable(&error))?;
        }
        state.take(line);
        Ok(())
    }

    fn learn(&self, state: &mut State, content: &[u8]) -> Result<(), Problems> {
        *state = State::default();
        for line in content.split(|byte| *byte == b'\n') {
            match Line::read(line, &self.scheme) {
                Some(Line::Begun(model)) if model != self.model => return Err(self.foreign()),
                Some(line) => state.take(line),
                None => {}
            }
        }
        let header = Line::Begun(self.model.clone()).write(&self.scheme);
        if state.begun || header.starts_with(content) {
            Ok(())
        } else {
            Err(self.stranger())
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, line: Line) {
        match line {
            Line::Begun(_) => self.begun = true,
            Line::Outcome(text, given) => {
                self.known.insert(text, given);
            }
            Line::Requests(more) => self.requests = self.requests.saturating_add(more),
            Line::Canary(sentence, given) => self.canaries.entry(sentence).or_default().push(given),
            Line::Changed(changed, of) => self.changed = Some((changed, of)),
        }
    }
}

fn digest(text: &str) -> String {
    sha256([text.as_bytes()])
}

/// Where answers are kept that have no cassette.
fn usual(model: &str) -> Result<PathBuf, Problems> {
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
    Ok(folder.join(ANSWERS).join(format!("{model}.jsonl")))
}

#[cfg(test)]
#[path = "tests/journal.rs"]
mod tests;
