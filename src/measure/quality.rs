//! How good the answers are on one slice of cases: overall and label by label.

mod resampled;
mod sets;

pub use self::resampled::resampled;

use super::proportion::{Event, Linear, proportion};
use super::slice::Slice;
use super::{Measure, Rules};
use crate::stats::interval::f1_of_overlap;
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::{Evaluation, Outcome};
use crate::task::LabelSet;

/// The measures of a single-label task that are computed from the whole table.
const TABLE_SINGLE: [Measure; 6] = [
    Measure::MacroF1,
    Measure::MicroF1,
    Measure::WeightedF1,
    Measure::Mcc,
    Measure::Kappa,
    Measure::Alpha,
];

/// The measures of a multi-label task that are computed from the whole table.
const TABLE_MULTI: [Measure; 6] = [
    Measure::MacroF1,
    Measure::MicroF1,
    Measure::WeightedF1,
    Measure::Alpha,
    Measure::Jaccard,
    Measure::Hamming,
];

/// The measures of one label.
pub const LABEL: [Measure; 6] = [
    Measure::Skill,
    Measure::Recall,
    Measure::Precision,
    Measure::F1,
    Measure::FalsePositiveRate,
    Measure::SelectionRate,
];

/// A value with its measure and, where it is about one, its label.
pub struct Measured {
    /// The measure.
    pub measure: Measure,
    /// The place of the label in the evaluation's scheme.
    pub label: Option<usize>,
    /// How many cases it rests on.
    pub n: u64,
    /// The value, or why there is none.
    pub result: Result<Estimate, Undefined>,
}

/// What is measured over all labels together, in the order of reports.
pub fn overall(evaluation: &Evaluation, slice: &Slice<Outcome>, rules: &Rules) -> Vec<Measured> {
    let answered = answered(slice);
    let mut measured = Vec::new();
    let mut add = |measure, n, result| {
        measured.push(Measured {
            measure,
            label: None,
            n,
            result,
        });
    };
    let linear = |linear: Result<Linear, Undefined>| linear?.estimate(slice, rules.level);
    let calls = slice.of_calls(answered < slice.total());
    let coverage = Linear::of(Event::Answered).estimate(&calls, rules.level);
    add(Measure::Coverage, slice.total(), coverage);
    add(Measure::Skill, answered, linear(skill(slice, evaluation)));
    let mut table: Vec<Measure> = if evaluation.multi_label {
        add(
            Measure::SubsetAccuracy,
            answered,
            linear(Ok(Linear::of(Event::Correct))),
        );
        TABLE_MULTI.to_vec()
    } else {
        add(
            Measure::Accuracy,
            answered,
            linear(Ok(Linear::of(Event::Correct))),
        );
        add(
            Measure::BalancedAccuracy,
            answered,
            linear(balanced(slice, evaluation)),
        );
        TABLE_SINGLE.to_vec()
    };
    if evaluation.scheme.kind == crate::task::SchemeKind::Ordinal && !evaluation.multi_label {
        table.extend([Measure::RankError, Measure::QuadraticKappa]);
    }
    for (measure, result) in table
        .iter()
        .zip(resampled(evaluation, slice, &table, rules))
    {
        add(*measure, answered, result);
    }
    measured
}

/// What is measured of each label.
pub fn by_label(evaluation: &Evaluation, slice: &Slice<Outcome>, rules: &Rules) -> Vec<Measured> {
    let mut measured = Vec::new();
    for label in 0..evaluation.scheme.labels.len() {
        for measure in LABEL {
            let (n, result) = label_estimate(measure, label, slice, rules.level);
            measured.push(Measured {
                measure,
                label: Some(label),
                n,
                result,
            });
        }
    }
    measured
}

/// A measure of one label, with the number of cases that decide about it.
pub fn label_estimate(
    measure: Measure,
    label: usize,
    slice: &Slice<Outcome>,
    level: f64,
) -> (u64, Result<Estimate, Undefined>) {
    if measure == Measure::F1 {
        let overlap = Linear::of(Event::Both(label));
        return (overlap.trials(slice), f1_of(label, slice, level));
    }
    match label_linear(measure, label) {
        Ok(linear) => (linear.trials(slice), linear.estimate(slice, level)),
        Err(undefined) => (0, Err(undefined)),
    }
}

/// A measure of one label as a sum of proportions.
///
/// # Errors
/// A measure that is not of this kind.
pub fn label_linear(measure: Measure, label: usize) -> Result<Linear, Undefined> {
    Ok(match measure {
        Measure::Skill => Linear {
            constant: 0.0,
            terms: vec![(1.0, Event::Found(label)), (-1.0, Event::Wrong(label))],
        },
        Measure::Recall => Linear::of(Event::Found(label)),
        Measure::Precision => Linear::of(Event::Right(label)),
        Measure::FalsePositiveRate => Linear::of(Event::Wrong(label)),
        Measure::SelectionRate => Linear::of(Event::Selected(label)),
        other => {
            return Err(Undefined::new(
                Reason::NotApplicable,
                format!("{} is not a sum of proportions of one label", other.id()),
            ));
        }
    })
}

/// F1 with the limits of the overlap of gold and answers, carried over.
fn f1_of(label: usize, slice: &Slice<Outcome>, level: f64) -> Result<Estimate, Undefined> {
    let both = proportion(slice, |outcome| Event::Both(label).judge(outcome), level)?;
    Ok(f1_of_overlap(&both))
}

/// Skill over all labels that occur in gold.
///
/// # Errors
/// No answered case, or fewer than two labels among them; for several labels a case, none that some cases have and some
/// lack.
pub fn skill(slice: &Slice<Outcome>, evaluation: &Evaluation) -> Result<Linear, Undefined> {
    if answered(slice) == 0 {
        return Err(Undefined::new(Reason::NoCases, "there is no answered case"));
    }
    skill_over(&asked(slice, evaluation), evaluation)
}

/// Skill over given labels: balanced accuracy stretched so that guessing earns 0. An answer with none of these labels
/// counts as a guess among them, 1 / K of a right answer; where it counted as wrong, a guesser who knows one label
/// more than occurs would earn less than 0. With several labels a case it is the mean of the labels' informedness.
///
/// # Errors
/// Too few labels.
pub fn skill_over(labels: &[usize], evaluation: &Evaluation) -> Result<Linear, Undefined> {
    let k = labels.len() as f64;
    if evaluation.multi_label {
        if labels.is_empty() {
            return Err(Undefined::new(
                Reason::SingleClass,
                "no label occurs both present and absent",
            ));
        }
        let of_label = |label: &usize| {
            [
                (1.0 / k, Event::Found(*label)),
                (-1.0 / k, Event::Wrong(*label)),
            ]
        };
        return Ok(Linear {
            constant: 0.0,
            terms: labels.iter().flat_map(of_label).collect(),
        });
    }
    if labels.is_empty() {
        let detail = "no answered case has a label";
        return Err(Undefined::new(Reason::NoCases, detail));
    }
    if labels.len() < 2 {
        return Err(Undefined::new(
            Reason::SingleClass,
            "gold holds fewer than two labels, so guessing cannot be told from skill",
        ));
    }
    let mut among = LabelSet::EMPTY;
    for label in labels {
        among.insert(*label);
    }
    let weight = 1.0 / (k - 1.0);
    Ok(Linear {
        constant: -weight,
        terms: labels
            .iter()
            .map(|label| (weight, Event::FoundAmong(*label, among)))
            .collect(),
    })
}

/// The labels that skill can be asked about: those that occur in gold among the answered cases and, with several
/// labels a case, are absent from some.
pub fn asked(slice: &Slice<Outcome>, evaluation: &Evaluation) -> Vec<usize> {
    let mut labels = occurring(slice, evaluation);
    if evaluation.multi_label {
        labels.retain(|label| {
            let mut cells = slice.cells.iter();
            cells.any(|outcome| outcome.answer.is_some() && !outcome.gold.contains(*label))
        });
    }
    labels
}

fn balanced(slice: &Slice<Outcome>, evaluation: &Evaluation) -> Result<Linear, Undefined> {
    let labels = occurring(slice, evaluation);
    if labels.is_empty() {
        return Err(Undefined::new(
            Reason::NoCases,
            "no answered case has a label",
        ));
    }
    let weight = 1.0 / labels.len() as f64;
    Ok(Linear {
        constant: 0.0,
        terms: labels
            .iter()
            .map(|label| (weight, Event::Found(*label)))
            .collect(),
    })
}

/// The labels that occur in gold among the answered cases.
pub fn occurring(slice: &Slice<Outcome>, evaluation: &Evaluation) -> Vec<usize> {
    (0..evaluation.scheme.labels.len())
        .filter(|label| {
            slice
                .cells
                .iter()
                .any(|outcome| outcome.answer.is_some() && outcome.gold.contains(*label))
        })
        .collect()
}

/// How many cases were answered.
pub fn answered(slice: &Slice<Outcome>) -> u64 {
    let cells = slice.cells.iter().zip(&slice.counts);
    cells
        .filter(|(outcome, _)| outcome.answer.is_some())
        .map(|(_, count)| count)
        .sum()
}

#[cfg(test)]
mod tests;
