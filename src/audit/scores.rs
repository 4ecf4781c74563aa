//! What an audit measures of scores: ranking, calibration, curves, and distance from raters; and where errors gather.

use std::collections::BTreeSet;

use super::{Measuring, Scored};
use crate::attribute::Attribute;
use crate::case::{Names, Unit};
use crate::measure::calibration::{self, GroupValues};
use crate::measure::curve::{Curve, points, statements};
use crate::measure::disparity::{claimed, suppressed};
use crate::measure::error_slice::{self, Search};
use crate::measure::probability::{Rows, probabilities, scores};
use crate::measure::quality::Measured;
use crate::measure::{Comparison, Measure, Measurement, ranking, rater, unit};
use crate::stats::{Estimate, Undefined};
use crate::tally::Evaluation;
use crate::task::Scheme;

/// Groups that lie beside each other.
pub(super) struct Listed {
    /// By group: its attributes and values.
    pub(super) slices: Vec<Vec<(String, String)>>,
    /// By group: whether it is suppressed.
    pub(super) hidden: Vec<bool>,
}

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
        let attributes = &self.answer.dataset.cases.attributes;
        let counts = |case: usize| rows[case].is_some() && evaluation.outcomes[case].is_some();
        let below = self.rules.suppress_below;
        let hidden = self.overlap.by_size(attributes, below, counts);
        for ((attribute, names), hidden) in attributes.iter().zip(&hidden) {
            for measure in [Measure::Overconfidence, Measure::Brier] {
                let of_group = |group: usize| {
                    let member =
                        |case: usize| names.codes()[case].map(|code| code as usize == group);
                    calibration::of_group(measure, evaluation, rows, units, member, self.rules)
                };
                let groups = (0..names.names().len()).map(of_group).collect();
                self.keep_groups(
                    &evaluation.scheme,
                    (attribute, names, hidden),
                    (measure, None),
                    groups,
                );
            }
        }
    }

    /// What was measured of the groups of an attribute, as far as it may be shown and claimed; some are hidden for what
    /// they tell together with other attributes.
    pub(super) fn keep_groups(
        &mut self,
        scheme: &Scheme,
        (attribute, names, hidden): (&Attribute, &Names, &[bool]),
        (measure, label): (Measure, Option<usize>),
        groups: Vec<GroupValues>,
    ) {
        let sizes: Vec<u64> = groups.iter().map(|group| group.n).collect();
        let alone = suppressed(&sizes, self.rules.suppress_below);
        let hidden = alone.iter().zip(hidden).map(|(one, other)| *one || *other);
        let hidden = hidden.collect();
        let slice = |name: &String| vec![(attribute.name.clone(), name.clone())];
        let slices = names.names().iter().map(slice).collect();
        self.keep_listed(scheme, (measure, label), &Listed { slices, hidden }, groups);
    }

    /// What was measured of groups, without the values of those that are suppressed and the differences that are not claimed.
    pub(super) fn keep_listed(
        &mut self,
        scheme: &Scheme,
        (measure, label): (Measure, Option<usize>),
        listed: &Listed,
        groups: Vec<GroupValues>,
    ) {
        let places = listed.slices.iter().zip(&listed.hidden);
        for ((slice, hidden), group) in places.zip(groups) {
            let smaller = group.n.min(group.others);
            let difference = group.difference;
            let difference = difference.and_then(|found| claimed(smaller, self.rules, Ok(found)));
            for (comparison, result) in [
                (None, group.value),
                (Some(Comparison::DifferenceToOthers), difference),
            ] {
                let result = match hidden {
                    true => Err(Undefined::suppressed(self.rules.suppress_below)),
                    false => result,
                };
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
