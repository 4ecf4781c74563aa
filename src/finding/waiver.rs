//! Waivers: findings that somebody accepted until a date. Stale ones, and too many, become findings of their own.

use super::{Finding, Outcome};
use crate::diagnostic::counted;
use crate::measure::Measurement;
use crate::policy::{Insufficient, Policy, Severity};

/// The gate that findings about waivers give.
const GATE: &str = "waiver";

/// Marks waived findings, and adds one for every waiver that has expired, matches nothing or stands for evidence that is
/// missing, and one where more is waived than the policy bears.
pub(super) fn apply(
    policy: &Policy,
    findings: &mut Vec<Finding>,
    measurements: &[Measurement],
    today: &str,
) {
    let mut stale = Vec::new();
    for waiver in &policy.waivers {
        let found = findings
            .iter_mut()
            .find(|finding| finding.id == waiver.finding);
        let stale_since = match found {
            None => Some("no finding has this id".to_owned()),
            Some(_) if waiver.expires.as_str() < today => {
                Some(format!("the waiver expired on {}", waiver.expires))
            }
            Some(finding) if finding.outcome == Outcome::Pass => {
                Some("the finding passes, so there is nothing to waive".to_owned())
            }
            Some(finding) if !has_result(policy, finding, measurements) => Some(
                "the finding has no result that somebody could accept: a waiver never stands for missing evidence"
                    .to_owned(),
            ),
            Some(finding) => {
                finding.before_waiver = Some(finding.outcome);
                finding.outcome = Outcome::Waived;
                finding.waiver = Some(waiver.clone());
                None
            }
        };
        stale.extend(stale_since.map(|detail| (waiver, detail)));
    }
    for (waiver, detail) in stale {
        findings.push(Finding {
            id: format!("{GATE}/{}", waiver.finding),
            gate: GATE.to_owned(),
            asks: "every waiver is in force and matches a finding with a result".to_owned(),
            severity: Severity::Warning,
            insufficient: Insufficient::Allow,
            outcome: Outcome::Fail,
            detail: format!("{detail} (policy line {})", waiver.line),
            measurement: None,
            needed_n: None,
            waiver: Some(waiver.clone()),
            before_waiver: None,
        });
    }
    findings.extend(over_budget(policy, findings));
}

/// Whether an interval that rests on enough cases stands behind a finding. A result that is undecided can be accepted as
/// one that fails can: otherwise worse evidence would be easier to accept.
fn has_result(policy: &Policy, finding: &Finding, measurements: &[Measurement]) -> bool {
    let mut gates = policy.gates.iter();
    let gate = gates.find(|gate| gate.id == finding.gate);
    let measurement = finding.measurement.map(|place| &measurements[place]);
    gate.zip(measurement).is_some_and(|(gate, measurement)| {
        measurement.result.is_ok() && measurement.n >= gate.min_n
    })
}

/// A finding that fails where more is waived than the policy bears: exceptions that pile up are a policy nobody wrote.
fn over_budget(policy: &Policy, findings: &[Finding]) -> Option<Finding> {
    let most = policy.most_waivers?;
    let waived = findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::Waived)
        .count() as u64;
    (waived > most).then(|| Finding {
        id: format!("{GATE}-budget"),
        gate: GATE.to_owned(),
        asks: format!(
            "at most {} waived at once",
            counted(most as usize, "finding")
        ),
        severity: Severity::Error,
        insufficient: Insufficient::Block,
        outcome: Outcome::Fail,
        detail: format!(
            "{} waived, where the policy bears {most}",
            counted(waived as usize, "finding")
        ),
        measurement: None,
        needed_n: None,
        waiver: None,
        before_waiver: None,
    })
}
