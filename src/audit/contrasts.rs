//! Every emotion model against every sentiment model on the same dataset, overall and by group.

use std::collections::BTreeMap;

use super::{Answers, Contrasted, Meeting};
use crate::dataset::Dataset;
use crate::measure::contrast::{self, Contrast, Paired};
use crate::measure::disparity::overlap::Overlap;
use crate::measure::disparity::suppression::Suppressed;
use crate::measure::{Measure, Rules};
use crate::policy::Policy;
use crate::stats::{Estimate, Undefined};
use crate::tally::Evaluation;
use crate::task::crosswalk::polarity_map;
use crate::task::{Task, built_in};
use crate::verdict::{Said, Standing, Verdict, recommend};

/// Every emotion model against every sentiment model on the same dataset.
pub(super) fn contrasts(
    answers: &[Answers<'_>],
    meetings: &[Meeting],
    policy: &Policy,
    rules: &Rules,
    verdicts: &[Verdict],
) -> Vec<Contrasted> {
    let mut contrasts = Vec::new();
    let standing = Standing::new(verdicts.iter().map(|verdict| Said {
        of: (&verdict.model, &verdict.dataset),
        task: verdict.task,
        label: verdict.label.as_deref(),
        slice: named(&verdict.slice),
        verdict: verdict.verdict,
    }));
    for (emotion, meeting) in answers.iter().zip(meetings) {
        let Some(evaluation) = &meeting.evaluation else {
            continue;
        };
        // What a template was built to express, or a model said, is no measure of reading people.
        let of_people = evaluation.source.is_of_people();
        if emotion.predictions.scheme.task != Task::Emotion || !of_people {
            continue;
        }
        let partners = answers.iter().zip(meetings).filter(|(other, _)| {
            other.predictions.scheme.task == Task::Sentiment
                && other.dataset.card.name == emotion.dataset.card.name
        });
        for (sentiment, judged) in partners {
            let paired = contrast::pair(
                &emotion.dataset.cases,
                evaluation,
                &emotion.predictions,
                &sentiment.predictions,
            );
            let suppressed = [meeting, judged].map(|of| of.suppressed.as_slice());
            let dataset = emotion.dataset;
            for contrast in by_slices(&paired, dataset, evaluation, suppressed, rules) {
                let at_best = standing.at_best(
                    [&emotion.model.name, &sentiment.model.name],
                    &emotion.dataset.card.name,
                    (contrast.label.as_deref(), &named(&contrast.slice)),
                    paired.polarity_is_labelled,
                );
                contrasts.push(Contrasted {
                    emotion_model: emotion.model.name.clone(),
                    sentiment_model: sentiment.model.name.clone(),
                    dataset: emotion.dataset.card.name.clone(),
                    polarity_is_labelled: paired.polarity_is_labelled,
                    recommendation: recommend(&contrast, at_best, &policy.reliability),
                    contrast,
                });
            }
        }
    }
    contrasts
}

fn named(slice: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = slice.iter();
    pairs
        .map(|(attribute, group)| (attribute.as_str(), group.as_str()))
        .collect()
}

/// What is suppressed of the groups of an attribute.
struct Hidden {
    /// By the emotion model's answers: to all cases, and to those of the contrast.
    emotion: [Suppressed; 2],
    /// By polarity: the sentiment model's answers to all cases where they were judged, and to those of the contrast.
    polarity: Vec<Suppressed>,
    /// By emotion, where the emotions of a polarity add up to what is shown of it.
    rows: Suppressed,
}

impl Hidden {
    /// By attribute.
    fn new(
        paired: &Paired,
        dataset: &Dataset,
        emotion: &Evaluation,
        [of_emotion, of_sentiment]: [&[Suppressed]; 2],
        below: u64,
    ) -> Option<Vec<Self>> {
        let cases = &dataset.cases;
        let overlap = Overlap::new(&cases.attributes);
        let of = |evaluation: &Evaluation, sums: &[Vec<usize>]| {
            let of = overlap.of_attributes(evaluation, cases, below, sums);
            of.into_iter()
        };
        let outcomes = paired.outcomes();
        let common = Evaluation {
            outcomes: outcomes.iter().map(|pair| Some(pair.as_ref()?.0)).collect(),
            ..emotion.clone()
        };
        let polarity = Evaluation {
            scheme: built_in("three-way")?,
            multi_label: false,
            outcomes: outcomes.iter().map(|pair| Some(pair.as_ref()?.1)).collect(),
            ..emotion.clone()
        };
        let mut of_polarity: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for (label, polarity) in polarity_map(&emotion.scheme).into_iter().enumerate() {
            of_polarity.entry(polarity).or_default().push(label);
        }
        let sums: Vec<Vec<usize>> = of_polarity.into_values().collect();
        let rows = of(&common, &sums).zip(of(&polarity, &[]));
        let hidden = of(&common, &[]).zip(rows).enumerate();
        let hidden = hidden.map(|(attribute, (common, (rows, polarity)))| Hidden {
            emotion: [of_emotion[attribute].clone(), common],
            polarity: of_sentiment
                .get(attribute)
                .cloned()
                .into_iter()
                .chain([polarity])
                .collect(),
            rows,
        });
        Some(hidden.collect())
    }

    fn everything(&self, group: usize) -> bool {
        let all = self.emotion.iter().chain(&self.polarity);
        let mut all = all.chain([&self.rows]);
        all.any(|suppressed| suppressed.everything[group])
    }

    fn label(&self, label: usize, group: usize) -> bool {
        let mut all = self.emotion.iter().chain([&self.rows]);
        all.any(|suppressed| suppressed.labels[label][group])
    }

    /// Takes out the arms of a group that are suppressed, and the differences that rest on them.
    fn apply(&self, group: usize, below: u64, mut contrast: Contrast) -> Contrast {
        let hides = |all: &[Suppressed]| {
            let mut all = all.iter();
            all.any(|suppressed| suppressed.hides(Measure::Skill, None, group))
        };
        // One emotion suffices for its own arm, whatever other emotions are suppressed.
        let emotion = contrast.label.is_none() && hides(&self.emotion);
        let polarity = hides(&self.polarity);
        let hide = |hidden: bool, result: &mut Result<Estimate, Undefined>| {
            if hidden {
                *result = Err(Undefined::suppressed(below));
            }
        };
        hide(emotion, &mut contrast.emotion);
        hide(polarity, &mut contrast.sentiment);
        // The polarity that an answer implies tells of the emotion where no other emotion has it.
        hide(emotion || polarity, &mut contrast.collapsed);
        hide(emotion || polarity, &mut contrast.sentiment_minus_emotion);
        hide(emotion || polarity, &mut contrast.sentiment_minus_collapsed);
        hide(emotion || polarity, &mut contrast.collapsed_minus_emotion);
        contrast
    }
}

fn by_slices(
    paired: &Paired,
    dataset: &Dataset,
    emotion: &Evaluation,
    suppressed: [&[Suppressed]; 2],
    rules: &Rules,
) -> Vec<Contrast> {
    let cases = &dataset.cases;
    let below = rules.suppress_below;
    let mut contrasts = contrast::measure(paired, cases, &[], |_| true, rules);
    let Some(hidden) = Hidden::new(paired, dataset, emotion, suppressed, below) else {
        return contrasts;
    };
    for ((attribute, names), hidden) in cases.attributes.iter().zip(hidden) {
        let labels = emotion.scheme.names();
        for (code, name) in names.names().iter().enumerate() {
            if hidden.everything(code) {
                continue;
            }
            let slice = [(attribute.name.clone(), name.clone())];
            let keep = |case: usize| names.codes()[case] == Some(code as u32);
            let measured = contrast::measure(paired, cases, &slice, keep, rules);
            let place = |contrast: &Contrast| {
                let label = contrast.label.as_deref()?;
                labels.iter().position(|name| *name == label)
            };
            let shown = measured
                .into_iter()
                .filter(|contrast| !place(contrast).is_some_and(|label| hidden.label(label, code)));
            contrasts.extend(shown.map(|contrast| hidden.apply(code, below, contrast)));
        }
    }
    contrasts
}
