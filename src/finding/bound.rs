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

/// The number of cases at which the interval would decide, were the estimate to stay.
pub(super) fn needed(bound: Bound, estimate: &Estimate, n: u64) -> Option<u64> {
    let against = |threshold: f64| needed_n(estimate.value, &estimate.interval, n, threshold);
    match bound {
        Bound::Min(bound) | Bound::Max(bound) => against(bound),
        // Lying within needs both ends inside; lying outside needs the nearer end outside.
        Bound::Within(bound) if estimate.value.abs() <= bound => {
            Some(against(bound)?.max(against(-bound)?))
        }
        Bound::Within(bound) => against(if estimate.value < 0.0 { -bound } else { bound }),
    }
}
