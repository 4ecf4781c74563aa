use super::*;
use crate::stats::evidence::at_level;
use crate::stats::interval::{f1_of_overlap, wilson};
use crate::stats::power::*;
use crate::stats::{Estimate, Method};

#[test]
fn needed_numbers_match_a_search_with_statsmodels() {
    for case in oracles("needed_n") {
        let (p, threshold) = (number(&case["p"]), number(&case["threshold"]));
        let level = number(&case["level"]);
        let n = needed_n_of_proportion(p, threshold, level).unwrap();
        assert_eq!(n, count(&case["n"]));
        let settled = |n: u64| {
            let interval = wilson(p * n as f64, n as f64, level).unwrap();
            interval.low > threshold || interval.high < threshold
        };
        assert!(settled(n) && !settled(n - 1));
    }
}

/// From the interval alone, as a gate sees it: the closed form, not the square root.
#[test]
fn shares_need_what_settles_their_own_interval() {
    for case in oracles("needed_n_of_share") {
        let (right, of) = (number(&case["right"]), number(&case["of"]));
        let (threshold, level) = (number(&case["threshold"]), number(&case["level"]));
        let share = |cases: f64| Estimate {
            value: right / of,
            interval: wilson(right / of * cases, cases, level).unwrap(),
            test: None,
        };
        let n = count(&case["n"]);
        assert_eq!(
            needed_n(&share(of).rounded(), level, of as u64, threshold),
            Some(n)
        );
        // Cases that are worth a third of as many independent ones: three times as many.
        let clustered = needed_n(&share(of / 3.0), level, of as u64, threshold).unwrap();
        assert!(
            clustered > 3 * (n - 1) && clustered <= 3 * n,
            "{clustered} for {n}"
        );
        // At another level the number is the smallest at which the stretched interval settles.
        let settled = |cases: u64| {
            let interval = at_level(&share(cases as f64), 0.999);
            interval.low > threshold || interval.high < threshold
        };
        let n = needed_n(&share(of), 0.999, of as u64, threshold).unwrap();
        assert!(settled(n) && !settled(n - 1), "{n}");
    }
}

/// F1 follows from the share J of gold and answers together: 2 J / (1 + J).
#[test]
fn f1_needs_what_its_share_needs() {
    let share = Estimate {
        value: 0.6,
        interval: wilson(30.0, 50.0, 0.95).unwrap(),
        test: None,
    };
    let f1 = |share: f64| 2.0 * share / (1.0 + share);
    assert_eq!(
        needed_n(&f1_of_overlap(&share), 0.95, 50, f1(0.5)),
        needed_n(&share, 0.95, 50, 0.5)
    );
}

#[test]
fn half_widths_shrink_with_the_square_root() {
    let interval = wilson(60.0, 100.0, 0.95).unwrap();
    let wide = Interval {
        low: 0.4,
        high: 0.9,
        ..interval
    };
    // Half of the width on the threshold's side, four times the cases.
    assert_eq!(needed_n_of_interval(0.6, &wide, 100, 0.5), Some(400));
    assert_eq!(needed_n_of_interval(0.6, &wide, 100, 0.75), Some(400));
    assert_eq!(needed_n_of_interval(0.6, &wide, 100, 0.2), Some(25));
    assert_eq!(needed_n_of_interval(0.6, &wide, 100, 0.6), None);
    assert_eq!(needed_n_of_interval(0.6, &wide, 0, 0.5), Some(1));
}

#[test]
fn needed_numbers_at_the_edges() {
    assert_eq!(needed_n_of_proportion(0.8, 0.8, 0.95), None);
    assert_eq!(needed_n_of_proportion(0.8, 0.9, 1.0), None);
    assert_eq!(needed_n_of_proportion(f64::NAN, 0.9, 0.95), None);
    assert_eq!(needed_n_of_proportion(0.8, 1.0, 0.95), Some(1));
}

#[test]
fn detectable_differences_match_statsmodels() {
    for case in oracles("detectable") {
        let half = number(&case["half_width"]);
        let interval = Interval {
            low: 0.1 - half,
            high: 0.1 + half,
            level: number(&case["level"]),
            method: Method::StudentT,
            degrees_of_freedom: None,
        };
        let ours = detectable_difference(&interval, number(&case["power"])).unwrap();
        assert_close(ours, number(&case["size"]));
        assert_eq!(detectable_difference(&interval, 1.0), None);
    }
}
