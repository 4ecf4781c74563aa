//! The labels of groups of different attributes together.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::crossing::Known;
use super::super::span::{Row, Span};
use super::given::{self, Compared};
use super::set::{Line, Set};

/// How many answered cases each combination has.
pub(super) struct Counts {
    pub(super) answered: Vec<u64>,
    /// By label, of those that have it.
    pub(super) with: Vec<Vec<u64>>,
    /// By label, of those that lack it.
    pub(super) without: Vec<Vec<u64>>,
}

impl Counts {
    /// From how many cases the combinations of all attributes have.
    pub(super) fn new(set: &Set, answered: &[u64], labels: &[Vec<u64>]) -> Self {
        let answered = set.sizes(answered);
        let with: Vec<Vec<u64>> = labels.iter().map(|sizes| set.sizes(sizes)).collect();
        let lacks = |with: &Vec<u64>| {
            let both = answered.iter().zip(with);
            both.map(|(all, with)| all - with).collect()
        };
        Counts {
            without: with.iter().map(lacks).collect(),
            with,
            answered,
        }
    }
}

/// Which cases of a label are counted: those that have it, or those that lack it.
#[derive(Clone, Copy)]
pub(super) enum Side {
    With,
    Without,
}

/// The labels of all combinations, of one side.
pub(super) struct Labels<'a> {
    set: &'a Set,
    counts: &'a Counts,
    labels: usize,
    /// By combination and label: how many cases there are.
    sizes: Vec<u64>,
    protected: Vec<bool>,
    /// Those of which it is said that there is no case.
    is_empty: Vec<bool>,
    /// The labels of groups in order.
    lines: Vec<(usize, Line)>,
    /// Whether all combinations of groups occur. Then nothing follows but from one table.
    full: bool,
    below: u64,
}

impl<'a> Labels<'a> {
    pub(super) fn new(
        set: &'a Set,
        counts: &'a Counts,
        side: Side,
        known: &[Known],
        below: u64,
    ) -> Self {
        let counted = match side {
            Side::With => &counts.with,
            Side::Without => &counts.without,
        };
        let (cells, labels) = (set.cells.len(), counted.len());
        let mut all = Labels {
            sizes: vec![0; cells * labels],
            protected: vec![false; cells * labels],
            is_empty: vec![false; cells * labels],
            lines: Vec::new(),
            full: set.full,
            set,
            counts,
            labels,
            below,
        };
        for (label, of_label) in counted.iter().enumerate() {
            let is_protected = set.protected(of_label, below);
            for cell in 0..cells {
                let place = all.place(cell, label);
                all.sizes[place] = of_label[cell];
                all.protected[place] = is_protected[cell];
            }
            for line in set.lines(known, of_label, labels) {
                let of = &known[line.known];
                if of.suppressed.everything[line.group] {
                    continue;
                }
                // That no case of a group has a label is said, and holds for all combinations in it.
                if line.cases == 0 {
                    all.full &= of.is_of_one();
                    for cell in &line.cells {
                        let place = all.place(*cell, label);
                        all.is_empty[place] = true;
                    }
                }
                all.lines.push((label, line));
            }
        }
        all.lines.sort_by_key(|(_, line)| line.order());
        all
    }

    /// Suppresses more labels of groups, so that nothing of few cases follows.
    pub(super) fn close(&self, known: &mut [Known], multi_label: bool) {
        if self.full {
            return;
        }
        loop {
            let (mut span, whole) = self.span(known, multi_label);
            let mut more = false;
            for (label, line) in &self.lines {
                let hidden = &mut known[line.known].suppressed.labels[*label][line.group];
                if !*hidden && !span.show(&self.columns(&line.cells, *label..label + 1)) {
                    *hidden = true;
                    more |= !multi_label && !whole.contains(&(line.known, line.group));
                }
            }
            if !more {
                return;
            }
        }
    }

    /// Suppresses differences at equal shares of strata that tell of few cases, beside all that is shown.
    pub(super) fn close_given(&self, known: &mut [Known], multi_label: bool) {
        let compared = given::compared(self.set, known);
        if compared.is_empty() {
            return;
        }
        let (mut span, _) = self.span(known, multi_label);
        for (label, line) in &self.lines {
            if !known[line.known].suppressed.labels[*label][line.group] {
                span.know(&self.columns(&line.cells, *label..label + 1));
            }
        }
        for one in &compared {
            let accuracy = one.row(&[&self.counts.answered], self.below);
            let accuracy = accuracy.filter(|_| !multi_label);
            let overall = accuracy.map(|row| self.of_all_labels(&row));
            let overall = overall.into_iter().chain(self.skill(one));
            if !overall.into_iter().all(|row| span.show_weighted(&row)) {
                known[one.known].given.everything[one.group] = true;
            }
            for label in 0..self.labels {
                let suppressed = &known[one.joint].suppressed.labels[label];
                let is_hidden = known[one.known].suppressed.labels[label][one.group]
                    || one.combinations.iter().any(|cell| suppressed[*cell]);
                let rows = self.of_label(one, label);
                if !is_hidden && !rows.into_iter().all(|row| span.show_weighted(&row)) {
                    known[one.known].given.labels[label][one.group] = true;
                }
            }
        }
    }

    /// A sum over combinations, whatever their labels.
    fn of_all_labels(&self, row: &Row) -> Row {
        let labels = 0..self.labels;
        let all = labels.flat_map(|label| {
            let place = move |(cell, factor): &(usize, f64)| (self.place(*cell, label), *factor);
            row.iter().map(place)
        });
        self.known_to_hold(all.collect())
    }

    /// The difference of skills over all labels that both sides of a stratum have.
    fn skill(&self, of: &Compared) -> Option<Row> {
        let mut row = Row::new();
        for sides in &of.strata {
            let sum = |sizes: &[u64], side: &[usize]| -> u64 {
                side.iter().map(|cell| sizes[*cell]).sum()
            };
            let asked = |label: &usize| {
                let mut sides = sides.iter();
                sides.all(|side| sum(&self.counts.with[*label], side) > 0)
            };
            let asked: Vec<usize> = (0..self.labels).filter(asked).collect();
            let mass: u64 = sides
                .iter()
                .map(|side| sum(&self.counts.answered, side))
                .sum();
            if asked.len() < 2 {
                continue;
            }
            for label in &asked {
                let with = &self.counts.with[*label];
                if sides
                    .iter()
                    .any(|side| given::is_few(with, side, self.below))
                {
                    return None;
                }
                for (side, sign) in sides.iter().zip([1.0, -1.0]) {
                    let cases = sum(with, side) as f64 * (asked.len() - 1) as f64;
                    let factor = sign * mass as f64 / cases;
                    row.extend(side.iter().map(|cell| (self.place(*cell, *label), factor)));
                }
            }
        }
        Some(self.known_to_hold(row)).filter(|row| !row.is_empty())
    }

    /// The differences that rest on a label. How its cases and all others were answered is one thing: what is told of one
    /// tells of the others, since it is known how often the label was given.
    fn of_label(&self, of: &Compared, label: usize) -> Vec<Row> {
        let (with, without) = (&self.counts.with[label], &self.counts.without[label]);
        let shares: [&[&[u64]]; 3] = [&[with], &[without], &[with, without]];
        let rows = shares
            .iter()
            .filter_map(|shares| of.row(shares, self.below));
        let place = |row: Row| -> Row {
            row.into_iter()
                .map(|(cell, factor)| (self.place(cell, label), factor))
                .collect()
        };
        rows.map(|row| self.known_to_hold(place(row))).collect()
    }

    /// What is known before any label of a group is shown, and the groups of which one is hidden. Where all labels of a
    /// group are shown, the group itself says nothing more.
    fn span(&self, known: &[Known], multi_label: bool) -> (Span, BTreeSet<(usize, usize)>) {
        let mut span = Span::new(self.sizes.clone(), self.protected.clone(), self.below);
        for total in &self.set.totals {
            (0..self.labels).for_each(|label| span.know(&self.columns(total, label..label + 1)));
        }
        let mut whole = BTreeSet::new();
        for (_, line) in self.lines.iter().filter(|_| !multi_label) {
            let mut hidden = known[line.known].suppressed.labels.iter();
            let is_partly_hidden = hidden.any(|hidden| hidden[line.group]);
            if is_partly_hidden && whole.insert((line.known, line.group)) {
                span.know(&self.columns(&line.cells, 0..self.labels));
            }
        }
        (span, whole)
    }

    fn place(&self, cell: usize, label: usize) -> usize {
        cell * self.labels + label
    }

    fn columns(&self, cells: &[usize], of: Range<usize>) -> Vec<usize> {
        let all = of.flat_map(|label| cells.iter().map(move |cell| self.place(*cell, label)));
        all.filter(|column| !self.is_empty[*column]).collect()
    }

    fn known_to_hold(&self, mut row: Row) -> Row {
        row.retain(|(column, _)| !self.is_empty[*column]);
        row
    }
}
