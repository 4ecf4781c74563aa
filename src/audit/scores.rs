//! What an audit measures of scores: ranking, calibration, curves, and distance from raters; and where errors gather.

use std::collections::BTreeSet;

use super::{Measuring, Scored};
use crate::attribute::Attribute;
use crate::case::Names;
use crate::measure::calibration::{self, GroupValues, MEANS};
use crate::measure::curve::{Curve, points, statements};
use crate::measure::disparity::withheld;
use crate::measure::error_slice::{self, Search};
use crate::measure::probability::{Rows, probabilities, scores};
use crate::measure::quality::Measured;
use crate::measure::{Comparison, Measure, Measurement, ranking, rater, unit};
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::Evaluation;
use crate::task::Scheme;

impl Measuring<'_> {
    /// Measures the scores that came with the answers; curves are returned.
    pub(super) fn scores(&mut self, evaluation: &Evaluation) -> Vec<Scored> {
        let cases = &self.answer.dataset.cases;
        let predictions = &self.answer.predictions;
        let clusters = cases.dependence().unwrap_or(vec![None; cases.len()]);
        let ranked = scores(evaluation, predictions);
        let probable = probabilities(evaluation, predictions);
        let mut measured = ranking::areas(evaluation, &ranked, &clusters, self.rules);
        measured.extend(calibration::measure(
            evaluation, &probable, &clusters, self.rules,
        ));
        let task = evaluation.scheme.task;
        for ratings in cases
            .ratings
            .iter()
            .filter(|ratings| ratings.scheme.task == task)
        {
            measured.extend(rater::soft(
                evaluation, &probable, ratings, &clusters, self.rules,
            ));
        }
        let units = |rows: &Rows, counts: &dyn Fn(usize) -> bool| {
            let scored = rows.iter().enumerate();
            let scored = scored.filter(|(case, row)| row.is_some() && counts(*case));
            let units: BTreeSet<u64> = scored.map(|(case, _)| unit(&clusters, case)).collect();
            units.len() as u64
        };
        let all = ranked.as_ref().map_or(0, |rows| units(rows, &|_| true));
        for measured in measured {
            self.keep(&evaluation.scheme, measured, all, Vec::new(), None);
        }
        let Ok(rows) = probable else {
            return Vec::new();
        };
        self.scores_by_group(evaluation, &rows, &clusters);
        let statements = statements(evaluation, &rows);
        [Curve::Reliability, Curve::Selective]
            .into_iter()
            // Several statements about one case have no common order of sureness.
            .filter(|curve| *curve == Curve::Reliability || !evaluation.multi_label)
            .map(|curve| Scored {
                curve,
                points: points(curve, &statements, &clusters, self.rules),
            })
            .collect()
    }

    /// Kinds of cases that the model fails on.
    pub(super) fn failing(&self, evaluation: &Evaluation) -> Result<Search, Undefined> {
        let cases = &self.answer.dataset.cases;
        let clusters = cases.dependence().unwrap_or(vec![None; cases.len()]);
        error_slice::search(evaluation, cases, &clusters, self.rules)
    }

    fn scores_by_group(&mut self, evaluation: &Evaluation, rows: &Rows, clusters: &[Option<u32>]) {
        let cases = &self.answer.dataset.cases;
        for (attribute, names) in &cases.attributes {
            for measure in MEANS
                .into_iter()
                .filter(|measure| *measure != Measure::LogLoss)
            {
                let of_group = |group: usize| {
                    let member =
                        |case: usize| names.codes()[case].map(|code| code as usize == group);
                    calibration::of_group(measure, evaluation, rows, clusters, member, self.rules)
                };
                let groups = (0..names.names().len()).map(of_group).collect();
                self.keep_groups(
                    &evaluation.scheme,
                    attribute,
                    names,
                    (measure, None),
                    groups,
                );
            }
        }
    }

    /// What was measured of the groups of an attribute, as far as it may be shown and claimed.
    pub(super) fn keep_groups(
        &mut self,
        scheme: &Scheme,
        attribute: &Attribute,
        names: &Names,
        (measure, label): (Measure, Option<usize>),
        mut groups: Vec<GroupValues>,
    ) {
        let sizes: Vec<u64> = groups.iter().map(|group| group.n).collect();
        for place in withheld(&sizes, self.rules.suppress_below) {
            let detail = format!(
                "not shown, so that nothing is told of fewer than {} cases",
                self.rules.suppress_below
            );
            let undefined = Undefined::new(Reason::Suppressed, detail);
            groups[place].value = Err(undefined.clone());
            groups[place].difference = Err(undefined);
        }
        for (name, group) in names.names().iter().zip(groups) {
            let smaller = group.n.min(group.others);
            let difference = if smaller < self.rules.min_n && group.difference.is_ok() {
                let detail = format!(
                    "{smaller} cases on one side, and nothing is claimed under {}",
                    self.rules.min_n
                );
                Err(Undefined::new(Reason::TooFewCases, detail))
            } else {
                group.difference
            };
            let slice = vec![(attribute.name.clone(), name.clone())];
            for (comparison, result) in [
                (None, group.value),
                (Some(Comparison::DifferenceToOthers), difference),
            ] {
                let measured = Measured {
                    measure,
                    label,
                    n: group.n,
                    result,
                };
                self.keep(scheme, measured, group.clusters, slice.clone(), comparison);
            }
        }
    }

    pub(super) fn keep(
        &mut self,
        scheme: &Scheme,
        measured: Measured,
        clusters: u64,
        slice: Vec<(String, String)>,
        comparison: Option<Comparison>,
    ) {
        let blank = self.blank(measured.measure);
        self.measurements.push(Measurement {
            label: measured
                .label
                .map(|label| scheme.labels[label].name.clone()),
            slice,
            comparison,
            n: measured.n,
            clusters,
            result: measured.result.map(Estimate::rounded),
            ..blank
        });
    }
}
