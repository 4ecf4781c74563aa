//! Croissant: every bundled dataset there and back, and what MLCommons' own library makes of it. The library is asked
//! through tests/oracles/croissant.py; where it is not installed these tests are ignored.

use std::fs;
use std::path::Path;
use std::process::Command;

use affect_audit::dataset::{self, bundled};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::program;

pub fn trials() -> Vec<Trial> {
    let absent = !has_library();
    let mut trials = Vec::new();
    for name in bundled::names() {
        trials.push(Trial::test(
            format!("croissant::{name}_there_and_back"),
            move || there_and_back(name),
        ));
        trials.push(
            Trial::test(
                format!("croissant::{name}_as_mlcroissant_reads_it"),
                move || read_by_library(name),
            )
            .with_ignored_flag(absent),
        );
    }
    trials
}

/// The interpreter that has the library, where the environment names another than the usual one.
fn python() -> Command {
    Command::new(std::env::var_os("AFFECT_AUDIT_PYTHON").unwrap_or_else(|| "python3".into()))
}

fn has_library() -> bool {
    let asked = python()
        .args([
            "-c",
            "import importlib.util, sys; sys.exit(importlib.util.find_spec('mlcroissant') is None)",
        ])
        .output();
    asked.is_ok_and(|output| output.status.success())
}

/// Writes a dataset into a folder, with its Croissant file, which is given back.
fn publish(name: &str, folder: &Path) -> Result<String, Failed> {
    let bundled = bundled::find(name).ok_or("not bundled")?;
    for file in ["cases.csv", "templates.toml", "terms.toml"] {
        if let Some(text) = bundled.file(file) {
            fs::write(folder.join(file), text)?;
        }
    }
    let output = program(folder, &["dataset", "show", name, "--croissant"])?;
    let text = String::from_utf8(output.stdout)?;
    fs::write(folder.join("croissant.json"), &text)?;
    Ok(text)
}

fn there_and_back(name: &'static str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let there = publish(name, folder.path())?;
    let output = program(
        folder.path(),
        &[
            "dataset",
            "import",
            "--croissant",
            "croissant.json",
            "-o",
            ".",
        ],
    )?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let output = program(folder.path(), &["dataset", "show", ".", "--croissant"])?;
    if String::from_utf8(output.stdout)? != there {
        return Err("it came back as something else".into());
    }
    Ok(())
}

fn read_by_library(name: &'static str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    publish(name, folder.path())?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/croissant.py");
    let output = python()
        .arg(script)
        .arg("check")
        .arg(folder.path().join("croissant.json"))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let read: Value = serde_json::from_slice(&output.stdout)?;
    let warnings = read["warnings"].as_array().ok_or("no warnings")?;
    // A card has no date, so none can be given.
    let about_dates = |warning: &Value| warning.to_string().contains("datePublished");
    if read["errors"] != serde_json::json!([]) || !warnings.iter().all(about_dates) {
        return Err(format!("{} {}", read["errors"], read["warnings"]).into());
    }
    let dataset = dataset::read(name).map_err(|problems| problems.to_string())?;
    let rows = |set: &str| read["records"][set]["rows"].as_u64();
    // What is generated has no file of cases that could be read.
    let is_written = dataset.card.sources.is_none();
    if rows("cases") != is_written.then_some(dataset.cases.len() as u64) {
        return Err(format!("{:?} cases", rows("cases")).into());
    }
    let fields = read["records"]["cases"]["fields"].as_array();
    if is_written && fields.map(Vec::len) != Some(dataset.columns.len()) {
        return Err(format!("fields {fields:?}").into());
    }
    for gold in &dataset.cases.gold {
        let set = format!("{}-labels", gold.scheme.task.as_str());
        if rows(&set) != Some(gold.scheme.labels.len() as u64) {
            return Err(format!("{set}: {:?}", rows(&set)).into());
        }
    }
    let licence = &read["licence"];
    if *licence != serde_json::json!([dataset.card.licence]) {
        return Err(format!("licence {licence}").into());
    }
    Ok(())
}
