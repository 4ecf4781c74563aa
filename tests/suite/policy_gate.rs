//! The bundled audit as a stranger runs it: the record is the same twice, and the policy turns the gate.

use std::fs;
use std::path::Path;

use affect_audit::record::v1;
use affect_audit::record::{self, Record};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, program, said};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("policy_gate::two_runs_give_the_same_record", same_record),
        Trial::test("policy_gate::threads_do_not_change_a_digit", threads),
        Trial::test("policy_gate::a_saved_record_is_judged_alike", judged_alike),
        Trial::test("policy_gate::one_number_turns_the_gate", one_number),
        Trial::test("policy_gate::a_link_to_a_locked_policy_is_locked", linked)
            .with_ignored_flag(!cfg!(unix)),
        Trial::test("policy_gate::every_outcome_is_judged_alike", every_outcome),
        Trial::test(
            "policy_gate::a_record_at_another_level_is_judged_alike",
            another_level,
        ),
        Trial::test(
            "policy_gate::hostile_degrees_of_freedom_are_told",
            hostile_freedom,
        ),
    ]
}

fn bare(mut record: Value) -> String {
    record["run"] = Value::Null;
    record.to_string()
}

fn same_record() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (first_code, first) = audit(folder.path(), &["--replicates", "200"])?;
    let (second_code, second) = audit(folder.path(), &["--replicates", "200"])?;
    if first_code != second_code || bare(first) != bare(second) {
        return Err("two runs with the same seed differ".into());
    }
    Ok(())
}

fn threads() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut records = Vec::new();
    for threads in ["1", "3"] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_affect-audit"))
            .args([
                "audit",
                "--quiet",
                "--format",
                "json",
                "-o",
                "-",
                "--replicates",
                "200",
            ])
            .args(["--dataset", "everyday-english"])
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", threads)
            .output()?;
        let mut record: Value = serde_json::from_slice(&output.stdout)?;
        record["run"] = Value::Null;
        records.push(record);
    }
    if records[0] == records[1] {
        Ok(())
    } else {
        Err("one thread and three give different records".into())
    }
}

fn judged_alike() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (code, record) = audit(folder.path(), &["--replicates", "200"])?;
    let judged = program(folder.path(), &["gate", "out/audit.json"])?;
    if judged.status.code() != Some(code) {
        return Err(format!(
            "audit ended with {code}, gate with {:?}",
            judged.status.code()
        )
        .into());
    }
    // Every outcome of the record is in the table of the gate.
    let table = String::from_utf8_lossy(&judged.stdout).into_owned();
    let findings = record["findings"].as_array().ok_or("no findings")?;
    for gate in record["policy"]["gates"].as_array().ok_or("no gates")? {
        let id = gate["id"].as_str().unwrap_or_default();
        for outcome in ["pass", "fail", "insufficient", "unmeasured"] {
            let count = findings
                .iter()
                .filter(|finding| finding["gate"] == id && finding["outcome"] == outcome)
                .count();
            let line = table
                .lines()
                .find(|line| line.split_whitespace().next() == Some(id));
            if count > 0 && !line.is_some_and(|line| line.contains(&format!("{count} {outcome}"))) {
                return Err(format!(
                    "{id}: {count} {outcome} in the record, and the gate says {line:?}"
                )
                .into());
            }
        }
    }
    Ok(())
}

fn one_number() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    audit(
        folder.path(),
        &[
            "--replicates",
            "200",
            "--dataset",
            "everyday-english",
            "--model",
            "reference:sentiment",
        ],
    )?;
    let policy = |min: &str| {
        format!(
            "# P\n```toml\n[policy]\nname = \"p\"\nversion = \"1\"\n[[gate]]\nid = \"g\"\nmeasure = \"skill\"\ntask = \"sentiment\"\nby = \"overall\"\nmin = {min}\n```\n"
        )
    };
    for (min, code) in [("-0.99", 0), ("0.99", 1)] {
        fs::write(folder.path().join("p.md"), policy(min))?;
        let judged = program(
            folder.path(),
            &["gate", "out/audit.json", "--policy", "p.md"],
        )?;
        if judged.status.code() != Some(code) {
            return Err(format!("min = {min} ends with {:?}", judged.status.code()).into());
        }
    }
    Ok(())
}

/// An audit and the gate on its record end alike, whatever the policy does with what was found: 24 of 30 are right.
fn every_outcome() -> Result<(), Failed> {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/gate-three-answers");
    let waiver = |finding: &str, expires: &str| {
        format!(
            "[[waiver]]\nfinding = \"{finding}\"\nowner = \"o\"\nreason = \"r\"\nexpires = \"{expires}\"\n"
        )
    };
    let (id, later, past) = ("g/p/tiny/sentiment", "2999-12-31", "2020-01-31");
    let policies = [
        ("passes", "min = 0.5", String::new(), 0),
        ("fails", "min = 0.95", String::new(), 1),
        (
            "fails as a warning",
            "min = 0.95\nseverity = \"warning\"",
            String::new(),
            0,
        ),
        ("undecided", "min = 0.8", String::new(), 3),
        (
            "undecided, which blocks",
            "min = 0.8\ninsufficient = \"block\"",
            String::new(),
            3,
        ),
        (
            "undecided, which is allowed",
            "min = 0.8\ninsufficient = \"allow\"",
            String::new(),
            0,
        ),
        (
            "undecided, a warning",
            "min = 0.8\nseverity = \"warning\"",
            String::new(),
            0,
        ),
        ("too few cases", "min = 0.5\nmin_n = 31", String::new(), 3),
        ("waived", "min = 0.95", waiver(id, later), 0),
        ("undecided and waived", "min = 0.8", waiver(id, later), 0),
        ("waived too long", "min = 0.95", waiver(id, past), 1),
        ("another waived", "min = 0.95", waiver("g/q", later), 1),
        (
            "waived beyond the budget",
            "min = 0.95",
            waiver(id, later) + "[waiver_budget]\nmost = 0\n",
            1,
        ),
    ];
    for (name, bound, rest, expected) in policies {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("policies"))?;
        fs::write(
            folder.path().join("policies/p.toml"),
            format!(
                "[policy]\nname = \"p\"\nversion = \"1\"\n[evidence]\nmin_n = 20\n[[gate]]\nid = \"g\"\nmeasure = \"accuracy\"\nby = \"overall\"\n{bound}\n{rest}"
            ),
        )?;
        fs::copy(inputs.join("p.csv"), folder.path().join("p.csv"))?;
        let dataset = inputs.join("data");
        let (code, record) = audit(
            folder.path(),
            &[
                "--replicates",
                "100",
                "--dataset",
                &dataset.to_string_lossy(),
                "--predictions",
                "p.csv",
                "--policy",
                "policies/p.toml",
            ],
        )?;
        let outcomes: Vec<&str> = record["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|finding| finding["outcome"].as_str())
            .collect();
        // The policy of the audit is found where it was named then.
        let own = program(folder.path(), &["gate", "out/audit.json"])?;
        let named = program(
            folder.path(),
            &["gate", "out/audit.json", "--policy", "policies/p.toml"],
        )?;
        let codes = [Some(code), own.status.code(), named.status.code()];
        if codes != [Some(expected); 3] || own.stdout != named.stdout {
            let said = String::from_utf8_lossy(&own.stderr).into_owned();
            return Err(format!("{name}: {codes:?} where {expected} is right. {said}").into());
        }
        let table = String::from_utf8_lossy(&own.stdout).into_owned();
        for outcome in outcomes {
            if !table.contains(&format!("1 {outcome}")) {
                return Err(format!("{name}: {outcome} is not in the table: {table}").into());
            }
        }
    }
    Ok(())
}

/// A policy that was changed after it was locked is refused by whatever name it goes.
#[cfg(unix)]
fn linked() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let gates = "[policy]\nname = \"p\"\nversion = \"1\"\n[[gate]]\nid = \"s\"\nmeasure = \"skill\"\nby = \"overall\"\nmin = 0.4\n";
    std::fs::write(folder.join("p.toml"), gates)?;
    program(folder, &["policy", "lock", "p.toml"])?;
    std::os::unix::fs::symlink("p.toml", folder.join("link.toml"))?;
    for (content, expected) in [(gates, 0), (&gates.replace("0.4", "0.1"), 2)] {
        std::fs::write(folder.join("p.toml"), content)?;
        for name in ["p.toml", "link.toml"] {
            let output = program(folder, &["policy", "check", name])?;
            if output.status.code() != Some(expected) {
                return Err(format!("{name}: {}", said(&output)).into());
            }
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn linked() -> Result<(), Failed> {
    Ok(())
}
/// Sets of two sentences from five templates, with labels and scores: few clusters, so that Student's distribution counts.
fn few_templates(folder: &Path, level: f64) -> Result<Value, Failed> {
    let mut cases = "id,sentiment,set,gender,t\n".to_owned();
    let mut answers = "id,label,score:negative,score:positive\n".to_owned();
    for case in 0..60_usize {
        let (template, set, second) = (case / 12, case / 2, case % 2);
        let gold = ["negative", "positive"][set % 2];
        let wrong = (case * 7 + template) % 6 == 0;
        let label = ["negative", "positive"][(set + usize::from(wrong)) % 2];
        let shift = second as f64 * (0.02 * template as f64 + 0.003 * (set % 3) as f64);
        let positive = if label == "positive" { 0.6 } else { 0.3 } + shift;
        let gender = ["m", "w"][second];
        cases += &format!("c{case},{gold},s{set},{gender},t{template}\n");
        answers += &format!("c{case},{label},{:.4},{positive:.4}\n", 1.0 - positive);
    }
    let card = "name = \"few\"\n[columns]\nset = \"set\"\ncluster = \"t\"\n[attributes.gender]\nabout = \"subject\"\nkind = \"demographic\"\n[tasks.sentiment]\nlabels = [\"negative\", \"positive\"]\nsource = \"template\"\n";
    let gates = [
        ("score-shift", "group", "within = 0.05"),
        ("accuracy", "overall", "min = 0.8"),
        ("recall", "label", "min = 0.6"),
        ("f1", "label", "min = 0.6"),
        ("auc", "overall", "min = 0.9"),
        ("brier", "overall", "max = 0.5"),
    ];
    let gates: String = gates
        .map(|(measure, by, bound)| {
            format!("[[gate]]\nid = \"{measure}\"\nmeasure = \"{measure}\"\nby = \"{by}\"\n{bound}\nlevel = 0.99\n")
        })
        .concat();
    let policy = format!(
        "[policy]\nname = \"p\"\nversion = \"1\"\n[evidence]\nlevel = {level}\nmin_n = 20\n{gates}"
    );
    fs::create_dir_all(folder.join("data"))?;
    for (name, text) in [
        ("data/dataset.toml", card.to_owned()),
        ("data/cases.csv", cases),
        ("p.csv", answers),
        ("policy.toml", policy),
    ] {
        fs::write(folder.join(name), text)?;
    }
    let inputs = ["--dataset", "data", "--predictions", "p.csv"];
    let (_, record) = audit(
        folder,
        &[&inputs[..], &["--policy", "policy.toml"]].concat(),
    )?;
    Ok(record)
}

/// A record made at 0.95 says at 0.99 what one made at 0.99 says, down to the printed limits.
fn another_level() -> Result<(), Failed> {
    let (lower, same) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let lower = few_templates(lower.path(), 0.95)?;
    let same = few_templates(same.path(), 0.99)?;
    let said = |record: &Value| -> Vec<(String, String)> {
        let findings = record["findings"].as_array().into_iter().flatten();
        let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or("").to_owned();
        findings
            .map(|finding| (text(finding, "id"), text(finding, "detail")))
            .collect()
    };
    let (mut lower, mut same) = (said(&lower), said(&same));
    // How many cases are added to those at hand hangs on the level.
    for all in [&mut lower, &mut same] {
        all.retain(|(id, _)| !id.starts_with("brier/"));
    }
    let judged = same
        .iter()
        .filter(|(_, detail)| detail.contains("99 % interval"))
        .count();
    if lower == same && judged >= 8 {
        return Ok(());
    }
    Err(format!("{judged} intervals; {lower:#?} at 0.95 is not {same:#?} at 0.99").into())
}

/// A number that no distribution has as its degrees of freedom is told of, and nothing is judged by it.
fn hostile_freedom() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    few_templates(folder.path(), 0.95)?;
    let text = fs::read_to_string(folder.path().join("out/audit.json"))?;
    for (number, said) in [(0.0, true), (-3.0, true), (0.5, true), (3.0, false)] {
        let mut record: Record = serde_json::from_str(&text)?;
        let mut edited = 0;
        for measurement in &mut record.measurements {
            if let v1::Value::Defined { interval, .. } = &mut measurement.value
                && let Some(freedom) = &mut interval.degrees_of_freedom
            {
                *freedom = number;
                edited += 1;
            }
        }
        if edited < 5 {
            return Err(format!("{edited} intervals have degrees of freedom").into());
        }
        record.digest = record::digest(&record);
        fs::write(folder.path().join("edited.json"), record::to_json(&record))?;
        let judged = program(
            folder.path(),
            &["gate", "edited.json", "--policy", "policy.toml"],
        )?;
        let error = String::from_utf8_lossy(&judged.stderr).into_owned();
        let told = error.contains("record/degrees-of-freedom") && judged.status.code() == Some(2);
        if told != said {
            return Err(format!("{number}: {:?} {error}", judged.status.code()).into());
        }
    }
    Ok(())
}
