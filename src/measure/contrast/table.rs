//! The values of all arms in one bootstrap replicate.

use super::{ARMS, Joint, Paired};

/// Weighted counts of joint outcomes, in the form that the arms need.
pub(super) struct Table<'a> {
    paired: &'a Paired,
    cells: &'a [Joint],
    counts: &'a [u64],
    /// By gold polarity: cases, and for both polarity arms the answers by answered polarity.
    gold: [u64; 3],
    answered: [[[u64; 3]; 3]; 2],
}

impl<'a> Table<'a> {
    pub(super) fn new(paired: &'a Paired, cells: &'a [Joint], counts: &'a [u64]) -> Self {
        let mut gold = [0; 3];
        let mut answered = [[[0; 3]; 3]; 2];
        for (joint, count) in cells.iter().zip(counts) {
            let polarity = usize::from(joint.polarity);
            gold[polarity] += count;
            for (arm, answer) in [joint.sentiment, joint.collapsed].into_iter().enumerate() {
                if let Some(answer) = answer {
                    answered[arm][polarity][usize::from(answer)] += count;
                }
            }
        }
        Table {
            paired,
            cells,
            counts,
            gold,
            answered,
        }
    }

    /// Emotion, sentiment, collapsed: skill over all labels that occur.
    pub(super) fn overall(&self) -> [Option<f64>; ARMS] {
        let labels = self.paired.scheme.labels.len();
        let emotion = if self.paired.multi_label {
            let skills: Vec<f64> = (0..labels)
                .filter_map(|label| self.informedness(label))
                .collect();
            (!skills.is_empty()).then(|| skills.iter().sum::<f64>() / skills.len() as f64)
        } else {
            let mut answers = vec![Answers::default(); labels];
            let occurring = self
                .cells
                .iter()
                .zip(self.counts)
                .filter(|(_, count)| **count > 0);
            let among = occurring.fold(0, |among, (joint, _)| among | joint.emotion.gold.0);
            for (joint, count) in self.cells.iter().zip(self.counts) {
                if let Some(label) = joint.emotion.gold.single() {
                    let answers = &mut answers[label];
                    answers.cases += count;
                    if joint.emotion.answer == Some(joint.emotion.gold) {
                        answers.right += count;
                    } else if joint
                        .emotion
                        .answer
                        .is_some_and(|answer| answer.0 & among == 0)
                    {
                        answers.elsewhere += count;
                    }
                }
            }
            stretched(&answers)
        };
        let polarity = |arm: usize| {
            let answers: Vec<Answers> = (0..3)
                .map(|polarity| {
                    let row = &self.answered[arm][polarity];
                    let among: u64 = (0..3)
                        .filter(|other| self.gold[*other] > 0)
                        .map(|other| row[other])
                        .sum();
                    Answers {
                        cases: self.gold[polarity],
                        right: row[polarity],
                        elsewhere: self.gold[polarity] - among,
                    }
                })
                .collect();
            stretched(&answers)
        };
        [emotion, polarity(0), polarity(1)]
    }

    /// The same for the cases of one emotion: informedness of the emotion, and of their polarity as found among
    /// them and raised falsely among the cases of other polarity.
    pub(super) fn of_emotion(&self, label: usize) -> [Option<f64>; ARMS] {
        let mut hits = [[0_u64; 3]; 2];
        let mut cases = [0_u64; 3];
        for (joint, count) in self.cells.iter().zip(self.counts) {
            if joint.emotion.gold.contains(label) {
                let polarity = usize::from(joint.polarity);
                cases[polarity] += count;
                for (arm, answer) in [joint.sentiment, joint.collapsed].into_iter().enumerate() {
                    if answer == Some(joint.polarity) {
                        hits[arm][polarity] += count;
                    }
                }
            }
        }
        let n: u64 = cases.iter().sum();
        let polarity_arm = |arm: usize| -> Option<f64> {
            let mut sum = 0.0;
            for polarity in (0..3).filter(|polarity| cases[*polarity] > 0) {
                let others: u64 = (0..3)
                    .filter(|other| *other != polarity)
                    .map(|other| self.gold[other])
                    .sum();
                let alarms: u64 = (0..3)
                    .filter(|other| *other != polarity)
                    .map(|other| self.answered[arm][other][polarity])
                    .sum();
                if others == 0 {
                    return None;
                }
                let false_alarms = alarms as f64 / others as f64;
                sum += hits[arm][polarity] as f64 - false_alarms * cases[polarity] as f64;
            }
            (n > 0).then(|| sum / n as f64)
        };
        [self.informedness(label), polarity_arm(0), polarity_arm(1)]
    }

    /// Recall minus false-positive rate of one emotion.
    fn informedness(&self, label: usize) -> Option<f64> {
        let (mut found, mut positives, mut wrong, mut negatives) = (0_u64, 0_u64, 0_u64, 0_u64);
        for (joint, count) in self.cells.iter().zip(self.counts) {
            let said = joint
                .emotion
                .answer
                .is_some_and(|answer| answer.contains(label));
            let (cases, answers) = if joint.emotion.gold.contains(label) {
                (&mut positives, &mut found)
            } else {
                (&mut negatives, &mut wrong)
            };
            *cases += count;
            *answers += u64::from(said) * count;
        }
        (positives > 0 && negatives > 0)
            .then(|| found as f64 / positives as f64 - wrong as f64 / negatives as f64)
    }
}

/// What was answered to the cases of one label.
#[derive(Clone, Copy, Default)]
struct Answers {
    cases: u64,
    right: u64,
    /// Answers with none of the labels that occur.
    elsewhere: u64,
}

/// Skill from the answers to each label: balanced accuracy stretched so that guessing earns 0, with an answer
/// elsewhere worth a guess.
fn stretched(labels: &[Answers]) -> Option<f64> {
    let occurring: Vec<&Answers> = labels.iter().filter(|label| label.cases > 0).collect();
    let k = occurring.len() as f64;
    let sum: f64 = occurring
        .iter()
        .map(|label| (label.right as f64 + label.elsewhere as f64 / k) / label.cases as f64)
        .sum();
    (k > 1.0).then(|| (sum - 1.0) / (k - 1.0))
}
