//! Models that are programs: `tests/programs/model.py`, which answers as it should and as it should not.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};

use crate::run::{labels, program, said};

pub fn trials() -> Vec<Trial> {
    let python = Command::new("python3")
        .args(["-c", ""])
        .output()
        .is_ok_and(|output| output.status.success());
    let trial = |name, test: fn() -> Result<(), Failed>| {
        Trial::test(format!("programs::{name}"), test).with_ignored_flag(!python)
    };
    vec![
        trial("answers_are_matched_whatever_the_program_does", matched),
        trial("a_program_that_breaks_is_started_again", again),
        trial(
            "a_program_that_gets_on_is_started_as_often_as_it_takes",
            poisoned,
        ),
        trial("what_a_program_started_ends_with_it", orphaned),
        trial("a_program_that_never_answers_is_told_of", told),
        trial("mistakes_in_the_file_are_told_together", mistakes),
        trial("answers_are_kept_where_the_file_says_so", kept),
        trial("more_texts_than_pipes_hold_pass_through", many),
        trial("no_more_texts_are_handed_over_than_may_be_paid", capped),
        trial("a_program_that_does_not_read_is_told_of", sane),
    ]
}

const FILE: &str =
    "timeout = 5\nsanity = false\ncanaries = false\nscheme = { name = \"three-way\" }\n";

/// Lays a dataset and the program in a folder.
fn lay(folder: &Path, how: &str, more: &str) -> Result<(), Failed> {
    fs::create_dir_all(folder.join("d"))?;
    fs::write(folder.join("d/dataset.toml"), "name = \"few\"\n")?;
    fs::write(
        folder.join("d/cases.csv"),
        "id,text\na,This is positive.\nb,This is odd.\nc,This is negative.\nd,It stays neutral.\n",
    )?;
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/model.py");
    fs::copy(model, folder.join("model.py"))?;
    let command = format!("command = [\"python3\", \"model.py\", \"{how}\"]\n");
    fs::write(folder.join("m.toml"), command + more + FILE)?;
    Ok(())
}

const PREDICT: [&str; 7] = [
    "predict",
    "--model",
    "process:m.toml",
    "--dataset",
    "d",
    "-o",
    "-",
];

fn predict(folder: &Path) -> Result<Output, Failed> {
    program(folder, &PREDICT)
}

fn matched() -> Result<(), Failed> {
    let whole = "positive neutral negative neutral";
    let failed = "positive ! negative neutral";
    for (how, expected, note) in [
        ("plain", whole, ""),
        ("numbers", whole, ""),
        ("reordered", whole, ""),
        ("noise", whole, ""),
        ("binary", whole, ""),
        ("same", whole, ""),
        ("once", whole, ""),
        ("scores", whole, ""),
        ("abstained", "positive - negative neutral", ""),
        (
            "early",
            "positive ! ! !",
            "3 times the program ended without an answer to it",
        ),
        (
            "missing",
            failed,
            "1 times the program ended without an answer to it",
        ),
        ("crash", failed, "the program broke"),
        ("hang", failed, "the program was silent for 5 seconds"),
        ("wrong", failed, "the label \"joy\" is not known"),
        ("several", failed, "2 labels where one was asked for"),
        ("malformed", failed, "lines that answer nothing"),
        ("nameless", failed, "lines that answer nothing"),
        ("stranger", failed, "lines that answer nothing"),
        ("different", failed, "two different answers"),
        ("error", failed, "the program told of an error"),
        ("beyond", failed, "a score outside 0 to 1"),
    ] {
        let folder = tempfile::tempdir()?;
        lay(folder.path(), how, "")?;
        let output = predict(folder.path())?;
        let said = said(&output);
        if output.status.code() != Some(0) || labels(&output) != expected || !said.contains(note) {
            return Err(format!(
                "{how}: {} where {expected} is right; {said}",
                labels(&output)
            )
            .into());
        }
        if said.contains("count as failed") == note.is_empty() {
            return Err(format!("{how}: {said}").into());
        }
        // Nobody's words, and nothing of what the program writes to standard error.
        if said.contains("This is") || said.contains("of no use") {
            return Err(format!("{how} leaks: {said}").into());
        }
    }
    Ok(())
}

fn again() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    lay(folder.path(), "once", "restarts = 0\n")?;
    let output = predict(folder.path())?;
    if labels(&output) != "positive ! ! !" {
        return Err(labels(&output).into());
    }
    Ok(())
}

/// Texts at which it breaks, one by one and three in a row, keep no other from being answered.
fn poisoned() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    lay(folder.path(), "crash", "")?;
    let words = "neutral odd neutral odd positive odd negative odd odd odd positive odd neutral";
    let cases: Vec<String> = words
        .split(' ')
        .enumerate()
        .map(|(case, word)| format!("{case},Text {case} is {word}."))
        .collect();
    fs::write(
        folder.path().join("d/cases.csv"),
        format!("id,text\n{}\n", cases.join("\n")),
    )?;
    let output = predict(folder.path())?;
    let expected = words.replace("odd", "!");
    if labels(&output) != expected || !said(&output).contains("7 times the program broke") {
        return Err(format!("{} {}", labels(&output), said(&output)).into());
    }
    Ok(())
}

/// A process that it left behind when it was stopped is stopped too.
fn orphaned() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    lay(folder.path(), "orphan", "restarts = 0\n")?;
    let file = fs::read_to_string(folder.path().join("m.toml"))?;
    fs::write(
        folder.path().join("m.toml"),
        file.replace("timeout = 5", "timeout = 3"),
    )?;
    let output = predict(folder.path())?;
    if labels(&output) != "positive ! ! !" {
        return Err(said(&output).into());
    }
    let process = fs::read_to_string(folder.path().join("orphan"))?;
    for _ in 0..50 {
        let state = Command::new("ps")
            .args(["-o", "stat=", "-p", &process])
            .output()?;
        let state = String::from_utf8_lossy(&state.stdout).trim().to_owned();
        if state.is_empty() || state.starts_with('Z') {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err("it is still there".into())
}

fn told() -> Result<(), Failed> {
    for (how, expected) in [
        ("start", "there is no such word list"),
        ("silent", "silent for 5 seconds"),
    ] {
        let folder = tempfile::tempdir()?;
        lay(folder.path(), how, "")?;
        let started = Instant::now();
        let output = predict(folder.path())?;
        let said = said(&output);
        if output.status.code() != Some(2)
            || !said.contains("error[model/no-answer]")
            || !said.contains(expected)
            || !output.stdout.is_empty()
            || started.elapsed() > Duration::from_secs(30)
        {
            return Err(format!("{how}: {said}").into());
        }
    }
    let folder = tempfile::tempdir()?;
    lay(folder.path(), "plain", "")?;
    let file = format!("command = [\"no-such-program-anywhere\"]\n{FILE}");
    fs::write(folder.path().join("m.toml"), file)?;
    let output = predict(folder.path())?;
    let said = said(&output);
    if output.status.code() != Some(2) || !said.contains("error[model/no-program]") {
        return Err(said.into());
    }
    Ok(())
}

fn mistakes() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    lay(folder.path(), "plain", "")?;
    fs::write(
        folder.path().join("m.toml"),
        "comand = [\"x\"]\ntimeout = -1\nscheme = { name = \"three-way\" }\n[labels]\nPOS = \"postive\"\n",
    )?;
    let output = predict(folder.path())?;
    let text = said(&output);
    for expected in [
        "error[model/no-command]",
        "error[toml/unknown-key]",
        "did you mean command?",
        "m.toml:2:11",
        "did you mean positive?",
        "4 problems",
    ] {
        if output.status.code() != Some(2) || !text.contains(expected) {
            return Err(format!("{expected} is not in: {text}").into());
        }
    }
    fs::write(folder.path().join("m.toml"), "command = [\"x\"]\n")?;
    let text = said(&predict(folder.path())?);
    if !text.contains("the key scheme is missing") {
        return Err(text.into());
    }
    Ok(())
}

fn kept() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    lay(folder.path(), "crash", "cache = true\n")?;
    let cache = folder.path().join("kept");
    let run = |odd: &str| {
        Command::new(env!("CARGO_BIN_EXE_affect-audit"))
            .args(PREDICT)
            .current_dir(folder.path())
            .env("AFFECT_AUDIT_CACHE", &cache)
            .env("NOTHING_IS_ODD", odd)
            .output()
    };
    let first = run("")?;
    if labels(&first) != "positive ! negative neutral" || said(&first).contains("from before") {
        return Err(said(&first).into());
    }
    // What failed is asked again, the rest is known.
    let second = run("1")?;
    if labels(&second) != "positive neutral negative neutral"
        || !said(&second).contains("3 answers of 4 were kept from before")
    {
        return Err(said(&second).into());
    }
    let journals: Vec<_> = fs::read_dir(cache.join("answers"))?.collect::<Result<_, _>>()?;
    let [journal] = journals.as_slice() else {
        return Err(format!("{} journals", journals.len()).into());
    };
    let text = fs::read_to_string(journal.path())?;
    // The first sentence and four texts, one of which failed at first.
    if text.matches("labels").count() != 5 || text.matches("failed").count() != 1 {
        return Err(text.into());
    }
    if text.contains("This is") {
        return Err(text.into());
    }
    // Another program is another model.
    fs::write(folder.path().join("model.py"), "raise SystemExit(1)\n")?;
    if run("1")?.status.code() != Some(2) {
        return Err("a changed program was not asked".into());
    }
    Ok(())
}

fn many() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for how in ["plain", "reordered"] {
        lay(folder.path(), how, "")?;
        let words = ["positive", "negative", "neutral"];
        let filler = "word ".repeat(100);
        let mut cases = "id,text\n".to_owned();
        for case in 0..5000 {
            cases.push_str(&format!("{case},{case} {filler}{}\n", words[case % 3]));
        }
        fs::write(folder.path().join("d/cases.csv"), cases)?;
        let output = predict(folder.path())?;
        let right: Vec<&str> = (0..5000).map(|case| words[case % 3]).collect();
        if labels(&output) != right.join(" ") {
            return Err(format!("{how}: {}", said(&output)).into());
        }
    }
    Ok(())
}

fn capped() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    lay(
        folder.path(),
        "plain",
        "cache = true\nmax_requests = 3\nprice_per_request = 0.01\n",
    )?;
    let run = || {
        Command::new(env!("CARGO_BIN_EXE_affect-audit"))
            .args(["predict", "--model", "process:m.toml", "--dataset", "d"])
            .args(["-o", "-"])
            .current_dir(folder.path())
            .env("AFFECT_AUDIT_CACHE", folder.path().join("kept"))
            .output()
    };
    let first = run()?;
    // The first sentence and two texts.
    let told = "would pass max_requests = 3: 3 requests made (0.03), 3 answers are kept in";
    if first.status.code() != Some(2) || !said(&first).contains(told) || !first.stdout.is_empty() {
        return Err(said(&first).into());
    }
    let file = fs::read_to_string(folder.path().join("m.toml"))?;
    let raised = file.replace("max_requests = 3", "max_requests = 5");
    fs::write(folder.path().join("m.toml"), raised)?;
    let second = run()?;
    if labels(&second) != "positive neutral negative neutral" {
        return Err(said(&second).into());
    }
    Ok(())
}

fn sane() -> Result<(), Failed> {
    // It labels by the last word of a text, and knows none of those of the sentences.
    let folder = tempfile::tempdir()?;
    lay(folder.path(), "plain", "")?;
    let path = folder.path().join("m.toml");
    let file = fs::read_to_string(&path)?;
    fs::write(&path, file.replace("sanity = false\n", ""))?;
    let output = predict(folder.path())?;
    let said = said(&output);
    if output.status.code() != Some(2)
        || !(said.contains("error[model/sanity]: ") && said.contains("before any text was sent"))
    {
        return Err(said.into());
    }
    Ok(())
}
