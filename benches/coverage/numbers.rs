//! Draws numbers on a dimension with a known truth and counts how often the intervals of errors and correlations hold it.
//!
//! Gold is normal, mostly neutral or exponential, and the answer is nine tenths of it, a little too high, with an error of the same kind, of which the
//! cases of a cluster share a part. Weights are lognormal; where they are telling, half of the cases weigh three times as much as the
//! others and are read with half of their error.

use std::collections::BTreeMap;
use std::sync::Arc;

use affect_audit::case::intensity::{Dimension, Intensity, Scale};
use affect_audit::case::{Cases, LabelSource, Names, Weights};
use affect_audit::measure::intensity::{MEASURES, judge, measure, of_group};
use affect_audit::measure::{Measure, Rules};
use affect_audit::prediction::{Answer, Predictions, Scores};
use affect_audit::task::{LabelSet, Scheme};
use rand::Rng;
use rand_distr::{Distribution, Exp1, LogNormal, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{self, Coverage, Values};

/// How the rows of differences between groups end.
const OF_A_GROUP: &str = ", group less others";

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
pub fn count(
    numbers: Numbers,
    large: (u64, u64),
    (draws, seed): (u64, u64),
) -> BTreeMap<String, Coverage> {
    held::count(&numbers.truth(large), (draws, seed), |rules, random| {
        numbers.values(rules, random)
    })
}

impl Numbers {
    /// What each measure comes to, from large draws of independent cases, weighted as they are. Groups do not differ.
    pub fn truth(&self, (n, draws): (u64, u64)) -> BTreeMap<String, f64> {
        let many = Numbers {
            n,
            clusters: 0,
            spread: 0.0,
            ..*self
        };
        let mut truth = held::truth(draws, |rules, random| many.values(rules, random));
        for (name, truth) in &mut truth {
            if name.ends_with(OF_A_GROUP) {
                *truth = 0.0;
            }
        }
        truth
    }

    /// What is measured in one draw.
    pub fn values(&self, rules: &Rules, random: &mut Xoshiro256PlusPlus) -> Values {
        measured(&drawn(*self, random), rules)
    }
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

fn measured((cases, answers): &(Cases, Vec<f64>), rules: &Rules) -> Values {
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
    let units = cases.units();
    let measured = measure(&judged, &units, rules).into_iter();
    let measured = measured.filter(|(measured, _)| measured.measure != Measure::Coverage);
    let mut all: Values = measured
        .map(|(measured, _)| (measured.measure.id().to_owned(), measured.result))
        .collect();
    // Every third case is of a group that is read as the others are.
    for measure in MEASURES {
        let member = |case: usize| Some(case.is_multiple_of(3));
        let group = of_group((measure, 0), &judged, &units, member, rules);
        all.push((format!("{}{OF_A_GROUP}", measure.id()), group.difference));
    }
    all
}
