//! Every model on every data, so that readers of an audit of several find their own.

use super::lookup::Lookup;
use super::table::{Cell, Table};
use super::words::Style;

/// A row for each model on each dataset; none where there is nothing to choose from.
pub fn view(lookup: Lookup<'_>) -> Option<Table> {
    let meetings = lookup.meetings();
    let mut table = Table::new(
        "Every model on every data",
        &["Model", "Data", "Task", "#Cases", "#Skill", "Verdict"],
    );
    for (meeting, place) in meetings.iter().zip(1..) {
        let evaluation = meeting.evaluation;
        let whole = meeting
            .verdicts(false)
            .find(|verdict| verdict.label.is_none());
        let skill = meeting.overall("skill", None);
        table.row(vec![
            Cell::text(lookup.model_title(&evaluation.model)).leading_to(format!("detail-{place}")),
            Cell::text(lookup.dataset_title(&evaluation.dataset)),
            Cell::text(&evaluation.task),
            Cell::count(evaluation.judged),
            Cell::optional(skill.map(|skill| &skill.value), Style::Plain),
            whole.map_or_else(
                || Cell::absent("not judged"),
                |whole| Cell::verdict(&whole.verdict),
            ),
        ]);
    }
    (table.rows.len() > 1).then_some(table)
}
