//! `lexicon:vader` is the word list that is installed or named, whatever lies in the folder where a command runs.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};

/// The trials; the one about Python is ignored where there is none.
pub fn trials() -> Vec<Trial> {
    let no_python = Command::new("python3").arg("--version").output().is_err();
    vec![
        Trial::test(
            "lexicon::a_folder_here_is_only_meant_by_its_path",
            by_its_path,
        ),
        Trial::test(
            "lexicon::python_takes_no_code_from_this_folder",
            no_code_from_here,
        )
        .with_ignored_flag(no_python),
    ]
}

/// A word list in VADER's format in which one word has this valence.
fn word_list(folder: &Path, valence: &str) -> Result<(), Failed> {
    fs::create_dir_all(folder)?;
    fs::write(
        folder.join("vader_lexicon.txt"),
        format!("plover\t{valence}\t0.5\t[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"),
    )?;
    Ok(())
}

fn dataset(folder: &Path) -> Result<(), Failed> {
    let data = folder.join("data");
    fs::create_dir_all(&data)?;
    fs::write(data.join("dataset.toml"), "name = \"one\"\n")?;
    fs::write(data.join("cases.csv"), "id,text\n1,a plover\n")?;
    Ok(())
}

fn predict(folder: &Path, model: &str, environment: &[(&str, &str)]) -> Result<Output, Failed> {
    Command::new(env!("CARGO_BIN_EXE_affect-audit"))
        .args(["predict", "--dataset", "data", "-o", "-", "--model", model])
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("AFFECT_AUDIT_VADER")
        .envs(environment.iter().copied())
        .output()
        .map_err(Failed::from)
}

fn by_its_path() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    dataset(folder)?;
    word_list(&folder.join("vader"), "-3.0")?;
    word_list(&folder.join("published"), "3.0")?;
    let named = [("AFFECT_AUDIT_VADER", "published")];
    for (model, label) in [
        ("lexicon:vader", "positive"),
        ("lexicon:./vader", "negative"),
    ] {
        let output = predict(folder, model, &named)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !text.contains(&format!("\n1,{label},")) {
            return Err(format!(
                "{model} is not {label}: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            )
            .into());
        }
    }
    Ok(())
}

/// Modules that Python would import from the current folder or PYTHONPATH, and a package of the name looked for.
fn no_code_from_here() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    dataset(folder)?;
    word_list(&folder.join("vaderSentiment"), "-3.0")?;
    fs::write(folder.join("vaderSentiment/__init__.py"), "")?;
    for module in [
        "site.py",
        "sitecustomize.py",
        "importlib.py",
        "abc.py",
        "os.py",
    ] {
        fs::write(folder.join(module), "open('ran', 'w').close()\n")?;
    }
    let output = predict(folder, "lexicon:vader", &[("PYTHONPATH", ".")])?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if folder.join("ran").exists() {
        return Err("Python ran code of the current folder".into());
    }
    if text.contains("\n1,negative,") {
        return Err("the words of the current folder were taken".into());
    }
    Ok(())
}
