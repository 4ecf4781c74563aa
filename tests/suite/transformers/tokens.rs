//! Settings that change tokens, against what Python makes of the same files (tests/transformers/tokens.py).

use libtest_mimic::{Failed, Trial};

use super::has;

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test(
            "transformers::settings_change_tokens_as_in_python",
            settings,
        )
        .with_ignored_flag(!(has("hf") || has("onnx"))),
    ]
}

#[cfg(any(feature = "onnx", feature = "candle", feature = "libtorch"))]
fn settings() -> Result<(), Failed> {
    use std::fs;

    use super::{here, strings};
    use affect_audit::model::transformer::config::Config;
    use affect_audit::model::transformer::options::Options;
    use affect_audit::model::transformer::tokens::Tokens;

    let told: serde_json::Value = serde_json::from_str(&fs::read_to_string(here("tokens.json"))?)?;
    let texts = strings(&told["texts"]);
    for case in told["cases"].as_array().ok_or("no cases")? {
        let folder = tempfile::tempdir()?;
        let model = here(case["model"].as_str().unwrap_or_default());
        for name in ["config.json", "vocab.txt", "vocab.json", "merges.txt"] {
            if model.join(name).exists() {
                fs::copy(model.join(name), folder.path().join(name))?;
            }
        }
        let files = case["files"].as_object().into_iter().flatten();
        for (name, content) in files.filter(|(_, content)| !content.is_null()) {
            fs::write(folder.path().join(name), content.to_string())?;
        }
        if let Some(tokenizer) = case.get("tokenizer") {
            fs::write(folder.path().join("tokenizer.json"), tokenizer.to_string())?;
        }
        // Long enough for every text: what is cut is not what is compared here.
        let config = fs::read_to_string(folder.path().join("config.json"))?;
        let mut config: serde_json::Value = serde_json::from_str(&config)?;
        config["max_position_embeddings"] = serde_json::json!(512);
        let config = config.to_string();
        let failed = |problems: affect_audit::diagnostic::Problems| {
            Failed::from(format!("{}: {problems}", case["files"]))
        };
        let config = Config::parse("config.json", &config).map_err(failed)?;
        let mut read = Vec::new();
        let tokens =
            Tokens::load(folder.path(), &config, &Options::default(), &mut read).map_err(failed)?;
        for (text, ids) in texts
            .iter()
            .zip(case["ids"].as_array().into_iter().flatten())
        {
            let ours = tokens.encode(text, None).ok_or("not read")?.ids;
            let theirs: Vec<u32> = serde_json::from_value(ids.clone())?;
            if ours != theirs {
                return Err(format!(
                    "{} {}: {text}: {ours:?} where Python has {theirs:?}",
                    case["model"], case["files"]
                )
                .into());
            }
        }
    }
    Ok(())
}

#[cfg(not(any(feature = "onnx", feature = "candle", feature = "libtorch")))]
fn settings() -> Result<(), Failed> {
    Ok(())
}
