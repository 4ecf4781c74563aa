//! Answers of an earlier release to the cases of now: what each came to, to be set against the answers of now.

use super::pairs::suppressed;
use super::{Answers, Meeting};
use crate::measure::change::Releases;
use crate::measure::disparity::overlap::Overlap;
use crate::measure::paired::{measures, pair};
use crate::measure::quality::overall;
use crate::measure::slice::Slice;
use crate::measure::{Measurement, Rules};
use crate::stats::Estimate;
use crate::tally::{Evaluation, evaluate};

/// What an earlier audit of the same measured, with the answers of then where they are at hand.
pub struct Before<'a> {
    /// What it measured.
    pub measurements: &'a [Measurement],
    /// Answers of the models of then, under their names of now.
    pub answers: &'a [Answers<'a>],
}

/// The models whose answers of then are at hand, judged in the same labels.
pub(super) fn releases<'a>(
    answers: &'a [Answers<'a>],
    meetings: &'a [Meeting],
    before: &[Answers<'_>],
    rules: &Rules,
) -> Vec<Releases<'a>> {
    let release = |(answer, meeting): (&'a Answers<'a>, &'a Meeting)| {
        let now = meeting.evaluation.as_ref()?;
        let then = before.iter().find(|then| {
            then.model.name == answer.model.name
                && then.dataset.card.name == answer.dataset.card.name
        })?;
        release(answer, now, then, rules)
    };
    answers.iter().zip(meetings).filter_map(release).collect()
}

/// What answers came to, for [`release`]; nothing where there is no gold for them.
pub fn judged(answers: &Answers<'_>) -> Option<Evaluation> {
    let cases = &answers.dataset.cases;
    let gold = cases.gold(answers.predictions.scheme.task)?;
    evaluate(cases, gold, &answers.predictions)
}

/// Answers of now, with what they came to, set against those of another model or release to the same cases; nothing
/// where the two were not judged in the same labels.
pub fn release<'a>(
    answers: &Answers<'a>,
    now: &'a Evaluation,
    then: &Answers<'_>,
    rules: &Rules,
) -> Option<Releases<'a>> {
    let cases = &answers.dataset.cases;
    let then = judged(then)?;
    let joints = pair(now, &then).ok()?;
    let (overlap, below) = (Overlap::new(&cases.attributes), rules.suppress_below);
    let both = [now, &then].map(|one| overlap.of_attributes(one, cases, below, &[]));
    let suppressed = suppressed([&both[0], &both[1]], now, &joints, cases, below);
    let groups = cases.attributes.iter().zip(suppressed);
    let groups = groups.map(|((attribute, names), of)| (attribute.name.as_str(), names, of));
    Some(Releases {
        model: &answers.model.name,
        dataset: &answers.dataset.card.name,
        now,
        groups: groups.collect(),
        units: cases.units(),
        level: rules.level,
        joints,
    })
}

/// How often answers are right, and skill, over all cases, as an audit of these answers records them; nothing where
/// they cannot be judged. By these the answers of then are known for what they are.
pub fn values(answers: &Answers<'_>, rules: &Rules) -> Vec<Measurement> {
    let cases = &answers.dataset.cases;
    let task = answers.predictions.scheme.task;
    let Some(evaluation) = judged(answers) else {
        return Vec::new();
    };
    let outcomes = cases.units().into_iter().zip(&evaluation.outcomes);
    let whole = Slice::new(outcomes.filter_map(|(unit, outcome)| Some((unit, (*outcome)?))));
    // The others are resampled, and these tell.
    let few = Rules {
        replicates: 0,
        ..*rules
    };
    let of = measures(&evaluation);
    let measured = overall(&evaluation, &whole, &few).into_iter();
    let measured = measured.filter(|measured| of.contains(&measured.measure));
    measured
        .map(|measured| Measurement {
            model: answers.model.name.clone(),
            dataset: answers.dataset.card.name.clone(),
            task,
            measure: measured.measure,
            label: None,
            slice: Vec::new(),
            comparison: None,
            n: measured.n,
            clusters: whole.clusters,
            result: measured.result.map(Estimate::rounded),
        })
        .collect()
}
