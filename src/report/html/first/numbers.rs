//! The first screen about models that answer with numbers: how near they come, and what the gates make of it.

use super::super::dimensions::{NO_VERDICT, findings, is_of_numbers, points};
use super::super::lookup::{Lookup, Meeting};
use super::super::words;
use super::{First, Part, caveats};

/// Most models on data whose numbers are told; the rest stands below.
const TOLD: usize = 4;

/// The first screen about all models that answer with numbers.
pub fn view(lookup: Lookup<'_>, meetings: &[Meeting<'_>]) -> First {
    let of_numbers = meetings.iter().copied().filter(|one| is_of_numbers(*one));
    let of_numbers: Vec<Meeting<'_>> = of_numbers.collect();
    let asked: Vec<_> = of_numbers
        .iter()
        .flat_map(|meeting| findings(*meeting, None))
        .collect();
    let count = |outcomes: &[&str]| {
        let of = |outcome: &str| outcomes.contains(&outcome);
        asked.iter().filter(|one| of(&one.outcome)).count()
    };
    let (failed, open) = (count(&["fail"]), count(&["insufficient", "unmeasured"]));
    let mut models: Vec<&str> = of_numbers
        .iter()
        .map(|one| one.evaluation.model.as_str())
        .collect();
    models.sort_unstable();
    models.dedup();
    let numbers = match models.len() {
        0 | 1 => "numbers".to_owned(),
        all => format!("numbers of {all} models"),
    };
    let verdict = match (failed, open, asked.len()) {
        (_, _, 0) => format!("How near the {numbers} come is measured, and no gate judges it"),
        (0, 0, _) => format!("The {numbers} come as near as the policy's gates ask"),
        (0, open, all) => format!("{open} of {all} questions about the {numbers} cannot be told"),
        (failed, _, all) => {
            format!("The {numbers} miss {failed} of {all} demands of the policy's gates")
        }
    };
    let part = |meeting: &Meeting<'_>| {
        let question = match of_numbers.len() {
            1 => "How near do the numbers come?".to_owned(),
            _ => format!(
                "How near do those of {} come on {}?",
                lookup.model_title(&meeting.evaluation.model),
                lookup.dataset_title(&meeting.evaluation.dataset)
            ),
        };
        Part::new(question, points(*meeting))
    };
    First {
        verdict,
        deck: format!(
            "Concordance is 1 where every answer equals the gold number and 0 where answers say nothing; errors are in \
             units of the scale.{} {NO_VERDICT}{}",
            of_numbers.first().map_or_else(String::new, |first| format!(
                " {} on {} of {}.",
                words::sentence(&first.evaluation.task),
                words::counted(first.evaluation.judged, "case", "cases"),
                lookup.dataset_title(&first.evaluation.dataset)
            )),
            match of_numbers.len().saturating_sub(TOLD) {
                0 => String::new(),
                more => format!(" {more} more are told of below."),
            }
        ),
        parts: of_numbers.iter().take(TOLD).map(part).collect(),
        caveats: caveats(lookup, of_numbers.first().copied()),
        chart: None,
        chart_note: String::new(),
        chart_link: "detail",
    }
}
