//! The pages of documentation that hold examples: they are run, and must do what they say.
//!
//! A fence that names a file is that file. In a `console` fence every line after `$ affect-audit` is a command, and
//! the lines after it must come out of it in this order.

use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::run::program;

const PAGES: [&str; 2] = ["behaviour.md", "croissant.md"];

pub fn trials() -> Vec<Trial> {
    PAGES
        .into_iter()
        .map(|page| Trial::test(format!("pages::{page}"), move || check(page)))
        .collect()
}

fn check(page: &str) -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(page);
    let text = fs::read_to_string(path)?;
    let folder = tempfile::tempdir()?;
    let mut commands = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else {
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some((_, file)) = fence.split_once(' ') {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().ok_or("no folder")?)?;
            fs::write(file, body.join("\n") + "\n")?;
        } else if fence == "console" {
            commands.extend(body);
        }
    }
    let mut said = String::new();
    let mut run = 0;
    for line in commands {
        if let Some(command) = line.strip_prefix("$ affect-audit ") {
            let words: Vec<&str> = command.split_whitespace().collect();
            let output = program(folder.path(), &words)?;
            // Audits say by their code how the model did; a page may show problems.
            if !matches!(output.status.code(), Some(0..=3)) {
                return Err(format!("{command}: {}", output.status).into());
            }
            said = String::from_utf8_lossy(&output.stdout).into_owned();
            said.push_str(&String::from_utf8_lossy(&output.stderr));
            if output.status.code() == Some(2) && !page_shows_problem(&text, &said) {
                return Err(format!("{command}:\n{said}").into());
            }
            run += 1;
        } else if !line.trim().is_empty() {
            let place = said
                .find(line.trim_end())
                .ok_or_else(|| format!("{line:?} does not come out, but\n{said}"))?;
            said = said[place + line.trim_end().len()..].to_owned();
        }
    }
    if run > 1 {
        Ok(())
    } else {
        Err("hardly any command was run".into())
    }
}

/// Whether a problem is one that the page shows on purpose.
fn page_shows_problem(page: &str, said: &str) -> bool {
    said.lines()
        .find(|line| line.starts_with("error["))
        .is_some_and(|line| page.contains(line))
}
