//! Audits with case weights against scikit-learn's `sample_weight` and survey variances, from files to the record, and
//! what the record and its reports say of weights. The values come from tests/oracles/weights.py.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, close, measurements, program, said};

const ORACLES: &str = include_str!("../oracles/weights.json");

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = ["ordered", "several", "numbers"]
        .into_iter()
        .map(|dataset| Trial::test(format!("weights::{dataset}"), move || agrees(dataset)))
        .collect();
    trials.push(Trial::test("weights::of_one_are_none", of_one_are_none));
    trials.push(Trial::test(
        "weights::scale_does_not_matter",
        scale_does_not_matter,
    ));
    trials.push(Trial::test("weights::are_told", are_told));
    trials
}

/// Copies a dataset with a column of weights, and gives its folder and its predictions.
fn weighted(
    place: &Path,
    dataset: &str,
    weight: impl Fn(usize) -> String,
) -> Result<(String, String), Failed> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracles/measures")
        .join(dataset);
    let folder: PathBuf = place.join(dataset);
    fs::create_dir_all(&folder)?;
    let card = fs::read_to_string(here.join("dataset.toml"))?;
    let (name, rest) = card.split_once('\n').ok_or("a card of several lines")?;
    fs::write(
        folder.join("dataset.toml"),
        format!("{name}\n[columns]\nweight = \"stands_for\"\n{rest}"),
    )?;
    let cases = fs::read_to_string(here.join("cases.csv"))?;
    let mut lines = cases.lines();
    let mut text = format!("{},stands_for\n", lines.next().unwrap_or_default());
    for (case, line) in lines.enumerate() {
        text.push_str(&format!("{line},{}\n", weight(case)));
    }
    fs::write(folder.join("cases.csv"), text)?;
    if here.join("ratings.csv").is_file() {
        fs::copy(here.join("ratings.csv"), folder.join("ratings.csv"))?;
    }
    let predictions = here.join("predictions.csv").to_string_lossy().into_owned();
    Ok((folder.to_string_lossy().into_owned(), predictions))
}

fn weighted_audit(dataset: &str, weight: impl Fn(usize) -> String) -> Result<Value, Failed> {
    let place = tempfile::tempdir()?;
    let (folder, predictions) = weighted(place.path(), dataset, weight)?;
    let arguments = [
        "--dataset",
        &folder,
        "--predictions",
        &predictions,
        "--replicates",
        "200",
    ];
    Ok(audit(place.path(), &arguments)?.1)
}

fn column(oracles: &Value, dataset: &str) -> Vec<f64> {
    let column = oracles["weights"][dataset]["column"].as_array();
    column
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
        .collect()
}

fn agrees(dataset: &str) -> Result<(), Failed> {
    let oracles: Value = serde_json::from_str(ORACLES)?;
    let weights = column(&oracles, dataset);
    let record = weighted_audit(dataset, |case| weights[case].to_string())?;
    let effective = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    close(
        "effective size",
        effective(&record["datasets"][0]["weights"]["effective"]),
        effective(&oracles["weights"][dataset]["effective"]),
        1e-3,
    )?;
    let values = oracles["audits"].as_array().ok_or("there are values")?;
    let mut wrong = Vec::new();
    let mut compared = 0;
    for value in values.iter().filter(|value| value["dataset"] == dataset) {
        compared += 1;
        wrong.extend(differences(&record, value));
    }
    if compared == 0 {
        return Err("nothing was compared".into());
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

/// What is wrong with a value or its interval.
fn differences(record: &Value, value: &Value) -> Vec<String> {
    let text = |key: &str| value[key].as_str().unwrap_or_default();
    let group = value["slice"].as_object().into_iter().flatten().next();
    let group = group.map_or_else(String::new, |(name, group)| {
        format!("{name}={}", group.as_str().unwrap_or_default())
    });
    let wanted = [
        ("measure", text("measure")),
        ("label", text("label")),
        ("slice", group.as_str()),
        ("comparison", text("comparison")),
    ];
    let what = wanted.map(|(_, value)| value).join(" ");
    let found = measurements(record, &wanted);
    let [found] = found[..] else {
        return vec![format!("{what}: {} measurements", found.len())];
    };
    let tolerance = value["tolerance"].as_f64().unwrap_or(0.0);
    let pairs = [
        (&found["estimate"], &value["value"]),
        (&found["interval"]["low"], &value["interval"][0]),
        (&found["interval"]["high"], &value["interval"][1]),
    ];
    pairs
        .into_iter()
        .filter(|(_, theirs)| !theirs.is_null())
        .filter_map(|(ours, theirs)| {
            let apart = ours.as_f64().unwrap_or(f64::NAN) - theirs.as_f64().unwrap_or(f64::NAN);
            (apart.is_nan() || apart.abs() > tolerance)
                .then(|| format!("{what}: {ours} where {theirs} is right"))
        })
        .collect()
}

/// Weights that are all the same leave the record as it is without them, but for the digests of data and record.
fn of_one_are_none() -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/measures/ordered");
    let (folder, predictions) = weighted(place.path(), "ordered", |_| "1".to_owned())?;
    let here = here.to_string_lossy();
    let mut records = Vec::new();
    for dataset in [folder.as_str(), &here] {
        let arguments = [
            "--dataset",
            dataset,
            "--predictions",
            &predictions,
            "--replicates",
            "100",
        ];
        let mut record = audit(place.path(), &arguments)?.1;
        record["run"] = Value::Null;
        record["digest"] = Value::Null;
        record["datasets"][0]["digest"] = Value::Null;
        records.push(record);
    }
    if records[0] == records[1] {
        Ok(())
    } else {
        Err("weights of one change the record".into())
    }
}

/// Shares of a population, or numbers of people: the same record.
fn scale_does_not_matter() -> Result<(), Failed> {
    let oracles: Value = serde_json::from_str(ORACLES)?;
    let weights = column(&oracles, "ordered");
    let mut records = Vec::new();
    for times in [1.0, 2.0, 1e-6] {
        let record = weighted_audit("ordered", |case| (weights[case] * times).to_string())?;
        records.push(record["measurements"].clone());
    }
    let numbers = |record: &Value| -> Vec<f64> {
        let all = record.as_array().into_iter().flatten();
        let values = all.flat_map(|one| {
            [
                &one["estimate"],
                &one["interval"]["low"],
                &one["interval"]["high"],
            ]
            .map(Value::as_f64)
        });
        values.flatten().collect()
    };
    let first = numbers(&records[0]);
    for other in &records[1..] {
        let other = numbers(other);
        if first.len() != other.len() || first.len() < 100 {
            return Err(format!("{} numbers and {}", first.len(), other.len()).into());
        }
        for (one, two) in first.iter().zip(other) {
            close("a number", two, *one, 1e-9)?;
        }
    }
    Ok(())
}

/// The terminal, Markdown and the page say what weights cost and what is not weighted.
fn are_told() -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let (folder, predictions) =
        weighted(place.path(), "ordered", |case| (1 + case % 4).to_string())?;
    let output = program(
        place.path(),
        &[
            "audit",
            "--dataset",
            &folder,
            "--predictions",
            &predictions,
            "--format",
            "json",
            "--format",
            "html",
            "--format",
            "markdown",
            "--out",
            "out",
            "--replicates",
            "100",
        ],
    )?;
    let spoken = String::from_utf8_lossy(&output.stdout).into_owned() + &said(&output);
    // (75 x 10)² / (75 x 30)
    let mut texts = vec![("the terminal".to_owned(), spoken)];
    for entry in fs::read_dir(place.path().join("out"))? {
        let path = entry?.path();
        let name = path.to_string_lossy().into_owned();
        if name.ends_with(".md") || name.ends_with(".html") {
            texts.push((name, fs::read_to_string(&path)?));
        }
    }
    if texts.len() < 3 {
        return Err(format!("only {} texts", texts.len()).into());
    }
    for (name, text) in &texts {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [
            "300 cases are worth 250 of equal weight",
            "every case counting once: coverage",
        ] {
            if !flat.contains(words) {
                return Err(format!(
                    "{name} does not say {words:?}: {}",
                    flat.chars().take(1500).collect::<String>()
                )
                .into());
            }
        }
    }
    Ok(())
}
