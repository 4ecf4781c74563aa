//! A policy in words: what each gate asks and why, which evidence it wants, what is waived.

use std::fmt::Write;

use crate::attribute::{ATTRIBUTE_KINDS, word};
use crate::case::LABEL_SOURCES;
use crate::diagnostic::{counted, plain_lines};
use crate::measure::Measure;
use crate::policy::reason::reason;
use crate::policy::scope::CONTEXTS;
use crate::policy::{BYS, Gate, INSUFFICIENTS, OFS, Of, Policy, SEVERITIES};

/// All gates of a policy and its waivers.
pub fn policy_page(policy: &Policy, text: &str) -> String {
    let mut head = vec![format!("{} {}", policy.name, policy.version)];
    if let Some(context) = policy.context {
        head.push(format!(
            "  written for the context {0}; an audit that declares none is judged as one of {0}",
            word(&CONTEXTS, &context)
        ));
    }
    let mut page = plain_lines(&head);
    for gate in &policy.gates {
        let _ = write!(page, "\n{}", gate_page(policy, text, gate));
    }
    let _ = write!(page, "\n{}", waivers(policy));
    page
}

/// A gate in words: what it asks and why, which evidence it wants, and which texts it is relevant to.
pub fn gate_page(policy: &Policy, text: &str, gate: &Gate) -> String {
    let mut page = vec![gate.id.clone(), format!("  {}", gate.title)];
    let task = gate.task.map_or("every task", |task| task.as_str());
    page.push(format!(
        "  asks      {} ({}, {}) of {task}: {}",
        gate.measure.page().title.to_lowercase(),
        word(&BYS, &gate.by),
        word(&OFS, &gate.of),
        gate.bound.words()
    ));
    page.push(format!(
        "  evidence  at least {}, intervals at {:.0} %",
        counted(gate.min_n as usize, "case"),
        100.0 * gate.level
    ));
    for wanted in wanted(gate) {
        page.push(format!("            {wanted}"));
    }
    page.push(format!(
        "  severity  {}; missing evidence: {}{}",
        word(&SEVERITIES, &gate.severity),
        word(&INSUFFICIENTS, &gate.insufficient),
        if gate.required { "" } else { "; may be absent" }
    ));
    if !gate.reference.is_empty() {
        page.push(format!("  relevant  {}", gate.reference.join("; ")));
    }
    let measure = gate.measure.page().id;
    for clause in &policy.clauses {
        if clause
            .evidence
            .iter()
            .any(|evidence| *evidence == gate.id || evidence == measure)
        {
            let from = match clause.applies_from.as_str() {
                "" => String::new(),
                date => format!(" (from {date})"),
            };
            page.push(format!(
                "  clause    {}{from}: {}",
                clause.title, clause.note
            ));
        }
    }
    let reason = reason(text, gate.line);
    if !reason.paragraphs.is_empty() {
        page.push(format!(
            "  why       {}, line {} of the policy",
            reason.heading, gate.line
        ));
        for paragraph in reason.paragraphs {
            page.push(format!("            {paragraph}"));
        }
    }
    plain_lines(&page)
}

/// What is waived, by whom and until when, and how much may be.
fn waivers(policy: &Policy) -> String {
    let most = policy.most_waivers.map_or_else(
        || "any number of findings may be waived at once".to_owned(),
        |most| {
            format!(
                "at most {} waived at once",
                counted(most as usize, "finding")
            )
        },
    );
    let mut text = vec![
        "waivers".to_owned(),
        format!(
            "  {}; {most}; what has no result cannot be waived",
            counted(policy.waivers.len(), "waiver")
        ),
    ];
    for waiver in &policy.waivers {
        text.push(format!("  {}", waiver.finding));
        text.push(format!(
            "            {} answers for it until {}: {}",
            waiver.owner, waiver.expires, waiver.reason
        ));
    }
    plain_lines(&text)
}

/// What the data must hold for a gate to be measured.
fn wanted(gate: &Gate) -> Vec<String> {
    let mut wanted = Vec::new();
    if gate.of == Of::Change {
        wanted.push("a baseline: the record of an earlier release (--baseline)".to_owned());
    }
    if !gate.label_sources.is_empty() {
        let sources: Vec<&str> = gate
            .label_sources
            .iter()
            .map(|source| word(&LABEL_SOURCES, source))
            .collect();
        wanted.push(format!("labels that are {}", sources.join(" or ")));
    }
    if !gate.labels.is_empty() {
        wanted.push(format!(
            "the labels {}: each that a model's data lacks is missing evidence",
            gate.labels.join(", ")
        ));
    }
    if gate.by.is_of_groups() {
        let kinds: Vec<&str> = gate
            .attribute_kinds
            .iter()
            .map(|kind| word(&ATTRIBUTE_KINDS, kind))
            .collect();
        let which = match (gate.attributes.as_slice(), kinds.as_slice()) {
            ([], []) => String::new(),
            ([], kinds) => format!(" of kind {}", kinds.join(", ")),
            (names, _) => format!(
                ": {}; each attribute that a model's data lacks is missing evidence",
                names.join(", ")
            ),
        };
        wanted.push(format!("groups that the data declares{which}"));
    }
    // What needs sentences that were built for it is asked for once, wherever they are.
    if !gate.measure.is_of_constructed_sets() {
        wanted.push("the same of every set of natural cases that is judged".to_owned());
    }
    match gate.measure {
        Measure::ScoreShift | Measure::FlipRate | Measure::SetCoverage => {
            wanted.push("sets of sentences that differ only in who is named".to_owned());
        }
        Measure::HumanCrossKappa => wanted.push(
            "several people's labels of the same cases, with an attribute about raters".to_owned(),
        ),
        Measure::HumanAlpha => wanted.push("several people's labels of the same cases".to_owned()),
        _ => {}
    }
    wanted
}
