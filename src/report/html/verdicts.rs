//! What may be said of each label, the worst first; and of each label in each group.

use serde::Serialize;

use super::lookup::{Lookup, Meeting, numbers};
use super::table::{Cell, Table};
use super::words::{self, Style};
use crate::record::v1::Verdict;

/// The verdicts of one model on one dataset.
#[derive(Serialize)]
pub struct VerdictView {
    heading: String,
    intro: String,
    constructed: bool,
    table: Table,
}

/// A table for each model and dataset.
pub fn views(lookup: Lookup<'_>) -> Vec<VerdictView> {
    let meetings = lookup.meetings();
    meetings
        .into_iter()
        .filter_map(|meeting| view(lookup, meeting))
        .collect()
}

fn view(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Option<VerdictView> {
    let evaluation = meeting.evaluation;
    let title = format!(
        "{} on {}",
        lookup.model_title(&evaluation.model),
        lookup.dataset_title(&evaluation.dataset)
    );
    let mut rows: Vec<(&Verdict, Option<f64>)> = meeting
        .verdicts(false)
        .map(|verdict| {
            let skill = meeting.overall("skill", verdict.label.as_deref());
            (
                verdict,
                skill
                    .and_then(|skill| numbers(&skill.value))
                    .map(|(estimate, ..)| estimate),
            )
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    // The task as a whole stands first, then the worst label; a label without a value counts as the least skilled.
    rows.sort_by(|(a, skill_a), (b, skill_b)| {
        let rank = |verdict: &Verdict| {
            (
                verdict.label.is_some(),
                std::cmp::Reverse(words::badness(&verdict.verdict)),
            )
        };
        rank(a).cmp(&rank(b)).then(
            skill_a
                .unwrap_or(f64::NEG_INFINITY)
                .total_cmp(&skill_b.unwrap_or(f64::NEG_INFINITY)),
        )
    });
    let mut table = Table::new(
        "Verdict on each label, worst first",
        &[
            if evaluation.task == "emotion" {
                "Emotion"
            } else {
                "Label"
            },
            "Verdict",
            "#Skill",
            "#Cases",
            "Why",
        ],
    );
    for (verdict, _) in rows {
        let skill = meeting.overall("skill", verdict.label.as_deref());
        table.row(vec![
            Cell::text(
                verdict
                    .label
                    .clone()
                    .unwrap_or_else(|| "All together".to_owned()),
            ),
            Cell::verdict(&verdict.verdict),
            Cell::optional(skill.map(|skill| &skill.value), Style::Plain),
            skill.map_or_else(|| Cell::absent("not measured"), Cell::cases),
            Cell::prose(reasons(verdict)),
        ]);
    }
    Some(VerdictView {
        intro: format!(
            "{}, {}.",
            words::counted(meeting.answered().0, "answered case", "answered cases"),
            meeting.label_words()
        ),
        constructed: meeting.is_constructed(),
        heading: title,
        table,
    })
}

/// The grounds that lower a verdict, worst first; where none does, the first ground.
pub fn reasons(verdict: &Verdict) -> String {
    let lowering: Vec<&str> = verdict
        .reasons
        .iter()
        .enumerate()
        .filter(|(place, ground)| *place == 0 || ground.verdict != "reliable")
        .map(|(_, ground)| ground.text.as_str())
        .collect();
    words::prose(&lowering.join("; "))
}

/// What lowers the verdict of a group besides its skill, which stands beside it, and besides what holds for all groups.
pub fn reasons_of_group(verdict: &Verdict) -> String {
    let grounds = verdict
        .reasons
        .iter()
        .filter(|ground| ground.verdict != "reliable");
    let texts: Vec<&str> = grounds
        .filter_map(|ground| match ground.dimension.as_str() {
            "disparity" => Some("proven to differ from the others by more than the policy allows"),
            "ceiling" | "calibration" => Some(ground.text.as_str()),
            _ => None,
        })
        .collect();
    words::prose(&texts.join("; "))
}

/// Verdicts by group and label as one table, where labels of groups were judged: rows are the groups of `attribute`.
pub fn by_group(meeting: Meeting<'_>, attribute: &str, caption: String) -> Option<Table> {
    let of_attribute =
        |verdict: &&Verdict| verdict.slice.len() == 1 && verdict.slice.contains_key(attribute);
    let verdicts: Vec<&Verdict> = meeting
        .verdicts(true)
        .filter(of_attribute)
        .filter(|v| v.label.is_some())
        .collect();
    let mut labels: Vec<&str> = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    for verdict in &verdicts {
        let (label, group) = (
            verdict.label.as_deref()?,
            verdict.slice.get(attribute)?.as_str(),
        );
        if !labels.contains(&label) {
            labels.push(label);
        }
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    if groups.is_empty() {
        return None;
    }
    let skills: Vec<_> = meeting
        .measurements()
        .filter(|m| {
            m.measure == "skill"
                && m.comparison.is_none()
                && m.label.is_some()
                && m.slice.contains_key(attribute)
        })
        .collect();
    let numeric: Vec<String> = labels.iter().map(|label| format!("#{label}")).collect();
    let mut heads = vec!["Group"];
    heads.extend(numeric.iter().map(String::as_str));
    let mut table = Table::new(caption, &heads);
    for group in groups {
        let mut cells = vec![Cell::text(group)];
        for label in &labels {
            let is_here = |slice: &std::collections::BTreeMap<String, String>,
                           of: &Option<String>| {
                slice.get(attribute).is_some_and(|name| name == group)
                    && of.as_deref() == Some(*label)
            };
            let verdict = verdicts
                .iter()
                .find(|verdict| is_here(&verdict.slice, &verdict.label));
            let skill = skills
                .iter()
                .find(|skill| is_here(&skill.slice, &skill.label));
            cells.push(match (verdict, skill) {
                (Some(verdict), Some(skill)) => Cell::value(&skill.value, Style::Plain)
                    .marked(&verdict.verdict, words::verdict(&verdict.verdict)),
                (Some(verdict), None) => Cell::verdict(&verdict.verdict),
                _ => Cell::absent("not judged"),
            });
        }
        table.row(cells);
    }
    Some(table)
}
