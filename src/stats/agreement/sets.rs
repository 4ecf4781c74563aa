//! Sets of labels that were given, and how far they are apart.

use crate::stats::{Reason, Undefined};

/// Different sets of labels, as bits, in order, with the distance of any two by MASI (Passonneau 2006, as it is, not
/// squared).
#[derive(Clone, Debug)]
pub struct LabelSets {
    sets: Vec<u64>,
    /// Row by row.
    distances: Vec<Vec<f64>>,
}

impl LabelSets {
    /// The different ones of these.
    pub fn new(given: impl Iterator<Item = u64>) -> Self {
        let mut sets: Vec<u64> = given.collect();
        sets.sort_unstable();
        sets.dedup();
        let row = |one: &u64| {
            sets.iter()
                .map(|other| masi_distance(*one, *other))
                .collect()
        };
        LabelSets {
            distances: sets.iter().map(row).collect(),
            sets,
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.sets.len()
    }

    /// The place of one of them.
    pub fn place(&self, set: u64) -> usize {
        self.sets.partition_point(|known| *known < set)
    }

    /// How far two are apart, by their places.
    pub fn distance(&self, one: usize, other: usize) -> f64 {
        self.distances[one][other]
    }

    /// The sum of the distances of all ordered pairs of sets, each given so many times.
    ///
    /// # Errors
    /// All of the same set, which chance alone makes agree.
    pub fn by_chance(&self, given: &[f64]) -> Result<f64, Undefined> {
        let times = given.iter().copied().enumerate();
        let shown: Vec<(usize, f64)> = times.filter(|(_, times)| *times > 0.0).collect();
        let mut by_chance = 0.0;
        for (place, (one, times)) in shown.iter().enumerate() {
            // Each pair of sets stands for both of its orders.
            let others = shown[..place]
                .iter()
                .map(|(other, others)| self.distances[*one][*other] * others);
            by_chance += 2.0 * times * others.sum::<f64>();
        }
        if by_chance == 0.0 {
            let detail = "only one set of labels was given, so chance alone agrees";
            return Err(Undefined::new(Reason::NoVariation, detail));
        }
        Ok(by_chance)
    }
}

/// How far two sets are apart, as bits: 1 less their overlap (Jaccard 1901) times 1 where they are the same, 2/3 where one
/// holds the other, 1/3 where they share something, else 0 (Measuring Agreement on Set-valued Items, Passonneau 2006).
/// Empty sets are the same.
pub fn masi_distance(one: u64, other: u64) -> f64 {
    let (both, either) = (one & other, one | other);
    if either == 0 {
        return 0.0;
    }
    let overlap = f64::from(both.count_ones()) / f64::from(either.count_ones());
    let monotone = if one == other {
        1.0
    } else if both == one || both == other {
        2.0 / 3.0
    } else if both != 0 {
        1.0 / 3.0
    } else {
        0.0
    };
    1.0 - overlap * monotone
}
