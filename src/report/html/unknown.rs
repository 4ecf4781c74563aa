//! What the audit does not know: said as plainly as what it does.

use super::contrast;
use super::counterfactual::attribute_of;
use super::lookup::{Lookup, is_difference, unanswered};
use super::words;
use crate::diagnostic::thousands;
use crate::measure::Measure;
use crate::record::v1::{Attribute, Dataset, Evaluation, Measurement};

/// Share of cases from which those without an answer are said first.
const MANY_UNANSWERED: f64 = 0.05;

/// Most models on data that are named for the labels that they lack.
const MOST_LACKING: usize = 20;

/// A sentence for each thing that is not known.
pub fn sentences(lookup: Lookup<'_>) -> Vec<String> {
    let record = lookup.record;
    let mut sentences = of_answers(lookup);
    sentences.extend(of_labels(lookup));
    for dataset in &record.datasets {
        let attributes = dataset.attributes.iter();
        sentences.extend(attributes.filter_map(|of| of_groups(lookup, dataset, of)));
    }
    let in_labels = lookup.whole.evaluations.iter();
    let in_labels = in_labels.filter(|one| one.task != "intensity").count() > 0;
    sentences.extend(of_people(lookup, in_labels));
    if lookup.whole.contrasts.is_empty() && (in_labels || record.evaluations.is_empty()) {
        sentences.push(format!(
            "Whether polarity would serve better than emotion: {}.",
            contrast::why_absent(lookup)
        ));
    }
    if !record.measurements.iter().any(is_difference) {
        sentences.push(
            "Whether it is worse for some groups: the data declares no groups that could be compared, which is not a pass."
                .to_owned(),
        );
    }
    if !record
        .measurements
        .iter()
        .any(|m| attribute_of(m).is_some())
    {
        sentences.push(
            "Whether answers turn with the identity named: no counterfactual sets in this data, which is not a pass."
                .to_owned(),
        );
    }
    let calibration = |m: &Measurement| {
        ["calibration", "brier"]
            .iter()
            .any(|name| m.measure.contains(name))
    };
    if in_labels && !record.measurements.iter().any(calibration) {
        sentences.push(
            "Whether scores can be read as probabilities: calibration was not measured.".to_owned(),
        );
    }
    let mut unmeasured: Vec<String> = Vec::new();
    for finding in record
        .findings
        .iter()
        .filter(|finding| finding.outcome == "unmeasured")
    {
        let gate = record
            .policy
            .gates
            .iter()
            .find(|gate| gate.id == finding.gate);
        let Some(gate) = gate else {
            sentences.push(format!("{}.", words::sentence(&finding.detail)));
            continue;
        };
        let title = match gate.title.as_str() {
            "" => format!("“{}”", gate.id),
            title => format!("“{title}”"),
        };
        if !unmeasured.contains(&title) {
            unmeasured.push(title);
        }
    }
    if !unmeasured.is_empty() {
        sentences.push(format!(
            "What {} {} of some or all of the models or groups: nothing was measured that could answer.",
            match unmeasured.len() {
                1 => "the gate",
                _ => "the gates",
            },
            match unmeasured.len() {
                1 => format!("{} asks", words::list(&unmeasured)),
                _ => format!("{} ask", words::list(&unmeasured)),
            }
        ));
    }
    sentences
}

/// How far people agree, where that is not known of enough cases.
fn of_people(lookup: Lookup<'_>, in_labels: bool) -> Vec<String> {
    let record = lookup.record;
    let mut asked: Vec<(&str, &str)> = Vec::new();
    for one in &record.evaluations {
        let of = (one.dataset.as_str(), one.task.as_str());
        if !asked.contains(&of) {
            asked.push(of);
        }
    }
    let shared = |(dataset, task): (&str, &str)| {
        // Of numbers each dimension has its own; the one that fewest cases tell of counts.
        let on_all = |one: &&Measurement| {
            one.measure == Measure::HumanAlpha.id()
                && (one.dataset.as_str(), one.task.as_str()) == (dataset, task)
                && (one.label.is_none() || task == "intensity")
                && one.slice.is_empty()
        };
        let known = record.measurements.iter().filter(on_all);
        known.filter(|one| one.n > 0).min_by_key(|one| one.n)
    };
    if asked.iter().all(|of| shared(*of).is_none()) {
        let sets = lookup.whole.evaluations.iter().any(|one| one.multi_label);
        let sentence = match (in_labels || record.evaluations.is_empty(), sets) {
            (false, _) => {
                "How far people agree among themselves: the data holds one number a case, so how near a model could come \
                 at best is not known."
            }
            (true, true) => {
                "How far people agree among themselves: the data holds one set of labels a case, so labels that people do \
                 not share cannot be told from those they do."
            }
            (true, false) => {
                "How far people agree among themselves: the data holds one label a case, so labels that people do not \
                 share cannot be told from those they do."
            }
        };
        return vec![sentence.to_owned()];
    }
    let least = lookup.reliability("min_n").unwrap_or(0.0);
    let sentence = |of: &(&str, &str)| {
        let n = shared(*of).map_or(0, |one| one.n);
        ((n as f64) < least).then(|| {
            let rated = match n {
                0 => "no case".to_owned(),
                n => format!("only {}", words::counted(n, "case", "cases")),
            };
            format!(
                "How far people agree among themselves on {} in {}: {rated} {} labelled by two people or more.",
                of.1,
                lookup.dataset_title(of.0),
                if n < 2 { "was" } else { "were" }
            )
        })
    };
    asked.iter().filter_map(sentence).collect()
}

/// What is not known of cases that got no answer, where they are many.
fn of_answers(lookup: Lookup<'_>) -> Vec<String> {
    let evaluations = lookup.record.evaluations.iter();
    let many =
        evaluations.filter(|one| unanswered(one) as f64 > MANY_UNANSWERED * one.judged as f64);
    let sentence = |one: &Evaluation| {
        format!(
            "How {} reads {} of {} of {}: it gave no answer to them.",
            lookup.model_title(&one.model),
            thousands(unanswered(one)),
            words::counted(one.judged, "case", "cases"),
            lookup.dataset_title(&one.dataset)
        )
    };
    many.take(MOST_LACKING).map(sentence).collect()
}

/// What is not known of labels that a model lacks.
fn of_labels(lookup: Lookup<'_>) -> Vec<String> {
    let record = lookup.record;
    let mut sentences = Vec::new();
    let lacking = |one: &&Evaluation| !one.labels_outside_model.is_empty();
    let all = record.evaluations.iter().filter(lacking).count();
    for evaluation in record.evaluations.iter().filter(lacking).take(MOST_LACKING) {
        sentences.push(format!(
            "How {} handles {}: it has no such label, and {} of {} could not be judged.",
            lookup.model_title(&evaluation.model),
            words::list(&evaluation.labels_outside_model),
            words::counted(evaluation.outside_model, "case", "cases"),
            lookup.dataset_title(&evaluation.dataset)
        ));
    }
    if all > MOST_LACKING {
        sentences.push(format!(
            "The same of {} more; the page of each says it.",
            words::counted((all - MOST_LACKING) as u64, "model", "models on data")
        ));
    }
    sentences
}

/// Share of blanks from which a comparison of groups is said to leave many out.
const MANY_BLANK: f64 = 0.2;

/// How many cases no comparison of these groups counts, where they are many.
fn of_groups(lookup: Lookup<'_>, dataset: &Dataset, attribute: &Attribute) -> Option<String> {
    let of_people = ["demographic", "culture"].contains(&attribute.kind.as_str());
    let missing = of_people && attribute.blank == "missing";
    let many = attribute.blanks as f64 > MANY_BLANK * dataset.cases as f64;
    (missing && many).then(|| {
        format!(
            "How {} of {} are read by {}: it is not given for them, and no comparison of groups counts them.",
            words::counted(attribute.blanks, "case", "cases"),
            lookup.dataset_title(&dataset.name),
            words::spaced(&attribute.name)
        )
    })
}
