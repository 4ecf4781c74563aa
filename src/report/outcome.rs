//! How an audit ended, in a sentence: what failed, what somebody accepted although it failed, and what is open.

use super::by_gate::is_disproved;
use super::html::words::list_up_to;
use crate::diagnostic::{counted, plain};
use crate::record::Record;
use crate::record::v1::{Finding, Waiver};

/// How many people a sentence names before it only counts.
const NAMED: usize = 3;

/// The outcome in a sentence.
pub fn outcome(record: &Record) -> String {
    let names: Vec<&str> = record
        .models
        .iter()
        .map(|model| model.name.as_str())
        .collect();
    let models = plain(&names.join(" and "));
    let accepted = accepted(record);
    let open = reservations(record).map_or_else(String::new, |open| format!("; {open}"));
    match (record.exit_code, accepted) {
        (0, None) if open.is_empty() => format!("{models}: every gate of the policy passed."),
        (0, None) => {
            format!("{models}: nothing that the policy requires failed or is missing{open}.")
        }
        (0, Some(accepted)) => format!(
            "{models}: {accepted}; nothing else that the policy requires failed or is missing{open}."
        ),
        (1, accepted) => format!(
            "{models}: at least one gate of the policy failed{}.",
            accepted.map_or_else(String::new, |accepted| format!("; besides, {accepted}"))
        ),
        (_, None) => {
            format!("{models}: no gate failed, but evidence that the policy requires is missing.")
        }
        (_, Some(accepted)) => {
            format!("{models}: {accepted}; besides, evidence that the policy requires is missing.")
        }
    }
}

/// How many findings failed and are waived, by whom and until when; none where none are.
pub fn accepted(record: &Record) -> Option<String> {
    let failures: Vec<&Waiver> = failures(record)
        .filter_map(|finding| finding.waiver.as_ref())
        .collect();
    let mut owners: Vec<String> = failures.iter().map(|one| plain(&one.owner)).collect();
    owners.sort_unstable();
    owners.dedup();
    let mut until: Vec<&str> = failures.iter().map(|one| one.expires.as_str()).collect();
    until.sort_unstable();
    until.dedup();
    let first = plain(until.first()?);
    let until = match until.len() {
        1 => format!("until {first}"),
        _ => format!("the first until {first}"),
    };
    let is = if failures.len() == 1 { "is" } else { "are" };
    Some(format!(
        "{} {is} accepted, by {} {until}",
        counted(failures.len(), "failure"),
        list_up_to(&owners, NAMED)
    ))
}

/// The findings that did not pass and hold nothing up, counted, but for failures that are accepted; none where all passed.
pub fn reservations(record: &Record) -> Option<String> {
    let count = |state: &dyn Fn(&str) -> bool| {
        let findings = record.findings.iter();
        findings.filter(|finding| state(&finding.outcome)).count()
    };
    let waived = count(&|outcome| outcome == "waived") - failures(record).count();
    let parts: Vec<String> = [
        (count(&|outcome| outcome == "fail"), "failed as a warning"),
        (
            count(&|outcome| !matches!(outcome, "pass" | "fail" | "waived")),
            "without enough evidence",
        ),
        (waived, "waived while undecided"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, words)| format!("{} {words}", counted(n, "finding")))
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What failed and is waived.
fn failures(record: &Record) -> impl Iterator<Item = &Finding> {
    let findings = record.findings.iter();
    findings.filter(|one| one.outcome == "waived" && is_disproved(one))
}
