//! `process:FILE.toml`: any program that reads texts as JSON lines and writes answers as JSON lines.
//!
//! What runs it is left to `child`; here its file is read, and it is started again where it broke.

// The edge: here files are read.
#![allow(clippy::disallowed_methods)]

mod child;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use child::{End, Run};

use super::callable::budget::Budget;
use super::callable::options::{Declared, Usual};
use super::callable::reading::{Reading, Vocabulary};
use super::callable::{Accept, Caller, Kind, assemble};
use super::card::FileDigest;
use super::spec::Model;
use crate::dataset::read::{decode, read_file};
use crate::diagnostic::{Place, Problem, Problems};
use crate::digest::sha256;
use crate::document::{self, Fields};

/// How long a program may be silent, in seconds, unless its file says otherwise.
const PATIENCE: f64 = 60.0;

/// At how many texts in a row it is started again without an answer in between, unless its file says otherwise.
const RESTARTS: u64 = 5;

/// The longest file of a command that the digest reads, in bytes.
const LARGEST: u64 = 64 << 20;

/// Loads `process:FILE.toml`.
///
/// # Errors
/// Every problem of the file.
pub fn load(spec: &str, file: &str) -> Result<Model, Problems> {
    let path = Path::new(file);
    let bytes = read_file(path, "model/no-file")?;
    let text = decode(file, bytes, "model/not-utf8")?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let table = document::parse(file, &text)?;
    let problems = RefCell::new(Problems::new());
    let fields = Fields::new(&table, &problems);
    let declared = Declared::read(&fields, file, &Usual::default());
    let command = fields.texts("command");
    if command.is_empty() || command[0].trim().is_empty() {
        fields.problem(
            Problem::new(
                "model/no-command",
                fields.place_of("command"),
                "no program is named",
            )
            .help("say what to run, word by word: command = [\"python3\", \"model.py\"]"),
        );
    }
    let patience = fields
        .number_within("timeout", 0.1, 86_400.0)
        .unwrap_or(PATIENCE);
    let restarts = fields.count("restarts").unwrap_or(RESTARTS);
    fields.finish();
    let declared = problems.into_inner().or(declared)?;
    let Some(declared) = declared else {
        return Err(Problems::new());
    };
    let files = files(&folder, &command);
    let digests: Vec<&[u8]> = std::iter::once(declared.asks.as_bytes())
        .chain(files.iter().map(|file| file.digest.as_bytes()))
        .collect();
    let digest = sha256(digests);
    let kind = Kind {
        name: "process",
        engine: format!("the program {}", base(&command[0])),
        description: "A program of which nothing is known but what it answers.".to_owned(),
        limits: Vec::new(),
        digest,
        files,
        cache: false,
    };
    let patience = Duration::from_secs_f64(patience);
    assemble(spec, declared, kind, move |vocabulary| {
        let program = Program {
            file: file.to_owned(),
            folder,
            command,
            patience,
            restarts,
            vocabulary: vocabulary.clone(),
            last_words: Mutex::default(),
        };
        (vocabulary, Box::new(program))
    })
}

/// The last part of a path: where a program lies says more of a machine than of a model.
fn base(command: &str) -> String {
    Path::new(command)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The files of the folder that the command names, which answers depend on.
fn files(folder: &Path, command: &[String]) -> Vec<FileDigest> {
    command
        .iter()
        .filter_map(|word| {
            let path = folder.join(word);
            let about = std::fs::metadata(&path).ok()?;
            let small = about.is_file() && about.len() <= LARGEST;
            let content = small.then(|| std::fs::read(&path).ok()).flatten()?;
            Some(FileDigest {
                name: base(word),
                digest: sha256([content.as_slice()]),
            })
        })
        .collect()
}

struct Program {
    file: String,
    folder: PathBuf,
    command: Vec<String>,
    patience: Duration,
    restarts: u64,
    vocabulary: Vocabulary,
    last_words: Mutex<String>,
}

impl Caller for Program {
    fn ask(
        &self,
        texts: &[&str],
        budget: &Arc<Budget>,
        accept: &Accept<'_>,
    ) -> Result<(), Problems> {
        let mut readings: Vec<Option<Reading>> = vec![None; texts.len()];
        let mut stumbled = None;
        let mut starts = 0;
        loop {
            let mut run = Run::start(&self.folder, &self.command, texts, &readings, budget)
                .map_err(|error| self.cannot_start(&error))?;
            let before = open(&readings);
            let end = run.read(&self.vocabulary, self.patience, &mut readings, accept)?;
            *self
                .last_words
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = run.last_words();
            if let Some(spent) = run.refused() {
                return Err(spent);
            }
            let Some(first) = readings.iter().position(Option::is_none) else {
                return Ok(());
            };
            // A program that gets on is given as many starts anew, and the second at one text is not counted.
            if open(&readings) < before {
                starts = 1;
            } else if stumbled != Some(first) {
                starts += 1;
            }
            if end == End::Finished || starts > self.restarts || texts.len() == 1 {
                let mut fault = self.fault(end, run.stray);
                if end != End::Finished && texts.len() > 1 {
                    fault.push_str(" and was not started again");
                }
                for (place, reading) in readings.iter().enumerate() {
                    if reading.is_none() {
                        accept(place, Err(fault.clone()))?;
                    }
                }
                return Ok(());
            }
            // Where it broke twice at the same text, the text is passed over.
            if stumbled == Some(first) {
                let fault: Reading = Err(self.fault(end, 0));
                readings[first] = Some(fault.clone());
                accept(first, fault)?;
                if readings.iter().all(Option::is_some) {
                    return Ok(());
                }
            }
            stumbled = Some(first);
        }
    }

    fn last_words(&self) -> Option<String> {
        let words = self
            .last_words
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        (!words.is_empty()).then(|| format!("the last it wrote to standard error:\n{words}"))
    }
}

/// How many texts have no reading.
fn open(readings: &[Option<Reading>]) -> usize {
    readings.iter().filter(|reading| reading.is_none()).count()
}

impl Program {
    fn fault(&self, end: End, stray: usize) -> String {
        let mut fault = match end {
            End::Finished => "the program ended without an answer to it".to_owned(),
            End::Broke => "the program broke".to_owned(),
            End::Hung => format!(
                "the program was silent for {} seconds",
                self.patience.as_secs_f64()
            ),
        };
        if stray > 0 {
            fault.push_str(" and wrote lines that answer nothing it was asked");
        }
        fault
    }

    fn cannot_start(&self, error: &std::io::Error) -> Problem {
        Problem::new(
            "model/no-program",
            Place::file(&self.file).key("command"),
            format!("the program cannot be started: {error}"),
        )
        .help("name a program that a shell would find, or a path from the folder of the file")
    }
}
