//! What comes before anybody's texts: whether the model can be asked at all, whether it is still the one that gave the
//! answers that were kept, and what all of that will cost.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use super::Callable;
use super::budget::Budget;
use super::journal::Given;
use super::reading::Reading;
use crate::diagnostic::{Place, Problem, Problems, counted};
use crate::model::sentences;

/// What every such model is asked first: a sentence of ours, before it sees anybody's.
pub const FIRST: &str = "The parcel arrived on Tuesday.";

/// What was found before anybody's texts were sent.
pub struct Begun {
    /// Whether the model will be asked about any of the texts.
    pub asks: bool,
    /// What a report must say of the answers that are kept.
    pub caveats: Vec<String>,
}

impl Callable {
    /// Makes sure that the model can be asked about texts, and asks it sentences of ours; of texts that were all
    /// answered before, nobody is asked anything. In a replay nobody is asked at all.
    ///
    /// # Errors
    /// A model that cannot be asked, gives no usable answer or has changed; a journal that cannot be written; in a replay,
    /// texts without an outcome.
    pub fn begin(&self, texts: &[&str], replay: bool) -> Result<Begun, Problems> {
        self.begun.store(true, Ordering::Relaxed);
        self.replay.store(replay, Ordering::Relaxed);
        if replay {
            self.replayed(texts)?;
        }
        let asks = !replay && texts.iter().any(|text| !self.is_kept(text));
        if asks {
            self.caller.ready()?;
            if let Some(journal) = &self.journal {
                journal.open()?;
            }
            self.first()?;
            if let Some(journal) = self.journal.as_ref().filter(|_| self.canaries) {
                self.watch(journal)?;
            }
        }
        Ok(Begun {
            asks,
            caveats: self.caveats(),
        })
    }

    /// Whether answers to sentences of ours shall be looked at before anybody's texts are sent.
    pub fn is_checked(&self) -> bool {
        self.sanity
    }

    /// What is wrong is better told before anybody's text is sent.
    fn first(&self) -> Result<(), Problems> {
        let (readings, _) = self.readings(&[FIRST], &|_| {})?;
        let Some(Err(fault)) = readings.into_iter().next() else {
            return Ok(());
        };
        let help = self.caller.last_words().unwrap_or_else(|| {
            "compare what it answers with what its file says of labels and scores".to_owned()
        });
        Err(Problem::new(
            "model/no-answer",
            Place::file(&self.spec),
            format!("it gives no usable answer to a first sentence: {fault}"),
        )
        .help(help)
        .into())
    }

    /// Asks sentences anew, whatever was kept, and keeps none of the answers.
    pub(super) fn afresh(&self, sentences: &[&str]) -> Result<Vec<Option<Given>>, Problems> {
        let got: Mutex<Vec<Option<Given>>> = Mutex::new(vec![None; sentences.len()]);
        if !sentences.is_empty() {
            let asking = self
                .caller
                .ask(sentences, &self.budget, &|place, reading: Reading| {
                    got.lock().unwrap_or_else(PoisonError::into_inner)[place] = reading.ok();
                    Ok(())
                });
            asking.map_err(|problems| self.budget.settled(problems))?;
        }
        Ok(got.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// What came of texts when they were asked about, and how many they are.
    pub(super) fn replayed(&self, texts: &[&str]) -> Result<(Vec<Reading>, usize), Problems> {
        let Some(journal) = &self.journal else {
            return Err(Problem::new(
                "model/not-kept",
                Place::file(&self.spec).key("cache"),
                "none of its answers are kept, so there is nothing to replay",
            )
            .help("name a file in cassette, or say cache = true, and run it once without --replay")
            .into());
        };
        let outcomes: Vec<Option<Option<Given>>> =
            texts.iter().map(|text| journal.outcome(text)).collect();
        let missing: HashSet<&str> = texts
            .iter()
            .zip(&outcomes)
            .filter_map(|(text, outcome)| outcome.is_none().then_some(*text))
            .collect();
        if missing.is_empty() {
            let readings = outcomes
                .into_iter()
                .flatten()
                .map(|given| given.ok_or_else(|| "nothing usable when it was asked".to_owned()));
            return Ok((readings.collect(), texts.len()));
        }
        let all: HashSet<&&str> = texts.iter().collect();
        Err(Problem::new(
            "model/not-kept",
            Place::file(journal.path().display().to_string()),
            format!(
                "{} of {} were never asked about, so this cannot be replayed",
                missing.len(),
                counted(all.len(), "text")
            ),
        )
        .help(format!(
            "run it without --replay to ask {} for them; --dry-run tells what that costs",
            self.spec
        ))
        .into())
    }

    /// Whether a text needs no asking.
    pub fn is_kept(&self, text: &str) -> bool {
        self.journal
            .as_ref()
            .is_some_and(|journal| journal.get(text).is_some())
    }

    /// Whether answers are kept at all.
    pub fn keeps(&self) -> bool {
        self.journal.is_some()
    }

    /// What it may cost, and what was spent.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// How many requests so many texts take where nothing goes wrong.
    pub fn requests(&self, texts: usize) -> u64 {
        self.caller.requests(texts)
    }

    /// How many requests sentences of ours take before the first text is sent.
    pub fn beforehand(&self) -> u64 {
        let mut requests = self.requests(usize::from(!self.is_kept(FIRST)));
        if self.sanity
            && let Some(probe) = sentences::probe(&self.vocabulary.scheme)
        {
            let texts: HashSet<&str> = probe.texts().into_iter().collect();
            requests += self.requests(texts.iter().filter(|text| !self.is_kept(text)).count());
        }
        if let Some(journal) = self.journal.as_ref().filter(|_| self.canaries) {
            requests += self.watching(journal);
        }
        requests
    }
}
