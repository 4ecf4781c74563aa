//! What is found out before anybody's texts are sent: models that do not answer as their labels say, and models that are
//! no longer those whose answers were kept.

use std::fs;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use super::paid::{edit, record, refused};
use super::server::{Fault, Server};
use super::{PREDICT, command, lay, predict, right, said};

pub fn trials() -> Vec<Trial> {
    let trial = |name, test: fn() -> Result<(), Failed>| {
        Trial::test(format!("services::watched::{name}"), test)
    };
    vec![
        trial("model_check_names_what_is_wrong", named),
        trial("no_text_is_sent_to_a_model_that_is_wired_wrongly", stopped),
        trial("labelled_data_takes_the_place_of_sentences", own_data),
        trial(
            "a_model_that_changed_is_not_mixed_with_what_is_kept",
            changed,
        ),
        trial("a_model_that_answers_at_random_is_told_of", unsteady),
    ]
}

fn named() -> Result<(), Failed> {
    for (fault, code, found) in [
        (Fault::None, 0, vec![]),
        (Fault::Swapped, 1, vec!["swapped-labels"]),
        (Fault::OneLabel, 1, vec!["one-label"]),
        (Fault::SameScores, 1, vec!["same-scores"]),
        (Fault::Logits, 1, vec!["not-probabilities"]),
        (Fault::NotB, 0, vec![]),
    ] {
        let server = Server::open(fault, 0)?;
        let folder = lay(&server, "batch = 5")?;
        let arguments = ["model", "check", "http:m.toml", "--format", "json"];
        let output = command(folder.path(), &arguments).output()?;
        let check: Value = serde_json::from_slice(&output.stdout)?;
        let findings: Vec<&str> = check["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|finding| finding["check"].as_str())
            .collect();
        if output.status.code() != Some(code) || findings != found || check["asked"] != 15 {
            return Err(format!("{fault:?}: {findings:?} {}", said(&output)).into());
        }
        // A first sentence, then fifteen in three requests; an audit asks none of them again.
        if server.requests() != 4 {
            return Err(format!("{} requests", server.requests()).into());
        }
        let table = command(folder.path(), &["model", "check", "http:m.toml"]).output()?;
        let table = String::from_utf8_lossy(&table.stdout).into_owned();
        let words = found.first().copied().unwrap_or("15 of 15 right");
        if !table.contains(words) || !table.contains("95 % interval") || server.requests() != 4 {
            return Err(format!("{fault:?}: {table}").into());
        }
    }
    let server = Server::open(Fault::Always(404), 0)?;
    let folder = lay(&server, "")?;
    let output = command(folder.path(), &["model", "check", "http:m.toml"]).output()?;
    refused(&output, &["error[model/refused]"])
}

fn stopped() -> Result<(), Failed> {
    for (fault, words) in [
        (
            Fault::Swapped,
            "swapped-labels, before any text was sent: with negative and positive exchanged, 15 of 15 answers are right",
        ),
        (
            Fault::OneLabel,
            "one-label, before any text was sent: all 15 answers are the same",
        ),
        (Fault::SameScores, "same-scores, before"),
    ] {
        let server = Server::open(fault, 0)?;
        let folder = lay(&server, "batch = 5")?;
        edit(folder.path(), "sanity = false\n", "")?;
        refused(
            &predict(folder.path())?,
            &[
                "error[model/sanity]",
                words,
                "affect-audit model check http:m.toml",
            ],
        )?;
        if server
            .answered()
            .keys()
            .any(|text| text.starts_with("Word "))
        {
            return Err(format!("{fault:?}: a text was sent").into());
        }
        // Two ways out: it is meant to be so, or the sentences are not in its language.
        for way in ["sanity = false", "languages = [\"sw\"]"] {
            let server = Server::open(fault, 0)?;
            let folder = lay(&server, way)?;
            edit(folder.path(), "\nsanity = false\ncanaries = false", "")?;
            let output = predict(folder.path())?;
            if output.status.code() != Some(0) {
                return Err(format!("{fault:?}, {way}: {}", said(&output)).into());
            }
        }
    }
    // What is no more than strange is told, and the run goes on.
    let server = Server::open(Fault::Logits, 0)?;
    let folder = lay(&server, "")?;
    edit(folder.path(), "sanity = false\n", "")?;
    let output = predict(folder.path())?;
    right("told", &output)?;
    if !said(&output).contains("the scores in 15 of 15 rows are no probabilities") {
        return Err(said(&output).into());
    }
    Ok(())
}

fn own_data() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fs::create_dir_all(folder.path().join("d"))?;
    fs::write(
        folder.path().join("d/dataset.toml"),
        "name = \"few\"\n[tasks.sentiment]\nscheme = \"three-way\"\nsource = \"perceived\"\n",
    )?;
    let labels = ["negative", "neutral", "positive"];
    let (mut cases, mut answers) = ("id,text,sentiment\n".to_owned(), "id,label\n".to_owned());
    for case in 0..90 {
        let label = labels[case % 3];
        cases.push_str(&format!("{case},Neno {case}.,{label}\n"));
        answers.push_str(&format!("{case},{}\n", labels[(case + 1) % 3]));
    }
    fs::write(folder.path().join("d/cases.csv"), cases)?;
    fs::write(folder.path().join("p.csv"), answers)?;
    let check = |more: &[&str]| {
        let arguments = [&["model", "check", "p.csv"][..], more].concat();
        command(folder.path(), &arguments).output()
    };
    let output = check(&["--dataset", "d"])?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let told: Vec<&str> = told.split_whitespace().collect();
    let told = told.join(" ");
    if output.status.code() != Some(1)
        || !told.contains("60 cases of few")
        || !told.contains("[swapped-labels]")
        || !told.contains("With negative taken for positive, neutral taken for negative, positive taken for neutral, 60 of 60 answers are right and not 0")
    {
        return Err(format!("{told} {}", said(&output)).into());
    }
    refused(
        &check(&[])?,
        &["error[model/no-sentences]", "it holds answers", "--dataset"],
    )
}

fn changed() -> Result<(), Failed> {
    // A first sentence, control sentences twice, six texts: the fifth request is of another day.
    let server = Server::open(Fault::Changed, 5)?;
    let folder = lay(&server, "batch = 10")?;
    edit(folder.path(), "canaries = false\n", "")?;
    right("first", &predict(folder.path())?)?;
    if server.requests() != 4 {
        return Err(format!("{} requests", server.requests()).into());
    }
    // As long as nothing is to be asked, nobody is.
    right("kept", &predict(folder.path())?)?;
    let cases = folder.path().join("d/cases.csv");
    let text = fs::read_to_string(&cases)?;
    fs::write(&cases, text.clone() + "g,Word g is neutral.,neutral\n")?;
    refused(
        &predict(folder.path())?,
        &[
            "error[model/changed]",
            "6 of 6 control sentences are answered otherwise than when its answers began to be kept",
            "no text was sent",
            "move ",
            "--replay",
            "if_changed = \"mix\"",
        ],
    )?;
    if server.requests() != 5 || server.answered().contains_key("Word g is neutral.") {
        return Err(format!("{} requests", server.requests()).into());
    }
    edit(
        folder.path(),
        "batch = 10",
        "batch = 10\nif_changed = \"mix\"",
    )?;
    let arguments = [
        &[
            "audit",
            "--model",
            "http:m.toml",
            "--dataset",
            "d",
            "--quiet",
        ][..],
        &["--replicates", "100", "--format", "json", "--out", "out"],
    ]
    .concat();
    let told = "It changed while it was asked: 6 of 6 control sentences got other answers later";
    // It says so at once, and whenever these answers are used again.
    for more in [&[][..], &["--replay"]] {
        let output = command(folder.path(), &[&arguments[..], more].concat()).output()?;
        let record = record(folder.path(), "out", &output)?;
        if !record["models"][0]["limits"].to_string().contains(told) {
            return Err(record["models"].to_string().into());
        }
    }
    // A model that stayed the same goes on without a word.
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(&server, "")?;
    edit(folder.path(), "canaries = false\n", "")?;
    right("first", &predict(folder.path())?)?;
    fs::write(
        folder.path().join("d/cases.csv"),
        text + "g,Word g is neutral.,neutral\n",
    )?;
    let output = predict(folder.path())?;
    if output.status.code() != Some(0) || server.requests() != 1 + 12 + 6 + 6 + 1 {
        return Err(format!("{} requests: {}", server.requests(), said(&output)).into());
    }
    Ok(())
}

fn unsteady() -> Result<(), Failed> {
    let server = Server::open(Fault::Unsteady, 0)?;
    let folder = lay(&server, "batch = 10")?;
    edit(folder.path(), "canaries = false\n", "")?;
    let arguments = [
        &[
            "audit",
            "--model",
            "http:m.toml",
            "--dataset",
            "d",
            "--quiet",
        ][..],
        &["--replicates", "100", "--format", "json", "--out", "out"],
    ]
    .concat();
    let output = command(folder.path(), &arguments).output()?;
    let limits = record(folder.path(), "out", &output)?["models"][0]["limits"].to_string();
    let told = "It does not always answer the same: 6 of 6 control sentences got two different answers when asked twice.";
    if !limits.contains(told) {
        return Err(limits.into());
    }
    // Of what answers at random nobody can say that it changed.
    let cases = folder.path().join("d/cases.csv");
    let text = fs::read_to_string(&cases)?;
    fs::write(&cases, text + "g,Word g is neutral.,neutral\n")?;
    let output = command(folder.path(), &PREDICT).output()?;
    if output.status.code() != Some(0) {
        return Err(said(&output).into());
    }
    Ok(())
}
