//! How many cases would settle an undecided gate, and how small a difference the cases at hand
//! could have shown.

use super::Interval;
use super::distribution::normal_quantile;
use super::interval::two_sided_z;

/// The number of trials at which Wilson's interval would leave `threshold` out, were the
/// proportion to stay as it is. `None` where the proportion sits on the threshold, or an argument
/// is out of range.
///
/// Wilson's interval holds the thresholds that the score test accepts, so the number has a closed
/// form: z² t (1 - t) / (p - t)².
pub fn needed_n_of_proportion(proportion: f64, threshold: f64, level: f64) -> Option<u64> {
    let z = two_sided_z(level).ok()?;
    // No proportion lies beyond 0 or 1, and any number of cases shows that.
    let spread = (threshold * (1.0 - threshold)).max(0.0);
    whole(z * z * spread, proportion - threshold)
}

/// The number of cases at which an interval would leave `threshold` out, were the estimate to
/// stay and the interval to shrink with the square root of the number of cases, from `n` now. At
/// most `n` where it leaves it out already. `None` where the estimate sits on the threshold.
pub fn needed_n(estimate: f64, interval: &Interval, n: u64, threshold: f64) -> Option<u64> {
    let half = if estimate < threshold {
        interval.high - estimate
    } else {
        estimate - interval.low
    };
    whole(n as f64 * half * half, estimate - threshold)
}

fn whole(spread: f64, distance: f64) -> Option<u64> {
    let cases = (spread / (distance * distance)).ceil();
    (distance != 0.0 && cases.is_finite()).then(|| (cases as u64).max(1))
}

/// The differences from a proportion that two groups of cases can show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detectable {
    /// The smallest difference downwards, below zero; `None` where even 0 is too close.
    pub below: Option<f64>,
    /// The smallest difference upwards, above zero; `None` where even 1 is too close.
    pub above: Option<f64>,
}

/// The smallest differences of a second group's proportion to that of the first which a two-sided
/// test at `level` would find with the given power, on Cohen's arcsine scale (Cohen 1988, chapter
/// 6). `None` where an argument is out of range.
pub fn detectable_difference(
    proportion: f64,
    cases: (f64, f64),
    level: f64,
    power: f64,
) -> Option<Detectable> {
    let z = two_sided_z(level).ok()?;
    let known = (0.0..=1.0).contains(&proportion) && power > 0.0 && power < 1.0;
    let (first, second) = cases;
    if !known || first.is_nan() || first <= 0.0 || second.is_nan() || second <= 0.0 {
        return None;
    }
    let step = (z + normal_quantile(power)).max(0.0) * (1.0 / first + 1.0 / second).sqrt();
    let angle = 2.0 * proportion.sqrt().asin();
    let difference = |angle: f64| (angle / 2.0).sin().powi(2) - proportion;
    Some(Detectable {
        below: (angle >= step).then(|| difference(angle - step)),
        above: (angle + step <= std::f64::consts::PI).then(|| difference(angle + step)),
    })
}
