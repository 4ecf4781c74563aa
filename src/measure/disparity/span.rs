//! What follows from sums by adding and subtracting them, sum by sum. Knows nothing of what is summed up.

use super::sums::few;

/// Entries of solved equations that are nothing but rounding.
const ROUNDING: f64 = 1e-9;

/// Entries that are not 0, by cell.
pub(super) type Row = Vec<(usize, f64)>;

/// Cells, and the sums of them that are known, solved as far as they can be.
pub(super) struct Span {
    /// How many cases each cell holds.
    sizes: Vec<u64>,
    /// Whether nothing may be told of it while its cases are few.
    protected: Vec<bool>,
    below: u64,
    /// Equations, each with a cell that is in no other.
    rows: Vec<Row>,
    /// By cell: the equation that alone has it.
    row_of: Vec<Option<usize>>,
    /// By cell: 0, but while a sum is solved.
    sum: Vec<f64>,
}

impl Span {
    pub(super) fn new(sizes: Vec<u64>, protected: Vec<bool>, below: u64) -> Self {
        Span {
            row_of: vec![None; sizes.len()],
            sum: vec![0.0; sizes.len()],
            rows: Vec::new(),
            sizes,
            protected,
            below,
        }
    }

    /// Takes a sum as known, whatever follows.
    pub(super) fn know(&mut self, cells: &[usize]) {
        if let Some((pivot, row)) = self.solve(&once(cells)) {
            let changed = self.changed(pivot, &row);
            self.keep(pivot, row, changed);
        }
    }

    /// Takes a sum as known unless few cases would follow; whether it is known now.
    pub(super) fn show(&mut self, cells: &[usize]) -> bool {
        self.show_weighted(&once(cells))
    }

    /// The same of a sum in which each cell has a factor.
    pub(super) fn show_weighted(&mut self, sum: &[(usize, f64)]) -> bool {
        let Some((pivot, row)) = self.solve(sum) else {
            return true;
        };
        let changed = self.changed(pivot, &row);
        if self.tells(&row) || changed.iter().any(|(_, row)| self.tells(row)) {
            return false;
        }
        self.keep(pivot, row, changed);
        true
    }

    /// What a sum says besides what is known, with the cell of most cases in it; nothing where it follows from that.
    /// With the largest cells solved for first, what is left over is about small ones alone.
    fn solve(&mut self, sum: &[(usize, f64)]) -> Option<(usize, Row)> {
        let mut cells = Vec::new();
        let mut add = |cell: usize, entry: f64| {
            self.sum[cell] += entry;
            cells.push(cell);
        };
        for (cell, factor) in sum {
            add(*cell, *factor);
            let known = self.row_of[*cell].map(|known| &self.rows[known]);
            for (cell, entry) in known.into_iter().flatten() {
                add(*cell, -factor * entry);
            }
        }
        // What comes up twice is nothing the second time.
        let entries = cells
            .into_iter()
            .map(|cell| (cell, std::mem::take(&mut self.sum[cell])));
        let mut row: Row = entries
            .filter(|(_, entry)| entry.abs() > ROUNDING)
            .collect();
        row.sort_unstable_by_key(|(cell, _)| *cell);
        let (pivot, scale) = *row
            .iter()
            .max_by_key(|(cell, _)| (self.sizes[*cell], *cell))?;
        row.iter_mut().for_each(|(_, entry)| *entry /= scale);
        Some((pivot, row))
    }

    /// The equations that say something else once a cell is solved for.
    fn changed(&self, pivot: usize, with: &Row) -> Vec<(usize, Row)> {
        let rows = self.rows.iter().enumerate();
        let changed = rows.filter_map(|(place, row)| {
            let found = row.binary_search_by_key(&pivot, |(cell, _)| *cell).ok()?;
            Some((place, less(row, row[found].1, with)))
        });
        changed.collect()
    }

    fn keep(&mut self, pivot: usize, row: Row, changed: Vec<(usize, Row)>) {
        for (place, row) in changed {
            self.rows[place] = row;
        }
        self.row_of[pivot] = Some(self.rows.len());
        self.rows.push(row);
    }

    /// Whether an equation is about few cases that are protected.
    fn tells(&self, row: &Row) -> bool {
        let mut cases = 0;
        for (cell, _) in row {
            cases += self.sizes[*cell];
            // Nearly every equation is about many cases, and says so soon.
            if cases >= self.below {
                return false;
            }
        }
        few(cases, self.below) && row.iter().any(|(cell, _)| self.protected[*cell])
    }
}

/// A sum of cells.
fn once(cells: &[usize]) -> Row {
    cells.iter().map(|cell| (*cell, 1.0)).collect()
}

/// One row less a multiple of another.
fn less(row: &Row, factor: f64, other: &Row) -> Row {
    let mut left = Row::with_capacity(row.len() + other.len());
    let (mut own, mut of_other) = (row.as_slice(), other.as_slice());
    loop {
        let (cell, entry) = match (own, of_other) {
            ([], []) => return left,
            ([(cell, entry), rest @ ..], [(next, there), others @ ..]) if cell == next => {
                (own, of_other) = (rest, others);
                (*cell, entry - factor * there)
            }
            ([(cell, entry), rest @ ..], [(next, _), ..]) if cell < next => {
                own = rest;
                (*cell, *entry)
            }
            (_, [(cell, there), rest @ ..]) => {
                of_other = rest;
                (*cell, -factor * there)
            }
            ([(cell, entry), rest @ ..], []) => {
                own = rest;
                (*cell, *entry)
            }
        };
        if entry.abs() > ROUNDING {
            left.push((cell, entry));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_between_two_sums_is_told_by_the_second() {
        // Of four cells the first two are 54 cases, the first 50.
        let span = || Span::new(vec![50, 4, 12, 60], vec![false, true, false, false], 10);
        let mut both = span();
        assert!(both.show(&[0, 1]) && !both.show(&[0]));
        assert!(both.show(&[2, 3]) && both.show(&[3]));
        // In the other order the second is kept back as well.
        let mut both = span();
        assert!(both.show(&[0]) && !both.show(&[0, 1]));
        // A sum that follows from others says nothing new.
        let mut total = span();
        total.know(&[0, 1, 2, 3]);
        assert!(total.show(&[2, 3]) && total.show(&[0, 1]) && !total.show(&[0]));
    }

    #[test]
    fn few_cases_together_are_told_of_too() {
        let mut span = Span::new(vec![50, 4, 3], vec![false, true, true], 10);
        assert!(span.show(&[0, 1, 2]) && !span.show(&[0]));
        let mut unprotected = Span::new(vec![50, 4, 3], vec![false; 3], 10);
        assert!(unprotected.show(&[0, 1, 2]) && unprotected.show(&[0]));
    }
}
