//! What disagreements that no case shows might do to agreement: how low it might be where people agree on all or nearly
//! all cases, so that resampling them shows next to nothing.

use crate::measure::slice::Slice;
use crate::stats::Undefined;
use crate::stats::mean::{Values, sum_of_means};

/// How far ratings are apart, in the units of the metric.
pub(in crate::measure) struct Apart {
    /// For each cell of a slice how many ratings a case has, and how far two of them are apart on average.
    pub(super) within: Vec<(u64, f64)>,
    /// How far any two ratings are apart on average.
    pub(super) by_chance: f64,
    /// How far two ratings are apart on average that differ.
    pub(super) differing: f64,
}

/// The lower limit of an alpha of cases or clusters: the mean distance within cases, over that by chance, at its upper
/// limit. The mean gets t² more cases, one half without disagreement and the other with one rating that differs from
/// all others by as much as differing ratings do (the added values of Agresti & Coull 1998 for shares, which this is
/// where every case has two ratings and labels have no order). What chance gives is taken as it is: near full agreement
/// it counts for little.
///
/// # Errors
/// See [`sum_of_means`].
pub(super) fn lower_limit<K: Ord + Copy>(
    slice: &Slice<K>,
    apart: &Apart,
    level: f64,
) -> Result<f64, Undefined> {
    let mut values = Values::default();
    values.saw(true);
    let mut add = |cluster: u64, cell: usize| {
        let (ratings, within) = apart.within[cell];
        if ratings < 2 {
            return;
        }
        // A case has as much say as it has ratings.
        values.weigh(cluster, ratings as u32, within);
        values.suppose(true, ratings as f64, 0.0);
        let one_differs = 2.0 / ratings as f64 * apart.differing;
        values.suppose(false, ratings as f64, one_differs);
        if within > 0.0 {
            values.saw(false);
        }
    };
    if slice.is_clustered() {
        for (cluster, cell, cases, _) in slice.by_cell() {
            (0..cases).for_each(|_| add(cluster, cell));
        }
    } else {
        let counts = slice.counts.iter().enumerate();
        let cells = counts.flat_map(|(cell, cases)| (0..*cases).map(move |_| cell));
        cells
            .zip(0..)
            .for_each(|(cell, cluster)| add(cluster, cell));
    }
    let mean = sum_of_means(&[(1.0, &values)], (0.0, f64::INFINITY), level)?;
    Ok(1.0 - mean.interval.high / apart.by_chance)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::{human_alpha, human_alpha_of_sets};
    use crate::case::Rated;
    use crate::measure::Rules;
    use crate::stats::Estimate;
    use crate::task::{LabelSet, Scheme, SchemeKind, built_in};

    const RULES: Rules = Rules {
        level: 0.95,
        min_n: 30,
        suppress_below: 10,
        seed: 1,
        replicates: 500,
    };

    /// Three labels, in an order or not.
    fn alpha(kind: SchemeKind, ratings: &[Rated], clusters: &[Option<u32>]) -> Estimate {
        let mut scheme: Scheme = (*built_in("five-way").expect("built in")).clone();
        scheme.labels.truncate(3);
        scheme.kind = kind;
        human_alpha(&scheme, ratings, clusters, None, &RULES).expect("defined")
    }

    /// tests/oracles/rare_errors.py: agreement in full, and in all but two cases.
    #[test]
    fn lower_limits_agree_with_added_cases() {
        let oracles = include_str!("../../../tests/oracles/rare_errors.json");
        let oracles: Value = serde_json::from_str(oracles).unwrap();
        let worlds = oracles["agreement"].as_array().unwrap();
        assert_eq!(worlds.len(), 5);
        for world in worlds {
            let units = world["units"].as_array().unwrap();
            let clusters = world["clusters"].as_array().unwrap();
            let alone = clusters.last().unwrap().as_u64() == Some(clusters.len() as u64 - 1);
            let cluster = |one: &Value| (!alone).then(|| one.as_u64().unwrap() as u32);
            let clusters: Vec<Option<u32>> = clusters.iter().map(cluster).collect();
            let labels = |rating: &Value| match rating.as_array() {
                Some(set) => set.iter().map(|label| label.as_u64().unwrap()).collect(),
                None => vec![rating.as_u64().unwrap()],
            };
            let rated = |unit: &Value| {
                let unit = unit.as_array().unwrap();
                let mut chosen = vec![0; 4];
                let mut sets = Vec::new();
                for rating in unit {
                    let mut set = LabelSet::EMPTY;
                    for label in labels(rating) {
                        chosen[label as usize] += 1;
                        set.insert(label as usize);
                    }
                    sets.push(set);
                }
                sets.sort_unstable();
                let raters = unit.len() as u64;
                (raters, chosen, sets)
            };
            let metric = world["metric"].as_str().unwrap();
            let ratings = units.iter().map(|unit| {
                let (raters, mut chosen, sets) = rated(unit);
                chosen.truncate(if metric == "masi" { 4 } else { 3 });
                Rated {
                    raters,
                    chosen,
                    sets: if metric == "masi" { sets } else { Vec::new() },
                }
            });
            let ratings: Vec<Rated> = ratings.collect();
            let ours = match metric {
                "nominal" => alpha(SchemeKind::Nominal, &ratings, &clusters),
                "ordinal" => alpha(SchemeKind::Ordinal, &ratings, &clusters),
                _ => human_alpha_of_sets(&ratings, &clusters, &RULES).expect("defined"),
            };
            for (ours, theirs) in [
                (ours.value, &world["value"]),
                (ours.interval.low, &world["low"]),
            ] {
                let theirs = theirs.as_f64().unwrap();
                assert!((ours - theirs).abs() < 1e-9, "{metric}: {ours} {theirs}");
            }
            assert!(ours.interval.high > 0.99);
        }
    }

    /// 300 cases and no disagreement: as sure as the model's own alpha of the same, and surer with more cases.
    #[test]
    fn full_agreement_is_evidence() {
        let low = |cases: usize| {
            let rated = |case: usize| Rated {
                raters: 2,
                chosen: (0..3)
                    .map(|label| 2 * u64::from(label == case % 3))
                    .collect(),
                sets: Vec::new(),
            };
            let ratings: Vec<Rated> = (0..cases).map(rated).collect();
            let found = alpha(SchemeKind::Ordinal, &ratings, &vec![None; cases]);
            assert_eq!((found.value, found.interval.high), (1.0, 1.0));
            found.interval.low
        };
        assert!((0.95..0.99).contains(&low(300)));
        assert!(low(30) < low(300) && low(300) < low(3000) && low(3000) < 1.0);
    }
}
