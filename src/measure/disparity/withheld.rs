//! What is not shown of groups, so that no small group can be worked out from what is.

use super::super::Measure;
use super::super::quality::{answered, label_linear};
use super::crossing::Table;
use super::{Group, GroupMeasured};
use crate::measure::Comparison;
use crate::stats::{Reason, Undefined};
use crate::tally::Evaluation;

/// How groups lie: what adds up to something that is shown.
#[derive(Default)]
pub enum Layout<'a> {
    /// All groups together make up all cases.
    #[default]
    Line,
    /// Groups are combinations of those of several attributes, whose sums are shown too.
    Table(&'a Table),
}

/// The groups whose values are withheld.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    /// By group: of every measure.
    pub everything: Vec<bool>,
    /// By label and group: of what is counted on the cases with the label.
    pub with_label: Vec<Vec<bool>>,
    /// By label and group: of what is counted on the cases without it.
    pub without_label: Vec<Vec<bool>>,
}

impl Withheld {
    /// What is withheld where nothing about fewer than `below` cases is shown.
    pub fn new(evaluation: &Evaluation, groups: &[Group], below: u64, layout: &Layout<'_>) -> Self {
        let hide = |sizes: Vec<u64>, hidden: &[bool], margin: &dyn Fn(&Withheld) -> Vec<bool>| {
            match layout {
                Layout::Line => line(&sizes, hidden, below),
                Layout::Table(table) => table.hide(&sizes, hidden, below, margin),
            }
        };
        let sizes = groups.iter().map(|group| answered(&group.slice)).collect();
        let nothing = vec![false; groups.len()];
        let everything = hide(sizes, &nothing, &|margin| margin.everything.clone());
        let by_label = |measure: Measure, of: fn(&Withheld) -> &Vec<Vec<bool>>| {
            let hidden = |label: usize| {
                let trials = |group: &Group| {
                    label_linear(measure, label).map_or(0, |linear| linear.trials(&group.slice))
                };
                let sizes = groups.iter().map(trials).collect();
                hide(sizes, &everything, &|margin| of(margin)[label].clone())
            };
            (0..evaluation.scheme.labels.len()).map(hidden).collect()
        };
        Withheld {
            with_label: by_label(Measure::Recall, |margin| &margin.with_label),
            without_label: by_label(Measure::FalsePositiveRate, |margin| &margin.without_label),
            everything,
        }
    }

    /// Whether a measure of a group is withheld. How often a label is given tells, with false alarms, how often it was
    /// found, and the other way round: what rests on both is withheld where either is.
    pub fn hides(&self, measure: Measure, label: Option<usize>, group: usize) -> bool {
        let Some(label) = label else {
            return self.everything[group];
        };
        match measure {
            Measure::Recall => self.with_label[label][group],
            Measure::FalsePositiveRate => self.without_label[label][group],
            _ => self.with_label[label][group] || self.without_label[label][group],
        }
    }

    /// Takes out of the values of all groups what is withheld. What compares with a group that is withheld goes too.
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
                let hides = |group| self.hides(measured.measure, measured.label, group);
                let to_reference = matches!(
                    comparison,
                    Some(Comparison::DifferenceToGroup(_) | Comparison::RatioToGroup(_))
                );
                let other_side = reference.filter(|_| to_reference);
                if measured.n == 0 || !(hides(place) || other_side.is_some_and(hides)) {
                    continue;
                }
                let detail = match measured.n {
                    n if n < below => format!("fewer than {below} cases: not shown, for privacy"),
                    _ => format!(
                        "not shown, so that a group of fewer than {below} cases cannot be worked out"
                    ),
                };
                measured.result = Err(Undefined::new(Reason::Suppressed, detail));
            }
        }
    }
}

/// The groups whose values are withheld: those of fewer than `below` cases and, while all that is withheld adds up to
/// fewer, the next larger ones, since one group's value follows from those of all the others. Empty groups hide
/// nothing.
pub fn withheld(sizes: &[u64], below: u64) -> Vec<usize> {
    let hidden = line(sizes, &vec![false; sizes.len()], below);
    (0..sizes.len()).filter(|group| hidden[*group]).collect()
}

/// The same, where some are hidden already.
pub(super) fn line(sizes: &[u64], hidden: &[bool], below: u64) -> Vec<bool> {
    let mut hidden = hidden.to_vec();
    let mut order: Vec<usize> = (0..sizes.len())
        .filter(|group| sizes[*group] > 0 && !hidden[*group])
        .collect();
    order.sort_by_key(|group| sizes[*group]);
    let of_hidden = (0..sizes.len()).filter(|group| hidden[*group]);
    let mut cases: u64 = of_hidden.map(|group| sizes[group]).sum();
    for group in order {
        if sizes[group] >= below && (cases == 0 || cases >= below) {
            break;
        }
        cases += sizes[group];
        hidden[group] = true;
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_withheld_cannot_be_worked_out_from_the_rest() {
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
            assert_eq!(withheld(&sizes, 10), hidden, "{sizes:?}");
        }
    }
}
