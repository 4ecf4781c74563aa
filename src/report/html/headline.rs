//! What the models can be used for, and for whom: plain sentences from contrasts, verdicts and differences.

use serde::Serialize;

use super::contrast::{deviating, side, spoken};
use super::lookup::Lookup;
use super::point::{Card, Item, Point};
use super::words::{self, Style};
use super::{standing, unknown};
use crate::record::v1::Contrast;
use crate::report::advice::{Advice, BY_WHOLE};

/// The headline.
#[derive(Serialize)]
pub struct Headline {
    cards: Vec<Card>,
    unknown: Vec<String>,
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
            cards.push(standing::card(lookup, *meeting));
        }
    }
    Headline {
        cards,
        unknown: unknown::sentences(lookup),
    }
}

fn contrast_card(lookup: Lookup<'_>, set: &[&Contrast]) -> Option<Card> {
    let all = || {
        set.iter()
            .copied()
            .filter(|contrast| contrast.slice.is_empty())
    };
    let whole = all().find(|contrast| contrast.label.is_none())?;
    let advice = |contrast: &Contrast| Advice::of(lookup, contrast);
    let compared = match side(&whole.sentiment_minus_emotion) {
        "more" => "Polarity is read better than emotion",
        "less" => "Emotion is read better than polarity",
        _ => "Which is read better cannot be told",
    };
    let mut points = vec![Point::new(
        &advice(whole).code,
        compared,
        format!(
            "{} Polarity minus emotion: {}, on the same {} of {}. All together: {}.",
            spoken(whole),
            Style::Signed.value(&whole.sentiment_minus_emotion),
            words::counted(whole.n, "case", "cases"),
            lookup.dataset_title(&whole.dataset),
            advice(whole).words()
        ),
    )];
    for (code, lead) in [
        ("emotion-usable", "The emotion answers hold up for"),
        ("limited", "The emotion answers, with care, for"),
        ("unreliable", "Not to be relied on for"),
        ("not-auditable", "People do not share"),
        ("polarity-only", "Use polarity only for"),
        ("neither", "Use neither for"),
        ("not-enough-data", "Cannot be told for"),
    ] {
        let items = all()
            .filter(|contrast| advice(contrast).code == code)
            .filter_map(|contrast| {
                let emotion = Style::Plain.value(&contrast.emotion);
                let polarity = Style::Plain.value(&contrast.sentiment);
                let label = contrast.label.as_deref()?;
                let values = [format!("emotion {emotion}"), format!("polarity {polarity}")];
                let caveat = match advice(contrast).polarity_by_whole {
                    true => format!("({BY_WHOLE})"),
                    false => String::new(),
                };
                Some(Item::new(label, &[&values[..], &[caveat]].concat()))
            })
            .collect();
        points.extend(Point::about(code, lead, "", items));
    }
    points.extend(for_whom(lookup, set));
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
fn for_whom(lookup: Lookup<'_>, set: &[&Contrast]) -> Option<Point> {
    let items = deviating(set)
        .iter()
        .map(|(contrast, all)| {
            let emotion = contrast.label.as_deref().unwrap_or("all emotions together");
            let advice = Advice::of(lookup, contrast).words();
            let usual = Advice::of(lookup, all).short();
            Item::new(
                format!("{emotion}, {}", words::slice(&contrast.slice)),
                &[advice, format!("(all cases: {usual})")],
            )
        })
        .collect();
    // Many groups are looked at, and nothing corrects for that.
    let caution = "Each taken by itself: among many groups a few stand out by chance.";
    Point::about("none", "Other advice for some groups", caution, items)
}
