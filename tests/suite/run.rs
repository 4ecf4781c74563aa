//! Runs the program as a user does.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use libtest_mimic::Failed;
use serde_json::Value;

/// Where runs keep scores and answers: not where those of a user lie, and begun anew by every run of the tests.
static KEPT: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kept");
    let _ = std::fs::remove_dir_all(&folder);
    folder
});

/// Runs the program in a folder.
pub fn program(folder: &Path, arguments: &[&str]) -> Result<Output, Failed> {
    Command::new(env!("CARGO_BIN_EXE_affect-audit"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("AFFECT_AUDIT_CACHE", KEPT.join("cache"))
        .env("XDG_STATE_HOME", KEPT.join("state"))
        .output()
        .map_err(Failed::from)
}

/// What the program said on the side.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The label of each case of a predictions file; `-` for an abstention, `!` where it failed.
pub fn labels(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    let labels: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| match line.split(',').collect::<Vec<_>>()[..] {
            [_, _, "true", ..] => "-",
            [_, _, _, "failed", ..] => "!",
            [_, label, ..] => label,
            _ => "?",
        })
        .collect();
    labels.join(" ")
}

/// Runs an audit and gives its exit code and record.
pub fn audit(folder: &Path, arguments: &[&str]) -> Result<(i32, Value), Failed> {
    let mut all = vec!["audit", "--quiet", "--format", "json", "-o", "out"];
    all.extend(arguments);
    let output = program(folder, &all)?;
    let code = output.status.code().unwrap_or(-1);
    if ![0, 1, 3].contains(&code) {
        return Err(format!(
            "exit code {code}: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    let text = std::fs::read_to_string(folder.join("out/audit.json"))?;
    Ok((code, serde_json::from_str(&text)?))
}

/// The measurements of a record that have all of the given properties: `("measure", "accuracy")` and the like;
/// `("label", "")` for none, `("slice", "a=b")` for a group, `("slice", "")` for all cases.
pub fn measurements<'a>(record: &'a Value, wanted: &[(&str, &str)]) -> Vec<&'a Value> {
    let all = record["measurements"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    all.iter()
        .filter(|measurement| {
            wanted.iter().all(|(key, value)| match *key {
                "slice" => slice(measurement) == *value,
                "comparison" => measurement["comparison"]["kind"].as_str().unwrap_or("") == *value,
                key => measurement[key].as_str().unwrap_or("") == *value,
            })
        })
        .collect()
}

fn slice(measurement: &Value) -> String {
    let pairs: Vec<String> = measurement["slice"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
        .collect();
    pairs.join(",")
}

/// Fails unless two numbers agree to a tolerance.
pub fn close(what: &str, ours: f64, theirs: f64, tolerance: f64) -> Result<(), Failed> {
    if (ours - theirs).abs() <= tolerance {
        Ok(())
    } else {
        Err(format!("{what}: {ours} where {theirs} is right").into())
    }
}
