//! How one model stands at its task: which labels hold up, for whom it is worse, and what identity does to it.

use super::counterfactual::{attribute_of, proven_size};
use super::dimensions::{self, NO_VERDICT, is_of_numbers};
use super::groups;
use super::lookup::{Lookup, Meeting, numbers};
use super::point::{Card, Item, Point};
use super::words::{self, Style};
use crate::record::v1::{Measurement, Verdict};

/// How many groups a sentence names before it only counts.
const NAMED: usize = 8;

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
    points.extend(by_group(lookup, meeting));
    points.extend(false_alarms(lookup, meeting));
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
            words::counted(meeting.evaluation.judged, "case", "cases"),
            meeting.label_words(),
            why.map_or_else(String::new, |ground| format!(
                " {}.",
                words::sentence(&ground.text)
            ))
        ),
    )
}

/// Groups of several attributes, named as "age: child, older-adult; gender: woman".
#[derive(Default)]
struct Named(Vec<(String, Vec<String>)>);

impl Named {
    fn add(&mut self, attribute: &str, group: &str) {
        match self.0.iter_mut().find(|(name, _)| name == attribute) {
            Some((_, groups)) => groups.push(group.to_owned()),
            None => self.0.push((attribute.to_owned(), vec![group.to_owned()])),
        }
    }

    fn point(&self, mark: &str, lead: &str, text: &str) -> Option<Point> {
        let named: Vec<String> = self
            .0
            .iter()
            .map(|(attribute, groups)| {
                format!(
                    "{}: {}",
                    words::spaced(attribute),
                    words::list_up_to(groups, NAMED)
                )
            })
            .collect();
        (!named.is_empty()).then(|| Point::new(mark, lead, format!("{text} {}.", named.join("; "))))
    }
}

/// Groups of one model on one dataset by how they compare with the others.
pub struct Compared {
    allowed: f64,
    measure: String,
    proven: Vec<Item>,
    lower: Vec<Item>,
    alike: Named,
    open: Named,
}

impl Compared {
    /// How many groups nothing can be told of.
    pub fn open(&self) -> usize {
        self.open.0.iter().map(|(_, groups)| groups.len()).sum()
    }

    /// The groups of which it is proven that they fare worse by more than the policy allows.
    pub fn proven(&self) -> &[Item] {
        &self.proven
    }

    /// The groups that it is worst for, no more than `most`: those of which it is proven, else those that are lower.
    pub fn worst(&self, most: usize) -> Option<Point> {
        let (lead, items) = if self.proven.is_empty() {
            ("Worse, by how much is open", &self.lower)
        } else {
            ("Worse by more than the policy allows", &self.proven)
        };
        let measure = words::sentence(&self.measure);
        let mut text = format!("{measure} against the other groups.");
        if items.len() > most {
            text.push_str(&format!(" The first {most} of {}:", items.len()));
        }
        let shown = items.iter().take(most).cloned().collect();
        Point::about(
            if self.proven.is_empty() {
                "limited"
            } else {
                "fail"
            },
            lead,
            &text,
            shown,
        )
    }

    /// For which groups it is worse, as far as that is shown.
    fn worse(&self) -> Vec<Point> {
        let limit = words::decimal(self.allowed, 2);
        let against = format!(
            "{} against the other groups",
            words::sentence(&self.measure)
        );
        let statements = [
            Point::about(
                "fail",
                &format!("Worse by more than {limit}"),
                &format!("{against}."),
                self.proven.clone(),
            ),
            Point::about(
                "limited",
                "Worse, by how much is open",
                &format!(
                    "{against}, each taken by itself, and not proven to be more than {limit}."
                ),
                self.lower.clone(),
            ),
        ];
        statements.into_iter().flatten().collect()
    }
}

/// For which groups it is worse, for which alike, and for which that cannot be told.
fn by_group(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Vec<Point> {
    let compared = compare(lookup, meeting);
    let limit = words::decimal(compared.allowed, 2);
    let mut points = compared.worse();
    points.extend(compared.alike.point(
        "pass",
        "Alike",
        &format!("Shown to lie within {limit} of the others:"),
    ));
    points.extend(
        compared
            .open
            .point("insufficient", "Cannot be told", "Whether it is worse for"),
    );
    points
}

/// Compares every group of the data with the others.
pub fn compare(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Compared {
    let allowed = lookup.reliability("difference").unwrap_or(0.0);
    let (mut proven, mut lower) = (Vec::new(), Vec::new());
    let (mut alike, mut open) = (Named::default(), Named::default());
    let mut measure = "skill".to_owned();
    let dataset = lookup.dataset(&meeting.evaluation.dataset);
    for attribute in dataset.map_or(&[][..], |dataset| &dataset.attributes) {
        for row in groups::rows(meeting, &attribute.name) {
            let Some(difference) = row.difference else {
                open.add(&attribute.name, row.name);
                continue;
            };
            measure = words::spaced(&difference.measure);
            // Where a gate asks about it, the gate has corrected for the number of comparisons.
            let finding = lookup.finding(difference);
            let disproved = finding.is_none_or(|finding| finding.outcome == "fail");
            let item = || {
                Item::new(
                    format!("{}: {}", words::spaced(&attribute.name), row.name),
                    &[Style::Signed.value(&difference.value)],
                )
            };
            match numbers(&difference.value) {
                Some((_, _, high)) if high < -allowed && disproved => proven.push(item()),
                Some((_, _, high)) if high < 0.0 => lower.push(item()),
                Some((_, low, high)) if low >= -allowed && high <= allowed => {
                    alike.add(&attribute.name, row.name);
                }
                Some((_, low, _)) if low > 0.0 => {}
                _ => open.add(&attribute.name, row.name),
            }
        }
    }
    Compared {
        allowed,
        measure,
        proven,
        lower,
        alike,
        open,
    }
}

/// Failed findings of a model at a task about one measure, with what they rest on.
fn failed<'a>(
    lookup: Lookup<'a>,
    model: &str,
    task: &str,
    measure: &str,
) -> impl Iterator<Item = &'a Measurement> {
    let findings = lookup.record.findings.iter();
    findings
        .filter(|finding| finding.outcome == "fail")
        .filter_map(|finding| finding.measurement.as_ref())
        .filter(move |m| m.measure == measure && m.model == model && m.task == task)
}

fn item(measurement: &Measurement) -> Item {
    let label = measurement.label.as_deref().unwrap_or("score");
    let style = match measurement.measure.as_str() {
        "score-shift" => Style::Shift,
        _ => Style::Signed,
    };
    Item::new(
        format!("{label}, {}", words::slice(&measurement.slice)),
        &[style.value(&measurement.value)],
    )
}

/// Groups that wrongly get a label more often than others, where a gate says so.
fn false_alarms(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Option<Point> {
    let evaluation = meeting.evaluation;
    let measure = "false-positive-rate";
    let items = failed(lookup, &evaluation.model, &evaluation.task, measure)
        .filter(|m| m.dataset == evaluation.dataset)
        .filter(|m| numbers(&m.value).is_some_and(|(estimate, ..)| estimate > 0.0))
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

/// How often answers turn with the identity named.
fn turning(lookup: Lookup<'_>, model: &str, task: &str) -> Option<Point> {
    turning_of(
        lookup,
        &flips(lookup, model, task),
        "The answer turns with identity",
    )
}

/// The three kinds of identity that turn the answer most.
pub fn turning_most(lookup: Lookup<'_>, model: &str, task: &str) -> Option<Point> {
    let mut flips = flips(lookup, model, task);
    flips.sort_by(|a, b| {
        let key = |m: &Measurement| numbers(&m.value).map_or(0.0, |(estimate, ..)| estimate);
        key(b).total_cmp(&key(a))
    });
    flips.truncate(3);
    turning_of(lookup, &flips, "The answer turns with identity, most with")
}

fn turning_of(lookup: Lookup<'_>, flips: &[&Measurement], lead: &str) -> Option<Point> {
    let outcomes: Vec<&str> = flips
        .iter()
        .filter_map(|flip| lookup.finding(flip))
        .map(|finding| finding.outcome.as_str())
        .collect();
    let worst = words::OUTCOMES
        .into_iter()
        .find(|outcome| outcomes.contains(outcome));
    let items = flips
        .iter()
        .map(|flip| {
            let attribute = words::spaced(attribute_of(flip).unwrap_or("identity"));
            Item::new(attribute, &[Style::Share.value(&flip.value)])
        })
        .collect();
    Point::about(
        worst.unwrap_or("none"),
        lead,
        "Share of sentence sets whose answer changes when only the person named changes.",
        items,
    )
}

/// Which scores move with the identity named by more than the policy allows, the largest first.
fn shifting(lookup: Lookup<'_>, model: &str, task: &str) -> Option<Point> {
    let mut shifts: Vec<&Measurement> = failed(lookup, model, task, "score-shift").collect();
    shifts.sort_by(|a, b| proven_size(b).total_cmp(&proven_size(a)));
    Point::about(
        "fail",
        "Scores shift with identity",
        "By more than the policy allows.",
        shifts.into_iter().map(item).collect(),
    )
}
