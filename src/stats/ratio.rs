//! The interval of a ratio of two independent shares, from the interval of each. Which shares are compared, and why,
//! is left to the caller.

use super::{Reason, Undefined};

/// A share or a ratio with its limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The value.
    pub value: f64,
    /// The lower limit.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
}

/// `first` over `second`, with limits at the level that both share (MOVER-R; Donner & Zou 2012): the ratios for which
/// the interval of `first` less the ratio times `second` holds zero.
///
/// # Errors
/// The second share, or its lower limit, is zero: then no ratio is too large.
pub fn ratio(first: Limits, second: Limits) -> Result<Limits, Undefined> {
    let product = first.value * second.value;
    let upper_square = second.low * (2.0 * second.value - second.low);
    if second.value <= 0.0 || upper_square <= 0.0 {
        return Err(Undefined::new(
            Reason::NoVariation,
            "the share below the line may be zero",
        ));
    }
    let lower_square = second.high * (2.0 * second.value - second.high);
    // The discriminants are sums of squares; rounding must not take them below zero.
    let root = |square: f64, rest: f64| (product * product - square * rest).max(0.0).sqrt();
    let below = first.low * (2.0 * first.value - first.low);
    let above = first.high * (2.0 * first.value - first.high);
    // Written so that nothing is lost where the square is near zero or below.
    let low = if below > 0.0 {
        below / (product + root(lower_square, below))
    } else {
        0.0
    };
    Ok(Limits {
        value: first.value / second.value,
        low,
        high: (product + root(upper_square, above)) / upper_square,
    })
}

#[cfg(test)]
mod tests {
    use super::super::interval::wilson;
    use super::{Limits, ratio};

    /// Shares as (count, of).
    fn limits((count, of): (f64, f64)) -> Limits {
        let interval = wilson(count, of, 0.95).expect("a share");
        Limits {
            value: count / of,
            low: interval.low,
            high: interval.high,
        }
    }

    #[test]
    fn limits_are_the_roots_that_scipy_finds() {
        let text = include_str!("../../tests/oracles/ratio.json");
        let oracles: Vec<(f64, f64, f64, f64, f64, f64, f64)> =
            serde_json::from_str(text).expect("a list");
        assert!(oracles.len() > 5);
        for (k1, n1, k2, n2, value, low, high) in oracles {
            let found = ratio(limits((k1, n1)), limits((k2, n2))).expect("a ratio");
            for (found, expected) in [(found.value, value), (found.low, low), (found.high, high)] {
                assert!(
                    (found - expected).abs() < 1e-8 * expected.max(1.0),
                    "{k1}/{n1} over {k2}/{n2}: {found} where {expected} is right"
                );
            }
        }
    }

    #[test]
    fn there_is_no_ratio_to_nothing() {
        assert!(ratio(limits((3.0, 10.0)), limits((0.0, 10.0))).is_err());
    }
}
