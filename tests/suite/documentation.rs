//! `docs/models.md` does what it says: its files are written, its commands run.
//!
//! Fences named `toml FILE` are files, `console` holds commands. The models they name are the tiny ones of
//! tests/transformers.

use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::run::program;
use crate::transformers::{has, here};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("documentation::models_page_as_written", models)
            .with_ignored_flag(!(has("onnx") && has("hf"))),
    ]
}

fn models() -> Result<(), Failed> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/models.md");
    let page = fs::read_to_string(page)?;
    let folder = tempfile::tempdir()?;
    for (name, model) in [("my-model", "bert"), ("my-roberta", "roberta")] {
        let copy = folder.path().join(name);
        fs::create_dir(&copy)?;
        for entry in fs::read_dir(here(model))? {
            let entry = entry?;
            fs::copy(entry.path(), copy.join(entry.file_name()))?;
        }
        let _ = fs::remove_file(copy.join("affect-audit.toml"));
    }
    let (mut commands, mut files) = (0, 0);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else {
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some(file) = fence.strip_prefix("toml ") {
            files += 1;
            fs::write(folder.path().join(file), body.join("\n") + "\n")?;
        }
        for line in body.iter().filter(|_| fence == "console") {
            let command = line.strip_prefix("$ affect-audit ").ok_or("no command")?;
            commands += 1;
            let words: Vec<&str> = command.split_whitespace().collect();
            let output = program(folder.path(), &words)?;
            // An audit says by its code how the model did.
            if !matches!(output.status.code(), Some(0 | 1 | 3)) {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(format!("{command}: {said}").into());
            }
        }
    }
    if commands < 5 || files < 2 {
        return Err(format!("{commands} commands and {files} files").into());
    }
    let answers = |file: &str| fs::read_to_string(folder.path().join(file));
    if !answers("polarity.csv")?.starts_with("id,label,abstained,error,score:negative")
        || !answers("moods.csv")?.contains("score:astonished")
    {
        return Err("the labels are not those of the files".into());
    }
    Ok(())
}
