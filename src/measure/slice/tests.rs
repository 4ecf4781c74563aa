//! Weighted slices against weighted least squares outside this crate, and what no weighting may change.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::measure::sum::Sum;
use crate::stats::Estimate;
use crate::stats::mean::{Values, sum_of_means};

fn oracles(name: &str) -> Vec<Value> {
    let oracles = include_str!("../../../tests/oracles/weights.json");
    let oracles: Value = serde_json::from_str(oracles).unwrap();
    oracles[name].as_array().unwrap().clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn unit(row: &Value) -> Unit {
    Unit {
        cluster: row[0].as_u64().map(|cluster| cluster as u32),
        weight: number(&row[1]) as u32,
    }
}

fn agree(what: &str, ours: &Estimate, case: &Value) {
    let theirs = [&case["value"], &case["interval"][0], &case["interval"][1]].map(number);
    let ours = [ours.value, ours.interval.low, ours.interval.high];
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert!(
            (ours - theirs).abs() < 1e-9,
            "{what}: {ours} is not {theirs}"
        );
    }
}

#[test]
fn weighted_sums_agree_with_weighted_least_squares() {
    let cases = oracles("sums");
    assert_eq!(cases.len(), 9);
    for (place, case) in cases.iter().enumerate() {
        let rows = case["rows"].as_array().unwrap();
        let slice = Slice::new(rows.iter().enumerate().map(|(n, row)| (unit(row), n)));
        let mut sum = Sum::new(number(&case["constant"]));
        let coefficients = case["coefficients"].as_array().unwrap();
        for (term, coefficient) in coefficients.iter().enumerate() {
            let value = |row: &usize| rows[*row][2][term].as_f64();
            sum.add(number(coefficient), &slice, value).unwrap();
        }
        let ours = sum.estimate(number(&case["level"])).unwrap();
        agree(&format!("sum {place}"), &ours, case);
        assert!(ours.interval.low < ours.interval.high, "sum {place}");
    }
}

#[test]
fn weighted_means_agree_with_weighted_least_squares() {
    for (place, case) in oracles("means").iter().enumerate() {
        let mut values = Values::default();
        for (case, row) in case["rows"].as_array().unwrap().iter().enumerate() {
            let Unit { cluster, weight } = unit(row);
            let cluster = cluster.map_or(1_000_000 + case as u64, u64::from);
            values.weigh(cluster, weight, number(&row[2]));
        }
        let ours = sum_of_means(&[(1.0, &values)], (-1e9, 1e9), number(&case["level"])).unwrap();
        agree(&format!("mean {place}"), &ours, case);
    }
}

/// The share of `true` with its interval, where everything is right at the first of two weights.
fn share<U: Into<Unit>>(cases: impl Iterator<Item = (U, bool)>) -> Estimate {
    let slice = Slice::new(cases);
    let mut sum = Sum::new(0.0);
    sum.add(1.0, &slice, |right| Some(f64::from(*right)))
        .unwrap();
    sum.estimate(0.95).unwrap()
}

#[test]
fn few_cases_that_are_all_right_leave_room_and_uneven_weights_more() {
    let weighted = |heavy: u32| {
        share((0..12).map(move |case| {
            let unit = Unit {
                cluster: None,
                weight: if case == 0 { heavy } else { 100 },
            };
            (unit, true)
        }))
    };
    let (even, uneven, one) = (weighted(100), weighted(300), weighted(100_000_000));
    let plain = share((0..12).map(|_| (None::<u32>, true)));
    assert_eq!(even, plain);
    assert!(
        even.interval.low > uneven.interval.low,
        "{even:?} {uneven:?}"
    );
    assert!(one.interval.low < 0.25, "{one:?}");
    assert_eq!(one.value, 1.0);
}

fn cases() -> impl Strategy<Value = Vec<(Option<u32>, u32, bool)>> {
    let clusters = prop_oneof![Just(None), (0_u32..6).prop_map(Some)];
    proptest::collection::vec((clusters, 1_u32..5, any::<bool>()), 1..60)
}

fn units(cases: &[(Option<u32>, u32, bool)], times: u32) -> Vec<(Unit, bool)> {
    let of = |(cluster, weight, right): &(Option<u32>, u32, bool)| {
        let unit = Unit {
            cluster: *cluster,
            weight: weight * times,
        };
        (unit, *right)
    };
    cases.iter().map(of).collect()
}

proptest! {
    #[test]
    fn all_weights_times_two_change_nothing(cases in cases()) {
        let [once, twice] = [1, 2].map(|times| share(units(&cases, times).into_iter()));
        prop_assert_eq!(once.value, twice.value);
        prop_assert!((once.interval.low - twice.interval.low).abs() < 1e-12);
        prop_assert!((once.interval.high - twice.interval.high).abs() < 1e-12);
    }

    #[test]
    fn weights_are_repeated_rows(cases in cases()) {
        let repeated = cases.iter().flat_map(|(_, weight, right)| (0..*weight).map(|_| (None::<u32>, *right)));
        prop_assert_eq!(share(units(&cases, 1).into_iter()).value, share(repeated).value);
    }

    #[test]
    fn equal_weights_are_no_weights(cases in cases(), weight in 1_u32..9) {
        let alike = cases.iter().map(|(cluster, _, right)| (Unit { cluster: *cluster, weight }, *right));
        let plain = cases.iter().map(|(cluster, _, right)| (*cluster, *right));
        prop_assert_eq!(share(alike), share(plain));
    }

    #[test]
    fn any_split_merges_to_the_same_slice(cases in cases(), shards in proptest::collection::vec(0_usize..3, 60)) {
        let units = units(&cases, 1);
        let whole: Tally<(Unit, bool)> = units.iter().copied().collect();
        let mut merged = Tally::default();
        for shard in [2, 0, 1] {
            let part = units.iter().zip(&shards).filter(|(_, of)| **of == shard);
            merged.merge(part.map(|(unit, _)| *unit).collect());
        }
        let (one, other) = (Slice::from_tally(&whole), Slice::from_tally(&merged));
        prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }

    #[test]
    fn masses_are_the_sums_of_weights(cases in cases()) {
        let slice = Slice::new(units(&cases, 1).into_iter());
        for (cell, mass) in slice.cells.iter().zip(slice.masses()) {
            let own = cases.iter().filter(|(.., right)| right == cell);
            let weights: u64 = own.map(|(_, weight, _)| u64::from(*weight)).sum();
            prop_assert_eq!(*mass as f64 * slice.part(), weights as f64);
        }
        let by_cluster: f64 = slice.by_cluster(&vec![Some(1.0); slice.cells.len()]).iter().map(|(_, sum)| sum).sum();
        if slice.is_clustered() {
            prop_assert_eq!(by_cluster, slice.masses().iter().sum::<u64>() as f64);
        }
    }
}
