//! Nothing about few cases follows from a record: an attacker solves for it in made-up data with small groups and rare
//! labels, and in the bundled audit.

mod attack;
mod declined;
mod overlapping;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use self::attack::{Attack, Cell, Truth};
use crate::run::{audit, measurements, program};

/// What the policies below suppress, and the built-in one.
pub const BELOW: u64 = 10;

/// A made-up audit.
struct World {
    name: &'static str,
    task: &'static str,
    /// The labels, with their shares in hundredths.
    labels: &'static [(&'static str, u64)],
    /// The groups of two attributes, with their shares; no name is no known group.
    genders: &'static [(&'static str, u64)],
    regions: &'static [(&'static str, u64)],
    /// Those of a third attribute, or none.
    lengths: &'static [(&'static str, u64)],
    cases: u64,
    seed: u64,
    flags: &'static [&'static str],
}

const EMOTIONS: &[(&str, u64)] = &[
    ("anger", 25),
    ("disgust", 3),
    ("fear", 5),
    ("joy", 30),
    ("neutral", 22),
    ("sadness", 11),
    ("surprise", 4),
];
const SENTIMENTS: &[(&str, u64)] = &[("negative", 30), ("neutral", 6), ("positive", 64)];
const TWO: &[(&str, u64)] = &[("negative", 12), ("positive", 88)];
const GENDERS: &[(&str, u64)] = &[("woman", 50), ("man", 44), ("other", 6)];
const REGIONS: &[(&str, u64)] = &[("north", 40), ("south", 30), ("west", 20), ("isle", 10)];
const BLANKS: &[(&str, u64)] = &[("woman", 60), ("man", 37), ("", 3)];
const LENGTHS: &[(&str, u64)] = &[("short", 55), ("long", 45)];
const STRATIFIED: &[&str] = &[
    "--intersections",
    "2",
    "--reference",
    "gender=man",
    "--reference",
    "region=north",
    "--control",
    "length",
];
const CROSSED: &[&str] = &[
    "--intersections",
    "2",
    "--reference",
    "gender=man",
    "--control",
    "region",
];

const WORLDS: [World; 11] = [
    World {
        lengths: LENGTHS,
        ..world(
            "combinations_at_equal_shares",
            "sentiment",
            TWO,
            GENDERS,
            REGIONS,
            900,
            10,
            STRATIFIED,
        )
    },
    World {
        lengths: &[("short", 93), ("long", 7)],
        ..world(
            "few_of_a_control",
            "sentiment",
            SENTIMENTS,
            GENDERS,
            &[("north", 60), ("south", 40)],
            600,
            11,
            STRATIFIED,
        )
    },
    world(
        "emotions",
        "emotion",
        EMOTIONS,
        GENDERS,
        REGIONS,
        300,
        1,
        &[],
    ),
    world(
        "few_cases",
        "emotion",
        EMOTIONS,
        GENDERS,
        REGIONS,
        120,
        2,
        &[],
    ),
    world(
        "many_cases",
        "emotion",
        EMOTIONS,
        GENDERS,
        REGIONS,
        900,
        3,
        &[],
    ),
    world(
        "sentiments",
        "sentiment",
        SENTIMENTS,
        GENDERS,
        REGIONS,
        200,
        4,
        CROSSED,
    ),
    world(
        "emotions_crossed",
        "emotion",
        EMOTIONS,
        BLANKS,
        REGIONS,
        500,
        5,
        CROSSED,
    ),
    world(
        "two_labels",
        "sentiment",
        TWO,
        GENDERS,
        REGIONS,
        180,
        6,
        CROSSED,
    ),
    world(
        "few_of_no_known_group",
        "sentiment",
        SENTIMENTS,
        BLANKS,
        REGIONS,
        150,
        7,
        &[],
    ),
    world(
        "blanks_with_rare_labels",
        "emotion",
        EMOTIONS,
        &[("woman", 50), ("man", 30), ("", 20)],
        REGIONS,
        400,
        8,
        &[],
    ),
    world(
        "blanks_crossed",
        "sentiment",
        SENTIMENTS,
        BLANKS,
        &[("north", 60), ("south", 36), ("", 4)],
        400,
        9,
        CROSSED,
    ),
];

#[allow(clippy::too_many_arguments)]
const fn world(
    name: &'static str,
    task: &'static str,
    labels: &'static [(&'static str, u64)],
    genders: &'static [(&'static str, u64)],
    regions: &'static [(&'static str, u64)],
    cases: u64,
    seed: u64,
    flags: &'static [&'static str],
) -> World {
    World {
        name,
        task,
        labels,
        genders,
        regions,
        lengths: &[],
        cases,
        seed,
        flags,
    }
}

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = WORLDS
        .iter()
        .map(|world| {
            let name = format!("suppression::nothing_follows_of_few_cases::{}", world.name);
            Trial::test(name, || nothing_follows(world))
        })
        .collect();
    trials.extend([
        Trial::test("suppression::the_attacker_finds_what_is_shown", attacker),
        Trial::test(
            "suppression::nothing_follows_from_the_bundled_audit",
            bundled,
        ),
        Trial::test(
            "suppression::scoring_rates_hide_what_selection_rates_hide",
            rates,
        ),
    ]);
    trials.extend(declined::trials());
    trials.extend(overlapping::trials());
    trials
}

/// Of a model that gives scores with every answer, both are counted on the same cases of a group.
fn rates() -> Result<(), Failed> {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/local-law-144");
    let file = |name: &str| case.join(name).display().to_string();
    let (data, answers) = (file("data"), file("p.csv"));
    let folder = tempfile::tempdir()?;
    let arguments = [
        "--dataset",
        &data,
        "--predictions",
        &answers,
        "--intersections",
        "2",
    ];
    let (_, record) = audit(folder.path(), &arguments)?;
    let hidden = |measure: &str| -> BTreeMap<String, bool> {
        let wanted = [("measure", measure), ("comparison", "")];
        let found = measurements(&record, &wanted).into_iter();
        let rate = found.filter(|rate| rate["label"].is_string());
        rate.map(|rate| {
            let about = format!("{} {}", rate["label"], rate["slice"]);
            (about, rate["undefined"]["reason"] == "suppressed")
        })
        .collect()
    };
    let (scoring, selection) = (hidden("scoring-rate"), hidden("selection-rate"));
    let count = scoring.values().filter(|hidden| **hidden).count();
    if scoring != selection || count == 0 || count == scoring.len() {
        return Err(format!("{scoring:?} and {selection:?}").into());
    }
    Ok(())
}

impl World {
    /// A number under `below`, the same for the same seed, case and question.
    fn draw(&self, case: u64, question: u64, below: u64) -> u64 {
        let mut bits = self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (case << 8) ^ question;
        for _ in 0..3 {
            bits = (bits ^ (bits >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        }
        (bits >> 33) % below
    }

    fn pick(&self, case: u64, question: u64, of: &[(&'static str, u64)]) -> usize {
        let mut left = self.draw(case, question, of.iter().map(|(_, share)| share).sum());
        for (place, (_, share)) in of.iter().enumerate() {
            if left < *share {
                return place;
            }
            left -= share;
        }
        0
    }

    /// The attributes: which question draws them, their names and groups.
    fn attributes(
        &self,
    ) -> impl Iterator<Item = (u64, &'static str, &'static [(&'static str, u64)])> {
        let all = [
            (2, "gender", self.genders),
            (3, "region", self.regions),
            (4, "length", self.lengths),
        ];
        all.into_iter().filter(|(.., groups)| !groups.is_empty())
    }

    /// Writes dataset, answers of two models and policy into a folder; what is true of the first model is returned.
    fn write(&self, folder: &Path, below: u64) -> Result<Truth, Failed> {
        let names: Vec<&str> = self.attributes().map(|(_, name, _)| name).collect();
        let drawn = (0..self.cases).map(|case| {
            let gold = self.pick(case, 1, self.labels);
            let groups = self.attributes();
            let groups = groups.map(|(question, _, of)| of[self.pick(case, question, of)].0);
            let answer = |model: u64| match self.draw(case, 10 + model, 100) < 70 {
                true => gold,
                false => self.pick(case, 20 + model, self.labels),
            };
            Drawn {
                groups: groups.map(str::to_owned).collect(),
                gold,
                answers: [answer(0), answer(1)],
            }
        });
        write(folder, (self.task, self.labels), &names, drawn, below)
    }
}

/// A case, with its labels by place.
struct Drawn {
    /// By attribute; no name is no known group.
    groups: Vec<String>,
    gold: usize,
    answers: [usize; 2],
}

fn write(
    folder: &Path,
    (task, labels): (&str, &[(&'static str, u64)]),
    names: &[&str],
    drawn: impl Iterator<Item = Drawn>,
    below: u64,
) -> Result<Truth, Failed> {
    let mut files = [
        format!("id,text,{task},{}\n", names.join(",")),
        "id,label\n".to_owned(),
        "id,label\n".to_owned(),
    ];
    let mut cases = Vec::new();
    for (case, drawn) in drawn.enumerate() {
        let name = |label: usize| labels[label].0;
        writeln!(
            files[0],
            "c{case},t {case},{},{}",
            name(drawn.gold),
            drawn.groups.join(",")
        )?;
        for (file, answer) in files[1..].iter_mut().zip(drawn.answers) {
            writeln!(file, "c{case},{}", name(answer))?;
        }
        let known = |group: String| (!group.is_empty()).then_some(group);
        cases.push((
            drawn.groups.into_iter().map(known).collect(),
            vec![drawn.gold],
            vec![drawn.answers[0]],
        ));
    }
    let scheme = match labels.len() {
        7 => "scheme = \"ekman\"",
        3 => "scheme = \"three-way\"",
        _ => {
            "labels = [\"negative\", \"positive\"]\npolarity = { negative = \"negative\", positive = \"positive\" }"
        }
    };
    let attribute = |name: &&str| {
        format!(
            "[attributes.{name}]\nabout = \"author\"\nkind = \"demographic\"\nblank = \"missing\"\n"
        )
    };
    let card = format!(
        "name = \"d\"\n[tasks.{task}]\n{scheme}\nsource = \"perceived\"\n{}",
        names.iter().map(attribute).collect::<String>()
    );
    let policy = format!(
        "[policy]\nname = \"few\"\nversion = \"1\"\n[evidence]\nmin_n = 10\nsuppress_below = {below}\n\
         [[gate]]\nid = \"any\"\nmeasure = \"accuracy\"\nby = \"overall\"\nmin = 0.01\n"
    );
    fs::create_dir(folder.join("data"))?;
    fs::write(folder.join("data/dataset.toml"), card)?;
    for (name, text) in [
        ("data/cases.csv", &files[0]),
        ("p.csv", &files[1]),
        ("q.csv", &files[2]),
        ("policy.toml", &policy),
    ] {
        fs::write(folder.join(name), text)?;
    }
    let labels = labels.iter().map(|(label, _)| (*label).to_owned());
    Ok(Truth {
        attributes: names.iter().map(|name| (*name).to_owned()).collect(),
        labels: labels.collect(),
        multi_label: false,
        occurring: names.len(),
        cases,
    })
}

fn audit_both(folder: &Path, flags: &[&str]) -> Result<Value, Failed> {
    let arguments = "--dataset data --policy policy.toml --replicates 100 --seed 3 \
                     --predictions p.csv --predictions q.csv";
    let arguments: Vec<&str> = arguments.split(' ').filter(|one| !one.is_empty()).collect();
    Ok(audit(folder, &[&arguments, flags].concat())?.1)
}

fn nothing_follows(world: &World) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let truth = world.write(folder.path(), BELOW)?;
    let record = audit_both(folder.path(), world.flags)?;
    check(&truth, &record, "p", world.task)
}

/// Fails where a number of few cases follows, and where hardly anything is left to show.
fn check(truth: &Truth, record: &Value, model: &str, task: &str) -> Result<(), Failed> {
    let (shown, small) = shown(truth, record, model, task)?;
    if small > 0 && shown < 5 {
        return Err(format!("hardly anything is shown: {shown} values").into());
    }
    Ok(())
}

/// How many values of groups are shown, and how many numbers are small. Fails where one of these follows.
fn shown(truth: &Truth, record: &Value, model: &str, task: &str) -> Result<(u64, usize), Failed> {
    let attack = Attack::new(truth, record, model, task);
    let (holes, small) = attack.holes(BELOW);
    if !holes.is_empty() {
        return Err(format!(
            "{} of {small} numbers follow:\n{}",
            holes.len(),
            holes.join("\n")
        )
        .into());
    }
    let mut shown = 0;
    for measurement in measurements(record, &[("model", model), ("task", task)]) {
        let is_sliced = measurement["slice"]
            .as_object()
            .is_some_and(|slice| !slice.is_empty());
        let is_suppressed = measurement["undefined"]["reason"] == "suppressed";
        if is_sliced {
            shown += u64::from(measurement["estimate"].is_number());
        }
        if is_suppressed && (measurement["n"] != 0 || measurement["clusters"] != 0) {
            return Err(
                format!("a suppressed value tells its number of cases: {measurement}").into(),
            );
        }
        // Means over labels are no sums: with one label left out, they would give it away.
        let slice = measurement["slice"].clone();
        let whole = measurement["label"].is_null()
            && ["skill", "macro-f1"]
                .iter()
                .any(|own| measurement["measure"] == *own);
        let of_group = |other: &&Value| {
            other["comparison"].is_null()
                && other["slice"] == slice
                && other["measure"] == "recall"
                && other["undefined"]["reason"] == "suppressed"
        };
        if is_sliced
            && whole
            && measurement["estimate"].is_number()
            && measurements(record, &[("model", model), ("task", task)])
                .iter()
                .any(of_group)
        {
            let name = measurement["measure"].as_str().unwrap_or_default();
            let among = matches!(
                measurement["comparison"]["kind"].as_str(),
                Some("gap" | "gap-by-chance")
            );
            if !among {
                return Err(format!(
                    "{name} of {slice} is shown though a label is not: {measurement}"
                )
                .into());
            }
        }
    }
    Ok((shown, small))
}

/// Without suppression the attacker knows every number.
fn attacker() -> Result<(), Failed> {
    for world in [&WORLDS[0], &WORLDS[5], &WORLDS[6]] {
        let folder = tempfile::tempdir()?;
        let truth = world.write(folder.path(), 0)?;
        let record = audit_both(folder.path(), world.flags)?;
        let attack = Attack::new(&truth, &record, "p", world.task);
        let (holes, small) = attack.holes(BELOW);
        if small < 20 || holes.len() < small * 9 / 10 {
            return Err(format!(
                "{}: {} of {small} small numbers were found",
                world.name,
                holes.len()
            )
            .into());
        }
    }
    Ok(())
}

fn bundled() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (_, mut record) = audit(folder.path(), &["--replicates", "100"])?;
    for part in ["measurements", "contrasts"] {
        let all = record[part].as_array_mut().ok_or("no results")?;
        all.retain(|one| one["dataset"] == "everyday-english");
    }
    let described = record["datasets"].as_array_mut().ok_or("no datasets")?;
    described.retain(|dataset| dataset["name"] == "everyday-english");
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/everyday-english/cases.csv");
    for (model, task, labels) in [
        ("reference:emotion", "emotion", EMOTIONS),
        ("reference:sentiment", "sentiment", SENTIMENTS),
    ] {
        let arguments = [
            "predict",
            "--model",
            model,
            "--dataset",
            "everyday-english",
            "-o",
            "p.csv",
            "--quiet",
            "--force",
        ];
        let output = program(folder.path(), &arguments)?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let answers = column(&folder.path().join("p.csv"), "label")?;
        let gold = column(&cases, task)?;
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, _)| (*label).to_owned())
            .collect();
        let place = |name: &String| {
            labels
                .iter()
                .position(|label| label == name)
                .into_iter()
                .collect::<Vec<usize>>()
        };
        let named = measurements(&record, &[("task", task), ("dataset", "everyday-english")]);
        let model = named
            .iter()
            .find_map(|m| m["model"].as_str().filter(|name| *name != "raters"));
        let model = model.ok_or("no model")?;
        for attribute in ["register", "variety", "gender", "age", "perspective"] {
            let groups = column(&cases, attribute)?;
            let cell =
                |group: &String| -> Cell { vec![(!group.is_empty()).then(|| group.clone())] };
            let cases = groups.iter().zip(&gold).zip(&answers);
            let cases = cases.filter(|((_, gold), answer)| !gold.is_empty() && !answer.is_empty());
            let truth = Truth {
                attributes: vec![attribute.to_owned()],
                labels: labels.clone(),
                multi_label: false,
                occurring: 1,
                cases: cases
                    .map(|((group, gold), answer)| (cell(group), place(gold), place(answer)))
                    .collect(),
            };
            check(&truth, &record, model, task).map_err(|failed| {
                format!("{attribute}: {}", failed.message().unwrap_or_default())
            })?;
        }
    }
    Ok(())
}

/// A column of a CSV file.
fn column(path: &Path, name: &str) -> Result<Vec<String>, Failed> {
    let mut reader = csv::Reader::from_path(path)?;
    let place = reader.headers()?.iter().position(|head| head == name);
    let place = place.ok_or_else(|| format!("{}: no column {name}", path.display()))?;
    let rows = reader
        .records()
        .map(|row| Ok(row?.get(place).unwrap_or_default().to_owned()));
    rows.collect()
}
