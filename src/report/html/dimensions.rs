//! What the page says of a model that answers with numbers on dimensions: how near they come, what the gates make of
//! that, and how groups compare. There are no verdicts about numbers, and it says so.

use super::lookup::{Meeting, is_difference};
use super::point::Point;
use super::table::{Cell, Table};
use super::words::{self, Style};
use crate::record::v1::{Finding, Measurement};

/// The task whose answers are numbers.
const TASK: &str = "intensity";

/// Why numbers have no verdict.
pub const NO_VERDICT: &str =
    "The policy's reliability table is about labels: numbers get no verdict, only what gates ask.";

/// Whether a model answers with numbers.
pub fn is_of_numbers(meeting: Meeting<'_>) -> bool {
    meeting.evaluation.task == TASK
}

/// The findings of gates about one dimension, or about all of them.
pub fn findings<'a>(meeting: Meeting<'a>, dimension: Option<&str>) -> Vec<&'a Finding> {
    let all = meeting.findings();
    all.filter(|finding| {
        finding.measurement.as_ref().is_some_and(|of| {
            of.label.is_some() && (dimension.is_none() || of.label.as_deref() == dimension)
        })
    })
    .collect()
}

/// A statement a dimension, with the symbol of the worst that a gate makes of it.
pub fn points(meeting: Meeting<'_>) -> Vec<Point> {
    let about = |measurement: &Measurement| {
        let dimension = measurement.label.as_deref()?;
        let value = |measure: &str| {
            let found = meeting.overall(measure, Some(dimension));
            found.map_or_else(
                || "not measured".to_owned(),
                |found| Style::Plain.value(&found.value),
            )
        };
        let outcomes: Vec<&str> = findings(meeting, Some(dimension))
            .into_iter()
            .map(|finding| finding.outcome.as_str())
            .collect();
        let worst = ["fail", "insufficient", "unmeasured", "waived", "pass"];
        let mark = worst.into_iter().find(|one| outcomes.contains(one));
        Some(Point::new(
            mark.unwrap_or("none"),
            &words::sentence(&words::spaced(dimension)),
            format!(
                "Concordance {}, mean absolute error {}, mean signed error {}, on {}.{}",
                value("concordance"),
                value("mae"),
                value("bias"),
                words::counted(measurement.n, "case", "cases"),
                of_people(meeting, dimension)
            ),
        ))
    };
    let all = meeting.measurements().filter(|measurement| {
        measurement.measure == "mae"
            && measurement.slice.is_empty()
            && measurement.comparison.is_none()
    });
    all.filter_map(about).collect()
}

/// How far people agree on a dimension, where several gave numbers.
fn of_people(meeting: Meeting<'_>, dimension: &str) -> String {
    let known = meeting.agreement(dimension);
    known.map_or_else(String::new, |(alpha, is_too_low)| {
        let alpha = Style::Plain.value(&alpha.value);
        let so = match is_too_low {
            true => ": too little for any model to be right about it",
            false => "",
        };
        format!(" People agree at alpha {alpha}{so}.")
    })
}

/// The groups of an attribute on each dimension: errors and concordance, each beside its difference to the others.
pub fn by_group(meeting: Meeting<'_>, attribute: &str) -> Option<Table> {
    let of_groups: Vec<&Measurement> = meeting
        .measurements()
        .filter(|m| m.slice.len() == 1 && m.slice.contains_key(attribute))
        .collect();
    let mut table = Table::new(
        "Groups by dimension",
        &[
            "Dimension",
            "Group",
            "#Cases",
            "#Mean absolute error",
            "#Difference to the others",
            "#Mean signed error",
            "#Difference to the others",
            "#Concordance",
            "#Difference to the others",
        ],
    );
    let is_value = |m: &&&Measurement| m.comparison.is_none() && m.measure == "mae";
    for row in of_groups.iter().filter(is_value) {
        let cell = |measure: &str, difference: bool, style: Style| {
            let found = of_groups.iter().find(|m| {
                m.measure == measure
                    && m.label == row.label
                    && m.slice == row.slice
                    && is_difference(m) == difference
            });
            Cell::optional(found.map(|found| &found.value), style)
        };
        let group = row.slice.values().next().map_or("", String::as_str);
        table.row(vec![
            Cell::text(row.label.as_deref().unwrap_or_default()),
            Cell::text(group),
            Cell::cases(row),
            cell("mae", false, Style::Plain),
            cell("mae", true, Style::Signed),
            cell("bias", false, Style::Signed),
            cell("bias", true, Style::Signed),
            cell("concordance", false, Style::Plain),
            cell("concordance", true, Style::Signed),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}
