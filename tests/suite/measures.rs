//! Every measure against a tool outside this crate, from files to record, and the table of docs/measures.md that shows
//! it. The datasets and values come from tests/oracles/measures.py; `UPDATE_EXPECTED=1` writes the table.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use affect_audit::measure::pages;
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::run::{audit, measurements};

const VALUES: &str = include_str!("../oracles/measures/values.json");
const DATASETS: [&str; 6] = [
    "ordered",
    "several",
    "swapped",
    "numbers",
    "readers",
    "behaviour",
];
/// The bundled functional tests, with the answers that tests/oracles/behaviour.py judges.
const BEHAVIOUR: &str = include_str!("../oracles/behaviour.json");
/// How many kinds of functional tests the table shows; a test of its own compares them all.
const KINDS_SHOWN: usize = 3;
const BEGIN: &str = "<!-- measured -->\n";
const END: &str = "<!-- /measured -->\n";

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("measures::agree_with_other_tools", compare)]
}

fn compare() -> Result<(), Failed> {
    let mut values: Vec<Value> = serde_json::from_str(VALUES)?;
    values.extend(behaviour()?);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut rows = String::new();
    for dataset in DATASETS {
        let oracles = here.join("tests/oracles");
        let (folder, predictions) = if dataset == "behaviour" {
            (dataset.into(), oracles.join("behaviour.csv"))
        } else {
            let folder = oracles.join("measures").join(dataset);
            let predictions = folder.join("predictions.csv");
            (folder, predictions)
        };
        let (folder, predictions) = (folder.to_string_lossy(), predictions.to_string_lossy());
        let place = tempfile::tempdir()?;
        let arguments = ["--dataset", &folder, "--predictions", &predictions];
        let (_, record) = audit(place.path(), &arguments)?;
        wrong.extend(misplaced(&record));
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
    let missing = pages().filter(|(_, page)| !compared.contains(page.id));
    wrong.extend(missing.map(|(_, page)| format!("{} is compared with nothing", page.id)));
    if !wrong.is_empty() {
        return Err(wrong.join("\n").into());
    }
    table(&here.join("docs/measures.md"), &rows)
}

/// Failure rates and coverage of kinds of functional tests.
fn behaviour() -> Result<Vec<Value>, Failed> {
    let kinds: Vec<Value> = serde_json::from_str(BEHAVIOUR)?;
    let shown = kinds
        .iter()
        .filter(|kind| kind["applied"].as_u64() >= Some(10));
    let mut values = Vec::new();
    for kind in shown.take(KINDS_SHOWN) {
        let number = |key: &str| kind[key].as_f64().unwrap_or(f64::NAN);
        let coverage = number("applied") / number("tests");
        for (measure, value) in [
            ("failure-rate", number("failed")),
            ("test-coverage", coverage),
        ] {
            let slice =
                json!({"capability": kind["capability"], "expectation": kind["expectation"]});
            values.push(json!({
                "dataset": "behaviour", "measure": measure, "value": value, "slice": slice,
                "tool": "plain Python", "tolerance": 1e-9,
            }));
        }
    }
    Ok(values)
}

/// Intervals that do not hold their value, values and intervals outside the range of their measure.
fn misplaced(record: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for measurement in record["measurements"].as_array().into_iter().flatten() {
        let Some(value) = measurement["estimate"].as_f64() else {
            continue;
        };
        let end = |end: &str| measurement["interval"][end].as_f64().unwrap_or(f64::NAN);
        let (low, high) = (end("low"), end("high"));
        let page = pages().find(|(_, page)| measurement["measure"] == page.id);
        let (least, most) = page.map_or((f64::NAN, f64::NAN), |(_, page)| page.range);
        // Differences have a range of their own.
        let alone = measurement["comparison"].is_null();
        let inside = !alone || (low >= least && high <= most);
        if !(low <= value && value <= high && inside) {
            wrong.push(format!("{measurement}"));
        }
    }
    wrong
}

/// The line of the table, or what is wrong.
fn row(record: &Value, value: &Value) -> Result<String, String> {
    let text = |key: &str| value[key].as_str().unwrap_or_default();
    let (measure, label) = (text("measure"), text("label"));
    let groups = value["slice"].as_object().into_iter().flatten();
    let groups = groups.map(|(name, group)| format!("{name}={}", group.as_str().unwrap_or("")));
    let group = groups.collect::<Vec<_>>().join(",");
    let comparison = match text("dataset") {
        "swapped" => "within-sets",
        _ => text("comparison"),
    };
    let mut wanted = vec![
        ("measure", measure),
        ("label", label),
        ("slice", group.as_str()),
        ("comparison", comparison),
    ];
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
    let measure = match text("comparison") {
        "gap-by-chance" => format!("{measure}`, `gap-by-chance"),
        _ => measure.to_owned(),
    };
    let of = [label, &group]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
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
