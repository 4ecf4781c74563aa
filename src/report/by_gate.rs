//! Findings by gate, what each outcome means for the exit code, and what would settle it. What a format calls them is left to the format.

use super::html::counterfactual::attribute_of;
use super::html::lookup::numbers;
use crate::diagnostic::thousands;
use crate::record::Record;
use crate::record::v1::{Finding, Gate};

/// The findings of one gate.
pub struct ByGate<'a> {
    /// The name that findings give as their gate.
    pub id: &'a str,
    /// What passing means; the name where the policy does not say.
    pub title: &'a str,
    /// What it asks, in words.
    pub asks: &'a str,
    /// `error` or `warning`.
    pub severity: &'a str,
    /// The gate in the policy; none for what the program itself finds, such as stale waivers.
    pub gate: Option<&'a Gate>,
    /// Its findings in the order of the record; none where the gate was not asked of these models.
    pub findings: Vec<&'a Finding>,
}

impl ByGate<'_> {
    /// How many findings are in a state.
    pub fn count(&self, record: &Record, state: State) -> usize {
        let states = self
            .findings
            .iter()
            .map(|finding| State::of(record, finding));
        states.filter(|one| *one == state).count()
    }
}

/// What a finding means to who waits for the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The interval proves the gate.
    Passed,
    /// The interval disproves the gate.
    Failed,
    /// The evidence is missing, and the policy requires it.
    Missing,
    /// The evidence is missing, and the policy lets that be.
    Open,
    /// Somebody accepted it until a date.
    Waived,
}

impl State {
    /// The state of a finding. An outcome that this version does not know never counts as passed.
    pub fn of(record: &Record, finding: &Finding) -> State {
        match finding.outcome.as_str() {
            "pass" => State::Passed,
            "fail" => State::Failed,
            "waived" => State::Waived,
            _ if finding.insufficient != "allow" => State::Missing,
            // Where nothing was measured at all, nothing that is open may be let be.
            _ if record.exit_code == 3 && nothing_measured(record) => State::Missing,
            _ => State::Open,
        }
    }
}

/// Whether the numbers disprove what a gate asks: it failed, or it failed and somebody waived that. A waiver lets be
/// what is open too; what is open needs more cases, or has an interval that holds zero.
pub fn is_disproved(finding: &Finding) -> bool {
    let excludes_zero = || {
        let value = finding.measurement.as_ref().map(|of| &of.value);
        let limits = value.and_then(numbers);
        limits.is_some_and(|(_, low, high)| low > 0.0 || high < 0.0)
    };
    match finding.outcome.as_str() {
        "fail" => true,
        "waived" => match &finding.before_waiver {
            Some(before) => before == "fail",
            None => finding.needed_n.is_none() && excludes_zero(),
        },
        _ => false,
    }
}

/// Who waived a finding until when; empty where nobody did.
pub fn waived(finding: &Finding) -> String {
    match (&finding.waiver, finding.outcome.as_str()) {
        (Some(waiver), "waived") => {
            format!(
                "waived by {} until {}{}",
                waiver.owner,
                waiver.expires,
                before(finding, "; ", "")
            )
        }
        _ => String::new(),
    }
}

/// What came out before a finding was waived, between two marks; empty where the record does not say.
pub fn before(finding: &Finding, lead: &str, end: &str) -> String {
    match finding.before_waiver.as_deref() {
        Some("fail") => format!("{lead}it had failed{end}"),
        Some("insufficient") => format!("{lead}it was undecided{end}"),
        _ => String::new(),
    }
}

fn nothing_measured(record: &Record) -> bool {
    let mut findings = record.findings.iter();
    findings.all(|finding| finding.measurement.is_none() || finding.outcome == "unmeasured")
}

/// The gates of the policy in its order, also those without findings; then what is none of its gates.
pub fn by_gate(record: &Record) -> Vec<ByGate<'_>> {
    let mut gates: Vec<ByGate<'_>> = record
        .policy
        .gates
        .iter()
        .map(|gate| ByGate {
            id: &gate.id,
            title: if gate.title.is_empty() {
                &gate.id
            } else {
                &gate.title
            },
            asks: &gate.asks,
            severity: &gate.severity,
            gate: Some(gate),
            findings: Vec::new(),
        })
        .collect();
    for finding in &record.findings {
        match gates.iter_mut().find(|gate| gate.id == finding.gate) {
            Some(gate) => gate.findings.push(finding),
            None => gates.push(ByGate {
                id: &finding.gate,
                title: &finding.gate,
                asks: &finding.asks,
                severity: &finding.severity,
                gate: None,
                findings: vec![finding],
            }),
        }
    }
    gates
}

/// What would settle a finding, or who accepted it.
pub fn settling(finding: &Finding) -> String {
    if let (Some(waiver), "waived") = (&finding.waiver, finding.outcome.as_str()) {
        return format!(
            "{}{} answers for it until {}: {}",
            before(finding, "", "; "),
            waiver.owner,
            waiver.expires,
            waiver.reason
        );
    }
    let unit = match finding.measurement.as_ref() {
        Some(measurement) if attribute_of(measurement).is_some() => "sets",
        _ => "cases",
    };
    match (finding.outcome.as_str(), finding.needed_n) {
        ("insufficient", Some(n)) => format!("about {} {unit}", thousands(n)),
        ("insufficient", None) => "more cases; how many cannot be told from these".to_owned(),
        ("unmeasured", _) => "data that it can be measured on".to_owned(),
        ("fail", _) if finding.gate == "waiver" && finding.waiver.is_none() => {
            "mending what is waived".to_owned()
        }
        ("fail", _) if finding.gate == "waiver" => "removing or renewing the waiver".to_owned(),
        ("fail", _) => "a better model or a narrower use".to_owned(),
        _ => String::new(),
    }
}

/// What would settle a finding, or who answers for it, as a sentence after a blank; empty where there is nothing to say.
pub fn settling_sentence(finding: &Finding) -> String {
    let lead = match finding.outcome.as_str() {
        "waived" => "Accepted",
        _ => "What would settle it",
    };
    match settling(finding) {
        settling if settling.is_empty() => settling,
        settling => format!(" {lead}: {settling}."),
    }
}
