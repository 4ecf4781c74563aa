//! Weighted sums of shares, whose interval stays honest at the edges, for few clusters, and where the shares are
//! counted on the same cases.

use super::interval::{mover, paired_mover, two_sided_z, wilson};
use super::koopman::{koopman, zero_denominator};
use super::worth::{Worth, effective_trials};
use super::{Estimate, Interval, Method, Reason, Undefined};

/// The mean of values between 0 and 1 (a proportion, where they are 0 and 1), and its weight in a sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Weight in the sum, of either sign.
    pub weight: f64,
    /// How many values; where they weigh differently, how many of equal weight they are worth (Kish 1965).
    pub trials: f64,
    /// What they weigh together: as much as there are, where they weigh the same.
    pub total: f64,
    /// Their mean.
    pub mean: f64,
    /// The mean of their squares; for a proportion the same as the mean.
    pub mean_square: f64,
    /// How many clusters of equal size those that hold a value are worth (Kish 1965); as many as values, where these are
    /// independent.
    pub clusters: f64,
    /// How many clusters of equal weight they are worth; as many as there are, where values weigh the same.
    pub equal_clusters: f64,
}

/// How values hang together, within a share and between shares: what clusters contribute to the sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clustering {
    /// How many clusters of equal size those that hold a value of any share are worth.
    pub clusters: f64,
    /// Sum over clusters of the square of their influence: the sum over shares of
    /// [`Share::influence`] x (value - mean).
    pub squares: f64,
    /// Degrees of freedom that the tails of these influences leave to their variance (O'Neill 2014), infinite where there
    /// are no clusters: few, where some clusters are read quite otherwise than the rest.
    pub freedom: f64,
    /// Where two shares are counted on different cases of the same clusters, as of translations of one sentence.
    pub pairing: Option<Pairing>,
}

/// Two shares of the same clusters: the parts that [`Clustering::squares`] is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pairing {
    /// For each share by itself, the sum over clusters of the square of their influence.
    pub squares: [f64; 2],
    /// Sum over clusters of the product of their influences on the two shares.
    pub product: f64,
}

/// A constant plus a weighted sum of shares with its interval.
///
/// One share gets Wilson's interval, the difference of two Newcombe's; two with other weights are combined by MOVER
/// (Zou & Donner 2008). Three and more get the interval of Price & Bonett (2004), which adds z² / m values, half of
/// them 1, to each of m shares: limits of single shares, squared and summed, would be far too skewed. Of many shares
/// most are counted on a few cases, which show next to nothing of how they vary: the variance of each is drawn to that
/// of the shares on its side of the sum taken together, see `moderated`.
///
/// Where values hang together, one design effect holds for the whole sum: its variance over clusters, linearised
/// (Binder 1983), over the variance that independent values would have. It divides the numbers of trials as in Rao &
/// Scott (1992), and is never taken below 1. Few clusters show their own spread badly: the residuals of a share from g
/// clusters are enlarged by g / (g - 1), and trials are divided by (t / z)² (Korn & Graubard 1998), with Welch's degrees of
/// freedom, at most G - 1. Clusters of unequal sizes show it worse than as many equal ones, since the largest decide: they
/// are worth Kish's number of equal ones (1965), which has the part of the effective number of clusters of Carter,
/// Schnepel & Steigerwald (2017). A share from one cluster is one trial, several of them are together no more than there are
/// clusters, and where no share shows any spread each cluster is one. Several shares of one cluster are undefined: it does
/// not show how they vary together.
///
/// Where some clusters are read quite otherwise than the rest, the spread of the few that were drawn shows theirs badly, too:
/// it has no more degrees of freedom than the kurtosis of what clusters do leaves (O'Neill 2014). The worst that
/// clusters can do is to be all right or all wrong, each like one case, so that no share is worth less than that for
/// its tails. Fewer than six clusters do not show how alike they are inside, and count so from the start.
///
/// Values that weigh differently are worth fewer trials (Kish 1965, section 11.7), and each is a cluster of its own where
/// it is in no other. Since the design effect never falls below 1, a sum is worth no more than its weights let it be, nor
/// more than its linearised variance does, which counts what weights have to do with values (Korn & Graubard 1998).
///
/// Where two shares rise and fall with the same clusters, and the sum sets one against the other, each has a design
/// effect of its own, and their correlation narrows the interval: Newcombe (1998) for paired proportions, in the form
/// of Zou (2007), with the correlation of the clusters' influences and of two clusters that are added.
///
/// # Errors
/// A share without trials, several shares of one cluster, or a level that is not between 0 and 1.
pub fn weighted_sum(
    constant: f64,
    shares: &[Share],
    clustering: Option<Clustering>,
    level: f64,
) -> Result<Estimate, Undefined> {
    let z = two_sided_z(level)?;
    if shares.is_empty() || shares.iter().any(|share| share.trials <= 0.0) {
        return Err(Undefined::new(
            Reason::NoCases,
            "no case that it could be counted on",
        ));
    }
    if shares.len() > 1 && clustering.is_some_and(|clustering| clustering.clusters <= 1.0) {
        let detail = "one cluster shows no spread";
        return Err(Undefined::new(Reason::TooFewCases, detail));
    }
    let worth = effective_trials(shares, clustering, level, z);
    let effective = &worth.trials;
    let paired = clustering
        .and_then(|clustering| clustering.pairing)
        .filter(|pairing| pairing.product < 0.0 && shares.len() == 2);
    let limits = if let Some(pairing) = paired {
        hybrid(shares, effective, pairing.correlation(shares), level)?
    } else if shares.len() > 2 {
        let (centre, variance) = moderated(shares, effective, Added::halves(z, shares.len()), z);
        let half = z * variance.sqrt();
        (centre - half, centre + half)
    } else {
        hybrid(shares, effective, 0.0, level)?
    };
    let value: f64 = shares.iter().map(|share| share.weight * share.mean).sum();
    let least: f64 = shares.iter().map(|share| share.weight.min(0.0)).sum();
    let most: f64 = shares.iter().map(|share| share.weight.max(0.0)).sum();
    Ok(Estimate {
        value: constant + value,
        interval: Interval {
            low: constant + limits.0.max(least).min(value),
            high: constant + limits.1.min(most).max(value),
            level,
            method: method(constant, shares),
            degrees_of_freedom: worth.degrees_of_freedom,
        },
        test: None,
    })
}

/// The first share over the second with Koopman's interval. Where values hang together, the numbers of trials are
/// those that the sum of the shares is worth: with the weights 1 and -ratio it is the ratio, linearised.
///
/// # Errors
/// A share without trials, a second share of 0, or a level that is not between 0 and 1.
pub fn ratio(
    shares: &[Share; 2],
    clustering: Option<Clustering>,
    level: f64,
) -> Result<Estimate, Undefined> {
    let z = two_sided_z(level)?;
    let [first, second] = shares;
    if second.mean <= 0.0 {
        return Err(zero_denominator());
    }
    let Worth {
        trials,
        degrees_of_freedom,
    } = effective_trials(shares, clustering, level, z);
    let counted = |share: &Share, trials: f64| ((share.mean * trials).min(trials), trials);
    let interval = koopman(counted(first, trials[0]), counted(second, trials[1]), level)?;
    let value = first.mean / second.mean;
    Ok(Estimate {
        value,
        interval: Interval {
            low: interval.low.min(value),
            high: interval.high.max(value),
            degrees_of_freedom,
            ..interval
        },
        test: None,
    })
}

fn method(constant: f64, shares: &[Share]) -> Method {
    match shares {
        [share] if share.weight == 1.0 && constant == 0.0 => Method::Wilson,
        [first, second] if first.weight == -second.weight => Method::Newcombe,
        [_] | [_, _] => Method::Mover,
        _ => Method::PriceBonett,
    }
}

impl Pairing {
    /// The correlation of what clusters do to the two shares, from -1 to 0 where these are set against each other.
    ///
    /// Two clusters are added, one in which only the values of the first share are 1 and one in which only those of the
    /// second are, as Bonett & Price (2012) add two cases: clusters that never differed, of which there may be few, do not
    /// show that none does, and of two clusters the influences are always correlated in full.
    fn correlation(&self, shares: &[Share]) -> f64 {
        let clusters = shares
            .iter()
            .map(|share| share.equal_clusters)
            .fold(f64::INFINITY, f64::min);
        // A value of 1 or 0 lies half of the way from the middle.
        let part = |share: &Share| share.weight.abs() / clusters / 2.0;
        let (first, second) = (part(&shares[0]), part(&shares[1]));
        let squares = [
            self.squares[0] + 2.0 * first * first,
            self.squares[1] + 2.0 * second * second,
        ];
        let product = self.product + 2.0 * first * second;
        (product / (squares[0] * squares[1]).sqrt()).clamp(-1.0, 0.0)
    }
}

impl Share {
    /// What a value adds to the sum for each unit of weight and above the mean, enlarged where clusters are few; 0 for a share from
    /// one cluster, which shows no spread between clusters.
    pub fn influence(&self) -> f64 {
        if self.clusters <= 1.0 {
            return 0.0;
        }
        let enlarged = (self.clusters / (self.clusters - 1.0)).sqrt();
        self.weight / self.total * enlarged
    }

    /// What it adds to the variance of the sum, were its values independent.
    pub(super) fn variance(&self) -> f64 {
        self.weight.powi(2) * (self.mean_square - self.mean.powi(2)).max(0.0) / self.trials
    }
}

/// One share or two, by Wilson's limits.
fn hybrid(
    shares: &[Share],
    effective: &[f64],
    correlation: f64,
    level: f64,
) -> Result<(f64, f64), Undefined> {
    let mut terms = Vec::new();
    for (share, trials) in shares.iter().zip(effective) {
        // A mean of ones must not end above their number by a rounding error.
        let limits = wilson((share.mean * trials).min(*trials), *trials, level)?;
        terms.push((share.weight, share.mean, limits.low, limits.high));
    }
    let (_, low, high) = match <[_; 2]>::try_from(terms.as_slice()) {
        Ok(two) => paired_mover(&two, correlation),
        Err(_) => mover(&terms),
    };
    Ok((low, high))
}

/// Values that are added to each share, so that no share is beyond doubt.
#[derive(Clone, Copy)]
pub(super) struct Added {
    /// How many.
    pub(super) values: f64,
    /// Their mean.
    pub(super) mean: f64,
    /// The mean of their squares.
    pub(super) mean_square: f64,
}

impl Added {
    /// z² in all, half of them 1 and half of them 0 (Price & Bonett 2004).
    fn halves(z: f64, shares: usize) -> Self {
        Added {
            values: z * z / shares as f64,
            mean: 0.5,
            mean_square: 0.5,
        }
    }
}

/// The sum with added values, and its variance.
///
/// The added values of one share become few where shares are many, and the variance of a share of one case comes to
/// nothing, whatever it is. So each is drawn to the variance of the values of all shares on the same side of the sum, as
/// if z² degrees of freedom spoke for that (the moderated variance of Smyth 2004), beside its own trials less 1. That of
/// all is taken about their common mean, each share counting as much as it does in the variance of the sum. It is no
/// smaller than theirs, so that shares that differ make the interval wider and never narrower: the collapsed strata of
/// surveys that draw one unit from each (Cochran 1977, section 5A.12).
pub(super) fn moderated(shares: &[Share], effective: &[f64], added: Added, z: f64) -> (f64, f64) {
    let with_added = |share: &Share, trials: f64| {
        let enlarged = trials + added.values;
        let mean = (share.mean * trials + added.values * added.mean) / enlarged;
        let squares = share.mean_square * trials + added.values * added.mean_square;
        (enlarged, mean, squares / enlarged)
    };
    let prior = z * z;
    let (mut centre, mut variance) = (0.0, 0.0);
    for negative in [false, true] {
        let terms = shares.iter().zip(effective);
        let terms = terms.filter(|(share, _)| (share.weight < 0.0) == negative);
        let (mut parts, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for (share, trials) in terms.clone() {
            let (enlarged, mean, mean_square) = with_added(share, *trials);
            let part = share.weight.powi(2) / enlarged;
            parts += part;
            sum += part * mean;
            squares += part * mean_square;
        }
        if parts <= 0.0 {
            continue;
        }
        let of_all = squares / parts - (sum / parts).powi(2);
        for (share, trials) in terms {
            let (enlarged, mean, mean_square) = with_added(share, *trials);
            let freedom = (trials - 1.0).max(0.0);
            let own = mean_square - mean * mean;
            let drawn = (prior * of_all + freedom * own) / (prior + freedom);
            centre += share.weight * mean;
            variance += share.weight.powi(2) * drawn.max(0.0) / enlarged;
        }
    }
    (centre, variance)
}
