//! Functional tests: how often a model fails them, by kind of expectation, and how many could be applied.
//!
//! A model fails a fifth of the tests of each kind; in clusters, of 10 tests of a kind, it fails more or fewer of them
//! together. One answer in twenty is missing. Truths follow from these numbers.

use std::collections::BTreeMap;

use affect_audit::case::behaviour::{Behaviour, Expectation, Test};
use affect_audit::case::{Cases, Gold, LabelSource, Names};
use affect_audit::measure::Rules;
use affect_audit::measure::behaviour::measure;
use affect_audit::prediction::{Answer, Predictions, Scores};
use affect_audit::tally::evaluate;
use affect_audit::task::{LabelSet, built_in};
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{self, Coverage, Values};

/// How many tests of each kind are failed.
pub const FAILED: f64 = 0.2;

/// How often a case is answered.
const ANSWERED: f64 = 0.95;

/// Tests to draw.
#[derive(Clone, Copy, Debug)]
pub struct Tests {
    /// Tests of each kind.
    pub n: u64,
    /// Tests of a cluster; 1 where they are independent.
    pub in_cluster: u64,
}

/// Draws tests again and again and asks every interval whether it holds the truth.
pub fn count(tests: Tests, draws: u64, seed: u64) -> BTreeMap<String, Coverage> {
    held::count(&truth(), (draws, seed), |rules, random| {
        tests.measured(rules, random)
    })
}

/// What each measure comes to: a test of a partner takes two answers.
pub fn truth() -> BTreeMap<String, f64> {
    let kinds = Expectation::KINDS.iter().flat_map(|kind| {
        let answers = if *kind == Expectation::KINDS[0] { 1 } else { 2 };
        [
            (format!("failure-rate, {kind}"), FAILED),
            (format!("test-coverage, {kind}"), ANSWERED.powi(answers)),
        ]
    });
    kinds.collect()
}

impl Tests {
    /// What is measured of the tests.
    pub fn measured(&self, rules: &Rules, random: &mut Xoshiro256PlusPlus) -> Values {
        let (cases, predictions) = self.drawn(random);
        let evaluation = evaluate(&cases, &cases.gold[0], &predictions);
        let tests = cases.behaviour.as_ref().expect("tests");
        let measured = measure(&cases, tests, evaluation.as_ref(), &predictions, rules);
        let measured = measured.into_iter();
        measured
            .map(|measured| {
                let name = format!("{}, {}", measured.measure.id(), measured.kind);
                (name, measured.result)
            })
            .collect()
    }

    /// Every test is followed by its partner, which the tests of single answers leave aside.
    fn drawn(&self, random: &mut Xoshiro256PlusPlus) -> (Cases, Predictions) {
        let (mut tests, mut answers, mut rows, mut clusters) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for kind in 0..Expectation::KINDS.len() {
            let mut chance = FAILED;
            for test in 0..self.n {
                if self.in_cluster > 1 && test.is_multiple_of(self.in_cluster) {
                    chance = random.random_range(0.0..2.0 * FAILED);
                }
                let fails = random.random_bool(chance);
                let partner = tests.len() + 1;
                let expectation = match kind {
                    0 => Expectation::Minimum,
                    1 => Expectation::Invariance { partner },
                    _ => Expectation::Directional {
                        partner,
                        label: 0,
                        rises: true,
                        margin: 0.1,
                    },
                };
                tests.extend([
                    Some(Test {
                        expectation,
                        task: None,
                    }),
                    None,
                ]);
                for (label, score) in [
                    (usize::from(fails), if fails { 0.5 } else { 0.7 }),
                    (0, 0.5),
                ] {
                    clusters.push(format!("{kind} {}", test / self.in_cluster));
                    if random.random_bool(ANSWERED) {
                        answers.push(Answer::Labels(LabelSet::one(label)));
                        rows.push(Some(vec![score, 1.0 - score, 0.0]));
                    } else {
                        answers.push(Answer::Missing);
                        rows.push(None);
                    }
                }
            }
        }
        let scheme = built_in("three-way").expect("a built-in scheme");
        let cases = Cases {
            ids: vec![String::new(); tests.len()],
            clusters: (self.in_cluster > 1)
                .then(|| Names::from_cells(clusters.iter().map(String::as_str))),
            gold: vec![Gold {
                scheme: scheme.clone(),
                source: LabelSource::Template,
                labels: vec![Some(LabelSet::one(0)); tests.len()],
            }],
            behaviour: Some(Behaviour {
                capabilities: Names::from_cells(std::iter::repeat_n("capability", tests.len())),
                tests,
            }),
            ..Cases::default()
        };
        let predictions = Predictions {
            scheme,
            answers,
            scores: Some(Scores {
                labels: vec![0, 1, 2],
                rows,
            }),
            cut: 0,
            notes: Vec::new(),
        };
        (cases, predictions)
    }
}
