//! What differences at equal shares of strata tell: sums over combinations, each with a factor.

use std::collections::BTreeMap;

use super::super::crossing::Known;
use super::super::span::{Row, Span};
use super::super::sums::few;
use super::set::Set;

/// A group that is compared with the others of each stratum.
pub(super) struct Compared {
    /// Its place among what is known, and that of its combinations with strata.
    pub(super) known: usize,
    pub(super) joint: usize,
    pub(super) group: usize,
    /// By their place in what is known of them.
    pub(super) combinations: Vec<usize>,
    /// By stratum: the combinations of a set that the group and the others are made of.
    pub(super) strata: Vec<[Vec<usize>; 2]>,
}

/// The groups whose differences at equal shares are shown as far as is known, and that a set tells of.
pub(super) fn compared(set: &Set, known: &[Known]) -> Vec<Compared> {
    let mut all = Vec::new();
    for (place, of) in known.iter().enumerate() {
        let mut attributes = [of.attributes.as_slice(), &of.given.controls].concat();
        attributes.sort_unstable();
        let joint = known.iter().position(|of| of.attributes == attributes);
        let (false, Some(joint)) = (of.given.controls.is_empty(), joint) else {
            continue;
        };
        let Some(cells) = set.groups_of(&attributes) else {
            continue;
        };
        let part = |cell: &[u32], wanted: &[usize]| -> Vec<u32> {
            let place = |own| attributes.iter().position(|attribute| attribute == own);
            let places = wanted.iter().filter_map(place);
            places.map(|place| cell[place]).collect()
        };
        let placed = cells.iter().map(|(number, cell)| {
            let stratum = part(cell, &of.given.controls);
            (*number, part(cell, &of.attributes), stratum)
        });
        let placed: Vec<(usize, Vec<u32>, Vec<u32>)> = placed.collect();
        for (group, (own, combinations)) in
            of.cells.iter().zip(known[joint].cells_of(of)).enumerate()
        {
            let of_joint = &known[joint].suppressed.everything;
            if of.suppressed.everything[group]
                || of.given.everything[group]
                || combinations.iter().any(|cell| of_joint[*cell])
            {
                continue;
            }
            let mut strata: BTreeMap<Vec<u32>, [Vec<usize>; 2]> = BTreeMap::new();
            for (number, group, stratum) in &placed {
                let sides = strata.entry(stratum.clone()).or_default();
                sides[usize::from(group != own)].push(*number);
            }
            all.push(Compared {
                known: place,
                joint,
                group,
                combinations,
                strata: strata.into_values().collect(),
            });
        }
    }
    all
}

/// Suppresses differences at equal shares that tell of few cases, beside all that is shown.
pub(super) fn close_by_size(set: &Set, sizes: &[u64], known: &mut [Known], below: u64) {
    let compared = compared(set, known);
    if compared.is_empty() {
        return;
    }
    let mut span = Span::new(sizes.to_vec(), set.protected(sizes, below), below);
    set.totals.iter().for_each(|total| span.know(total));
    for line in set.lines(known, sizes, 1) {
        if !known[line.known].suppressed.everything[line.group] {
            span.know(&line.cells);
        }
    }
    for one in compared {
        let row = one.row(&[sizes], below);
        if !row.is_none_or(|row| span.show_weighted(&row)) {
            known[one.known].given.everything[one.group] = true;
        }
    }
}

impl Compared {
    /// A difference of sums of shares, each counted on so many cases: of each stratum as large a part as it has cases, or as
    /// the share with the fewest. Nothing where some side has few cases, and no difference is shown.
    pub(super) fn row(&self, shares: &[&[u64]], below: u64) -> Option<Row> {
        let mut row = Row::new();
        for sides in &self.strata {
            let counted = |side: &Vec<usize>| -> Vec<u64> {
                let sum = |sizes: &&[u64]| side.iter().map(|cell| sizes[*cell]).sum();
                shares.iter().map(sum).collect()
            };
            let [own, others] = sides.each_ref().map(counted);
            if own.iter().chain(&others).any(|cases| few(*cases, below)) {
                return None;
            }
            let fewest = |counted: &[u64]| counted.iter().copied().min().unwrap_or(0);
            let (least, of_others) = (fewest(&own), fewest(&others));
            if least == 0 || of_others == 0 {
                continue;
            }
            let mass = (least + of_others) as f64;
            for (side, counted, sign) in [(0, own, 1.0), (1, others, -1.0)] {
                let parts = counted.iter().map(|cases| mass / *cases as f64);
                let factor = sign * parts.sum::<f64>();
                row.extend(sides[side].iter().map(|cell| (*cell, factor)));
            }
        }
        Some(row).filter(|row| !row.is_empty())
    }
}

/// Whether a side of a stratum has few of some cases.
pub(super) fn is_few(sizes: &[u64], side: &[usize], below: u64) -> bool {
    few(side.iter().map(|cell| sizes[*cell]).sum(), below)
}
