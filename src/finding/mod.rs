//! Findings: what each gate of the policy makes of each measurement it asks about.
//!
//! A gate passes where the interval proves it, fails where the interval disproves it, and is otherwise undecided.

mod bound;
mod waiver;

use crate::attribute::AttributeKind;
use crate::case::LabelSource;
use crate::measure::{Comparison, Measure, Measurement};
use crate::policy::{By, Gate, Insufficient, Of, Policy, Severity, Waiver};
use crate::stats::Reason;
use crate::stats::evidence::at_level;
use crate::stats::multiplicity::holm;
use crate::task::Task;

/// What a gate makes of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The interval proves the gate.
    Pass,
    /// The interval disproves the gate.
    Fail,
    /// The interval does neither, or there are too few cases.
    Insufficient,
    /// There is nothing to compute it from.
    Unmeasured,
    /// It failed or is undecided, and somebody accepted that until a date.
    Waived,
}

/// Every outcome with its name in files.
pub const OUTCOMES: [(&str, Outcome); 5] = [
    ("pass", Outcome::Pass),
    ("fail", Outcome::Fail),
    ("insufficient", Outcome::Insufficient),
    ("unmeasured", Outcome::Unmeasured),
    ("waived", Outcome::Waived),
];

/// What one gate makes of one measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Unique and stable: gate, model, dataset, and what it is about.
    pub id: String,
    /// The gate.
    pub gate: String,
    /// What the gate asks, in words.
    pub asks: String,
    /// What failing does.
    pub severity: Severity,
    /// What missing evidence does.
    pub insufficient: Insufficient,
    /// What came out.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub detail: String,
    /// The place of the measurement in the record; `None` where there is none.
    pub measurement: Option<usize>,
    /// How many cases would settle an undecided gate, were the estimate to stay.
    pub needed_n: Option<u64>,
    /// The waiver, where one holds.
    pub waiver: Option<Waiver>,
}

/// What gates need to know of the data behind the measurements, by dataset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Background {
    /// The kind of each attribute: dataset, attribute, kind.
    pub kinds: Vec<(String, String, AttributeKind)>,
    /// Where gold labels come from: dataset, task, source.
    pub sources: Vec<(String, Task, LabelSource)>,
    /// The tasks that the models perform.
    pub tasks: Vec<Task>,
}

impl Background {
    fn kind(&self, dataset: &str, name: &str) -> Option<AttributeKind> {
        let mut kinds = self.kinds.iter();
        kinds
            .find(|(of, attribute, _)| of == dataset && attribute == name)
            .map(|(.., kind)| *kind)
    }

    /// Where the gold labels of a task come from.
    pub fn source(&self, dataset: &str, task: Task) -> Option<LabelSource> {
        let mut sources = self.sources.iter();
        sources
            .find(|(of, known, _)| of == dataset && *known == task)
            .map(|(.., source)| *source)
    }
}

/// Judges all measurements by all gates. `today` is `YYYY-MM-DD`.
pub fn judge(
    policy: &Policy,
    measurements: &[Measurement],
    background: &Background,
    today: &str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for family in families(&policy.gates) {
        findings.extend(judge_family(&family, measurements, background));
    }
    if findings.is_empty() {
        findings.push(nothing_asked());
    }
    waiver::apply(&policy.waivers, &mut findings, today);
    findings
}

/// Gates in the order of the policy, those of one family together.
fn families(gates: &[Gate]) -> Vec<Vec<&Gate>> {
    let mut families: Vec<Vec<&Gate>> = Vec::new();
    for gate in gates {
        match families
            .iter_mut()
            .find(|family| family[0].family == gate.family)
        {
            Some(family) => family.push(gate),
            None => families.push(vec![gate]),
        }
    }
    families
}

fn judge_family(
    family: &[&Gate],
    measurements: &[Measurement],
    background: &Background,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut disproved: Vec<(usize, f64, f64)> = Vec::new();
    let mut comparisons = 0;
    for gate in family {
        let asked: Vec<usize> = (0..measurements.len())
            .filter(|place| asks(gate, &measurements[*place], background))
            .collect();
        if asked.is_empty() {
            if gate
                .task
                .is_none_or(|task| background.tasks.contains(&task))
            {
                findings.push(unmeasured(gate));
            }
            continue;
        }
        for place in asked {
            let measurement = &measurements[place];
            let mut finding = judge_one(gate, measurement);
            finding.measurement = Some(place);
            if let Ok(estimate) = &measurement.result
                && measurement.n >= gate.min_n
            {
                comparisons += 1;
                if finding.outcome == Outcome::Fail {
                    let p = bound::p_failing(gate.bound, estimate);
                    disproved.push((findings.len(), p, gate.level));
                }
            }
            findings.push(finding);
        }
    }
    // Only failing is corrected: one gate passes when all that it asks about pass, which needs no correction
    // (intersection-union, Berger 1982).
    let mut p_values: Vec<f64> = disproved.iter().map(|(_, p, _)| *p).collect();
    p_values.resize(comparisons.max(p_values.len()), 1.0);
    for ((place, _, level), adjusted) in disproved.iter().zip(holm(&p_values)) {
        if adjusted > (1.0 - level) / 2.0 {
            let finding = &mut findings[*place];
            finding.outcome = Outcome::Insufficient;
            finding.detail = format!(
                "{}; by itself the interval disproves the gate, but among {comparisons} comparisons chance alone could do that",
                finding.detail
            );
        }
    }
    findings
}

/// Whether a gate asks about a measurement.
fn asks(gate: &Gate, measurement: &Measurement, background: &Background) -> bool {
    if gate.measure != measurement.measure || gate.task.is_some_and(|task| task != measurement.task)
    {
        return false;
    }
    let within_sets = match &measurement.comparison {
        Some(Comparison::WithinSets(attribute)) => Some(attribute.as_str()),
        _ => None,
    };
    let is_difference = measurement.comparison == Some(Comparison::DifferenceToOthers);
    if is_difference != (gate.of == Of::Difference) {
        return false;
    }
    let of_group = !measurement.slice.is_empty();
    let of_label = measurement.label.is_some();
    let fits = match gate.by {
        By::Overall => !of_group && !of_label,
        By::Label => !of_group && of_label,
        // Score shifts are always about a label: asking by group asks about each.
        By::Group => {
            (of_group || within_sets.is_some())
                && (!of_label || gate.measure == Measure::ScoreShift)
        }
        By::LabelAndGroup => of_group && of_label,
    };
    let attribute = measurement
        .slice
        .first()
        .map(|(name, _)| name.as_str())
        .or(within_sets);
    let attribute_fits = attribute.is_none_or(|name| {
        let kind = background.kind(&measurement.dataset, name);
        (gate.attributes.is_empty() || gate.attributes.iter().any(|wanted| wanted == name))
            && (gate.attribute_kinds.is_empty()
                || kind.is_some_and(|kind| gate.attribute_kinds.contains(&kind)))
    });
    let label_fits = gate.labels.is_empty()
        || measurement
            .label
            .as_ref()
            .is_some_and(|label| gate.labels.contains(label));
    let source = background.source(&measurement.dataset, measurement.task);
    let source_fits = gate.label_sources.is_empty()
        || source.is_none_or(|source| gate.label_sources.contains(&source));
    fits && attribute_fits && label_fits && source_fits
}

fn unmeasured(gate: &Gate) -> Finding {
    Finding {
        id: gate.id.clone(),
        gate: gate.id.clone(),
        asks: asks_words(gate),
        severity: gate.severity,
        insufficient: if gate.required {
            gate.insufficient
        } else {
            Insufficient::Allow
        },
        outcome: Outcome::Unmeasured,
        detail: "nothing in this audit can be measured for this gate".to_owned(),
        measurement: None,
        needed_n: None,
        waiver: None,
    }
}

/// A policy none of whose gates asks anything of these models proves nothing, which must not look like passing.
fn nothing_asked() -> Finding {
    Finding {
        id: "policy".to_owned(),
        gate: "policy".to_owned(),
        asks: "at least one gate asks something of these models".to_owned(),
        severity: Severity::Error,
        insufficient: Insufficient::Block,
        outcome: Outcome::Unmeasured,
        detail: "no gate of the policy is about the tasks of these models".to_owned(),
        measurement: None,
        needed_n: None,
        waiver: None,
    }
}

fn asks_words(gate: &Gate) -> String {
    let of = match gate.of {
        Of::Value => "",
        Of::Difference => " difference to the others",
    };
    format!(
        "{}{of} {}",
        gate.measure.page().title.to_lowercase(),
        gate.bound.words()
    )
}

fn judge_one(gate: &Gate, measurement: &Measurement) -> Finding {
    let (outcome, detail, needed) = match &measurement.result {
        Err(undefined) => {
            let outcome = match undefined.reason {
                Reason::TooFewCases
                | Reason::Suppressed
                | Reason::NoVariation
                | Reason::Unstable => Outcome::Insufficient,
                _ => Outcome::Unmeasured,
            };
            (
                outcome,
                undefined.detail.clone(),
                too_few(gate, measurement).filter(|_| outcome == Outcome::Insufficient),
            )
        }
        Ok(_) if measurement.n < gate.min_n => (
            Outcome::Insufficient,
            format!(
                "{} cases, and this gate asks for {}",
                measurement.n, gate.min_n
            ),
            Some(gate.min_n),
        ),
        Ok(estimate) => {
            let interval = at_level(estimate, gate.level);
            let outcome = bound::decide(gate.bound, interval);
            let detail = format!(
                "{:.3}, {} % interval {:.3} to {:.3}",
                estimate.value,
                percent(interval.level),
                interval.low,
                interval.high
            );
            (
                outcome,
                detail,
                bound::needed(gate.bound, estimate, measurement.n)
                    .filter(|_| outcome == Outcome::Insufficient),
            )
        }
    };
    // Gates that may be absent hold nothing up when nothing could be measured; undecided ones still do.
    let insufficient = match outcome {
        Outcome::Unmeasured if !gate.required => Insufficient::Allow,
        _ => gate.insufficient,
    };
    Finding {
        id: finding_id(gate, measurement),
        gate: gate.id.clone(),
        asks: asks_words(gate),
        severity: gate.severity,
        insufficient,
        outcome,
        detail,
        measurement: None,
        needed_n: needed,
        waiver: None,
    }
}

/// A level in percent, with no more digits than it has.
fn percent(level: f64) -> f64 {
    (level * 1e6).round() / 1e4
}

fn too_few(gate: &Gate, measurement: &Measurement) -> Option<u64> {
    (measurement.n < gate.min_n).then_some(gate.min_n)
}

fn finding_id(gate: &Gate, measurement: &Measurement) -> String {
    let mut id = format!(
        "{}/{}/{}/{}",
        gate.id,
        measurement.model,
        measurement.dataset,
        measurement.task.as_str()
    );
    if let Some(Comparison::WithinSets(attribute)) = &measurement.comparison
        && measurement.slice.is_empty()
    {
        id.push_str(&format!("/{attribute}"));
    }
    for (attribute, group) in &measurement.slice {
        id.push_str(&format!("/{attribute}={group}"));
    }
    if let Some(label) = &measurement.label {
        id.push_str(&format!("/{label}"));
    }
    id
}

/// The exit code that findings call for: 1 where a gate of severity error failed, 3 where evidence that must be
/// there is not, 0 otherwise.
pub fn exit_code(findings: &[Finding]) -> u8 {
    let failed =
        |finding: &Finding| finding.outcome == Outcome::Fail && finding.severity == Severity::Error;
    let open = |finding: &Finding| {
        matches!(finding.outcome, Outcome::Insufficient | Outcome::Unmeasured)
            && finding.insufficient == Insufficient::Block
            && finding.severity == Severity::Error
    };
    // Where nothing was measured, nothing is left to rest a 0 on, whatever the gates allow.
    let measured = |finding: &Finding| finding.outcome != Outcome::Unmeasured;
    if findings.iter().any(failed) {
        1
    } else if findings.iter().any(open) || !findings.iter().any(measured) {
        3
    } else {
        0
    }
}
