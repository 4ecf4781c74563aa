//! Many pairs of groups, one finding: what a gate makes of the pairs of an attribute is what it makes of the worst.

use std::collections::BTreeMap;

use super::{Finding, Outcome};
use crate::diagnostic::quote;
use crate::measure::{Comparison, Measurement};
use crate::policy::Gate;

/// What findings about pairs have in their ids in place of groups: there is one for all of them, since the pair that
/// decides may be another tomorrow. Pairs that lack evidence stay apart, or a waiver of one that fails would cover them.
pub(super) fn name(gate: &Gate, measurement: &Measurement) -> &'static str {
    match measurement.result {
        Ok(_) if measurement.n >= gate.min_n => "pairs",
        _ => "pairs-lacking",
    }
}

/// The findings, those of one id drawn into the one that decides, which are about the pairs of an attribute and one
/// label. Failures were corrected for all pairs (Holm 1979), and all pass where the worst does (intersection-union,
/// Berger 1982), so that nothing is chosen here that was not allowed for.
pub(super) fn decisive(findings: Vec<Finding>, measurements: &[Measurement]) -> Vec<Finding> {
    let mut kept: Vec<Vec<Finding>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        if pair(&finding, measurements).is_none() {
            kept.push(vec![finding]);
            continue;
        }
        let place = *places.entry(finding.id.clone()).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(pairs) => pairs.push(finding),
            None => kept.push(vec![finding]),
        }
    }
    let decisive = |findings| worst(findings, measurements);
    kept.into_iter().filter_map(decisive).collect()
}

/// The two groups that a finding is about, where it is about a pair.
fn pair<'a>(finding: &Finding, measurements: &'a [Measurement]) -> Option<(String, &'a str)> {
    let measurement = measurements.get(finding.measurement?)?;
    match &measurement.comparison {
        Some(Comparison::WithinSetsToGroup(_, other)) => {
            let groups: Vec<&str> = measurement
                .slice
                .iter()
                .map(|(_, group)| group.as_str())
                .collect();
            Some((groups.join(" and "), other))
        }
        _ => None,
    }
}

/// The finding furthest from passing; of those that are as far, that of the pair furthest apart.
fn worst(mut findings: Vec<Finding>, measurements: &[Measurement]) -> Option<Finding> {
    let pairs = findings.len();
    let furthest = findings.iter().map(|one| rank(one.outcome)).max()?;
    findings.retain(|one| rank(one.outcome) == furthest);
    // What settles one of them settles nothing while another is open.
    let needed: Option<Vec<u64>> = findings.iter().map(|one| one.needed_n).collect();
    let apart = |finding: &Finding| {
        let measurement = measurements.get(finding.measurement?)?;
        let estimate = measurement.result.as_ref().ok()?;
        Some(estimate.value.abs())
    };
    let mut findings = findings.into_iter();
    let mut worst = findings.next()?;
    for finding in findings {
        if apart(&finding) > apart(&worst) {
            worst = finding;
        }
    }
    if let Some((group, other)) = pair(&worst, measurements) {
        let decides = match pairs {
            1 => String::new(),
            _ => format!(", which decides of {pairs} pairs"),
        };
        let (group, other) = (quote(&group), quote(other));
        worst.detail = format!("{group} minus {other}{decides}: {}", worst.detail);
        worst.needed_n = needed.and_then(|needed| needed.into_iter().max());
    }
    Some(worst)
}

/// How far an outcome is from passing.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Pass | Outcome::Waived => 0,
        Outcome::Unmeasured => 1,
        Outcome::Insufficient => 2,
        Outcome::Fail => 3,
    }
}
