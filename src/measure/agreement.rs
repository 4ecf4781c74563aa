//! The human ceiling: how far the people who labelled agree among themselves.

use std::collections::BTreeMap;

use super::Rules;
use super::slice::Slice;
use crate::stats::agreement::{Coincidences, Metric};
use crate::stats::{Estimate, Reason, Undefined};

/// Krippendorff's alpha over cases, each given as how often each label was chosen for it.
///
/// Cases are resampled as wholes. With `label` the ratings are reduced to that label against all others.
///
/// # Errors
/// No case with two ratings, or ratings that do not vary.
pub fn human_alpha(
    ratings: &[Vec<u64>],
    clusters: &[Option<u32>],
    label: Option<usize>,
    rules: &Rules,
) -> Result<Estimate, Undefined> {
    let reduced = |counts: &Vec<u64>| match label {
        Some(label) => {
            let all: u64 = counts.iter().sum();
            let chosen = counts.get(label).copied().unwrap_or(0);
            vec![chosen, all - chosen]
        }
        None => counts.clone(),
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
        coincidences.alpha(Metric::Nominal)
    };
    if slice.total() == 0 {
        return Err(Undefined::new(Reason::NoPairs, "no case has two ratings"));
    }
    let value = alpha(&slice.counts)?;
    let replicates =
        slice
            .sample()?
            .replicate(rules.seed, rules.replicates, 1, |counts, values| {
                values[0] = alpha(counts).ok();
            });
    Ok(Estimate {
        value,
        interval: replicates.interval(0, rules.level)?,
        test: None,
    })
}
