//! Findings: counts by gate first, then what failed or is open with what would settle it, then what passed.

use serde::Serialize;

use super::counterfactual::{attribute_of, groups};
use super::lookup::Lookup;
use super::table::{Cell, Link, Row, Table};
use super::words::{self, OUTCOMES};
use crate::diagnostic::thousands;
use crate::record::v1::{Finding, Gate};
use crate::report::by_gate::settling;

/// How many open findings of a gate stand in the open; the rest can be unfolded, or stands on further pages.
const SHOWN: usize = 10;

/// All findings.
#[derive(Serialize)]
pub struct FindingsView {
    counts: Table,
    gates: Vec<GateView>,
    passes: Vec<PassesView>,
}

/// The findings of one gate that did not pass.
#[derive(Serialize)]
struct GateView {
    place: usize,
    heading: String,
    code: String,
    asks: String,
    first: Table,
    more: String,
    rest: Option<Table>,
    further: Vec<Link>,
}

/// The findings of one gate that passed.
#[derive(Serialize)]
struct PassesView {
    summary: String,
    subjects: Vec<Subject>,
    further: Vec<Link>,
}

/// What passed of one model on one dataset.
#[derive(Serialize)]
struct Subject {
    heading: String,
    /// What the ids of its findings begin with.
    under: String,
    passes: Vec<Pass>,
}

#[derive(Serialize)]
struct Pass {
    /// What leads to it: `f12` is the twelfth finding of the record.
    anchor: String,
    /// What its id goes on with after what all of them begin with.
    id: String,
    text: String,
}

/// Every finding, each exactly once: here, or where the lookup knows further pages, on one of them.
pub fn view(lookup: Lookup<'_>) -> FindingsView {
    with(lookup, SHOWN)
}

/// Every finding of a further page, none of them folded.
pub fn unfolded(lookup: Lookup<'_>) -> FindingsView {
    with(lookup, usize::MAX)
}

/// The findings that leave a page with too many: what did not pass beyond the first of each gate, and what passed.
pub fn leaving(lookup: Lookup<'_>) -> Vec<&Finding> {
    let mut leaving = Vec::new();
    for (_, findings) in gates(lookup) {
        let (open, passed) = divided(&findings);
        leaving.extend(open.iter().skip(shown(open.len(), SHOWN)).copied());
        leaving.extend(passed);
    }
    leaving
}

fn with(lookup: Lookup<'_>, most: usize) -> FindingsView {
    let gates = gates(lookup);
    let mut counts = Table::new(
        "Findings by gate",
        &[
            "Gate",
            "#Failed",
            "#Not enough evidence",
            "#Unmeasured",
            "#Waived",
            "#Passed",
        ],
    );
    for (code, findings) in &gates {
        let mut cells = vec![Cell::text(heading(lookup, code)).note(requirement(findings))];
        cells.extend(OUTCOMES.map(|outcome| {
            let n = findings
                .iter()
                .filter(|finding| finding.outcome == outcome)
                .count() as u64;
            let cell = Cell::count(n);
            if n > 0 {
                cell.marked(outcome, "")
            } else {
                cell
            }
        }));
        counts.row(cells);
    }
    FindingsView {
        counts,
        passes: gates
            .iter()
            .filter_map(|(code, findings)| passes(lookup, code, &divided(findings).1))
            .collect(),
        gates: gates
            .iter()
            .filter_map(|(code, findings)| gate(lookup, code, &divided(findings).0, most))
            .collect(),
    }
}

/// What did not pass, failures first, and what passed.
fn divided<'a>(findings: &[&'a Finding]) -> (Vec<&'a Finding>, Vec<&'a Finding>) {
    let (passed, mut open): (Vec<_>, Vec<_>) = findings
        .iter()
        .copied()
        .partition(|finding| finding.outcome == "pass");
    open.sort_by_key(|finding| {
        OUTCOMES
            .iter()
            .position(|outcome| *outcome == finding.outcome)
    });
    (open, passed)
}

/// How many of the open findings of a gate stand in the open. A remainder of one or two is not worth unfolding.
fn shown(open: usize, most: usize) -> usize {
    if open <= most.saturating_add(2) {
        open
    } else {
        most
    }
}

/// The further pages that hold any of these findings.
fn further(lookup: Lookup<'_>, findings: &[&Finding]) -> Vec<Link> {
    let Some(further) = lookup.further else {
        return Vec::new();
    };
    let anchors = findings.iter().map(|finding| lookup.anchor(finding));
    further.links(&anchors.collect::<Vec<String>>())
}

/// Findings by gate: gates of the policy in its order, then those that are none of its gates.
fn gates(lookup: Lookup<'_>) -> Vec<(&str, Vec<&Finding>)> {
    let mut codes: Vec<&str> = lookup
        .record
        .policy
        .gates
        .iter()
        .map(|gate| gate.id.as_str())
        .collect();
    for finding in &lookup.record.findings {
        if !codes.contains(&finding.gate.as_str()) {
            codes.push(&finding.gate);
        }
    }
    codes
        .into_iter()
        .map(|code| {
            (
                code,
                lookup
                    .record
                    .findings
                    .iter()
                    .filter(|finding| finding.gate == code)
                    .collect(),
            )
        })
        .filter(|(_, findings): &(&str, Vec<&Finding>)| !findings.is_empty())
        .collect()
}

fn policy_gate<'a>(lookup: Lookup<'a>, code: &str) -> Option<&'a Gate> {
    lookup
        .record
        .policy
        .gates
        .iter()
        .find(|gate| gate.id == code)
}

fn heading(lookup: Lookup<'_>, code: &str) -> String {
    match policy_gate(lookup, code) {
        Some(gate) if !gate.title.is_empty() => gate.title.clone(),
        _ => words::sentence(&words::spaced(code)),
    }
}

fn requirement(findings: &[&Finding]) -> String {
    findings.first().map_or_else(String::new, |finding| {
        let severity = match finding.severity.as_str() {
            "warning" => ", a warning only",
            _ => "",
        };
        format!("{}{severity}", finding.asks)
    })
}

fn gate(lookup: Lookup<'_>, code: &str, open: &[&Finding], most: usize) -> Option<GateView> {
    if open.is_empty() {
        return None;
    }
    let shown = shown(open.len(), most);
    let title = heading(lookup, code);
    let rest = &open[shown..];
    let references = policy_gate(lookup, code)
        .map(|gate| gate.reference.join("; "))
        .unwrap_or_default();
    let line = policy_gate(lookup, code)
        .map_or_else(String::new, |gate| format!(" Policy line {}.", gate.line));
    let relevant = if references.is_empty() {
        String::new()
    } else {
        format!(" Evidence relevant to {references}.")
    };
    Some(GateView {
        place: super::repair::place(lookup, code),
        code: code.to_owned(),
        asks: format!("Asks: {}.{relevant}{line}", requirement(open)),
        first: table(lookup, &format!("Not passed: {title}"), &open[..shown]),
        more: format!(
            "{} of this gate",
            words::counted(rest.len() as u64, "more finding", "more findings")
        ),
        further: further(lookup, rest),
        rest: (!rest.is_empty() && lookup.further.is_none())
            .then(|| table(lookup, &format!("Not passed, continued: {title}"), rest)),
        heading: title,
    })
}

/// One row for each finding, with the id that a waiver would name.
fn table(lookup: Lookup<'_>, caption: &str, findings: &[&Finding]) -> Table {
    let mut table = Table::new(
        caption,
        &[
            "About",
            "Outcome",
            "What was found",
            "#Cases",
            "What would settle it",
        ],
    );
    for finding in findings {
        table.rows.push(Row {
            id: lookup.anchor(finding),
            finding: true,
            cells: vec![
                Cell::text(about(finding)).note(&finding.id),
                Cell::mark(&finding.outcome, words::outcome(&finding.outcome)),
                Cell::prose(found(finding)),
                finding
                    .measurement
                    .as_ref()
                    .map_or_else(|| Cell::absent("none"), Cell::cases),
                Cell::text(if plainly_failed(finding) {
                    String::new()
                } else {
                    settling(finding)
                }),
            ],
        });
    }
    table
}

/// Label and group.
pub fn about(finding: &Finding) -> String {
    let Some(measurement) = &finding.measurement else {
        return if finding.outcome == "unmeasured" {
            "the whole audit".to_owned()
        } else {
            finding.id.clone()
        };
    };
    let within = attribute_of(measurement)
        .filter(|_| measurement.slice.is_empty())
        .map(|attribute| format!("sets by {}", words::spaced(attribute)));
    let place = within.unwrap_or_else(|| groups(measurement));
    match &measurement.label {
        Some(label) if measurement.slice.is_empty() => label.clone(),
        Some(label) => format!("{label}, {place}"),
        None => place,
    }
}

/// Model and dataset.
fn subject(lookup: Lookup<'_>, finding: &Finding) -> String {
    finding
        .measurement
        .as_ref()
        .map_or_else(String::new, |measurement| {
            let model = lookup.model_title(&measurement.model);
            format!("{model} on {}", measurement.dataset)
        })
}

/// Whether what would settle a finding is what the section says of all that failed.
fn plainly_failed(finding: &Finding) -> bool {
    finding.outcome == "fail" && finding.gate != "waiver"
}

fn passes(lookup: Lookup<'_>, code: &str, passed: &[&Finding]) -> Option<PassesView> {
    let mut subjects: Vec<(String, Vec<&Finding>)> = Vec::new();
    // They stand on further pages where there are any.
    for finding in passed.iter().filter(|_| lookup.further.is_none()) {
        let heading = subject(lookup, finding);
        match subjects.iter_mut().find(|(other, _)| *other == heading) {
            Some((_, findings)) => findings.push(finding),
            None => subjects.push((heading, vec![finding])),
        }
    }
    let subjects = subjects
        .into_iter()
        .map(|(heading, findings)| {
            let under = beginning(&findings);
            let passes = findings.iter().map(|finding| Pass {
                anchor: lookup.anchor(finding),
                id: finding.id[under.len()..].to_owned(),
                text: found(finding),
            });
            Subject {
                passes: passes.collect(),
                under: under.to_owned(),
                heading,
            }
        })
        .collect();
    (!passed.is_empty()).then(|| PassesView {
        summary: format!(
            "{}: {} passed",
            heading(lookup, code),
            thousands(passed.len() as u64)
        ),
        subjects,
        further: further(lookup, passed),
    })
}

/// The parts that all ids begin with, so that a page need not repeat them.
fn beginning<'a>(findings: &[&'a Finding]) -> &'a str {
    let Some(first) = findings.first() else {
        return "";
    };
    let ends = first.id.match_indices('/').map(|(place, _)| place + 1);
    let shared = ends.rev().find(|end| {
        let beginning = &first.id[..*end];
        findings.iter().all(|one| one.id.starts_with(beginning))
    });
    &first.id[..shared.unwrap_or(0)]
}

/// What was found, with the interval in brackets: "0.32, 95 % interval 0.28 to 0.36" takes room in a thousand rows.
fn found(finding: &Finding) -> String {
    let short = || {
        let (before, after) = finding.detail.split_once(" % interval ")?;
        let (estimate, _level) = before.rsplit_once(", ")?;
        let end = after.find([';', ',']).unwrap_or(after.len());
        let (interval, rest) = after.split_at(end);
        Some(format!("{estimate} ({interval}){rest}"))
    };
    words::prose(&short().unwrap_or_else(|| finding.detail.clone()))
}
