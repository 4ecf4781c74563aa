//! Every measure against a tool outside this crate, from files to record, and the table of docs/measures.md that shows
//! it. The datasets and values come from tests/oracles/measures.py; `UPDATE_EXPECTED=1` writes the table.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use affect_audit::measure::pages;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, measurements};

const VALUES: &str = include_str!("../oracles/measures/values.json");
const DATASETS: [&str; 4] = ["ordered", "several", "swapped", "numbers"];
/// Measures whose comparison takes more than small datasets, with the script that makes their reference values.
const ELSEWHERE: [(&str, &str); 5] = [
    ("failure-rate", "tests/oracles/behaviour.py"),
    ("test-coverage", "tests/oracles/behaviour.py"),
    ("equalised-odds", "tests/oracles/disparity.py"),
    ("impact-ratio", "tests/oracles/disparity.py"),
    ("gap-by-chance", "tests/oracles/disparity.py"),
];
const BEGIN: &str = "<!-- measured -->\n";
const END: &str = "<!-- /measured -->\n";

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("measures::agree_with_other_tools", compare)]
}

fn compare() -> Result<(), Failed> {
    let values: Vec<Value> = serde_json::from_str(VALUES)?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut rows = String::new();
    for dataset in DATASETS {
        let folder = here.join("tests/oracles/measures").join(dataset);
        let folder = folder.to_string_lossy();
        let place = tempfile::tempdir()?;
        let predictions = format!("{folder}/predictions.csv");
        let arguments = ["--dataset", &folder, "--predictions", &predictions];
        let (_, record) = audit(place.path(), &arguments)?;
        for value in values.iter().filter(|value| value["dataset"] == dataset) {
            match row(&record, value) {
                Ok(row) => rows.push_str(&row),
                Err(fault) => wrong.push(fault),
            }
        }
    }
    let compared: BTreeSet<&str> = values
        .iter()
        .filter_map(|value| value["measure"].as_str())
        .collect();
    let elsewhere = |id: &str| ELSEWHERE.iter().any(|(measure, _)| *measure == id);
    let missing = pages().filter(|(_, page)| !compared.contains(page.id) && !elsewhere(page.id));
    wrong.extend(missing.map(|(_, page)| format!("{} is compared with nothing", page.id)));
    if !wrong.is_empty() {
        return Err(wrong.join("\n").into());
    }
    for (measure, script) in ELSEWHERE {
        if !here.join(script).is_file() {
            return Err(format!("{script} is not there").into());
        }
        let _ = writeln!(
            rows,
            "| `{measure}` | all | | values made by `{script}` | | | |"
        );
    }
    table(&here.join("docs/measures.md"), &rows)
}

/// The line of the table, or what is wrong.
fn row(record: &Value, value: &Value) -> Result<String, String> {
    let text = |key: &str| value[key].as_str().unwrap_or_default();
    let (measure, label) = (text("measure"), text("label"));
    let group = value["slice"].as_object().into_iter().flatten().next();
    let group = group.map_or_else(String::new, |(name, group)| {
        format!("{name}={}", group.as_str().unwrap_or_default())
    });
    let mut wanted = vec![
        ("measure", measure),
        ("label", label),
        ("slice", group.as_str()),
    ];
    if text("dataset") != "swapped" {
        wanted.push(("comparison", ""));
    }
    if !text("model").is_empty() {
        wanted.push(("model", text("model")));
    }
    let found = measurements(record, &wanted);
    let what = [measure, label, &group].join(" ");
    let what = what.trim_end();
    let [found] = found[..] else {
        return Err(format!("{what}: {} measurements", found.len()));
    };
    let theirs = value["value"].as_f64().unwrap_or(f64::NAN);
    let tolerance = value["tolerance"].as_f64().unwrap_or(0.0);
    let Some(ours) = found["estimate"].as_f64() else {
        return Err(format!("{what}: {}", found["undefined"]));
    };
    let apart = (ours - theirs).abs();
    if apart.is_nan() || apart > tolerance {
        return Err(format!("{what}: {ours} where {theirs} is right"));
    }
    let mut row = String::new();
    let of = [label, &group].concat();
    let _ = writeln!(
        row,
        "| `{measure}` | {} | {} | {} | {theirs:.6} | {ours:.6} | {tolerance:.0e} |",
        if of.is_empty() { "all" } else { &of },
        text("dataset"),
        text("tool"),
    );
    Ok(row)
}

/// Fails where the page shows another table.
fn table(page: &Path, rows: &str) -> Result<(), Failed> {
    let text = fs::read_to_string(page)?;
    let (before, rest) = text.split_once(BEGIN).ok_or("the page has no table")?;
    let (_, after) = rest
        .split_once(END)
        .ok_or("the page's table does not end")?;
    let table = format!(
        "| measure | of | dataset | tool | its value | ours | may differ by |\n|---|---|---|---|---|---|---|\n{rows}"
    );
    let expected = format!("{before}{BEGIN}{table}{END}{after}");
    if expected == text {
        return Ok(());
    }
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        return Ok(fs::write(page, expected)?);
    }
    Err("docs/measures.md shows other values; UPDATE_EXPECTED=1 writes them".into())
}
