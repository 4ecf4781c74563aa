//! How near a model's numbers come to gold ones, dimension by dimension: errors in units of the scale and correlations.
//!
//! What sums over cases has t intervals over clusters, correlations have Fisher's; there is no overall value, since
//! dimensions have scales of their own.

use std::sync::Arc;

use super::calibration::GroupValues;
use super::disparity::coverage::{self as disparity, split};
use super::proportion::proportion;
use super::quality::Measured;
use super::slice::Slice;
use super::{Measure, Rules, unit};
use crate::case::intensity::Intensity;
use crate::case::{Cases, LabelSource, Unit};
use crate::prediction::{Answer, Predictions};
use crate::stats::correlation::{Kind, Pairs, Resampling};
use crate::stats::mean::{Values, correlation, sum_of_long_tailed};
use crate::stats::{self, Estimate, Interval, Method, Reason, Undefined};
use crate::tally::Gaps;
use crate::task::Scheme;

/// What is measured of each dimension, in the order of reports.
pub const MEASURES: [Measure; 6] = [
    Measure::Mae,
    Measure::Rmse,
    Measure::Bias,
    Measure::Pearson,
    Measure::Spearman,
    Measure::Concordance,
];

/// A model's numbers beside the gold ones of a dataset.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The dimensions of the dataset.
    pub scheme: Arc<Scheme>,
    /// Where the gold numbers come from.
    pub source: LabelSource,
    /// Cases with a gold number on any dimension.
    pub cases: u64,
    /// For each case with one, whether it was answered.
    answered: Vec<Option<bool>>,
    /// Cases without one, and those of the others that were not answered.
    pub gaps: Gaps,
    /// Dimensions that the model gives no numbers for, by place.
    pub not_answered: Vec<usize>,
    dimensions: Vec<Numbers>,
}

/// One dimension.
#[derive(Clone, Debug)]
struct Numbers {
    /// For each case gold and answer, where there are both.
    pairs: Vec<Option<(f64, f64)>>,
    /// How far gold and answers can lie apart: the width of the scale, or more where answers leave it.
    reach: f64,
}

/// Sets a model's numbers beside the gold ones.
pub fn judge(cases: &Cases, gold: &Intensity, predictions: &Predictions) -> Judged {
    let mut gaps = Gaps::default();
    let known: Vec<usize> = (0..cases.len())
        .filter(|case| gold.is_known(*case))
        .collect();
    gaps.no_gold = (cases.len() - known.len()) as u64;
    for case in &known {
        match predictions.answers[*case] {
            Answer::Labels(_) => {}
            Answer::Abstained => gaps.abstained += 1,
            Answer::Failed => gaps.failed += 1,
            Answer::Missing => gaps.missing += 1,
        }
    }
    let answered = |case: usize| {
        let answered = matches!(predictions.answers[case], Answer::Labels(_));
        gold.is_known(case).then_some(answered)
    };
    let names = gold.scheme.labels.iter().zip(&gold.dimensions);
    let mut not_answered = Vec::new();
    let mut dimensions = Vec::new();
    for (place, (label, dimension)) in names.enumerate() {
        let scores = predictions.scores.as_ref();
        let own = predictions.scheme.index(&label.name);
        let own = own.filter(|own| scores.is_some_and(|scores| scores.labels.contains(own)));
        if own.is_none() {
            not_answered.push(place);
        }
        let answer = |case: usize| {
            // A score beside "abstained" or "error" is no answer.
            predictions.answers[case].labels()?;
            scores?.get(case, own?)
        };
        let mut numbers = Numbers {
            pairs: Vec::with_capacity(cases.len()),
            reach: dimension.scale.width(),
        };
        for (case, gold) in dimension.values.iter().enumerate() {
            let pair = gold.and_then(|gold| Some((gold, answer(case)?)));
            if let Some((_, answer)) = pair {
                let scale = dimension.scale;
                let reach = (answer - scale.low).max(scale.high - answer);
                numbers.reach = numbers.reach.max(reach);
            }
            numbers.pairs.push(pair);
        }
        dimensions.push(numbers);
    }
    Judged {
        scheme: gold.scheme.clone(),
        source: gold.source,
        cases: known.len() as u64,
        answered: (0..cases.len()).map(answered).collect(),
        gaps,
        not_answered,
        dimensions,
    }
}

impl Judged {
    /// The pairs of some cases on one dimension.
    fn pairs(&self, dimension: usize, units: &[Unit], counts: impl Fn(usize) -> bool) -> Pairs {
        let mut pairs = Pairs::default();
        let numbers = self.dimensions[dimension].pairs.iter().enumerate();
        for (case, pair) in numbers.filter(|(case, _)| counts(*case)) {
            if let Some((gold, answer)) = pair {
                pairs.weigh(unit(units, case), units[case].weight, *gold, *answer);
            }
        }
        pairs
    }

    /// The model's number for a case that has a gold number on a dimension.
    pub fn answer(&self, dimension: usize, case: usize) -> Option<f64> {
        self.dimensions[dimension].pairs[case].map(|(_, answer)| answer)
    }

    /// Whether a case was answered; `None` where it has no gold number on any dimension.
    pub fn is_answered(&self, case: usize) -> Option<bool> {
        self.answered[case]
    }

    /// The dimensions that the model gives numbers for, by place.
    pub fn answered(&self) -> impl Iterator<Item = usize> {
        let all = 0..self.dimensions.len();
        all.filter(|place| !self.not_answered.contains(place))
    }
}

/// Why nothing is known of a dimension that the model gives no numbers for.
pub fn not_answered() -> Undefined {
    let detail = "the model gives no numbers for this dimension";
    Undefined::new(Reason::NoScores, detail)
}

/// Coverage over all dimensions together, and every measure of each, with the clusters that they rest on.
pub fn measure(judged: &Judged, units: &[Unit], rules: &Rules) -> Vec<(Measured, u64)> {
    let calls = judged.answered.iter().enumerate();
    let calls = Slice::new(calls.filter_map(|(case, call)| Some((units[case], (*call)?))));
    let some_failed = judged.answered.contains(&Some(false));
    let calls = calls.of_calls(some_failed);
    let coverage = Measured {
        measure: Measure::Coverage,
        label: None,
        n: judged.cases,
        result: proportion(&calls, |answered| Some(*answered), rules.level),
    };
    let mut measured = vec![(coverage, calls.clusters)];
    for dimension in 0..judged.dimensions.len() {
        let pairs = judged.pairs(dimension, units, |_| true);
        let reach = judged.dimensions[dimension].reach;
        for measure in MEASURES {
            let of_dimension = Measured {
                measure,
                label: Some(dimension),
                n: pairs.count(),
                result: if judged.not_answered.contains(&dimension) {
                    Err(not_answered())
                } else {
                    value(measure, &pairs, reach, rules)
                },
            };
            measured.push((of_dimension, pairs.clusters()));
        }
    }
    measured
}

/// Coverage of each group over all dimensions together, by the code of a case's group.
pub fn coverage(
    judged: &Judged,
    units: &[Unit],
    codes: &[Option<u32>],
    groups: usize,
    rules: &Rules,
) -> Vec<GroupValues> {
    let calls = judged.answered.iter().enumerate();
    let calls = calls.filter_map(|(case, call)| Some((case, (*call)?)));
    let groups = split(calls, units, codes, groups).into_iter();
    groups
        .map(|(own, others)| disparity::coverage(&own, &others, |answered| *answered, rules.level))
        .collect()
}

/// A measure of one dimension over the cases of a group, and its difference to that of the others. `member` says of a
/// case whether it is in the group; `None` where its group is not known.
pub fn of_group(
    (measure, dimension): (Measure, usize),
    judged: &Judged,
    units: &[Unit],
    member: impl Fn(usize) -> Option<bool>,
    rules: &Rules,
) -> GroupValues {
    let side = |inside| judged.pairs(dimension, units, |case| member(case) == Some(inside));
    let (own, others) = (side(true), side(false));
    let reach = judged.dimensions[dimension].reach;
    GroupValues {
        n: own.count(),
        clusters: own.clusters(),
        others: others.count(),
        value: value(measure, &own, reach, rules),
        difference: difference(measure, &own, &others, reach, rules),
    }
}

fn kind(measure: Measure) -> Option<Kind> {
    match measure {
        Measure::Pearson => Some(Kind::Product),
        Measure::Spearman => Some(Kind::Rank),
        Measure::Concordance => Some(Kind::Concordance),
        _ => None,
    }
}

fn how(rules: &Rules) -> Resampling {
    Resampling {
        level: rules.level,
        seed: rules.seed,
        replicates: rules.replicates,
    }
}

/// What a measure gives one case whose answer is off by `error`: the mean over cases is its value, for squares the
/// square of it.
fn of_case(measure: Measure, error: f64) -> f64 {
    match measure {
        Measure::Mae => error.abs(),
        Measure::Rmse => error * error,
        _ => error,
    }
}

fn errors(measure: Measure, pairs: &Pairs) -> Values {
    let mut values = Values::default();
    for (cluster, weight, gold, answer) in pairs.iter() {
        values.weigh(cluster, weight, of_case(measure, answer - gold));
    }
    values
}

/// Of numbers that mostly lie close to the middle, as annotations do, fewer cases often show none of the far ones that
/// decide these measures: intervals of 20 held 81 to 89 %, as docs/coverage.md tells.
const FEWEST: f64 = 50.0;

fn enough(measure: Measure, pairs: &Pairs) -> Result<(), Undefined> {
    let worth = pairs.worth();
    let decided_by_far_ones =
        [Measure::Mae, Measure::Rmse, Measure::Concordance].contains(&measure);
    if worth < FEWEST && decided_by_far_ones && pairs.count() > 0 {
        let detail = format!(
            "n = {worth:.0}: {} takes {FEWEST} cases, since fewer often show none of the large errors that decide it",
            measure.id()
        );
        return Err(Undefined::new(Reason::TooFewCases, detail));
    }
    Ok(())
}

fn value(
    measure: Measure,
    pairs: &Pairs,
    reach: f64,
    rules: &Rules,
) -> Result<Estimate, Undefined> {
    let found = match kind(measure) {
        Some(kind) => pairs.estimate(kind, how(rules))?,
        None => of_errors(measure, pairs, reach, rules)?,
    };
    enough(measure, pairs)?;
    Ok(found)
}

fn of_errors(
    measure: Measure,
    pairs: &Pairs,
    reach: f64,
    rules: &Rules,
) -> Result<Estimate, Undefined> {
    let least = if measure == Measure::Bias {
        -reach
    } else {
        0.0
    };
    let range = (least, of_case(measure, reach));
    let mean = sum_of_long_tailed(&[(1.0, &errors(measure, pairs))], range, rules.level)?;
    if measure != Measure::Rmse {
        return Ok(mean);
    }
    Ok(Estimate {
        value: mean.value.sqrt(),
        interval: Interval {
            low: mean.interval.low.max(0.0).sqrt(),
            high: mean.interval.high.sqrt(),
            method: match mean.interval.method {
                Method::SkewedT => Method::SkewedTOfRoot,
                method => method,
            },
            ..mean.interval
        },
        test: None,
    })
}

fn difference(
    measure: Measure,
    own: &Pairs,
    others: &Pairs,
    reach: f64,
    rules: &Rules,
) -> Result<Estimate, Undefined> {
    if let Some(kind) = kind(measure) {
        let found = own.difference(others, kind, how(rules))?;
        enough(measure, own)?;
        enough(measure, others)?;
        return Ok(found);
    }
    let (one, two) = (
        value(measure, own, reach, rules)?,
        value(measure, others, reach, rules)?,
    );
    if own.and(others).are_independent() {
        return Ok(stats::difference::difference(&one, &two));
    }
    let (own, others) = (errors(measure, own), errors(measure, others));
    if measure == Measure::Rmse {
        // Roots vary as their squares do, to first order.
        let correlation = correlation(&own, &others)?;
        return Ok(stats::difference::paired_difference(
            &one,
            &two,
            correlation,
        ));
    }
    let widest = if measure == Measure::Bias {
        2.0 * reach
    } else {
        reach
    };
    sum_of_long_tailed(
        &[(1.0, &own), (-1.0, &others)],
        (-widest, widest),
        rules.level,
    )
}
