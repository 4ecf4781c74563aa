//! Waivers: findings that somebody accepted until a date. Stale ones become findings of their own.

use super::{Finding, Outcome};
use crate::policy::{Insufficient, Severity, Waiver};

/// Marks waived findings, and adds one for every waiver that has expired or matches nothing.
pub(super) fn apply(waivers: &[Waiver], findings: &mut Vec<Finding>, today: &str) {
    let mut stale = Vec::new();
    for waiver in waivers {
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
            id: format!("waiver/{}", waiver.finding),
            gate: "waiver".to_owned(),
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
}
