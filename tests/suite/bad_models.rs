//! Model folders with something wrong: each is told of by name, with the way out.
//!
//! tests/transformers/problems-ENGINE.txt holds what is said; `UPDATE_EXPECTED=1` writes it anew.

use std::fs;
use std::path::Path;

use affect_audit::model;
use libtest_mimic::{Failed, Trial};

/// How a folder that is right is made wrong: the engines it matters to, the tiny model, what is done to it.
struct Case {
    name: &'static str,
    engines: &'static [&'static str],
    model: &'static str,
    spoil: fn(&Path) -> Result<(), Failed>,
}

const ALL: &[&str] = &["hf", "libtorch", "onnx"];

/// Those that read safetensors.
const TENSORS: &[&str] = &["hf", "libtorch"];

fn cases() -> Vec<Case> {
    let case = |name, engines, model, spoil| Case {
        name,
        engines,
        model,
        spoil,
    };
    vec![
        case("no config", ALL, "bert", |f| remove(f, "config.json")),
        case("config is no JSON", ALL, "bert", |f| {
            write(f, "config.json", "{\n \"a\": }")
        }),
        case("no labels", ALL, "bert", |f| {
            replace(f, "config.json", "\"id2label\"", "\"labels\"")
        }),
        case("a gap in the labels", ALL, "bert", |f| {
            replace(f, "config.json", "\"3\": \"joy\"", "\"9\": \"joy\"")
        }),
        case("nameless labels", ALL, "roberta", |f| {
            remove(f, "affect-audit.toml")
        }),
        case("labels of no scheme", ALL, "bert", |f| {
            replace(f, "config.json", "\"3\": \"joy\"", "\"3\": \"joyy\"")?;
            replace(
                f,
                "config.json",
                "\"5\": \"sadness\"",
                "\"5\": \"tristesse\"",
            )
        }),
        case("options that fit nothing", ALL, "bert", |f| {
            write(
                f,
                "affect-audit.toml",
                "threshold = 3\nmax_len = 12\n[scheme]\nname = \"ekmann\"\n",
            )
        }),
        case("a label renamed that is not there", ALL, "bert", |f| {
            write(f, "affect-audit.toml", "[labels]\nLABEL_3 = \"joy\"\n")
        }),
        case("nothing asked", ALL, "bert-nli", |_| Ok(())),
        case("a sentence without a gap", ALL, "bert-nli", |f| {
            write(
                f,
                "affect-audit.toml",
                "[scheme]\nname = \"ekman\"\n[zero_shot]\nhypothesis = \"It is joy.\"\n[zero_shot.wording]\njoy = \"\"\n",
            )
        }),
        case("words that fit no label", ALL, "bert-nli", |f| {
            write(
                f,
                "affect-audit.toml",
                "[scheme]\nname = \"three-way\"\n[zero_shot]\nhypothesis = \"It is {}.\"\n[zero_shot.wording]\npositve = \"good\"\nneutral = \"negative\"\nnegative = \" \"\n",
            )
        }),
        case("a sentence that leaves no room", ALL, "bert-nli", |f| {
            write(
                f,
                "affect-audit.toml",
                "max_length = 8\n[scheme]\nname = \"three-way\"\n[zero_shot]\nhypothesis = \"All in all this text expresses {}.\"\n",
            )
        }),
        case("a sentence for a model of labels", ALL, "bert", |f| {
            write(
                f,
                "affect-audit.toml",
                "[scheme]\nname = \"ekman\"\n[zero_shot]\nhypothesis = \"It is {}.\"\n",
            )
        }),
        case("a model that answers with a number", ALL, "bert", |f| {
            replace(f, "config.json", "multi_label_classification", "regression")
        }),
        case("no tokenizer", ALL, "bert", |f| remove(f, "vocab.txt")),
        case("a tokenizer to be converted", ALL, "bert", |f| {
            remove(f, "vocab.txt")?;
            write(f, "spiece.model", "")
        }),
        case("a damaged tokenizer", ALL, "bert", |f| {
            write(f, "tokenizer.json", "{\"version\": \"1.0\"")
        }),
        case("a tokenizer that is code", ALL, "bert", |f| {
            write(
                f,
                "tokenizer_config.json",
                "{\"tokenizer_class\": \"BertJapaneseTokenizer\"}",
            )
        }),
        case("a vocabulary for another tokenizer", ALL, "bert", |f| {
            write(
                f,
                "tokenizer_config.json",
                "{\"tokenizer_class\": \"MPNetTokenizerFast\"}",
            )
        }),
        case("texts read from their end", ALL, "bert", |f| {
            write(
                f,
                "tokenizer_config.json",
                "{\"truncation_side\": \"left\"}",
            )
        }),
        case("an added token without its place", ALL, "bert", |f| {
            write(f, "tokenizer_config.json", "{}")?;
            write(f, "added_tokens.json", "{\"@USER\": 1}")
        }),
        case("a vocabulary without marks", ALL, "bert", |f| {
            write(f, "vocab.txt", "[UNK]\nyes\nno\n")
        }),
        case("no room for a word", ALL, "bert", |f| {
            replace(
                f,
                "config.json",
                "\"max_position_embeddings\": 40",
                "\"max_position_embeddings\": 2",
            )
        }),
        case(
            "an architecture that is not computed",
            TENSORS,
            "bert",
            |f| {
                replace(
                    f,
                    "config.json",
                    "\"model_type\": \"bert\"",
                    "\"model_type\": \"gpt2\"",
                )
            },
        ),
        case("weights of another architecture", TENSORS, "bert", |f| {
            copy(f, "deberta-v2", "model.safetensors")
        }),
        case("weights for other labels", TENSORS, "bert", |f| {
            copy_labels(f, "xlm-roberta")
        }),
        case("a size that cannot be", TENSORS, "bert", |f| {
            replace(
                f,
                "config.json",
                "\"hidden_size\": 16",
                "\"hidden_size\": 999999999999",
            )
        }),
        case("heads that do not divide", TENSORS, "bert", |f| {
            replace(
                f,
                "config.json",
                "\"num_attention_heads\": 2",
                "\"num_attention_heads\": 3",
            )
        }),
        case("layers of convolution", &["hf"], "deberta-v2", |f| {
            replace(
                f,
                "config.json",
                "\"position_buckets\": 8",
                "\"position_buckets\": 8, \"conv_kernel_size\": 3",
            )
        }),
        case("places that are not relative", &["hf"], "deberta-v2", |f| {
            replace(
                f,
                "config.json",
                "\"relative_attention\": true",
                "\"relative_attention\": false",
            )
        }),
        case("no heads", TENSORS, "bert", |f| {
            replace(
                f,
                "config.json",
                "\"num_attention_heads\": 2",
                "\"num_attention_heads\": 0",
            )
        }),
        case("a part missing", TENSORS, "bert", |f| {
            fs::rename(
                f.join("model.safetensors"),
                f.join("model-00001-of-00002.safetensors"),
            )?;
            Ok(())
        }),
        case("parts of two models", TENSORS, "bert", |f| {
            fs::rename(
                f.join("model.safetensors"),
                f.join("model-00001-of-00001.safetensors"),
            )?;
            write(f, "model-00003-of-00003.safetensors", "")
        }),
        case("safetensors cut off", TENSORS, "bert", |f| {
            cut(f, "model.safetensors", 5000)
        }),
        case("safetensors that are text", TENSORS, "bert", |f| {
            write(f, "model.safetensors", "version https://git-lfs\n")
        }),
        case("pickled weights", TENSORS, "bert", |f| {
            remove(f, "model.safetensors")?;
            remove(f, "model.onnx")?;
            write(f, "pytorch_model.bin", "PK")
        }),
        case("an ONNX file alone", TENSORS, "bert", |f| {
            remove(f, "model.safetensors")
        }),
        case("safetensors alone", &["onnx"], "bert", |f| {
            remove(f, "model.onnx")
        }),
        case("several ONNX files", &["onnx"], "bert", |f| {
            fs::rename(f.join("model.onnx"), f.join("a.onnx"))?;
            write(f, "b.onnx", "")
        }),
        case("an ONNX file outside", &["onnx"], "bert", |f| {
            write(f, "affect-audit.toml", "file = \"../x.onnx\"\n")
        }),
        case("ONNX cut off", &["onnx"], "bert", |f| {
            cut(f, "model.onnx", 20_000)
        }),
        case("ONNX with unexpected inputs", &["onnx"], "bert", |f| {
            let bytes = fs::read(f.join("model.onnx"))?;
            let text = bytes
                .iter()
                .map(|byte| char::from(*byte))
                .collect::<String>();
            let other = text.replace("token_type_ids", "other_input_xx");
            let bytes: Vec<u8> = other.chars().map(|c| c as u8).collect();
            Ok(fs::write(f.join("model.onnx"), bytes)?)
        }),
        case(
            "a norm that rust-bert does not have",
            &["libtorch"],
            "bert",
            |f| {
                replace(
                    f,
                    "config.json",
                    "\"layer_norm_eps\": 1e-12",
                    "\"layer_norm_eps\": 0.001",
                )
            },
        ),
        case(
            "padding that rust-bert does not have",
            &["libtorch"],
            "roberta",
            |f| {
                replace(
                    f,
                    "config.json",
                    "\"pad_token_id\": 1",
                    "\"pad_token_id\": 0",
                )
            },
        ),
        case(
            "a network larger than its weights",
            &["libtorch"],
            "bert",
            |f| {
                replace(
                    f,
                    "config.json",
                    "\"intermediate_size\": 24",
                    "\"intermediate_size\": 16000000",
                )
            },
        ),
        case("ONNX for other labels", &["onnx"], "bert", |f| {
            copy_labels(f, "xlm-roberta")
        }),
    ]
}

pub fn trials() -> Vec<Trial> {
    [
        ("hf", cfg!(feature = "candle")),
        ("libtorch", cfg!(feature = "libtorch")),
        ("onnx", cfg!(feature = "onnx")),
    ]
    .into_iter()
    .map(|(engine, built)| {
        Trial::test(
            format!("bad_models::{engine}_problems_as_told"),
            move || check(engine),
        )
        .with_ignored_flag(!built)
    })
    .chain([Trial::test(
        "bad_models::an_engine_that_is_not_built_in",
        || {
            absent(&[
                ("hf", cfg!(feature = "candle"), "--features candle"),
                (
                    "libtorch",
                    cfg!(feature = "libtorch"),
                    "LIBTORCH_CXX11_ABI=0 cargo install --path . --features libtorch",
                ),
                ("onnx", cfg!(feature = "onnx"), "--features onnx"),
            ])
        },
    )])
    .collect()
}

/// Whoever names an engine that this build lacks is told how to get it, whether or not there is such a folder.
fn absent(engines: &[(&str, bool, &str)]) -> Result<(), Failed> {
    for (engine, _, remedy) in engines.iter().filter(|(_, built, _)| !built) {
        let said = model::load(&format!("{engine}:{}", root().join("bert").display()))
            .err()
            .ok_or("it was loaded")?
            .to_string();
        if !said.contains("model/engine") || !said.contains(remedy) {
            return Err(said.into());
        }
    }
    Ok(())
}

/// Runs the cases of an engine and compares what is said.
fn check(engine: &'static str) -> Result<(), Failed> {
    let mut text = String::new();
    let hub = model::load(&format!("{engine}:nobody/tiny@v1"))
        .err()
        .ok_or("a model was downloaded")?;
    text.push_str(&format!("## {engine}: a name on the hub\n{hub}\n\n"));
    for case in cases().iter().filter(|case| case.engines.contains(&engine)) {
        let folder = tempfile::tempdir()?;
        let model = folder.path().join("model");
        copy_all(&root().join(case.model), &model)?;
        (case.spoil)(&model)?;
        let said = match model::load(&format!("{engine}:{}", model.display())) {
            Ok(_) => return Err(format!("{}: the model was loaded", case.name).into()),
            Err(problems) => problems.to_string(),
        };
        let said = said.replace(&folder.path().display().to_string(), "FOLDER");
        text.push_str(&format!("## {engine}: {}\n{said}\n\n", case.name));
    }
    let path = root().join(format!("problems-{engine}.txt"));
    if std::env::var_os("UPDATE_EXPECTED").is_some_and(|value| value == "1") {
        return Ok(fs::write(path, text)?);
    }
    let expected = fs::read_to_string(path)?;
    if expected == text {
        return Ok(());
    }
    let line = expected
        .lines()
        .zip(text.lines())
        .position(|(one, other)| one != other);
    Err(format!(
        "differs at line {:?} of:\n{text}",
        line.map(|line| line + 1)
    )
    .into())
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transformers")
}

fn copy_all(from: &Path, to: &Path) -> Result<(), Failed> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        fs::copy(&path, to.join(path.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

fn copy(folder: &Path, model: &str, file: &str) -> Result<(), Failed> {
    fs::copy(root().join(model).join(file), folder.join(file))?;
    Ok(())
}

/// The three labels of another model in place of the seven.
fn copy_labels(folder: &Path, model: &str) -> Result<(), Failed> {
    let read = |path: &Path| -> Result<serde_json::Value, Failed> {
        Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
    };
    let mut config = read(&folder.join("config.json"))?;
    config["id2label"] = read(&root().join(model).join("config.json"))?["id2label"].clone();
    write(folder, "config.json", &config.to_string())
}

fn remove(folder: &Path, file: &str) -> Result<(), Failed> {
    Ok(fs::remove_file(folder.join(file))?)
}

fn write(folder: &Path, file: &str, text: &str) -> Result<(), Failed> {
    Ok(fs::write(folder.join(file), text)?)
}

fn replace(folder: &Path, file: &str, old: &str, new: &str) -> Result<(), Failed> {
    let text = fs::read_to_string(folder.join(file))?;
    if !text.contains(old) {
        return Err(format!("{file} does not hold {old}").into());
    }
    write(folder, file, &text.replace(old, new))
}

fn cut(folder: &Path, file: &str, length: u64) -> Result<(), Failed> {
    let bytes = fs::read(folder.join(file))?;
    let end = (length as usize).min(bytes.len() - 1);
    Ok(fs::write(folder.join(file), &bytes[..end])?)
}
