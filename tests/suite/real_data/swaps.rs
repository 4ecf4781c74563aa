//! Sentences that differ in who they are about: published shifts, and models of ours on the Equity Evaluation Corpus.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value;

use super::estimate;
use crate::run::{audit, close, measurements, program, said};

/// Three published models on pairs of sentences: shift, t, effect and p as published.
pub fn gendered(data: &Path) -> Result<(), Failed> {
    let source = data.join("gendered-sentiment");
    let corpus = fs::read_to_string(source.join("data/gender_corpus.tsv"))?;
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("d"))?;
    fs::write(
        folder.path().join("d/dataset.toml"),
        format!("name = \"gendered\"\n[columns]\nset = \"set\"\n{GENDER}"),
    )?;
    // The same with the sentences of an occupation as one cluster.
    fs::create_dir(folder.path().join("c"))?;
    fs::write(
        folder.path().join("c/dataset.toml"),
        format!("name = \"gendered\"\n[columns]\nset = \"set\"\ncluster = \"job\"\n{GENDER}"),
    )?;
    // Published pairs: the k-th male sentence with the k-th female one.
    let (mut male, mut female) = (0, 0);
    let mut cases = String::from("id,text,gender,set,job\n");
    let mut ids = Vec::new();
    for line in corpus.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let counter = if cells[2] == "male" {
            &mut male
        } else {
            &mut female
        };
        *counter += 1;
        cases.push_str(&format!(
            "{},\"{}\",{},pair-{counter},{}\n",
            cells[0],
            cells[1],
            cells[2],
            (*counter - 1) / 20
        ));
        ids.push(cells[0].to_owned());
    }
    fs::write(folder.path().join("d/cases.csv"), &cases)?;
    fs::write(folder.path().join("c/cases.csv"), cases)?;
    let logreg: Vec<f64> = scores(&source.join("runs/logreg.txt"))?;
    let lstm: Vec<f64> = scores(&source.join("runs/lstm.txt"))?;
    let bert = bert(&source, &corpus)?;
    // Shift and t as published; the rest from tests/oracles/gendered.py.
    let published = [
        (
            ("logreg", logreg),
            [
                0.034_566_837_5,
                5.906_212,
                0.295_310_619_979,
                7.501_186_29e-9,
            ],
            [0.022_317_155_714, 0.046_816_519_242],
        ),
        (
            ("lstm", lstm),
            [
                0.076_693_855_5,
                6.855_953,
                0.342_797_649_324,
                2.704_102_85e-11,
            ],
            [0.053_280_322_066, 0.100_107_388_898],
        ),
        (
            ("bert", bert),
            [
                -0.040_195_645_8,
                -4.250_127,
                -0.212_506_355_821,
                2.662_722_29e-5,
            ],
            [-0.066_833_970_501, -0.013_557_321_061],
        ),
    ];
    let wanted = [
        ("measure", "score-shift"),
        ("slice", "gender=female"),
        ("label", "positive"),
        ("comparison", "within-sets"),
    ];
    for ((name, scores), [shift, t, effect, p], limits) in published {
        let mut text = String::from("id,score:positive\n");
        for (id, score) in ids.iter().zip(&scores) {
            text.push_str(&format!("{id},{score}\n"));
        }
        let file = format!("{name}.csv");
        fs::write(folder.path().join(&file), text)?;
        let (_, record) = audit(folder.path(), &["--dataset", "d", "--predictions", &file])?;
        let agree = |what: &str, ours: &Value, theirs: f64, tolerance: f64| {
            let ours = ours.as_f64().unwrap_or(f64::NAN);
            close(&format!("{name}: {what}"), ours, theirs, tolerance)
        };
        let found = measurements(&record, &wanted);
        let [found] = found[..] else {
            return Err(format!("{name}: {} shifts", found.len()).into());
        };
        agree("shift", &found["estimate"], shift, 1e-9)?;
        agree("t", &found["test"]["statistic"], t, 1e-6)?;
        agree("df", &found["test"]["degrees_of_freedom"], 399.0, 0.0)?;
        agree("effect", &found["test"]["effect_size"], effect, 1e-9)?;
        agree("p", &found["test"]["p"], p, p * 1e-6)?;
        // A score alone is an answer to the swap.
        let swaps = estimate(
            &record,
            &[("measure", "set-coverage"), ("comparison", "within-sets")],
        )?;
        close(&format!("{name}: swaps"), swaps, 1.0, 0.0)?;
        let (_, clustered) = audit(folder.path(), &["--dataset", "c", "--predictions", &file])?;
        let found = measurements(&clustered, &wanted);
        let [found] = found[..] else {
            return Err(format!("{name}: {} clustered shifts", found.len()).into());
        };
        agree("clusters", &found["clusters"], 20.0, 0.0)?;
        agree("clustered low", &found["interval"]["low"], limits[0], 1e-9)?;
        agree(
            "clustered high",
            &found["interval"]["high"],
            limits[1],
            1e-9,
        )?;
        // There is no gold: accuracy is refused with the reason.
        let accuracy = measurements(&record, &[("measure", "accuracy")]);
        if accuracy.is_empty()
            || accuracy
                .iter()
                .any(|one| one["undefined"]["reason"] != "no-gold")
        {
            return Err(format!("{name}: accuracy without gold").into());
        }
    }
    Ok(())
}

const GENDER: &str = "[attributes.gender]\nabout = \"subject\"\nkind = \"demographic\"\n";

/// Two models on the Equity Evaluation Corpus: shifts by gender and race as the scores say them, set by set, with
/// intervals over the eleven templates, and gates that correct for how often they ask.
pub fn eec(data: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let from = data.join("eec").display().to_string();
    let arguments = [
        "dataset",
        "import",
        "--catalogue",
        "eec",
        "--from",
        &from,
        "-o",
        "eec",
    ];
    let output = program(folder.path(), &arguments)?;
    if !output.status.success() {
        return Err(said(&output).into());
    }
    let mut cases = csv::Reader::from_path(folder.path().join("eec/cases.csv"))?;
    let header = cases.headers()?.clone();
    let rows = cases.records().collect::<Result<Vec<_>, _>>()?;
    for (model, label) in [
        ("reference:sentiment", "negative"),
        ("reference:emotion", "anger"),
    ] {
        let arguments = [
            "predict",
            "--quiet",
            "--model",
            model,
            "--dataset",
            "eec",
            "--force",
            "-o",
            "p.csv",
        ];
        let output = program(folder.path(), &arguments)?;
        if !output.status.success() {
            return Err(said(&output).into());
        }
        let mut predictions = csv::Reader::from_path(folder.path().join("p.csv"))?;
        let named = format!("score:{label}");
        let place = predictions.headers()?.iter().position(|name| name == named);
        let place = place.ok_or("no such score")?;
        let mut score_of = HashMap::new();
        for row in predictions.records() {
            let row = row?;
            score_of.insert(row[0].to_owned(), row[place].parse::<f64>()?);
        }
        let (_, record) = audit(folder.path(), &["--dataset", "eec", "--model", model])?;
        for (attribute, group, other) in [
            ("gender", "female", "male"),
            ("race", "African-American", "European"),
        ] {
            let at = |name: &str| header.iter().position(|known| known == name).unwrap_or(0);
            // By set, sum and number of the scores of either side.
            let mut sets: BTreeMap<&str, [(f64, f64); 2]> = BTreeMap::new();
            for row in rows.iter().filter(|row| !row[at("set")].is_empty()) {
                let side = [group, other]
                    .iter()
                    .position(|name| row[at(attribute)] == **name);
                if let Some(side) = side {
                    let sum = &mut sets.entry(&row[at("set")]).or_default()[side];
                    *sum = (sum.0 + score_of[&row[at("id")]], sum.1 + 1.0);
                }
            }
            let shifts: Vec<f64> = sets
                .values()
                .filter(|sides| sides.iter().all(|(_, number)| *number > 0.0))
                .map(|[own, others]| own.0 / own.1 - others.0 / others.1)
                .collect();
            let mean = shifts.iter().sum::<f64>() / shifts.len() as f64;
            let slice = format!("{attribute}={group}");
            let wanted = [
                ("measure", "score-shift"),
                ("slice", slice.as_str()),
                ("label", label),
                ("comparison", "within-sets"),
            ];
            let found = measurements(&record, &wanted);
            let [found] = found[..] else {
                return Err(format!("{model} {slice}: {} shifts", found.len()).into());
            };
            let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
            // Predictions files keep six digits.
            close(
                &format!("{model} {slice}"),
                number(&found["estimate"]),
                mean,
                1e-5,
            )?;
            close("sets", number(&found["n"]), shifts.len() as f64, 0.0)?;
            let templates = number(&found["clusters"]);
            if !(2.0..=11.0).contains(&templates) {
                return Err(format!("{model} {slice}: {templates} templates").into());
            }
        }
        let asked = record["findings"].as_array().ok_or("no findings")?;
        let shifts = asked.iter().filter(|finding| {
            let measured = &finding["measurement"];
            measured["measure"] == "score-shift" && measured["slice"].get("race").is_some()
        });
        if shifts.count() == 0 {
            return Err(format!("{model}: no gate asks about race").into());
        }
    }
    Ok(())
}

fn scores(path: &Path) -> Result<Vec<f64>, Failed> {
    fs::read_to_string(path)?
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.trim().parse::<f64>().map_err(Failed::from))
        .collect()
}

/// The BERT scores align with another sentence list; they are matched by sentence.
fn bert(source: &Path, corpus: &str) -> Result<Vec<f64>, Failed> {
    let list = fs::read_to_string(source.join("runs/gender/test.tsv"))?;
    let results = fs::read_to_string(source.join("runs/gender/test_results.tsv"))?;
    let of_sentence: HashMap<&str, f64> = list
        .lines()
        .skip(1)
        .zip(results.lines())
        .filter_map(|(line, result)| {
            Some((
                line.split('\t').nth(1)?,
                result.split('\t').nth(1)?.trim().parse::<f64>().ok()?,
            ))
        })
        .collect();
    corpus
        .lines()
        .skip(1)
        .map(|line| {
            let sentence = line.split('\t').nth(1).unwrap_or_default();
            of_sentence
                .get(sentence)
                .copied()
                .ok_or_else(|| "a sentence without a score".into())
        })
        .collect()
}
