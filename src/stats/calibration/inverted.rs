//! Limits of means of squared distances by inverting a test: which distances would not make what was seen a surprise?

use super::Bin;

/// How far bins lie from something, in squares weighted by their share of the cases.
pub(super) struct Distances {
    /// Mean square, as it was seen.
    pub(super) seen: f64,
    bins: Vec<Distance>,
}

/// One bin.
struct Distance {
    /// Its share of the cases.
    part: f64,
    /// What its cases are worth.
    worth: f64,
    /// The share that came true.
    share: f64,
    /// The same of its neighbours and it together.
    smooth: f64,
    /// What the share is held against.
    against: f64,
    /// Where the distance lies, of length 1 over all bins.
    direction: f64,
}

impl Distances {
    /// Of the share that came true in each bin from what `against` says of it. `added` is the variance of a case that is
    /// added to that of each bin.
    ///
    /// The direction is that of the distances, each enlarged by its own error: a bin that lies close by chance counts as
    /// one that might not.
    pub(super) fn new(bins: &[Bin], against: impl Fn(&Bin) -> f64, added: f64) -> Self {
        let all: u64 = bins.iter().map(|bin| bin.cases).sum();
        let share = |bins: &[Bin]| {
            let cases: u64 = bins.iter().map(|bin| bin.cases).sum();
            let right: u64 = bins.iter().map(|bin| bin.right).sum();
            right as f64 / cases.max(1) as f64
        };
        let of_bin = |(place, bin): (usize, &Bin)| {
            let near = &bins[place.saturating_sub(1)..(place + 2).min(bins.len())];
            let counts = bin.worth > 1.0;
            let mut distance = Distance {
                part: if counts {
                    bin.cases as f64 / all as f64
                } else {
                    0.0
                },
                worth: bin.worth.max(1.0),
                share: share(std::slice::from_ref(bin)),
                smooth: share(near),
                against: against(bin),
                direction: 0.0,
            };
            let (away, error) = (
                distance.share - distance.against,
                (variance(distance.smooth) + added) / distance.worth,
            );
            distance.direction = (away * away + error).sqrt().copysign(away);
            distance
        };
        let mut bins: Vec<Distance> = bins.iter().enumerate().map(of_bin).collect();
        let mean = |of: &dyn Fn(&Distance) -> f64| -> f64 {
            bins.iter().map(|bin| bin.part * of(bin)).sum()
        };
        let seen = mean(&|bin| (bin.share - bin.against).powi(2));
        let length = mean(&|bin| bin.direction.powi(2)).sqrt();
        for bin in &mut bins {
            bin.direction /= length;
        }
        Distances { seen, bins }
    }

    /// What moving the share of each bin, and all that it is held against by `moved`, adds to a mean square of t²: 2 t
    /// times the first number, and the second; and what other parts of the bins add, t² times the third.
    pub(super) fn added(&self, recounted: &[Bin], moved: f64) -> [f64; 3] {
        let all: u64 = recounted.iter().map(|bin| bin.cases).sum();
        let (mut linear, mut square, mut parts) = (0.0, 0.0, -1.0);
        for (bin, drawn) in self
            .bins
            .iter()
            .zip(recounted)
            .filter(|(_, drawn)| drawn.cases > 0)
        {
            let by = drawn.right as f64 / drawn.cases as f64 - bin.share - moved;
            linear += bin.part * bin.direction * by;
            square += bin.part * by * by;
            if bin.part > 0.0 {
                parts += drawn.cases as f64 / all as f64 * bin.direction.powi(2);
            }
        }
        [linear, square, parts]
    }

    /// How much more than in the sample chance adds where the root of the mean square is t: to the linear part, and to
    /// the square one; never less.
    fn enlarged(&self, t: f64, added: f64) -> (f64, f64) {
        let times = if self.seen > 0.0 {
            t / self.seen.sqrt()
        } else {
            1.0
        };
        let (mut linear, mut square) = ([0.0; 2], [0.0; 2]);
        for bin in &self.bins {
            let there = bin.against + (bin.smooth - bin.against) * times;
            let variances = [variance(there.clamp(0.0, 1.0)) + added, variance(bin.share)];
            for (place, variance) in variances.into_iter().enumerate() {
                linear[place] += bin.part * bin.direction.powi(2) * variance;
                square[place] += bin.part * variance / bin.worth;
            }
        }
        let ratio = |[more, less]: [f64; 2]| {
            if less > 0.0 {
                (more / less).max(1.0)
            } else {
                1.0
            }
        };
        (ratio(linear).sqrt(), ratio(square))
    }

    /// The limits of the mean square, from what replicates add (see [`Distances::added`]), with this probability beyond
    /// each. Deviations are stretched by a factor.
    pub(super) fn limits(
        &self,
        drawn: &[[f64; 3]],
        stretch: f64,
        added: f64,
        tail: f64,
    ) -> (f64, f64) {
        let share_below = |t: f64, seen: f64| {
            let (linear, square) = self.enlarged(t, added);
            let below = drawn.iter().filter(|[one, two, parts]| {
                let by_chance = 2.0 * t * linear * stretch * one + square * stretch * stretch * two;
                t * t * (1.0 + stretch * parts).max(0.0) + by_chance <= seen
            });
            below.count() as f64 / drawn.len() as f64
        };
        let mean = drawn.iter().map(|[_, two, _]| two).sum::<f64>() / drawn.len() as f64;
        let root = self.seen.sqrt();
        let low = if share_below(0.0, self.seen) <= 1.0 - tail {
            0.0
        } else {
            bisect(root, |t| share_below(t, self.seen) > 1.0 - tail)
        };
        // Less than chance alone adds says no more than as much.
        let chance = self.enlarged(root, added).1 * stretch * stretch * mean;
        let high = bisect(1.0, |t| share_below(t, self.seen.max(chance)) > tail);
        (low * low, high * high)
    }
}

fn variance(share: f64) -> f64 {
    share * (1.0 - share)
}

/// Where something stops being so, from 0, where it is, to `most`.
fn bisect(most: f64, is: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, most);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if is(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: [u64; 4] = [40, 50, 60, 50];
    const STATED: [f64; 4] = [0.55, 0.7, 0.85, 0.97];

    fn bins(right: [u64; 4]) -> Vec<Bin> {
        let bins = CASES.into_iter().zip(STATED).zip(right);
        bins.map(|((cases, stated), right)| Bin {
            cases,
            stated,
            right,
            worth: cases as f64,
        })
        .collect()
    }

    fn share(bins: &[Bin]) -> f64 {
        let sum = |of: fn(&Bin) -> u64| bins.iter().map(of).sum::<u64>() as f64;
        sum(|bin| bin.right) / sum(|bin| bin.cases)
    }

    /// tests/oracles/inverted.py, on a grid of 1e-5.
    #[test]
    fn limits_are_those_of_a_grid() {
        let overconfident = [18, 28, 40, 38];
        for (right, resolution, theirs) in [
            (
                overconfident,
                false,
                [0.028008333333, 0.0075394489, 0.0662135824],
            ),
            ([22, 35, 51, 48], false, [0.000025, 0.0, 0.0168324676]),
            ([30, 44, 57, 50], false, [0.019325, 0.0, 0.0446645956]),
            (overconfident, true, [0.012233333333, 0.0, 0.0295633636]),
        ] {
            let bins = bins(right);
            let in_all = share(&bins);
            let against = |bin: &Bin| if resolution { in_all } else { bin.stated };
            let distances = Distances::new(&bins, against, 0.01);
            let drawn: Vec<[f64; 3]> = (0..200_i64)
                .map(|draw| {
                    let mut recounted = bins.clone();
                    for (bin, place) in recounted.iter_mut().zip(3..) {
                        let shift = (draw * place * 7 + draw / 11) % 11 - 5;
                        bin.cases =
                            (bin.cases as i64 + (draw * (place + 2) * 3 + draw / 7) % 9 - 4) as u64;
                        bin.right = (bin.right as i64 + shift).clamp(0, bin.cases as i64) as u64;
                    }
                    let moved = if resolution {
                        share(&recounted) - in_all
                    } else {
                        0.0
                    };
                    distances.added(&recounted, moved)
                })
                .collect();
            let (low, high) = distances.limits(&drawn, 1.1, 0.01, 0.025);
            for (ours, theirs) in [distances.seen, low, high].into_iter().zip(theirs) {
                let apart = (ours.sqrt() - f64::sqrt(theirs)).abs();
                assert!(apart < 1.1e-5, "{right:?}: {ours} is not {theirs}");
            }
        }
    }
}
