//! Every attribute of a dataset, group by group, and on request the groups of several attributes at once.

use super::Measuring;
use crate::attribute::Attribute;
use crate::case::Names;
use crate::measure::control;
use crate::measure::disparity::crossing::{Crossing, Known, Table};
use crate::measure::disparity::given::Strata;
use crate::measure::disparity::suppression::{Layout, Suppressed};
use crate::measure::disparity::{self, Beside, Group, GroupMeasured};
use crate::measure::quality::Measured;
use crate::measure::{Comparison, Measurement};
use crate::stats::Estimate;
use crate::tally::Evaluation;

impl Measuring<'_> {
    /// All attributes, then all combinations of as many as are asked for.
    pub(super) fn groups(&mut self, evaluation: &Evaluation) {
        let cases = &self.answer.dataset.cases;
        let mut known: Vec<Known> = Vec::new();
        for (place, (attribute, names)) in cases.attributes.iter().enumerate() {
            let groups = disparity::split(evaluation, cases, names);
            self.attribute(evaluation, attribute, names, &groups);
            if self.request.intersections > 1 {
                let suppressed = self.suppressed(evaluation, &groups, &Layout::Line);
                known.push(Known::attribute(place, groups.len(), suppressed));
            }
        }
        for crossing in Crossing::all(cases, self.request.intersections) {
            let table = Table::new(&crossing, &known, evaluation, cases);
            let groups = crossing.split(evaluation, cases);
            let beside = Beside {
                layout: Layout::Table(&table),
                ..Beside::default()
            };
            let measured = disparity::measure(evaluation, &groups, self.rules, &beside);
            let slices = crossing.slices(cases);
            self.push_groups(evaluation, &groups, &slices, measured);
            let suppressed = self.suppressed(evaluation, &groups, &beside.layout);
            known.push(Known::crossing(&crossing, suppressed));
        }
    }

    fn suppressed(
        &self,
        evaluation: &Evaluation,
        groups: &[Group],
        layout: &Layout<'_>,
    ) -> Suppressed {
        Suppressed::new(evaluation, groups, self.rules.suppress_below, layout)
    }

    fn attribute(
        &mut self,
        evaluation: &Evaluation,
        attribute: &Attribute,
        names: &Names,
        groups: &[Group],
    ) {
        let cases = &self.answer.dataset.cases;
        let mut references = self.request.references.iter();
        let reference = references.find(|(name, _)| *name == attribute.name);
        let controls: Vec<(&str, &Names)> = cases
            .attributes
            .iter()
            .filter(|(other, _)| {
                other.name != attribute.name && self.request.controls.contains(&other.name)
            })
            .map(|(other, names)| (other.name.as_str(), names))
            .collect();
        let beside = Beside {
            reference: reference
                .and_then(|(_, wanted)| groups.iter().position(|group| group.name == *wanted)),
            strata: (!controls.is_empty())
                .then(|| Strata::new(evaluation, cases, names, &controls)),
            layout: Layout::Line,
        };
        let measured = disparity::measure(evaluation, groups, self.rules, &beside);
        let slice = |group: &Group| vec![(attribute.name.clone(), group.name.clone())];
        let slices: Vec<Vec<(String, String)>> = groups.iter().map(slice).collect();
        self.push_groups(evaluation, groups, &slices, measured);
        for (place, measured) in disparity::worst::worst(evaluation, groups, self.rules) {
            let clusters = groups[place].slice.clusters;
            let comparison = Some(Comparison::WorstDifference);
            self.push(evaluation, measured, comparison, &slices[place], clusters);
        }
        // Constructed sentences are the same in every group: what is compared within their sets says more.
        if evaluation.source.is_of_people() {
            self.gaps(evaluation, attribute, groups);
        }
        let subject = self.subject(&attribute.name);
        self.controls.extend(control::constant_model(
            evaluation, groups, &subject, self.rules,
        ));
        self.controls
            .extend(control::shuffled_groups(groups, &subject, self.rules));
    }

    fn gaps(&mut self, evaluation: &Evaluation, attribute: &Attribute, groups: &[Group]) {
        let clusters = groups.iter().map(|group| group.slice.clusters).sum();
        let gaps = disparity::gap::gaps(evaluation, groups, &attribute.name, self.rules);
        for (measured, comparison) in gaps {
            self.push(evaluation, measured, Some(comparison), &[], clusters);
        }
    }

    fn push_groups(
        &mut self,
        evaluation: &Evaluation,
        groups: &[Group],
        slices: &[Vec<(String, String)>],
        measured: Vec<Vec<GroupMeasured>>,
    ) {
        for ((group, slice), measured) in groups.iter().zip(slices).zip(measured) {
            for GroupMeasured {
                measured,
                comparison,
            } in measured
            {
                self.push(
                    evaluation,
                    measured,
                    comparison,
                    slice,
                    group.slice.clusters,
                );
            }
        }
    }

    fn push(
        &mut self,
        evaluation: &Evaluation,
        measured: Measured,
        comparison: Option<Comparison>,
        slice: &[(String, String)],
        clusters: u64,
    ) {
        let blank = self.blank(measured.measure);
        let label = measured.label;
        let measurement = Measurement {
            label: label.map(|label| evaluation.scheme.labels[label].name.clone()),
            slice: slice.to_vec(),
            comparison,
            n: measured.n,
            clusters,
            result: measured.result.map(Estimate::rounded),
            ..blank
        };
        self.measurements.push(measurement.uncounted());
    }
}
