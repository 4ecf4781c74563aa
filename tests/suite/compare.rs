//! `docs/compare.md` does what it says: its policy is written, its commands run and end as they say. Changes that are
//! paired by case are those of tests/oracles/paired_records.py, and all others stay as they are without answers.

use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, program};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("compare::the_page_as_written", page),
        Trial::test("compare::paired_changes_agree_with_the_oracle", paired),
    ]
}

fn rows(comparison: &Value) -> Vec<&Value> {
    let pairs = comparison["pairs"].as_array().into_iter().flatten();
    pairs
        .flat_map(|pair| pair["rows"].as_array().into_iter().flatten())
        .collect()
}

fn paired() -> Result<(), Failed> {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/compare");
    let file = |name: &str| case.join(name).display().to_string();
    let (data, old, new) = (file("data"), file("old/model.csv"), file("new/model.csv"));
    let folder = tempfile::tempdir()?;
    for (answers, name) in [(&old, "before.json"), (&new, "after.json")] {
        audit(
            folder.path(),
            &["--dataset", &data, "--predictions", answers],
        )?;
        fs::rename(
            folder.path().join("out/audit.json"),
            folder.path().join(name),
        )?;
    }
    let compare = |more: &[&str]| -> Result<Value, Failed> {
        let words = ["compare", "before.json", "after.json", "--format", "json"];
        let output = program(folder.path(), &[&words, more].concat())?;
        if output.status.code() != Some(0) {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    };
    let apart = compare(&[])?;
    let answers = [
        "--dataset",
        &data,
        "--predictions",
        &old,
        "--predictions",
        &new,
    ];
    let paired = compare(&answers)?;
    let oracle: Vec<Value> = serde_json::from_str(include_str!("../oracles/paired_records.json"))?;
    let mut wrong = Vec::new();
    for theirs in &oracle {
        let same = |row: &&&Value| {
            row["comparison"].is_null()
                && ["measure", "label", "slice"]
                    .iter()
                    .all(|key| row[*key] == theirs[*key])
        };
        let found = rows(&paired);
        let Some(ours) = found.iter().find(same) else {
            wrong.push(format!("no row for {theirs}"));
            continue;
        };
        let change = &ours["change"];
        let numbers = [
            &change["estimate"],
            &change["interval"]["low"],
            &change["interval"]["high"],
        ];
        let near = |(ours, theirs): (&&Value, &Value)| {
            let apart = ours.as_f64().unwrap_or(f64::NAN) - theirs.as_f64().unwrap_or(f64::NAN);
            apart.abs() < 1e-9
        };
        let agree = numbers
            .iter()
            .zip(theirs["change"].as_array().into_iter().flatten())
            .all(near);
        if !agree || ours["paired_n"] != theirs["n"] || ours["basis"] != "paired-cases" {
            wrong.push(format!("{ours} where {theirs} is right"));
        }
    }
    // What does not pair keeps its change and its p-value; only the correction knows of the others.
    for (row, alone) in rows(&paired).iter().zip(rows(&apart)) {
        let kept = [
            "measure",
            "label",
            "slice",
            "comparison",
            "first",
            "other",
            "change",
            "p",
        ]
        .iter()
        .all(|key| row[*key] == alone[*key]);
        if row["basis"] == "record-intervals" && !kept || alone["basis"] != "record-intervals" {
            wrong.push(format!("{row} where it was {alone}"));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

fn page() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/compare.md"))?;
    let folder = tempfile::tempdir()?;
    for file in [
        "data/dataset.toml",
        "data/cases.csv",
        "old/model.csv",
        "new/model.csv",
    ] {
        let copy = folder.path().join(file);
        fs::create_dir_all(copy.parent().ok_or("no folder")?)?;
        fs::copy(root.join("tests/cases/compare").join(file), copy)?;
    }
    let fences: Vec<(&str, &str)> = page
        .split("\n```")
        .skip(1)
        .step_by(2)
        .filter_map(|fence| fence.split_once('\n'))
        .collect();
    // The policy stands where it is explained, after the first commands that need it.
    for (kind, body) in &fences {
        if let Some(file) = kind.strip_prefix("toml ") {
            fs::write(folder.path().join(file), format!("```toml\n{body}\n```\n"))?;
        }
    }
    let mut commands = 0;
    for (kind, body) in fences {
        let Some(rest) = kind.strip_prefix("console") else {
            continue;
        };
        let command = body.strip_prefix("$ affect-audit ").ok_or("no command")?;
        let words: Vec<&str> = command.split_whitespace().collect();
        let output = program(folder.path(), &words)?;
        let code = output.status.code();

        let expected = match rest.strip_prefix(" exit ") {
            Some(code) => code.parse()?,
            None => 0,
        };
        if code != Some(expected) {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{command} ends with {code:?}, not {expected}: {said}").into());
        }
        commands += 1;
    }
    if commands == 9 {
        Ok(())
    } else {
        Err(format!("{commands} commands where the page has 9").into())
    }
}
