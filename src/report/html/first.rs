//! The first screen: which emotions cannot be trusted, for whom, how sure that is, what to use instead, and what is
//! not known. It only chooses and shortens; every number comes with its interval from the sections below.

mod numbers;
mod of_emotion;
pub mod one_model;
mod several;

use serde::Serialize;

use super::baseline;
use super::dimensions::is_of_numbers;
use super::lookup::{Lookup, Meeting, polarity};
use super::point::{Item, Point};
use super::standing;
use super::unknown;
use super::words::{self, Style};
use crate::diagnostic::thousands;
use crate::record::v1::Contrast;
use crate::report::chart::Chart;

/// Most labels that a sentence names.
const NAMED: usize = 8;

/// Most groups that are named.
const WORST: usize = 4;

/// Most sentences about what is not known; the rest stands below.
const UNKNOWN: usize = 3;

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
    let sets = lookup.contrast_sets();
    let set = sets
        .iter()
        .find(|set| !lookup.is_constructed(&set[0].dataset));
    // Of several sentiment models the one that serves best: the advice is to use it instead.
    let best = set.or(sets.first()).and_then(|first| {
        let same = |set: &&Vec<&Contrast>| {
            (&set[0].emotion_model, &set[0].dataset) == (&first[0].emotion_model, &first[0].dataset)
        };
        let sets = sets.iter().filter(same).rev();
        sets.max_by(|a, b| polarity(a).total_cmp(&polarity(b)))
    });
    if let Some(set) = best {
        let rows: Vec<&Contrast> = set
            .iter()
            .copied()
            .filter(|contrast| contrast.slice.is_empty())
            .collect();
        if let Some(whole) = rows.iter().find(|row| row.label.is_none()) {
            let meeting = meetings.iter().copied().find(|meeting| {
                let evaluation = meeting.evaluation;
                evaluation.model == whole.emotion_model && evaluation.dataset == whole.dataset
            });
            return of_emotion::view(lookup, whole, &rows, meeting);
        }
    }
    match meetings.first() {
        Some(meeting) if is_of_numbers(*meeting) => numbers::view(lookup, &meetings),
        Some(meeting) => one_model::view(lookup, *meeting),
        None => First {
            verdict: "Nothing could be judged on labelled data".to_owned(),
            deck: "No model answered on cases with labels, so nothing is said about its use."
                .to_owned(),
            parts: Vec::new(),
            caveats: caveats(lookup, None),
            chart: None,
            chart_note: String::new(),
            chart_link: "use",
        },
    }
}

/// For which groups it is worse, and which named identity turns the answers most.
fn whom(lookup: Lookup<'_>, meeting: Option<Meeting<'_>>) -> Option<Part> {
    let meeting = meeting?;
    let compared = standing::compare(lookup, meeting);
    let mut points: Vec<Point> = compared.worst(WORST).into_iter().collect();
    if points.is_empty() && compared.open() > 0 {
        points.push(Point::new(
            "insufficient",
            "Cannot be told",
            format!(
                "for {}; that is no pass.",
                words::counted(compared.open() as u64, "group", "groups")
            ),
        ));
    } else if compared.open() > 0 {
        let open = words::counted(compared.open() as u64, "other group", "other groups");
        points.push(Point::new(
            "insufficient",
            "Cannot be told",
            format!("for {open}."),
        ));
    }
    let evaluation = meeting.evaluation;
    points.extend(standing::turning_most(
        lookup,
        &evaluation.model,
        &evaluation.task,
    ));
    (!points.is_empty()).then_some(Part::new("For whom is it worse?", points))
}

fn sure(lookup: Lookup<'_>, meeting: Option<Meeting<'_>>) -> Part {
    let record = lookup.record;
    let open = |outcome: &str| matches!(outcome, "insufficient" | "unmeasured");
    let undecided = record
        .findings
        .iter()
        .filter(|finding| open(&finding.outcome))
        .count() as u64;
    let labels = meeting.map_or_else(String::new, |meeting| {
        format!(
            "{}; they do not say what anybody felt. ",
            words::sentence(&meeting.label_words())
        )
    });
    Part::new(
        "How sure is that?",
        vec![Point::new(
            "none",
            "",
            format!(
                "Brackets and lines are {} intervals. {labels}{} of {} could not be decided.",
                words::percent(record.settings.level),
                thousands(undecided),
                words::counted(record.findings.len() as u64, "finding", "findings"),
            ),
        )],
    )
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

/// A headline that says what it is about where that is not all there is: the data, or the `alone` model of several.
fn headed(
    lookup: Lookup<'_>,
    meeting: Option<Meeting<'_>>,
    verdict: String,
    alone: Option<&str>,
) -> String {
    let datasets = 1 + meeting.map_or(0, |meeting| others(lookup, meeting).len());
    match alone {
        _ if datasets > 1 => format!("On the first of {datasets} datasets, {}", lower(&verdict)),
        Some(model) => format!("{model}: {}", lower(&verdict)),
        None => verdict,
    }
}

/// How the same model does on the other data.
fn elsewhere(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Option<Part> {
    let item = |one: &Meeting<'_>| {
        let verdicts = one
            .verdicts(false)
            .filter(|verdict| verdict.label.is_some());
        let codes: Vec<&str> = verdicts.map(|verdict| verdict.verdict.as_str()).collect();
        let hold = codes.iter().filter(|code| **code == "reliable").count();
        let skill = one.overall("skill", None);
        let skill = skill.map_or_else(
            || "skill not measured".to_owned(),
            |skill| format!("skill {}", Style::Plain.value(&skill.value)),
        );
        let labels = format!("{hold} of {} labels hold up", codes.len());
        Item::new(
            lookup.dataset_title(&one.evaluation.dataset),
            &[skill, labels],
        )
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
