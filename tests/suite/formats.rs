//! Every format of one record: each carries every finding, is valid by the published schema of its kind, computes
//! nothing in a spreadsheet and claims nothing that an audit cannot know.

mod hostile;
mod outcomes;
mod page;
mod read;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use affect_audit::record::{self, Record};
use affect_audit::report::{junit, ml_bom, model_card, sarif};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, program};

/// The ids of the findings in a text.
type Read = fn(&str) -> Result<Vec<String>, Failed>;

/// An id as a format spells it.
type Spell = fn(&str) -> String;

/// Makes a format of a record.
type Render = fn(&Record) -> String;

/// Every format with how its findings are read back: the ids, as the format spells them.
const FORMATS: [(&str, Read, Spell); 10] = [
    ("html", read::html, read::escaped),
    ("json", read::json, str::to_owned),
    ("junit", read::junit, read::line),
    ("sarif", read::sarif, read::line),
    ("github", read::github, read::line),
    ("markdown", read::markdown, read::spelled),
    ("model-card", read::markdown, read::spelled),
    ("ml-bom", read::ml_bom, read::line),
    ("csv", read::csv, read::cell),
    ("local-law-144", read::markdown, read::spelled),
];

const SARIF: &str = include_str!("../oracles/schemas/sarif-2.1.0.schema.json");
/// A bracket in a pattern of the schema of SARIF that JavaScript forgives, and its meaning there.
const FORGIVEN: [&str; 2] = ["[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$"];

const CYCLONEDX: &str = include_str!("../oracles/schemas/bom-1.6.SNAPSHOT.schema.json");
const BESIDE_CYCLONEDX: [(&str, &str); 2] = [
    (
        "http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json",
        include_str!("../oracles/schemas/spdx.SNAPSHOT.schema.json"),
    ),
    (
        "http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json",
        include_str!("../oracles/schemas/jsf-0.82.SNAPSHOT.schema.json"),
    ),
];

/// What no report may say.
const CLAIMS: [&str; 5] = [
    "complian",
    "certified",
    "bias-free",
    "unbiased",
    "detects emotion",
];

pub fn trials() -> Vec<Trial> {
    let is_here = |program: &str| {
        let mut command = Command::new(program);
        command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok()
    };
    vec![
        Trial::test("formats::each_carries_every_finding", every_finding),
        Trial::test("formats::sarif_and_cyclonedx_are_valid", valid),
        Trial::test("formats::junit_is_valid", junit_is_valid)
            .with_ignored_flag(!is_here("xmllint")),
        Trial::test(
            "formats::junit_passes_nothing_but_passes",
            outcomes::junit_states,
        ),
        Trial::test(
            "formats::sarif_points_into_the_repository",
            outcomes::sarif_places,
        ),
        Trial::test(
            "formats::sarif_tells_outcomes_apart",
            outcomes::sarif_states,
        ),
        Trial::test(
            "formats::parquet_holds_what_csv_holds",
            outcomes::parquet_as_csv,
        )
        .with_ignored_flag(cfg!(not(feature = "polars"))),
        Trial::test(
            "formats::csv_computes_nothing",
            outcomes::csv_computes_nothing,
        ),
        Trial::test(
            "formats::impact_ratios_are_to_the_highest_rate",
            outcomes::impact_ratios,
        ),
        Trial::test("formats::model_card_as_a_hub_reads_it", model_card_as_read),
        Trial::test(
            "formats::the_page_names_every_format",
            page::names_every_format,
        ),
        Trial::test("formats::the_examples_of_the_page_run", page::examples_run),
        Trial::test("formats::code_scanning_is_left_what_matters", || {
            page::alerts_are_left(&hostile::record(&bundled()?)?)
        })
        .with_ignored_flag(!is_here("jq")),
    ]
}

/// The record of an audit of the bundled data, made once.
fn bundled() -> Result<Record, Failed> {
    static RECORD: OnceLock<Result<Record, String>> = OnceLock::new();
    let made = || -> Result<Record, Failed> {
        let folder = tempfile::tempdir()?;
        let (_, record) = audit(folder.path(), &["--replicates", "100"])?;
        Ok(serde_json::from_value(record)?)
    };
    let record = RECORD
        .get_or_init(|| made().map_err(|failed| failed.message().unwrap_or_default().to_owned()));
    record.clone().map_err(Failed::from)
}

fn rendered(folder: &Path, format: &str) -> Result<String, Failed> {
    let output = program(
        folder,
        &["report", "audit.json", "--format", format, "-o", "-"],
    )?;
    if output.status.code() != Some(0) {
        return Err(format!("{format}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn every_finding() -> Result<(), Failed> {
    let plain = bundled()?;
    let hostile = hostile::record(&plain)?;
    for record in [plain, hostile] {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("audit.json"), record::to_json(&record))?;
        for (format, ids, spelled) in FORMATS {
            let text = rendered(folder.path(), format)?;
            let mut found = ids(&text)?;
            let mut expected: Vec<String> =
                record.findings.iter().map(|f| spelled(&f.id)).collect();
            found.sort();
            expected.sort();
            if found != expected {
                let lost = expected.iter().find(|id| !found.contains(id));
                return Err(format!(
                    "{format}: {} findings of {}; not found: {lost:?}; first found: {:?}",
                    found.len(),
                    expected.len(),
                    found.first()
                )
                .into());
            }
            // By these an audit knows the files of another, and a reader the record of a table.
            if !text.contains(&record.tool.name) || !text.contains(&record.digest) {
                return Err(format!("{format} does not say whose it is").into());
            }
            let lower = text.to_lowercase();
            if let Some(claim) = CLAIMS.iter().find(|claim| lower.contains(**claim)) {
                return Err(format!("{format} says {claim}").into());
            }
            if text.contains('\u{1b}') || text.contains('\0') {
                return Err(format!("{format} holds control characters").into());
            }
        }
    }
    Ok(())
}

fn valid() -> Result<(), Failed> {
    let documents: Vec<(&str, Value)> = BESIDE_CYCLONEDX
        .iter()
        .map(|(uri, text)| Ok((*uri, serde_json::from_str(text)?)))
        .collect::<Result<_, Failed>>()?;
    let registry = jsonschema::Registry::new()
        .extend(documents)
        .and_then(|registry| registry.prepare())
        .map_err(|error| error.to_string())?;
    let validator = |schema: &str| -> Result<_, Failed> {
        jsonschema::options()
            .with_registry(&registry)
            .should_validate_formats(true)
            .build(&serde_json::from_str(
                &schema.replace(FORGIVEN[0], FORGIVEN[1]),
            )?)
            .map_err(|error| error.to_string().into())
    };
    let plain = bundled()?;
    let hostile = hostile::record(&plain)?;
    for (name, schema, render) in [
        ("sarif", SARIF, sarif::render as Render),
        ("ml-bom", CYCLONEDX, ml_bom::render),
    ] {
        let validator = validator(schema)?;
        for record in [&plain, &hostile] {
            let document: Value = serde_json::from_str(&render(record))?;
            if let Err(error) = validator.validate(&document) {
                return Err(format!("{name}: {error:.300} at {}", error.instance_path()).into());
            }
            // The check can fail.
            let mut broken = document;
            broken["version"] = Value::from("none");
            if validator.is_valid(&broken) {
                return Err(format!("{name}: any version is taken for valid").into());
            }
        }
    }
    Ok(())
}

fn junit_is_valid() -> Result<(), Failed> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/schemas/junit.xsd");
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("junit.xml");
    let plain = bundled()?;
    for record in [&hostile::record(&plain)?, &plain] {
        let text = junit::render(record);
        for (text, is_valid) in [(text.replacen("testcase", "case", 1), false), (text, true)] {
            fs::write(&file, text)?;
            let output = Command::new("xmllint")
                .args(["--nonet", "--noout", "--schema"])
                .args([&schema, &file])
                .output()?;
            if output.status.success() != is_valid {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
            }
        }
    }
    Ok(())
}

/// The card of a small record, and what `huggingface_hub` reads from it (tests/oracles/model_card.py).
fn model_card_as_read() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
    let record: Record =
        serde_json::from_str(&fs::read_to_string(folder.join("model_card_record.json"))?)?;
    let card = model_card::render(&record)?;
    let pinned = folder.join("model_card.md");
    if std::env::var_os("UPDATE_EXPECTED").is_some_and(|value| value == "1") {
        fs::write(&pinned, &card)?;
    }
    if fs::read_to_string(&pinned)? != card {
        return Err("the card is not tests/oracles/model_card.md; look at it, write it with UPDATE_EXPECTED=1 and run model_card.py".into());
    }
    let read: Value = serde_json::from_str(&fs::read_to_string(folder.join("model_card.json"))?)?;
    let measured: Vec<Value> = record
        .measurements
        .iter()
        .filter(|m| m.slice.is_empty() && m.label.is_none() && m.comparison.is_none())
        .filter_map(|m| match &m.value {
            record::v1::Value::Defined { estimate, .. } => Some(serde_json::json!([
                format!(
                    "{} classification by {} (labels perceived by annotators)",
                    m.task, m.model
                ),
                m.dataset,
                estimate
            ])),
            record::v1::Value::Missing { .. } => None,
        })
        .collect();
    if measured.is_empty() || read["values"] != Value::from(measured.clone()) {
        return Err(format!(
            "the hub reads {} where {measured:?} is right",
            read["values"]
        )
        .into());
    }
    Ok(())
}
