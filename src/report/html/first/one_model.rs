//! The first screen where no emotion model and sentiment model met: what one model reads reliably, and what not.

use super::super::compared::compare;
use super::super::lookup::{Lookup, Meeting, numbers};
use super::super::picture::{OF_LABELS, note, skill_chart};
use super::super::words::{self, Style};
use super::labels::Labels;
use super::{First, Part, caveats, elsewhere, headed, whom};
use crate::record::v1::{Measurement, Verdict};

/// The first screen about one model.
pub fn view(lookup: Lookup<'_>, meeting: Meeting<'_>) -> First {
    let evaluation = meeting.evaluation;
    let labels = Labels::of(meeting);
    let worse = compare(lookup, meeting).beyond();
    let mut parts = vec![Part::new(
        "Which labels cannot be trusted?",
        labels.points(),
    )];
    parts.extend(whom(lookup, Some(meeting)));
    parts.extend(elsewhere(lookup, meeting));
    let is_other = |one: &Meeting<'_>| one.evaluation.model != evaluation.model;
    let alone = lookup.meetings().iter().any(is_other);
    let alone = alone.then(|| lookup.model_title(&evaluation.model));
    let skill = meeting.overall("skill", None).map_or_else(
        || "not measured".to_owned(),
        |skill| Style::Plain.value(&skill.value),
    );
    let rows = rows(meeting);
    First {
        verdict: headed(
            lookup,
            meeting,
            labels.headline("label", None, &worse),
            alone,
        ),
        deck: match meeting.answered() {
            (0, all) => format!(
                "No skill is known: none of {} of {} got an answer at {}.",
                words::counted(all, "case", "cases"),
                lookup.dataset_title(&evaluation.dataset),
                evaluation.task,
            ),
            (answered, _) => format!(
                "Skill is 0 for guessing and 1 for always right: {skill} at {}, on {} of {}.",
                evaluation.task,
                words::counted(answered, "case", "cases"),
                lookup.dataset_title(&evaluation.dataset),
            ),
        },
        parts,
        caveats: caveats(lookup, Some(meeting)),
        chart_note: note(rows.len()),
        chart: (!rows.is_empty()).then(|| skill_chart(lookup, ("first", OF_LABELS), &rows)),
        chart_link: "verdicts",
    }
}

/// What the picture of a model shows: its labels and all of them together, with skill and verdict. What has no value has
/// nothing to draw.
pub fn rows<'a>(meeting: Meeting<'a>) -> Vec<(&'a str, &'a Measurement, &'a str)> {
    let row = |one: &'a Verdict| {
        let name = one.label.as_deref().unwrap_or("All together");
        let skill = meeting.overall("skill", one.label.as_deref())?;
        numbers(&skill.value)?;
        Some((name, skill, one.verdict.as_str()))
    };
    meeting.verdicts(false).filter_map(row).collect()
}
