//! What a gate needs of a saved record: its measurements and the kinds of its attributes.

use super::{comparison, v1};
use crate::attribute::ATTRIBUTE_KINDS;
use crate::case::LABEL_SOURCES;
use crate::dataset::card::MODALITIES;
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::finding::Background;
use crate::measure::{Measure, Measurement};
use crate::policy::scope::{CONTEXTS, Context, Scope, TARGETS, UNITS, Unit};
use crate::stats::{Estimate, Interval, METHODS, Method, REASONS, Reason, Undefined};
use crate::task::{TASKS, Task};

/// The measurements of a record.
///
/// # Errors
/// Words that this version does not know.
pub fn measurements(file: &str, record: &v1::Record) -> Result<Vec<Measurement>, Problems> {
    let mut problems = Problems::new();
    let mut restored = Vec::new();
    for (place, measurement) in record.measurements.iter().enumerate() {
        let mut unknown = |key: &str, word: &str| {
            problems.push(
                Problem::new(
                    "record/unknown-word",
                    Place::file(file).key(format!("measurements[{place}].{key}")),
                    format!("unknown {key} {}", quote(word)),
                )
                .help("the record was written by a newer version; use that one"),
            );
        };
        let task = task(&measurement.task);
        let measure = Measure::parse(&measurement.measure);
        let method = method(&measurement.value);
        let comparison = measurement.comparison.as_ref().map(comparison::restore);
        if let (Some(None), Some(unread)) = (&comparison, &measurement.comparison) {
            unknown("comparison", &unread.kind);
            continue;
        }
        if task.is_none() {
            unknown("task", &measurement.task);
        }
        if measure.is_none() {
            unknown("measure", &measurement.measure);
        }
        if let (None, v1::Value::Defined { interval, .. }) = (method, &measurement.value) {
            unknown("method", &interval.method);
        }
        if let Some(freedom) = unusable_freedom(&measurement.value) {
            problems.push(
                Problem::new(
                    "record/degrees-of-freedom",
                    Place::file(file).key(format!(
                        "measurements[{place}].interval.degrees_of_freedom"
                    )),
                    format!("degrees_of_freedom is {freedom}"),
                )
                .help("expected a number of at least 1, or no such key where the limits are not Student's; run the audit again"),
            );
            continue;
        }
        let (Some(task), Some(measure), Some(method)) = (task, measure, method) else {
            continue;
        };
        restored.push(Measurement {
            model: measurement.model.clone(),
            dataset: measurement.dataset.clone(),
            task,
            measure,
            label: measurement.label.clone(),
            slice: measurement.slice.clone().into_iter().collect(),
            comparison: comparison.flatten(),
            n: measurement.n,
            clusters: measurement.clusters,
            result: result(&measurement.value, method),
        });
    }
    problems.or(restored)
}

/// A value of a record; `None` where its method is one that this version does not know, or its degrees of freedom are
/// none.
pub fn value(value: &v1::Value) -> Option<Result<Estimate, Undefined>> {
    let method = method(value)?;
    unusable_freedom(value)
        .is_none()
        .then(|| result(value, method))
}

/// Degrees of freedom that no distribution has.
fn unusable_freedom(value: &v1::Value) -> Option<f64> {
    let v1::Value::Defined { interval, .. } = value else {
        return None;
    };
    let is_usable = |freedom: &f64| freedom.is_finite() && *freedom >= 1.0;
    interval
        .degrees_of_freedom
        .filter(|freedom| !is_usable(freedom))
}

/// How the interval of a value was found; any where there is none.
fn method(value: &v1::Value) -> Option<Method> {
    let mut methods = METHODS.iter().copied();
    match value {
        v1::Value::Defined { interval, .. } => {
            methods.find(|method| method.as_str() == interval.method)
        }
        v1::Value::Missing { .. } => methods.next(),
    }
}

fn result(value: &v1::Value, method: Method) -> Result<Estimate, Undefined> {
    match value {
        v1::Value::Defined {
            estimate, interval, ..
        } => Ok(Estimate {
            value: *estimate,
            interval: Interval {
                low: interval.low,
                high: interval.high,
                level: interval.level,
                method,
                degrees_of_freedom: interval.degrees_of_freedom,
            },
            test: None,
        }),
        v1::Value::Missing { undefined } => Err(Undefined::new(
            REASONS
                .into_iter()
                .find(|reason| reason.as_str() == undefined.reason)
                .unwrap_or(Reason::NotApplicable),
            undefined.detail.clone(),
        )),
    }
}

/// What gates need to know of the data of a record.
pub fn background(record: &v1::Record) -> Background {
    let mut background = Background {
        compared_from: record.settings.min_n,
        ..Background::default()
    };
    for dataset in &record.datasets {
        background.datasets.push(dataset.name.clone());
        for attribute in dataset.attributes.iter().chain(&dataset.rater_attributes) {
            if let Some((_, kind)) = ATTRIBUTE_KINDS
                .iter()
                .find(|(name, _)| *name == attribute.kind)
            {
                background
                    .kinds
                    .push((dataset.name.clone(), attribute.name.clone(), *kind));
            }
        }
        for attribute in &dataset.rater_attributes {
            let of_raters = (dataset.name.clone(), attribute.name.clone());
            background.of_raters.push(of_raters);
        }
        for labels in &dataset.labels {
            let source = LABEL_SOURCES
                .iter()
                .find(|(name, _)| *name == labels.source);
            if let (Some(task), Some((_, source))) = (task(&labels.task), source) {
                background
                    .sources
                    .push((dataset.name.clone(), task, *source));
            }
        }
    }
    for evaluation in &record.evaluations {
        if let Some(task) = task(&evaluation.task) {
            let answered = (evaluation.model.clone(), evaluation.dataset.clone(), task);
            background.answered.push(answered);
        }
    }
    background
}

fn task(name: &str) -> Option<Task> {
    TASKS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, task)| *task)
}

/// The use that was declared. Words that this version does not know match no rule.
pub fn scope(record: &v1::Record) -> Scope {
    fn known<T: Copy>(words: &[(&'static str, T)], names: &[String]) -> Vec<T> {
        let found = names
            .iter()
            .filter_map(|name| words.iter().find(|(known, _)| known == name));
        found.map(|(_, value)| *value).collect()
    }
    let one = |name: &String| vec![name.clone()];
    Scope {
        modalities: known(&MODALITIES, &record.scope.modality),
        targets: known(&TARGETS, &record.scope.target),
        context: known(&CONTEXTS, &one(&record.scope.context))
            .first()
            .copied()
            .unwrap_or(Context::Research),
        unit: known(&UNITS, &one(&record.scope.unit))
            .first()
            .copied()
            .unwrap_or(Unit::Individual),
    }
}
