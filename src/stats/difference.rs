//! How far two estimates lie apart that were made without regard to each other. What they are of is left to others.

use super::evidence::{at_level, p_beyond};
use super::interval::paired_mover;
use super::{Estimate, Interval, Method};

/// `after` minus `before`, with limits from those of the two at the level of `after` (MOVER; Zou & Donner 2008).
///
/// The two are taken to be independent. Answers to the same cases are mostly alike, so that the true uncertainty is
/// then smaller than the interval says: a difference may be missed, and is seldom made up.
pub fn difference(after: &Estimate, before: &Estimate) -> Estimate {
    paired_difference(after, before, 0.0)
}

/// The same of two estimates whose correlation is known (Zou 2007).
pub fn paired_difference(after: &Estimate, before: &Estimate, correlation: f64) -> Estimate {
    let level = after.interval.level;
    let earlier = at_level(before, level);
    let terms = [
        (1.0, after.value, after.interval.low, after.interval.high),
        (-1.0, before.value, earlier.low, earlier.high),
    ];
    let (value, low, high) = paired_mover(&terms, -correlation);
    Estimate {
        value,
        interval: Interval {
            low,
            high,
            level,
            method: Method::Mover,
            degrees_of_freedom: Interval::fewest_degrees_of_freedom([&after.interval, &earlier]),
        },
        test: None,
    }
}

/// How far from zero a value lies, whichever way. Where the interval holds the value, the distances of its points hold
/// the distance, so that the level is kept.
pub fn distance_from_zero(estimate: &Estimate) -> Estimate {
    let interval = estimate.interval;
    let (low, high) = (interval.low.abs(), interval.high.abs());
    let straddles = interval.low <= 0.0 && interval.high >= 0.0;
    Estimate {
        value: estimate.value.abs(),
        interval: Interval {
            low: if straddles { 0.0 } else { low.min(high) },
            high: low.max(high),
            ..interval
        },
        test: None,
    }
}

/// The two-sided p-value of no difference, recovered from the interval as [`p_beyond`] does.
pub fn p_of_none(difference: &Estimate) -> f64 {
    (2.0 * p_beyond(difference, 0.0)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, low: f64, high: f64) -> Estimate {
        Estimate {
            value,
            interval: Interval {
                low,
                high,
                level: 0.95,
                method: Method::Newcombe,
                degrees_of_freedom: None,
            },
            test: None,
        }
    }

    #[test]
    fn two_wilson_intervals_give_newcombe_s_example() {
        // Newcombe (1998), Table II, example (a), method 10: 56/70 against 48/80 is 0.2, from 0.0524 to 0.3339. The
        // limits of the proportions are those of statsmodels' proportion_confint(method="wilson").
        let first = estimate(0.8, 0.691_833_56, 0.876_952_61);
        let second = estimate(0.6, 0.490_454_65, 0.700_381_72);
        let change = difference(&first, &second);
        assert!((change.value - 0.2).abs() < 1e-12);
        assert!((change.interval.low - 0.0524).abs() < 5e-5);
        assert!((change.interval.high - 0.3339).abs() < 5e-5);
        let back = difference(&second, &first);
        assert!((back.interval.low + change.interval.high).abs() < 1e-12);
    }

    #[test]
    fn the_p_value_is_a_twentieth_where_the_interval_touches_zero() {
        assert!((p_of_none(&estimate(0.1, 0.0, 0.3)) - 0.05).abs() < 1e-9);
        assert!((p_of_none(&estimate(0.0, -0.1, 0.1)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_distance_has_no_sign() {
        for (low, value, high, expected) in [
            (-0.3, -0.2, -0.1, (0.1, 0.2, 0.3)),
            (-0.3, -0.2, 0.1, (0.0, 0.2, 0.3)),
            (0.1, 0.2, 0.3, (0.1, 0.2, 0.3)),
        ] {
            let distance = distance_from_zero(&estimate(value, low, high));
            let limits = distance.interval;
            assert_eq!((limits.low, distance.value, limits.high), expected);
        }
    }
}
