//! Transformers through each engine, against the scores of Python transformers on the same texts.
//!
//! The tiny models of tests/transformers are always there; the engines are where the build and the machine have them.
//! What is absent is reported as ignored.

mod provenance;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use affect_audit::dataset;
use affect_audit::model::spec::{Engine, Model};
use affect_audit::model::{self, Answered};
use affect_audit::prediction::Answer;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::real_data::{MELD, data, import, import_goemotions, models};
use crate::run::{audit, close, program};

/// The engines, as specs name them.
pub const ENGINES: [&str; 3] = ["onnx", "hf", "libtorch"];

/// How far a score may lie from Python's on random weights, where nothing rounds them.
pub const TIGHT: f64 = 2e-6;

/// How far on the shared models.
pub const TOLERANCE: f64 = 1e-3;

/// Every how many-th text is scored: all where the build is optimised and the engine is fast.
fn every(engine: &str) -> usize {
    match (engine, cfg!(debug_assertions)) {
        ("onnx", false) => 1,
        ("onnx" | "libtorch", true) | (_, false) => 5,
        (_, true) => 20,
    }
}

/// How far where the engine adds another constant to the variance in a norm than the model was trained with.
const LOOSE: f64 = 1e-4;

const TINY: [&str; 6] = [
    "bert",
    "distilbert",
    "roberta",
    "xlm-roberta",
    "deberta-v2",
    "modernbert",
];

pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for name in TINY {
        trials.push(
            Trial::test(format!("transformers::hf_{name}_as_in_python"), move || {
                tiny("hf", name)
            })
            .with_ignored_flag(!has("hf")),
        );
    }
    for name in ["bert", "distilbert", "roberta", "xlm-roberta"] {
        trials.push(
            Trial::test(
                format!("transformers::libtorch_{name}_as_in_python"),
                move || tiny("libtorch", name),
            )
            .with_ignored_flag(!has("libtorch")),
        );
    }
    trials.push(
        Trial::test("transformers::onnx_bert_as_in_python", || {
            tiny("onnx", "bert")
        })
        .with_ignored_flag(!has("onnx")),
    );
    for engine in ENGINES {
        for (what, test) in [
            ("goemotions", goemotions as fn(&str) -> Result<(), Failed>),
            ("meld", meld),
            ("reference_sentences", sentences),
        ] {
            let present = has(engine) && models().is_dir() && data().is_dir();
            trials.push(
                Trial::test(
                    format!("transformers::{engine}_{what}_as_in_python"),
                    move || test(engine),
                )
                .with_ignored_flag(!present),
            );
        }
        trials.push(
            Trial::test(
                format!("transformers::{engine}_card_and_cut_texts_reach_the_record"),
                move || card(engine),
            )
            .with_ignored_flag(!has(engine)),
        );
    }
    trials.extend(provenance::trials());
    trials.extend(tokens::trials());
    trials
}

/// Whether an engine is in this build and can run on this machine.
pub fn has(engine: &str) -> bool {
    match engine {
        "hf" => cfg!(feature = "candle"),
        "libtorch" => cfg!(feature = "libtorch"),
        _ => {
            #[cfg(feature = "onnx")]
            {
                affect_audit::model::onnx::library::find().is_some()
            }
            #[cfg(not(feature = "onnx"))]
            false
        }
    }
}

pub fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/transformers")
        .join(name)
}

pub fn load(engine: &str, folder: &Path) -> Result<Model, Failed> {
    model::load(&format!("{engine}:{}", folder.display()))
        .map_err(|problems| problems.to_string().into())
}

pub fn answers(model: &Model, texts: &[&str]) -> Result<Answered, Failed> {
    let Engine::Text { model, .. } = &model.engine else {
        return Err("no model that reads texts".into());
    };
    model
        .answer_all(texts, &|_| {})
        .map_err(|problems| problems.to_string().into())
}

/// The labels of a model in the order of its scores.
pub fn labels(model: &Model) -> Vec<String> {
    let scheme = model.card.scheme.as_ref();
    scheme.map_or_else(Vec::new, |scheme| {
        scheme.names().into_iter().map(str::to_owned).collect()
    })
}

fn tiny(engine: &str, name: &str) -> Result<(), Failed> {
    let expected: Value = serde_json::from_str(&fs::read_to_string(here("expected.json"))?)?;
    let texts: Vec<&str> = strings(&expected["texts"]);
    let expected = &expected["models"][name];
    let model = load(engine, &here(name))?;
    let answered = answers(&model, &texts)?;
    let names = strings(&expected["labels"]);
    let tolerance = match (engine, name) {
        ("libtorch", "roberta" | "xlm-roberta") => LOOSE,
        _ => TIGHT,
    };
    let mut worst = 0.0_f64;
    for (text, (_, scores)) in answered.answers.iter().enumerate() {
        for (label, score) in labels(&model).iter().zip(scores) {
            let output = names.iter().position(|name| name == label).ok_or("label")?;
            let theirs = expected["scores"][text][output].as_f64().ok_or("score")?;
            close(&format!("text {text}, {label}"), *score, theirs, tolerance)?;
            worst = worst.max((score - theirs).abs());
        }
        if scores.len() != names.len() {
            return Err(format!("{} scores for text {text}", scores.len()).into());
        }
    }
    let cut: Vec<u64> = answered.cut.iter().map(|place| *place as u64).collect();
    if Value::from(cut.clone()) != expected["cut"] {
        return Err(format!("cut texts: {cut:?}").into());
    }
    println!("{engine}:{name}: largest difference {worst:.1e}");
    // A text by itself and in company come out alike: padding is never read.
    let alone = answers(&model, &texts[1..2])?;
    for (one, other) in alone.answers[0].1.iter().zip(&answered.answers[1].1) {
        close("alone and in company", *one, *other, 1e-6)?;
    }
    Ok(())
}

pub fn strings(list: &Value) -> Vec<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn goemotions(engine: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    import_goemotions(&data(), folder.path())?;
    compare(
        engine,
        "minilm-goemotions",
        &folder.path().join("go"),
        "goemotions-test-scores.csv",
    )
}

fn meld(engine: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let from = data().join("meld/data/MELD/test_sent_emo.csv");
    import(folder.path(), "meld", MELD, &from)?;
    let cases = folder.path().join("meld");
    compare(engine, "minilm-sentiment", &cases, "meld-test-scores.csv")?;
    compare(engine, "minilm-goemotions", &cases, "meld-test-scores.csv")
}

/// Every score of a sample within the tolerance, and every label that is not a matter of it.
fn compare(engine: &str, name: &str, cases: &Path, scores: &str) -> Result<(), Failed> {
    let dataset =
        dataset::read(&cases.display().to_string()).map_err(|problems| problems.to_string())?;
    let mut reader = csv::Reader::from_path(models().join(name).join(scores))?;
    let header = reader.headers()?.clone();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let texts = dataset.cases.texts.as_ref().ok_or("texts")?;
    let sample: Vec<(&str, &csv::StringRecord)> = dataset
        .cases
        .ids
        .iter()
        .zip(texts)
        .step_by(every(engine))
        .filter_map(|(id, text)| Some((text.as_str(), rows.iter().find(|row| &row[0] == id)?)))
        .collect();
    if sample.len() < 100 {
        return Err(format!("only {} texts", sample.len()).into());
    }
    let model = load(engine, &models().join(name))?;
    let texts: Vec<&str> = sample.iter().map(|(text, _)| *text).collect();
    let start = Instant::now();
    let answered = answers(&model, &texts)?;
    let labels = labels(&model);
    let mut worst = 0.0_f64;
    for ((_, row), (answer, scores)) in sample.iter().zip(&answered.answers) {
        let mut theirs = Vec::new();
        for (label, score) in labels.iter().zip(scores) {
            let column = header
                .iter()
                .position(|name| name == format!("score:{label}"))
                .ok_or("column")?;
            let right: f64 = row[column].parse()?;
            close(&format!("{label} of {}", &row[0]), *score, right, TOLERANCE)?;
            worst = worst.max((score - right).abs());
            theirs.push(right);
        }
        check_answer(*answer, &theirs, name == "minilm-goemotions")
            .map_err(|error| format!("{}: {error}", &row[0]))?;
    }
    println!(
        "{engine}:{name}: {} texts in {:.1} s, largest difference {worst:.1e}",
        sample.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// The answer that Python's scores call for, unless the margin is within the tolerance.
pub fn check_answer(answer: Answer, theirs: &[f64], several: bool) -> Result<(), String> {
    let labels = answer.labels().ok_or("no answer")?;
    if several {
        for (label, score) in theirs.iter().enumerate() {
            if (score - 0.5).abs() > TOLERANCE && labels.contains(label) != (*score > 0.5) {
                return Err(format!("label {label} with score {score}"));
            }
        }
        return Ok(());
    }
    let mut order: Vec<usize> = (0..theirs.len()).collect();
    order.sort_by(|one, other| theirs[*other].total_cmp(&theirs[*one]));
    let margin = theirs[order[0]] - theirs[order[1]];
    if margin > 2.0 * TOLERANCE && labels.single() != Some(order[0]) {
        return Err(format!("{labels:?} where {} is right", order[0]));
    }
    Ok(())
}

fn sentences(engine: &str) -> Result<(), Failed> {
    for name in ["minilm-goemotions", "minilm-sentiment"] {
        let path = models().join(name).join("reference.json");
        let reference: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
        let model = load(engine, &models().join(name))?;
        let answered = answers(&model, &strings(&reference["texts"]))?;
        let names = strings(&reference["labels"]);
        for (text, (_, scores)) in answered.answers.iter().enumerate() {
            let logits: Vec<f64> = reference["logits"][text]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_f64)
                .collect();
            let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
            for (label, score) in labels(&model).iter().zip(scores) {
                let output = names.iter().position(|name| name == label).ok_or("label")?;
                let right = if name == "minilm-sentiment" {
                    logits[output].exp() / sum
                } else {
                    1.0 / (1.0 + (-logits[output]).exp())
                };
                close(&format!("text {text}, {label}"), *score, right, 1e-5)?;
            }
        }
    }
    Ok(())
}

/// What the folder says of itself stands in the record, and so do texts that were too long.
fn card(engine: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("d"))?;
    fs::write(
        folder.path().join("d/dataset.toml"),
        "name = \"short\"\n[tasks.emotion]\nscheme = \"ekman\"\nsource = \"perceived\"\n",
    )?;
    let long = "on and on ".repeat(30);
    fs::write(
        folder.path().join("d/cases.csv"),
        format!("id,text,emotion\na,It rained.,joy\nb,{long},fear\nc,{long},fear\n"),
    )?;
    let spec = format!("{engine}:{}", here("bert").display());
    let (_, record) = audit(folder.path(), &["--dataset", "d", "--model", &spec])?;
    let model = &record["models"][0];
    let facts = [
        ("name", Value::from(format!("{engine}:bert"))),
        ("spec", Value::from(format!("{engine}:bert"))),
        ("kind", Value::from("transformer")),
        ("licence", Value::from("apache-2.0")),
        ("base_models", Value::from(vec!["nobody/tiny-bert"])),
        ("languages", Value::from(vec!["en", "de"])),
        ("training_data", Value::from("none")),
    ];
    for (key, value) in facts {
        if model[key] != value {
            return Err(format!("{key} is {}", model[key]).into());
        }
    }
    let files = model["files"].as_object().map_or(0, serde_json::Map::len);
    if files != 4 || record["evaluations"][0]["cut"] != 2 {
        return Err(format!("{files} files, {}", record["evaluations"][0]).into());
    }
    let refused = program(
        folder.path(),
        &["predict", "--model", &spec, "--dataset", "d", "-o", "-"],
    )?;
    if !refused.status.success() {
        return Err(String::from_utf8_lossy(&refused.stderr).into_owned().into());
    }
    Ok(())
}
