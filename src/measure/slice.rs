//! Slices: the outcomes of the cases that are measured together, tallied by cluster and weight.

use crate::case::Unit;
use crate::case::weight::kish;
use crate::stats::bootstrap::{Clusters, Sample, Stratum};
use crate::stats::{Reason, Undefined};
use crate::tally::Tally;

/// A tally of outcomes, ready to be measured and resampled.
///
/// `K` is an outcome: what was true and what was answered.
#[derive(Clone, Debug)]
pub struct Slice<K> {
    /// The distinct outcomes in their order.
    pub cells: Vec<K>,
    /// How many cases came to each.
    pub counts: Vec<u64>,
    /// The same by cluster: cluster, place in `cells`, cases; empty where the cases are independent.
    entries: Vec<(u64, usize, u64)>,
    /// How many independent units there are.
    pub clusters: u64,
    weights: Weights,
}

/// How much cases weigh.
#[derive(Clone, Debug)]
enum Weights {
    /// All the same.
    Even(u32),
    /// Not all the same.
    Uneven {
        /// The weight of the cases of each outcome.
        masses: Vec<u64>,
        /// The cases of each outcome and weight.
        strata: Vec<Stratum>,
        /// The weight of a case of each entry.
        entries: Vec<u32>,
    },
}

impl<K: Ord + Copy> Slice<K> {
    /// Tallies outcomes with their clusters and weights. Where no case has a cluster the cases are independent; where
    /// some have, a case without one forms a cluster of its own.
    pub fn new<U: Into<Unit>>(outcomes: impl Iterator<Item = (U, K)>) -> Self {
        let mut tally: Tally<(Unit, K)> = Tally::default();
        for (unit, outcome) in outcomes {
            tally.count((unit.into(), outcome));
        }
        Slice::from_tally(&tally)
    }

    /// The slice of a tally by cluster, weight and outcome.
    pub fn from_tally<U: Into<Unit> + Ord + Copy>(tally: &Tally<(U, K)>) -> Self {
        let units = || {
            tally
                .iter()
                .map(|((unit, outcome), times)| ((*unit).into(), outcome, times))
        };
        let mut cells: Vec<K> = units().map(|(_, outcome, _)| *outcome).collect();
        cells.sort_unstable();
        cells.dedup();
        let mut counts = vec![0; cells.len()];
        let mut entries = Vec::new();
        let first = units()
            .next()
            .map_or(1, |(unit, ..): (Unit, _, _)| unit.weight);
        let even = units().all(|(unit, ..)| unit.weight == first);
        let clustered = units().any(|(unit, ..)| unit.cluster.is_some());
        let mut strata: Vec<Stratum> = Vec::new();
        // Cases without a cluster get numbers above all clusters, in the order of their outcomes.
        let mut alone = u64::from(u32::MAX);
        for (Unit { cluster, weight }, outcome, times) in units() {
            let Ok(cell) = cells.binary_search(outcome) else {
                continue;
            };
            counts[cell] += times;
            if !even {
                strata.push(Stratum {
                    cell,
                    weight,
                    cases: times,
                });
            }
            match cluster {
                _ if !clustered => {}
                Some(cluster) => entries.push((u64::from(cluster), cell, times, weight)),
                None => {
                    for _ in 0..times {
                        alone += 1;
                        entries.push((alone, cell, 1, weight));
                    }
                }
            }
        }
        entries.sort_unstable_by_key(|(cluster, cell, cases, weight)| {
            (*cluster, *cell, *cases, *weight)
        });
        let clusters = if clustered {
            entries.chunk_by(|a, b| a.0 == b.0).count() as u64
        } else {
            counts.iter().sum()
        };
        let weights = if even {
            Weights::Even(first)
        } else {
            uneven(strata, counts.len(), entries.iter().map(|entry| entry.3))
        };
        let entries = entries
            .into_iter()
            .map(|(cluster, cell, cases, _)| (cluster, cell, cases));
        Slice {
            cells,
            counts,
            entries: entries.collect(),
            clusters,
            weights,
        }
    }

    /// The slice of cases that weigh the same, from its cells in their order and what clusters hold of them: cluster, place
    /// of the cell, and cases, in the order of the clusters.
    pub fn from_clusters(cells: Vec<K>, entries: impl Iterator<Item = (u64, usize, u64)>) -> Self {
        let entries: Vec<_> = entries.filter(|(.., cases)| *cases > 0).collect();
        let mut counts = vec![0; cells.len()];
        for (_, cell, cases) in &entries {
            counts[*cell] += cases;
        }
        Slice {
            clusters: entries.chunk_by(|a, b| a.0 == b.0).count() as u64,
            weights: Weights::Even(1),
            cells,
            counts,
            entries,
        }
    }

    /// How many cases it holds.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many independent units hold a case with such an outcome.
    pub fn units_with(&self, holds: impl Fn(&K) -> bool) -> u64 {
        if self.entries.is_empty() {
            let cells = self.cells.iter().zip(&self.counts);
            return cells
                .filter(|(cell, _)| holds(cell))
                .map(|(_, count)| count)
                .sum();
        }
        let clusters = self.entries.chunk_by(|a, b| a.0 == b.0);
        let found =
            clusters.filter(|cluster| cluster.iter().any(|(_, cell, _)| holds(&self.cells[*cell])));
        found.count() as u64
    }

    /// Whether cases depend on each other.
    pub fn is_clustered(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Whether some cases weigh more than others.
    pub fn is_weighted(&self) -> bool {
        matches!(self.weights, Weights::Uneven { .. })
    }

    /// The weight of the cases that came to each outcome. Where all weigh the same, that is their number: a slice by
    /// itself is then as if it were not weighted.
    pub fn masses(&self) -> &[u64] {
        match &self.weights {
            Weights::Even(_) => &self.counts,
            Weights::Uneven { masses, .. } => masses,
        }
    }

    /// What one of [`Slice::masses`] stands for beside other slices of the dataset.
    pub fn part(&self) -> f64 {
        match self.weights {
            Weights::Even(weight) => f64::from(weight),
            Weights::Uneven { .. } => 1.0,
        }
    }

    /// How many cases of equal weight those with a value are worth (Kish 1965); their number where all weigh the same.
    pub fn effective(&self, values: &[Option<f64>]) -> f64 {
        match &self.weights {
            Weights::Even(_) => {
                let counts = values.iter().zip(&self.counts);
                let cases = counts.filter(|(value, _)| value.is_some());
                cases.map(|(_, count)| count).sum::<u64>() as f64
            }
            Weights::Uneven { strata, .. } => kish(
                strata
                    .iter()
                    .filter(|stratum| values[stratum.cell].is_some())
                    .map(|stratum| (u128::from(stratum.weight), stratum.cases)),
            ),
        }
    }

    /// What one of the cases with a value weighs, in parts of [`Slice::masses`]: all of them over the number that they
    /// are worth; 1 where all weigh the same.
    pub fn weight_of_a_case(&self, values: &[Option<f64>]) -> f64 {
        let masses = values.iter().zip(self.masses());
        let all: u64 = masses.filter_map(|(value, mass)| value.map(|_| mass)).sum();
        match self.effective(values) {
            cases if cases > 0.0 => all as f64 / cases,
            _ => 1.0,
        }
    }

    /// Cluster, place in `cells`, cases and the weight of one of them, in parts of [`Slice::masses`]; nothing where the
    /// cases are independent. Numbers up to `u32::MAX` mean the same cluster in every slice of a dataset; higher ones
    /// are cases without a cluster.
    pub fn by_cell(&self) -> impl Iterator<Item = (u64, usize, u64, u32)> {
        let weights: &[u32] = match &self.weights {
            Weights::Even(_) => &[],
            Weights::Uneven { entries, .. } => entries,
        };
        let entries = self.entries.iter().enumerate();
        entries.map(move |(place, (cluster, cell, cases))| {
            let weight = weights.get(place).copied().unwrap_or(1);
            (*cluster, *cell, *cases, weight)
        })
    }

    /// The cases of each outcome and weight.
    pub fn strata(&self) -> Vec<Stratum> {
        match &self.weights {
            Weights::Even(_) => {
                let counts = self.counts.iter().enumerate();
                counts
                    .map(|(cell, cases)| Stratum {
                        cell,
                        weight: 1,
                        cases: *cases,
                    })
                    .collect()
            }
            Weights::Uneven { strata, .. } => strata.clone(),
        }
    }

    /// The same cases, each counting as one.
    pub fn unweighted(&self) -> Self {
        Slice {
            weights: Weights::Even(1),
            ..self.clone()
        }
    }

    /// The same, and taken as independent of each other.
    pub fn independent(&self) -> Self {
        Slice {
            entries: Vec::new(),
            clusters: self.total(),
            ..self.unweighted()
        }
    }

    /// The same for what fails call by call, whatever the cases stand for. Where no call failed, nothing shows that failures
    /// gather in clusters, and cases are taken as independent; where some did, their clusters tell.
    pub fn of_calls(&self, some_failed: bool) -> Self {
        if some_failed {
            self.unweighted()
        } else {
            self.independent()
        }
    }

    /// The slice in the form in which it is resampled, as masses of its cells.
    ///
    /// # Errors
    /// Never for a slice made here; the resampler checks its input.
    pub fn sample(&self) -> Result<Sample, Undefined> {
        if self.total() == 0 {
            return Err(Undefined::new(Reason::NoCases, "there is no case"));
        }
        if self.is_clustered() {
            let entries = self
                .by_cell()
                .map(|(cluster, cell, cases, weight)| (cluster, cell, cases * u64::from(weight)));
            let clusters = Clusters::new(self.cells.len(), entries.collect())?;
            return Ok(Sample::Clustered(match self.weights {
                Weights::Even(_) => clusters,
                Weights::Uneven { .. } => clusters.weighted(),
            }));
        }
        Ok(match &self.weights {
            Weights::Even(_) => Sample::Independent(self.counts.clone()),
            Weights::Uneven { strata, .. } => Sample::Weighted {
                cells: self.cells.len(),
                strata: strata.clone(),
            },
        })
    }

    /// The clusters that hold a cell with a value, and the weighted sum of these values over the cluster's cases.
    /// Numbers up to `u32::MAX` mean the same cluster in every slice of a dataset; nothing where the cases are
    /// independent.
    pub fn by_cluster(&self, values: &[Option<f64>]) -> Vec<(u64, f64)> {
        let mut sums: Vec<(u64, f64)> = Vec::new();
        for (cluster, cell, cases, weight) in self.by_cell() {
            if let Some(value) = values[cell] {
                let added = value * (cases * u64::from(weight)) as f64;
                match sums.last_mut().filter(|(last, _)| *last == cluster) {
                    Some((_, sum)) => *sum += added,
                    None => sums.push((cluster, added)),
                }
            }
        }
        sums
    }
}

fn uneven(mut strata: Vec<Stratum>, cells: usize, entries: impl Iterator<Item = u32>) -> Weights {
    strata.sort_unstable();
    strata.dedup_by(|next, kept| {
        let same = (next.cell, next.weight) == (kept.cell, kept.weight);
        kept.cases += if same { next.cases } else { 0 };
        same
    });
    let mut masses = vec![0; cells];
    for stratum in &strata {
        masses[stratum.cell] += stratum.mass();
    }
    Weights::Uneven {
        masses,
        strata,
        entries: entries.collect(),
    }
}

#[cfg(test)]
mod tests;
