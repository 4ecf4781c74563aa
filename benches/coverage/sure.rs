//! Models that are nearly always right and sure of it: calibration where hardly anything is wrong.
//!
//! A model is right as often whatever it states, which is spread evenly between a lowest number and 1. In clusters, of 20
//! cases each, a seventh of the variance of being right lies between them. What is true follows from the middle of each
//! bin; nothing is told apart, so that the truth of the resolution is 0.

use std::collections::BTreeMap;

use affect_audit::case::Unit;
use affect_audit::measure::Rules;
use affect_audit::measure::curve::{Statement, calibrated};
use rand::Rng;
use rand_distr::{Beta, Distribution};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{self, Coverage, Values};

/// A model and its cases.
#[derive(Clone, Copy, Debug)]
pub struct Sure {
    /// Cases.
    pub n: u64,
    /// Cases of a cluster; 1 where they are independent.
    pub in_cluster: u64,
    /// How often it is right.
    pub right: f64,
    /// The least that it states.
    pub least: f64,
}

impl Sure {
    fn truth(&self) -> BTreeMap<String, f64> {
        let bins = (self.n / 20).min(15);
        let middle = |bin: u64| {
            let place = (bin as f64 + 0.5) / bins as f64;
            self.least + (1.0 - self.least) * place
        };
        let squares = (0..bins).map(|bin| (middle(bin) - self.right).powi(2));
        let reliability = squares.sum::<f64>() / bins as f64;
        let named = [
            ("calibration-error", reliability.sqrt()),
            ("brier-reliability", reliability),
            ("brier-resolution", 0.0),
        ];
        named.map(|(name, value)| (name.to_owned(), value)).into()
    }

    fn measured(&self, rules: &Rules, random: &mut Xoshiro256PlusPlus) -> Values {
        let quality = Beta::new(6.0 * self.right, 6.0 * (1.0 - self.right)).expect("a chance");
        let mut chance = self.right;
        let (mut statements, mut units) = (Vec::new(), Vec::new());
        for case in 0..self.n {
            if self.in_cluster > 1 && case.is_multiple_of(self.in_cluster) {
                chance = quality.sample(random);
            }
            let cluster = (self.in_cluster > 1).then(|| (case / self.in_cluster) as u32);
            units.push(Unit::from(cluster));
            statements.push(Statement {
                case: case as usize,
                stated: random.random_range(self.least..1.0),
                right: random.random_bool(chance),
            });
        }
        let (_, found) = calibrated(&statements, &units, rules);
        let results = match found {
            Ok(found) => [found.error, found.reliability, found.resolution],
            Err(undefined) => [(); 3].map(|()| Err(undefined.clone())),
        };
        let names = ["calibration-error", "brier-reliability", "brier-resolution"];
        names.map(str::to_owned).into_iter().zip(results).collect()
    }
}

/// Draws again and again and asks every interval whether it holds the truth.
pub fn count(sure: Sure, (draws, seed): (u64, u64)) -> BTreeMap<String, Coverage> {
    held::count(&sure.truth(), (draws, seed), |rules, random| {
        sure.measured(rules, random)
    })
}
