//! A record with a thousand findings whose every name tries to break out of the format it is written in.

use std::collections::BTreeMap;

use affect_audit::record::{self, Record};
use libtest_mimic::Failed;
use serde_json::Value;

/// Names that mean something to a spreadsheet, a terminal, XML, YAML, Markdown, HTML or a shell.
const NAMES: [&str; 14] = [
    "=cmd()|'/C calc'!A0",
    "]]><x a=\"b\">&amp;",
    "a|b\nc\r\nd",
    "\u{1b}[31mred\u{7}\u{202e}\u{85}",
    "\u{0}\u{fffe}\u{ffff}\u{feff}",
    "`**[x](http://e.example)**``",
    "@everyone #1 www.e.example",
    "--- \n# heading\n- item",
    "</details><script>alert(1)</script>",
    "-1+1",
    "  @SUM(1)\t",
    "%SRCROOT%/../../etc/passwd",
    "{{ name }} {% raw %} ${HOME} $(id)",
    "yes: no # 'null' \"~\" *a &b !c",
];

/// How many findings there are.
const FINDINGS: usize = 1000;

/// The record with other names and more findings, and a digest that fits.
pub fn record(plain: &Record) -> Result<Record, Failed> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut rename = |name: &str| {
        let place = names.len();
        let hostile = format!("{}{place}", NAMES[place % NAMES.len()]);
        names.entry(name.to_owned()).or_insert(hostile);
    };
    for model in &plain.models {
        rename(&model.name);
        rename(&model.title);
        rename(&model.licence);
    }
    for dataset in &plain.datasets {
        rename(&dataset.name);
        rename(&dataset.title);
        for attribute in &dataset.attributes {
            // These two keep their names, so that the tables by sex and race have something to show.
            if !["gender", "race"].contains(&attribute.name.as_str()) {
                rename(&attribute.name);
            }
            attribute
                .groups
                .iter()
                .for_each(|group| rename(&group.name));
        }
        for labels in &dataset.labels {
            labels.counts.iter().for_each(|label| rename(&label.name));
        }
    }
    for gate in &plain.policy.gates {
        rename(&gate.id);
        rename(&gate.title);
    }
    rename(&plain.policy.name);
    rename(&plain.policy.file);
    let mut value = serde_json::to_value(plain)?;
    replace(&mut value, &names);
    let mut record: Record = serde_json::from_value(value)?;
    let own = record.findings.len();
    for place in 0..FINDINGS {
        let mut finding = record.findings[place % own].clone();
        let outcome = ["pass", "fail", "insufficient", "unmeasured", "waived"][place % 5];
        finding.id = format!("{}{place}", NAMES[place % NAMES.len()]);
        finding.outcome = outcome.to_owned();
        finding.severity = ["error", "warning"][place / 5 % 2].to_owned();
        finding.insufficient = ["block", "allow"][place / 10 % 2].to_owned();
        finding.detail = NAMES[place % NAMES.len()].to_owned();
        finding.waiver = (outcome == "waived").then(|| record::v1::Waiver {
            owner: NAMES[place % NAMES.len()].to_owned(),
            reason: NAMES[(place + 1) % NAMES.len()].to_owned(),
            expires: "2027-03-31".to_owned(),
        });
        record.findings.push(finding);
    }
    record.findings.drain(..own);
    record.digest = record::digest(&record);
    Ok(record)
}

/// Exchanges every string and every key that has another name.
fn replace(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, names)),
        Value::Object(fields) => {
            let old = std::mem::take(fields);
            for (key, mut field) in old {
                // Words of the format itself stay; attributes are keys only in slices.
                if let ("slice", Value::Object(slice)) = (key.as_str(), &mut field) {
                    let pairs = std::mem::take(slice);
                    for (attribute, group) in pairs {
                        let attribute = names.get(&attribute).cloned().unwrap_or(attribute);
                        slice.insert(attribute, group);
                    }
                }
                replace(&mut field, names);
                fields.insert(key, field);
            }
        }
        _ => {}
    }
}
