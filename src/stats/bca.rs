//! Bias-corrected and accelerated limits of bootstrap replicates, widened for few units.

use super::distribution::{normal_cdf, normal_quantile, student_quantile};
use super::interval::{no_spread, of_replicates, quantile, sort_replicates, too_few};
use super::kurtosis::degrees_of_freedom;
use super::{Interval, Method, Reason, Undefined};

/// A statistic of the whole sample, and of the sample with each unit (case or cluster) left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Jackknife {
    /// The statistic of the whole sample.
    pub whole: f64,
    /// The statistic with one unit left out, where it has a value then.
    pub without: Vec<Without>,
    /// How many units of equal weight the sample's are worth (Kish 1965): their number, where they weigh the same.
    pub worth: f64,
    /// What all units weigh together: their number, where they weigh the same.
    pub mass: f64,
}

/// What a statistic comes to without one unit, or without any one of several that are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Without {
    /// The value.
    pub value: f64,
    /// How many units give it.
    pub times: u64,
    /// What each of them weighs; 1 where all weigh the same.
    pub mass: f64,
}

/// The bias-corrected and accelerated interval of bootstrap replicates (Efron 1987), which are left
/// sorted, at the expanded level of Hesterberg (2015): replicates of few units spread too little, by
/// the square root of (n - 1) / n, and normal quantiles fall short of Student's.
///
/// Units that weigh differently are as few as the n of equal weight that they are worth (Kish 1965, section 11.7), and
/// their replicates fall shorter still: see `Jackknife::shortfall`.
///
/// # Errors
/// Too few replicates or units for the level, replicates that are all the same or all on one side of
/// the whole sample's value.
pub fn bca(
    replicates: &mut [f64],
    jackknife: &Jackknife,
    level: f64,
    method: Method,
) -> Result<Interval, Undefined> {
    sort_replicates(replicates, level)?;
    let usual = expanded_tail(level, jackknife.worth - 1.0, jackknife.usual())?;
    let freedom = jackknife.degrees_of_freedom();
    let whole = expanded_tail(level, freedom, jackknife.shortfall())?;
    // What uneven weights and long tails ask for beyond the usual is granted as far as replicates reach.
    let tail = usual.min(whole.max(1.0 / replicates.len() as f64));
    let interval = of_replicates(limits(replicates, jackknife, tail)?, level, method)?;
    Ok(Interval {
        degrees_of_freedom: Some(freedom),
        ..interval
    })
}

/// The probability beyond each limit of an interval that is to hold with `level`, where the variance of the statistic has
/// so many degrees of freedom and its replicates vary too little by the factor `shortfall`.
pub(super) fn expanded_tail(level: f64, freedom: f64, shortfall: f64) -> Result<f64, Undefined> {
    if freedom < 1.0 {
        return Err(too_few(freedom + 1.0, "resampling takes two units"));
    }
    Ok(normal_cdf(
        -shortfall.sqrt() * student_quantile(1.0 - level, freedom),
    ))
}

impl Jackknife {
    /// How much more variance a statistic of units of equal weight has than its replicates show: n / (n - 1).
    fn usual(&self) -> f64 {
        self.worth / (self.worth - 1.0)
    }

    /// Degrees of freedom of the variance that units show: one less than they are worth, and no more than the kurtosis of
    /// what each does to the statistic leaves (O'Neill 2014). Where few of them do much, as cases with a rare label, their
    /// number says nothing of how well the variance is known.
    pub(super) fn degrees_of_freedom(&self) -> f64 {
        let values = self.without.iter();
        let known = degrees_of_freedom(values.map(|one| (one.value, one.times as f64)));
        known.min((self.worth - 1.0).max(1.0))
    }

    /// How much more variance the statistic has than its replicates show: the usual, where units weigh the same.
    ///
    /// Where units weigh differently, the heaviest lie near a value that they set themselves, in the sample and in its
    /// replicates alike, so that replicates miss more than that. As for sums and means, no variance is believed that is
    /// below that of as many units of equal weight as these are worth: the mean square of what each unit does to the
    /// statistic, over n - 1, against the sum of squares with the units' own shares of the mass, which is what replicates
    /// vary by to first order (the infinitesimal jackknife, Jaeckel 1972, from values with a unit left out).
    pub(super) fn shortfall(&self) -> f64 {
        let usual = self.usual();
        if self
            .without
            .iter()
            .all(|one| one.mass == self.without[0].mass)
        {
            return usual;
        }
        let (mut seen, mut even) = (0.0, 0.0);
        for one in &self.without {
            let share = one.mass / self.mass;
            let influence = (self.whole - one.value) * (1.0 - share) / share;
            let square = one.times as f64 * share * influence * influence;
            seen += share * square;
            even += square / (self.worth - 1.0);
        }
        // Where nothing has an influence, 0 / 0 gives way to the usual.
        (even / seen).max(usual)
    }
}

/// The limits of sorted replicates beyond which `tail` lies on either side, corrected for bias and acceleration.
pub(super) fn limits(
    replicates: &[f64],
    jackknife: &Jackknife,
    tail: f64,
) -> Result<(f64, f64), Undefined> {
    // Beyond the last replicate nothing is known, and it must not pass for a quantile.
    if (replicates.len() as f64) * tail < 1.0 - f64::EPSILON {
        let detail = "cases or clusters are too few for limits from so few replicates";
        return Err(too_few(jackknife.worth, detail));
    }
    let estimate = jackknife.whole;
    let below = replicates.partition_point(|&value| value < estimate);
    let up_to = replicates.partition_point(|&value| value <= estimate);
    // Replicates equal to the estimate count half, which matters for statistics of few values.
    let share = (below + up_to) as f64 / 2.0 / replicates.len() as f64;
    if share <= 0.0 || share >= 1.0 {
        let detail = "all replicates lie on one side of the estimate";
        return Err(Undefined::new(Reason::Unstable, detail));
    }
    let bias = normal_quantile(share);
    let acceleration = acceleration(&jackknife.without)?;
    let limit = |probability: f64| {
        let shifted = bias + normal_quantile(probability);
        let stretch = 1.0 - acceleration * shifted;
        if stretch <= 0.0 {
            let detail = format!("acceleration {acceleration} is too strong");
            return Err(Undefined::new(Reason::Unstable, detail));
        }
        Ok(quantile(replicates, normal_cdf(bias + shifted / stretch)))
    };
    Ok((limit(tail)?, limit(1.0 - tail)?))
}

/// Efron's acceleration: a sixth of the skewness of the jackknife influences.
fn acceleration(jackknife: &[Without]) -> Result<f64, Undefined> {
    let moment = |power: i32, mean: f64| -> f64 {
        let term = |one: &Without| (mean - one.value).powi(power) * one.times as f64;
        jackknife.iter().map(term).sum()
    };
    let cases = moment(0, 0.0);
    if cases < 2.0 {
        return Err(too_few(cases, "a jackknife takes two cases"));
    }
    let mean = -moment(1, 0.0) / cases;
    let spread = moment(2, mean);
    let values = || jackknife.iter().map(|one| one.value);
    let (low, high) = (values().fold(mean, f64::min), values().fold(mean, f64::max));
    if no_spread(low, high) {
        return Err(Undefined::new(
            Reason::NoVariation,
            "no case changes the statistic",
        ));
    }
    Ok(moment(3, mean) / (6.0 * spread.powf(1.5)))
}
