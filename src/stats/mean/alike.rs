//! Clusters of which some fail as wholes: what the spread of those at hand does not show.

use super::{Spread, Values};
use crate::stats::kurtosis::degrees_of_freedom;
use crate::stats::worth::FEW;
use crate::stats::{Estimate, Undefined};

/// A sum of means again, with no more degrees of freedom than the kurtosis of what clusters do leaves (O'Neill 2014): few,
/// where some clusters are unlike the rest. The worst that clusters can do is to be alike inside, each like one value, and an
/// interval that allows for that need not be wider. Fewer than six clusters do not show how alike they are, and count so
/// from the start. Where each value is a cluster of its own, nothing changes.
///
/// # Errors
/// As `again` has them.
pub(super) fn or_alike<'a>(
    usual: Estimate,
    spreads: &[(f64, &'a Values, Spread)],
    again: impl Fn(&[(f64, &'a Values, Spread)]) -> Result<Estimate, Undefined>,
) -> Result<Estimate, Undefined> {
    let seen = |spread: &Spread| spread.seen() + spread.unseen;
    let mut terms = spreads.iter();
    if terms.all(|(_, _, spread)| spread.as_clusters <= seen(spread) * (1.0 + 1e-12)) {
        return Ok(usual);
    }
    let changed = |change: &dyn Fn(&mut Spread)| -> Result<Estimate, Undefined> {
        let mut spreads = spreads.to_vec();
        spreads.iter_mut().for_each(|(_, _, spread)| change(spread));
        again(&spreads)
    };
    let tails = changed(&|spread| {
        let own = spread.influences.iter();
        let own = degrees_of_freedom(own.map(|(_, influence)| (*influence, 1.0)));
        spread.freedom = spread.freedom.min(own);
    })?;
    let alike = changed(&|spread| {
        let clusters = spread.freedom + 1.0;
        spread.unseen += (spread.as_clusters - seen(spread)).max(0.0);
        spread.worth = spread.worth.min(clusters);
    })?;
    let width = |estimate: &Estimate| estimate.interval.high - estimate.interval.low;
    let few = usual.interval.degrees_of_freedom;
    let is_alike = few.is_some_and(|few| few < FEW) || width(&alike) < width(&tails);
    Ok(if is_alike { alike } else { tails })
}
