//! For which groups a model is worse, for which alike, and for which that cannot be told: facts of the intervals, which
//! neither a waiver nor a wide gate changes.

use std::collections::BTreeMap;

use super::groups;
use super::lookup::{Lookup, Meeting, numbers};
use super::point::{Item, Point};
use super::words::{self, Style};
use crate::record::v1::{Finding, Interval, Measurement, Value};
use crate::report::by_gate;

/// How many groups a sentence names before it only counts.
const NAMED: usize = 8;

/// A group that is shown to fare worse than the others, or all others of one that is shown to fare better.
pub struct Worse<'a> {
    /// Whose group it is.
    pub attribute: &'a str,
    /// The group, or that it is all but one.
    pub group: String,
    /// Its difference to the others.
    pub value: Value,
    /// Whether the interval allows for the group's having been picked as the worst of its attribute. Else it stands by
    /// itself, and the gate has corrected for the number of comparisons.
    pub allows_for_choice: bool,
    /// Whether it is proven to be worse by more than the policy's reliability table allows.
    pub beyond: bool,
    waived: String,
}

impl Worse<'_> {
    /// Who waived it until when.
    pub fn waiver(&self) -> Option<&str> {
        (!self.waived.is_empty()).then_some(self.waived.as_str())
    }

    fn item(&self) -> Item {
        let name = format!("{}: {}", words::spaced(self.attribute), self.group);
        let alone = match self.allows_for_choice {
            true => String::new(),
            false => "by itself".to_owned(),
        };
        let value = Style::Signed.value(&self.value);
        Item::new(name, &[value, alone, self.waived.clone()])
    }
}

/// Groups of several attributes, named as "age: child, older-adult; gender: woman".
#[derive(Default)]
struct Named<'a>(Vec<(&'a str, Vec<String>)>);

impl<'a> Named<'a> {
    fn add(&mut self, attribute: &'a str, group: &str) {
        match self.0.iter_mut().find(|(name, _)| *name == attribute) {
            Some((_, groups)) => groups.push(group.to_owned()),
            None => self.0.push((attribute, vec![group.to_owned()])),
        }
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|(_, groups)| groups.len() as u64).sum()
    }

    fn point(&self, mark: &str, lead: &str, text: &str) -> Option<Point> {
        let named: Vec<String> = self
            .0
            .iter()
            .map(|(attribute, groups)| {
                let groups = words::list_up_to(groups, NAMED);
                format!("{}: {groups}", words::spaced(attribute))
            })
            .collect();
        (!named.is_empty()).then(|| Point::new(mark, lead, format!("{text} {}.", named.join("; "))))
    }
}

/// Groups of one model on one dataset by how they compare with the others.
pub struct Compared<'a> {
    /// The measure that was compared.
    pub measure: String,
    /// The task at which.
    task: &'a str,
    /// The groups that are worse, the furthest first.
    pub worse: Vec<Worse<'a>>,
    allowed: f64,
    better: u64,
    alike: Named<'a>,
    open: Named<'a>,
}

impl Compared<'_> {
    /// How many groups nothing can be told of.
    pub fn open(&self) -> u64 {
        self.open.count()
    }

    /// "jp (country)" for each group that is proven worse by more than the policy allows.
    pub fn beyond(&self) -> Vec<String> {
        let beyond = self.worse.iter().filter(|one| one.beyond);
        beyond
            .map(|one| format!("{} ({})", one.group, words::spaced(one.attribute)))
            .collect()
    }

    /// The groups that are proven worse by more than the policy allows (`beyond`), or only worse.
    pub fn items(&self, beyond: bool) -> Vec<Item> {
        let chosen = self.worse.iter().filter(|one| one.beyond == beyond);
        chosen.map(Worse::item).collect()
    }

    /// Which intervals stand beside the groups that are worse.
    fn intervals(&self, beyond: bool) -> &'static str {
        let chosen = || self.worse.iter().filter(|one| one.beyond == beyond);
        let allowing = chosen().filter(|one| one.allows_for_choice).count();
        match (allowing, chosen().count() - allowing) {
            (_, 0) => "Intervals allow for picking the worst of each attribute.",
            (0, _) => "Each interval by itself; the gate allows for the number of comparisons.",
            _ => {
                "Intervals allow for picking the worst of each attribute; for those by themselves the gate allows for \
                 the number of comparisons."
            }
        }
    }

    /// For which groups it is worse, no more than `most` of each kind.
    pub fn points(&self, most: usize) -> Vec<Point> {
        let limit = words::decimal(self.allowed, 2);
        let point = |beyond: bool| {
            let mut items = self.items(beyond);
            let all = items.len();
            items.truncate(most);
            let (mark, lead) = match beyond {
                true => ("fail", format!("Worse by more than {limit}")),
                false => ("limited", "Worse, by how much is open".to_owned()),
            };
            let against = format!(
                "{} against the other groups",
                words::sentence(&self.measure)
            );
            let first = match all > most {
                true => format!(" The first {most} of {all}:"),
                false => String::new(),
            };
            let text = format!("{against}. {}{first}", self.intervals(beyond));
            Point::about(mark, &lead, &text, items)
        };
        [point(true), point(false)].into_iter().flatten().collect()
    }

    /// That no group is shown to be worse, where none is and any could be told.
    pub fn none_worse(&self) -> Option<Point> {
        let (alike, open) = (self.alike.count(), self.open());
        let all = alike + open + self.better;
        (self.worse.is_empty() && alike + self.better > 0).then(|| {
            let mark = if open == 0 { "pass" } else { "none" };
            let of = words::counted(all, "group", "groups");
            let limit = words::decimal(self.allowed, 2);
            let text = format!(
                "{alike} of {of} shown to lie within {limit} of the others in {} at {}.",
                self.measure, self.task
            );
            Point::new(mark, "No group is shown to be worse", text)
        })
    }

    /// The groups that are alike, and those that nothing can be told of, by name.
    pub fn others(&self) -> Vec<Point> {
        let limit = words::decimal(self.allowed, 2);
        let within = format!("Shown to lie within {limit} of the others:");
        let open = "Whether it is worse for";
        let points = [
            self.alike.point("pass", "Alike", &within),
            self.open.point("insufficient", "Cannot be told", open),
        ];
        points.into_iter().flatten().collect()
    }
}

/// Compares every group of the data with the others. A group is worse where the interval of the worst of its attribute,
/// which allows for the choice, excludes zero, or where a gate that corrects for the number of comparisons is disproved.
pub fn compare<'a>(lookup: Lookup<'a>, meeting: Meeting<'a>) -> Compared<'a> {
    let allowed = lookup.reliability("difference").unwrap_or(0.0);
    let mut compared = Compared {
        measure: "skill".to_owned(),
        task: &meeting.evaluation.task,
        worse: Vec::new(),
        allowed,
        better: 0,
        alike: Named::default(),
        open: Named::default(),
    };
    let is_worst = |m: &Measurement| {
        let to = m.comparison.as_ref();
        to.is_some_and(|to| to.kind == "worst-difference")
    };
    let worst = meeting.measurements();
    let worst: Vec<&Measurement> = worst.filter(|m| m.label.is_none() && is_worst(m)).collect();
    let dataset = lookup.dataset(&meeting.evaluation.dataset);
    for attribute in dataset.map_or(&[][..], |dataset| &dataset.attributes) {
        let name = attribute.name.as_str();
        let mut better: Vec<Worse<'_>> = Vec::new();
        for row in groups::rows(meeting, name) {
            let Some(difference) = row.difference else {
                compared.open.add(name, row.name);
                continue;
            };
            compared.measure = words::spaced(&difference.measure);
            let finding = lookup.finding(difference);
            if let Some(shown) = shown(&worst, difference, finding, allowed) {
                compared.worse.push(Worse {
                    attribute: name,
                    group: row.name.to_owned(),
                    waived: finding.map_or_else(String::new, by_gate::waived),
                    ..shown
                });
                continue;
            }
            better.extend(finding.and_then(|finding| better_than_others(name, finding, allowed)));
            match numbers(&difference.value) {
                Some((_, low, high)) if low >= -allowed && high <= allowed => {
                    compared.alike.add(name, row.name);
                }
                Some((_, low, _)) if low > 0.0 => compared.better += 1,
                _ => compared.open.add(name, row.name),
            }
        }
        // Which of the others fare worse cannot be told of one by one: that all together do must not go unsaid.
        if compared.worse.iter().all(|one| one.attribute != name) {
            compared.worse.extend(better);
        }
    }
    let reach = |one: &Worse<'_>| numbers(&one.value).map_or(0.0, |(.., high)| high);
    compared.worse.sort_by(|a, b| reach(a).total_cmp(&reach(b)));
    compared
}

/// The interval that shows a group to be worse, the strongest statement first; none where none does.
fn shown<'a>(
    worst: &[&'a Measurement],
    difference: &'a Measurement,
    finding: Option<&Finding>,
    allowed: f64,
) -> Option<Worse<'a>> {
    let is_same =
        |m: &&&Measurement| m.measure == difference.measure && m.slice == difference.slice;
    let of_worst = worst.iter().find(is_same);
    let disproved = finding.is_some_and(by_gate::is_disproved);
    let by_itself = disproved.then_some((difference, false));
    let intervals = [of_worst.map(|worst| (*worst, true)), by_itself];
    let below = |line: f64| {
        let known = intervals.iter().flatten();
        known
            .copied()
            .find(|(m, _)| numbers(&m.value).is_some_and(|(.., high)| high < line))
    };
    let beyond = below(-allowed);
    let (measurement, allows_for_choice) = beyond.or_else(|| below(0.0))?;
    Some(Worse {
        attribute: "",
        group: String::new(),
        value: measurement.value.clone(),
        allows_for_choice,
        beyond: beyond.is_some(),
        waived: String::new(),
    })
}

/// That all others fare worse than a group of which a gate that corrects for the number of comparisons is disproved.
fn better_than_others<'a>(
    attribute: &'a str,
    finding: &Finding,
    allowed: f64,
) -> Option<Worse<'a>> {
    let measurement = finding.measurement.as_ref()?;
    let (_, low, _) = numbers(&measurement.value)?;
    let group = measurement.slice.get(attribute)?;
    (by_gate::is_disproved(finding) && low > 0.0).then(|| Worse {
        attribute,
        group: all_but(group),
        value: of_others(&measurement.value),
        allows_for_choice: false,
        beyond: low > allowed,
        waived: by_gate::waived(finding),
    })
}

/// How all groups but one are named.
pub fn all_but(group: &str) -> String {
    format!("all but {group}, together")
}

/// The same with the attribute, or the attributes that the group combines.
pub fn all_but_of(slice: &BTreeMap<String, String>) -> String {
    match slice.iter().next() {
        Some((attribute, group)) if slice.len() == 1 => {
            format!("{}: {}", words::spaced(attribute), all_but(group))
        }
        _ => all_but(&words::slice(slice)),
    }
}

/// The difference between a group and its others, seen from the others.
pub fn of_others(value: &Value) -> Value {
    match value {
        Value::Missing { .. } => value.clone(),
        Value::Defined {
            estimate,
            interval,
            test,
        } => Value::Defined {
            estimate: -estimate,
            interval: Interval {
                low: -interval.high,
                high: -interval.low,
                ..interval.clone()
            },
            test: test.clone(),
        },
    }
}
