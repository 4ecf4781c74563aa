//! Scoring rates of all cases, of every group, and on request of the groups of several attributes at once.

use rayon::prelude::*;

use super::Measuring;
use super::grouping::Grouping;
use crate::measure::calibration::GroupValues;
use crate::measure::quality::Measured;
use crate::measure::scoring_rate::{bands, of_all, of_group, split};
use crate::measure::{Measure, unit};
use crate::stats::{Estimate, Undefined};
use crate::task::Scheme;

/// The scores of labels, case by case.
type Score<'a> = &'a (dyn Fn(usize, usize) -> Option<f64> + Sync);

impl Measuring<'_> {
    /// Of some labels or dimensions, which must all have a score for the same cases.
    pub(super) fn scoring_rates(&mut self, scheme: &Scheme, labels: &[usize], score: Score<'_>) {
        let units = self.answer.dataset.cases.units();
        let all: Vec<usize> = (0..units.len()).collect();
        let scored: Vec<bool> = (all.iter())
            .map(|case| labels.iter().any(|label| score(*label, *case).is_some()))
            .collect();
        let mut numbers: Vec<u64> = (all.iter().filter(|case| scored[**case]))
            .map(|case| unit(&units, *case))
            .collect();
        let n = numbers.len() as u64;
        numbers.sort_unstable();
        numbers.dedup();
        let groupings = self.groupings(&scored, self.request.intersections);
        let everybody = vec![None; units.len()];
        let level = self.rules.level;
        let of_label = |label: &usize| {
            let scores: Vec<Option<f64>> = all.iter().map(|case| score(*label, *case)).collect();
            let bands = bands(&scores, &units, level)?;
            let of_grouping = |grouping: &Grouping| -> Vec<GroupValues> {
                let slice = split(&bands, &grouping.codes, &units);
                let groups = 0..grouping.slices.len() as u32;
                groups.map(|group| of_group(&slice, group, level)).collect()
            };
            let overall = of_all(&split(&bands, &everybody, &units), level)?;
            Ok((overall, groupings.iter().map(of_grouping).collect()))
        };
        type Values = (Estimate, Vec<Vec<GroupValues>>);
        let values: Vec<Result<Values, Undefined>> = labels.par_iter().map(of_label).collect();
        for (label, values) in labels.iter().zip(values) {
            let (overall, groups) = match values {
                Ok(values) => values,
                Err(undefined) => {
                    self.no_scoring_rate(scheme, Some(*label), undefined);
                    continue;
                }
            };
            let measured = rate(Some(*label), n, Ok(overall));
            self.keep(scheme, measured, numbers.len() as u64, Vec::new(), None);
            for (grouping, groups) in groupings.iter().zip(groups) {
                let about = (Measure::ScoringRate, Some(*label));
                self.keep_groups(scheme, about, grouping, groups);
            }
        }
    }

    /// Says why there is none.
    pub(super) fn no_scoring_rate(
        &mut self,
        scheme: &Scheme,
        label: Option<usize>,
        undefined: Undefined,
    ) {
        let measured = rate(label, 0, Err(undefined));
        self.keep(scheme, measured, 0, Vec::new(), None);
    }
}

fn rate(label: Option<usize>, n: u64, result: Result<Estimate, Undefined>) -> Measured {
    Measured {
        measure: Measure::ScoringRate,
        label,
        n,
        result,
    }
}
