//! How many cases would settle an undecided gate, and how small a difference the cases at hand
//! could have shown.

use super::distribution::two_sided_quantile;
use super::evidence::at_level;
use super::interval::two_sided_z;
use super::recovered::Recovered;
use super::{Estimate, Interval};

/// More cases than this are no answer to how many are needed.
const MOST_CASES: u64 = 1 << 40;

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
    let distance = proportion - threshold;
    whole(z * z * spread / (distance * distance))
}

/// The number of cases at which an estimate's interval at `level` would leave `threshold` out,
/// were the estimate to stay, from `n` cases now. `None` where the estimate sits on the threshold.
///
/// Where the interval is Wilson's, of a share or of F1 that follows from one, it has a closed form
/// ([`needed_n_of_proportion`]): the limits tell how many independent cases those at hand are
/// worth. Other intervals are taken to shrink as [`needed_n_of_interval`] says.
pub fn needed_n(estimate: &Estimate, level: f64, n: u64, threshold: f64) -> Option<u64> {
    match Recovered::new(estimate) {
        Some(share) => {
            two_sided_z(level).ok()?;
            whole(share.needed(threshold, level, n))
        }
        None => needed_n_of_interval(estimate.value, &at_level(estimate, level), n, threshold),
    }
}

/// The number of cases, no smaller than `from`, at which the exact test of [`exact_p_beyond`] would decide at `level`,
/// were the share to stay. Counts between whole numbers are interpolated. `None` where the estimate is no share of `n`
/// independent cases, or sits on the threshold.
///
/// [`exact_p_beyond`]: super::evidence::exact_p_beyond
pub fn needed_n_exactly(
    estimate: &Estimate,
    level: f64,
    n: u64,
    threshold: f64,
    from: u64,
) -> Option<u64> {
    let share = Recovered::new(estimate)?;
    share.counts(n)?;
    let decides = |cases: u64| share.exact_p(threshold, cases as f64) <= (1.0 - level) / 2.0;
    let (mut short, mut enough) = (from.max(1), from.max(1));
    while !decides(enough) {
        if enough > MOST_CASES || estimate.value == threshold {
            return None;
        }
        (short, enough) = (enough, enough * 2);
    }
    while enough - short > 1 {
        let middle = short + (enough - short) / 2;
        if decides(middle) {
            enough = middle;
        } else {
            short = middle;
        }
    }
    Some(enough)
}

/// The number of cases at which an interval would leave `threshold` out, were the estimate to
/// stay and the interval to shrink with the square root of the number of cases, from `n` now. At
/// most `n` where it leaves it out already. `None` where the estimate sits on the threshold.
pub fn needed_n_of_interval(
    estimate: f64,
    interval: &Interval,
    n: u64,
    threshold: f64,
) -> Option<u64> {
    let half = if estimate < threshold {
        interval.high - estimate
    } else {
        estimate - interval.low
    };
    let distance = estimate - threshold;
    whole(n as f64 * half * half / (distance * distance))
}

/// A number of cases, rounded up; at least one. `None` where no number is enough.
fn whole(cases: f64) -> Option<u64> {
    cases.is_finite().then(|| (cases.ceil() as u64).max(1))
}

/// The smallest true difference that an interval like this one would leave 0 out for with the given power, taking its
/// half-width as that many standard errors as its level says: (z of the level + z of the power) * standard error (Cohen
/// 1988, chapter 2), with Student's quantiles where few clusters set the limits (Bloom 1995). `None` where an argument is
/// out of range.
pub fn detectable_difference(interval: &Interval, power: f64) -> Option<f64> {
    two_sided_z(interval.level).ok()?;
    let reach = |level: f64| two_sided_quantile(level, interval.degrees_of_freedom);
    let of_level = reach(interval.level);
    let error = (interval.high - interval.low) / 2.0 / of_level;
    let known = power > 0.0 && power < 1.0 && error.is_finite() && error >= 0.0;
    let of_power = || reach((2.0 * power - 1.0).abs()).copysign(power - 0.5);
    known.then(|| (of_level + of_power()).max(0.0) * error)
}
