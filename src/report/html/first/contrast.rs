//! The first screen where an emotion model and a sentiment model answered on the same cases: which emotions hold up, and
//! where polarity serves better.

use std::collections::BTreeMap;

use super::super::compared::{Compared, compare};
use super::super::contrast::deviating;
use super::super::lookup::{Lookup, Meeting, whole};
use super::super::picture::{contrast_chart, note};
use super::super::point::{Item, Point};
use super::super::words::{self, Style};
use super::labels::Labels;
use super::{First, NAMED, Part, WORST, caveats, elsewhere, headed, whom};
use crate::record::v1::Contrast;
use crate::report::advice::{Advice, BY_WHOLE};

/// The contrasts of an emotion model on its data with the sentiment model that reads polarity best there.
pub fn of<'a>(lookup: Lookup<'a>, meeting: Meeting<'_>) -> Option<Vec<&'a Contrast>> {
    let evaluation = meeting.evaluation;
    let is_of_emotions = evaluation.task == "emotion";
    let best = lookup.best_contrasts(&evaluation.model, &evaluation.dataset);
    best.filter(|_| is_of_emotions)
}

/// The first screen about a contrast.
pub fn view(lookup: Lookup<'_>, meeting: Meeting<'_>, set: &[&Contrast]) -> Option<First> {
    let whole = whole(set)?;
    let rows: Vec<&Contrast> = set
        .iter()
        .copied()
        .filter(|row| row.slice.is_empty())
        .collect();
    let advised: Vec<(&Contrast, Advice)> = rows
        .iter()
        .filter(|row| row.label.is_some())
        .map(|row| (*row, Advice::of(lookup, row)))
        .collect();
    let labels = Labels::of(meeting);
    let is_better = |advice: &Advice| advice.code == "polarity-only" || advice.polarity_is_better;
    let holds = advised.iter().filter(|(_, one)| is_better(one)).count();
    let compared = compare(lookup, meeting);
    let worse = compared.beyond();
    let mut parts = vec![Part::new(
        "Which emotions cannot be trusted?",
        labels.points(),
    )];
    let mut instead = instead(&advised);
    instead.extend(without_polarity(&labels, &advised));
    instead.extend(for_groups(lookup, set, &compared));
    parts.push(Part::new("What to use instead?", instead));
    let mut whom = whom(lookup, Some(meeting));
    if let (Some(part), Some(point)) = (&mut whom, polarity_is_worse(lookup, whole)) {
        // There is no such part without a point.
        part.points.insert(1, point);
    }
    parts.extend(whom);
    parts.extend(elsewhere(lookup, meeting));
    let verdict = labels.headline("emotion", Some(holds), &worse);
    Some(First {
        verdict: headed(lookup, meeting, verdict, None),
        deck: format!(
            "Skill is 0 for guessing and 1 for always right. {} reaches {} at emotions, {} {} at polarity, on the same \
             {} of {}.",
            lookup.model_title(&whole.emotion_model),
            Style::Plain.value(&whole.emotion),
            lookup.model_title(&whole.sentiment_model),
            Style::Plain.value(&whole.sentiment),
            words::counted(whole.n, "case", "cases"),
            lookup.dataset_title(&whole.dataset),
        ),
        parts,
        caveats: caveats(lookup, Some(meeting)),
        chart_note: note(rows.len()),
        chart: Some(contrast_chart(lookup, "first", &rows)),
        chart_link: "contrast",
    })
}

fn instead(advised: &[(&Contrast, Advice)]) -> Vec<Point> {
    let chosen = |holds: &dyn Fn(&Advice) -> bool| {
        let chosen = advised.iter().filter(|(_, advice)| holds(advice));
        chosen.map(|(row, _)| *row).collect::<Vec<&Contrast>>()
    };
    let name = |row: &Contrast| row.label.clone().unwrap_or_default();
    let polarity = |row: &&Contrast| Style::Plain.value(&row.sentiment);
    let only = chosen(&|advice| advice.code == "polarity-only");
    let better = chosen(&|advice| advice.polarity_is_better);
    let mut points: Vec<Point> = [
        Point::about(
            "polarity-only",
            "Plain polarity for",
            "(negative, neutral or positive)",
            only.iter()
                .map(|row| Item::new(name(row), &[polarity(row)]))
                .collect(),
        ),
        Point::about(
            "polarity-only",
            "Plain polarity is read much better for",
            "(negative, neutral or positive); skill, and by how much more than the emotion.",
            better
                .iter()
                .map(|row| {
                    let more = Style::Signed.value(&row.sentiment_minus_emotion);
                    Item::new(name(row), &[polarity(row), more])
                })
                .collect(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    for (code, lead, after) in [
        (
            "neither",
            "Neither emotion nor polarity",
            "Have people read these texts.",
        ),
        ("unreliable", "Not the emotion", ""),
        (
            "not-auditable",
            "Not the emotion, which people do not share,",
            "",
        ),
        ("not-enough-data", "Label more cases first", ""),
        ("limited", "The emotion answers, with care,", ""),
        ("emotion-usable", "The emotion answers themselves", ""),
    ] {
        let of_code = chosen(&|advice| advice.code == code && !advice.polarity_is_better);
        let names: Vec<String> = of_code.into_iter().map(name).collect();
        let by_whole = chosen(&|advice| advice.code == code && advice.polarity_by_whole);
        let by_whole: Vec<String> = by_whole.into_iter().map(name).collect();
        if !names.is_empty() {
            let caveat = match by_whole.is_empty() {
                true => String::new(),
                false => format!(" For {}, {BY_WHOLE}.", words::list_up_to(&by_whole, NAMED)),
            };
            let names = words::list_up_to(&names, NAMED);
            points.push(Point::new(
                code,
                lead,
                format!("for {names}. {after}{caveat}"),
            ));
        }
    }
    points
}

/// Emotions that cannot be trusted and have no polarity of their own to fall back on.
fn without_polarity(labels: &Labels<'_>, advised: &[(&Contrast, Advice)]) -> Option<Point> {
    let is_advised = |label: &String| {
        let mut labels = advised.iter().map(|(row, _)| &row.label);
        labels.any(|of| of.as_ref() == Some(label))
    };
    let mut lacking = labels.named(&["unreliable", "not-auditable"]);
    lacking.retain(|label| !is_advised(label));
    (!lacking.is_empty()).then(|| {
        let names = words::list_up_to(&lacking, NAMED);
        let text =
            format!("for {names}, which may go with any polarity. Have people read these texts.");
        Point::new("neither", "Nothing to fall back on", text)
    })
}

/// The groups that polarity, which would serve instead, is worse for as well.
fn polarity_is_worse(lookup: Lookup<'_>, whole: &Contrast) -> Option<Point> {
    let meetings = lookup.meetings();
    let mut of_sentiment = meetings.into_iter().filter(|one| {
        let evaluation = one.evaluation;
        evaluation.model == whole.sentiment_model && evaluation.dataset == whole.dataset
    });
    let compared = compare(lookup, of_sentiment.next()?);
    let lead = "Polarity is worse too, by more than the policy allows";
    Point::about("fail", lead, "", compared.items(true))
}

/// For which groups, other than for all cases, polarity alone holds up, or neither does: those with most emotions first.
/// Where polarity is read better for everybody, only groups that it is worse for are worth a line.
fn for_groups(lookup: Lookup<'_>, set: &[&Contrast], compared: &Compared<'_>) -> Vec<Point> {
    let is_worse = |row: &Contrast| {
        let mut worse = compared.worse.iter();
        worse.any(|one| {
            row.slice
                .get(one.attribute)
                .is_some_and(|group| *group == one.group)
        })
    };
    let mut differing = deviating(set);
    differing.retain(|(row, all)| is_worse(row) || !Advice::of(lookup, all).polarity_is_better);
    let about = |code: &str, lead: &str| {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let of_code = differing
            .iter()
            .filter(|(row, _)| Advice::of(lookup, row).code == code);
        for (row, _) in of_code {
            let emotion = row.label.as_deref().unwrap_or("all emotions together");
            let named = groups.entry(words::slice(&row.slice)).or_default();
            named.push(emotion.to_owned());
        }
        let mut groups: Vec<(String, Vec<String>)> = groups.into_iter().collect();
        groups.sort_by_key(|(_, emotions)| std::cmp::Reverse(emotions.len()));
        let text = match groups.len() > WORST {
            true => format!(
                "The first {WORST} of {} groups, each taken by itself:",
                groups.len()
            ),
            false => "Each taken by itself:".to_owned(),
        };
        let items = groups.iter().take(WORST);
        let items = items
            .map(|(group, emotions)| Item::new(group, &[words::list_up_to(emotions, NAMED)]))
            .collect();
        Point::about(code, lead, &text, items)
    };
    let points = [
        about("polarity-only", "Plain polarity only, for some groups."),
        about("neither", "Neither emotion nor polarity, for some groups."),
    ];
    points.into_iter().flatten().collect()
}
