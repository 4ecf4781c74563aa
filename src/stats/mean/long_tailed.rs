//! Sums of means of values whose tails may be long, such as errors and their squares.

use super::{Drawn, Values, of_spreads, satterthwaite, spreads, together};
use crate::stats::kurtosis::degrees_of_freedom;
use crate::stats::skewed::Skewed;
use crate::stats::{Estimate, Interval, Method, Undefined};

/// A weighted sum of means of values whose tails may be long, such as errors and their squares. The variance is that of
/// [`super::sum_of_means`], and so is the interval where no value differs or where [`Values::suppose`] says what was not seen.
///
/// The t interval is corrected for skewness (`Skewed`), which is the sum of the cubes of what clusters do to the sum over the
/// 3/2th power of its variance. A plain t interval of values with one long side lies too
/// low: the samples that miss the long side have a small mean and a small error at once. And a term has no more degrees of
/// freedom than the kurtosis of what its clusters do leaves to its variance (O'Neill 2014): n - 1 of normal values, few
/// where some far ones decide.
///
/// # Errors
/// As [`super::sum_of_means`].
pub fn sum_of_long_tailed(
    terms: &[(f64, &Values)],
    range: (f64, f64),
    level: f64,
) -> Result<Estimate, Undefined> {
    let mut spreads = spreads(terms)?;
    let plain = of_spreads(&spreads, range, level)?;
    let as_they_are = vec![Drawn::new(0.0, 1.0, 0.0, None); terms.len()];
    let together = together(&spreads, &as_they_are);
    let unseen = spreads
        .iter()
        .map(|(weight, _, spread)| weight.powi(2) * spread.unseen);
    let seen = together.iter().map(|influence| influence.powi(2));
    let variance: f64 = seen.chain(unseen).sum();
    if plain.interval.method != Method::StudentT || variance <= 0.0 {
        return Ok(plain);
    }
    for (_, _, spread) in &mut spreads {
        let influences = spread
            .influences
            .iter()
            .map(|(_, influence)| (*influence, 1.0));
        spread.freedom = spread.freedom.min(degrees_of_freedom(influences));
    }
    let influences = together.iter().map(|influence| (*influence, 1.0));
    let freedom = satterthwaite(&spreads, &as_they_are)
        .min(degrees_of_freedom(influences))
        .min(together.len() as f64 - 1.0);
    let cubes: f64 = together.iter().map(|influence| influence.powi(3)).sum();
    let skewed = Skewed {
        mean: plain.value,
        error: variance.sqrt(),
        skewness: cubes / variance.powf(1.5),
        degrees_of_freedom: freedom,
    };
    let (low, high) = skewed.limits(level);
    Ok(Estimate {
        interval: Interval {
            low: low.max(range.0).min(plain.value),
            high: high.min(range.1).max(plain.value),
            level,
            degrees_of_freedom: Some(freedom),
            method: Method::SkewedT,
        },
        ..plain
    })
}
