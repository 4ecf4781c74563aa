//! Engines for transformers against each other, and weights in 8 bits.

use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::real_data::models;
use crate::run::{audit, close};
use crate::transformers::{
    TIGHT, TOLERANCE, answers, check_answer, has, here, labels, load, strings,
};

pub fn trials() -> Vec<Trial> {
    let both = has("onnx") && has("hf");
    vec![
        Trial::test("engines::agree", || {
            agree(&here("bert"), &here("bert"), TIGHT)
        })
        .with_ignored_flag(!both),
        Trial::test("engines::agree_on_shared_models", || {
            for name in ["minilm-goemotions", "minilm-sentiment"] {
                agree(&models().join(name), &here("bert"), TOLERANCE)?;
            }
            Ok(())
        })
        .with_ignored_flag(!(both && models().is_dir())),
        Trial::test("engines::weights_in_8_bits_are_flagged", int8).with_ignored_flag(!has("onnx")),
    ]
}

/// Weights in 8 bits: near what Python's ONNX Runtime makes of them, off what the weights before were worth, and the
/// record says so. How they are rounded goes by the processor and by the texts of a batch, hence the wide tolerance.
fn int8() -> Result<(), Failed> {
    let expected: Value = serde_json::from_str(&fs::read_to_string(here("expected.json"))?)?;
    let spec = format!("onnx:{}", here("bert-int8").display());
    let model = load("onnx", &here("bert-int8"))?;
    let names = strings(&expected["models"]["bert-int8"]["labels"]);
    let mut apart = 0.0_f64;
    for (place, text) in strings(&expected["texts"]).iter().enumerate() {
        let answered = answers(&model, &[text])?;
        for (label, score) in labels(&model).iter().zip(&answered.answers[0].1) {
            let output = names.iter().position(|name| name == label).ok_or("label")?;
            let theirs = |name: &str| expected["models"][name]["scores"][place][output].as_f64();
            let near = theirs("bert-int8").ok_or("score")?;
            close(&format!("text {place}, {label}"), *score, near, 0.02)?;
            apart = apart.max((score - theirs("bert").ok_or("score")?).abs());
        }
    }
    if apart < 1e-4 {
        return Err(format!("at most {apart:.1e} from the weights before").into());
    }
    let folder = tempfile::tempdir()?;
    let (_, record) = audit(
        folder.path(),
        &["--dataset", "everyday-english", "--model", &spec],
    )?;
    let model = &record["models"][0];
    let told = strings(&model["limits"])
        .iter()
        .any(|limit| limit.contains("8 bits"));
    if model["eight_bits"] != true || !told {
        return Err(model.to_string().into());
    }
    Ok(())
}

/// Both engines on the texts of the tiny models, score by score, and label by label where the margin exceeds it.
fn agree(folder: &Path, texts: &Path, tolerance: f64) -> Result<(), Failed> {
    let expected = fs::read_to_string(texts.with_file_name("expected.json"))?;
    let expected: Value = serde_json::from_str(&expected)?;
    let texts = strings(&expected["texts"]);
    let (one, other) = (load("onnx", folder)?, load("hf", folder)?);
    if labels(&one) != labels(&other) {
        return Err(format!("{:?} and {:?}", labels(&one), labels(&other)).into());
    }
    let several = one
        .card
        .scheme
        .as_ref()
        .is_some_and(|scheme| scheme.is_multi_label());
    let (ones, others) = (answers(&one, &texts)?, answers(&other, &texts)?);
    if ones.cut != others.cut {
        return Err(format!("cut {:?} and {:?}", ones.cut, others.cut).into());
    }
    for (place, ((answer, scores), (_, theirs))) in
        ones.answers.iter().zip(&others.answers).enumerate()
    {
        for (score, theirs) in scores.iter().zip(theirs) {
            close(&format!("text {place}"), *score, *theirs, tolerance)?;
        }
        check_answer(*answer, theirs, several).map_err(|error| format!("{place}: {error}"))?;
    }
    Ok(())
}
