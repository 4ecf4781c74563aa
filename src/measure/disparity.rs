//! Differences between groups: each group against all others whose group is known.

use super::proportion::Linear;
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
    let clusters = cases.dependence().map(Names::codes);
    let mut tallies: Vec<Tally<(Option<u32>, Outcome)>> =
        vec![Tally::default(); groups.names().len()];
    for (case, outcome) in evaluation.outcomes.iter().enumerate() {
        if let (Some(outcome), Some(group)) = (outcome, groups.codes()[case]) {
            let cluster = clusters.and_then(|codes| codes[case]);
            tallies[group as usize].count((cluster, *outcome));
        }
    }
    (0..tallies.len())
        .map(|group| {
            let mut others = Tally::default();
            for (other, tally) in tallies.iter().enumerate() {
                if other != group {
                    others.merge(tally.clone());
                }
            }
            Group {
                name: groups.names()[group].clone(),
                slice: Slice::from_tally(&tallies[group]),
                others: Slice::from_tally(&others),
            }
        })
        .collect()
}

/// Values of a group and its differences to the others, overall and by label.
pub fn measure(evaluation: &Evaluation, group: &Group, rules: &Rules) -> Vec<GroupMeasured> {
    let mut measured = Vec::new();
    let n = answered(&group.slice);
    let mut add = |measure, label, n, is_difference, result: Result<Estimate, Undefined>| {
        measured.push(GroupMeasured {
            measured: Measured {
                measure,
                label,
                n,
                result: guarded(n, is_difference, rules, result),
            },
            is_difference,
        });
    };
    let accuracy = if evaluation.multi_label {
        Measure::SubsetAccuracy
    } else {
        Measure::Accuracy
    };
    let correct = Linear::of(super::proportion::Event::Correct);
    add(
        accuracy,
        None,
        n,
        false,
        correct.estimate(&group.slice, rules.level),
    );
    add(
        accuracy,
        None,
        n,
        true,
        correct.difference(&group.slice, &group.others, rules.level),
    );
    let value = skill(&group.slice, evaluation);
    add(
        Measure::Skill,
        None,
        n,
        false,
        value.and_then(|linear| linear.estimate(&group.slice, rules.level)),
    );
    // Both sides must be asked the same question: only labels that both can be asked about count.
    let theirs = asked(&group.others, evaluation);
    let mut common = asked(&group.slice, evaluation);
    common.retain(|label| theirs.contains(label));
    let difference = skill_over(&common, evaluation)
        .and_then(|linear| linear.difference(&group.slice, &group.others, rules.level));
    add(Measure::Skill, None, n, true, difference);
    for result in resampled(evaluation, &group.slice, &[Measure::MacroF1], rules) {
        add(Measure::MacroF1, None, n, false, result);
    }
    for label in 0..evaluation.scheme.labels.len() {
        for measure in LABEL_BY_GROUP {
            let (n, value) = label_estimate(measure, label, &group.slice, rules.level);
            add(measure, Some(label), n, false, value);
            let difference = label_linear(measure, label)
                .and_then(|linear| linear.difference(&group.slice, &group.others, rules.level));
            add(measure, Some(label), n, true, difference);
        }
    }
    measured
}

/// Withholds what is too small to show, and comparisons that are too small to claim.
pub fn guarded(
    n: u64,
    is_difference: bool,
    rules: &Rules,
    result: Result<Estimate, Undefined>,
) -> Result<Estimate, Undefined> {
    if n > 0 && n < rules.suppress_below {
        return Err(Undefined::new(
            Reason::Suppressed,
            format!(
                "fewer than {} cases: not shown, for privacy",
                rules.suppress_below
            ),
        ));
    }
    if is_difference && n < rules.min_n {
        return Err(Undefined::new(
            Reason::TooFewCases,
            format!("{n} cases, and nothing is claimed under {}", rules.min_n),
        ));
    }
    result
}
