//! How many of the cases of a group got an answer, be it a label or a number, and how that compares with all others.

use crate::case::Unit;
use crate::measure::calibration::GroupValues;
use crate::measure::slice::Slice;
use crate::measure::sum::Sum;
use crate::stats::{Estimate, Undefined};
use crate::tally::Tally;

/// Splits cases by any codes, one a case: what came of those of each group, and of all others whose group is known.
pub fn split<K: Ord + Copy>(
    of_cases: impl Iterator<Item = (usize, K)>,
    units: &[Unit],
    codes: &[Option<u32>],
    groups: usize,
) -> Vec<(Slice<K>, Slice<K>)> {
    let mut tallies: Vec<Tally<(Unit, K)>> = vec![Tally::default(); groups];
    for (case, outcome) in of_cases {
        if let Some(group) = codes[case] {
            tallies[group as usize].count((units[case], outcome));
        }
    }
    let mut all = Tally::default();
    for tally in &tallies {
        all.merge(tally.clone());
    }
    let both = |tally| {
        let others = all.without(tally);
        (Slice::from_tally(tally), Slice::from_tally(&others))
    };
    tallies.iter().map(both).collect()
}

/// The share of a group's cases that got an answer (El-Yaniv & Wiener 2010), and its difference to that of the others.
pub fn coverage<K: Ord + Copy>(
    own: &Slice<K>,
    others: &Slice<K>,
    is_answered: impl Fn(&K) -> bool + Copy,
    level: f64,
) -> GroupValues {
    let some_failed = |slice: &Slice<K>| !slice.cells.iter().all(is_answered);
    let answered = |cell: &K| Some(f64::from(is_answered(cell)));
    let value = |slice: &Slice<K>| -> Result<Estimate, Undefined> {
        let mut sum = Sum::new(0.0);
        sum.add(1.0, slice, answered)?;
        sum.estimate(level)
    };
    let difference = |own: &Slice<K>, others: &Slice<K>| -> Result<Estimate, Undefined> {
        let mut sum = Sum::new(0.0);
        sum.add(1.0, own, answered)?;
        sum.add(-1.0, others, answered)?;
        sum.estimate(level)
    };
    let calls = own.of_calls(some_failed(own));
    let some = some_failed(own) || some_failed(others);
    GroupValues {
        n: own.total(),
        clusters: calls.clusters,
        others: others.total(),
        value: value(&calls),
        difference: difference(&own.of_calls(some), &others.of_calls(some)),
    }
}
