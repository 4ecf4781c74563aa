//! Two models on the same cases against scikit-learn, statsmodels and scipy (tests/oracles/paired_models.py).

use serde_json::Value;

use super::*;
use crate::case::LabelSource;
use crate::tally::Gaps;
use crate::task::{bridge, built_in};

const RULES: Rules = Rules {
    level: 0.95,
    min_n: 10,
    suppress_below: 0,
    seed: 1,
    replicates: 200,
};

/// Cluster, gold, first and second answer; an answer may be missing.
type Row = (Option<u32>, usize, Option<usize>, Option<usize>);

fn evaluation(rows: &[Row], answer: fn(&Row) -> Option<usize>) -> Evaluation {
    let scheme = built_in("three-way").unwrap();
    let outcome = |row: &Row| {
        Some(Outcome {
            gold: LabelSet::one(row.1),
            answer: answer(row).map(LabelSet::one),
        })
    };
    Evaluation {
        gold_scheme: scheme.clone(),
        source: LabelSource::Perceived,
        bridge: bridge(&scheme, &scheme).unwrap(),
        multi_label: false,
        outcomes: rows.iter().map(outcome).collect(),
        gaps: Gaps::default(),
        scheme,
    }
}

/// The differences of accuracy and skill.
fn measured(rows: &[Row]) -> Vec<Measured> {
    let first = evaluation(rows, |row| row.2);
    let joints = pair(&first, &evaluation(rows, |row| row.3)).unwrap();
    let joints = rows.iter().zip(joints);
    let slice = Slice::new(joints.filter_map(|(row, joint)| Some((row.0, joint?))));
    differences(&first, &slice, &RULES)
}

#[test]
fn differences_and_tests_agree_with_least_squares_and_the_binomial_distribution() {
    let worlds = include_str!("../../../tests/oracles/paired_models.json");
    let worlds: Value = serde_json::from_str(worlds).unwrap();
    let worlds = worlds.as_array().unwrap();
    assert_eq!(worlds.len(), 4);
    for (place, world) in worlds.iter().enumerate() {
        let rows: Vec<Row> = serde_json::from_value(world["rows"].clone()).unwrap();
        let clustered = rows[0].0.is_some();
        for (ours, name) in measured(&rows).iter().zip(["accuracy", "skill"]) {
            assert_eq!((ours.measure.id(), ours.n), (name, rows.len() as u64));
            let estimate = ours.result.as_ref().unwrap();
            let interval = estimate.interval;
            for (ours, theirs) in [estimate.value, interval.low, interval.high]
                .iter()
                .zip(0..)
            {
                let theirs = world[name][theirs].as_f64().unwrap();
                assert!(
                    (ours - theirs).abs() < 1e-9,
                    "{place} {name}: {ours} is not {theirs}"
                );
            }
            let test = estimate.test.as_ref().unwrap();
            if name == "skill" || clustered {
                assert_eq!(test.name, if clustered { "paired-t" } else { "paired-z" });
                assert_eq!(test.p < 0.05, interval.low > 0.0 || interval.high < 0.0);
            } else {
                let theirs = world["mcnemar"]["mid_p"].as_f64().unwrap();
                assert_eq!(test.name, "mcnemar-mid-p");
                assert!((test.p - theirs).abs() < 1e-12, "{place}: {}", test.p);
            }
        }
    }
}

#[test]
fn cases_that_one_model_left_out_compare_nothing() {
    let mut rows: Vec<Row> = (0..30)
        .map(|n| (None, n % 3, Some(n % 3), Some(0)))
        .collect();
    let whole = measured(&rows);
    assert_eq!(whole[0].n, 30);
    rows[1].2 = None;
    rows[2].3 = None;
    let fewer = measured(&rows);
    assert_eq!(fewer[0].n, 28);
    assert_eq!(fewer[0].result.as_ref().unwrap().value, 18.0 / 28.0);
    // Nothing is claimed on fewer cases than the rules ask for, nor where there is none.
    for rows in [&rows[..9], &rows[..0]] {
        for measured in measured(rows) {
            assert!(measured.result.is_err(), "{}", rows.len());
        }
    }
}

#[test]
fn models_that_are_judged_in_other_labels_are_not_compared() {
    let rows: Vec<Row> = (0..30).map(|n| (None, n % 3, Some(0), Some(1))).collect();
    let first = evaluation(&rows, |row| row.2);
    let mut second = evaluation(&rows, |row| row.3);
    second.outcomes[4] = Some(Outcome {
        gold: LabelSet::one(0),
        answer: Some(LabelSet::one(0)),
    });
    let apart = pair(&first, &second).unwrap_err();
    assert_eq!(apart.reason, Reason::NotApplicable);
    second = evaluation(&rows, |row| row.3);
    second.scheme = built_in("five-way").unwrap();
    assert!(pair(&first, &second).is_err());
}

/// Two models that err on the same hard cases, with a known difference: the paired interval holds it about as often as
/// it says, and is narrower than one that takes the two models for strangers.
#[test]
fn paired_intervals_hold_and_are_narrower_than_independent_ones() {
    let mut state = 7_u64;
    let mut random = || {
        // Knuth's MMIX generator; its upper bits are good enough for a few hundred draws.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    // Right answers: both 0.6, only the first 0.15, only the second 0.05, so that the difference is 0.1.
    const WORLDS: usize = 400;
    let (mut held, mut held_skill, mut paired, mut apart) = (0, 0, 0.0, 0.0);
    for _ in 0..WORLDS {
        let rows: Vec<Row> = (0..150)
            .map(|case| {
                let gold = case % 3;
                let other = (gold + 1 + usize::from(random() < 0.5)) % 3;
                let (first, second) = match random() {
                    u if u < 0.6 => (gold, gold),
                    u if u < 0.75 => (gold, other),
                    u if u < 0.8 => (other, gold),
                    _ => (other, other),
                };
                (None, gold, Some(first), Some(second))
            })
            .collect();
        let measured = measured(&rows);
        let holds = |place: usize, truth: f64| {
            let interval = measured[place].result.as_ref().unwrap().interval;
            interval.low <= truth && truth <= interval.high
        };
        held += usize::from(holds(0, 0.1));
        // Of three equally frequent labels skill is 1.5 x accuracy - 0.5.
        held_skill += usize::from(holds(1, 0.15));
        let interval = measured[0].result.as_ref().unwrap().interval;
        paired += interval.high - interval.low;
        let share = |answer: fn(&Row) -> Option<usize>| {
            let of = evaluation(&rows, answer);
            let slice = Slice::new(
                of.outcomes
                    .iter()
                    .filter_map(|outcome| Some((None, (*outcome)?))),
            );
            Linear::of(Event::Correct).estimate(&slice, 0.95).unwrap()
        };
        let (first, second) = (share(|row| row.2), share(|row| row.3));
        let strangers = crate::stats::difference::difference(&first, &second).interval;
        apart += strangers.high - strangers.low;
    }
    // 95 % of 400 are 380; three standard deviations are 13.
    for held in [held, held_skill] {
        assert!((367..=393).contains(&held), "{held}");
    }
    assert!(paired < 0.8 * apart, "{paired} against {apart}");
}

#[test]
fn changes_of_a_label_are_those_of_its_own_cases() {
    // Gold 0 in 40 cases, of which the first answer finds 30 and the second 26, 24 of them both; gold 1 in 60, of which
    // the first wrongly gives 0 in 6 and the second in 9, 5 of them both.
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |count: usize, gold: usize, first: usize, second: usize| {
        rows.extend(std::iter::repeat_n(
            (None, gold, Some(first), Some(second)),
            count,
        ));
    };
    add(24, 0, 0, 0);
    add(6, 0, 0, 1);
    add(2, 0, 1, 0);
    add(8, 0, 1, 1);
    add(5, 1, 0, 0);
    add(1, 1, 0, 1);
    add(4, 1, 1, 0);
    add(50, 1, 1, 1);
    let first = evaluation(&rows, |row| row.2);
    let joints = pair(&first, &evaluation(&rows, |row| row.3)).unwrap();
    let slice = Slice::new(joints.into_iter().map(|joint| (None, joint.unwrap())));
    // Bonett & Price (2012) in Python: p = lambda n, f, g, z=1.959963984540054: ((f - g) / n,
    //   *((f - g) / (n + 2) + s * z * (((f + g + 2) / (n + 2) - ((f - g) / (n + 2)) ** 2) / (n + 2)) ** 0.5
    //   for s in (-1, 1)))
    for (measure, n, expected) in [
        (
            Measure::Recall,
            40,
            [0.100000000000, -0.049493996231, 0.239970186707],
        ),
        (
            Measure::FalsePositiveRate,
            60,
            [-0.050000000000, -0.131153679008, 0.034379485460],
        ),
        (
            Measure::SelectionRate,
            100,
            [0.010000000000, -0.064592419382, 0.084200262519],
        ),
    ] {
        let (ours, result) = change(measure, Some(0), &first, &slice, 0.95).unwrap();
        let estimate = result.unwrap();
        let limits = [
            estimate.value,
            estimate.interval.low,
            estimate.interval.high,
        ];
        assert_eq!(ours, n, "{}", measure.id());
        for (ours, theirs) in limits.iter().zip(expected) {
            assert!((ours - theirs).abs() < 1e-9, "{} {limits:?}", measure.id());
        }
    }
    // What an answer is right about when it gives a label is asked of other cases each time.
    assert!(change(Measure::Precision, Some(0), &first, &slice, 0.95).is_none());
    assert!(change(Measure::MacroF1, None, &first, &slice, 0.95).is_none());
}
