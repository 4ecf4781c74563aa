//! Whether a model is still the one whose answers were kept: sentences that nobody is sure of, where a model that was
//! changed is likeliest to answer otherwise, are asked when its answers begin to be kept, and again whenever more are asked.

use super::Callable;
use super::journal::{Given, Journal};
use crate::diagnostic::{Place, Problem, Problems, counted};
use crate::model::sentences::canaries;

/// By how much two scores may differ and count as the same. Services round to hundredths.
const TOLERANCE: f64 = 0.01 + 1e-9;

impl Callable {
    /// Asks what a model that was changed would answer otherwise: twice when its answers begin to be kept, since
    /// one that answers differently from one moment to the next cannot be told from one that was changed; once whenever
    /// it goes on.
    pub(super) fn watch(&self, journal: &Journal) -> Result<(), Problems> {
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
    pub(super) fn caveats(&self) -> Vec<String> {
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

    /// How many requests that takes.
    pub(super) fn watching(&self, journal: &Journal) -> u64 {
        let given: Vec<Vec<Given>> = canaries()
            .map(|sentence| journal.canary(sentence))
            .collect();
        let fresh = given.iter().filter(|given| given.len() < 2).count();
        let again = given.iter().filter(|given| steady(given).is_some()).count();
        2 * self.requests(fresh) + self.requests(again)
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
