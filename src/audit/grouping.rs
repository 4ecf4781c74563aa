//! Groups whose sizes are all that decides what is suppressed of them: of attributes and, on request, of several at once.

use super::Measuring;
use crate::measure::calibration::GroupValues;
use crate::measure::disparity::claimed;
use crate::measure::disparity::crossing::{Crossing, Known, Table};
use crate::measure::disparity::suppression::{Layout, Suppressed};
use crate::measure::quality::Measured;
use crate::measure::{Comparison, Measure};
use crate::stats::Undefined;
use crate::task::Scheme;

/// Groups that lie beside each other.
pub(super) struct Grouping {
    /// By case: its group.
    pub(super) codes: Vec<Option<u32>>,
    /// By group: its attributes and values.
    pub(super) slices: Vec<Vec<(String, String)>>,
    /// By group: whether it is suppressed.
    pub(super) hidden: Vec<bool>,
}

impl Measuring<'_> {
    /// All attributes, then all combinations of up to some number of them. Only some of the cases count; of the groups whose
    /// coverage is suppressed, as far as that is known yet, all is.
    pub(super) fn groupings(&self, counts: &[bool], crossed: usize) -> Vec<Grouping> {
        let mut beside = self.coverage_hidden.iter().map(Vec::as_slice);
        let mut beside = || beside.next().unwrap_or_default();
        let cases = &self.answer.dataset.cases;
        let below = self.rules.suppress_below;
        let mut groupings = Vec::new();
        let mut known: Vec<Known> = Vec::new();
        for (place, (attribute, names)) in cases.attributes.iter().enumerate() {
            let of = Known::attribute_by_size(place, names, beside(), below, |case| counts[case]);
            known.push(of);
            let slice = |group: &String| vec![(attribute.name.clone(), group.clone())];
            groupings.push(Grouping {
                codes: names.codes().to_vec(),
                slices: names.names().iter().map(slice).collect(),
                hidden: Vec::new(),
            });
        }
        for crossing in Crossing::all(cases, crossed) {
            let table = Table::of_sizes(&crossing, &known);
            let groups = crossing.cells.len();
            let sizes = crossing.sizes(|case| counts[case]);
            let layout = Layout::Table(&table);
            let hidden = Suppressed::by_size(sizes, beside(), groups, below, &layout);
            let suppressed = Suppressed::of_everything(hidden);
            groupings.push(Grouping {
                codes: crossing.codes(),
                slices: crossing.slices(cases),
                hidden: Vec::new(),
            });
            known.push(Known::crossing(&crossing, suppressed));
        }
        self.overlap
            .close_by_size(&mut known, below, |case| counts[case]);
        for (grouping, known) in groupings.iter_mut().zip(known) {
            grouping.hidden = known.suppressed.everything;
        }
        groupings
    }

    /// What was measured of groups, without the values of those that are suppressed and the differences that are not claimed.
    pub(super) fn keep_groups(
        &mut self,
        scheme: &Scheme,
        (measure, label): (Measure, Option<usize>),
        grouping: &Grouping,
        groups: Vec<GroupValues>,
    ) {
        let places = grouping.slices.iter().zip(&grouping.hidden);
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
}
