//! Labels asked for by a sentence, against Python's pipeline for zero-shot classification on the same tiny models.
//!
//! tests/transformers/entailment.json holds its scores; tests/transformers/make.py wrote them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use affect_audit::model;
use affect_audit::prediction::Answer;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, close};
use crate::transformers::{TIGHT, answers, has, here, labels, load, strings};

/// Which tiny models each engine reads. libtorch takes another constant in the norms of RoBERTa.
const RUNS: [(&str, &str); 4] = [
    ("onnx", "bert-nli"),
    ("hf", "bert-nli"),
    ("hf", "roberta-nli"),
    ("libtorch", "bert-nli"),
];

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = RUNS
        .into_iter()
        .map(|(engine, name)| {
            Trial::test(
                format!("transformers::{engine}_{name}_asks_as_in_python"),
                move || asked(engine, name),
            )
            .with_ignored_flag(!has(engine))
        })
        .collect();
    for engine in ["onnx", "hf"] {
        trials.push(
            Trial::test(
                format!("transformers::{engine}_what_was_asked_reaches_the_record"),
                move || record(engine),
            )
            .with_ignored_flag(!has(engine)),
        );
        trials.push(
            Trial::test(
                format!("transformers::{engine}_one_folder_asked_in_two_ways"),
                move || two_ways(engine),
            )
            .with_ignored_flag(!has(engine)),
        );
    }
    trials
}

/// Copies a tiny model into a folder and writes what it is asked.
fn copy(name: &str, to: &Path, options: &str) -> Result<(), Failed> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(here(name))? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    fs::write(to.join("affect-audit.toml"), options)?;
    Ok(())
}

/// What the file of a model says that is asked as the pipeline was.
fn options(asked: &Value) -> Result<String, Failed> {
    let wording = asked["wording"].as_object().ok_or("wording")?;
    let scheme = if wording.len() == 3 {
        "three-way"
    } else {
        "ekman"
    };
    let mut text = format!(
        "[scheme]\nname = \"{scheme}\"\n[zero_shot]\nhypothesis = {}\nmulti_label = {}\n[zero_shot.wording]\n",
        asked["hypothesis"], asked["multi_label"]
    );
    for (label, words) in wording {
        writeln!(text, "{label} = {words}")?;
    }
    Ok(text)
}

fn asked(engine: &str, name: &str) -> Result<(), Failed> {
    let expected: Value = serde_json::from_str(&fs::read_to_string(here("entailment.json"))?)?;
    let texts = strings(&expected["texts"]);
    let runs = expected["models"][name].as_array().ok_or("no runs")?;
    let mut worst = 0.0_f64;
    for (number, run) in runs.iter().enumerate() {
        let folder = tempfile::tempdir()?;
        copy(name, folder.path(), &options(run)?)?;
        let model = load(engine, folder.path())?;
        let answered = answers(&model, &texts)?;
        let theirs = strings(&run["labels"]);
        for (text, (answer, scores)) in answered.answers.iter().enumerate() {
            let row = run["scores"][text].as_array().ok_or("scores")?;
            if scores.len() != row.len() {
                return Err(format!("{} scores", scores.len()).into());
            }
            let mut best = 0;
            for (label, (name, score)) in labels(&model).iter().zip(scores).enumerate() {
                let place = theirs.iter().position(|other| other == name);
                let right = row[place.ok_or("label")?].as_f64().ok_or("score")?;
                close(
                    &format!("run {number}, text {text}, {name}"),
                    *score,
                    right,
                    TIGHT,
                )?;
                worst = worst.max((score - right).abs());
                if *score > scores[best] {
                    best = label;
                }
            }
            let found = answer.labels().ok_or("no answer")?;
            let right = if run["multi_label"] == true {
                scores
                    .iter()
                    .enumerate()
                    .all(|(label, score)| found.contains(label) == (*score >= 0.5))
            } else {
                matches!(answer, Answer::Labels(set) if set.single() == Some(best))
            };
            if !right {
                return Err(format!("run {number}, text {text}: {found:?}").into());
            }
        }
        let cut: Vec<u64> = answered.cut.iter().map(|place| *place as u64).collect();
        if Value::from(cut.clone()) != run["cut"] {
            return Err(format!("run {number}: cut texts {cut:?}").into());
        }
        // A text alone and in company come out alike.
        let alone = answers(&model, &texts[1..2])?;
        for (one, other) in alone.answers[0].1.iter().zip(&answered.answers[1].1) {
            close("alone and in company", *one, *other, 1e-6)?;
        }
    }
    println!("{engine}:{name}: largest difference {worst:.1e}");
    Ok(())
}

/// The record says what was asked, in which words, and holds the digest of the file that says so.
fn record(engine: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let asking = "[scheme]\nname = \"three-way\"\n[zero_shot]\nhypothesis = \"The tone is {}.\"\n[zero_shot.wording]\nneutral = \"flat\"\n";
    copy("bert-nli", &folder.path().join("nli"), asking)?;
    dataset(folder.path())?;
    let spec = format!("{engine}:nli");
    let (_, record) = audit(folder.path(), &["--dataset", "d", "--model", &spec])?;
    let model = &record["models"][0];
    let limits = strings(&model["limits"]).join("\n");
    for part in ["“The tone is {}.”", "\"flat\" for neutral"] {
        if !limits.contains(part) {
            return Err(format!("{part} is not among the limits: {limits}").into());
        }
    }
    if !model["files"]["affect-audit.toml"].is_string() {
        return Err(format!("the files are {}", model["files"]).into());
    }
    Ok(())
}

/// Files that name the same folder are models of their own; where the folder lies is in no record.
fn two_ways(engine: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    dataset(folder.path())?;
    let kept = folder.path().join("kept");
    copy("bert-nli", &kept.join("nli"), "max_length = 1")?;
    for (name, words) in [
        ("tone", "The tone is {}."),
        ("mood", "It tells of a {} mood!"),
    ] {
        let asking = format!(
            "model = \"nli\"\n[scheme]\nname = \"three-way\"\n[zero_shot]\nhypothesis = \"{words}\"\n"
        );
        fs::write(kept.join(format!("{name}.toml")), asking)?;
    }
    let specs = ["tone", "mood"].map(|name| format!("{engine}:kept/{name}.toml"));
    let (_, record) = audit(
        folder.path(),
        &["--dataset", "d", "--model", &specs[0], "--model", &specs[1]],
    )?;
    for (place, name) in ["tone", "mood"].into_iter().enumerate() {
        let model = &record["models"][place];
        let is = (
            &model["name"],
            &model["spec"],
            &model["files"][format!("{name}.toml")],
        );
        if *is.0 != format!("{engine}:{name}")
            || *is.1 != format!("{engine}:{name}.toml")
            || !is.2.is_string()
            || model["files"]["affect-audit.toml"].is_string()
        {
            return Err(format!("the model is {model}").into());
        }
    }
    if record["models"][0]["digest"] == record["models"][1]["digest"] {
        return Err("two ways of asking have one digest".into());
    }
    fs::write(kept.join("bare.toml"), "max_length = 20\n")?;
    fs::write(kept.join("nli/affect-audit.toml"), "model = \"nli\"\n")?;
    for (path, code) in [
        ("bare.toml", "model/no-model"),
        ("absent.toml", "model/unreadable"),
        ("nli", "model/options"),
    ] {
        let spec = format!("{engine}:{}", kept.join(path).display());
        let said = model::load(&spec).err().ok_or("it was loaded")?.to_string();
        if !said.contains(code) {
            return Err(said.into());
        }
    }
    Ok(())
}

/// Three texts with labels.
fn dataset(folder: &Path) -> Result<(), Failed> {
    fs::create_dir(folder.join("d"))?;
    fs::write(
        folder.join("d/dataset.toml"),
        "name = \"short\"\n[tasks.sentiment]\nscheme = \"three-way\"\nsource = \"perceived\"\n",
    )?;
    fs::write(
        folder.join("d/cases.csv"),
        "id,text,sentiment\na,It rained.,neutral\nb,Glad!,positive\nc,Late again.,negative\n",
    )?;
    Ok(())
}
