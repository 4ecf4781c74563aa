//! Cases without an answer: of a group whose coverage is suppressed nothing else is told either, not even that nobody in it
//! got an answer. Else other groups might be suppressed beside it for coverage than for accuracy, and how many of its few
//! cases were answered would follow from both.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, measurements};

/// Cases of a group, and how many of them are declined.
type Region = (&'static str, u64, u64);

const WORLDS: [(&str, &[Region]); 3] = [
    (
        "some_of_few",
        &[
            ("north", 300, 10),
            ("south", 200, 0),
            ("east", 100, 0),
            ("west", 120, 70),
            ("tiny", 6, 2),
        ],
    ),
    (
        "all_of_few",
        &[
            ("north", 300, 10),
            ("south", 200, 0),
            ("west", 120, 2),
            ("tiny", 4, 4),
        ],
    ),
    (
        "few_are_left",
        &[
            ("north", 300, 5),
            ("south", 200, 0),
            ("west", 120, 2),
            ("middle", 18, 12),
        ],
    ),
];

pub fn trials() -> impl Iterator<Item = Trial> {
    let tasks = ["sentiment", "intensity"];
    let all = WORLDS.iter().flat_map(move |(name, regions)| {
        tasks.map(|task| {
            (
                format!("suppression::declined::{name}::{task}"),
                task,
                *regions,
            )
        })
    });
    all.map(|(name, task, regions)| Trial::test(name, move || nothing_else(task, regions)))
}

fn write(folder: &Path, task: &str, regions: &[Region]) -> Result<(), Failed> {
    let card = match task {
        "sentiment" => "[tasks.sentiment]\nscheme = \"three-way\"\nsource = \"perceived\"\n",
        _ => {
            "[tasks.intensity]\nsource = \"perceived\"\n[tasks.intensity.dimensions]\nvalence = { low = 1, high = 5 }\n"
        }
    };
    let attribute =
        |name: &str| format!("[attributes.{name}]\nabout = \"author\"\nkind = \"culture\"\n");
    let attributes = attribute("region") + &attribute("length");
    fs::write(
        folder.join("dataset.toml"),
        format!("name = \"data\"\n{card}{attributes}"),
    )?;
    let (gold, answer) = match task {
        "sentiment" => ("sentiment", "label"),
        _ => ("valence", "score:valence"),
    };
    let mut cases = format!("id,{gold},region,length\n");
    let mut answers = format!("id,abstained,{answer}\n");
    for (region, count, declined) in regions {
        for case in 0..*count {
            let length = if case % 3 == 0 { "short" } else { "long" };
            let (truth, said) = match task {
                "sentiment" => {
                    let label = |case: u64| ["negative", "neutral", "positive"][case as usize % 3];
                    (label(case), label(case + u64::from(case % 7 == 0)))
                }
                _ => (
                    ["1", "2", "4"][case as usize % 3],
                    ["1.5", "2", "3.1"][case as usize % 3],
                ),
            };
            writeln!(cases, "{region}{case},{truth},{region},{length}")?;
            let said = match case < *declined {
                true => "true,".to_owned(),
                false => format!("false,{said}"),
            };
            writeln!(answers, "{region}{case},{said}")?;
        }
    }
    fs::write(folder.join("cases.csv"), cases)?;
    fs::write(folder.join("answers.csv"), answers)?;
    Ok(())
}

fn nothing_else(task: &str, regions: &[Region]) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    write(folder.path(), task, regions)?;
    let data = folder.path().display().to_string();
    let answers = folder.path().join("answers.csv").display().to_string();
    let arguments = ["--dataset", &data, "--predictions", &answers];
    let flags = ["--intersections", "2", "--control", "length"];
    let (_, record) = audit(folder.path(), &[&arguments[..], &flags].concat())?;
    let of_groups = measurements(&record, &[]).into_iter();
    let of_groups: Vec<&Value> = of_groups
        .filter(|one| {
            one["slice"]
                .as_object()
                .is_some_and(|slice| !slice.is_empty())
        })
        .collect();
    let is_hidden = |one: &Value| one["undefined"]["reason"] == "suppressed";
    let coverage = of_groups
        .iter()
        .copied()
        .filter(|one| one["measure"] == "coverage");
    let (hidden, shown): (Vec<&Value>, Vec<&Value>) = coverage.partition(|one| is_hidden(one));
    for one in &of_groups {
        let is_of_hidden = hidden
            .iter()
            .any(|coverage| coverage["slice"] == one["slice"]);
        if is_of_hidden && !is_hidden(one) {
            return Err(format!("coverage is not shown, and this is: {one}").into());
        }
    }
    let few: Vec<&str> = (regions.iter())
        .filter(|(_, count, _)| *count < super::BELOW)
        .map(|(region, ..)| *region)
        .collect();
    let is_few = |region: &&str| {
        let mut hidden = hidden.iter();
        hidden.any(|one| one["slice"]["region"] == **region)
    };
    match few.iter().all(is_few) && !shown.is_empty() {
        true => Ok(()),
        false => Err(format!("{few:?} should be hidden: {hidden:?}").into()),
    }
}
