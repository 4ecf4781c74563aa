use proptest::prelude::*;

use super::*;
use crate::stats::evidence::{at_level, exact_p_beyond, p_beyond, statistic_beyond};
use crate::stats::interval::{clopper_pearson, f1_of_overlap, fisher_z, student_t, wilson};
use crate::stats::power::{needed_n, needed_n_exactly};
use crate::stats::{Estimate, Method};

/// The reference values of one kind of interval, from `tests/oracles/evidence.py`; never none.
fn evidence(name: &str) -> Vec<Value> {
    let all = include_str!("../../../tests/oracles/evidence.json");
    let all: Value = serde_json::from_str(all).expect("the oracle is JSON");
    let cases = all[name].as_array().expect("a list of cases").clone();
    assert!(!cases.is_empty());
    cases
}

fn estimate(value: f64, (low, high): (f64, f64), level: f64, method: Method) -> Estimate {
    Estimate {
        value,
        interval: Interval {
            low,
            high,
            level,
            method,
            degrees_of_freedom: None,
        },
        test: None,
    }
}

/// As a record holds it: with twelve decimals.
fn saved(case: &Value, method: Method) -> Estimate {
    let limits = pair(&case["interval"]);
    let mut saved = estimate(
        number(&case["value"]),
        limits,
        number(&case["level"]),
        method,
    );
    saved.interval.degrees_of_freedom = case["freedom"].as_f64();
    saved.rounded()
}

/// Small probabilities count by their digits, until there is no smaller number.
#[track_caller]
fn assert_p(ours: f64, theirs: f64) {
    let error = (ours - theirs).abs();
    assert!(error <= 1e-6 * theirs, "{ours:e} is not {theirs:e}");
}

#[test]
fn saved_intervals_say_what_their_own_distribution_says_at_every_level() {
    for (name, method) in [
        ("student", Method::StudentT),
        ("share", Method::Wilson),
        ("correlation", Method::FisherZ),
        ("skewed", Method::SkewedT),
        ("root", Method::SkewedTOfRoot),
    ] {
        for case in evidence(name) {
            let saved = saved(&case, method);
            for at in case["at"].as_array().unwrap() {
                let at = numbers(at);
                let interval = at_level(&saved, at[0]);
                assert!((interval.low - at[1]).abs() < 1e-8, "{interval:?} {at:?}");
                assert!((interval.high - at[2]).abs() < 1e-8, "{interval:?} {at:?}");
                assert_eq!(interval.level, at[0]);
            }
            for p in case["p"].as_array().unwrap() {
                assert_p(p_beyond(&saved, number(&p[0])), number(&p[1]));
            }
        }
    }
}

/// A group that is the highest of all beyond doubt at 95 % may not be at 99 %.
#[test]
fn the_highest_group_is_so_at_the_level_of_the_record_alone() {
    let highest = estimate(1.0, (1.0, 1.0), 0.95, Method::KoopmanHighest);
    assert_eq!(at_level(&highest, 0.9).low, 1.0);
    assert_eq!(at_level(&highest, 0.99).low, 0.0);
    assert_p(p_beyond(&highest, 0.8), 0.025);
}

/// Far out a p-value is small, and never nothing because a difference of two numbers near 1 is.
#[test]
fn far_tails_keep_their_digits() {
    let far = Estimate {
        value: 1.0,
        interval: student_t(1.0, 0.02, 9.0, 0.95).unwrap(),
        test: None,
    };
    // scipy.stats.t.sf(150, 8), scipy.stats.norm.sf(12)
    assert_p(p_beyond(&far, 0.0), 2.182_238_204_854_41e-15);
    let normal = estimate(
        12.0,
        (12.0 - 1.959_963_984_540_054, 14.0),
        0.95,
        Method::Newcombe,
    );
    assert_p(p_beyond(&normal, 0.0), 1.776_482_112_077_653e-33);
}

#[test]
fn f1_says_what_its_share_says() {
    let share = Estimate {
        value: 0.6,
        interval: wilson(30.0, 50.0, 0.95).unwrap(),
        test: None,
    };
    let f1 = |share: f64| 2.0 * share / (1.0 + share);
    let carried = f1_of_overlap(&share);
    let (plain, wide) = (at_level(&share, 0.999), at_level(&carried, 0.999));
    assert_close(wide.low, f1(plain.low));
    assert_close(wide.high, f1(plain.high));
    for threshold in [0.2, 0.5, 0.9] {
        let expected = p_beyond(&share, threshold);
        assert_p(p_beyond(&carried, f1(threshold)), expected);
    }
    assert_eq!(exact_p_beyond(&carried, f1(0.3), 50), None);
}

/// Nothing out of n, carried over to a range: z² / (n + z²) of it, for the z of each level.
#[test]
fn what_was_not_seen_is_never_told_too_small_at_a_higher_level() {
    for (n, range) in [(12.0, 2.0), (36.0, 1.0), (4.0, 1.0)] {
        let unseen = |level: f64| wilson(0.0, n, level).unwrap().high;
        // On both sides of the value, as where no case differs from another, and on one side.
        let both = |level: f64| {
            (
                0.3 - unseen(level) * 0.3,
                0.3 + unseen(level) * (range - 0.3),
            )
        };
        let one = |level: f64| (1.0 - unseen(level), 1.0);
        for level in [0.96, 0.99, 0.999] {
            for (value, of, method) in [
                (0.3, &both as &dyn Fn(f64) -> (f64, f64), Method::Wilson),
                (1.0, &one, Method::Mover),
            ] {
                let saved = estimate(value, of(0.95), 0.95, method);
                let (wide, truth) = (at_level(&saved, level), of(level));
                assert!(
                    wide.low <= truth.0 + 1e-12,
                    "{n} {level} {wide:?} {truth:?}"
                );
                assert!(
                    wide.high >= truth.1 - 1e-12,
                    "{n} {level} {wide:?} {truth:?}"
                );
                assert!(p_beyond(&saved, truth.0) >= (1.0 - level) / 2.0 - 1e-12);
            }
        }
    }
}

#[test]
fn counts_of_independent_cases_have_the_exact_p_value_and_number_of_cases() {
    for case in evidence("counts") {
        let (k, of) = (number(&case["count"]), number(&case["n"]));
        let threshold = number(&case["threshold"]);
        let share = |trials: f64| Estimate {
            value: k / of,
            interval: wilson(k / of * trials, trials, 0.95).unwrap(),
            test: None,
        };
        let (n, saved) = (of as u64, share(of).rounded());
        let p = exact_p_beyond(&saved, threshold, n).expect("a count");
        assert_p(p, number(&case["p"]));
        for (level, needed) in case["needed"].as_object().unwrap() {
            let (level, needed) = (level.parse().unwrap(), count(needed));
            let ours = needed_n_exactly(&saved, level, n, threshold, 1).unwrap();
            // As many as the multiple of the cases that decides, or fewer, and more than the one before.
            assert!(
                ours <= needed && ours + n > needed,
                "{ours} for {needed}: {case}"
            );
        }
        // What comes in clusters, is worth fewer trials or stands for more cases is no count of these.
        let mut clustered = saved.clone();
        clustered.interval.degrees_of_freedom = Some(30.0);
        for (other, n) in [(&share(of / 1.5), n), (&saved, n + 1), (&clustered, n)] {
            assert_eq!(exact_p_beyond(other, threshold, n), None);
            assert_eq!(needed_n_exactly(other, 0.95, n, threshold, 1), None);
        }
    }
}

#[test]
fn a_share_that_no_case_can_change_is_left_as_it_is() {
    let all = Estimate {
        value: 1.0,
        interval: wilson(30.0, 30.0, 0.95).unwrap(),
        test: None,
    };
    assert_eq!(exact_p_beyond(&all, 1.0, 30), Some(0.5));
    assert_eq!(exact_p_beyond(&all, 0.0, 30), Some(0.0));
    assert_eq!(needed_n_exactly(&all, 0.95, 30, 1.0, 1), None);
    assert_eq!(statistic_beyond(&all, 1.0), 0.0);
}

/// Few clusters ask for more cases than the same limits from many would, at a level above their own.
#[test]
fn needed_numbers_count_few_clusters() {
    let shift = |freedom| {
        let mut shift = estimate(0.1, (0.04, 0.16), 0.95, Method::StudentT);
        shift.interval.degrees_of_freedom = freedom;
        needed_n(&shift, 0.99, 100, 0.05).unwrap()
    };
    // 100 (0.06 / 0.05)² (q(0.99) / q(0.95))², q of scipy.stats.t(3) and of scipy.stats.norm
    assert_eq!((shift(Some(3.0)), shift(None)), (486, 249));
}

proptest! {
    #[test]
    fn to_another_level_and_back_is_no_change(
        value in 0.02..0.98_f64,
        sides in (0.01..0.5_f64, 0.01..0.5_f64),
        freedom in proptest::option::of(1.0..60.0_f64),
        levels in (0.5..0.995_f64, 0.5..0.995_f64),
        method in 0..3_usize,
        trials in 3.0..900.0_f64,
    ) {
        let (from, to) = levels;
        let mut made = match method {
            0 => estimate(value, (value - sides.0, value + sides.1), from, Method::Newcombe),
            1 => Estimate {
                value,
                interval: wilson(value * trials, trials, from).unwrap(),
                test: None,
            },
            _ => Estimate {
                value,
                interval: fisher_z(value, trials + 4.0, from).unwrap(),
                test: None,
            },
        };
        made.interval.degrees_of_freedom = freedom;
        let there = Estimate { interval: at_level(&made, to), ..made.clone() };
        let back = at_level(&there, from);
        // One digit in two is lost where the first level reaches far out.
        prop_assert!((back.low - made.interval.low).abs() < 1e-5, "{back:?} {made:?}");
        prop_assert!((back.high - made.interval.high).abs() < 1e-5, "{back:?} {made:?}");
        for of in [&made, &there] {
            let tail = (1.0 - of.interval.level) / 2.0;
            for limit in [of.interval.low, of.interval.high] {
                if limit > 0.0 && limit < 1.0 {
                    let p = p_beyond(of, limit);
                    prop_assert!((p - tail).abs() < 1e-6, "{p} {tail} {of:?}");
                }
            }
        }
    }

    /// The exact limits of Clopper and Pearson are where the exact p-value is what the level leaves on a side.
    #[test]
    fn exact_p_values_invert_the_exact_interval(n in 2..300_u64, share in 0.0..1.0_f64) {
        let k = ((n as f64 * share).round() as u64).min(n);
        let estimate = Estimate {
            value: k as f64 / n as f64,
            interval: wilson(k as f64, n as f64, 0.95).unwrap(),
            test: None,
        };
        let exact = clopper_pearson(k as f64, n as f64, 0.95).unwrap();
        for limit in [exact.low, exact.high] {
            if limit > 0.0 && limit < 1.0 {
                let p = exact_p_beyond(&estimate.clone().rounded(), limit, n).unwrap();
                prop_assert!((p - 0.025).abs() < 1e-9, "{k} of {n}: {p}");
            }
        }
    }
}
