//! Models that can only be called, a program or a service: what they share.
//!
//! Answers that were kept are used first, what is left is asked, and what cannot be read as an answer counts as
//! failed. What comes before anybody's texts is left to `begin` and `watch`, how a model is asked to `process` and `http`.

mod assemble;
mod begin;
pub mod budget;
pub mod journal;
pub mod options;
pub mod reading;
mod watch;

pub use assemble::{Kind, assemble};
pub use begin::FIRST;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use budget::Budget;
use journal::Journal;
use reading::{Reading, Vocabulary};

use super::{Answered, TextModel};
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

    /// What may help to understand why the first question went wrong, as a sentence.
    fn last_words(&self) -> Option<String> {
        None
    }
}

/// Takes an answer; an error ends the asking.
pub type Accept<'a> = dyn Fn(usize, Reading) -> Result<(), Problems> + Sync + 'a;

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
        if before < texts.len() {
            notes.extend(self.budget.spent_so_far());
        }
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
