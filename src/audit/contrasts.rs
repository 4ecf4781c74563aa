//! Every emotion model against every sentiment model on the same dataset, overall and by group.

use super::{Answers, Contrasted, Meeting};
use crate::dataset::Dataset;
use crate::measure::contrast::{self, Contrast, Paired};
use crate::measure::{Rules, disparity};
use crate::policy::Policy;
use crate::task::Task;
use crate::verdict::{Reliance, Verdict, recommend};

/// Every emotion model against every sentiment model on the same dataset.
pub(super) fn contrasts(
    answers: &[Answers<'_>],
    meetings: &[Meeting],
    policy: &Policy,
    rules: &Rules,
    verdicts: &[Verdict],
) -> Vec<Contrasted> {
    let mut contrasts = Vec::new();
    for (emotion, meeting) in answers.iter().zip(meetings) {
        let Some(evaluation) = &meeting.evaluation else {
            continue;
        };
        // What a template was built to express, or a model said, is no measure of reading people.
        let of_people = evaluation.source.is_of_people();
        if emotion.predictions.scheme.task != Task::Emotion || !of_people {
            continue;
        }
        let partners = answers.iter().filter(|other| {
            other.predictions.scheme.task == Task::Sentiment
                && other.dataset.card.name == emotion.dataset.card.name
        });
        for sentiment in partners {
            let paired = contrast::pair(
                &emotion.dataset.cases,
                evaluation,
                &emotion.predictions,
                &sentiment.predictions,
            );
            for contrast in by_slices(&paired, emotion.dataset, rules) {
                let auditable = [
                    auditable(verdicts, emotion, contrast.label.as_ref()),
                    auditable(verdicts, sentiment, None),
                ];
                contrasts.push(Contrasted {
                    emotion_model: emotion.model.name.clone(),
                    sentiment_model: sentiment.model.name.clone(),
                    dataset: emotion.dataset.card.name.clone(),
                    polarity_is_labelled: paired.polarity_is_labelled,
                    recommendation: recommend(&contrast, auditable, &policy.reliability),
                    contrast,
                });
            }
        }
    }
    contrasts
}

/// Whether people share a label, or the labels of a task as a whole, as far as anybody asked.
fn auditable(verdicts: &[Verdict], answers: &Answers<'_>, label: Option<&String>) -> bool {
    !verdicts.iter().any(|verdict| {
        verdict.verdict == Reliance::NotAuditable
            && verdict.model == answers.model.name
            && verdict.dataset == answers.dataset.card.name
            && verdict.task == answers.predictions.scheme.task
            && verdict.label.as_ref() == label
            && verdict.slice.is_empty()
    })
}

fn by_slices(paired: &Paired, dataset: &Dataset, rules: &Rules) -> Vec<Contrast> {
    let cases = &dataset.cases;
    let mut contrasts = contrast::measure(paired, cases, &[], |_| true, rules);
    for (attribute, names) in &cases.attributes {
        let sizes: Vec<u64> = (0..names.names().len() as u32)
            .map(|code| paired.count(|case| names.codes()[case] == Some(code)))
            .collect();
        let withheld = disparity::withheld(&sizes, rules.suppress_below);
        for (code, name) in names.names().iter().enumerate() {
            if withheld.contains(&code) {
                continue;
            }
            let slice = [(attribute.name.clone(), name.clone())];
            let keep = |case: usize| names.codes()[case] == Some(code as u32);
            contrasts.extend(contrast::measure(paired, cases, &slice, keep, rules));
        }
    }
    contrasts
}
