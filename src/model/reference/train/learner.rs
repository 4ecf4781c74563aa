//! The four learners, each of linfa's, and each brought to one linear form: a weight for every
//! bucket and label, and a bias. Probabilities are left to the calibration.

use std::fmt;

use linfa::DatasetBase;
use linfa::prelude::{Fit, FitWith, Records};
use linfa_bayes::{BernoulliNb, NaiveBayes};
use linfa_ftrl::Ftrl;
use linfa_logistic::MultiLogisticRegression;
use linfa_svm::Svm;
use ndarray::{Array1, Array2, Axis, s};

use super::table::Table;
use super::{TrainingError, TrainingOptions, shuffled};

/// A way to find the weights. All of them are linfa's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Learner {
    /// Multinomial logistic regression, L2-regularised, by L-BFGS on all cases at once.
    Logistic,
    /// "Follow the regularised leader" (McMahan et al. 2013), one label against the rest, in
    /// batches over several epochs.
    Ftrl,
    /// Bernoulli naive Bayes on the presence of features.
    Bayes,
    /// Linear support vector machine, one label against the rest, by sequential minimal
    /// optimisation. Its kernel matrix grows with the square of the cases, so it gets a sample.
    Svm,
}

impl Learner {
    /// Every learner, in the order of the comparison.
    pub const ALL: [Self; 4] = [Self::Logistic, Self::Ftrl, Self::Bayes, Self::Svm];

    /// The name on the command line and in model cards.
    pub fn name(self) -> &'static str {
        match self {
            Self::Logistic => "logistic",
            Self::Ftrl => "ftrl",
            Self::Bayes => "bayes",
            Self::Svm => "svm",
        }
    }
}

impl fmt::Display for Learner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A learner's result: the score of a label is the sum of its weights times the features, plus
/// its bias.
pub(super) struct Evidence {
    /// One row for each column of the table, one column for each label.
    pub(super) weights: Array2<f32>,
    pub(super) bias: Array1<f32>,
    pub(super) cases: usize,
}

impl Evidence {
    /// The score of each label for one row of the table.
    pub(super) fn logits(&self, table: &Table, row: usize) -> Vec<f64> {
        let mut logits: Vec<f64> = self.bias.iter().map(|bias| f64::from(*bias)).collect();
        for &(column, value) in table.row(row) {
            for (logit, weight) in logits.iter_mut().zip(self.weights.row(column as usize)) {
                *logit += f64::from(value * weight);
            }
        }
        logits
    }
}

/// Learns from some rows of the table. `start` is an earlier result from which a learner that
/// improves weights step by step may go on.
pub(super) fn fit(
    table: &Table,
    rows: &[usize],
    targets: &[usize],
    labels: usize,
    options: &TrainingOptions,
    start: Option<&Evidence>,
) -> Result<Evidence, TrainingError> {
    let result = match options.learner {
        Learner::Logistic => logistic(table, rows, targets, labels, start),
        Learner::Ftrl => ftrl(table, rows, targets, labels, options.seed),
        Learner::Bayes => bayes(table, rows, targets, labels),
        Learner::Svm => svm(table, rows, targets, labels, options.seed),
    };
    result.map_err(|reason| TrainingError::Learner {
        learner: options.learner,
        reason,
    })
}

fn logistic(
    table: &Table,
    rows: &[usize],
    targets: &[usize],
    labels: usize,
    start: Option<&Evidence>,
) -> Result<Evidence, String> {
    const PENALTY: f32 = 0.5;
    const FIRST_ITERATIONS: u64 = 60;
    const FURTHER_ITERATIONS: u64 = 30;
    // Where the sums of 32-bit numbers no longer tell one step from the next.
    const GRADIENT: f32 = 0.1;
    let columns = table.columns();
    let mut parameters = Array2::zeros((columns + 1, labels));
    let iterations = if let Some(start) = start {
        let shrunk = &start.weights / &table.stretch().insert_axis(Axis(1));
        parameters.slice_mut(s![..columns, ..]).assign(&shrunk);
        parameters.row_mut(columns).assign(&start.bias);
        FURTHER_ITERATIONS
    } else {
        parameters
            .row_mut(columns)
            .assign(&log_shares(rows, targets, labels));
        FIRST_ITERATIONS
    };

    let answers: Array1<usize> = rows.iter().map(|&row| targets[row]).collect();
    let fitted = MultiLogisticRegression::default()
        .alpha(PENALTY)
        .max_iterations(iterations)
        .gradient_tolerance(GRADIENT)
        .initial_params(parameters)
        .fit(&DatasetBase::new(table.dense(rows), answers))
        .map_err(|error| error.to_string())?;
    Ok(Evidence {
        weights: fitted.params() * &table.stretch().insert_axis(Axis(1)),
        bias: fitted.intercept().clone(),
        cases: rows.len(),
    })
}

/// The logarithm of the share of each label, which every label must have.
fn log_shares(rows: &[usize], targets: &[usize], labels: usize) -> Array1<f32> {
    let mut cases = Array1::<f32>::zeros(labels);
    for &row in rows {
        cases[targets[row]] += 1.0;
    }
    cases.mapv(|cases| (cases / rows.len() as f32).ln())
}

fn ftrl(
    table: &Table,
    rows: &[usize],
    targets: &[usize],
    labels: usize,
    seed: u64,
) -> Result<Evidence, String> {
    const EPOCHS: u64 = 6;
    const BATCH: usize = 64;
    // The first penalty, on absolute weights, also swallows linfa's random start.
    let settings = Ftrl::params()
        .alpha(0.6_f32)
        .beta(1.0)
        .l1_ratio(1.0)
        .l2_ratio(0.0);
    let mut models: Vec<Option<Ftrl<f32>>> = vec![None; labels];
    for epoch in 0..EPOCHS {
        let order = shuffled(rows.len(), seed.wrapping_add(epoch));
        for places in order.chunks(BATCH) {
            let batch: Vec<usize> = places.iter().map(|&place| rows[place]).collect();
            let matrix = table.dense_with_ones(&batch);
            for (label, model) in models.iter_mut().enumerate() {
                let answers: Array1<bool> =
                    batch.iter().map(|&row| targets[row] == label).collect();
                let dataset = DatasetBase::new(matrix.view(), answers);
                *model = Some(
                    settings
                        .fit_with(model.take(), &dataset)
                        .map_err(|error| error.to_string())?,
                );
            }
        }
    }

    let columns = table.columns();
    let mut weights = Array2::zeros((columns, labels));
    let mut bias = Array1::zeros(labels);
    for (label, model) in models.into_iter().enumerate() {
        let learned = model.ok_or("no cases")?.get_weights();
        weights
            .column_mut(label)
            .assign(&(&learned.slice(s![..columns]) * &table.stretch()));
        bias[label] = learned[columns];
    }
    Ok(Evidence {
        weights,
        bias,
        cases: rows.len(),
    })
}

/// Weights are the log odds of a feature given the label. The share of absent features is left
/// out of the bias: features here have length one, so it would outweigh the present ones.
fn bayes(
    table: &Table,
    rows: &[usize],
    targets: &[usize],
    labels: usize,
) -> Result<Evidence, String> {
    const SMOOTHING: f32 = 0.3;
    let settings = BernoulliNb::<f32, usize>::params()
        .binarize(None)
        .alpha(SMOOTHING);
    // One batch for each label: linfa divides by the cases of the latest batch only.
    let mut model = None;
    for label in 0..labels {
        let own: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|&row| targets[row] == label)
            .collect();
        let answers = Array1::from_elem(own.len(), label);
        let dataset = DatasetBase::new(table.presence(&own), answers);
        model = Some(
            settings
                .fit_with(model, &dataset)
                .map_err(|error| error.to_string())?,
        );
    }
    let model = model.ok_or("no labels")?;

    // The model keeps its parameters to itself; a text with a single feature, compared with an
    // empty one, shows the weight of that feature.
    let columns = table.columns();
    let empty = model
        .joint_log_likelihood(Array2::zeros((1, columns)).view())
        .into_iter()
        .map(|(label, value)| (*label, value[0]))
        .collect::<std::collections::BTreeMap<_, _>>();
    let mut weights = Array2::zeros((columns, labels));
    for start in (0..columns).step_by(PROBES) {
        let end = (start + PROBES).min(columns);
        let mut probes = Array2::zeros((end - start, columns));
        for column in start..end {
            probes[[column - start, column]] = 1.0;
        }
        for (label, likelihood) in model.joint_log_likelihood(probes.view()) {
            weights
                .slice_mut(s![start..end, *label])
                .assign(&(likelihood - empty[label]));
        }
    }
    Ok(Evidence {
        weights,
        bias: log_shares(rows, targets, labels),
        cases: rows.len(),
    })
}

/// How many single-feature texts to ask about at once.
const PROBES: usize = 512;

/// At most `most` rows in their original order, drawn without replacement, with a case of each
/// label among them where there is one.
fn sample(rows: &[usize], targets: &[usize], labels: usize, most: usize, seed: u64) -> Vec<usize> {
    let mut is_new = vec![true; labels];
    let (mut drawn, rest): (Vec<usize>, Vec<usize>) = shuffled(rows.len(), seed)
        .into_iter()
        .map(|place| rows[place])
        .partition(|&row| std::mem::take(&mut is_new[targets[row]]));
    drawn.extend(rest);
    drawn.truncate(most);
    drawn.sort_unstable();
    drawn
}

fn svm(
    table: &Table,
    rows: &[usize],
    targets: &[usize],
    labels: usize,
    seed: u64,
) -> Result<Evidence, String> {
    const MOST_CASES: usize = 2_000;
    const COST: f32 = 1.0;
    const TOLERANCE: f32 = 1e-3;
    let sample = sample(rows, targets, labels, MOST_CASES, seed);
    let matrix = table.dense(&sample);
    let columns = table.columns();
    let mut weights = Array2::zeros((columns, labels));
    let mut bias = Array1::zeros(labels);
    for label in 0..labels {
        let answers: Array1<bool> = sample.iter().map(|&row| targets[row] == label).collect();
        let fitted = Svm::<f32, bool>::params()
            .linear_kernel()
            .pos_neg_weights(COST, COST)
            .eps(TOLERANCE)
            .fit(&DatasetBase::new(matrix.view(), answers.view()))
            .map_err(|error| error.to_string())?;
        let mut probe = Array1::zeros(columns);
        for column in 0..columns {
            probe[column] = 1.0;
            weights[[column, label]] = fitted.weighted_sum(&probe) * table.stretch()[column];
            probe[column] = 0.0;
        }
        bias[label] = -fitted.rho;
    }
    Ok(Evidence {
        weights,
        bias,
        cases: matrix.nsamples(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_holds_every_label() {
        let targets: Vec<usize> = (0..500).map(|row| usize::from(row == 321)).collect();
        let rows: Vec<usize> = (100..500).collect();
        let drawn = sample(&rows, &targets, 2, 10, 7);
        assert_eq!(drawn.len(), 10);
        assert!(drawn.contains(&321));
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(drawn.iter().all(|row| rows.contains(row)));
    }
}
