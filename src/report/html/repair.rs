//! For who has to mend it: each gate that holds the release up, its worst finding, and the commands to look again.

use serde::Serialize;

use super::findings;
use super::lookup::{Lookup, numbers};
use super::table::{Cell, Table};
use super::words;
use crate::record::v1::Finding;
use crate::report::by_gate::{ByGate, State, by_gate};

/// What holds the release up.
#[derive(Serialize)]
pub struct Repair {
    sentence: String,
    gates: Option<Table>,
    commands: Vec<Command>,
}

/// A command with what it is for.
#[derive(Serialize)]
struct Command {
    what: &'static str,
    line: &'static str,
}

/// Builds the list of gates that failed or lack required evidence.
pub fn view(lookup: Lookup<'_>) -> Repair {
    let record = lookup.record;
    let mut table = Table::new(
        "Gates that failed or lack required evidence",
        &[
            "Gate",
            "#Failed",
            "#Evidence missing",
            "Furthest from passing",
            "What was found",
        ],
    );
    let mut warned = 0;
    for gate in by_gate(record) {
        let failed = gate.count(record, State::Failed);
        let missing = gate.count(record, State::Missing);
        if failed + missing == 0 {
            continue;
        }
        if gate.severity == "warning" {
            warned += 1;
            continue;
        }
        let worst = worst(lookup, &gate);
        let title = Cell::text(gate.title).note(gate.asks);
        table.row(vec![
            // With a page for each model, the gate stands on several.
            match lookup.site {
                None => title.leading_to(format_args!("gate-{}", place(lookup, gate.id))),
                Some(_) => title,
            },
            Cell::count(failed as u64),
            Cell::count(missing as u64),
            worst.map_or_else(
                || Cell::absent("none"),
                |finding| {
                    let cell = Cell::text(findings::about(finding));
                    let whose = lookup.site.and(finding.measurement.as_ref());
                    let whose = whose.map_or("", |of| lookup.model_title(&of.model));
                    cell.note(whose).leading_away(lookup.address(finding))
                },
            ),
            worst.map_or_else(
                || Cell::absent("none"),
                |finding| Cell::prose(words::prose(&finding.detail)),
            ),
        ]);
    }
    let held = table.rows.len() as u64;
    let warned = match warned {
        0 => String::new(),
        n => format!(
            " {} failed as a warning, which holds nothing up.",
            words::counted(n, "gate", "gates")
        ),
    };
    Repair {
        sentence: match held {
            0 => format!(
                "Nothing: no gate of severity error failed, and no required evidence is missing.{warned}"
            ),
            _ => format!(
                "{} failed or {} required evidence.{warned}",
                words::counted(held, "gate", "gates"),
                if held == 1 { "lacks" } else { "lack" }
            ),
        },
        gates: (held > 0).then_some(table),
        commands: vec![
            Command {
                what: "Judge the saved record again",
                line: "affect-audit gate audit.json",
            },
            Command {
                what: "Judge it by a changed policy",
                line: "affect-audit gate audit.json --policy my-policy.md",
            },
            Command {
                what: "Write every finding where a code host shows it",
                line: "affect-audit report audit.json --format sarif -o audit.sarif",
            },
            Command {
                what: "Every number as a table",
                line: "affect-audit report audit.json --format csv -o audit.csv",
            },
        ],
    }
}

/// The place of a gate among those that findings name, as the section about findings counts them.
pub fn place(lookup: Lookup<'_>, gate: &str) -> usize {
    let gates = by_gate(lookup.record);
    gates.iter().position(|one| one.id == gate).unwrap_or(0) + 1
}

/// The failed finding whose estimate is largest in size where zero is asked for, else smallest; else any that is open.
fn worst<'a>(lookup: Lookup<'a>, gate: &ByGate<'a>) -> Option<&'a Finding> {
    let of = |state: State| {
        let findings = gate.findings.iter().copied();
        findings.filter(move |finding| State::of(lookup.record, finding) == state)
    };
    let size = |finding: &Finding| {
        let measurement = finding.measurement.as_ref();
        let (estimate, ..) = measurement.and_then(|m| numbers(&m.value))?;
        let around_zero = measurement.is_some_and(|m| m.comparison.is_some());
        Some(if around_zero {
            estimate.abs()
        } else {
            -estimate
        })
    };
    of(State::Failed)
        .max_by(|a, b| {
            let key = |finding| size(finding).unwrap_or(f64::NEG_INFINITY);
            key(a).total_cmp(&key(b))
        })
        .or_else(|| of(State::Missing).next())
}
