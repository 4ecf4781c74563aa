//! What an interval says about a threshold at other levels than its own.

use super::distribution::{normal_cdf, normal_quantile};
use super::{Estimate, Interval, Method};

/// The one-sided p-value of the claim that the true value lies on the estimate's side of `threshold`.
///
/// The distance to the threshold is measured in the half-width of the interval on that side, which stands for the
/// normal quantile of its level: so p equals (1 - level) / 2 just where the interval touches the threshold, and
/// skewed intervals keep their skew. This lets saved records be judged at levels they were not made at.
///
/// Ratios are measured on the log scale, where their intervals are nearly symmetric and none falls below 0.
pub fn p_beyond(estimate: &Estimate, threshold: f64) -> f64 {
    1.0 - normal_cdf(z_beyond(estimate, threshold))
}

/// The distance to the threshold that [`p_beyond`] turns into a probability, in standard normal units.
pub fn z_beyond(estimate: &Estimate, threshold: f64) -> f64 {
    let limit = if estimate.value < threshold {
        estimate.interval.high
    } else {
        estimate.interval.low
    };
    let scale = scale(estimate, &[threshold, limit]);
    let half = (scale.to(limit) - scale.to(estimate.value)).abs();
    let distance = (scale.to(estimate.value) - scale.to(threshold)).abs();
    if half <= 0.0 {
        return if distance > 0.0 { f64::INFINITY } else { 0.0 };
    }
    normal_quantile(0.5 + estimate.interval.level / 2.0) * distance / half
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
    let stretched = |limit: f64| {
        let scale = scale(estimate, &[limit]);
        let value = scale.to(estimate.value);
        scale.back(value + stretch * (scale.to(limit) - value))
    };
    Interval {
        low: stretched(interval.low),
        high: stretched(interval.high),
        level,
        method: interval.method,
    }
}

/// How distances are measured.
#[derive(Clone, Copy, PartialEq)]
enum Scale {
    Plain,
    Log,
}

/// The log scale for ratios, as far as their numbers have logarithms.
fn scale(estimate: &Estimate, others: &[f64]) -> Scale {
    let is_ratio = matches!(
        estimate.interval.method,
        Method::Koopman | Method::KoopmanHighest
    );
    let positive = estimate.value > 0.0 && others.iter().all(|other| *other > 0.0);
    if is_ratio && positive {
        Scale::Log
    } else {
        Scale::Plain
    }
}

impl Scale {
    fn to(self, number: f64) -> f64 {
        if self == Scale::Log {
            number.ln()
        } else {
            number
        }
    }

    fn back(self, number: f64) -> f64 {
        if self == Scale::Log {
            number.exp()
        } else {
            number
        }
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
