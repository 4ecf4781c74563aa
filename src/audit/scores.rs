//! What an audit measures of scores: ranking, calibration, curves, and distance from raters; and where errors gather.

use std::collections::BTreeSet;

use super::{Measuring, Scored};
use crate::case::Unit;
use crate::measure::calibration;
use crate::measure::curve::{Curve, points, statements};
use crate::measure::error_slice::{self, Search};
use crate::measure::probability::{Rows, probabilities, scores};
use crate::measure::quality::Measured;
use crate::measure::{Comparison, Measure, Measurement, ranking, rater, unit};
use crate::stats::{Estimate, Undefined};
use crate::tally::Evaluation;
use crate::task::Scheme;

impl Measuring<'_> {
    /// Measures the scores that came with the answers; curves are returned.
    pub(super) fn scores(&mut self, evaluation: &Evaluation) -> Vec<Scored> {
        let cases = &self.answer.dataset.cases;
        let predictions = &self.answer.predictions;
        let units = cases.units();
        let ranked = scores(evaluation, predictions);
        let probable = probabilities(evaluation, predictions);
        let mut measured = ranking::areas(evaluation, &ranked, &units, self.rules);
        measured.extend(calibration::measure(
            evaluation, &probable, &units, self.rules,
        ));
        let task = evaluation.scheme.task;
        for ratings in cases
            .ratings
            .iter()
            .filter(|ratings| ratings.scheme.task == task)
        {
            measured.extend(rater::soft(
                evaluation, &probable, ratings, &units, self.rules,
            ));
        }
        let scored = ranked.iter().flatten().enumerate();
        let clusters: BTreeSet<u64> = scored
            .filter_map(|(case, row)| row.as_ref().map(|_| unit(&units, case)))
            .collect();
        for measured in measured {
            self.keep(
                &evaluation.scheme,
                measured,
                clusters.len() as u64,
                Vec::new(),
                None,
            );
        }
        match &ranked {
            Ok(rows) => {
                let score = |label: usize, case: usize| rows[case].as_ref().map(|row| row[label]);
                let labels: Vec<usize> = (0..evaluation.scheme.labels.len()).collect();
                self.scoring_rates(&evaluation.scheme, &labels, &score);
            }
            Err(undefined) => self.no_scoring_rate(&evaluation.scheme, None, undefined.clone()),
        }
        let Ok(rows) = probable else {
            return Vec::new();
        };
        self.scores_by_group(evaluation, &rows, &units);
        let statements = statements(evaluation, &rows);
        [Curve::Reliability, Curve::Selective]
            .into_iter()
            // Several statements about one case have no common order of sureness.
            .filter(|curve| *curve == Curve::Reliability || !evaluation.multi_label)
            .map(|curve| Scored {
                curve,
                points: points(curve, evaluation, &statements, &units, self.rules),
            })
            .collect()
    }

    /// Kinds of cases that the model fails on.
    pub(super) fn failing(&self, evaluation: &Evaluation) -> Result<Search, Undefined> {
        let cases = &self.answer.dataset.cases;
        error_slice::search(evaluation, cases, &cases.units(), self.rules)
    }

    fn scores_by_group(&mut self, evaluation: &Evaluation, rows: &Rows, units: &[Unit]) {
        let scored: Vec<bool> = (0..units.len())
            .map(|case| rows[case].is_some() && evaluation.outcomes[case].is_some())
            .collect();
        for grouping in self.groupings(&scored, 1) {
            for measure in [Measure::Overconfidence, Measure::Brier] {
                let of_group = |group: u32| {
                    let member = |case: usize| grouping.codes[case].map(|code| code == group);
                    calibration::of_group(measure, evaluation, rows, units, member, self.rules)
                };
                let values = (0..grouping.slices.len() as u32).map(of_group).collect();
                self.keep_groups(&evaluation.scheme, (measure, None), &grouping, values);
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
        let measurement = Measurement {
            label: measured
                .label
                .map(|label| scheme.labels[label].name.clone()),
            slice,
            comparison,
            n: measured.n,
            clusters,
            result: measured.result.map(Estimate::rounded),
            ..blank
        };
        self.measurements.push(measurement.uncounted());
    }
}
