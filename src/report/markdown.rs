//! A summary in Markdown, for pull requests and job summaries: the verdict, emotion beside polarity, what failed or is
//! open and what would settle it; every finding in a part that unfolds.

use std::fmt::Write;

use super::advice::Advice;
use super::by_gate::{ByGate, State, by_gate, settling};
use super::html::findings::about;
use super::html::lookup::Lookup;
use super::html::unknown;
use super::html::words::{self, Style, spaced};
use super::outcome::outcome;
use super::text::{code, head, prose, row};
use super::{not_auditable, weights};
use crate::diagnostic::thousands;
use crate::record::Record;
use crate::record::v1::Finding;

/// How many findings of a kind stand in the open.
const SHOWN: usize = 10;

/// Renders a record as a summary in Markdown.
pub fn render(record: &Record) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "## {}\n", prose(&outcome(record)));
    for rule in record
        .scope
        .rules
        .iter()
        .filter(|_| record.scope.outcome != "proceed")
    {
        let _ = writeln!(
            out,
            "> **Scope.** {} ({})\n",
            prose(&rule.sentence),
            prose(&rule.reference)
        );
    }
    for sentence in record
        .datasets
        .iter()
        .filter_map(|dataset| weights::sentence(record, dataset))
    {
        let _ = writeln!(out, "> **Weighted.** {}\n", prose(&sentence));
    }
    for sentence in not_auditable::sentences(record) {
        let _ = writeln!(out, "> **Not auditable.** {}.\n", prose(&sentence));
    }
    contrasts(&mut out, record, 3);
    open_findings(&mut out, record);
    controls(&mut out, record);
    not_known(&mut out, record, 3);
    let _ = writeln!(out, "### All findings\n");
    all_findings(&mut out, record);
    footer(&mut out, record);
    out
}

/// Emotion beside polarity on the same cases, a table for each pair of models.
pub(super) fn contrasts(out: &mut String, record: &Record, depth: usize) {
    let lookup = Lookup::of(record);
    for set in lookup.contrast_sets() {
        let whole: Vec<_> = set
            .iter()
            .filter(|contrast| contrast.slice.is_empty())
            .collect();
        let Some(first) = whole.first() else { continue };
        let _ = writeln!(
            out,
            "{} Emotion beside polarity on {}\n\n{} and {} on the same cases. Skill: 0 is guessing, 1 is always right; \
             in brackets the {} interval.\n",
            "#".repeat(depth),
            code(&first.dataset),
            code(&first.emotion_model),
            code(&first.sentiment_model),
            words::percent(record.settings.level),
        );
        out.push_str(&head(&[
            "Emotion",
            "Cases",
            "Skill at the emotion",
            "Skill at polarity",
            "Use",
        ]));
        for contrast in whole {
            out.push_str(&row(&[
                contrast
                    .label
                    .as_deref()
                    .map_or_else(|| "all together".to_owned(), code),
                thousands(contrast.n),
                prose(&Style::Plain.value(&contrast.emotion)),
                prose(&Style::Plain.value(&contrast.sentiment)),
                prose(&Advice::of(lookup, contrast).words()),
            ]));
        }
        out.push('\n');
    }
}

/// What failed and what is open, the first of each, with what would settle it.
fn open_findings(out: &mut String, record: &Record) {
    let gates = by_gate(record);
    for (state, title) in [
        (State::Failed, "Failed"),
        (
            State::Missing,
            "Evidence that the policy requires is missing",
        ),
        (State::Open, "Open, which the policy lets be"),
        (State::Waived, "Waived"),
    ] {
        let mut findings: Vec<(&ByGate<'_>, &Finding)> = gates
            .iter()
            .flat_map(|gate| gate.findings.iter().map(move |finding| (gate, *finding)))
            .filter(|(_, finding)| State::of(record, finding) == state)
            .collect();
        if findings.is_empty() {
            continue;
        }
        findings.sort_by_key(|(_, finding)| finding.severity == "warning");
        let count = thousands(findings.len() as u64);
        let _ = writeln!(out, "### {title}: {count}\n");
        out.push_str(&head(&[
            "Gate",
            "About",
            "Asked",
            "What was found",
            "What would settle it",
        ]));
        for (gate, finding) in findings.iter().take(SHOWN) {
            out.push_str(&open_row(gate, finding));
        }
        if findings.len() > SHOWN {
            let more = thousands((findings.len() - SHOWN) as u64);
            let _ = writeln!(out, "\n… and {more} more under *All findings*.");
        }
        out.push('\n');
    }
}

fn open_row(gate: &ByGate<'_>, finding: &Finding) -> String {
    let warning = if finding.severity == "warning" {
        " (a warning)"
    } else {
        ""
    };
    let subject = finding
        .measurement
        .as_ref()
        .map_or_else(String::new, |measurement| {
            format!(
                "{} on {}: ",
                code(&measurement.model),
                code(&measurement.dataset)
            )
        });
    row(&[
        format!("{}{warning}", prose(gate.title)),
        format!("{subject}{}", prose(&about(finding))),
        prose(&finding.asks),
        prose(&finding.detail),
        prose(&settling(finding)),
    ])
}

/// Negative controls that do not hold.
fn controls(out: &mut String, record: &Record) {
    for control in record.controls.iter().filter(|control| !control.holds) {
        let _ = writeln!(
            out,
            "> **A control failed.** {} ({}): {}. Do not trust this part of the audit.\n",
            prose(&spaced(&control.name)),
            prose(&control.subject),
            prose(&control.detail)
        );
    }
}

/// What the audit does not know.
pub(super) fn not_known(out: &mut String, record: &Record, depth: usize) {
    let sentences = unknown::sentences(Lookup::of(record));
    if !sentences.is_empty() {
        let _ = writeln!(out, "{} Not known\n", "#".repeat(depth));
        for sentence in sentences {
            let _ = writeln!(out, "- {}", prose(&sentence));
        }
        out.push('\n');
    }
}

/// Every finding once: a part that unfolds for each gate.
pub(super) fn all_findings(out: &mut String, record: &Record) {
    let gates = by_gate(record);
    for gate in &gates {
        let counts: Vec<String> = words::OUTCOMES
            .into_iter()
            .map(|outcome| {
                (
                    outcome,
                    gate.findings
                        .iter()
                        .filter(|f| f.outcome == outcome)
                        .count(),
                )
            })
            .filter(|(_, n)| *n > 0)
            .map(|(outcome, n)| format!("{} {}", thousands(n as u64), words::outcome(outcome)))
            .collect();
        if counts.is_empty() && gate.findings.is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "<details><summary>{}: {}</summary>\n\nAsks: {}.\n",
            element(gate.title),
            counts.join(", "),
            prose(gate.asks)
        );
        // Passes need nothing to settle them, and hosts limit the length of a comment.
        let all_passed = gate.findings.iter().all(|f| f.outcome == "pass");
        let columns = if all_passed { 3 } else { 4 };
        let titles = [
            "Outcome",
            "Finding",
            "What was found",
            "What would settle it",
        ];
        out.push_str(&head(&titles[..columns]));
        for finding in &gate.findings {
            let cells = [
                prose(words::outcome(&finding.outcome)),
                code(&finding.id),
                prose(&finding.detail),
                prose(&settling(finding)),
            ];
            out.push_str(&row(&cells[..columns]));
        }
        out.push_str("\n</details>\n\n");
    }
    if record.findings.is_empty() {
        out.push_str("There is no finding.\n\n");
    }
}

/// Text inside an HTML element, where Markdown's own escapes do not hold.
fn element(text: &str) -> String {
    let mut out = Vec::new();
    let written = tera::escape_html(&prose(text).replace('\\', ""), &mut out);
    debug_assert!(written.is_ok());
    String::from_utf8_lossy(&out).into_owned()
}

/// What judged, what it rests on, and what it does not claim.
pub(super) fn footer(out: &mut String, record: &Record) {
    let run = record.run.as_ref().map_or_else(String::new, |run| {
        format!(", run {}", words::moment(&run.started))
    });
    let locked = words::locked(record).map_or_else(String::new, |locked| format!(", {locked}"));
    let baseline = match &record.baseline {
        Some(baseline) => format!(" Changes are since the record {}.", baseline.digest),
        None => String::new(),
    };
    let _ = writeln!(
        out,
        "<sub>Judged by {} {}{} with {} {}{}. Record {}.{} Exit code {}. It is about these models, data and thresholds: \
         evidence for the people who decide.</sub>",
        prose(&record.policy.name),
        prose(&record.policy.version),
        prose(&locked),
        prose(&record.tool.name),
        prose(&record.tool.version),
        prose(&run),
        prose(&record.digest),
        baseline,
        record.exit_code
    );
}
