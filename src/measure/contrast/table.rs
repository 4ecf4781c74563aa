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
            let mut found = vec![(0_u64, 0_u64); labels];
            for (joint, count) in self.cells.iter().zip(self.counts) {
                if let Some(label) = joint.emotion.gold.single() {
                    found[label].1 += count;
                    if joint.emotion.answer == Some(joint.emotion.gold) {
                        found[label].0 += count;
                    }
                }
            }
            stretched(found.into_iter())
        };
        let polarity = |arm: usize| {
            stretched(
                (0..3)
                    .map(|polarity| (self.answered[arm][polarity][polarity], self.gold[polarity])),
            )
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

/// (K * balanced accuracy - 1) / (K - 1) from (found, cases) of each label that occurs.
fn stretched(labels: impl Iterator<Item = (u64, u64)>) -> Option<f64> {
    let (mut sum, mut k) = (0.0, 0.0);
    for (found, cases) in labels.filter(|(_, cases)| *cases > 0) {
        sum += found as f64 / cases as f64;
        k += 1.0;
    }
    (k > 1.0).then(|| (sum - 1.0) / (k - 1.0))
}
