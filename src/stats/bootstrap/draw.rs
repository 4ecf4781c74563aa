//! The draws that bootstrap samples are made of: each depends on seed, replicate and place alone.

use super::Stratum;
use rand::distr::Distribution;
use rand::{Rng, SeedableRng};
use rand_distr::Binomial;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Draws as many cases as `counts` holds, with replacement, and counts them by cell into `out`:
/// an exact multinomial draw, whose cost does not grow with the number of cases. The draw depends on
/// the order of the cells, which the caller keeps fixed.
pub fn resample_cells(counts: &[u64], seed: u64, replicate: u64, out: &mut [u64]) {
    let mut generator = generator(seed, replicate);
    multinomial(counts, counts.iter().sum(), &mut generator, out);
}

/// Draws `cases` from cells with these counts, by conditional binomials (Davis 1993).
fn multinomial(
    counts: &[u64],
    mut cases: u64,
    generator: &mut Xoshiro256PlusPlus,
    out: &mut [u64],
) {
    let mut mass: u64 = counts.iter().sum();
    for (drawn, &count) in out.iter_mut().zip(counts) {
        *drawn = match Binomial::new(cases, count as f64 / mass as f64) {
            Ok(binomial) => binomial.sample(generator),
            // Only 0 / 0 gets here: cells after the last case.
            Err(_) => 0,
        };
        mass -= count;
        cases -= *drawn;
    }
}

/// Cases that weigh differently, ready to be drawn: first how many of each cell, as where all weigh the same, then which.
pub(super) struct Urns {
    /// How many cases each cell holds.
    counts: Vec<u64>,
    weights: Vec<Urn>,
}

/// The weights of the cases of one cell.
enum Urn {
    /// Case by case: where few have the same weight, drawing one after the other is cheapest.
    Single(Vec<u32>),
    /// The distinct weights, and how many cases have each.
    Shared(Vec<u32>, Vec<u64>),
}

impl Urns {
    pub(super) fn new(cells: usize, strata: &[Stratum]) -> Self {
        let mut of_cells = vec![Vec::new(); cells];
        for stratum in strata {
            of_cells[stratum.cell].push((stratum.weight, stratum.cases));
        }
        let count = |of_cell: &Vec<(u32, u64)>| of_cell.iter().map(|(_, cases)| cases).sum();
        Urns {
            counts: of_cells.iter().map(count).collect(),
            weights: of_cells.iter().map(|of_cell| Urn::new(of_cell)).collect(),
        }
    }

    /// Draws as many cases as there are, with replacement, and writes into `out` what those of each cell weigh.
    pub(super) fn resample(&self, seed: u64, replicate: u64, out: &mut [u64]) {
        let mut generator = generator(seed, replicate);
        multinomial(&self.counts, self.counts.iter().sum(), &mut generator, out);
        for (drawn, weights) in out.iter_mut().zip(&self.weights) {
            *drawn = weights.draw(*drawn, &mut generator);
        }
    }
}

impl Urn {
    fn new(of_cell: &[(u32, u64)]) -> Self {
        let cases: u64 = of_cell.iter().map(|(_, cases)| cases).sum();
        if of_cell.len() as u64 * 4 > cases {
            let each = |(weight, cases): &(u32, u64)| std::iter::repeat_n(*weight, *cases as usize);
            return Urn::Single(of_cell.iter().flat_map(each).collect());
        }
        let (weights, counts) = of_cell.iter().copied().unzip();
        Urn::Shared(weights, counts)
    }

    /// What so many cases drawn from it weigh.
    fn draw(&self, cases: u64, generator: &mut Xoshiro256PlusPlus) -> u64 {
        match self {
            Urn::Single(weights) => (0..cases)
                .map(|_| u64::from(weights[generator.random_range(0..weights.len())]))
                .sum(),
            Urn::Shared(weights, counts) => {
                let mut drawn = vec![0; counts.len()];
                multinomial(counts, cases, generator, &mut drawn);
                let masses = weights.iter().zip(drawn);
                masses
                    .map(|(weight, drawn)| u64::from(*weight) * drawn)
                    .sum()
            }
        }
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

fn generator(seed: u64, replicate: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(stream(seed, replicate))
}

pub(in crate::stats) fn stream(seed: u64, replicate: u64) -> u64 {
    mix(mix(seed.wrapping_add(GOLDEN)) ^ replicate)
}

/// SplitMix64's output function: every input bit changes every output bit half of the time.
fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
