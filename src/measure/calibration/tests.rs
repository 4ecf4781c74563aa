//! Means over cases against values computed outside the crate (tests/oracles/rare_errors.py), and what an unseen error does.

use serde_json::Value;

use super::*;
use crate::case::LabelSource;
use crate::tally::Gaps;
use crate::task::crosswalk::bridge;
use crate::task::{Scheme, SchemeKind};

const RULES: Rules = Rules {
    level: 0.95,
    min_n: 10,
    suppress_below: 0,
    seed: 1,
    replicates: 100,
};

/// Cases of as many labels: probabilities, gold and answer.
fn evaluation(labels: usize, several: bool, outcomes: Vec<Option<Outcome>>) -> Evaluation {
    let seven = crate::task::built_in("five-way").expect("built in");
    let mut scheme = Scheme {
        kind: if several {
            SchemeKind::MultiLabel
        } else {
            SchemeKind::Nominal
        },
        ..(*seven).clone()
    };
    scheme.labels.truncate(labels);
    let scheme = std::sync::Arc::new(scheme);
    Evaluation {
        bridge: bridge(&scheme, &scheme).expect("the same labels"),
        gold_scheme: scheme.clone(),
        scheme,
        source: LabelSource::Perceived,
        multi_label: several,
        outcomes,
        gaps: Gaps::default(),
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[test]
fn means_with_rare_errors_agree_with_weighted_least_squares() {
    let oracles = include_str!("../../../tests/oracles/rare_errors.json");
    let oracles: Value = serde_json::from_str(oracles).unwrap();
    let worlds = oracles["means"].as_array().unwrap();
    assert_eq!(worlds.len(), 7);
    for (place, world) in worlds.iter().enumerate() {
        let cases = world["rows"].as_array().unwrap();
        let set = |value: &Value| LabelSet(value.as_u64().unwrap());
        let outcome = |case: &Value| {
            Some(Outcome {
                answer: Some(set(&case[4])),
                gold: set(&case[5]),
            })
        };
        let of_case = |case: &Value| Some(case[3].as_array().unwrap().iter().map(number).collect());
        let unit = |case: &Value| Unit {
            cluster: case[0].as_u64().map(|cluster| cluster as u32),
            weight: case[1].as_u64().unwrap() as u32,
        };
        let several = world["several"].as_bool().unwrap();
        let labels = world["labels"].as_u64().unwrap() as usize;
        let evaluation = evaluation(labels, several, cases.iter().map(outcome).collect());
        let rows: Rows = cases.iter().map(of_case).collect();
        let units: Vec<Unit> = cases.iter().map(unit).collect();
        for (measure, expected) in [
            (Measure::Overconfidence, &world["expected"][0]),
            (Measure::Brier, &world["expected"][1]),
            (Measure::LogLoss, &world["expected"][2]),
        ] {
            assert_eq!(expected[0], measure.id());
            let member = |case: usize| Some(cases[case][2] == 1);
            let of_group = of_group(measure, &evaluation, &rows, &units, member, &RULES);
            let found = [of_group.value.unwrap(), of_group.difference.unwrap()];
            for (ours, at) in found.iter().zip([1, 3]) {
                let theirs = [&expected[at], &expected[at + 1][0], &expected[at + 1][1]];
                let ours = [ours.value, ours.interval.low, ours.interval.high];
                for (ours, theirs) in ours.iter().zip(theirs.map(number)) {
                    let what = format!("world {place}, {}", measure.id());
                    assert!((ours - theirs).abs() < 1e-9, "{what}: {ours} {theirs}");
                }
            }
        }
    }
}

/// Twelve of twelve right, stated 0.97 to 0.99: as for the accuracy of the same, whose interval is [0.757, 1], an error
/// in four or five cases is not ruled out.
#[test]
fn twelve_right_of_twelve_prove_no_modesty() {
    let right = Outcome {
        gold: LabelSet::one(1),
        answer: Some(LabelSet::one(1)),
    };
    let evaluation = evaluation(2, false, vec![Some(right); 12]);
    let stated = |case: usize| 0.97 + 0.02 * case as f64 / 11.0;
    let rows: Rows = (0..12)
        .map(|case| Some(vec![1.0 - stated(case), stated(case)]))
        .collect();
    let units = vec![Unit::from(None); 12];
    let found = measure(&evaluation, &Ok(rows), &units, &RULES);
    let upper = |measure: Measure| {
        let one = found
            .iter()
            .find(|one| one.measure == measure && one.label.is_none());
        one.unwrap().result.as_ref().unwrap().interval.high
    };
    assert!((0.2..0.35).contains(&upper(Measure::Overconfidence)));
    assert!((0.4..0.75).contains(&upper(Measure::Brier)));
    assert!(upper(Measure::LogLoss) > 0.8);
}
