//! Functional tests among the measurements of an audit: one slice a capability and kind of expectation.

use super::Measuring;
use crate::measure::behaviour;
use crate::measure::{CAPABILITY, EXPECTATION, Measurement};
use crate::stats::Estimate;
use crate::tally::Evaluation;

impl Measuring<'_> {
    /// Failure rates and test coverage, where the dataset holds functional tests.
    pub(super) fn behaviour(&mut self, evaluation: Option<&Evaluation>) {
        let cases = &self.answer.dataset.cases;
        let Some(tests) = &cases.behaviour else {
            return;
        };
        let predictions = &self.answer.predictions;
        for measured in behaviour::measure(cases, tests, evaluation, predictions, self.rules) {
            let blank = self.blank(measured.measure);
            self.measurements.push(Measurement {
                slice: vec![
                    (CAPABILITY.to_owned(), measured.capability),
                    (EXPECTATION.to_owned(), measured.kind.to_owned()),
                ],
                n: measured.n,
                clusters: measured.clusters,
                result: measured.result.map(Estimate::rounded),
                ..blank
            });
        }
    }
}
