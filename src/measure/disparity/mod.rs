//! Differences between groups: each group against all others whose group is known.

use super::proportion::{Event, Linear};
use super::quality::{
    Measured, answered, asked, label_estimate, label_linear, resampled, skill, skill_over,
};
use super::slice::Slice;
use super::{Measure, Rules};
use crate::case::{Cases, Names};
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::{Evaluation, Outcome, Tally};

/// The measures of one label that are compared between groups.
const LABEL_BY_GROUP: [Measure; 4] = [
    Measure::Skill,
    Measure::Recall,
    Measure::FalsePositiveRate,
    Measure::SelectionRate,
];

/// One group of an attribute, and everybody else.
pub struct Group {
    /// Its name.
    pub name: String,
    /// The outcomes of its cases.
    pub slice: Slice<Outcome>,
    /// The outcomes of all other cases whose group is known.
    pub others: Slice<Outcome>,
}

/// What was measured of a group: the value, or the difference to the others.
pub struct GroupMeasured {
    /// The value.
    pub measured: Measured,
    /// Whether it is the difference to the pooled others.
    pub is_difference: bool,
}

/// Splits the judged cases by the groups of an attribute. Cases with a blank are left out.
pub fn split(evaluation: &Evaluation, cases: &Cases, groups: &Names) -> Vec<Group> {
    let clusters = cases.dependence();
    let mut tallies: Vec<Tally<(Option<u32>, Outcome)>> =
        vec![Tally::default(); groups.names().len()];
    for (case, outcome) in evaluation.outcomes.iter().enumerate() {
        if let (Some(outcome), Some(group)) = (outcome, groups.codes()[case]) {
            let cluster = clusters.as_ref().and_then(|codes| codes[case]);
            tallies[group as usize].count((cluster, *outcome));
        }
    }
    let mut all = Tally::default();
    for tally in &tallies {
        all.merge(tally.clone());
    }
    groups
        .names()
        .iter()
        .zip(&tallies)
        .map(|(name, tally)| Group {
            name: name.clone(),
            slice: Slice::from_tally(tally),
            others: Slice::from_tally(&all.without(tally)),
        })
        .collect()
}

/// Values of all groups and their differences to the others, overall and by label; for each group the same list in
/// the same order. What is too small to show is withheld.
pub fn measure(
    evaluation: &Evaluation,
    groups: &[Group],
    rules: &Rules,
) -> Vec<Vec<GroupMeasured>> {
    let of_group = |group: &Group| of_group(evaluation, group, rules);
    let mut measured: Vec<Vec<GroupMeasured>> = groups.iter().map(of_group).collect();
    suppress(&mut measured, rules.suppress_below);
    measured
}

fn of_group(evaluation: &Evaluation, group: &Group, rules: &Rules) -> Vec<GroupMeasured> {
    let mut measured = Vec::new();
    let mut add = |measure, label, n, is_difference, result: Result<Estimate, Undefined>| {
        measured.push(GroupMeasured {
            measured: Measured {
                measure,
                label,
                n,
                result,
            },
            is_difference,
        });
    };
    let (n, others) = (answered(&group.slice), answered(&group.others));
    let mut overall =
        |measure, value: Result<Linear, Undefined>, common: Result<Linear, Undefined>| {
            let value = value.and_then(|linear| linear.estimate(&group.slice, rules.level));
            add(measure, None, n, false, value);
            let difference = common
                .and_then(|linear| linear.difference(&group.slice, &group.others, rules.level));
            add(
                measure,
                None,
                n,
                true,
                claimed(n.min(others), rules, difference),
            );
        };
    let accuracy = if evaluation.multi_label {
        Measure::SubsetAccuracy
    } else {
        Measure::Accuracy
    };
    let correct = || Ok(Linear::of(Event::Correct));
    overall(accuracy, correct(), correct());
    // Both sides must be asked the same question: only labels that both can be asked about count.
    let theirs = asked(&group.others, evaluation);
    let mut common = asked(&group.slice, evaluation);
    common.retain(|label| theirs.contains(label));
    overall(
        Measure::Skill,
        skill(&group.slice, evaluation),
        skill_over(&common, evaluation),
    );
    for result in resampled(evaluation, &group.slice, &[Measure::MacroF1], rules) {
        add(Measure::MacroF1, None, n, false, result);
    }
    for label in 0..evaluation.scheme.labels.len() {
        for measure in LABEL_BY_GROUP {
            let (n, value) = label_estimate(measure, label, &group.slice, rules.level);
            add(measure, Some(label), n, false, value);
            let difference = label_linear(measure, label).and_then(|linear| {
                let others = linear.trials(&group.others);
                let difference = linear.difference(&group.slice, &group.others, rules.level);
                claimed(n.min(others), rules, difference)
            });
            add(measure, Some(label), n, true, difference);
        }
    }
    measured
}

/// A comparison that one side is too small for is not claimed.
fn claimed(
    smaller_side: u64,
    rules: &Rules,
    result: Result<Estimate, Undefined>,
) -> Result<Estimate, Undefined> {
    if smaller_side < rules.min_n {
        return Err(Undefined::new(
            Reason::TooFewCases,
            format!(
                "{smaller_side} cases on one side, and nothing is claimed under {}",
                rules.min_n
            ),
        ));
    }
    result
}

/// Withholds values of few cases, and what they could be worked out from.
fn suppress(measured: &mut [Vec<GroupMeasured>], below: u64) {
    let values = measured.first().map_or(0, Vec::len);
    for place in 0..values {
        let key = |group: &[GroupMeasured]| {
            let measured = &group[place].measured;
            (measured.measure, measured.label)
        };
        let (measure, label) = key(&measured[0]);
        if measured[0][place].is_difference {
            continue;
        }
        let sizes: Vec<u64> = measured
            .iter()
            .map(|group| group[place].measured.n)
            .collect();
        for group in withheld(&sizes, below) {
            let detail = match sizes[group] {
                n if n < below => format!("fewer than {below} cases: not shown, for privacy"),
                _ => format!(
                    "not shown, so that a group of fewer than {below} cases cannot be worked out"
                ),
            };
            for other in &mut measured[group] {
                let other = &mut other.measured;
                // How often a label is given tells, with false alarms, how often it was found.
                let same = other.measure == measure
                    || (measure == Measure::Recall && other.measure == Measure::SelectionRate);
                if same && other.label == label && other.n > 0 {
                    other.result = Err(Undefined::new(Reason::Suppressed, detail.clone()));
                }
            }
        }
    }
}

/// The groups whose values are withheld: those of fewer than `below` cases and, while all that is withheld adds up to
/// fewer, the next larger ones, since one group's value follows from those of all the others. Empty groups hide
/// nothing.
pub fn withheld(sizes: &[u64], below: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).filter(|group| sizes[*group] > 0).collect();
    order.sort_by_key(|group| sizes[*group]);
    let mut hidden = Vec::new();
    let mut cases = 0;
    for group in order {
        if sizes[group] >= below && (hidden.is_empty() || cases >= below) {
            break;
        }
        cases += sizes[group];
        hidden.push(group);
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
            (vec![50, 4, 60], vec![1, 0]),
            (vec![4, 60, 6], vec![0, 2]),
            (vec![4, 60, 5, 70], vec![0, 2, 1]),
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
