//! Comparisons of groups along the whole path: asked for by flags, judged by gates, suppressed where cases are few, and
//! judged alike from a saved record.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, close, measurements, program};

/// Groups with fewer cases are not shown, by the policy below.
const BELOW: u64 = 10;

const POLICY: &str = r#"
[policy]
name = "groups"
version = "1"
[evidence]
min_n = 10
suppress_below = 10
[[gate]]
id = "four-fifths"
measure = "selection-rate"
by = "label-and-group"
of = "ratio"
min = 0.8
[[gate]]
id = "impact"
measure = "impact-ratio"
by = "label-and-group"
min = 0.2
[[gate]]
id = "odds"
measure = "equalised-odds"
by = "label-and-group"
of = "difference"
max = 0.9
[[gate]]
id = "gap"
measure = "accuracy"
by = "group"
of = "gap"
max = 0.95
[[gate]]
id = "reference"
measure = "accuracy"
by = "group"
of = "difference-to-reference"
attributes = ["gender"]
within = 0.9
[[gate]]
id = "given"
measure = "accuracy"
by = "group"
of = "difference-given"
attributes = ["gender"]
within = 0.9
[[gate]]
id = "both"
measure = "accuracy"
by = "intersection"
min = 0.01
[[gate]]
id = "both-reference"
measure = "accuracy"
by = "intersection"
of = "difference-to-reference"
attributes = ["gender", "age"]
within = 0.9
[[gate]]
id = "both-given"
measure = "accuracy"
by = "intersection"
of = "difference-given"
attributes = ["gender", "age"]
within = 0.9
"#;

const FLAGS: [&str; 18] = [
    "--dataset",
    "data",
    "--predictions",
    "p.csv",
    "--policy",
    "policy.toml",
    "--reference",
    "gender=man",
    "--reference",
    "age=young",
    "--control",
    "length",
    "--intersections",
    "2",
    "--replicates",
    "100",
    "--seed",
    "3",
];

/// Cases of each combination.
const SIZES: [(&str, &str, u64); 8] = [
    ("man", "young", 70),
    ("man", "middle", 60),
    ("man", "old", 4),
    ("man", "oldest", 45),
    ("woman", "young", 50),
    ("woman", "middle", 55),
    ("woman", "old", 35),
    ("woman", "oldest", 40),
];

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("groups::gates_ask_about_every_comparison", gates),
        Trial::test(
            "groups::combinations_are_compared_as_single_groups_are",
            combined,
        ),
        Trial::test("groups::few_cases_stay_hidden_in_combinations", hidden),
    ]
}

/// A case of each person: gender, age, length, gold and answer.
fn people() -> impl Iterator<Item = [&'static str; 5]> {
    const LABELS: [&str; 3] = ["positive", "neutral", "negative"];
    let each = |(gender, age, n): (_, _, u64)| (0..n).map(move |_| (gender, age));
    let numbered = SIZES.into_iter().flat_map(each).zip(1_usize..);
    numbered.map(|((gender, age), case)| {
        let gold = LABELS[case % 3];
        // Women are called negative more often.
        let wrong = case * 7 % 10 < if gender == "woman" { 8 } else { 1 };
        let answer = if wrong { "negative" } else { gold };
        let length = ["short", "long"][case / 3 % 2];
        [gender, age, length, gold, answer]
    })
}

/// Cases of 2 genders, 4 ages and 2 lengths, few of them old men; labels and answers by a fixed rule.
fn write(folder: &Path) -> Result<(), Failed> {
    let (mut cases, mut answers) = (
        String::from("id,text,sentiment,gender,age,length\n"),
        String::from("id,label\n"),
    );
    for (case, [gender, age, length, gold, answer]) in people().enumerate() {
        writeln!(cases, "c{case},t {case},{gold},{gender},{age},{length}")?;
        writeln!(answers, "c{case},{answer}")?;
    }
    fs::create_dir(folder.join("data"))?;
    let attribute = |name: &str, kind: &str| {
        format!("[attributes.{name}]\nabout = \"author\"\nkind = \"{kind}\"\nblank = \"missing\"\n")
    };
    let card = format!(
        "name = \"d\"\n[tasks.sentiment]\nscheme = \"three-way\"\nsource = \"perceived\"\n{}{}{}",
        attribute("gender", "demographic"),
        attribute("age", "demographic"),
        attribute("length", "context")
    );
    fs::write(folder.join("data/dataset.toml"), card)?;
    fs::write(folder.join("data/cases.csv"), cases)?;
    fs::write(folder.join("p.csv"), answers)?;
    fs::write(folder.join("policy.toml"), POLICY)?;
    Ok(())
}

fn gates() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    write(folder.path())?;
    let (code, record) = audit(folder.path(), &FLAGS)?;
    let findings = record["findings"].as_array().cloned().unwrap_or_default();
    let of = |gate: &str| -> Vec<&Value> {
        findings
            .iter()
            .filter(|finding| finding["gate"] == gate)
            .collect()
    };
    for gate in [
        "four-fifths",
        "impact",
        "odds",
        "gap",
        "reference",
        "given",
        "both",
        "both-reference",
        "both-given",
    ] {
        let judged = of(gate);
        if judged.is_empty()
            || judged
                .iter()
                .all(|finding| finding["outcome"] == "unmeasured")
        {
            return Err(format!("{gate} was asked of nothing").into());
        }
    }
    let fails = |label: &str, group: &str| {
        let id = format!("four-fifths/p/d/sentiment/gender={group}/{label}");
        let mut judged = of("four-fifths").into_iter();
        judged.any(|finding| finding["outcome"] == "fail" && finding["id"] == id.as_str())
    };
    // Called negative far more often, women are called positive far less often.
    if !fails("positive", "woman") || fails("positive", "man") {
        let shown: Vec<String> = of("four-fifths")
            .iter()
            .map(|finding| {
                format!(
                    "{} {} {}",
                    finding["id"], finding["outcome"], finding["detail"]
                )
            })
            .collect();
        return Err(format!("four fifths:\n{}", shown.join("\n")).into());
    }
    let again = program(
        folder.path(),
        &[
            "gate",
            "out/audit.json",
            "--policy",
            "policy.toml",
            "--quiet",
        ],
    )?;
    if again.status.code() != Some(code) {
        return Err(format!("{code} turned to {:?}", again.status.code()).into());
    }
    Ok(())
}

/// The young women beside the young men, and beside all others had both as many long texts, computed from the cases.
fn combined() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    write(folder.path())?;
    // The four old men would hide what is compared at equal shares.
    let open = POLICY.replace("suppress_below = 10", "suppress_below = 0");
    fs::write(folder.path().join("policy.toml"), open)?;
    let (_, record) = audit(folder.path(), &FLAGS)?;
    let accuracy = |is: &dyn Fn(&[&str; 5]) -> bool| -> (f64, f64) {
        let (mut right, mut all) = (0.0, 0.0);
        for one in people().filter(|one| is(one)) {
            right += f64::from(u8::from(one[3] == one[4]));
            all += 1.0;
        }
        (right / all, all)
    };
    let own = |one: &[&str; 5]| one[..2] == ["woman", "young"];
    let reference = accuracy(&own).0 - accuracy(&|one| one[..2] == ["man", "young"]).0;
    let (mut given, mut cases) = (0.0, 0.0);
    for length in ["short", "long"] {
        let (here, n) = accuracy(&|one| one[2] == length && own(one));
        let (there, others) = accuracy(&|one| one[2] == length && !own(one));
        given += (n + others) * (here - there);
        cases += n + others;
    }
    for (comparison, expected) in [
        ("difference-to-group", reference),
        ("difference-given", given / cases),
    ] {
        let of_accuracy = [("measure", "accuracy"), ("comparison", comparison)];
        let found = measurements(&record, &of_accuracy).into_iter();
        let slice = serde_json::json!({"age": "young", "gender": "woman"});
        let mut found = found.filter(|one| one["slice"] == slice);
        let Some(found) = found.next() else {
            return Err(format!("no {comparison} of young women").into());
        };
        let value = found["estimate"].as_f64().unwrap_or(f64::NAN);
        close(comparison, value, expected, 1e-9)?;
    }
    Ok(())
}

fn hidden() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    write(folder.path())?;
    let (_, record) = audit(folder.path(), &FLAGS)?;
    let all = record["measurements"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for measurement in &all {
        let n = measurement["n"].as_u64().unwrap_or_default();
        let sliced = measurement["slice"]
            .as_object()
            .is_some_and(|slice| !slice.is_empty());
        if sliced && n < BELOW && measurement["estimate"].is_number() {
            return Err(format!("shown though few: {measurement}").into());
        }
    }
    let mut lines: BTreeMap<(String, String), [u64; 2]> = BTreeMap::new();
    let mut combinations = 0;
    for value in measurements(&record, &[("measure", "accuracy"), ("comparison", "")]) {
        let slice = value["slice"].as_object().cloned().unwrap_or_default();
        if !(slice.contains_key("gender") && slice.contains_key("age")) {
            continue;
        }
        combinations += 1;
        let is_hidden = value["undefined"]["reason"] == "suppressed";
        let same = |(gender, age, _): &&(&str, &str, u64)| {
            slice["gender"] == *gender && slice["age"] == *age
        };
        let size = SIZES.iter().find(same).map_or(0, |size| size.2);
        for (attribute, group) in &slice {
            let line = (attribute.clone(), group.to_string());
            lines.entry(line).or_default()[usize::from(is_hidden)] += size;
        }
    }
    if combinations != 8 {
        return Err(format!("{combinations} combinations").into());
    }
    for ((attribute, group), [shown, hidden]) in &lines {
        // What is hidden of a group whose own value is shown follows as a whole, and must not be few.
        if *hidden > 0 && *hidden < BELOW {
            return Err(format!(
                "{attribute} {group}: {hidden} of {} are hidden",
                shown + hidden
            )
            .into());
        }
    }
    let hides_some = lines.values().any(|[_, hidden]| *hidden > 0);
    let shows_some = lines.values().any(|[shown, _]| *shown > 0);
    if !hides_some || !shows_some {
        return Err(format!("all or nothing is hidden: {lines:?}").into());
    }
    Ok(())
}
