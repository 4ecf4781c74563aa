//! Which labels are taken for which.

use super::Rules;
use super::slice::Slice;
use super::sum::Sum;
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
/// together (Bonferroni), whichever are shown. Each is asked for at a level so high that Wilson's limits, which are right
/// on average, would leave out the truth of rare pairs time and again; exact ones never do more often than they say.
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
        result: share(slice, (gold, answer), level).map(|share| together(share, rules.level)),
    };
    pairs.into_iter().map(confused).collect()
}

/// The share of the answered cases with a label that got an answer.
fn share(
    slice: &Slice<Outcome>,
    (gold, answer): (usize, usize),
    level: f64,
) -> Result<Estimate, Undefined> {
    let mut sum = Sum::new(0.0);
    sum.add(1.0, slice, |outcome| {
        let said = outcome.answer?;
        let got = f64::from(said.contains(answer));
        outcome.gold.contains(gold).then_some(got)
    })?;
    sum.exact(level)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{LabelSource, Unit};
    use crate::tally::Gaps;
    use crate::task::{LabelSet, bridge, built_in};

    /// Cases of a cluster, if any, with a gold label and an answer.
    type Cases = (Option<u32>, usize, usize, usize);

    /// The pairs confused most of three labels.
    fn pairs(min_n: u64, cases: &[Cases]) -> Vec<Confused> {
        let outcomes = cases.iter().flat_map(|(cluster, gold, answer, times)| {
            let outcome = Outcome {
                gold: LabelSet::one(*gold),
                answer: Some(LabelSet::one(*answer)),
            };
            std::iter::repeat_n((Unit::from(*cluster), outcome), *times)
        });
        let outcomes: Vec<(Unit, Outcome)> = outcomes.collect();
        let scheme = built_in("three-way").expect("built in");
        let evaluation = Evaluation {
            gold_scheme: scheme.clone(),
            source: LabelSource::Perceived,
            bridge: bridge(&scheme, &scheme).expect("the same labels"),
            multi_label: false,
            outcomes: outcomes.iter().map(|(_, outcome)| Some(*outcome)).collect(),
            gaps: Gaps::default(),
            scheme,
        };
        let rules = Rules {
            level: 0.95,
            min_n,
            suppress_below: 0,
            seed: 1,
            replicates: 100,
        };
        most(&evaluation, &Slice::new(outcomes.into_iter()), &rules)
    }

    /// tests/oracles/confused.py
    #[test]
    fn limits_are_exact_and_hold_for_all_pairs_that_were_looked_at() {
        let cases = [
            (None, 0, 0, 33),
            (None, 0, 1, 3),
            (None, 1, 1, 20),
            (None, 2, 2, 3),
            (None, 2, 0, 2),
        ];
        let clusters: Vec<Cases> = [4, 3, 0, 0, 0, 0, 0, 1]
            .into_iter()
            .zip(0..)
            .flat_map(|(wrong, cluster)| {
                let cluster = Some(cluster);
                [(cluster, 0, 2, wrong), (cluster, 0, 0, 6 - wrong)]
            })
            .collect();
        // Labels with few cases leave two pairs less each to look at, whether or not they are confused.
        for (min_n, cases, first, low, high) in [
            (
                10,
                &cases[..],
                (0, 1),
                0.010420485236982822,
                0.2666096234031629,
            ),
            (1, &cases, (2, 0), 0.020844639772863206, 0.9222647510563695),
            (
                1,
                &clusters,
                (0, 2),
                0.007297566150591403,
                0.5934110227664569,
            ),
        ] {
            let pair = &pairs(min_n, cases)[0];
            let interval = pair.result.as_ref().unwrap().interval;
            assert_eq!((pair.gold, pair.answer), first);
            assert_eq!(interval.level, 0.95);
            for (ours, theirs) in [(interval.low, low), (interval.high, high)] {
                assert!((ours - theirs).abs() < 1e-9, "{ours} is not {theirs}");
            }
        }
    }
}
