//! Command-line cases: every folder of tests/cases is one, run in a copy of it and compared with what it expects.
//!
//! `args` holds one command a line, in the order in which they run; `#` begins a comment. A line that begins with
//! `!` is a step of this harness: `!show FILE` prints a file, `!values RECORD MEASURE` the values of a measure,
//! `!same RECORD RECORD MEASURE` says whether two records hold the same, `!replace FILE OLD NEW` edits a file,
//! `!recipe NAME FILE` writes the example NAME of `docs/recipes.md` to a file, `!without FEATURE` says that builds with a
//! feature answer otherwise: there the case is ignored.
//! `expected` holds what came out, and the files that were written. `UPDATE_EXPECTED=1` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{measurements, program};

/// The features that `!without` may name, and whether this build has them.
const FEATURES: [(&str, bool); 1] = [("spss", cfg!(feature = "spss"))];

/// One trial for each folder, in the order of their names.
pub fn trials() -> Vec<Trial> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let mut trials = vec![Trial::test("cases::there_are_some", {
        let count = folders.len();
        move || {
            if count > 0 {
                Ok(())
            } else {
                Err("tests/cases holds no folder".into())
            }
        }
    })];
    let names: Vec<String> = folders
        .iter()
        .filter_map(|folder| Some(folder.file_name()?.to_string_lossy().into_owned()))
        .collect();
    trials.push(Trial::test(
        "cases::every_recipe_of_the_documents_is_run",
        move || examples_have_cases(&names),
    ));
    trials.extend(folders.into_iter().map(|folder| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let ignored = is_of_other_builds(&folder);
        Trial::test(format!("cases::{name}"), move || check(&folder)).with_ignored_flag(ignored)
    }));
    trials
}

/// Whether a case is about builds without a feature that this one has.
fn is_of_other_builds(case: &Path) -> bool {
    let args = fs::read_to_string(case.join("args")).unwrap_or_default();
    let mut named = args
        .lines()
        .filter_map(|line| line.strip_prefix("!without "));
    named.any(|feature| FEATURES.contains(&(feature, true)))
}

fn check(case: &Path) -> Result<(), Failed> {
    let copy = tempfile::tempdir()?;
    copy_folder(case, copy.path())?;
    let before = files(copy.path())?;
    let mut text = String::new();
    for line in fs::read_to_string(case.join("args"))?.lines() {
        if !line.trim().is_empty() && !line.starts_with('#') {
            step(copy.path(), line, &mut text)?;
        }
    }
    let after = files(copy.path())?;
    let written: Vec<&str> = after
        .iter()
        .filter(|(name, content)| before.get(*name) != Some(*content))
        .map(|(name, _)| name.as_str())
        .collect();
    let _ = writeln!(
        text,
        "written: {}",
        if written.is_empty() {
            "nothing".into()
        } else {
            written.join(", ")
        }
    );
    harmless(&text)?;
    let text = without_digests(&text);
    let expected = case.join("expected");
    if std::env::var_os("UPDATE_EXPECTED").is_some_and(|value| value == "1") {
        fs::write(expected, text)?;
        return Ok(());
    }
    compare(&fs::read_to_string(expected).unwrap_or_default(), &text)
}

/// A record's digest covers the features that the program was built with, so it differs between builds. When an audit
/// began differs between runs.
fn without_digests(text: &str) -> String {
    let after = |marker: &str, text: &str| {
        let mut parts = text.split(marker);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
            out.push_str(marker);
            if [8, 64].contains(&digits) {
                out.push_str("DIGEST");
                out.push_str(&part[digits..]);
            } else {
                out.push_str(part);
            }
        }
        out
    };
    [
        "accuracy only 1, digest ",
        "accuracy only 2, digest ",
        "| accuracy only 1 | `",
        "\"digest\": \"",
        "UTC. Record ",
        ", record ",
    ]
    .iter()
    .fold(without_dates(text), |text, marker| after(marker, &text))
}

fn without_dates(text: &str) -> String {
    let when = |text: String, (marker, end): (&str, &str)| {
        let mut parts = text.split(marker);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |out, part| {
            let rest = part.find(end).map_or(part, |end| &part[end..]);
            format!("{out}{}WHEN{rest}", marker.trim_end_matches('2'))
        })
    };
    [("the audit of 2", "Z\n"), (", run 2", " UTC")]
        .into_iter()
        .fold(text.to_owned(), when)
}

/// Runs one line and adds what came out.
fn step(folder: &Path, line: &str, text: &mut String) -> Result<(), Failed> {
    let words = words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let path = |name: &str| folder.join(name);
    match words.as_slice() {
        ["!without", feature] => {
            if !FEATURES.iter().any(|(known, _)| known == feature) {
                return Err(format!("no feature is called {feature}").into());
            }
        }
        ["!show", file] => {
            let content =
                fs::read_to_string(path(file)).unwrap_or_else(|error| format!("{error}\n"));
            let _ = write!(text, "{line}\n{content}\n");
        }
        ["!values", record, measure] => {
            let _ = write!(text, "{line}\n{}\n", values(&read(&path(record))?, measure));
        }
        ["!same", one, other, measure] => {
            let (one, other) = (
                values(&read(&path(one))?, measure),
                values(&read(&path(other))?, measure),
            );
            let same = one == other && !one.is_empty();
            let _ = write!(
                text,
                "{line}\n{}\n\n",
                if same { "the same" } else { "not the same" }
            );
        }
        ["!replace", file, old, new] => {
            let content = fs::read_to_string(path(file))?;
            if !content.contains(old) {
                return Err(format!("{file} does not hold {old}").into());
            }
            fs::write(path(file), content.replacen(old, new, 1))?;
            let _ = write!(text, "{line}\n\n");
        }
        ["!recipe", name, file] => {
            fs::write(path(file), example(name)?)?;
            let _ = write!(text, "{line}\n\n");
        }
        [first, ..] if first.starts_with('!') => return Err(format!("no such step: {line}").into()),
        words => {
            let output = program(folder, words)?;
            let code = match output.status.code() {
                // No input may bring the program down, so this can never be what is expected.
                None | Some(70 | 101) => {
                    let said = String::from_utf8_lossy(&output.stderr).into_owned();
                    return Err(format!("the program broke on: {line}\n{said}").into());
                }
                Some(code) => code,
            };
            let _ = writeln!(text, "$ affect-audit {line}\nexit {code}");
            for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
                if !bytes.is_empty() {
                    let _ = writeln!(
                        text,
                        "--- {name}\n{}",
                        uncoloured(&String::from_utf8_lossy(&bytes)).trim_end()
                    );
                }
            }
            text.push('\n');
        }
    }
    Ok(())
}

/// The examples of the page on recipes, with their names.
fn examples() -> Result<Vec<(String, String)>, Failed> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/recipes.md");
    let page = fs::read_to_string(page)?;
    let mut examples = Vec::new();
    for part in page.split("<!-- example: ").skip(1) {
        let (name, rest) = part
            .split_once(" -->\n```toml\n")
            .ok_or("an example without a block")?;
        let (recipe, _) = rest.split_once("\n```\n").ok_or("a block without an end")?;
        examples.push((name.to_owned(), format!("{recipe}\n")));
    }
    Ok(examples)
}

fn example(name: &str) -> Result<String, Failed> {
    let found = examples()?.into_iter().find(|(known, _)| known == name);
    Ok(found.ok_or_else(|| format!("no example {name}"))?.1)
}

/// Every example of the documents has a case of its name, so that none of them can rot.
fn examples_have_cases(cases: &[String]) -> Result<(), Failed> {
    let examples = examples()?;
    let missing: Vec<&str> = examples
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !cases.iter().any(|case| case == name))
        .collect();
    if missing.is_empty() && !examples.is_empty() {
        Ok(())
    } else {
        Err(format!("{} examples, without a case: {missing:?}", examples.len()).into())
    }
}

/// The values of a measure in a record, a line each.
fn values(record: &Value, measure: &str) -> String {
    let mut text = String::new();
    for measurement in measurements(record, &[("measure", measure)]) {
        let word = |key: &str| measurement[key].as_str().unwrap_or_default().to_owned();
        let mut about = vec![word("dataset"), word("label")];
        for (name, group) in measurement["slice"].as_object().into_iter().flatten() {
            about.push(format!("{name}={}", group.as_str().unwrap_or_default()));
        }
        about.push(
            measurement["comparison"]["kind"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        );
        about.retain(|word| !word.is_empty());
        let value = match &measurement["undefined"] {
            Value::Null => {
                let number = |value: &Value| {
                    value
                        .as_f64()
                        .map_or_else(|| "?".to_owned(), |value| format!("{value:.4}"))
                };
                let interval = &measurement["interval"];
                format!(
                    "{} ({} to {}, {})",
                    number(&measurement["estimate"]),
                    number(&interval["low"]),
                    number(&interval["high"]),
                    interval["method"].as_str().unwrap_or("?"),
                )
            }
            undefined => format!(
                "undefined, {}: {}",
                undefined["reason"].as_str().unwrap_or("?"),
                undefined["detail"].as_str().unwrap_or("?"),
            ),
        };
        let _ = writeln!(
            text,
            "{}: n {}, {value}",
            about.join(", "),
            measurement["n"]
        );
    }
    text
}

fn read(path: &Path) -> Result<Value, Failed> {
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// Text without the colours that the program itself writes.
fn uncoloured(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..start]);
        let after = &rest[start + 2..];
        let end = after.find(|c: char| !(c.is_ascii_digit() || c == ';'));
        rest = match end {
            Some(end) if after[end..].starts_with('m') => &after[end + 1..],
            // Something else than a colour stays, and is a fault.
            _ => {
                plain.push('\u{1b}');
                &rest[start + 1..]
            }
        };
    }
    plain + rest
}

/// Nothing that a terminal obeys may ever come out, whatever went in.
fn harmless(text: &str) -> Result<(), Failed> {
    let obeyed = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let lines: Vec<String> = text
        .lines()
        .filter(|line| line.contains(obeyed))
        .map(|line| format!("{line:?}"))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(format!(
        "a terminal would obey something in these lines:\n{}",
        lines.join("\n")
    )
    .into())
}

/// Shows the first line that differs, and all that came out.
fn compare(expected: &str, text: &str) -> Result<(), Failed> {
    if expected == text {
        return Ok(());
    }
    let (mut theirs, mut ours) = (expected.lines(), text.lines());
    let mut number = 0;
    loop {
        number += 1;
        let (wanted, got) = (theirs.next(), ours.next());
        if wanted != got || wanted.is_none() {
            return Err(format!(
                "line {number} differs\n  expected: {}\n  came out: {}\n(UPDATE_EXPECTED=1 writes it anew)\n\n{text}",
                wanted.unwrap_or("the end"),
                got.unwrap_or("the end"),
            )
            .into());
        }
    }
}

/// The words of a line; quotes hold several together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut started, mut quote) = (String::new(), false, None);
    for character in line.chars() {
        match character {
            mark if quote == Some(mark) => quote = None,
            mark @ ('"' | '\'') if quote.is_none() => (quote, started) = (Some(mark), true),
            ' ' if quote.is_none() => {
                if started {
                    words.push(std::mem::take(&mut word));
                }
                started = false;
            }
            other => {
                word.push(other);
                started = true;
            }
        }
    }
    if started {
        words.push(word);
    }
    words
}

/// Every file under a folder, by its name there, with its content.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failed> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
                files.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failed> {
    for (name, content) in files(from)? {
        if name == "args" || name == "expected" {
            continue;
        }
        let path = to.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)?;
    }
    Ok(())
}
