//! The human ceiling: how far the people who labelled agree among themselves.

mod unseen;

use std::collections::BTreeMap;

use self::unseen::{Apart, lower_limit};
use super::Rules;
use super::slice::Slice;
use crate::case::Rated;
use crate::stats::agreement::sets::LabelSets;
use crate::stats::agreement::{Coincidences, Metric, alpha_of_counted_scores, distances_of_scores};
use crate::stats::{Estimate, Interval, Method, Reason, Undefined};
use crate::task::{LabelSet, Scheme, SchemeKind};

/// Krippendorff's alpha over cases: of one label against all others, or overall, where labels in an order are as far
/// apart as their ranks, and sets of labels as far as MASI says.
///
/// Cases, or clusters of cases, are resampled as wholes.
///
/// # Errors
/// No case with two ratings, or ratings that do not vary.
pub fn human_alpha(
    scheme: &Scheme,
    ratings: &[Rated],
    clusters: &[Option<u32>],
    label: Option<usize>,
    rules: &Rules,
) -> Result<Estimate, Undefined> {
    if label.is_none() && scheme.is_multi_label() {
        return human_alpha_of_sets(ratings, clusters, rules);
    }
    let metric = match (label, scheme.kind) {
        (None, SchemeKind::Ordinal) => Metric::Ordinal,
        _ => Metric::Nominal,
    };
    let reduced = |rated: &Rated| match label {
        Some(label) => vec![rated.chosen[label], rated.raters - rated.chosen[label]],
        None => rated.chosen.clone(),
    };
    let profiles: Vec<Vec<u64>> = ratings.iter().map(reduced).collect();
    let distinct: BTreeMap<&Vec<u64>, usize> = profiles
        .iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .enumerate()
        .map(|(place, profile)| (profile, place))
        .collect();
    let slice = Slice::new(
        profiles
            .iter()
            .enumerate()
            .map(|(case, profile)| (clusters.get(case).copied().flatten(), distinct[profile])),
    );
    let cells: Vec<&Vec<u64>> = distinct.keys().copied().collect();
    let values = cells.first().map_or(0, |profile| profile.len());
    let coincidences = |counts: &[u64]| {
        let mut coincidences = Coincidences::new(values);
        for (profile, count) in cells.iter().zip(counts) {
            coincidences.add(profile, *count);
        }
        coincidences
    };
    if ratings.iter().all(|rated| rated.raters < 2) {
        return Err(Undefined::new(Reason::NoPairs, "no case has two ratings"));
    }
    let distances = coincidences(&slice.counts).distances(metric);
    let within = cells.iter().map(|profile| {
        let ratings = profile.iter().sum();
        (ratings, distances.within(profile))
    });
    let apart = Apart {
        within: within.collect(),
        by_chance: distances.by_chance,
        differing: distances.differing,
    };
    resampled(&slice, rules, Some(&apart), |counts| {
        coincidences(counts).alpha(metric)
    })
}

/// Krippendorff's alpha over cases for numbers on a scale, by squared distances; cases, or clusters of cases, are
/// resampled as wholes. `ratings` holds the numbers of each case.
///
/// # Errors
/// No case with two ratings, or ratings that do not vary.
pub fn human_alpha_of_numbers(
    ratings: &[Vec<f64>],
    clusters: &[Option<u32>],
    rules: &Rules,
) -> Result<Estimate, Undefined> {
    let mut units: Vec<&[f64]> = ratings.iter().map(Vec::as_slice).collect();
    let order = |one: &[f64], other: &[f64]| {
        let pairs = one.iter().zip(other);
        let mut orders = pairs.map(|(one, other)| one.total_cmp(other));
        let first = orders.find(|order| order.is_ne());
        first.unwrap_or_else(|| one.len().cmp(&other.len()))
    };
    units.sort_by(|one, other| order(one, other));
    units.dedup();
    let place = |unit: &[f64]| units.binary_search_by(|known| order(known, unit)).ok();
    let cells = ratings.iter().enumerate();
    let slice =
        Slice::new(cells.filter_map(|(case, unit)| {
            Some((clusters.get(case).copied().flatten(), place(unit)?))
        }));
    let alpha = |counts: &[u64]| {
        let counted = slice.cells.iter().zip(counts);
        alpha_of_counted_scores(counted.map(|(cell, count)| (units[*cell], *count)))
    };
    let counted = slice.cells.iter().zip(&slice.counts);
    let counted = counted.map(|(cell, count)| (units[*cell], *count));
    let (within, [by_chance, differing]) = distances_of_scores(counted);
    let apart = Apart {
        within,
        by_chance,
        differing,
    };
    resampled(&slice, rules, Some(&apart), alpha)
}

/// Krippendorff's alpha over cases whose raters choose sets of labels, with MASI as the distance of two sets (Passonneau
/// 2006, who takes it as it is, not squared); cases, or clusters of cases, are resampled as wholes.
///
/// # Errors
/// No case with two ratings, or ratings that do not vary.
pub fn human_alpha_of_sets(
    ratings: &[Rated],
    clusters: &[Option<u32>],
    rules: &Rules,
) -> Result<Estimate, Undefined> {
    let rated = || {
        let cases = ratings.iter().enumerate();
        cases.filter(|(_, rated)| rated.sets.len() > 1)
    };
    let sets = LabelSets::new(rated().flat_map(|(_, rated)| &rated.sets).map(|set| set.0));
    let of_case = |(case, rated): (usize, &'_ Rated)| {
        let cluster = clusters.get(case).copied().flatten();
        (cluster, rated.sets.clone())
    };
    let mut profiles: Vec<Vec<LabelSet>> = rated().map(|one| of_case(one).1).collect();
    profiles.sort_unstable();
    profiles.dedup();
    let slice = Slice::new(rated().map(of_case).filter_map(|(cluster, own)| {
        let place = profiles.binary_search(&own).ok()?;
        Some((cluster, place))
    }));
    // By profile: disagreement within a case, each pair weighing 1 / (ratings - 1), and the places of its sets.
    let within: Vec<(f64, Vec<usize>)> = profiles
        .iter()
        .map(|own| {
            let places: Vec<usize> = own.iter().map(|set| sets.place(set.0)).collect();
            let pairs = places
                .iter()
                .flat_map(|one| places.iter().map(|other| (*one, *other)));
            let apart: f64 = pairs.map(|(one, other)| sets.distance(one, other)).sum();
            (apart / (own.len() as f64 - 1.0), places)
        })
        .collect();
    let alpha = |counts: &[u64]| -> Result<f64, Undefined> {
        let mut given = vec![0.0; sets.count()];
        let mut observed = 0.0;
        for (cell, count) in slice.cells.iter().zip(counts) {
            let (apart, places) = &within[*cell];
            observed += apart * *count as f64;
            for place in places {
                given[*place] += *count as f64;
            }
        }
        let total: f64 = given.iter().sum();
        let by_chance = sets.by_chance(&given)?;
        Ok(1.0 - observed * (total - 1.0) / by_chance)
    };
    if slice.total() == 0 {
        return Err(Undefined::new(Reason::NoPairs, "no case has two ratings"));
    }
    let mut given = vec![0.0; sets.count()];
    for (cell, count) in slice.cells.iter().zip(&slice.counts) {
        for place in &within[*cell].1 {
            given[*place] += *count as f64;
        }
    }
    let by_chance = sets.by_chance(&given)?;
    let total: f64 = given.iter().sum();
    let differ = total * total - given.iter().map(|times| times * times).sum::<f64>();
    let cells = slice.cells.iter().map(|cell| &within[*cell]);
    let apart = Apart {
        within: cells
            .map(|(apart, own)| (own.len() as u64, apart / own.len() as f64))
            .collect(),
        by_chance: by_chance / (total * (total - 1.0)),
        differing: by_chance / differ,
    };
    resampled(&slice, rules, Some(&apart), alpha)
}

/// From here on agreement is nearly full, and what chance gives counts for little: reliable data (Krippendorff 2004).
const NEAR_FULL: f64 = 0.8;

/// Alpha of all cases as `alpha` computes it from the counts of their cells, with cases or clusters resampled. Where
/// agreement is nearly full, the lower limit is no higher than [`lower_limit`], from how far ratings are `apart`.
pub(super) fn resampled<K: Ord + Copy>(
    slice: &Slice<K>,
    rules: &Rules,
    apart: Option<&Apart>,
    alpha: impl Fn(&[u64]) -> Result<f64, Undefined> + Sync,
) -> Result<Estimate, Undefined> {
    let value = alpha(&slice.counts)?;
    let sample = slice.sample()?;
    let bootstrap = sample.bootstrap(rules.seed, rules.replicates, 1, |counts, values| {
        values[0] = alpha(counts).ok();
    });
    let near_full = apart.filter(|_| value >= NEAR_FULL);
    let least = near_full.and_then(|apart| lower_limit(slice, apart, rules.level).ok());
    let interval = match (bootstrap.interval(0, rules.level), least) {
        (Ok(interval), Some(least)) => Interval {
            low: interval.low.min(least),
            ..interval
        },
        // People agree on every case.
        (Err(_), Some(least)) if value == 1.0 => Interval {
            low: least,
            high: 1.0,
            level: rules.level,
            method: Method::PriceBonett,
            degrees_of_freedom: None,
        },
        (other, _) => other?,
    };
    Ok(Estimate {
        value,
        interval,
        test: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Krippendorff 2011: twelve units, four raters, five values, ratings missing; alpha is .743.
    const EXAMPLE: [[u64; 5]; 12] = [
        [3, 0, 0, 0, 0],
        [0, 3, 1, 0, 0],
        [0, 0, 4, 0, 0],
        [0, 0, 4, 0, 0],
        [0, 4, 0, 0, 0],
        [1, 1, 1, 1, 0],
        [0, 0, 0, 4, 0],
        [3, 1, 0, 0, 0],
        [0, 4, 0, 0, 0],
        [0, 0, 0, 0, 3],
        [2, 0, 0, 0, 0],
        [0, 0, 1, 0, 0],
    ];

    const RULES: Rules = Rules {
        level: 0.95,
        min_n: 30,
        suppress_below: 10,
        seed: 1,
        replicates: 500,
    };

    fn example() -> Vec<Rated> {
        EXAMPLE
            .iter()
            .map(|chosen| Rated {
                raters: chosen.iter().sum(),
                chosen: chosen.to_vec(),
                sets: Vec::new(),
            })
            .collect()
    }

    fn five(kind: SchemeKind) -> Scheme {
        let five = crate::task::built_in("five-way").expect("built in");
        Scheme {
            kind,
            ..(*five).clone()
        }
    }

    /// Ranks for labels in an order, the same or not for others: .743 and .815 in the paper.
    #[test]
    fn the_published_example_comes_out() {
        for (kind, published) in [(SchemeKind::Nominal, 0.743), (SchemeKind::Ordinal, 0.815)] {
            let scheme = five(kind);
            let estimate =
                human_alpha(&scheme, &example(), &[None; 12], None, &RULES).expect("defined");
            let Estimate {
                value, interval, ..
            } = estimate;
            assert!((value - published).abs() < 5e-4, "{value}");
            assert!(interval.low < value && value < interval.high);
        }
    }

    #[test]
    fn without_a_second_rater_there_is_no_agreement() {
        let alone: Vec<Rated> = example()
            .into_iter()
            .map(|_| Rated {
                raters: 1,
                chosen: vec![1, 0, 0, 0, 0],
                sets: Vec::new(),
            })
            .collect();
        let undefined = human_alpha(
            &five(SchemeKind::Nominal),
            &alone,
            &[None; 12],
            Some(0),
            &RULES,
        )
        .expect_err("one rater");
        assert_eq!(undefined.reason, Reason::NoPairs);
    }

    #[test]
    fn sets_agree_with_nltk() {
        let oracles = include_str!("../../tests/oracles/masi.json");
        let oracles: serde_json::Value = serde_json::from_str(oracles).unwrap();
        let cases = oracles.as_array().unwrap();
        assert_eq!(cases.len(), 4);
        for case in cases {
            let set = |set: &serde_json::Value| LabelSet(set.as_u64().unwrap());
            let units = case["units"].as_array().unwrap();
            let ratings: Vec<Rated> = units
                .iter()
                .map(|unit| {
                    let mut sets: Vec<LabelSet> =
                        unit.as_array().unwrap().iter().map(set).collect();
                    sets.sort_unstable();
                    Rated {
                        raters: sets.len() as u64,
                        chosen: Vec::new(),
                        sets,
                    }
                })
                .collect();
            let ours = human_alpha_of_sets(&ratings, &[], &RULES).expect("defined");
            let theirs = case["alpha"].as_f64().unwrap();
            assert!(
                (ours.value - theirs).abs() < 1e-9,
                "{} {theirs}",
                ours.value
            );
            assert!(ours.interval.low < ours.value && ours.value < ours.interval.high);
        }
    }

    #[test]
    fn sets_that_nobody_shares_the_rating_of_have_no_agreement() {
        let one = |sets: &[u64]| Rated {
            raters: sets.len() as u64,
            chosen: Vec::new(),
            sets: sets.iter().map(|set| LabelSet(*set)).collect(),
        };
        let reason = |ratings: &[Rated]| {
            human_alpha_of_sets(ratings, &[], &RULES)
                .unwrap_err()
                .reason
        };
        assert_eq!(reason(&[]), Reason::NoPairs);
        assert_eq!(reason(&[one(&[3]), one(&[1])]), Reason::NoPairs);
        assert_eq!(reason(&[one(&[3, 3]), one(&[3, 3])]), Reason::NoVariation);
    }
}
