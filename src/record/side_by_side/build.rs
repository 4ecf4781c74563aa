//! Which models of several records can be set beside each other, and what that shows.

use std::collections::BTreeMap;

use super::row::{correct, is_compared, row};
use super::{
    Comparison, NotCompared, OUTCOMES, PAIRED_CASES, Pair, RECORD_INTERVALS, Row, SCHEMA, Side,
    Source,
};
use crate::measure::change::Releases;
use crate::measure::{Comparison as ComparedWith, Measure, Measurement};
use crate::record::v1::{self, Record};
use crate::stats::multiplicity::Discovery;

/// A record that was read.
pub struct Read {
    /// The file as it was named.
    pub file: String,
    /// The record.
    pub record: Record,
    /// Its measurements.
    pub measurements: Vec<Measurement>,
}

/// Answers of two models to the same cases, case by case.
pub struct Paired<'a> {
    /// The model of the first record.
    pub first: &'a str,
    /// The number of the other record.
    pub record: usize,
    /// Those of its model against those of the first: the later release is the other.
    pub releases: Releases<'a>,
}

/// What makes two measurements of two models the same question.
type Question<'a> = (
    Measure,
    Option<&'a str>,
    &'a [(String, String)],
    Option<&'a ComparedWith>,
);

/// Sets the models of all records but the first beside those of the first; `correction` is for the number of changes
/// looked at. Where answers of both models are at hand, changes are paired by case as far as the measure allows it.
pub fn build(records: &[Read], paired: &[Paired<'_>], correction: Discovery) -> Comparison {
    let mut comparison = Comparison {
        schema: SCHEMA,
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        records: records.iter().map(source).collect(),
        notes: Vec::new(),
        not_compared: Vec::new(),
        pairs: Vec::new(),
    };
    let Some((first, others)) = records.split_first() else {
        return comparison;
    };
    for (place, other) in others.iter().enumerate() {
        let number = place + 2;
        comparison
            .notes
            .extend(notes(&first.record, &other.record, number));
        for (dataset, task) in subjects(&first.record, &other.record) {
            match comparable(first, other, &dataset, &task) {
                Err((reason, detail)) => comparison.not_compared.push(NotCompared {
                    reason,
                    record: number,
                    dataset,
                    task,
                    detail,
                }),
                Ok(()) => {
                    for (before, after) in models(&first.record, &other.record, &dataset, &task) {
                        match alike(before, after) {
                            Err((reason, detail)) => comparison.not_compared.push(NotCompared {
                                reason,
                                record: number,
                                dataset: dataset.clone(),
                                task: task.clone(),
                                detail,
                            }),
                            Ok(()) => {
                                let (ours, theirs) = ((1, first, before), (number, other, after));
                                let pair = pair(ours, theirs, paired, correction);
                                comparison.notes.extend(answered(&pair));
                                comparison.pairs.push(pair);
                            }
                        }
                    }
                }
            }
        }
    }
    comparison
}

fn source(read: &Read) -> Source {
    let record = &read.record;
    Source {
        file: read.file.clone(),
        digest: record.digest.clone(),
        tool: record.tool.version.clone(),
        policy: format!("{} {}", record.policy.name, record.policy.version),
        policy_digest: record.policy.digest.clone(),
    }
}

/// Differences that leave numbers comparable, and that a reader must know of.
fn notes(first: &Record, other: &Record, number: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if first.digest == other.digest {
        notes.push(format!(
            "record {number} is the same as record 1: nothing can differ"
        ));
    }
    if first.policy.digest != other.policy.digest {
        notes.push(format!(
            "record {number} was judged by another policy ({} {} instead of {} {}): values are compared, what gates made of them is not",
            other.policy.name, other.policy.version, first.policy.name, first.policy.version
        ));
    }
    if first.tool.version != other.tool.version {
        notes.push(format!(
            "record {number} was written by version {} instead of {}, which may measure otherwise",
            other.tool.version, first.tool.version
        ));
    }
    let limits = |record: &Record| (record.settings.min_n, record.settings.suppress_below);
    if limits(first) != limits(other) {
        let ((min, below), (other_min, other_below)) = (limits(first), limits(other));
        notes.push(format!(
            "record {number} claims something from {other_min} cases on and shows groups from {other_below} on, record 1 from {min} and {below}"
        ));
    }
    notes
}

/// That a model answers more cases or fewer, where that is shown: a model that declines what it is wrong about does better
/// at the rest without having learned anything.
fn answered(pair: &Pair) -> Option<String> {
    let is_of_all = |row: &&Row| {
        row.measure == Measure::Coverage.id()
            && row.label.is_none()
            && row.slice.is_empty()
            && row.comparison.is_none()
    };
    let row = pair.rows.iter().find(is_of_all)?;
    let more = match row.outcome {
        "better" => "more",
        "worse" => "fewer",
        _ => return None,
    };
    Some(format!(
        "{} of record {} answers {more} cases of {} than {} of record 1: where a change is not paired, it is also one of \
         which cases were answered",
        pair.other.model, pair.other.record, pair.dataset, pair.first.model
    ))
}

/// Every dataset and task of either record, those of the first in front.
fn subjects(first: &Record, other: &Record) -> Vec<(String, String)> {
    let mut subjects: Vec<(String, String)> = Vec::new();
    for evaluation in first.evaluations.iter().chain(&other.evaluations) {
        let subject = (evaluation.dataset.clone(), evaluation.task.clone());
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    subjects
}

/// Whether both records hold the same cases of a dataset for a task, measured at the same level.
fn comparable(
    first: &Read,
    other: &Read,
    dataset: &str,
    task: &str,
) -> Result<(), (&'static str, String)> {
    let digest = |read: &Read| {
        let mut datasets = read.record.datasets.iter();
        datasets
            .find(|known| known.name == dataset)
            .map(|known| known.digest.clone())
    };
    let (Some(one), Some(two)) = (digest(first), digest(other)) else {
        return Err(("dataset", "only one of the records is about it".to_owned()));
    };
    if one != two {
        let detail = format!(
            "the datasets share the name and not the content (digests {one:.8} and {two:.8})"
        );
        return Err(("dataset", detail));
    }
    for read in [first, other] {
        if evaluations(&read.record, dataset, task).next().is_none() {
            return Err((
                "task",
                "only one of the records has a model for it".to_owned(),
            ));
        }
    }
    let (one, two) = (first.record.settings.level, other.record.settings.level);
    if one != two {
        return Err(("level", format!("intervals at the levels {one} and {two}")));
    }
    Ok(())
}

fn evaluations<'a>(
    record: &'a Record,
    dataset: &'a str,
    task: &'a str,
) -> impl Iterator<Item = &'a v1::Evaluation> {
    let all = record.evaluations.iter();
    all.filter(move |evaluation| evaluation.dataset == dataset && evaluation.task == task)
}

/// Models of the same name go together; each of the rest is set beside each of the rest.
fn models<'a>(
    first: &'a Record,
    other: &'a Record,
    dataset: &'a str,
    task: &'a str,
) -> Vec<(&'a v1::Evaluation, &'a v1::Evaluation)> {
    let ours: Vec<&v1::Evaluation> = evaluations(first, dataset, task).collect();
    let theirs: Vec<&v1::Evaluation> = evaluations(other, dataset, task).collect();
    let named = |all: &[&v1::Evaluation], name: &str| all.iter().any(|one| one.model == name);
    let mut pairs = Vec::new();
    for before in &ours {
        for after in &theirs {
            let alone = !named(&theirs, &before.model) && !named(&ours, &after.model);
            if before.model == after.model || alone {
                pairs.push((*before, *after));
            }
        }
    }
    pairs
}

/// Whether two models were judged in the same labels.
fn alike(before: &v1::Evaluation, after: &v1::Evaluation) -> Result<(), (&'static str, String)> {
    let who = format!("{} and {}", before.model, after.model);
    if before.scheme != after.scheme || before.crosswalk != after.crosswalk {
        let named = |one: &v1::Evaluation| match (one.scheme.as_str(), one.crosswalk.as_str()) {
            ("", _) => "no labels".to_owned(),
            (scheme, "") => scheme.to_owned(),
            (scheme, crosswalk) => format!("{scheme} through {crosswalk}"),
        };
        let detail = format!(
            "{who} were judged in {} and {}",
            named(before),
            named(after)
        );
        return Err(("scheme", detail));
    }
    if before.labels_outside_model != after.labels_outside_model {
        let detail =
            format!("{who} cannot answer with the same labels, so that other cases were judged");
        return Err(("labels", detail));
    }
    Ok(())
}

fn pair(
    first: (usize, &Read, &v1::Evaluation),
    other: (usize, &Read, &v1::Evaluation),
    paired: &[Paired<'_>],
    correction: Discovery,
) -> Pair {
    let mut paired = paired.iter();
    let paired = paired.find(|paired| {
        (paired.first, paired.record) == (first.2.model.as_str(), other.0)
            && paired.releases.model == other.2.model
            && paired.releases.dataset == other.2.dataset
            && paired.releases.now.scheme.task.as_str() == other.2.task
    });
    let releases = paired.map(|paired| &paired.releases);
    let (before, after) = (questions(first.1, first.2), questions(other.1, other.2));
    let mut asked: Vec<&Question<'_>> = before.keys().collect();
    asked.extend(
        after
            .keys()
            .filter(|question| !before.contains_key(*question)),
    );
    let mut rows: Vec<Row> = asked
        .into_iter()
        .filter_map(|question| {
            let (before, after) = (before.get(question), after.get(question));
            row(before.copied(), after.copied(), other.0, releases)
        })
        .collect();
    let level = first.1.record.settings.level;
    correct(&mut rows, correction, level);
    let counts = OUTCOMES.into_iter().map(|outcome| {
        let count = rows.iter().filter(|row| row.outcome == outcome).count();
        (outcome, count)
    });
    Pair {
        dataset: first.2.dataset.clone(),
        task: first.2.task.clone(),
        counts: counts.collect(),
        first: side(first),
        other: side(other),
        basis: releases.map_or(RECORD_INTERVALS, |_| PAIRED_CASES),
        level,
        correction: correction.as_str(),
        rows,
    }
}

fn side((record, read, evaluation): (usize, &Read, &v1::Evaluation)) -> Side {
    let mut models = read.record.models.iter();
    let model = models.find(|model| model.name == evaluation.model);
    Side {
        record,
        model: evaluation.model.clone(),
        digest: model.map_or_else(String::new, |model| model.digest.clone()),
    }
}

/// The measurements of a model on a dataset, by what they ask. With one label a case the micro-averaged F1 is accuracy,
/// which can be paired.
fn questions<'a>(
    read: &'a Read,
    evaluation: &v1::Evaluation,
) -> BTreeMap<Question<'a>, &'a Measurement> {
    let of_pair = |measurement: &&Measurement| {
        measurement.model == evaluation.model
            && measurement.dataset == evaluation.dataset
            && measurement.task.as_str() == evaluation.task
            && is_compared(measurement.comparison.as_ref())
            && (measurement.measure != Measure::MicroF1 || evaluation.multi_label)
    };
    let mine = read.measurements.iter().filter(of_pair);
    mine.map(|measurement| {
        let question = (
            measurement.measure,
            measurement.label.as_deref(),
            measurement.slice.as_slice(),
            measurement.comparison.as_ref(),
        );
        (question, measurement)
    })
    .collect()
}
