//! `doctor` on a machine where nothing is installed, and where something is.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

pub fn trials() -> Vec<Trial> {
    // A library among those of the system would be found, and rightly so.
    let bare = cfg!(unix)
        && !cfg!(target_os = "macos")
        && !["/usr/lib", "/usr/local/lib", "/usr/lib64"]
            .iter()
            .any(|folder| Path::new(folder).join("libonnxruntime.so").exists());
    vec![
        Trial::test(
            "doctor::a_bare_machine_is_told_what_one_command_adds",
            nothing,
        )
        .with_ignored_flag(!bare),
        Trial::test("doctor::what_is_found_is_named", found),
        Trial::test("doctor::a_library_that_is_none_is_told", no_library)
            .with_ignored_flag(!cfg!(feature = "onnx")),
    ]
}

/// The lines of `doctor` with these variables and no others, by part: its state and whatever follows.
fn doctor(variables: &[(&str, &str)]) -> Result<String, Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_affect-audit"))
        .arg("doctor")
        .env_clear()
        .envs(variables.iter().copied())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    if output.status.code() != Some(0) || !output.stderr.is_empty() {
        return Err(format!("{text}{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    if text.lines().count() > 24 {
        return Err(format!("more than a screen:\n{text}").into());
    }
    Ok(text)
}

/// Whether each part has its state, and each part that lacks something its remedy in the next line.
fn expect(text: &str, states: &[(&str, &str)], remedies: &[&str]) -> Result<(), Failed> {
    for (part, state) in states {
        let line = text.lines().find(|line| line.starts_with(part));
        if line.and_then(|line| line.get(24..29)) != Some(state) {
            return Err(format!("{part} should be {state}:\n{text}").into());
        }
    }
    let lines: Vec<&str> = text.lines().collect();
    for pair in lines.windows(2) {
        let lacks = pair[0].get(24..29) == Some("lacks");
        if lacks && !pair[1].trim_start().starts_with("to add it: ") {
            return Err(format!("no way out of {}", pair[0]).into());
        }
    }
    for remedy in remedies {
        if !text.contains(remedy) {
            return Err(format!("{remedy} is not said:\n{text}").into());
        }
    }
    Ok(())
}

fn nothing() -> Result<(), Failed> {
    let text = doctor(&[("PATH", "/nowhere"), ("HOME", "/nowhere")])?;
    let built = |built: bool| if built { "works" } else { "lacks" };
    let states = [
        ("reference:NAME", "works"),
        ("predictions", "works"),
        ("Parquet", built(cfg!(feature = "polars"))),
        ("lexicon:vader", "lacks"),
        ("onnx:DIR", "lacks"),
        ("hf:DIR", built(cfg!(feature = "candle"))),
        ("libtorch:DIR", built(cfg!(feature = "libtorch"))),
    ];
    expect(&text, &states, &["pip install vaderSentiment"])?;
    let onnx = if cfg!(feature = "onnx") {
        "to add it: pip install onnxruntime\n"
    } else {
        "this program was built without onnx\n"
    };
    expect(&text, &[], &[onnx])
}

fn found() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let words = folder.path().display().to_string();
    std::fs::write(
        folder.path().join("vader_lexicon.txt"),
        "good\t1.9\t0.5\t[]\n",
    )?;
    let text = doctor(&[("PATH", "/nowhere"), ("AFFECT_AUDIT_VADER", &words)])?;
    expect(&text, &[("lexicon:vader", "works")], &[&words])?;
    // A folder without the words is no help, and must not pass for one.
    std::fs::remove_file(folder.path().join("vader_lexicon.txt"))?;
    let text = doctor(&[("PATH", "/nowhere"), ("AFFECT_AUDIT_VADER", &words)])?;
    expect(
        &text,
        &[("lexicon:vader", "lacks")],
        &["AFFECT_AUDIT_VADER"],
    )
}

fn no_library() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("libonnxruntime.so");
    std::fs::write(&path, "this is text")?;
    let path = path.display().to_string();
    let text = doctor(&[("PATH", "/nowhere"), ("ORT_DYLIB_PATH", &path)])?;
    expect(
        &text,
        &[("onnx:DIR", "lacks")],
        &["named by ORT_DYLIB_PATH"],
    )
}
