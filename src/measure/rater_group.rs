//! Agreement within and between groups of the people who labelled: how far raters of a group agree with each other, and
//! how far with the raters of other groups. Why they do or do not is no question that numbers answer.

use std::collections::{BTreeMap, BTreeSet};

use super::agreement::{human_alpha, resampled};
use super::disparity::suppression::suppressed;
use super::quality::Measured;
use super::slice::Slice;
use super::{Measure, Rules};
use crate::attribute::Attribute;
use crate::case::{Names, Rated, Rater, Ratings};
use crate::stats::agreement::Metric;
use crate::stats::agreement::cross::{Crossed, Distances, Given};
use crate::stats::agreement::sets::LabelSets;
use crate::stats::{Estimate, Undefined};
use crate::task::{Scheme, SchemeKind};

/// What was measured of one group of raters.
pub struct OfRaters {
    /// The attribute.
    pub attribute: String,
    /// The group.
    pub group: String,
    /// How many independent clusters the cases form.
    pub clusters: u64,
    /// Agreement within the group, or with the others.
    pub measured: Measured,
}

/// Agreement of the raters of each group with each other (Krippendorff's alpha, on cases that two or more of them rated)
/// and with all other raters whose group is known (cross-replication reliability, on cases that both sides rated).
///
/// Nothing is told of fewer raters than the rules allow, nor of fewer cases: neither of a group, nor of those of its
/// raters whose ratings a value rests on, nor of the raters whom they are compared with. As with groups of cases, more
/// groups are suppressed until what is suppressed adds up to enough raters.
pub fn agreement(
    ratings: &Ratings,
    attributes: &[(Attribute, Names)],
    clusters: &[Option<u32>],
    rules: &Rules,
) -> Vec<OfRaters> {
    let mut measured = Vec::new();
    for (place, (attribute, names)) in attributes.iter().enumerate() {
        let group_of = |rater: &Rater| rater.groups.get(place).copied().flatten();
        let mut sizes = vec![0; names.names().len()];
        for group in ratings.raters.iter().filter_map(group_of) {
            sizes[group as usize] += 1;
        }
        let hidden = suppressed(&sizes, rules.suppress_below);
        for (group, name) in names.names().iter().enumerate() {
            let of = |is_own: bool| {
                let raters = ratings.raters.iter().filter(move |rater| {
                    group_of(rater).is_some_and(|code| (code as usize == group) == is_own)
                });
                Side::new(&ratings.scheme, raters)
            };
            let sides = (!hidden[group]).then(|| (of(true), of(false)));
            let pair = [
                (Measure::HumanAlpha, Asked::Within),
                (Measure::HumanCrossKappa, Asked::Between),
            ];
            measured.extend(pair.into_iter().map(|(measure, asked)| {
                let found = match &sides {
                    Some((own, others)) => asked.answer(ratings, own, others, clusters, rules),
                    None => Found::nothing(rules),
                };
                OfRaters {
                    attribute: attribute.name.clone(),
                    group: name.clone(),
                    clusters: found.clusters,
                    measured: Measured {
                        measure,
                        label: None,
                        n: found.cases,
                        result: found.result,
                    },
                }
            }));
        }
    }
    measured
}

/// What some raters said.
struct Side<'a> {
    raters: Vec<&'a Rater>,
    /// By case, for the cases that any of them rated.
    rated: BTreeMap<usize, Rated>,
}

impl<'a> Side<'a> {
    fn new(scheme: &Scheme, raters: impl Iterator<Item = &'a Rater>) -> Self {
        let raters: Vec<&Rater> = raters.collect();
        let mut rated: BTreeMap<usize, Rated> = BTreeMap::new();
        for (case, labels) in raters.iter().flat_map(|rater| &rater.given) {
            let of_case = rated.entry(*case).or_insert_with(|| Rated {
                chosen: vec![0; scheme.labels.len()],
                ..Rated::default()
            });
            of_case.raters += 1;
            for label in labels.iter() {
                of_case.chosen[label] += 1;
            }
            if scheme.is_multi_label() {
                of_case.sets.push(*labels);
            }
        }
        for of_case in rated.values_mut() {
            of_case.sets.sort_unstable();
        }
        Side { raters, rated }
    }

    /// How many of the raters rated any of the cases.
    fn raters_of(&self, cases: &BTreeSet<usize>) -> u64 {
        let rated = |rater: &&&Rater| rater.given.iter().any(|(case, _)| cases.contains(case));
        self.raters.iter().filter(rated).count() as u64
    }
}

/// Which agreement is asked about.
#[derive(Clone, Copy)]
enum Asked {
    Within,
    Between,
}

/// What came of it.
struct Found {
    cases: u64,
    clusters: u64,
    result: Result<Estimate, Undefined>,
}

impl Found {
    fn nothing(rules: &Rules) -> Self {
        Found {
            cases: 0,
            clusters: 0,
            result: Err(Undefined::suppressed_people(rules.suppress_below)),
        }
    }
}

impl Asked {
    fn answer(
        self,
        ratings: &Ratings,
        own: &Side<'_>,
        others: &Side<'_>,
        clusters: &[Option<u32>],
        rules: &Rules,
    ) -> Found {
        let counts = |(case, rated): &(&usize, &Rated)| match self {
            Asked::Within => rated.raters > 1,
            Asked::Between => others.rated.contains_key(*case),
        };
        let cases: BTreeSet<usize> = own
            .rated
            .iter()
            .filter(counts)
            .map(|(case, _)| *case)
            .collect();
        let below = |count: u64| count < rules.suppress_below;
        let few_others = matches!(self, Asked::Between) && below(others.raters_of(&cases));
        let few = below(cases.len() as u64) || below(own.raters_of(&cases)) || few_others;
        if few && !cases.is_empty() {
            return Found::nothing(rules);
        }
        let clusters: Vec<Option<u32>> = cases.iter().map(|case| clusters[*case]).collect();
        let units = Slice::new(clusters.iter().map(|cluster| (*cluster, ())));
        let of = |side: &Side<'_>| -> Vec<Rated> {
            cases
                .iter()
                .filter_map(|case| side.rated.get(case).cloned())
                .collect()
        };
        let scheme = &ratings.scheme;
        let result = match self {
            Asked::Within => human_alpha(scheme, &of(own), &clusters, None, rules),
            Asked::Between => human_cross_kappa(scheme, &of(own), &of(others), &clusters, rules),
        };
        Found {
            cases: cases.len() as u64,
            clusters: units.clusters,
            result,
        }
    }
}

/// Cross-replication reliability of two sets of raters over the cases that both rated, with the distances of
/// [`human_alpha`]: labels in an order are as far apart as their ranks among the ratings of both sides, sets of labels as
/// far as MASI says. Cases, or clusters of cases, are resampled as wholes.
///
/// # Errors
/// No case that both rated, or ratings that do not vary.
pub fn human_cross_kappa(
    scheme: &Scheme,
    own: &[Rated],
    others: &[Rated],
    clusters: &[Option<u32>],
    rules: &Rules,
) -> Result<Estimate, Undefined> {
    // It has no direction: of two groups both get the same interval, however they are drawn.
    let (own, others) = if own <= others {
        (own, others)
    } else {
        (others, own)
    };
    let rated = own.iter().chain(others);
    let sets = LabelSets::new(rated.flat_map(|rated| &rated.sets).map(|set| set.0));
    let several = scheme.is_multi_label();
    let values = if several {
        sets.count()
    } else {
        scheme.labels.len()
    };
    let given = |rated: &Rated| -> Given {
        if several {
            let runs = rated.sets.chunk_by(|one, next| one == next);
            runs.map(|run| (sets.place(run[0].0), run.len() as u64))
                .collect()
        } else {
            let chosen = rated.chosen.iter().copied().enumerate();
            chosen.filter(|(_, times)| *times > 0).collect()
        }
    };
    let distance = |one: usize, other: usize| {
        if several {
            sets.distance(one, other)
        } else {
            f64::from(u8::from(one != other))
        }
    };
    let distances = match scheme.kind {
        SchemeKind::Ordinal => Distances::Of(Metric::Ordinal),
        _ => Distances::Table(
            (0..values)
                .flat_map(|one| (0..values).map(move |other| (one, other)))
                .map(|(one, other)| distance(one, other))
                .collect(),
        ),
    };
    let units: Vec<(Given, Given)> = own
        .iter()
        .zip(others)
        .map(|(own, others)| (given(own), given(others)))
        .collect();
    let mut profiles = units.clone();
    profiles.sort_unstable();
    profiles.dedup();
    let places = units.iter().zip(clusters);
    let slice = Slice::new(
        places.filter_map(|(unit, cluster)| Some((*cluster, profiles.binary_search(unit).ok()?))),
    );
    let crossed = Crossed::new(values, distances, profiles)?;
    resampled(&slice, rules, None, |counts| crossed.kappa(counts))
}
