//! What an interval says about a threshold at other levels than its own.

use super::distribution::{normal_cdf, normal_quantile};
use super::{Estimate, Interval};

/// The one-sided p-value of the claim that the true value lies on the estimate's side of `threshold`.
///
/// The distance to the threshold is measured in the half-width of the interval on that side, which stands for the
/// normal quantile of its level: so p equals (1 - level) / 2 just where the interval touches the threshold, and
/// skewed intervals keep their skew. This lets saved records be judged at levels they were not made at.
pub fn p_beyond(estimate: &Estimate, threshold: f64) -> f64 {
    let half = if estimate.value < threshold {
        estimate.interval.high - estimate.value
    } else {
        estimate.value - estimate.interval.low
    };
    let distance = (estimate.value - threshold).abs();
    if half <= 0.0 {
        return if distance > 0.0 { 0.0 } else { 0.5 };
    }
    let z = normal_quantile(0.5 + estimate.interval.level / 2.0) * distance / half;
    1.0 - normal_cdf(z)
}

/// The interval at another level: each side stretched by the ratio of the normal quantiles, the inverse of
/// [`p_beyond`].
pub fn at_level(estimate: &Estimate, level: f64) -> Interval {
    let interval = estimate.interval;
    if interval.level == level {
        return interval;
    }
    let quantile = |level: f64| normal_quantile(0.5 + level / 2.0);
    let stretch = quantile(level) / quantile(interval.level);
    Interval {
        low: estimate.value - stretch * (estimate.value - interval.low),
        high: estimate.value + stretch * (interval.high - estimate.value),
        level,
        method: interval.method,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Method;
    use super::*;

    #[test]
    fn touching_the_threshold_is_worth_half_of_what_the_level_leaves() {
        let estimate = Estimate {
            value: 0.3,
            interval: Interval {
                low: 0.25,
                high: 0.4,
                level: 0.95,
                method: Method::Wilson,
            },
            test: None,
        };
        assert!((p_beyond(&estimate, 0.4) - 0.025).abs() < 1e-9);
        assert!((p_beyond(&estimate, 0.25) - 0.025).abs() < 1e-9);
        assert!((p_beyond(&estimate, 0.3) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_higher_level_reaches_the_threshold_that_its_p_value_names() {
        let estimate = Estimate {
            value: 0.3,
            interval: Interval {
                low: 0.25,
                high: 0.4,
                level: 0.95,
                method: Method::Wilson,
            },
            test: None,
        };
        let wider = at_level(&estimate, 0.99);
        assert!((p_beyond(&estimate, wider.high) - 0.005).abs() < 1e-9);
        assert!((p_beyond(&estimate, wider.low) - 0.005).abs() < 1e-9);
    }
}
