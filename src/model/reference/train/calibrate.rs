//! Turns a learner's scores into probabilities, with offsets that give rare labels their due.
//! Everything is fitted on cases that the learner did not see.

use super::super::weights::softmax;

/// What is added to and multiplied with a learner's scores before the softmax:
/// `(scale * score + shift - prior_correction * ln(prior)) / temperature` for each label.
///
/// First `scale` and `shift` minimise the log loss; this also makes one-against-the-rest scores
/// comparable (vector scaling with one shared factor: Guo et al. 2017, "On Calibration of Modern
/// Neural Networks"). Then `prior_correction` maximises macro F1 (logit adjustment: Menon et al.
/// 2021, "Long-tail learning via logit adjustment"), and `temperature` minimises the log loss of
/// the corrected scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Common factor of all scores.
    pub scale: f64,
    /// Summand of each label.
    pub shift: Vec<f64>,
    /// How much of the labels' unequal frequency is taken out: 0 none of it, 1 all of it.
    pub prior_correction: f64,
    /// Divisor of all logits after the correction.
    pub temperature: f64,
    /// What it is worth on the cases it was fitted on.
    pub log_loss: LogLoss,
    prior: Vec<f64>,
}

/// Mean log losses on held-out cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogLoss {
    /// How many cases.
    pub cases: usize,
    /// Of the softmax of a learner's scores as they are.
    pub raw: f64,
    /// With scale and shift.
    pub calibrated: f64,
    /// With the correction for rare labels and its temperature too, which is what a model answers.
    pub corrected: f64,
}

impl Calibration {
    /// Fits a calibration to the scores of held-out cases. `prior` is the share of each label,
    /// above 0.
    pub(super) fn fit(scores: &[Vec<f64>], targets: &[usize], prior: &[f64]) -> Self {
        let held_out = HeldOut { scores, targets };
        let scale = minimum(-5.0, 5.0, |log_scale| {
            let scale = log_scale.exp();
            held_out.log_loss(scale, &held_out.best_shift(scale, prior))
        })
        .exp();
        let shift = held_out.best_shift(scale, prior);
        let corrected = |correction: f64| -> Vec<f64> {
            shift
                .iter()
                .zip(prior)
                .map(|(shift, prior)| shift - correction * prior.ln())
                .collect()
        };

        let macro_f1: Vec<f64> = (0..=CORRECTIONS)
            .map(|step| held_out.macro_f1(scale, &corrected(correction_of(step))))
            .collect();
        let prior_correction = correction_of(smoothed_maximum(&macro_f1));

        let offsets = corrected(prior_correction);
        let temperature = minimum(-2.0, 2.0, |log_temperature| {
            let factor = (-log_temperature).exp();
            let offsets: Vec<f64> = offsets.iter().map(|offset| offset * factor).collect();
            held_out.log_loss(scale * factor, &offsets)
        })
        .exp();
        let factor = 1.0 / temperature;
        let final_offsets: Vec<f64> = offsets.iter().map(|offset| offset * factor).collect();
        let log_loss = LogLoss {
            cases: targets.len(),
            raw: held_out.log_loss(1.0, &vec![0.0; prior.len()]),
            calibrated: held_out.log_loss(scale, &shift),
            corrected: held_out.log_loss(scale * factor, &final_offsets),
        };
        Self {
            scale,
            shift,
            prior_correction,
            temperature,
            log_loss,
            prior: prior.to_vec(),
        }
    }

    /// What to multiply weights and biases with.
    pub(super) fn factor(&self) -> f64 {
        self.scale / self.temperature
    }

    /// What to add to the bias of each label after that.
    pub(super) fn offsets(&self) -> impl Iterator<Item = f64> {
        self.shift
            .iter()
            .zip(&self.prior)
            .map(|(shift, prior)| (shift - self.prior_correction * prior.ln()) / self.temperature)
    }
}

/// The corrections tried: from 0 to 1 in steps of 1/20.
const CORRECTIONS: usize = 20;

fn correction_of(step: usize) -> f64 {
    step as f64 / CORRECTIONS as f64
}

struct HeldOut<'a> {
    scores: &'a [Vec<f64>],
    targets: &'a [usize],
}

impl HeldOut<'_> {
    fn logits(&self, case: usize, scale: f64, offsets: &[f64]) -> Vec<f64> {
        self.scores[case]
            .iter()
            .zip(offsets)
            .map(|(score, offset)| scale * score + offset)
            .collect()
    }

    fn probabilities(&self, case: usize, scale: f64, offsets: &[f64]) -> Vec<f64> {
        let mut logits = self.logits(case, scale, offsets);
        softmax(&mut logits);
        logits
    }

    /// Mean of `-ln p(target)`, probabilities floored far below any that matters.
    fn log_loss(&self, scale: f64, offsets: &[f64]) -> f64 {
        let loss = |(case, &target): (usize, &usize)| {
            -self.probabilities(case, scale, offsets)[target]
                .max(1e-300)
                .ln()
        };
        self.targets.iter().enumerate().map(loss).sum::<f64>() / self.targets.len() as f64
    }

    /// The shift that makes the mean probability of each label equal to its share, which is
    /// where the log loss is stationary. Found by iterative scaling.
    fn best_shift(&self, scale: f64, prior: &[f64]) -> Vec<f64> {
        // Most need a tenth of these.
        const ROUNDS: usize = 300;
        const CLOSE: f64 = 1e-12;
        let mut shift = vec![0.0; prior.len()];
        for _ in 0..ROUNDS {
            let mut mean = vec![0.0; prior.len()];
            for case in 0..self.targets.len() {
                for (sum, p) in mean.iter_mut().zip(self.probabilities(case, scale, &shift)) {
                    *sum += p / self.targets.len() as f64;
                }
            }
            let mut largest = 0.0_f64;
            for ((shift, mean), prior) in shift.iter_mut().zip(mean).zip(prior) {
                let step = (prior / mean.max(1e-12)).ln();
                *shift += step;
                largest = largest.max(step.abs());
            }
            if largest < CLOSE {
                break;
            }
        }
        shift
    }

    /// Unweighted mean over labels of `2 tp / (2 tp + fp + fn)`.
    fn macro_f1(&self, scale: f64, offsets: &[f64]) -> f64 {
        let labels = offsets.len();
        let (mut hits, mut said, mut meant) =
            (vec![0_u32; labels], vec![0; labels], vec![0; labels]);
        for (case, &target) in self.targets.iter().enumerate() {
            let chosen = largest(&self.logits(case, scale, offsets));
            said[chosen] += 1_u32;
            meant[target] += 1_u32;
            hits[target] += u32::from(chosen == target);
        }
        let f1 = |label: usize| {
            f64::from(2 * hits[label]) / f64::from((said[label] + meant[label]).max(1))
        };
        (0..labels).map(f1).sum::<f64>() / labels as f64
    }
}

/// The place of the largest value, the first of equal ones.
fn largest(values: &[f64]) -> usize {
    (1..values.len()).fold(
        0,
        |best, at| if values[at] > values[best] { at } else { best },
    )
}

/// The place of the largest value once each is averaged with its neighbours: a single peak in a
/// noisy curve is luck.
fn smoothed_maximum(values: &[f64]) -> usize {
    let mean_around = |at: usize| {
        let around = &values[at.saturating_sub(2)..(at + 3).min(values.len())];
        around.iter().sum::<f64>() / around.len() as f64
    };
    largest(&(0..values.len()).map(mean_around).collect::<Vec<_>>())
}

/// Where a function with one minimum has it (golden-section search: Kiefer 1953).
fn minimum(mut low: f64, mut high: f64, value_at: impl Fn(f64) -> f64) -> f64 {
    // From an interval of 10 to one of 3e-9, below which a loss in double precision tells nothing apart.
    const STEPS: usize = 46;
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let inner = |low: f64, high: f64| (high - golden * (high - low), low + golden * (high - low));
    let (mut left, mut right) = inner(low, high);
    let (mut at_left, mut at_right) = (value_at(left), value_at(right));
    for _ in 0..STEPS {
        if at_left <= at_right {
            high = right;
            (right, at_right) = (left, at_left);
            left = inner(low, high).0;
            at_left = value_at(left);
        } else {
            low = left;
            (left, at_left) = (right, at_right);
            right = inner(low, high).1;
            at_right = value_at(right);
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores of 400 cases of two labels, 300 against 100, right nine times out of ten, and as
    /// sure of themselves as `confidence` says.
    fn cases(confidence: f64) -> (Vec<Vec<f64>>, Vec<usize>) {
        (0..400)
            .map(|case| {
                let target = usize::from(case % 4 == 0);
                let points_to = if (case / 4) % 10 == 0 {
                    1 - target
                } else {
                    target
                };
                let toward = |label: usize| if label == points_to { confidence } else { 0.0 };
                (vec![toward(0), toward(1)], target)
            })
            .unzip()
    }

    #[test]
    fn confidence_becomes_the_observed_share_whatever_the_scale_of_the_scores() {
        for confidence in [0.2, 1.0, 20.0] {
            let (scores, targets) = cases(confidence);
            let calibration = Calibration::fit(&scores, &targets, &[0.75, 0.25]);
            let held_out = HeldOut {
                scores: &scores,
                targets: &targets,
            };
            let scale = calibration.scale;
            let mean: f64 = (0..400)
                .map(|case| held_out.probabilities(case, scale, &calibration.shift)[1])
                .sum::<f64>()
                / 400.0;
            assert!((mean - 0.25).abs() < 1e-6, "{confidence}: {mean}");
            // Given where the score points, the odds are 9 to 1 times the prior odds.
            let odds = (scale * confidence).exp();
            assert!((odds - 81.0_f64.sqrt()).abs() < 0.1, "{confidence}: {odds}");
        }
    }

    /// Parameters fitted by scipy and scikit-learn on the same scores (`tests/oracles/reference_calibration.py`).
    #[test]
    fn parameters_are_those_of_scikit_learn() {
        let oracle = include_str!("../../../../tests/oracles/reference_calibration.json");
        let oracle: serde_json::Value = serde_json::from_str(oracle).unwrap();
        let numbers = |list: &serde_json::Value| -> Vec<f64> {
            let list = list.as_array().unwrap().iter();
            list.map(|number| number.as_f64().unwrap()).collect()
        };
        for case in oracle.as_array().unwrap() {
            let scores: Vec<Vec<f64>> = case["scores"]
                .as_array()
                .unwrap()
                .iter()
                .map(numbers)
                .collect();
            let targets: Vec<usize> = numbers(&case["targets"])
                .iter()
                .map(|at| *at as usize)
                .collect();
            let labels = scores[0].len();
            let share = |label| {
                let cases = targets.iter().filter(|target| **target == label).count();
                cases as f64 / targets.len() as f64
            };
            let prior: Vec<f64> = (0..labels).map(share).collect();
            let ours = Calibration::fit(&scores, &targets, &prior);
            let close = |what: &str, ours: f64, theirs: f64| {
                assert!(
                    (ours - theirs).abs() < 1e-6,
                    "{what}: {ours} where {theirs} is right"
                );
            };
            let theirs = |key: &str| case[key].as_f64().unwrap();
            close("scale", ours.scale, theirs("scale"));
            for (shift, expected) in ours.shift.iter().zip(numbers(&case["shift"])) {
                close("shift", shift - ours.shift[0], expected);
            }
            close(
                "correction",
                ours.prior_correction,
                theirs("prior_correction"),
            );
            close("temperature", ours.temperature, theirs("temperature"));
            let LogLoss {
                cases,
                raw,
                calibrated,
                corrected,
            } = ours.log_loss;
            assert_eq!(cases, targets.len());
            let losses = &case["log_loss"];
            for (what, ours) in [
                ("raw", raw),
                ("calibrated", calibrated),
                ("corrected", corrected),
            ] {
                close(what, ours, losses[what].as_f64().unwrap());
            }
        }
    }

    #[test]
    fn a_minimum_is_found() {
        assert!((minimum(-5.0, 5.0, |x| (x - 1.25).powi(2)) - 1.25).abs() < 1e-5);
    }

    #[test]
    fn macro_f1_is_the_mean_over_labels() {
        // Label 0: 2 hits of 3 said and 2 meant; label 1: 1 hit of 1 said and 2 meant.
        let scores = [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]].map(Vec::from);
        let held_out = HeldOut {
            scores: &scores,
            targets: &[0, 0, 1, 1],
        };
        let expected = (4.0 / 5.0 + 2.0 / 3.0) / 2.0;
        assert!((held_out.macro_f1(1.0, &[0.0, 0.0]) - expected).abs() < 1e-12);
    }

    #[test]
    fn a_single_peak_does_not_win_against_a_plateau() {
        let values = [0.1, 0.9, 0.1, 0.1, 0.1, 0.1, 0.6, 0.6, 0.6, 0.6, 0.6];
        assert_eq!(smoothed_maximum(&values), 8);
    }
}
