//! Dealing outcomes anew among groups: what a statistic of groups comes to where chance alone sets them apart.

use rand::SeedableRng;
use rand::seq::{SliceRandom, index};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::bootstrap::stream;
use super::hypergeometric;
use super::interval::percentile;
use super::{Estimate, Interval, Method, Reason, TestResult, Undefined};

/// Sum of values and number of trials.
pub type Sum = (f64, f64);

/// Exchangeable trials of one term, by place and by what they were worth.
#[derive(Clone, Debug)]
pub struct Lot {
    /// Which term they are trials of.
    pub term: usize,
    /// The distinct values.
    pub values: Vec<f64>,
    /// The places that trials lie in: their group, and what a trial there weighs. Values change places, and weights stay
    /// where they are.
    pub places: Vec<(usize, f64)>,
    /// By place: how many trials came to each value.
    pub counts: Vec<Vec<u64>>,
}

/// What a cluster that lies within one group holds: it is dealt as a whole.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The group.
    pub group: usize,
    /// By term.
    pub sums: Vec<Sum>,
}

/// Everything that is dealt.
#[derive(Clone, Debug)]
pub struct Deck {
    /// How many groups.
    pub groups: usize,
    /// How many terms the statistic is computed from.
    pub terms: usize,
    /// Trials that change places one by one: all trials of a term where cases are independent, else those of one
    /// cluster that several groups share. Numbers a group has stay as they are.
    pub lots: Vec<Lot>,
    /// Clusters that change places as wholes.
    pub units: Vec<Unit>,
}

/// By term and group, one after the other.
pub type Sums = Vec<Vec<Sum>>;

impl Deck {
    /// What the groups hold.
    pub fn as_it_is(&self) -> Sums {
        let mut sums = self.blank();
        for lot in &self.lots {
            for (place, counts) in lot.places.iter().zip(&lot.counts) {
                lot.add(&mut sums, *place, counts);
            }
        }
        for unit in &self.units {
            unit.add(&mut sums, unit.group);
        }
        sums
    }

    fn blank(&self) -> Sums {
        vec![vec![(0.0, 0.0); self.groups]; self.terms]
    }

    /// For each lot with places of a few trials each, which weights make, its trials one by one.
    fn scattered(&self) -> Vec<Option<Scattered>> {
        let lots = self.lots.iter();
        lots.map(|lot| {
            let many = lot.places.len() > self.groups && lot.places.len() * 4 > lot.trials();
            many.then(|| Scattered::new(lot, self.groups))
        })
        .collect()
    }

    /// One deal. A lot is dealt by hypergeometric draws, which is what shuffling does to its counts, at a cost that does
    /// not grow with the number of trials; one with few trials to a place is dealt trial by trial.
    fn deal(&self, scattered: &[Option<Scattered>], random: &mut Xoshiro256PlusPlus) -> Sums {
        let mut sums = self.blank();
        for (lot, scattered) in self.lots.iter().zip(scattered) {
            if let Some(scattered) = scattered {
                scattered.deal(&mut sums[lot.term], random);
                continue;
            }
            let mut left: Vec<u64> = (0..lot.values.len())
                .map(|value| lot.counts.iter().map(|counts| counts[value]).sum())
                .collect();
            for (place, own) in lot.places.iter().zip(&lot.counts) {
                let dealt = draw(&mut left, own.iter().sum(), random);
                lot.add(&mut sums, *place, &dealt);
            }
        }
        let mut places: Vec<usize> = self.units.iter().map(|unit| unit.group).collect();
        places.shuffle(random);
        for (unit, group) in self.units.iter().zip(places) {
            unit.add(&mut sums, group);
        }
        sums
    }

    /// A statistic that is large where groups differ, against what it comes to in `deals` deals: the test, whose p-value
    /// counts the deal at hand as one more (Davison & Hinkley 1997, chapter 4; Phipson & Smyth 2010), and the mean of
    /// the deals with their percentiles.
    ///
    /// # Errors
    /// No value as it is, or none in more than one deal of twenty.
    pub fn test(
        &self,
        seed: u64,
        deals: usize,
        level: f64,
        statistic: impl Fn(&Sums) -> Option<f64> + Sync,
    ) -> Result<(TestResult, Estimate), Undefined> {
        let observed = statistic(&self.as_it_is())
            .ok_or_else(|| Undefined::new(Reason::NoCases, "a group without a case"))?;
        let scattered = self.scattered();
        let dealt: Vec<Option<f64>> = (0..deals as u64)
            .into_par_iter()
            .map(|deal| {
                let mut random = Xoshiro256PlusPlus::seed_from_u64(stream(seed, deal));
                statistic(&self.deal(&scattered, &mut random))
            })
            .collect();
        let mut values: Vec<f64> = dealt.into_iter().flatten().collect();
        if (deals - values.len()) * 20 > deals {
            let detail = format!("undefined in {} of {deals} deals", deals - values.len());
            return Err(Undefined::new(Reason::Unstable, detail));
        }
        // Sums that are equal on paper may differ in the last digits.
        let as_large = values
            .iter()
            .filter(|value| **value >= observed - 1e-12)
            .count();
        let test = TestResult {
            name: "permutation",
            statistic: observed,
            degrees_of_freedom: None,
            p: (as_large + 1) as f64 / (values.len() + 1) as f64,
            effect: None,
            others: Vec::new(),
        };
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let interval = match percentile(&mut values, level, Method::Permutation) {
            // Where deals cannot differ, that is what chance gives.
            Err(undefined) if undefined.reason == Reason::NoVariation => Interval {
                low: mean,
                high: mean,
                level,
                method: Method::Permutation,
                degrees_of_freedom: None,
            },
            other => other?,
        };
        Ok((
            test,
            Estimate {
                value: mean,
                interval,
                test: None,
            },
        ))
    }
}

impl Lot {
    fn trials(&self) -> usize {
        self.counts.iter().flatten().sum::<u64>() as usize
    }

    fn add(&self, sums: &mut Sums, (group, weight): (usize, f64), counts: &[u64]) {
        let sum = &mut sums[self.term][group];
        for (value, count) in self.values.iter().zip(counts) {
            sum.0 += value * weight * *count as f64;
            sum.1 += weight * *count as f64;
        }
    }
}

/// The trials of a lot, one by one. Most of them commonly have the same value, and which of the others lies where is all
/// that a deal decides.
struct Scattered {
    /// For each trial its group and what it weighs.
    trials: Vec<(usize, f64)>,
    /// By group: what it holds if all trials have the commonest value.
    common: Vec<Sum>,
    /// How far each of the other values lies from that.
    others: Vec<f64>,
}

impl Scattered {
    fn new(lot: &Lot, groups: usize) -> Self {
        let places = lot.places.iter().zip(&lot.counts);
        let trials: Vec<(usize, f64)> = places
            .flat_map(|(place, counts)| {
                std::iter::repeat_n(*place, counts.iter().sum::<u64>() as usize)
            })
            .collect();
        let values = lot.values.iter().enumerate();
        let counted: Vec<(f64, u64)> = values
            .map(|(value, worth)| {
                let times = lot.counts.iter().map(|counts| counts[value]).sum();
                (*worth, times)
            })
            .collect();
        let most = counted.iter().max_by_key(|(_, times)| *times);
        let commonest = most.map_or(0.0, |(worth, _)| *worth);
        let mut common = vec![(0.0, 0.0); groups];
        for (group, weight) in &trials {
            common[*group].0 += commonest * weight;
            common[*group].1 += weight;
        }
        let others = counted.iter().filter(|(worth, _)| *worth != commonest);
        Scattered {
            trials,
            common,
            others: others
                .flat_map(|(worth, times)| std::iter::repeat_n(worth - commonest, *times as usize))
                .collect(),
        }
    }

    /// Puts the other values into places at random.
    fn deal(&self, sums: &mut [Sum], random: &mut Xoshiro256PlusPlus) {
        for (sum, common) in sums.iter_mut().zip(&self.common) {
            *sum = (sum.0 + common.0, sum.1 + common.1);
        }
        let chosen = index::sample(random, self.trials.len(), self.others.len());
        for (trial, other) in chosen.into_iter().zip(&self.others) {
            let (group, weight) = self.trials[trial];
            sums[group].0 += other * weight;
        }
    }
}

impl Unit {
    fn add(&self, sums: &mut Sums, group: usize) {
        for (term, (value, trials)) in self.sums.iter().enumerate() {
            sums[term][group].0 += value;
            sums[term][group].1 += trials;
        }
    }
}

/// Takes `size` of what is left, by value.
fn draw(left: &mut [u64], size: u64, random: &mut Xoshiro256PlusPlus) -> Vec<u64> {
    let mut all: u64 = left.iter().sum();
    let mut size = size.min(all);
    left.iter_mut()
        .map(|of_value| {
            let drawn = hypergeometric::draw(all, *of_value, size, random);
            all -= *of_value;
            size -= drawn;
            *of_value -= drawn;
            drawn
        })
        .collect()
}
