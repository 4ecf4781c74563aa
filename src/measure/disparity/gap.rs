//! The gap between the best and the worst group, which is never zero: it stands beside what it comes to where groups are
//! dealt out at random, and its interval begins at zero unless two groups are shown to differ.

use std::collections::BTreeMap;

use super::super::proportion::Linear;
use super::super::quality::Measured;
use super::super::slice::Slice;
use super::super::{Comparison, Measure, Rules};
use super::suppression::Suppressed;
use super::{Group, Quantity, accuracy};
use crate::diagnostic::counted;
use crate::stats::interval::mover;
use crate::stats::permutation::{Deck, Lot, Sums, Unit};
use crate::stats::simultaneous::{all_pairs, sizes};
use crate::stats::{Estimate, Interval, Method, Reason, Undefined};
use crate::tally::{Evaluation, Outcome};

/// Most draws from lots for one gap, which keeps clustered data from taking for ever; never fewer than 199 deals.
const MOST_DRAWS: usize = 200_000;

/// The gaps of an attribute, each followed by what chance alone would make of it: accuracy, skill (where a case has one
/// label), and by label how often it is given and equalised odds. Only groups that are shown and hold enough cases are
/// compared.
pub fn gaps(
    evaluation: &Evaluation,
    groups: &[Group],
    attribute: &str,
    suppressed: &Suppressed,
    rules: &Rules,
) -> Vec<(Measured, Comparison)> {
    let mut asked = vec![accuracy(evaluation)];
    if !evaluation.multi_label {
        asked.push(Quantity {
            measure: Measure::Skill,
            label: None,
        });
    }
    for label in 0..evaluation.scheme.labels.len() {
        asked.extend(
            [Measure::SelectionRate, Measure::EqualisedOdds].map(|measure| Quantity {
                measure,
                label: Some(label),
            }),
        );
    }
    let mut gaps = Vec::new();
    for Quantity { measure, label } in asked {
        let parts: Vec<Quantity> = match measure {
            Measure::EqualisedOdds => [Measure::Recall, Measure::FalsePositiveRate]
                .map(|measure| Quantity { measure, label })
                .to_vec(),
            _ => vec![Quantity { measure, label }],
        };
        let trials = |group: &Group| {
            let of_parts = parts.iter().map(|part| part.trials(&group.slice));
            of_parts.min().unwrap_or(0)
        };
        let (mut compared, mut hides) = (Vec::new(), false);
        for (place, group) in groups.iter().enumerate() {
            if trials(group) >= rules.min_n.max(1) {
                match suppressed.hides(measure, label, place) {
                    true => hides = true,
                    false => compared.push(&group.slice),
                }
            }
        }
        let result = match (compared.len(), hides) {
            (0 | 1, true) => Err(Undefined::suppressed(rules.suppress_below)),
            (few @ (0 | 1), false) => {
                let groups = counted(few, "group");
                let detail = format!("{groups} with enough cases to be compared");
                Err(Undefined::new(Reason::TooFewCases, detail))
            }
            _ => {
                let linear = parts.iter().map(|part| part.linear(&compared, evaluation));
                let linear = linear.collect::<Result<Vec<Linear>, Undefined>>();
                linear.and_then(|linear| gap(&linear, &compared, rules))
            }
        };
        let (gap, chance) = match result {
            Ok((gap, chance)) => (Ok(gap), Ok(chance)),
            Err(undefined) => (Err(undefined.clone()), Err(undefined)),
        };
        let n = compared.iter().map(|slice| parts[0].trials(slice)).sum();
        for (result, comparison) in [
            (gap, Comparison::Gap(attribute.to_owned())),
            (chance, Comparison::GapByChance(attribute.to_owned())),
        ] {
            let measured = Measured {
                measure,
                label,
                n,
                result,
            };
            gaps.push((measured, comparison));
        }
    }
    gaps
}

/// The largest gap of several sums of proportions, and the gap by chance.
///
/// The interval is that of the largest of all pairs' differences, each at the level at which all hold together
/// ([`all_pairs`]): it holds 0 unless one of them does not. Groups are taken as independent of each other, which makes
/// it too wide rather than too narrow where clusters are read alike in all groups.
fn gap(
    parts: &[Linear],
    slices: &[&Slice<Outcome>],
    rules: &Rules,
) -> Result<(Estimate, Estimate), Undefined> {
    let deck = deck(parts, slices);
    // Trials of many weights take as many more draws.
    let rounds = deck
        .lots
        .iter()
        .map(|lot| lot.places.len().div_ceil(slices.len()));
    let rounds: usize = rounds.sum();
    let deals = rules.replicates.min((MOST_DRAWS / rounds.max(1)).max(199));
    let (test, chance) = deck.test(rules.seed, deals, rules.level, |sums| largest(parts, sums))?;
    let single = all_pairs(slices.len(), 1.0 - (1.0 - rules.level) / parts.len() as f64)?;
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    let mut single_intervals: Vec<Interval> = Vec::new();
    for part in parts {
        let values = slices.iter().map(|slice| part.estimate(slice, single));
        let values: Vec<Estimate> = values.collect::<Result<_, _>>()?;
        single_intervals.extend(values.iter().map(|value| value.interval));
        for (place, first) in values.iter().enumerate() {
            for second in &values[..place] {
                let term = |weight: f64, of: &Estimate| {
                    (weight, of.value, of.interval.low, of.interval.high)
                };
                let (_, from, to) = mover(&[term(1.0, first), term(-1.0, second)]);
                let (least, most) = sizes(Interval {
                    low: from,
                    high: to,
                    ..first.interval
                });
                (low, high) = (low.max(least), high.max(most));
            }
        }
    }
    let value = test.statistic;
    let gap = Estimate {
        value,
        interval: Interval {
            low: low.min(value),
            high: high.max(value),
            level: rules.level,
            method: Method::AllPairs,
            degrees_of_freedom: Interval::fewest_degrees_of_freedom(&single_intervals),
        },
        test: Some(test),
    };
    Ok((gap, chance))
}

/// The largest gap; `None` where a group has no trial.
fn largest(parts: &[Linear], sums: &Sums) -> Option<f64> {
    let mut terms = sums.iter();
    let mut gap: f64 = 0.0;
    for part in parts {
        let own: Vec<_> = terms.by_ref().take(part.terms.len()).collect();
        let groups = own.first()?.len();
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for group in 0..groups {
            let mut value = part.constant;
            for ((weight, _), sums) in part.terms.iter().zip(&own) {
                let (sum, trials) = sums[group];
                if trials == 0.0 {
                    return None;
                }
                value += weight * sum / trials;
            }
            (least, most) = (least.min(value), most.max(value));
        }
        gap = gap.max(most - least);
    }
    Some(gap)
}

/// What can be dealt anew: single cases where they are independent; whole clusters where they lie within one group; the
/// cases of a cluster among the groups that share it.
fn deck(parts: &[Linear], slices: &[&Slice<Outcome>]) -> Deck {
    let events: Vec<_> = parts
        .iter()
        .flat_map(|part| &part.terms)
        .map(|(_, event)| *event)
        .collect();
    let worths: Vec<Vec<Vec<Option<f64>>>> = events
        .iter()
        .map(|event| {
            let of_slice = |slice: &&Slice<Outcome>| {
                slice.cells.iter().map(|cell| event.worth(cell)).collect()
            };
            slices.iter().map(of_slice).collect()
        })
        .collect();
    let mut deck = Deck {
        groups: slices.len(),
        terms: events.len(),
        lots: Vec::new(),
        units: Vec::new(),
    };
    // All independent cases are one cluster, in which each can take any other's place.
    let mut clusters: BTreeMap<u64, Vec<Trials>> = BTreeMap::new();
    let mut alone = u64::MAX;
    for (group, slice) in slices.iter().enumerate() {
        let trials = |cell, cases, weight| Trials {
            group,
            cell,
            cases,
            weight: f64::from(weight) * slice.part(),
        };
        if !slice.is_clustered() {
            let strata = slice.strata().into_iter();
            clusters
                .entry(0)
                .or_default()
                .extend(strata.map(|stratum| trials(stratum.cell, stratum.cases, stratum.weight)));
            continue;
        }
        for (cluster, cell, cases, weight) in slice.by_cell() {
            // Cases without a cluster are numbered anew in each slice, and are not the same in two.
            let cluster = if cluster > u64::from(u32::MAX) {
                alone -= 1;
                alone
            } else {
                cluster
            };
            clusters
                .entry(cluster)
                .or_default()
                .push(trials(cell, cases, weight));
        }
    }
    for cells in clusters.values() {
        let first = cells[0].group;
        if cells.iter().all(|cell| cell.group == first) && slices[first].is_clustered() {
            let sums = worths.iter().map(|worths| {
                let mut sum = (0.0, 0.0);
                for trials in cells {
                    if let Some(worth) = worths[trials.group][trials.cell] {
                        let mass = trials.weight * trials.cases as f64;
                        sum = (sum.0 + worth * mass, sum.1 + mass);
                    }
                }
                sum
            });
            deck.units.push(Unit {
                group: first,
                sums: sums.collect(),
            });
            continue;
        }
        for (term, worths) in worths.iter().enumerate() {
            deck.lots.extend(lot(term, worths, cells));
        }
    }
    deck
}

/// Cases of one group that came to one outcome and weigh the same.
struct Trials {
    group: usize,
    /// The place of the outcome in the group's slice.
    cell: usize,
    cases: u64,
    weight: f64,
}

/// The trials of one term among some cells.
fn lot(term: usize, worths: &[Vec<Option<f64>>], cells: &[Trials]) -> Option<Lot> {
    let judged = || {
        let worth = |trials: &Trials| worths[trials.group][trials.cell];
        cells.iter().filter_map(move |trials| {
            Some(((trials.group, trials.weight), worth(trials)?, trials.cases))
        })
    };
    let mut values: Vec<f64> = judged().map(|(_, worth, _)| worth).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    if values.is_empty() {
        return None;
    }
    let order = |a: &(usize, f64), b: &(usize, f64)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1));
    let mut places: Vec<(usize, f64)> = judged().map(|(place, ..)| place).collect();
    places.sort_unstable_by(order);
    places.dedup();
    let mut counts = vec![vec![0; values.len()]; places.len()];
    for (place, worth, cases) in judged() {
        let row = places.binary_search_by(|other| order(other, &place));
        let column = values.binary_search_by(|value| value.total_cmp(&worth));
        if let (Ok(row), Ok(column)) = (row, column) {
            counts[row][column] += cases;
        }
    }
    Some(Lot {
        term,
        values,
        places,
        counts,
    })
}
