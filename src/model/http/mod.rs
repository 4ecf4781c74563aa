//! `http:FILE.toml`: a model behind a service on the network, described by a file.
//!
//! Batches of texts are sent by a few threads; a batch that the service does not take is halved until the text at
//! fault is found. Nothing leaves this machine unless the user allows the network.

// The edge: here files are read.
#![allow(clippy::disallowed_methods)]

mod address;
mod answer;
mod options;
mod secret;
mod send;
mod sigv4;
mod streak;
mod template;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use address::is_loopback;
use options::Options;
use send::{Outcome, Sender};
use streak::Streak;

use super::callable::budget::Budget;
use super::callable::reading::{Reading, Vocabulary};
use super::callable::{Accept, Caller, FIRST, Kind, assemble};
use super::spec::{Downloads, Model};
use crate::dataset::read::{decode, read_file};
use crate::diagnostic::{Place, Problem, Problems, plain};
use crate::digest::sha256;

/// Presets that were run against a real server, and not only against its documentation.
const RUN: [&str; 2] = ["kserve", "mlflow"];

/// How much of what a service says to a first question is shown, in characters.
const LAST_WORDS: usize = 300;

/// Loads `http:FILE.toml`.
///
/// # Errors
/// Every problem of the file.
pub fn load(spec: &str, file: &str, downloads: &Downloads<'_>) -> Result<Model, Problems> {
    let bytes = read_file(Path::new(file), "model/no-file")?;
    let text = decode(file, bytes, "model/not-utf8")?;
    let (declared, options) = Options::parse(file, &text)?;
    let host = options.url.host().unwrap_or_default().to_owned();
    let allowed = match downloads {
        _ if is_loopback(&options.url) => true,
        Downloads::Refused => false,
        Downloads::Allowed(tell) => {
            tell(&plain(&format!("texts are sent to {host}, for {spec}")));
            true
        }
    };
    let mut limits = vec![
        "What answers may change at any time without a word; the digest is that of the file that describes it."
            .to_owned(),
    ];
    if let Some(preset) = options.preset.filter(|preset| !RUN.contains(preset)) {
        limits.push(format!(
            "The preset {preset} was written from the documentation of the service and was not run against the service itself."
        ));
    }
    let kind = Kind {
        name: "http",
        engine: format!("the service at {host}"),
        description: if options.about.is_empty() {
            "A service of which nothing is known but what it answers.".to_owned()
        } else {
            options.about.clone()
        },
        limits,
        digest: sha256([declared.asks.as_bytes(), options.preset_text.as_bytes()]),
        files: Vec::new(),
        cache: true,
    };
    let sender = Sender::new(file, &options)?;
    let file = file.to_owned();
    assemble(spec, declared, kind, move |vocabulary| {
        let service = Service {
            file,
            options,
            sender,
            allowed,
            vocabulary: vocabulary.clone(),
            last_words: Mutex::default(),
        };
        (vocabulary, Box::new(service))
    })
}

struct Service {
    file: String,
    options: Options,
    sender: Sender,
    allowed: bool,
    vocabulary: Vocabulary,
    last_words: Mutex<String>,
}

impl Caller for Service {
    fn ready(&self) -> Result<(), Problems> {
        let mut problems = self.options.secrets.lacking.clone();
        if !self.allowed {
            let host = self.options.url.host().unwrap_or_default();
            problems.push(
                Problem::new(
                    "model/network",
                    Place::file(&self.file),
                    format!("texts would be sent to {host}"),
                )
                .help("--allow-network allows it; answers that were kept need no network"),
            );
        }
        problems.or(())
    }

    fn requests(&self, texts: usize) -> u64 {
        texts.div_ceil(self.options.batch) as u64
    }

    fn ask(
        &self,
        texts: &[&str],
        budget: &Arc<Budget>,
        accept: &Accept<'_>,
    ) -> Result<(), Problems> {
        self.ready()?;
        let batches: Vec<(usize, &[&str])> = texts
            .chunks(self.options.batch)
            .enumerate()
            .map(|(number, batch)| (number * self.options.batch, batch))
            .collect();
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let streak = Streak::default();
        let problems: Mutex<Option<Problems>> = Mutex::new(None);
        thread::scope(|scope| {
            for _ in 0..self.options.concurrency.min(batches.len()) {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let Some((start, batch)) = batches.get(number) else {
                            return;
                        };
                        if let Err(more) = self.batch(*start, batch, &streak, budget, accept) {
                            stop.store(true, Ordering::Relaxed);
                            problems
                                .lock()
                                .unwrap_or_else(PoisonError::into_inner)
                                .get_or_insert(more);
                        }
                    }
                });
            }
        });
        problems
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .map_or(Ok(()), Err)
    }

    fn last_words(&self) -> Option<String> {
        let words = self
            .last_words
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        (!words.is_empty()).then(|| format!("it answered:\n{words}"))
    }
}

impl Service {
    /// Asks about some texts, of which the first has this place.
    fn batch(
        &self,
        start: usize,
        texts: &[&str],
        streak: &Streak,
        budget: &Budget,
        accept: &Accept<'_>,
    ) -> Result<(), Problems> {
        match self.send(texts, budget)? {
            Outcome::Body(body) => {
                self.remember(&body);
                let readings = self.read(&body, texts.len());
                let fault = readings.iter().find_map(|reading| reading.clone().err());
                let usable = readings.iter().any(Result::is_ok);
                for (place, reading) in readings.into_iter().enumerate() {
                    accept(start + place, reading)?;
                }
                match fault.filter(|_| !usable) {
                    Some(fault) => self.unusable(&fault, streak, budget)?,
                    None => streak.end(),
                }
            }
            Outcome::Rejected(..) if texts.len() > 1 => {
                let (left, right) = texts.split_at(texts.len() / 2);
                self.batch(start, left, streak, budget, accept)?;
                self.batch(start + left.len(), right, streak, budget, accept)?;
            }
            Outcome::Rejected(status, body) => {
                self.remember(&body);
                let fault = format!("the service does not take it (status {status})");
                accept(start, Err(fault.clone()))?;
                self.unusable(&fault, streak, budget)?;
            }
            Outcome::Failed(fault, body) => {
                self.remember(&body);
                for place in 0..texts.len() {
                    accept(start + place, Err(fault.clone()))?;
                }
                if streak.failed() {
                    return Err(self.hopeless(&fault, ""));
                }
            }
        }
        Ok(())
    }

    fn send(&self, texts: &[&str], budget: &Budget) -> Result<Outcome, Problems> {
        let body = template::fill(&self.options.template, texts, &self.options.values)
            .unwrap_or_default()
            .to_string();
        self.sender
            .send(&self.file, &self.options, body.as_bytes(), budget)
    }

    /// Notes an answer that is of no use. After several in a row a sentence of ours tells whether it is the texts, and
    /// then the run goes on, or the service, and then it would be paid for nothing.
    fn unusable(&self, fault: &str, streak: &Streak, budget: &Budget) -> Result<(), Problems> {
        streak.unusable(|| {
            let (usable, body) = match self.send(&[FIRST], budget)? {
                Outcome::Body(body) => {
                    let readings = self.read(&body, 1);
                    (readings.iter().any(Result::is_ok), body)
                }
                Outcome::Rejected(_, body) | Outcome::Failed(_, body) => (false, body),
            };
            if usable {
                return Ok(());
            }
            Err(self.hopeless(fault, &self.shown(&body)))
        })
    }

    fn read(&self, body: &[u8], texts: usize) -> Vec<Reading> {
        // Some services begin with a mark of their byte order, which JSON does not know.
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        match serde_json::from_slice(body) {
            Ok(body) => answer::read(&self.options.shape, &body, texts)
                .into_iter()
                .map(|said| said.and_then(|said| self.vocabulary.read(&said)))
                .collect(),
            Err(_) => vec![Err("an answer that is no JSON".to_owned()); texts],
        }
    }

    /// Keeps the beginning of an answer; it is only ever shown of the first, which is about a sentence of ours.
    fn remember(&self, body: &[u8]) {
        let mut words = self
            .last_words
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if words.is_empty() {
            *words = self.shown(body);
        }
    }

    /// The beginning of an answer to a sentence of ours; none of one that repeats a key.
    fn shown(&self, body: &[u8]) -> String {
        let text = String::from_utf8_lossy(body);
        if self.options.secrets.are_in(&text) {
            return "(not shown, since it repeats a key)".to_owned();
        }
        text.chars().take(LAST_WORDS).collect()
    }

    fn hopeless(&self, fault: &str, words: &str) -> Problems {
        let help =
            "run it again when the service is back; answers that were kept are not asked for again";
        Problem::new(
            "model/gone",
            Place::file(&self.file),
            if words.is_empty() {
                format!("{} requests in a row got no answer, however often repeated: {fault}", streak::LONGEST)
            } else {
                format!("many requests in a row got no usable answer, and a plain sentence of ours neither: {fault}")
            },
        )
        .help(if words.is_empty() {
            help.to_owned()
        } else {
            format!("{help}; to that sentence it answered:\n{words}")
        })
        .into()
    }
}
