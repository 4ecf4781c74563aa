//! The summary for a terminal: the outcome, what to use for each emotion, and what stands in the way.

mod behaviour;
mod dimensions;
mod groups;
mod pairs;
mod provisos;

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::advice::Advice;
use super::html::lookup::Lookup;
use super::html::words::{list_up_to, locked};
use super::outcome::outcome;
use crate::diagnostic::{counted, decimal, limit, plain};
use crate::policy::RESERVED;
use crate::record::v1::{CHANGE, Contrast, Finding, PAIRED_CHANGE, Record, Value};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// How many open findings are spelled out.
const SHOWN: usize = 8;

/// The summary, with ANSI styles that the printer strips where they do not belong.
pub fn summary(record: &Record) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", outcome(record));
    for dataset in &record.datasets {
        let _ = writeln!(
            out,
            "{DIM}{}: {}{DIM:#}",
            plain(&dataset.name),
            counted(dataset.cases as usize, "case")
        );
    }
    provisos::provisos(&mut out, record);
    for rule in record
        .scope
        .rules
        .iter()
        .filter(|_| record.scope.outcome == "warn")
    {
        let _ = writeln!(
            out,
            "\n{YELLOW}scope{YELLOW:#} {} [{}]",
            plain(&rule.sentence),
            plain(&rule.reference)
        );
    }
    contrasts(&mut out, record);
    polarity_only(&mut out, record);
    quality(&mut out, record);
    pairs::pairs(&mut out, record);
    groups::worst(&mut out, record);
    behaviour::behaviour(&mut out, record);
    controls(&mut out, record);
    gates(&mut out, record);
    out
}

fn contrasts(out: &mut String, record: &Record) {
    let mut shown: Option<(&str, &str, &str)> = None;
    let end = |out: &mut String, pair: Option<(&str, &str, &str)>| {
        let left_out = pair.map_or_else(Vec::new, |pair| not_compared(record, pair));
        if !left_out.is_empty() {
            let names = list_up_to(&left_out, SHOWN);
            let _ = writeln!(
                out,
                "{DIM}too few cases with a polarity to be compared: {names}{DIM:#}"
            );
        }
    };
    for contrast in record
        .contrasts
        .iter()
        .filter(|contrast| contrast.slice.is_empty())
    {
        let pair = (
            contrast.emotion_model.as_str(),
            contrast.sentiment_model.as_str(),
            contrast.dataset.as_str(),
        );
        if shown != Some(pair) {
            end(out, shown);
            shown = Some(pair);
            let _ = writeln!(
                out,
                "\n{BOLD}Emotion against sentiment{BOLD:#} on {}: {} and {} (skill: 0 is guessing, 1 is always right)",
                plain(pair.2),
                plain(pair.0),
                plain(pair.1)
            );
            let _ = writeln!(
                out,
                "{DIM}{:<14}{:>6}  {:<26}{:<26}use{DIM:#}",
                "", "n", "emotion", "polarity"
            );
        }
        let _ = writeln!(
            out,
            "{:<14}{:>6}  {:<26}{:<26}{}",
            plain(contrast.label.as_deref().unwrap_or("all emotions")),
            contrast.n,
            number(&contrast.emotion),
            number(&contrast.sentiment),
            advice(record, contrast)
        );
    }
    end(out, shown);
}

/// The emotions with a verdict that have no row.
fn not_compared(record: &Record, (emotion, sentiment, dataset): (&str, &str, &str)) -> Vec<String> {
    let has_row = |label: &str| {
        record.contrasts.iter().any(|row| {
            (row.emotion_model.as_str(), row.sentiment_model.as_str()) == (emotion, sentiment)
                && row.dataset == dataset
                && row.slice.is_empty()
                && row.label.as_deref() == Some(label)
        })
    };
    let verdicts = record.verdicts.iter();
    let judged = verdicts
        .filter(|one| (one.model.as_str(), one.dataset.as_str()) == (emotion, dataset))
        .filter(|one| one.task == "emotion" && one.slice.is_empty());
    let labels = judged.filter_map(|one| one.label.as_deref());
    labels.filter(|label| !has_row(label)).map(plain).collect()
}

/// For which emotions and groups polarity holds up where the emotion is not shown to; or that there is none.
fn polarity_only(out: &mut String, record: &Record) {
    if record.contrasts.is_empty() {
        return;
    }
    let better: Vec<&Contrast> = record
        .contrasts
        .iter()
        .filter(|contrast| contrast.recommendation == "polarity-only")
        .collect();
    if better.is_empty() {
        let _ = writeln!(
            out,
            "\nThere is no emotion here for which polarity is shown to hold up and the emotion is not."
        );
        return;
    }
    let _ = writeln!(
        out,
        "\n{BOLD}Polarity holds up where the emotion is not shown to{BOLD:#}"
    );
    for contrast in better.iter().take(SHOWN) {
        let slice: Vec<String> = contrast
            .slice
            .iter()
            .map(|(attribute, group)| format!("{} {}", plain(attribute), plain(group)))
            .collect();
        let place = if slice.is_empty() {
            "all cases".to_owned()
        } else {
            slice.join(", ")
        };
        let _ = writeln!(
            out,
            "  {:<13} {place} of {}: polarity {}, emotion {}{}",
            plain(contrast.label.as_deref().unwrap_or("all emotions")),
            plain(&contrast.dataset),
            number(&contrast.sentiment),
            number(&contrast.emotion),
            not_shared(record, contrast)
        );
    }
    if better.len() > SHOWN {
        let _ = writeln!(out, "  ... and {} more in the report", better.len() - SHOWN);
    }
}

/// Why an emotion is of no use, however well it is read, where people do not share it.
fn not_shared(record: &Record, contrast: &Contrast) -> &'static str {
    let verdict = Advice::verdict(Lookup::of(record), contrast);
    match verdict.is_some_and(|verdict| verdict.verdict == "not-auditable") {
        true => ", which people do not agree on",
        false => "",
    }
}

fn advice(record: &Record, contrast: &Contrast) -> String {
    let advice = Advice::of(Lookup::of(record), contrast);
    let style = match advice.code.as_str() {
        "emotion-usable" => GREEN,
        "limited" | "polarity-only" => YELLOW,
        "neither" | "unreliable" | "not-auditable" => RED,
        _ => DIM,
    };
    format!("{style}{}{style:#}", plain(&advice.words()))
}

/// Headline measures of models that stand in no contrast. Functional tests have a block of their own.
fn quality(out: &mut String, record: &Record) {
    for evaluation in &record.evaluations {
        let of_this =
            |model: &str, dataset: &str| model == evaluation.model && dataset == evaluation.dataset;
        let contrasted = record.contrasts.iter().any(|contrast| {
            of_this(&contrast.emotion_model, &contrast.dataset)
                || of_this(&contrast.sentiment_model, &contrast.dataset)
        });
        if contrasted || behaviour::is_tested(record, evaluation) {
            continue;
        }
        let _ = writeln!(
            out,
            "\n{BOLD}{}{BOLD:#} on {} ({}, {} judged)",
            plain(&evaluation.model),
            plain(&evaluation.dataset),
            evaluation.task,
            counted(evaluation.judged as usize, "case")
        );
        for measure in [
            "coverage",
            "skill",
            "accuracy",
            "subset-accuracy",
            "macro-f1",
            "flip-rate",
        ] {
            let found = record.measurements.iter().filter(|measurement| {
                of_this(&measurement.model, &measurement.dataset)
                    && measurement.measure == measure
                    && measurement.label.is_none()
                    && measurement.slice.is_empty()
                    && measurement
                        .comparison
                        .as_ref()
                        .is_none_or(|comparison| comparison.kind == "within-sets")
            });
            for measurement in found {
                // Coverage is worth a line where something went unanswered.
                if matches!(&measurement.value, Value::Defined { estimate, .. } if measure == "coverage" && *estimate == 1.0)
                {
                    continue;
                }
                let attribute = measurement
                    .comparison
                    .as_ref()
                    .and_then(|comparison| comparison.attribute.as_deref());
                let mut name = match attribute {
                    Some(attribute) => format!("{measure}, {}", plain(attribute)),
                    None => measure.to_owned(),
                };
                let to = measurement.comparison.as_ref();
                match to.map(|comparison| comparison.kind.as_str()) {
                    Some(CHANGE) => name.push_str(", change"),
                    Some(PAIRED_CHANGE) => name.push_str(", paired change"),
                    _ => {}
                }
                let _ = writeln!(out, "  {name:<24}{}", number(&measurement.value));
            }
        }
        dimensions::dimensions(out, record, evaluation);
    }
}

fn controls(out: &mut String, record: &Record) {
    for control in record.controls.iter().filter(|control| !control.holds) {
        let _ = writeln!(
            out,
            "\n{RED}control failed{RED:#} {} ({}): {}. Do not trust this part of the audit.",
            control.name,
            plain(&control.subject),
            control.detail
        );
    }
}

fn gates(out: &mut String, record: &Record) {
    let _ = writeln!(
        out,
        "\n{BOLD}Gates{BOLD:#} of {} {}{}",
        plain(&record.policy.name),
        plain(&record.policy.version),
        locked(record).map_or_else(String::new, |locked| plain(&format!(", {locked}")))
    );
    for gate in &record.policy.gates {
        let of_gate: Vec<&Finding> = record
            .findings
            .iter()
            .filter(|finding| finding.gate == gate.id)
            .collect();
        let count = |outcome: &str| {
            of_gate
                .iter()
                .filter(|finding| finding.outcome == outcome)
                .count()
        };
        let parts: Vec<String> = ["fail", "insufficient", "unmeasured", "waived", "pass"]
            .into_iter()
            .filter(|outcome| count(outcome) > 0)
            .map(|outcome| format!("{} {outcome}", count(outcome)))
            .collect();
        let (style, mark) = if count("fail") > 0 {
            (
                if gate.severity == "error" {
                    RED
                } else {
                    YELLOW
                },
                "fail",
            )
        } else if count("insufficient") + count("unmeasured") > 0 {
            (YELLOW, "open")
        } else if count("waived") > 0 {
            (YELLOW, "waived")
        } else if of_gate.is_empty() {
            (DIM, "none")
        } else {
            (GREEN, "pass")
        };
        let asked = if of_gate.is_empty() {
            "not asked of these models".to_owned()
        } else {
            parts.join(", ")
        };
        let severity = if gate.severity == "warning" {
            " (warning)"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "  {style}{mark:<7}{style:#}{:<29} {asked}{severity}",
            plain(&gate.id)
        );
    }
    // What the program itself finds, of waivers and of what no gate asks.
    let own = |finding: &&Finding| RESERVED.contains(&finding.gate.as_str());
    for finding in record.findings.iter().filter(own) {
        let (gate, detail) = (&finding.gate, plain(&finding.detail));
        let _ = writeln!(out, "  {YELLOW}{gate}{YELLOW:#} {detail}");
    }
    let failed: Vec<&Finding> = record
        .findings
        .iter()
        .filter(|finding| finding.outcome == "fail" && finding.severity == "error")
        .collect();
    if !failed.is_empty() {
        let _ = writeln!(out, "\n{BOLD}What failed{BOLD:#}");
    }
    for finding in failed.iter().take(SHOWN) {
        let _ = writeln!(
            out,
            "  {RED}fail{RED:#} {}: {} (asked: {})",
            plain(&finding.id),
            plain(&finding.detail),
            finding.asks
        );
    }
    if failed.len() > SHOWN {
        let _ = writeln!(out, "  ... and {} more in the report", failed.len() - SHOWN);
    }
}

/// A value with its interval, or why there is none.
pub fn number(value: &Value) -> String {
    match value {
        Value::Defined {
            estimate, interval, ..
        } => format!(
            "{} ({} to {})",
            decimal(*estimate, 2),
            limit(interval.low, 2),
            limit(interval.high, 2)
        ),
        Value::Missing { undefined } => format!("not known: {}", undefined.reason),
    }
}
