//! What the models can be used for, and for whom: plain sentences from verdicts, differences and contrasts.

use serde::Serialize;

use super::contrast::{deviating, side};
use super::counterfactual::{attribute_of, proven_size};
use super::groups;
use super::lookup::{Lookup, Meeting, numbers};
use super::words::{self, Style};
use crate::record::v1::{Contrast, Measurement, Verdict};

/// How many names a sentence lists before it only counts.
const LISTED: usize = 8;

/// The headline.
#[derive(Serialize)]
pub struct Headline {
    cards: Vec<Card>,
    unknown: Vec<String>,
}

/// What is said of one model at one task, or of one pair of models.
#[derive(Serialize)]
struct Card {
    heading: String,
    points: Vec<Point>,
}

/// One statement: a symbol, a lead and the evidence.
#[derive(Serialize)]
struct Point {
    mark: String,
    lead: String,
    text: String,
}

impl Point {
    fn new(mark: &str, lead: &str, text: impl Into<String>) -> Self {
        Point {
            mark: mark.to_owned(),
            lead: lead.to_owned(),
            text: text.into(),
        }
    }
}

/// Builds the headline.
pub fn view(lookup: Lookup<'_>) -> Headline {
    let mut cards: Vec<Card> = lookup
        .contrast_sets()
        .iter()
        .filter(|set| !lookup.is_constructed(&set[0].dataset))
        .filter_map(|set| contrast_card(lookup, set))
        .collect();
    let meetings = lookup.meetings();
    for meeting in &meetings {
        // Labels set by construction say little about reading real text, unless there is nothing else.
        let spoken_for = meetings.iter().any(|other| {
            other.evaluation.model == meeting.evaluation.model && !other.is_constructed()
        });
        if !meeting.is_constructed() || !spoken_for {
            cards.push(model_card(lookup, *meeting));
        }
    }
    Headline {
        cards,
        unknown: super::unknown::sentences(lookup),
    }
}

fn contrast_card(lookup: Lookup<'_>, set: &[&Contrast]) -> Option<Card> {
    let all: Vec<&Contrast> = set
        .iter()
        .copied()
        .filter(|contrast| contrast.slice.is_empty())
        .collect();
    let whole = all
        .iter()
        .copied()
        .find(|contrast| contrast.label.is_none())?;
    let compared = match side(&whole.sentiment_minus_emotion) {
        "more" => "Polarity is read better than emotion.",
        "less" => "Emotion is read better than polarity.",
        _ => "Whether polarity or emotion is read better cannot be told.",
    };
    let mut points = vec![Point::new(
        &whole.recommendation,
        compared,
        format!(
            "{} Polarity minus emotion: {}, on the same {}.",
            super::contrast::spoken(whole),
            Style::Signed.value(&whole.sentiment_minus_emotion),
            words::counted(whole.n, "case", "cases")
        ),
    )];
    for (code, lead) in [
        ("emotion-usable", "The emotion answers hold up for"),
        ("polarity-only", "Use polarity only for"),
        ("neither", "Use neither for"),
        ("not-enough-data", "Cannot be told for"),
    ] {
        let advised = all
            .iter()
            .filter(|contrast| contrast.recommendation == code);
        let named: Vec<String> = advised
            .filter_map(|contrast| {
                let emotion = Style::Plain.value(&contrast.emotion);
                let polarity = Style::Plain.value(&contrast.sentiment);
                Some(format!(
                    "{} (emotion {emotion}, polarity {polarity})",
                    contrast.label.as_deref()?
                ))
            })
            .collect();
        if !named.is_empty() {
            points.push(Point::new(code, lead, format!("{}.", words::list(&named))));
        }
    }
    points.extend(for_whom(set));
    Some(Card {
        heading: format!(
            "Emotion or polarity? {} beside {}",
            lookup.model_title(&whole.emotion_model),
            lookup.model_title(&whole.sentiment_model)
        ),
        points,
    })
}

/// Groups for whom the advice differs from that for everybody.
fn for_whom(set: &[&Contrast]) -> Option<Point> {
    let differing = deviating(set);
    if differing.is_empty() {
        return None;
    }
    let named: Vec<String> = differing
        .iter()
        .map(|(contrast, _)| {
            let emotion = contrast.label.as_deref().unwrap_or("all emotions together");
            let advice = words::recommendation(&contrast.recommendation);
            format!("{emotion}, {}: {advice}", words::slice(&contrast.slice))
        })
        .collect();
    Some(Point::new(
        "",
        "Other advice for some groups",
        format!("{}.", words::list_up_to(&named, 4)),
    ))
}

fn model_card(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Card {
    let evaluation = meeting.evaluation;
    let mut points: Vec<Point> = meeting
        .verdicts(false)
        .filter(|verdict| verdict.label.is_none())
        .map(|verdict| {
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
                    words::counted(evaluation.judged, "case", "cases"),
                    meeting.label_words(),
                    why.map_or_else(String::new, |ground| format!(
                        " {}.",
                        words::sentence(&ground.text)
                    ))
                ),
            )
        })
        .collect();
    for (code, lead) in [
        ("not-auditable", "People do not share the label"),
        ("unreliable", "Not to be relied on"),
        ("insufficient", "Cannot be told"),
        ("limited", "With care"),
        ("reliable", "Holds up"),
    ] {
        let of_code = |verdict: &&Verdict| verdict.verdict == code && verdict.label.is_some();
        let named: Vec<String> = meeting
            .verdicts(false)
            .filter(of_code)
            .filter_map(|verdict| {
                let label = verdict.label.as_deref()?;
                let skill = meeting.overall("skill", Some(label));
                Some(format!(
                    "{label} {}",
                    skill.map_or_else(String::new, |skill| Style::Plain.value(&skill.value))
                ))
            })
            .collect();
        if !named.is_empty() {
            points.push(Point::new(code, lead, format!("{}.", words::list(&named))));
        }
    }
    points.extend(group_points(lookup, meeting));
    points.extend(false_alarms(lookup, meeting));
    points.extend(turning(lookup, &evaluation.model, &evaluation.task));
    Card {
        heading: format!(
            "{}: {}",
            lookup.model_title(&evaluation.model),
            evaluation.task
        ),
        points,
    }
}

/// For which groups it is worse, for which alike, and for which that cannot be told.
fn group_points(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Vec<Point> {
    let allowed = lookup.reliability("difference").unwrap_or(0.0);
    let (mut proven, mut lower, mut alike, mut open) = (Vec::new(), Vec::new(), 0_u64, Vec::new());
    let mut measure = "skill".to_owned();
    let attributes = lookup
        .dataset(&meeting.evaluation.dataset)
        .map_or(&[][..], |dataset| &dataset.attributes);
    for attribute in attributes {
        for row in groups::rows(meeting, &attribute.name) {
            let name = format!("{} {}", words::spaced(&attribute.name), row.name);
            let Some(difference) = row.difference else {
                open.push(name);
                continue;
            };
            measure = words::spaced(&difference.measure);
            let failed = lookup
                .finding(difference)
                .is_none_or(|finding| finding.outcome == "fail");
            let said = || format!("{name} {}", Style::Signed.value(&difference.value));
            match numbers(&difference.value) {
                Some((_, _, high)) if high < -allowed && failed => proven.push(said()),
                Some((_, _, high)) if high < 0.0 => lower.push(said()),
                Some((_, low, high)) if low >= -allowed && high <= allowed => alike += 1,
                Some((_, low, _)) if low > 0.0 => {}
                _ => open.push(name),
            }
        }
    }
    let limit = words::decimal(allowed, 2);
    let mut points = Vec::new();
    if !proven.is_empty() {
        let lead = format!("Worse by more than {limit}");
        points.push(Point::new(
            "fail",
            &lead,
            format!(
                "{measure} against the other groups: {}.",
                words::list_up_to(&proven, LISTED)
            ),
        ));
    }
    if !lower.is_empty() {
        let text = format!(
            "{measure} against the other groups, each taken by itself, and not proven to be more than {limit}: {}.",
            words::list_up_to(&lower, LISTED)
        );
        points.push(Point::new("limited", "Worse, by how much is open", text));
    }
    if alike > 0 {
        let text = format!(
            "{} shown to lie within {limit} of the others.",
            words::counted(alike, "group is", "groups are")
        );
        points.push(Point::new("pass", "Alike", text));
    }
    if !open.is_empty() {
        let text = format!(
            "whether it is worse for {}.",
            words::list_up_to(&open, LISTED)
        );
        points.push(Point::new("insufficient", "Cannot be told", text));
    }
    points
        .into_iter()
        .map(|point| Point {
            text: words::sentence(&point.text),
            ..point
        })
        .collect()
}

/// Groups that wrongly get a label more often than others, where a gate says so.
fn false_alarms(lookup: Lookup<'_>, meeting: Meeting<'_>) -> Option<Point> {
    let is_here = |m: &&Measurement| {
        m.measure == "false-positive-rate"
            && m.label.is_some()
            && m.model == meeting.evaluation.model
            && m.dataset == meeting.evaluation.dataset
            && numbers(&m.value).is_some_and(|(estimate, ..)| estimate > 0.0)
    };
    let failed = lookup
        .record
        .findings
        .iter()
        .filter(|finding| finding.outcome == "fail");
    let named: Vec<String> = failed
        .filter_map(|finding| finding.measurement.as_ref())
        .filter(is_here)
        .map(|m| {
            let label = m.label.as_deref().unwrap_or_default();
            format!(
                "{label} for {}: {}",
                words::slice(&m.slice),
                Style::Signed.value(&m.value)
            )
        })
        .collect();
    (!named.is_empty()).then(|| {
        Point::new(
            "fail",
            "Wrongly given more often than to others",
            format!("{}.", words::list_up_to(&named, LISTED)),
        )
    })
}

/// How often answers turn, and which scores shift, with the identity named.
fn turning(lookup: Lookup<'_>, model: &str, task: &str) -> Vec<Point> {
    let here = |m: &&Measurement| m.model == model && m.task == task;
    let flips: Vec<&Measurement> = lookup
        .record
        .measurements
        .iter()
        .filter(here)
        .filter(|m| m.measure == "flip-rate")
        .collect();
    let named: Vec<String> = flips
        .iter()
        .map(|m| {
            format!(
                "{} {}",
                words::spaced(attribute_of(m).unwrap_or("identity")),
                Style::Share.value(&m.value)
            )
        })
        .collect();
    let outcomes: Vec<&str> = flips
        .iter()
        .filter_map(|m| lookup.finding(m))
        .map(|finding| finding.outcome.as_str())
        .collect();
    let worst = words::OUTCOMES
        .into_iter()
        .find(|outcome| outcomes.contains(outcome))
        .unwrap_or_default();
    let mut points = Vec::new();
    if !named.is_empty() {
        let text = format!(
            "share of sentence sets whose answer turns when only the person named changes: {}.",
            words::list(&named)
        );
        points.push(Point::new(
            worst,
            "Identity and answer",
            words::sentence(&text),
        ));
    }
    let failed = lookup
        .record
        .findings
        .iter()
        .filter(|finding| finding.outcome == "fail");
    let mut shifted: Vec<&Measurement> = failed
        .filter_map(|finding| finding.measurement.as_ref())
        .filter(here)
        .filter(|m| m.measure == "score-shift")
        .collect();
    shifted.sort_by(|a, b| proven_size(b).total_cmp(&proven_size(a)));
    if !shifted.is_empty() {
        let named: Vec<String> = shifted
            .iter()
            .map(|m| {
                let label = m.label.as_deref().unwrap_or("score");
                format!(
                    "{label} for {} {}",
                    words::slice(&m.slice),
                    Style::Signed.value(&m.value)
                )
            })
            .collect();
        let text = format!(
            "by more than the policy allows: {}.",
            words::list_up_to(&named, 3)
        );
        points.push(Point::new(
            "fail",
            "Scores shift with identity",
            words::sentence(&text),
        ));
    }
    points
}
