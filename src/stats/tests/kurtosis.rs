use super::*;
use crate::stats::kurtosis::degrees_of_freedom;

#[test]
fn degrees_of_freedom_match_scipy() {
    for case in oracles("freedom") {
        let values = numbers(&case["values"]);
        let once = values.iter().map(|value| (*value, 1.0));
        let expected = number(&case["freedom"]);
        assert_close(degrees_of_freedom(once.clone()), expected);
        // Where they lie, and on what scale, does not matter; values that occur twice are so many.
        let moved = once
            .clone()
            .map(|(value, times)| (7.0 - 3.0 * value, times));
        assert!((degrees_of_freedom(moved) - expected).abs() < 1e-9 * expected);
        let twice = once.clone().chain(once.clone());
        let counted = once.map(|(value, _)| (value, 2.0));
        assert_close(degrees_of_freedom(counted), degrees_of_freedom(twice));
    }
}

#[test]
fn values_that_do_not_vary_have_the_usual_degrees_of_freedom() {
    for n in 1..10_u32 {
        let alike = (0..n).map(|_| (0.3, 1.0));
        assert_close(degrees_of_freedom(alike), f64::from(n.max(2) - 1));
    }
    // One far value among many: the variance is known as if from two values.
    let one = (0..1000).map(|case| (f64::from(u8::from(case == 0)), 1.0));
    assert!(degrees_of_freedom(one) < 2.1);
}
