//! Case weights: how many cases of the population a case of the sample stands for, and what a case is drawn with.
//!
//! Reading them from a column is left to `dataset`, estimating with them to `measure`.

/// What a case is drawn with, and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// The cluster that it depends on; `None` for a case that is independent of all others.
    pub cluster: Option<u32>,
    /// Its weight, in whole parts of the dataset's [`Weights`]; 1 where cases have none.
    pub weight: u32,
}

impl From<Option<u32>> for Unit {
    fn from(cluster: Option<u32>) -> Self {
        Unit { cluster, weight: 1 }
    }
}

/// The weights of the cases of a dataset, as whole numbers: tallies of them are integers, which merge in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights(Vec<u32>);

/// How many times the smallest weight the largest may be.
pub const WIDEST: f64 = 1e6;

/// The decimal places that the largest weight keeps.
const PLACES: f64 = 9.0;

impl Weights {
    /// Weights from positive finite numbers, the largest at most [`WIDEST`] times the smallest. `None` where all are the
    /// same: what is weighted equally is not weighted.
    ///
    /// Only ratios matter, so numbers are multiplied by the power of ten that brings the largest to between 10^8 and
    /// 10^9. Numbers of up to nine digits stay exact, and the smallest keeps at least two.
    pub fn new(numbers: &[f64]) -> Option<Weights> {
        let largest = numbers.iter().copied().fold(0.0, f64::max);
        if numbers.iter().all(|number| *number == largest) {
            return None;
        }
        let places = (PLACES - largest.log10().ceil()) as i32;
        let whole = |number: &f64| {
            // A power of ten is exact only above 1.
            let parts = if places < 0 {
                number / 10_f64.powi(-places)
            } else {
                number * 10_f64.powi(places)
            };
            parts.round().max(1.0) as u32
        };
        Some(Weights(numbers.iter().map(whole).collect()))
    }

    /// For each case its weight.
    pub fn parts(&self) -> &[u32] {
        &self.0
    }

    /// The largest over the smallest.
    pub fn ratio(&self) -> f64 {
        let ends = self.0.iter().min().zip(self.0.iter().max());
        ends.map_or(1.0, |(least, most)| f64::from(*most) / f64::from(*least))
    }

    /// How many cases of equal weight would tell as much about the population, were weights unrelated to what is
    /// measured: (sum of weights)² / sum of squares (Kish 1965, section 11.7).
    pub fn effective(&self) -> f64 {
        kish(self.0.iter().map(|weight| (u128::from(*weight), 1)))
    }
}

/// Kish's effective number of units with these weights, each occurring a number of times; 0 for none.
pub fn kish(weights: impl Iterator<Item = (u128, u64)>) -> f64 {
    let (mut sum, mut squares) = (0_u128, 0_u128);
    for (weight, times) in weights {
        sum += weight * u128::from(times);
        squares += weight * weight * u128::from(times);
    }
    if squares == 0 {
        return 0.0;
    }
    (sum as f64).powi(2) / squares as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ratios_matter_and_nine_digits_stay() {
        let numbers = [1.0, 2.5, 0.123_456_789, 3.0];
        let weights = Weights::new(&numbers).expect("they differ");
        assert_eq!(
            weights.parts(),
            [100_000_000, 250_000_000, 12_345_679, 300_000_000]
        );
        let tenfold = numbers.map(|number| number * 10.0);
        assert_eq!(Weights::new(&tenfold), Some(weights));
        let tiny = Weights::new(&[1e-15, 2e-15]).expect("they differ");
        let huge = Weights::new(&[1e15, 2e15]).expect("they differ");
        assert_eq!(tiny.parts(), [100_000_000, 200_000_000]);
        assert_eq!(huge, tiny);
        assert!(Weights::new(&[1.0, WIDEST]).expect("they differ").parts()[0] >= 100);
    }

    #[test]
    fn equal_weights_are_none() {
        assert_eq!(Weights::new(&[0.7; 5]), None);
        assert_eq!(Weights::new(&[]), None);
    }

    #[test]
    fn the_effective_number_is_that_of_kish() {
        // (1 + 1 + 2)² / (1 + 1 + 4)
        let weights = Weights::new(&[1.0, 1.0, 2.0]).expect("they differ");
        assert!((weights.effective() - 16.0 / 6.0).abs() < 1e-12);
        assert_eq!(kish([(5, 7)].into_iter()), 7.0);
        assert_eq!(kish(std::iter::empty()), 0.0);
    }
}
