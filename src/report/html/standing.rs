//! How one model stands at its task: which labels hold up, for whom it is worse, and what identity does to it.

use super::compared::compare;
use super::counterfactual::{attribute_of, groups, proven_size};
use super::dimensions::{self, NO_VERDICT, is_of_numbers};
use super::lookup::{Lookup, Meeting, numbers};
use super::point::{Card, Item, Point};
use super::words::{self, Style};
use crate::record::v1::{Measurement, Verdict};
use crate::report::by_gate;

/// The statements about one model on one dataset.
pub fn card(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Card {
    let evaluation = meeting.evaluation;
    let mut points: Vec<Point> = meeting
        .verdicts(false)
        .filter(|verdict| verdict.label.is_none())
        .map(|verdict| whole(meeting, verdict))
        .collect();
    for (code, lead) in [
        ("not-auditable", "People do not share the label"),
        ("unreliable", "Not to be relied on"),
        ("insufficient", "Cannot be told"),
        ("limited", "With care"),
        ("reliable", "Holds up"),
    ] {
        let items = meeting
            .verdicts(false)
            .filter(|verdict| verdict.verdict == code)
            .filter_map(|verdict| {
                let label = verdict.label.as_deref()?;
                let skill = meeting.overall("skill", Some(label))?;
                Some(Item::new(label, &[Style::Plain.value(&skill.value)]))
            })
            .collect();
        points.extend(Point::about(code, lead, "", items));
    }
    if is_of_numbers(meeting) {
        points.extend(dimensions::points(meeting));
        points.push(Point::new("none", "No verdict", NO_VERDICT));
    }
    let compared = compare(lookup, meeting);
    points.extend(compared.points(usize::MAX));
    points.extend(compared.others());
    points.extend(false_alarms(lookup, meeting));
    points.extend(left_unanswered(lookup, meeting));
    points.extend(turning(lookup, &evaluation.model, &evaluation.task));
    points.extend(shifting(lookup, &evaluation.model, &evaluation.task));
    Card {
        heading: format!(
            "{}: {}",
            lookup.model_title(&evaluation.model),
            evaluation.task
        ),
        points,
    }
}

fn whole(meeting: Meeting<'_>, verdict: &Verdict) -> Point {
    let skill = meeting.overall("skill", None);
    let value = skill.map_or_else(
        || "not measured".to_owned(),
        |skill| Style::Plain.value(&skill.value),
    );
    let why = verdict
        .reasons
        .first()
        .filter(|ground| ground.dimension != "skill");
    Point::new(
        &verdict.verdict,
        &format!("As a whole: {}", words::verdict(&verdict.verdict)),
        format!(
            "Skill {value} on {}, {}.{}",
            words::counted(meeting.answered().0, "answered case", "answered cases"),
            meeting.label_words(),
            why.map_or_else(String::new, |ground| format!(
                " {}.",
                words::sentence(&ground.text)
            ))
        ),
    )
}

/// What gates about one measure were disproved by, of a model at a task, with who waived that.
fn disproved<'a>(
    lookup: Lookup<'a>,
    model: &str,
    task: &str,
    measure: &str,
) -> impl Iterator<Item = (&'a Measurement, String)> {
    let findings = lookup.record.findings.iter();
    findings
        .filter(|finding| by_gate::is_disproved(finding))
        .filter_map(|finding| Some((finding.measurement.as_ref()?, by_gate::waived(finding))))
        .filter(move |(m, _)| m.measure == measure && m.model == model && m.task == task)
}

fn item((measurement, waived): (&Measurement, String)) -> Item {
    let groups = groups(measurement);
    let name = match &measurement.label {
        Some(label) => format!("{label}, {groups}"),
        None => groups,
    };
    let style = match measurement.measure.as_str() {
        "score-shift" => Style::Shift,
        _ => Style::Signed,
    };
    Item::new(name, &[style.value(&measurement.value), waived])
}

/// Groups whose cases get no answer more often than those of others, where a gate says so.
pub fn left_unanswered(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Option<Point> {
    let evaluation = meeting.evaluation;
    let items = disproved(lookup, &evaluation.model, &evaluation.task, "coverage")
        .filter(|(m, _)| m.dataset == evaluation.dataset && !m.slice.is_empty())
        .filter(|(m, _)| numbers(&m.value).is_some_and(|(estimate, ..)| estimate < 0.0))
        .map(item)
        .collect();
    let lead = "Left without an answer more often than others";
    Point::about("fail", lead, "Difference in coverage.", items)
}

/// Groups that wrongly get a label more often than others, where a gate says so.
fn false_alarms(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Option<Point> {
    let evaluation = meeting.evaluation;
    let measure = "false-positive-rate";
    let items = disproved(lookup, &evaluation.model, &evaluation.task, measure)
        .filter(|(m, _)| m.dataset == evaluation.dataset)
        .filter(|(m, _)| numbers(&m.value).is_some_and(|(estimate, ..)| estimate > 0.0))
        .map(item)
        .collect();
    Point::about(
        "fail",
        "Wrongly given more often than to others",
        "Difference in false-positive rate.",
        items,
    )
}

fn flips<'a>(lookup: Lookup<'a>, model: &str, task: &str) -> Vec<&'a Measurement> {
    let measurements = lookup.record.measurements.iter();
    measurements
        .filter(|m| m.measure == "flip-rate" && m.model == model && m.task == task)
        .collect()
}

/// How often answers turn with the identity named, by what gates make of it.
fn turning(lookup: Lookup<'_>, model: &str, task: &str) -> Vec<Point> {
    turning_of(lookup, &flips(lookup, model, task))
}

/// The three kinds of identity that turn the answer most.
pub fn turning_most(lookup: Lookup<'_>, model: &str, task: &str) -> Vec<Point> {
    let mut flips = flips(lookup, model, task);
    flips.sort_by(|a, b| {
        let key = |m: &Measurement| numbers(&m.value).map_or(0.0, |(estimate, ..)| estimate);
        key(b).total_cmp(&key(a))
    });
    flips.truncate(3);
    turning_of(lookup, &flips)
}

/// A statement for each outcome, so that no kind of identity bears the mark of another.
fn turning_of(lookup: Lookup<'_>, flips: &[&Measurement]) -> Vec<Point> {
    let mut text =
        "Share of sentence sets whose answer changes when only the person named changes.";
    let mut points = Vec::new();
    for (mark, lead) in [
        ("fail", "The answer turns with identity"),
        ("waived", "The answer turns with identity, which is waived"),
        (
            "insufficient",
            "Whether the answer turns with identity is open",
        ),
        (
            "unmeasured",
            "Whether the answer turns with identity is not measured",
        ),
        ("pass", "The answer turns no more than the policy allows"),
        ("none", "How often the answer turns with identity"),
    ] {
        let of_mark = flips.iter().filter_map(|flip| {
            let finding = lookup.finding(flip);
            let outcome = finding.map_or("none", |finding| match finding.outcome.as_str() {
                // What was open when somebody waived it is open still.
                "waived" if !by_gate::is_disproved(finding) => "insufficient",
                other => other,
            });
            let waived = finding.map_or_else(String::new, by_gate::waived);
            let attribute = words::spaced(attribute_of(flip).unwrap_or("identity"));
            let item = || Item::new(attribute, &[Style::Share.value(&flip.value), waived]);
            (outcome == mark).then(item)
        });
        let point = Point::about(mark, lead, text, of_mark.collect());
        // What is shared of them is said once.
        if point.is_some() {
            text = "";
        }
        points.extend(point);
    }
    points
}

/// Which scores move with the identity named by more than the policy allows, the largest first.
fn shifting(lookup: Lookup<'_>, model: &str, task: &str) -> Option<Point> {
    shifted(lookup, model, task, usize::MAX)
}

/// The three of them that move furthest.
pub fn shifting_most(lookup: Lookup<'_>, model: &str, task: &str) -> Option<Point> {
    shifted(lookup, model, task, 3)
}

fn shifted(lookup: Lookup<'_>, model: &str, task: &str, most: usize) -> Option<Point> {
    let mut shifts: Vec<_> = disproved(lookup, model, task, "score-shift").collect();
    shifts.sort_by(|(a, _), (b, _)| proven_size(b).total_cmp(&proven_size(a)));
    Point::about(
        "fail",
        "Scores shift with identity",
        "By more than the policy allows.",
        shifts.into_iter().take(most).map(item).collect(),
    )
}
