//! Every attribute of a dataset, group by group, and on request the groups of several attributes at once.

use std::collections::BTreeSet;

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
    /// All attributes, then all combinations of as many as are asked for. What is suppressed of the attributes is
    /// returned.
    pub(super) fn groups(&mut self, evaluation: &Evaluation) -> Vec<Suppressed> {
        let cases = &self.answer.dataset.cases;
        let crossings = Crossing::all(cases, self.request.intersections);
        let known = self.known(evaluation, &crossings);
        let shown = known.iter().take(cases.attributes.len() + crossings.len());
        self.coverage_hidden = shown.map(|of| of.suppressed.coverage.clone()).collect();
        for (place, (attribute, names)) in cases.attributes.iter().enumerate() {
            let groups = disparity::split(evaluation, cases, names);
            let strata = self.strata(
                evaluation,
                &known,
                &known[place],
                (names.codes(), names.names()),
            );
            let suppressed = &known[place].suppressed;
            self.attribute(evaluation, attribute, &groups, strata, suppressed);
        }
        for (crossing, of) in crossings.iter().zip(&known[cases.attributes.len()..]) {
            let groups = crossing.split(evaluation, cases);
            let slices = crossing.slices(cases);
            let codes = crossing.codes();
            let beside = Beside {
                suppressed: Some(&of.suppressed),
                reference: self.reference(&slices),
                strata: self.strata(evaluation, &known, of, (&codes, crossing.names())),
            };
            let measured = disparity::measure(evaluation, &groups, self.rules, &beside);
            self.push_groups(evaluation, &groups, &slices, measured);
        }
        let of_attributes = known.into_iter().take(cases.attributes.len());
        of_attributes.map(|known| known.suppressed).collect()
    }

    /// What is suppressed of all attributes, then of all combinations, then of those with strata.
    fn known(&self, evaluation: &Evaluation, crossings: &[Crossing]) -> Vec<Known> {
        let cases = &self.answer.dataset.cases;
        let below = self.rules.suppress_below;
        let mut known = Known::attributes_of(evaluation, cases, below, &[]);
        let mut add = |crossing: &Crossing| {
            let table = Table::new(crossing, &known, evaluation, cases);
            let groups = crossing.split(evaluation, cases);
            let suppressed = Suppressed::new(evaluation, &groups, below, &Layout::Table(&table));
            known.push(Known::crossing(crossing, suppressed));
        };
        crossings.iter().for_each(&mut add);
        let mut with_strata: BTreeSet<Vec<usize>> = BTreeSet::new();
        let attributes = (0..cases.attributes.len()).map(|place| vec![place]);
        for of in attributes.chain(crossings.iter().map(|of| of.attributes.clone())) {
            let (joint, controls) = self.joint(&of);
            let is_new = crossings.iter().all(|of| of.attributes != joint);
            if is_new && !controls.is_empty() && with_strata.insert(joint.clone()) {
                add(&Crossing::new(cases, &joint));
            }
        }
        let labels = evaluation.scheme.labels.len();
        for known in &mut known {
            let (_, controls) = self.joint(known.attributes());
            known.compare_at_shares_of(controls, labels);
        }
        self.overlap.close(evaluation, &mut known, below);
        known
    }

    /// The group all of whose attributes' groups are references.
    fn reference(&self, slices: &[Vec<(String, String)>]) -> Option<usize> {
        let is_reference = |one: &(String, String)| self.request.references.contains(one);
        let mut slices = slices.iter();
        slices.position(|slice| slice.iter().all(is_reference))
    }

    /// Attributes together with the control attributes that they are not themselves; and these alone.
    fn joint(&self, attributes: &[usize]) -> (Vec<usize>, Vec<usize>) {
        let cases = &self.answer.dataset.cases;
        let is_control = |place: &usize| {
            let name = &cases.attributes[*place].0.name;
            self.request.controls.contains(name) && !attributes.contains(place)
        };
        let controls: Vec<usize> = (0..cases.attributes.len()).filter(is_control).collect();
        let mut joint = [attributes, &controls].concat();
        joint.sort_unstable();
        (joint, controls)
    }

    /// The strata of the control attributes that groups are not groups of themselves. Groups are also given as a code for
    /// each case and by name.
    fn strata(
        &self,
        evaluation: &Evaluation,
        known: &[Known],
        of: &Known,
        groups: (&[Option<u32>], &[String]),
    ) -> Option<Strata> {
        let cases = &self.answer.dataset.cases;
        let (joint, places) = self.joint(of.attributes());
        if places.is_empty() {
            return None;
        }
        let named = places.iter().map(|place| &cases.attributes[*place]);
        let controls: Vec<(&str, &Names)> = named
            .map(|(attribute, names)| (attribute.name.as_str(), names))
            .collect();
        let joint = known.iter().find(|known| known.attributes() == joint)?;
        let strata = Strata::new(evaluation, cases, groups, &controls);
        Some(strata.hiding(joint, of))
    }

    fn attribute(
        &mut self,
        evaluation: &Evaluation,
        attribute: &Attribute,
        groups: &[Group],
        strata: Option<Strata>,
        suppressed: &Suppressed,
    ) {
        let slice = |group: &Group| vec![(attribute.name.clone(), group.name.clone())];
        let slices: Vec<Vec<(String, String)>> = groups.iter().map(slice).collect();
        let beside = Beside {
            reference: self.reference(&slices),
            strata,
            suppressed: Some(suppressed),
        };
        let measured = disparity::measure(evaluation, groups, self.rules, &beside);
        self.push_groups(evaluation, groups, &slices, measured);
        for (place, measured) in disparity::worst::worst(evaluation, groups, suppressed, self.rules)
        {
            let clusters = groups[place].slice.clusters;
            let comparison = Some(Comparison::WorstDifference);
            self.push(evaluation, measured, comparison, &slices[place], clusters);
        }
        // Constructed sentences are the same in every group: what is compared within their sets says more.
        if evaluation.source.is_of_people() {
            self.gaps(evaluation, attribute, groups, suppressed);
        }
        let subject = self.subject(&attribute.name);
        self.controls.extend(control::constant_model(
            evaluation, groups, &subject, self.rules,
        ));
        self.controls
            .extend(control::shuffled_groups(groups, &subject, self.rules));
    }

    fn gaps(
        &mut self,
        evaluation: &Evaluation,
        attribute: &Attribute,
        groups: &[Group],
        suppressed: &Suppressed,
    ) {
        let clusters = groups.iter().map(|group| group.slice.clusters).sum();
        let gaps =
            disparity::gap::gaps(evaluation, groups, &attribute.name, suppressed, self.rules);
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
