//! What a policy asks for and an audit does not hold is a finding and keeps the exit code from 0: gates that judge
//! nothing of a model, sets of natural cases without groups, labels and attributes that no data holds.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use affect_audit::policy::bundled::BUNDLED;
use affect_audit::policy::scope::CONTEXTS;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, program};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("missing_evidence::is_a_finding_of_its_own", table),
        Trial::test("missing_evidence::no_pack_passes_guesses", guesses),
        Trial::test("missing_evidence::packs_take_their_context", contexts),
        Trial::test("missing_evidence::is_never_waived", waived),
    ]
}

const EMOTIONS: [&str; 4] = ["joy", "anger", "fear", "sadness"];
const POLARITIES: [&str; 3] = ["negative", "neutral", "positive"];

/// A dataset of 300 cases, a third of them in each of the groups that an attribute has, where there is one.
fn dataset(
    folder: &Path,
    name: &str,
    task: &str,
    labels: &[&str],
    attribute: Option<&str>,
    source: &str,
) -> Result<(), Failed> {
    let folder = folder.join(name);
    fs::create_dir(&folder)?;
    let scheme = match task {
        "sentiment" => "three-way",
        _ => "ekman",
    };
    let mut card = format!(
        "name = \"{name}\"\n[tasks.{task}]\nscheme = \"{scheme}\"\nsource = \"{source}\"\n"
    );
    let mut cases = format!("id,text,{task}");
    if let Some(attribute) = attribute {
        let _ = write!(
            card,
            "[attributes.{attribute}]\nabout = \"author\"\nkind = \"demographic\"\n"
        );
        let _ = write!(cases, ",{attribute}");
    }
    cases.push('\n');
    for case in 0..300 {
        let label = labels[case % labels.len()];
        let _ = write!(cases, "{case},words of {name} {case},{label}");
        if attribute.is_some() {
            let _ = write!(cases, ",group-{}", case / 100);
        }
        cases.push('\n');
    }
    fs::write(folder.join("dataset.toml"), card)?;
    Ok(fs::write(folder.join("cases.csv"), cases)?)
}

/// Answers to the cases of every dataset with these labels: all right, or one and the same.
fn answers(path: &Path, labels: &[&str], are_right: bool) -> Result<(), Failed> {
    let mut text = "id,label\n".to_owned();
    for case in 0..300 {
        let label = if are_right { case % labels.len() } else { 0 };
        let _ = writeln!(text, "{case},{}", labels[label]);
    }
    Ok(fs::write(path, text)?)
}

/// One set with groups by sex, one by age, one without groups, one of templates; a model that is right on all.
fn prepare(folder: &Path) -> Result<(), Failed> {
    dataset(folder, "a", "emotion", &EMOTIONS, Some("sex"), "perceived")?;
    dataset(folder, "b", "emotion", &EMOTIONS, None, "perceived")?;
    dataset(folder, "c", "emotion", &EMOTIONS, Some("age"), "felt")?;
    dataset(folder, "t", "emotion", &EMOTIONS, None, "template")?;
    answers(&folder.join("m.csv"), &EMOTIONS, true)
}

fn policy(gates: &str) -> String {
    format!("[policy]\nname = \"p\"\nversion = \"1\"\n{gates}")
}

fn gate(id: &str, rest: &str) -> String {
    format!("[[gate]]\nid = \"{id}\"\n{rest}\n")
}

/// What is asked: a name, the gates, the datasets, the exit code and the findings without evidence.
type Row<'a> = (&'a str, String, &'a [&'a str], i32, &'a [&'a str]);

/// The ids of unmeasured findings.
fn unmeasured(record: &Value) -> Vec<&str> {
    let findings = record["findings"].as_array().into_iter().flatten();
    let mut ids: Vec<&str> = findings
        .filter(|finding| finding["outcome"] == "unmeasured")
        .filter_map(|finding| finding["id"].as_str())
        .collect();
    ids.sort_unstable();
    ids
}

fn table() -> Result<(), Failed> {
    let skill = gate("s", "measure = \"skill\"\nby = \"overall\"\nmin = 0.4");
    let coverage = gate("k", "measure = \"coverage\"\nby = \"overall\"\nmin = 0.9");
    let even = "measure = \"skill\"\nby = \"group\"\nof = \"difference\"\nwithin = 0.2";
    let groups = gate("g", even);
    let sexes = gate("g", &format!("{even}\nattributes = [\"sex\"]"));
    let named = gate(
        "g",
        &format!("{even}\nattributes = [\"sex\", \"ethnicity\"]"),
    );
    let either = gate("g", &format!("{even}\nattributes = [\"sex\", \"age\"]"));
    let optional = gate("g", &format!("{even}\nrequired = false"));
    let felt = gate("g", &format!("{even}\nlabel_source = [\"felt\"]"));
    let labels = |names: &str| {
        gate(
            "l",
            &format!("measure = \"skill\"\nby = \"label\"\nmin = 0.4\nlabels = [{names}]"),
        )
    };
    let flips = gate("f", "measure = \"flip-rate\"\nby = \"group\"\nmax = 0.1");
    let people = gate(
        "h",
        "measure = \"human-alpha\"\nby = \"overall\"\nmin = 0.4",
    );
    let sentiment = gate(
        "s",
        "measure = \"skill\"\ntask = \"sentiment\"\nby = \"overall\"\nmin = 0.4",
    );
    let perhaps = gate(
        "r",
        "measure = \"skill\"\nby = \"overall\"\nof = \"change\"\nmin = -0.1\nrequired = false",
    );
    let rows: [Row<'_>; 19] = [
        ("skill is there", skill.clone(), &["a"], 0, &[]),
        ("groups are there", groups.clone(), &["a"], 0, &[]),
        ("no groups", groups.clone(), &["b"], 3, &["g/m"]),
        (
            "no groups on one set",
            groups.clone(),
            &["a", "b"],
            3,
            &["g/m/b"],
        ),
        (
            "the same the other way",
            groups.clone(),
            &["b", "a"],
            3,
            &["g/m/b"],
        ),
        (
            "groups of several kinds",
            groups.clone(),
            &["a", "c"],
            0,
            &[],
        ),
        (
            "templates need no groups",
            groups.clone(),
            &["a", "t"],
            0,
            &[],
        ),
        (
            "another attribute on one set",
            sexes,
            &["a", "c"],
            3,
            &["g/m/c"],
        ),
        ("allowed to be absent", optional, &["a", "b"], 0, &["g/m/b"]),
        ("of another source", felt, &["b", "c"], 0, &[]),
        (
            "no such attribute",
            named,
            &["a"],
            3,
            &["g/m/attributes=ethnicity"],
        ),
        ("each attribute somewhere", either, &["a", "c"], 0, &[]),
        (
            "no such label",
            labels("\"joy\", \"contempt\""),
            &["a", "c"],
            3,
            &["l/m/labels=contempt"],
        ),
        (
            "labels are there",
            labels("\"Joy\", \"anger\""),
            &["a"],
            0,
            &[],
        ),
        (
            "swaps are asked for once",
            skill.clone() + &flips,
            &["a", "b"],
            3,
            &["f/m"],
        ),
        (
            "people are no model's",
            skill + &people,
            &["a", "b"],
            3,
            &["h"],
        ),
        (
            "nothing but coverage",
            coverage.clone(),
            &["a"],
            3,
            &["policy/m/emotion"],
        ),
        (
            "another task",
            coverage + &sentiment,
            &["a"],
            3,
            &["policy/m/emotion"],
        ),
        (
            "only what may be absent",
            perhaps,
            &["a"],
            3,
            &["policy/m/emotion", "r/m"],
        ),
    ];
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    prepare(folder)?;
    for (name, gates, datasets, expected, ids) in rows {
        fs::write(folder.join("p.toml"), policy(&gates))?;
        let mut words = vec![
            "--replicates",
            "100",
            "--predictions",
            "m.csv",
            "--policy",
            "p.toml",
        ];
        words.extend(datasets.iter().flat_map(|dataset| ["--dataset", dataset]));
        let (code, record) = audit(folder, &words)?;
        let again = program(folder, &["gate", "out/audit.json"])?;
        let found = unmeasured(&record);
        if code != expected || found != ids || again.status.code() != Some(expected) {
            return Err(format!("{name}: {code}, {found:?}, {:?}", again.status.code()).into());
        }
    }
    Ok(())
}

/// A model that always says the same passes no pack on any task, in any context that is not refused.
fn guesses() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    dataset(folder, "e", "emotion", &EMOTIONS, Some("sex"), "perceived")?;
    dataset(
        folder,
        "s",
        "sentiment",
        &POLARITIES,
        Some("sex"),
        "perceived",
    )?;
    answers(&folder.join("e.csv"), &EMOTIONS, false)?;
    answers(&folder.join("s.csv"), &POLARITIES, false)?;
    let mut refused = 0;
    for pack in &BUNDLED {
        for (context, _) in CONTEXTS {
            for data in ["e", "s"] {
                let (policy, file) = (format!("bundled:{}", pack.name), format!("{data}.csv"));
                let words = [
                    "audit",
                    "--quiet",
                    "--format",
                    "json",
                    "-o",
                    "out",
                    "--replicates",
                    "100",
                ];
                let uses = [
                    "--dataset",
                    data,
                    "--predictions",
                    &file,
                    "--policy",
                    &policy,
                    "--context",
                    context,
                ];
                let output = program(folder, &[&words[..], &uses].concat())?;
                match output.status.code() {
                    Some(1 | 3) => {}
                    Some(4) => refused += 1,
                    code => return Err(format!("{policy} in {context} on {data}: {code:?}").into()),
                }
            }
        }
    }
    if refused == 0 {
        return Err("no pack refuses any context".into());
    }
    Ok(())
}

/// Where no context is declared, a pack takes the one that it is for: emotions of candidates are refused.
fn contexts() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    prepare(folder)?;
    let words = |policy: &'static str| {
        [
            "audit",
            "--quiet",
            "--format",
            "json",
            "-o",
            "out",
            "--replicates",
            "100",
            "--dataset",
            "a",
            "--predictions",
            "m.csv",
            "--policy",
            policy,
        ]
    };
    for (policy, more, code, context) in [
        ("bundled:recruitment", &[][..], 4, None),
        (
            "bundled:recruitment",
            &["--context", "customer"],
            3,
            Some("customer"),
        ),
        ("bundled:customer", &[], 3, Some("customer")),
    ] {
        let _ = fs::remove_dir_all(folder.join("out"));
        let output = program(folder, &[&words(policy)[..], more].concat())?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let record = fs::read_to_string(folder.join("out/audit.json")).ok();
        let record: Option<Value> = record.map(|text| serde_json::from_str(&text)).transpose()?;
        let taken = record
            .as_ref()
            .and_then(|record| record["scope"]["context"].as_str());
        let is_told = said.contains("no context was declared");
        if output.status.code() != Some(code) || taken != context || is_told != more.is_empty() {
            return Err(format!("{policy} {more:?}: {output:?}").into());
        }
    }
    Ok(())
}

/// A waiver accepts a result, whether it fails or is undecided, and never stands for one that is not there.
fn waived() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    prepare(folder)?;
    let skill = |rest: &str| {
        gate(
            "s",
            &format!("measure = \"skill\"\nby = \"overall\"\n{rest}"),
        )
    };
    let flips = gate("f", "measure = \"flip-rate\"\nby = \"group\"\nmax = 0.1");
    let coverage = gate("k", "measure = \"coverage\"\nby = \"overall\"\nmin = 0.9");
    let failing = gate(
        "x",
        "measure = \"selection-rate\"\nby = \"label\"\nlabels = [\"joy\"]\nmin = 0.5",
    );
    let undecided = gate(
        "x",
        "measure = \"selection-rate\"\nby = \"label\"\nlabels = [\"joy\"]\nmin = 0.25",
    );
    let rows = [
        ("fails", failing, "x/m/a/emotion/joy", 0, "waived"),
        ("undecided", undecided, "x/m/a/emotion/joy", 0, "waived"),
        (
            "too few",
            skill("min = 0.4\nmin_n = 1000"),
            "s/m/a/emotion",
            3,
            "insufficient",
        ),
        (
            "nothing",
            skill("min = 0.4") + &flips,
            "f/m",
            3,
            "unmeasured",
        ),
        ("no gate", coverage, "policy/m/emotion", 3, "unmeasured"),
    ];
    for (name, gates, id, expected, outcome) in rows {
        let waiver = format!(
            "[[waiver]]\nfinding = \"{id}\"\nowner = \"o\"\nreason = \"r\"\nexpires = \"2999-12-31\"\n"
        );
        fs::write(folder.join("p.toml"), policy(&gates) + &waiver)?;
        let words = [
            "--replicates",
            "100",
            "--dataset",
            "a",
            "--predictions",
            "m.csv",
            "--policy",
            "p.toml",
        ];
        let (code, record) = audit(folder, &words)?;
        let findings = record["findings"].as_array().ok_or("no findings")?;
        let found = findings.iter().find(|finding| finding["id"] == id);
        let is_stale = findings.iter().any(|finding| finding["gate"] == "waiver");
        let found = found.ok_or_else(|| format!("{name}: no finding {id}"))?;
        if code != expected || found["outcome"] != outcome || is_stale == (outcome == "waived") {
            return Err(format!("{name}: {code}, {found}").into());
        }
        // An annotation says once who answers for it, and not as what would settle it.
        let report = program(
            folder,
            &["report", "out/audit.json", "--format", "github", "-o", "-"],
        )?;
        let report = String::from_utf8_lossy(&report.stdout).into_owned();
        let said = report.matches("o answers for it").count();
        if said != usize::from(outcome == "waived") || report.contains("settle it: o answers") {
            return Err(format!("{name}: {report}").into());
        }
    }
    Ok(())
}
