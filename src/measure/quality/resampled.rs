//! Measures of the whole table of gold and answers, with intervals from resampling.

use super::sets::Sets;
use super::{f1_of, occurring};
use crate::diagnostic::counted;
use crate::measure::matrix::Matrix;
use crate::measure::proportion::{Event, proportion};
use crate::measure::slice::Slice;
use crate::measure::{Measure, Rules};
use crate::stats::interval::mover;
use crate::stats::{Estimate, Interval, Method, Reason, Undefined};
use crate::tally::{Evaluation, Outcome};

/// Table measures with intervals from one common set of bootstrap replicates.
pub fn resampled(
    evaluation: &Evaluation,
    slice: &Slice<Outcome>,
    measures: &[Measure],
    rules: &Rules,
) -> Vec<Result<Estimate, Undefined>> {
    let labels = evaluation.scheme.labels.len();
    let answered: Vec<Option<f64>> = slice
        .cells
        .iter()
        .map(|cell| cell.answer.map(|_| 1.0))
        .collect();
    let case = slice.weight_of_a_case(&answered);
    let whole = Matrix::of_weights(labels, &slice.cells, slice.masses(), case);
    let sets = evaluation.multi_label.then(|| Sets::new(&slice.cells));
    let value = |matrix: &Matrix, counts: &[u64], measure: Measure| match (&sets, measure) {
        (Some(sets), Measure::Alpha) => sets.alpha(counts, case),
        _ => matrix.value(measure),
    };
    let sample = match slice.sample() {
        Ok(sample) => sample,
        Err(undefined) => return measures.iter().map(|_| Err(undefined.clone())).collect(),
    };
    let bootstrap = sample.bootstrap(
        rules.seed,
        rules.replicates,
        measures.len(),
        |counts, values| {
            let matrix = Matrix::of_weights(labels, &slice.cells, counts, case);
            for (of_measure, measure) in values.iter_mut().zip(measures) {
                *of_measure = value(&matrix, counts, *measure).ok();
            }
        },
    );
    measures
        .iter()
        .enumerate()
        .map(|(place, measure)| {
            let value = value(&whole, slice.masses(), *measure)?;
            if *measure == Measure::MacroF1 {
                no_rare_label(evaluation, slice)?;
            }
            let interval = match bootstrap.interval(place, rules.level) {
                Err(undefined) if undefined.reason == Reason::NoVariation => faultless(
                    evaluation,
                    slice,
                    *measure,
                    rules.level,
                    sets.as_ref().map(|sets| (sets, case)),
                )?
                .ok_or(undefined),
                other => other,
            };
            Ok(Estimate {
                value,
                interval: interval?,
                test: None,
            })
        })
        .collect()
}

/// Macro F1 gives a rare label the weight of any other, and cases or clusters that come in ones and twos show nothing of
/// how its F1 varies: intervals with such labels held 80 to 88 %, as docs/coverage.md tells.
const FEWEST: u64 = 3;

fn no_rare_label(evaluation: &Evaluation, slice: &Slice<Outcome>) -> Result<(), Undefined> {
    for label in occurring(slice, evaluation) {
        let holds = |outcome: &Outcome| outcome.answer.is_some() && outcome.gold.contains(label);
        let found = slice.units_with(holds);
        if found < FEWEST {
            let name = &evaluation.scheme.labels[label].name;
            let unit = if slice.is_clustered() {
                "cluster"
            } else {
                "case"
            };
            let found = counted(found as usize, unit);
            let detail = format!(
                "label {name} occurs in {found}, and macro F1, in which all labels weigh the same, takes {FEWEST} of each"
            );
            return Err(Undefined::new(Reason::TooFewCases, detail));
        }
    }
    Ok(())
}

/// The interval where every answer is right, so that every replicate is as well and none shows a spread. What is
/// left is the share of cases that might be wrong and were not seen: Wilson's limit, carried over to the measure with
/// the frequencies of the labels as they are. `None` where some answer is wrong or the measure has no such bound.
fn faultless(
    evaluation: &Evaluation,
    slice: &Slice<Outcome>,
    measure: Measure,
    level: f64,
    sets: Option<(&Sets, f64)>,
) -> Result<Option<Interval>, Undefined> {
    let right = proportion(slice, |outcome| Event::Correct.judge(outcome), level)?;
    if right.value < 1.0 {
        return Ok(None);
    }
    let labels = evaluation.scheme.labels.len();
    let low = right.interval.low;
    let unseen = 1.0 - low;
    let mass = |of: &dyn Fn(&Outcome) -> bool| {
        let cells = slice.cells.iter().zip(slice.masses());
        let chosen = cells.filter(|(outcome, _)| outcome.answer.is_some() && of(outcome));
        chosen.map(|(_, mass)| *mass).sum::<u64>() as f64
    };
    let share = |label: usize| mass(&|outcome| outcome.gold.contains(label)) / mass(&|_| true);
    let mut degrees_of_freedom = right.interval.degrees_of_freedom;
    let bounds = match measure {
        Measure::MicroF1 | Measure::Jaccard => Some((low, 1.0)),
        Measure::Hamming => Some((0.0, unseen)),
        Measure::RankError => Some((0.0, unseen * (labels as f64 - 1.0))),
        Measure::Alpha if evaluation.multi_label => match sets {
            Some((sets, case)) => Some((sets.faultless(slice.masses(), case, unseen)?, 1.0)),
            None => None,
        },
        Measure::Kappa | Measure::Mcc | Measure::Alpha => {
            let chance: f64 = (0..labels).map(|label| share(label).powi(2)).sum();
            Some(((low - chance) / (1.0 - chance), 1.0))
        }
        Measure::QuadraticKappa => {
            // Answers that were not seen might lie at the far end of the scale.
            let farthest = (labels as f64 - 1.0).powi(2);
            let pairs = (0..labels).flat_map(|a| (0..labels).map(move |b| (a, b)));
            let chance: f64 = pairs
                .map(|(a, b)| share(a) * share(b) * (a.abs_diff(b) as f64).powi(2))
                .sum();
            (chance > 0.0).then(|| ((1.0 - unseen * farthest / chance).max(-1.0), 1.0))
        }
        Measure::MacroF1 | Measure::WeightedF1 => {
            let occurring = occurring(slice, evaluation);
            // With several labels a case the shares add up to more than 1.
            let all: f64 = (0..labels).map(share).sum();
            let (mut terms, mut single) = (Vec::new(), Vec::new());
            for label in &occurring {
                let weight = if measure == Measure::MacroF1 {
                    1.0 / occurring.len() as f64
                } else {
                    share(*label) / all
                };
                let f1 = f1_of(*label, slice, level)?;
                terms.push((weight, f1.value, f1.interval.low, f1.interval.high));
                single.push(f1.interval);
            }
            degrees_of_freedom = Interval::fewest_degrees_of_freedom(&single);
            let (_, low, high) = mover(&terms);
            Some((low, high))
        }
        _ => None,
    };
    Ok(bounds.map(|(low, high)| Interval {
        low,
        high,
        level,
        method: match measure {
            Measure::MicroF1 | Measure::Jaccard | Measure::Hamming => Method::Wilson,
            _ => Method::Mover,
        },
        degrees_of_freedom,
    }))
}
