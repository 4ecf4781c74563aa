//! Counting: what was true and what was answered, as integers that merge in any order.

pub mod outcome;

pub use outcome::{Evaluation, Gaps, Outcome, evaluate};

use std::collections::BTreeMap;

/// How often each key occurred: a commutative monoid under [`Tally::merge`], so that threads, shards and resuming
/// cannot change a digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally<K: Ord>(BTreeMap<K, u64>);

impl<K: Ord> Default for Tally<K> {
    fn default() -> Self {
        Tally(BTreeMap::new())
    }
}

impl<K: Ord> Tally<K> {
    /// Counts `key` once more.
    pub fn count(&mut self, key: K) {
        self.add(key, 1);
    }

    /// Counts `key` `times` more often.
    pub fn add(&mut self, key: K, times: u64) {
        *self.0.entry(key).or_insert(0) += times;
    }

    /// Adds the counts of another tally.
    pub fn merge(&mut self, other: Tally<K>) {
        for (key, times) in other.0 {
            self.add(key, times);
        }
    }

    /// What is left when the counts of a part of it are taken away; keys that never occur are gone.
    pub fn without(&self, part: &Tally<K>) -> Tally<K>
    where
        K: Clone,
    {
        let left = self.0.iter().filter_map(|(key, times)| {
            let left = times.saturating_sub(part.0.get(key).copied().unwrap_or(0));
            (left > 0).then(|| (key.clone(), left))
        });
        Tally(left.collect())
    }

    /// The keys in their order, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (&K, u64)> {
        self.0.iter().map(|(key, times)| (key, *times))
    }

    /// All counts together.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

impl<K: Ord> FromIterator<K> for Tally<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut tally = Tally::default();
        for key in keys {
            tally.count(key);
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_split_merged_in_any_order_counts_the_same(
            keys in proptest::collection::vec((0_u8..4, 0_u8..4), 0..200),
            shards in proptest::collection::vec(0_usize..5, 200),
            order in Just([0_usize, 1, 2, 3, 4]).prop_shuffle(),
        ) {
            let whole: Tally<(u8, u8)> = keys.iter().copied().collect();
            let mut merged = Tally::default();
            for shard in order {
                let part = keys.iter().zip(&shards).filter(|(_, of)| **of == shard).map(|(key, _)| *key);
                merged.merge(part.collect());
            }
            prop_assert_eq!(whole.total(), keys.len() as u64);
            prop_assert_eq!(&whole, &merged);
            let part: Tally<(u8, u8)> = keys.iter().take(keys.len() / 2).copied().collect();
            let rest: Tally<(u8, u8)> = keys.iter().skip(keys.len() / 2).copied().collect();
            prop_assert_eq!(whole.without(&part), rest);
        }
    }
}
