//! Trains a reference model: the most frequent buckets, a learner on them, and probabilities
//! and offsets tuned on cases that the learner did not see. Reading data is left to the caller.
//!
//! The same call gives the same bytes on the same kind of processor; another one may round
//! differently.

mod calibrate;
mod error;
mod learner;
mod table;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

pub use calibrate::Calibration;
pub use error::TrainingError;
pub use learner::Learner;

use super::weights::LinearModel;
use learner::Evidence;
use table::Table;

/// How to train. The defaults are those of the shipped models.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingOptions {
    /// Which learner finds the weights.
    pub learner: Learner,
    /// How many buckets get weights: those that occur in most texts, whatever the labels.
    pub buckets: usize,
    /// One case in this many is kept from the learner and used for calibration, then added for
    /// the final weights. At least 2.
    pub held_out_one_in: usize,
    /// Decides which cases are held out, and the order or choice of cases where a learner
    /// needs one.
    pub seed: u64,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self {
            learner: Learner::Ftrl,
            buckets: 16_384,
            held_out_one_in: 10,
            seed: 20_200,
        }
    }
}

/// A trained model, and what was learned about it on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// The model, its weights rounded as they will be stored.
    pub model: LinearModel,
    /// How scores were turned into probabilities.
    pub calibration: Calibration,
    /// How many cases the final weights rest on. Less than given where a learner cannot take
    /// them all.
    pub cases: usize,
}

/// Trains a model on texts whose labels are given as places in `labels`.
///
/// `progress` is told in a few words what begins.
///
/// # Errors
/// When sizes do not agree, a label has too few cases to learn and to hold some out, or the
/// learner fails.
pub fn train(
    texts: &[&str],
    targets: &[usize],
    labels: &[String],
    options: &TrainingOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<Trained, TrainingError> {
    let cases_of = check(texts, targets, labels, options)?;

    progress("extracting features");
    let table = Table::new(texts, options.buckets)?;
    if table.columns() == 0 {
        return Err(TrainingError::NothingShared);
    }

    let (part, held_out) = split(targets, &cases_of, options);
    progress(&format!(
        "training on {} cases, {} held out: {}",
        part.len(),
        held_out.len(),
        options.learner
    ));
    let first = learner::fit(&table, &part, targets, labels.len(), options, None)?;
    let logits: Vec<Vec<f64>> = held_out
        .iter()
        .map(|&row| first.logits(&table, row))
        .collect();
    let held_out_targets: Vec<usize> = held_out.iter().map(|&row| targets[row]).collect();
    let prior: Vec<f64> = cases_of
        .iter()
        .map(|cases| *cases as f64 / targets.len() as f64)
        .collect();
    let calibration = Calibration::fit(&logits, &held_out_targets, &prior);

    progress(&format!(
        "training on all {} cases: {}",
        targets.len(),
        options.learner
    ));
    let all: Vec<usize> = (0..targets.len()).collect();
    let evidence = learner::fit(&table, &all, targets, labels.len(), options, Some(&first))?;
    let cases = evidence.cases;
    let model = assemble(evidence, &calibration, table, labels)?;
    Ok(Trained {
        model,
        calibration,
        cases,
    })
}

/// Folds the calibration into weights and biases, so that a softmax gives the probabilities.
fn assemble(
    evidence: Evidence,
    calibration: &Calibration,
    table: Table,
    labels: &[String],
) -> Result<LinearModel, TrainingError> {
    let factor = calibration.factor();
    let rows: Vec<Vec<f32>> = evidence
        .weights
        .rows()
        .into_iter()
        .map(|row| {
            row.iter()
                .map(|weight| (f64::from(*weight) * factor) as f32)
                .collect()
        })
        .collect();
    let bias = evidence
        .bias
        .iter()
        .zip(calibration.offsets())
        .map(|(bias, offset)| (f64::from(*bias) * factor + offset) as f32)
        .collect();
    Ok(LinearModel::new(
        labels.to_vec(),
        bias,
        table.into_buckets(),
        &rows,
    )?)
}

/// Checks the arguments and counts the cases of each label.
fn check(
    texts: &[&str],
    targets: &[usize],
    labels: &[String],
    options: &TrainingOptions,
) -> Result<Vec<usize>, TrainingError> {
    if texts.len() != targets.len() {
        return Err(TrainingError::Sizes {
            texts: texts.len(),
            targets: targets.len(),
        });
    }
    if labels.len() < 2 || options.held_out_one_in < 2 || options.buckets == 0 {
        return Err(TrainingError::Options);
    }
    let mut cases_of = vec![0; labels.len()];
    for &target in targets {
        *cases_of
            .get_mut(target)
            .ok_or(TrainingError::UnknownLabel {
                target,
                labels: labels.len(),
            })? += 1;
    }
    for (label, &cases) in labels.iter().zip(&cases_of) {
        if cases < options.held_out_one_in {
            let (label, needed) = (label.clone(), options.held_out_one_in);
            return Err(TrainingError::TooFewCases {
                label,
                cases,
                needed,
            });
        }
    }
    Ok(cases_of)
}

/// Splits the cases into those to learn from and those to hold out, the same share of each
/// label, both in their original order.
fn split(
    targets: &[usize],
    cases_of: &[usize],
    options: &TrainingOptions,
) -> (Vec<usize>, Vec<usize>) {
    let mut quota: Vec<usize> = cases_of
        .iter()
        .map(|cases| cases / options.held_out_one_in)
        .collect();
    let mut is_held_out = vec![false; targets.len()];
    for row in shuffled(targets.len(), options.seed) {
        if quota[targets[row]] > 0 {
            quota[targets[row]] -= 1;
            is_held_out[row] = true;
        }
    }
    let (held_out, part) = (0..targets.len()).partition(|&row| is_held_out[row]);
    (part, held_out)
}

/// The numbers below `length` in an order that depends on the seed alone.
fn shuffled(length: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::reference::features::Extractor;

    const THINGS: [&str; 10] = [
        "soup", "train", "song", "garden", "phone", "book", "river", "hat", "road", "game",
    ];

    fn labels() -> Vec<String> {
        ["negative", "neutral", "positive"]
            .map(String::from)
            .to_vec()
    }

    fn cases() -> (Vec<String>, Vec<usize>) {
        let sentences = [
            ("i hate this awful", 0),
            ("what a terrible", 0),
            ("here is another", 1),
            ("they bought that", 1),
            ("i love this great", 2),
            ("what a wonderful", 2),
        ];
        THINGS
            .iter()
            .flat_map(|thing| sentences.map(|(start, label)| (format!("{start} {thing}"), label)))
            .unzip()
    }

    fn trained(learner: Learner, seed: u64) -> Trained {
        let (texts, targets) = cases();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let options = TrainingOptions {
            learner,
            seed,
            held_out_one_in: 5,
            ..Default::default()
        };
        train(&texts, &targets, &labels(), &options, &mut |_| ()).unwrap()
    }

    #[test]
    fn every_learner_learns_and_gives_the_same_bytes_again() {
        for learner in Learner::ALL {
            let Trained { model, cases, .. } = trained(learner, 1);
            assert_eq!(cases, 60, "{learner}");
            assert_eq!(
                model.to_bytes(),
                trained(learner, 1).model.to_bytes(),
                "{learner}"
            );
            let mut extractor = Extractor::new();
            for (text, label) in [
                ("i hate this window", 0),
                ("they bought that window", 1),
                ("a great window", 2),
            ] {
                let scores = model.scores(text, &mut extractor);
                let best = scores.iter().copied().fold(0.0, f64::max);
                assert_eq!(scores[label], best, "{learner}: {text}: {scores:?}");
            }
        }
    }

    #[test]
    fn progress_tells_what_begins() {
        let (texts, targets) = cases();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut said = Vec::new();
        let mut progress = |what: &str| said.push(what.to_owned());
        train(
            &texts,
            &targets,
            &labels(),
            &TrainingOptions::default(),
            &mut progress,
        )
        .unwrap();
        assert_eq!(said.len(), 3);
        assert!(said[1].contains("54 cases, 6 held out"), "{said:?}");
    }

    #[test]
    fn held_out_cases_are_the_same_share_of_each_label() {
        let targets: Vec<usize> = (0..100).map(|case| usize::from(case % 5 == 0)).collect();
        let options = TrainingOptions::default();
        let (part, held_out) = split(&targets, &[80, 20], &options);
        assert_eq!((part.len(), held_out.len()), (90, 10));
        assert_eq!(
            held_out.iter().filter(|&&case| targets[case] == 1).count(),
            2
        );
        assert!(part.iter().all(|case| !held_out.contains(case)));
    }

    #[test]
    fn arguments_that_cannot_work_are_refused() {
        let labels = labels();
        let options = TrainingOptions::default();
        let run = |texts: &[&str], targets: &[usize], options: &TrainingOptions| {
            train(texts, targets, &labels, options, &mut |_| ())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            run(&["a"], &[0, 1], &options),
            "expected one label for each of 1 texts, found 2"
        );
        assert_eq!(
            run(&["a"], &[3], &options),
            "expected a label below 3, found 3"
        );
        assert_eq!(
            run(&["a"], &[0], &options),
            "expected at least 10 cases labelled negative, found 1"
        );
        let wrong = TrainingOptions {
            held_out_one_in: 1,
            ..options
        };
        assert!(run(&["a"], &[0], &wrong).contains("held out"));

        let options = TrainingOptions {
            held_out_one_in: 2,
            ..Default::default()
        };
        let nothing_shared = run(
            &["a", "b", "c", "d", "e", "f"],
            &[0, 1, 2, 0, 1, 2],
            &options,
        );
        assert_eq!(
            nothing_shared,
            "expected words or symbols that occur in more than one text"
        );
    }
}
