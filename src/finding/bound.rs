//! What an interval says about a bound.

use super::Outcome;
use crate::policy::Bound;
use crate::stats::evidence::p_beyond;
use crate::stats::power::needed_n;
use crate::stats::{Estimate, Interval};

/// Proven, disproved or neither.
pub fn decide(bound: Bound, interval: Interval) -> Outcome {
    let (low, high) = (interval.low, interval.high);
    let (proven, disproved) = match bound {
        Bound::Min(bound) => (low >= bound, high < bound),
        Bound::Max(bound) => (high <= bound, low > bound),
        Bound::Within(bound) => (low >= -bound && high <= bound, low > bound || high < -bound),
    };
    match (proven, disproved) {
        (true, _) => Outcome::Pass,
        (_, true) => Outcome::Fail,
        _ => Outcome::Insufficient,
    }
}

/// The p-value of failing.
pub(super) fn p_failing(bound: Bound, estimate: &Estimate) -> f64 {
    match bound {
        Bound::Min(bound) | Bound::Max(bound) => p_beyond(estimate, bound),
        Bound::Within(bound) if estimate.value < 0.0 => p_beyond(estimate, -bound),
        Bound::Within(bound) => p_beyond(estimate, bound),
    }
}

/// The number of cases at which the interval at a level would decide, were the estimate to stay.
pub(super) fn needed(bound: Bound, estimate: &Estimate, level: f64, n: u64) -> Option<u64> {
    let against = |threshold: f64| needed_n(estimate, level, n, threshold);
    match bound {
        Bound::Min(bound) | Bound::Max(bound) => against(bound),
        // Lying within needs both ends inside; lying outside needs the nearer end outside.
        Bound::Within(bound) if estimate.value.abs() <= bound => {
            Some(against(bound)?.max(against(-bound)?))
        }
        Bound::Within(bound) => against(if estimate.value < 0.0 { -bound } else { bound }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::stats::evidence::at_level;
    use crate::stats::interval::{newcombe, student_t};

    fn oracles(name: &str) -> Vec<Value> {
        let oracles = include_str!("../../tests/oracles/equivalence.json");
        let oracles: Value = serde_json::from_str(oracles).unwrap();
        oracles[name].as_array().unwrap().clone()
    }

    fn numbers(value: &Value) -> Vec<f64> {
        let numbers = value.as_array().unwrap().iter();
        numbers.map(|number| number.as_f64().unwrap()).collect()
    }

    fn passes(case: &Value, interval: Interval) -> bool {
        let margin = case["margin"].as_f64().unwrap();
        decide(Bound::Within(margin), interval) == Outcome::Pass
    }

    /// Two one-sided tests at 5 % are an interval of 90 % inside the margin: tests/oracles/equivalence.py.
    #[test]
    fn within_is_what_two_one_sided_tests_say() {
        let (mut passed, mut held_back) = (0, 0);
        for case in oracles("paired") {
            let differences = numbers(&case["differences"]);
            let n = differences.len() as f64;
            let mean = differences.iter().sum::<f64>() / n;
            let squares = differences.iter().map(|one| (one - mean).powi(2));
            let deviation = (squares.sum::<f64>() / (n - 1.0)).sqrt();
            let interval = student_t(mean, deviation, n, 0.9).unwrap();
            let equivalent = case["p"].as_f64().unwrap() < 0.05;
            assert_eq!(passes(&case, interval), equivalent, "{case}");
            // A record made at 95 % and judged at 90 % is never laxer.
            let estimate = Estimate {
                value: mean,
                interval: student_t(mean, deviation, n, 0.95).unwrap(),
                test: None,
            };
            assert!(
                !passes(&case, at_level(&estimate, 0.9)) || equivalent,
                "{case}"
            );
            passed += u32::from(equivalent);
            held_back += u32::from(!equivalent);
        }
        assert!(passed > 5 && held_back > 5, "{passed} {held_back}");
    }

    /// Newcombe's interval and the score test are two ways to the same answer, unless p is near the line.
    #[test]
    fn proportions_within_are_what_two_score_tests_say() {
        let mut compared = 0;
        for case in oracles("proportions") {
            let p = case["p"].as_f64().unwrap();
            if (0.03..0.08).contains(&p) {
                continue;
            }
            let counts = |side: &str| {
                let [right, of] = numbers(&case[side])[..] else {
                    panic!("two counts")
                };
                (right, of)
            };
            let interval = newcombe(counts("first"), counts("second"), 0.9).unwrap();
            assert_eq!(passes(&case, interval), p < 0.05, "{case}");
            compared += 1;
        }
        assert!(compared > 12, "{compared}");
    }
}
