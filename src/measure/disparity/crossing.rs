//! Groups of several attributes at once, such as older women, and what may be shown of them: their sums stand beside
//! them as groups of the single attributes.

use std::collections::BTreeMap;

use super::suppression::{Layout, Suppressed};
use super::{Group, Quantity, split, split_by};
use crate::case::{Cases, Names, Unit};
use crate::measure::Measure;
use crate::measure::slice::Slice;
use crate::tally::{Evaluation, Outcome, Tally};

/// The combinations of groups of several attributes that occur.
pub struct Crossing {
    /// The attributes, by their place in the cases.
    pub attributes: Vec<usize>,
    /// By combination: the group of each attribute, by its place among the attribute's names.
    pub cells: Vec<Vec<u32>>,
    /// The combinations that lack groups of some attributes, or of all.
    lacking: Vec<Vec<Option<u32>>>,
    /// By case: its combination; those that lack groups are counted on.
    codes: Vec<u32>,
    names: Vec<String>,
}

impl Crossing {
    /// Crosses attributes.
    pub fn new(cases: &Cases, attributes: &[usize]) -> Self {
        let names_of = |place: &usize| &cases.attributes[*place].1;
        let cell = |case: usize| -> Vec<Option<u32>> {
            let codes = attributes.iter().map(|place| names_of(place).codes()[case]);
            codes.collect()
        };
        let mut all: Vec<Vec<Option<u32>>> = (0..cases.len()).map(cell).collect();
        all.sort_unstable();
        all.dedup();
        let (lacking, complete): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|cell| cell.contains(&None));
        let numbers: BTreeMap<Vec<Option<u32>>, u32> =
            complete.iter().chain(&lacking).cloned().zip(0..).collect();
        let cells: Vec<Vec<u32>> = complete
            .into_iter()
            .map(|cell| cell.into_iter().flatten().collect())
            .collect();
        let name = |cell: &Vec<u32>| {
            let groups = attributes.iter().zip(cell);
            let groups: Vec<&str> = groups
                .map(|(place, code)| names_of(place).names()[*code as usize].as_str())
                .collect();
            groups.join(" and ")
        };
        Crossing {
            attributes: attributes.to_vec(),
            codes: (0..cases.len())
                .filter_map(|case| numbers.get(&cell(case)).copied())
                .collect(),
            names: cells.iter().map(name).collect(),
            lacking,
            cells,
        }
    }

    /// Every way to cross `2..=most` attributes, the fewest first.
    pub fn all(cases: &Cases, most: usize) -> Vec<Crossing> {
        let attributes: Vec<usize> = (0..cases.attributes.len()).collect();
        Crossing::among(cases, &attributes, most)
    }

    /// The same of some attributes.
    pub fn among(cases: &Cases, attributes: &[usize], most: usize) -> Vec<Crossing> {
        let mut chosen: Vec<Vec<usize>> = attributes.iter().map(|place| vec![*place]).collect();
        let mut all = Vec::new();
        for _ in 2..=most.min(attributes.len()) {
            let longer = chosen.iter().flat_map(|places| {
                let last = places.last().copied();
                let next = attributes.iter().filter(move |place| Some(**place) > last);
                next.map(move |place| [places.as_slice(), &[*place]].concat())
            });
            chosen = longer.collect();
            all.extend(chosen.iter().map(|places| Crossing::new(cases, places)));
        }
        all
    }

    /// The names of the attributes, as of one.
    pub fn attribute(&self, cases: &Cases) -> String {
        let names = self.attributes.iter();
        let names: Vec<&str> = names
            .map(|place| cases.attributes[*place].0.name.as_str())
            .collect();
        names.join(" and ")
    }

    /// The combinations as groups of one attribute.
    pub fn groups(&self) -> Names {
        let name = |code: Option<u32>| code.map_or("", |code| &self.names[code as usize]);
        let codes = self.codes();
        Names::from_cells(codes.iter().copied().map(name))
    }

    /// Splits the judged cases by combination.
    pub fn split(&self, evaluation: &Evaluation, cases: &Cases) -> Vec<Group> {
        split_by(evaluation, cases, &self.codes(), &self.names)
    }

    /// By combination: its attributes and groups, by name.
    pub fn slices(&self, cases: &Cases) -> Vec<Vec<(String, String)>> {
        let slice = |cell: &Vec<u32>| {
            let names = self.attributes.iter().zip(cell).map(|(place, code)| {
                let (attribute, names) = &cases.attributes[*place];
                let group = names.names()[*code as usize].clone();
                (attribute.name.clone(), group)
            });
            names.collect()
        };
        self.cells.iter().map(slice).collect()
    }

    /// By combination: its name.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// By case: its combination, by its place in [`Crossing::cells`].
    pub fn codes(&self) -> Vec<Option<u32>> {
        let known = |code: &u32| Some(*code).filter(|code| (*code as usize) < self.cells.len());
        self.codes.iter().map(known).collect()
    }

    /// How many of some cases are in each combination, those that lack groups behind the others.
    pub fn sizes(&self, counts: impl Fn(usize) -> bool) -> Vec<u64> {
        let mut sizes = vec![0; self.cells.len() + self.lacking.len()];
        let codes = self.codes.iter().enumerate();
        for (_, code) in codes.filter(|(case, _)| counts(*case)) {
            sizes[*code as usize] += 1;
        }
        sizes
    }

    /// The judged cases that lack groups, in the order of the combinations that lack them.
    fn lacking(&self, evaluation: &Evaluation, cases: &Cases) -> Vec<Slice<Outcome>> {
        let units = cases.units();
        let mut tallies: Vec<Tally<(Unit, Outcome)>> = vec![Tally::default(); self.lacking.len()];
        for (case, outcome) in evaluation.outcomes.iter().enumerate() {
            let place = (self.codes[case] as usize).checked_sub(self.cells.len());
            if let (Some(outcome), Some(place)) = (outcome, place) {
                tallies[place].count((units[case], *outcome));
            }
        }
        tallies.iter().map(Slice::from_tally).collect()
    }

    /// All combinations, those that lack groups behind the others.
    fn all_cells(&self) -> Vec<Vec<Option<u32>>> {
        let complete = self.cells.iter();
        let complete = complete.map(|cell| cell.iter().copied().map(Some).collect());
        complete.chain(self.lacking.iter().cloned()).collect()
    }
}

/// What is suppressed of differences at equal shares of strata, beside what goes with their combinations.
#[derive(Clone, Default)]
pub(super) struct Given {
    /// The control attributes, by their place in the cases; none where nothing is compared in this way.
    pub(super) controls: Vec<usize>,
    /// By group: every difference.
    pub(super) everything: Vec<bool>,
    /// By label and group: what rests on cases with the label.
    pub(super) labels: Vec<Vec<bool>>,
}

impl Given {
    /// Whether the difference of a group is suppressed.
    pub(super) fn hides(&self, quantity: Quantity, group: usize) -> bool {
        let of_label = quantity
            .label
            .filter(|_| quantity.measure != Measure::SelectionRate)
            .and_then(|label| self.labels.get(label));
        let is = |hidden: &Vec<bool>| hidden.get(group).is_some_and(|hidden| *hidden);
        is(&self.everything) || of_label.is_some_and(is)
    }
}

/// The groups of some attributes, and what is suppressed of them.
pub struct Known {
    pub(super) attributes: Vec<usize>,
    /// By group: its place among the names of each attribute.
    pub(super) cells: Vec<Vec<u32>>,
    /// What is suppressed of them.
    pub suppressed: Suppressed,
    /// What is suppressed of differences at equal shares of strata.
    pub(super) given: Given,
}

impl Known {
    /// The groups of each attribute, by what each tells by itself, where sums over some labels of a group, one list each, are
    /// shown as well.
    pub fn attributes_of(
        evaluation: &Evaluation,
        cases: &Cases,
        below: u64,
        sums: &[Vec<usize>],
    ) -> Vec<Known> {
        let attributes = cases.attributes.iter().enumerate();
        let known = attributes.map(|(place, (_, names))| {
            let groups = split(evaluation, cases, names);
            let suppressed = Suppressed::within(evaluation, &groups, below, &Layout::Line, sums);
            Known::attribute(place, groups.len(), suppressed)
        });
        known.collect()
    }

    /// The groups of one attribute, by how many of some cases they have, where some are suppressed already.
    pub fn attribute_by_size(
        place: usize,
        names: &Names,
        beside: &[bool],
        below: u64,
        counts: impl Fn(usize) -> bool,
    ) -> Known {
        let groups = names.names().len();
        let mut sizes = vec![0; groups];
        let codes = names.codes().iter().enumerate();
        for (_, code) in codes.filter(|(case, _)| counts(*case)) {
            code.iter().for_each(|code| sizes[*code as usize] += 1);
        }
        let everything = Suppressed::by_size(sizes, beside, groups, below, &Layout::Line);
        Known::attribute(place, groups, Suppressed::of_everything(everything))
    }

    /// The groups of one attribute, by its place in the cases.
    fn attribute(place: usize, groups: usize, suppressed: Suppressed) -> Self {
        Known {
            attributes: vec![place],
            cells: (0..groups as u32).map(|code| vec![code]).collect(),
            suppressed,
            given: Given::default(),
        }
    }

    /// The combinations of several.
    pub fn crossing(crossing: &Crossing, suppressed: Suppressed) -> Self {
        Known {
            attributes: crossing.attributes.clone(),
            cells: crossing.cells.clone(),
            suppressed,
            given: Given::default(),
        }
    }

    /// Takes down that groups are compared at equal shares of control attributes, by their place in the cases.
    pub fn compare_at_shares_of(&mut self, controls: Vec<usize>, labels: usize) {
        let groups = self.cells.len();
        self.given = Given {
            controls,
            everything: vec![false; groups],
            labels: vec![vec![false; groups]; labels],
        };
    }

    /// The attributes, by their place in the cases.
    pub fn attributes(&self) -> &[usize] {
        &self.attributes
    }

    /// By group of some of the attributes: the combinations that it is made of.
    pub(super) fn cells_of(&self, groups: &Known) -> Vec<Vec<usize>> {
        let place = |attribute| self.attributes.iter().position(|own| own == attribute);
        let places: Vec<usize> = groups.attributes.iter().filter_map(place).collect();
        let mut cells: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
        for (number, cell) in self.cells.iter().enumerate() {
            let group = places.iter().map(|place| cell[*place]).collect();
            cells.entry(group).or_default().push(number);
        }
        let groups = groups.cells.iter();
        let of_group = groups.map(|group| cells.remove(group).unwrap_or_default());
        of_group.collect()
    }

    /// Whether they are of one attribute.
    pub(super) fn is_of_one(&self) -> bool {
        self.attributes.len() == 1
    }

    /// Suppresses what goes with every value of a group: its labels and, of a combination, coverage.
    pub(super) fn inherit(&mut self) {
        let is_of_one = self.is_of_one();
        let of = &mut self.suppressed;
        for (group, _) in of
            .everything
            .iter()
            .enumerate()
            .filter(|(_, hidden)| **hidden)
        {
            of.labels.iter_mut().for_each(|hidden| hidden[group] = true);
            of.coverage[group] |= !is_of_one;
        }
    }
}

/// What is shown of the sums of combinations.
pub struct Table {
    cells: Vec<Vec<Option<u32>>>,
    /// How many of them lack no group.
    complete: usize,
    /// The cases of the combinations that lack groups.
    pub(super) rest: Vec<Slice<Outcome>>,
    margins: Vec<Margin>,
}

/// The sums over all attributes but some.
struct Margin {
    /// The attributes that are left, by their place in a cell.
    places: Vec<usize>,
    /// The groups of these.
    cells: Vec<Vec<u32>>,
    suppressed: Suppressed,
}

impl Table {
    /// The table of a crossing, with what is known of fewer attributes.
    pub fn new(
        crossing: &Crossing,
        known: &[Known],
        evaluation: &Evaluation,
        cases: &Cases,
    ) -> Self {
        Table {
            rest: crossing.lacking(evaluation, cases),
            ..Table::of_sizes(crossing, known)
        }
    }

    /// The same for what is judged by numbers of cases alone.
    pub fn of_sizes(crossing: &Crossing, known: &[Known]) -> Self {
        let margin = |known: &Known| {
            let of_crossing = |attribute: &usize| {
                let mut places = crossing.attributes.iter();
                places.position(|own| own == attribute)
            };
            let places: Option<Vec<usize>> = known.attributes.iter().map(of_crossing).collect();
            let places = places.filter(|places| places.len() < crossing.attributes.len())?;
            Some(Margin {
                places,
                cells: known.cells.clone(),
                suppressed: known.suppressed.clone(),
            })
        };
        Table {
            cells: crossing.all_cells(),
            complete: crossing.cells.len(),
            rest: Vec::new(),
            margins: known.iter().filter_map(margin).collect(),
        }
    }

    /// The sums of combinations that are shown, of all values or of a label's, and the combinations that belong to a
    /// group that is suppressed itself.
    pub(super) fn lines(&self, label: Option<usize>) -> (Vec<Vec<usize>>, Vec<bool>) {
        let complete = 0..self.complete;
        let mut lines: Vec<Vec<usize>> = vec![complete.collect(), (0..self.cells.len()).collect()];
        let mut inherited = vec![false; self.cells.len()];
        for margin in &self.margins {
            for (place, cell) in margin.cells.iter().enumerate() {
                let holds = |own: &usize| {
                    let own = margin.places.iter().map(|place| self.cells[*own][*place]);
                    own.eq(cell.iter().copied().map(Some))
                };
                let line: Vec<usize> = (0..self.cells.len()).filter(holds).collect();
                let of = &margin.suppressed;
                if of.everything[place] || label.is_some_and(|label| of.labels[label][place]) {
                    line.into_iter().for_each(|own| inherited[own] = true);
                } else {
                    lines.push(line);
                }
            }
        }
        (lines, inherited)
    }
}
