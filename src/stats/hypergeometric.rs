//! Draws from the hypergeometric distribution: how many of some marked things are among those taken. Our own, because
//! `rand_distr` 0.5 draws from another distribution, and beyond its ends, for many parameters.

use rand::Rng;
use statrs::function::gamma::ln_gamma;

/// Up to this variance the probabilities are gone through one by one; above, a draw costs the same whatever the numbers.
const SMALL: f64 = 100.0;

/// How many of `marked` among `all` are among `taken` of them.
///
/// # Panics
/// Never for `marked` and `taken` up to `all`, which is what callers have.
pub fn draw(all: u64, marked: u64, taken: u64, random: &mut impl Rng) -> u64 {
    debug_assert!(marked <= all && taken <= all);
    // The rarer kind, and the smaller part: everything else follows.
    let rare = marked.min(all - marked);
    let part = taken.min(all - taken);
    let drawn = if rare == 0 || part == 0 {
        0
    } else {
        let table = Table {
            all: all as f64,
            rare: rare as f64,
            part: part as f64,
        };
        let drawn = if table.variance() < SMALL {
            table.by_inversion(random.random())
        } else {
            table.ratio_of_uniforms(random)
        };
        drawn as u64
    };
    let of_marked = if rare == marked { drawn } else { part - drawn };
    if part == taken {
        of_marked
    } else {
        marked - of_marked
    }
}

/// `part` are taken of `all`, of which `rare` are marked; neither is more than a half.
struct Table {
    all: f64,
    rare: f64,
    part: f64,
}

impl Table {
    fn variance(&self) -> f64 {
        let Table { all, rare, part } = self;
        part * (rare / all) * (1.0 - rare / all) * (all - part) / (all - 1.0)
    }

    fn mode(&self) -> f64 {
        ((self.part + 1.0) * (self.rare + 1.0) / (self.all + 2.0)).floor()
    }

    fn most(&self) -> f64 {
        self.rare.min(self.part)
    }

    /// Minus the logarithm of the probability of a number, up to a constant.
    fn rarity(&self, number: f64) -> f64 {
        ln_gamma(number + 1.0)
            + ln_gamma(self.rare - number + 1.0)
            + ln_gamma(self.part - number + 1.0)
            + ln_gamma(self.all - self.rare - self.part + number + 1.0)
    }

    /// The probability of a number over that of the next lower one.
    fn step(&self, number: f64) -> f64 {
        (self.rare - number + 1.0) * (self.part - number + 1.0)
            / (number * (self.all - self.rare - self.part + number))
    }

    /// Inversion that begins at the mode and goes to both sides in turn.
    fn by_inversion(&self, uniform: f64) -> f64 {
        let mode = self.mode();
        let constant = ln_gamma(self.rare + 1.0)
            + ln_gamma(self.all - self.rare + 1.0)
            + ln_gamma(self.part + 1.0)
            + ln_gamma(self.all - self.part + 1.0)
            - ln_gamma(self.all + 1.0);
        let at_mode = (constant - self.rarity(mode)).exp();
        let mut left = uniform - at_mode;
        let (mut below, mut above) = (mode, mode);
        let (mut p_below, mut p_above) = (at_mode, at_mode);
        while left > 0.0 && (below > 0.0 || above < self.most()) {
            if above < self.most() {
                above += 1.0;
                p_above *= self.step(above);
                left -= p_above;
                if left <= 0.0 {
                    return above;
                }
            }
            if below > 0.0 {
                p_below /= self.step(below);
                below -= 1.0;
                left -= p_below;
                if left <= 0.0 {
                    return below;
                }
            }
        }
        mode
    }

    /// Rejection from a rectangle around the region of the ratio of uniforms (algorithm HRUA of Stadlober 1990, "The
    /// ratio of uniforms approach for generating discrete random variates").
    fn ratio_of_uniforms(&self, random: &mut impl Rng) -> f64 {
        // 2 sqrt(2 / e) and 3 - 2 sqrt(3 / e).
        const SLOPE: f64 = 1.715_527_769_921_413_5;
        const SHIFT: f64 = 0.898_916_162_058_898_8;
        let centre = self.part * self.rare / self.all + 0.5;
        let deviation = (self.variance() + 0.5).sqrt();
        let width = SLOPE * deviation + SHIFT;
        let end = (self.most() + 1.0).min((centre + 16.0 * deviation).floor());
        let rarity = self.rarity(self.mode());
        loop {
            let x: f64 = random.random();
            let y: f64 = random.random();
            let place = centre + width * (y - 0.5) / x;
            if !(place >= 0.0 && place < end) {
                continue;
            }
            let number = place.floor();
            if 2.0 * x.ln() <= rarity - self.rarity(number) {
                return number;
            }
        }
    }
}
