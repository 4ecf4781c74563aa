//! Reads the gates of a policy, and notes those that ask what is never measured.

use super::change;
use super::{
    BYS, Bound, By, Evidence, Gate, INSUFFICIENTS, Insufficient, OFS, Of, SEVERITIES, Severity,
};
use crate::attribute::ATTRIBUTE_KINDS;
use crate::case::LABEL_SOURCES;
use crate::diagnostic::Problem;
use crate::document::Fields;
use crate::measure::intensity::MEASURES as OF_NUMBERS;
use crate::measure::quality::LABEL as LABEL_MEASURES;
use crate::measure::{Measure, pages};
use crate::task::TASKS;

fn read_measure(table: &Fields<'_>) -> Option<Measure> {
    let known: Vec<(&'static str, Measure)> =
        pages().map(|(measure, page)| (page.id, *measure)).collect();
    table.required_choice("measure", &known)
}

/// Reads a gate.
pub(super) fn read_gate(table: &Fields<'_>, evidence: &Evidence) -> Gate {
    let id = table.required_text("id");
    let title = table.text("title").unwrap_or_else(|| id.clone());
    let kinds = table.choices("attribute_kind", &ATTRIBUTE_KINDS);
    Gate {
        family: table.text("family").unwrap_or_else(|| id.clone()),
        title,
        measure: read_measure(table).unwrap_or(Measure::Skill),
        task: table.choice("task", &TASKS),
        by: table.required_choice("by", &BYS).unwrap_or(By::Overall),
        of: table.choice("of", &OFS).unwrap_or(Of::Value),
        bound: read_bound(table),
        attributes: table.texts("attributes"),
        attribute_kinds: kinds,
        labels: table.texts("labels"),
        label_sources: table.choices("label_source", &LABEL_SOURCES),
        min_n: table.count("min_n").unwrap_or(evidence.min_n),
        level: table
            .number_within("level", 0.5, 0.9999)
            .unwrap_or(evidence.level),
        severity: table
            .choice("severity", &SEVERITIES)
            .unwrap_or(Severity::Error),
        insufficient: table
            .choice("insufficient", &INSUFFICIENTS)
            .unwrap_or(Insufficient::Block),
        required: table.boolean("required").unwrap_or(true),
        reference: table.texts("reference"),
        line: table.place().line.unwrap_or_default(),
        id,
    }
}

/// Notes what no measurement could ever answer.
pub(super) fn check_gate(table: &Fields<'_>, gate: &Gate) {
    let measure = gate.measure;
    change::check(table, gate);
    if !matches!(gate.of, Of::Value | Of::Change) && !gate.by.is_of_groups() {
        table.problem(
            Problem::new(
                "policy/gate",
                table.place_of("of"),
                "a comparison of groups without groups",
            )
            .help("say by = \"group\" or by = \"label-and-group\", or of = \"value\""),
        );
    }
    if gate.by.is_of_labels() && !of_labels(measure) {
        let names = pages().map(|(measure, _)| *measure);
        let names: Vec<&str> = names
            .filter(|one| of_labels(*one))
            .map(Measure::id)
            .collect();
        table.problem(
            Problem::new(
                "policy/gate",
                table.place_of("by"),
                format!("{} is not measured label by label", measure.id()),
            )
            .help(format!("these are: {}", names.join(", "))),
        );
    }
    if let Some((key, message, help)) = never_measured(gate) {
        let place = table.place_of(key);
        table.problem(Problem::new("policy/gate", place, message).help(help));
    }
    if gate.of.is_ratio() {
        check_ratio(table, gate.bound);
        return;
    }
    let (low, high) = measure.page().range;
    let reach = if gate.of == Of::Value {
        high.max(-low)
    } else {
        high - low
    };
    let (key, bound) = match gate.bound {
        Bound::Min(bound) => ("min", bound),
        Bound::Max(bound) => ("max", bound),
        Bound::Within(bound) => ("within", bound),
    };
    if bound.abs() > reach {
        table.problem(
            Problem::new(
                "policy/bound",
                table.place_of(key),
                format!("{key} is {bound}"),
            )
            .help(format!("{} lies between {low} and {high}", measure.id())),
        );
    }
}

/// Whether a measure is about single labels.
fn of_labels(measure: Measure) -> bool {
    LABEL_MEASURES.contains(&measure)
        || OF_NUMBERS.contains(&measure)
        || matches!(measure, Measure::EqualisedOdds | Measure::ImpactRatio)
}

/// What is only measured one way, and asked for in another: the key at fault, what is asked, the way out.
fn never_measured(gate: &Gate) -> Option<(&'static str, String, &'static str)> {
    let measure = gate.measure.id();
    let compares_labels = matches!(gate.by, By::LabelAndGroup | By::LabelAndIntersection);
    match (gate.measure, gate.of) {
        (Measure::EqualisedOdds, Of::Difference | Of::Gap) if compares_labels => None,
        (Measure::EqualisedOdds, _) => Some((
            "of",
            format!("{measure} is a comparison of groups, label by label"),
            "say by = \"label-and-group\" with of = \"difference\" or of = \"gap\"",
        )),
        (Measure::ImpactRatio, Of::Value) if compares_labels => None,
        (Measure::ImpactRatio, _) => Some((
            "of",
            format!("{measure} is a comparison of groups by itself, label by label"),
            "say by = \"label-and-group\" with of = \"value\"",
        )),
        (measure, _)
            if OF_NUMBERS.contains(&measure)
                && !matches!(gate.by, By::Label | By::LabelAndGroup) =>
        {
            Some((
                "by",
                format!("{} is measured dimension by dimension", measure.id()),
                "say by = \"label\" or by = \"label-and-group\"; labels = [...] names the dimensions",
            ))
        }
        (measure, of)
            if OF_NUMBERS.contains(&measure)
                && !matches!(of, Of::Value | Of::Difference | Of::Change) =>
        {
            Some((
                "of",
                format!(
                    "{} is compared between groups by differences alone",
                    measure.id()
                ),
                "say of = \"difference\" with by = \"label-and-group\"",
            ))
        }
        (Measure::Skill, of) if of.is_ratio() => Some((
            "of",
            format!("{measure} may be 0 or below, which is no base for a ratio"),
            "say of = \"difference\", or take recall, accuracy or selection-rate",
        )),
        _ => None,
    }
}

/// Ratios are judged by a side: 1 is no difference, and within so much of zero means nothing.
fn check_ratio(table: &Fields<'_>, bound: Bound) {
    let (key, number) = match bound {
        Bound::Min(bound) => ("min", bound),
        Bound::Max(bound) => ("max", bound),
        Bound::Within(bound) => ("within", bound),
    };
    if key == "within" || number <= 0.0 {
        table.problem(
            Problem::new(
                "policy/bound",
                table.place_of(key),
                format!("{key} is {number}"),
            )
            .help("a ratio needs min or max, a number above 0: 1 is no difference, and min = 0.8 asks for four fifths"),
        );
    }
}

fn read_bound(table: &Fields<'_>) -> Bound {
    let bounds = [
        table.number("min").map(Bound::Min),
        table.number("max").map(Bound::Max),
        table.number("within").map(Bound::Within),
    ];
    let given: Vec<Bound> = bounds.into_iter().flatten().collect();
    match given.as_slice() {
        [Bound::Within(within)] if *within <= 0.0 => {
            table.problem(
                Problem::new(
                    "policy/bound",
                    table.place_of("within"),
                    format!("within is {within}"),
                )
                .help("expected a number above 0: no interval lies within nothing"),
            );
        }
        [_] => {}
        _ => {
            let message = format!("{} of min, max and within are given", given.len());
            table.problem(
                Problem::new(
                    "policy/bound",
                    table.place().clone().key("min, max, within"),
                    message,
                )
                .help("a gate needs exactly one of them, a number"),
            );
        }
    }
    given.first().copied().unwrap_or(Bound::Min(0.0))
}
