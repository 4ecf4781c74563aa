//! Values that no case shows and that some might, added to those at hand, so that a rare large one has its weight.

use super::{Spread, Values};

/// Values that were not seen and might have been.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Supposed {
    /// What they weigh.
    pub(super) mass: f64,
    /// Their weighted sum.
    pub(super) sum: f64,
    /// The weighted sum of their squares.
    pub(super) squares: f64,
    /// Whether it did hold, or not hold, of some case.
    pub(super) seen: bool,
}

impl Values {
    /// Adds what a case would be worth if what was said of it held, or did not. How much several such values of one
    /// case weigh beside each other, and those of one case beside those of others, is for the caller to say.
    pub fn suppose(&mut self, holds: bool, mass: f64, value: f64) {
        let half = &mut self.supposed[usize::from(holds)];
        half.mass += mass;
        half.sum += mass * value;
        half.squares += mass * value * value;
    }

    /// Notes that what was said of a case held, or did not.
    pub fn saw(&mut self, holds: bool) {
        self.supposed[usize::from(holds)].seen = true;
    }

    /// The mean of values as [`Values::suppose`] has them, half of them held and half of them not, and that of their
    /// squares; `None` where none is known.
    pub(super) fn supposed(&self) -> Option<(f64, f64)> {
        let known = || self.supposed.iter().filter(|half| half.mass > 0.0);
        let halves = known().count() as f64;
        let over = |of: &dyn Fn(&Supposed) -> f64| known().map(|half| of(half) / half.mass).sum();
        let mean = |sum: f64| sum / halves;
        (halves > 0.0).then(|| {
            (
                mean(over(&|half| half.sum)),
                mean(over(&|half| half.squares)),
            )
        })
    }
}

/// What added values make of one mean.
#[derive(Clone)]
pub(super) struct Drawn {
    /// The mean with them.
    pub(super) mean: f64,
    /// The part of the values themselves in it.
    pub(super) share: f64,
    /// What they add to its variance, beside the square of that part times the variance of the values.
    pub(super) variance: f64,
}

impl Drawn {
    /// A mean of so many independent values with so many added ones, of which the mean and that of the squares is given.
    pub(super) fn new(mean: f64, worth: f64, number: f64, added: Option<(f64, f64)>) -> Self {
        let Some((added, squares)) = added else {
            return Drawn {
                mean,
                share: 1.0,
                variance: 0.0,
            };
        };
        let all = worth + number;
        let within = (squares - added.powi(2)).max(0.0);
        let apart = worth * number / all * (mean - added).powi(2);
        Drawn {
            mean: (worth * mean + number * added) / all,
            share: worth / all,
            variance: (number * within + apart) / all.powi(2),
        }
    }
}

/// Degrees of freedom of a sum of means that rest on different numbers of clusters (Satterthwaite 1946); those of a
/// single one are its own.
pub(super) fn satterthwaite(spreads: &[(f64, &Values, Spread)], drawn: &[Drawn]) -> f64 {
    if let [(_, _, spread)] = spreads {
        return spread.freedom;
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for ((weight, _, spread), drawn) in spreads.iter().zip(drawn) {
        let own = drawn.share.powi(2) * (spread.seen() + spread.unseen) + drawn.variance;
        let part = weight.powi(2) * own;
        sum += part;
        squares += part.powi(2) / spread.freedom;
    }
    match squares > 0.0 {
        true => sum.powi(2) / squares,
        // Nothing varies, and the fewest clusters decide.
        false => spreads
            .iter()
            .map(|(_, _, spread)| spread.freedom)
            .fold(f64::INFINITY, f64::min),
    }
}
