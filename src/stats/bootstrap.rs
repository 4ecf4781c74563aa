//! Resampling of integer tallies: multinomial over the cells for independent cases, Poisson
//! weights for whole clusters. Replicates depend on seed and replicate number alone, so threads,
//! order and sharding cannot change a digit.

use std::collections::BTreeMap;

use super::bca::{Jackknife, bca};
use super::{Interval, Method, Reason, Undefined};
use rand::distr::Distribution;
use rand::{Rng, SeedableRng};
use rand_distr::Binomial;
use rand_xoshiro::Xoshiro256PlusPlus;
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
        Ok(Self { cells, entries })
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
        let left_out: Vec<(Vec<Option<f64>>, u64)> = self
            .left_out()
            .par_iter()
            .map_init(
                || whole.clone(),
                |counts, (unit, times)| {
                    for (cell, count) in unit {
                        counts[*cell] -= count;
                    }
                    let row = values(counts);
                    for (cell, count) in unit {
                        counts[*cell] += count;
                    }
                    (row, *times)
                },
            )
            .collect();
        Bootstrap {
            whole: values(&whole),
            units: left_out.iter().map(|(_, times)| times).sum(),
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

    /// The units that can be left out, by what they hold (cells with counts), and how many hold it.
    fn left_out(&self) -> Vec<(Vec<(usize, u64)>, u64)> {
        match self {
            Self::Independent(counts) => {
                let cells = counts.iter().enumerate();
                cells
                    .filter(|(_, count)| **count > 0)
                    .map(|(cell, count)| (vec![(cell, 1)], *count))
                    .collect()
            }
            Self::Clustered(clusters) => {
                // Clusters that hold the same, as cases without a cluster often do, are left out once.
                let mut alike: BTreeMap<Vec<(usize, u64)>, u64> = BTreeMap::new();
                for cluster in clusters.entries.chunk_by(|a, b| a.0 == b.0) {
                    let unit = cluster.iter().map(|&(_, cell, count)| (cell, count));
                    *alike.entry(unit.collect()).or_default() += 1;
                }
                alike.into_iter().collect()
            }
            Self::Weighted { strata, .. } => strata
                .iter()
                .map(|stratum| {
                    let unit = vec![(stratum.cell, u64::from(stratum.weight))];
                    (unit, stratum.cases)
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
        let rows: Vec<Vec<Option<f64>>> = (0..replicates as u64)
            .into_par_iter()
            .map_init(
                || vec![0; self.cells()],
                |counts, replicate| {
                    match self {
                        Self::Independent(cells) => resample_cells(cells, seed, replicate, counts),
                        Self::Clustered(clusters) => clusters.resample(seed, replicate, counts),
                        Self::Weighted { strata, .. } => {
                            resample_strata(strata, seed, replicate, counts);
                        }
                    }
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

/// The values of several statistics in a sample, in bootstrap samples of it, and with each unit left
/// out.
pub struct Bootstrap {
    whole: Vec<Option<f64>>,
    left_out: Vec<(Vec<Option<f64>>, u64)>,
    units: u64,
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
        let left_out = self.left_out.iter();
        let jackknife = Jackknife {
            whole,
            // Without the only unit of its kind there may be no value, which says nothing of skewness.
            without: left_out
                .filter_map(|(row, times)| Some((row[statistic]?, *times)))
                .collect(),
            units: self.units,
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

/// Draws as many cases as `counts` holds, with replacement, and counts them by cell into `out`:
/// an exact multinomial draw by conditional binomials (Davis 1993), whose cost does not grow with
/// the number of cases. The draw depends on the order of the cells, which the caller keeps fixed.
pub fn resample_cells(counts: &[u64], seed: u64, replicate: u64, out: &mut [u64]) {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(stream(seed, replicate));
    let mut mass: u64 = counts.iter().sum();
    let mut cases = mass;
    for (drawn, &count) in out.iter_mut().zip(counts) {
        *drawn = match Binomial::new(cases, count as f64 / mass as f64) {
            Ok(binomial) => binomial.sample(&mut generator),
            // Only 0 / 0 gets here: cells after the last case.
            Err(_) => 0,
        };
        mass -= count;
        cases -= *drawn;
    }
}

/// The same for cases that weigh differently: cases of one cell and weight are drawn together, and `out` gets what the
/// drawn ones weigh.
fn resample_strata(strata: &[Stratum], seed: u64, replicate: u64, out: &mut [u64]) {
    let cases: Vec<u64> = strata.iter().map(|stratum| stratum.cases).collect();
    let all: u64 = cases.iter().sum();
    out.fill(0);
    // Where nearly every case has a weight of its own, drawing cases one by one is cheaper.
    if strata.len() as u64 * 4 > all {
        let of = |(place, cases): (usize, &u64)| std::iter::repeat_n(place, *cases as usize);
        let places: Vec<usize> = cases.iter().enumerate().flat_map(of).collect();
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(stream(seed, replicate));
        for _ in 0..all {
            let stratum = &strata[places[generator.random_range(0..places.len())]];
            out[stratum.cell] += u64::from(stratum.weight);
        }
        return;
    }
    let mut drawn = vec![0; strata.len()];
    resample_cells(&cases, seed, replicate, &mut drawn);
    for (stratum, drawn) in strata.iter().zip(drawn) {
        out[stratum.cell] += u64::from(stratum.weight) * drawn;
    }
}

/// The Poisson(1) weight of a cluster in a replicate: a hash of the three numbers, and nothing
/// else, read through the inverse distribution function (the Poisson bootstrap of Hanley &
/// MacGibbon 2006 and Chamandy et al. 2012).
pub fn cluster_weight(seed: u64, cluster: u64, replicate: u64) -> u32 {
    let uniform = cluster_bits(seed, cluster, replicate);
    let passed = |bounds: &[u64]| -> u32 {
        bounds
            .iter()
            .map(|&bound| u32::from(uniform >= bound))
            .sum()
    };
    // Most weights are small; comparing without branches saves the processor wrong guesses.
    let (usual, rare) = POISSON.split_at(4);
    match passed(usual) {
        4 => 4 + passed(rare),
        weight => weight,
    }
}

/// 64 random bits of a cluster in a replicate: a hash of the three numbers, and nothing else.
pub fn cluster_bits(seed: u64, cluster: u64, replicate: u64) -> u64 {
    mix(stream(seed, replicate).wrapping_add(cluster.wrapping_mul(GOLDEN)))
}

/// P(X <= k) of the Poisson(1) distribution times 2^64, for k = 0, 1, 2, …
const POISSON: [u64; 20] = [
    0x5e2d_58d8_b3bc_df1a,
    0xbc5a_b1b1_6779_be35,
    0xeb71_5e1d_c158_2dc2,
    0xfb23_9797_34a2_52f1,
    0xff10_25f5_9174_dc3d,
    0xffd9_0f3b_a405_5e19,
    0xfffa_8b71_fc72_c913,
    0xffff_540c_0914_b3c9,
    0xffff_ed1f_4aa8_f120,
    0xffff_fe21_6e64_1462,
    0xffff_ffd4_d85d_3183,
    0xffff_fffc_6da2_62b4,
    0xffff_ffff_ba12_d178,
    0xffff_ffff_fb07_c64c,
    0xffff_ffff_ffab_8ea5,
    0xffff_ffff_fffa_be22,
    0xffff_ffff_ffff_b11a,
    0xffff_ffff_ffff_fba1,
    0xffff_ffff_ffff_ffc5,
    0xffff_ffff_ffff_fffd,
];

/// 2^64 over the golden ratio, the step of SplitMix64 (Steele, Lea & Flood 2014).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

pub(super) fn stream(seed: u64, replicate: u64) -> u64 {
    mix(mix(seed.wrapping_add(GOLDEN)) ^ replicate)
}

/// SplitMix64's output function: every input bit changes every output bit half of the time.
fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
