//! Findings of the program itself about what no gate of a policy asks: proving nothing must not look like passing.

use super::{Background, Finding, Outcome};
use crate::measure::Measure;
use crate::measure::intensity::MEASURES as OF_NUMBERS;
use crate::policy::{Gate, Insufficient, Policy, Severity};
use crate::task::Task;

/// A policy none of whose gates asks anything of these models.
pub(super) fn anything() -> Finding {
    let asks = "at least one gate asks something of these models";
    let detail = "no gate of the policy is about the tasks of these models";
    finding("policy".to_owned(), asks, detail.to_owned())
}

/// A finding for each model that answers with numbers, where no gate asks how near they come: there are no verdicts
/// about numbers, and that all cases were answered says nothing of the answers.
pub(super) fn numbers(policy: &Policy, background: &Background) -> Vec<Finding> {
    let asked = |gate: &Gate| {
        OF_NUMBERS.contains(&gate.measure) && gate.task.is_none_or(|task| task == Task::Intensity)
    };
    if policy.gates.iter().any(asked) {
        return Vec::new();
    }
    let models = background.models.iter();
    let mut models: Vec<&str> = models
        .filter(|(_, task)| *task == Task::Intensity)
        .map(|(model, _)| model.as_str())
        .collect();
    models.dedup();
    let asks = "at least one gate asks how near a model's numbers come to the gold ones";
    let names: Vec<&str> = OF_NUMBERS.into_iter().map(Measure::id).collect();
    let of_model = |model: &&str| {
        let detail = format!(
            "no gate of the policy judges the numbers of {model}, and its reliability table is about labels: add a gate of {} with by = \"label\"",
            names.join(", ")
        );
        finding(format!("policy/{model}"), asks, detail)
    };
    models.iter().map(of_model).collect()
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
    }
}
