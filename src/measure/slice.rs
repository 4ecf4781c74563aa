//! Slices: the outcomes of the cases that are measured together, tallied by cluster.

use crate::stats::bootstrap::{Clusters, Sample};
use crate::stats::{Reason, Undefined};
use crate::tally::Tally;

/// A tally of outcomes, ready to be measured and resampled.
///
/// `K` is an outcome: what was true and what was answered.
#[derive(Clone, Debug)]
pub struct Slice<K> {
    /// The distinct outcomes in their order.
    pub cells: Vec<K>,
    /// How often each occurred.
    pub counts: Vec<u64>,
    /// The same by cluster: cluster, place in `cells`, count; empty where the cases are independent.
    entries: Vec<(u64, usize, u64)>,
    /// How many independent units there are.
    pub clusters: u64,
}

impl<K: Ord + Copy> Slice<K> {
    /// Tallies outcomes with their clusters. Where no case has a cluster the cases are independent; where some
    /// have, a case without one forms a cluster of its own.
    pub fn new(outcomes: impl Iterator<Item = (Option<u32>, K)>) -> Self {
        let mut tally: Tally<(Option<u32>, K)> = Tally::default();
        for key in outcomes {
            tally.count(key);
        }
        Slice::from_tally(&tally)
    }

    /// The slice of a tally by cluster and outcome.
    pub fn from_tally(tally: &Tally<(Option<u32>, K)>) -> Self {
        let mut cells: Vec<K> = tally.iter().map(|((_, outcome), _)| *outcome).collect();
        cells.sort_unstable();
        cells.dedup();
        let mut counts = vec![0; cells.len()];
        let mut entries = Vec::new();
        let clustered = tally.iter().any(|((cluster, _), _)| cluster.is_some());
        // Cases without a cluster get numbers above all clusters, in the order of their outcomes.
        let mut alone = u64::from(u32::MAX);
        for ((cluster, outcome), times) in tally.iter() {
            let Ok(cell) = cells.binary_search(outcome) else {
                continue;
            };
            counts[cell] += times;
            match cluster {
                _ if !clustered => {}
                Some(cluster) => entries.push((u64::from(*cluster), cell, times)),
                None => {
                    for _ in 0..times {
                        alone += 1;
                        entries.push((alone, cell, 1));
                    }
                }
            }
        }
        entries.sort_unstable();
        let clusters = if clustered {
            entries.chunk_by(|a, b| a.0 == b.0).count() as u64
        } else {
            counts.iter().sum()
        };
        Slice {
            cells,
            counts,
            entries,
            clusters,
        }
    }

    /// How many cases it holds.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Whether cases depend on each other.
    pub fn is_clustered(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Cluster, place in `cells` and count; nothing where the cases are independent. Numbers up to `u32::MAX` mean the
    /// same cluster in every slice of a dataset; higher ones are cases without a cluster.
    pub fn by_cell(&self) -> impl Iterator<Item = (u64, usize, u64)> {
        self.entries.iter().copied()
    }

    /// The same cases taken as independent of each other.
    pub fn independent(&self) -> Self {
        Slice {
            cells: self.cells.clone(),
            counts: self.counts.clone(),
            entries: Vec::new(),
            clusters: self.total(),
        }
    }

    /// The slice in the form in which it is resampled.
    ///
    /// # Errors
    /// Never for a slice made here; the resampler checks its input.
    pub fn sample(&self) -> Result<Sample, Undefined> {
        if self.total() == 0 {
            return Err(Undefined::new(Reason::NoCases, "there is no case"));
        }
        if self.is_clustered() {
            Clusters::new(self.cells.len(), self.entries.clone()).map(Sample::Clustered)
        } else {
            Ok(Sample::Independent(self.counts.clone()))
        }
    }

    /// The clusters that hold a cell with a value, and the sum of these values over the cluster's cases. Numbers up to
    /// `u32::MAX` mean the same cluster in every slice of a dataset; nothing where the cases are independent.
    pub fn by_cluster(&self, values: &[Option<f64>]) -> Vec<(u64, f64)> {
        let clusters = self.entries.chunk_by(|a, b| a.0 == b.0);
        clusters
            .filter_map(|cluster| {
                let mut sum = None;
                for (_, cell, count) in cluster {
                    if let Some(value) = values[*cell] {
                        *sum.get_or_insert(0.0) += value * *count as f64;
                    }
                }
                Some((cluster[0].0, sum?))
            })
            .collect()
    }
}
