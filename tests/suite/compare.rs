//! `docs/compare.md` does what it says: its policy is written, its commands run and end as they say.

use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::run::program;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("compare::the_page_as_written", page)]
}

fn page() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/compare.md"))?;
    let folder = tempfile::tempdir()?;
    for file in [
        "data/dataset.toml",
        "data/cases.csv",
        "old/model.csv",
        "new/model.csv",
    ] {
        let copy = folder.path().join(file);
        fs::create_dir_all(copy.parent().ok_or("no folder")?)?;
        fs::copy(root.join("tests/cases/compare").join(file), copy)?;
    }
    let fences: Vec<(&str, &str)> = page
        .split("\n```")
        .skip(1)
        .step_by(2)
        .filter_map(|fence| fence.split_once('\n'))
        .collect();
    // The policy stands where it is explained, after the first commands that need it.
    for (kind, body) in &fences {
        if let Some(file) = kind.strip_prefix("toml ") {
            fs::write(folder.path().join(file), format!("```toml\n{body}\n```\n"))?;
        }
    }
    let mut commands = 0;
    for (kind, body) in fences {
        let Some(rest) = kind.strip_prefix("console") else {
            continue;
        };
        let command = body.strip_prefix("$ affect-audit ").ok_or("no command")?;
        let words: Vec<&str> = command.split_whitespace().collect();
        let output = program(folder.path(), &words)?;
        let code = output.status.code();

        let expected = match rest.strip_prefix(" exit ") {
            Some(code) => code.parse()?,
            None => 0,
        };
        if code != Some(expected) {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{command} ends with {code:?}, not {expected}: {said}").into());
        }
        commands += 1;
    }
    if commands == 8 {
        Ok(())
    } else {
        Err(format!("{commands} commands where the page has 8").into())
    }
}
