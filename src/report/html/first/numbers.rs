//! The first screen about a model that answers with numbers: how near they come, and what the gates make of it.

use super::super::dimensions::{NO_VERDICT, findings, points};
use super::super::lookup::{Lookup, Meeting};
use super::super::words;
use super::{First, Part, caveats, lower};

/// The first screen about one model.
pub fn view(lookup: Lookup<'_>, meeting: Meeting<'_>, several: bool) -> First {
    let evaluation = meeting.evaluation;
    let asked = findings(meeting, None);
    let count = |outcomes: &[&str]| {
        let of = |outcome: &str| outcomes.contains(&outcome);
        asked.iter().filter(|one| of(&one.outcome)).count()
    };
    let (failed, open) = (count(&["fail"]), count(&["insufficient", "unmeasured"]));
    let verdict = match (failed, open, asked.len()) {
        (_, _, 0) => "How near the numbers come is measured, and no gate judges it".to_owned(),
        (0, 0, _) => "The numbers come as near as the policy's gates ask".to_owned(),
        (0, open, all) => format!("{open} of {all} questions about the numbers cannot be told"),
        (failed, _, all) => {
            format!("The numbers miss {failed} of {all} demands of the policy's gates")
        }
    };
    let subject = lookup.model_title(&evaluation.model);
    First {
        verdict: if several {
            format!("{subject}: {}", lower(&verdict))
        } else {
            verdict
        },
        deck: format!(
            "Concordance is 1 where every answer equals the gold number and 0 where answers say nothing; errors are in \
             units of the scale. {} on {} of {}. {NO_VERDICT}",
            words::sentence(&evaluation.task),
            words::counted(evaluation.judged, "case", "cases"),
            lookup.dataset_title(&evaluation.dataset),
        ),
        parts: vec![Part {
            question: "How near do the numbers come?",
            points: points(meeting),
        }],
        caveats: caveats(lookup, Some(meeting)),
        chart: None,
        chart_note: String::new(),
        chart_link: "detail",
    }
}
