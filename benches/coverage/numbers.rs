//! Draws numbers on a dimension with a known truth and counts how often the intervals of errors and correlations hold it.
//!
//! Gold is normal, mostly neutral or exponential, and the answer is nine tenths of it, a little too high, with an error of the same kind, of which the
//! cases of a cluster share a part. Weights are lognormal; where they are telling, half of the cases weigh three times as much as the
//! others and are read with half of their error.

use std::collections::BTreeMap;
use std::sync::Arc;

use affect_audit::case::intensity::{Dimension, Intensity, Scale};
use affect_audit::case::{Cases, LabelSource, Names, Weights};
use affect_audit::measure::intensity::{judge, measure};
use affect_audit::measure::{Measure, Rules};
use affect_audit::prediction::{Answer, Predictions, Scores};
use affect_audit::stats::{Estimate, Undefined};
use affect_audit::task::{LabelSet, Scheme};
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, Exp1, LogNormal, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::simulation::{Coverage, RULES};

/// How gold and errors are distributed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Normal.
    Normal,
    /// As annotations are: 85 % close to the middle, the others seven times as far out.
    Neutral,
    /// Exponential, from its mean.
    Exponential,
}

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// How gold and errors are distributed.
    pub shape: Shape,
    /// Cases.
    pub n: u64,
    /// Clusters of equal size, whose cases share half of the variance of gold and of errors; 0 for independent cases.
    pub clusters: u64,
    /// Standard deviation of the logarithm of weights; 0 for cases that weigh the same.
    pub spread: f64,
    /// Whether heavier cases are read better.
    pub telling: bool,
}

/// Draws numbers again and again and asks every interval whether it holds the truth.
pub fn count(numbers: Numbers, draws: u64, seed: u64) -> BTreeMap<String, Coverage> {
    let truth: BTreeMap<String, f64> = truth(numbers)
        .into_iter()
        .filter_map(|(name, result)| Some((name, result.ok()?.value)))
        .collect();
    let mut all: BTreeMap<String, Coverage> = BTreeMap::new();
    for draw in 0..draws {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ (draw << 20));
        let rules = Rules {
            seed: draw,
            ..RULES
        };
        for (name, result) in measured(&drawn(numbers, &mut random), &rules) {
            let Some(truth) = truth.get(&name) else {
                continue;
            };
            all.entry(name).or_default().count(*truth, &result);
        }
    }
    all
}

/// The values of as many independent cases, weighted as they are, as make them sure to three digits.
fn truth(numbers: Numbers) -> Vec<(String, Result<Estimate, Undefined>)> {
    let many = Numbers {
        n: 200_000,
        clusters: 0,
        spread: 0.0,
        ..numbers
    };
    let mut random = Xoshiro256PlusPlus::seed_from_u64(u64::MAX);
    measured(&drawn(many, &mut random), &RULES)
}

/// Cases and what was answered to each.
fn drawn(numbers: Numbers, random: &mut Xoshiro256PlusPlus) -> (Cases, Vec<f64>) {
    let spread = LogNormal::new(0.0, numbers.spread).expect("a spread");
    let normal = |random: &mut Xoshiro256PlusPlus| -> f64 { StandardNormal.sample(random) };
    let shared: Vec<[f64; 2]> = (0..numbers.clusters)
        .map(|_| [normal(random), normal(random)])
        .collect();
    let (mut gold, mut answers, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for case in 0..numbers.n {
        let mut parts = match numbers.shape {
            Shape::Normal => [normal(random), normal(random)],
            Shape::Neutral => {
                let far = if random.random_bool(0.15) { 1.0 } else { 0.15 };
                [far * normal(random), far * normal(random)]
            }
            Shape::Exponential => [Exp1.sample(random), Exp1.sample(random)].map(|x: f64| x - 1.0),
        };
        if let Some(cluster) = case.checked_rem(numbers.clusters) {
            for (part, shared) in parts.iter_mut().zip(shared[cluster as usize]) {
                *part = (*part + shared) * 0.5_f64.sqrt();
            }
        }
        let heavy = numbers.telling && case % 2 == 1;
        let (times, error) = if heavy { (3.0, 0.4) } else { (1.0, 0.8) };
        gold.push(Some(parts[0]));
        answers.push(0.2 + 0.9 * parts[0] + error * parts[1]);
        weights.push(times * spread.sample(random));
    }
    let clusters: Vec<String> = (0..numbers.n)
        .map(|case| {
            case.checked_rem(numbers.clusters)
                .map_or_else(String::new, |name| name.to_string())
        })
        .collect();
    let cases = Cases {
        ids: (0..numbers.n).map(|case| case.to_string()).collect(),
        weights: Weights::new(&weights),
        clusters: (numbers.clusters > 0)
            .then(|| Names::from_cells(clusters.iter().map(String::as_str))),
        intensity: Some(Intensity {
            scheme: Arc::new(Scheme::of_dimensions(vec!["valence".to_owned()])),
            source: LabelSource::Perceived,
            dimensions: vec![Dimension {
                scale: Scale {
                    low: -10.0,
                    high: 10.0,
                },
                values: gold,
                ratings: Vec::new(),
            }],
        }),
        ..Cases::default()
    };
    (cases, answers)
}

fn measured(
    (cases, answers): &(Cases, Vec<f64>),
    rules: &Rules,
) -> Vec<(String, Result<Estimate, Undefined>)> {
    let intensity = cases.intensity.as_ref().expect("gold numbers");
    let predictions = Predictions {
        scheme: intensity.scheme.clone(),
        answers: vec![Answer::Labels(LabelSet::one(0)); answers.len()],
        scores: Some(Scores {
            labels: vec![0],
            rows: answers.iter().map(|answer| Some(vec![*answer])).collect(),
        }),
        cut: 0,
        notes: Vec::new(),
    };
    let judged = judge(cases, intensity, &predictions);
    let measured = measure(&judged, &cases.units(), rules).into_iter();
    measured
        .filter(|(measured, _)| measured.measure != Measure::Coverage)
        .map(|(measured, _)| (measured.measure.id().to_owned(), measured.result))
        .collect()
}
