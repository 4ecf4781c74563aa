//! Sums of shares against least squares robust to clusters, and at their edges.

use serde_json::Value;

use super::*;
use crate::stats::Interval;

#[test]
fn sums_agree_with_cluster_robust_least_squares() {
    let oracles = include_str!("../../../tests/oracles/stats.json");
    let oracles: Value = serde_json::from_str(oracles).unwrap();
    let cases = oracles["sum_of_shares"].as_array().unwrap();
    assert_eq!(cases.len(), 19);
    for (place, case) in cases.iter().enumerate() {
        let number = |value: &Value| value.as_f64().unwrap();
        let rows = case["rows"].as_array().unwrap();
        let cluster = |row: &Value| row[0].as_u64().map(|cluster| cluster as u32);
        let slice = Slice::new(rows.iter().enumerate().map(|(n, row)| (cluster(row), n)));
        let mut sum = Sum::new(number(&case["constant"]));
        for (term, weight) in case["weights"].as_array().unwrap().iter().enumerate() {
            let value = |row: &usize| rows[*row][1][term].as_f64();
            sum.add(number(weight), &slice, value).unwrap();
        }
        let ours = sum.estimate(number(&case["level"])).unwrap();
        let theirs = [&case["value"], &case["interval"][0], &case["interval"][1]].map(number);
        let ours = [ours.value, ours.interval.low, ours.interval.high];
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert!(
                (ours - theirs).abs() < 1e-9,
                "{place}: {ours} is not {theirs}"
            );
        }
    }
}

#[test]
fn two_slices_of_the_same_clusters_are_taken_together() {
    // Whole clusters answer alike, so the difference rests on how clusters differ, not on 40 cases.
    let cases = |right: [bool; 4]| {
        let of = move |n: u32| (Some(n % 4), right[(n % 4) as usize]);
        Slice::new((0..40).map(of))
    };
    let (first, second) = (
        cases([true, true, true, false]),
        cases([true, false, false, false]),
    );
    let difference = |sign: f64| {
        let mut sum = Sum::new(0.0);
        sum.add(sign, &first, |right| Some(f64::from(*right)))
            .unwrap();
        sum.add(-sign, &second, |right| Some(f64::from(*right)))
            .unwrap();
        sum.estimate(0.95).unwrap()
    };
    let (ours, turned) = (difference(1.0), difference(-1.0));
    assert_eq!(ours.value, 0.5);
    assert!(
        ours.interval.low < -0.1 && ours.interval.high > 0.7,
        "{ours:?}"
    );
    assert!((ours.interval.low + turned.interval.high).abs() < 1e-12);
}

/// Two answers to each of 400 sentences, mostly right or wrong together: tests/oracles/paired_groups.py.
#[test]
fn differences_on_the_same_clusters_are_as_wide_as_a_cluster_bootstrap_makes_them() {
    // How many sentences were answered rightly in both languages, in the first, the second, and neither.
    for ([both, first, second, neither], [low, high]) in [
        ([220, 60, 30, 90], [0.03, 0.1225]),
        ([300, 20, 20, 60], [-0.03, 0.03]),
        ([100, 120, 100, 80], [-0.0225, 0.1225]),
    ] {
        let mut right = Vec::new();
        for (count, pair) in [
            (both, (true, true)),
            (first, (true, false)),
            (second, (false, true)),
            (neither, (false, false)),
        ] {
            right.extend(std::iter::repeat_n(pair, count));
        }
        let slice = |of: fn(&(bool, bool)) -> bool| {
            Slice::new(
                right
                    .iter()
                    .enumerate()
                    .map(move |(n, pair)| (Some(n as u32), of(pair))),
            )
        };
        let (one, other) = (slice(|pair| pair.0), slice(|pair| pair.1));
        let mut sum = Sum::new(0.0);
        sum.add(1.0, &one, |right| Some(f64::from(*right))).unwrap();
        sum.add(-1.0, &other, |right| Some(f64::from(*right)))
            .unwrap();
        let ours = sum.estimate(0.95).unwrap().interval;
        for (ours, theirs) in [(ours.low, low), (ours.high, high)] {
            assert!(
                (ours - theirs).abs() < 0.004,
                "{both} {first}: {ours} is not {theirs}"
            );
        }
    }
}

/// What Bonett & Price (2012) say of the same answers, by hand: clusters without a difference do not prove that there is
/// none, nor do two.
#[test]
fn clusters_that_never_differed_are_no_proof() {
    let difference = |clusters: &[[(u32, u32); 2]]| {
        let side = |of: usize| {
            let outcomes = clusters
                .iter()
                .enumerate()
                .flat_map(move |(number, shares)| {
                    let (right, all) = shares[of];
                    (0..all).map(move |case| (Some(number as u32), case < right))
                });
            Slice::new(outcomes)
        };
        let (one, other) = (side(0), side(1));
        let mut sum = Sum::new(0.0);
        for (sign, slice) in [(1.0, &one), (-1.0, &other)] {
            sum.add(sign, slice, |right| Some(f64::from(*right)))
                .unwrap();
        }
        sum.estimate(0.95).unwrap().interval
    };
    let half = |interval: Interval| (interval.high - interval.low) / 2.0;
    // Forty sentences in two languages: t sqrt(2) / 42, where t = 2.022691 has 39 degrees of freedom.
    let same: Vec<[(u32, u32); 2]> = (0..40).map(|case| [(case % 2, 1); 2]).collect();
    assert!((half(difference(&same)) / 0.068_107 - 1.0).abs() < 0.03);
    // One sentence of 300 is answered in one language only: (t / 302) sqrt(3 - 1 / 302), t = 1.967930.
    let mut one: Vec<[(u32, u32); 2]> = (0..300).map(|case| [(case % 2, 1); 2]).collect();
    one[0] = [(1, 1), (0, 1)];
    assert!((half(difference(&one)) / 0.011_280 - 1.0).abs() < 0.03);
    // Two clusters, in which 20 and 20 points lie between the sides.
    let two = difference(&[[(16, 20), (12, 20)], [(8, 20), (4, 20)]]);
    assert!(two.low < -0.5, "{two:?}");
}

#[test]
fn without_a_trial_there_is_no_term() {
    let slice: Slice<bool> = Slice::new([(None, true)].into_iter());
    let mut sum = Sum::new(0.0);
    assert_eq!(
        sum.add(1.0, &slice, |_| None).unwrap_err().reason,
        Reason::NoCases
    );
    assert!(sum.estimate(0.95).is_err());
}

/// However many labels, one author is one: sums of several shares do not show how these vary together.
#[test]
fn one_cluster_shows_nothing_of_a_sum() {
    let sum = |clusters: u32, labels: u32| {
        let cases = (0..40 * labels).map(|case| {
            let label = case % labels;
            (Some(label % clusters), (label, case % 10 > 0))
        });
        let slice = Slice::new(cases);
        let mut sum = Sum::new(0.0);
        for label in 0..labels {
            let of_label = |(own, right): &(u32, bool)| (*own == label).then(|| f64::from(*right));
            sum.add(1.0 / f64::from(labels), &slice, of_label).unwrap();
        }
        sum.estimate(0.95)
    };
    for labels in [2, 7, 28] {
        let undefined = sum(1, labels).unwrap_err();
        assert_eq!(undefined.reason, Reason::TooFewCases);
    }
    // Each label comes from one of two clusters, which are two trials, not twenty-eight.
    let interval = sum(2, 28).unwrap().interval;
    assert!(interval.high - interval.low > 0.6, "{interval:?}");
}

/// Where some calls failed, their clusters tell how surely; where none did, calls are independent.
#[test]
fn calls_that_fail_by_author_count_by_author() {
    let answered = |silent: u32| {
        let cases = (0..400_u32).map(|case| (Some(case % 20), case % 20 >= silent));
        let slice = Slice::new(cases);
        let calls = slice.of_calls(silent > 0);
        let mut sum = Sum::new(0.0);
        sum.add(1.0, &calls, |answered| Some(f64::from(u8::from(*answered))))
            .unwrap();
        sum.estimate(0.95).unwrap().interval
    };
    let (some, none) = (answered(1), answered(0));
    assert!(some.low < 0.78 && some.high > 0.98, "{some:?}");
    assert!(none.low > 0.99, "{none:?}");
}
