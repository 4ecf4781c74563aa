//! Curves over how sure a model is: how often it is right at each level, and among the cases it is surest of.

mod selective;

use std::ops::Range;

use self::selective::selective;

use super::Rules;
use super::probability::Rows;
use super::proportion::proportion;
use super::slice::Slice;
use crate::case::Unit;
use crate::stats::calibration::{Bin, Calibration, bins, calibration};
use crate::stats::{Estimate, Undefined};
use crate::tally::Evaluation;

/// A statement of the model with a probability, and whether it came true.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The case.
    pub case: usize,
    /// The probability that was stated.
    pub stated: f64,
    /// Whether it came true.
    pub right: bool,
}

impl Statement {
    /// How much more was stated than came true.
    pub fn excess(&self) -> f64 {
        self.stated - f64::from(self.right)
    }
}

/// What a curve shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// Against the mean probability of a bin: the share that came true.
    Reliability,
    /// Against the share of all judged cases that are answered, the surest first: the share that is right (El-Yaniv &
    /// Wiener 2010). A model that abstains ends before 1.
    Selective,
}

/// A point of a curve.
#[derive(Clone, Debug)]
pub struct Point {
    /// Where it stands: a mean probability, or a share of the judged cases, answered or not.
    pub at: f64,
    /// Cases, whatever they weigh.
    pub n: u64,
    /// What was seen there.
    pub result: Result<Estimate, Undefined>,
}

/// How sure the model is of its answer to a case.
pub fn statement(evaluation: &Evaluation, row: &[f64], case: usize) -> Option<Statement> {
    let outcome = evaluation.outcomes[case]?;
    let answer = outcome.answer?;
    // An answer that the data has no label for has what is missing from 1.
    let stated = match answer.single() {
        Some(label) => row[label],
        None => 1.0 - row.iter().sum::<f64>(),
    };
    Some(Statement {
        case,
        stated: stated.clamp(0.0, 1.0),
        right: answer == outcome.gold,
    })
}

/// How sure the model is of each of its answers: one statement a case or, with several labels a case, one for each
/// label.
pub fn statements(evaluation: &Evaluation, rows: &Rows) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (case, row) in rows.iter().enumerate() {
        let (Some(row), Some(outcome)) = (row, evaluation.outcomes[case]) else {
            continue;
        };
        if evaluation.multi_label {
            let labels = row.iter().enumerate();
            statements.extend(labels.map(|(label, stated)| Statement {
                case,
                stated: stated.clamp(0.0, 1.0),
                right: outcome.gold.contains(label),
            }));
        } else {
            statements.extend(statement(evaluation, row, case));
        }
    }
    statements
}

/// The points of a curve. No two of them tell, by what lies between them, of too few cases.
pub fn points(
    curve: Curve,
    evaluation: &Evaluation,
    statements: &[Statement],
    units: &[Unit],
    rules: &Rules,
) -> Vec<Point> {
    match curve {
        Curve::Reliability => reliability(statements, units, rules),
        Curve::Selective => {
            let judged = evaluation.outcomes.iter().zip(units);
            let judged = judged.filter(|(outcome, _)| outcome.is_some());
            let all = judged.map(|(_, unit)| u64::from(unit.weight)).sum();
            selective(statements, all, units, rules)
        }
    }
}

fn reliability(statements: &[Statement], units: &[Unit], rules: &Rules) -> Vec<Point> {
    let (places, filled) = binned(statements, units);
    let inside = |bins: &Range<usize>| -> Vec<&Statement> {
        let placed = statements.iter().zip(&places);
        let inside = placed.filter(|(_, place)| bins.contains(place));
        inside.map(|(statement, _)| statement).collect()
    };
    let few = |bins: &Range<usize>| {
        let mut cases: Vec<usize> = inside(bins).iter().map(|one| one.case).collect();
        cases.dedup();
        (cases.len() as u64) < rules.suppress_below
    };
    // Bins of few cases, which equal probabilities leave, are joined with the next.
    let mut joined: Vec<Range<usize>> = Vec::new();
    for bin in 0..filled.len() {
        match joined.last_mut() {
            Some(last) if few(last) || few(&(bin..filled.len())) => last.end = bin + 1,
            _ => joined.push(bin..bin + 1),
        }
    }
    let of_bins = |bins: Range<usize>| {
        let inside = inside(&bins);
        let mass: u64 = filled[bins.clone()].iter().map(|bin| bin.cases).sum();
        let stated = filled[bins].iter().map(|bin| bin.stated * bin.cases as f64);
        let n = inside.len() as u64;
        let outcomes = inside.into_iter().map(|one| (one, one.right));
        let slice = counted(statements, units, outcomes);
        Point {
            at: stated.sum::<f64>() / mass.max(1) as f64,
            n,
            result: match n < rules.suppress_below {
                true => Err(Undefined::suppressed(rules.suppress_below)),
                false => proportion(&slice, |right| Some(*right), rules.level),
            },
        }
    };
    joined.into_iter().map(of_bins).collect()
}

/// A slice of statements with what each is counted in: those about one case depend on each other.
fn counted<'a, K: Ord + Copy>(
    statements: &[Statement],
    units: &[Unit],
    inside: impl Iterator<Item = (&'a Statement, K)>,
) -> Slice<K> {
    let cases = statements.chunk_by(|a, b| a.case == b.case).count();
    let several = cases < statements.len();
    Slice::new(inside.map(|(statement, outcome)| {
        let mut unit = units[statement.case];
        if several && unit.cluster.is_none() {
            // Numbers from the top, apart from those of clusters.
            unit.cluster = Some(u32::MAX - statement.case as u32);
        }
        (unit, outcome)
    }))
}

/// How well statements are calibrated, with the number of cases that they are about. Statements about one case depend
/// on each other.
pub fn calibrated(
    statements: &[Statement],
    units: &[Unit],
    rules: &Rules,
) -> (u64, Result<Calibration, Undefined>) {
    let cases = statements.chunk_by(|a, b| a.case == b.case).count();
    let (places, filled) = binned(statements, units);
    let placed = statements.iter().zip(&places);
    let outcomes = placed.map(|(statement, place)| (statement, (*place, statement.right)));
    let slice = counted(statements, units, outcomes);
    let result = slice.sample().and_then(|sample| {
        let share = proportion(&slice, |(_, right)| Some(*right), rules.level)?;
        calibration(
            &filled,
            &sample,
            &slice.cells,
            &share,
            rules.seed,
            rules.replicates,
        )
    });
    (cases as u64, result)
}

/// The bin of each statement, and what the bins hold, in the parts that a slice of the statements counts in.
fn binned(statements: &[Statement], units: &[Unit]) -> (Vec<usize>, Vec<Bin>) {
    let stated: Vec<f64> = statements
        .iter()
        .map(|statement| statement.stated)
        .collect();
    let places = bins(&stated);
    let mut filled = vec![Bin::default(); places.iter().max().map_or(0, |most| most + 1)];
    let weights = statements.iter().map(|one| units[one.case].weight);
    let even = weights.clone().min() == weights.clone().max();
    let mut squares = vec![0.0; filled.len()];
    for ((statement, weight), place) in statements.iter().zip(weights).zip(&places) {
        let weight = if even { 1 } else { u64::from(weight) };
        let bin = &mut filled[*place];
        bin.cases += weight;
        bin.stated += weight as f64 * statement.stated;
        bin.right += if statement.right { weight } else { 0 };
        squares[*place] += (weight as f64).powi(2);
    }
    for (bin, squares) in filled.iter_mut().zip(squares) {
        let mass = bin.cases.max(1) as f64;
        bin.stated /= mass;
        bin.worth = if even { mass } else { mass * mass / squares };
    }
    (places, filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules {
        level: 0.95,
        min_n: 10,
        suppress_below: 10,
        seed: 1,
        replicates: 100,
    };

    fn curves(stated: &[f64]) -> [Vec<Point>; 2] {
        let units = vec![Unit::from(None); stated.len()];
        let statements: Vec<Statement> = stated
            .iter()
            .enumerate()
            .map(|(case, stated)| Statement {
                case,
                stated: *stated,
                right: case % 3 > 0,
            })
            .collect();
        let all = units.iter().map(|unit| u64::from(unit.weight)).sum();
        [
            reliability(&statements, &units, &RULES),
            selective(&statements, all, &units, &RULES),
        ]
    }

    #[test]
    fn no_few_cases_lie_between_two_points() {
        // Tenths of six cases; and bins that equal probabilities leave with few.
        let spread: Vec<f64> = (0..60).map(|case| f64::from(case) / 60.0).collect();
        let mut ties = vec![0.5; 70];
        ties.extend([0.6, 0.7, 0.8]);
        ties.extend(vec![0.9; 50]);
        for stated in [spread, ties] {
            let [reliability, selective] = curves(&stated);
            let all = stated.len() as u64;
            assert!(
                reliability
                    .iter()
                    .all(|point| point.n >= 10 && point.result.is_ok())
            );
            assert_eq!(reliability.iter().map(|point| point.n).sum::<u64>(), all);
            let mut before = 0;
            for point in &selective {
                assert!(
                    point.n >= before + 10 && point.result.is_ok(),
                    "{selective:?}"
                );
                before = point.n;
            }
            assert!(reliability.len() > 1 && selective.len() > 1 && before == all);
        }
        let few = curves(&[0.2, 0.4, 0.9]);
        let mut few = few.iter().flatten();
        assert!(few.all(|point| point.result.is_err()));
    }
}
