//! What comes before anybody's texts: whether the model can be asked at all, whether it is still the one that gave the
//! answers that were kept, and what all of that will cost.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use super::Callable;
use super::budget::Budget;
use super::journal::{Given, Journal};
use super::reading::Reading;
use crate::diagnostic::{Place, Problem, Problems, counted};
use crate::model::sentences::{self, canaries};

/// What every such model is asked first: a sentence of ours, before it sees anybody's.
const FIRST: &str = "The parcel arrived on Tuesday.";

/// By how much two scores may differ and count as the same. Services round to hundredths.
const TOLERANCE: f64 = 0.01 + 1e-9;

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
        let words = self.caller.last_words().unwrap_or_default();
        let help = if words.is_empty() {
            "compare what it answers with what its file says of labels and scores".to_owned()
        } else {
            format!("the last it wrote to standard error:\n{words}")
        };
        Err(Problem::new(
            "model/no-answer",
            Place::file(&self.spec),
            format!("it gives no usable answer to a first sentence: {fault}"),
        )
        .help(help)
        .into())
    }

    /// Asks sentences anew, whatever was kept, and keeps none of the answers.
    fn afresh(&self, sentences: &[&str]) -> Result<Vec<Option<Given>>, Problems> {
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

    /// Asks what a model that was changed would answer otherwise: twice when its answers begin to be kept, since
    /// one that answers differently from one moment to the next cannot be told from one that was changed; once whenever
    /// it goes on.
    fn watch(&self, journal: &Journal) -> Result<(), Problems> {
        let (begun, fresh): (Vec<&str>, Vec<&str>) =
            canaries().partition(|sentence| journal.canary(sentence).len() > 1);
        for _ in 0..2 {
            for (sentence, given) in fresh.iter().zip(self.afresh(&fresh)?) {
                if let Some(given) = given {
                    journal.keep_canary(sentence, &given)?;
                }
            }
        }
        let steady: Vec<(&str, Given)> = begun
            .into_iter()
            .filter_map(|sentence| Some((sentence, steady(&journal.canary(sentence))?)))
            .collect();
        let asked: Vec<&str> = steady.iter().map(|(sentence, _)| *sentence).collect();
        let now = self.afresh(&asked)?;
        let compared: Vec<bool> = steady
            .iter()
            .zip(&now)
            .filter_map(|((_, before), now)| Some(!same(before, now.as_ref()?)))
            .collect();
        let changed = compared.iter().filter(|changed| **changed).count();
        if changed == 0 {
            return Ok(());
        }
        if !self.mix {
            return Err(self.other_model(journal, changed, compared.len()));
        }
        if journal.changed() != Some((changed, compared.len())) {
            journal.note_change(changed, compared.len())?;
        }
        Ok(())
    }

    fn other_model(&self, journal: &Journal, changed: usize, of: usize) -> Problems {
        Problem::new(
            "model/changed",
            Place::file(&self.spec),
            format!(
                "{changed} of {} are answered otherwise than when its answers began to be kept, so it is another model now; no text was sent",
                counted(of, "control sentence")
            ),
        )
        .help(format!(
            "to ask everything anew, move {} elsewhere; to use what is kept and send nothing, say --replay; to mix answers of both, and have the report say so, write if_changed = \"mix\" in the file of the model",
            journal.path().display()
        ))
        .into()
    }

    /// What a report must say of the answers that are kept.
    fn caveats(&self) -> Vec<String> {
        let Some(journal) = &self.journal else {
            return Vec::new();
        };
        let mut caveats = Vec::new();
        if let Some((changed, of)) = journal.changed() {
            caveats.push(format!(
                "It changed while it was asked: {changed} of {} got other answers later, so some answers are of another model than others.",
                counted(of, "control sentence")
            ));
        }
        let begun: Vec<Vec<Given>> = canaries()
            .map(|sentence| journal.canary(sentence))
            .filter(|given| given.len() > 1)
            .collect();
        let unsteady = begun.iter().filter(|given| steady(given).is_none()).count();
        if unsteady > 0 {
            caveats.push(format!(
                "It does not always answer the same: {unsteady} of {} got two different answers when asked twice.",
                counted(begun.len(), "control sentence")
            ));
        }
        caveats
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
            let given: Vec<Vec<Given>> = canaries()
                .map(|sentence| journal.canary(sentence))
                .collect();
            let fresh = given.iter().filter(|given| given.len() < 2).count();
            let again = given.iter().filter(|given| steady(given).is_some()).count();
            requests += 2 * self.requests(fresh) + self.requests(again);
        }
        requests
    }
}

/// The answer that a sentence got at the beginning, where it got the same twice.
fn steady(given: &[Given]) -> Option<Given> {
    match given {
        [first, second, ..] if same(first, second) => Some(first.clone()),
        _ => None,
    }
}

/// Whether two answers are the same but for rounding.
fn same(one: &Given, other: &Given) -> bool {
    one.0 == other.0
        && one.1.len() == other.1.len()
        && one
            .1
            .iter()
            .zip(&other.1)
            .all(|(one, other)| (one - other).abs() <= TOLERANCE)
}
