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

/// The models beside the project.
const SHARED: [&str; 2] = ["minilm-goemotions", "minilm-sentiment"];

pub fn trials() -> Vec<Trial> {
    let pairs = [("onnx", "hf"), ("onnx", "libtorch"), ("hf", "libtorch")];
    let mut trials = Vec::new();
    for (one, other) in pairs {
        let both = has(one) && has(other);
        trials.push(
            Trial::test(format!("engines::{one}_and_{other}_agree"), move || {
                agree((one, other), &here("bert"), &here("bert"), TIGHT)
            })
            .with_ignored_flag(!both),
        );
        trials.push(
            Trial::test(
                format!("engines::{one}_and_{other}_agree_on_shared_models"),
                move || {
                    for name in SHARED {
                        agree((one, other), &models().join(name), &here("bert"), TOLERANCE)?;
                    }
                    Ok(())
                },
            )
            .with_ignored_flag(!(both && models().is_dir())),
        );
    }
    trials.push(
        Trial::test("engines::weights_in_8_bits_are_flagged", int8).with_ignored_flag(!has("onnx")),
    );
    trials.push(
        Trial::test(
            "engines::libtorch_reads_weights_of_pytorch_where_named",
            named,
        )
        .with_ignored_flag(!has("libtorch")),
    );
    trials
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

/// Two engines on the texts of the tiny models, score by score, and label by label where the margin exceeds it.
fn agree(engines: (&str, &str), folder: &Path, texts: &Path, tolerance: f64) -> Result<(), Failed> {
    let expected = fs::read_to_string(texts.with_file_name("expected.json"))?;
    let expected: Value = serde_json::from_str(&expected)?;
    let texts = strings(&expected["texts"]);
    let (one, other) = (load(engines.0, folder)?, load(engines.1, folder)?);
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

/// Pickled weights are read where their file is named and not otherwise, and are worth what the safetensors are.
fn named() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for name in ["config.json", "tokenizer_config.json", "vocab.txt"] {
        fs::copy(here("bert").join(name), folder.path().join(name))?;
    }
    let from = here("bert-pickled").join("pytorch_model.bin");
    fs::copy(from, folder.path().join("pytorch_model.bin"))?;
    #[cfg(feature = "libtorch")]
    {
        let weights = tch::Tensor::read_safetensors(here("bert").join("model.safetensors"))?;
        tch::Tensor::save_multi(&weights, folder.path().join("rust_model.ot"))?;
    }
    let refused = load("libtorch", folder.path()).err().ok_or("read")?;
    if !format!("{refused:?}").contains("model/pickled") {
        return Err(refused);
    }
    let expected = fs::read_to_string(here("expected.json"))?;
    let expected: Value = serde_json::from_str(&expected)?;
    let texts = strings(&expected["texts"]);
    let right = answers(&load("libtorch", &here("bert"))?, &texts)?;
    for file in ["pytorch_model.bin", "rust_model.ot"] {
        let answered = answers(&load("libtorch", &folder.path().join(file))?, &texts)?;
        if answered.answers != right.answers {
            return Err(format!("{file} gives other answers").into());
        }
    }
    // What libtorch's reader does not take can still be converted, and that is said.
    fs::write(
        folder.path().join("pytorch_model.bin"),
        "PK of something else",
    )?;
    match load("libtorch", &folder.path().join("pytorch_model.bin")) {
        Ok(_) => Err("text was read as weights".into()),
        Err(said) if format!("{said:?}").contains("save_pretrained") => Ok(()),
        Err(said) => Err(said),
    }
}
