//! Every two models that answer the same task on the same dataset, on the cases that both answered.

use super::{Answers, Meeting};
use crate::case::{Cases, Unit};
use crate::measure::disparity::overlap::Overlap;
use crate::measure::disparity::suppression::Suppressed;
use crate::measure::paired::{Joint, differences, measures, pair};
use crate::measure::slice::Slice;
use crate::measure::{Comparison, Measurement, Rules};
use crate::stats::multiplicity::holm;
use crate::stats::{Estimate, TestResult, Undefined};
use crate::tally::Evaluation;

/// Every model minus every later one, overall and by group, with p-values corrected for their number.
pub(super) fn pairs(
    answers: &[Answers<'_>],
    meetings: &[Meeting],
    rules: &Rules,
) -> Vec<Measurement> {
    let mut measured = Vec::new();
    let judged = |place: usize| {
        let meeting: &Meeting = &meetings[place];
        let evaluation = meeting.evaluation.as_ref()?;
        Some((&answers[place], evaluation, meeting.suppressed.as_slice()))
    };
    for (first, second) in (0..answers.len())
        .flat_map(|first| (first + 1..answers.len()).map(move |second| (first, second)))
    {
        let (Some(first), Some(second)) = (judged(first), judged(second)) else {
            continue;
        };
        let same = first.0.dataset.card.name == second.0.dataset.card.name
            && first.0.predictions.scheme.task == second.0.predictions.scheme.task
            && first.0.model.name != second.0.model.name;
        if same {
            let pair = Pair { first, second };
            measured.extend(pair.measure(rules));
        }
    }
    correct(&mut measured);
    measured
}

/// Two models with what was judged of them.
struct Pair<'a> {
    first: (&'a Answers<'a>, &'a Evaluation, &'a [Suppressed]),
    second: (&'a Answers<'a>, &'a Evaluation, &'a [Suppressed]),
}

impl Pair<'_> {
    fn measure(&self, rules: &Rules) -> Vec<Measurement> {
        let (answers, evaluation, suppressed_of_first) = self.first;
        let joints = match pair(evaluation, self.second.1) {
            Ok(joints) => joints,
            Err(apart) => {
                let blank = measures(evaluation).into_iter();
                return blank
                    .map(|measure| self.blank(measure, Err(apart.clone())))
                    .collect();
            }
        };
        let units = answers.dataset.cases.units();
        let mut measured = self.slice(&joints, &units, &[], |_| true, rules);
        let cases = &answers.dataset.cases;
        let both = [suppressed_of_first, self.second.2];
        let hidden = suppressed(both, evaluation, &joints, cases, rules.suppress_below);
        for ((attribute, names), hidden) in cases.attributes.iter().zip(hidden) {
            for (code, name) in names.names().iter().enumerate() {
                let slice = [(attribute.name.clone(), name.clone())];
                let within = |case: usize| names.codes()[case] == Some(code as u32);
                let mut of_group = self.slice(&joints, &units, &slice, within, rules);
                for measurement in &mut of_group {
                    let mut of = hidden.iter();
                    if of.any(|of| of.hides(measurement.measure, None, code)) {
                        measurement.result = Err(Undefined::suppressed(rules.suppress_below));
                    }
                }
                measured.extend(of_group.into_iter().map(Measurement::uncounted));
            }
        }
        measured
    }

    fn slice(
        &self,
        joints: &[Option<Joint>],
        units: &[Unit],
        slice: &[(String, String)],
        keep: impl Fn(usize) -> bool,
        rules: &Rules,
    ) -> Vec<Measurement> {
        let evaluation = self.first.1;
        let joints = joints.iter().enumerate().filter(|(case, _)| keep(*case));
        let outcomes =
            Slice::new(joints.filter_map(|(case, joint)| Some((units[case], (*joint)?))));
        differences(evaluation, &outcomes, rules)
            .into_iter()
            .map(|measured| Measurement {
                slice: slice.to_vec(),
                n: measured.n,
                clusters: outcomes.clusters,
                ..self.blank(measured.measure, measured.result.map(Estimate::rounded))
            })
            .collect()
    }

    fn blank(
        &self,
        measure: crate::measure::Measure,
        result: Result<Estimate, Undefined>,
    ) -> Measurement {
        let (answers, ..) = self.first;
        Measurement {
            model: answers.model.name.clone(),
            dataset: answers.dataset.card.name.clone(),
            task: answers.predictions.scheme.task,
            measure,
            label: None,
            slice: Vec::new(),
            comparison: Some(Comparison::DifferenceToModel(
                self.second.0.model.name.clone(),
            )),
            n: 0,
            clusters: 0,
            result,
        }
    }
}

/// What is suppressed of the groups of each attribute: of either model, and by the cases that both answered.
pub(super) fn suppressed(
    both: [&[Suppressed]; 2],
    evaluation: &Evaluation,
    joints: &[Option<Joint>],
    cases: &Cases,
    below: u64,
) -> Vec<Vec<Suppressed>> {
    let outcomes = evaluation.outcomes.iter().zip(joints);
    let answered_by_both = Evaluation {
        outcomes: outcomes
            .map(|(outcome, joint)| outcome.filter(|_| joint.is_some()))
            .collect(),
        ..evaluation.clone()
    };
    let overlap = Overlap::new(&cases.attributes);
    let by_both = overlap.of_attributes(&answered_by_both, cases, below, &[]);
    let either = both[0].iter().zip(both[1]).zip(by_both);
    let all = either.map(|((one, other), both)| vec![one.clone(), other.clone(), both]);
    all.collect()
}

/// Puts beside each p-value what is left of it among all pairs of models on the same dataset: overall, or over all
/// groups of an attribute.
fn correct(measured: &mut [Measurement]) {
    let family = |measurement: &Measurement| {
        let attributes = measurement.slice.iter().map(|(name, _)| name.clone());
        (
            measurement.dataset.clone(),
            measurement.task,
            measurement.measure,
            attributes.collect::<Vec<String>>(),
        )
    };
    let mut families: Vec<_> = measured.iter().map(family).collect();
    families.sort_unstable();
    families.dedup();
    for of in families {
        let mut tests: Vec<&mut TestResult> = measured
            .iter_mut()
            .filter(|measurement| family(measurement) == of)
            .filter_map(|measurement| measurement.result.as_mut().ok()?.test.as_mut())
            .collect();
        let adjusted = holm(&tests.iter().map(|test| test.p).collect::<Vec<f64>>());
        let looks = tests.len() as f64;
        for (test, p) in tests.iter_mut().zip(adjusted) {
            test.others.push(TestResult {
                name: "holm",
                statistic: looks,
                degrees_of_freedom: None,
                p,
                effect: None,
                others: Vec::new(),
            });
        }
    }
}
