//! Cells whose sums are shown, and which of them must be suppressed besides the small ones (complementary cell
//! suppression: Hundepool et al. 2012, Statistical Disclosure Control, chapter 4). Knows nothing of what the cells hold.

use std::collections::BTreeMap;

/// Where more unknowns than this hang together, all cells of their sums are suppressed: what they give away takes too
/// long to find out.
const MOST_UNKNOWN: usize = 400;

/// Entries of solved equations that are nothing but rounding.
const ROUNDING: f64 = 1e-9;

/// The sums that an unknown is in, its cases, and whether there is a group among them.
type Unknown<'a> = (&'a [usize], u64, bool);

/// Cells, and the sums of them that are shown.
pub(super) struct Sums {
    /// The cells of each sum.
    pub lines: Vec<Vec<usize>>,
    /// How many cases each cell holds, once for each way of counting them.
    pub sizes: Vec<Vec<u64>>,
    /// The cells up to this are groups. Those behind hold the cases whose group is not known in full: nothing is told of
    /// them but sums, and they are not protected for themselves.
    pub groups: usize,
    /// Nothing is told of fewer cases.
    pub below: u64,
}

impl Sums {
    /// Suppresses cells of fewer cases, and as many more as it takes that no number of fewer cases follows from the
    /// sums: neither within one sum, nor by solving the equations of all of them together.
    pub(super) fn cover(&self, hidden: &mut [bool]) {
        for sizes in &self.sizes {
            for (hidden, size) in hidden.iter_mut().zip(sizes).take(self.groups) {
                *hidden |= few(*size, self.below);
            }
        }
        let mut lines_of: Vec<Vec<usize>> = vec![Vec::new(); hidden.len()];
        for (number, line) in self.lines.iter().enumerate() {
            line.iter().for_each(|cell| lines_of[*cell].push(number));
        }
        while self.within_lines(hidden) || self.together(&lines_of, hidden) {}
    }

    /// Applies [`line`] to every sum; whether that suppressed anything.
    fn within_lines(&self, hidden: &mut [bool]) -> bool {
        let mut more = false;
        for members in &self.lines {
            for sizes in &self.sizes {
                let is_hidden =
                    |cell: &usize| *cell < self.groups && hidden[*cell] && sizes[*cell] > 0;
                if !members.iter().any(is_hidden) {
                    continue;
                }
                let sizes: Vec<u64> = members.iter().map(|cell| sizes[*cell]).collect();
                let before: Vec<bool> = members.iter().map(|cell| hidden[*cell]).collect();
                let after = line(&sizes, &before, self.below);
                more |= after != before;
                for (cell, is_hidden) in members.iter().zip(after) {
                    hidden[*cell] = is_hidden;
                }
            }
        }
        more
    }

    /// Suppresses more where all sums together give away fewer cases; false where they do not, or where nothing is left
    /// that could cover them.
    fn together(&self, lines_of: &[Vec<usize>], hidden: &mut [bool]) -> bool {
        let mut more = false;
        for sizes in &self.sizes {
            let shown = |cell: &usize, hidden: &[bool]| !hidden[*cell] && sizes[*cell] > 0;
            let (solved, too_many) = self.solved(lines_of, hidden, sizes);
            for number in too_many {
                for cell in &self.lines[number] {
                    more |= shown(cell, hidden);
                    hidden[*cell] = true;
                }
            }
            let mut others: Vec<usize> = (0..hidden.len())
                .filter(|cell| shown(cell, hidden))
                .collect();
            others.sort_by_key(|cell| (sizes[*cell], *cell));
            let mut covering: Vec<usize> = Vec::new();
            let mut steps: Vec<usize> = Vec::new();
            for row in solved.given_away(self.below) {
                let covers = |cell: &usize| solved.entry(row, &lines_of[*cell]).abs() > ROUNDING;
                if covering.iter().any(covers) {
                    continue;
                }
                // The smallest that would not be known itself; else the smallest is a step on the way.
                let mut around = others.iter().copied().filter(covers).peekable();
                steps.extend(around.peek());
                covering.extend(around.find(|cell| !solved.tells(&lines_of[*cell])));
            }
            if covering.is_empty() {
                covering.extend(steps.first());
            }
            more |= !covering.is_empty();
            covering.into_iter().for_each(|cell| hidden[cell] = true);
        }
        more
    }

    /// Solves the sums for what is suppressed, part by part where parts share no sum. Also gives the sums of parts with too
    /// many unknowns.
    fn solved(
        &self,
        lines_of: &[Vec<usize>],
        hidden: &[bool],
        sizes: &[u64],
    ) -> (Solved, Vec<usize>) {
        // Cells of the same sums can only be told together: they are one unknown.
        let mut alike: BTreeMap<&[usize], (u64, bool)> = BTreeMap::new();
        for cell in (0..hidden.len()).filter(|cell| hidden[*cell] && sizes[*cell] > 0) {
            let (size, is_group) = alike.entry(&lines_of[cell]).or_default();
            *size += sizes[cell];
            *is_group |= cell < self.groups;
        }
        // By sum, one that it hangs together with.
        let mut root: Vec<usize> = (0..self.lines.len()).collect();
        let find = |root: &[usize], mut line: usize| {
            while root[line] != line {
                line = root[line];
            }
            line
        };
        for lines in alike.keys() {
            for line in lines.iter() {
                let (one, other) = (find(&root, lines[0]), find(&root, *line));
                root[other] = one;
            }
        }
        let mut parts: BTreeMap<usize, (Vec<usize>, Vec<Unknown<'_>>)> = BTreeMap::new();
        for line in 0..self.lines.len() {
            parts.entry(find(&root, line)).or_default().0.push(line);
        }
        for (lines, (size, is_group)) in alike {
            if let Some(line) = lines.first() {
                let part = parts.entry(find(&root, *line)).or_default();
                part.1.push((lines, size, is_group));
            }
        }
        let (mut solved, mut too_many) = (Solved::default(), Vec::new());
        for (lines, unknowns) in parts.into_values() {
            if unknowns.len() > MOST_UNKNOWN {
                too_many.extend(lines);
            } else {
                solved.add(&lines, &unknowns);
            }
        }
        (solved, too_many)
    }
}

/// Sums in reduced echelon form.
#[derive(Default)]
struct Solved {
    /// By row: the cases of the unknowns that it is about, whether there is a group among them, and how it is made of the
    /// sums.
    rows: Vec<(u64, bool, BTreeMap<usize, f64>)>,
}

impl Solved {
    fn add(&mut self, lines: &[usize], unknowns: &[Unknown<'_>]) {
        let width = unknowns.len();
        let row = |(place, line): (usize, &usize)| -> Vec<f64> {
            let holds = unknowns
                .iter()
                .map(|(lines, ..)| f64::from(lines.contains(line)));
            let made_of = (0..lines.len()).map(|other| f64::from(other == place));
            holds.chain(made_of).collect()
        };
        let mut rows: Vec<Vec<f64>> = lines.iter().enumerate().map(row).collect();
        let mut done = 0;
        for column in 0..width {
            let size = |row: &usize| rows[*row][column].abs();
            let largest = (done..rows.len()).max_by(|a, b| size(a).total_cmp(&size(b)));
            let Some(pivot) = largest.filter(|row| size(row) > ROUNDING) else {
                continue;
            };
            rows.swap(done, pivot);
            let scale = rows[done][column];
            rows[done].iter_mut().for_each(|entry| *entry /= scale);
            let row = rows[done].clone();
            for (place, other) in rows.iter_mut().enumerate() {
                let factor = other[column];
                if place != done && factor != 0.0 {
                    for (entry, of_row) in other.iter_mut().zip(&row) {
                        *entry -= factor * of_row;
                    }
                }
            }
            done += 1;
        }
        for row in rows {
            let of = row[..width].iter().zip(unknowns);
            let of = of.filter(|(entry, _)| entry.abs() > ROUNDING);
            let cases = of.clone().map(|(_, (_, size, _))| size).sum();
            let is_about_group = of.clone().any(|(_, (.., is_group))| *is_group);
            let made_of = lines.iter().copied().zip(row[width..].iter().copied());
            let made_of = made_of
                .filter(|(_, entry)| entry.abs() > ROUNDING)
                .collect();
            self.rows.push((cases, is_about_group, made_of));
        }
    }

    /// The rows that are about fewer cases: one unknown that is small, or several that are few together.
    fn given_away(&self, below: u64) -> Vec<usize> {
        let rows = 0..self.rows.len();
        rows.filter(|row| self.rows[*row].1 && few(self.rows[*row].0, below))
            .collect()
    }

    /// What stands in a row for one unknown more, that is in these sums.
    fn entry(&self, row: usize, lines: &[usize]) -> f64 {
        let made_of = &self.rows[row].2;
        lines.iter().filter_map(|line| made_of.get(line)).sum()
    }

    /// Whether one unknown more, that is in these sums, would follow from them.
    fn tells(&self, lines: &[usize]) -> bool {
        let mut rows = 0..self.rows.len();
        rows.any(|row| self.rows[row].0 == 0 && self.entry(row, lines).abs() > ROUNDING)
    }
}

/// Whether there are cases, and too few to tell of.
pub(super) fn few(cases: u64, below: u64) -> bool {
    cases > 0 && cases < below
}

/// The cells of one sum to suppress, where some are already: those of fewer than `below` cases and, while all that is
/// suppressed adds up to fewer, the next larger ones, since it follows from the sum and all others. Empty cells hide
/// nothing.
pub(super) fn line(sizes: &[u64], hidden: &[bool], below: u64) -> Vec<bool> {
    let mut hidden = hidden.to_vec();
    let mut order: Vec<usize> = (0..sizes.len())
        .filter(|cell| sizes[*cell] > 0 && !hidden[*cell])
        .collect();
    order.sort_by_key(|cell| sizes[*cell]);
    let of_hidden = (0..sizes.len()).filter(|cell| hidden[*cell]);
    let mut cases: u64 = of_hidden.map(|cell| sizes[cell]).sum();
    for cell in order {
        if sizes[cell] >= below && (cases == 0 || cases >= below) {
            break;
        }
        cases += sizes[cell];
        hidden[cell] = true;
    }
    hidden
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A table of rows and columns whose sums are all shown, as is the sum of all.
    fn table(rows: usize, columns: usize, sizes: &[u64]) -> Sums {
        let mut lines: Vec<Vec<usize>> = vec![(0..rows * columns).collect()];
        lines.extend(
            (0..rows).map(|row| (0..columns).map(|column| row * columns + column).collect()),
        );
        lines.extend(
            (0..columns).map(|column| (0..rows).map(|row| row * columns + column).collect()),
        );
        Sums {
            lines,
            sizes: vec![sizes.to_vec()],
            groups: sizes.len(),
            below: 10,
        }
    }

    fn cover(rows: usize, columns: usize, sizes: &[u64]) -> Vec<bool> {
        let mut hidden = vec![false; sizes.len()];
        table(rows, columns, sizes).cover(&mut hidden);
        hidden
    }

    /// How many rows are given away, and how many of these something that is shown could cover.
    fn given_away(sums: &Sums, hidden: &[bool]) -> [usize; 2] {
        let lines = 0..sums.lines.len();
        let lines_of: Vec<Vec<usize>> = (0..hidden.len())
            .map(|cell| {
                lines
                    .clone()
                    .filter(|line| sums.lines[*line].contains(&cell))
                    .collect()
            })
            .collect();
        let sizes = &sums.sizes[0];
        let (solved, too_many) = sums.solved(&lines_of, hidden, sizes);
        assert!(too_many.is_empty());
        let rows = solved.given_away(sums.below);
        let shown = |cell: &usize| !hidden[*cell] && sizes[*cell] > 0;
        let covers = |row: usize, cell: usize| solved.entry(row, &lines_of[cell]).abs() > ROUNDING;
        let open = rows.iter().filter(|row| {
            (0..hidden.len())
                .filter(shown)
                .any(|cell| covers(**row, cell))
        });
        [rows.len(), open.count()]
    }

    #[test]
    fn a_small_cell_takes_three_others_with_it() {
        // Its row and its column each need another, and these two a fourth, or they would be known.
        let hidden = cover(2, 3, &[4, 50, 60, 70, 80, 90]);
        assert_eq!(hidden, [true, true, false, true, true, false]);
        assert_eq!(cover(2, 2, &[10, 20, 30, 40]), [false; 4]);
        assert_eq!(cover(2, 2, &[0, 20, 30, 40]), [false; 4]);
    }

    #[test]
    fn two_suppressed_in_every_sum_may_still_give_one_away() {
        // Two squares of small cells and one in between: each sum holds at least two, yet what lies between follows from
        // the sums of the squares.
        let mut sizes = vec![50; 5 * 5];
        for cell in [0, 1, 5, 6, 18, 19, 23, 24] {
            sizes[cell] = 7;
        }
        sizes[8] = 5;
        let sums = table(5, 5, &sizes);
        let small: Vec<bool> = sizes.iter().map(|size| *size < 10).collect();
        assert_eq!(given_away(&sums, &small), [1, 1]);
        let hidden = cover(5, 5, &sizes);
        assert_eq!(given_away(&sums, &hidden), [0, 0]);
        assert!(hidden.iter().any(|hidden| !hidden), "{hidden:?}");
    }

    #[test]
    fn what_hangs_together_in_too_many_unknowns_is_suppressed_as_a_whole() {
        let mut sizes = vec![50; 30 * 30];
        sizes[..30 * 20].fill(5);
        assert_eq!(cover(30, 30, &sizes), [true; 30 * 30]);
    }

    proptest! {
        #[test]
        fn no_few_cases_follow_from_what_is_shown(
            rows in 1_usize..5,
            columns in 1_usize..5,
            sizes in proptest::collection::vec(prop_oneof![Just(0_u64), 1_u64..12, 10_u64..90], 16),
        ) {
            let sizes = &sizes[..rows * columns];
            let hidden = cover(rows, columns, sizes);
            for (cell, size) in sizes.iter().enumerate() {
                prop_assert!(*size == 0 || *size >= 10 || hidden[cell]);
            }
            // Where something is still shown, nothing small follows.
            let shown = |cell: &usize| !hidden[*cell] && sizes[*cell] > 0;
            let sums = table(rows, columns, sizes);
            for line in &sums.lines {
                let all: u64 = line.iter().filter(|cell| hidden[**cell]).map(|cell| sizes[*cell]).sum();
                prop_assert!(all == 0 || all >= 10 || !line.iter().any(shown), "{sizes:?} {hidden:?}");
            }
            prop_assert_eq!(given_away(&sums, &hidden)[1], 0, "{:?} {:?}", sizes, hidden);
        }
    }
}
