//! Whether a model's probabilities mean what they say: means over cases, overall, by label and by group.

use super::curve::{Statement, calibrated, statement, statements};
use super::probability::Rows;
use super::quality::Measured;
use super::{Measure, Rules, unit};
use crate::case::Unit;
use crate::stats::mean::{Values, sum_of_means};
use crate::stats::{Estimate, Undefined};
use crate::tally::{Evaluation, Outcome};
use crate::task::LabelSet;

/// The smallest probability that the log loss takes: files round scores, and 0 may stand for little.
pub const LEAST: f64 = 1e-6;

/// The measures that are means over cases.
pub const MEANS: [Measure; 3] = [Measure::Overconfidence, Measure::Brier, Measure::LogLoss];

/// The measures of binned statements: the calibration error, and the parts of their Brier score.
const BINNED: [Measure; 4] = [
    Measure::CalibrationError,
    Measure::BrierReliability,
    Measure::BrierResolution,
    Measure::BrierUncertainty,
];

/// The means over all cases and the measures of bins, overall and by label.
pub fn measure(
    evaluation: &Evaluation,
    probabilities: &Result<Rows, Undefined>,
    units: &[Unit],
    rules: &Rules,
) -> Vec<Measured> {
    let rows = match probabilities {
        Ok(rows) => rows,
        Err(undefined) => {
            return MEANS
                .into_iter()
                .chain(BINNED)
                .map(|measure| Measured {
                    measure,
                    label: None,
                    n: 0,
                    result: Err(undefined.clone()),
                })
                .collect();
        }
    };
    let mean = |measure, label, values: &Values| Measured {
        measure,
        label,
        n: values.count(),
        result: sum_of_means(&[(1.0, values)], range(measure, evaluation), rules.level),
    };
    let mut measured = Vec::new();
    for measure in MEANS {
        let values = values(evaluation, rows, units, measure, |_| true);
        measured.push(mean(measure, None, &values));
    }
    measured.extend(binned(None, &statements(evaluation, rows), units, rules));
    for label in 0..evaluation.scheme.labels.len() {
        let of_label = about(label, evaluation, rows);
        let mut values = Values::default();
        for statement in &of_label {
            let weight = units[statement.case].weight;
            values.weigh(unit(units, statement.case), weight, statement.excess());
            let (stated, weight) = (statement.stated, f64::from(weight));
            values.suppose(true, weight * stated.max(LEAST), stated - 1.0);
            values.suppose(false, weight * (1.0 - stated).max(LEAST), stated);
            values.saw(statement.right);
        }
        measured.push(mean(Measure::Overconfidence, Some(label), &values));
        measured.extend(binned(Some(label), &of_label, units, rules));
    }
    measured
}

fn binned(
    label: Option<usize>,
    statements: &[Statement],
    units: &[Unit],
    rules: &Rules,
) -> Vec<Measured> {
    let (n, found) = calibrated(statements, units, rules);
    let results = match found {
        Ok(found) => [
            found.error,
            found.reliability,
            found.resolution,
            Ok(found.uncertainty),
        ],
        Err(undefined) => [(); 4].map(|()| Err(undefined.clone())),
    };
    let measured = BINNED.into_iter().zip(results);
    measured
        .map(|(measure, result)| Measured {
            measure,
            label,
            n,
            result,
        })
        .collect()
}

/// What was measured of a group.
pub struct GroupValues {
    /// Its cases.
    pub n: u64,
    /// The clusters that they form.
    pub clusters: u64,
    /// Cases of all other groups.
    pub others: u64,
    /// The value.
    pub value: Result<Estimate, Undefined>,
    /// The value minus that of the others.
    pub difference: Result<Estimate, Undefined>,
}

/// A mean over the cases of a group, and its difference to that of the others. `member` says of a case whether it is in
/// the group; `None` where its group is not known.
pub fn of_group(
    measure: Measure,
    evaluation: &Evaluation,
    rows: &Rows,
    units: &[Unit],
    member: impl Fn(usize) -> Option<bool>,
    rules: &Rules,
) -> GroupValues {
    let side = |inside: bool| {
        let counts = |case| member(case) == Some(inside);
        values(evaluation, rows, units, measure, counts)
    };
    let (own, others) = (side(true), side(false));
    let (low, high) = range(measure, evaluation);
    let widest = (low - high, high - low);
    GroupValues {
        n: own.count(),
        clusters: own.clusters(),
        others: others.count(),
        value: sum_of_means(&[(1.0, &own)], (low, high), rules.level),
        difference: sum_of_means(&[(1.0, &own), (-1.0, &others)], widest, rules.level),
    }
}

/// What the model says about one label, case by case.
fn about(label: usize, evaluation: &Evaluation, rows: &Rows) -> Vec<Statement> {
    let of_case = |(case, row): (usize, &Option<Vec<f64>>)| {
        let outcome = evaluation.outcomes[case]?;
        Some(Statement {
            case,
            stated: row.as_ref()?[label].clamp(0.0, 1.0),
            right: outcome.gold.contains(label),
        })
    };
    rows.iter().enumerate().filter_map(of_case).collect()
}

fn values(
    evaluation: &Evaluation,
    rows: &Rows,
    units: &[Unit],
    measure: Measure,
    counts: impl Fn(usize) -> bool,
) -> Values {
    let mut values = Values::default();
    for (case, row) in rows.iter().enumerate().filter(|(case, _)| counts(*case)) {
        let (Some(row), Some(outcome)) = (row, evaluation.outcomes[case]) else {
            continue;
        };
        let Some(costs) = Costs::new(measure, evaluation, row, case) else {
            continue;
        };
        let weight = units[case].weight;
        values.weigh(unit(units, case), weight, costs.of(outcome.gold));
        costs.suppose(evaluation, row, &outcome, weight, &mut values);
        for label in 0..row.len() {
            let (is, said) = (outcome.gold.contains(label), outcome.holds(label));
            // With one label a case it is the answer that holds or does not.
            if evaluation.multi_label || said {
                values.saw(is == said);
            }
        }
        if outcome.answer == Some(LabelSet::EMPTY) {
            values.saw(false);
        }
    }
    values
}

/// What a case would cost under any gold labels: a number, and what each label that is among them adds.
///
/// With several labels a case, each label is a statement of its own, and a case has their mean; else what is missing from
/// 1 counts as one more label, which never comes true.
pub(super) struct Costs {
    base: f64,
    of_label: Vec<f64>,
}

impl Costs {
    /// Of a mean over cases or, for [`Measure::RaterDistance`], of people who are of one mind.
    pub(super) fn new(
        measure: Measure,
        evaluation: &Evaluation,
        row: &[f64],
        case: usize,
    ) -> Option<Self> {
        let several = evaluation.multi_label;
        let loss = |p: f64| -p.clamp(LEAST, 1.0).ln();
        let mean = |absent: &dyn Fn(f64) -> f64, present: &dyn Fn(f64) -> f64| {
            let labels = row.len() as f64;
            let added = row.iter().map(|p| (present(*p) - absent(*p)) / labels);
            Costs {
                base: row.iter().map(|p| absent(*p)).sum::<f64>() / labels,
                of_label: added.collect(),
            }
        };
        let single = |base: f64, of_label: &dyn Fn(usize, f64) -> f64| {
            let labels = row.iter().enumerate();
            Costs {
                base,
                of_label: labels.map(|(label, p)| of_label(label, *p)).collect(),
            }
        };
        Some(match measure {
            Measure::Overconfidence if several => mean(&|p| p, &|p| p - 1.0),
            Measure::Overconfidence => {
                let stated = statement(evaluation, row, case)?.stated;
                let answer = evaluation.outcomes[case]?.answer?;
                single(stated, &|label, _| -f64::from(answer.contains(label)))
            }
            Measure::Brier if several => mean(&|p| p * p, &|p| (1.0 - p).powi(2)),
            Measure::Brier => {
                let left_over = 1.0 - row.iter().sum::<f64>();
                let squares = row.iter().map(|p| p * p).sum::<f64>();
                single(squares + left_over.powi(2), &|_, p| 1.0 - 2.0 * p)
            }
            Measure::LogLoss | Measure::RaterCrossEntropy if several => {
                mean(&|p| loss(1.0 - p), &loss)
            }
            Measure::LogLoss | Measure::RaterCrossEntropy => single(0.0, &|_, p| loss(p)),
            Measure::RaterDistance if several => mean(&|p| p, &|p| 1.0 - p),
            Measure::RaterDistance => single(1.0, &|_, p| -p),
            _ => return None,
        })
    }

    /// What the case costs where these labels are gold.
    pub(super) fn of(&self, gold: LabelSet) -> f64 {
        let labels = self.of_label.iter().enumerate();
        let held = labels.filter(|(label, _)| gold.contains(*label));
        self.base + held.map(|(_, added)| added).sum::<f64>()
    }

    /// Adds what the case would cost if its answer were right, and if it were not. What might be gold instead is what
    /// the model holds possible, in proportion to that, since errors gather where a model is less sure: another label
    /// or, with several labels a case, the answer with one label turned.
    pub(super) fn suppose(
        &self,
        evaluation: &Evaluation,
        row: &[f64],
        outcome: &Outcome,
        weight: u32,
        values: &mut Values,
    ) {
        let weight = f64::from(weight);
        if evaluation.multi_label {
            let right = self.of(outcome.answer.unwrap_or(LabelSet::EMPTY));
            values.suppose(true, weight, right);
            for (label, (p, added)) in row.iter().zip(&self.of_label).enumerate() {
                let (open, turned) = if outcome.holds(label) {
                    (1.0 - p, -added)
                } else {
                    (*p, *added)
                };
                values.suppose(false, weight * open.max(LEAST), right + turned);
            }
        } else {
            for (label, (p, added)) in row.iter().zip(&self.of_label).enumerate() {
                let holds = outcome.holds(label);
                values.suppose(holds, weight * p.max(LEAST), self.base + added);
            }
        }
    }
}

/// The lowest and highest value that a case can be given.
fn range(measure: Measure, evaluation: &Evaluation) -> (f64, f64) {
    match measure {
        Measure::Overconfidence => (-1.0, 1.0),
        Measure::Brier if !evaluation.multi_label => (0.0, 2.0),
        Measure::LogLoss => (0.0, -LEAST.ln()),
        _ => (0.0, 1.0),
    }
}

#[cfg(test)]
mod tests;
