//! Measures of a whole confusion table, whose intervals come from resampling it.

use super::Measure;
use crate::stats::agreement::{Coincidences, Metric, kappa, quadratic_kappa};
use crate::stats::{Reason, Undefined};
use crate::tally::Outcome;

/// Counts of decisions about one label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Decisions {
    true_positives: u64,
    false_positives: u64,
    false_negatives: u64,
    true_negatives: u64,
}

impl Decisions {
    /// 2 TP / (2 TP + FP + FN); `None` where the label occurs on neither side.
    fn f1(self) -> Option<f64> {
        let denominator = 2 * self.true_positives + self.false_positives + self.false_negatives;
        (denominator > 0).then(|| 2.0 * self.true_positives as f64 / denominator as f64)
    }

    fn support(self) -> u64 {
        self.true_positives + self.false_negatives
    }
}

/// The answered outcomes of a slice, counted in the ways that table measures need.
#[derive(Clone, Debug)]
pub struct Matrix {
    labels: usize,
    answers: u64,
    decisions: Vec<Decisions>,
    /// Gold by answer, row by row; an answer outside the scheme stands in the last column. Single-label only.
    confusion: Vec<u64>,
    /// Sum over cases of |both| / |either|, in cells of equal ratio, so that the order of cases cannot matter.
    overlap: f64,
    /// What one case weighs: 1 where cases are counted.
    case: f64,
}

impl Matrix {
    /// Counts outcomes.
    pub fn new(labels: usize, cells: &[Outcome], counts: &[u64]) -> Self {
        Matrix::of_weights(labels, cells, counts, 1.0)
    }

    /// Adds up what outcomes weigh, where one case weighs `case`: all of them over Kish's effective number.
    pub fn of_weights(labels: usize, cells: &[Outcome], counts: &[u64], case: f64) -> Self {
        let mut matrix = Matrix {
            case,
            labels,
            answers: 0,
            decisions: vec![Decisions::default(); labels],
            confusion: vec![0; (labels + 1) * (labels + 1)],
            overlap: 0.0,
        };
        for (outcome, count) in cells.iter().zip(counts) {
            let (Some(answer), true) = (outcome.answer, *count > 0) else {
                continue;
            };
            matrix.answers += count;
            let gold = outcome.gold;
            for (label, decisions) in matrix.decisions.iter_mut().enumerate() {
                match (gold.contains(label), answer.contains(label)) {
                    (true, true) => decisions.true_positives += count,
                    (false, true) => decisions.false_positives += count,
                    (true, false) => decisions.false_negatives += count,
                    (false, false) => decisions.true_negatives += count,
                }
            }
            if let Some(row) = gold.single() {
                let column = answer.single().unwrap_or(labels);
                matrix.confusion[row * (labels + 1) + column] += count;
            }
            let either = (gold.0 | answer.0).count_ones();
            let both = (gold.0 & answer.0).count_ones();
            let ratio = if either == 0 {
                1.0
            } else {
                f64::from(both) / f64::from(either)
            };
            matrix.overlap += ratio * *count as f64;
        }
        matrix
    }

    /// The value of a table measure.
    ///
    /// # Errors
    /// No answer, one class only, or a measure that is none of the table's.
    pub fn value(&self, measure: Measure) -> Result<f64, Undefined> {
        if self.answers == 0 {
            return Err(Undefined::new(
                Reason::NoAnswers,
                "the model answered no case",
            ));
        }
        let n = self.answers as f64;
        match measure {
            Measure::MacroF1 => mean(
                self.decisions.iter().filter_map(|label| label.f1()),
                "no label occurs",
            ),
            Measure::MicroF1 => {
                let mut all = Decisions::default();
                for label in &self.decisions {
                    all.true_positives += label.true_positives;
                    all.false_positives += label.false_positives;
                    all.false_negatives += label.false_negatives;
                }
                all.f1()
                    .ok_or_else(|| Undefined::new(Reason::NoCases, "no label occurs"))
            }
            Measure::WeightedF1 => {
                let support: u64 = self.decisions.iter().map(|label| label.support()).sum();
                if support == 0 {
                    return Err(Undefined::new(Reason::NoGold, "no label occurs in gold"));
                }
                let sum: f64 = self
                    .decisions
                    .iter()
                    .map(|label| label.f1().unwrap_or(0.0) * label.support() as f64)
                    .sum();
                Ok(sum / support as f64)
            }
            Measure::Mcc => self.mcc(),
            Measure::Kappa => kappa(&self.confusion, self.labels + 1),
            Measure::QuadraticKappa => quadratic_kappa(&self.inner(), self.labels),
            Measure::Alpha => Coincidences::from_confusion(&self.confusion, self.labels + 1)?
                .alpha_of_weighted(Metric::Nominal, self.case),
            Measure::Jaccard => Ok(self.overlap / n),
            Measure::Hamming => {
                let wrong: u64 = self
                    .decisions
                    .iter()
                    .map(|label| label.false_positives + label.false_negatives)
                    .sum();
                Ok(wrong as f64 / (n * self.labels as f64))
            }
            Measure::RankError => self.rank_error(),
            other => Err(Undefined::new(
                Reason::NotApplicable,
                format!("{} is not a measure of the whole table", other.id()),
            )),
        }
    }

    /// Matthews' correlation for any number of labels (Gorodkin 2004).
    fn mcc(&self) -> Result<f64, Undefined> {
        let width = self.labels + 1;
        let at = |row: usize, column: usize| self.confusion[row * width + column] as f64;
        let n: f64 = self.confusion.iter().sum::<u64>() as f64;
        let correct: f64 = (0..width).map(|label| at(label, label)).sum();
        let rows: Vec<f64> = (0..width)
            .map(|row| (0..width).map(|column| at(row, column)).sum())
            .collect();
        let columns: Vec<f64> = (0..width)
            .map(|column| (0..width).map(|row| at(row, column)).sum())
            .collect();
        let products: f64 = rows
            .iter()
            .zip(&columns)
            .map(|(row, column)| row * column)
            .sum();
        let spread = |sums: &[f64]| n * n - sums.iter().map(|sum| sum * sum).sum::<f64>();
        let denominator = (spread(&rows) * spread(&columns)).sqrt();
        if denominator == 0.0 {
            return Err(Undefined::new(
                Reason::SingleClass,
                "gold or answers hold one label only",
            ));
        }
        Ok((correct * n - products) / denominator)
    }

    /// The confusion of labels inside the scheme.
    fn inner(&self) -> Vec<u64> {
        let width = self.labels + 1;
        (0..self.labels)
            .flat_map(|row| {
                self.confusion[row * width..row * width + self.labels]
                    .iter()
                    .copied()
            })
            .collect()
    }

    fn rank_error(&self) -> Result<f64, Undefined> {
        let inner = self.inner();
        let (mut sum, mut n) = (0_u64, 0_u64);
        for (cell, count) in inner.iter().enumerate() {
            sum += (cell / self.labels).abs_diff(cell % self.labels) as u64 * count;
            n += count;
        }
        if n == 0 {
            return Err(Undefined::new(
                Reason::NoAnswers,
                "no answer lies on the scale",
            ));
        }
        Ok(sum as f64 / n as f64)
    }
}

fn mean(values: impl Iterator<Item = f64>, none: &str) -> Result<f64, Undefined> {
    let (mut sum, mut n) = (0.0, 0);
    for value in values {
        sum += value;
        n += 1;
    }
    if n == 0 {
        return Err(Undefined::new(Reason::NoCases, none));
    }
    Ok(sum / f64::from(n))
}
