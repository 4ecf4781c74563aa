//! Data that would speak to a build server: no line of the output may begin as its commands do.

use std::fmt::Write;
use std::fs;

use libtest_mimic::Failed;

use crate::run::{program, said};

/// What the runner of GitHub takes for a command, wherever a line begins with it, blanks before it or not.
const COMMAND: &str = "\\n ::error file=x::told by data";

/// Names, titles, groups, gates and waivers that hold ends of lines and commands.
pub fn nothing_is_obeyed() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("data"))?;
    fs::write(
        folder.path().join("data/dataset.toml"),
        format!(
            r#"name = "data"
title = "title{COMMAND}"
description = "description{COMMAND}"
limits = ["limit{COMMAND}"]
[tasks.sentiment]
labels = ["good", "bad{COMMAND}"]
source = "perceived"
[attributes.place]
title = "place{COMMAND}"
about = "author"
kind = "culture"
"#
        ),
    )?;
    let command = COMMAND.replace("\\n", "\n");
    let (mut cases, mut answers) = (
        "id,text,sentiment,place\n".to_owned(),
        "id,label\n".to_owned(),
    );
    for case in 0..120 {
        let label = ["good".to_owned(), format!("\"bad{command}\"")][case % 2].clone();
        let place = ["north".to_owned(), format!("\"south{command}\"")][case / 60].clone();
        writeln!(cases, "c{case},Words of {case}.,{label},{place}")?;
        writeln!(
            answers,
            "c{case},{}",
            if case < 60 { &label } else { "good" }
        )?;
    }
    fs::write(folder.path().join("data/cases.csv"), cases)?;
    fs::write(folder.path().join("answers.csv"), answers)?;
    fs::write(
        folder.path().join("policy.toml"),
        format!(
            r#"[policy]
name = "policy{COMMAND}"
version = "1{COMMAND}"
[[gate]]
id = "gate{COMMAND}"
title = "gate{COMMAND}"
measure = "accuracy"
by = "group"
of = "difference"
within = 0.1
[[gate]]
id = "other"
measure = "accuracy"
by = "overall"
min = 0.9
[[waiver]]
finding = "other/answers/data/sentiment"
owner = "owner{COMMAND}"
reason = "reason{COMMAND}"
expires = "2099-01-01"
[[scope]]
id = "scope{COMMAND}"
context = ["health"]
outcome = "refuse"
reference = "reference{COMMAND}"
sentence = "sentence{COMMAND}"
[[scope]]
id = "warned{COMMAND}"
context = ["research"]
outcome = "warn"
reference = "reference{COMMAND}"
sentence = "sentence{COMMAND}"
"#
        ),
    )?;
    let asked = "audit --dataset data --predictions answers.csv --policy policy.toml";
    for (words, code) in [
        (format!("{asked} --replicates 100 --context research"), 1),
        (format!("{asked} --context health"), 4),
        (
            "gate reports/latest/audit.json --policy policy.toml".to_owned(),
            1,
        ),
        ("dataset show data".to_owned(), 0),
        ("policy check policy.toml".to_owned(), 0),
        ("policy explain policy.toml".to_owned(), 0),
        ("explain --policy policy.toml".to_owned(), 0),
        (
            "compare reports/latest/audit.json reports/latest/audit.json".to_owned(),
            0,
        ),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let output = program(folder.path(), &words)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &said(&output);
        if let Some(line) = text
            .lines()
            .find(|line| line.trim_start().starts_with("::"))
        {
            return Err(format!("{words:?} prints {line}").into());
        }
        if output.status.code() != Some(code) || !text.contains("told by data") {
            return Err(format!("{words:?} ended with {:?}: {text}", output.status.code()).into());
        }
    }
    Ok(())
}
