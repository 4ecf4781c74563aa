//! Scores that transformers gave before: a second run takes them, and nothing that happens to them in between changes
//! a score.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::said;
use crate::transformers::{ENGINES, has, here};

pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for engine in ENGINES {
        for (what, test) in [
            (
                "a_second_run_scores_nothing",
                second as fn(&str) -> Result<(), Failed>,
            ),
            ("a_changed_model_scores_all", changed),
            ("a_killed_run_goes_on", killed),
            ("damage_is_told_and_changes_no_score", damaged),
            ("runs_at_once_share", at_once),
            ("company_does_not_matter", company),
        ] {
            trials.push(
                Trial::test(format!("kept::{engine}_{what}"), move || test(engine))
                    .with_ignored_flag(!has(engine)),
            );
        }
    }
    trials.push(
        Trial::test(
            "kept::onnx_weights_in_8_bits_are_known_in_the_same_company",
            eight_bits,
        )
        .with_ignored_flag(!has("onnx")),
    );
    trials
}

/// A folder with a dataset, and folders of its own to keep things in.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Result<Place, Failed> {
        let place = Place(tempfile::tempdir()?);
        place.dataset("data", 0..400)?;
        Ok(place)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// A dataset of texts by their numbers, some longer than the tiny models read.
    fn dataset(&self, name: &str, texts: std::ops::Range<usize>) -> Result<(), Failed> {
        let folder = self.path().join(name);
        fs::create_dir_all(&folder)?;
        fs::write(
            folder.join("dataset.toml"),
            format!(
                "name = \"{name}\"\ntitle = \"t\"\nlicence = \"CC0\"\nlanguage = [\"en\"]\ncases = \"cases.csv\"\n[tasks.emotion]\ncolumn = \"emotion\"\nscheme = \"ekman\"\nsource = \"perceived\"\n"
            ),
        )?;
        let mut cases = "id,text,emotion\n".to_owned();
        for text in texts {
            let words = "what a day ".repeat(text * 7 % 40 + 1);
            let label = ["joy", "anger", "neutral"][text % 3];
            cases += &format!("{text},{words}{text},{label}\n");
        }
        Ok(fs::write(folder.join("cases.csv"), cases)?)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_affect-audit"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env("NO_COLOR", "1")
            .env("AFFECT_AUDIT_CACHE", self.path().join("cache"))
            .env("XDG_STATE_HOME", self.path().join("state"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The command that predicts the data to standard output.
    fn predicting(&self, spec: &str) -> Command {
        self.command(&[
            "predict",
            "-q",
            "-o",
            "-",
            "--model",
            spec,
            "--dataset",
            "data",
        ])
    }

    fn predict(&self, spec: &str, more: &[&str]) -> Result<Output, Failed> {
        let output = self.predicting(spec).args(more).output()?;
        if output.status.success() {
            Ok(output)
        } else {
            Err(said(&output).into())
        }
    }

    /// The files of scores.
    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path().join("cache/scores"));
        let files = entries.into_iter().flatten().flatten();
        files.map(|entry| entry.path()).collect()
    }

    fn only_file(&self) -> Result<PathBuf, Failed> {
        match &self.files()[..] {
            [file] => Ok(file.clone()),
            files => Err(format!("one file of scores was expected: {files:?}").into()),
        }
    }
}

fn spec(engine: &str) -> String {
    format!("{engine}:{}", here("bert").display())
}

fn same(what: &str, ours: &Output, theirs: &Output) -> Result<(), Failed> {
    if ours.stdout == theirs.stdout {
        Ok(())
    } else {
        Err(format!("{what}: answers differ").into())
    }
}

/// How many texts a run took from what was kept.
fn before(output: &Output) -> usize {
    said(output)
        .lines()
        .find_map(|line| {
            let line = line.strip_suffix(" texts scored before")?;
            line.split(' ').next()?.parse().ok()
        })
        .unwrap_or(0)
}

fn expect(what: &str, found: usize, expected: usize) -> Result<(), Failed> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: {found} texts scored before, {expected} expected").into())
    }
}

/// The same audit three times: without keeping anything, keeping, and with all kept. Records are the same but for `run`.
fn second(engine: &str) -> Result<(), Failed> {
    let place = Place::new()?;
    let mut records: Vec<Value> = Vec::new();
    for (more, known) in [(&["--no-cache"][..], 0), (&[], 0), (&[], 400)] {
        let spec = spec(engine);
        let mut all = vec!["audit", "-q", "--format", "json", "-o", "out"];
        all.extend(["--dataset", "data", "--model", &spec]);
        all.extend(more);
        let output = place.command(&all).output()?;
        expect("audit", before(&output), known)?;
        if place.files().is_empty() == more.is_empty() {
            return Err("files are kept where none shall be, or none are".into());
        }
        let text =
            fs::read_to_string(place.path().join("out/audit.json")).map_err(|_| said(&output))?;
        let mut record: Value = serde_json::from_str(&text)?;
        record.as_object_mut().map(|record| record.remove("run"));
        records.push(record);
    }
    if records[0] != records[1] || records[0] != records[2] {
        return Err("records differ".into());
    }
    let cut = &records[0]["evaluations"][0]["cut"];
    if cut.as_u64().is_none_or(|cut| cut == 0) {
        return Err(format!("some texts should count as cut: {cut}").into());
    }
    #[cfg(unix)]
    for file in [
        place.only_file()?,
        place.path().join("state/affect-audit/secret"),
    ] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(format!("{} can be read by others", file.display()).into());
        }
    }
    Ok(())
}

fn changed(engine: &str) -> Result<(), Failed> {
    let place = Place::new()?;
    let model = place.path().join("model");
    fs::create_dir(&model)?;
    for entry in fs::read_dir(here("bert"))? {
        let entry = entry?;
        fs::copy(entry.path(), model.join(entry.file_name()))?;
    }
    let spec = format!("{engine}:model");
    place.predict(&spec, &[])?;
    let again = place.predict(&spec, &[])?;
    expect("the same model", before(&again), 400)?;
    fs::write(model.join("affect-audit.toml"), "max_length = 9\n")?;
    let shorter = place.predict(&spec, &[])?;
    expect("a model that reads less", before(&shorter), 0)?;
    same(
        "a model that reads less",
        &shorter,
        &place.predict(&spec, &["--no-cache"])?,
    )?;
    // What a README says changes no score.
    fs::write(model.join("README.md"), "---\nlicense: mit\n---\n")?;
    let again = place.predict(&spec, &[])?;
    expect("another README", before(&again), 400)
}

/// Killed at ten moments between the first score and the last, then run to the end.
fn killed(engine: &str) -> Result<(), Failed> {
    let place = Place::new()?;
    place.dataset("data", 0..3000)?;
    let spec = spec(engine);
    let whole = place.predict(&spec, &["--no-cache"])?;
    let file = || place.files().first().cloned();
    let size = || {
        file()
            .and_then(|file| fs::metadata(file).ok())
            .map_or(0, |about| about.len())
    };
    let mut last = 0;
    let mut kills = 0;
    for round in 0..10_u64 {
        let mut child = place
            .predicting(&spec)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let patience = Instant::now();
        // Until a line more is kept, and a moment that is another each time.
        while size() <= last && child.try_wait()?.is_none() && patience.elapsed().as_secs() < 60 {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_micros(round * 700));
        kills += usize::from(child.try_wait()?.is_none());
        child.kill()?;
        child.wait()?;
        if size() < last {
            return Err("a run took away what was kept".into());
        }
        last = size();
    }
    if kills == 0 {
        return Err("every run ended before it was killed".into());
    }
    let resumed = place.predict(&spec, &[])?;
    if before(&resumed) == 0 {
        return Err("nothing of what was scored is known".into());
    }
    if said(&resumed).contains("cannot be trusted") {
        return Err("a kill left lines that cannot be trusted".into());
    }
    same("after ten kills", &resumed, &whole)?;
    expect("in the end", before(&place.predict(&spec, &[])?), 3000)
}

fn damaged(engine: &str) -> Result<(), Failed> {
    let place = Place::new()?;
    let spec = spec(engine);
    let whole = place.predict(&spec, &[])?;
    let file = place.only_file()?;
    let bytes = fs::read(&file)?;
    let mut in_line = bytes.clone();
    let at = bytes.len() - 12;
    in_line[at] ^= 1;
    let mut in_head = bytes.clone();
    in_head[3] ^= 1;
    let noise: Vec<u8> = (0..bytes.len()).map(|at| (at * 31 % 251) as u8).collect();
    for (what, content, known, words) in [
        ("a line", in_line, 399, "1 line of scores in"),
        ("the head", in_head, 0, "remove the file"),
        ("noise", noise, 0, "remove the file"),
        ("a torn end", bytes[..bytes.len() - 7].to_vec(), 399, ""),
        ("nothing", Vec::new(), 0, ""),
    ] {
        fs::write(&file, content)?;
        let output = place.predict(&spec, &[])?;
        same(what, &output, &whole)?;
        expect(what, before(&output), known)?;
        if !said(&output).contains(words) || (words.is_empty() && said(&output).contains("remove"))
        {
            return Err(format!("{what}: {}", said(&output)).into());
        }
    }
    // A folder that cannot be written stops nothing.
    fs::remove_dir_all(place.path().join("cache"))?;
    fs::write(place.path().join("cache"), "a file")?;
    let output = place.predict(&spec, &[])?;
    same("no folder", &output, &whole)?;
    if !said(&output).contains("scores are not kept in") {
        return Err(said(&output).into());
    }
    Ok(())
}

fn at_once(engine: &str) -> Result<(), Failed> {
    let place = Place::new()?;
    let spec = spec(engine);
    let runs: Vec<_> = (0..3)
        .map(|_| place.predicting(&spec).spawn())
        .collect::<Result<_, _>>()?;
    let whole = place.predict(&spec, &["--no-cache"])?;
    for run in runs {
        let output = run.wait_with_output()?;
        same("a run beside others", &output, &whole)?;
    }
    let after = place.predict(&spec, &[])?;
    same("after several", &after, &whole)?;
    expect("after several", before(&after), 400)
}

/// Texts that are scored with others than before get the scores that they get without what was kept, to the last digit.
fn company(engine: &str) -> Result<(), Failed> {
    let place = Place::new()?;
    let spec = spec(engine);
    place.dataset("data", 100..137)?;
    place.predict(&spec, &[])?;
    place.dataset("data", 90..400)?;
    let partly = place.predict(&spec, &[])?;
    same(
        "other texts",
        &partly,
        &place.predict(&spec, &["--no-cache"])?,
    )?;
    // Where the company matters, nothing of it is taken.
    let known = if engine == "onnx" { 37 } else { 0 };
    expect("other texts", before(&partly), known)?;
    let again = place.predict(&spec, &[])?;
    same("the same texts", &again, &partly)?;
    expect("the same texts", before(&again), 310)
}

/// Scores of weights in 8 bits depend on the texts of a batch, and are taken for the same data alone.
fn eight_bits() -> Result<(), Failed> {
    let place = Place::new()?;
    let spec = format!("onnx:{}", here("bert-int8").display());
    let first = place.predict(&spec, &[])?;
    let again = place.predict(&spec, &[])?;
    same("8 bits", &again, &first)?;
    expect("the same texts", before(&again), 400)?;
    place.dataset("data", 0..399)?;
    let fewer = place.predict(&spec, &[])?;
    same(
        "fewer texts",
        &fewer,
        &place.predict(&spec, &["--no-cache"])?,
    )?;
    expect("fewer texts", before(&fewer), 0)
}
