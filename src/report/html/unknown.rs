//! What the audit does not know: said as plainly as what it does.

use super::contrast;
use super::counterfactual::attribute_of;
use super::lookup::{Lookup, is_difference, unanswered};
use super::words;
use crate::diagnostic::thousands;
use crate::record::v1::{Attribute, Dataset, Evaluation, Measurement};

/// Share of cases from which those without an answer are said first.
const MANY_UNANSWERED: f64 = 0.05;

/// Most models on data that are named for the labels that they lack.
const MOST_LACKING: usize = 20;

/// A sentence for each thing that is not known.
pub fn sentences(lookup: Lookup<'_>) -> Vec<String> {
    let record = lookup.record;
    let measured = |measure: &str| {
        record
            .measurements
            .iter()
            .any(|m| m.measure == measure && m.n > 0)
    };
    let mut sentences = of_answers(lookup);
    sentences.extend(of_labels(lookup));
    for dataset in &record.datasets {
        let attributes = dataset.attributes.iter();
        sentences.extend(attributes.filter_map(|of| of_groups(lookup, dataset, of)));
    }
    let in_labels = lookup.whole.evaluations.iter();
    let in_labels = in_labels.filter(|one| one.task != "intensity").count() > 0;
    if !measured("human-alpha") && !in_labels && !record.evaluations.is_empty() {
        sentences.push(
            "How far people agree among themselves: the data holds one number a case, so how near a model could come at \
             best is not known."
                .to_owned(),
        );
    } else if !measured("human-alpha") {
        let sets = lookup.whole.evaluations.iter().any(|one| one.multi_label);
        let held = match sets {
            true => "one set of labels",
            false => "one label",
        };
        sentences.push(format!(
            "How far people agree among themselves: the data holds {held} a case, so labels that people do not share \
             cannot be told from those they do."
        ));
    }
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
