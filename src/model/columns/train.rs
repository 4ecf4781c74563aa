//! Trains a model of numeric columns: multinomial logistic regression on standardised values, and answers to its own
//! training cases from models that did not see their cluster.

use std::sync::Arc;

use linfa::DatasetBase;
use linfa::prelude::Fit;
use linfa_logistic::MultiLogisticRegression;
use ndarray::{Array1, Array2};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{Column, ColumnModel, values};
use crate::dataset::Dataset;
use crate::diagnostic::{Place, Problem, Problems};
use crate::prediction::highest;
use crate::task::crosswalk::polarity_scheme;
use crate::task::{Scheme, Task};

/// Into how many parts the clusters are divided; each is answered by a model of the others.
pub const FOLDS: usize = 5;

/// The L2 penalty on weights of standardised columns.
const PENALTY: f64 = 1.0;

/// The most steps of L-BFGS.
const STEPS: u64 = 200;

/// A model, and what it answers to cases that it has not seen.
pub struct Trained {
    /// The model of all cases.
    pub model: ColumnModel,
    /// How many cases it rests on: those with one label.
    pub cases: usize,
    /// By case, the probabilities from the model of the other folds; `None` for cases that were not used.
    pub out_of_fold: Vec<Option<Vec<f64>>>,
    /// How many of the used cases these models answered rightly.
    pub right: usize,
}

/// Trains on the cases with exactly one label. Without labels of sentiment, sentiment is the polarity of the emotion.
///
/// # Errors
/// No labels of the task, unknown or constant columns, too few cases or clusters of a label.
pub fn train(
    dataset: &Dataset,
    task: Task,
    names: &[&str],
    seed: u64,
) -> Result<Trained, Problems> {
    let (scheme, targets) = targets(dataset, task)?;
    let columns = values(&dataset.cases, names, &dataset.origin)?;
    let known = |case: &usize| {
        targets[*case].is_some() && columns.iter().any(|column| column[*case].is_some())
    };
    let used: Vec<usize> = (0..dataset.cases.len()).filter(known).collect();
    let data = Data {
        dataset,
        names,
        columns,
        targets,
        scheme,
    };
    let model = data.fit(&used)?;
    let folds = folds(dataset, seed);
    let mut out_of_fold = vec![None; dataset.cases.len()];
    let mut right = 0;
    for fold in 0..FOLDS {
        let (held_out, others): (Vec<usize>, Vec<usize>) =
            used.iter().partition(|case| folds[**case] == fold);
        let model = data.fit(&others)?;
        for case in held_out {
            let scores = model.scores(&data.row(case));
            right += usize::from(highest(&scores) == data.targets[case]);
            out_of_fold[case] = Some(scores);
        }
    }
    Ok(Trained {
        model,
        cases: used.len(),
        out_of_fold,
        right,
    })
}

struct Data<'a> {
    dataset: &'a Dataset,
    names: &'a [&'a str],
    columns: Vec<&'a [Option<f64>]>,
    targets: Vec<Option<usize>>,
    scheme: Arc<Scheme>,
}

impl Data<'_> {
    fn row(&self, case: usize) -> Vec<Option<f64>> {
        self.columns.iter().map(|column| column[case]).collect()
    }

    fn problem(&self, message: String, help: &str) -> Problems {
        Problem::new("model/training", Place::file(&self.dataset.origin), message)
            .help(help)
            .into()
    }

    fn fit(&self, cases: &[usize]) -> Result<ColumnModel, Problems> {
        let labels = self.scheme.labels.len();
        let mut columns = Vec::new();
        for (name, values) in self.names.iter().zip(&self.columns) {
            let known: Vec<f64> = cases.iter().filter_map(|case| values[*case]).collect();
            let mean = known.iter().sum::<f64>() / known.len() as f64;
            let squares: f64 = known.iter().map(|value| (value - mean).powi(2)).sum();
            let deviation = (squares / known.len() as f64).sqrt();
            if known.is_empty() || deviation.is_nan() || deviation <= 0.0 {
                return Err(self.problem(
                    format!("the feature {name} does not vary"),
                    "leave it out of --features",
                ));
            }
            let gaps = known.len() < cases.len();
            columns.push((mean, deviation, gaps));
        }
        let width = columns.len() + columns.iter().filter(|(.., gaps)| *gaps).count();
        let mut table = Array2::<f64>::zeros((cases.len(), width));
        for (row, case) in cases.iter().enumerate() {
            let mut next = columns.len();
            for (place, ((mean, deviation, gaps), values)) in
                columns.iter().zip(&self.columns).enumerate()
            {
                match values[*case] {
                    Some(value) => table[(row, place)] = (value - mean) / deviation,
                    None => table[(row, next)] = 1.0,
                }
                next += usize::from(*gaps);
            }
        }
        let answers: Array1<usize> = cases
            .iter()
            .filter_map(|case| self.targets[*case])
            .collect();
        let fitted = MultiLogisticRegression::default()
            .alpha(PENALTY)
            .max_iterations(STEPS)
            .gradient_tolerance(1e-2)
            .fit(&DatasetBase::new(table, answers))
            .map_err(|error| {
                self.problem(
                    error.to_string(),
                    "every label needs a good number of cases",
                )
            })?;
        if fitted.classes().len() != labels {
            return Err(self.problem(
                format!(
                    "{} of {labels} labels have cases to learn from, in each fifth of the clusters",
                    fitted.classes().len()
                ),
                "every label needs cases in several clusters",
            ));
        }
        let place = |label: usize| fitted.classes().iter().position(|class| *class == label);
        let of = |row: usize| -> Vec<f64> {
            let weight = |label| place(label).map_or(0.0, |at| fitted.params()[(row, at)]);
            (0..labels).map(weight).collect()
        };
        let mut next = columns.len();
        Ok(ColumnModel {
            scheme: self.scheme.clone(),
            bias: (0..labels)
                .map(|label| place(label).map_or(0.0, |at| fitted.intercept()[at]))
                .collect(),
            columns: columns
                .iter()
                .zip(self.names)
                .enumerate()
                .map(|(row, ((mean, deviation, gaps), name))| {
                    let missing = if *gaps { of(next) } else { Vec::new() };
                    next += usize::from(*gaps);
                    Column {
                        name: (*name).to_owned(),
                        mean: *mean,
                        deviation: *deviation,
                        weights: of(row),
                        missing,
                    }
                })
                .collect(),
        })
    }
}

/// By case the one label to learn.
fn targets(dataset: &Dataset, task: Task) -> Result<(Arc<Scheme>, Vec<Option<usize>>), Problems> {
    let own = dataset.cases.gold(task);
    let other = dataset.cases.gold(Task::Emotion);
    let gold = own.or(other).ok_or_else(|| {
        Problem::new(
            "model/lessons",
            Place::file(&dataset.origin),
            "the dataset has no labels for this task",
        )
        .help("describe them in the card under [tasks.emotion] or [tasks.sentiment]")
    })?;
    let label = |case: usize| gold.labels[case].and_then(|labels| labels.single());
    let all = 0..dataset.cases.len();
    if own.is_some() {
        return Ok((gold.scheme.clone(), all.map(label).collect()));
    }
    let polarity = |label: usize| gold.scheme.labels[label].polarity;
    // Only the polarities that occur can be learned, and all three are named where they do.
    let targets: Vec<Option<usize>> = all
        .map(|case| {
            label(case)
                .and_then(polarity)
                .map(|polarity| polarity.index())
        })
        .collect();
    let scheme = polarity_scheme();
    let mut present: Vec<usize> = targets.iter().flatten().copied().collect();
    present.sort_unstable();
    present.dedup();
    if present.len() == scheme.labels.len() {
        return Ok((scheme, targets));
    }
    let mut narrow = (*scheme).clone();
    narrow.name = "polarity".to_owned();
    narrow.labels = present
        .iter()
        .map(|at| scheme.labels[*at].clone())
        .collect();
    narrow.neutral = narrow.index("neutral");
    let place = |target: usize| present.iter().position(|at| *at == target);
    let targets = targets.iter().map(|target| target.and_then(place));
    Ok((Arc::new(narrow), targets.collect()))
}

/// By case the fold of its cluster; cases without a cluster are dealt out one by one.
fn folds(dataset: &Dataset, seed: u64) -> Vec<usize> {
    let cases = dataset.cases.len();
    let codes = dataset.cases.dependence();
    let clusters = codes
        .iter()
        .flatten()
        .max()
        .map_or(0, |most| *most as usize + 1);
    let mut order: Vec<usize> = (0..clusters + cases).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    let fold = |case: usize| {
        let place = codes[case].map_or(clusters + case, |code| code as usize);
        order[place] % FOLDS
    };
    (0..cases).map(fold).collect()
}
