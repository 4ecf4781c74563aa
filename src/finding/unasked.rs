//! Findings of the program itself about what no gate of a policy asks: proving nothing must not look like passing.

use super::{Background, Finding, Outcome};
use crate::measure::intensity::MEASURES as OF_NUMBERS;
use crate::measure::{Measure, Measurement};
use crate::policy::{Insufficient, Policy, Severity};
use crate::task::Task;

/// A policy none of whose gates asks anything of these models.
pub(super) fn anything() -> Finding {
    let asks = "at least one gate asks something of these models";
    let detail = "no gate of the policy is about the tasks of these models";
    finding("policy".to_owned(), asks, detail.to_owned())
}

/// A finding for each task of a model whose answers no gate judged: that all cases were answered, or that people agree,
/// says nothing of the answers. A gate that may be absent, and was, judged nothing. And one for each dataset without answers.
pub(super) fn answers(
    policy: &Policy,
    findings: &[Finding],
    measurements: &[Measurement],
    background: &Background,
) -> Vec<Finding> {
    let must_be_asked = |task: Task| {
        policy.gates.iter().any(|gate| {
            judges_answers(gate.measure, task)
                && gate.task.is_none_or(|wanted| wanted == task)
                && gate.required
                && gate.insufficient == Insufficient::Block
                && gate.severity == Severity::Error
        })
    };
    let was_asked = |model: &str, task: Task| {
        findings.iter().any(|finding| {
            finding.outcome != Outcome::Unmeasured
                && finding.measurement.is_some_and(|place| {
                    let measured = &measurements[place];
                    measured.model == model
                        && measured.task == task
                        && judges_answers(measured.measure, task)
                })
        })
    };
    let mut unjudged: Vec<(&str, Task)> = Vec::new();
    for (model, _, task) in &background.answered {
        let subject = (model.as_str(), *task);
        if !unjudged.contains(&subject) && !must_be_asked(*task) && !was_asked(model, *task) {
            unjudged.push(subject);
        }
    }
    let unjudged = unjudged.into_iter();
    let unjudged = unjudged.map(|(model, task)| of_answers(model, task));
    unjudged.chain(unanswered(background)).collect()
}

/// A finding for each dataset that no model answered: its cases were to be audited, and nothing is known of them.
fn unanswered(background: &Background) -> impl Iterator<Item = Finding> {
    let is_answered = |dataset: &&String| {
        let mut answered = background.answered.iter();
        answered.any(|(_, of, _)| of == *dataset)
    };
    let unanswered = background.datasets.iter();
    let unanswered = unanswered.filter(move |dataset| !is_answered(dataset));
    unanswered.map(|dataset| {
        let asks = "every dataset is answered by some model";
        let detail = format!(
            "no model answered any case of {dataset}: give its answers, or leave the dataset out"
        );
        finding(format!("policy/{dataset}"), asks, detail)
    })
}

/// Whether a measure says something of the answers to a task.
fn judges_answers(measure: Measure, task: Task) -> bool {
    let of_numbers = OF_NUMBERS.contains(&measure);
    match task {
        Task::Intensity => of_numbers,
        Task::Sentiment | Task::Emotion => {
            let of_data = matches!(
                measure,
                Measure::Coverage | Measure::SetCoverage | Measure::TestCoverage
            );
            !of_numbers && !of_data && !measure.is_of_people()
        }
    }
}

fn of_answers(model: &str, task: Task) -> Finding {
    let id = format!("policy/{model}/{}", task.as_str());
    if task == Task::Intensity {
        let names: Vec<&str> = OF_NUMBERS.into_iter().map(Measure::id).collect();
        let asks = "at least one gate asks how near a model's numbers come to the gold ones";
        let detail = format!(
            "no gate of the policy judges the numbers of {model}, and its reliability table is about labels: add a gate of {} with by = \"label\"",
            names.join(", ")
        );
        return finding(id, asks, detail);
    }
    let asks = "at least one gate judges the labels that a model answers with";
    let task = task.as_str();
    let detail = format!(
        "no gate of the policy judged the {task} labels of {model}, and that cases were answered says nothing of them: leave the model out, or add a gate such as one of skill with task = \"{task}\""
    );
    finding(id, asks, detail)
}

fn finding(id: String, asks: &str, detail: String) -> Finding {
    Finding {
        id,
        gate: "policy".to_owned(),
        asks: asks.to_owned(),
        severity: Severity::Error,
        insufficient: Insufficient::Block,
        outcome: Outcome::Unmeasured,
        detail,
        measurement: None,
        needed_n: None,
        waiver: None,
        before_waiver: None,
    }
}
