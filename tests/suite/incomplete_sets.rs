//! Sets that swap two attributes and lack combinations of them: each attribute is compared among sentences alike in the
//! other, and where there are none nothing is claimed. The reference values come from tests/oracles/incomplete_sets.py.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, close, measurements};

const ORACLE: &str = include_str!("../oracles/incomplete_sets.json");
const CARD: &str = "name = \"sets\"\n[columns]\nset = \"set\"\n";
const POLICY: &str = "[policy]\nname = \"p\"\nversion = \"1\"\n\
    [[gate]]\nid = \"shift\"\nmeasure = \"score-shift\"\nby = \"group\"\nlabels = [\"positive\"]\nwithin = 0.05\nmin_n = 5\n\
    [[gate]]\nid = \"flips\"\nmeasure = \"flip-rate\"\nby = \"group\"\nmax = 0.2\nmin_n = 5\n";

/// A test without input.
type Test = fn() -> Result<(), Failed>;

/// A set, the groups of its sentence by attribute, and its score.
type Row = (String, Vec<String>, Option<f64>);

pub fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 5] = [
        ("agree_with_scipy", agree),
        ("the_effect_of_another_attribute_fails_no_gate", gates),
        ("what_no_set_can_tell_apart_is_undefined", apart),
        ("sets_in_which_nothing_was_swapped_cover_nothing", alone),
        ("combinations_are_alike_in_a_third_attribute", combined),
    ];
    let trial = |(name, test): (&str, Test)| Trial::test(format!("incomplete_sets::{name}"), test);
    tests.into_iter().map(trial).collect()
}

/// Audits sentences; a score above one half is a positive answer.
fn audited(
    folder: &Path,
    attributes: &[&str],
    rows: &[Row],
    more: &[&str],
) -> Result<(i32, Value), Failed> {
    let mut card = CARD.to_owned();
    for attribute in attributes {
        let about = "about = \"subject\"\nkind = \"demographic\"\nblank = \"by-design\"";
        let _ = writeln!(card, "[attributes.{attribute}]\n{about}");
    }
    let mut cases = format!("id,text,set,{}\n", attributes.join(","));
    let mut answers = String::from("id,label,score:positive,score:negative\n");
    for (place, (set, groups, score)) in rows.iter().enumerate() {
        let groups = groups.join(",");
        let _ = writeln!(cases, "{place},words {place},{set},{groups}");
        if let Some(score) = score {
            let label = if *score > 0.5 { "positive" } else { "negative" };
            let _ = writeln!(answers, "{place},{label},{score},{}", 1.0 - score);
        }
    }
    fs::create_dir_all(folder.join("sets"))?;
    fs::write(folder.join("sets/dataset.toml"), card)?;
    fs::write(folder.join("sets/cases.csv"), cases)?;
    fs::write(folder.join("p.csv"), answers)?;
    fs::write(folder.join("policy.toml"), POLICY)?;
    let plain = "--dataset sets --predictions p.csv --policy policy.toml";
    let arguments: Vec<&str> = plain.split(' ').chain(more.iter().copied()).collect();
    audit(folder, &arguments)
}

/// Audits a world of the oracle; its reference values come with the record.
fn of_oracle(place: usize) -> Result<(i32, Value, Vec<Value>), Failed> {
    let worlds: Value = serde_json::from_str(ORACLE)?;
    let world = &worlds[place];
    let rows = world["rows"].as_array().into_iter().flatten().map(|row| {
        let text = |place: usize| row[place].as_str().unwrap_or_default().to_owned();
        (row[0].to_string(), vec![text(1), text(2)], row[3].as_f64())
    });
    let rows: Vec<Row> = rows.collect();
    let folder = tempfile::tempdir()?;
    let (code, record) = audited(folder.path(), &["gender", "race"], &rows, &[])?;
    let expected = world["expected"].as_array().cloned();
    Ok((code, record, expected.ok_or("no reference values")?))
}

fn agree() -> Result<(), Failed> {
    let mut compared = 0;
    for place in 0..2 {
        let (_, record, expected) = of_oracle(place)?;
        for theirs in &expected {
            let text = |key: &str| theirs[key].as_str().unwrap_or_default();
            let (measure, attribute, group) = (text("measure"), text("attribute"), text("group"));
            let slice = format!("{attribute}={group}");
            let kind = match text("other") {
                "" => "within-sets",
                _ => "within-sets-to-group",
            };
            let mut wanted = vec![("measure", measure), ("comparison", kind)];
            if measure == "score-shift" {
                wanted.extend([("label", "positive"), ("slice", &slice)]);
            }
            let what = format!("world {place}, {measure} {slice} {}", text("other"));
            let found = measurements(&record, &wanted);
            let meant = |one: &&Value| {
                let other = one["comparison"]["group"].as_str().unwrap_or_default();
                one["comparison"]["attribute"] == attribute && other == text("other")
            };
            let ours = found.into_iter().find(meant);
            let ours = ours.ok_or_else(|| format!("no {what}"))?;
            if ours["n"] != theirs["n"] {
                return Err(format!("{what}: {ours} where {theirs} is right").into());
            }
            for (key, value) in [
                ("value", &ours["estimate"]),
                ("low", &ours["interval"]["low"]),
                ("high", &ours["interval"]["high"]),
                ("t", &ours["test"]["statistic"]),
                ("p", &ours["test"]["p"]),
                ("effect", &ours["test"]["effect_size"]),
            ] {
                let Some(theirs) = theirs[key].as_f64() else {
                    continue;
                };
                let ours = value.as_f64().unwrap_or(f64::NAN);
                close(&format!("{what}: {key}"), ours, theirs, 1e-9)?;
                compared += 1;
            }
        }
    }
    match compared {
        96 => Ok(()),
        n => Err(format!("{n} numbers compared").into()),
    }
}

/// The findings with an outcome, by gate and attribute.
fn with_outcome(record: &Value, outcome: &str) -> Vec<String> {
    let findings = record["findings"].as_array().into_iter().flatten();
    let of_outcome = findings.filter(|finding| finding["outcome"] == outcome);
    let ids = of_outcome.filter_map(|finding| finding["id"].as_str());
    let short = ids.map(|id| id.replace("/p/sets/sentiment", ""));
    let mut short: Vec<String> = short.map(|id| id.replace("/positive", "")).collect();
    short.sort();
    short
}

/// Race alone moves scores: gender, which goes with it in every set, fails nothing.
fn gates() -> Result<(), Failed> {
    let (code, record, _) = of_oracle(0)?;
    let failed = with_outcome(&record, "fail");
    let passed = with_outcome(&record, "pass");
    let right = ["flips/race", "shift/race=x", "shift/race=y"];
    let gender = ["flips/gender", "shift/gender=f", "shift/gender=m"];
    match code == 1 && failed == right && passed == gender {
        true => Ok(()),
        false => Err(format!("{code}: failed {failed:?}, passed {passed:?}").into()),
    }
}

/// Where every set holds one woman and one man of another race, nothing tells gender from race.
fn apart() -> Result<(), Failed> {
    let row = |place: u32| {
        let people = [("f", "x", 0.7), ("m", "y", 0.4), ("n", "z", 0.3)];
        people.map(|(gender, race, score)| {
            let score = score + 0.001 * f64::from(place % 7);
            let groups = vec![gender.to_owned(), race.to_owned()];
            (place.to_string(), groups, Some(score))
        })
    };
    let rows: Vec<Row> = (0..60).flat_map(row).collect();
    let folder = tempfile::tempdir()?;
    let (code, record) = audited(folder.path(), &["gender", "race"], &rows, &[])?;
    let measured = record["measurements"].as_array().into_iter().flatten();
    let within = measured.filter(|one| one["comparison"]["attribute"].is_string());
    let mut undefined = 0;
    for one in within {
        let numbers = ["estimate", "interval", "test"];
        if numbers.iter().any(|key| !one[*key].is_null()) {
            return Err(format!("a number without a comparison: {one}").into());
        }
        let detail = one["undefined"]["detail"].as_str().unwrap_or_default();
        let other = match one["comparison"]["attribute"].as_str() {
            Some("gender") => "in sentences alike in \"race\"",
            _ => "in sentences alike in \"gender\"",
        };
        if one["undefined"]["reason"] != "no-pairs" || !detail.contains(other) {
            return Err(format!("another reason: {one}").into());
        }
        undefined += 1;
    }
    let open = with_outcome(&record, "unmeasured");
    // Of each attribute coverage, flips, and of two labels each of three shifts and that of pairs; gates ask about one.
    match (code, undefined, open.len()) {
        (3, 20, 10) => Ok(()),
        _ => Err(format!("{code}: {undefined} undefined, unmeasured {open:?}").into()),
    }
}

/// Sets of one sentence each were not swapped, and what was not applied was not passed.
fn alone() -> Result<(), Failed> {
    let row = |place: u32| (place.to_string(), vec!["f".to_owned()], Some(0.7));
    let rows: Vec<Row> = (0..60).map(row).collect();
    let folder = tempfile::tempdir()?;
    let (_, record) = audited(folder.path(), &["gender"], &rows, &[])?;
    let found = measurements(&record, &[("measure", "set-coverage")]);
    let [found] = found[..] else {
        return Err(format!("{} coverages", found.len()).into());
    };
    close(
        "coverage",
        found["estimate"].as_f64().unwrap_or(1.0),
        0.0,
        0.0,
    )
}

/// Age alone moves scores, and goes with one combination of gender and race; one pair is alike in it.
fn combined() -> Result<(), Failed> {
    let row = |place: u32| {
        let people = [
            (["f", "x", "old"], 0.7),
            (["f", "x", "young"], 0.4),
            (["m", "y", "young"], 0.4),
        ];
        people.map(|(groups, score)| {
            let score = score + 0.001 * f64::from((place + 3 * groups.len() as u32) % 7);
            (
                place.to_string(),
                groups.map(str::to_owned).to_vec(),
                Some(score),
            )
        })
    };
    let rows: Vec<Row> = (0..60).flat_map(row).collect();
    let folder = tempfile::tempdir()?;
    let attributes = ["gender", "race", "age"];
    let crossed = ["--intersections", "2"];
    let (_, record) = audited(folder.path(), &attributes, &rows, &crossed)?;
    let wanted = [("measure", "score-shift"), ("label", "positive")];
    let found = measurements(&record, &wanted);
    let found: Vec<&&Value> = found
        .iter()
        .filter(|one| one["comparison"]["attribute"] == "gender and race")
        .collect();
    for one in &found {
        // All scores of a set that are compared are the same, so that no shift was seen.
        let shift = one["estimate"].as_f64().unwrap_or(f64::NAN);
        close(&one["slice"].to_string(), shift, 0.0, 1e-9)?;
    }
    match found.len() {
        2 => Ok(()),
        n => Err(format!("{n} combinations").into()),
    }
}
