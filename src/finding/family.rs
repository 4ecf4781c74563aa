//! Comparisons made together: what chance alone could bring about among them is no failure.

use super::{Finding, Outcome, needed};
use crate::measure::Measurement;
use crate::policy::Gate;
use crate::stats::multiplicity::holm;

/// The comparisons of one family of gates for one model.
#[derive(Default)]
pub(super) struct Comparisons<'a> {
    pub(super) count: usize,
    /// Those that an interval disproves: the place of the finding, its p-value, the gate.
    pub(super) disproved: Vec<(usize, f64, &'a Gate)>,
}

impl Comparisons<'_> {
    /// Takes back failures that chance alone could bring about among so many comparisons (Holm 1979). Only failing is
    /// corrected: a gate passes when all that it asks about pass, which needs no correction (intersection-union,
    /// Berger 1982).
    pub(super) fn correct(&self, findings: &mut [Finding], measurements: &[Measurement]) {
        let mut p_values: Vec<f64> = self.disproved.iter().map(|(_, p, _)| *p).collect();
        p_values.resize(self.count, 1.0);
        for ((place, _, gate), adjusted) in self.disproved.iter().zip(holm(&p_values)) {
            if self.count < 2 || adjusted <= (1.0 - gate.level) / 2.0 {
                continue;
            }
            let finding = &mut findings[*place];
            finding.outcome = Outcome::Insufficient;
            finding.detail = format!(
                "{}; by itself the interval disproves the gate, but among {} comparisons chance alone could do that",
                finding.detail, self.count
            );
            let measurement = finding.measurement.map(|place| &measurements[place]);
            let level = 1.0 - (1.0 - gate.level) / self.count as f64;
            finding.needed_n = measurement.and_then(|measurement| needed(gate, measurement, level));
        }
    }
}
