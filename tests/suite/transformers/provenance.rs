//! What the record says a model is: one digest for one model, another for another, and what it cannot compute is told.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use super::{answers, has, here, load};
use affect_audit::model;

pub fn trials() -> Vec<Trial> {
    let trial = |name: &str, engine, test: fn() -> Result<(), Failed>| {
        Trial::test(format!("transformers::{name}"), test).with_ignored_flag(!has(engine))
    };
    vec![
        trial(
            "weights_beside_the_graph_are_in_the_digest",
            "onnx",
            outside,
        ),
        trial("one_model_has_one_digest", "onnx", paths),
        trial("a_mistyped_file_is_no_name_on_the_hub", "onnx", mistyped),
        trial("a_model_of_no_numbers_is_refused", "hf", no_numbers),
        trial("parts_are_those_of_the_index", "hf", parts),
        trial(
            "a_configuration_means_the_folder_beside_it",
            "hf",
            configured,
        ),
    ]
}

fn copy(from: &Path, to: &Path, names: &[&str]) -> Result<(), Failed> {
    fs::create_dir_all(to)?;
    for name in names {
        fs::copy(from.join(name), to.join(name))?;
    }
    Ok(())
}

/// What a folder holds besides weights.
const SETTINGS: [&str; 3] = ["config.json", "tokenizer_config.json", "vocab.txt"];

fn outside() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    copy(&here("bert"), folder.path(), &SETTINGS)?;
    copy(
        &here("bert-external"),
        folder.path(),
        &["graph.onnx", "numbers.bin"],
    )?;
    let before = load("onnx", folder.path())?;
    let names: Vec<&str> = before
        .card
        .provenance
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    if !names.contains(&"numbers.bin") {
        return Err(names.join(" ").into());
    }
    let ours = answers(&before, &["It rained."])?.answers;
    if ours != answers(&load("onnx", &here("bert"))?, &["It rained."])?.answers {
        return Err("the weights are others".into());
    }
    let path = folder.path().join("numbers.bin");
    let mut bytes = fs::read(&path)?;
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, bytes)?;
    if load("onnx", folder.path())?.card.digest == before.card.digest {
        return Err("other weights have the same digest".into());
    }
    fs::remove_file(&path)?;
    match load("onnx", folder.path()) {
        Err(error) if format!("{error:?}").contains("numbers.bin") => Ok(()),
        _ => Err("weights that are not there".into()),
    }
}

fn paths() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let inner = folder.path().join("onnx");
    copy(&here("bert"), folder.path(), &SETTINGS)?;
    copy(&here("bert"), &inner, &["model.onnx"])?;
    let digest = |path: &str| {
        let path = folder.path().join(path);
        load("onnx", &path).map(|model| (model.card.digest, model.card.provenance.files))
    };
    let plain = digest("")?;
    for path in [
        "onnx/model.onnx",
        "onnx/../onnx/model.onnx",
        "./onnx/./model.onnx",
    ] {
        let other = digest(path)?;
        if other != plain {
            return Err(format!("{path}: {other:?} where {plain:?}").into());
        }
    }
    if !plain.1.iter().any(|file| file.name == "onnx/model.onnx") {
        return Err(format!("{:?}", plain.1).into());
    }
    let engine = load("onnx", folder.path())?.card.provenance.engine;
    if !engine.chars().any(|letter| letter.is_ascii_digit()) {
        return Err(engine.into());
    }
    Ok(())
}

fn mistyped() -> Result<(), Failed> {
    let said = model::load("onnx:my-model/modle.onnx")
        .err()
        .ok_or("loaded")?;
    if said.to_string().contains("hub") && !said.to_string().contains("no such folder") {
        return Err(said.to_string().into());
    }
    if said.to_string().contains("hf download") {
        return Err(said.to_string().into());
    }
    Ok(())
}

/// Weights that are no numbers: told when the model is loaded, and not as failures of all texts.
fn no_numbers() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    copy(&here("bert"), folder.path(), &SETTINGS)?;
    let mut bytes = fs::read(here("bert").join("model.safetensors"))?;
    // All but the description at the beginning; 0xffff is no number in half precision, nor 0xffffffff in single.
    let header = usize::try_from(u64::from_le_bytes(bytes[..8].try_into()?))? + 8;
    bytes[header..].fill(0xff);
    fs::write(folder.path().join("model.safetensors"), bytes)?;
    let said = model::load(&format!("hf:{}", folder.path().display()))
        .err()
        .ok_or("it was loaded")?;
    if !said.to_string().contains("model/no-numbers") {
        return Err(said.to_string().into());
    }
    Ok(())
}

fn parts() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    copy(&here("bert"), folder.path(), &SETTINGS)?;
    let weights = here("bert").join("model.safetensors");
    fs::copy(
        &weights,
        folder.path().join("model-00001-of-00001.safetensors"),
    )?;
    load("hf", folder.path())?;
    // The index says which of what lies there belongs to the model.
    fs::write(folder.path().join("model-00002-of-00002.safetensors"), "")?;
    fs::write(
        folder.path().join("model.safetensors.index.json"),
        r#"{"weight_map": {"a": "model-00001-of-00001.safetensors"}}"#,
    )?;
    let model = load("hf", folder.path())?;
    if model
        .card
        .provenance
        .engine
        .strip_prefix("candle ")
        .is_none()
    {
        return Err(model.card.provenance.engine.into());
    }
    Ok(())
}

/// Of two folders of one name that beside the configuration is audited, wherever the command runs.
fn configured() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let here_too = folder.path().join("mine");
    fs::create_dir(&here_too)?;
    fs::write(here_too.join("config.json"), "{}")?;
    let inner = folder.path().join("inner");
    let names = [&SETTINGS[..], &["model.safetensors"]].concat();
    copy(&here("bert"), &inner.join("mine"), &names)?;
    fs::write(
        inner.join("audit.toml"),
        "models = [\"hf:mine\"]\ndatasets = [\"everyday-english\"]\nreplicates = 100\nout = \"out\"\n",
    )?;
    let output = Command::new(env!("CARGO_BIN_EXE_affect-audit"))
        .args(["audit", "inner/audit.toml", "--dry-run"])
        .current_dir(folder.path())
        .output()?;
    if output.status.code() != Some(0) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(())
}
