//! What an interval says about a threshold, and at other levels than its own.

use super::distribution::{two_sided_quantile, upper_tail};
use super::recovered::Recovered;
use super::skewed::Skewed;
use super::{Estimate, Interval, Method};

/// The one-sided p-value of the claim that the true value lies on the estimate's side of `threshold`.
///
/// For Wilson's interval it is that of the score test, which the interval is the inverse of. Otherwise the distance to
/// the threshold is measured in the half-width of the interval on that side, which stands for the quantile of its level:
/// Student's where few clusters set the limits ([`Interval::degrees_of_freedom`]), else the normal one. So p equals
/// (1 - level) / 2 just where the interval touches the threshold, and skewed intervals keep their skew. This lets saved
/// records be judged at levels they were not made at.
///
/// Means that are corrected for skewness, and roots of such means, are taken as they were made. Ratios are measured on the
/// log scale, where their intervals are nearly symmetric and none falls below 0, and correlations on Fisher's z scale. Limits of what has shown no variation, on one side of the value alone, move away as
/// fast as the square of the quantile: as z² / (n + z²) does, Wilson's limit for nothing out of n.
pub fn p_beyond(estimate: &Estimate, threshold: f64) -> f64 {
    upper_tail(
        statistic_beyond(estimate, threshold),
        estimate.interval.degrees_of_freedom,
    )
}

/// The distance to the threshold that [`p_beyond`] turns into a probability: in standard errors, z or Student's t.
pub fn statistic_beyond(estimate: &Estimate, threshold: f64) -> f64 {
    if let Some(share) = Recovered::new(estimate) {
        return share.statistic(threshold);
    }
    if let Some(mean) = Skewed::recovered(estimate) {
        return mean.statistic(of_mean(estimate, threshold));
    }
    let interval = &estimate.interval;
    let limit = if estimate.value < threshold {
        interval.high
    } else {
        interval.low
    };
    let scale = Scale::of(estimate, &[threshold, limit]);
    let half = (scale.to(limit) - scale.to(estimate.value)).abs();
    let distance = (scale.to(estimate.value) - scale.to(threshold)).abs();
    if half <= 0.0 {
        return match distance > 0.0 {
            // The highest of all groups, beyond doubt at the level of the record: at others nothing is known.
            true if interval.method == Method::KoopmanHighest => {
                two_sided_quantile(interval.level, interval.degrees_of_freedom)
            }
            true => f64::INFINITY,
            false => 0.0,
        };
    }
    let widths = distance / half;
    let stretch = match has_one_side(estimate) {
        true if widths > 1.0 => widths.sqrt(),
        _ => widths,
    };
    stretch * two_sided_quantile(interval.level, interval.degrees_of_freedom)
}

/// The interval at another level, the inverse of [`p_beyond`]: Wilson's is made anew from the trials that its limits tell
/// of; each side of others is stretched by the ratio of the quantiles.
pub fn at_level(estimate: &Estimate, level: f64) -> Interval {
    let interval = estimate.interval;
    if interval.level == level {
        return interval;
    }
    if let Some(share) = Recovered::new(estimate) {
        let (low, high) = share.limits(level);
        return Interval {
            low,
            high,
            level,
            ..interval
        };
    }
    if let Some(mean) = Skewed::recovered(estimate) {
        let (low, high) = mean.limits(level);
        let root = |number: f64| match interval.method {
            Method::SkewedTOfRoot => number.max(0.0).sqrt(),
            _ => number,
        };
        return Interval {
            low: root(low),
            high: root(high),
            level,
            ..interval
        };
    }
    if interval.method == Method::KoopmanHighest
        && interval.low == interval.high
        && level > interval.level
    {
        return Interval {
            low: 0.0,
            level,
            ..interval
        };
    }
    let quantile = |level: f64| two_sided_quantile(level, interval.degrees_of_freedom);
    let ratio = quantile(level) / quantile(interval.level);
    let stretch = match has_one_side(estimate) {
        true if ratio > 1.0 => ratio * ratio,
        _ => ratio,
    };
    let stretched = |limit: f64| {
        let scale = Scale::of(estimate, &[limit]);
        let value = scale.to(estimate.value);
        scale.back(value + stretch * (scale.to(limit) - value))
    };
    Interval {
        low: stretched(interval.low),
        high: stretched(interval.high),
        level,
        ..interval
    }
}

/// A threshold of a root of a mean of squares, as one of the mean.
fn of_mean(estimate: &Estimate, threshold: f64) -> f64 {
    match estimate.interval.method {
        Method::SkewedTOfRoot => threshold * threshold.abs(),
        _ => threshold,
    }
}

/// The exact one-sided p-value of the claim of [`p_beyond`] by the binomial distribution (Clopper & Pearson 1934), where
/// the estimate is a share of `n` independent cases that weigh the same; `None` elsewhere. Wilson's interval holds the
/// truth as often as it says on average; near 0 and 1 its error is mostly on one side.
pub fn exact_p_beyond(estimate: &Estimate, threshold: f64, n: u64) -> Option<f64> {
    let share = Recovered::new(estimate)?;
    share.counts(n)?;
    Some(share.exact_p(threshold, n as f64))
}

/// Whether an interval shows what might be and was not seen: nothing varied, so that it lies on one side of its value,
/// or is Wilson's limit for nothing out of n, carried over to a range of values.
fn has_one_side(estimate: &Estimate) -> bool {
    let Interval {
        low, high, method, ..
    } = estimate.interval;
    method == Method::Wilson || (low == estimate.value) != (high == estimate.value)
}

/// How distances are measured.
#[derive(Clone, Copy, PartialEq)]
enum Scale {
    Plain,
    Log,
    FisherZ,
}

impl Scale {
    /// The log scale for ratios, as far as their numbers have logarithms, and Fisher's for correlations.
    fn of(estimate: &Estimate, others: &[f64]) -> Self {
        let positive = estimate.value > 0.0 && others.iter().all(|other| *other > 0.0);
        match estimate.interval.method {
            Method::Koopman | Method::KoopmanHighest if positive => Scale::Log,
            Method::FisherZ if estimate.value.abs() < 1.0 => Scale::FisherZ,
            _ => Scale::Plain,
        }
    }

    fn to(self, number: f64) -> f64 {
        match self {
            Scale::Plain => number,
            Scale::Log => number.ln(),
            // What no correlation can be is infinitely far.
            Scale::FisherZ => number.clamp(-1.0, 1.0).atanh(),
        }
    }

    fn back(self, number: f64) -> f64 {
        match self {
            Scale::Plain => number,
            Scale::Log => number.exp(),
            Scale::FisherZ => number.tanh(),
        }
    }
}
