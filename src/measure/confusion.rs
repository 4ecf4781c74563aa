//! Which labels are taken for which.

use super::Rules;
use super::proportion::proportion;
use super::slice::Slice;
use crate::stats::{Estimate, Interval, Undefined};
use crate::tally::{Evaluation, Outcome};

/// The most pairs that are kept.
const MOST: usize = 20;

/// How often one label was taken for another.
#[derive(Clone, Debug)]
pub struct Confused {
    /// The label in gold, by its place in the evaluation's scheme.
    pub gold: usize,
    /// The answer.
    pub answer: usize,
    /// Answered cases with the label.
    pub n: u64,
    /// The share of them that got the answer.
    pub result: Result<Estimate, Undefined>,
}

/// Answered cases by gold label and answer; the last column counts answers with a label that the data does not have.
/// Nothing for tasks with several labels a case.
pub fn counts(evaluation: &Evaluation) -> Vec<Vec<u64>> {
    let labels = evaluation.scheme.labels.len();
    if evaluation.multi_label {
        return Vec::new();
    }
    let mut counts = vec![vec![0; labels + 1]; labels];
    for outcome in evaluation.outcomes.iter().flatten() {
        if let (Some(gold), Some(answer)) = (outcome.gold.single(), outcome.answer) {
            counts[gold][answer.single().unwrap_or(labels)] += 1;
        }
    }
    counts
}

/// The pairs that are confused most, by their share of the cases with the label in gold. Labels with too few cases for
/// a claim are left out.
///
/// What is the largest of many shares is large by chance too: of pairs that are all confused as often, intervals for one
/// share would hold that of the first far less often than they say. So the intervals are those that hold for all pairs
/// together (Bonferroni), whichever are shown.
pub fn most(evaluation: &Evaluation, slice: &Slice<Outcome>, rules: &Rules) -> Vec<Confused> {
    let mut pairs: Vec<(f64, usize, usize, u64)> = Vec::new();
    let mut looked_at = 0;
    for (gold, row) in counts(evaluation).iter().enumerate() {
        let n: u64 = row.iter().sum();
        let labels = row.iter().take(evaluation.scheme.labels.len());
        let wrong = labels
            .enumerate()
            .filter(|(answer, count)| *answer != gold && **count > 0);
        if n >= rules.min_n {
            looked_at += row.len() - 2;
            pairs.extend(wrong.map(|(answer, count)| (*count as f64 / n as f64, gold, answer, n)));
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    pairs.truncate(MOST);
    let level = 1.0 - (1.0 - rules.level) / looked_at.max(1) as f64;
    let confused = |(_, gold, answer, n): (f64, usize, usize, u64)| Confused {
        gold,
        answer,
        n,
        result: proportion(
            slice,
            |outcome| {
                let said = outcome.answer?;
                outcome.gold.contains(gold).then(|| said.contains(answer))
            },
            level,
        )
        .map(|share| together(share, rules.level)),
    };
    pairs.into_iter().map(confused).collect()
}

/// Limits of a pair that hold with those of all others at this level.
fn together(share: Estimate, level: f64) -> Estimate {
    Estimate {
        interval: Interval {
            level,
            ..share.interval
        },
        ..share
    }
}
