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
        let crossings = Crossing::all(cases, self.request.intersections);
        let known = self.known(evaluation, &crossings);
        for (place, (attribute, names)) in cases.attributes.iter().enumerate() {
            let groups = disparity::split(evaluation, cases, names);
            let cells: Vec<Vec<u32>> = (0..groups.len() as u32).map(|code| vec![code]).collect();
            let strata = self.strata(
                evaluation,
                &known,
                (&[place], &cells),
                (names.codes(), names.names()),
            );
            self.attribute(evaluation, attribute, &groups, strata);
        }
        for crossing in &crossings {
            let table = Table::new(crossing, &known, evaluation, cases);
            let groups = crossing.split(evaluation, cases);
            let slices = crossing.slices(cases);
            let codes = crossing.codes();
            let beside = Beside {
                layout: Layout::Table(&table),
                reference: self.reference(&slices),
                strata: self.strata(
                    evaluation,
                    &known,
                    (&crossing.attributes, &crossing.cells),
                    (&codes, crossing.names()),
                ),
            };
            let measured = disparity::measure(evaluation, &groups, self.rules, &beside);
            self.push_groups(evaluation, &groups, &slices, measured);
        }
    }

    /// What is suppressed of all attributes and combinations, where more is shown than attributes one by one.
    fn known(&self, evaluation: &Evaluation, crossings: &[Crossing]) -> Vec<Known> {
        let cases = &self.answer.dataset.cases;
        if crossings.is_empty() && self.request.controls.is_empty() {
            return Vec::new();
        }
        let attribute = |(place, (_, names)): (usize, &(Attribute, Names))| {
            let groups = disparity::split(evaluation, cases, names);
            let suppressed = self.suppressed(evaluation, &groups, &Layout::Line);
            Known::attribute(place, groups.len(), suppressed)
        };
        let attributes = cases.attributes.iter().enumerate();
        let mut known: Vec<Known> = attributes.map(attribute).collect();
        for crossing in crossings {
            let suppressed = self.suppressed_in_table(evaluation, crossing, &known);
            known.push(Known::crossing(crossing, suppressed));
        }
        known
    }

    /// The group all of whose attributes' groups are references.
    fn reference(&self, slices: &[Vec<(String, String)>]) -> Option<usize> {
        let is_reference = |one: &(String, String)| self.request.references.contains(one);
        let mut slices = slices.iter();
        slices.position(|slice| slice.iter().all(is_reference))
    }

    /// The strata of the control attributes that groups are not groups of themselves. Groups are given as their places
    /// among the names of attributes, and as a code for each case and by name.
    fn strata(
        &self,
        evaluation: &Evaluation,
        known: &[Known],
        (attributes, cells): (&[usize], &[Vec<u32>]),
        groups: (&[Option<u32>], &[String]),
    ) -> Option<Strata> {
        let cases = &self.answer.dataset.cases;
        let is_control = |place: &usize| {
            let name = &cases.attributes[*place].0.name;
            self.request.controls.contains(name) && !attributes.contains(place)
        };
        let places: Vec<usize> = (0..cases.attributes.len()).filter(is_control).collect();
        if places.is_empty() {
            return None;
        }
        let named = places.iter().map(|place| &cases.attributes[*place]);
        let controls: Vec<(&str, &Names)> = named
            .map(|(attribute, names)| (attribute.name.as_str(), names))
            .collect();
        let mut joint = [attributes, &places].concat();
        joint.sort_unstable();
        let crossing = Crossing::new(cases, &joint);
        let suppressed = self.suppressed_in_table(evaluation, &crossing, known);
        let strata = Strata::new(evaluation, cases, groups, &controls);
        Some(strata.hiding(&crossing, suppressed, attributes, cells))
    }

    fn suppressed_in_table(
        &self,
        evaluation: &Evaluation,
        crossing: &Crossing,
        known: &[Known],
    ) -> Suppressed {
        let cases = &self.answer.dataset.cases;
        let table = Table::new(crossing, known, evaluation, cases);
        let groups = crossing.split(evaluation, cases);
        self.suppressed(evaluation, &groups, &Layout::Table(&table))
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
        groups: &[Group],
        strata: Option<Strata>,
    ) {
        let slice = |group: &Group| vec![(attribute.name.clone(), group.name.clone())];
        let slices: Vec<Vec<(String, String)>> = groups.iter().map(slice).collect();
        let beside = Beside {
            reference: self.reference(&slices),
            strata,
            layout: Layout::Line,
        };
        let measured = disparity::measure(evaluation, groups, self.rules, &beside);
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
