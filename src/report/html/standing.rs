//! How one model stands at its task: which labels hold up, for whom it is worse, and what identity does to it.

use super::compared::{all_but, all_but_of, compare, of_others};
use super::counterfactual::{attribute_of, groups, proven_size};
use super::dimensions::{self, NO_VERDICT, is_of_numbers};
use super::lookup::{Lookup, Meeting, is_difference, numbers};
use super::point::{Card, Item, Point};
use super::words::{self, Style};
use crate::record::restore;
use crate::record::v1::{Measurement, Value, Verdict};
use crate::report::by_gate;
use crate::stats::evidence::at_level;

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
    points.extend(left_unanswered(lookup, &[meeting]));
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

fn item(measurement: &Measurement, group: &str, value: &Value, waived: String) -> Item {
    let name = match &measurement.label {
        Some(label) => format!("{label}, {group}"),
        None => group.to_owned(),
    };
    let style = match measurement.measure.as_str() {
        "score-shift" => Style::Shift,
        _ => Style::Signed,
    };
    Item::new(name, &[style.value(value), waived])
}

/// Groups whose cases get no answer more often than those of others: of one model, or of several by name.
pub fn left_unanswered(lookup: Lookup<'_>, meetings: &[Meeting<'_>]) -> Option<Point> {
    let of_meeting = |meeting: &Meeting<'_>| {
        let items = worse_off(lookup, *meeting, "coverage", -1.0).into_iter();
        let whose = lookup.model_title(&meeting.evaluation.model);
        let named = items.map(|group| match meetings.len() {
            1 => group.item(),
            _ => group.item().of(whose),
        });
        named.collect::<Vec<Item>>()
    };
    let lead = "Left without an answer more often than others";
    let items = meetings.iter().flat_map(of_meeting).collect();
    Point::about("fail", lead, "Difference in coverage.", items)
}

/// The same groups as headlines name them, "south (region)": those that got fewer answers, and those that got none.
pub fn unanswered_groups(lookup: Lookup<'_>, meeting: Meeting<'_>) -> [Vec<String>; 2] {
    let mut named = [Vec::new(), Vec::new()];
    for group in worse_off(lookup, meeting, "coverage", -1.0) {
        let same = |m: &&Measurement| {
            m.measure == "coverage" && m.comparison.is_none() && m.slice == group.difference.slice
        };
        let coverage = meeting.measurements().find(same);
        let answered = coverage.and_then(|coverage| numbers(&coverage.value));
        let got_none = !group.all_but && answered.is_some_and(|(share, ..)| share == 0.0);
        let names = &mut named[usize::from(got_none)];
        let name = group.name();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    named
}

/// Groups that wrongly get a label more often than others.
fn false_alarms(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Option<Point> {
    let lead = "Wrongly given more often than to others";
    let items = worse_off(lookup, meeting, "false-positive-rate", 1.0).into_iter();
    let items = items.map(|group| group.item()).collect();
    Point::about("fail", lead, "Difference in false-positive rate.", items)
}

/// A group that is shown to differ from the others to its harm, or all others of one that differs to its benefit.
struct WorseOff<'a> {
    difference: &'a Measurement,
    all_but: bool,
    waived: String,
}

impl WorseOff<'_> {
    fn item(self) -> Item {
        let of = self.difference;
        match self.all_but {
            true => {
                let value = of_others(&of.value);
                item(of, &all_but_of(&of.slice), &value, self.waived)
            }
            false => item(of, &groups(of), &of.value, self.waived),
        }
    }

    fn name(&self) -> String {
        let mut parts = self.difference.slice.iter();
        match (parts.next(), parts.next()) {
            (Some((attribute, group)), None) => {
                let group = if self.all_but {
                    all_but(group)
                } else {
                    group.clone()
                };
                format!("{group} ({})", words::spaced(attribute))
            }
            _ if self.all_but => all_but_of(&self.difference.slice),
            _ => words::slice(&self.difference.slice),
        }
    }
}

/// Groups that differ from the others in the direction of `sign`, where a gate says so, or an interval that allows for the
/// number of groups by more than verdicts bear (Bonferroni's inequality); and where none of an attribute does, but one
/// differs the other way, all others of that one.
fn worse_off<'a>(
    lookup: Lookup<'a>,
    meeting: Meeting<'a>,
    measure: &str,
    sign: f64,
) -> Vec<WorseOff<'a>> {
    let evaluation = meeting.evaluation;
    let mut known: Vec<(&Measurement, String)> =
        disproved(lookup, &evaluation.model, &evaluation.task, measure)
            .filter(|(m, _)| m.dataset == evaluation.dataset && is_difference(m))
            .collect();
    let compared = || {
        let measured = meeting.measurements();
        measured.filter(|m| m.measure == measure && is_difference(m) && m.slice.len() == 1)
    };
    let count = compared().filter(|m| numbers(&m.value).is_some()).count();
    let level = 1.0 - (1.0 - lookup.record.settings.level) / count.max(1) as f64;
    let line = lookup.reliability("difference").unwrap_or(f64::INFINITY);
    let lies_beyond = |m: &Measurement| match restore::value(&m.value) {
        Some(Ok(estimate)) => {
            let limits = at_level(&estimate, level);
            limits.low > line || limits.high < -line
        }
        _ => false,
    };
    for beyond in compared().filter(|m| lies_beyond(m)) {
        let same = |m: &Measurement| m.slice == beyond.slice && m.label == beyond.label;
        if !known.iter().any(|(m, _)| same(m)) {
            known.push((beyond, String::new()));
        }
    }
    let side = |m: &Measurement| numbers(&m.value).map_or(0.0, |(value, ..)| value * sign);
    let is_told = |of: &Measurement| {
        let mut worse = known.iter().filter(|(m, _)| side(m) > 0.0);
        worse.any(|(m, _)| m.label == of.label && m.slice.keys().eq(of.slice.keys()))
    };
    let shown = known.iter().filter(|(m, _)| side(m) > 0.0 || !is_told(m));
    let shown = shown.map(|(difference, waived)| WorseOff {
        difference,
        all_but: side(difference) < 0.0,
        waived: waived.clone(),
    });
    shown.collect()
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
        (shifts.into_iter().take(most))
            .map(|(m, waived)| item(m, &groups(m), &m.value, waived))
            .collect(),
    )
}
