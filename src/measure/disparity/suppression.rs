//! What is suppressed of groups, so that nothing of fewer cases than a policy allows is shown or follows from what is.

use super::super::Measure;
use super::super::quality::{answered, label_linear};
use super::super::slice::Slice;
use super::crossing::Table;
use super::sums::{Sums, line};
use super::{Group, GroupMeasured};
use crate::measure::Comparison;
use crate::stats::Undefined;
use crate::tally::{Evaluation, Outcome};

/// How groups lie: what adds up to something that is shown.
#[derive(Clone, Copy, Default)]
pub enum Layout<'a> {
    /// All groups together make up what each is compared with.
    #[default]
    Line,
    /// Groups are combinations of those of several attributes, whose sums are shown too.
    Table(&'a Table),
}

/// What is suppressed of groups. The cases whose group is not known are no group: what of them follows from a total is
/// not protected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suppressed {
    /// By group: every value but coverage. Where coverage is suppressed all else is, since how many answers each group got
    /// is told by either: were other groups suppressed beside the small one, both together would tell of it.
    pub everything: Vec<bool>,
    /// By group: coverage, which rests on all cases, answered or not.
    pub coverage: Vec<bool>,
    /// By label and group: every value that rests on how many cases have the label and how they were answered.
    pub labels: Vec<Vec<bool>>,
}

impl Suppressed {
    /// What is suppressed where nothing is told of fewer than `below` cases.
    ///
    /// Of a label in a group the cases with it, those without it, and how both were answered, are one cell: what is told
    /// of one tells of the others. Cells add up to the group, whose own value is shown, and to the label's cases in all
    /// groups. With several labels a case the cells of a group have no sum that is shown.
    pub fn new(evaluation: &Evaluation, groups: &[Group], below: u64, layout: &Layout<'_>) -> Self {
        Self::within(evaluation, groups, below, layout, &[])
    }

    /// The same where sums over some labels of a group, one list each, are shown as well.
    pub fn within(
        evaluation: &Evaluation,
        groups: &[Group],
        below: u64,
        layout: &Layout<'_>,
        sums: &[Vec<usize>],
    ) -> Self {
        let labels = evaluation.scheme.labels.len();
        let mut slices: Vec<&Slice<Outcome>> = groups.iter().map(|group| &group.slice).collect();
        slices.extend(layout.rest());
        let all = slices.iter().map(|slice| slice.total()).collect();
        let mut coverage = Self::by_size(all, &[], groups.len(), below, layout);
        let sizes = slices.iter().map(|slice| answered(slice)).collect();
        let everything = Self::by_size(sizes, &coverage, groups.len(), below, layout);
        let (of_groups, _) = layout.lines(slices.len(), None);
        // Of a crossing nothing is told that follows from groups that are suppressed.
        if matches!(layout, Layout::Table(_)) {
            for (hidden, everything) in coverage.iter_mut().zip(&everything) {
                *hidden |= everything;
            }
        }

        let trials = |measure, label| -> Vec<u64> {
            let linear = label_linear(measure, label);
            let of =
                |slice: &&Slice<Outcome>| linear.as_ref().map_or(0, |linear| linear.trials(slice));
            slices.iter().map(of).collect()
        };
        let ways = [Measure::Recall, Measure::FalsePositiveRate];
        let counted: Vec<[Vec<u64>; 2]> = (0..labels)
            .map(|label| ways.map(|way| trials(way, label)))
            .collect();
        // Cell by cell, all labels of a group one after the other.
        let cells = slices.len() * labels;
        let mut hidden: Vec<bool> = (0..cells).map(|cell| everything[cell / labels]).collect();
        let mut lines: Vec<Vec<usize>> = Vec::new();
        for label in 0..labels {
            let (of_label, inherited) = layout.lines(slices.len(), Some(label));
            let place = |cell: usize| cell * labels + label;
            lines.extend(
                of_label
                    .into_iter()
                    .map(|line| line.into_iter().map(place).collect()),
            );
            for cell in (0..slices.len()).filter(|cell| inherited[*cell]) {
                hidden[place(cell)] = true;
            }
        }
        if !evaluation.multi_label {
            let row = |cell: usize, of: &[usize]| {
                of.iter()
                    .map(|label| cell * labels + label)
                    .collect::<Vec<usize>>()
            };
            let all: Vec<usize> = (0..labels).collect();
            for cell in (0..groups.len()).filter(|cell| !everything[*cell]) {
                lines.push(row(cell, &all));
                lines.extend(sums.iter().map(|of| row(cell, of)));
            }
            // Of what is not shown by itself the sums over groups are known.
            lines.extend(
                of_groups
                    .iter()
                    .map(|cells| cells.iter().flat_map(|cell| row(*cell, &all)).collect()),
            );
        }
        let by_cell = |way: usize| {
            (0..cells)
                .map(|cell| counted[cell % labels][way][cell / labels])
                .collect()
        };
        let sizes = vec![by_cell(0), by_cell(1)];
        Sums {
            lines,
            sizes,
            groups: groups.len() * labels,
            below,
        }
        .cover(&mut hidden);
        let of_label = |label: usize| {
            (0..slices.len())
                .map(|cell| hidden[cell * labels + label])
                .collect()
        };
        Suppressed {
            labels: (0..labels).map(of_label).collect(),
            everything,
            coverage,
        }
    }

    /// Suppresses every value of the groups whose coverage is suppressed.
    pub(super) fn hide_what_coverage_hides(&mut self) {
        for (hidden, coverage) in self.everything.iter_mut().zip(&self.coverage) {
            *hidden |= coverage;
        }
    }

    /// Where nothing is told of labels.
    pub fn of_everything(everything: Vec<bool>) -> Self {
        Suppressed {
            everything,
            ..Suppressed::default()
        }
    }

    /// Of which groups every value is suppressed, by numbers of cases alone: those of the groups, then, in a table, those of
    /// the combinations that lack groups. `beside` are cells that are suppressed already, from the first on.
    pub fn by_size(
        sizes: Vec<u64>,
        beside: &[bool],
        groups: usize,
        below: u64,
        layout: &Layout<'_>,
    ) -> Vec<bool> {
        let (lines, mut everything) = layout.lines(sizes.len(), None);
        for (hidden, beside) in everything.iter_mut().zip(beside) {
            *hidden |= beside;
        }
        everything[groups..].fill(true);
        Sums {
            lines,
            sizes: vec![sizes],
            groups,
            below,
        }
        .cover(&mut everything);
        everything
    }

    /// Whether a measure of a group is suppressed. What is a mean over labels gives away the one that is left out; how
    /// often a label is given is counted on all cases of the group.
    pub fn hides(&self, measure: Measure, label: Option<usize>, group: usize) -> bool {
        if measure == Measure::Coverage {
            return self.coverage[group];
        }
        let of_label = match (measure, label) {
            (Measure::Accuracy | Measure::SubsetAccuracy, None) => false,
            (Measure::SelectionRate | Measure::ImpactRatio, Some(_)) => false,
            (_, None) => self.labels.iter().any(|hidden| hidden[group]),
            (_, Some(label)) => self.labels[label][group],
        };
        self.everything[group] || of_label
    }

    /// Takes out of the values of all groups what is suppressed. What compares with a group that is suppressed goes too.
    pub(super) fn apply(
        &self,
        measured: &mut [Vec<GroupMeasured>],
        reference: Option<usize>,
        below: u64,
    ) {
        for (place, measured) in measured.iter_mut().enumerate() {
            for GroupMeasured {
                measured,
                comparison,
            } in measured
            {
                let (measure, label) = (measured.measure, measured.label);
                let other_side = match comparison {
                    Some(Comparison::DifferenceToGroup(_) | Comparison::RatioToGroup(_)) => {
                        reference.is_some_and(|group| self.hides(measure, label, group))
                    }
                    _ => false,
                };
                let own = self.hides(measure, label, place);
                // That no case has a label is said of a group that is shown.
                let all = measure != Measure::Coverage && self.everything[place];
                if all || measured.n > 0 && (own || other_side) {
                    measured.result = Err(Undefined::suppressed(below));
                }
            }
        }
    }
}

impl<'a> Layout<'a> {
    /// The cases whose group is not known in full, in the order of the cells behind the groups.
    fn rest(&self) -> &'a [Slice<Outcome>] {
        match self {
            Layout::Line => &[],
            Layout::Table(table) => &table.rest,
        }
    }

    /// The sums that are shown, of all values or of a label's, and the cells that are suppressed as part of what is
    /// suppressed itself.
    fn lines(&self, cells: usize, label: Option<usize>) -> (Vec<Vec<usize>>, Vec<bool>) {
        match self {
            Layout::Line => (vec![(0..cells).collect()], vec![false; cells]),
            Layout::Table(table) => table.lines(label),
        }
    }
}

/// Which groups are suppressed, by the numbers of their cases: those of fewer than `below` cases and, while all that is
/// suppressed adds up to fewer, the next larger ones, since one group's value follows from those of all the others. Empty
/// groups hide nothing.
pub fn suppressed(sizes: &[u64], below: u64) -> Vec<bool> {
    line(sizes, &vec![false; sizes.len()], below)
}

/// The same of parts of a whole, where some are not shown already.
pub fn suppressed_with(sizes: &[u64], hidden: &[bool], below: u64) -> Vec<bool> {
    line(sizes, hidden, below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_suppressed_cannot_be_worked_out_from_the_rest() {
        for (sizes, hidden) in [
            (vec![50, 60], vec![]),
            (vec![50, 4, 60], vec![0, 1]),
            (vec![4, 60, 6], vec![0, 2]),
            (vec![4, 60, 5, 70], vec![0, 1, 2]),
            (vec![0, 12, 60], vec![]),
            (vec![0, 9, 60], vec![1, 2]),
            (vec![9], vec![0]),
            (vec![10, 10], vec![]),
            (vec![], vec![]),
        ] {
            let found = suppressed(&sizes, 10);
            let found: Vec<usize> = (0..sizes.len()).filter(|group| found[*group]).collect();
            assert_eq!(found, hidden, "{sizes:?}");
        }
    }
}
