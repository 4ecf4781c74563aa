//! Models that can only be called, a program or a service: what they share.
//!
//! Answers that were kept are used first, what is left is asked, and what cannot be read as an answer counts as
//! failed. How a model is asked is left to `process` and `http`.

pub mod journal;
pub mod options;
pub mod reading;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use journal::Journal;
use options::Declared;
use reading::{Reading, Vocabulary};

use super::spec::{Engine, Model};
use super::{Answered, FileDigest, ModelCard, Provenance, TextModel};
use crate::diagnostic::{Place, Problem, Problems, counted};
use crate::prediction::Answer;

/// What every such model is asked first, when it is loaded: a sentence of ours, before it sees anybody's.
const FIRST: &str = "The parcel arrived on Tuesday.";

/// The most kinds of faults that are told of.
const MOST_FAULTS: usize = 5;

/// Somebody who answers.
pub trait Caller: Send + Sync {
    /// Asks about texts and hands over each answer, by the place of its text, as it comes.
    ///
    /// # Errors
    /// Whatever makes it useless to ask on; what was handed over stays.
    fn ask(&self, texts: &[&str], accept: &Accept<'_>) -> Result<(), Problems>;

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

struct Callable {
    vocabulary: Vocabulary,
    journal: Option<Journal>,
    caller: Box<dyn Caller>,
}

/// Puts a model together, and asks it a first question.
///
/// # Errors
/// A model that does not answer it, or a journal that cannot be used.
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
        Some(Journal::open(&kind.digest, &scheme)?)
    } else {
        None
    };
    let model = Callable {
        vocabulary,
        journal,
        caller,
    };
    model.first(spec)?;
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

impl Callable {
    /// What is wrong is better told before anybody's text is sent.
    fn first(&self, spec: &str) -> Result<(), Problems> {
        let (readings, _) = self.readings(&[FIRST], &|_| {})?;
        let Some(Err(fault)) = readings.into_iter().next() else {
            return Ok(());
        };
        let words = self.caller.last_words().unwrap_or_default();
        let help = if words.is_empty() {
            "compare what it answers with what its file says of labels and scores".to_owned()
        } else {
            format!("the last it wrote to standard error:\n{words}")
        };
        Err(Problem::new(
            "model/no-answer",
            Place::file(spec),
            format!("it gives no usable answer to a first sentence: {fault}"),
        )
        .help(help)
        .into())
    }

    /// A reading for each text, and how many were known from before.
    fn readings(
        &self,
        texts: &[&str],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<(Vec<Reading>, usize), Problems> {
        let scheme = &self.vocabulary.scheme;
        let known: Vec<Option<(Answer, Vec<f64>)>> = texts
            .iter()
            .map(|text| self.journal.as_ref().and_then(|journal| journal.get(text)))
            .collect();
        let mut readings: Vec<Option<Reading>> =
            known.into_iter().map(|known| known.map(Ok)).collect();
        let open: Vec<usize> = (0..texts.len())
            .filter(|place| readings[*place].is_none())
            .collect();
        let before = texts.len() - open.len();
        progress(before);
        if !open.is_empty() {
            let asked: Vec<&str> = open.iter().map(|place| texts[*place]).collect();
            let got: Mutex<(Vec<Option<Reading>>, usize)> =
                Mutex::new((vec![None; open.len()], before));
            self.caller.ask(&asked, &|place, reading| {
                let mut got = got.lock().unwrap_or_else(PoisonError::into_inner);
                let (got, done) = &mut *got;
                let again = got[place].is_some();
                if let Some(journal) = &self.journal {
                    match &reading {
                        Ok(answer) => journal.keep(asked[place], Some(answer), scheme)?,
                        Err(_) if again => journal.keep(asked[place], None, scheme)?,
                        Err(_) => {}
                    }
                }
                got[place] = Some(reading);
                if !again {
                    *done += 1;
                    progress(*done);
                }
                Ok(())
            })?;
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
    fn answer_all(
        &self,
        texts: &[&str],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Answered, Problems> {
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
