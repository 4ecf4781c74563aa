//! Intervals for the ratio of two proportions, honest where one of them is 0 or 1.

use super::interval::two_sided_z;
use super::{Interval, Method, Reason, Undefined};

/// Halvings of the bracket around a limit, on the log scale: more than a double can tell apart.
const HALVINGS: usize = 100;

/// Koopman's score interval for the ratio of two independent proportions, first over second, each given as
/// (successes, trials), which may be fractional (Koopman 1984; in the closed form of Miettinen & Nurminen 1985, without
/// their N / (N - 1)). It holds every ratio that the score test does not reject. Where nothing of the first succeeds it
/// begins at 0.
///
/// # Errors
/// Nothing of the second succeeds: then no ratio is too large. Counts or a level out of range.
pub fn koopman(first: (f64, f64), second: (f64, f64), level: f64) -> Result<Interval, Undefined> {
    let z = two_sided_z(level)?;
    for (successes, trials) in [first, second] {
        if trials == 0.0 {
            return Err(Undefined::new(Reason::NoCases, "no trials"));
        }
        if !trials.is_finite() || !(0.0..=trials).contains(&successes) {
            let detail = format!("{successes} successes in {trials} trials");
            return Err(Undefined::new(Reason::OutOfRange, detail));
        }
    }
    if second.0 == 0.0 {
        return Err(zero_denominator());
    }
    let score = |ratio: f64| score(first, second, ratio);
    let value = first.0 / first.1 / (second.0 / second.1);
    // Where nothing succeeds, the ratio at which one success is expected is a place to start from.
    let start = value.max(second.1 / second.0 / first.1);
    Ok(Interval {
        low: if value == 0.0 {
            0.0
        } else {
            crossing(value, 0.5, |ratio| score(ratio) >= z).min(value)
        },
        high: crossing(start, 2.0, |ratio| score(ratio) <= -z).max(value),
        level,
        method: Method::Koopman,
        degrees_of_freedom: None,
    })
}

/// Why a ratio to nothing has no value.
pub(super) fn zero_denominator() -> Undefined {
    Undefined::new(
        Reason::ZeroDenominator,
        "none among those compared with, so there is nothing to divide by",
    )
}

/// The score statistic of a hypothetical ratio: the observed departure over its standard error under that ratio. It
/// falls as the ratio grows.
fn score(first: (f64, f64), second: (f64, f64), ratio: f64) -> f64 {
    let ((x, m), (y, n)) = (first, second);
    // The most likely second proportion under the ratio: the smaller root of a p^2 - b p + c.
    let (a, b, c) = ((m + n) * ratio, (m + y) * ratio + x + n, x + y);
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    let q = (2.0 * c / (b + root)).min(1.0);
    let p = (ratio * q).min(1.0);
    let variance = p * (1.0 - p) / m + ratio * ratio * q * (1.0 - q) / n;
    let departure = x / m - ratio * y / n;
    if variance <= 0.0 {
        return if departure == 0.0 {
            0.0
        } else {
            departure.signum() * f64::INFINITY
        };
    }
    departure / variance.sqrt()
}

/// The ratio from which on, going by `factor` from `start`, the test rejects.
fn crossing(start: f64, factor: f64, rejected: impl Fn(f64) -> bool) -> f64 {
    let (mut kept, mut beyond) = (start, start * factor);
    // At the ends of the numbers nothing is left to go to.
    while !rejected(beyond) && beyond.is_normal() && (beyond * factor).is_normal() {
        (kept, beyond) = (beyond, beyond * factor);
    }
    for _ in 0..HALVINGS {
        let middle = (kept * beyond).sqrt();
        if middle == kept || middle == beyond {
            break;
        }
        if rejected(middle) {
            beyond = middle;
        } else {
            kept = middle;
        }
    }
    beyond
}
