//! Exact limits of a single share, for levels so high that those of the score test are no longer right.

use super::interval::{clopper_pearson, two_sided_z};
use super::sum::{Clustering, Share};
use super::worth::effective_trials;
use super::{Estimate, Interval, Undefined};

/// A share with the exact interval of Clopper & Pearson (1934). Where values hang together or weigh differently, the
/// trials that they are worth take the place of their number, as in Korn & Graubard (1998); see `weighted_sum` for how
/// many that is.
///
/// Wilson's limits hold as often as they say on average over shares, at the usual levels. Far out, where a tail holds one
/// in ten thousand, they are off by orders of magnitude where few cases are expected: of rare events two or three in a row
/// lie beyond them. These never hold more rarely than they say, whatever the level.
///
/// # Errors
/// A share without trials, or a level that is not between 0 and 1.
pub fn exact_share(
    share: &Share,
    clustering: Option<Clustering>,
    level: f64,
) -> Result<Estimate, Undefined> {
    let z = two_sided_z(level)?;
    let worth = effective_trials(std::slice::from_ref(share), clustering, level, z);
    let trials = worth.trials[0];
    // A mean of ones must not end above their number by a rounding error.
    let interval = clopper_pearson((share.mean * trials).min(trials), trials, level)?;
    Ok(Estimate {
        value: share.mean,
        interval: Interval {
            degrees_of_freedom: worth.degrees_of_freedom,
            ..interval
        },
        test: None,
    })
}
