//! The page that says what each format is for must name them all, and its examples must run as they stand.

use std::fs;
use std::path::Path;
use std::process::Command;

use affect_audit::record::Record;
use affect_audit::report::sarif;
use libtest_mimic::Failed;
use serde_json::Value;

use crate::run::program;

/// What the one example with another program begins with.
const JQ: &str = "jq ";

fn page() -> Result<String, Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    Ok(fs::read_to_string(path)?)
}

/// The formats that the program takes, with the files that it writes, are the rows of the first table.
pub fn names_every_format() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let output = program(
        folder.path(),
        &["report", "audit.json", "--format", "none", "-o", "-"],
    )?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let known: Vec<&str> = said
        .split_once("possible values: ")
        .and_then(|(_, rest)| rest.split_once(']'))
        .map(|(list, _)| list.split(", ").collect())
        .unwrap_or_default();
    let page = page()?;
    let rows: Vec<&str> = page
        .lines()
        .skip_while(|line| !line.starts_with("| `--format`"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.split('`').nth(1))
        .collect();
    if known.is_empty() || rows != known {
        return Err(format!("the page has {rows:?}, the program {known:?}").into());
    }
    Ok(())
}

/// The lines of all blocks that begin with a word, in the order of the page.
fn examples(begin: &str) -> Result<Vec<String>, Failed> {
    let page = page()?;
    let blocks = page.split("```sh\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap_or_default().lines());
    Ok(lines
        .filter(|line| line.starts_with(begin))
        .map(str::to_owned)
        .collect())
}

fn shell(folder: &Path, line: &str) -> Result<(i32, String), Failed> {
    let program = Path::new(env!("CARGO_BIN_EXE_affect-audit"));
    let before = std::env::var_os("PATH").unwrap_or_default();
    let own = program.parent().map(Path::to_path_buf);
    let path = std::env::join_paths(own.into_iter().chain(std::env::split_paths(&before)))?;
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", &path)
        .env("GITHUB_STEP_SUMMARY", folder.join("job.md"))
        .output()?;
    Ok((
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    ))
}

/// The commands of the page, in one folder.
pub fn examples_run() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let lines = examples("affect-audit ")?;
    for line in &lines {
        let (code, said) = shell(folder.path(), line)?;
        let audits = line.starts_with("affect-audit audit");
        if code != 0 && !(audits && [1, 3].contains(&code)) {
            return Err(format!("exit code {code} of: {line}\n{said}").into());
        }
    }
    for file in ["junit.xml", "job.md", "README.md", "model.cdx.json"] {
        if fs::metadata(folder.path().join(file))?.len() == 0 {
            return Err(format!("{file} is empty").into());
        }
    }
    // What begins with neither of these would not be tried.
    let all = examples("")?.len();
    if lines.len() + examples(JQ)?.len() != all {
        return Err(format!("{} of {all} examples were tried", lines.len()).into());
    }
    Ok(())
}

/// What is left for hosts that take every result for an alert: all that failed or is open, and nothing else.
pub fn alerts_are_left(record: &Record) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fs::create_dir_all(folder.path().join("reports/latest"))?;
    let whole = sarif::render(record);
    fs::write(folder.path().join("reports/latest/audit.sarif"), &whole)?;
    let lines = examples(JQ)?;
    let [line] = lines.as_slice() else {
        return Err(format!("{} examples with jq", lines.len()).into());
    };
    let (code, said) = shell(folder.path(), line)?;
    if code != 0 {
        return Err(said.into());
    }
    let kinds = |text: &str| -> Result<Vec<String>, Failed> {
        let log: Value = serde_json::from_str(text)?;
        let results = log["runs"][0]["results"].as_array().ok_or("no results")?;
        let kinds = results.iter().filter_map(|result| result["kind"].as_str());
        Ok(kinds.map(str::to_owned).collect())
    };
    let mut expected = kinds(&whole)?;
    let all = expected.len();
    expected.retain(|kind| ["fail", "open"].contains(&kind.as_str()));
    let left = kinds(&fs::read_to_string(folder.path().join("scanning.sarif"))?)?;
    if left.is_empty() || left.len() == all || left != expected {
        return Err(format!("{} of {all} results are left", left.len()).into());
    }
    Ok(())
}
