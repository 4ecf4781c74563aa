//! What the audit does not know: said as plainly as what it does.

use super::contrast;
use super::counterfactual::attribute_of;
use super::lookup::{Lookup, is_difference};
use super::words;
use crate::record::v1::{Evaluation, Measurement};

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
    let mut sentences = Vec::new();
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
