//! Bias-corrected and accelerated limits of bootstrap replicates, widened for few units.

use super::distribution::{normal_cdf, normal_quantile, student_quantile};
use super::interval::{of_replicates, quantile, sort_replicates, too_few};
use super::{Interval, Method, Reason, Undefined};

/// A statistic of the whole sample, and of the sample with each unit (case or cluster) left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Jackknife {
    /// The statistic of the whole sample.
    pub whole: f64,
    /// Values of the statistic with one unit left out, and how many units give each.
    pub without: Vec<(f64, u64)>,
    /// How many units the sample holds.
    pub units: u64,
}

/// The bias-corrected and accelerated interval of bootstrap replicates (Efron 1987), which are left
/// sorted, at the expanded level of Hesterberg (2015): replicates of few units spread too little, by
/// the square root of (n - 1) / n, and normal quantiles fall short of Student's.
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
    let tail = expanded_tail(level, jackknife.units)?;
    of_replicates(limits(replicates, jackknife, tail)?, level, method)
}

/// The probability beyond each limit of an interval from `units` independent units that is to hold
/// with `level`.
pub(super) fn expanded_tail(level: f64, units: u64) -> Result<f64, Undefined> {
    if units < 2 {
        return Err(too_few(units as f64, "resampling takes two units"));
    }
    let n = units as f64;
    Ok(normal_cdf(
        -(n / (n - 1.0)).sqrt() * student_quantile(1.0 - level, n - 1.0),
    ))
}

/// The limits of sorted replicates beyond which `tail` lies on either side, corrected for bias and acceleration.
pub(super) fn limits(
    replicates: &[f64],
    jackknife: &Jackknife,
    tail: f64,
) -> Result<(f64, f64), Undefined> {
    // Beyond the last replicate nothing is known, and it must not pass for a quantile.
    if (replicates.len() as f64) * tail < 1.0 {
        let detail = "cases or clusters are too few for limits from so few replicates";
        return Err(too_few(jackknife.units as f64, detail));
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
fn acceleration(jackknife: &[(f64, u64)]) -> Result<f64, Undefined> {
    let moment = |power: i32, mean: f64| -> f64 {
        let term = |&(value, times): &(f64, u64)| (mean - value).powi(power) * times as f64;
        jackknife.iter().map(term).sum()
    };
    let cases = moment(0, 0.0);
    if cases < 2.0 {
        return Err(too_few(cases, "a jackknife takes two cases"));
    }
    let mean = -moment(1, 0.0) / cases;
    let spread = moment(2, mean);
    if spread == 0.0 {
        return Err(Undefined::new(
            Reason::NoVariation,
            "no case changes the statistic",
        ));
    }
    Ok(moment(3, mean) / (6.0 * spread.powf(1.5)))
}
