//! Shuffled groups of few clusters: the control must not ring by itself.

use rand::Rng;

use super::*;

const RULES: Rules = Rules {
    level: 0.95,
    min_n: 1,
    suppress_below: 0,
    seed: 1,
    replicates: 100,
};

/// Four hundred cases in clusters that are read better or worse as wholes, by chance the same in all groups. Each
/// cluster lies in one group, or its cases are spread over all.
fn alike(seed: u64, groups: u32, clusters: u32, nested: bool) -> Vec<Group> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let chances: Vec<f64> = (0..clusters)
        .map(|_| random.random_range(0.5..1.0))
        .collect();
    let mut tallies: Vec<Tally<(Option<u32>, Outcome)>> = vec![Tally::default(); groups as usize];
    for _ in 0..400 {
        let cluster = random.random_range(0..clusters);
        let group = if nested {
            cluster % groups
        } else {
            random.random_range(0..groups)
        };
        let gold = random.random_range(0..3);
        let right = random.random_bool(chances[cluster as usize]);
        let outcome = Outcome {
            gold: LabelSet::one(gold),
            answer: Some(LabelSet::one(if right { gold } else { (gold + 1) % 3 })),
        };
        tallies[group as usize].count((Some(cluster), outcome));
    }
    let group = |tally: &Tally<_>| Group {
        name: String::new(),
        slice: Slice::from_tally(tally),
        others: Slice::from_tally(tally),
    };
    tallies.iter().map(group).collect()
}

#[test]
fn shuffled_groups_of_few_clusters_do_not_cry_wolf() {
    // By chance one dataset's clusters may be such that dealing them rings more often than dealing others.
    for (groups, clusters, nested) in [(2, 10, true), (3, 6, true), (2, 3, false), (3, 10, false)] {
        let failed: Vec<String> = (0..12)
            .filter_map(|seed| shuffled_groups(&alike(seed, groups, clusters, nested), "", &RULES))
            .filter(|control| !control.holds)
            .map(|control| control.detail)
            .collect();
        assert!(
            failed.len() <= 1,
            "{groups} {clusters} {nested}: {failed:?}"
        );
    }
}
