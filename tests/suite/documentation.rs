//! `docs/models.md` does what it says: its files are written, its commands run.
//!
//! Fences named `toml FILE` and `python FILE` are files, `console` holds commands. The transformers they name are the
//! tiny ones of tests/transformers, the service is a server of ours.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::program;
use crate::services::server::{Fault, Server};
use crate::transformers::{has, here};

pub fn trials() -> Vec<Trial> {
    let wrapped = Command::new("python3")
        .args(["-c", "import textblob, vaderSentiment"])
        .output()
        .is_ok_and(|output| output.status.success());
    vec![
        Trial::test("documentation::models_page_as_written", models)
            .with_ignored_flag(!(has("onnx") && has("hf"))),
        Trial::test("documentation::programs_as_written", programs).with_ignored_flag(!wrapped),
        Trial::test("documentation::services_as_written", services),
    ]
}

/// Writes all files of the page into a folder, and runs the commands that are meant. Gives the number of commands.
fn follow(
    folder: &Path,
    edit: impl Fn(&str) -> String,
    meant: impl Fn(&str) -> bool,
) -> Result<usize, Failed> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/models.md");
    let page = fs::read_to_string(page)?;
    let mut commands = 0;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else {
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some((_, file)) = fence.split_once(' ') {
            let path = folder.join(file);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, edit(&(body.join("\n") + "\n")))?;
        }
        for line in body.iter().filter(|_| fence == "console") {
            let command = line.strip_prefix("$ affect-audit ").ok_or("no command")?;
            if !meant(command) {
                continue;
            }
            commands += 1;
            let words: Vec<&str> = command.split_whitespace().collect();
            let output = program(folder, &words)?;
            // An audit says by its code how the model did.
            if !matches!(output.status.code(), Some(0 | 1 | 3)) {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(format!("{command}: {said}").into());
            }
        }
    }
    Ok(commands)
}

fn is_called(command: &str) -> bool {
    command.contains("process:") || command.contains("http:")
}

fn models() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for (name, model) in [
        ("my-model", "bert"),
        ("my-roberta", "roberta"),
        ("my-nli", "bert-nli"),
    ] {
        let copy = folder.path().join(name);
        fs::create_dir(&copy)?;
        for entry in fs::read_dir(here(model))? {
            let entry = entry?;
            fs::copy(entry.path(), copy.join(entry.file_name()))?;
        }
        let _ = fs::remove_file(copy.join("affect-audit.toml"));
    }
    let commands = follow(folder.path(), str::to_owned, |command| !is_called(command))?;
    if commands < 7 {
        return Err(format!("{commands} commands").into());
    }
    let answers = |file: &str| fs::read_to_string(folder.path().join(file));
    if !answers("polarity.csv")?.starts_with("id,label,abstained,error,score:negative")
        || !answers("moods.csv")?.contains("score:astonished")
        || !answers("asked.csv")?.contains("score:anger")
        || !answers("tone.csv")?.starts_with("id,label,abstained,error,score:negative")
    {
        return Err("the labels are not those of the files".into());
    }
    Ok(())
}

/// The labels of a predictions file, in its order.
fn labels(path: &Path) -> Result<Vec<String>, Failed> {
    let text = fs::read_to_string(path)?;
    let cells = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(1));
    Ok(cells.map(str::to_owned).collect())
}

fn programs() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let meant = |command: &str| command.contains("process:");
    if follow(folder.path(), str::to_owned, meant)? != 2 {
        return Err("not all commands were run".into());
    }
    // The wrapped original answers as our own account of its rules does.
    let arguments = [
        "predict",
        "--model",
        "lexicon:vader",
        "--dataset",
        "everyday-english",
        "-o",
        "own.csv",
    ];
    let output = program(folder.path(), &arguments)?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let wrapped = labels(&folder.path().join("vader.csv"))?;
    if wrapped.len() < 100 || wrapped != labels(&folder.path().join("own.csv"))? {
        return Err(format!("{} labels, not as ours", wrapped.len()).into());
    }
    Ok(())
}

fn services() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let server = Server::open(Fault::None, 0)?;
    let edit = |text: &str| {
        let text = text.replace("http://127.0.0.1:8000", &server.address);
        if text.contains("cassette") {
            return text;
        }
        // Keys of the environment are tested elsewhere; here is none.
        text.replace("${MY_SERVICE_KEY}", "")
            .replace(
                "scheme = { name = \"three-way\" }",
                "scheme = { name = \"three-way\" }\ncache = false",
            )
            .replace("preset = \"openai\"", "preset = \"openai\"\ncache = false")
    };
    let commands = follow(folder.path(), edit, |command| command.contains("http:"))?;
    if commands != 6 || server.requests() < 100 {
        return Err(format!("{commands} commands, {} requests", server.requests()).into());
    }
    // The dry run says what the page says, and the cassette holds what the audit asked.
    let read = |file: &str| fs::read_to_string(folder.path().join(file));
    let cassette = read("vendor.jsonl")?;
    let shown = read("dry-run.txt")?;
    if !shown.contains(" 355  0.71 EUR") || cassette.matches("requests").count() != 355 {
        return Err(format!(
            "{} requests in the cassette",
            cassette.matches("requests").count()
        )
        .into());
    }
    fs::remove_file(folder.path().join("vendor.jsonl"))?;
    let arguments = [
        "audit",
        "--model",
        "http:vendor.toml",
        "--dataset",
        "everyday-english",
        "--dry-run",
    ];
    let output = program(folder.path(), &arguments)?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    if !told.contains(&shown) {
        return Err(format!("another dry run than on the page: {told}").into());
    }
    let digest = |file: &str| -> Result<Value, Failed> {
        let record: Value = serde_json::from_str(&read(file)?)?;
        Ok(record["digest"].clone())
    };
    if digest("vendor/audit.json")? != digest("again/audit.json")? {
        return Err("the replay gives another record".into());
    }
    let sent = server.heads();
    if sent
        .iter()
        .any(|head| head.to_lowercase().contains("authorization"))
    {
        return Err("a header was sent that the file takes away".into());
    }
    Ok(())
}
