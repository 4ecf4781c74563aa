//! Every measure where there is nothing to measure, or nothing that varies: no answers, no gold labels, one label, one
//! answer, one case, no error, clusters that are all alike. What is undefined stays so through record, gates and page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use affect_audit::measure::{Direction, pages};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{program, said};

/// A table of cells, its header first.
type Rows = Vec<Vec<String>>;

/// Takes away what a measure needs: from the cases, the answers and the ratings.
type Spoil = fn(&mut Rows, &mut Rows, &mut Rows);

/// Each way to spoil the data.
const WAYS: [(&str, Spoil); 7] = [
    ("no-answers", no_answers),
    ("no-gold", no_gold),
    ("one-label", one_label),
    ("one-answer", one_answer),
    ("one-case", one_case),
    ("all-right", all_right),
    ("even-clusters", even_clusters),
];

/// What each way leaves of the measures of all cases, line by line; `UPDATE_EXPECTED=1` writes it.
const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/undefined.txt");

const DATASETS: [&str; 6] = [
    "ordered",
    "several",
    "swapped",
    "numbers",
    "readers",
    "behaviour",
];

pub fn trials() -> Vec<Trial> {
    vec![Trial::test(
        "undefined::stays_so_through_record_gates_and_page",
        walk,
    )]
}

fn column(rows: &Rows, wanted: &str) -> Option<usize> {
    rows.first()?.iter().position(|name| name == wanted)
}

fn set(rows: &mut Rows, columns: &[&str], value: impl Fn(&[Vec<String>], usize) -> String) {
    for name in columns {
        if let Some(column) = column(rows, name) {
            let value = value(&rows[1..], column);
            for row in &mut rows[1..] {
                row[column] = value.clone();
            }
        }
    }
}

const GOLD: [&str; 4] = ["sentiment", "emotion", "valence", "arousal"];
const ANSWERS: [&str; 8] = [
    "label",
    "score:negative",
    "score:neutral",
    "score:positive",
    "score:valence",
    "score:arousal",
    "abstained",
    "error",
];

fn no_answers(_: &mut Rows, answers: &mut Rows, _: &mut Rows) {
    set(answers, &ANSWERS, |_, _| String::new());
}

fn no_gold(cases: &mut Rows, _: &mut Rows, ratings: &mut Rows) {
    set(cases, &GOLD, |_, _| String::new());
    set(ratings, &GOLD, |_, _| String::new());
}

fn one_label(cases: &mut Rows, _: &mut Rows, ratings: &mut Rows) {
    set(cases, &GOLD, |rows, column| rows[0][column].clone());
    set(ratings, &GOLD, |rows, column| rows[0][column].clone());
}

fn one_answer(_: &mut Rows, answers: &mut Rows, _: &mut Rows) {
    set(answers, &ANSWERS, |rows, column| rows[0][column].clone());
}

fn one_case(cases: &mut Rows, answers: &mut Rows, ratings: &mut Rows) {
    for rows in [cases, answers, ratings] {
        let first = rows.get(1).map(|row| row[0].clone());
        rows.retain(|row| row[0] == "id" || Some(&row[0]) == first.as_ref());
    }
}

fn all_right(cases: &mut Rows, answers: &mut Rows, _: &mut Rows) {
    for gold in GOLD {
        let Some(place) = column(cases, gold) else {
            continue;
        };
        let of_case: BTreeMap<&str, &str> = cases
            .iter()
            .map(|row| (row[0].as_str(), row[place].as_str()))
            .collect();
        let header = answers[0].clone();
        for row in &mut answers[1..] {
            // Answers to cases without gold stay as they are.
            let right = of_case.get(row[0].as_str()).copied().unwrap_or_default();
            if right.is_empty() {
                continue;
            }
            for (cell, name) in row.iter_mut().zip(&header) {
                *cell = match name.strip_prefix("score:") {
                    None if name == "label" => right.to_owned(),
                    Some(dimension) if dimension == gold => right.to_owned(),
                    Some(label) if gold == "sentiment" => u8::from(label == right).to_string(),
                    _ => continue,
                };
            }
        }
    }
}

/// Cases differ within clusters, and clusters, which lie within groups, not at all: in each one answer lies as far above
/// the truth as another below it, or a swap raises the score as much as another lowers it.
fn even_clusters(cases: &mut Rows, answers: &mut Rows, _: &mut Rows) {
    if cases.is_empty() {
        return;
    }
    let ids: Vec<String> = cases[1..].iter().map(|row| row[0].clone()).collect();
    let (first, columns) = (answers[1].clone(), answers[0].clone());
    let is_clustered = column(cases, "template").is_some();
    for (name, values) in [
        ("sentiment", ["negative", "positive"]),
        ("emotion", ["joy", "anger"]),
        ("valence", ["3", "3"]),
        ("arousal", ["3", "3"]),
    ] {
        if let Some(column) = column(cases, name) {
            for (case, row) in cases[1..].iter_mut().enumerate() {
                row[column] = values[case % 2].to_owned();
            }
        }
    }
    if let Some(column) = column(cases, "region") {
        for (case, row) in cases[1..].iter_mut().enumerate() {
            row[column] = ["north", "south"][case / 2 % 2].to_owned();
        }
    }
    if !is_clustered {
        for (line, row) in cases.iter_mut().enumerate() {
            let cluster = line.checked_sub(1).map(|case| format!("k{}", case / 2));
            row.push(cluster.unwrap_or_else(|| "cluster".to_owned()));
        }
    }
    let score = |case: usize, name: &str| {
        let up = (case + if is_clustered { case / 2 } else { 0 }).is_multiple_of(2);
        Some(match name {
            "score:valence" | "score:arousal" if up => "3.5",
            "score:valence" | "score:arousal" => "2.5",
            "score:neutral" => "0",
            "score:positive" | "score:negative" if !is_clustered => "0.5",
            "score:positive" | "score:negative" if up == (name == "score:positive") => "0.625",
            "score:positive" | "score:negative" => "0.375",
            _ => return None,
        })
    };
    answers.truncate(1);
    for (case, id) in ids.into_iter().enumerate() {
        let mut row = first.clone();
        for (cell, name) in row.iter_mut().zip(&columns) {
            if let Some(score) = score(case, name) {
                *cell = score.to_owned();
            }
        }
        row[0] = id;
        answers.push(row);
    }
}

fn read(path: &Path) -> Result<Rows, Failed> {
    if !path.is_file() {
        return Ok(Rows::new());
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)?;
    let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
    let cells = |row: &csv::StringRecord| row.iter().map(str::to_owned).collect();
    Ok(rows.iter().map(cells).collect())
}

fn write(path: &Path, rows: &Rows) -> Result<(), Failed> {
    let mut writer = csv::Writer::from_path(path)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.flush()?)
}

const LABELS: &[&str] = &["sentiment", "emotion"];
const NUMBERS: [&str; 6] = ["mae", "rmse", "bias", "pearson", "spearman", "concordance"];

/// A gate on every measure and task that any number would pass but one at the end of the range: a gate that every number
/// passes is refused.
fn policy() -> String {
    let mut text = "# Gates that any number passes\n\n```toml\n[policy]\nname = \"any\"\nversion = \"1\"\n\n[evidence]\nlevel = 0.95\nmin_n = 1\nsuppress_below = 0\n".to_owned();
    for (_, page) in pages() {
        let (low, high) = (page.range.0 + 1e-6, page.range.1 - 1e-6);
        let bound = match page.direction {
            Direction::Higher | Direction::Neither if low.is_finite() => format!("min = {low:.6}"),
            Direction::Higher | Direction::Neither => "min = -1000.0".to_owned(),
            Direction::Lower if high.is_finite() => format!("max = {high:.6}"),
            Direction::Zero if high.is_finite() => format!("within = {high:.6}"),
            Direction::Lower => "max = 1000000.0".to_owned(),
            Direction::Zero => "within = 1000000.0".to_owned(),
        };
        // Some are comparisons of groups by themselves, and some are of numbers on dimensions.
        let (by, of, tasks) = match page.id {
            "equalised-odds" => ("label-and-group", "difference", LABELS),
            "impact-ratio" => ("label-and-group", "value", LABELS),
            "human-cross-kappa" => ("group", "value", LABELS),
            "scoring-rate" => ("label", "value", LABELS),
            id if NUMBERS.contains(&id) => ("label", "value", &["intensity"][..]),
            _ => ("overall", "value", LABELS),
        };
        for task in tasks {
            let _ = write!(
                text,
                "\n[[gate]]\nid = \"{task}-{0}\"\ntitle = \"Any {0}\"\nmeasure = \"{0}\"\ntask = \"{task}\"\nby = \"{by}\"\nof = \"{of}\"\n{bound}\nseverity = \"error\"\ninsufficient = \"block\"\n",
                page.id
            );
        }
    }
    text + "```\n"
}

fn walk() -> Result<(), Failed> {
    let mut lines = String::new();
    for (way, spoil) in WAYS {
        let mut seen = BTreeSet::new();
        for dataset in DATASETS {
            let place = tempfile::tempdir()?;
            let record = spoiled(place.path(), dataset, spoil)
                .map_err(|fault| format!("{way}, {dataset}: {}", fault.message().unwrap_or("")))?;
            let page = fs::read_to_string(place.path().join("out/index.html"))?;
            let all = record["measurements"].as_array().ok_or("no measurements")?;
            for measurement in all {
                let said =
                    one(measurement).map_err(|fault| format!("{way}, {dataset}: {fault}"))?;
                let id = measurement["measure"].as_str().unwrap_or_default();
                seen.insert(id.to_owned());
                let of_all = measurement["slice"]
                    .as_object()
                    .is_some_and(|slice| slice.is_empty());
                // Numbers have no value over all dimensions: one of these stands for them.
                let label = &measurement["label"];
                let of_all = of_all && (label.is_null() || label == "valence");
                // Agreement with others is always a group's: one of these stands for it.
                let of_all =
                    of_all || id == "human-cross-kappa" && measurement["slice"]["shift"] == "night";
                if of_all && measurement["comparison"].is_null() {
                    let _ = writeln!(lines, "{way} {dataset} {id}: {said}");
                }
            }
            for finding in record["findings"].as_array().ok_or("no findings")? {
                if finding["measurement"]["estimate"].is_null() && finding["outcome"] == "pass" {
                    return Err(format!("{way}, {dataset}: {finding} passes on nothing").into());
                }
            }
            if let Some(number) = ["NaN", ">inf", ">-inf", "Infinity"]
                .iter()
                .find(|odd| page.contains(**odd))
            {
                return Err(format!("{way}, {dataset}: the page shows {number}").into());
            }
        }
        let missing = pages().filter(|(_, page)| !seen.contains(page.id));
        let missing: Vec<&str> = missing.map(|(_, page)| page.id).collect();
        if !missing.is_empty() {
            return Err(format!("{way}: nothing is said of {}", missing.join(", ")).into());
        }
    }
    if std::env::var_os("UPDATE_EXPECTED").is_some_and(|value| value == "1") {
        return Ok(fs::write(EXPECTED, lines)?);
    }
    if fs::read_to_string(EXPECTED)? == lines {
        Ok(())
    } else {
        Err("tests/suite/undefined.txt says otherwise; UPDATE_EXPECTED=1 writes it, read the difference".into())
    }
}

/// Audits a dataset that was spoiled; no gate may pass all the same.
fn spoiled(place: &Path, dataset: &str, spoil: Spoil) -> Result<Value, Failed> {
    let oracles = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
    let (source, folder) = (oracles.join("measures").join(dataset), place.join("d"));
    let bundled = dataset == "behaviour";
    let answers = if bundled {
        oracles.join("behaviour.csv")
    } else {
        source.join("predictions.csv")
    };
    let mut cases = read(&source.join("cases.csv"))?;
    let mut answers = read(&answers)?;
    let mut ratings = read(&source.join("ratings.csv"))?;
    spoil(&mut cases, &mut answers, &mut ratings);
    write(&place.join("p.csv"), &answers)?;
    fs::write(place.join("p.md"), policy())?;
    if !bundled {
        fs::create_dir(&folder)?;
        let mut card = fs::read_to_string(source.join("dataset.toml"))?;
        if column(&cases, "cluster").is_some() {
            card += "[columns]\ncluster = \"cluster\"\n";
        }
        fs::write(folder.join("dataset.toml"), card)?;
        write(&folder.join("cases.csv"), &cases)?;
        if !ratings.is_empty() {
            write(&folder.join("ratings.csv"), &ratings)?;
        }
    }
    let dataset = if bundled { dataset } else { "d" };
    let arguments = [
        "audit",
        "--quiet",
        "--dataset",
        dataset,
        "--predictions",
        "p.csv",
        "--policy",
        "p.md",
        "--replicates",
        "100",
        "--out",
        "out",
    ];
    let output = program(place, &arguments)?;
    // Every gate asks for a value of every measure, and no dataset has them all.
    if output.status.code() != Some(3) {
        return Err(format!("{:?}: {}", output.status.code(), said(&output)).into());
    }
    Ok(serde_json::from_str(&fs::read_to_string(
        place.join("out/audit.json"),
    )?)?)
}

/// Either a number within its interval and the range of its measure, or a reason; what it is in a word.
fn one(measurement: &Value) -> Result<String, String> {
    let interval = &measurement["interval"];
    let numbers = (
        interval["low"].as_f64(),
        measurement["estimate"].as_f64(),
        interval["high"].as_f64(),
    );
    // However shuffled, equal answers differ between groups by nothing: this alone may have no width.
    let exact = interval["method"] == "permutation";
    let page = pages().find(|(_, page)| measurement["measure"] == page.id);
    let (least, most) = page.map_or((f64::NAN, f64::NAN), |(_, page)| page.range);
    // Differences have a range of their own.
    let alone = measurement["comparison"].is_null();
    let inside = |low: f64, high: f64| !alone || (least <= low && high <= most);
    let undefined = &measurement["undefined"];
    let reason = undefined["reason"].as_str();
    match (numbers, reason) {
        ((Some(low), Some(value), Some(high)), None)
            if low <= value && value <= high && (low < high || exact) && inside(low, high) =>
        {
            Ok("a value".to_owned())
        }
        ((None, None, None), Some(reason))
            if undefined["detail"]
                .as_str()
                .is_some_and(|detail| !detail.is_empty()) =>
        {
            Ok(reason.to_owned())
        }
        _ => Err(measurement.to_string()),
    }
}
