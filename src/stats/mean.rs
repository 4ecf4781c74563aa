//! Means of values of any size, and sums of such means, with intervals over clusters.

use super::distribution::student_quantile;
use super::interval::wilson;
use super::{Estimate, Interval, Method, Reason, Undefined};

/// Values that come in clusters.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// Cluster and value, in the order of the cases.
    values: Vec<(u64, f64)>,
}

/// What the values of one cluster add up to.
struct Cluster {
    number: u64,
    sum: f64,
    values: f64,
}

impl Values {
    /// Adds a value; values of the same cluster depend on each other, also across several [`Values`].
    pub fn add(&mut self, cluster: u64, value: f64) {
        self.values.push((cluster, value));
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.values.len() as u64
    }

    /// Their mean; 0 where there is none.
    pub fn mean(&self) -> f64 {
        let sum: f64 = self.values.iter().map(|(_, value)| value).sum();
        sum / self.values.len().max(1) as f64
    }

    /// How many clusters they come from.
    pub fn clusters(&self) -> u64 {
        self.by_cluster().len() as u64
    }

    /// For each cluster the sum of its values and their number, in the order of the clusters.
    pub fn sums(&self) -> Vec<(f64, f64)> {
        let clusters = self.by_cluster().into_iter();
        clusters
            .map(|cluster| (cluster.sum, cluster.values))
            .collect()
    }

    /// The standard error of the mean over clusters; `None` where there is one cluster or no spread.
    pub fn standard_error(&self) -> Option<f64> {
        let (n, mean) = (self.values.len() as f64, self.mean());
        let clusters = self.sums();
        let g = clusters.len() as f64;
        let residuals = clusters
            .iter()
            .map(|(sum, values)| (sum - values * mean).powi(2));
        let error = (g / (g - 1.0) * residuals.sum::<f64>()).sqrt() / n;
        (g > 1.0 && self.vary() && error > 0.0).then_some(error)
    }

    fn by_cluster(&self) -> Vec<Cluster> {
        let mut sorted = self.values.clone();
        sorted.sort_by_key(|(cluster, _)| *cluster);
        let clusters = sorted.chunk_by(|a, b| a.0 == b.0);
        clusters
            .map(|cluster| Cluster {
                number: cluster[0].0,
                sum: cluster.iter().map(|(_, value)| value).sum(),
                values: cluster.len() as f64,
            })
            .collect()
    }

    fn vary(&self) -> bool {
        let first = self.values.first().map_or(0.0, |(_, value)| *value);
        let mut values = self.values.iter();
        values.any(|(_, value)| (value - first).abs() >= 1e-12)
    }
}

/// A weighted sum of means with Student's t interval, cut off at the ends of `range`, which holds every possible sum.
///
/// The variance is the sandwich over clusters of all terms (Liang & Zeger 1986), each term's residuals enlarged by
/// g / (g - 1) for its g clusters; for one mean of independent values it is the usual one. Degrees of freedom are G - 1
/// for one term and Satterthwaite's (1946) for several. Where no value differs from another there is no spread: what is
/// left is how many clusters might differ and were not seen, Wilson's upper limit for 0 of G, times the range.
///
/// # Errors
/// A term without a value, or with values from one cluster only.
pub fn sum_of_means(
    terms: &[(f64, &Values)],
    range: (f64, f64),
    level: f64,
) -> Result<Estimate, Undefined> {
    let mut influences: Vec<(u64, f64)> = Vec::new();
    let (mut value, mut variances, mut fewest) = (0.0, Vec::new(), f64::INFINITY);
    for (weight, values) in terms {
        if values.count() == 0 {
            return Err(Undefined::new(Reason::NoCases, "there is no case"));
        }
        let (n, mean) = (values.count() as f64, values.mean());
        let clusters = values.by_cluster();
        let g = clusters.len() as f64;
        if g < 2.0 {
            let detail = "one cluster shows no spread";
            return Err(Undefined::new(Reason::TooFewCases, detail));
        }
        let enlarged = (g / (g - 1.0)).sqrt();
        let own = clusters.iter().map(|cluster| {
            let residual = cluster.sum - cluster.values * mean;
            (cluster.number, weight / n * enlarged * residual)
        });
        let own: Vec<(u64, f64)> = own.collect();
        let variance: f64 = own.iter().map(|(_, influence)| influence * influence).sum();
        variances.push((variance, g - 1.0));
        influences.extend(own);
        value += weight * mean;
        fewest = fewest.min(g);
    }
    if terms.iter().all(|(_, values)| !values.vary()) {
        return unvaried(value, fewest, range, level);
    }
    influences.sort_by_key(|(cluster, _)| *cluster);
    let variance: f64 = influences
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| {
            same.iter()
                .map(|(_, influence)| influence)
                .sum::<f64>()
                .powi(2)
        })
        .sum();
    let apart: f64 = variances.iter().map(|(variance, _)| variance).sum();
    let freedom = match variances[..] {
        [(_, freedom)] => freedom,
        _ => {
            let parts = variances.iter();
            let parts = parts.map(|(variance, freedom)| variance.powi(2) / freedom);
            apart.powi(2) / parts.sum::<f64>()
        }
    };
    let half = student_quantile(1.0 - level, freedom) * variance.sqrt();
    Ok(Estimate {
        value,
        interval: Interval {
            low: (value - half).max(range.0).min(value),
            high: (value + half).min(range.1).max(value),
            level,
            method: Method::StudentT,
        },
        test: None,
    })
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
        },
        test: None,
    })
}
