//! Cases that a model did not answer, or could not: they are counted, by group too, and nothing passes without them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::audit;

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("unanswered::a_group_is_seen", group),
        Trial::test("unanswered::labels_that_a_model_lacks_count", lacking),
        Trial::test("unanswered::a_dataset_is_a_finding", dataset),
        Trial::test("unanswered::groups_that_are_blank_are_a_finding", blank),
        Trial::test("unanswered::a_warning_blocks_where_it_says_so", warning),
        Trial::test("unanswered::what_a_baseline_held_is_asked_for", left_out),
    ]
}

const LABELS: [&str; 3] = ["negative", "neutral", "positive"];

/// A dataset of 300 cases of sentiment, in three countries; `sex` is declared and as given.
fn data(folder: &Path, name: &str, sex: &str) -> Result<(), Failed> {
    let folder = folder.join(name);
    fs::create_dir(&folder)?;
    let attribute =
        |name: &str| format!("[attributes.{name}]\nabout = \"author\"\nkind = \"demographic\"\n");
    let mut card = format!(
        "name = \"{name}\"\n[tasks.sentiment]\nscheme = \"three-way\"\nsource = \"perceived\"\n{}",
        attribute("country")
    );
    if !sex.is_empty() {
        card += &attribute("sex");
    }
    let column = |content: &str| match sex {
        "" => String::new(),
        _ => format!(",{content}"),
    };
    let mut cases = format!("id,text,sentiment,country{}\n", column("sex"));
    for case in 0..300 {
        let (label, country) = (LABELS[case % 3], ["br", "de", "jp"][case / 100]);
        let sex = column(if sex == "blank" { "" } else { sex });
        let _ = writeln!(
            cases,
            "{name}{case},words of {name} {case},{label},{country}{sex}"
        );
    }
    fs::write(folder.join("dataset.toml"), card)?;
    Ok(fs::write(folder.join("cases.csv"), cases)?)
}

/// Right answers to the cases of a dataset that are wanted.
fn answers(folder: &Path, name: &str, wanted: impl Fn(usize) -> bool) -> Result<(), Failed> {
    let mut text = "id,label\n".to_owned();
    for case in (0..300).filter(|case| wanted(*case)) {
        let _ = writeln!(text, "{name}{case},{}", LABELS[case % 3]);
    }
    Ok(fs::write(folder.join("m.csv"), text)?)
}

fn policy(folder: &Path, gates: &str) -> Result<(), Failed> {
    let text = format!("[policy]\nname = \"p\"\nversion = \"1\"\n{gates}");
    Ok(fs::write(folder.join("policy.toml"), text)?)
}

/// The outcomes of findings by their ids.
fn outcome<'a>(record: &'a Value, id: &str) -> &'a str {
    let mut findings = record["findings"].as_array().into_iter().flatten();
    let found = findings.find(|finding| finding["id"] == id);
    found
        .and_then(|finding| finding["outcome"].as_str())
        .unwrap_or("none")
}

fn expect(code: i32, record: &Value, expected: (i32, &str, &str)) -> Result<(), Failed> {
    let seen = (code, outcome(record, expected.1), expected.2);
    if seen == (expected.0, expected.2, expected.2) {
        return Ok(());
    }
    Err(format!("{code} and {:?}: {}", seen.1, record["findings"]).into())
}

const SKILL: &str = "[[gate]]\nid = \"s\"\nmeasure = \"skill\"\nby = \"overall\"\nmin = 0.4\n";
const EVEN: &str = "[[gate]]\nid = \"e\"\nmeasure = \"skill\"\nby = \"group\"\nof = \"difference\"\nwithin = 0.2\nattribute_kind = [\"demographic\"]\n";
const COVERED: &str = "[[gate]]\nid = \"c\"\nmeasure = \"coverage\"\nby = \"overall\"\nmin = 0.9\n";
const EVENLY: &str = "[[gate]]\nid = \"k\"\nmeasure = \"coverage\"\nby = \"group\"\nof = \"difference\"\nwithin = 0.1\n";
const RUN: [&str; 8] = [
    "--dataset",
    "d",
    "--predictions",
    "m.csv",
    "--policy",
    "policy.toml",
    "--replicates",
    "100",
];

/// Seventy of a hundred Japanese cases are unanswered, and all others answered.
fn group() -> Result<(), Failed> {
    for (answered, expected) in [(30, (1, "fail")), (0, (1, "fail")), (100, (0, "pass"))] {
        let folder = tempfile::tempdir()?;
        let folder = folder.path();
        data(folder, "d", "")?;
        answers(folder, "d", |case| case < 200 + answered)?;
        policy(folder, &(SKILL.to_owned() + EVENLY))?;
        let (code, record) = audit(folder, &RUN)?;
        expect(
            code,
            &record,
            (expected.0, "k/m/d/sentiment/country=jp", expected.1),
        )?;
    }
    Ok(())
}

/// A model without the label of a third of the cases is right on what it can be right on, and covers two thirds.
fn lacking() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    data(folder, "d", "")?;
    for (file, from, to) in [
        ("dataset.toml", "three-way", "support-desk"),
        ("cases.csv", ",positive,", ",urgent,"),
    ] {
        let path = folder.join("d").join(file);
        fs::write(&path, fs::read_to_string(&path)?.replace(from, to))?;
    }
    let mut text = "id,score:negative,score:neutral,score:positive\n".to_owned();
    for case in 0..300 {
        let scores = ["0.8,0.1,0.1", "0.1,0.8,0.1", "0.1,0.1,0.8"][case % 3];
        let _ = writeln!(text, "d{case},{scores}");
    }
    fs::write(folder.join("m.csv"), text)?;
    policy(folder, &(SKILL.to_owned() + COVERED))?;
    let (code, record) = audit(folder, &RUN)?;
    expect(code, &record, (1, "c/m/d/sentiment", "fail"))?;
    expect(code, &record, (1, "s/m/d/sentiment", "pass"))?;
    let of = |key: &str| record["evaluations"][0][key].as_u64();
    if (of("judged"), of("outside_model")) != (Some(200), Some(100)) {
        return Err(record["evaluations"][0].to_string().into());
    }
    let measured = record["measurements"].as_array().into_iter().flatten();
    let mut coverage = measured.filter(|one| one["measure"] == "coverage");
    let whole = coverage.next().unwrap_or(&Value::Null);
    // Wilson's interval for 200 of 300, from statsmodels.
    let estimate = whole["estimate"].as_f64().unwrap_or(f64::NAN);
    let low = whole["interval"]["low"].as_f64().unwrap_or(f64::NAN);
    if (estimate - 2.0 / 3.0).abs() > 1e-9 || (low - 0.611_512_456_884).abs() > 1e-9 {
        return Err(whole.to_string().into());
    }
    Ok(())
}

fn dataset() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    data(folder, "d", "")?;
    data(folder, "other", "")?;
    answers(folder, "d", |_| true)?;
    policy(folder, SKILL)?;
    let (code, record) = audit(folder, &RUN)?;
    expect(code, &record, (0, "s/m/d/sentiment", "pass"))?;
    let (code, record) = audit(folder, &[&RUN[..], &["--dataset", "other"]].concat())?;
    expect(code, &record, (3, "policy/other", "unmeasured"))
}

fn blank() -> Result<(), Failed> {
    for (sex, expected) in [("blank", (3, "unmeasured")), ("", (0, "none"))] {
        let folder = tempfile::tempdir()?;
        let folder = folder.path();
        data(folder, "d", sex)?;
        answers(folder, "d", |_| true)?;
        policy(folder, EVEN)?;
        let (code, record) = audit(folder, &RUN)?;
        expect(code, &record, (expected.0, "e/m/d/sex", expected.1))?;
    }
    Ok(())
}

fn warning() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    data(folder, "d", "")?;
    answers(folder, "d", |_| true)?;
    let hard = "[[gate]]\nid = \"h\"\nmeasure = \"skill\"\nby = \"overall\"\nmin = 0.995\nseverity = \"warning\"\n";
    for (more, code) in [
        ("", 0),
        ("insufficient = \"allow\"\n", 0),
        ("insufficient = \"block\"\n", 3),
    ] {
        policy(folder, &format!("{SKILL}{hard}{more}"))?;
        let (seen, record) = audit(folder, &RUN)?;
        expect(seen, &record, (code, "h/m/d/sentiment", "insufficient"))?;
    }
    Ok(())
}

/// Leaving out a dataset that the release before was audited on is no way to get no worse.
fn left_out() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    data(folder, "d", "")?;
    data(folder, "other", "")?;
    let gate = "[[gate]]\nid = \"n\"\nmeasure = \"accuracy\"\nby = \"overall\"\nof = \"change\"\nmin = -0.5\n";
    policy(folder, &(SKILL.replace("0.4", "0.0") + gate))?;
    let both = [
        "--model",
        "reference:sentiment",
        "--dataset",
        "d",
        "--dataset",
        "other",
        "--policy",
        "policy.toml",
        "--replicates",
        "100",
    ];
    audit(folder, &both)?;
    fs::rename(folder.join("out"), folder.join("before"))?;
    let baseline = ["--baseline", "before/audit.json"];
    let one: Vec<&str> = [&both[..4], &both[6..], &baseline].concat();
    let (code, record) = audit(folder, &one)?;
    expect(
        code,
        &record,
        (3, "n/reference:sentiment/other/sentiment", "unmeasured"),
    )?;
    let (_, record) = audit(folder, &[&both[..], &baseline].concat())?;
    expect(
        0,
        &record,
        (0, "n/reference:sentiment/other/sentiment", "pass"),
    )
}
