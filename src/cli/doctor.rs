//! `doctor`: what works on this machine, which libraries were found where, and what one command would add.

use std::fmt::Write;

use clap::Args;

use super::{kept, output};
use crate::diagnostic::{Problems, plain};
use crate::model::lexicon::load;
#[cfg(not(feature = "libtorch"))]
use crate::model::spec::LIBTORCH;
use crate::record::build::FEATURES;

/// Nothing to choose.
#[derive(Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {}

const EXAMPLE: &str = "\
Example:
  affect-audit doctor

Nothing is installed or changed. ORT_DYLIB_PATH names the library of ONNX Runtime, AFFECT_AUDIT_VADER the folder of
the VADER word list, where they are not found by themselves.";

/// Whether a part can be used, and what to say of it.
enum State {
    Works(String),
    Lacks { what: String, remedy: String },
}

/// Looks and tells.
pub fn run(_arguments: &Arguments) -> Result<u8, Problems> {
    let built: Vec<&str> = FEATURES
        .iter()
        .filter(|(_, built)| *built)
        .map(|(name, _)| *name)
        .collect();
    let mut text = format!(
        "affect-audit {}, built with: {}\n\n",
        env!("CARGO_PKG_VERSION"),
        if built.is_empty() {
            "no optional parts".to_owned()
        } else {
            built.join(", ")
        }
    );
    for (part, state) in parts() {
        let (word, what, remedy) = match &state {
            State::Works(what) => ("works", what, None),
            State::Lacks { what, remedy } => ("lacks", what, Some(remedy)),
        };
        let _ = writeln!(text, "{part:<24}{word}  {}", plain(what));
        if let Some(remedy) = remedy {
            let _ = writeln!(text, "{:<31}to add it: {}", "", plain(remedy));
        }
    }
    output::print(&text)?;
    Ok(0)
}

fn parts() -> Vec<(&'static str, State)> {
    let always = |what: &str| State::Works(what.to_owned());
    vec![
        (
            "reference:NAME",
            always("the two models that come with the program"),
        ),
        (
            "predictions, CSV, JSONL",
            always("answers that some model gave before"),
        ),
        (
            "Parquet",
            feature(
                cfg!(feature = "polars"),
                "polars",
                "datasets and predictions",
            ),
        ),
        ("lexicon:vader", vader()),
        ("onnx:DIR", onnx()),
        ("models on the hub", hub()),
        (
            "hf:DIR",
            feature(
                cfg!(feature = "candle"),
                "candle",
                "transformers from safetensors, in pure Rust",
            ),
        ),
        ("libtorch:DIR", libtorch()),
        (
            "process:FILE.toml",
            always("programs that read and write JSON lines"),
        ),
        (
            "http:FILE.toml",
            always("services; beyond this machine with --allow-network"),
        ),
        ("answers and scores kept", State::Works(kept::told())),
    ]
}

/// A part that needs nothing but to be built in.
fn feature(built: bool, name: &str, what: &str) -> State {
    if built {
        State::Works(what.to_owned())
    } else {
        State::Lacks {
            what: format!("this program was built without {name}"),
            remedy: with(name),
        }
    }
}

/// The command that builds this program with a part more than it has.
fn with(name: &str) -> String {
    let features: Vec<&str> = FEATURES
        .iter()
        .filter(|(feature, built)| *built || *feature == name)
        .map(|(feature, _)| *feature)
        .collect();
    format!(
        "cargo install --path . --features {}, in the folder of the source",
        features.join(",")
    )
}

fn vader() -> State {
    let lacks = |what: String| State::Lacks {
        what,
        remedy: "pip install vaderSentiment".to_owned(),
    };
    match load::published("lexicon:vader") {
        Ok(folder) if folder.join(load::WORDS).is_file() => {
            State::Works(format!("word list in {}", folder.display()))
        }
        Ok(folder) => lacks(format!(
            "{} names {}, which holds no {}",
            load::FOLDER_VARIABLE,
            folder.display(),
            load::WORDS
        )),
        Err(_) => lacks("the word list, which is not bundled".to_owned()),
    }
}

/// Where models that were fetched lie, and whether more can be fetched. Nothing is asked of the network.
#[cfg(any(feature = "onnx", feature = "candle", feature = "libtorch"))]
fn hub() -> State {
    let cache = crate::model::transformer::hub::cache().map_or_else(
        || "there is no folder for a cache".to_owned(),
        |folder| format!("fetched ones in {}", folder.display()),
    );
    if cfg!(feature = "hub") {
        State::Works(format!("{cache}; --allow-network fetches others"))
    } else {
        State::Lacks {
            what: format!("{cache}; this program was built without hub, which fetches others"),
            remedy: format!("{}; or without it: hf download OWNER/NAME", with("hub")),
        }
    }
}

#[cfg(not(any(feature = "onnx", feature = "candle", feature = "libtorch")))]
fn hub() -> State {
    feature(false, "onnx", "")
}

#[cfg(feature = "onnx")]
fn onnx() -> State {
    use crate::model::onnx::library;
    match library::load() {
        Ok(library) => State::Works(
            format!(
                "ONNX Runtime {} {}: {}",
                library.version,
                library.source.words(),
                library.path.display()
            )
            .replace("  ", " "),
        ),
        Err(problems) => State::Lacks {
            what: problems
                .iter()
                .map(|problem| problem.message.as_str())
                .collect(),
            remedy: library::REMEDY.to_owned(),
        },
    }
}

#[cfg(not(feature = "onnx"))]
fn onnx() -> State {
    feature(false, "onnx", "")
}

#[cfg(feature = "libtorch")]
fn libtorch() -> State {
    use crate::model::libtorch::{FOLDER, VERSION};
    State::Works(format!(
        "transformers through libtorch {VERSION} in {FOLDER}"
    ))
}

#[cfg(not(feature = "libtorch"))]
fn libtorch() -> State {
    State::Lacks {
        what: "this program was built without libtorch".to_owned(),
        remedy: format!("{LIBTORCH} {}", with("libtorch")),
    }
}
