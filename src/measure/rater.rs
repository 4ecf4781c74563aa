//! People as a yardstick: one person against the others, and a model against how people divide.

use std::borrow::Cow;

use super::calibration::{Costs, LEAST};
use super::probability::Rows;
use super::quality::{self, Measured};
use super::slice::Slice;
use super::{Measure, Rules, unit};
use crate::case::{LabelSource, Rated, Rater, Ratings, Unit};
use crate::stats::mean::{Values, sum_of_long_tailed};
use crate::stats::{Estimate, Interval, Reason, Undefined};
use crate::tally::{Evaluation, Gaps, Outcome, Tally};
use crate::task::LabelSet;
use crate::task::crosswalk::bridge;

/// Skill of each rating against the majority of the other ratings of its case: of each label and, where a case has one
/// label, overall.
///
/// It takes no knowledge of who rated: a rating is judged by the counts of its case less itself. Ratings whose others
/// have no single majority are left out. Ratings of one case depend on each other.
pub fn skill(ratings: &Ratings, clusters: &[Option<u32>], rules: &Rules) -> Vec<Measured> {
    let scheme = &ratings.scheme;
    let Some(evaluation) = as_evaluation(ratings) else {
        return Vec::new();
    };
    let several = evaluation.multi_label;
    let mut measured = Vec::new();
    let mut add = |label, n, result| {
        measured.push(Measured {
            measure: Measure::RaterSkill,
            label,
            n,
            result,
        });
    };
    let whole = (!several).then(|| judged(ratings, clusters, of_one_label));
    if let Some(whole) = &whole {
        let result =
            quality::skill(whole, &evaluation).and_then(|skill| skill.estimate(whole, rules.level));
        add(None, whole.total(), result);
    }
    for label in 0..scheme.labels.len() {
        let of_label = || judged(ratings, clusters, |rated| yes_or_no(rated, label));
        let slice = whole
            .as_ref()
            .map_or_else(|| Cow::Owned(of_label()), Cow::Borrowed);
        let (n, result) = quality::label_estimate(Measure::Skill, label, &slice, rules.level);
        add(Some(label), n, result);
    }
    measured
}

/// Most people who are measured one by one.
const MOST: usize = 25;

/// What was measured of one person.
pub struct OfOne {
    /// A number that tells nothing but who rated more cases, from 1 on.
    pub number: usize,
    /// How many independent clusters the person's ratings form.
    pub clusters: u64,
    /// Skill against the majority of the others.
    pub measured: Measured,
}

/// Skill of each person against the majority of the others who rated the same cases, the 25 busiest alone. Ratings whose
/// others have no single majority are left out. Where raters choose several labels, a rating is judged by the labels
/// that more than half of the others chose. Nothing is told of a person with few such ratings.
pub fn skill_of_each(ratings: &Ratings, clusters: &[Option<u32>], rules: &Rules) -> Vec<OfOne> {
    let Some(evaluation) = as_evaluation(ratings) else {
        return Vec::new();
    };
    let of_one = |(place, rater): (usize, &Rater)| {
        let outcomes = rater.given.iter().filter_map(|(case, given)| {
            let gold = others(&ratings.rated[*case], *given, evaluation.multi_label)?;
            let answer = Some(*given);
            Some((clusters[*case], Outcome { gold, answer }))
        });
        let slice = Slice::new(outcomes);
        let result = if slice.total() < rules.suppress_below {
            Err(Undefined::suppressed(rules.suppress_below))
        } else {
            quality::skill(&slice, &evaluation)
                .and_then(|skill| skill.estimate(&slice, rules.level))
        };
        OfOne {
            number: place + 1,
            clusters: slice.clusters,
            measured: Measured {
                measure: Measure::RaterSkill,
                label: None,
                n: slice.total(),
                result,
            },
        }
    };
    let raters = ratings.raters.iter().enumerate().take(MOST);
    raters.map(of_one).collect()
}

/// What the others say of a case, where one person gave it these labels.
fn others(rated: &Rated, given: LabelSet, several: bool) -> Option<LabelSet> {
    let people = rated.raters.checked_sub(1).filter(|people| *people > 0)?;
    let chosen = |label: usize| rated.chosen[label] - u64::from(given.contains(label));
    let labels = 0..rated.chosen.len();
    if several {
        let most = labels.filter(|label| 2 * chosen(*label) > people);
        let mut set = LabelSet::EMPTY;
        most.for_each(|label| set.insert(label));
        return Some(set);
    }
    let most = labels.clone().map(chosen).max().filter(|most| *most > 0)?;
    let mut leading = labels.filter(|label| chosen(*label) == most);
    let majority = leading.next()?;
    leading.next().is_none().then(|| LabelSet::one(majority))
}

/// People's labels in the form in which answers are judged.
fn as_evaluation(ratings: &Ratings) -> Option<Evaluation> {
    let scheme = &ratings.scheme;
    Some(Evaluation {
        scheme: scheme.clone(),
        gold_scheme: scheme.clone(),
        source: LabelSource::Perceived,
        bridge: bridge(scheme, scheme)?,
        multi_label: scheme.is_multi_label(),
        outcomes: Vec::new(),
        gaps: Gaps::default(),
    })
}

/// The ratings of all cases as answers, each with what the others say.
fn judged(
    ratings: &Ratings,
    clusters: &[Option<u32>],
    of_case: impl Fn(&Rated) -> Vec<(Outcome, u64)>,
) -> Slice<Outcome> {
    let mut tally: Tally<(Option<u32>, Outcome)> = Tally::default();
    for (case, rated) in ratings.rated.iter().enumerate() {
        // Cases without a cluster are one each: numbers from the top, apart from those of clusters.
        let cluster = clusters[case].unwrap_or(u32::MAX - case as u32);
        for (outcome, times) in of_case(rated) {
            tally.add((Some(cluster), outcome), times);
        }
    }
    Slice::from_tally(&tally)
}

fn of_one_label(rated: &Rated) -> Vec<(Outcome, u64)> {
    let given = rated.chosen.iter().enumerate();
    let outcome = |(label, times): (usize, &u64)| {
        let answer = LabelSet::one(label);
        let gold = others(rated, answer, false)?;
        let answer = Some(answer);
        Some((Outcome { gold, answer }, *times))
    };
    given
        .filter(|(_, times)| **times > 0)
        .filter_map(outcome)
        .collect()
}

fn yes_or_no(rated: &Rated, label: usize) -> Vec<(Outcome, u64)> {
    let set = |holds: bool| {
        if holds {
            LabelSet::one(label)
        } else {
            LabelSet::EMPTY
        }
    };
    let yes = rated.chosen[label];
    let outcome = |(said, times): (bool, u64)| {
        let (for_it, against) = if said {
            (yes.checked_sub(1)?, rated.raters - yes)
        } else {
            (yes, (rated.raters - yes).checked_sub(1)?)
        };
        (for_it != against).then_some((
            Outcome {
                gold: set(for_it > against),
                answer: Some(set(said)),
            },
            times,
        ))
    };
    [(true, yes), (false, rated.raters - yes)]
        .into_iter()
        .filter_map(outcome)
        .collect()
}

/// How far a model's probabilities lie from how people divide over the cases that several of them rated.
pub fn soft(
    evaluation: &Evaluation,
    probabilities: &Result<Rows, Undefined>,
    ratings: &Ratings,
    units: &[Unit],
    rules: &Rules,
) -> Vec<Measured> {
    let (mut entropy, mut distance) = (Values::default(), Values::default());
    // Distances without those that were not seen.
    let mut seen = Values::default();
    for (case, row) in probabilities.iter().flatten().enumerate() {
        let shares = shares(evaluation, &ratings.rated[case]);
        let (Some(row), Some(shares), Some(outcome)) = (row, shares, evaluation.outcomes[case])
        else {
            continue;
        };
        let (cluster, weight) = (unit(units, case), units[case].weight);
        let apart = moved(evaluation, &shares, row);
        seen.weigh(cluster, weight, apart);
        for (values, measure, value) in [
            (
                &mut entropy,
                Measure::RaterCrossEntropy,
                cross_entropy(evaluation, &shares, row),
            ),
            (&mut distance, Measure::RaterDistance, apart),
        ] {
            values.weigh(cluster, weight, value);
            if let Some(costs) = Costs::new(measure, evaluation, row, case) {
                costs.suppose(evaluation, row, &outcome, weight, values);
            }
            for (label, share) in shares.iter().enumerate() {
                let (said, several) = (outcome.holds(label), evaluation.multi_label);
                if *share > 0.0 {
                    values.saw(said);
                }
                if several && *share < 1.0 {
                    values.saw(!said);
                }
            }
        }
    }
    let worst = -LEAST.ln();
    let estimate = |values: &Values, highest: f64| -> Result<Estimate, Undefined> {
        if let Err(undefined) = probabilities {
            return Err(undefined.clone());
        }
        if values.count() == 0 {
            return Err(Undefined::new(
                Reason::NoPairs,
                "no case with two ratings has probabilities",
            ));
        }
        sum_of_long_tailed(&[(1.0, values)], (0.0, highest), rules.level)
    };
    // Values that were not seen tell of rare ones, and draw the mean of few cases to the middle; so neither limit lies
    // further in than that of the distances that were seen.
    let of_distance = match (estimate(&distance, 1.0), estimate(&seen, 1.0)) {
        (Ok(found), Ok(seen)) => Ok(Estimate {
            interval: Interval {
                low: found.interval.low.min(seen.interval.low),
                high: found.interval.high.max(seen.interval.high),
                ..found.interval
            },
            ..found
        }),
        (found, _) => found,
    };
    [
        (
            Measure::RaterCrossEntropy,
            &entropy,
            estimate(&entropy, worst),
        ),
        (Measure::RaterDistance, &distance, of_distance),
    ]
    .into_iter()
    .map(|(measure, values, result)| Measured {
        measure,
        label: None,
        n: values.count(),
        result,
    })
    .collect()
}

/// The share of raters that chose each label of the evaluation; `None` where fewer than two rated, or one chose a label
/// that the model does not have.
fn shares(evaluation: &Evaluation, rated: &Rated) -> Option<Vec<f64>> {
    if rated.raters < 2 {
        return None;
    }
    let mut shares = vec![0.0; evaluation.scheme.labels.len()];
    for (label, times) in rated
        .chosen
        .iter()
        .enumerate()
        .filter(|(_, times)| **times > 0)
    {
        let place = evaluation.bridge.from_gold.get(label).copied().flatten()?;
        shares[place] += *times as f64 / rated.raters as f64;
    }
    Some(
        shares
            .into_iter()
            .map(|share: f64| share.min(1.0))
            .collect(),
    )
}

fn cross_entropy(evaluation: &Evaluation, shares: &[f64], row: &[f64]) -> f64 {
    let surprise = |p: f64| -p.clamp(LEAST, 1.0).ln();
    let pairs = shares.iter().zip(row);
    if evaluation.multi_label {
        let sum: f64 = pairs
            .map(|(share, p)| share * surprise(*p) + (1.0 - share) * surprise(1.0 - p))
            .sum();
        sum / row.len() as f64
    } else {
        pairs.map(|(share, p)| share * surprise(*p)).sum()
    }
}

fn moved(evaluation: &Evaluation, shares: &[f64], row: &[f64]) -> f64 {
    let sum: f64 = shares
        .iter()
        .zip(row)
        .map(|(share, p)| (share - p).abs())
        .sum();
    if evaluation.multi_label {
        sum / row.len() as f64
    } else {
        // What is missing from 1 is the probability of labels that nobody could choose.
        let left_over = (1.0 - row.iter().sum::<f64>()).max(0.0);
        ((sum + left_over) / 2.0).min(1.0)
    }
}
