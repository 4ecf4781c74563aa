//! Several intervals that must hold together: the level at which each single one has to stand.

use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::distribution::{normal_cdf, normal_quantile};
use super::interval::two_sided_z;
use super::{Estimate, Interval, Method, Undefined};

/// Draws of the largest of several statistics.
const DRAWS: usize = 20_000;

/// Steps of bisection on a distance in standard errors: twelve digits.
const HALVINGS: usize = 48;

/// The level of each interval for the difference of two out of `groups`, so that all differences hold together at
/// `level` (Tukey 1953; for groups of unequal size Kramer 1956, never too narrow by Hayter 1984). It follows from the
/// studentised range with known variances: P(range <= q) = k ∫ φ(z) (Φ(z) - Φ(z - q))^(k - 1) dz.
///
/// # Errors
/// A level that is not between 0 and 1.
pub fn all_pairs(groups: usize, level: f64) -> Result<f64, Undefined> {
    let z = two_sided_z(level)?;
    if groups < 3 {
        return Ok(level);
    }
    let root = std::f64::consts::SQRT_2;
    // Never narrower than one comparison, never wider than Bonferroni's correction.
    let pairs = (groups * (groups - 1) / 2) as f64;
    let (mut low, mut high) = (z * root, two_sided_z(1.0 - (1.0 - level) / pairs)? * root);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if range_probability(middle, groups) < level {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(two_sided(high / root))
}

/// The probability that the range of independent standard normal variables is at most `range`. The trapezoid rule is
/// exact to many digits for a smooth function that vanishes at both ends.
fn range_probability(range: f64, groups: usize) -> f64 {
    const STEP: f64 = 0.125;
    const FAR: f64 = 8.5;
    let steps = ((2.0 * FAR + range) / STEP).ceil() as usize;
    let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let sum: f64 = (0..=steps)
        .map(|step| {
            let z = step as f64 * STEP - FAR;
            density(z) * (normal_cdf(z) - normal_cdf(z - range)).powi(groups as i32 - 1)
        })
        .sum();
    groups as f64 * STEP * sum
}

/// The level of each interval for the difference of a group to the pooled others, so that all groups' hold together at
/// `level`: max-T, the quantile of the largest of the correlated statistics (Hothorn, Bretz & Westfall 2008). Each group
/// has its weight in the pool and the variance of its value; the groups' values are independent of each other.
///
/// # Errors
/// A level that is not between 0 and 1.
pub fn each_to_others(groups: &[(f64, f64)], level: f64, seed: u64) -> Result<f64, Undefined> {
    two_sided_z(level)?;
    let weights: f64 = groups.iter().map(|(weight, _)| weight).sum();
    let squares: f64 = groups
        .iter()
        .map(|(weight, variance)| weight * weight * variance)
        .sum();
    let spread = |(weight, variance): &(f64, f64)| {
        let others = (squares - weight * weight * variance) / (weights - weight).powi(2);
        (variance + others).sqrt()
    };
    let spreads: Vec<f64> = groups.iter().map(spread).collect();
    if groups.len() < 3
        || spreads
            .iter()
            .any(|spread| !(*spread > 0.0 && spread.is_finite()))
    {
        // Two groups make one comparison. Without a spread there is no correlation to make use of.
        return Ok(if groups.len() < 3 {
            level
        } else {
            sidak(groups.len(), level)
        });
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut values = vec![0.0; groups.len()];
    let mut largest: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let mut pool = 0.0;
            for (value, (weight, variance)) in values.iter_mut().zip(groups) {
                let drawn: f64 = StandardNormal.sample(&mut random);
                *value = drawn * variance.sqrt();
                pool += weight * *value;
            }
            let statistics = values.iter().zip(groups).zip(&spreads);
            statistics
                .map(|((value, (weight, _)), spread)| {
                    let others = (pool - weight * value) / (weights - weight);
                    ((value - others) / spread).abs()
                })
                .fold(0.0, f64::max)
        })
        .collect();
    let place = (level * DRAWS as f64).ceil() as usize;
    let (_, distance, _) = largest.select_nth_unstable_by(place.min(DRAWS - 1), f64::total_cmp);
    // Drawn quantiles waver; the two bounds do not.
    let drawn = two_sided(*distance);
    Ok(drawn.clamp(level, sidak(groups.len(), level)))
}

/// The level of each of several intervals that hold together however they are correlated (Šidák 1967).
pub fn sidak(intervals: usize, level: f64) -> f64 {
    level.powf(1.0 / intervals.max(1) as f64)
}

/// The larger of the sizes of two quantities, given with their intervals at any level. The upper limit is the larger of
/// two: the truth lies above it only where the interval of the larger quantity misses, so that it needs no correction
/// (Berger 1982). The lower limit is too high as soon as either interval misses, so that each is given half of the tail.
///
/// # Errors
/// Those of the quantities.
pub fn larger_of_two(
    both: impl Fn(f64) -> Result<[Estimate; 2], Undefined>,
    level: f64,
) -> Result<Estimate, Undefined> {
    let largest = |sizes: [f64; 2]| sizes[0].max(sizes[1]);
    let plain = both(level)?;
    let wide = both(1.0 - (1.0 - level) / 2.0)?;
    let value = largest(plain.each_ref().map(|one| one.value.abs()));
    let low = largest(wide.each_ref().map(|one| sizes(one.interval).0));
    let high = largest(plain.each_ref().map(|one| sizes(one.interval).1));
    Ok(Estimate {
        value,
        interval: Interval {
            low: low.min(value),
            high: high.max(value),
            level,
            method: Method::LargerOfTwo,
            degrees_of_freedom: freedom(&plain),
        },
        test: None,
    })
}

fn freedom(estimates: &[Estimate]) -> Option<f64> {
    Interval::fewest_degrees_of_freedom(estimates.iter().map(|estimate| &estimate.interval))
}

/// The least and the largest size of a number that lies in an interval.
pub fn sizes(interval: Interval) -> (f64, f64) {
    let (low, high) = (interval.low, interval.high);
    (low.max(-high).max(0.0), high.abs().max(low.abs()))
}

/// The ratio of a group to the highest of all groups, itself included, from its ratios to each of `others` at any level;
/// ratios to nothing are left out. The lower limit needs no correction: it is too high only where the interval of the
/// ratio to the truly highest group misses. The upper limit is too low as soon as any interval misses, so that each is
/// given its part of the tail (Bonferroni). The ratio is never above 1.
///
/// # Errors
/// No group has anything, or those of the ratios.
pub fn highest_ratio(
    has_any: bool,
    others: usize,
    ratios: impl Fn(f64) -> Result<Vec<Estimate>, Undefined>,
    level: f64,
) -> Result<Estimate, Undefined> {
    let plain = ratios(level)?;
    if plain.is_empty() && !has_any {
        return Err(super::koopman::zero_denominator());
    }
    let wide = ratios(1.0 - (1.0 - level) / others.max(1) as f64)?;
    let least =
        |limits: &[Estimate], of: fn(&Estimate) -> f64| limits.iter().map(of).fold(1.0, f64::min);
    let value = least(&plain, |ratio| ratio.value);
    Ok(Estimate {
        value,
        interval: Interval {
            low: least(&plain, |ratio| ratio.interval.low).min(value),
            high: least(&wide, |ratio| ratio.interval.high).max(value),
            level,
            method: Method::KoopmanHighest,
            degrees_of_freedom: freedom(&plain),
        },
        test: None,
    })
}

/// The level of an interval that reaches `distance` standard errors to either side.
fn two_sided(distance: f64) -> f64 {
    2.0 * normal_cdf(distance) - 1.0
}

/// How many standard errors an interval of a level reaches to either side.
pub fn standard_errors(level: f64) -> f64 {
    normal_quantile(0.5 + level / 2.0)
}
