//! The human ceiling: how far the people who labelled agree among themselves.

use std::collections::BTreeMap;

use super::Rules;
use super::slice::Slice;
use crate::case::Rated;
use crate::stats::agreement::{Coincidences, Metric, alpha_of_counted_scores};
use crate::stats::{Estimate, Reason, Undefined};

/// Krippendorff's alpha over cases, nominal: overall, or of one label against all others.
///
/// Cases, or clusters of cases, are resampled as wholes. Over all labels together it needs one label a rater.
///
/// # Errors
/// No case with two ratings, or ratings that do not vary.
pub fn human_alpha(
    ratings: &[Rated],
    clusters: &[Option<u32>],
    label: Option<usize>,
    rules: &Rules,
) -> Result<Estimate, Undefined> {
    human_alpha_by(Metric::Nominal, ratings, clusters, label, rules)
}

/// The same with a distance between labels of one's choice, such as that of ranks for labels in an order.
///
/// # Errors
/// As [`human_alpha`].
pub fn human_alpha_by(
    metric: Metric<'_>,
    ratings: &[Rated],
    clusters: &[Option<u32>],
    label: Option<usize>,
    rules: &Rules,
) -> Result<Estimate, Undefined> {
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
    let alpha = |counts: &[u64]| -> Result<f64, Undefined> {
        let mut coincidences = Coincidences::new(values);
        for (profile, count) in cells.iter().zip(counts) {
            coincidences.add(profile, *count);
        }
        coincidences.alpha(metric)
    };
    if ratings.iter().all(|rated| rated.raters < 2) {
        return Err(Undefined::new(Reason::NoPairs, "no case has two ratings"));
    }
    let value = alpha(&slice.counts)?;
    let bootstrap = slice
        .sample()?
        .bootstrap(rules.seed, rules.replicates, 1, |counts, values| {
            values[0] = alpha(counts).ok();
        });
    Ok(Estimate {
        value,
        interval: bootstrap.interval(0, rules.level)?,
        test: None,
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
    let value = alpha(&slice.counts)?;
    let sample = slice.sample()?;
    let bootstrap = sample.bootstrap(rules.seed, rules.replicates, 1, |counts, values| {
        values[0] = alpha(counts).ok();
    });
    Ok(Estimate {
        value,
        interval: bootstrap.interval(0, rules.level)?,
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
            })
            .collect()
    }

    #[test]
    fn the_published_example_comes_out() {
        let estimate = human_alpha(&example(), &[None; 12], None, &RULES).expect("defined");
        assert!((estimate.value - 0.743).abs() < 5e-4, "{}", estimate.value);
        assert!(estimate.interval.low < estimate.value && estimate.value < estimate.interval.high);
    }

    #[test]
    fn without_a_second_rater_there_is_no_agreement() {
        let alone: Vec<Rated> = example()
            .into_iter()
            .map(|_| Rated {
                raters: 1,
                chosen: vec![1, 0, 0, 0, 0],
            })
            .collect();
        let undefined = human_alpha(&alone, &[None; 12], Some(0), &RULES).expect_err("one rater");
        assert_eq!(undefined.reason, Reason::NoPairs);
    }
}
