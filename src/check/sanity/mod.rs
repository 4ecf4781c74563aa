//! Whether a model answers at all as its labels say: judged by a few cases on which nobody would hesitate, before
//! anything is measured or paid for. What it finds are faults of wiring; how good a model is, it does not say.

mod page;
#[cfg(test)]
mod tests;

pub use page::{PAGES, Sanity};

use super::Grade;
use crate::diagnostic::counted;
use crate::model::sentences::Probe;
use crate::prediction::Answer;
use crate::stats::interval::clopper_pearson;
use crate::stats::test::binomial_at_least;
use crate::stats::{Interval, Undefined};

/// The chance of naming swapped labels, or of taking guesses for knowledge, where there is nothing to it.
pub const ALPHA: f64 = 0.05;

/// By how much a score may be rounded: services give two decimals.
const ROUNDING: f64 = 0.005;

/// By how much numbers may differ that were computed alike.
const SAME: f64 = 1e-9;

/// How the cases of one class were answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The class.
    pub class: String,
    /// How many cases of it were asked about.
    pub asked: u64,
    /// How many were answered with it.
    pub right: u64,
    /// What else was answered, the most frequent first.
    pub others: Vec<(String, u64)>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is.
    pub check: Sanity,
    /// A problem where the model cannot be meant to answer so, a warning where it might.
    pub grade: Grade,
    /// In words.
    pub sentence: String,
}

/// What the answers say.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Class by class.
    pub rows: Vec<Row>,
    /// How many cases were asked about.
    pub asked: u64,
    /// How many got an answer.
    pub answered: u64,
    /// How many got the right one.
    pub right: u64,
    /// The share of right answers among the answered, by Clopper and Pearson at 95 %.
    pub interval: Result<Interval, Undefined>,
    /// The share that somebody gets who does not read: the largest class, or as many classes as are named at once.
    pub guessing: f64,
    /// The chance that guessing gets at least as many right (exact binomial test, one-sided).
    pub p: f64,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
}

/// How the labels would have to be read.
struct Reordered {
    /// For each class that is answered, the class that is meant.
    meaning: Vec<usize>,
    right: u64,
    p: f64,
}

/// Judges the answers to the cases of a probe; `several` where more than one label may be answered.
pub fn judge(probe: &Probe, answers: &[(Answer, Vec<f64>)], several: bool) -> Judgement {
    let classes = probe.classes.len();
    // The last column is for answers that name no class.
    let mut counts = vec![vec![0_u64; classes + 1]; classes];
    let (mut asked, mut answered, mut abstained) = (vec![0; classes], 0_u64, 0_u64);
    let mut named = 0;
    let mut distinct = Vec::new();
    for ((_, expected), (answer, _)) in probe.cases.iter().zip(answers) {
        asked[*expected] += 1;
        let Some(labels) = answer.labels() else {
            abstained += u64::from(*answer == Answer::Abstained);
            continue;
        };
        answered += 1;
        let class = probe.class(labels, *expected).unwrap_or(classes);
        counts[*expected][class] += 1;
        let mut told: Vec<usize> = labels
            .iter()
            .filter_map(|label| probe.class_of[label])
            .collect();
        told.sort_unstable();
        told.dedup();
        named += told.len();
        if !distinct.contains(&labels) {
            distinct.push(labels);
        }
    }
    let right: u64 = (0..classes).map(|class| counts[class][class]).sum();
    let all: u64 = asked.iter().sum();
    let largest = counts.iter().map(|row| row.iter().sum::<u64>()).max();
    let guessing =
        (largest.unwrap_or(0) as f64).max(named as f64 / classes as f64) / (answered.max(1) as f64);
    let p = if guessing < 1.0 {
        binomial_at_least(right, answered, guessing)
    } else {
        1.0
    };
    let mut findings = Vec::new();
    let mut find = |check, grade, sentence| {
        findings.push(Finding {
            check,
            grade,
            sentence,
        });
    };
    let reordered = reorder(&counts, classes);
    let rows_of_scores: Vec<&Vec<f64>> = answers
        .iter()
        .map(|(_, scores)| scores)
        .filter(|scores| !scores.is_empty())
        .collect();
    let failed = all - answered - abstained;
    if answered < all {
        let grade = match 2 * answered < all {
            true => Grade::Problem,
            false => Grade::Warning,
        };
        let sentence = format!(
            "{} of {} got no answer: {failed} failed, {abstained} abstained from",
            all - answered,
            counted(all as usize, "case")
        );
        find(Sanity::Unanswered, grade, sentence);
    }
    let deaf = rows_of_scores.len() > 1 && alike(&rows_of_scores);
    if deaf {
        let sentence = format!(
            "{} got the same scores to the last digit, whatever they say",
            counted(rows_of_scores.len(), "text")
        );
        find(Sanity::SameScores, Grade::Problem, sentence);
    }
    let one = distinct.len() == 1
        && counts
            .iter()
            .filter(|row| row.iter().sum::<u64>() > 0)
            .count()
            > 1;
    if one && !deaf {
        let sentence = format!(
            "all {answered} answers are the same, on cases of {}",
            counted(classes, "label")
        );
        find(Sanity::OneLabel, Grade::Problem, sentence);
    }
    if let Some(reordered) = &reordered {
        let sentence = swapped(&probe.classes, reordered, right, answered);
        find(Sanity::SwappedLabels, Grade::Problem, sentence);
    }
    let wrong = rows_of_scores
        .iter()
        .filter(|row| !are_probabilities(row, several))
        .count();
    if wrong > 0 {
        let sentence = format!(
            "the scores in {wrong} of {} are no probabilities: {}",
            counted(rows_of_scores.len(), "row"),
            if several {
                "some lie outside 0 to 1"
            } else {
                "they do not add up to 1, or lie outside 0 to 1"
            }
        );
        find(Sanity::NotProbabilities, Grade::Warning, sentence);
    }
    if answered > 0 && p > ALPHA && !deaf && !one && reordered.is_none() {
        let sentence = format!(
            "{right} of {} are right, which guessing reaches with probability {p:.2}",
            counted(answered as usize, "answer")
        );
        find(Sanity::AtChance, Grade::Warning, sentence);
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.grade));
    Judgement {
        rows: rows(probe, &asked, &counts),
        asked: all,
        answered,
        right,
        interval: clopper_pearson(right as f64, answered as f64, 0.95),
        guessing,
        p,
        findings,
    }
}

fn rows(probe: &Probe, asked: &[u64], counts: &[Vec<u64>]) -> Vec<Row> {
    let name = |class: usize| match probe.classes.get(class) {
        Some(name) => name.clone(),
        None => "another label".to_owned(),
    };
    (0..probe.classes.len())
        .map(|class| {
            let mut others: Vec<(String, u64)> = counts[class]
                .iter()
                .enumerate()
                .filter(|(other, count)| *other != class && **count > 0)
                .map(|(other, count)| (name(other), *count))
                .collect();
            others.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            Row {
                class: name(class),
                asked: asked[class],
                right: counts[class][class],
                others,
            }
        })
        .collect()
}

fn alike(rows: &[&Vec<f64>]) -> bool {
    rows.iter().all(|row| {
        row.len() == rows[0].len()
            && row
                .iter()
                .zip(rows[0])
                .all(|(one, other)| (one - other).abs() <= SAME)
    })
}

fn are_probabilities(row: &[f64], several: bool) -> bool {
    let inside = row.iter().all(|score| (-SAME..=1.0 + SAME).contains(score));
    let sum: f64 = row.iter().sum();
    inside && (several || (sum - 1.0).abs() <= ROUNDING * row.len() as f64 + SAME)
}

/// The other reading of the labels that fits best, where it fits so much better that chance does not explain it.
///
/// Labels are exchanged two by two as long as that makes more answers right. The test is McNemar's, exact and one-sided,
/// on the answers that are right by one reading only, times the number of readings that move as many labels (Bonferroni).
fn reorder(counts: &[Vec<u64>], classes: usize) -> Option<Reordered> {
    let mut meaning: Vec<usize> = (0..classes).collect();
    let right = |meaning: &[usize]| -> u64 {
        (0..classes)
            .map(|answer| counts[meaning[answer]][answer])
            .sum()
    };
    let mut best = right(&meaning);
    loop {
        let mut found = None;
        for one in 0..classes {
            for other in 0..one {
                meaning.swap(one, other);
                if right(&meaning) > best {
                    best = right(&meaning);
                    found = Some((one, other));
                }
                meaning.swap(one, other);
            }
        }
        let Some((one, other)) = found else { break };
        meaning.swap(one, other);
    }
    let moved: Vec<usize> = (0..classes)
        .filter(|class| meaning[*class] != *class)
        .collect();
    let gained: u64 = moved
        .iter()
        .map(|answer| counts[meaning[*answer]][*answer])
        .sum();
    let lost: u64 = moved.iter().map(|answer| counts[*answer][*answer]).sum();
    if gained <= lost {
        return None;
    }
    let p = binomial_at_least(gained, gained + lost, 0.5) * readings(classes, moved.len());
    (p <= ALPHA).then_some(Reordered {
        meaning,
        right: best,
        p,
    })
}

/// How many ways there are to move up to so many of the labels: for each number the choices of that many, times their
/// derangements.
fn readings(classes: usize, moved: usize) -> f64 {
    let (mut choices, mut before, mut derangements) = (1.0, 0.0, 1.0);
    let mut sum = 0.0;
    for number in 1..=moved {
        choices *= (classes + 1 - number) as f64 / number as f64;
        let next = if number == 1 {
            0.0
        } else {
            (number - 1) as f64 * (before + derangements)
        };
        (before, derangements) = (derangements, next);
        sum += choices * derangements;
    }
    sum
}

fn swapped(classes: &[String], reordered: &Reordered, right: u64, answered: u64) -> String {
    let moved: Vec<usize> = (0..classes.len())
        .filter(|class| reordered.meaning[*class] != *class)
        .collect();
    let how = match moved[..] {
        [one, other] => format!("{} and {} exchanged", classes[one], classes[other]),
        _ => {
            let pairs: Vec<String> = moved
                .iter()
                .map(|class| {
                    format!(
                        "{} taken for {}",
                        classes[*class], classes[reordered.meaning[*class]]
                    )
                })
                .collect();
            pairs.join(", ")
        }
    };
    format!(
        "with {how}, {} of {answered} answers are right and not {right}; the chance of that is {} if the labels are as they are said to be",
        reordered.right,
        if reordered.p < 0.001 {
            "below 0.001".to_owned()
        } else {
            format!("at most {:.3}", reordered.p)
        }
    )
}
