//! Models side by side, for a terminal and in Markdown: what stands after correction, the whole models first.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::text::{code, head, prose, row as markdown_row};
use super::tidy::slice;
use crate::diagnostic::{decimal, plain, signed};
use crate::record::side_by_side::{Comparison, OUTCOMES, PAIRED_CASES, Pair, Row, Side};
use crate::record::v1::Value;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// What the intervals of changes rest on.
fn basis(comparison: &Comparison) -> &'static str {
    let paired = |pair: &Pair| pair.basis == PAIRED_CASES;
    if comparison.pairs.iter().any(paired) {
        PAIRED
    } else {
        BASIS
    }
}

const PAIRED: &str = "Changes that are paired rest on differences within the cases that both models answered. Those that are not paired are worked out from the intervals of the records, as if the two models' errors had nothing to do with each other: a true change can be missed that way. What is undecided is not shown to be equal.";

const BASIS: &str = "Changes are worked out from the intervals of the records, as if the two models' errors had nothing to do with each other (not paired). On the same cases a true change can be missed that way; what is undecided is not shown to be equal.";

/// For a terminal.
pub fn text(comparison: &Comparison, all: bool) -> String {
    let mut out = String::new();
    for (place, record) in comparison.records.iter().enumerate() {
        let _ = writeln!(
            out,
            "record {}  {}  (policy {}, digest {:.8})",
            place + 1,
            plain(&record.file),
            plain(&record.policy),
            record.digest
        );
    }
    for note in &comparison.notes {
        let _ = writeln!(out, "{YELLOW}note{YELLOW:#} {}", plain(note));
    }
    for pair in &comparison.pairs {
        let _ = writeln!(
            out,
            "\n{BOLD}{}{BOLD:#}\n  {}",
            plain(&title(pair)),
            counts(pair)
        );
        for row in shown(pair, all) {
            let style = match row.outcome {
                "better" => GREEN,
                "worse" => RED,
                _ => YELLOW,
            };
            let _ = writeln!(
                out,
                "  {style}{:<13}{style:#} {}: {}",
                row.outcome,
                plain(&about(row)),
                plain(&told(pair, row))
            );
        }
    }
    if !comparison.not_compared.is_empty() {
        let _ = writeln!(out, "\n{BOLD}Not compared{BOLD:#}");
    }
    for left in &comparison.not_compared {
        let _ = writeln!(
            out,
            "  {}, {}, records 1 and {}: {} ({})",
            plain(&left.dataset),
            left.task,
            left.record,
            plain(&left.detail),
            left.reason
        );
    }
    let _ = writeln!(out, "\n{}", basis(comparison));
    out
}

/// In Markdown, as for a pull request.
pub fn markdown(comparison: &Comparison, all: bool) -> String {
    let mut out = String::from("## Models side by side\n\n");
    out.push_str(&head(&["record", "file", "policy", "digest"]));
    for (place, record) in comparison.records.iter().enumerate() {
        out.push_str(&markdown_row(&[
            (place + 1).to_string(),
            code(&record.file),
            prose(&record.policy),
            code(&record.digest),
        ]));
    }
    for note in &comparison.notes {
        let _ = write!(out, "\n> {}\n", prose(note));
    }
    for pair in &comparison.pairs {
        let _ = write!(
            out,
            "\n### {}\n\n{}\n\n",
            prose(&title(pair)),
            prose(&counts(pair))
        );
        let rows = shown(pair, all);
        if !rows.is_empty() {
            out.push_str(&head(&["outcome", "what", "values and change"]));
        }
        for row in rows {
            let outcome = row.outcome.to_owned();
            out.push_str(&markdown_row(&[
                outcome,
                prose(&about(row)),
                prose(&told(pair, row)),
            ]));
        }
    }
    if !comparison.not_compared.is_empty() {
        out.push_str("\n### Not compared\n\n");
    }
    for left in &comparison.not_compared {
        let _ = writeln!(
            out,
            "- {}, {}, records 1 and {}: {} ({})",
            prose(&left.dataset),
            prose(&left.task),
            left.record,
            prose(&left.detail),
            left.reason
        );
    }
    let _ = write!(out, "\n{}\n", basis(comparison));
    out
}

fn title(pair: &Pair) -> String {
    let side = |side: &Side| format!("{} (record {})", side.model, side.record);
    format!(
        "{}, {}: {} against {}",
        pair.dataset,
        pair.task,
        side(&pair.other),
        side(&pair.first)
    )
}

fn counts(pair: &Pair) -> String {
    let counted: Vec<String> = OUTCOMES
        .iter()
        .filter_map(|outcome| {
            let count = pair.counts.get(outcome).copied().unwrap_or_default();
            (count > 0).then(|| format!("{count} {outcome}"))
        })
        .collect();
    let looks = pair.rows.iter().filter(|row| row.p.is_some()).count();
    let level = pair.level * 100.0;
    let procedure = match pair.correction {
        "benjamini-yekutieli" => "Benjamini-Yekutieli",
        _ => "Benjamini-Hochberg",
    };
    let same = if pair.first.digest == pair.other.digest {
        "; both are the same model, by their digest"
    } else {
        ""
    };
    let paired = match pair
        .rows
        .iter()
        .filter(|row| row.paired_n.is_some())
        .count()
    {
        _ if pair.basis != PAIRED_CASES => String::new(),
        paired => format!(", {paired} of them paired"),
    };
    format!(
        "{}; {level} % intervals, {procedure} over {looks} changes{paired}{same}",
        counted.join(", ")
    )
}

/// The rows to show, whole models first, then what stands: all rows, or what stands and what is about all cases.
fn shown(pair: &Pair, all: bool) -> Vec<&Row> {
    let whole = |row: &Row| row.slice.is_empty() && row.label.is_none();
    let mut rows: Vec<&Row> = pair
        .rows
        .iter()
        .filter(|row| {
            let stands = !matches!(row.outcome, "undecided" | "not-measured");
            all || stands || (whole(row) && row.p.is_some())
        })
        .collect();
    let rank = |row: &Row| OUTCOMES.iter().position(|outcome| *outcome == row.outcome);
    rows.sort_by_key(|row| (!whole(row), rank(row)));
    rows
}

/// "recall of fear, gender=woman, difference to the others".
fn about(row: &Row) -> String {
    let mut about = row.measure.clone();
    if let Some(label) = &row.label {
        let _ = write!(about, " of {label}");
    }
    if !row.slice.is_empty() {
        let _ = write!(about, ", {}", slice(&row.slice));
    }
    if let Some(comparison) = &row.comparison {
        let _ = write!(about, ", {}", comparison.kind.replace('-', " "));
        let given = comparison.attribute.iter().chain(&comparison.group);
        let given: Vec<&str> = given
            .chain(&comparison.controls)
            .map(String::as_str)
            .collect();
        if !given.is_empty() {
            let _ = write!(about, " ({})", given.join(", "));
        }
    }
    about
}

fn told(pair: &Pair, row: &Row) -> String {
    let value = |value: &Value| match value {
        Value::Defined { estimate, .. } => decimal(*estimate, 3),
        Value::Missing { .. } => "none".to_owned(),
    };
    let sides = format!("{} to {}", value(&row.first), value(&row.other));
    let n = match (row.first_n, row.other_n) {
        (one, other) if one == other => format!("n {one}"),
        (one, other) => format!("n {one} and {other}"),
    };
    let paired = match row.paired_n {
        Some(cases) => format!(", paired on {cases}"),
        None if pair.basis == PAIRED_CASES => ", not paired".to_owned(),
        None => String::new(),
    };
    match &row.change {
        Value::Defined {
            estimate, interval, ..
        } => {
            let of = if row.of == "value" {
                ""
            } else {
                " of the distance from zero"
            };
            let p = row.adjusted_p.map_or_else(String::new, |p| match p {
                p if p < 0.001 => ", adjusted p below 0.001".to_owned(),
                p => format!(", adjusted p {p:.3}"),
            });
            format!(
                "{sides}, change{of} {} ({} to {}){p}, {n}{paired}",
                signed(*estimate, 3),
                signed(interval.low, 3),
                signed(interval.high, 3)
            )
        }
        Value::Missing { undefined } => format!("{sides}, {n}: {}", undefined.detail),
    }
}
