//! Fisher's z of correlations of independent pairs: how it varies, and the interval that follows.

use super::moments::{Moments, Sample};
use super::{Kind, Pairs, ROUNDING, on_no_line};
use crate::stats::distribution::student_quantile;
use crate::stats::interval::two_sided_z;
use crate::stats::kurtosis::degrees_of_freedom;
use crate::stats::{Interval, Method, Reason, Undefined};

/// The variance of Fisher's z of a correlation, and how well it is known.
pub(super) struct SpreadOfZ {
    pub(super) variance: f64,
    /// Degrees of freedom.
    pub(super) freedom: f64,
}

impl SpreadOfZ {
    /// The interval of a correlation.
    pub(super) fn interval(&self, value: f64, level: f64) -> Interval {
        let half = self.half(level);
        Interval {
            low: (value.atanh() - half).tanh(),
            high: (value.atanh() + half).tanh(),
            level,
            method: Method::FisherZ,
            degrees_of_freedom: Some(self.freedom).filter(|freedom| freedom.is_finite()),
        }
    }

    /// Half of the width of an interval of z.
    fn half(&self, level: f64) -> f64 {
        student_quantile(1.0 - level, self.freedom) * self.variance.sqrt()
    }
}

impl Pairs {
    /// How z varies: as numbers that are normally distributed have it, or as the jackknife has it, whichever makes the
    /// wider interval.
    pub(super) fn spread_of_z(
        &self,
        kind: Kind,
        value: f64,
        level: f64,
    ) -> Result<SpreadOfZ, Undefined> {
        let quantile = two_sided_z(level)?;
        let n = self.worth();
        if n < 4.0 {
            let detail = format!("n = {n:.0}: a correlation's interval takes four pairs");
            return Err(Undefined::new(Reason::TooFewCases, detail));
        }
        on_no_line(value)?;
        let usual = match kind {
            Kind::Product => 1.0 / (n - 3.0),
            Kind::Rank => (1.0 + value * value / 2.0) / (n - 3.0),
            Kind::Concordance => {
                let moments = Moments::new(&self.gold, &self.answers, &self.weights);
                moments.variance_of_concordance() / (n - 2.0)
            }
        };
        let jackknifed = self.jackknifed(kind, value)?;
        Ok(if jackknifed.half(level) > quantile * usual.sqrt() {
            jackknifed
        } else {
            SpreadOfZ {
                variance: usual,
                freedom: f64::INFINITY,
            }
        })
    }

    /// The jackknife of z (Miller 1974); where pairs weigh differently, each with its share of all weights.
    fn jackknifed(&self, kind: Kind, value: f64) -> Result<SpreadOfZ, Undefined> {
        let total: f64 = self.weights.iter().sum();
        let mut effects = Vec::with_capacity(self.weights.len());
        let without = Sample::new(self, kind).without_each(&self.weights);
        for (without, weight) in without.into_iter().zip(&self.weights) {
            let Some(without) = without else {
                let detail = "without one pair the numbers would not vary";
                return Err(Undefined::new(Reason::Unstable, detail));
            };
            if 1.0 - without.abs() < ROUNDING {
                let detail = "without one pair the others lie on a line";
                return Err(Undefined::new(Reason::Unstable, detail));
            }
            let share = weight / total;
            effects.push((share, (value.atanh() - without.atanh()) * (1.0 - share)));
        }
        let sum: f64 = effects.iter().map(|(_, effect)| effect).sum();
        let centred = effects.iter().map(|(share, effect)| effect - share * sum);
        let n = effects.len() as f64;
        let squares: f64 = centred.clone().map(|effect| effect * effect).sum();
        Ok(SpreadOfZ {
            variance: squares * n / (n - 1.0),
            freedom: degrees_of_freedom(centred.map(|effect| (effect, 1.0))),
        })
    }
}
