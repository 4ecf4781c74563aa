use proptest::prelude::*;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::Value;

use super::{assert_close, assert_undefined, count, counts, number, numbers, pair};
use crate::stats::hypergeometric;
use crate::stats::koopman::koopman;
use crate::stats::permutation::{Deck, Lot, Sums, Unit};
use crate::stats::shrinkage::shrink;
use crate::stats::simultaneous::{all_pairs, each_to_others, sidak, standard_errors};
use crate::stats::{Estimate, Interval, Method, Reason};

/// The reference values of tests/oracles/disparity.py, one per case; never none.
fn oracles(name: &str) -> Vec<Value> {
    let all = include_str!("../../../tests/oracles/disparity.json");
    let all: Value = serde_json::from_str(all).expect("the oracle is JSON");
    let cases = all[name].as_array().expect("a list of cases").clone();
    assert!(!cases.is_empty());
    cases
}

#[test]
fn ratios_hold_what_the_score_test_keeps() {
    for case in oracles("koopman") {
        let level = number(&case["level"]);
        let ours = koopman(pair(&case["first"]), pair(&case["second"]), level).unwrap();
        let theirs = pair(&case["interval"]);
        // The reference maximises the likelihood by search, which leaves it eight digits.
        assert!(
            (ours.low - theirs.0).abs() < 1e-6 * theirs.0.max(1.0),
            "{ours:?} {theirs:?}"
        );
        assert!(
            (ours.high - theirs.1).abs() < 1e-6 * theirs.1.max(1.0),
            "{ours:?} {theirs:?}"
        );
    }
}

#[test]
fn ratios_of_nothing_and_of_everything_stay_open() {
    assert_undefined(
        koopman((1.0, 2.0), (0.0, 9.0), 0.95),
        Reason::ZeroDenominator,
    );
    assert_undefined(koopman((0.0, 0.0), (1.0, 9.0), 0.95), Reason::NoCases);
    assert_undefined(koopman((3.0, 2.0), (1.0, 9.0), 0.95), Reason::OutOfRange);
    assert_undefined(koopman((1.0, 2.0), (1.0, 9.0), 1.0), Reason::OutOfRange);
    let none = koopman((0.0, 12.0), (6.0, 12.0), 0.95).unwrap();
    assert!(
        none.low == 0.0 && none.high > 0.0 && none.high < 1.0,
        "{none:?}"
    );
    let all = koopman((12.0, 12.0), (12.0, 12.0), 0.95).unwrap();
    assert!(all.low < 0.9 && all.high > 1.1, "{all:?}");
    assert_close(all.low * all.high, 1.0);
}

proptest! {
    #[test]
    fn a_ratio_turned_round_has_its_limits_turned_round(
        m in 1_u32..200, n in 1_u32..200, x in 0.0_f64..=1.0, y in 0.0_f64..=1.0, level in 0.5_f64..0.999,
    ) {
        let counted = |share: f64, trials: u32| ((share * f64::from(trials)).ceil().max(1.0), f64::from(trials));
        let (first, second) = (counted(x, m), counted(y, n));
        let value = first.0 / first.1 / (second.0 / second.1);
        let ours = koopman(first, second, level).unwrap();
        let turned = koopman(second, first, level).unwrap();
        prop_assert!(ours.low < value && value < ours.high, "{ours:?} around {value}");
        prop_assert!((ours.low * turned.high - 1.0).abs() < 1e-6, "{ours:?} {turned:?}");
        prop_assert!((ours.high * turned.low - 1.0).abs() < 1e-6, "{ours:?} {turned:?}");
    }

    #[test]
    fn dealing_keeps_what_there_is(
        counts in proptest::collection::vec((0_u64..30, 0_u64..30, 0_u64..30), 1..6),
        units in proptest::collection::vec((0_usize..6, 0_u32..9), 0..12),
        seed in any::<u64>(),
    ) {
        let groups = counts.len();
        let deck = Deck {
            groups,
            terms: 1,
            lots: vec![Lot {
                term: 0,
                values: vec![0.0, 0.5, 1.0],
                places: (0..groups).map(|group| (group, 1.0)).collect(),
                counts: counts.iter().map(|(a, b, c)| vec![*a, *b, *c]).collect(),
            }],
            units: units
                .iter()
                .map(|(group, right)| Unit { group: group % groups, sums: vec![(f64::from(*right), 9.0)] })
                .collect(),
        };
        let total = |sums: &Sums| sums[0].iter().fold((0.0, 0.0), |all, own| (all.0 + own.0, all.1 + own.1));
        let before = total(&deck.as_it_is());
        let test = deck.test(seed, 20, 0.5, |sums| {
            assert_eq!(total(sums), before);
            Some(sums[0].iter().map(|(sum, _)| sum).fold(0.0, |most: f64, sum| most.max(*sum)))
        });
        if let Ok((test, _)) = test {
            prop_assert!(test.p > 0.0 && test.p <= 1.0);
        }
    }
}

#[test]
fn pairs_stand_at_the_level_of_the_studentised_range() {
    for case in oracles("all_pairs") {
        let groups = count(&case["groups"]) as usize;
        let ours = all_pairs(groups, number(&case["level"])).unwrap();
        assert_close(ours, number(&case["single"]));
    }
    assert_undefined(all_pairs(3, 1.0), Reason::OutOfRange);
    assert_eq!(all_pairs(0, 0.95).unwrap(), 0.95);
}

#[test]
fn the_largest_of_several_differences_keeps_their_level() {
    for case in oracles("each_to_others") {
        let (weights, variances) = (numbers(&case["weights"]), numbers(&case["variances"]));
        let groups: Vec<(f64, f64)> = weights.into_iter().zip(variances).collect();
        let level = number(&case["level"]);
        let single = each_to_others(&groups, level, 3).unwrap();
        // Both are drawn: 20,000 draws here, a million there.
        let distance = standard_errors(single);
        assert!(
            (distance - number(&case["distance"])).abs() < 0.04,
            "{distance} {case}"
        );
        assert!(single >= level && single <= sidak(groups.len(), level));
    }
    assert_eq!(each_to_others(&[], 0.95, 1).unwrap(), 0.95);
    assert_eq!(
        each_to_others(&[(9.0, 0.1), (9.0, 0.1)], 0.95, 1).unwrap(),
        0.95
    );
    // A group without spread leaves nothing to correlate: the bound that holds for all takes over.
    let flat = [(9.0, 0.0), (9.0, 0.0), (9.0, 0.0)];
    assert_close(
        each_to_others(&flat, 0.95, 1).unwrap(),
        0.95_f64.powf(1.0 / 3.0),
    );
    assert_undefined(each_to_others(&flat, 0.0, 1), Reason::OutOfRange);
}

#[test]
fn shrinking_agrees_with_adaptive_quadrature() {
    for case in oracles("shrunken") {
        let groups: Vec<(f64, f64)> = case["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(pair)
            .collect();
        let ours = shrink(&groups, number(&case["level"])).unwrap();
        let scale = groups.iter().map(|(_, error)| *error).fold(0.0, f64::max);
        for (ours, theirs) in ours.iter().zip(case["expected"].as_array().unwrap()) {
            let ours = [ours.value, ours.interval.low, ours.interval.high];
            for (ours, theirs) in ours.iter().zip(numbers(theirs)) {
                assert!(
                    (ours - theirs).abs() < 1e-5 * scale,
                    "{ours} is not {theirs}"
                );
            }
        }
    }
}

#[test]
fn shrinking_asks_for_three_groups_with_errors() {
    assert_undefined(shrink(&[(0.5, 0.1), (0.6, 0.1)], 0.95), Reason::TooFewCases);
    assert_undefined(
        shrink(&[(0.5, 0.1), (0.6, 0.1), (0.7, 0.0)], 0.95),
        Reason::OutOfRange,
    );
    assert_undefined(
        shrink(&[(0.5, 0.1), (f64::NAN, 0.1), (0.7, 0.1)], 0.95),
        Reason::OutOfRange,
    );
    // The less is known of a group, the more it is drawn to the others, and none is drawn past their mean.
    let ours = shrink(
        &[
            (0.5, 0.02),
            (0.5, 0.02),
            (0.5, 0.02),
            (0.9, 0.05),
            (0.9, 0.3),
        ],
        0.95,
    )
    .unwrap();
    assert!(
        ours[4].value < ours[3].value && ours[4].value > 0.5,
        "{ours:?}"
    );
    assert!(
        ours.iter()
            .all(|one| one.interval.low < one.value && one.value < one.interval.high)
    );
}

#[test]
fn draws_follow_the_hypergeometric_distribution() {
    const DRAWS: u32 = 40_000;
    for case in oracles("hypergeometric") {
        let [whole, marked, taken] = ["whole", "marked", "taken"].map(|key| count(&case[key]));
        let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
        let draws: Vec<u64> = (0..DRAWS)
            .map(|_| hypergeometric::draw(whole, marked, taken, &mut random))
            .collect();
        // Three of ten million draws may lie outside; none does of these.
        let within = count(&case["low"])..=count(&case["high"]);
        assert!(draws.iter().all(|drawn| within.contains(drawn)), "{case}");
        for below in case["below"].as_array().unwrap() {
            let (bound, probability) = pair(below);
            let share = draws.iter().filter(|drawn| **drawn as f64 <= bound).count() as f64
                / f64::from(DRAWS);
            let error = (probability * (1.0 - probability) / f64::from(DRAWS)).sqrt();
            assert!(
                (share - probability).abs() < 4.0 * error + 1e-9,
                "{share} is not {probability}: {case}"
            );
        }
    }
}

proptest! {
    #[test]
    fn draws_never_leave_what_there_is(all in 0_u64..2_000, marked in 0.0_f64..=1.0, taken in 0.0_f64..=1.0, seed in any::<u64>()) {
        let part = |share: f64| (share * all as f64).round() as u64;
        let (marked, taken) = (part(marked), part(taken));
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        for _ in 0..20 {
            let drawn = hypergeometric::draw(all, marked, taken, &mut random);
            prop_assert!(drawn <= marked && drawn <= taken && taken - drawn <= all - marked);
        }
    }
}

#[test]
fn deals_agree_with_going_through_all_of_them() {
    for case in oracles("permutation") {
        let (sizes, right) = (counts(&case["sizes"]), counts(&case["right"]));
        let counted: Vec<(u64, u64)> = sizes.iter().copied().zip(right.iter().copied()).collect();
        // The same cases, dealt one by one or as clusters of one.
        let lot = Lot {
            term: 0,
            values: vec![0.0, 1.0],
            places: (0..sizes.len()).map(|group| (group, 1.0)).collect(),
            counts: counted.iter().map(|(n, k)| vec![n - k, *k]).collect(),
        };
        let units = counted.iter().enumerate().flat_map(|(group, (n, k))| {
            (0..*n).map(move |case| Unit {
                group,
                sums: vec![(f64::from(u8::from(case < *k)), 1.0)],
            })
        });
        let (groups, terms) = (sizes.len(), 1);
        // Each in a place of its own, as weights would have it.
        let cases = || {
            let of_group = |(group, (n, k)): (usize, &(u64, u64))| {
                (0..*n)
                    .map(move |case| (group, case < *k))
                    .collect::<Vec<_>>()
            };
            counted.iter().enumerate().flat_map(of_group)
        };
        let scattered = Lot {
            term: 0,
            values: vec![0.0, 1.0],
            places: cases().map(|(group, _)| (group, 1.0)).collect(),
            counts: cases()
                .map(|(_, right)| vec![u64::from(!right), u64::from(right)])
                .collect(),
        };
        let decks = [
            Deck {
                groups,
                terms,
                lots: vec![scattered],
                units: Vec::new(),
            },
            Deck {
                groups,
                terms,
                lots: vec![lot],
                units: Vec::new(),
            },
            Deck {
                groups,
                terms,
                lots: Vec::new(),
                units: units.collect(),
            },
        ];
        for deck in decks {
            let (test, null) = deck.test(11, 20_000, 0.95, gap).unwrap();
            assert_close(test.statistic, number(&case["gap"]));
            assert!(
                (test.p - number(&case["p"])).abs() < 0.015,
                "{test:?} {case}"
            );
            assert!(
                (null.value - number(&case["mean"])).abs() < 0.005,
                "{null:?} {case}"
            );
        }
    }
}

#[test]
fn a_deal_without_a_case_has_no_value() {
    let empty = Deck {
        groups: 2,
        terms: 1,
        lots: Vec::new(),
        units: Vec::new(),
    };
    assert_undefined(empty.test(1, 99, 0.9, gap), Reason::NoCases);
}

/// The largest share minus the smallest.
fn gap(sums: &Sums) -> Option<f64> {
    let shares: Option<Vec<f64>> = sums[0]
        .iter()
        .map(|(sum, trials)| (*trials > 0.0).then(|| sum / trials))
        .collect();
    let shares = shares?;
    let most = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
    Some(most - least)
}

#[test]
fn ratios_are_stretched_on_the_log_scale() {
    let ratio = |low, high, method| Estimate {
        value: 1.0,
        interval: Interval {
            low,
            high,
            level: 0.95,
            method,
            degrees_of_freedom: None,
        },
        test: None,
    };
    let even = ratio(0.5, 2.0, Method::Koopman);
    let wider = crate::stats::evidence::at_level(&even, 0.99);
    assert_close(wider.low * wider.high, 1.0);
    assert!(wider.low > 0.0);
    // A limit of 0 has no logarithm and stays what it is worth on the plain scale.
    let open = crate::stats::evidence::at_level(&ratio(0.0, 2.0, Method::Koopman), 0.99);
    assert!(open.low <= 0.0);
}

#[test]
fn the_printed_example_of_a_ratio_comes_out() {
    let ours = koopman((36.0, 40.0), (16.0, 80.0), 0.95).unwrap();
    let rounded = [ours.low, ours.high].map(|limit| (limit * 100.0).round() / 100.0);
    // As printed by Nam (1995) of the example of Koopman (1984).
    assert_eq!(rounded, [2.94, 7.15]);
}
