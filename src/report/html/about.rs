//! Negative controls, limits, texts that the evidence is relevant to, and what it takes to run the audit again.

use serde::Serialize;

use super::lookup::Lookup;
use super::table::{Cell, Fact, Table, facts};
use super::words;
use crate::diagnostic::thousands;
use crate::report::weights;

/// Comparisons whose right answer is known.
#[derive(Serialize)]
pub struct ControlsView {
    sentence: String,
    broken: Option<Table>,
    held: Option<Table>,
}

/// What it takes to run the audit again.
#[derive(Serialize)]
pub struct Reproduction {
    facts: Vec<Fact>,
    digests: Table,
    command: String,
}

/// The negative controls; those that do not hold come first.
pub fn controls(lookup: Lookup<'_>) -> ControlsView {
    let (held, broken): (Vec<_>, Vec<_>) = lookup
        .record
        .controls
        .iter()
        .partition(|control| control.holds);
    let table = |caption: &str, controls: &[&crate::record::v1::Control]| {
        let mut table = Table::new(caption, &["Control", "On", "Outcome", "What it showed"]);
        for control in controls {
            let (code, word) = if control.holds {
                ("pass", "holds")
            } else {
                ("fail", "does not hold")
            };
            table.row(vec![
                Cell::text(words::sentence(&words::spaced(&control.name))),
                Cell::text(&control.subject),
                Cell::mark(code, word),
                Cell::prose(words::prose(&control.detail)),
            ]);
        }
        (!controls.is_empty()).then_some(table)
    };
    let sentence = match (broken.len(), held.len()) {
        (0, 0) => "No negative control ran: nothing in this data allowed one, so there is no check on the audit itself.".to_owned(),
        (0, held) => format!(
            "All {} show no more than chance allows.",
            words::counted(held as u64, "negative control", "negative controls")
        ),
        (broken, held) => format!(
            "{} of {} show a difference where there is none. What this audit says about those models, data and \
             attributes cannot be trusted.",
            thousands(broken as u64),
            words::counted((broken + held) as u64, "negative control", "negative controls")
        ),
    };
    ControlsView {
        sentence,
        broken: table("Negative controls that do not hold", &broken),
        held: table("Negative controls that hold", &held),
    }
}

/// What the audit cannot show, whatever its numbers.
pub fn limits(lookup: Lookup<'_>) -> Vec<String> {
    let settings = &lookup.record.settings;
    let mut limits = vec![
        "It is about these models, these data and these thresholds. Other text, other people or another version of a \
         model may come out otherwise."
            .to_owned(),
    ];
    let mut sources: Vec<&str> = lookup
        .record
        .datasets
        .iter()
        .flat_map(|d| &d.labels)
        .map(|labels| labels.source.as_str())
        .collect();
    sources.sort_unstable();
    sources.dedup();
    limits.extend(
        sources
            .into_iter()
            .filter_map(words::labels_say)
            .map(str::to_owned),
    );
    limits.push(format!(
        "Intervals are at {} and cover sampling of cases, not errors in labels or groups. Nothing is claimed under {}. {}",
        words::percent(settings.level),
        words::counted(settings.min_n, "case", "cases"),
        words::suppression(settings)
    ));
    let record = lookup.record;
    let weighted = record.datasets.iter();
    limits.extend(weighted.filter_map(|dataset| weights::sentence(record, dataset)));
    limits.push(
        "A difference between groups is not a cause: the groups may differ in what they write about, or in how it was \
         labelled."
            .to_owned(),
    );
    limits
}

/// Texts that the evidence is relevant to.
pub fn clauses(lookup: Lookup<'_>) -> Option<Table> {
    let mut table = Table::new(
        "Evidence relevant to these texts; check the wording against the official text",
        &["Text", "Applies from", "What it is about", "Evidence here"],
    );
    for clause in &lookup.record.policy.clauses {
        let evidence: Vec<String> = clause
            .evidence
            .iter()
            .map(|evidence| words::spaced(evidence))
            .collect();
        table.row(vec![
            Cell::text(&clause.title),
            Cell::text(if clause.applies_from.is_empty() {
                "see the note"
            } else {
                &clause.applies_from
            }),
            Cell::prose(&clause.note),
            if evidence.is_empty() {
                Cell::absent("no measurement can answer it; see the declared use")
            } else {
                Cell::prose(evidence.join(", "))
            },
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Digests, versions and settings.
pub fn reproduction(lookup: Lookup<'_>) -> Reproduction {
    let record = lookup.record;
    let settings = &record.settings;
    let mut digests = Table::new("SHA-256 digests", &["What", "Name", "Digest"]);
    digests.row(vec![
        Cell::text("Record"),
        Cell::text(&record.schema),
        Cell::text(&record.digest),
    ]);
    let policy = Cell::text(&record.policy.file);
    digests.row(vec![
        Cell::text("Policy"),
        match words::locked(record) {
            Some(locked) => policy.note(locked),
            None => policy,
        },
        Cell::text(&record.policy.digest),
    ]);
    for dataset in &record.datasets {
        digests.row(vec![
            Cell::text("Dataset"),
            Cell::text(&dataset.name),
            Cell::text(&dataset.digest),
        ]);
    }
    for model in &record.models {
        digests.row(vec![
            Cell::text("Model"),
            Cell::text(&model.name),
            Cell::text(&model.digest),
        ]);
        for (name, digest) in &model.files {
            digests.row(vec![
                Cell::text("File of the model"),
                Cell::text(name).note(&model.name),
                Cell::text(digest),
            ]);
        }
    }
    let command = record
        .run
        .as_ref()
        .map_or_else(String::new, |run| run.command.join(" "));
    Reproduction {
        facts: facts([
            (
                "Program",
                format!("{} {}", record.tool.name, record.tool.version),
            ),
            ("Built with", record.tool.features.join(", ")),
            ("Seed", settings.seed.to_string()),
            ("Bootstrap replicates", thousands(settings.replicates)),
            ("Confidence level", words::percent(settings.level)),
            (
                "Started",
                record
                    .run
                    .as_ref()
                    .map_or_else(String::new, |run| run.started.clone()),
            ),
            (
                "Took",
                record.run.as_ref().map_or_else(String::new, |run| {
                    format!("{} seconds", words::decimal(run.seconds, 1))
                }),
            ),
        ]),
        digests,
        command,
    }
}
