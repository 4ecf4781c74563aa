//! Every model on every data, so that readers of an audit of several find their own.

use super::lookup::Lookup;
use super::site::Site;
use super::table::{Cell, Table};
use super::words::{self, Style};
use crate::record::v1::Verdict;

/// A row for each model on each dataset; none where there is nothing to choose from.
pub fn view(lookup: Lookup<'_>) -> Option<Table> {
    let meetings = lookup.meetings();
    let mut table = Table::new(
        "Every model on every data",
        &[
            "Model",
            "Data",
            "Task",
            "#Skill",
            "Verdict",
            "#Failed findings",
            "#Open findings",
        ],
    );
    for (meeting, place) in meetings.iter().zip(1..) {
        let evaluation = meeting.evaluation;
        let verdicts: Vec<&Verdict> = meeting.verdicts(false).collect();
        let whole = verdicts.iter().find(|verdict| verdict.label.is_none());
        let labels = verdicts.iter().filter(|verdict| verdict.label.is_some());
        let labels: Vec<&str> = labels.map(|verdict| verdict.verdict.as_str()).collect();
        let hold = labels.iter().filter(|code| **code == "reliable").count();
        let skill = meeting.overall("skill", None);
        let count = |outcomes: &[&str]| {
            let findings = meeting.findings();
            let of = findings.filter(|finding| outcomes.contains(&finding.outcome.as_str()));
            Cell::count(of.count() as u64)
        };
        let title = Cell::text(lookup.model_title(&evaluation.model)).note(&evaluation.model);
        let away = |site: &Site| site.address(&evaluation.model, &evaluation.dataset);
        table.row(vec![
            match lookup.site.and_then(away) {
                Some(address) => title.leading_away(address),
                None => title.leading_to(format_args!("detail-{place}")),
            },
            Cell::text(lookup.dataset_title(&evaluation.dataset)).note(format!(
                "{}, {}",
                evaluation.dataset,
                words::counted(evaluation.judged, "case", "cases")
            )),
            Cell::text(&evaluation.task),
            Cell::optional(skill.map(|skill| &skill.value), Style::Plain),
            whole.map_or_else(
                || Cell::absent("not judged"),
                |whole| {
                    let all =
                        words::counted(labels.len() as u64, "label holds up", "labels hold up");
                    Cell::verdict(&whole.verdict).note(format!("{hold} of {all}"))
                },
            ),
            count(&["fail"]),
            count(&["insufficient", "unmeasured"]),
        ]);
    }
    (table.rows.len() > 1).then_some(table)
}
