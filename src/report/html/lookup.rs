//! Finds things in a record by name.

use super::further::Further;
use super::site::Site;
use crate::record::Record;
use crate::record::v1::{
    Contrast, Dataset, Evaluation, Finding, Labels, Measurement, Value, Verdict,
};

/// A record, asked by name.
#[derive(Clone, Copy)]
pub struct Lookup<'a> {
    /// The record, or the part of it that a page is about.
    pub record: &'a Record,
    /// The whole record.
    pub whole: &'a Record,
    /// The other pages, on the first of several.
    pub site: Option<&'a Site>,
    /// The further pages of findings, on a page with too many.
    pub further: Option<&'a Further>,
}

/// A model at a task on a dataset.
#[derive(Clone, Copy)]
pub struct Meeting<'a> {
    /// How the answers were judged.
    pub evaluation: &'a Evaluation,
    lookup: Lookup<'a>,
}

impl<'a> Lookup<'a> {
    /// A record that is shown whole.
    pub fn of(record: &'a Record) -> Self {
        Lookup {
            record,
            whole: record,
            site: None,
            further: None,
        }
    }

    /// The name of a model for people.
    pub fn model_title(self, name: &'a str) -> &'a str {
        let model = self.whole.models.iter().find(|model| model.name == name);
        model.map_or(name, |model| {
            if model.title.is_empty() {
                name
            } else {
                &model.title
            }
        })
    }

    /// The name of a dataset for people.
    pub fn dataset_title(self, name: &'a str) -> &'a str {
        let title = self
            .dataset(name)
            .map_or("", |dataset| dataset.title.as_str());
        if title.is_empty() { name } else { title }
    }

    /// A dataset.
    pub fn dataset(self, name: &str) -> Option<&'a Dataset> {
        self.record
            .datasets
            .iter()
            .find(|dataset| dataset.name == name)
    }

    /// The gold labels of a dataset for a task.
    pub fn labels(self, dataset: &str, task: &str) -> Option<&'a Labels> {
        self.dataset(dataset)?
            .labels
            .iter()
            .find(|labels| labels.task == task)
    }

    /// Whether all labels of a dataset are set by the construction of its sentences.
    pub fn is_constructed(self, dataset: &str) -> bool {
        self.dataset(dataset).is_some_and(|dataset| {
            dataset
                .labels
                .iter()
                .all(|labels| labels.source == "template")
        })
    }

    /// The name of an attribute for people.
    pub fn attribute_title(self, dataset: &str, name: &str) -> String {
        let attribute = self.dataset(dataset).and_then(|dataset| {
            let mut attributes = dataset.attributes.iter().chain(&dataset.rater_attributes);
            attributes.find(|attribute| attribute.name == name)
        });
        match attribute {
            Some(attribute) if !attribute.title.is_empty() => attribute.title.clone(),
            _ => super::words::sentence(&super::words::spaced(name)),
        }
    }

    /// Every model on every dataset whose answers were judged, constructed datasets last.
    pub fn meetings(self) -> Vec<Meeting<'a>> {
        let mut meetings: Vec<Meeting<'a>> = self
            .record
            .evaluations
            .iter()
            .filter(|evaluation| evaluation.judged > 0)
            .map(|evaluation| Meeting {
                evaluation,
                lookup: self,
            })
            .collect();
        meetings.sort_by_key(|meeting| self.is_constructed(&meeting.evaluation.dataset));
        meetings
    }

    /// A number of the policy's reliability table.
    pub fn reliability(self, key: &str) -> Option<f64> {
        self.record.policy.reliability.get(key).copied()
    }

    /// Contrasts of one pair of models on one dataset, constructed datasets last.
    pub fn contrast_sets(self) -> Vec<Vec<&'a Contrast>> {
        let mut sets: Vec<Vec<&'a Contrast>> = Vec::new();
        for contrast in &self.record.contrasts {
            let same = |set: &&mut Vec<&Contrast>| {
                set[0].emotion_model == contrast.emotion_model
                    && set[0].sentiment_model == contrast.sentiment_model
                    && set[0].dataset == contrast.dataset
            };
            match sets.iter_mut().find(same) {
                Some(set) => set.push(contrast),
                None => sets.push(vec![contrast]),
            }
        }
        sets.sort_by_key(|set| self.is_constructed(&set[0].dataset));
        sets
    }

    /// The contrasts of an emotion model on a dataset with the sentiment model that reads the polarity of the same cases
    /// best.
    pub fn best_contrasts(self, emotion_model: &str, dataset: &str) -> Option<Vec<&'a Contrast>> {
        let sets = self
            .contrast_sets()
            .into_iter()
            .filter(|set| set[0].emotion_model == emotion_model && set[0].dataset == dataset);
        let read = |set: &[&Contrast]| whole(set).map_or(f64::NEG_INFINITY, polarity);
        sets.filter(|set| whole(set).is_some())
            .max_by(|a, b| read(a).total_cmp(&read(b)))
    }

    /// The anchor of a finding: its place in the whole record, so that it is the same on whichever page it stands.
    pub fn anchor(self, of: &Finding) -> String {
        let same = |one: &&Finding| one.id == of.id;
        // Two stale waivers of one finding share an id.
        let before = self.record.findings.iter();
        let before = before.take_while(|one| !std::ptr::eq(*one, of));
        let earlier = before.filter(same).count();
        let whole = self.whole.findings.iter().zip(1..);
        let mut places = whole.filter(|(one, _)| same(one));
        let place = places.nth(earlier);
        place.map_or_else(String::new, |(_, place): (_, usize)| format!("f{place}"))
    }

    /// Where a finding stands: on this page, or on another.
    pub fn address(self, of: &Finding) -> String {
        let anchor = self.anchor(of);
        let away = self.site.and_then(|site| site.finding(of, &anchor));
        away.unwrap_or_else(|| {
            let further = self.further.and_then(|further| further.address(&anchor));
            format!("{}#{anchor}", further.unwrap_or_default())
        })
    }

    /// The finding that rests on a measurement of a gate about differences, where there is one.
    pub fn finding(self, of: &Measurement) -> Option<&'a Finding> {
        self.record.findings.iter().find(|finding| {
            finding.measurement.as_ref().is_some_and(|measurement| {
                measurement.measure == of.measure
                    && measurement.slice == of.slice
                    && measurement.label == of.label
                    && measurement.comparison == of.comparison
                    && measurement.model == of.model
                    && measurement.dataset == of.dataset
                    && measurement.task == of.task
            })
        })
    }
}

impl<'a> Meeting<'a> {
    /// What was measured.
    pub fn measurements(self) -> impl Iterator<Item = &'a Measurement> {
        let Evaluation {
            model,
            dataset,
            task,
            ..
        } = self.evaluation;
        self.lookup
            .record
            .measurements
            .iter()
            .filter(move |measurement| {
                measurement.model == *model
                    && measurement.dataset == *dataset
                    && measurement.task == *task
            })
    }

    /// What gates make of it.
    pub fn findings(self) -> impl Iterator<Item = &'a Finding> {
        let evaluation = self.evaluation;
        self.lookup.record.findings.iter().filter(move |finding| {
            finding.measurement.as_ref().is_some_and(|of| {
                of.model == evaluation.model
                    && of.dataset == evaluation.dataset
                    && of.task == evaluation.task
            })
        })
    }

    /// How many of the labelled cases got an answer that could be judged, and how many there are.
    pub fn answered(self) -> (u64, u64) {
        let evaluation = self.evaluation;
        let answered = evaluation.judged.saturating_sub(unanswered(evaluation));
        (answered, evaluation.judged + evaluation.outside_model)
    }

    /// Whether the data hold cases with a label.
    pub fn has_cases(self, label: &str) -> bool {
        let evaluation = self.evaluation;
        let labels = self.lookup.labels(&evaluation.dataset, &evaluation.task);
        let mut counts = labels.into_iter().flat_map(|labels| &labels.counts);
        counts.any(|count| count.name == label && count.count > 0)
    }

    /// The level of intervals.
    pub fn level(self) -> f64 {
        self.lookup.record.settings.level
    }

    /// A measure over all cases.
    pub fn overall(self, measure: &str, label: Option<&str>) -> Option<&'a Measurement> {
        self.measurements().find(|measurement| {
            measurement.slice.is_empty()
                && measurement.comparison.is_none()
                && measurement.measure == measure
                && measurement.label.as_deref() == label
        })
    }

    /// How far people agree on a label or dimension over all cases, and whether that lies wholly below what the policy
    /// asks of people before it judges a model.
    pub fn agreement(self, label: &str) -> Option<(&'a Measurement, bool)> {
        let (dataset, task) = (&self.evaluation.dataset, &self.evaluation.task);
        let mut measurements = self.lookup.record.measurements.iter();
        let alpha = measurements.find(|one| {
            (&one.dataset, &one.task, one.measure.as_str()) == (dataset, task, "human-alpha")
                && one.slice.is_empty()
                && one.label.as_deref() == Some(label)
        })?;
        let (.., high) = numbers(&alpha.value)?;
        let least = self.lookup.reliability("ceiling");
        Some((alpha, least.is_some_and(|least| high < least)))
    }

    /// Verdicts over all cases (`sliced` false) or of groups.
    pub fn verdicts(self, sliced: bool) -> impl Iterator<Item = &'a Verdict> {
        let Evaluation {
            model,
            dataset,
            task,
            ..
        } = self.evaluation;
        self.lookup.record.verdicts.iter().filter(move |verdict| {
            verdict.slice.is_empty() != sliced
                && verdict.model == *model
                && verdict.dataset == *dataset
                && verdict.task == *task
        })
    }

    /// "labels perceived by annotators".
    pub fn label_words(self) -> String {
        let labels = self
            .lookup
            .labels(&self.evaluation.dataset, &self.evaluation.task);
        labels.map_or_else(
            || "labels of unknown source".to_owned(),
            |labels| format!("labels {}", labels.words),
        )
    }

    /// Whether the labels are set by the construction of the sentences.
    pub fn is_constructed(self) -> bool {
        self.lookup.is_constructed(&self.evaluation.dataset)
    }
}

/// The contrast over all cases and emotions.
pub fn whole<'a>(set: &[&'a Contrast]) -> Option<&'a Contrast> {
    let mut all = set.iter().copied();
    all.find(|row| row.slice.is_empty() && row.label.is_none())
}

/// How well polarity is read beside an emotion model; least where that has no value.
pub fn polarity(row: &Contrast) -> f64 {
    numbers(&row.sentiment).map_or(f64::NEG_INFINITY, |(estimate, ..)| estimate)
}

/// Whether a measurement is the difference of a group to the others.
pub fn is_difference(measurement: &Measurement) -> bool {
    measurement
        .comparison
        .as_ref()
        .is_some_and(|to| to.kind == "difference-to-others")
}

/// Estimate, lower and upper limit of a value that is defined.
pub fn numbers(value: &Value) -> Option<(f64, f64, f64)> {
    match value {
        Value::Defined {
            estimate, interval, ..
        } => Some((*estimate, interval.low, interval.high)),
        Value::Missing { .. } => None,
    }
}

/// How many of the cases that could be judged got no answer.
pub fn unanswered(evaluation: &Evaluation) -> u64 {
    evaluation.abstained + evaluation.failed + evaluation.missing
}
