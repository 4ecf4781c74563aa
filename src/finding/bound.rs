//! What an interval says about a bound.

use super::Outcome;
use crate::policy::Bound;
use crate::stats::evidence::{exact_p_beyond, p_beyond};
use crate::stats::power::{needed_n, needed_n_exactly};
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

/// The p-value of failing: the larger of the interval's and, for a count of independent cases, the exact one.
pub(super) fn p_failing(bound: Bound, estimate: &Estimate, n: u64) -> f64 {
    let threshold = disproving(bound, estimate);
    let exact = exact_p_beyond(estimate, threshold, n).unwrap_or(0.0);
    p_beyond(estimate, threshold).max(exact)
}

/// The exact p-value of what the interval at a level decides, where it is above what the level leaves on a side: then
/// nothing is decided. Wilson's interval errs on one side where a share is near 0 or 1, more often than it says: up to
/// 10 times in 100 instead of 2.5.
pub(super) fn exact_doubt(
    bound: Bound,
    outcome: Outcome,
    estimate: &Estimate,
    (level, n): (f64, u64),
) -> Option<f64> {
    let exact = |threshold: f64| exact_p_beyond(estimate, threshold, n);
    let p = match (outcome, bound) {
        (Outcome::Pass, Bound::Within(bound)) => exact(bound)?.max(exact(-bound)?),
        (Outcome::Pass | Outcome::Fail, _) => exact(disproving(bound, estimate))?,
        _ => return None,
    };
    (p > (1.0 - level) / 2.0).then_some(p)
}

/// The threshold that the estimate has to lie beyond for the gate to fail.
fn disproving(bound: Bound, estimate: &Estimate) -> f64 {
    match bound {
        Bound::Min(bound) | Bound::Max(bound) => bound,
        Bound::Within(bound) if estimate.value < 0.0 => -bound,
        Bound::Within(bound) => bound,
    }
}

/// The number of cases at which the interval at a level would decide, and the exact test with it where there is one, were
/// the estimate to stay.
pub(super) fn needed(bound: Bound, estimate: &Estimate, level: f64, n: u64) -> Option<u64> {
    let against = |threshold: f64| {
        let enough = needed_n(estimate, level, n, threshold)?;
        match exact_p_beyond(estimate, threshold, n) {
            Some(_) => needed_n_exactly(estimate, level, n, threshold, enough),
            None => Some(enough),
        }
    };
    match bound {
        Bound::Min(bound) | Bound::Max(bound) => against(bound),
        // Lying within needs both ends inside; lying outside needs the nearer end outside.
        Bound::Within(bound) if estimate.value.abs() <= bound => {
            Some(against(bound)?.max(against(-bound)?))
        }
        Bound::Within(_) => against(disproving(bound, estimate)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::stats::evidence::at_level;
    use crate::stats::interval::{newcombe, student_t, wilson};

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
            // A record made at 95 % and judged at 90 % says the same.
            let estimate = Estimate {
                value: mean,
                interval: student_t(mean, deviation, n, 0.95).unwrap(),
                test: None,
            };
            assert_eq!(
                passes(&case, at_level(&estimate, 0.9)),
                equivalent,
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

    /// Wilson's interval decides about these and the binomial distribution does not: scipy.stats.binom.cdf(53, 55, 0.99),
    /// 0.885 ** 30 and scipy.stats.binom.sf(1, 55, 0.01).
    #[test]
    fn an_interval_that_errs_on_one_side_does_not_decide_alone() {
        for (right, of, bound, outcome, p) in [
            (53.0, 55.0, Bound::Min(0.99), Outcome::Fail, 0.105_003_722),
            (30.0, 30.0, Bound::Min(0.885), Outcome::Pass, 0.025_603_428),
            (2.0, 55.0, Bound::Max(0.01), Outcome::Fail, 0.105_003_722),
            (2.0, 55.0, Bound::Within(0.01), Outcome::Fail, 0.105_003_722),
        ] {
            let mut share = Estimate {
                value: right / of,
                interval: wilson(right, of, 0.95).unwrap(),
                test: None,
            };
            let n = of as u64;
            assert_eq!(decide(bound, share.interval), outcome);
            let doubt = |share: &Estimate| exact_doubt(bound, outcome, share, (0.95, n));
            assert!((doubt(&share).unwrap() - p).abs() < 1e-8, "{bound:?}");
            assert!(p_failing(bound, &share, n) > 0.025);
            // More cases than there are, though the interval alone would have had enough.
            assert!(needed(bound, &share, 0.95, n).unwrap() > n);
            share.interval.degrees_of_freedom = Some(20.0);
            assert_eq!(doubt(&share), None);
        }
    }

    #[test]
    fn what_the_exact_test_shows_too_stays_decided() {
        let share = |right: f64| Estimate {
            value: right / 60.0,
            interval: wilson(right, 60.0, 0.95).unwrap(),
            test: None,
        };
        for (right, bound, outcome) in [
            (50.0, Bound::Min(0.95), Outcome::Fail),
            (60.0, Bound::Min(0.9), Outcome::Pass),
            (1.0, Bound::Within(0.2), Outcome::Pass),
            // One case that is wrong disproves that none is.
            (59.0, Bound::Min(1.0), Outcome::Fail),
            (1.0, Bound::Max(0.0), Outcome::Fail),
        ] {
            let share = share(right);
            assert_eq!(decide(bound, share.interval), outcome, "{right} {bound:?}");
            assert_eq!(exact_doubt(bound, outcome, &share, (0.95, 60)), None);
        }
    }
}
