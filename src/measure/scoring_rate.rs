//! Scoring rates: how often the scores of a group lie above the median of the scores of all. Which scores, and what of
//! groups may be shown, is left to the caller.

use super::calibration::GroupValues;
use super::slice::Slice;
use super::sum::Sum;
use crate::case::Unit;
use crate::case::weight::kish;
use crate::stats::interval::two_sided_z;
use crate::stats::{Estimate, Interval, Undefined};
use crate::tally::Tally;

/// Where a score lies about the median of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Below it.
    Below,
    /// Not above it, and so near that another sample may have its median there.
    JustBelow,
    /// Above it, and as near.
    JustAbove,
    /// Above it.
    Above,
}

impl Band {
    fn is_above(self) -> bool {
        self >= Band::JustAbove
    }

    fn is_near(self) -> bool {
        matches!(self, Band::JustBelow | Band::JustAbove)
    }
}

/// The group of a case, where it is known, and its band.
pub type Cell = (Option<u32>, Band);

/// The band of each case that has a score.
///
/// Of an even number of scores the median is halfway between the two in the middle, and of weights the score up to
/// which half of the weight lies, or halfway to the next. No score lies between the two, so that those above the lower
/// one are those above the median.
///
/// Near is what lies within the `bandwidth` on either side.
///
/// # Errors
/// A level that is not between 0 and 1.
pub fn bands(
    scores: &[Option<f64>],
    units: &[Unit],
    level: f64,
) -> Result<Vec<Option<Band>>, Undefined> {
    let weighed = scores.iter().zip(units);
    let weighed = weighed.filter_map(|(score, unit)| Some(((*score)?, unit.weight)));
    let mut weighed: Vec<(f64, u32)> = weighed.collect();
    let total: u64 = weighed.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let n = kish(weighed.iter().map(|(_, weight)| (u128::from(*weight), 1)));
    let width = bandwidth(n, level)? * total as f64;
    let half = total as f64 / 2.0;
    let [low, median, high] = [half - width, half, (half + width).min(total as f64)]
        .map(|mass| reaching(&mut weighed, mass));
    let band = |score: f64| match score {
        score if score > high => Band::Above,
        score if score > median => Band::JustAbove,
        score if score > low => Band::JustBelow,
        _ => Band::Below,
    };
    Ok(scores.iter().map(|score| score.map(band)).collect())
}

/// The share of `n` cases on either side of a quantile by which the density there is judged: that of Hall & Sheather
/// (1988), n^(-1/3) z^(2/3) (3 / (4 pi))^(1/3) at the median of a normal sample, where it is widest; at most a half.
///
/// # Errors
/// A level that is not between 0 and 1.
pub(super) fn bandwidth(n: f64, level: f64) -> Result<f64, Undefined> {
    let narrowing = 3.0 * two_sided_z(level)?.powi(2) / (4.0 * std::f64::consts::PI * n.max(1.0));
    Ok(narrowing.cbrt().min(0.5))
}

/// The lowest score up to which at least a certain weight lies, by selection; 0 where there is none.
fn reaching(weighed: &mut [(f64, u32)], mass: f64) -> f64 {
    let mut rest = weighed;
    let mut below = 0;
    let mut found = 0.0;
    while !rest.is_empty() {
        let middle = rest.len() / 2;
        let (left, chosen, right) = rest.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0));
        let of_left: u64 = left.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let up_to = below + of_left + u64::from(chosen.1);
        if up_to as f64 >= mass {
            found = chosen.0;
            rest = left;
        } else {
            below = up_to;
            rest = right;
        }
    }
    found
}

/// Tallies bands by group.
pub fn split(bands: &[Option<Band>], codes: &[Option<u32>], units: &[Unit]) -> Slice<Cell> {
    let cells = codes.iter().zip(bands).zip(units);
    let cells = cells.filter_map(|((code, band), unit)| Some((*unit, (*code, (*band)?))));
    let alike = |unit: &Unit| unit.cluster.is_none() && *unit == units[0];
    if !units.iter().all(alike) {
        return Slice::new(cells);
    }
    // A million cases of few cells: counted in place, and looked up once a cell.
    let groups = codes
        .iter()
        .flatten()
        .max()
        .map_or(1, |most| *most as usize + 2);
    let mut counts = vec![[0_u64; 4]; groups];
    for (_, (code, band)) in cells {
        counts[code.map_or(0, |code| code as usize + 1)][band as usize] += 1;
    }
    let mut tally = Tally::default();
    for (place, counts) in counts.iter().enumerate() {
        let code = place.checked_sub(1).map(|code| code as u32);
        let all = [Band::Below, Band::JustBelow, Band::JustAbove, Band::Above];
        for (band, count) in all.into_iter().zip(counts).filter(|(_, count)| **count > 0) {
            tally.add((units[0], (code, band)), *count);
        }
    }
    Slice::from_tally(&tally)
}

/// The scoring rate of all cases.
///
/// # Errors
/// No case.
pub fn of_all(slice: &Slice<Cell>, level: f64) -> Result<Estimate, Undefined> {
    estimate(slice, &[(1.0, &|_| true)], level)
}

/// The scoring rate of a group, and its difference to that of all other cases whose group is known.
pub fn of_group(slice: &Slice<Cell>, group: u32, level: f64) -> GroupValues {
    let own = |code: Option<u32>| code == Some(group);
    let other = |code: Option<u32>| code.is_some_and(|code| code != group);
    let count = |of: &dyn Fn(Option<u32>) -> bool| -> u64 {
        let cells = slice.cells.iter().zip(&slice.counts);
        let inside = cells.filter(|((code, _), _)| of(*code));
        inside.map(|(_, count)| count).sum()
    };
    let inside: Vec<Option<f64>> = slice
        .cells
        .iter()
        .map(|(code, _)| own(*code).then_some(1.0))
        .collect();
    GroupValues {
        n: count(&own),
        clusters: if slice.is_clustered() {
            slice.by_cluster(&inside).len() as u64
        } else {
            count(&own)
        },
        others: count(&other),
        value: estimate(slice, &[(1.0, &own)], level),
        difference: estimate(slice, &[(1.0, &own), (-1.0, &other)], level),
    }
}

type Side<'a> = (f64, &'a dyn Fn(Option<u32>) -> bool);

/// A sum of scoring rates. The median comes from the same cases: one more case above it moves it up, and out of the
/// upper half go the cases just about it, from each group as many as it has there. To first order the rate of a group
/// so loses its density at the median, over that of all, times what the rate of all would have gained. The interval is
/// never narrower than for a median that is known, so that ratios of rates, which share their median, can be had
/// from the intervals of both.
fn estimate(slice: &Slice<Cell>, sides: &[Side<'_>], level: f64) -> Result<Estimate, Undefined> {
    let above = |band: &Band| f64::from(band.is_above());
    let near = |of: &dyn Fn(Option<u32>) -> bool| {
        let cells = slice.cells.iter().zip(slice.masses());
        let inside = cells.filter(|((code, _), _)| of(*code));
        let (mut near, mut all) = (0, 0);
        for ((_, band), mass) in inside {
            all += mass;
            near += if band.is_near() { *mass } else { 0 };
        }
        if all > 0 {
            near as f64 / all as f64
        } else {
            0.0
        }
    };
    let everywhere = near(&|_| true);
    let (mut known, mut estimated) = (Sum::new(0.0), Sum::new(0.0));
    let mut moved = 0.0;
    for (weight, of) in sides {
        let rate = |(code, band): &Cell| of(*code).then(|| above(band));
        known.add(*weight, slice, rate)?;
        estimated.add(*weight, slice, rate)?;
        if everywhere > 0.0 {
            moved += weight * near(of) / everywhere;
        }
    }
    estimated.fix(moved, slice, |(_, band)| Some(above(band)))?;
    let (known, estimated) = (known.estimate(level)?, estimated.estimate(level)?);
    let interval = Interval {
        low: known.interval.low.min(estimated.interval.low),
        high: known.interval.high.max(estimated.interval.high),
        ..known.interval
    };
    Ok(Estimate { interval, ..known })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn rates_and_intervals_agree_with_numpy_and_scipy() {
        let oracle = include_str!("../../tests/oracles/scoring_rates.json");
        let examples: Vec<Value> = serde_json::from_str(oracle).unwrap();
        assert_eq!(examples.len(), 14);
        let number = |value: &Value| value.as_f64().unwrap();
        let list = |value: &Value| value.as_array().unwrap().clone();
        for example in &examples {
            let scores: Vec<_> = list(&example["scores"]).iter().map(Value::as_f64).collect();
            let weight = |value: &Value| Unit {
                cluster: None,
                weight: value.as_u64().unwrap() as u32,
            };
            let units: Vec<Unit> = list(&example["weights"]).iter().map(weight).collect();
            let code = |value: &Value| {
                "abc"
                    .find(value.as_str().unwrap_or("?"))
                    .filter(|_| value != "")
            };
            let codes = list(&example["groups"]);
            let codes: Vec<Option<u32>> = codes
                .iter()
                .map(|group| code(group).map(|code| code as u32))
                .collect();
            let bands = bands(&scores, &units, 0.95).unwrap();
            let slice = split(&bands, &codes, &units);
            for (group, theirs) in example["rates"].as_object().unwrap() {
                let ours = match code(&Value::from(group.as_str())) {
                    Some(group) => of_group(&slice, group as u32, 0.95).value.unwrap(),
                    None => of_all(&slice, 0.95).unwrap(),
                };
                let ours = [ours.value, ours.interval.low, ours.interval.high];
                for (ours, theirs) in ours.into_iter().zip(theirs.as_array().unwrap()) {
                    let apart = (ours - number(theirs)).abs();
                    assert!(
                        apart < 1e-9,
                        "{} {group:?}: {ours} is not {theirs}",
                        example["name"]
                    );
                }
            }
        }
    }

    #[test]
    fn ties_and_middle_scores_are_told_apart() {
        for (scores, above) in [
            (&[0.1, 0.2, 0.3, 0.4][..], 2),
            (&[0.1, 0.2, 0.3], 1),
            (&[0.1, 0.3, 0.3, 0.4], 1),
            (&[0.3, 0.3, 0.3], 0),
            (&[0.3, 0.3, 0.4, 0.4], 2),
            (&[-0.0, 0.0, 0.0, 1.0], 1),
            (&[0.3], 0),
            (&[], 0),
        ] {
            let scores: Vec<Option<f64>> = scores.iter().copied().map(Some).collect();
            let units = vec![
                Unit {
                    cluster: None,
                    weight: 1
                };
                scores.len()
            ];
            let bands = bands(&scores, &units, 0.95).unwrap();
            let found = bands
                .iter()
                .flatten()
                .filter(|band| band.is_above())
                .count();
            assert_eq!(found, above, "{scores:?}");
        }
    }

    #[test]
    fn selection_finds_what_sorting_finds() {
        let scores =
            |n: u64| (0..n).map(|place| ((place * 7919 % 31) as f64, (place % 5 + 1) as u32));
        for n in 1..60 {
            let mut sorted: Vec<(f64, u32)> = scores(n).collect();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
            let total: u32 = sorted.iter().map(|(_, weight)| weight).sum();
            for mass in 0..=total {
                let mut up_to = 0;
                let wanted = sorted.iter().find(|(_, weight)| {
                    up_to += weight;
                    up_to >= mass
                });
                let mut shuffled: Vec<(f64, u32)> = scores(n).collect();
                let found = reaching(&mut shuffled, f64::from(mass));
                assert_eq!(Some(found), wanted.map(|(score, _)| *score), "{n} {mass}");
            }
        }
    }

    #[test]
    fn cases_in_clusters_are_worth_fewer() {
        let scores: Vec<Option<f64>> = (0..200)
            .map(|case| Some(f64::from(case / 4 * 37 % 50)))
            .collect();
        let codes: Vec<Option<u32>> = (0..200).map(|case| Some(case / 4 % 2)).collect();
        let rate = |clustered: bool| {
            let cluster = |case: u32| clustered.then_some(case / 4);
            let units: Vec<Unit> = (0..200).map(|case| Unit::from(cluster(case))).collect();
            let bands = bands(&scores, &units, 0.95).unwrap();
            of_group(&split(&bands, &codes, &units), 0, 0.95)
        };
        let (alone, together) = (rate(false), rate(true));
        assert_eq!((alone.n, alone.clusters), (100, 100));
        assert_eq!(
            (together.n, together.clusters, together.others),
            (100, 25, 100)
        );
        let width = |rates: &GroupValues| {
            let interval = rates.value.as_ref().unwrap().interval;
            interval.high - interval.low
        };
        let times = width(&together) / width(&alone);
        // Four cases of a cluster are one: twice as wide, less what Wilson's limits give back.
        assert!(times > 1.7 && times < 2.1, "{times}");
    }
}
