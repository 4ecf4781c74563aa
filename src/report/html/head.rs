//! The head of the page: what was audited, by which policy, for which use, and how it came out.

use serde::Serialize;

use super::lookup::Lookup;
use super::site::Site;
use super::table::{Fact, facts};
use super::words::{self, OUTCOMES};
use crate::diagnostic::thousands;
use crate::report::by_gate::State;
use crate::report::outcome::{accepted, reservations};

/// Most models that the title names.
const NAMED: usize = 3;

/// The head.
#[derive(Serialize)]
pub struct Head {
    /// What the page is about.
    pub title: String,
    facts: Vec<Fact>,
    warnings: Vec<Warning>,
    /// The code of the symbol: an outcome.
    mark: &'static str,
    outcome: String,
    explanation: String,
    tallies: Vec<Tally>,
    exit_code: String,
    /// The audit that this page is a part of.
    up: Option<Up>,
}

/// The first page of an audit, from another.
#[derive(Serialize)]
struct Up {
    address: String,
    name: String,
    /// How the whole audit ended.
    ended: String,
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
    let accepted = accepted(record);
    let mark = match accepted {
        Some(_) if record.exit_code == 0 => "waived",
        _ => mark,
    };
    let (outcome, explanation) = match (record.exit_code, reservations(record), accepted) {
        (0, Some(open), None) => (
            "Nothing that the policy requires failed",
            format!(
                "Nor is required evidence missing. Not everything passed: {open}. That is evidence for the people who \
                 decide, and it does not decide for them."
            ),
        ),
        (0, open, Some(accepted)) => (
            "What failed is accepted",
            format!(
                "{accepted}. Nothing else that the policy requires failed, nor is required evidence missing.{} That is \
                 evidence for the people who decide, and it does not decide for them.",
                open.map_or_else(String::new, |open| format!(
                    " Nor did all else pass: {open}."
                ))
            ),
        ),
        (3, _, Some(accepted)) => (
            outcome,
            format!(
                "At least one finding that must pass was neither proven nor disproved, or could not be measured. \
                 Besides, {accepted}."
            ),
        ),
        (_, _, Some(accepted)) => (outcome, format!("{explanation} Besides, {accepted}.")),
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
        title: if models.len() > NAMED {
            format!("Audit of {} models", models.len())
        } else {
            format!("Audit of {}", words::list(&models))
        },
        facts: facts([
            ("Data", words::list(&datasets)),
            (
                "Policy",
                format!(
                    "{}, version {}{}",
                    record.policy.name,
                    record.policy.version,
                    words::locked(record).map_or_else(String::new, |locked| format!(", {locked}"))
                ),
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
        up: None,
    }
}

/// The head of the page of one model, whose outcome is that of its own findings and says so.
pub fn part(lookup: Lookup<'_>, site: &Site) -> Head {
    let record = lookup.record;
    let states: Vec<(State, &str)> = record
        .findings
        .iter()
        .map(|finding| (State::of(record, finding), finding.severity.as_str()))
        .collect();
    let failed = states.contains(&(State::Failed, "error"));
    let missing = states.iter().any(|(state, _)| *state == State::Missing);
    let (mark, outcome, explanation) = match (failed, missing) {
        _ if states.is_empty() => (
            "insufficient",
            "Nothing was asked of this model",
            "No gate of the policy is about it, which is not a pass.",
        ),
        (true, _) => (
            "fail",
            "Gates failed for this model",
            "At least one gate of severity error was disproved for this model.",
        ),
        (false, true) => (
            "insufficient",
            "Not enough evidence on this model",
            "No gate of severity error failed for this model, but at least one that must pass was neither proven nor \
             disproved, or could not be measured.",
        ),
        (false, false) if accepted(record).is_some() => (
            "waived",
            "What failed for this model is accepted",
            "Somebody answers for it until a date. It is evidence for the people who decide, and it does not decide for them.",
        ),
        (false, false) => (
            "pass",
            "No gate failed for this model",
            "That is about this model alone. It is evidence for the people who decide, and it does not decide for them.",
        ),
    };
    let (_, ended, _) = overall(lookup.whole.exit_code, &record.scope.outcome);
    let ended = match accepted(lookup.whole) {
        Some(_) if lookup.whole.exit_code == 0 => "what failed is accepted",
        _ => ended,
    };
    let models = lookup.whole.models.len() as u64;
    let whole = view(lookup);
    let about = if record.datasets.len() < lookup.whole.datasets.len() {
        let titles = record
            .datasets
            .iter()
            .map(|one| lookup.dataset_title(&one.name).to_owned());
        format!(" on {}", words::list(&titles.collect::<Vec<String>>()))
    } else {
        String::new()
    };
    Head {
        title: format!("{}{about}", whole.title.trim_start_matches("Audit of ")),
        mark,
        outcome: outcome.to_owned(),
        explanation: match accepted(record) {
            Some(accepted) => format!("{accepted}. {explanation}"),
            None => explanation.to_owned(),
        },
        up: Some(Up {
            address: site.back(),
            name: format!("Audit of {}", words::counted(models, "model", "models")),
            ended: format!(
                "The audit of {} ended with exit code {}: {}.",
                match models {
                    1 => "all data".to_owned(),
                    models => format!("all {models} models"),
                },
                lookup.whole.exit_code,
                ended.to_lowercase()
            ),
        }),
        ..whole
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
