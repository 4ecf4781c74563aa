//! The front matter of a model card: what hubs of models sort by, and the `model-index` with every measure over all
//! cases.

use serde::Serialize;

use super::{is_overall, title};
use crate::diagnostic::limit;
use crate::record::Record;
use crate::record::v1::{Evaluation, Measurement, Model, Value};
use crate::report::html::lookup::Lookup;
use crate::report::html::words;
use crate::report::text::line;

/// Licence names that model hubs know, as they write them.
const LICENCES: [&str; 12] = [
    "apache-2.0",
    "bsd-2-clause",
    "bsd-3-clause",
    "cc-by-4.0",
    "cc-by-nc-4.0",
    "cc-by-sa-4.0",
    "cc0-1.0",
    "gpl-3.0",
    "lgpl-3.0",
    "mit",
    "mpl-2.0",
    "openrail",
];

/// The front matter.
#[derive(Serialize)]
pub(super) struct Front {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    language: Vec<String>,
    license: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    license_name: Option<String>,
    pipeline_tag: &'static str,
    tags: Vec<&'static str>,
    #[serde(rename = "model-index")]
    model_index: Vec<Indexed>,
}

/// A model and its results.
#[derive(Serialize)]
struct Indexed {
    name: String,
    results: Vec<Outcome>,
}

/// What was measured of a model at a task on a dataset.
#[derive(Serialize)]
struct Outcome {
    task: Task,
    dataset: Data,
    metrics: Vec<Metric>,
}

#[derive(Serialize)]
struct Task {
    r#type: &'static str,
    name: String,
}

#[derive(Serialize)]
struct Data {
    r#type: String,
    name: String,
    args: DataArguments,
}

#[derive(Serialize)]
struct DataArguments {
    version: String,
    sha256: String,
}

/// A value. Its name carries the interval, since the index has no place of its own for one.
#[derive(Serialize)]
struct Metric {
    r#type: String,
    value: f64,
    name: String,
}

/// The front matter of a record.
pub(super) fn front(record: &Record) -> Front {
    let mut language: Vec<String> = record
        .datasets
        .iter()
        .flat_map(|d| &d.language)
        .map(|l| line(l))
        .collect();
    language.sort_unstable();
    language.dedup();
    let mut licences: Vec<String> = record
        .models
        .iter()
        .map(|model| line(&model.licence))
        .collect();
    licences.retain(|licence| !licence.is_empty());
    licences.sort_unstable();
    licences.dedup();
    let known = match licences.as_slice() {
        [one] => LICENCES
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(one)),
        _ => None,
    };
    Front {
        language,
        license: known
            .unwrap_or(if licences.is_empty() {
                "unknown"
            } else {
                "other"
            })
            .to_owned(),
        license_name: (known.is_none() && !licences.is_empty()).then(|| licences.join("; ")),
        pipeline_tag: pipeline(record),
        tags: vec!["audit", "bias", "emotion", "sentiment-analysis"],
        model_index: record
            .models
            .iter()
            .map(|model| Indexed {
                name: line(&model.name),
                results: results(record, model),
            })
            .filter(|indexed| !indexed.results.is_empty())
            .collect(),
    }
}

/// The kind of task that hubs sort models by.
fn pipeline(record: &Record) -> &'static str {
    match record.scope.modality.first().map(String::as_str) {
        Some("voice") => "audio-classification",
        Some("face") => "image-classification",
        Some("physiology" | "keystroke") => "tabular-classification",
        _ => "text-classification",
    }
}

fn results(record: &Record, model: &Model) -> Vec<Outcome> {
    let lookup = Lookup::of(record);
    let mut results = Vec::new();
    for meeting in lookup.meetings() {
        let Evaluation {
            model: of,
            dataset,
            task,
            ..
        } = meeting.evaluation;
        let metrics: Vec<Metric> = meeting
            .measurements()
            .filter(|m| is_overall(m))
            .filter_map(metric)
            .collect();
        if *of != model.name || metrics.is_empty() {
            continue;
        }
        let data = lookup.dataset(dataset);
        results.push(Outcome {
            task: Task {
                r#type: pipeline(record),
                // The library that reads cards gives all results to one model, so that the task must tell them apart.
                name: line(&format!(
                    "{task} classification by {of} ({})",
                    meeting.label_words()
                )),
            },
            dataset: Data {
                r#type: line(dataset),
                name: line(lookup.dataset_title(dataset)),
                args: DataArguments {
                    version: data.map_or_else(String::new, |data| line(&data.version)),
                    sha256: data.map_or_else(String::new, |data| line(&data.digest)),
                },
            },
            metrics,
        });
    }
    results
}

fn metric(measurement: &Measurement) -> Option<Metric> {
    let Value::Defined {
        estimate, interval, ..
    } = &measurement.value
    else {
        return None;
    };
    // Hubs have names of their own for two of the measures.
    let kind = match measurement.measure.as_str() {
        "macro-f1" | "micro-f1" | "weighted-f1" => "f1",
        "mcc" => "matthews_correlation",
        other => other,
    };
    Some(Metric {
        r#type: line(kind),
        value: *estimate,
        name: line(&format!(
            "{} ({:.0} % interval {} to {}, {} cases)",
            words::sentence(&title(&measurement.measure)),
            100.0 * interval.level,
            limit(interval.low, 3),
            limit(interval.high, 3),
            measurement.n
        )),
    })
}
