//! Counts how often intervals hold a truth that is known, over draws that a seed fixes. What is drawn stands in the
//! files beside this one, by family.

use std::collections::BTreeMap;

use affect_audit::measure::Rules;
use affect_audit::stats::{Estimate, Undefined};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// What was measured in one draw, by the name of its row.
pub type Values = Vec<(String, Result<Estimate, Undefined>)>;

/// The rules under which all is measured: nothing is left out for being of few cases.
pub const RULES: Rules = Rules {
    level: 0.95,
    min_n: 1,
    suppress_below: 0,
    seed: 1,
    replicates: 400,
};

/// How often the interval of one measure held the truth.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coverage {
    /// Intervals.
    pub intervals: u64,
    /// Those that held the truth.
    pub held: u64,
    /// Draws without a value.
    pub undefined: u64,
}

impl Coverage {
    /// Asks an interval, if there is one, whether it holds the truth.
    pub fn count(&mut self, truth: f64, result: &Result<Estimate, Undefined>) {
        let Ok(estimate) = result else {
            self.undefined += 1;
            return;
        };
        let interval = estimate.interval;
        // The truth of a large table is itself rounded.
        let slack = 1e-6;
        self.intervals += 1;
        self.held += u64::from(interval.low - slack <= truth && truth <= interval.high + slack);
    }

    /// The share of intervals that held the truth.
    pub fn share(&self) -> f64 {
        self.held as f64 / self.intervals.max(1) as f64
    }
}

/// The generator of one draw.
pub fn generator(seed: u64, draw: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed ^ (draw << 20))
}

/// Draws again and again and asks every interval whether it holds the truth. What has no truth is not asked.
pub fn count(
    truth: &BTreeMap<String, f64>,
    (draws, seed): (u64, u64),
    drawn: impl Fn(&Rules, &mut Xoshiro256PlusPlus) -> Values,
) -> BTreeMap<String, Coverage> {
    let mut all: BTreeMap<String, Coverage> = BTreeMap::new();
    for draw in 0..draws {
        let rules = Rules {
            seed: draw,
            ..RULES
        };
        for (name, result) in drawn(&rules, &mut generator(seed, draw)) {
            if let Some(truth) = truth.get(&name) {
                all.entry(name).or_default().count(*truth, &result);
            }
        }
    }
    all
}

/// The truth where no formula gives it: the mean of what large draws come to, which are made as others are.
pub fn truth(
    draws: u64,
    drawn: impl Fn(&Rules, &mut Xoshiro256PlusPlus) -> Values,
) -> BTreeMap<String, f64> {
    // Values are told with their intervals alone.
    let rules = Rules {
        replicates: 100,
        ..RULES
    };
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for draw in 0..draws {
        let mut random = generator(u64::MAX, draw);
        for (name, result) in drawn(&rules, &mut random) {
            if let Ok(estimate) = result {
                let (sum, times) = sums.entry(name).or_default();
                *sum += estimate.value;
                *times += 1.0;
            }
        }
    }
    let means = sums.into_iter();
    means
        .map(|(name, (sum, times))| (name, sum / times))
        .collect()
}
