//! How many cases would settle an undecided gate, and how small a difference the cases at hand
//! could have shown.

use super::distribution::normal_quantile;
use super::evidence::at_level;
use super::interval::two_sided_z;
use super::{Estimate, Interval, Method};

/// The number of trials at which Wilson's interval would leave `threshold` out, were the
/// proportion to stay as it is. `None` where the proportion sits on the threshold, or an argument
/// is out of range.
///
/// Wilson's interval holds the thresholds that the score test accepts, so the number has a closed
/// form: z² t (1 - t) / (p - t)².
pub fn needed_n_of_proportion(proportion: f64, threshold: f64, level: f64) -> Option<u64> {
    cases_of_trials(proportion, threshold, level, 1.0)
}

/// The same, where each trial takes a number of cases.
fn cases_of_trials(proportion: f64, threshold: f64, level: f64, cases: f64) -> Option<u64> {
    let z = two_sided_z(level).ok()?;
    // No proportion lies beyond 0 or 1, and any number of cases shows that.
    let spread = (threshold * (1.0 - threshold)).max(0.0);
    whole(cases * z * z * spread, proportion - threshold)
}

/// The number of cases at which an estimate's interval at `level` would leave `threshold` out,
/// were the estimate to stay, from `n` cases now. `None` where the estimate sits on the threshold.
///
/// Where the interval is Wilson's, of a share or of F1 that follows from one, it has a closed form
/// ([`needed_n_of_proportion`]): the limits tell how many independent cases those at hand are
/// worth. Other intervals are taken to shrink as [`needed_n_of_interval`] says.
pub fn needed_n(estimate: &Estimate, level: f64, n: u64, threshold: f64) -> Option<u64> {
    // F1 = 2 J / (1 + J) for the share J that gold and answers have in common.
    let share = |number: f64| match estimate.interval.method {
        Method::WilsonFStar => number / (2.0 - number),
        _ => number,
    };
    let value = share(estimate.value);
    let Some(trials) = trials(value, &estimate.interval, share) else {
        return needed_n_of_interval(estimate.value, &at_level(estimate, level), n, threshold);
    };
    // Another level stretches limits by the ratio of its quantile, which leaves the threshold out just where the
    // interval as it is leaves out a threshold that much nearer.
    let stretch = two_sided_z(level).ok()? / two_sided_z(estimate.interval.level).ok()?;
    let nearer = match stretch {
        1.0 => threshold,
        _ => estimate.value + (threshold - estimate.value) / stretch,
    };
    let cases = n as f64 / trials;
    // Independent cases are trials, whatever the last digits of a limit in a record.
    let cases = if (cases - 1.0).abs() < 1e-6 {
        1.0
    } else {
        cases
    };
    cases_of_trials(value, share(nearer), estimate.interval.level, cases)
}

/// The number of trials that Wilson's interval of a share was made from, z² l (1 - l) / (p - l)² for a limit l. `None`
/// for other intervals.
fn trials(value: f64, interval: &Interval, share: impl Fn(f64) -> f64) -> Option<f64> {
    if !matches!(interval.method, Method::Wilson | Method::WilsonFStar) {
        return None;
    }
    let limit = share(if value < 0.5 {
        interval.high
    } else {
        interval.low
    });
    let inside = (0.0..=1.0).contains(&value) && limit > 0.0 && limit < 1.0;
    let z = two_sided_z(interval.level).ok()?;
    let trials = z * z * limit * (1.0 - limit) / (value - limit).powi(2);
    (inside && trials.is_finite()).then_some(trials)
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
    whole(n as f64 * half * half, estimate - threshold)
}

fn whole(spread: f64, distance: f64) -> Option<u64> {
    let cases = (spread / (distance * distance)).ceil();
    (distance != 0.0 && cases.is_finite()).then(|| (cases as u64).max(1))
}

/// The smallest true difference that an interval like this one would leave 0 out for with the given power, taking its
/// half-width as that many standard errors as its level says: (z of the level + z of the power) * standard error (Cohen
/// 1988, chapter 2). `None` where an argument is out of range.
pub fn detectable_difference(interval: &Interval, power: f64) -> Option<f64> {
    let z = two_sided_z(interval.level).ok()?;
    let error = (interval.high - interval.low) / 2.0 / z;
    let known = power > 0.0 && power < 1.0 && error.is_finite() && error >= 0.0;
    known.then(|| (z + normal_quantile(power)).max(0.0) * error)
}
