//! What groups of different attributes tell together. Where combinations are empty, one group may hold all of another
//! (a country in its region), and what lies between the two follows from both.

mod given;
mod labels;
mod set;

use std::collections::HashMap;

use self::labels::{Counts, Labels, Side};
use self::set::sets;
use super::crossing::Known;
use super::span::Span;
use super::suppression::Suppressed;
use crate::attribute::Attribute;
use crate::case::{Cases, Names};
use crate::tally::Evaluation;

/// The combinations of groups of all attributes that occur.
pub struct Overlap {
    /// By combination: the group of each attribute, none where it is not known.
    atoms: Vec<Vec<Option<u32>>>,
    /// By case: its combination.
    codes: Vec<u32>,
}

impl Overlap {
    /// Finds the combinations.
    pub fn new(attributes: &[(Attribute, Names)]) -> Self {
        let first = attributes.first();
        let mut codes: Vec<u32> = vec![0; first.map_or(0, |(_, names)| names.codes().len())];
        let mut atoms: Vec<Vec<Option<u32>>> = vec![Vec::new()];
        for (_, names) in attributes {
            let mut numbers: HashMap<(u32, Option<u32>), u32> = HashMap::new();
            let mut longer = Vec::new();
            for (code, group) in codes.iter_mut().zip(names.codes()) {
                *code = *numbers.entry((*code, *group)).or_insert_with(|| {
                    longer.push([atoms[*code as usize].as_slice(), &[*group]].concat());
                    longer.len() as u32 - 1
                });
            }
            atoms = longer;
        }
        Overlap { atoms, codes }
    }

    /// What is suppressed of the groups of all attributes, each by itself and together, where sums over some labels of a
    /// group, one list each, are shown as well.
    pub fn of_attributes(
        &self,
        evaluation: &Evaluation,
        cases: &Cases,
        below: u64,
        sums: &[Vec<usize>],
    ) -> Vec<Suppressed> {
        let mut known = Known::attributes_of(evaluation, cases, below, sums);
        self.close(evaluation, &mut known, below);
        known.into_iter().map(|known| known.suppressed).collect()
    }

    /// The groups of all attributes of which every value is suppressed, by how many of some cases they have.
    pub fn by_size(
        &self,
        attributes: &[(Attribute, Names)],
        below: u64,
        counts: impl Fn(usize) -> bool,
    ) -> Vec<Vec<bool>> {
        let attributes = attributes.iter().enumerate();
        let known = attributes
            .map(|(place, (_, names))| Known::attribute_by_size(place, names, &[], below, &counts));
        let mut known: Vec<Known> = known.collect();
        self.close_by_size(&mut known, below, counts);
        let hidden = known.into_iter().map(|known| known.suppressed.everything);
        hidden.collect()
    }

    /// Suppresses every value of more groups, so that nothing of few of some cases follows from all groups together.
    pub fn close_by_size(&self, known: &mut [Known], below: u64, counts: impl Fn(usize) -> bool) {
        self.close_flags(known, below, counts, |suppressed| {
            &mut suppressed.everything
        });
    }

    /// Suppresses more, so that nothing of few cases follows from all groups together.
    pub fn close(&self, evaluation: &Evaluation, known: &mut [Known], below: u64) {
        let outcome = |case: usize| evaluation.outcomes[case].as_ref();
        let is_judged = |case| outcome(case).is_some();
        self.close_flags(known, below, is_judged, |suppressed| {
            &mut suppressed.coverage
        });
        for Known { suppressed, .. } in known.iter_mut() {
            suppressed.hide_what_coverage_hides();
        }
        let is_answered = |case| outcome(case).is_some_and(|outcome| outcome.answer.is_some());
        self.close_by_size(known, below, is_answered);
        let answered = self.sizes(is_answered);
        let sets = sets(&self.atoms, &answered, known);
        for set in &sets {
            given::close_by_size(set, &set.sizes(&answered), known, below);
        }
        for known in known.iter_mut() {
            known.inherit();
        }
        let with_label = |label: usize| {
            self.sizes(|case| {
                is_answered(case) && outcome(case).is_some_and(|own| own.gold.contains(label))
            })
        };
        let labels: Vec<Vec<u64>> = (0..evaluation.scheme.labels.len())
            .map(with_label)
            .collect();
        for set in &sets {
            let counts = Counts::new(set, &answered, &labels);
            for side in [Side::With, Side::Without] {
                let labels = Labels::new(set, &counts, side, known, below);
                labels.close(known, evaluation.multi_label);
                labels.close_given(known, evaluation.multi_label);
            }
        }
    }

    /// How many of some cases each combination has.
    fn sizes(&self, counts: impl Fn(usize) -> bool) -> Vec<u64> {
        let mut sizes = vec![0; self.atoms.len()];
        let codes = self.codes.iter().enumerate();
        for (_, code) in codes.filter(|(case, _)| counts(*case)) {
            sizes[*code as usize] += 1;
        }
        sizes
    }

    fn close_flags(
        &self,
        known: &mut [Known],
        below: u64,
        counts: impl Fn(usize) -> bool,
        flags: fn(&mut Suppressed) -> &mut Vec<bool>,
    ) {
        let sizes = self.sizes(counts);
        for set in sets(&self.atoms, &sizes, known) {
            if set.full {
                continue;
            }
            let sizes = set.sizes(&sizes);
            let mut span = Span::new(sizes.clone(), set.protected(&sizes, below), below);
            set.totals.iter().for_each(|total| span.know(total));
            for line in set.lines(known, &sizes, 1) {
                let hidden = &mut flags(&mut known[line.known].suppressed)[line.group];
                *hidden = *hidden || !span.show(&line.cells);
            }
        }
    }
}
