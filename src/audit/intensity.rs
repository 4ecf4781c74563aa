//! What an audit measures of numbers on dimensions: of each dimension, overall and by group.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::{Measuring, PEOPLE};
use crate::dataset::Dataset;
use crate::measure::agreement::human_alpha_of_numbers;
use crate::measure::intensity::{self, Judged, MEASURES};
use crate::measure::{Measure, Measurement, Rules, unit};
use crate::stats::Estimate;

impl Measuring<'_> {
    /// Measures every dimension that the dataset has gold numbers for.
    pub(super) fn intensity(&mut self, judged: &Judged) {
        let cases = &self.answer.dataset.cases;
        let units = cases.units();
        for (measured, clusters) in intensity::measure(judged, &units, self.rules) {
            self.keep(&judged.scheme, measured, clusters, Vec::new(), None);
        }
        let is_judged = |case| judged.is_answered(case).is_some();
        let known: Vec<bool> = (0..units.len()).map(is_judged).collect();
        let judged_groups = self.groupings(&known, self.request.intersections);
        let hidden = judged_groups.iter().map(|grouping| grouping.hidden.clone());
        self.coverage_hidden = hidden.collect();
        for grouping in judged_groups {
            let (codes, count) = (&grouping.codes, grouping.slices.len());
            let values = intensity::coverage(judged, &units, codes, count, self.rules);
            let about = (Measure::Coverage, None);
            self.keep_groups(&judged.scheme, about, &grouping, values);
        }
        for dimension in 0..judged.scheme.labels.len() {
            if judged.not_answered.contains(&dimension) {
                let undefined = intensity::not_answered();
                self.no_scoring_rate(&judged.scheme, Some(dimension), undefined);
            } else {
                let number = |dimension, case| judged.answer(dimension, case);
                self.scoring_rates(&judged.scheme, &[dimension], &number);
            }
        }
        for dimension in judged.answered() {
            let answered: Vec<bool> = (0..units.len())
                .map(|case| judged.answer(dimension, case).is_some())
                .collect();
            for grouping in self.groupings(&answered, self.request.intersections) {
                for measure in MEASURES {
                    let of_group = |group: u32| {
                        let member = |case: usize| grouping.codes[case].map(|code| code == group);
                        let about = (measure, dimension);
                        intensity::of_group(about, judged, &units, member, self.rules)
                    };
                    let values = 0..grouping.slices.len() as u32;
                    let values = values.into_par_iter().map(of_group).collect();
                    let about = (measure, Some(dimension));
                    self.keep_groups(&judged.scheme, about, &grouping, values);
                }
            }
        }
    }
}

/// How far the people who gave numbers agree, dimension by dimension.
pub(super) fn human_ceiling(dataset: &Dataset, rules: &Rules) -> Vec<Measurement> {
    let cases = &dataset.cases;
    let Some(gold) = &cases.intensity else {
        return Vec::new();
    };
    let clusters = cases.dependence();
    let dimensions = gold.scheme.labels.iter().zip(&gold.dimensions);
    let rated = dimensions.filter(|(_, dimension)| !dimension.ratings.is_empty());
    rated
        .map(|(label, dimension)| {
            let ratings = dimension.ratings.iter().enumerate();
            let shared = ratings.filter(|(_, numbers)| numbers.len() > 1);
            let units: Vec<u64> = shared.map(|(case, _)| unit(&clusters, case)).collect();
            Measurement {
                model: PEOPLE.to_owned(),
                dataset: dataset.card.name.clone(),
                task: gold.scheme.task,
                measure: Measure::HumanAlpha,
                label: Some(label.name.clone()),
                slice: Vec::new(),
                comparison: None,
                n: units.len() as u64,
                clusters: units.into_iter().collect::<BTreeSet<u64>>().len() as u64,
                result: human_alpha_of_numbers(&dimension.ratings, &clusters, rules)
                    .map(Estimate::rounded),
            }
        })
        .collect()
}
