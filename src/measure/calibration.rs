//! Whether a model's probabilities mean what they say: means over cases, overall, by label and by group.

use super::curve::{Statement, calibrated, statement, statements};
use super::probability::Rows;
use super::quality::Measured;
use super::{Measure, Rules, unit};
use crate::case::Unit;
use crate::stats::mean::{Values, sum_of_means};
use crate::stats::{Estimate, Undefined};
use crate::tally::Evaluation;

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
            values.weigh(
                unit(units, statement.case),
                units[statement.case].weight,
                statement.excess(),
            );
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
        let value = row
            .as_ref()
            .and_then(|row| of_case(measure, evaluation, row, case));
        if let Some(value) = value {
            values.weigh(unit(units, case), units[case].weight, value);
        }
    }
    values
}

/// What a measure gives one case. With several labels a case, each label is a statement of its own, and a case has their
/// mean; else what is missing from 1 counts as one more label, which never comes true.
fn of_case(measure: Measure, evaluation: &Evaluation, row: &[f64], case: usize) -> Option<f64> {
    let outcome = evaluation.outcomes[case]?;
    let several = evaluation.multi_label;
    let mean = |of_label: &dyn Fn(f64, bool) -> f64| {
        let labels = row.iter().enumerate();
        let sum: f64 = labels
            .map(|(label, p)| of_label(*p, outcome.gold.contains(label)))
            .sum();
        sum / row.len() as f64
    };
    let square = |p: f64, holds: bool| (p - f64::from(holds)).powi(2);
    let loss = |p: f64, holds: bool| {
        let right = if holds { p } else { 1.0 - p };
        -right.clamp(LEAST, 1.0).ln()
    };
    Some(match measure {
        Measure::Overconfidence if several => mean(&|p, holds| p - f64::from(holds)),
        Measure::Overconfidence => statement(evaluation, row, case)?.excess(),
        Measure::Brier if several => mean(&square),
        Measure::Brier => {
            let left_over = 1.0 - row.iter().sum::<f64>();
            mean(&square) * row.len() as f64 + left_over.powi(2)
        }
        Measure::LogLoss if several => mean(&loss),
        Measure::LogLoss => loss(row[outcome.gold.single()?], true),
        _ => return None,
    })
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
