//! The contrast: on the same cases, how well is the emotion read, how well the polarity, and how well the polarity
//! that the emotion model implies? All three on the scale of skill, with paired intervals.

mod arm;
mod table;

use std::sync::Arc;

use super::Rules;
use super::slice::Slice;
use crate::case::{Cases, Unit};
use crate::prediction::{Answer, Predictions, highest};
use crate::stats::difference::paired_difference;
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::{Evaluation, Outcome, Tally};
use crate::task::crosswalk::polarity_map;
use crate::task::{LabelSet, Scheme, Task};

/// How many arms are compared.
const ARMS: usize = 3;

/// What happened to one case in all three arms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Joint {
    emotion: Outcome,
    /// Polarity in gold: 0 negative, 1 neutral, 2 positive.
    polarity: u8,
    sentiment: Option<u8>,
    collapsed: Option<u8>,
}

impl Joint {
    /// The answer of the sentiment arm (1) or the collapsed arm (2).
    fn polarity_answer(&self, arm: usize) -> Option<u8> {
        if arm == 1 {
            self.sentiment
        } else {
            self.collapsed
        }
    }
}

/// The three arms on one slice of cases, for all emotions together or for one.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// The emotion; `None` for all together.
    pub label: Option<String>,
    /// Attribute and group; empty for all cases.
    pub slice: Vec<(String, String)>,
    /// Cases that all arms were judged on (for one emotion: those that carry it).
    pub n: u64,
    /// How many independent clusters the cases of the slice form.
    pub clusters: u64,
    /// Skill of the emotion model at emotions.
    pub emotion: Result<Estimate, Undefined>,
    /// Skill of the sentiment model at polarity.
    pub sentiment: Result<Estimate, Undefined>,
    /// Skill at polarity of the emotion model, its answers collapsed.
    pub collapsed: Result<Estimate, Undefined>,
    /// Sentiment minus emotion.
    pub sentiment_minus_emotion: Result<Estimate, Undefined>,
    /// Sentiment minus collapsed emotion.
    pub sentiment_minus_collapsed: Result<Estimate, Undefined>,
    /// Collapsed emotion minus emotion.
    pub collapsed_minus_emotion: Result<Estimate, Undefined>,
}

/// The cases of a dataset that all three arms can be judged on.
pub struct Paired {
    scheme: Arc<Scheme>,
    multi_label: bool,
    /// For each case of the dataset; `None` where an arm has no gold or no answer.
    joints: Vec<Option<Joint>>,
    /// Whether the polarity in gold was labelled as such; otherwise it follows from the emotion labels.
    pub polarity_is_labelled: bool,
}

/// Brings the arms together. The emotion answers are judged as in `evaluation`; polarity gold is the sentiment gold
/// where the dataset has it, else the crosswalk of the emotion gold.
pub fn pair(
    cases: &Cases,
    evaluation: &Evaluation,
    emotion: &Predictions,
    sentiment: &Predictions,
) -> Paired {
    let labelled = cases.gold(Task::Sentiment);
    let gold = labelled.or_else(|| cases.gold(Task::Emotion));
    let collapsed = collapse(emotion);
    let joints = (0..cases.len())
        .map(|case| {
            let emotion = evaluation.outcomes[case].filter(|outcome| outcome.answer.is_some())?;
            let gold = gold?;
            let polarity = gold.scheme.polarity(gold.labels[case]?)?;
            let answer = sentiment.answers[case].labels()?;
            Some(Joint {
                emotion,
                polarity: polarity.index() as u8,
                sentiment: of_labels(&sentiment.scheme, answer),
                collapsed: collapsed[case],
            })
        })
        .collect();
    Paired {
        scheme: evaluation.scheme.clone(),
        multi_label: evaluation.multi_label,
        joints,
        polarity_is_labelled: labelled.is_some(),
    }
}

impl Paired {
    /// For each case that all arms can be judged on, what came out at its emotion, and at its polarity as the sentiment
    /// model answered.
    pub fn outcomes(&self) -> Vec<Option<(Outcome, Outcome)>> {
        let of_joint = |joint: &Joint| {
            let answer = joint.sentiment.map(usize::from).map(LabelSet::one);
            let polarity = Outcome {
                gold: LabelSet::one(usize::from(joint.polarity)),
                answer: Some(answer.unwrap_or(LabelSet::EMPTY)),
            };
            (joint.emotion, polarity)
        };
        let joints = self.joints.iter();
        joints.map(|joint| joint.as_ref().map(of_joint)).collect()
    }
}

fn of_labels(scheme: &Scheme, labels: LabelSet) -> Option<u8> {
    scheme
        .polarity(labels)
        .map(|polarity| polarity.index() as u8)
}

/// The polarity that each answer of an emotion model implies: with scores, the polarity whose labels have the
/// highest sum, ambiguous labels left out; without, the polarity of the labels, if they have one.
pub fn collapse(emotion: &Predictions) -> Vec<Option<u8>> {
    let polarities = polarity_map(&emotion.scheme);
    (0..emotion.answers.len())
        .map(|case| {
            let labels = match emotion.answers[case] {
                Answer::Labels(labels) => labels,
                Answer::Abstained | Answer::Failed | Answer::Missing => return None,
            };
            let scores = emotion.scores.as_ref().and_then(|scores| {
                let row = scores.rows[case].as_ref()?;
                let mut sums = [0.0; 3];
                for (label, score) in scores.labels.iter().zip(row) {
                    if let Some(polarity) = polarities[*label] {
                        sums[polarity] += score;
                    }
                }
                (scores.labels.len() == polarities.len()).then_some(sums)
            });
            match scores {
                Some(sums) => highest(&sums).map(|polarity| polarity as u8),
                None => of_labels(&emotion.scheme, labels),
            }
        })
        .collect()
}

/// Resampled differences of fewer cases held 80 to 91 %, as docs/coverage.md tells.
const FEWEST: u64 = 30;

/// All emotions together, then each emotion with at least `min_n` cases, on the cases that `keep` lets through.
///
/// Differences have their limits from those of their arms, which stay honest where hardly any answer is wrong, and from how
/// arms rise and fall together when cases, or clusters, are resampled (MOVER with correlation; Zou 2007). Two cases that
/// say nothing of that are added, since few agree by chance. Differences resampled by themselves (BCa) held 81 to 92 % of
/// models that are right in 95 to 99 %.
pub fn measure(
    paired: &Paired,
    cases: &Cases,
    slice: &[(String, String)],
    keep: impl Fn(usize) -> bool,
    rules: &Rules,
) -> Vec<Contrast> {
    let units = cases.units();
    let mut tally: Tally<(Unit, Joint)> = Tally::default();
    for (case, joint) in paired.joints.iter().enumerate() {
        if let Some(joint) = joint.filter(|_| keep(case)) {
            tally.count((units[case], joint));
        }
    }
    let whole = Slice::from_tally(&tally);
    if whole.total() < rules.min_n {
        return Vec::new();
    }
    let n_of = |label: usize| -> u64 {
        let cells = whole.cells.iter().zip(&whole.counts);
        cells
            .filter(|(joint, _)| joint.emotion.gold.contains(label))
            .map(|(_, count)| count)
            .sum()
    };
    let labels: Vec<Option<usize>> = std::iter::once(None)
        .chain(
            (0..paired.scheme.labels.len())
                .filter(|label| n_of(*label) >= rules.min_n)
                .map(Some),
        )
        .collect();
    let compute = |counts: &[u64], values: &mut [Option<f64>]| {
        let table = table::Table::new(paired, &whole.cells, counts);
        for (values, label) in values.chunks_mut(ARMS).zip(&labels) {
            values.copy_from_slice(&match label {
                None => table.overall(),
                Some(label) => table.of_emotion(*label),
            });
        }
    };
    let statistics = ARMS * labels.len();
    let replicates = whole
        .sample()
        .map(|sample| sample.replicate(rules.seed, rules.replicates, statistics, compute));
    labels
        .iter()
        .enumerate()
        .map(|(place, label)| {
            let n = label.map_or(whole.total(), n_of);
            let arms = [0, 1, 2].map(|arm| arm::estimate(paired, &whole, *label, arm, rules.level));
            let minus = |one: usize, other: usize| {
                if n < FEWEST {
                    let detail = format!("n = {n}: a difference between arms takes {FEWEST} cases");
                    return Err(Undefined::new(Reason::TooFewCases, detail));
                }
                let (first, second) = (arms[one].as_ref(), arms[other].as_ref());
                let replicates = replicates.as_ref().map_err(Clone::clone)?;
                let at = |arm: usize| place * ARMS + arm;
                let worth = n.min(whole.clusters) as f64;
                let correlation =
                    replicates.correlation(at(one), at(other)) * worth / (worth + 2.0);
                let (first, second) = (first.map_err(Clone::clone)?, second.map_err(Clone::clone)?);
                Ok(paired_difference(first, second, correlation).rounded())
            };
            Contrast {
                label: label.map(|label| paired.scheme.labels[label].name.clone()),
                slice: slice.to_vec(),
                n,
                clusters: whole.clusters,
                sentiment_minus_emotion: minus(1, 0),
                sentiment_minus_collapsed: minus(1, 2),
                collapsed_minus_emotion: minus(2, 0),
                emotion: arms[0].clone(),
                sentiment: arms[1].clone(),
                collapsed: arms[2].clone(),
            }
        })
        .collect()
}
