//! What an audit measures of numbers on dimensions: of each dimension, overall and by group.

use std::collections::BTreeSet;

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
            let below = self.rules.suppress_below;
            let counts = |case| judged.answer(dimension, case).is_some();
            let hidden = self.overlap.by_size(&cases.attributes, below, counts);
            for ((attribute, names), hidden) in cases.attributes.iter().zip(&hidden) {
                for measure in MEASURES {
                    let of_group = |group: usize| {
                        let member =
                            |case: usize| names.codes()[case].map(|code| code as usize == group);
                        intensity::of_group(
                            (measure, dimension),
                            judged,
                            &units,
                            member,
                            self.rules,
                        )
                    };
                    let groups = (0..names.names().len()).map(of_group).collect();
                    let about = (measure, Some(dimension));
                    let of = (attribute, names, hidden.as_slice());
                    self.keep_groups(&judged.scheme, of, about, groups);
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
