//! Resampling of integer tallies: multinomial over the cells for independent cases, Poisson
//! weights for whole clusters. Replicates depend on seed and replicate number alone, so threads,
//! order and sharding cannot change a digit.

mod draw;

pub(super) use draw::stream;
pub use draw::{cluster_bits, cluster_weight, resample_cells};

use std::collections::BTreeMap;

use self::draw::Urns;
use super::bca::{Jackknife, Without, bca};
use super::{Interval, Method, Reason, Undefined};
use crate::case::weight::kish;
use rayon::prelude::*;

/// What is resampled: the cells of a tally.
pub enum Sample {
    /// Cases are independent of each other; the number of cases in each cell.
    Independent(Vec<u64>),
    /// Cases come in clusters that are drawn as wholes.
    Clustered(Clusters),
    /// Cases are independent of each other and weigh differently.
    Weighted {
        /// How many cells.
        cells: usize,
        /// The cases of each cell and weight.
        strata: Vec<Stratum>,
    },
}

/// Cases of one cell that all weigh the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stratum {
    /// The cell.
    pub cell: usize,
    /// What each of them weighs.
    pub weight: u32,
    /// How many they are.
    pub cases: u64,
}

impl Stratum {
    /// What they weigh together.
    pub fn mass(&self) -> u64 {
        u64::from(self.weight) * self.cases
    }
}

/// Cell counts by cluster.
pub struct Clusters {
    cells: usize,
    /// Cluster, cell and count, sorted so that each cluster's weight is drawn once.
    entries: Vec<(u64, usize, u64)>,
    /// Whether counts are sums of case weights, so that one cluster stands for more of the population than another.
    weighted: bool,
}

impl Clusters {
    /// Takes triples of cluster, cell and count in any order; repeated ones add up. Entries at or
    /// beyond `cells` are out of range.
    pub fn new(cells: usize, mut entries: Vec<(u64, usize, u64)>) -> Result<Self, Undefined> {
        if let Some((_, cell, _)) = entries.iter().find(|entry| entry.1 >= cells) {
            let detail = format!("cell {cell} of {cells}");
            return Err(Undefined::new(Reason::OutOfRange, detail));
        }
        entries.sort_unstable();
        Ok(Self {
            cells,
            entries,
            weighted: false,
        })
    }

    /// The same, its counts being what cases weigh that do not all weigh the same.
    pub fn weighted(self) -> Self {
        Self {
            weighted: true,
            ..self
        }
    }

    fn resample(&self, seed: u64, replicate: u64, out: &mut [u64]) {
        out.fill(0);
        for cluster in self.entries.chunk_by(|a, b| a.0 == b.0) {
            let weight = u64::from(cluster_weight(seed, cluster[0].0, replicate));
            for &(_, cell, count) in cluster {
                out[cell] += weight * count;
            }
        }
    }
}

impl Sample {
    /// The number of cells.
    pub fn cells(&self) -> usize {
        match self {
            Self::Independent(counts) => counts.len(),
            Self::Clustered(clusters) => clusters.cells,
            Self::Weighted { cells, .. } => *cells,
        }
    }

    /// The method that percentiles of replicates of this sample carry.
    pub fn method(&self) -> Method {
        match self {
            Self::Independent(_) | Self::Weighted { .. } => Method::CellBootstrap,
            Self::Clustered(_) => Method::ClusterBootstrap,
        }
    }

    /// Computes `statistics` values from the sample, from `replicates` draws of it, and from the
    /// sample with each unit left out; `compute` is as in [`Sample::replicate`].
    pub fn bootstrap(
        &self,
        seed: u64,
        replicates: usize,
        statistics: usize,
        compute: impl Fn(&[u64], &mut [Option<f64>]) + Sync,
    ) -> Bootstrap {
        let values = |counts: &[u64]| {
            let mut row = vec![None; statistics];
            compute(counts, &mut row);
            row
        };
        let whole = self.counts();
        let units = self.units();
        let left_out: Vec<Vec<Option<f64>>> = units
            .par_iter()
            .map_init(
                || whole.clone(),
                |counts, unit| {
                    for (cell, count) in &unit.holds {
                        counts[*cell] -= count;
                    }
                    let row = values(counts);
                    for (cell, count) in &unit.holds {
                        counts[*cell] += count;
                    }
                    row
                },
            )
            .collect();
        Bootstrap {
            whole: values(&whole),
            units,
            left_out,
            replicates: self.replicate(seed, replicates, statistics, &compute),
            method: match self {
                Self::Independent(_) | Self::Weighted { .. } => Method::CellBootstrapBca,
                Self::Clustered(_) => Method::ClusterBootstrapBca,
            },
        }
    }

    /// How often each cell occurs.
    fn counts(&self) -> Vec<u64> {
        match self {
            Self::Independent(counts) => counts.clone(),
            Self::Clustered(clusters) => {
                let mut counts = vec![0; clusters.cells];
                for &(_, cell, count) in &clusters.entries {
                    counts[cell] += count;
                }
                counts
            }
            Self::Weighted { cells, strata } => {
                let mut counts = vec![0; *cells];
                for stratum in strata {
                    counts[stratum.cell] += stratum.mass();
                }
                counts
            }
        }
    }

    /// The units that are drawn, those that are alike together.
    fn units(&self) -> Vec<Units> {
        match self {
            Self::Independent(counts) => {
                let cells = counts.iter().enumerate();
                cells
                    .filter(|(_, count)| **count > 0)
                    .map(|(cell, count)| Units {
                        holds: vec![(cell, 1)],
                        times: *count,
                        mass: 1,
                    })
                    .collect()
            }
            Self::Clustered(clusters) => {
                // Clusters that hold the same, as cases without a cluster often do, are left out once.
                let mut alike: BTreeMap<Vec<(usize, u64)>, u64> = BTreeMap::new();
                for cluster in clusters.entries.chunk_by(|a, b| a.0 == b.0) {
                    let unit = cluster.iter().map(|&(_, cell, count)| (cell, count));
                    *alike.entry(unit.collect()).or_default() += 1;
                }
                let mass = |holds: &[(usize, u64)]| match clusters.weighted {
                    true => holds.iter().map(|(_, count)| count).sum(),
                    false => 1,
                };
                alike
                    .into_iter()
                    .map(|(holds, times)| Units {
                        mass: mass(&holds),
                        holds,
                        times,
                    })
                    .collect()
            }
            Self::Weighted { strata, .. } => strata
                .iter()
                .map(|stratum| Units {
                    holds: vec![(stratum.cell, u64::from(stratum.weight))],
                    times: stratum.cases,
                    mass: u64::from(stratum.weight),
                })
                .collect(),
        }
    }

    /// Draws `replicates` samples and computes `statistics` values from the cell counts of each.
    /// `compute` gets the counts, or what the cases that are counted weigh, and one empty place per statistic; a place left empty says that
    /// this replicate has no value for it.
    pub fn replicate(
        &self,
        seed: u64,
        replicates: usize,
        statistics: usize,
        compute: impl Fn(&[u64], &mut [Option<f64>]) + Sync,
    ) -> Replicates {
        type Draw<'a> = Box<dyn Fn(u64, &mut [u64]) + Sync + 'a>;
        let draw: Draw<'_> = match self {
            Self::Independent(cells) => {
                Box::new(move |replicate, counts| resample_cells(cells, seed, replicate, counts))
            }
            Self::Clustered(clusters) => {
                Box::new(move |replicate, counts| clusters.resample(seed, replicate, counts))
            }
            Self::Weighted { cells, strata } => {
                let urns = Urns::new(*cells, strata);
                Box::new(move |replicate, counts| urns.resample(seed, replicate, counts))
            }
        };
        let rows: Vec<Vec<Option<f64>>> = (0..replicates as u64)
            .into_par_iter()
            .map_init(
                || vec![0; self.cells()],
                |counts, replicate| {
                    draw(replicate, counts);
                    let mut row = vec![None; statistics];
                    compute(counts, &mut row);
                    row
                },
            )
            .collect();
        let column = |index: usize| rows.iter().map(|row| row[index]).collect();
        Replicates {
            values: (0..statistics).map(column).collect(),
        }
    }
}

/// Cases or clusters that hold the same.
struct Units {
    /// Cells with counts.
    holds: Vec<(usize, u64)>,
    /// How many there are.
    times: u64,
    /// What each weighs; 1 where all weigh the same.
    mass: u64,
}

/// The values of several statistics in a sample, in bootstrap samples of it, and with each unit left
/// out.
pub struct Bootstrap {
    whole: Vec<Option<f64>>,
    units: Vec<Units>,
    /// For each of the units the values without one of them.
    left_out: Vec<Vec<Option<f64>>>,
    replicates: Replicates,
    method: Method,
}

impl Bootstrap {
    /// The bias-corrected and accelerated interval of one statistic.
    ///
    /// # Errors
    /// See [`bca`]; and a statistic that the sample or one in twenty replicates has no value for.
    pub fn interval(&self, statistic: usize, level: f64) -> Result<Interval, Undefined> {
        let whole = self.whole[statistic];
        let whole =
            whole.ok_or_else(|| Undefined::new(Reason::Unstable, "the sample has no value"))?;
        // Without the only unit of its kind there may be no value, which says nothing of skewness.
        let without = self.units.iter().zip(&self.left_out);
        let without = without.filter_map(|(units, row)| {
            Some(Without {
                value: row[statistic]?,
                times: units.times,
                mass: units.mass as f64,
            })
        });
        let masses = self.units.iter().map(|units| (units.mass, units.times));
        let jackknife = Jackknife {
            whole,
            without: without.collect(),
            worth: kish(
                masses
                    .clone()
                    .map(|(mass, times)| (u128::from(mass), times)),
            ),
            mass: masses.map(|(mass, times)| mass as f64 * times as f64).sum(),
        };
        bca(
            &mut self.replicates.defined(statistic)?,
            &jackknife,
            level,
            self.method,
        )
    }
}

/// The values of several statistics in the same bootstrap samples.
pub struct Replicates {
    values: Vec<Vec<Option<f64>>>,
}

impl Replicates {
    /// One statistic's values, in the order of the replicates; `None` where it has no value.
    /// Statistics of one run share their samples, so that differences by replicate are paired.
    pub fn values(&self, statistic: usize) -> &[Option<f64>] {
        &self.values[statistic]
    }

    /// How two statistics rise and fall together, from the replicates that have both; 0 where one does not vary.
    pub fn correlation(&self, one: usize, other: usize) -> f64 {
        let both = || {
            let pairs = self.values(one).iter().zip(self.values(other));
            pairs.filter_map(|(one, other)| Some(((*one)?, (*other)?)))
        };
        let n = both().count() as f64;
        let mean = both().fold([0.0, 0.0], |sum, pair| {
            [sum[0] + pair.0 / n, sum[1] + pair.1 / n]
        });
        let [mut first, mut second, mut product] = [0.0; 3];
        for (one, other) in both() {
            let (one, other) = (one - mean[0], other - mean[1]);
            first += one * one;
            second += other * other;
            product += one * other;
        }
        if first * second > 0.0 {
            (product / (first * second).sqrt()).clamp(-1.0, 1.0)
        } else {
            0.0
        }
    }

    /// One statistic's values without the undefined ones, of which one in twenty is too many: the
    /// rest would be a selection.
    pub fn defined(&self, statistic: usize) -> Result<Vec<f64>, Undefined> {
        let values = self.values(statistic);
        let defined: Vec<f64> = values.iter().copied().flatten().collect();
        let undefined = values.len() - defined.len();
        if undefined * 20 > values.len() {
            let detail = format!("undefined in {undefined} of {} replicates", values.len());
            return Err(Undefined::new(Reason::Unstable, detail));
        }
        Ok(defined)
    }
}
