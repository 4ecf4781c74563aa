//! The first screen where no emotion model and sentiment model met: what one model reads reliably, and what not.

use super::super::lookup::{Lookup, Meeting};
use super::super::picture::{OF_LABELS, note, skill_chart};
use super::super::point::{Item, Point};
use super::super::words::{self, Style};
use super::{First, Part, caveats, elsewhere, headed, whom};
use crate::record::v1::{Measurement, Verdict};

/// The first screen about one model.
pub fn view(lookup: Lookup<'_>, meeting: Meeting<'_>) -> First {
    let evaluation = meeting.evaluation;
    let verdicts: Vec<&Verdict> = meeting.verdicts(false).collect();
    let labels: Vec<&Verdict> = verdicts
        .iter()
        .copied()
        .filter(|one| one.label.is_some())
        .collect();
    let reliable = labels
        .iter()
        .filter(|one| one.verdict == "reliable")
        .count();
    let open = labels
        .iter()
        .filter(|one| one.verdict == "insufficient")
        .count();
    let verdict = match (reliable, labels.len()) {
        (_, 0) => "No label could be judged by itself".to_owned(),
        (reliable, all) if reliable == all => {
            "Every label is read reliably on this data".to_owned()
        }
        (0, all) if open == all => "This data cannot tell which labels can be trusted".to_owned(),
        (0, _) => "No label is shown to be read reliably".to_owned(),
        (reliable, all) => format!("Only {reliable} of {all} labels are shown to be read reliably"),
    };
    let items = |codes: &[&str]| {
        let chosen = labels
            .iter()
            .filter(|one| codes.contains(&one.verdict.as_str()));
        let item = |one: &&&Verdict| {
            let label = one.label.as_deref()?;
            let skill = meeting.overall("skill", Some(label))?;
            Some(Item::new(label, &[Style::Plain.value(&skill.value)]))
        };
        chosen.filter_map(|one| item(&one)).collect::<Vec<Item>>()
    };
    let trust = [
        Point::about(
            "fail",
            "Not to be trusted",
            "",
            items(&["unreliable", "not-auditable"]),
        ),
        Point::about(
            "insufficient",
            "Cannot be told",
            "",
            items(&["insufficient"]),
        ),
        Point::about("limited", "With care", "", items(&["limited"])),
        Point::about("pass", "Hold up", "", items(&["reliable"])),
    ];
    let mut parts = vec![Part::new(
        "Which labels cannot be trusted?",
        trust.into_iter().flatten().collect(),
    )];
    parts.extend(whom(lookup, Some(meeting)));
    parts.extend(elsewhere(lookup, meeting));
    let caveats = caveats(lookup, Some(meeting));
    let is_other = |one: &Meeting<'_>| one.evaluation.model != evaluation.model;
    let alone = lookup.meetings().iter().any(is_other);
    let alone = alone.then(|| lookup.model_title(&evaluation.model));
    let skill = meeting.overall("skill", None).map_or_else(
        || "not measured".to_owned(),
        |skill| Style::Plain.value(&skill.value),
    );
    let rows = rows(meeting);
    First {
        verdict: headed(lookup, Some(meeting), verdict, alone),
        deck: format!(
            "Skill is 0 for guessing and 1 for always right: {skill} at {}, on {} of {}.",
            evaluation.task,
            words::counted(evaluation.judged, "case", "cases"),
            lookup.dataset_title(&evaluation.dataset),
        ),
        parts,
        caveats,
        chart_note: note(rows.len()),
        chart: (!rows.is_empty()).then(|| skill_chart(lookup, ("first", OF_LABELS), &rows)),
        chart_link: "verdicts",
    }
}

/// What the picture of a model shows: its labels and all of them together, with skill and verdict.
pub fn rows<'a>(meeting: Meeting<'a>) -> Vec<(&'a str, &'a Measurement, &'a str)> {
    let row = |one: &'a Verdict| {
        let name = one.label.as_deref().unwrap_or("All together");
        let skill = meeting.overall("skill", one.label.as_deref())?;
        Some((name, skill, one.verdict.as_str()))
    };
    meeting.verdicts(false).filter_map(row).collect()
}
