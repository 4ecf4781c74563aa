//! The answers of the first screen over several models: what no model can be trusted with, what serves better, and for
//! whom it is worse.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::compared::compare;
use super::super::super::lookup::Lookup;
use super::super::super::point::{Item, Point};
use super::super::super::standing::left_unanswered;
use super::super::super::words::{self, Style};
use super::super::{NAMED, Part, WORST, labels};
use super::Several;
use crate::record::v1::Contrast;
use crate::report::advice::Advice;
use crate::report::pair::{self, Outcome};

/// Most models that are named beside a label.
const FEW: usize = 2;

/// Which labels no model, some models or all models can be trusted with, by the verdicts that the pages of the models
/// show.
pub fn trusted(judged: &Several<'_>) -> Part {
    let (mut none, mut open, mut unshown) = (vec![], vec![], vec![]);
    let (mut care, mut some, mut all, mut absent) = (vec![], vec![], vec![], vec![]);
    let models = judged.models().len();
    let with = |names: &[&str]| match names.len() {
        n if n <= FEW => format!("with {}", names.join(", ")),
        n => format!("with {n} of {models} models"),
    };
    for label in judged.labels() {
        if !judged.is_known(label) {
            absent.push(label.to_owned());
            continue;
        }
        let best = judged.best(label).map_or_else(
            || "no value".to_owned(),
            |skill| format!("at best {}", Style::Plain.value(&skill.value)),
        );
        let reliable = judged.with(label, &["reliable"]);
        let usable = judged.with(label, &["reliable", "limited"]);
        let only = |codes: &[&str]| judged.with(label, codes).len() == models;
        let (list, values) = match (reliable.len(), usable.len()) {
            (0, 0) if only(&["unreliable", "not-auditable"]) => (&mut none, vec![best]),
            (0, 0) if only(&["insufficient"]) => (&mut open, vec![best]),
            (0, 0) => (&mut unshown, vec![best]),
            (0, _) => (&mut care, vec![best, with(&usable)]),
            (n, _) if n == models => (&mut all, vec![best]),
            _ => (&mut some, vec![with(&reliable)]),
        };
        list.push(Item::new(label, &values));
    }
    let points = [
        Point::about("fail", "Not to be trusted from any model", "", none),
        Point::about(
            "insufficient",
            "Not shown to hold up with any model",
            "",
            unshown,
        ),
        Point::about("insufficient", "Cannot be told of any model", "", open),
        Point::about("limited", "Only with care", "", care),
        Point::about("limited", "Hold up with some models only", "", some),
        Point::about("pass", "Hold up with every model", "", all),
        labels::absent(&absent),
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
    let mut polarity: Vec<Item> = Vec::new();
    // By code: labels that it is advised for whatever the model and data, and those where it is not for all.
    let mut others = [
        ("neither", vec![], vec![]),
        ("not-enough-data", vec![], vec![]),
    ];
    let mut readers: BTreeSet<&str> = BTreeSet::new();
    for label in judged.labels() {
        let rows: Vec<(&Contrast, String)> = chosen
            .iter()
            .filter(|row| row.label.as_deref() == Some(label))
            .map(|row| (*row, Advice::of(lookup, row)))
            .map(|(row, advice)| match advice.polarity_is_better {
                true => (row, "polarity-only".to_owned()),
                false => (row, advice.code),
            })
            .collect();
        let share = |code: &str, all: &str| match rows.iter().filter(|(_, one)| one == code).count()
        {
            0 => None,
            n if n == rows.len() => Some(all.to_owned()),
            _ if judged.on_several => Some(on_data(&rows, code)),
            n => Some(format!("instead of {n} of {} models", rows.len())),
        };
        if let Some(share) = share("polarity-only", "whichever model") {
            let advised = rows.iter().filter(|(_, one)| one == "polarity-only");
            readers.extend(advised.map(|(row, _)| row.sentiment_model.as_str()));
            polarity.push(Item::new(label, &[share]));
        }
        for (code, whole, part) in &mut others {
            match share(code, "") {
                Some(all) if all.is_empty() => whole.push(label.to_owned()),
                Some(some) => part.push(Item::new(label, &[some])),
                None => {}
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
    for (code, whole, part) in others {
        let (lead, after) = match code {
            "neither" => (
                "Neither emotion nor polarity",
                "Have people read these texts.",
            ),
            _ => ("Label more cases first", ""),
        };
        if !whole.is_empty() {
            let names = words::list_up_to(&whole, NAMED);
            points.push(Point::new(code, lead, format!("for {names}. {after}")));
        }
        points.extend(Point::about(code, lead, after, part));
    }
    points.extend(better(lookup, judged));
    (!points.is_empty()).then_some(Part::new("What to use instead?", points))
}

/// On which datasets something is advised in place of every model; or how often, where that is none or others as well.
fn on_data(rows: &[(&Contrast, String)], code: &str) -> String {
    let is_advised = |row: &(&Contrast, String)| row.1 == code;
    let named: BTreeSet<&str> = rows.iter().map(|row| row.0.dataset.as_str()).collect();
    let is_whole = |name: &&str| {
        rows.iter()
            .all(|row| row.0.dataset != **name || is_advised(row))
    };
    let whole: Vec<&str> = named.into_iter().filter(is_whole).collect();
    let told = rows
        .iter()
        .filter(|row| whole.contains(&row.0.dataset.as_str()))
        .count();
    let n = rows.iter().filter(|row| is_advised(row)).count();
    if told == n && whole.len() <= FEW {
        let whole: Vec<String> = whole.into_iter().map(str::to_owned).collect();
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
    let (mut groups, mut lower, mut open) = (0, 0, 0);
    let mut named: Vec<&str> = Vec::new();
    let mut told = false;
    for meeting in &judged.meetings {
        let compared = compare(lookup, *meeting);
        open += compared.open();
        lower += compared.items(false).len() as u64;
        told |= compared.none_worse().is_some();
        let beyond = compared.items(true);
        groups += beyond.len();
        let model = meeting.evaluation.model.as_str();
        if let Some(first) = beyond.first()
            && !named.contains(&model)
        {
            named.push(model);
            proven.push(first.of(&judged.name(meeting)));
        }
    }
    let shown = proven.len().min(WORST);
    proven.truncate(WORST);
    let text = match groups > shown {
        true => format!(" {shown} of {groups}:"),
        false => String::new(),
    };
    let text = format!(
        "Against the other groups; intervals allow for picking the worst of each attribute, save those by themselves.{text}"
    );
    let lead = "Worse by more than the policy allows";
    let mut points: Vec<Point> = Point::about("fail", lead, &text, proven)
        .into_iter()
        .collect();
    if lower > 0 {
        let groups = words::counted(lower, "group of a model", "groups, counted by model");
        let text = format!("for {groups}; the pages and tables below name them.");
        points.push(Point::new("limited", "Worse, by how much is open", text));
    } else if groups == 0 && told {
        let none = "of the groups that could be compared, with any model.";
        points.push(Point::new("none", "None is shown to be worse", none));
    }
    points.extend(left_unanswered(lookup, &judged.meetings));
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
