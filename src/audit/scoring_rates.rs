//! Scoring rates of all cases, of every group, and on request of the groups of several attributes at once.

use rayon::prelude::*;

use super::Measuring;
use super::scores::Listed;
use crate::measure::calibration::GroupValues;
use crate::measure::disparity::crossing::{Crossing, Known, Table};
use crate::measure::disparity::suppression::{Layout, Suppressed};
use crate::measure::quality::Measured;
use crate::measure::scoring_rate::{bands, of_all, of_group, split};
use crate::measure::{Measure, unit};
use crate::stats::{Estimate, Undefined};
use crate::task::Scheme;

/// The scores of labels, case by case.
type Score<'a> = &'a (dyn Fn(usize, usize) -> Option<f64> + Sync);

/// The groups of cases.
struct Grouping {
    /// By case: its group.
    codes: Vec<Option<u32>>,
    groups: Listed,
}

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
        let groupings = self.groupings(&scored);
        let everybody = vec![None; units.len()];
        let level = self.rules.level;
        let of_label = |label: &usize| {
            let scores: Vec<Option<f64>> = all.iter().map(|case| score(*label, *case)).collect();
            let bands = bands(&scores, &units, level)?;
            let of_grouping = |grouping: &Grouping| -> Vec<GroupValues> {
                let slice = split(&bands, &grouping.codes, &units);
                let groups = 0..grouping.groups.slices.len() as u32;
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
                self.keep_listed(scheme, about, &grouping.groups, groups);
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

    /// All attributes, then all combinations of as many as are asked for. What is suppressed follows from how many of
    /// the cases with a score are in each group.
    fn groupings(&self, scored: &[bool]) -> Vec<Grouping> {
        let cases = &self.answer.dataset.cases;
        let below = self.rules.suppress_below;
        let mut groupings = Vec::new();
        let mut known: Vec<Known> = Vec::new();
        for (place, (attribute, names)) in cases.attributes.iter().enumerate() {
            let groups = names.names();
            let of = Known::attribute_by_size(place, names, below, |case| scored[case]);
            known.push(of);
            let slice = |group: &String| vec![(attribute.name.clone(), group.clone())];
            groupings.push(Grouping {
                codes: names.codes().to_vec(),
                groups: Listed {
                    slices: groups.iter().map(slice).collect(),
                    hidden: Vec::new(),
                },
            });
        }
        for crossing in Crossing::all(cases, self.request.intersections) {
            let table = Table::of_sizes(&crossing, &known);
            let groups = crossing.cells.len();
            let sizes = crossing.sizes(|case| scored[case]);
            let hidden = Suppressed::by_size(sizes, groups, below, &Layout::Table(&table));
            let suppressed = Suppressed::of_everything(hidden);
            groupings.push(Grouping {
                codes: crossing.codes(),
                groups: Listed {
                    slices: crossing.slices(cases),
                    hidden: Vec::new(),
                },
            });
            known.push(Known::crossing(&crossing, suppressed));
        }
        self.overlap
            .close_by_size(&mut known, below, |case| scored[case]);
        for (grouping, known) in groupings.iter_mut().zip(known) {
            grouping.groups.hidden = known.suppressed.everything;
        }
        groupings
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
