//! Functional tests: failure rates against values computed outside the crate, and what the bundled suite must hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use affect_audit::case::behaviour::Expectation;
use affect_audit::dataset;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::{audit, close, measurements};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("behaviour::failure_rates_as_counted_elsewhere", oracle),
        Trial::test("behaviour::the_bundled_suite_is_whole", whole),
        Trial::test(
            "behaviour::a_constant_model_is_told_from_a_good_one",
            constant,
        ),
    ]
}

/// The reference values come from tests/oracles/behaviour.py, which reads the same cases.
fn oracle() -> Result<(), Failed> {
    let expected: Vec<Value> = serde_json::from_str(include_str!("../oracles/behaviour.json"))?;
    let predictions = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/behaviour.csv");
    let folder = tempfile::tempdir()?;
    let (_, record) = audit(
        folder.path(),
        &[
            "--dataset",
            "behaviour",
            "--predictions",
            &predictions.display().to_string(),
        ],
    )?;
    let of = |measure: &str, value: &Value| -> Result<Value, Failed> {
        let all = measurements(&record, &[("measure", measure)]);
        let found = all.into_iter().find(|m| {
            m["slice"]["capability"] == value["capability"]
                && m["slice"]["expectation"] == value["expectation"]
        });
        Ok(found
            .ok_or_else(|| format!("no {measure} of {value}"))?
            .clone())
    };
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    for value in &expected {
        let name = format!("{} {}", value["capability"], value["expectation"]);
        let rate = of("failure-rate", value)?;
        let coverage = of("test-coverage", value)?;
        if rate["n"] != value["applied"] || coverage["n"] != value["tests"] {
            return Err(format!("{name}: {} of {}", rate["n"], coverage["n"]).into());
        }
        if rate["clusters"] != value["clusters"] {
            return Err(format!("{name}: {} clusters", rate["clusters"]).into());
        }
        let applied = number(&value["applied"]);
        let share = applied / number(&value["tests"]);
        close(&name, number(&coverage["estimate"]), share, 1e-11)?;
        if applied < 10.0 {
            // Too few to be shown.
            if rate["undefined"]["reason"] != "suppressed" {
                return Err(format!("{name}: {rate}").into());
            }
            continue;
        }
        close(
            &name,
            number(&rate["estimate"]),
            number(&value["failed"]),
            1e-11,
        )?;
        for end in ["low", "high"] {
            let found = number(&rate["interval"][end]);
            close(&format!("{name}, {end}"), found, number(&value[end]), 1e-9)?;
        }
    }
    let measured = measurements(&record, &[("measure", "failure-rate")]).len();
    if measured == expected.len() && measured > 20 {
        Ok(())
    } else {
        Err(format!("{measured} failure rates, and {} elsewhere", expected.len()).into())
    }
}

/// What the issue of bundling is: enough tests of every capability, texts that occur once, partners that test nothing.
fn whole() -> Result<(), Failed> {
    let dataset = dataset::read("behaviour").map_err(|problems| problems.to_string())?;
    let cases = &dataset.cases;
    let behaviour = cases.behaviour.as_ref().ok_or("no tests")?;
    let texts = cases.texts.as_ref().ok_or("no texts")?;
    if texts.iter().collect::<BTreeSet<_>>().len() != texts.len() {
        return Err("a text occurs twice".into());
    }
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (case, test) in behaviour.tests.iter().enumerate() {
        let Some(test) = test else { continue };
        let code = behaviour.capabilities.codes()[case].ok_or("a test of nothing")?;
        let capability = behaviour.capabilities.names()[code as usize].as_str();
        let kinds = counts.entry(capability).or_default();
        *kinds.entry(test.expectation.kind()).or_default() += 1;
        if let Expectation::Invariance { partner } | Expectation::Directional { partner, .. } =
            test.expectation
            && behaviour.tests[partner].is_some()
        {
            return Err(format!("{}: its partner is a test itself", cases.ids[case]).into());
        }
    }
    for capability in [
        "negation",
        "hedging",
        "irony",
        "comparatives",
        "temporal-change",
        "emoji",
        "code-switching",
        "understatement",
        "polite-indirectness",
        "modesty",
        "restraint",
    ] {
        if !counts.contains_key(capability) {
            return Err(format!("no tests of {capability}").into());
        }
    }
    let page = include_str!("../../docs/behaviour.md");
    let mut total = 0;
    for (capability, kinds) in &counts {
        let tests: usize = kinds.values().sum();
        // Fewer would be suppressed, or say next to nothing.
        if tests < 20 || kinds.values().any(|count| *count < 12) {
            return Err(format!("{capability}: {kinds:?}").into());
        }
        let cell = |kind| match kinds.get(kind) {
            Some(count) => format!(" {count} "),
            None => " ".to_owned(),
        };
        let [minimum, invariance, directional] = Expectation::KINDS.map(cell);
        let row = format!("| {capability} |{minimum}|{invariance}|{directional}|");
        if !page.contains(&row) {
            return Err(format!("docs/behaviour.md lacks the row {row}").into());
        }
        total += tests;
    }
    if page.contains(&format!("`behaviour` holds {total} tests")) {
        Ok(())
    } else {
        Err(format!("docs/behaviour.md does not say {total} tests").into())
    }
}

/// A model that always says the same passes what asks for sameness, and nothing else.
fn constant() -> Result<(), Failed> {
    let dataset = dataset::read("behaviour").map_err(|problems| problems.to_string())?;
    let mut predictions = "id,label,score:negative,score:neutral,score:positive\n".to_owned();
    for id in &dataset.cases.ids {
        predictions.push_str(&format!("{id},neutral,0.2,0.6,0.2\n"));
    }
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("same.csv"), predictions)?;
    let (_, record) = audit(
        folder.path(),
        &["--dataset", "behaviour", "--predictions", "same.csv"],
    )?;
    for measurement in measurements(&record, &[("measure", "failure-rate")]) {
        let slice = &measurement["slice"];
        let kind = slice["expectation"].as_str().unwrap_or_default();
        let capability = slice["capability"].as_str().unwrap_or_default();
        let rate = measurement["estimate"].as_f64().unwrap_or(f64::NAN);
        // These ask only that a score does not move the wrong way.
        let tolerant = ["hedging", "intensifiers", "modesty"].contains(&capability);
        let expected = match kind {
            "invariance" => 0.0,
            "directional" => f64::from(!tolerant),
            _ => continue,
        };
        close(&format!("{capability} {kind}"), rate, expected, 1e-11)?;
        let interval = &measurement["interval"];
        if interval["low"] == interval["high"] {
            return Err(format!("{capability}: an interval without width").into());
        }
    }
    Ok(())
}
