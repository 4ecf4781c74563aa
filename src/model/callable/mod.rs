//! Models that can only be called, a program or a service: what they share.
//!
//! Answers that were kept are used first, what is left is asked, and what cannot be read as an answer counts as
//! failed. What comes before anybody's texts is left to `begin`, how a model is asked to `process` and `http`.

mod begin;
pub mod budget;
pub mod journal;
pub mod options;
pub mod reading;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use budget::Budget;
use journal::Journal;
use options::Declared;
use reading::{Reading, Vocabulary};

use super::sentences::LANGUAGE;
use super::spec::{Engine, Model};
use super::{Answered, FileDigest, ModelCard, Provenance, TextModel};
use crate::diagnostic::{Problems, counted};
use crate::prediction::Answer;

/// The most kinds of faults that are told of.
const MOST_FAULTS: usize = 5;

/// Somebody who answers.
pub trait Caller: Send + Sync {
    /// Asks about texts and hands over each answer, by the place of its text, as it comes. Every request is counted
    /// before it is made.
    ///
    /// # Errors
    /// Whatever makes it useless to ask on, such as a budget that is spent; what was handed over stays.
    fn ask(
        &self,
        texts: &[&str],
        budget: &Arc<Budget>,
        accept: &Accept<'_>,
    ) -> Result<(), Problems>;

    /// What keeps it from being asked at all, such as a key that is lacking; nothing is sent to find out.
    ///
    /// # Errors
    /// All of that.
    fn ready(&self) -> Result<(), Problems> {
        Ok(())
    }

    /// How many requests so many texts take where nothing goes wrong.
    fn requests(&self, texts: usize) -> u64 {
        texts as u64
    }

    /// What may help to understand why the first question went wrong.
    fn last_words(&self) -> Option<String> {
        None
    }
}

/// Takes an answer; an error ends the asking.
pub type Accept<'a> = dyn Fn(usize, Reading) -> Result<(), Problems> + Sync + 'a;

/// What a model is, apart from what its file declares.
pub struct Kind {
    /// `process` or `http`.
    pub name: &'static str,
    /// What computes its answers.
    pub engine: String,
    /// What is said of it where its file says nothing.
    pub description: String,
    /// What it is not fit for, whatever its file says.
    pub limits: Vec<String>,
    /// SHA-256 of all that answers depend on, as far as known.
    pub digest: String,
    /// The files among that.
    pub files: Vec<FileDigest>,
    /// Whether answers are kept, unless the file says otherwise.
    pub cache: bool,
}

/// A model that is called.
pub struct Callable {
    spec: String,
    vocabulary: Vocabulary,
    journal: Option<Arc<Journal>>,
    budget: Arc<Budget>,
    caller: Box<dyn Caller>,
    sanity: bool,
    canaries: bool,
    mix: bool,
    begun: AtomicBool,
    replay: AtomicBool,
}

/// Puts a model together. Nothing is asked or written yet.
///
/// # Errors
/// A journal that cannot be read.
pub fn assemble(
    spec: &str,
    declared: Declared,
    kind: Kind,
    make: impl FnOnce(Vocabulary) -> (Vocabulary, Box<dyn Caller>),
) -> Result<Model, Problems> {
    let (vocabulary, caller) = make(declared.vocabulary);
    let scheme = vocabulary.scheme.clone();
    let mut limits = kind.limits;
    limits.extend(declared.limits);
    if declared.training_data.is_empty() {
        limits.push(
            "Nothing says what it was trained on, so it may have seen the data it is audited on."
                .to_owned(),
        );
    }
    let journal = if declared.cache.unwrap_or(kind.cache) {
        let cassette = declared.cassette.as_deref();
        Some(Arc::new(Journal::read(&kind.digest, &scheme, cassette)?))
    } else {
        None
    };
    let file = spec.split_once(':').map_or(spec, |(_, file)| file);
    let model = Callable {
        spec: spec.to_owned(),
        vocabulary,
        budget: Arc::new(Budget::new(file, declared.caps, journal.clone())),
        journal,
        caller,
        sanity: declared.sanity && speaks(&declared.languages, LANGUAGE),
        canaries: declared.canaries,
        mix: declared.mix,
        begun: AtomicBool::new(false),
        replay: AtomicBool::new(false),
    };
    Ok(Model {
        card: ModelCard {
            name: format!("{}:{}", kind.name, declared.name),
            spec: spec.to_owned(),
            title: declared.title,
            kind: kind.name,
            scheme: Some(scheme.clone()),
            description: if declared.description.is_empty() {
                kind.description
            } else {
                declared.description
            },
            licence: declared.licence,
            training_data: declared.training_data,
            limits,
            digest: kind.digest,
            provenance: Provenance {
                engine: kind.engine,
                languages: declared.languages,
                files: kind.files,
                ..Provenance::default()
            },
        },
        engine: Engine::Text {
            scheme,
            model: Box::new(model),
        },
    })
}

/// Whether a model is meant for a language, as far as its file says.
fn speaks(languages: &[String], language: &str) -> bool {
    languages.is_empty()
        || languages.iter().any(|tag| {
            tag.split(['-', '_'])
                .next()
                .is_some_and(|tag| tag.eq_ignore_ascii_case(language))
        })
}

impl Callable {
    /// A reading for each text, and how many were known from before.
    fn readings(
        &self,
        texts: &[&str],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<(Vec<Reading>, usize), Problems> {
        if self.replay.load(Ordering::Relaxed) {
            return self.replayed(texts);
        }
        let kept = |text: &&str| self.journal.as_ref().and_then(|journal| journal.get(text));
        let mut readings: Vec<Option<Reading>> =
            texts.iter().map(|text| kept(text).map(Ok)).collect();
        let open: Vec<usize> = (0..texts.len())
            .filter(|place| readings[*place].is_none())
            .collect();
        let before = texts.len() - open.len();
        progress(before);
        if !open.is_empty() {
            let asked: Vec<&str> = open.iter().map(|place| texts[*place]).collect();
            let got: Mutex<(Vec<Option<Reading>>, usize)> =
                Mutex::new((vec![None; open.len()], before));
            let asking = self.caller.ask(&asked, &self.budget, &|place, reading| {
                let mut got = got.lock().unwrap_or_else(PoisonError::into_inner);
                let (got, done) = &mut *got;
                let again = got[place].is_some();
                if let Some(journal) = &self.journal {
                    journal.keep(asked[place], &reading)?;
                }
                got[place] = Some(reading);
                if !again {
                    *done += 1;
                    progress(*done);
                }
                Ok(())
            });
            asking.map_err(|problems| self.budget.settled(problems))?;
            let (got, _) = got.into_inner().unwrap_or_else(PoisonError::into_inner);
            for (place, reading) in open.into_iter().zip(got) {
                readings[place] = reading;
            }
        }
        let readings = readings
            .into_iter()
            .map(|reading| reading.unwrap_or_else(|| Err("no answer".to_owned())))
            .collect();
        Ok((readings, before))
    }
}

impl TextModel for Callable {
    fn called(&self) -> Option<&Callable> {
        Some(self)
    }

    fn answer(&self, text: &str) -> (Answer, Vec<f64>) {
        self.answer_all(&[text], &|_| {})
            .ok()
            .and_then(|answered| answered.answers.into_iter().next())
            .unwrap_or((Answer::Failed, Vec::new()))
    }

    fn answer_all(
        &self,
        texts: &[&str],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Answered, Problems> {
        if !self.begun.load(Ordering::Relaxed) {
            self.begin(texts, false)?;
        }
        let (readings, before) = self.readings(texts, progress)?;
        let mut faults: BTreeMap<String, usize> = BTreeMap::new();
        let answers: Vec<(Answer, Vec<f64>)> = readings
            .into_iter()
            .map(|reading| {
                reading.unwrap_or_else(|fault| {
                    *faults.entry(fault).or_default() += 1;
                    (Answer::Failed, Vec::new())
                })
            })
            .collect();
        let mut notes = Vec::new();
        if before > 0 {
            notes.push(format!(
                "{} of {} were kept from before",
                counted(before, "answer"),
                texts.len()
            ));
        }
        notes.extend(told(faults, texts.len()));
        Ok(Answered {
            answers,
            cut: Vec::new(),
            notes,
        })
    }
}

/// How many texts failed, and of what.
fn told(faults: BTreeMap<String, usize>, texts: usize) -> Option<String> {
    let failed: usize = faults.values().sum();
    if failed == 0 {
        return None;
    }
    let kinds = faults.len();
    let mut faults: Vec<(String, usize)> = faults.into_iter().collect();
    faults.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut shown: Vec<String> = faults
        .into_iter()
        .take(MOST_FAULTS)
        .map(|(fault, count)| format!("{count} times {fault}"))
        .collect();
    if kinds > MOST_FAULTS {
        shown.push(format!("{} more kinds", kinds - MOST_FAULTS));
    }
    Some(format!(
        "{failed} of {} got no answer and count as failed: {}",
        counted(texts, "text"),
        shown.join("; ")
    ))
}
