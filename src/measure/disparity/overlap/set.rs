//! Some attributes whose groups are solved together, and the sums that are shown of their combinations.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::crossing::Known;
use super::super::sums::few;

/// More combinations than this are not solved together.
const MOST_CELLS: usize = 20_000;

/// More work than this, sums squared times cells, is not spent on some attributes: what the largest sums tell is left out.
const MOST_WORK: usize = 400_000_000;

/// The group of each of some attributes, none where it is not known.
type Cell = Vec<Option<u32>>;

/// Some attributes, and the combinations of their groups that may occur as far as a reader knows.
pub(super) struct Set {
    attributes: Vec<usize>,
    pub(super) cells: Vec<Cell>,
    /// By combination of all attributes: the one here.
    of_atom: Vec<Option<usize>>,
    /// The combinations of each group of an attribute or several, as far as a reader knows which of these occur.
    groups: Vec<Vec<usize>>,
    /// The combinations that differences between groups are about, whatever is suppressed: all of them, and those with a
    /// known group of some attributes.
    pub(super) totals: Vec<Vec<usize>>,
    /// Whether all combinations occur. Then nothing follows but from one table.
    pub(super) full: bool,
}

/// Groups, those first that are rather shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Of one attribute. What data hold of these is told whatever else is.
    OfOne,
    /// Each a combination.
    Finest,
    Other,
}

/// A group as a sum of combinations.
pub(super) struct Line {
    /// Its place among what is known.
    pub(super) known: usize,
    pub(super) group: usize,
    pub(super) cells: Vec<usize>,
    pub(super) cases: u64,
    kind: Kind,
}

impl Line {
    /// What comes later is rather suppressed: how large a group is of several attributes, unless it is a combination of all.
    pub(super) fn order(&self) -> (Kind, Reverse<u64>) {
        (self.kind, Reverse(self.cases))
    }
}

/// The attributes that are solved together: up to one more than are combined or, since it may be common knowledge which
/// group lies within which, than two. A reader knows which combinations of as many occur, or of two. Of many attributes the
/// largest sums may be left out, so that fewer are solved as well.
pub(super) fn sets(atoms: &[Cell], sizes: &[u64], known: &[Known]) -> Vec<Set> {
    let attributes = atoms.first().map_or(0, Vec::len);
    let combined = known.iter().map(|known| known.attributes.len()).max();
    let depth = combined.unwrap_or(1).max(2).min(attributes);
    if depth < 2 {
        return Vec::new();
    }
    let occurring = |many: usize| -> BTreeMap<Vec<usize>, BTreeSet<Cell>> {
        let of = |chosen: Vec<usize>| {
            let atoms = atoms.iter().zip(sizes).filter(|(_, size)| **size > 0);
            let cells = atoms.map(|(atom, _)| part(atom, &chosen)).collect();
            (chosen, cells)
        };
        choices(attributes, many).into_iter().map(of).collect()
    };
    let mut sets = Vec::new();
    let mut deepest = BTreeMap::new();
    for many in 2..=depth {
        deepest = occurring(many);
        for (chosen, cells) in &deepest {
            let cells = cells.iter().cloned().collect();
            sets.push(Set::new(chosen.clone(), cells, atoms, depth, known));
        }
    }
    for chosen in choices(attributes, depth + 1) {
        if let Some(cells) = possible(&chosen, &deepest) {
            sets.push(Set::new(chosen, cells, atoms, depth, known));
        }
    }
    sets
}

/// The combinations of groups of some attributes all of whose parts occur, unless there are too many.
fn possible(
    chosen: &[usize],
    occurring: &BTreeMap<Vec<usize>, BTreeSet<Cell>>,
) -> Option<Vec<Cell>> {
    let (last, first) = chosen.split_last()?;
    let of_last = occurring.iter().find(|(of, _)| of.last() == Some(last))?.1;
    let values: BTreeSet<Option<u32>> = of_last
        .iter()
        .filter_map(|cell| cell.last().copied())
        .collect();
    let parts: Vec<(Vec<usize>, &BTreeSet<Cell>)> = occurring
        .iter()
        .filter(|(of, _)| within(of, chosen))
        .map(|(of, cells)| {
            let place = |attribute| chosen.iter().position(|own| own == attribute);
            (of.iter().filter_map(place).collect(), cells)
        })
        .collect();
    let mut cells = Vec::new();
    for cell in occurring.get(first)? {
        for value in &values {
            let cell = [cell.as_slice(), &[*value]].concat();
            let mut parts = parts.iter();
            if parts.all(|(places, occurring)| occurring.contains(&part(&cell, places))) {
                cells.push(cell);
            }
        }
        if cells.len() > MOST_CELLS {
            return None;
        }
    }
    Some(cells)
}

/// Every way to choose as many attributes.
fn choices(attributes: usize, many: usize) -> Vec<Vec<usize>> {
    let mut chosen: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..many {
        let longer = chosen.iter().flat_map(|places| {
            let next = places.last().map_or(0, |last| last + 1);
            (next..attributes).map(move |place| [places.as_slice(), &[place]].concat())
        });
        chosen = longer.collect();
    }
    chosen
}

fn within(part: &[usize], whole: &[usize]) -> bool {
    part.iter().all(|own| whole.contains(own))
}

fn part(cell: &[Option<u32>], places: &[usize]) -> Cell {
    places.iter().map(|place| cell[*place]).collect()
}

impl Set {
    fn new(
        attributes: Vec<usize>,
        cells: Vec<Cell>,
        atoms: &[Cell],
        depth: usize,
        known: &[Known],
    ) -> Self {
        let numbers: BTreeMap<&Cell, usize> = cells.iter().zip(0..).collect();
        let of_atom = atoms.iter();
        let of_atom = of_atom.map(|atom| numbers.get(&part(atom, &attributes)).copied());
        let mut groups: BTreeMap<(Vec<usize>, Cell), Vec<usize>> = BTreeMap::new();
        for many in 1..=depth.min(attributes.len()) {
            for places in choices(attributes.len(), many) {
                for (number, cell) in cells.iter().enumerate() {
                    let group = part(cell, &places);
                    if !group.contains(&None) {
                        let cells = groups.entry((places.clone(), group)).or_default();
                        cells.push(number);
                    }
                }
            }
        }
        let places = |known: &Known| -> Option<Vec<usize>> {
            let place = |attribute| attributes.iter().position(|own| own == attribute);
            known.attributes.iter().map(place).collect()
        };
        let is_known = |places: &Vec<usize>| -> Vec<usize> {
            let all = cells.iter().enumerate();
            let of = all.filter(|(_, cell)| places.iter().all(|place| cell[*place].is_some()));
            of.map(|(number, _)| number).collect()
        };
        let mut totals = vec![(0..cells.len()).collect()];
        totals.extend(
            known
                .iter()
                .filter_map(places)
                .map(|places| is_known(&places)),
        );
        let values = (0..attributes.len()).map(|place| {
            let values: BTreeSet<Option<u32>> = cells.iter().map(|cell| cell[place]).collect();
            values.len()
        });
        Set {
            full: values.product::<usize>() == cells.len(),
            of_atom: of_atom.collect(),
            groups: groups.into_values().collect(),
            totals,
            cells,
            attributes,
        }
    }

    /// The combinations of which the groups of some attributes are known, with these; nothing where it is not about all of
    /// these attributes.
    pub(super) fn groups_of(&self, attributes: &[usize]) -> Option<Vec<(usize, Vec<u32>)>> {
        let place = |attribute| self.attributes.iter().position(|own| own == attribute);
        let places: Vec<usize> = attributes.iter().map(place).collect::<Option<_>>()?;
        let known = |(number, cell): (usize, &Cell)| {
            let groups: Option<Vec<u32>> = part(cell, &places).into_iter().collect();
            Some((number, groups?))
        };
        Some(self.cells.iter().enumerate().filter_map(known).collect())
    }

    /// How many cases each combination has, from how many those of all attributes have.
    pub(super) fn sizes(&self, of_atoms: &[u64]) -> Vec<u64> {
        let mut sizes = vec![0; self.cells.len()];
        for (cell, size) in self.of_atom.iter().zip(of_atoms) {
            cell.iter().for_each(|cell| sizes[*cell] += size);
        }
        sizes
    }

    /// The combinations that belong to a group of few cases.
    pub(super) fn protected(&self, sizes: &[u64], below: u64) -> Vec<bool> {
        let mut protected = vec![false; sizes.len()];
        for group in &self.groups {
            if few(group.iter().map(|cell| sizes[*cell]).sum(), below) {
                group
                    .iter()
                    .for_each(|cell| protected[*cell] |= sizes[*cell] > 0);
            }
        }
        protected
    }

    /// The groups of these attributes in order. `times` as many sums are solved together.
    pub(super) fn lines(&self, known: &[Known], sizes: &[u64], times: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        for (number, of) in known.iter().enumerate() {
            if !within(&of.attributes, &self.attributes) {
                continue;
            }
            let place = |attribute| self.attributes.iter().position(|own| own == attribute);
            let places: Vec<usize> = of.attributes.iter().filter_map(place).collect();
            let mut cells: BTreeMap<Cell, Vec<usize>> = BTreeMap::new();
            for (number, cell) in self.cells.iter().enumerate() {
                cells.entry(part(cell, &places)).or_default().push(number);
            }
            let kind = match places.len() {
                1 => Kind::OfOne,
                many if many == self.attributes.len() => Kind::Finest,
                _ => Kind::Other,
            };
            for (group, cell) in of.cells.iter().enumerate() {
                let cell: Cell = cell.iter().copied().map(Some).collect();
                if let Some(cells) = cells.remove(&cell) {
                    lines.push(Line {
                        known: number,
                        group,
                        kind,
                        cases: cells.iter().map(|cell| sizes[*cell]).sum(),
                        cells,
                    });
                }
            }
        }
        lines.sort_by_key(Line::order);
        let (other, first): (Vec<Line>, Vec<Line>) =
            lines.into_iter().partition(|line| line.kind == Kind::Other);
        let work = self.cells.len() * times.pow(3);
        let most = (MOST_WORK / work.max(1)).isqrt();
        let left_out = other.len().saturating_sub(most);
        let other = other.into_iter().skip(left_out);
        first.into_iter().chain(other).collect()
    }
}
