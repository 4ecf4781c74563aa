//! SARIF 2.1.0, for code scanning: a rule for each gate, a result for each finding, also for those that passed.
//!
//! A result points at the line of the policy that asked, and at the card of the dataset where the record knows it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::by_gate::{ByGate, State, by_gate, settling, settling_sentence};
use super::text;
use crate::dataset::read::CARD;
use crate::digest::sha256;
use crate::record::Record;
use crate::record::v1::{Finding, Gate};

/// Where the schema of the format is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The root that relative places are relative to; code scanning sets it to that of the repository.
const ROOT: &str = "%SRCROOT%";

/// What stands for itself in a path: unreserved characters of RFC 3986 and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Renders a record as a SARIF log.
///
/// A passed finding has the kind `pass`, a failed one `fail` with the level of its gate's severity, one without
/// evidence `open`, or `notApplicable` where there was nothing to measure and the policy lets that be. A waived finding
/// is one for `review`, suppressed with the reason of its waiver.
pub fn render(record: &Record) -> String {
    let gates = by_gate(record);
    let rules: Vec<Value> = gates.iter().map(rule).collect();
    let results: Vec<Value> = record
        .findings
        .iter()
        .map(|finding| {
            let place = gates.iter().position(|gate| gate.id == finding.gate);
            result(record, finding, place.unwrap_or_default(), &gates)
        })
        .collect();
    let mut invocation = Map::new();
    invocation.insert("executionSuccessful".to_owned(), json!(true));
    invocation.insert("exitCode".to_owned(), json!(record.exit_code));
    if let Some(run) = &record.run {
        invocation.insert("startTimeUtc".to_owned(), json!(run.started));
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": record.tool.name,
                "version": record.tool.version,
                "semanticVersion": record.tool.version,
                "rules": rules,
            }},
            // Runs of one policy replace each other in code scanning.
            "automationDetails": { "id": format!("{}/{}/", record.tool.name, text::line(&record.policy.name)) },
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "properties": {
                "recordDigest": record.digest,
                "policyDigest": record.policy.digest,
                "policyVersion": text::line(&record.policy.version),
            },
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log)
        .unwrap_or_else(|_| unreachable!("the log holds only strings, numbers and lists"));
    text.push('\n');
    text
}

fn rule(gate: &ByGate<'_>) -> Value {
    let references = gate.gate.map_or(&[][..], |gate| &gate.reference);
    let relevant = if references.is_empty() {
        String::new()
    } else {
        format!(" Evidence relevant to {}.", references.join("; "))
    };
    let help = format!("Asks: {}.{relevant}", gate.asks);
    json!({
        "id": text::line(gate.id),
        "shortDescription": { "text": text::line(gate.title) },
        "fullDescription": { "text": text::line(&help) },
        "help": { "text": text::line(&help), "markdown": text::prose(&help) },
        "defaultConfiguration": { "level": level(gate.severity) },
        "properties": { "tags": tags(references) },
    })
}

/// Each reference once: tags are a set.
fn tags(references: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = references
        .iter()
        .map(|reference| text::line(reference))
        .collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}

fn level(severity: &str) -> &'static str {
    if severity == "warning" {
        "warning"
    } else {
        "error"
    }
}

fn result(record: &Record, finding: &Finding, rule: usize, gates: &[ByGate<'_>]) -> Value {
    let kind = match (State::of(record, finding), finding.outcome.as_str()) {
        (State::Passed, _) => "pass",
        (State::Failed, _) => "fail",
        (State::Waived, _) => "review",
        (State::Open, "unmeasured") => "notApplicable",
        (State::Open | State::Missing, _) => "open",
    };
    let id = text::line(&finding.id);
    let mut message = format!("{id}: {}. Asked: {}.", finding.detail, finding.asks);
    message.push_str(&settling_sentence(finding));
    let mut result = json!({
        "ruleId": text::line(&finding.gate),
        "ruleIndex": rule,
        "kind": kind,
        "level": if kind == "fail" { level(&finding.severity) } else { "none" },
        "message": { "text": text::line(&message) },
        "locations": [location(record, gates.get(rule), &id)],
        "partialFingerprints": { "finding/v1": sha256([finding.id.as_bytes()]) },
        "properties": {
            "outcome": text::line(&finding.outcome),
            "severity": text::line(&finding.severity),
            "missingEvidence": text::line(&finding.insufficient),
            "neededCases": finding.needed_n,
        },
    });
    let card = finding
        .measurement
        .as_ref()
        .and_then(|measurement| card(record, &measurement.dataset));
    if let Some(card) = card {
        result["relatedLocations"] = json!([{
            "id": 0,
            "message": { "text": "the dataset it was measured on" },
            "physicalLocation": { "artifactLocation": artifact(&card) },
        }]);
    }
    if State::of(record, finding) == State::Waived && finding.waiver.is_some() {
        let justification = settling(finding);
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": text::line(&justification),
        }]);
    }
    result
}

/// The line of the policy that asked. The record proper knows the policy by its name alone; where it was read from
/// belongs to the run.
pub(super) fn asked_at<'a>(record: &'a Record, gate: Option<&Gate>) -> (&'a str, u64) {
    let run = record.run.as_ref();
    let file = run
        .and_then(|run| run.policy.as_ref())
        .unwrap_or(&record.policy.file);
    (file, gate.map_or(1, |gate| gate.line.max(1)))
}

fn location(record: &Record, gate: Option<&ByGate<'_>>, id: &str) -> Value {
    let (file, line) = asked_at(record, gate.and_then(|gate| gate.gate));
    json!({
        "physicalLocation": {
            "artifactLocation": artifact(file),
            "region": { "startLine": line },
        },
        "logicalLocations": [{ "fullyQualifiedName": id }],
    })
}

/// The card of a dataset that was read from a folder.
fn card(record: &Record, dataset: &str) -> Option<String> {
    let folder = record.run.as_ref()?.folders.get(dataset)?;
    let slash = if folder.is_empty() || folder.ends_with('/') {
        ""
    } else {
        "/"
    };
    Some(format!("{folder}{slash}{CARD}"))
}

/// A file: relative to the root of the repository, unless it was named by its place on the machine.
fn artifact(file: &str) -> Value {
    let path = file.replace('\\', "/");
    let drive = path.get(1..3) == Some(":/");
    if path.starts_with('/') || drive {
        let path = path.trim_start_matches('/');
        return json!({ "uri": format!("file:///{}", utf8_percent_encode(path, PATH)) });
    }
    let path = path.strip_prefix("./").unwrap_or(&path);
    json!({ "uri": utf8_percent_encode(path, PATH).to_string(), "uriBaseId": ROOT })
}

#[cfg(test)]
mod tests {
    use super::artifact;

    #[test]
    fn places_are_relative_to_the_repository() {
        for (file, uri, base) in [
            ("./my policy.md", "my%20policy.md", true),
            ("data\\set/dataset.toml", "data/set/dataset.toml", true),
            ("/tmp/p.md", "file:///tmp/p.md", false),
            ("C:\\p.md", "file:///C%3A/p.md", false),
            ("a:b\n.md", "a%3Ab%0A.md", true),
        ] {
            let artifact = artifact(file);
            assert_eq!(artifact["uri"], uri);
            assert_eq!(artifact["uriBaseId"].is_string(), base, "{file}");
        }
    }
}
