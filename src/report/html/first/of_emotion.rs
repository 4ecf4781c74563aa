//! The first screen where an emotion model and a sentiment model met: which emotions can be trusted, and whether polarity
//! serves better.

use super::super::lookup::{Lookup, Meeting};
use super::super::picture::{contrast_chart, note};
use super::super::point::{Item, Point};
use super::super::words::{self, Style};
use super::{First, NAMED, Part, caveats, elsewhere, headed, whom};
use crate::record::v1::Contrast;

/// A label with what is said of it and what is advised, and the skills that both rest on.
struct Judged<'a> {
    label: &'a str,
    verdict: &'a str,
    code: &'a str,
    skill: String,
    polarity: String,
}

/// The first screen about an emotion model beside the sentiment model that serves best.
pub fn view(
    lookup: Lookup<'_>,
    whole: &Contrast,
    rows: &[&Contrast],
    meeting: Option<Meeting<'_>>,
) -> First {
    let verdict = |label: &str| {
        let mut verdicts = meeting?.verdicts(false);
        let own = verdicts.find(|one| one.label.as_deref() == Some(label))?;
        Some(own.verdict.as_str())
    };
    let judged: Vec<Judged<'_>> = rows
        .iter()
        .filter_map(|row| {
            let label = row.label.as_deref()?;
            Some(Judged {
                label,
                // Labels that earn no verdict, as those of constructed sentences, go by the advice.
                verdict: verdict(label).unwrap_or(match row.recommendation.as_str() {
                    "emotion-usable" => "reliable",
                    "not-enough-data" => "insufficient",
                    _ => "unreliable",
                }),
                code: &row.recommendation,
                skill: Style::Plain.value(&row.emotion),
                polarity: Style::Plain.value(&row.sentiment),
            })
        })
        .collect();
    let of = |code: &str| judged.iter().filter(|one| one.code == code).count();
    let found = |verdict: &str| judged.iter().filter(|one| one.verdict == verdict).count();
    let (reliable, polarity) = (found("reliable"), of("polarity-only"));
    let open = of("not-enough-data").min(found("insufficient"));
    let verdict = match (reliable, polarity, judged.len()) {
        (_, _, 0) => format!(
            "All emotions together: {}",
            words::recommendation(&whole.recommendation)
        ),
        (reliable, _, all) if reliable == all => {
            "Every emotion is read reliably on this data".to_owned()
        }
        (0, 0, all) if open == all => {
            "This data cannot tell which emotions can be trusted".to_owned()
        }
        (0, 0, all) if of("neither") == all => {
            "No emotion is shown to be read reliably, and neither is polarity".to_owned()
        }
        (0, 0, _) => "No emotion is shown to be read reliably".to_owned(),
        (0, polarity, all) => format!(
            "No emotion is shown to be read reliably; polarity holds up for {polarity} of {all}"
        ),
        (reliable, _, all) => {
            format!("Only {reliable} of {all} emotions are shown to be read reliably")
        }
    };
    let items = |of: &dyn Fn(&Judged<'_>) -> bool, value: &dyn Fn(&Judged<'_>) -> String| {
        let chosen = judged.iter().filter(|one| of(one));
        chosen
            .map(|one| Item::new(one.label, &[value(one)]))
            .collect::<Vec<Item>>()
    };
    let skill = |verdicts: &[&str]| {
        items(&|one| verdicts.contains(&one.verdict), &|one| {
            one.skill.clone()
        })
    };
    let trust = [
        Point::about(
            "fail",
            "Not to be trusted",
            "",
            skill(&["unreliable", "not-auditable"]),
        ),
        Point::about(
            "insufficient",
            "Cannot be told",
            "",
            skill(&["insufficient"]),
        ),
        Point::about("limited", "With care", "", skill(&["limited"])),
        Point::about("pass", "Hold up", "", skill(&["reliable"])),
    ];
    let named = |code: &str| {
        let names: Vec<String> = judged
            .iter()
            .filter(|one| one.code == code)
            .map(|one| one.label.to_owned())
            .collect();
        words::list_up_to(&names, NAMED)
    };
    let mut instead: Vec<Point> = Point::about(
        "polarity-only",
        "Plain polarity for",
        "(negative, neutral or positive)",
        items(&|one| one.code == "polarity-only", &|one| {
            one.polarity.clone()
        }),
    )
    .into_iter()
    .collect();
    for (code, lead, after) in [
        (
            "neither",
            "Neither emotion nor polarity",
            "Have people read these texts.",
        ),
        (
            "not-enough-data",
            "Label more cases first",
            "Whether these emotions or their polarity hold up cannot be told yet.",
        ),
        ("emotion-usable", "The emotion answers themselves", ""),
    ] {
        let names = named(code);
        if !names.is_empty() {
            instead.push(Point::new(code, lead, format!("for {names}. {after}")));
        }
    }
    let mut parts = vec![Part::new(
        "Which emotions cannot be trusted?",
        trust.into_iter().flatten().collect(),
    )];
    parts.push(Part::new("What to use instead?", instead));
    parts.extend(whom(lookup, meeting));
    parts.extend(meeting.and_then(|meeting| elsewhere(lookup, meeting)));
    let caveats = caveats(lookup, meeting);
    let subject = lookup.model_title(&whole.emotion_model);
    First {
        verdict: headed(lookup, meeting, verdict, None),
        deck: format!(
            "Skill is 0 for guessing and 1 for always right. {subject} reaches {} at emotions, {} {} at polarity, on \
             the same {} of {}.",
            Style::Plain.value(&whole.emotion),
            lookup.model_title(&whole.sentiment_model),
            Style::Plain.value(&whole.sentiment),
            words::counted(whole.n, "case", "cases"),
            lookup.dataset_title(&whole.dataset),
        ),
        parts,
        caveats,
        chart_note: note(rows.len()),
        chart: Some(contrast_chart(lookup, "first", rows)),
        chart_link: "contrast",
    }
}
