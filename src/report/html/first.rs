//! The first screen: which emotions cannot be trusted, for whom, how sure that is, what to use instead, and what is
//! not known. It only chooses and shortens; every number comes with its interval from the sections below.

mod contrast;
mod labels;
mod numbers;
pub mod one_model;
mod several;

use serde::Serialize;

use super::baseline;
use super::compared::compare;
use super::dimensions::is_of_numbers;
use super::lookup::{Lookup, Meeting, numbers as known};
use super::point::{Item, Point};
use super::standing;
use super::unknown;
use super::words::{self, Style};
use crate::diagnostic::thousands;
use crate::record::v1::Finding;
use crate::report::chart::Chart;
use crate::report::weights;

/// Most labels that a sentence names.
const NAMED: usize = 8;

/// Most groups that are named.
const WORST: usize = 4;

/// Most sentences about what is not known; the rest stands below.
const UNKNOWN: usize = 3;

/// Share of answered cases from which a headline need not speak of the others.
const ANSWERED: f64 = 0.95;

/// The first screen.
#[derive(Serialize)]
pub struct First {
    verdict: String,
    deck: String,
    parts: Vec<Part>,
    /// What stands under the picture.
    caveats: Vec<Part>,
    chart: Option<Chart>,
    chart_note: String,
    /// Where all of the picture stands.
    chart_link: &'static str,
}

/// One question with its answers.
#[derive(Serialize)]
struct Part {
    question: String,
    points: Vec<Point>,
}

impl Part {
    fn new(question: impl Into<String>, points: Vec<Point>) -> Self {
        Part {
            question: question.into(),
            points,
        }
    }
}

/// Builds the first screen: of all models where several were judged on labelled text, else of the contrast, else of the
/// one model.
pub fn view(lookup: Lookup<'_>) -> First {
    let mut first = chosen(lookup);
    first.parts.retain(|part| !part.points.is_empty());
    let since = baseline::points(lookup);
    if !since.is_empty() {
        let part = Part::new("What changed since the last release?", since);
        first.parts.push(part);
    }
    first
}

fn chosen(lookup: Lookup<'_>) -> First {
    if let Some(all) = several::Several::of(lookup) {
        return several::view(lookup, &all);
    }
    let meetings = lookup.meetings();
    let Some(meeting) = subject(lookup, &meetings) else {
        return First {
            verdict: "Nothing could be judged on labelled data".to_owned(),
            deck: "No model answered on cases with labels, so nothing is said about its use."
                .to_owned(),
            parts: Vec::new(),
            caveats: caveats(lookup, None),
            chart: None,
            chart_note: String::new(),
            chart_link: "use",
        };
    };
    if is_of_numbers(meeting) {
        return numbers::view(lookup, &meetings);
    }
    let contrasted = contrast::of(lookup, meeting);
    let contrasted = contrasted.and_then(|set| contrast::view(lookup, meeting, &set));
    contrasted.unwrap_or_else(|| one_model::view(lookup, meeting))
}

/// What the first screen is about: the emotion model that stands beside a sentiment model, else the first model; of
/// several datasets the one that it fares worst on, whatever their order.
fn subject<'a>(lookup: Lookup<'a>, meetings: &[Meeting<'a>]) -> Option<Meeting<'a>> {
    let mut contrasted = meetings.iter().filter(|one| {
        let rows = &lookup.record.contrasts;
        one.evaluation.task == "emotion"
            && rows.iter().any(|row| {
                row.emotion_model == one.evaluation.model && row.dataset == one.evaluation.dataset
            })
    });
    let lead = *contrasted.next().or(meetings.first())?;
    let standing = |one: &Meeting<'_>| {
        let labels = labels::Labels::of(*one);
        let share = |codes: &[&str]| labels.count(codes) as f64 / labels.len().max(1) as f64;
        let skill = one.overall("skill", None).and_then(|of| known(&of.value));
        [
            share(&["reliable"]),
            share(&["reliable", "limited"]),
            skill.map_or(0.0, |(estimate, ..)| estimate),
        ]
    };
    let mut all = others(lookup, lead);
    all.push(lead);
    all.into_iter().min_by(|a, b| {
        let (first, second) = (standing(a), standing(b));
        let order = first.iter().zip(&second).map(|(a, b)| a.total_cmp(b));
        let name = |one: &Meeting<'a>| &one.evaluation.dataset;
        order
            .fold(std::cmp::Ordering::Equal, |known, next| known.then(next))
            .then(name(a).cmp(name(b)))
    })
}

/// For which groups it is worse, and which named identity turns the answers most.
fn whom(lookup: Lookup<'_>, meeting: Option<Meeting<'_>>) -> Option<Part> {
    let meeting = meeting?;
    let compared = compare(lookup, meeting);
    let mut points = compared.points(WORST);
    points.extend(compared.none_worse());
    if compared.open() > 0 {
        let text = match points.is_empty() {
            true => {
                let open = words::counted(compared.open(), "group", "groups");
                format!("for {open}; that is no pass.")
            }
            false => {
                let open = words::counted(compared.open(), "other group", "other groups");
                format!("for {open}; that is no pass.")
            }
        };
        points.push(Point::new("insufficient", "Cannot be told", text));
    }
    let evaluation = meeting.evaluation;
    points.extend(standing::left_unanswered(lookup, &[meeting]));
    let (model, task) = (&evaluation.model, &evaluation.task);
    points.extend(standing::shifting_most(lookup, model, task));
    points.extend(standing::turning_most(lookup, model, task));
    (!points.is_empty()).then_some(Part::new("For whom is it worse?", points))
}

fn sure(lookup: Lookup<'_>, meeting: Option<Meeting<'_>>) -> Part {
    let record = lookup.record;
    // What is waived while undecided is no less so.
    let is_open = |finding: &&Finding| {
        let before = finding.before_waiver.as_ref();
        let outcome = before.unwrap_or(&finding.outcome);
        matches!(outcome.as_str(), "insufficient" | "unmeasured")
    };
    let undecided = record.findings.iter().filter(is_open).count() as u64;
    let labels = meeting
        .and_then(|meeting| lookup.labels(&meeting.evaluation.dataset, &meeting.evaluation.task))
        .and_then(|labels| words::labels_say(&labels.source))
        .map_or_else(String::new, |sentence| format!("{sentence} "));
    let mut points = vec![Point::new(
        "none",
        "",
        format!(
            "Brackets and lines are {} intervals. {labels}{} of {} could not be decided.",
            words::percent(record.settings.level),
            thousands(undecided),
            words::counted(record.findings.len() as u64, "finding", "findings"),
        ),
    )];
    for dataset in &record.datasets {
        let worth = weights::worth(dataset).map(|worth| {
            let name = lookup.dataset_title(&dataset.name);
            format!("On {name} {worth}. Coverage counts every case once.")
        });
        points.extend(worth.map(|text| Point::new("none", "Weighted", text)));
    }
    let is_changed = record
        .policy
        .locked
        .as_ref()
        .is_some_and(|lock| lock.earlier > 0);
    if let Some(locked) = words::locked(record).filter(|_| is_changed) {
        let text = format!(
            "{}. Thresholds that were changed may have been chosen to fit results.",
            words::sentence(&locked)
        );
        points.push(Point::new("limited", "The policy was changed", text));
    }
    Part::new("How sure is that?", points)
}

fn caveats(lookup: Lookup<'_>, meeting: Option<Meeting<'_>>) -> Vec<Part> {
    let mut sentences = unknown::sentences(lookup);
    if meeting.is_some_and(|meeting| meeting.is_constructed()) {
        let constructed = "How well real text is read: these sentences were constructed.";
        sentences.insert(0, constructed.to_owned());
    }
    let more = sentences.len().saturating_sub(UNKNOWN);
    sentences.truncate(UNKNOWN);
    if more > 0 {
        sentences.push(format!("And {more} more, below."));
    }
    let points = sentences.into_iter();
    let unknown = Part::new(
        "What is not known?",
        points
            .map(|sentence| Point::new("none", "", sentence))
            .collect(),
    );
    let mut parts = vec![sure(lookup, meeting)];
    if !unknown.points.is_empty() {
        parts.push(unknown);
    }
    parts
}

/// The same model at the same task on other data that was judged, constructed data apart.
fn others<'a>(lookup: Lookup<'a>, meeting: Meeting<'_>) -> Vec<Meeting<'a>> {
    let (own, constructed) = (meeting.evaluation, meeting.is_constructed());
    let mut others = lookup.meetings();
    others.retain(|one| {
        let evaluation = one.evaluation;
        evaluation.model == own.model
            && evaluation.task == own.task
            && evaluation.dataset != own.dataset
            && one.is_constructed() == constructed
    });
    others
}

/// To how many cases a model gave answers, where it left many without one, and for which groups it left more.
fn partly_answered(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Option<String> {
    let (answered, all) = meeting.answered();
    let is_partly = (answered as f64) < ANSWERED * all as f64;
    let whole =
        is_partly.then(|| format!("to {} of {} cases", thousands(answered), thousands(all)));
    let groups = standing::unanswered_groups(lookup, meeting);
    let of_groups = ["fewer", "none"].iter().zip(&groups);
    let of_groups = of_groups.filter(|(_, names)| !names.is_empty());
    let of_groups =
        of_groups.map(|(how, names)| format!("{how} for {}", words::list_up_to(names, NAMED)));
    let parts: Vec<String> = whole.into_iter().chain(of_groups).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A headline with how far there are answers, where they are not all.
fn as_far_as_answered(verdict: String, answers: &[String]) -> String {
    if answers.is_empty() {
        return verdict;
    }
    let verdict = verdict.trim_end_matches(" on this data");
    let answers = answers.join("; ");
    format!("{verdict}, as far as there are answers: {answers}")
}

/// A headline that says what it is about where that is not all there is: the data, or the `alone` model of several.
fn headed(
    lookup: Lookup<'_>,
    meeting: Meeting<'_>,
    verdict: String,
    alone: Option<&str>,
) -> String {
    let answers = partly_answered(lookup, meeting);
    let verdict = as_far_as_answered(verdict, answers.as_slice());
    let datasets = 1 + others(lookup, meeting).len();
    match alone {
        _ if datasets > 1 => format!(
            "On {}, the worst of {datasets} datasets, {}",
            lookup.dataset_title(&meeting.evaluation.dataset),
            lower(verdict.trim_end_matches(" on this data"))
        ),
        Some(model) => format!("{model}: {}", lower(&verdict)),
        None => verdict,
    }
}

/// How the same model does on the other data.
fn elsewhere(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Option<Part> {
    let item = |one: &Meeting<'_>| {
        let labels = labels::Labels::of(*one);
        let skill = one.overall("skill", None);
        let skill = skill.map_or_else(
            || "skill not measured".to_owned(),
            |skill| format!("skill {}", Style::Plain.value(&skill.value)),
        );
        let hold = format!(
            "{} of {} labels hold up",
            labels.count(&["reliable"]),
            labels.len()
        );
        let poor = labels.named(&["unreliable", "not-auditable"]);
        let poor = match poor.is_empty() {
            true => String::new(),
            false => format!("not to be trusted: {}", words::list_up_to(&poor, NAMED)),
        };
        let worse = compare(lookup, *one).beyond();
        let worse = match worse.is_empty() {
            true => String::new(),
            false => format!("worse for {}", words::list_up_to(&worse, WORST)),
        };
        let title = lookup.dataset_title(&one.evaluation.dataset);
        Item::new(title, &[skill, hold, poor, worse])
    };
    let items = others(lookup, meeting).iter().map(item).collect();
    let points = Point::about("none", "All labels together", "", items);
    points.map(|point| Part::new("And on other data?", vec![point]))
}

fn lower(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}
