//! What an audit measures of the people who labelled: how far they agree, overall, by label, by group of cases and by
//! group of raters, and how well one of them does against the others, all together and one by one, without names.

use super::PEOPLE;
use crate::case::{Names, Rated, Ratings};
use crate::dataset::Dataset;
use crate::measure::agreement::human_alpha;
use crate::measure::disparity::suppression::suppressed;
use crate::measure::quality::Measured;
use crate::measure::slice::Slice;
use crate::measure::{Measure, Measurement, RATER, Rules};
use crate::measure::{rater, rater_group};
use crate::stats::{Estimate, Undefined};

/// Measures the people who labelled a dataset with labels.
pub(super) fn human_ceiling(dataset: &Dataset, rules: &Rules) -> Vec<Measurement> {
    let cases = &dataset.cases;
    let clusters = cases.dependence();
    let mut measured = Vec::new();
    for ratings in &cases.ratings {
        let scheme = &ratings.scheme;
        let mut keep = |measured_one: Measured, clusters: u64, slice: Vec<(String, String)>| {
            let measurement = Measurement {
                model: PEOPLE.to_owned(),
                dataset: dataset.card.name.clone(),
                task: scheme.task,
                measure: measured_one.measure,
                label: measured_one
                    .label
                    .map(|label| scheme.labels[label].name.clone()),
                slice,
                comparison: None,
                n: measured_one.n,
                clusters,
                result: measured_one.result.map(Estimate::rounded),
            };
            measured.push(measurement.uncounted());
        };
        let whole = Shared::new(&ratings.rated, &clusters);
        for label in std::iter::once(None).chain((0..scheme.labels.len()).map(Some)) {
            let alpha = Measured {
                measure: Measure::HumanAlpha,
                label,
                n: whole.cases,
                result: human_alpha(scheme, &ratings.rated, &clusters, label, rules),
            };
            keep(alpha, whole.clusters, Vec::new());
        }
        for measured in rater::skill(ratings, &clusters, rules) {
            keep(measured, whole.clusters, Vec::new());
        }
        for (attribute, names) in &cases.attributes {
            for (group, shared, alphas) in by_group(ratings, names, &clusters, rules) {
                let slice = vec![(attribute.name.clone(), group)];
                for alpha in alphas {
                    keep(alpha, shared.clusters, slice.clone());
                }
            }
        }
        for one in rater_group::agreement(ratings, &cases.rater_attributes, &clusters, rules) {
            keep(one.measured, one.clusters, vec![(one.attribute, one.group)]);
        }
        for one in rater::skill_of_each(ratings, &clusters, rules) {
            let slice = vec![(RATER.to_owned(), one.number.to_string())];
            keep(one.measured, one.clusters, slice);
        }
    }
    measured
}

/// The cases that several people rated.
#[derive(Clone, Copy)]
struct Shared {
    cases: u64,
    clusters: u64,
}

impl Shared {
    fn new(rated: &[Rated], clusters: &[Option<u32>]) -> Self {
        let cases = rated.iter().zip(clusters);
        let shared = cases.filter(|(rated, _)| rated.raters > 1);
        let slice = Slice::new(shared.map(|(_, cluster)| (*cluster, ())));
        Shared {
            cases: slice.total(),
            clusters: slice.clusters,
        }
    }
}

/// Agreement on the cases of each group of an attribute, on all labels and on each, as far as it may be shown.
fn by_group(
    ratings: &Ratings,
    names: &Names,
    clusters: &[Option<u32>],
    rules: &Rules,
) -> Vec<(String, Shared, Vec<Measured>)> {
    let of_group = |group: usize| {
        let members = || {
            let codes = names.codes().iter().enumerate();
            codes.filter_map(move |(case, code)| (*code == Some(group as u32)).then_some(case))
        };
        let rated: Vec<Rated> = members().map(|case| ratings.rated[case].clone()).collect();
        let clusters: Vec<Option<u32>> = members().map(|case| clusters[case]).collect();
        let shared = Shared::new(&rated, &clusters);
        (rated, clusters, shared)
    };
    let groups: Vec<_> = (0..names.names().len()).map(of_group).collect();
    let below = rules.suppress_below;
    let hidden_by = |size: &dyn Fn(&[Rated]) -> u64| -> Vec<bool> {
        let sizes: Vec<u64> = groups.iter().map(|(rated, ..)| size(rated)).collect();
        suppressed(&sizes, below)
    };
    let several = |rated: &[Rated], keep: &dyn Fn(&Rated) -> bool| {
        let kept = rated.iter().filter(|one| one.raters > 1 && keep(one));
        kept.count() as u64
    };
    let whole = hidden_by(&|rated| several(rated, &|_| true));
    let labels = (0..ratings.scheme.labels.len()).map(|label| {
        // Those that somebody gave the label, and those that somebody did not.
        let with = hidden_by(&|rated| several(rated, &|one| one.chosen[label] > 0));
        let without = hidden_by(&|rated| several(rated, &|one| one.chosen[label] < one.raters));
        let sides = whole.iter().zip(with.into_iter().zip(without));
        let hidden = sides.map(|(whole, (with, without))| *whole || with || without);
        (Some(label), hidden.collect())
    });
    let hidden: Vec<(Option<usize>, Vec<bool>)> = std::iter::once((None, whole.clone()))
        .chain(labels)
        .collect();
    let measured = groups.iter().enumerate();
    let measured = measured.map(|(place, (rated, clusters, shared))| {
        let alphas = hidden.iter().map(|(label, hidden)| Measured {
            measure: Measure::HumanAlpha,
            label: *label,
            n: shared.cases,
            result: match hidden[place] {
                true => Err(Undefined::suppressed(below)),
                false => human_alpha(&ratings.scheme, rated, clusters, *label, rules),
            },
        });
        (names.names()[place].clone(), *shared, alphas.collect())
    });
    measured.collect()
}
