use super::*;
use crate::stats::interval::wilson;
use crate::stats::power::*;

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

#[test]
fn half_widths_shrink_with_the_square_root() {
    let interval = wilson(60.0, 100.0, 0.95).unwrap();
    let wide = Interval {
        low: 0.4,
        high: 0.9,
        ..interval
    };
    // Half of the width on the threshold's side, four times the cases.
    assert_eq!(needed_n(0.6, &wide, 100, 0.5), Some(400));
    assert_eq!(needed_n(0.6, &wide, 100, 0.75), Some(400));
    assert_eq!(needed_n(0.6, &wide, 100, 0.2), Some(25));
    assert_eq!(needed_n(0.6, &wide, 100, 0.6), None);
    assert_eq!(needed_n(0.6, &wide, 0, 0.5), Some(1));
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
        let (p, level) = (number(&case["p"]), number(&case["level"]));
        let cases = pair(&case["cases"]);
        let ours = detectable_difference(p, cases, level, number(&case["power"])).unwrap();
        assert_close(ours.below.unwrap(), number(&case["below"]));
        assert_close(ours.above.unwrap(), number(&case["above"]));
    }
}

#[test]
fn few_cases_can_show_no_difference_at_all() {
    let ours = detectable_difference(0.9, (5.0, 5.0), 0.95, 0.8).unwrap();
    assert!(ours.above.is_none() && ours.below.is_some());
    assert!(detectable_difference(0.9, (0.0, 5.0), 0.95, 0.8).is_none());
    assert!(detectable_difference(1.9, (5.0, 5.0), 0.95, 0.8).is_none());
}
