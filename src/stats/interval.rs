//! Confidence intervals from counts, moments and bootstrap replicates. A case at the edge (none of
//! n, all of n) gets an interval of honest width, and a case without information gets a reason.

use super::distribution::{beta_quantile, chi_squared_quantile, normal_quantile, student_quantile};
use super::{Estimate, Interval, Method, Reason, Undefined};

/// Wilson's score interval for a proportion (Wilson 1927). The counts may be fractional so that
/// an effective sample size can take the place of the number of trials.
pub fn wilson(successes: f64, trials: f64, level: f64) -> Result<Interval, Undefined> {
    check_proportion(successes, trials)?;
    let (low, high) = score_limits(successes / trials, trials, two_sided_z(level)?);
    Ok(Interval {
        low,
        high,
        level,
        method: Method::Wilson,
        degrees_of_freedom: None,
    })
}

/// Wilson's limits that reach so many standard errors.
pub(super) fn score_limits(share: f64, trials: f64, quantile: f64) -> (f64, f64) {
    let (p, z2) = (share, quantile * quantile);
    let centre = (p + z2 / (2.0 * trials)) / (1.0 + z2 / trials);
    let half = (z2 * (p * (1.0 - p) + z2 / (4.0 * trials)) / trials).sqrt() / (1.0 + z2 / trials);
    // Rounding must not leave 1e-17 where the formula gives zero.
    let low = if p == 0.0 {
        0.0
    } else {
        (centre - half).max(0.0)
    };
    let high = if p == 1.0 {
        1.0
    } else {
        (centre + half).min(1.0)
    };
    (low, high)
}

/// The exact interval for a proportion (Clopper & Pearson 1934). Never covers less than `level`,
/// mostly more. The counts may be fractional so that an effective sample size can take the place of
/// the number of trials (Korn & Graubard 1998).
pub fn clopper_pearson(successes: f64, trials: f64, level: f64) -> Result<Interval, Undefined> {
    check_proportion(successes, trials)?;
    check_level(level)?;
    let tail = (1.0 - level) / 2.0;
    Ok(Interval {
        low: if successes == 0.0 {
            0.0
        } else {
            beta_quantile(tail, successes, trials - successes + 1.0)
        },
        high: if successes == trials {
            1.0
        } else {
            beta_quantile(1.0 - tail, successes + 1.0, trials - successes)
        },
        level,
        method: Method::ClopperPearson,
        degrees_of_freedom: None,
    })
}

/// The number of independent trials that are worth as much as these clustered ones, for a
/// proportion (Rao & Scott 1992: ratio-estimator variance over binomial variance). Each cluster
/// gives its successes and its trials.
///
/// Where all or none succeed, nothing can be learned about the spread between clusters, and each
/// cluster counts as one trial. The result is never above the number of trials.
pub fn effective_sample_size(
    clusters: impl IntoIterator<Item = (u64, u64)>,
) -> Result<f64, Undefined> {
    // Integer sums make the result the same in any order of the clusters.
    let (mut m, mut x, mut n) = (0_u64, 0_u64, 0_u64);
    let (mut xx, mut xn, mut nn) = (0_u128, 0_u128, 0_u128);
    for (successes, trials) in clusters.into_iter().filter(|&(_, trials)| trials > 0) {
        if successes > trials {
            return Err(out_of_range(format!(
                "{successes} successes in {trials} trials"
            )));
        }
        m += 1;
        x += successes;
        n += trials;
        let (successes, trials) = (u128::from(successes), u128::from(trials));
        xx += successes * successes;
        xn += successes * trials;
        nn += trials * trials;
    }
    if n == 0 {
        return Err(Undefined::new(Reason::NoCases, "no trial in any cluster"));
    }
    let (clusters, trials) = (m as f64, n as f64);
    if x == 0 || x == n {
        return Ok(clusters);
    }
    if m == 1 {
        return Ok(1.0);
    }
    let p = x as f64 / trials;
    let residual = xx as f64 - 2.0 * p * xn as f64 + p * p * nn as f64;
    let variance = clusters / (clusters - 1.0) * residual / (trials * trials);
    let binomial_variance = p * (1.0 - p) / trials;
    // Clusters more alike than chance would make them are no ground for a narrower interval.
    if variance <= binomial_variance {
        return Ok(trials);
    }
    Ok((trials * binomial_variance / variance).max(1.0))
}

/// A linear combination of independent estimates with its limits, from terms of (coefficient,
/// estimate, low, high): value, low, high (MOVER; Zou & Donner 2008). The limits may be
/// asymmetric; their level carries over.
pub fn mover(terms: &[(f64, f64, f64, f64)]) -> (f64, f64, f64) {
    let (mut value, mut below, mut above) = (0.0, 0.0, 0.0);
    for &(coefficient, estimate, low, high) in terms {
        let towards_low = (coefficient * (estimate - low)).powi(2);
        let towards_high = (coefficient * (high - estimate)).powi(2);
        let (down, up) = if coefficient < 0.0 {
            (towards_high, towards_low)
        } else {
            (towards_low, towards_high)
        };
        value += coefficient * estimate;
        below += down;
        above += up;
    }
    (value, value - below.sqrt(), value + above.sqrt())
}

/// The same of two estimates that are not independent, with the correlation of the two terms, coefficients included
/// (Zou 2007): negative where estimates that rise and fall together are set against each other.
pub fn paired_mover(terms: &[(f64, f64, f64, f64); 2], correlation: f64) -> (f64, f64, f64) {
    let (value, low, high) = mover(terms);
    let arm = |(coefficient, estimate, low, high): (f64, f64, f64, f64), towards: f64| {
        coefficient.abs()
            * if coefficient * towards > 0.0 {
                high - estimate
            } else {
                estimate - low
            }
    };
    let [first, second] = *terms;
    let shared = |towards| 2.0 * correlation * arm(first, towards) * arm(second, towards);
    let squared = |limit: f64, towards| ((limit - value).powi(2) + shared(towards)).max(0.0);
    (
        value,
        value - squared(low, -1.0).sqrt(),
        value + squared(high, 1.0).sqrt(),
    )
}

/// The interval for the difference of two independent proportions, first minus second, each given
/// as (successes, trials) (Newcombe 1998, method 10).
pub fn newcombe(first: (f64, f64), second: (f64, f64), level: f64) -> Result<Interval, Undefined> {
    let a = wilson(first.0, first.1, level)?;
    let b = wilson(second.0, second.1, level)?;
    let (_, low, high) = mover(&[
        (1.0, first.0 / first.1, a.low, a.high),
        (-1.0, second.0 / second.1, b.low, b.high),
    ]);
    Ok(Interval {
        low,
        high,
        level,
        method: Method::Newcombe,
        degrees_of_freedom: None,
    })
}

/// F1 = 2J / (1 + J), where J = tp / (tp + fp + fn) is the overlap of gold and answers: the limits of J, carried
/// over (F* of Hand, Christen & Kirielle 2021).
pub fn f1_of_overlap(jaccard: &Estimate) -> Estimate {
    let carried = |j: f64| 2.0 * j / (1.0 + j);
    Estimate {
        value: carried(jaccard.value),
        interval: Interval {
            low: carried(jaccard.interval.low),
            high: carried(jaccard.interval.high),
            method: Method::WilsonFStar,
            ..jaccard.interval
        },
        test: None,
    }
}

/// The interval for a mean of `n` independent values with the given sample standard deviation
/// (Student 1908).
pub fn student_t(
    mean: f64,
    standard_deviation: f64,
    n: f64,
    level: f64,
) -> Result<Interval, Undefined> {
    check_level(level)?;
    if !mean.is_finite() || !standard_deviation.is_finite() || standard_deviation < 0.0 {
        return Err(out_of_range(format!(
            "mean {mean}, deviation {standard_deviation}"
        )));
    }
    if n.is_nan() || n < 2.0 {
        return Err(too_few(n, "the spread of a mean takes two values"));
    }
    if standard_deviation <= 1e-12 * mean.abs() {
        return Err(Undefined::new(
            Reason::NoVariation,
            "all values are the same",
        ));
    }
    let half = student_quantile(1.0 - level, n - 1.0) * standard_deviation / n.sqrt();
    Ok(Interval {
        low: mean - half,
        high: mean + half,
        level,
        method: Method::StudentT,
        degrees_of_freedom: Some(n - 1.0),
    })
}

/// The upper limit of the mean of variances, of which `units` show its standard `error`: that of the chi-squared
/// distribution with as many degrees of freedom as have such an error (Satterthwaite 1946), at most `most`, which values
/// that are normally distributed leave.
///
/// A mean variance that came out low by chance looks surer than it is, and few units show their own spread badly: degrees of
/// freedom are divided by (t / z)², as Korn & Graubard (1998) divide numbers of trials.
pub fn highest_variance(
    variance: f64,
    (error, units): (f64, f64),
    most: f64,
    level: f64,
) -> Result<f64, Undefined> {
    let enlarged = student_quantile(1.0 - level, units - 1.0) / two_sided_z(level)?;
    let freedom = (2.0 * (variance / error).powi(2)).min(most) / enlarged.powi(2);
    if !freedom.is_finite() || freedom <= 0.0 {
        return Err(out_of_range(format!(
            "variance {variance}, error {error} of {units}"
        )));
    }
    let least = chi_squared_quantile((1.0 - level) / 2.0, freedom);
    Ok(variance * freedom / least.max(f64::MIN_POSITIVE))
}

/// The interval for a product-moment correlation of `n` pairs (Fisher 1921).
pub fn fisher_z(correlation: f64, n: f64, level: f64) -> Result<Interval, Undefined> {
    let z = two_sided_z(level)?;
    if n.is_nan() || n <= 3.0 {
        return Err(too_few(n, "a correlation's interval takes four pairs"));
    }
    if correlation.is_nan() || correlation.abs() > 1.0 {
        return Err(out_of_range(format!("correlation {correlation}")));
    }
    if correlation.abs() == 1.0 {
        return Err(Undefined::new(
            Reason::NoVariation,
            "the pairs lie on a line",
        ));
    }
    let half = z / (n - 3.0).sqrt();
    Ok(Interval {
        low: (correlation.atanh() - half).tanh(),
        high: (correlation.atanh() + half).tanh(),
        level,
        method: Method::FisherZ,
        degrees_of_freedom: None,
    })
}

/// The percentile interval of bootstrap replicates (Efron 1979), which are left sorted. Between
/// two replicates the quantile is interpolated (type 7 of Hyndman & Fan 1996).
pub fn percentile(
    replicates: &mut [f64],
    level: f64,
    method: Method,
) -> Result<Interval, Undefined> {
    sort_replicates(replicates, level)?;
    let tail = (1.0 - level) / 2.0;
    let limits = (quantile(replicates, tail), quantile(replicates, 1.0 - tail));
    of_replicates(limits, level, method)
}

/// The interval between two quantiles of replicates.
pub(super) fn of_replicates(
    (low, high): (f64, f64),
    level: f64,
    method: Method,
) -> Result<Interval, Undefined> {
    if no_spread(low, high) {
        // A few other replicates beyond the limits are no spread that an interval could show.
        let detail = "nearly all replicates are the same";
        return Err(Undefined::new(Reason::NoVariation, detail));
    }
    Ok(Interval {
        low,
        high,
        level,
        method,
        degrees_of_freedom: None,
    })
}

/// Sorts replicates, of which there must be enough for the level, and not all the same.
pub(super) fn sort_replicates(replicates: &mut [f64], level: f64) -> Result<(), Undefined> {
    check_level(level)?;
    // Fewer than one replicate in each tail would make the extremes pass for quantiles.
    if (replicates.len() as f64) * (1.0 - level) < 2.0 * (1.0 - f64::EPSILON) {
        return Err(too_few(
            replicates.len() as f64,
            "too few replicates for this level",
        ));
    }
    replicates.sort_unstable_by(f64::total_cmp);
    let (least, most) = (replicates[0], replicates[replicates.len() - 1]);
    if no_spread(least, most) {
        return Err(Undefined::new(
            Reason::NoVariation,
            "all replicates are the same",
        ));
    }
    Ok(())
}

/// Whether two numbers, the second no smaller, differ by no more than what rounding leaves of nothing. Measures are of the
/// order of 1 or of their own size.
pub(super) fn no_spread(low: f64, high: f64) -> bool {
    high - low <= 1e-12 * (1.0 + low.abs().max(high.abs()))
}

pub(super) fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let place = probability.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let (below, above) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    below + (above - below) * place.fract()
}

/// The positive z that a standard normal variable stays within with probability `level`.
///
/// # Errors
/// A level that is not between 0 and 1.
pub fn two_sided_z(level: f64) -> Result<f64, Undefined> {
    check_level(level)?;
    Ok(normal_quantile(0.5 + level / 2.0))
}

fn check_level(level: f64) -> Result<(), Undefined> {
    if level > 0.0 && level < 1.0 {
        return Ok(());
    }
    Err(out_of_range(format!(
        "level {level} is not between 0 and 1"
    )))
}

fn check_proportion(successes: f64, trials: f64) -> Result<(), Undefined> {
    if trials == 0.0 {
        return Err(Undefined::new(Reason::NoCases, "no trials"));
    }
    if trials.is_finite() && (0.0..=trials).contains(&successes) {
        return Ok(());
    }
    Err(out_of_range(format!(
        "{successes} successes in {trials} trials"
    )))
}

pub(super) fn too_few(n: f64, detail: &str) -> Undefined {
    // Effective numbers are seldom whole.
    let n = (n * 10.0).round() / 10.0;
    Undefined::new(Reason::TooFewCases, format!("n = {n}: {detail}"))
}

fn out_of_range(detail: String) -> Undefined {
    Undefined::new(Reason::OutOfRange, detail)
}
