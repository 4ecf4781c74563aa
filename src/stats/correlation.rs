//! Correlations of pairs of numbers, and differences of such correlations: on Fisher's z scale where the pairs are
//! independent, else by resampling their clusters.

mod fisher;
mod moments;

use rayon::prelude::*;

use self::moments::Sample;
use super::bca::{Jackknife, Without, bca};
use super::bootstrap::cluster_weight;
use super::distribution::upper_tail;
use super::interval::mover;
use super::{Estimate, Interval, Method, Reason, TestResult, Undefined};

/// Correlations nearer to 1 than this are 1 but for rounding.
const ROUNDING: f64 = 1e-12;

/// Which correlation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of the numbers (Pearson 1895).
    Product,
    /// Of their ranks, ties having the mean of theirs (Spearman 1904).
    Rank,
    /// How near the pairs lie to the line of equality (Lin 1989).
    Concordance,
}

/// How intervals are made.
#[derive(Clone, Copy, Debug)]
pub struct Resampling {
    /// Confidence level.
    pub level: f64,
    /// Seed of the cluster bootstrap.
    pub seed: u64,
    /// Its replicates.
    pub replicates: usize,
}

/// Pairs of gold and answer that come in clusters.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    gold: Vec<f64>,
    answers: Vec<f64>,
    clusters: Vec<u64>,
    /// The weight of each pair.
    weights: Vec<f64>,
}

impl Pairs {
    /// Adds a pair; pairs of the same cluster depend on each other, also across several [`Pairs`].
    pub fn add(&mut self, cluster: u64, gold: f64, answer: f64) {
        self.weigh(cluster, 1, gold, answer);
    }

    /// Adds a pair of a certain weight.
    pub fn weigh(&mut self, cluster: u64, weight: u32, gold: f64, answer: f64) {
        self.weights.push(f64::from(weight));
        self.gold.push(gold);
        self.answers.push(answer);
        self.clusters.push(cluster);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.gold.len() as u64
    }

    /// Gold and answer with their cluster and weight.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u32, f64, f64)> {
        let numbers = self.gold.iter().zip(&self.answers);
        let units = self.clusters.iter().zip(&self.weights);
        let pairs = units.zip(numbers);
        pairs.map(|((cluster, weight), (gold, answer))| (*cluster, *weight as u32, *gold, *answer))
    }

    /// How many pairs of equal weight these are worth (Kish 1965); where weights are equal their number, to the last bit.
    pub fn worth(&self) -> f64 {
        if !self.weigh_differently() {
            return self.gold.len() as f64;
        }
        let sum: f64 = self.weights.iter().sum();
        let squares: f64 = self.weights.iter().map(|weight| weight * weight).sum();
        sum * sum / squares
    }

    fn weigh_differently(&self) -> bool {
        self.weights.iter().any(|weight| *weight != self.weights[0])
    }

    /// How many clusters they come from.
    pub fn clusters(&self) -> u64 {
        let mut clusters = self.clusters.clone();
        clusters.sort_unstable();
        clusters.dedup();
        clusters.len() as u64
    }

    /// These and others together.
    pub fn and(&self, others: &Pairs) -> Pairs {
        let mut all = self.clone();
        all.gold.extend(&others.gold);
        all.answers.extend(&others.answers);
        all.clusters.extend(&others.clusters);
        all.weights.extend(&others.weights);
        all
    }

    /// Whether no two of them share a cluster.
    pub fn are_independent(&self) -> bool {
        self.clusters() == self.count()
    }

    /// The correlation.
    ///
    /// # Errors
    /// Fewer than two pairs, or one side that does not vary.
    pub fn correlation(&self, kind: Kind) -> Result<f64, Undefined> {
        let constant = |numbers: &[f64]| numbers.iter().all(|number| *number == numbers[0]);
        match self.count() {
            0 => return Err(Undefined::new(Reason::NoCases, "there is no case")),
            1 => {
                let detail = "one case has no correlation";
                return Err(Undefined::new(Reason::TooFewCases, detail));
            }
            _ if constant(&self.gold) => {
                let detail = "the gold numbers are all the same";
                return Err(Undefined::new(Reason::NoVariation, detail));
            }
            _ if constant(&self.answers) => {
                let detail = "the answers are all the same";
                return Err(Undefined::new(Reason::ConstantScores, detail));
            }
            _ => {}
        }
        let value = Sample::new(self, kind).correlation(&self.weights);
        value.ok_or_else(|| Undefined::new(Reason::NoVariation, "the numbers hardly vary"))
    }

    /// The correlation with its interval: Fisher's (1921), with the variances of z by Bonett & Wright (2000) for ranks
    /// and by Lin (1989, as corrected in 2000) for concordance; percentiles of resampled clusters where pairs share any.
    /// Those of Fisher and Lin are for numbers that are normally distributed; where most lie close to the middle and some
    /// far out, as annotations do, they hold 70 % of the time however many pairs there are. So no interval is narrower than
    /// that of the jackknife of z (Miller 1974), which asks for no distribution, with the degrees of freedom that the
    /// kurtosis of its values leaves (O'Neill 2014); in it ranks are taken as they are. Where pairs weigh differently, the
    /// other variances are for as many pairs of equal weight as they are worth (Kish 1965).
    ///
    /// # Errors
    /// As [`Pairs::correlation`]; fewer than four pairs or two clusters; pairs that lie on a line, or all but one do;
    /// numbers that would not vary without one pair.
    pub fn estimate(&self, kind: Kind, how: Resampling) -> Result<Estimate, Undefined> {
        let value = self.correlation(kind)?;
        let interval = if self.are_independent() {
            self.spread_of_z(kind, value, how.level)?
                .interval(value, how.level)
        } else {
            on_no_line(value)?;
            let sample = Sample::new(self, kind);
            let jackknife = jackknife(value, &[(1.0, self, &sample, value)]);
            self.resampled(
                |weigh| sample.correlation(&self.weights(weigh)),
                &jackknife,
                how,
            )?
        };
        Ok(Estimate {
            value,
            interval,
            test: None,
        })
    }

    /// This correlation minus that of other pairs. For independent pairs the limits are those of both correlations
    /// taken together (Zou 2007), and the test is that of the difference of Fisher's z; where any share a cluster, whole
    /// clusters are resampled on both sides at once.
    ///
    /// # Errors
    /// As [`Pairs::estimate`], for either side.
    pub fn difference(
        &self,
        others: &Pairs,
        kind: Kind,
        how: Resampling,
    ) -> Result<Estimate, Undefined> {
        let (own, other) = (self.correlation(kind)?, others.correlation(kind)?);
        let all = self.and(others);
        if !all.are_independent() {
            let (one, two) = (Sample::new(self, kind), Sample::new(others, kind));
            let difference = |weigh: &dyn Fn(u64) -> f64| {
                let own = one.correlation(&self.weights(weigh))?;
                Some(own - two.correlation(&others.weights(weigh))?)
            };
            let sides = [(1.0, self, &one, own), (-1.0, others, &two, other)];
            let jackknife = jackknife(own - other, &sides);
            return Ok(Estimate {
                value: own - other,
                interval: all.resampled(difference, &jackknife, how)?,
                test: None,
            });
        }
        let spreads = [
            self.spread_of_z(kind, own, how.level)?,
            others.spread_of_z(kind, other, how.level)?,
        ];
        let (a, b) = (
            spreads[0].interval(own, how.level),
            spreads[1].interval(other, how.level),
        );
        let (value, low, high) = mover(&[(1.0, own, a.low, a.high), (-1.0, other, b.low, b.high)]);
        let variance: f64 = spreads.iter().map(|spread| spread.variance).sum();
        let squares = spreads
            .iter()
            .map(|spread| spread.variance.powi(2) / spread.freedom);
        let freedom =
            Some(variance.powi(2) / squares.sum::<f64>()).filter(|freedom| freedom.is_finite());
        let z = (own.atanh() - other.atanh()) / variance.sqrt();
        Ok(Estimate {
            value,
            interval: Interval {
                low,
                high,
                level: how.level,
                method: Method::Mover,
                degrees_of_freedom: freedom,
            },
            test: Some(TestResult {
                name: "fisher-z",
                statistic: z,
                degrees_of_freedom: freedom,
                p: 2.0 * upper_tail(z.abs(), freedom),
                effect: None,
                others: Vec::new(),
            }),
        })
    }

    /// A weight for each pair, from its own and that of its cluster.
    fn weights(&self, weigh: &dyn Fn(u64) -> f64) -> Vec<f64> {
        let units = self.clusters.iter().zip(&self.weights);
        units
            .map(|(cluster, weight)| weight * weigh(*cluster))
            .collect()
    }

    fn resampled(
        &self,
        statistic: impl Fn(&dyn Fn(u64) -> f64) -> Option<f64> + Sync,
        jackknife: &Jackknife,
        how: Resampling,
    ) -> Result<Interval, Undefined> {
        if self.clusters() < 2 {
            let detail = "one cluster shows no spread";
            return Err(Undefined::new(Reason::TooFewCases, detail));
        }
        let replicate = |replicate: u64| {
            let weigh = |cluster| f64::from(cluster_weight(how.seed, cluster, replicate));
            statistic(&weigh)
        };
        let values: Vec<Option<f64>> = (0..how.replicates as u64)
            .into_par_iter()
            .map(replicate)
            .collect();
        let mut defined: Vec<f64> = values.iter().copied().flatten().collect();
        let lost = values.len() - defined.len();
        if lost * 20 > values.len() {
            let detail = format!("undefined in {lost} of {} replicates", values.len());
            return Err(Undefined::new(Reason::Unstable, detail));
        }
        let method = Method::ClusterBootstrapBca;
        bca(&mut defined, jackknife, how.level, method)
    }

    /// What the clusters of these pairs weigh and do to the correlation.
    fn parts(&self, sample: &Sample, value: f64) -> Vec<Part> {
        let total: f64 = self.weights.iter().sum();
        let influences = sample.influences(&self.weights, value).into_iter();
        let units = self.clusters.iter().zip(&self.weights).zip(influences);
        let parts = units.map(|((cluster, weight), influence)| Part {
            cluster: *cluster,
            weight: *weight,
            effect: weight / total * influence,
        });
        gathered(parts.collect())
    }
}

/// What some pairs of a cluster weigh together, and do to a correlation to first order.
struct Part {
    cluster: u64,
    weight: f64,
    effect: f64,
}

/// The parts of each cluster as one.
fn gathered(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by_key(|part| part.cluster);
    let clusters = parts.chunk_by(|a, b| a.cluster == b.cluster);
    clusters
        .map(|same| Part {
            cluster: same[0].cluster,
            weight: same.iter().map(|part| part.weight).sum(),
            effect: same.iter().map(|part| part.effect).sum(),
        })
        .collect()
}

/// Pairs that lie on a line show no spread, which is not certainty.
fn on_no_line(value: f64) -> Result<(), Undefined> {
    if 1.0 - value.abs() < ROUNDING {
        let detail = "the pairs lie on a line";
        return Err(Undefined::new(Reason::NoVariation, detail));
    }
    Ok(())
}

/// A sum of correlations, each with its sign, and the same with a cluster left out, to first order. Where pairs weigh
/// differently, clusters are worth as many of equal weight as Kish's (1965) size says; of two sides the smaller number
/// counts.
fn jackknife(whole: f64, sides: &[(f64, &Pairs, &Sample, f64)]) -> Jackknife {
    let differently = sides.iter().any(|(_, pairs, ..)| pairs.weigh_differently());
    let mass = |part: &Part| if differently { part.weight } else { 1.0 };
    let (mut all, mut worth) = (Vec::new(), f64::INFINITY);
    for (sign, pairs, sample, value) in sides {
        let parts = pairs.parts(sample, *value);
        let sum: f64 = parts.iter().map(mass).sum();
        let squares: f64 = parts.iter().map(|part| mass(part).powi(2)).sum();
        worth = worth.min(sum * sum / squares);
        all.extend(parts.into_iter().map(|part| Part {
            effect: sign * part.effect,
            ..part
        }));
    }
    let all = gathered(all);
    let total: f64 = all.iter().map(mass).sum();
    let without = all.iter().map(|part| Without {
        value: whole - part.effect / (1.0 - mass(part) / total),
        times: 1,
        mass: mass(part),
    });
    Jackknife {
        whole,
        without: without.collect(),
        worth,
        mass: total,
    }
}
