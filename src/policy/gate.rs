//! Reads the gates of a policy, and notes those that ask what is never measured.

use super::{
    BYS, By, Evidence, Gate, INSUFFICIENTS, Insufficient, OFS, Of, SEVERITIES, Severity, bound,
    change,
};
use crate::attribute::{ATTRIBUTE_KINDS, word};
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
    let severity = table.choice("severity", &SEVERITIES);
    let severity = severity.unwrap_or(Severity::Error);
    Gate {
        family: table.text("family").unwrap_or_else(|| id.clone()),
        title,
        measure: read_measure(table).unwrap_or(Measure::Skill),
        task: table.choice("task", &TASKS),
        by: table.required_choice("by", &BYS).unwrap_or(By::Overall),
        of: table.choice("of", &OFS).unwrap_or(Of::Value),
        bound: bound::read(table),
        attributes: table.texts("attributes"),
        attribute_kinds: kinds,
        labels: table.texts("labels"),
        label_sources: table.choices("label_source", &LABEL_SOURCES),
        min_n: table.count("min_n").unwrap_or(evidence.min_n),
        level: table
            .number_within("level", 0.5, 0.9999)
            .unwrap_or(evidence.level),
        severity,
        // What only warns where it fails does not block for want of evidence, unless that is asked for.
        insufficient: table
            .choice("insufficient", &INSUFFICIENTS)
            .unwrap_or(match severity {
                Severity::Error => Insufficient::Block,
                Severity::Warning => Insufficient::Allow,
            }),
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
    check_names(table, gate);
    bound::check(table, gate);
}

/// Notes labels and attributes that are named where the gate asks of none: they would be passed over.
fn check_names(table: &Fields<'_>, gate: &Gate) {
    let by = word(&BYS, &gate.by);
    // A word that is none of these has been told of, and another was filled in.
    if table.text("by").as_deref() != Some(by) {
        return;
    }
    let of_labels = gate.by.is_of_labels() || gate.measure == Measure::ScoreShift;
    // What is measured within sets names their attribute, also over all of them.
    let of_groups = gate.by.is_of_groups() || gate.measure.is_within_sets();
    for (key, asked, noun, way_out) in [
        (
            "labels",
            of_labels,
            "label",
            "by = \"label\" or by = \"label-and-group\"",
        ),
        (
            "attributes",
            of_groups,
            "group",
            "by = \"group\" or by = \"label-and-group\"",
        ),
        (
            "attribute_kind",
            of_groups,
            "group",
            "by = \"group\" or by = \"label-and-group\"",
        ),
    ] {
        if table.has(key) && !asked {
            let message = format!(
                "by = \"{by}\" asks of no single {noun}, so that {key} would count for nothing"
            );
            let problem = Problem::new("policy/gate", table.place_of(key), message);
            table.problem(problem.help(format!("say {way_out}, or leave {key} out")));
        }
    }
}

/// Whether a measure is about single labels.
fn of_labels(measure: Measure) -> bool {
    LABEL_MEASURES.contains(&measure)
        || OF_NUMBERS.contains(&measure)
        || matches!(
            measure,
            Measure::EqualisedOdds
                | Measure::ImpactRatio
                | Measure::ScoringRate
                | Measure::HumanAlpha
                | Measure::RaterSkill
        )
}

/// Whether the gap between the best and the worst group is measured.
fn has_gap(measure: Measure, by: By) -> bool {
    let of_labels = matches!(measure, Measure::SelectionRate | Measure::EqualisedOdds);
    let over_all = matches!(
        measure,
        Measure::Accuracy | Measure::SubsetAccuracy | Measure::Skill
    );
    match by {
        By::Group => over_all,
        By::LabelAndGroup => of_labels,
        // That these are no groups is told by itself.
        By::Overall | By::Label => true,
        By::Intersection | By::LabelAndIntersection => false,
    }
}

/// What is only measured one way, and asked for in another: the key at fault, what is asked, the way out.
fn never_measured(gate: &Gate) -> Option<(&'static str, String, &'static str)> {
    let measure = gate.measure.id();
    let compares_labels = matches!(gate.by, By::LabelAndGroup | By::LabelAndIntersection);
    match (gate.measure, gate.of) {
        (one, _) if gate.by.is_of_groups() && !one.is_of_groups() => Some((
            "by",
            format!("{measure} is not measured group by group"),
            "say by = \"overall\" or by = \"label\", or take skill, accuracy, recall, coverage or brier",
        )),
        (one, Of::Gap) if !has_gap(one, gate.by) => Some((
            "of",
            format!("no gap between groups is measured of {measure} with this by"),
            "gaps are measured of accuracy, subset-accuracy and skill with by = \"group\", and of selection-rate and \
             equalised-odds with by = \"label-and-group\"; of all else say of = \"difference\"",
        )),
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
        (Measure::HumanCrossKappa, Of::Value) if gate.by == By::Group => None,
        (Measure::HumanCrossKappa, _) => Some((
            "by",
            format!("{measure} is a comparison of a group of raters with the others by itself"),
            "say by = \"group\" with of = \"value\"; attributes = [...] names those of raters",
        )),
        (Measure::ScoringRate, _) if !gate.by.is_of_labels() => Some((
            "by",
            format!("{measure} is measured label by label, or dimension by dimension"),
            "say by = \"label\" or by = \"label-and-group\"",
        )),
        (Measure::ScoringRate, of) if !matches!(of, Of::Value | Of::Difference | Of::Change) => {
            Some((
                "of",
                format!("{measure} is compared between groups by differences alone"),
                "say of = \"difference\" with by = \"label-and-group\"",
            ))
        }
        (measure, _) if OF_NUMBERS.contains(&measure) && !gate.by.is_of_labels() => Some((
            "by",
            format!("{} is measured dimension by dimension", measure.id()),
            "say by = \"label\" or by = \"label-and-group\"; labels = [...] names the dimensions",
        )),
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
