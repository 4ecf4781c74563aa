//! Dealing outcomes anew among groups: what a statistic of groups comes to where chance alone sets them apart.

use rand::SeedableRng;
use rand::seq::SliceRandom;
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

    /// One deal. A lot is dealt by hypergeometric draws, which is what shuffling does to its counts, at a cost that does
    /// not grow with the number of trials.
    fn deal(&self, random: &mut Xoshiro256PlusPlus) -> Sums {
        let mut sums = self.blank();
        for lot in &self.lots {
            // Places of a few trials each, which weights make, are cheaper filled one by one.
            if lot.places.len() > self.groups && lot.places.len() * 4 > lot.trials() {
                lot.scatter(&mut sums, random);
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
        let dealt: Vec<Option<f64>> = (0..deals as u64)
            .into_par_iter()
            .map(|deal| {
                let mut random = Xoshiro256PlusPlus::seed_from_u64(stream(seed, deal));
                statistic(&self.deal(&mut random))
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

    /// Deals values to places by shuffling them.
    fn scatter(&self, sums: &mut Sums, random: &mut Xoshiro256PlusPlus) {
        let mut values = Vec::with_capacity(self.trials());
        for counts in &self.counts {
            for (value, count) in self.values.iter().zip(counts) {
                values.extend(std::iter::repeat_n(*value, *count as usize));
            }
        }
        values.shuffle(random);
        let mut dealt = values.into_iter();
        for ((group, weight), counts) in self.places.iter().zip(&self.counts) {
            let own = counts.iter().sum::<u64>() as usize;
            let sum = &mut sums[self.term][*group];
            for value in dealt.by_ref().take(own) {
                sum.0 += value * weight;
                sum.1 += weight;
            }
        }
    }

    fn add(&self, sums: &mut Sums, (group, weight): (usize, f64), counts: &[u64]) {
        let sum = &mut sums[self.term][group];
        for (value, count) in self.values.iter().zip(counts) {
            sum.0 += value * weight * *count as f64;
            sum.1 += weight * *count as f64;
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
