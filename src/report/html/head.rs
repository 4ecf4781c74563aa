//! The head of the page: what was audited, by which policy, for which use, and how it came out.

use serde::Serialize;

use super::lookup::Lookup;
use super::table::{Fact, facts};
use super::words::{self, OUTCOMES};
use crate::diagnostic::thousands;
use crate::report::terminal;

/// The head.
#[derive(Serialize)]
pub struct Head {
    title: String,
    facts: Vec<Fact>,
    warnings: Vec<Warning>,
    /// The code of the symbol: an outcome.
    mark: &'static str,
    outcome: String,
    explanation: String,
    tallies: Vec<Tally>,
    exit_code: String,
}

#[derive(Serialize)]
struct Warning {
    sentence: String,
    reference: String,
}

#[derive(Serialize)]
struct Tally {
    mark: &'static str,
    count: String,
    word: String,
}

/// Builds the head.
pub fn view(lookup: Lookup<'_>) -> Head {
    let record = lookup.record;
    let models: Vec<String> = record
        .models
        .iter()
        .map(|model| lookup.model_title(&model.name).to_owned())
        .collect();
    let datasets: Vec<String> = record
        .datasets
        .iter()
        .map(|dataset| {
            format!(
                "{} ({})",
                lookup.dataset_title(&dataset.name),
                words::counted(dataset.cases, "case", "cases")
            )
        })
        .collect();
    let (mark, outcome, explanation) = overall(record.exit_code, &record.scope.outcome);
    // What the policy lets be is no pass, and the first sentence must not sound like one.
    let (outcome, explanation) = match terminal::reservations(record) {
        Some(others) if record.exit_code == 0 => (
            "Nothing that the policy requires failed",
            format!(
                "Nor is required evidence missing. Not everything passed: {others}. That is evidence for the people \
                 who decide, and it does not decide for them."
            ),
        ),
        _ => (outcome, explanation.to_owned()),
    };
    let of = |outcome: &str| {
        record
            .findings
            .iter()
            .filter(|finding| finding.outcome == outcome)
            .count() as u64
    };
    // A rule that lets the use proceed is worth a line; rules that warn or refuse stand by themselves.
    let proceeds = record.scope.outcome == "proceed";
    let sentences: Vec<&str> = record
        .scope
        .rules
        .iter()
        .map(|rule| rule.sentence.as_str())
        .collect();
    Head {
        title: format!("Audit of {}", words::list(&models)),
        facts: facts([
            ("Data", words::list(&datasets)),
            (
                "Policy",
                format!("{}, version {}", record.policy.name, record.policy.version),
            ),
            (
                "Declared use",
                format!(
                    "{} from {}; context: {}; reported of: {}",
                    words::list(&record.scope.target),
                    words::list(&record.scope.modality),
                    words::spaced(&record.scope.context),
                    if record.scope.unit == "individual" {
                        "single persons"
                    } else {
                        "many together"
                    }
                ),
            ),
            (
                "Policy on this use",
                if proceeds {
                    sentences.join(" ")
                } else {
                    String::new()
                },
            ),
            (
                "Run",
                record
                    .run
                    .as_ref()
                    .map_or_else(String::new, |run| words::moment(&run.started)),
            ),
        ]),
        warnings: record
            .scope
            .rules
            .iter()
            .filter(|rule| !proceeds && !rule.sentence.is_empty())
            .map(|rule| Warning {
                sentence: rule.sentence.clone(),
                reference: rule.reference.clone(),
            })
            .collect(),
        mark,
        outcome: outcome.to_owned(),
        explanation,
        tallies: OUTCOMES
            .into_iter()
            .map(|outcome| (outcome, of(outcome)))
            .filter(|(_, n)| *n > 0)
            .map(|(outcome, n)| Tally {
                mark: outcome,
                count: thousands(n),
                word: words::outcome(outcome).to_owned(),
            })
            .collect(),
        exit_code: record.exit_code.to_string(),
    }
}

fn overall(exit_code: u8, scope: &str) -> (&'static str, &'static str, &'static str) {
    match exit_code {
        0 => (
            "pass",
            "No gate failed",
            "Every gate that counts passed on this data. That is evidence for the people who decide, and it does not \
             decide for them.",
        ),
        1 => (
            "fail",
            "Gates failed",
            "At least one gate of severity error was disproved: its whole interval lies on the wrong side of the \
             threshold.",
        ),
        3 => (
            "insufficient",
            "Not enough evidence",
            "No gate of severity error failed, but at least one that must pass was neither proven nor disproved, or \
             could not be measured.",
        ),
        _ if exit_code == 4 || scope == "refuse" => (
            "fail",
            "Use refused",
            "The policy refuses the declared use, whatever the measurements say.",
        ),
        _ => (
            "insufficient",
            "Not finished",
            "The audit ended in a way that this page has no words for.",
        ),
    }
}
