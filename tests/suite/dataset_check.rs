//! `dataset check` as a user runs it: agreement against another package, and no personal data in anything it writes.

use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{close, program};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("dataset_check::agreement_as_krippendorff", agreement),
        Trial::test(
            "dataset_check::nothing_personal_comes_out",
            nothing_personal,
        ),
        Trial::test("dataset_check::twice_the_same_bytes", twice_the_same),
        Trial::test("dataset_check::warnings_are_strict_when_asked", strict),
    ]
}

fn check(folder: &Path, dataset: &str) -> Result<Value, Failed> {
    let output = program(
        folder,
        &["dataset", "check", dataset, "--format", "json", "-o", "-"],
    )?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The findings of a check.
fn findings<'a>(result: &'a Value, check: &str) -> Vec<&'a Value> {
    let all = result["findings"].as_array().map_or(&[][..], Vec::as_slice);
    all.iter().filter(|one| one["check"] == check).collect()
}

fn agreement() -> Result<(), Failed> {
    let oracles = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
    let expected: Value =
        serde_json::from_str(&fs::read_to_string(oracles.join("agreement.json"))?)?;
    let result = check(&oracles, "agreement")?;
    let expected = expected["values"].as_array().ok_or("no values")?;
    for value in expected {
        let found = findings(&result, "agreement")
            .into_iter()
            .filter(|finding| finding["about"] == value["task"])
            .flat_map(|finding| finding["rows"].as_array().into_iter().flatten())
            .find(|row| row["group"] == value["group"] && row["label"] == value["label"])
            .ok_or_else(|| format!("no row for {value}"))?;
        let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        let alpha = number(&found["alpha"]["estimate"]);
        close(&value.to_string(), alpha, number(&value["alpha"]), 1e-9)?;
        let interval = &found["alpha"]["interval"];
        if !(number(&interval["low"]) < alpha && alpha < number(&interval["high"])) {
            return Err(format!("{value}: interval {interval}").into());
        }
    }
    if expected.len() != 14 {
        return Err(format!("{} values", expected.len()).into());
    }
    Ok(())
}

/// Personal data of every kind, and where it is planted: text, id, cluster, group.
const PLANTED: [&str; 9] = [
    "zoe.quill@mailbox.example",
    "+49 30 90182 4711",
    "@zoequill77",
    "4539 1488 0343 6467",
    "GB82 WEST 1234 5698 7654 32",
    "219-09-9999",
    "quill.id@mailbox.example",
    "@clusterquill",
    "Quilliam Zorn",
];

fn plant(folder: &Path) -> Result<(), Failed> {
    let [email, phone, handle, card, account, ssn, id, cluster, name] = PLANTED;
    fs::create_dir_all(folder.join("d"))?;
    fs::write(
        folder.join("d/dataset.toml"),
        "name = \"planted\"\nlanguage = [\"en\"]\n[columns]\ncluster = \"thread\"\n[tasks.sentiment]\nscheme = \"three-way\"\nsource = \"perceived\"\n[attributes.full_name]\nabout = \"author\"\nkind = \"context\"\n",
    )?;
    let mut cases = String::from("id,text,thread,sentiment,full_name\n");
    for (case, planted) in [email, phone, handle, card, account, ssn]
        .iter()
        .enumerate()
    {
        cases.push_str(&format!(
            "{case},you can reach me here: {planted} \u{202e}any time\u{7},t{case},positive,{name}\n"
        ));
    }
    cases.push_str(&format!("{id},it was fine,{cluster},negative,{name}\n"));
    for case in 0..40 {
        cases.push_str(&format!("x{case},it was fine,{cluster},negative,{name}\n"));
    }
    fs::write(folder.join("d/cases.csv"), cases)?;
    Ok(())
}

fn nothing_personal() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    plant(folder.path())?;
    let output = program(
        folder.path(),
        &["dataset", "check", "d", "-o", "out", "--color", "always"],
    )?;
    let mut outputs = vec![
        ("stdout", String::from_utf8(output.stdout)?),
        ("stderr", String::from_utf8(output.stderr)?),
    ];
    for name in ["check.json", "check.html"] {
        outputs.push((
            name,
            fs::read_to_string(folder.path().join("out").join(name))?,
        ));
    }
    for (name, text) in &outputs {
        for planted in PLANTED {
            // Not even a part of it.
            let tail = &planted[planted.len() - 4..];
            if text.contains(planted)
                || text.to_lowercase().contains("quill")
                || (tail.bytes().all(|b| b.is_ascii_digit()) && text.contains(tail))
            {
                return Err(format!("{name} holds {planted}").into());
            }
        }
        if text.contains(['\u{202e}', '\u{7}']) {
            return Err(format!("{name} holds a control character").into());
        }
    }
    let result: Value = serde_json::from_str(&outputs[2].1)?;
    let rows = findings(&result, "personal-data")[0]["rows"].clone();
    let count = |kind: &str, place: &str| -> u64 {
        rows.as_array()
            .into_iter()
            .flatten()
            .find(|row| row["kind"] == kind && row["where"] == place)
            .and_then(|row| row["cases"].as_u64())
            .unwrap_or(0)
    };
    for (kind, place, n) in [
        ("e-mail address", "texts", 1),
        ("phone number", "texts", 1),
        ("account name", "texts", 1),
        ("payment card number", "texts", 1),
        ("bank account (IBAN)", "texts", 1),
        ("national id number", "texts", 1),
        ("e-mail address", "ids", 1),
        ("account name", "clusters", 41),
    ] {
        if count(kind, place) != n {
            return Err(
                format!("{kind} in {place}: {} of {n}\n{rows:#}", count(kind, place)).into(),
            );
        }
    }
    match findings(&result, "name-columns").as_slice() {
        [one] if one["grade"] == "warning" => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn twice_the_same() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for out in ["a", "b"] {
        program(
            folder.path(),
            &["dataset", "check", "everyday-english", "-o", out],
        )?;
    }
    for name in ["check.json", "check.html"] {
        let read = |out: &str| fs::read(folder.path().join(out).join(name));
        if read("a")? != read("b")? {
            return Err(format!("{name} differs").into());
        }
    }
    Ok(())
}

fn strict() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    plant(folder.path())?;
    for (arguments, code) in [
        (&["dataset", "check", "d"][..], 0),
        (&["dataset", "check", "d", "--strict"], 1),
        (&["dataset", "check", "everyday-english", "--strict"], 0),
        (&["dataset", "check", "d", "--against", "d"], 2),
        (&["dataset", "check", "d", "-o", "-"], 2),
    ] {
        let found = program(folder.path(), arguments)?.status.code();
        if found != Some(code) {
            return Err(format!("{arguments:?}: {found:?}").into());
        }
    }
    Ok(())
}
