//! Functional tests: what a model is expected to do with a case, by itself or beside its partner.
//!
//! Reading them from columns is left to `dataset`, counting failures to `measure`.

use super::Names;
use crate::task::Task;

/// What a model is expected to do (the three kinds of test of Ribeiro et al. 2020).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expectation {
    /// A minimum of function: the gold label must come out.
    Minimum,
    /// The answer must be that of the partner.
    Invariance {
        /// The place of the partner among the cases.
        partner: usize,
    },
    /// The score of a label must move from that of the partner by at least a margin.
    Directional {
        /// The place of the partner among the cases.
        partner: usize,
        /// The place of the label in the gold scheme of the test's task.
        label: usize,
        /// Whether the score must rise; else it must fall.
        rises: bool,
        /// From -1 to 1. Below 0 it is a tolerance: the score may move the other way by so much.
        margin: f64,
    },
}

impl Expectation {
    /// The kinds, in the order of reports.
    pub const KINDS: [&'static str; 3] = ["minimum", "invariance", "directional"];

    /// The kind of test, as records name it.
    pub fn kind(self) -> &'static str {
        match self {
            Expectation::Minimum => Self::KINDS[0],
            Expectation::Invariance { .. } => Self::KINDS[1],
            Expectation::Directional { .. } => Self::KINDS[2],
        }
    }
}

/// One functional test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// What is expected.
    pub expectation: Expectation,
    /// The task it is about; `None` for every task that a model answers.
    pub task: Option<Task>,
}

/// The functional tests of a dataset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Behaviour {
    /// For each case the capability that it tests.
    pub capabilities: Names,
    /// For each case its test; `None` for cases that test nothing, such as mere partners.
    pub tests: Vec<Option<Test>>,
}
