//! How many independent trials the shares of a sum are worth, where values hang together.

use super::distribution::student_quantile;
use super::sum::{Clustering, Share};

/// The degrees of freedom below which clusters do not show how alike they are inside: between those of five clusters and
/// those of six.
pub(super) const FEW: f64 = 4.5;

/// The degrees of freedom of a sum whose shares rest on different numbers of clusters (Welch 1938; Satterthwaite 1946):
/// a share in two clusters that decides about the sum leaves one, however many clusters the others have. Each share's
/// part in the variance is guessed from its mean, drawn to the middle by a cluster of ones and one of zeros, since its
/// own spread over few clusters may by chance be nothing.
fn degrees_of_freedom(shares: &[Share]) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for share in shares.iter().filter(|share| share.clusters > 1.0) {
        let drawn = |mean: f64| (mean * share.clusters + 1.0) / (share.clusters + 2.0);
        let spread = drawn(share.mean_square) - drawn(share.mean).powi(2);
        let variance = share.weight.powi(2) * spread / share.clusters;
        sum += variance;
        // Two clusters leave one, of whatever sizes.
        squares += variance.powi(2) / (share.clusters - 1.0).max(1.0);
    }
    if squares > 0.0 {
        sum.powi(2) / squares
    } else {
        0.0
    }
}

/// What shares are worth.
pub(super) struct Worth {
    /// For each share the number of independent trials.
    pub(super) trials: Vec<f64>,
    /// The degrees of freedom that few clusters leave, for which trials were taken off; `None` where none were.
    pub(super) degrees_of_freedom: Option<f64>,
}

/// For each share the number of independent trials that it is worth.
pub(super) fn effective_trials(
    shares: &[Share],
    clustering: Option<Clustering>,
    level: f64,
    z: f64,
) -> Worth {
    let Some(Clustering {
        clusters,
        squares,
        freedom: tails,
        pairing,
    }) = clustering
    else {
        return Worth {
            trials: shares.iter().map(|share| share.trials).collect(),
            degrees_of_freedom: None,
        };
    };
    let freedom = degrees_of_freedom(shares);
    // Many shares may come from one cluster each, and all of these be one.
    let singles = shares.iter().filter(|share| share.clusters <= 1.0).count();
    let single = (clusters / singles as f64).min(1.0);
    if freedom <= 0.0 || clusters <= 1.0 {
        return Worth {
            trials: vec![single; shares.len()],
            degrees_of_freedom: None,
        };
    }
    let freedom = freedom.min((clusters - 1.0).max(1.0));
    let known = freedom.min(tails);
    let part = |freedom: f64| (z / student_quantile(1.0 - level, freedom)).powi(2);
    let (few, long_tailed) = (part(freedom), part(known));
    let several = |share: &&Share| share.clusters > 1.0;
    let independent: f64 = shares.iter().filter(several).map(Share::variance).sum();
    let worth = |share: &Share, squares: f64, independent: f64| {
        if share.clusters <= 1.0 {
            return single;
        }
        let as_cases = share.equal_clusters * few;
        if independent <= 0.0 {
            return as_cases;
        }
        let trials = share.trials / (squares / independent).max(1.0);
        let least = as_cases.min(trials * few);
        match freedom < FEW {
            true => least,
            false => least.max(trials * long_tailed),
        }
    };
    let trials = match (pairing, shares) {
        (Some(pairing), [first, second]) if pairing.product < 0.0 => [first, second]
            .iter()
            .zip(pairing.squares)
            .map(|(share, squares)| worth(share, squares, share.variance()))
            .collect(),
        _ => shares
            .iter()
            .map(|share| worth(share, squares, independent))
            .collect(),
    };
    let each_a_case = |(share, trials): (&Share, &f64)| *trials <= share.equal_clusters * few;
    let are_cases = shares.iter().zip(&trials).all(each_a_case);
    Worth {
        degrees_of_freedom: Some(if are_cases { freedom } else { known }),
        trials,
    }
}
