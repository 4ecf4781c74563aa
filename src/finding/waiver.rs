//! Waivers: findings that somebody accepted until a date. Stale ones, and too many, become findings of their own.

use super::{Finding, Outcome};
use crate::diagnostic::counted;
use crate::policy::{Insufficient, Policy, Severity};

/// The gate that findings about waivers give.
const GATE: &str = "waiver";

/// Marks waived findings, and adds one for every waiver that has expired or matches nothing, and one where more is
/// waived than the policy bears.
pub(super) fn apply(policy: &Policy, findings: &mut Vec<Finding>, today: &str) {
    let mut stale = Vec::new();
    for waiver in &policy.waivers {
        let expired = waiver.expires.as_str() < today;
        let found = findings
            .iter_mut()
            .find(|finding| finding.id == waiver.finding);
        match found {
            Some(finding) if !expired && finding.outcome != Outcome::Pass => {
                finding.outcome = Outcome::Waived;
                finding.waiver = Some(waiver.clone());
            }
            Some(_) if expired => {
                stale.push((waiver, format!("the waiver expired on {}", waiver.expires)))
            }
            Some(_) => stale.push((
                waiver,
                "the finding passes, so there is nothing to waive".to_owned(),
            )),
            None => stale.push((waiver, "no finding has this id".to_owned())),
        }
    }
    for (waiver, detail) in stale {
        findings.push(Finding {
            id: format!("{GATE}/{}", waiver.finding),
            gate: GATE.to_owned(),
            asks: "every waiver is in force and matches a finding".to_owned(),
            severity: Severity::Warning,
            insufficient: Insufficient::Allow,
            outcome: Outcome::Fail,
            detail: format!("{detail} (policy line {})", waiver.line),
            measurement: None,
            needed_n: None,
            waiver: Some(waiver.clone()),
        });
    }
    findings.extend(over_budget(policy, findings));
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
    })
}
