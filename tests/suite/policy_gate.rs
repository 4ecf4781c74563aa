//! The bundled audit as a stranger runs it: the record is the same twice, and the policy turns the gate.

use std::fs;
use std::path::Path;

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
