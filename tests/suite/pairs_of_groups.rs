//! Score shifts between pairs of groups against scipy, and a gate that the shifts to the others would pass. The reference
//! values come from tests/oracles/pairs_of_groups.py.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, close, measurements, program};

const ORACLE: &str = include_str!("../oracles/pairs_of_groups.json");
const CARD: &str = "name = \"four\"\n[columns]\nset = \"set\"\n[attributes.who]\nabout = \"subject\"\nkind = \"demographic\"\n";
const POLICY: &str = "[policy]\nname = \"p\"\nversion = \"1\"\n[[gate]]\nid = \"shift\"\nmeasure = \"score-shift\"\nby = \"group\"\nlabels = [\"positive\"]\nmin_n = 5\n";

/// A test without input.
type Test = fn() -> Result<(), Failed>;

pub fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 6] = [
        ("agree_with_scipy", agree),
        ("two_groups_are_a_pair_already", two_groups),
        ("a_gate_asks_about_the_pair_furthest_apart", gate),
        ("too_many_groups_are_told", too_many),
        ("groups_that_never_meet_are_told", never),
        ("combinations_may_differ_where_groups_do_not", combined),
    ];
    let trial = |(name, test): (&str, Test)| Trial::test(format!("pairs_of_groups::{name}"), test);
    tests.into_iter().map(trial).collect()
}

/// Audits sets of scores, a column for each group, by a gate with these bounds.
fn audited(folder: &Path, groups: &[String], bounds: &str) -> Result<(i32, Value), Failed> {
    let oracle: Value = serde_json::from_str(ORACLE)?;
    let rows: Vec<Vec<Option<f64>>> = serde_json::from_value(oracle["scores"].clone())?;
    let mut cases = String::from("id,text,set,who\n");
    let mut answers = String::from("id,label,score:positive,score:negative\n");
    for (set, row) in rows.iter().enumerate() {
        for (place, name) in groups.iter().enumerate() {
            let _ = writeln!(cases, "s{set}{name},words {set} {name},s{set},{name}");
            if let Some(score) = row[place % row.len()] {
                let _ = writeln!(answers, "s{set}{name},positive,{score},{}", 1.0 - score);
            }
        }
    }
    write(folder, CARD, &cases, &answers, bounds)?;
    let arguments = "--dataset four --predictions p.csv --policy policy.toml";
    audit(folder, &arguments.split(' ').collect::<Vec<_>>())
}

fn write(
    folder: &Path,
    card: &str,
    cases: &str,
    answers: &str,
    bounds: &str,
) -> Result<(), Failed> {
    fs::create_dir_all(folder.join("four"))?;
    fs::write(folder.join("four/dataset.toml"), card)?;
    fs::write(folder.join("four/cases.csv"), cases)?;
    fs::write(folder.join("p.csv"), answers)?;
    fs::write(folder.join("policy.toml"), format!("{POLICY}{bounds}\n"))?;
    Ok(())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn agree() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (_, record) = audited(
        folder.path(),
        &names(&["a", "b", "c", "d"]),
        "within = 0.05",
    )?;
    let oracle: Value = serde_json::from_str(ORACLE)?;
    let of = |key: &str| oracle[key].as_array().cloned().unwrap_or_default();
    for theirs in of("groups").iter().chain(&of("pairs")) {
        let text = |key: &str| theirs[key].as_str().unwrap_or_default();
        let slice = format!("who={}", text("group"));
        let kind = match text("other") {
            "" => "within-sets",
            _ => "within-sets-to-group",
        };
        let wanted = [
            ("measure", "score-shift"),
            ("label", "positive"),
            ("slice", &slice),
            ("comparison", kind),
        ];
        let found = measurements(&record, &wanted);
        let ours = found
            .into_iter()
            .find(|one| one["comparison"]["group"].as_str().unwrap_or_default() == text("other"))
            .ok_or_else(|| format!("no shift of {slice} to {}", text("other")))?;
        if ours["n"] != theirs["n"] || ours["comparison"]["attribute"] != "who" {
            return Err(format!("{ours} where {theirs} is right").into());
        }
        let test = &ours["test"];
        let other = |name: &str| {
            let mut tests = test["others"].as_array().into_iter().flatten();
            tests.find(|one| one["name"] == name).map(|one| &one["p"])
        };
        for (key, value) in [
            ("value", Some(&ours["estimate"])),
            ("low", Some(&ours["interval"]["low"])),
            ("high", Some(&ours["interval"]["high"])),
            ("t", Some(&test["statistic"])),
            ("p", Some(&test["p"])),
            ("effect", Some(&test["effect_size"])),
            ("wilcoxon", other("wilcoxon-signed-rank")),
            ("sign_flip", other("sign-flip")),
        ] {
            let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
            let what = format!("{key} of {slice} {}", text("other"));
            let ours = value.map_or(f64::NAN, number);
            close(&what, ours, number(&theirs[key]), 1e-9)?;
        }
    }
    let pairs = measurements(&record, &[("comparison", "within-sets-to-group")]);
    match pairs.len() {
        12 => Ok(()),
        n => Err(format!("{n} pairs of four groups in two labels").into()),
    }
}

fn two_groups() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (_, record) = audited(folder.path(), &names(&["a", "b"]), "within = 0.05")?;
    match measurements(&record, &[("comparison", "within-sets-to-group")]).len() {
        0 => Ok(()),
        n => Err(format!("{n} pairs that say what the shifts to the others say").into()),
    }
}

/// All groups' shifts to the others lie within 0.05, and the pair that lies furthest apart does not.
fn gate() -> Result<(), Failed> {
    let groups = names(&["a", "b", "c", "d"]);
    for (bounds, wanted_code, wanted) in [
        ("within = 0.05", 1, "fail"),
        ("within = 0.068", 3, "insufficient"),
        ("within = 0.1", 0, "pass"),
    ] {
        let folder = tempfile::tempdir()?;
        let (code, record) = audited(folder.path(), &groups, bounds)?;
        let findings = record["findings"].as_array().cloned().unwrap_or_default();
        let (pairs, others): (Vec<&Value>, Vec<&Value>) = findings
            .iter()
            .partition(|one| one["id"].as_str().is_some_and(|id| id.contains("/pairs/")));
        let passed = others.iter().all(|one| one["outcome"] == "pass");
        let [pair] = pairs[..] else {
            return Err(format!("{} findings about pairs", pairs.len()).into());
        };
        let detail = pair["detail"].as_str().unwrap_or_default();
        let named = detail.starts_with("\"b\" minus \"d\", which decides of 6 pairs: 0.067,");
        if !passed || others.len() != 4 || pair["outcome"] != wanted || !named {
            return Err(format!("{bounds}: {findings:#?}").into());
        }
        if pair["id"] != "shift/p/four/sentiment/who/pairs/positive" || code != wanted_code {
            return Err(format!("{bounds}: {code}, {}", pair["id"]).into());
        }
    }
    Ok(())
}

/// Pairs that are not measured are told of, and hold the gate up.
fn too_many() -> Result<(), Failed> {
    let groups: Vec<String> = (0..41).map(|place| format!("g{place}")).collect();
    let folder = tempfile::tempdir()?;
    let (code, record) = audited(folder.path(), &groups, "within = 0.5")?;
    let findings = record["findings"].as_array().into_iter().flatten();
    let open: Vec<&Value> = findings.filter(|one| one["outcome"] != "pass").collect();
    match (code, &open[..]) {
        (3, [one]) if one["id"] == "shift/p/four/sentiment/who/positive" => Ok(()),
        _ => Err(format!("{code}: {open:#?}").into()),
    }
}

/// Sets of two groups each: how far the first and the last lie apart follows from none.
fn never() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (mut cases, mut answers) = (
        String::from("id,text,set,who\n"),
        String::from("id,label,score:positive,score:negative\n"),
    );
    for set in 0..60 {
        let first = set % 3;
        for place in [first, first + 1] {
            let score = 0.3 + 0.04 * f64::from(place) + 0.001 * f64::from(set % 7);
            let _ = writeln!(cases, "s{set}p{place},words {set} {place},s{set},{place}");
            let _ = writeln!(answers, "s{set}p{place},negative,{score},{}", 1.0 - score);
        }
    }
    write(folder.path(), CARD, &cases, &answers, "within = 0.05")?;
    let arguments = "--dataset four --predictions p.csv --policy policy.toml";
    let (code, record) = audit(folder.path(), &arguments.split(' ').collect::<Vec<_>>())?;
    let findings = record["findings"].as_array().into_iter().flatten();
    let open: Vec<&Value> = findings
        .filter(|one| one["outcome"] == "unmeasured")
        .collect();
    let told = "no set holds both \"0\" and \"2\", nor those of 2 other pairs";
    match (code, &open[..]) {
        (3, [one]) if one["detail"].as_str().is_some_and(|one| one.contains(told)) => Ok(()),
        _ => Err(format!("{code}: {open:#?}").into()),
    }
}

/// Each gender and each origin is scored alike, and within every set two people lie 0.12 apart.
fn combined() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (mut cases, mut answers) = (
        String::from("id,text,set,gender,origin\n"),
        String::from("id,label,score:positive,score:negative\n"),
    );
    for set in 0..60 {
        let people = [
            ("w", "x", 0.42),
            ("w", "y", 0.3),
            ("m", "x", 0.3),
            ("m", "y", 0.42),
        ];
        for (place, (gender, origin, score)) in people.into_iter().enumerate() {
            let score = score + 0.001 * f64::from((set + 3 * place as i32) % 5);
            let _ = writeln!(
                cases,
                "s{set}p{place},words {set} {place},s{set},{gender},{origin}"
            );
            let _ = writeln!(answers, "s{set}p{place},negative,{score},{}", 1.0 - score);
        }
    }
    let attribute =
        |name: &str| format!("[attributes.{name}]\nabout = \"subject\"\nkind = \"demographic\"\n");
    let card = format!(
        "name = \"four\"\n[columns]\nset = \"set\"\n{}{}",
        attribute("gender"),
        attribute("origin")
    );
    write(folder.path(), &card, &cases, &answers, "within = 0.05")?;
    let plain = "--dataset four --predictions p.csv --policy policy.toml";
    let crossed = format!("{plain} --intersections 2");
    for (arguments, wanted) in [(plain, 0), (&crossed, 1)] {
        let (code, record) = audit(folder.path(), &arguments.split(' ').collect::<Vec<_>>())?;
        let findings = record["findings"].as_array().into_iter().flatten();
        let failed: Vec<&str> = findings
            .filter(|one| one["outcome"] == "fail")
            .filter_map(|one| one["id"].as_str())
            .collect();
        let pairs = "shift/p/four/sentiment/gender and origin/pairs/positive";
        if code != wanted || failed.contains(&pairs) != (wanted == 1) {
            return Err(format!("{arguments}: {code}, {failed:?}").into());
        }
    }
    let page = format!("audit {crossed} --quiet --format html --out page");
    program(folder.path(), &page.split(' ').collect::<Vec<_>>())?;
    let page = fs::read_to_string(folder.path().join("page/index.html"))?;
    for people in ["w and x", "w and y", "m and x", "m and y"] {
        if !page.contains(&format!(">{people}<")) {
            return Err(format!("the page does not show {people}").into());
        }
    }
    Ok(())
}
