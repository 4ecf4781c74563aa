//! Functional tests: how often a model fails what it is expected to do, by capability and kind of expectation.
//!
//! A test that lacks an answer or a score it needs was not applied: it counts for test coverage alone, and is never
//! a pass. Tests of one cluster are not independent of each other, and neither are tests that share a partner.

use std::collections::{BTreeMap, BTreeSet};

use super::proportion::proportion;
use super::slice::Slice;
use super::{Measure, Rules};
use crate::case::Cases;
use crate::case::behaviour::{Behaviour, Expectation, Test};
use crate::prediction::{Answer, Predictions};
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::Evaluation;
use crate::task::LabelSet;

/// What rounding may take from a movement that is exactly the margin.
const ROUNDING: f64 = 1e-9;

/// What was measured of one capability by one kind of expectation.
pub struct BehaviourMeasured {
    /// [`Measure::FailureRate`] or [`Measure::TestCoverage`].
    pub measure: Measure,
    /// The capability.
    pub capability: String,
    /// The kind of expectation, one of [`Expectation::KINDS`].
    pub kind: &'static str,
    /// How many tests it rests on.
    pub n: u64,
    /// How many independent clusters they form.
    pub clusters: u64,
    /// The value, or why there is none.
    pub result: Result<Estimate, Undefined>,
}

/// The tests of one capability by one kind of expectation: cluster, and whether the model failed.
#[derive(Default)]
struct Trials {
    failed: Vec<(Option<u32>, bool)>,
    not_applied: usize,
}

/// Measures failure rate and test coverage of every capability and kind of expectation that has tests for the model's
/// task. `evaluation` is that of the same predictions, where the dataset has gold labels that they can be judged by.
pub fn measure(
    cases: &Cases,
    behaviour: &Behaviour,
    evaluation: Option<&Evaluation>,
    predictions: &Predictions,
    rules: &Rules,
) -> Vec<BehaviourMeasured> {
    let tester = Tester {
        cases,
        clusters: (cases.clusters.is_some() || cases.sets.is_some()).then(|| cases.dependence()),
        evaluation,
        predictions,
        comparable: comparable(predictions),
    };
    let mut trials: BTreeMap<(u32, usize), Trials> = BTreeMap::new();
    for (case, test) in behaviour.tests.iter().enumerate() {
        let (Some(test), Some(capability)) = (test, behaviour.capabilities.codes()[case]) else {
            continue;
        };
        if !tester.concerns(case, test) {
            continue;
        }
        let kind = test.expectation.kind();
        let place = Expectation::KINDS.iter().position(|known| *known == kind);
        let trials = trials
            .entry((capability, place.unwrap_or_default()))
            .or_default();
        match tester.fails(case, test) {
            Some(failed) => trials.failed.push((tester.cluster(case, test), failed)),
            None => trials.not_applied += 1,
        }
    }
    trials
        .into_iter()
        .flat_map(|((capability, kind), trials)| {
            let capability = &behaviour.capabilities.names()[capability as usize];
            let kind = Expectation::KINDS[kind];
            let nothing = match (kind, tester.comparable) {
                ("directional", Err(reason)) => Undefined::new(Reason::NoScores, reason),
                _ => Undefined::new(Reason::NoAnswers, "no test could be applied"),
            };
            summary(capability, kind, &trials, &nothing, rules)
        })
        .collect()
}

/// Whether margins can be held against the scores, which takes scores between 0 and 1.
fn comparable(predictions: &Predictions) -> Result<(), &'static str> {
    let Some(scores) = &predictions.scores else {
        return Err("the model gives labels only");
    };
    let mut all = scores.rows.iter().flatten().flatten();
    if all.all(|score| (-ROUNDING..=1.0 + ROUNDING).contains(score)) {
        Ok(())
    } else {
        Err("the model's scores are not between 0 and 1, and margins are")
    }
}

fn summary(
    capability: &str,
    kind: &'static str,
    trials: &Trials,
    nothing: &Undefined,
    rules: &Rules,
) -> [BehaviourMeasured; 2] {
    let share = |measure, slice: &Slice<bool>| {
        let n = slice.total();
        let result = if n == 0 {
            Err(nothing.clone())
        } else if n < rules.suppress_below {
            Err(Undefined::suppressed(rules.suppress_below))
        } else {
            proportion(slice, |happened| Some(*happened), rules.level).map(|share| Estimate {
                value: share.value,
                interval: share.interval,
                test: None,
            })
        };
        BehaviourMeasured {
            measure,
            capability: capability.to_owned(),
            kind,
            n,
            clusters: slice.clusters,
            result,
        }
    };
    let clusters: BTreeSet<u32> = trials.failed.iter().filter_map(|trial| trial.0).collect();
    // Clusters of one test each are no clusters.
    let alone = clusters.len() == trials.failed.len();
    let failed = trials.failed.iter();
    let failed = Slice::new(failed.map(|(cluster, failed)| (cluster.filter(|_| !alone), *failed)));
    // A test is answered or not by itself, whatever wording it shares.
    let applied = std::iter::repeat_n(true, trials.failed.len())
        .chain(std::iter::repeat_n(false, trials.not_applied));
    let covered = Slice::new(applied.map(|applied| (None, applied)));
    [
        share(Measure::FailureRate, &failed),
        share(Measure::TestCoverage, &covered),
    ]
}

/// Judges single tests.
struct Tester<'a> {
    cases: &'a Cases,
    clusters: Option<Vec<Option<u32>>>,
    evaluation: Option<&'a Evaluation>,
    predictions: &'a Predictions,
    comparable: Result<(), &'static str>,
}

impl Tester<'_> {
    /// Whether a test is about the model's task at all.
    fn concerns(&self, case: usize, test: &Test) -> bool {
        let task = self.predictions.scheme.task;
        let has_gold = || {
            let gold = self.cases.gold(task);
            gold.is_some_and(|gold| gold.labels[case].is_some())
        };
        test.task.is_none_or(|about| about == task)
            && (test.expectation != Expectation::Minimum || has_gold())
    }

    /// Whether the model fails a test; `None` where it could not be applied.
    fn fails(&self, case: usize, test: &Test) -> Option<bool> {
        match test.expectation {
            Expectation::Minimum => {
                let outcome = self.evaluation?.outcomes[case]?;
                Some(outcome.answer? != outcome.gold)
            }
            Expectation::Invariance { partner } => {
                let answer = |case: usize| -> Option<LabelSet> {
                    self.predictions.answers.get(case)?.labels()
                };
                Some(answer(case)? != answer(partner)?)
            }
            Expectation::Directional {
                partner,
                label,
                rises,
                margin,
            } => {
                let moved = self.score(case, label)? - self.score(partner, label)?;
                let wanted = if rises { moved } else { -moved };
                Some(wanted < margin - ROUNDING)
            }
        }
    }

    /// The score of a gold label: the sum over the model's labels that carry over to it.
    fn score(&self, case: usize, label: usize) -> Option<f64> {
        let bridge = &self.evaluation?.bridge;
        let label = bridge.from_gold.get(label).copied().flatten()?;
        let scores = self.predictions.scores.as_ref()?;
        self.comparable.ok()?;
        // Scores may come without a label; those of a case that the model gave up on are none.
        if matches!(
            self.predictions.answers.get(case)?,
            Answer::Abstained | Answer::Failed
        ) {
            return None;
        }
        let row = scores.rows.get(case)?.as_ref()?;
        let mut carried = scores
            .labels
            .iter()
            .zip(row)
            .filter(|(of, _)| bridge.from_model.get(**of).copied().flatten() == Some(label))
            .map(|(_, score)| *score)
            .peekable();
        carried.peek()?;
        Some(carried.sum())
    }

    /// What the test depends on: the declared cluster, else its partner.
    fn cluster(&self, case: usize, test: &Test) -> Option<u32> {
        if let Some(codes) = &self.clusters {
            return codes[case];
        }
        match test.expectation {
            Expectation::Minimum => None,
            Expectation::Invariance { partner } | Expectation::Directional { partner, .. } => {
                u32::try_from(partner).ok()
            }
        }
    }
}
