//! The share and the number of trials that a score interval was made from, recovered from its limits: so that a saved
//! interval says at every level, and about every threshold, what one made from the counts would say.

use super::distribution::{binomial_tail, two_sided_quantile, upper_tail};
use super::interval::score_limits;
use super::{Estimate, Method};

/// How far recovered numbers may be off, since limits in a record have twelve decimals.
const ROUNDING: f64 = 1e-6;

/// A share with the number of independent trials that it is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Recovered {
    share: f64,
    pub(super) trials: f64,
    degrees_of_freedom: Option<f64>,
    /// How the share is told of.
    told: Told,
}

/// What stands in the record.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    /// The share itself.
    Plain,
    /// F1 = 2 J / (1 + J) for the share J that gold and answers have in common.
    AsF1,
}

impl Recovered {
    /// From Wilson's interval of a share, or of F1 that follows from one: a limit l of the share p lies where
    /// (p - l)² = q² l (1 - l) / n for the quantile q of its level. Few clusters are in the quantile, which is Student's
    /// then, so that n does not hang on the level. `None` for other intervals, and where the two limits do not agree.
    pub(super) fn new(estimate: &Estimate) -> Option<Self> {
        let interval = &estimate.interval;
        let told = match interval.method {
            Method::Wilson => Told::Plain,
            Method::WilsonFStar => Told::AsF1,
            _ => return None,
        };
        let share = told.share(estimate.value);
        let (low, high) = (told.share(interval.low), told.share(interval.high));
        let limit = if share < 0.5 { high } else { low };
        let inside = (0.0..=1.0).contains(&share) && limit > 0.0 && limit < 1.0;
        let quantile = two_sided_quantile(interval.level, interval.degrees_of_freedom);
        let trials = quantile * quantile * limit * (1.0 - limit) / (share - limit).powi(2);
        if !inside || !trials.is_finite() || trials <= 0.0 {
            return None;
        }
        let again = score_limits(share, trials, quantile);
        let agree = (again.0 - low).abs().max((again.1 - high).abs()) < ROUNDING;
        agree.then_some(Recovered {
            share,
            trials,
            degrees_of_freedom: interval.degrees_of_freedom,
            told,
        })
    }

    /// The limits at a level.
    pub(super) fn limits(&self, level: f64) -> (f64, f64) {
        let quantile = two_sided_quantile(level, self.degrees_of_freedom);
        let (low, high) = score_limits(self.share, self.trials, quantile);
        (self.told.value(low), self.told.value(high))
    }

    /// The statistic of the score test of a threshold, without its sign: infinite for what no share can be.
    pub(super) fn statistic(&self, threshold: f64) -> f64 {
        let threshold = self.told.share(threshold);
        let distance = (self.share - threshold).abs();
        if distance == 0.0 {
            return 0.0;
        }
        let variance = (threshold * (1.0 - threshold)).max(0.0) / self.trials;
        distance / variance.sqrt()
    }

    /// The number of cases at which the limits at a level would leave a threshold out, from `n` now, were the share to
    /// stay and trials to take as many cases as they do: q² t (1 - t) / (p - t)² trials. Not whole, and infinite where
    /// the share sits on the threshold.
    pub(super) fn needed(&self, threshold: f64, level: f64, n: u64) -> f64 {
        let threshold = self.told.share(threshold);
        let quantile = two_sided_quantile(level, self.degrees_of_freedom);
        let spread = (threshold * (1.0 - threshold)).max(0.0);
        let cases = n as f64 / self.trials;
        // Independent cases are trials, whatever the last digits of a limit in a record.
        let cases = if (cases - 1.0).abs() < ROUNDING {
            1.0
        } else {
            cases
        };
        cases * quantile * quantile * spread / (self.share - threshold).powi(2)
    }

    /// How many of `n` independent cases make up the share; `None` where it is no count of these, such as of cases that
    /// come in clusters or weigh differently.
    pub(super) fn counts(&self, n: u64) -> Option<f64> {
        let n = n as f64;
        let count = self.share * n;
        let near = |one: f64, other: f64| (one - other).abs() <= ROUNDING * other.max(1.0);
        let plain = self.told == Told::Plain && self.degrees_of_freedom.is_none();
        (plain && near(self.trials, n) && near(count, count.round())).then(|| count.round())
    }

    /// The exact one-sided p-value of the claim that the true share lies on this one's side of a threshold (Clopper &
    /// Pearson 1934), were `trials` made and this share of them counted.
    pub(super) fn exact_p(&self, threshold: f64, trials: f64) -> f64 {
        if threshold <= 0.0 || threshold >= 1.0 {
            // A share of exactly 0 or 1 leaves no doubt when a single case is otherwise.
            return upper_tail(self.statistic(threshold), None);
        }
        let upper = self.share > threshold;
        // Whole counts are not to be missed by a rounding error.
        let count = self.share * trials;
        let whole = count.round();
        let count = if (count - whole).abs() <= ROUNDING {
            whole
        } else {
            count
        };
        binomial_tail(count, trials, threshold, upper)
    }
}

impl Told {
    fn share(self, value: f64) -> f64 {
        match self {
            Told::Plain => value,
            Told::AsF1 => value / (2.0 - value),
        }
    }

    fn value(self, share: f64) -> f64 {
        match self {
            Told::Plain => share,
            Told::AsF1 => 2.0 * share / (1.0 + share),
        }
    }
}
