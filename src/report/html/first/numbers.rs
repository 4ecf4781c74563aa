//! The first screen about models that answer with numbers: how near they come, and what the gates make of it.

use super::super::compared::{all_but_of, of_others};
use super::super::dimensions::{NO_VERDICT, findings, is_of_numbers, points};
use super::super::lookup::{Lookup, Meeting, is_difference, numbers};
use super::super::point::{Item, Point};
use super::super::standing::left_unanswered;
use super::super::words::{self, Style};
use super::{First, Part, WORST, as_far_as_answered, caveats, partly_answered};
use crate::record::restore;
use crate::record::v1::{Finding, Measurement, Value};
use crate::report::by_gate::{is_disproved, waived};
use crate::stats::evidence::at_level;

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
    let declining = of_numbers.iter().filter_map(|one| {
        let answers = partly_answered(lookup, *one)?;
        Some(match of_numbers.len() {
            1 => answers,
            _ => format!("{} {answers}", lookup.model_title(&one.evaluation.model)),
        })
    });
    let declining: Vec<String> = declining.collect();
    let verdict = as_far_as_answered(verdict, &declining);
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
                1 => " One more is told of below.".to_owned(),
                more => format!(" {more} more are told of below."),
            }
        ),
        parts: of_numbers
            .iter()
            .take(TOLD)
            .map(part)
            .chain(whom(lookup, &of_numbers))
            .collect(),
        caveats: caveats(lookup, of_numbers.first().copied()),
        chart: None,
        chart_note: String::new(),
        chart_link: "detail",
    }
}

/// For which groups the errors are larger: each dimension of each model by its mean absolute error. The record has no
/// interval for numbers that allows for the choice among groups, so a group counts as worse only where its interval
/// still excludes zero when it is widened for the number of comparisons (Bonferroni's inequality).
fn whom(lookup: Lookup<'_>, meetings: &[Meeting<'_>]) -> Option<Part> {
    let compared: Vec<(Meeting<'_>, &Measurement)> = meetings
        .iter()
        .flat_map(|meeting| meeting.measurements().map(|of| (*meeting, of)))
        .filter(|(_, of)| of.measure == "mae" && is_difference(of) && of.slice.len() == 1)
        .collect();
    let known = compared
        .iter()
        .filter(|(_, of)| numbers(&of.value).is_some());
    let count = known.clone().count();
    let level = lookup.record.settings.level;
    let together = 1.0 - (1.0 - level) / count.max(1) as f64;
    let is_larger = |of: &Measurement| match restore::value(&of.value) {
        Some(Ok(estimate)) => at_level(&estimate, together).low > 0.0,
        _ => false,
    };
    let is_shown = |of: &Measurement| {
        is_larger(of)
            || lookup
                .finding(of)
                .is_some_and(|finding| disproves(finding, 1.0))
    };
    let shown: Vec<&(Meeting<'_>, &Measurement)> =
        known.clone().filter(|(_, of)| is_shown(of)).collect();
    let item = |(meeting, of): &(Meeting<'_>, &Measurement), group: String, value: &Value| {
        let whose = match meetings.len() {
            1 => String::new(),
            _ => format!("{}, ", lookup.model_title(&meeting.evaluation.model)),
        };
        let dimension = words::spaced(of.label.as_deref().unwrap_or_default());
        let name = format!("{whose}{dimension}, {group}");
        let (_, low, _) = numbers(value).unwrap_or_default();
        let waived = lookup.finding(of).map_or_else(String::new, waived);
        (low, Item::new(name, &[Style::Signed.value(value), waived]))
    };
    // Where one group has smaller errors than all others, and none of these can be shown by itself, they are named together.
    let better = known.filter(|(meeting, of)| {
        let mut shown = shown.iter();
        let same = |(other, one): &(Meeting<'_>, &Measurement)| {
            (one.label == of.label && one.slice.keys().eq(of.slice.keys()))
                && (&one.model, &one.dataset) == (&of.model, &of.dataset)
                && std::ptr::eq(other.evaluation, meeting.evaluation)
        };
        lookup
            .finding(of)
            .is_some_and(|finding| disproves(finding, -1.0))
            && !shown.any(|one| same(one))
    });
    let mut larger: Vec<(f64, Item)> = shown
        .iter()
        .map(|one| item(one, words::slice(&one.1.slice), &one.1.value))
        .chain(better.map(|one| {
            let groups = all_but_of(&one.1.slice);
            item(one, groups, &of_others(&one.1.value))
        }))
        .collect();
    larger.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let open = compared.len() - count;
    let mut points = Vec::new();
    if larger.is_empty() && count > 0 {
        let of = words::counted(count as u64, "comparison", "comparisons");
        let text =
            format!("None of {of} shows a larger error; that does not show them to be alike.");
        points.push(Point::new("none", "No group is shown to be worse", text));
    }
    let all = larger.len();
    let first = match all > WORST {
        true => format!(" The first {WORST} of {all}:"),
        false => String::new(),
    };
    let text = format!(
        "Mean absolute error against the other groups, in units of the scale. Each interval by itself, and so far from \
         zero that it allows for {}.{first}",
        words::counted(count as u64, "comparison", "comparisons")
    );
    larger.truncate(WORST);
    let items = larger.into_iter().map(|(_, item)| item).collect();
    points.extend(Point::about("limited", "Larger errors", &text, items));
    if open > 0 {
        let pairs = words::counted(
            open as u64,
            "group of a dimension",
            "groups, counted by dimension",
        );
        let text = format!("for {pairs}; that is no pass.");
        points.push(Point::new("insufficient", "Cannot be told", text));
    }
    points.extend(left_unanswered(lookup, meetings));
    (!points.is_empty()).then_some(Part::new("For whom is it worse?", points))
}

/// Whether a gate is disproved by an error that is larger, or smaller where `sign` is -1.
fn disproves(finding: &Finding, sign: f64) -> bool {
    let measurement = finding.measurement.as_ref();
    let limits = measurement.and_then(|of| numbers(&of.value));
    let excludes_zero = |(_, low, high): (f64, f64, f64)| (low * sign).min(high * sign) > 0.0;
    is_disproved(finding) && limits.is_some_and(excludes_zero)
}
