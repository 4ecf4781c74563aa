//! Means of values of any size, and sums of such means, with intervals over clusters.

mod added;
mod alike;
mod long_tailed;

use self::added::{Drawn, Supposed, satterthwaite};
pub use self::long_tailed::sum_of_long_tailed;
use super::distribution::student_quantile;
use super::interval::{two_sided_z, wilson};
use super::{Estimate, Interval, Method, Reason, Undefined};

/// Values that come in clusters, and may weigh differently.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// Cluster and value, in the order of the cases.
    values: Vec<(u64, f64)>,
    /// The weight of each value; empty where all weigh 1.
    weights: Vec<u32>,
    /// What the values would be had what was said of each case not held, and had it held.
    supposed: [Supposed; 2],
}

/// What the values of one cluster add up to.
struct Cluster {
    number: u64,
    sum: f64,
    /// What they weigh.
    mass: f64,
}

impl Values {
    /// Adds a value; values of the same cluster depend on each other, also across several [`Values`].
    pub fn add(&mut self, cluster: u64, value: f64) {
        self.weigh(cluster, 1, value);
    }

    /// Adds a value of a certain weight.
    pub fn weigh(&mut self, cluster: u64, weight: u32, value: f64) {
        if weight != 1 || !self.weights.is_empty() {
            self.weights.resize(self.values.len(), 1);
            self.weights.push(weight);
        }
        self.values.push((cluster, value));
    }

    /// Cluster, weight and value of each.
    fn weighted(&self) -> impl Iterator<Item = (u64, f64, f64)> {
        let weight = |place| {
            self.weights
                .get(place)
                .map_or(1.0, |weight| f64::from(*weight))
        };
        let values = self.values.iter().enumerate();
        values.map(move |(place, (cluster, value))| (*cluster, weight(place), *value))
    }

    /// What they weigh together.
    fn mass(&self) -> f64 {
        self.weighted().map(|(_, weight, _)| weight).sum()
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.values.len() as u64
    }

    /// Their mean; 0 where there is none.
    pub fn mean(&self) -> f64 {
        let sum: f64 = self
            .weighted()
            .map(|(_, weight, value)| weight * value)
            .sum();
        sum / if self.values.is_empty() {
            1.0
        } else {
            self.mass()
        }
    }

    /// How many clusters they come from.
    pub fn clusters(&self) -> u64 {
        self.by_cluster().len() as u64
    }

    /// For each cluster the weighted sum of its values and what they weigh, in the order of the clusters.
    pub fn sums(&self) -> Vec<(f64, f64)> {
        let clusters = self.by_cluster().into_iter();
        clusters
            .map(|cluster| (cluster.sum, cluster.mass))
            .collect()
    }

    /// The standard error of the mean over clusters, as [`sum_of_means`] has it, and how many clusters of equal size show
    /// it; `None` where there is one cluster or no spread.
    pub fn standard_error(&self) -> Option<(f64, f64)> {
        let spread = Spread::new(self).ok()?;
        let error = (spread.seen() + spread.unseen).sqrt();
        (self.vary() && error > 0.0).then_some((error, spread.freedom + 1.0))
    }

    fn by_cluster(&self) -> Vec<Cluster> {
        let mut sorted: Vec<(u64, f64, f64)> = self.weighted().collect();
        sorted.sort_by_key(|(cluster, ..)| *cluster);
        let clusters = sorted.chunk_by(|a, b| a.0 == b.0);
        clusters
            .map(|cluster| Cluster {
                number: cluster[0].0,
                sum: cluster
                    .iter()
                    .map(|(_, weight, value)| weight * value)
                    .sum(),
                mass: cluster.iter().map(|(_, weight, _)| weight).sum(),
            })
            .collect()
    }

    fn vary(&self) -> bool {
        let first = self.values.first().map_or(0.0, |(_, value)| *value);
        let mut values = self.values.iter();
        values.any(|(_, value)| (value - first).abs() >= 1e-12)
    }
}

/// How a mean varies with its clusters.
#[derive(Clone)]
struct Spread {
    /// For each cluster the part of its values in the deviation of the mean; squares sum up to the variance.
    influences: Vec<(u64, f64)>,
    /// What the variance lacks of that of independent values.
    unseen: f64,
    /// Degrees of freedom.
    freedom: f64,
    /// How many independent values they are worth.
    worth: f64,
    /// The variance of the mean, were each cluster one value.
    as_clusters: f64,
}

impl Spread {
    fn new(values: &Values) -> Result<Self, Undefined> {
        let (mass, mean) = (values.mass(), values.mean());
        let clusters = values.by_cluster();
        if clusters.len() < 2 {
            let detail = "one cluster shows no spread";
            return Err(Undefined::new(Reason::TooFewCases, detail));
        }
        let worth = |squares: f64| mass * mass / squares;
        let equal = worth(clusters.iter().map(|cluster| cluster.mass.powi(2)).sum());
        let cases = worth(
            values
                .weighted()
                .map(|(_, weight, _)| weight * weight)
                .sum(),
        );
        if cases < 2.0 {
            let detail = "one weight outweighs all others";
            return Err(Undefined::new(Reason::TooFewCases, detail));
        }
        let enlarged = (equal / (equal - 1.0)).sqrt();
        let influences = clusters.iter().map(|cluster| {
            let residual = cluster.sum - cluster.mass * mean;
            (cluster.number, enlarged * residual / mass)
        });
        let squares = values
            .weighted()
            .map(|(_, weight, value)| weight * (value - mean).powi(2));
        let independent = squares.sum::<f64>() / mass / (cases - 1.0);
        let mut spread = Spread {
            influences: influences.collect(),
            unseen: 0.0,
            freedom: (equal - 1.0).max(1.0),
            worth: equal,
            as_clusters: independent * cases / equal,
        };
        spread.unseen = (independent - spread.seen()).max(0.0);
        // Where nothing failed, or all did, nothing is known of how failures gather in clusters.
        let both = values.supposed.iter().all(|half| half.seen);
        if both && values.vary() {
            spread.worth = cases * independent / (spread.seen() + spread.unseen);
        }
        Ok(spread)
    }

    /// The variance that clusters show.
    fn seen(&self) -> f64 {
        let influences = self.influences.iter();
        influences.map(|(_, influence)| influence.powi(2)).sum()
    }
}

/// How the means of two sets of values rise and fall together over the clusters that both come from: the correlation of
/// what clusters do to them.
///
/// Two clusters are added that say nothing of it, since few clusters agree by chance, and two always do.
///
/// # Errors
/// As [`sum_of_means`].
pub fn correlation(first: &Values, second: &Values) -> Result<f64, Undefined> {
    let terms = spreads(&[(1.0, first), (1.0, second)])?;
    let as_they_are = vec![Drawn::new(0.0, 1.0, 0.0, None); terms.len()];
    let squares = |terms: &[_]| -> f64 {
        together(terms, &as_they_are)
            .iter()
            .map(|sum| sum * sum)
            .sum()
    };
    let seen = |term: usize| terms[term].2.seen();
    let product = (squares(&terms) - seen(0) - seen(1)) / 2.0;
    let all: f64 = terms
        .iter()
        .map(|(_, _, spread)| spread.seen() + spread.unseen)
        .product();
    if all <= 0.0 {
        return Ok(0.0);
    }
    let clusters = terms.iter().map(|(_, _, spread)| spread.freedom + 1.0);
    let clusters = clusters.fold(f64::INFINITY, f64::min);
    Ok((product / all.sqrt()).clamp(-1.0, 1.0) * clusters / (clusters + 2.0))
}

/// A weighted sum of means with Student's t interval, cut off at the ends of `range`, which holds every possible sum.
///
/// The variance is the sandwich over clusters of all terms (Liang & Zeger 1986), each term's residuals enlarged by
/// g / (g - 1) for its g clusters; for one mean of independent values it is the usual one, and for one mean of values
/// that weigh differently that of a ratio, linearised (Binder 1983). Degrees of freedom are G - 1
/// for one term and Satterthwaite's (1946) for several, at most one less than all of their clusters. Clusters of unequal sizes are worth fewer of equal size (Kish 1965;
/// Carter, Schnepel & Steigerwald 2017), and as many are counted.
///
/// The variance of a term is never taken below that of independent values, as many of equal weight as they are worth.
/// Where values weigh differently, the linearised one is too small in small samples, whose heaviest cases are seldom far
/// from a mean that they set; and clusters whose means happen to be alike, as of two that hold a rise and a fall each, are
/// no ground for certainty where their values differ.
///
/// A rare large value that no case shows leaves a mean that looks sure of itself. Where [`Values::suppose`] says what each
/// case would be worth if what was said of it held and if it did not, t² values in all, as many for each term, half of
/// them held and half of them not, are added to the values that each term is worth: the interval of Agresti & Coull (1998)
/// for shares, and of Price & Bonett (2004) for their sums, carried over to values that hang on whether something held; and
/// clusters may fail as wholes, as in [`super::sum::weighted_sum`]. Where no value is known beyond those at
/// hand and none differs from another, what is left is how many clusters might differ and were not seen, Wilson's upper
/// limit for 0 of G, times the range.
///
/// # Errors
/// A term without a value, or with values from one cluster only; weights of which one outweighs all others.
pub fn sum_of_means(
    terms: &[(f64, &Values)],
    range: (f64, f64),
    level: f64,
) -> Result<Estimate, Undefined> {
    of_spreads(&spreads(terms)?, range, level)
}

/// The sum, and where clusters may fail as wholes what is known of that: see [`alike`].
fn of_spreads(
    spreads: &[(f64, &Values, Spread)],
    range: (f64, f64),
    level: f64,
) -> Result<Estimate, Undefined> {
    let usual = as_seen(spreads, range, level)?;
    if usual.interval.method != Method::PriceBonett {
        return Ok(usual);
    }
    alike::or_alike(usual, spreads, |spreads| as_seen(spreads, range, level))
}

fn as_seen(
    spreads: &[(f64, &Values, Spread)],
    range: (f64, f64),
    level: f64,
) -> Result<Estimate, Undefined> {
    let terms = || spreads.iter().map(|(weight, values, _)| (weight, values));
    let value: f64 = terms().map(|(weight, values)| weight * values.mean()).sum();
    let known = terms().all(|(_, values)| values.supposed().is_some());
    let drawn = |quantile: f64| -> Vec<Drawn> {
        let number = quantile.powi(2) / spreads.len() as f64;
        let drawn = |(_, values, spread): &(f64, &Values, Spread)| {
            let added = values.supposed().filter(|_| known);
            Drawn::new(values.mean(), spread.worth, number, added)
        };
        spreads.iter().map(drawn).collect()
    };
    let mut freedom = satterthwaite(spreads, &drawn(two_sided_z(level)?));
    if spreads.len() > 1 {
        let as_they_are = vec![Drawn::new(0.0, 1.0, 0.0, None); spreads.len()];
        freedom = freedom.min(together(spreads, &as_they_are).len() as f64 - 1.0);
    }
    let quantile = student_quantile(1.0 - level, freedom);
    let drawn = drawn(quantile);
    let (mut centre, mut variance) = (0.0, 0.0);
    for ((weight, _, spread), drawn) in spreads.iter().zip(&drawn) {
        centre += weight * drawn.mean;
        variance +=
            (weight * drawn.share).powi(2) * spread.unseen + weight.powi(2) * drawn.variance;
    }
    let together = together(spreads, &drawn);
    variance += together
        .iter()
        .map(|influence| influence.powi(2))
        .sum::<f64>();
    let varied = terms().any(|(_, values)| values.vary());
    // Terms that rise and fall alike in every cluster show no more of their difference than values that never vary.
    let own = spreads
        .iter()
        .map(|(weight, _, spread)| weight.powi(2) * (spread.seen() + spread.unseen));
    let cancelled = variance <= 1e-12 * own.sum::<f64>();
    if !varied && (!known || variance <= 1e-24) || cancelled && !known {
        let fewest = spreads.iter().map(|(_, _, spread)| spread.freedom + 1.0);
        return unvaried(value, fewest.fold(f64::INFINITY, f64::min), range, level);
    }
    let half = quantile * variance.sqrt();
    Ok(Estimate {
        value,
        interval: Interval {
            low: (centre - half).max(range.0).min(value),
            high: (centre + half).min(range.1).max(value),
            level,
            method: if known {
                Method::PriceBonett
            } else {
                Method::StudentT
            },
            degrees_of_freedom: Some(freedom),
        },
        test: None,
    })
}

/// The weight of each term, its values and how they vary.
fn spreads<'a>(terms: &[(f64, &'a Values)]) -> Result<Vec<(f64, &'a Values, Spread)>, Undefined> {
    let spread = |(weight, values): &(f64, &'a Values)| {
        if values.count() == 0 {
            return Err(Undefined::new(Reason::NoCases, "there is no case"));
        }
        Ok((*weight, *values, Spread::new(values)?))
    };
    terms.iter().map(spread).collect()
}

/// What each cluster does to the sum of all terms.
fn together(spreads: &[(f64, &Values, Spread)], drawn: &[Drawn]) -> Vec<f64> {
    let mut influences: Vec<(u64, f64)> = Vec::new();
    for ((weight, _, spread), drawn) in spreads.iter().zip(drawn) {
        let part = weight * drawn.share;
        let own = spread.influences.iter();
        influences.extend(own.map(|(cluster, influence)| (*cluster, part * influence)));
    }
    influences.sort_by_key(|(cluster, _)| *cluster);
    let same = influences.chunk_by(|a, b| a.0 == b.0);
    same.map(|same| same.iter().map(|(_, influence)| influence).sum())
        .collect()
}

fn unvaried(
    value: f64,
    clusters: f64,
    range: (f64, f64),
    level: f64,
) -> Result<Estimate, Undefined> {
    let unseen = wilson(0.0, clusters, level)?.high;
    Ok(Estimate {
        value,
        interval: Interval {
            low: value - unseen * (value - range.0),
            high: value + unseen * (range.1 - value),
            level,
            method: Method::Wilson,
            degrees_of_freedom: None,
        },
        test: None,
    })
}
