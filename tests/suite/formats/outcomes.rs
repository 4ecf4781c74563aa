//! What formats make of each outcome, and that the tables hold the same and compute nothing.

use std::collections::BTreeMap;
use std::fs;

use affect_audit::dataset::table::Table;
use affect_audit::record;
use affect_audit::report::{csv, junit, local_law_144, sarif};
use libtest_mimic::Failed;
use serde_json::Value;

use super::{bundled, hostile, read};
use crate::run::program;

pub fn junit_states() -> Result<(), Failed> {
    let record = hostile::record(&bundled()?)?;
    let cases = read::junit_cases(&junit::render(&record))?;
    for finding in &record.findings {
        let blocks = finding.insufficient == "block";
        let expected = match finding.outcome.as_str() {
            "pass" => "system-out",
            "fail" => "failure",
            "waived" => "skipped",
            _ if blocks => "error",
            _ => "skipped",
        };
        let id = read::line(&finding.id);
        let case = cases.iter().find(|case| case.name == id);
        let state = case.map_or("absent", |case| &case.state);
        if state != expected {
            return Err(format!(
                "{id} ({}): {state} where {expected} is right",
                finding.outcome
            )
            .into());
        }
        if let (Some(waiver), Some(case), "waived") =
            (&finding.waiver, case, finding.outcome.as_str())
            && !case.text.contains(&read::line(&waiver.reason))
        {
            return Err(
                format!("{id} does not give the reason of its waiver: {}", case.text).into(),
            );
        }
    }
    Ok(())
}

pub fn sarif_states() -> Result<(), Failed> {
    let record = hostile::record(&bundled()?)?;
    let log: Value = serde_json::from_str(&sarif::render(&record))?;
    let results = log["runs"][0]["results"].as_array().ok_or("no results")?;
    for (finding, result) in record.findings.iter().zip(results) {
        let blocks = finding.insufficient == "block";
        let (kind, level) = match finding.outcome.as_str() {
            "pass" => ("pass", "none"),
            "fail" => ("fail", finding.severity.as_str()),
            "waived" => ("review", "none"),
            "unmeasured" if !blocks => ("notApplicable", "none"),
            _ => ("open", "none"),
        };
        let is_suppressed = result["suppressions"][0]["status"] == "accepted";
        if result["kind"] != kind || result["level"] != level || is_suppressed != (kind == "review")
        {
            return Err(format!("{} ({}): {result}", finding.id, finding.outcome).into());
        }
        let rule = &log["runs"][0]["tool"]["driver"]["rules"]
            [result["ruleIndex"].as_u64().unwrap_or(u64::MAX) as usize];
        if rule["id"] != result["ruleId"] || rule["id"] != read::line(&finding.gate).as_str() {
            return Err(format!("{}: the rule is {}", finding.id, rule["id"]).into());
        }
    }
    Ok(())
}

/// Results point at the policy and the card as they were named, relative to the repository.
pub fn sarif_places() -> Result<(), Failed> {
    let mut record = bundled()?;
    let run = record.run.as_mut().ok_or("no run")?;
    run.policy = Some("./policies/our policy.md".to_owned());
    run.folders
        .insert("everyday-english".to_owned(), "data/set".to_owned());
    let log: Value = serde_json::from_str(&sarif::render(&record))?;
    let results = log["runs"][0]["results"].as_array().ok_or("no results")?;
    let gate = |id: &str| record.policy.gates.iter().find(|gate| gate.id == id);
    for (finding, result) in record.findings.iter().zip(results) {
        let place = &result["locations"][0]["physicalLocation"];
        let line = gate(&finding.gate).map_or(1, |gate| gate.line);
        if place["artifactLocation"]["uri"] != "policies/our%20policy.md"
            || place["artifactLocation"]["uriBaseId"] != "%SRCROOT%"
            || place["region"]["startLine"] != line
        {
            return Err(format!("{}: {place}", finding.id).into());
        }
        let on_folder = finding
            .measurement
            .as_ref()
            .is_some_and(|m| m.dataset == "everyday-english");
        let card = &result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        if (card == "data/set/dataset.toml") != on_folder {
            return Err(format!("{}: {card}", finding.id).into());
        }
    }
    Ok(())
}

pub fn parquet_as_csv() -> Result<(), Failed> {
    let record = hostile::record(&bundled()?)?;
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("audit.json"), record::to_json(&record))?;
    let output = program(
        folder.path(),
        &[
            "report",
            "audit.json",
            "--format",
            "parquet",
            "-o",
            "audit.parquet",
        ],
    )?;
    if output.status.code() != Some(0) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let bytes = fs::read(folder.path().join("audit.parquet"))?;
    let table =
        Table::from_parquet("audit.parquet", bytes).map_err(|problems| problems.to_string())?;
    let text = csv::render(&record);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    if reader
        .headers()?
        .iter()
        .ne(table.header().iter().map(String::as_str))
    {
        return Err(format!("the columns are {:?}", table.header()).into());
    }
    let mut rows = 0;
    for row in reader.records() {
        for (column, cell) in row?.iter().enumerate() {
            let other = table.cell(rows, column);
            let same = match (cell.parse::<f64>(), other.parse::<f64>()) {
                (Ok(one), Ok(other)) => one == other,
                _ => cell == other || cell == format!("'{other}"),
            };
            if !same {
                return Err(
                    format!("row {rows}, column {column}: {other} where CSV has {cell}").into(),
                );
            }
        }
        rows += 1;
    }
    if rows == table.rows() && rows > record.findings.len() {
        Ok(())
    } else {
        Err(format!("{rows} rows in CSV, {} in Parquet", table.rows()).into())
    }
}

pub fn csv_computes_nothing() -> Result<(), Failed> {
    let plain = bundled()?;
    let record = hostile::record(&plain)?;
    let text = csv::render(&record);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let mut rows = 0;
    for row in reader.records() {
        rows += 1;
        for cell in &row? {
            let begins = cell
                .trim_start()
                .starts_with(['=', '+', '-', '@', '\t', '\r']);
            if begins && cell.parse::<f64>().is_err() {
                return Err(format!("a cell that a spreadsheet computes: {cell}").into());
            }
        }
    }
    let expected = record.measurements.len() + record.findings.len();
    if rows == expected {
        Ok(())
    } else {
        Err(format!("{rows} rows where {expected} are right").into())
    }
}

/// In each table one group a label has the highest rate, and the others' impact ratios are their rates over it.
pub fn impact_ratios() -> Result<(), Failed> {
    let record = bundled()?;
    let text = local_law_144::render(&record);
    let tables = text
        .split("## Findings of the audit")
        .next()
        .unwrap_or_default();
    for mark in ["four fifths", "0.8 or", "fail", "violat"] {
        if tables.contains(mark) {
            return Err(
                format!("the tables speak of {mark}, and the law sets no pass mark").into(),
            );
        }
    }
    let mut compared = 0;
    for table in tables.split("### ").skip(1) {
        let mut labels: BTreeMap<(&str, &str), Vec<(f64, &str)>> = BTreeMap::new();
        for line in table.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [label, _, _, _, rate, of, ratio] = cells[..] else {
                // The table of what is unknown has fewer columns.
                continue;
            };
            if let Some(rate) = rate.split(' ').next().and_then(|rate| rate.parse().ok()) {
                labels.entry((label, of)).or_default().push((rate, ratio));
            }
        }
        for ((label, _), rows) in labels {
            let own = rows.iter().filter(|(_, ratio)| ratio.starts_with("1, by"));
            let highest: Vec<f64> = own.map(|(rate, _)| *rate).collect();
            let [highest] = highest[..] else {
                return Err(format!("{label}: {} rates are the highest", highest.len()).into());
            };
            for (rate, ratio) in rows {
                let value = ratio.split([' ', ',']).next().and_then(|x| x.parse().ok());
                let value: f64 = value.ok_or_else(|| format!("{label}: {ratio}"))?;
                // Rates and ratios are rounded to two digits.
                let spread = 0.005 + 0.005 * (1.0 + value) / (highest - 0.005);
                if rate > highest || (value - rate / highest).abs() > spread {
                    return Err(format!("{label}: {ratio} for {rate} over {highest}").into());
                }
                compared += 1;
            }
        }
    }
    // Negative, neutral and positive for three groups at the least.
    if compared >= 9 {
        Ok(())
    } else {
        Err(format!("{compared} ratios were found").into())
    }
}
