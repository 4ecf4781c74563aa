//! Every model on every data, so that readers of an audit of several find their own.

use std::cmp::Reverse;

use serde::Serialize;

use super::lookup::{Lookup, Meeting};
use super::site::{Part, Site};
use super::table::{Cell, Link, Table};
use super::words::{self, Style};
use crate::record::v1::Verdict;

/// Most rows of the table; whatever is left is named below it.
const MOST_ROWS: usize = 200;

/// What there is to choose from.
#[derive(Serialize)]
pub struct IndexView {
    heading: &'static str,
    lead: &'static str,
    table: Table,
    /// What stands before the others.
    more: String,
    others: Vec<Link>,
}

/// A row for each model on each dataset; none where there is nothing to choose from. Of very many the table holds those
/// with the most failed findings.
pub fn view(lookup: Lookup<'_>) -> Option<IndexView> {
    let meetings = lookup.meetings();
    let mut places: Vec<(usize, Meeting<'_>)> = meetings.into_iter().enumerate().collect();
    if places.len() < 2 {
        return None;
    }
    let one_model = lookup.record.models.len() == 1;
    let all = places.len();
    let unjudged = unjudged(lookup, &places);
    let mut others = Vec::new();
    if all > MOST_ROWS {
        let count = |meeting: Meeting<'_>, outcomes: &[&str]| {
            let findings = meeting.findings();
            findings
                .filter(|one| outcomes.contains(&one.outcome.as_str()))
                .count()
        };
        places.sort_by_cached_key(|(_, one)| Reverse((count(*one, FAILED), count(*one, OPEN))));
        others = places.split_off(MOST_ROWS);
    }
    let (heading, caption, lead) = match one_model {
        true => (
            "The model on each dataset",
            "The model on every data",
            "The model has a page for each dataset, with its groups, identity swaps, findings and every measure. A name leads there.",
        ),
        false => (
            "All models and data",
            "Every model on every data",
            "Each model has a page of its own with its groups, identity swaps, findings and every measure. A name leads there.",
        ),
    };
    let link = |(place, meeting): (usize, Meeting<'_>)| {
        let (model, data) = (&meeting.evaluation.model, &meeting.evaluation.dataset);
        Link {
            name: format!("{} on {data}", lookup.model_title(model)),
            address: address(lookup, place, meeting),
        }
    };
    Some(IndexView {
        heading,
        lead,
        table: table(lookup, caption, &places),
        more: match (others.is_empty(), unjudged.is_empty()) {
            (true, true) => String::new(),
            (true, false) => "Not judged, and so without a row:".to_owned(),
            (false, of_all) => format!(
                "The table holds {MOST_ROWS} of {all}, those with the most failed findings. The others{}:",
                if of_all {
                    ""
                } else {
                    ", and what could not be judged"
                }
            ),
        },
        others: others.into_iter().map(link).chain(unjudged).collect(),
    })
}

/// The pages that no row leads to, since nothing on them could be judged.
fn unjudged(lookup: Lookup<'_>, places: &[(usize, Meeting<'_>)]) -> Vec<Link> {
    let Some(site) = lookup.site else {
        return Vec::new();
    };
    let judged = |part: &&Part| {
        let mut places = places.iter().map(|(_, meeting)| meeting.evaluation);
        places.any(|one| part.holds(&one.model, &one.dataset))
    };
    let link = |part: &Part| Link {
        name: match &part.dataset {
            Some(data) => format!("{} on {data}", lookup.model_title(&part.model)),
            None => lookup.model_title(&part.model).to_owned(),
        },
        address: site.page(part),
    };
    let left = site.pages.iter().filter(|part| !judged(part));
    left.map(link).collect()
}

const FAILED: &[&str] = &["fail"];
const OPEN: &[&str] = &["insufficient", "unmeasured"];

/// Where a model on a dataset stands: on a page of its own, or further down on this one.
fn address(lookup: Lookup<'_>, place: usize, meeting: Meeting<'_>) -> String {
    let evaluation = meeting.evaluation;
    let away = |site: &Site| site.address(&evaluation.model, &evaluation.dataset);
    let away = lookup.site.and_then(away);
    away.unwrap_or_else(|| format!("#detail-{}", place + 1))
}

fn table(lookup: Lookup<'_>, caption: &str, places: &[(usize, Meeting<'_>)]) -> Table {
    let mut table = Table::new(
        caption,
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
    for (place, meeting) in places {
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
        table.row(vec![
            title.leading_away(address(lookup, *place, *meeting)),
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
            count(FAILED),
            count(OPEN),
        ]);
    }
    table
}
