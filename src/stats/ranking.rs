//! The area under the ROC curve: how often a case with a label is ranked above one without.

use super::distribution::student_quantile;
use super::interval::{two_sided_z, wilson};
use super::kurtosis::degrees_of_freedom;
use super::{Estimate, Interval, Reason, Undefined};
use crate::diagnostic::counted;

/// An area under the curve, and what each case does to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// P(score with the label > score without) + P(equal) / 2.
    pub value: f64,
    /// For each case its part in the deviation of the value: squares sum up to DeLong's variance.
    pub influence: Vec<f64>,
    /// The smaller of the numbers of cases with and without the label; where cases weigh differently, of how many of
    /// equal weight they are worth.
    pub smaller: f64,
}

/// The area under the ROC curve with the structural components of DeLong, DeLong & Clarke-Pearson (1988), from
/// midranks (Sun & Xu 2014).
///
/// `weights` say how much each case counts; 1 for all where there are none. Then a case is ranked above the weight of
/// others, and what the cases of one kind do to the variance is never taken below what it would be of as many cases of
/// equal weight as they are worth (Kish 1965).
///
/// # Errors
/// Fewer than two cases with the label, or without it.
pub fn area(scores: &[f64], positive: &[bool], weights: Option<&[f64]>) -> Result<Area, Undefined> {
    let with = positive.iter().filter(|is| **is).count() as f64;
    let without = positive.len() as f64 - with;
    if with < 2.0 || without < 2.0 {
        return Err(Undefined::new(
            Reason::SingleClass,
            format!(
                "{} with the label and {without} without it; two of each are needed",
                counted(with as usize, "case")
            ),
        ));
    }
    let weight = |case: usize| weights.map_or(1.0, |weights| weights[case]);
    let kind = |holds: bool| {
        let cases = (0..scores.len()).filter(move |case| positive[*case] == holds);
        Kind::new(cases.map(weight), weights.is_none())
    };
    let (yes, no) = (kind(true), kind(false));
    let all = midranks(scores, weight, |_| true);
    let (own_with, own_without) = (
        midranks(scores, weight, |case| positive[case]),
        midranks(scores, weight, |case| !positive[case]),
    );
    // The share of cases of the other kind that a case is ranked above, or for those without the label: below.
    let placement = |case: usize| {
        if positive[case] {
            (all[case] - own_with[case]) / no.mass
        } else {
            1.0 - (all[case] - own_without[case]) / yes.mass
        }
    };
    let sum: f64 = (0..scores.len())
        .filter(|case| positive[*case])
        .map(|case| weight(case) * placement(case))
        .sum();
    let value = sum / yes.mass;
    let mut influence: Vec<f64> = (0..scores.len())
        .map(|case| {
            let Kind { mass, cases, .. } = if positive[case] { yes } else { no };
            weight(case) * (placement(case) - value) / mass * (cases / (cases - 1.0)).sqrt()
        })
        .collect();
    for (holds, kind) in [(true, yes), (false, no)] {
        if weights.is_none() {
            break;
        }
        let own = || (0..scores.len()).filter(|case| positive[*case] == holds);
        let spread: f64 = own()
            .map(|case| weight(case) * (placement(case) - value).powi(2))
            .sum();
        let least = spread / kind.mass / (kind.worth - 1.0);
        let seen: f64 = own().map(|case| influence[case].powi(2)).sum();
        if seen > 0.0 && least.is_finite() && seen < least {
            let scale = (least / seen).sqrt();
            own().for_each(|case| influence[case] *= scale);
        }
    }
    Ok(Area {
        value,
        influence,
        smaller: yes.worth.min(no.worth),
    })
}

/// The cases with the label, or those without it.
#[derive(Clone, Copy)]
struct Kind {
    cases: f64,
    mass: f64,
    /// How many cases of equal weight they are worth.
    worth: f64,
}

impl Kind {
    fn new(weights: impl Iterator<Item = f64>, even: bool) -> Self {
        let (mut cases, mut mass, mut squares) = (0.0, 0.0, 0.0);
        for weight in weights {
            cases += 1.0;
            mass += weight;
            squares += weight * weight;
        }
        let worth = if even { cases } else { mass * mass / squares };
        Kind { cases, mass, worth }
    }
}

/// Ranks from 1 among the cases that count, equal scores sharing the mean of theirs; 0 for the others. A case takes as
/// many ranks as its weight says.
fn midranks(
    scores: &[f64],
    weight: impl Fn(usize) -> f64,
    counts: impl Fn(usize) -> bool,
) -> Vec<f64> {
    let mut order: Vec<usize> = (0..scores.len()).filter(|case| counts(*case)).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut ranks = vec![0.0; scores.len()];
    let mut before = 0.0;
    for tied in order.chunk_by(|a, b| scores[*a] == scores[*b]) {
        let times: f64 = tied.iter().map(|case| weight(*case)).sum();
        let rank = before + (times + 1.0) / 2.0;
        for case in tied {
            ranks[*case] = rank;
        }
        before += times;
    }
    ranks
}

/// The mean of areas over the same cases, with an interval.
///
/// Influences of a cluster add up before they are squared (Obuchowski 1997). The variance says how many independent
/// cases the value is worth, v (1 - v) / variance, and Wilson's interval is taken for that many, which stays honest
/// where the ranking is perfect: then it is worth the smaller of the two numbers of cases. Few clusters, and clusters of
/// unequal sizes, pay with Student's t as in [`super::sum::weighted_sum`], and so do cases of which a few
/// decide (O'Neill 2014). Clusters more alike than chance would make them are no ground for a narrower interval.
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
    let same = || influences.chunk_by(|a, b| a.0 == b.0);
    let sizes: f64 = same().map(|same| (same.len() as f64).powi(2)).sum();
    let g = (clusters.len() as f64).powi(2) / sizes;
    if same().count() < 2 {
        let detail = "one cluster shows no spread";
        return Err(Undefined::new(Reason::TooFewCases, detail));
    }
    let sums = same().map(|same| same.iter().map(|(_, influence)| influence).sum::<f64>());
    let clustered: f64 = sums.map(|sum| sum * sum).sum();
    let independent: f64 = influences.iter().map(|(_, own)| own * own).sum();
    let variance = clustered.max(independent);
    let sums = same().map(|same| (same.iter().map(|(_, influence)| influence).sum(), 1.0));
    let freedom = degrees_of_freedom(sums).min((g - 1.0).max(1.0));
    let few = (z / student_quantile(1.0 - level, freedom)).powi(2);
    let spread = value * (1.0 - value);
    // What rounding leaves of nothing is no spread.
    let worth = if variance > 1e-12 * spread && spread > 1e-12 {
        spread / variance
    } else {
        smaller.min(g)
    };
    let limits = wilson((value * worth * few).min(worth * few), worth * few, level)?;
    Ok(Estimate {
        value,
        interval: Interval {
            degrees_of_freedom: Some(freedom),
            ..limits
        },
        test: None,
    })
}
