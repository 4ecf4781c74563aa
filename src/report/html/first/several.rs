//! The first screen over several models or several sets of real text: how many models can be trusted with what, which
//! is better, and for whom it is worse.

mod answers;

use std::collections::BTreeSet;

use super::super::lookup::{Lookup, Meeting, numbers, polarity, whole};
use super::super::picture::{CHARTED, models_chart, skill_chart};
use super::super::words::Style;
use super::{First, as_far_as_answered, caveats, partly_answered};
use crate::record::v1::{Contrast, Measurement, Verdict};
use crate::report::chart::Chart;

/// The models at one task that first screens are about, on real text where there is any.
pub struct Several<'a> {
    task: &'a str,
    meetings: Vec<Meeting<'a>>,
    /// Whether names must say which data.
    on_several: bool,
}

impl<'a> Several<'a> {
    /// The models at emotion, else at whatever was judged in labels; none where that is one model.
    pub fn of(lookup: Lookup<'a>) -> Option<Self> {
        let all = lookup.meetings();
        let is_real = |one: &Meeting<'_>| !one.is_constructed();
        let any_real = all.iter().any(is_real);
        let labelled = all
            .into_iter()
            .filter(|one| is_real(one) || !any_real)
            .filter(|one| one.verdicts(false).next().is_some());
        let labelled: Vec<Meeting<'a>> = labelled.collect();
        let emotion = labelled.iter().any(|one| one.evaluation.task == "emotion");
        let task = match emotion {
            true => "emotion",
            false => labelled.first()?.evaluation.task.as_str(),
        };
        let meetings: Vec<Meeting<'a>> = labelled
            .into_iter()
            .filter(|one| one.evaluation.task == task)
            .collect();
        let datasets: BTreeSet<&str> = meetings
            .iter()
            .map(|one| one.evaluation.dataset.as_str())
            .collect();
        let on_several = datasets.len() > 1;
        let several = Several {
            task,
            meetings,
            on_several,
        };
        (several.models().len() > 1).then_some(several)
    }

    /// A model by its name in the record, which is short and no other's, and the data where there are several.
    fn name(&self, meeting: &Meeting<'a>) -> String {
        let evaluation = meeting.evaluation;
        if self.on_several {
            format!("{} on {}", evaluation.model, evaluation.dataset)
        } else {
            evaluation.model.clone()
        }
    }

    fn models(&self) -> BTreeSet<&'a str> {
        let models = self.meetings.iter();
        models.map(|one| one.evaluation.model.as_str()).collect()
    }

    /// The labels in their order, each once.
    fn labels(&self) -> Vec<&'a str> {
        let mut labels: Vec<&str> = Vec::new();
        let verdicts = self.meetings.iter().flat_map(|one| one.verdicts(false));
        for label in verdicts.filter_map(|verdict| verdict.label.as_deref()) {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels
    }

    fn verdicts(&self, label: &str) -> Vec<&'a Verdict> {
        let verdicts = self.meetings.iter().flat_map(|one| one.verdicts(false));
        verdicts
            .filter(|verdict| verdict.label.as_deref() == Some(label))
            .collect()
    }

    /// The models whose verdict on a label is one of these on every dataset that holds it.
    fn with(&self, label: &str, codes: &[&str]) -> Vec<&'a str> {
        let verdicts = self.verdicts(label);
        let models = self.models().into_iter();
        models
            .filter(|model| {
                let mut own = verdicts.iter().filter(|one| one.model == *model).peekable();
                own.peek().is_some() && own.all(|one| codes.contains(&one.verdict.as_str()))
            })
            .collect()
    }

    /// Whether any data hold a label.
    fn is_known(&self, label: &str) -> bool {
        let skills = self.meetings.iter();
        let mut skills = skills.filter_map(|one| one.overall("skill", Some(label)));
        skills.any(|skill| skill.n > 0)
    }

    /// The highest skill at a label.
    fn best(&self, label: &str) -> Option<&'a Measurement> {
        let known = self.meetings.iter();
        let known = known.filter_map(|one| one.overall("skill", Some(label)));
        known
            .filter(|skill| numbers(&skill.value).is_some())
            .max_by(|a, b| estimate(a).total_cmp(&estimate(b)))
    }

    /// The dataset that most models answered, the first of equals.
    fn dataset(&self) -> &'a str {
        let answered = |dataset: &str| {
            let on = |one: &&Meeting<'_>| one.evaluation.dataset == dataset;
            self.meetings.iter().filter(on).count()
        };
        let datasets = self.meetings.iter().rev();
        let datasets = datasets.map(|one| one.evaluation.dataset.as_str());
        datasets
            .max_by_key(|dataset| answered(dataset))
            .unwrap_or_default()
    }
}

fn estimate(measurement: &Measurement) -> f64 {
    numbers(&measurement.value).map_or(f64::NEG_INFINITY, |(estimate, ..)| estimate)
}

/// The first screen about all of them.
pub fn view(lookup: Lookup<'_>, judged: &Several<'_>) -> First {
    let contrasts = contrasts(lookup, judged);
    let parts = [
        Some(answers::trusted(judged)),
        answers::instead(lookup, judged, &contrasts),
        answers::whom(lookup, judged),
    ];
    let (chart, rows) = chart(lookup, judged, &contrasts);
    let mut notes = Vec::new();
    if judged.on_several {
        notes.push(format!("On {}.", lookup.dataset_title(judged.dataset())));
    }
    if rows > CHARTED {
        notes.push(format!("{CHARTED} of {rows} models are drawn here."));
    }
    First {
        verdict: verdict(lookup, judged),
        deck: deck(judged, &contrasts),
        parts: parts.into_iter().flatten().collect(),
        caveats: caveats(lookup, judged.meetings.first().copied()),
        chart: Some(chart),
        chart_note: notes.join(" "),
        chart_link: "index",
    }
}

/// The picture, with how many models it is about: on one dataset, so that names are enough.
fn chart(
    lookup: Lookup<'_>,
    judged: &Several<'_>,
    contrasts: &[(String, &Contrast)],
) -> (Chart, usize) {
    let dataset = judged.dataset();
    let named = |of: &&(String, &Contrast)| of.1.dataset == dataset;
    let row = |(_, row): &(String, &'_ Contrast)| row.emotion_model.clone();
    let drawn = contrasts.iter().filter(named);
    let drawn: Vec<(String, &Contrast)> = drawn.map(|one| (row(one), one.1)).collect();
    if !drawn.is_empty() {
        return (models_chart(lookup, &drawn), drawn.len());
    }
    let wholes = wholes(judged);
    let wholes: Vec<(&str, &Measurement, &str)> = wholes
        .iter()
        .filter(|(_, skill, _)| skill.dataset == dataset)
        .map(|(_, skill, code)| (skill.model.as_str(), *skill, *code))
        .collect();
    let title = "All labels together, by model: skill with intervals, and its verdict";
    let rows = wholes.len();
    (skill_chart(lookup, ("first", title), &wholes), rows)
}

/// Every model with its skill over all labels and what is said of it.
fn wholes<'a>(judged: &Several<'a>) -> Vec<(String, &'a Measurement, &'a str)> {
    let row = |one: &Meeting<'a>| {
        let mut verdicts = one.verdicts(false);
        let whole = verdicts.find(|verdict| verdict.label.is_none())?;
        let skill = one.overall("skill", None)?;
        Some((judged.name(one), skill, whole.verdict.as_str()))
    };
    judged.meetings.iter().filter_map(row).collect()
}

/// How many models are shown to read how much, and which of them left cases without an answer.
fn verdict(lookup: Lookup<'_>, judged: &Several<'_>) -> String {
    let declining = judged.meetings.iter().filter_map(|one| {
        let answers = partly_answered(lookup, *one)?;
        Some(format!("{} {answers}", judged.name(one)))
    });
    let declining: Vec<String> = declining.collect();
    as_far_as_answered(of_all(judged), &declining)
}

/// How many models are shown to read how much.
fn of_all(judged: &Several<'_>) -> String {
    let models = judged.models();
    let all = models.len();
    let of = |model: &str| -> Vec<&str> {
        let meetings = judged.meetings.iter();
        let meetings = meetings.filter(|one| one.evaluation.model == model);
        let verdicts = meetings.flat_map(|one| one.verdicts(false));
        let known = |verdict: &&Verdict| {
            let label = verdict.label.as_deref();
            label.is_some_and(|label| judged.is_known(label))
        };
        let labels = verdicts.filter(known);
        labels.map(|verdict| verdict.verdict.as_str()).collect()
    };
    let by_model: Vec<Vec<&str>> = models.iter().map(|model| of(model)).collect();
    let count =
        |holds: &dyn Fn(&Vec<&str>) -> bool| by_model.iter().filter(|one| holds(one)).count();
    let judged_labels = count(&|codes| !codes.is_empty());
    let some = count(&|codes| codes.contains(&"reliable"));
    let every = count(&|codes| !codes.is_empty() && codes.iter().all(|code| *code == "reliable"));
    let open = count(&|codes| codes.iter().all(|code| *code == "insufficient"));
    let unit = unit(judged.task);
    let who = format!("{all} {} models", judged.task);
    let datasets = judged.meetings.iter().map(|one| &one.evaluation.dataset);
    let datasets: BTreeSet<&String> = datasets.collect();
    let on = match judged.on_several {
        false => "",
        true if judged.meetings.len() == all * datasets.len() => " on every dataset",
        true => " on all data that it was judged on",
    };
    let others = some - every;
    match (judged_labels, every, others) {
        (0, ..) => "No label could be judged by itself".to_owned(),
        (_, 0, 0) if open == all => format!("This data cannot tell which {unit}s can be trusted"),
        (_, 0, 0) => format!("None of {who} is shown to read any {unit} reliably"),
        (_, every, _) if every == all => {
            let who = match all {
                2 => format!("Both {} models", judged.task),
                _ => format!("All {who}"),
            };
            format!("{who} are shown to read every {unit} reliably{on}")
        }
        (_, 0, others) => format!(
            "{others} of {who} {} shown to read some {unit}s reliably, none every {unit}",
            is_are(others)
        ),
        (_, every, others) => format!(
            "{every} of {who} {} shown to read every {unit} reliably{on}, {}",
            is_are(every),
            match (others, all - some) {
                (0, 1) => "the other none".to_owned(),
                (0, none) => format!("the other {none} none"),
                (1, 0) => "the other only some".to_owned(),
                (others, 0) => format!("the other {others} only some"),
                (others, none) => format!("{others} only some, {none} none"),
            }
        ),
    }
}

fn is_are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

fn unit(task: &str) -> &'static str {
    if task == "emotion" {
        "emotion"
    } else {
        "label"
    }
}

/// Where skill begins and ends, with whose it is.
fn deck(judged: &Several<'_>, contrasts: &[(String, &Contrast)]) -> String {
    let mut text = "Skill is 0 for guessing and 1 for always right.".to_owned();
    let mut wholes = wholes(judged);
    wholes.retain(|(_, skill, _)| numbers(&skill.value).is_some());
    wholes.sort_by(|(_, a, _), (_, b, _)| estimate(a).total_cmp(&estimate(b)));
    if let [(low, least, _), .., (high, most, _)] = wholes.as_slice() {
        text.push_str(&format!(
            " At {} it runs from {} for {low} to {} for {high}.",
            judged.task,
            Style::Plain.value(&least.value),
            Style::Plain.value(&most.value),
        ));
    }
    let best = contrasts.iter().map(|(_, row)| *row);
    if let Some(row) = best.max_by(|a, b| polarity(a).total_cmp(&polarity(b))) {
        let on = match judged.on_several {
            true => format!(" on {}", row.dataset),
            false => String::new(),
        };
        text.push_str(&format!(
            " Polarity of the same cases is read best by {}{on}: {}.",
            row.sentiment_model,
            Style::Plain.value(&row.sentiment)
        ));
    }
    text
}

/// Each emotion model beside the sentiment model that reads the polarity of the same cases best.
fn contrasts<'a>(lookup: Lookup<'a>, judged: &Several<'a>) -> Vec<(String, &'a Contrast)> {
    let row = |one: &Meeting<'a>| {
        let evaluation = one.evaluation;
        let best = lookup.best_contrasts(&evaluation.model, &evaluation.dataset)?;
        Some((judged.name(one), whole(&best)?))
    };
    judged.meetings.iter().filter_map(row).collect()
}
