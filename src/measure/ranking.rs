//! How well scores rank the cases with a label above those without it.

use rayon::prelude::*;

use super::probability::Rows;
use super::quality::Measured;
use super::{Measure, Rules, unit};
use crate::case::Unit;
use crate::stats::ranking::{Area, area, mean_area};
use crate::stats::{Estimate, Undefined};
use crate::tally::Evaluation;

/// The area under the ROC curve: the mean over labels that are present in some cases and absent from others, and each
/// label's.
pub fn areas(
    evaluation: &Evaluation,
    scores: &Result<Rows, Undefined>,
    units: &[Unit],
    rules: &Rules,
) -> Vec<Measured> {
    let labels = evaluation.scheme.labels.len();
    let mut measured = Vec::new();
    let mut add = |label, n, result: Result<Estimate, Undefined>| {
        measured.push(Measured {
            measure: Measure::Auc,
            label,
            n,
            result,
        });
    };
    let rows = match scores {
        Ok(rows) => rows,
        Err(undefined) => {
            add(None, 0, Err(undefined.clone()));
            return measured;
        }
    };
    let scored: Vec<(usize, &Vec<f64>)> = rows
        .iter()
        .enumerate()
        .filter_map(|(case, row)| Some((case, row.as_ref()?)))
        .collect();
    let clusters: Vec<u64> = scored.iter().map(|(case, _)| unit(units, *case)).collect();
    let weights = scored.iter().map(|(case, _)| units[*case].weight);
    let even = weights.clone().min() == weights.clone().max();
    let weights: Option<Vec<f64>> = (!even).then(|| weights.map(f64::from).collect());
    let of_label = |label: usize| -> (u64, Result<Area, Undefined>) {
        let scores: Vec<f64> = scored.iter().map(|(_, row)| row[label]).collect();
        let is_gold = |case: &usize| {
            let outcome = evaluation.outcomes[*case];
            outcome.is_some_and(|outcome| outcome.gold.contains(label))
        };
        let positive: Vec<bool> = scored.iter().map(|(case, _)| is_gold(case)).collect();
        let with = positive.iter().filter(|is| **is).count();
        let fewer = with.min(positive.len() - with);
        (fewer as u64, area(&scores, &positive, weights.as_deref()))
    };
    let by_label: Vec<(u64, Result<Area, Undefined>)> =
        (0..labels).into_par_iter().map(of_label).collect();
    let defined: Vec<&Area> = by_label
        .iter()
        .filter_map(|(_, area)| area.as_ref().ok())
        .collect();
    let all = mean_area(&defined, &clusters, rules.level);
    add(None, scored.len() as u64, all);
    for (label, (n, area)) in by_label.iter().enumerate() {
        let estimate = match area {
            Ok(area) => mean_area(&[area], &clusters, rules.level),
            Err(undefined) => Err(undefined.clone()),
        };
        add(Some(label), *n, estimate);
    }
    measured
}
