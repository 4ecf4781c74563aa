//! Student's t interval of a mean with one long side, by Hall's (1992) cubic transformation: T + k T² / 3 + k² T³ / 27 + k / 6
//! is nearly Student's t, where T is the deviation of the mean in standard errors and k its skewness.

use super::distribution::two_sided_quantile;
use super::{Estimate, Method};

/// The strongest skewness that is looked for in saved limits.
const MOST: f64 = 20.0;

/// How far limits that are made again may be off, since those of a record have twelve decimals.
const ROUNDING: f64 = 1e-8;

/// A mean, its standard error and its skewness.
#[derive(Clone, Copy, Debug)]
pub(super) struct Skewed {
    pub(super) mean: f64,
    pub(super) error: f64,
    pub(super) skewness: f64,
    pub(super) degrees_of_freedom: f64,
}

impl Skewed {
    /// From a saved interval, which tells skewness by how much longer one side is than the other; for the root of a mean of
    /// squares those of the mean. `None` for other intervals, and where a limit was cut off at the end of a range.
    pub(super) fn recovered(estimate: &Estimate) -> Option<Self> {
        let interval = &estimate.interval;
        let degrees_of_freedom = interval.degrees_of_freedom?;
        let squared = |number: f64| match interval.method {
            Method::SkewedTOfRoot => Some(number * number),
            Method::SkewedT => Some(number),
            _ => None,
        };
        let (low, mean, high) = (
            squared(interval.low)?,
            squared(estimate.value)?,
            squared(interval.high)?,
        );
        let t = two_sided_quantile(interval.level, interval.degrees_of_freedom);
        let longer = |skewness: f64| {
            deviation(t, skewness) * (high - mean) + deviation(-t, skewness) * (mean - low)
        };
        let (mut least, mut most) = (-MOST, MOST);
        // Written so that limits without a width, which make this NaN, have no skewness.
        if !(low < mean && mean < high && longer(least) * longer(most) < 0.0) {
            return None;
        }
        let rises = longer(most) > 0.0;
        for _ in 0..200 {
            let middle = (least + most) / 2.0;
            if (longer(middle) > 0.0) == rises {
                most = middle;
            } else {
                least = middle;
            }
        }
        let skewness = (least + most) / 2.0;
        let found = Skewed {
            mean,
            error: (high - low) / (deviation(t, skewness) - deviation(-t, skewness)),
            skewness,
            degrees_of_freedom,
        };
        let again = found.limits(interval.level);
        let agree =
            (again.0 - low).abs().max((again.1 - high).abs()) <= ROUNDING * (high - low).max(1.0);
        agree.then_some(found)
    }

    /// The limits at a level.
    pub(super) fn limits(&self, level: f64) -> (f64, f64) {
        let t = two_sided_quantile(level, Some(self.degrees_of_freedom));
        let limit = |t| self.mean - deviation(t, self.skewness) * self.error;
        (limit(t), limit(-t))
    }

    /// The t statistic of a threshold for the mean, without its sign.
    pub(super) fn statistic(&self, threshold: f64) -> f64 {
        let (t, k) = ((self.mean - threshold) / self.error, self.skewness);
        (t + k * t * t / 3.0 + k * k * t.powi(3) / 27.0 + k / 6.0).abs()
    }
}

/// The deviation of which the transformation is this.
fn deviation(transformed: f64, skewness: f64) -> f64 {
    if skewness.abs() < 1e-6 {
        return transformed;
    }
    let cube = 1.0 + skewness * (transformed - skewness / 6.0);
    (cube.cbrt() - 1.0) * 3.0 / skewness
}
