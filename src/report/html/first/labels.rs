//! What the record's verdicts say of each label of one model, for the columns and the headline of the first screen.

use super::super::lookup::Meeting;
use super::super::point::{Item, Point};
use super::super::words::{self, Style};
use super::NAMED;
use crate::record::v1::{Measurement, Verdict};

/// Most groups that a headline names.
const IN_HEADLINE: usize = 2;

/// What stands against a label that is not read alike for everybody.
const DIFFERS: &str = "differs between groups";

/// The verdicts on all labels of one model on one dataset.
pub struct Labels<'a> {
    /// Verdict and skill of each label that the data hold.
    judged: Vec<(&'a str, &'a Verdict, &'a Measurement)>,
    /// Labels without a single case.
    absent: Vec<String>,
    /// Labels whose cases got no answer.
    unanswered: Vec<String>,
    /// Groups whose people do not share the labels, or a label.
    unshared: Vec<String>,
}

impl<'a> Labels<'a> {
    /// The labels of a model.
    pub fn of(meeting: Meeting<'a>) -> Self {
        let (mut judged, mut absent, mut unanswered) = (Vec::new(), Vec::new(), Vec::new());
        for verdict in meeting.verdicts(false) {
            let Some(label) = verdict.label.as_deref() else {
                continue;
            };
            let found = |measure| {
                meeting
                    .overall(measure, Some(label))
                    .filter(|one| one.n > 0)
            };
            // Where every case has the label there is no skill, and there are answers all the same.
            match meeting.overall("skill", Some(label)) {
                Some(skill) if skill.n > 0 || found("recall").is_some() => {
                    judged.push((label, verdict, skill));
                }
                _ if meeting.has_cases(label) => unanswered.push(label.to_owned()),
                _ => absent.push(label.to_owned()),
            }
        }
        Labels {
            judged,
            absent,
            unanswered,
            unshared: unshared(meeting),
        }
    }

    /// How many labels were judged.
    pub fn len(&self) -> usize {
        self.judged.len()
    }

    /// How many have one of these verdicts.
    pub fn count(&self, codes: &[&str]) -> usize {
        self.named(codes).len()
    }

    /// The labels with one of these verdicts.
    pub fn named(&self, codes: &[&str]) -> Vec<String> {
        let judged = self.judged.iter();
        let chosen = judged.filter(|(_, verdict, _)| codes.contains(&verdict.verdict.as_str()));
        chosen.map(|(label, ..)| (*label).to_owned()).collect()
    }

    /// Whether all that stands against the labels is that they are not read alike for everybody.
    fn differ(&self) -> bool {
        let mut judged = self.judged.iter();
        judged.all(|(_, verdict, _)| {
            verdict.verdict == "limited" && besides_skill(verdict) == DIFFERS
        })
    }

    /// Which labels cannot be trusted, which may be used with care, and which hold up.
    pub fn points(&self) -> Vec<Point> {
        let items = |codes: &[&str]| {
            let judged = self.judged.iter();
            let chosen = judged.filter(|(_, verdict, _)| codes.contains(&verdict.verdict.as_str()));
            chosen
                .map(|(label, verdict, skill)| {
                    let value = Style::Plain.value(&skill.value);
                    Item::new(*label, &[value, besides_skill(verdict).to_owned()])
                })
                .collect()
        };
        let poor = ["unreliable", "not-auditable"];
        let points = [
            Point::about("fail", "Not to be trusted", "", items(&poor)),
            Point::about(
                "insufficient",
                "Cannot be told",
                "",
                items(&["insufficient"]),
            ),
            Point::about("limited", "With care", "", items(&["limited"])),
            Point::about("pass", "Hold up", "", items(&["reliable"])),
            without("Without an answer", &self.unanswered),
            absent(&self.absent),
            self.not_shared(),
        ];
        points.into_iter().flatten().collect()
    }

    /// For whom there is nothing to be right about, where people agree about the labels over all.
    fn not_shared(&self) -> Option<Point> {
        let all_judged = || self.count(&["not-auditable"]) < self.len();
        (!self.unshared.is_empty() && all_judged()).then(|| {
            let text = format!("{}.", words::list_up_to(&self.unshared, NAMED));
            Point::new("not-auditable", "People do not agree on", text)
        })
    }

    /// The verdicts in a sentence. `polarity` is for how many of them polarity serves better, where a sentiment model
    /// answered too; `worse` are the groups that it is worse for by more than the policy allows.
    pub fn headline(&self, unit: &str, polarity: Option<usize>, worse: &[String]) -> String {
        let all = self.len();
        let (reliable, limited) = (self.count(&["reliable"]), self.count(&["limited"]));
        let whom = words::list_up_to(worse, IN_HEADLINE);
        let is_worse = !worse.is_empty();
        match (reliable, limited) {
            _ if all == 0 => format!("No {unit} could be judged by itself"),
            (reliable, _) if reliable == all && is_worse => {
                format!(
                    "Every {unit} is read reliably over all, but not for everyone: it is worse for {whom}"
                )
            }
            (reliable, _) if reliable == all && !self.unshared.is_empty() => format!(
                "Every {unit} is read reliably over all, but not for everyone: people do not agree on {}",
                words::list_up_to(&self.unshared, IN_HEADLINE)
            ),
            (reliable, _) if reliable == all && !self.unanswered.is_empty() => {
                format!("Each of the {all} {unit}s that got answers is read reliably on this data")
            }
            (reliable, _) if reliable == all && !self.absent.is_empty() => {
                format!("Each of the {all} {unit}s that occur is read reliably on this data")
            }
            (reliable, _) if reliable == all => {
                format!("Every {unit} is read reliably on this data")
            }
            (0, 0) if self.count(&["insufficient"]) == all => {
                format!("This data cannot tell which {unit}s can be trusted")
            }
            (0, _) if is_worse && self.differ() => format!(
                "No {unit} is shown to be read reliably for everyone: it is worse for {whom}"
            ),
            (0, limited) => {
                let rest = match polarity {
                    Some(0) if limited == 0 => ", and neither is polarity".to_owned(),
                    Some(holds) if holds > 0 => format!("; polarity holds up for {holds} of {all}"),
                    _ if limited == all => "; each only with care".to_owned(),
                    _ if limited > 0 => format!("; {limited} of {all} with care"),
                    _ => String::new(),
                };
                let rest = match is_worse && limited > 0 {
                    true => format!("{rest}; worse for {whom}"),
                    false => rest,
                };
                format!("No {unit} is shown to be read reliably{rest}")
            }
            (reliable, _) => {
                let rest = match is_worse {
                    true => format!(", and it is worse for {whom}"),
                    false => String::new(),
                };
                let are = if reliable == 1 { "is" } else { "are" };
                format!("Only {reliable} of {all} {unit}s {are} shown to be read reliably{rest}")
            }
        }
    }
}

/// Groups whose people do not share the labels, and labels that those of a group do not share.
fn unshared(meeting: Meeting<'_>) -> Vec<String> {
    let not_shared: Vec<&Verdict> = meeting
        .verdicts(true)
        .filter(|verdict| verdict.verdict == "not-auditable")
        .collect();
    let whole = |verdict: &Verdict| {
        let mut all = not_shared.iter();
        all.any(|one| one.label.is_none() && one.slice == verdict.slice)
    };
    let named = not_shared.iter().filter_map(|verdict| {
        let group = words::slice(&verdict.slice);
        match &verdict.label {
            None => Some(format!("the labels in {group}")),
            Some(_) if whole(verdict) => None,
            Some(label) => Some(format!("{label} in {group}")),
        }
    });
    named.collect()
}

/// What stands against a label besides its skill, which stands beside it.
fn besides_skill(verdict: &Verdict) -> &'static str {
    let first = verdict.reasons.first();
    let lowering = first.filter(|ground| ground.verdict != "reliable");
    match lowering.map_or("", |ground| ground.dimension.as_str()) {
        "ceiling" => "people do not share it",
        "calibration" => "its probabilities are off",
        "stability" => "turns with identity",
        "disparity" => DIFFERS,
        _ => "",
    }
}

/// That some labels have no case, so that nothing is known of them.
pub fn absent(labels: &[String]) -> Option<Point> {
    without("Not in this data", labels)
}

fn without(lead: &str, labels: &[String]) -> Option<Point> {
    (!labels.is_empty()).then(|| {
        let all = words::counted(labels.len() as u64, "label", "labels");
        let text = format!(
            "{all}, of which nothing is known: {}.",
            words::list_up_to(labels, NAMED)
        );
        Point::new("none", lead, text)
    })
}
