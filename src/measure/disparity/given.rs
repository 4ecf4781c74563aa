//! Differences at equal shares of control attributes: a gap between countries may be one of text lengths.

use std::collections::BTreeMap;

use super::super::Rules;
use super::super::slice::Slice;
use super::super::sum::Sum;
use super::crossing::{Given, Known};
use super::sums::few;
use super::suppression::Suppressed;
use super::{Group, Quantity, claimed, split_by};
use crate::case::{Cases, Names};
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::{Evaluation, Outcome};

/// The groups of an attribute, split further by control attributes.
pub struct Strata {
    /// The control attributes.
    pub controls: Vec<String>,
    /// By stratum, all groups.
    strata: Vec<Vec<Group>>,
    /// By group its combinations with strata, what is suppressed of those, and of the differences.
    hidden: Option<(Vec<Vec<usize>>, Suppressed, Given)>,
}

impl Strata {
    /// Splits groups, given as a code for each case and by name, by control attributes. Cases with a blank among these are
    /// left out.
    pub fn new(
        evaluation: &Evaluation,
        cases: &Cases,
        (groups, names): (&[Option<u32>], &[String]),
        controls: &[(&str, &Names)],
    ) -> Self {
        let mut by_stratum: BTreeMap<Vec<u32>, Vec<Option<u32>>> = BTreeMap::new();
        for (case, group) in groups.iter().enumerate() {
            let stratum = controls.iter().map(|(_, names)| names.codes()[case]);
            if let Some(stratum) = stratum.collect::<Option<Vec<u32>>>() {
                let codes = by_stratum.entry(stratum);
                codes.or_insert_with(|| vec![None; cases.len()])[case] = *group;
            }
        }
        let strata = by_stratum
            .values()
            .map(|codes| split_by(evaluation, cases, codes, names));
        Strata {
            hidden: None,
            strata: strata.collect(),
            controls: controls
                .iter()
                .map(|(name, _)| (*name).to_owned())
                .collect(),
        }
    }

    /// With what is suppressed of the combinations of groups and strata. With two strata a difference at equal shares tells
    /// of both, to who knows how many cases they have, so that it is shown of a group none of whose combinations is
    /// suppressed.
    #[must_use]
    pub fn hiding(self, combinations: &Known, groups: &Known) -> Self {
        let suppressed = combinations.suppressed.clone();
        Strata {
            hidden: Some((
                combinations.cells_of(groups),
                suppressed,
                groups.given.clone(),
            )),
            ..self
        }
    }

    /// Whether a measure of a group is suppressed.
    pub(super) fn hides(&self, quantity: Quantity, place: usize) -> bool {
        self.hidden
            .as_ref()
            .is_some_and(|(cells, suppressed, given)| {
                let mut cells = cells[place].iter();
                let of_cell =
                    |cell: &usize| suppressed.hides(quantity.measure, quantity.label, *cell);
                given.hides(quantity, place) || cells.any(of_cell)
            })
    }

    /// The difference of a group to the pooled others, had both the strata of both together: direct standardisation
    /// (Rothman, Greenland & Lash 2008, chapter 4; for models Kamiran, Žliobaitė & Calders 2013). The weights are taken
    /// as known. Strata that one side has no case of cannot be compared; where they hold more than half of the group,
    /// there is no value. Also gives the number of the group's cases that were compared.
    ///
    /// Of a stratum the cases of both sides together are shown, as a group of the control attributes: with one stratum of
    /// few cases the value would tell of them.
    pub(super) fn difference(
        &self,
        quantity: Quantity,
        place: usize,
        evaluation: &Evaluation,
        rules: &Rules,
    ) -> (u64, Result<Estimate, Undefined>) {
        let mut compared: Vec<(&Slice<Outcome>, &Slice<Outcome>)> = Vec::new();
        let (mut own_cases, mut own_compared, mut other_cases) = (0, 0, 0);
        let mut tells_of_few = false;
        for groups in &self.strata {
            let (own, others) = (&groups[place].slice, &groups[place].others);
            let sides = (quantity.trials(own), quantity.trials(others));
            own_cases += sides.0;
            let asked = quantity.linear(&[own, others], evaluation);
            for (side, trials) in [(own, sides.0), (others, sides.1)] {
                let fewest = asked.as_ref().map_or(trials, |linear| linear.trials(side));
                tells_of_few |=
                    few(trials, rules.suppress_below) || few(fewest, rules.suppress_below);
            }
            if sides.0 > 0 && sides.1 > 0 && asked.is_ok() {
                own_compared += sides.0;
                other_cases += sides.1;
                compared.push((own, others));
            }
        }
        if tells_of_few {
            let suppressed = Undefined::suppressed(rules.suppress_below);
            return (own_compared, Err(suppressed));
        }
        if own_compared * 2 < own_cases || compared.is_empty() {
            let detail = format!(
                "only {own_compared} of {own_cases} cases have others of the same {} beside them",
                self.controls.join(" and ")
            );
            return (own_compared, Err(Undefined::new(Reason::NoPairs, detail)));
        }
        let mut sum = Sum::new(0.0);
        let mass = |(own, others): &(&Slice<Outcome>, &Slice<Outcome>)| {
            quantity.mass(own) + quantity.mass(others)
        };
        let all: f64 = compared.iter().map(mass).sum();
        for (own, others) in compared {
            let weight = mass(&(own, others)) / all;
            let added = quantity
                .linear(&[own, others], evaluation)
                .and_then(|linear| linear.add_difference(&mut sum, weight, own, others));
            if let Err(undefined) = added {
                return (own_compared, Err(undefined));
            }
        }
        let smaller = own_compared.min(other_cases);
        let result = claimed(smaller, rules, sum.estimate(rules.level));
        (own_compared, result)
    }
}
