//! The answers of the first screen over several models: what no model can be trusted with, what serves better, and for
//! whom it is worse.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::lookup::Lookup;
use super::super::super::point::{Item, Point};
use super::super::super::standing;
use super::super::super::words::{self, Style};
use super::super::{NAMED, Part, WORST};
use super::Several;
use crate::record::v1::Contrast;
use crate::report::pair::{self, Outcome};

/// Most models that are named beside a label.
const FEW: usize = 2;

/// Which labels no model, some models or all models can be trusted with.
pub fn trusted(judged: &Several<'_>) -> Part {
    let (mut none, mut open, mut care) = (vec![], vec![], vec![]);
    let (mut some, mut all) = (vec![], vec![]);
    let models = judged.models().len();
    for label in judged.labels() {
        let (reliable, open_with) = (
            judged.with(label, "reliable"),
            judged.with(label, "insufficient"),
        );
        let best = judged.best(label).map_or_else(
            || "no value".to_owned(),
            |skill| format!("at best {}", Style::Plain.value(&skill.value)),
        );
        let (list, value) = match reliable.len() {
            0 if open_with.len() == models => (&mut open, best),
            0 if !judged.with(label, "limited").is_empty() => (&mut care, best),
            0 => (&mut none, best),
            n if n == models => (&mut all, best),
            n if n <= FEW => (&mut some, format!("with {}", reliable.join(", "))),
            n => (&mut some, format!("with {n} of {models} models")),
        };
        list.push(Item::new(label, &[value]));
    }
    let points = [
        Point::about("fail", "Not to be trusted from any model", "", none),
        Point::about("limited", "With care, and not from every model", "", care),
        Point::about("limited", "Hold up with some models only", "", some),
        Point::about("insufficient", "Cannot be told of any model", "", open),
        Point::about("pass", "Hold up with every model", "", all),
    ];
    let question = match judged.task {
        "emotion" => "Which emotions cannot be trusted?",
        _ => "Which labels cannot be trusted?",
    };
    Part::new(question, points.into_iter().flatten().collect())
}

/// What serves better: polarity, people, or another of the models.
pub fn instead(
    lookup: Lookup<'_>,
    judged: &Several<'_>,
    contrasts: &[(String, &Contrast)],
) -> Option<Part> {
    let mut points = Vec::new();
    let chosen: Vec<&Contrast> = lookup
        .record
        .contrasts
        .iter()
        .filter(|row| row.slice.is_empty() && row.label.is_some())
        .filter(|row| {
            let same = |(_, of): &(String, &Contrast)| {
                (&of.emotion_model, &of.sentiment_model, &of.dataset)
                    == (&row.emotion_model, &row.sentiment_model, &row.dataset)
            };
            contrasts.iter().any(same)
        })
        .collect();
    let (mut polarity, mut neither, mut open) = (vec![], vec![], vec![]);
    let mut readers: BTreeSet<&str> = BTreeSet::new();
    for label in judged.labels() {
        let rows = chosen
            .iter()
            .filter(|row| row.label.as_deref() == Some(label));
        let rows: Vec<&Contrast> = rows.copied().collect();
        let codes: Vec<&str> = rows.iter().map(|row| row.recommendation.as_str()).collect();
        let of = |code: &str| codes.iter().filter(|one| **one == code).count();
        let all = |code: &str| !codes.is_empty() && of(code) == codes.len();
        match of("polarity-only") {
            0 if all("neither") => neither.push(label.to_owned()),
            0 if all("not-enough-data") => open.push(label.to_owned()),
            0 => {}
            n => {
                readers.extend(
                    rows.iter()
                        .filter(|row| row.recommendation == "polarity-only")
                        .map(|row| row.sentiment_model.as_str()),
                );
                let share = match n == codes.len() {
                    true => "whichever model".to_owned(),
                    false if judged.on_several => on_data(&rows),
                    false => format!("instead of {n} of {} models", codes.len()),
                };
                polarity.push(Item::new(label, &[share]));
            }
        }
    }
    let readers: Vec<String> = readers.into_iter().map(str::to_owned).collect();
    let only = format!(
        "(negative, neutral or positive) by {}, in place of the emotion models",
        words::list_up_to(&readers, NAMED)
    );
    points.extend(Point::about(
        "polarity-only",
        "Plain polarity for",
        &only,
        polarity,
    ));
    for (code, lead, names, after) in [
        (
            "neither",
            "Neither emotion nor polarity",
            neither,
            "Have people read these texts.",
        ),
        ("not-enough-data", "Label more cases first", open, ""),
    ] {
        if !names.is_empty() {
            let names = words::list_up_to(&names, NAMED);
            points.push(Point::new(code, lead, format!("for {names}. {after}")));
        }
    }
    points.extend(better(lookup, judged));
    (!points.is_empty()).then_some(Part::new("What to use instead?", points))
}

/// On which datasets polarity is advised in place of every model; or how often, where that is none or others as well.
fn on_data(rows: &[&Contrast]) -> String {
    let advised = |row: &&&Contrast| row.recommendation == "polarity-only";
    let named: BTreeSet<&str> = rows.iter().map(|row| row.dataset.as_str()).collect();
    let whole: Vec<String> = named
        .into_iter()
        .filter(|name| {
            rows.iter()
                .filter(|row| row.dataset == **name)
                .all(|row| advised(&row))
        })
        .map(str::to_owned)
        .collect();
    let told = rows
        .iter()
        .filter(|row| whole.contains(&row.dataset))
        .count();
    let n = rows.iter().filter(advised).count();
    if told == n && whole.len() <= FEW {
        format!("on {}", words::list(&whole))
    } else {
        format!("in {n} of {} pairs of model and data", rows.len())
    }
}

/// Models that are shown to be better than others on the same cases, and to be worse than none, with the least of the
/// differences.
fn better(lookup: Lookup<'_>, judged: &Several<'_>) -> Option<Point> {
    let dataset = judged.dataset();
    let mut wins: BTreeMap<&str, Vec<(f64, String)>> = BTreeMap::new();
    let mut beaten: Vec<&str> = Vec::new();
    for pair in pair::pairs(lookup.whole) {
        let Outcome::Better { model, by } = pair.outcome else {
            continue;
        };
        let of = pair.of;
        let asked = of.task == judged.task && of.dataset == dataset && of.slice.is_empty();
        if !asked || of.measure != "skill" {
            continue;
        }
        let other = match model == pair.first {
            true => pair.second,
            false => pair.first,
        };
        beaten.push(other);
        let [by, low, high] = by;
        let (number, range) = (Style::Signed.number(by), Style::Signed.range(low, high));
        let won = wins.entry(model).or_default();
        won.push((by, format!("{number} ({range}) over {other}")));
    }
    let unbeaten = wins
        .into_iter()
        .filter(|(model, _)| !beaten.contains(model));
    let item = |(model, mut won): (&str, Vec<(f64, String)>)| {
        won.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let least = won.first().map_or("", |(_, difference)| difference);
        let text = match won.len() {
            1 => least.to_owned(),
            all => format!("better than {all} others, least: {least}"),
        };
        Item::new(model, &[text])
    };
    let items = unbeaten.map(item).collect();
    let on = match judged.on_several {
        true => format!(" of {dataset}"),
        false => String::new(),
    };
    let text = format!("In skill on the same cases{on}. A better model is not yet a good one.");
    Point::about("none", "The better model", &text, items)
}

/// For which groups it is worse, with which model.
pub fn whom(lookup: Lookup<'_>, judged: &Several<'_>) -> Option<Part> {
    let mut proven: Vec<Item> = Vec::new();
    let (mut groups, mut open) = (0, 0);
    let mut named: Vec<&str> = Vec::new();
    for meeting in &judged.meetings {
        let compared = standing::compare(lookup, *meeting);
        open += compared.open() as u64;
        groups += compared.proven().len();
        let model = meeting.evaluation.model.as_str();
        if let Some(first) = compared.proven().first()
            && !named.contains(&model)
        {
            named.push(model);
            proven.push(first.of(&judged.name(meeting)));
        }
    }
    let shown = proven.len().min(WORST);
    proven.truncate(WORST);
    let text = match groups > shown {
        true => format!("Against the other groups. {shown} of {groups}:"),
        false => "Against the other groups.".to_owned(),
    };
    let lead = "Worse by more than the policy allows";
    let mut points: Vec<Point> = Point::about("fail", lead, &text, proven)
        .into_iter()
        .collect();
    if open > 0 {
        let pairs = words::counted(open, "group of a model", "groups, counted by model");
        points.push(Point::new(
            "insufficient",
            "Cannot be told",
            format!("for {pairs}; that is no pass."),
        ));
    }
    (!points.is_empty()).then_some(Part::new("For whom is it worse?", points))
}
