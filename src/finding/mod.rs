//! Findings: what each gate of the policy makes of each measurement it asks about.
//!
//! A gate passes where the interval proves it, fails where the interval disproves it, and is otherwise undecided.

mod absent;
mod asks;
mod background;
mod bound;
mod family;
mod gap;
mod pairs;
mod unasked;
mod waiver;

use std::collections::BTreeMap;

pub use self::background::Background;

use crate::diagnostic::{counted, decimal, limit};
use crate::measure::{Comparison, Measurement};
use crate::policy::{Gate, Insufficient, Of, Policy, Severity, Waiver};
use crate::stats::evidence::at_level;
use crate::stats::power::detectable_difference;
use crate::stats::{Estimate, Interval, Reason};

use self::asks::asks;
use self::family::Comparisons;

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
    /// It has a result that fails or is undecided, and somebody accepted that until a date.
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
    /// What came out before it was waived.
    pub before_waiver: Option<Outcome>,
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
        let measured = (measurements, policy.evidence.min_n);
        findings.extend(judge_family(&family, measured, background));
    }
    let unjudged = unasked::answers(policy, &findings, measurements, background);
    findings.extend(unjudged);
    if findings.is_empty() {
        findings.push(unasked::anything());
    }
    waiver::apply(policy, &mut findings, measurements, today);
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
    (measurements, min_n): (&[Measurement], u64),
    background: &Background,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    // By model, so that what is said of one does not hang on which others were audited beside it.
    let mut families: BTreeMap<&str, Comparisons<'_>> = BTreeMap::new();
    for gate in family {
        let asked: Vec<usize> = (0..measurements.len())
            .filter(|place| asks(gate, &measurements[*place], background))
            .collect();
        findings.extend(absent::absent(gate, measurements, &asked, background));
        for place in asked {
            let measurement = &measurements[place];
            let mut finding = judge_one(gate, measurement);
            if measurement.result.is_err() {
                // More cases do not make a group of more people.
                let needed = finding.needed_n.map(|needed| needed.max(min_n));
                finding.needed_n = needed.filter(|_| !background.is_of_raters(measurement));
            }
            let fewest = min_n.max(background.compared_from);
            gap::leave_open(&mut finding, gate, measurement, (measurements, fewest));
            finding.measurement = Some(place);
            if let Ok(estimate) = &measurement.result
                && measurement.n >= gate.min_n
            {
                let family = families.entry(&measurement.model).or_default();
                family.count += 1;
                if finding.outcome == Outcome::Fail {
                    let p = bound::p_failing(gate.bound, estimate, measurement.n);
                    family.disproved.push((findings.len(), p, gate));
                }
            }
            findings.push(finding);
        }
    }
    for family in families.values() {
        family.correct(&mut findings, measurements);
    }
    pairs::decisive(findings, measurements)
}

/// What a gate asks, in words.
pub fn asks_words(gate: &Gate) -> String {
    let of = gate.of.words();
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
            // What is suppressed may have enough, and cover another.
            let few = outcome == Outcome::Insufficient && undefined.reason != Reason::Suppressed;
            (
                outcome,
                undefined.detail.clone(),
                Some(gate.min_n).filter(|_| few && measurement.n < gate.min_n),
            )
        }
        Ok(_) if measurement.n < gate.min_n => (
            Outcome::Insufficient,
            format!(
                "{}, and this gate asks for {}",
                counted(measurement.n as usize, "case"),
                gate.min_n
            ),
            Some(gate.min_n),
        ),
        Ok(estimate) => {
            let interval = interval(gate, estimate);
            let decided = bound::decide(gate.bound, interval);
            let evidence = (gate.level, measurement.n);
            let doubt = bound::exact_doubt(gate.bound, decided, estimate, evidence);
            let outcome = match doubt {
                Some(_) => Outcome::Insufficient,
                None => decided,
            };
            let mut detail = format!(
                "{}, {} % interval {} to {}",
                decimal(estimate.value, 3),
                percent(interval.level),
                limit(interval.low, 3),
                limit(interval.high, 3)
            );
            if let Some(p) = doubt {
                let verb = if decided == Outcome::Pass {
                    "proves"
                } else {
                    "disproves"
                };
                let most = digits((1.0 - gate.level) / 2.0);
                detail.push_str(&format!(
                    "; by itself the interval {verb} the gate, but by the exact binomial test p is {}, and at most {most} decides",
                    digits(p)
                ));
            }
            if let Some(size) =
                detectable(gate, &interval).filter(|_| outcome == Outcome::Insufficient)
            {
                detail.push_str(&format!(
                    "; with so many cases a true difference of {size:.2} shows four times in five, a smaller one less often"
                ));
            }
            (
                outcome,
                detail,
                needed(gate, measurement, gate.level).filter(|_| outcome == Outcome::Insufficient),
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
        before_waiver: None,
    }
}

/// The interval at the level of the gate, within what the measure can be. A limit that lies at the end of the range was cut
/// off there, or is: no level brings it nearer.
fn interval(gate: &Gate, estimate: &Estimate) -> Interval {
    let recorded = estimate.interval;
    let stretched = at_level(estimate, gate.level);
    let (least, most) = gate.range();
    Interval {
        low: if recorded.low <= least {
            recorded.low
        } else {
            stretched.low.max(least)
        },
        high: if recorded.high >= most {
            recorded.high
        } else {
            stretched.high.min(most)
        },
        ..stretched
    }
}

/// The number of cases that would settle it, were the estimate to stay; never fewer than the gate asks for.
fn needed(gate: &Gate, measurement: &Measurement, level: f64) -> Option<u64> {
    let estimate = measurement.result.as_ref().ok()?;
    let n = bound::needed(gate.bound, estimate, level, measurement.n)?;
    Some(n.max(gate.min_n))
}

/// The power that a difference is called detectable with, by convention (Cohen 1988).
const POWER: f64 = 0.8;

/// The smallest difference between groups that these cases would have shown, where a gate asks for one.
fn detectable(gate: &Gate, interval: &Interval) -> Option<f64> {
    let of_groups = matches!(
        gate.of,
        Of::Difference | Of::DifferenceToReference | Of::DifferenceGiven
    );
    detectable_difference(interval, POWER).filter(|_| of_groups)
}

/// A level in percent, with no more digits than it has.
fn percent(level: f64) -> f64 {
    (level * 1e6).round() / 1e4
}

/// A probability to four digits, with no more zeros than it needs.
fn digits(probability: f64) -> f64 {
    let scale = 10_f64.powf(3.0 - probability.log10().floor());
    (probability * scale).round() / scale
}

fn finding_id(gate: &Gate, measurement: &Measurement) -> String {
    let mut id = format!(
        "{}/{}/{}/{}",
        gate.id,
        measurement.model,
        measurement.dataset,
        measurement.task.as_str()
    );
    if let Some(
        Comparison::WithinSets(attribute)
        | Comparison::Gap(attribute)
        | Comparison::Change(Some(attribute)),
    ) = &measurement.comparison
        && measurement.slice.is_empty()
    {
        id.push_str(&format!("/{attribute}"));
    }
    if let Some(Comparison::WithinSetsToGroup(attribute, _)) = &measurement.comparison {
        id.push_str(&format!("/{attribute}/{}", pairs::name(gate, measurement)));
    } else {
        for (attribute, group) in &measurement.slice {
            id.push_str(&format!("/{attribute}={group}"));
        }
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
    };
    // Where nothing was measured, nothing is left to rest a 0 on, whatever the gates allow and waivers accept.
    let measured =
        |finding: &Finding| finding.measurement.is_some() && finding.outcome != Outcome::Unmeasured;
    if findings.iter().any(failed) {
        1
    } else if findings.iter().any(open) || !findings.iter().any(measured) {
        3
    } else {
        0
    }
}
