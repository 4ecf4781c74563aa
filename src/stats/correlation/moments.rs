//! Moments of weighted pairs of numbers or ranks, and what single pairs do to correlations.

use std::borrow::Cow;

use super::{Kind, Pairs};

/// What the correlations of one sample are computed from, cases having the given weights.
pub(super) struct Moments {
    means: [f64; 2],
    variances: [f64; 2],
    covariance: f64,
}

/// Pairs ready to be correlated under changing weights.
pub(super) struct Sample<'a> {
    pairs: &'a Pairs,
    kind: Kind,
    /// For ranks: the places of both sides in ascending order.
    orders: Option<[Vec<usize>; 2]>,
}

impl<'a> Sample<'a> {
    pub(super) fn new(pairs: &'a Pairs, kind: Kind) -> Self {
        let order = |numbers: &[f64]| {
            let mut order: Vec<usize> = (0..numbers.len()).collect();
            order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
            order
        };
        let orders = (kind == Kind::Rank).then(|| [order(&pairs.gold), order(&pairs.answers)]);
        Sample {
            pairs,
            kind,
            orders,
        }
    }

    /// What is correlated: the numbers, or their ranks.
    fn sides(&self, weights: &[f64]) -> [Cow<'_, [f64]>; 2] {
        let (gold, answers) = (&self.pairs.gold, &self.pairs.answers);
        match &self.orders {
            None => [Cow::Borrowed(gold), Cow::Borrowed(answers)],
            Some([one, two]) => [
                Cow::Owned(ranks(gold, one, weights)),
                Cow::Owned(ranks(answers, two, weights)),
            ],
        }
    }

    /// What a pair more of each kind does to a correlation, for its share of all weights: its influence function (Devlin,
    /// Gnanadesikan & Kettenring 1975; for concordance that of a ratio of moments), in which ranks are taken as they are.
    pub(super) fn influences(&self, weights: &[f64], value: f64) -> Vec<f64> {
        let [x, y] = self.sides(weights);
        let moments = Moments::new(&x, &y, weights);
        let ([sx, sy], shift) = (moments.variances, moments.means[0] - moments.means[1]);
        let of_pair = |(x, y): (&f64, &f64)| {
            let (dx, dy) = (x - moments.means[0], y - moments.means[1]);
            match self.kind {
                Kind::Product | Kind::Rank => {
                    dx * dy / (sx * sy).sqrt() - value / 2.0 * (dx * dx / sx + dy * dy / sy)
                }
                Kind::Concordance => {
                    let above = 2.0 * (dx * dy - moments.covariance);
                    let below = dx * dx - sx + dy * dy - sy + 2.0 * shift * (dx - dy);
                    (above - value * below) / (sx + sy + shift * shift)
                }
            }
        };
        x.iter().zip(y.iter()).map(of_pair).collect()
    }

    /// The correlation without each of the pairs, ranks being those among all; `None` where a side does not vary then.
    pub(super) fn without_each(&self, weights: &[f64]) -> Vec<Option<f64>> {
        let [x, y] = self.sides(weights);
        let all = Moments::new(&x, &y, weights);
        let total: f64 = weights.iter().sum();
        let without = |((x, y), weight): ((&f64, &f64), &f64)| {
            let rest = all.without(total, *weight, (*x, *y));
            let sides = rest.variances.iter().zip(&all.variances);
            let vary = sides.into_iter().all(|(rest, all)| *rest > 1e-12 * all);
            rest.correlation(self.kind).filter(|_| vary)
        };
        x.iter().zip(y.iter()).zip(weights).map(without).collect()
    }

    /// `None` where a side does not vary among the pairs that have weight.
    pub(super) fn correlation(&self, weights: &[f64]) -> Option<f64> {
        let [gold, answers] = self.sides(weights);
        Moments::new(&gold, &answers, weights).correlation(self.kind)
    }
}

/// Ranks of numbers that occur as often as their weights say; equal numbers have the mean of theirs.
fn ranks(numbers: &[f64], order: &[usize], weights: &[f64]) -> Vec<f64> {
    let mut ranks = vec![0.0; numbers.len()];
    let mut before = 0.0;
    for equal in order.chunk_by(|a, b| numbers[*a] == numbers[*b]) {
        let times: f64 = equal.iter().map(|place| weights[*place]).sum();
        for place in equal {
            ranks[*place] = before + (times + 1.0) / 2.0;
        }
        before += times;
    }
    ranks
}

impl Moments {
    pub(super) fn new(x: &[f64], y: &[f64], weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mean = |of: &dyn Fn(usize) -> f64| {
            let sum: f64 = weights
                .iter()
                .enumerate()
                .map(|(place, weight)| weight * of(place))
                .sum();
            sum / total
        };
        let means = [mean(&|place| x[place]), mean(&|place| y[place])];
        let dx = |place: usize| x[place] - means[0];
        let dy = |place: usize| y[place] - means[1];
        Moments {
            means,
            variances: [
                mean(&|place| dx(place) * dx(place)),
                mean(&|place| dy(place) * dy(place)),
            ],
            covariance: mean(&|place| dx(place) * dy(place)),
        }
    }

    /// The moments without a pair of a certain weight, of a sample of a certain total weight.
    fn without(&self, total: f64, weight: f64, (x, y): (f64, f64)) -> Moments {
        let (dx, dy) = (x - self.means[0], y - self.means[1]);
        let rest = total - weight;
        let share = weight / rest;
        // With deviations from the means of all, nothing large cancels.
        let moment = |all: f64, own: f64| (total * all - weight * own * total / rest) / rest;
        Moments {
            means: [self.means[0] - share * dx, self.means[1] - share * dy],
            variances: [
                moment(self.variances[0], dx * dx),
                moment(self.variances[1], dy * dy),
            ],
            covariance: moment(self.covariance, dx * dy),
        }
    }

    /// `None` where a side does not vary, but for rounding.
    fn correlation(&self, kind: Kind) -> Option<f64> {
        let [x, y] = self.variances;
        // Written so that no weight at all, which makes every moment NaN, has no value either.
        if !(x > 0.0 && y > 0.0) {
            return None;
        }
        Some(match kind {
            Kind::Product | Kind::Rank => self.product(),
            Kind::Concordance => self.concordance(),
        })
    }

    fn product(&self) -> f64 {
        let [x, y] = self.variances;
        (self.covariance / (x.sqrt() * y.sqrt())).clamp(-1.0, 1.0)
    }

    /// How far shift and scale allow the concordance to be the correlation (Lin's bias correction factor).
    fn accuracy(&self) -> f64 {
        let ([x, y], shift) = (self.variances, self.means[0] - self.means[1]);
        2.0 * x.sqrt() * y.sqrt() / (x + y + shift * shift)
    }

    fn concordance(&self) -> f64 {
        self.product() * self.accuracy()
    }

    /// The variance of the z of concordance, times the number of pairs less two. Lin writes it with concordance over
    /// correlation, which is the accuracy and has a value where the correlation is 0.
    pub(super) fn variance_of_concordance(&self) -> f64 {
        let ([x, y], shift) = (self.variances, self.means[0] - self.means[1]);
        let (r, c, accuracy) = (self.product(), self.concordance(), self.accuracy());
        let u2 = shift * shift / (x.sqrt() * y.sqrt());
        let free = 1.0 - c * c;
        (1.0 - r * r) * accuracy.powi(2) / free
            + 2.0 * c * c * (1.0 - c) * accuracy * u2 / free.powi(2)
            - c * c * (accuracy * u2).powi(2) / (2.0 * free.powi(2))
    }
}
