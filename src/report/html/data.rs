//! Where data and labels come from, which cases could not be judged, and what the models are.

use serde::Serialize;

use super::lookup::Lookup;
use super::table::{Cell, Fact, Table, facts};
use super::words;
use crate::diagnostic::thousands;
use crate::record::v1::{Attribute, Count, Dataset, Model};
use crate::report::weights;

/// The card of a dataset.
#[derive(Serialize)]
pub struct DatasetView {
    heading: String,
    description: String,
    facts: Vec<Fact>,
    labels: Option<Table>,
    attributes: Option<Table>,
    rater_attributes: Option<Table>,
    limits: Vec<String>,
}

/// The card of a model.
#[derive(Serialize)]
pub struct ModelView {
    heading: String,
    description: String,
    facts: Vec<Fact>,
    limits: Vec<String>,
}

/// Every dataset.
pub fn datasets(lookup: Lookup<'_>) -> Vec<DatasetView> {
    lookup
        .record
        .datasets
        .iter()
        .map(|dataset| view(lookup, dataset))
        .collect()
}

fn view(lookup: Lookup<'_>, dataset: &Dataset) -> DatasetView {
    let heading = lookup.dataset_title(&dataset.name).to_owned();
    let number = |n: Option<u64>| n.map_or_else(String::new, thousands);
    let weighted = weights::worth(dataset).unwrap_or_default();
    DatasetView {
        description: dataset.description.trim().to_owned(),
        facts: facts([
            ("Name", dataset.name.clone()),
            ("Version", dataset.version.clone()),
            ("Licence", dataset.licence.clone()),
            ("Citation", dataset.citation.clone()),
            ("Language", dataset.language.join(", ")),
            ("Modality", words::spaced(&dataset.modality)),
            ("Cases", thousands(dataset.cases)),
            ("Clusters of dependent cases", number(dataset.clusters)),
            ("Counterfactual sets", number(dataset.sets)),
            ("Weights", weighted),
        ]),
        labels: labels(dataset, &heading),
        attributes: attributes(
            &dataset.attributes,
            format!("Attributes of {heading}: declared by the data, never inferred from text"),
            "Groups and their cases",
        ),
        rater_attributes: attributes(
            &dataset.rater_attributes,
            format!("Who labelled {heading}: declared by the data"),
            "Groups and their raters",
        ),
        limits: dataset.limits.clone(),
        heading,
    }
}

fn labels(dataset: &Dataset, title: &str) -> Option<Table> {
    let mut table = Table::new(
        format!("Labels of {title}"),
        &[
            "Task",
            "Scheme",
            "Where the labels come from",
            "How often each occurs",
            "#Without a label",
        ],
    );
    for labels in &dataset.labels {
        table.row(vec![
            Cell::text(&labels.task),
            Cell::text(&labels.scheme),
            Cell::text(words::sentence(&labels.words)),
            Cell::prose(sizes(&labels.counts)),
            Cell::count(labels.blank),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn attributes(attributes: &[Attribute], title: String, groups: &str) -> Option<Table> {
    let mut table = Table::new(
        title,
        &[
            "Attribute",
            "Whom it is about",
            "Kind",
            groups,
            "#Blank",
            "What a blank means",
        ],
    );
    for attribute in attributes {
        table.row(vec![
            Cell::text(lookup_title(attribute)),
            Cell::text(words::spaced(&attribute.about)),
            Cell::text(words::spaced(&attribute.kind)),
            Cell::prose(sizes(&attribute.groups)),
            Cell::count(attribute.blanks),
            Cell::text(words::spaced(&attribute.blank)),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn lookup_title(attribute: &Attribute) -> &str {
    if attribute.title.is_empty() {
        &attribute.name
    } else {
        &attribute.title
    }
}

fn sizes(counts: &[Count]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|count| format!("{} {}", count.name, thousands(count.count)))
        .collect();
    parts.join(", ")
}

/// How each model met each dataset, and which cases could not be judged.
pub fn evaluations(lookup: Lookup<'_>) -> Option<Table> {
    let mut table = Table::new(
        "How models and data met: cases that were judged, and cases that could not be",
        &[
            "Model and data",
            "Task",
            "#Judged",
            "#No label",
            "#Label the model lacks",
            "#Abstained",
            "#Failed",
            "#No answer",
            "Labels compared as",
        ],
    );
    for evaluation in &lookup.record.evaluations {
        let mut compared = if evaluation.scheme.is_empty() {
            "nothing to compare with".to_owned()
        } else if evaluation.crosswalk.is_empty() {
            format!("{}, the same on both sides", evaluation.scheme)
        } else {
            format!(
                "{}, by the crosswalk {}",
                evaluation.scheme, evaluation.crosswalk
            )
        };
        for (labels, whose) in [
            (&evaluation.labels_outside_model, "labels the model lacks"),
            (&evaluation.labels_outside_dataset, "labels the data lacks"),
        ] {
            if !labels.is_empty() {
                compared.push_str(&format!("; {whose}: {}", labels.join(", ")));
            }
        }
        if evaluation.multi_label {
            compared.push_str("; several labels a case");
        }
        if evaluation.cut > 0 {
            compared.push_str(&format!(
                "; {} longer than the model reads, answered by the beginning",
                words::counted(evaluation.cut, "text", "texts")
            ));
        }
        table.row(vec![
            Cell::text(lookup.model_title(&evaluation.model))
                .note(lookup.dataset_title(&evaluation.dataset)),
            Cell::text(&evaluation.task),
            Cell::count(evaluation.judged),
            Cell::count(evaluation.no_gold),
            Cell::count(evaluation.outside_model),
            Cell::count(evaluation.abstained),
            Cell::count(evaluation.failed),
            Cell::count(evaluation.missing),
            Cell::prose(compared),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Every model.
pub fn models(lookup: Lookup<'_>) -> Vec<ModelView> {
    let view = |model: &Model| ModelView {
        heading: lookup_model(model).to_owned(),
        description: model.description.trim().to_owned(),
        facts: facts([
            ("Name", model.name.clone()),
            ("Loaded as", model.spec.clone()),
            ("Kind", words::spaced(&model.kind)),
            ("Licence", model.licence.clone()),
            ("Trained on", model.training_data.trim().to_owned()),
            ("Made from", model.base_models.join(", ")),
            ("Languages", model.languages.join(", ")),
            ("Computed by", model.engine.clone()),
            ("Revision", model.revision.clone()),
            (
                "Weights",
                if model.eight_bits {
                    "in 8 bits or fewer".to_owned()
                } else {
                    String::new()
                },
            ),
        ]),
        limits: model.limits.clone(),
    };
    lookup.record.models.iter().map(view).collect()
}

fn lookup_model(model: &Model) -> &str {
    if model.title.is_empty() {
        &model.name
    } else {
        &model.title
    }
}
