//! The area under the ROC curve: how often a case with a label is ranked above one without.

use super::distribution::student_quantile;
use super::interval::{two_sided_z, wilson};
use super::{Estimate, Interval, Reason, Undefined};

/// An area under the curve, and what each case does to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// P(score with the label > score without) + P(equal) / 2.
    pub value: f64,
    /// For each case its part in the deviation of the value: squares sum up to DeLong's variance.
    pub influence: Vec<f64>,
    /// The smaller of the numbers of cases with and without the label.
    pub smaller: f64,
}

/// The area under the ROC curve with the structural components of DeLong, DeLong & Clarke-Pearson (1988), from
/// midranks (Sun & Xu 2014).
///
/// # Errors
/// Fewer than two cases with the label, or without it.
pub fn area(scores: &[f64], positive: &[bool]) -> Result<Area, Undefined> {
    let with = positive.iter().filter(|is| **is).count() as f64;
    let without = positive.len() as f64 - with;
    if with < 2.0 || without < 2.0 {
        return Err(Undefined::new(
            Reason::SingleClass,
            format!("{with} cases with the label and {without} without it; two of each are needed"),
        ));
    }
    let all = midranks(scores, |_| true);
    let (own_with, own_without) = (
        midranks(scores, |case| positive[case]),
        midranks(scores, |case| !positive[case]),
    );
    // The share of cases of the other kind that a case is ranked above, or for those without the label: below.
    let placement = |case: usize| {
        if positive[case] {
            (all[case] - own_with[case]) / without
        } else {
            1.0 - (all[case] - own_without[case]) / with
        }
    };
    let sum: f64 = (0..scores.len())
        .filter(|case| positive[*case])
        .map(placement)
        .sum();
    let value = sum / with;
    let influence = (0..scores.len())
        .map(|case| {
            let n = if positive[case] { with } else { without };
            (placement(case) - value) / n * (n / (n - 1.0)).sqrt()
        })
        .collect();
    Ok(Area {
        value,
        influence,
        smaller: with.min(without),
    })
}

/// Ranks from 1 among the cases that count, equal scores sharing the mean of theirs; 0 for the others.
fn midranks(scores: &[f64], counts: impl Fn(usize) -> bool) -> Vec<f64> {
    let mut order: Vec<usize> = (0..scores.len()).filter(|case| counts(*case)).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut ranks = vec![0.0; scores.len()];
    let mut before = 0;
    for tied in order.chunk_by(|a, b| scores[*a] == scores[*b]) {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        for case in tied {
            ranks[*case] = rank;
        }
        before += tied.len();
    }
    ranks
}

/// The mean of areas over the same cases, with an interval.
///
/// Influences of a cluster add up before they are squared (Obuchowski 1997). The variance says how many independent
/// cases the value is worth, v (1 - v) / variance, and Wilson's interval is taken for that many, which stays honest
/// where the ranking is perfect: then it is worth the smaller of the two numbers of cases. Few clusters pay with
/// Student's t as in [`super::sum::weighted_sum`].
///
/// # Errors
/// No area, or one cluster.
pub fn mean_area(areas: &[&Area], clusters: &[u64], level: f64) -> Result<Estimate, Undefined> {
    let z = two_sided_z(level)?;
    let Some(smaller) = areas.iter().map(|area| area.smaller).reduce(f64::min) else {
        return Err(Undefined::new(
            Reason::SingleClass,
            "no label occurs both present and absent",
        ));
    };
    let k = areas.len() as f64;
    let value = areas.iter().map(|area| area.value).sum::<f64>() / k;
    let mut influences: Vec<(u64, f64)> = clusters
        .iter()
        .enumerate()
        .map(|(case, cluster)| {
            let sum: f64 = areas.iter().map(|area| area.influence[case]).sum();
            (*cluster, sum / k)
        })
        .collect();
    influences.sort_by_key(|(cluster, _)| *cluster);
    let sums: Vec<f64> = influences
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| same.iter().map(|(_, influence)| influence).sum())
        .collect();
    let g = sums.len() as f64;
    if g < 2.0 {
        let detail = "one cluster shows no spread";
        return Err(Undefined::new(Reason::TooFewCases, detail));
    }
    let variance = sums.iter().map(|sum| sum * sum).sum::<f64>();
    let few = (z / student_quantile(1.0 - level, g - 1.0)).powi(2);
    let worth = if variance > 0.0 {
        value * (1.0 - value) / variance
    } else {
        smaller.min(g)
    };
    let limits = wilson((value * worth * few).min(worth * few), worth * few, level)?;
    Ok(Estimate {
        value,
        interval: Interval { ..limits },
        test: None,
    })
}
