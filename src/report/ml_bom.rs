//! A machine-learning bill of materials in CycloneDX 1.6: models with their model cards, the data they were measured
//! on, and every finding.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::by_gate::before;
use super::html::about;
use super::html::lookup::Lookup;
use super::text::line;
use super::tidy;
use crate::digest::sha256;
use crate::record::Record;
use crate::record::v1;
use crate::record::v1::{Finding, Measurement, Model};

/// The beginning of the names of our properties.
const OWN: &str = "affect-audit";

/// Renders a record as CycloneDX 1.6 in JSON.
///
/// Same evidence, same serial number: it is made from the digest of the record. Measurements without a value are
/// counted in a property and do not stand among the metrics, which have no place for a reason.
pub fn render(record: &Record) -> String {
    let mut metadata = json!({
        "tools": { "components": [{
            "type": "application",
            "name": record.tool.name,
            "version": record.tool.version,
        }]},
        "properties": [
            property("record-digest", &record.digest),
            property("policy", &format!("{} {}", record.policy.name, record.policy.version)),
            property("policy-digest", &record.policy.digest),
            property("exit-code", &record.exit_code.to_string()),
        ],
    });
    if let Some(run) = &record.run {
        metadata["timestamp"] = json!(line(&run.started));
    }
    let models = record.models.iter().enumerate();
    let datasets = record.datasets.iter().enumerate();
    let components: Vec<Value> = models
        .map(|(place, model)| self::model(record, place, model))
        .chain(datasets.map(|(place, dataset)| self::dataset(place, dataset)))
        .collect();
    // Findings of no model in the list stand at the top, so that none is lost.
    let rest = record.findings.iter().filter(|finding| {
        let of = model_of(finding);
        !record.models.iter().any(|model| of == Some(&model.name))
    });
    let bom = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial_number(&record.digest),
        "version": 1,
        "metadata": metadata,
        "components": components,
        "properties": rest.map(finding).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&bom)
        .unwrap_or_else(|_| unreachable!("the bill holds only strings, numbers and lists"));
    text.push('\n');
    text
}

/// A UUID of version 8 (RFC 9562, section 5.8) from the digest of the record.
fn serial_number(digest: &str) -> String {
    let hash = sha256([OWN.as_bytes(), b"/ml-bom/", digest.as_bytes()]);
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..32]
    )
}

fn property(name: &str, value: &str) -> Value {
    json!({ "name": format!("{OWN}:{name}"), "value": line(value) })
}

/// A finding as a property: its outcome in the name, what it is about and what was found in the value.
fn finding(finding: &Finding) -> Value {
    property(
        &format!("finding:{}", line(&finding.outcome)),
        &format!(
            "{} | {} | asked: {}",
            finding.id, finding.detail, finding.asks
        ),
    )
}

fn model_of(finding: &Finding) -> Option<&String> {
    finding
        .measurement
        .as_ref()
        .map(|measurement| &measurement.model)
}

/// A digest as CycloneDX takes it, where it is one.
fn hashes(digest: &str) -> Value {
    if digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        json!([{ "alg": "SHA-256", "content": digest }])
    } else {
        json!([])
    }
}

fn licences(licence: &str) -> Value {
    if licence.is_empty() {
        json!([])
    } else {
        json!([{ "license": { "name": line(licence) } }])
    }
}

fn model(record: &Record, place: usize, model: &Model) -> Value {
    let measurements: Vec<&Measurement> = record
        .measurements
        .iter()
        .filter(|measurement| measurement.model == model.name)
        .collect();
    let metrics: Vec<Value> = measurements.iter().filter_map(|m| metric(m)).collect();
    let undefined = measurements.len() - metrics.len();
    let tasks: Vec<String> = record
        .evaluations
        .iter()
        .filter(|evaluation| evaluation.model == model.name)
        .map(|evaluation| format!("{} classification", evaluation.task))
        .collect();
    let datasets: Vec<Value> = record
        .datasets
        .iter()
        .enumerate()
        .filter(|(_, dataset)| measurements.iter().any(|m| m.dataset == dataset.name))
        .map(|(place, _)| property("measured-on", &format!("dataset-{place}")))
        .collect();
    let findings: Vec<&Finding> = record
        .findings
        .iter()
        .filter(|finding| model_of(finding) == Some(&model.name))
        .collect();
    let mut properties = vec![
        property("spec", &model.spec),
        property("kind", &model.kind),
        property("training-data", &model.training_data),
        property("measurements-without-value", &undefined.to_string()),
    ];
    properties.extend(datasets);
    properties.extend(findings.iter().map(|one| finding(one)));
    let lines = |texts: &[String]| texts.iter().map(|text| line(text)).collect::<Vec<_>>();
    let mut parameters = json!({
        "inputs": [{ "format": line(&record.scope.modality.join(", ")) }],
        "outputs": [{ "format": "label" }],
    });
    if let Some(task) = tasks.first() {
        parameters["task"] = json!(line(task));
    }
    let ethical: Vec<Value> = about::limits(Lookup::of(record))
        .iter()
        .map(|limit| json!({ "name": line(limit) }))
        .collect();
    json!({
        "bom-ref": format!("model-{place}"),
        "type": "machine-learning-model",
        "name": line(&model.name),
        "description": line(&model.description),
        "hashes": hashes(&model.digest),
        "licenses": licences(&model.licence),
        "modelCard": {
            "modelParameters": parameters,
            "quantitativeAnalysis": { "performanceMetrics": metrics },
            "considerations": {
                "useCases": [line(&format!("declared for the audit: {}", record.scope.context))],
                "technicalLimitations": lines(&model.limits),
                "ethicalConsiderations": ethical,
                "fairnessAssessments": fairness(&findings),
            },
        },
        "properties": properties,
    })
}

/// A measurement with its interval; none where it has no value.
fn metric(measurement: &Measurement) -> Option<Value> {
    let v1::Value::Defined {
        estimate, interval, ..
    } = &measurement.value
    else {
        return None;
    };
    let mut kind = format!("{} {}", measurement.task, measurement.measure);
    if let Some(label) = &measurement.label {
        kind.push_str(&format!(" ({label})"));
    }
    if let Some(to) = &measurement.comparison {
        kind.push_str(&format!(", {}", to.kind));
        if let Some(attribute) = &to.attribute {
            kind.push_str(&format!(" by {attribute}"));
        }
        if let Some(group) = &to.group {
            kind.push_str(&format!(" {group}"));
        }
        if let Some(model) = &to.model {
            kind.push_str(&format!(" {model}"));
        }
        if !to.controls.is_empty() {
            kind.push_str(&format!(" {}", to.controls.join(" and ")));
        }
    }
    let mut slice = format!("dataset={}", measurement.dataset);
    if !measurement.slice.is_empty() {
        slice.push_str(&format!("; {}", tidy::slice(&measurement.slice)));
    }
    Some(json!({
        "type": line(&kind),
        "value": estimate.to_string(),
        "slice": line(&slice),
        "confidenceInterval": {
            "lowerBound": interval.low.to_string(),
            "upperBound": interval.high.to_string(),
        },
    }))
}

/// What the gates found about each group: harms are what failed and what was not ruled out.
fn fairness(findings: &[&Finding]) -> Vec<Value> {
    let mut groups: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        if let Some(measurement) = &finding.measurement
            && !measurement.slice.is_empty()
        {
            let group = format!(
                "{} ({})",
                tidy::slice(&measurement.slice),
                measurement.dataset
            );
            groups.entry(group).or_default().push(finding);
        }
    }
    let assessment = |(group, findings): (String, Vec<&Finding>)| {
        let of = |outcome: &str| -> Vec<String> {
            let found = findings.iter().filter(|finding| finding.outcome == outcome);
            let named =
                |finding: &&&Finding| format!("{}{}", finding.id, before(finding, ": ", ""));
            found.map(|finding| named(&finding)).collect()
        };
        let said = |outcome: &str, words: &str| {
            let ids = of(outcome);
            let named = if ids.is_empty() {
                String::new()
            } else {
                format!(" ({})", ids.join(", "))
            };
            format!("{words}: {}{named}", ids.len())
        };
        let harms = [
            said("fail", "shown by a failed gate"),
            said(
                "insufficient",
                "neither shown nor ruled out for lack of evidence",
            ),
            said("unmeasured", "not measured"),
            said("waived", "accepted by a waiver"),
            format!("within the bounds of the policy: {}", of("pass").len()),
        ];
        json!({ "groupAtRisk": line(&group), "harms": line(&harms.join("; ")) })
    };
    groups.into_iter().map(assessment).collect()
}

fn dataset(place: usize, dataset: &v1::Dataset) -> Value {
    let sources: Vec<String> = dataset
        .labels
        .iter()
        .map(|labels| format!("{} labels {}", labels.task, labels.words))
        .collect();
    json!({
        "bom-ref": format!("dataset-{place}"),
        "type": "data",
        "name": line(&dataset.name),
        "version": line(&dataset.version),
        "description": line(&dataset.description),
        "hashes": hashes(&dataset.digest),
        "licenses": licences(&dataset.licence),
        "data": [{
            "type": "dataset",
            "name": line(&dataset.title),
            "description": line(&format!("{} cases; {}", dataset.cases, sources.join("; "))),
        }],
    })
}
