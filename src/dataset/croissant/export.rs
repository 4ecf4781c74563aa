//! A card as Croissant. Texts and ids of cases are no part of it, only the names of columns and labels.

use serde_json::{Map, Value, json};

use super::{CARD_PROPERTY, CROISSANT, ORDER_PROPERTY, RAI};
use crate::attribute::{ABOUTS, ATTRIBUTE_KINDS, AttributeKind, word};
use crate::dataset::Dataset;
use crate::dataset::card::{Card, MODALITIES};
use crate::dataset::files::{DataFile, Files};
use crate::diagnostic::plain;

/// A dataset's card as a Croissant file.
pub fn export(dataset: &Dataset, files: &Files) -> String {
    let card = &dataset.card;
    let mut root = Map::new();
    root.insert("@context".to_owned(), context());
    root.insert("@type".to_owned(), json!("sc:Dataset"));
    root.insert("conformsTo".to_owned(), json!([CROISSANT, RAI]));
    root.insert("name".to_owned(), json!(card.name));
    if card.title != card.name {
        root.insert("alternateName".to_owned(), json!(card.title));
    }
    for (property, value) in [
        ("description", &card.description),
        ("version", &card.version),
        ("license", &card.licence),
        ("citeAs", &card.citation),
    ] {
        if !value.is_empty() {
            root.insert(property.to_owned(), json!(value));
        }
    }
    root.insert("keywords".to_owned(), json!(keywords(card)));
    for (property, values) in [
        ("inLanguage", card.language.clone()),
        ("rai:dataLimitations", card.limits.clone()),
        ("rai:dataAnnotationProtocol", annotation(card)),
        ("rai:personalSensitiveInformation", sensitive(card)),
    ] {
        if !values.is_empty() {
            root.insert(property.to_owned(), json!(values));
        }
    }
    let distribution: Vec<Value> = files
        .cases
        .iter()
        .chain(&files.others)
        .map(file_object)
        .collect();
    root.insert("distribution".to_owned(), json!(distribution));
    root.insert("recordSet".to_owned(), record_sets(dataset, files));
    root.insert(CARD_PROPERTY.to_owned(), files.card.clone());
    root.insert(ORDER_PROPERTY.to_owned(), order(card));
    harmless(&format!("{:#}\n", Value::Object(root)))
}

/// The context that the specification of version 1.0 asks for, and our own vocabulary.
fn context() -> Value {
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "affect": "urn:affect-audit:",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "sc": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        CARD_PROPERTY: {"@id": CARD_PROPERTY, "@type": "@json"},
        ORDER_PROPERTY: {"@id": ORDER_PROPERTY, "@type": "@json"},
    });
    if let Some(context) = context.as_object_mut() {
        for term in [
            "citeAs",
            "column",
            "equivalentProperty",
            "extract",
            "field",
            "fileObject",
            "fileProperty",
            "fileSet",
            "format",
            "includes",
            "isLiveDataset",
            "jsonPath",
            "key",
            "md5",
            "parentField",
            "path",
            "recordSet",
            "references",
            "regex",
            "repeated",
            "replace",
            "samplingRate",
            "separator",
            "source",
            "subField",
            "transform",
        ] {
            context.insert(term.to_owned(), json!(format!("cr:{term}")));
        }
    }
    context
}

fn order(card: &Card) -> Value {
    let tasks = card.tasks.iter().map(|task| task.scheme.task.as_str());
    let attributes = card.attributes.iter();
    let attributes = attributes.map(|column| column.attribute.name.as_str());
    json!({
        "tasks": tasks.collect::<Vec<_>>(),
        "attributes": attributes.collect::<Vec<_>>(),
    })
}

fn keywords(card: &Card) -> Vec<&str> {
    let tasks = card.tasks.iter().map(|task| task.scheme.task.as_str());
    std::iter::once(word(&MODALITIES, &card.modality))
        .chain(tasks)
        .collect()
}

/// How each task came by its labels.
fn annotation(card: &Card) -> Vec<String> {
    let tasks = card.tasks.iter();
    tasks
        .map(|task| {
            format!(
                "The {} labels were {}.",
                task.scheme.task.as_str(),
                task.source.words()
            )
        })
        .collect()
}

/// The attributes that are about people.
fn sensitive(card: &Card) -> Vec<String> {
    let attributes = card.attributes.iter().map(|column| &column.attribute);
    attributes
        .filter(|attribute| attribute.kind != AttributeKind::Context)
        .map(|attribute| format!("{} ({})", attribute.title, word(&ABOUTS, &attribute.about)))
        .collect()
}

fn file_object(file: &DataFile) -> Value {
    json!({
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": format!("{} B", file.size),
        "encodingFormat": media_type(&file.name),
        "sha256": file.sha256,
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("jsonl") => "application/jsonlines",
        Some("parquet") => "application/x-parquet",
        Some("toml") => "application/toml",
        Some("tsv") => "text/tab-separated-values",
        _ => "text/csv",
    }
}

/// The labels of each task, then the columns of the cases.
fn record_sets(dataset: &Dataset, files: &Files) -> Value {
    let mut sets = Vec::new();
    for task in &dataset.card.tasks {
        let set = format!("{}-labels", task.scheme.task.as_str());
        let name = format!("{set}/name");
        let labels = task.scheme.labels.iter();
        let data: Vec<Value> = labels
            .map(|label| json!({ name.as_str(): label.name }))
            .collect();
        sets.push(json!({
            "@type": "cr:RecordSet",
            "@id": set,
            "name": set,
            "description": format!("The labels of the scheme {}.", task.scheme.name),
            "dataType": "sc:Enumeration",
            "key": {"@id": name},
            "field": [{"@type": "cr:Field", "@id": name, "name": "name", "dataType": "sc:Text"}],
            "data": data,
        }));
    }
    if let Some(cases) = &files.cases {
        let columns = dataset.columns.iter().enumerate();
        let fields: Vec<Value> = columns
            .map(|(place, column)| field(&dataset.card, &cases.name, place, column))
            .collect();
        let key = dataset
            .columns
            .iter()
            .position(|column| *column == dataset.card.id.name);
        let mut set = json!({
            "@type": "cr:RecordSet",
            "@id": "cases",
            "name": "cases",
            "description": "One record a case.",
            "field": fields,
        });
        if let (Some(place), Some(set)) = (key, set.as_object_mut()) {
            let id = field_id(place, &dataset.columns[place]);
            set.insert("key".to_owned(), json!({ "@id": id }));
        }
        sets.push(set);
    }
    json!(sets)
}

/// A name for a column in which nothing has a meaning of its own.
fn field_id(place: usize, column: &str) -> String {
    let simple = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    if !column.is_empty() && column.chars().all(simple) {
        format!("cases/{column}")
    } else {
        // No simple name holds a colon.
        format!("cases/column:{}", place + 1)
    }
}

fn field(card: &Card, file: &str, place: usize, column: &str) -> Value {
    let task = card.tasks.iter().find(|task| task.column == column);
    let mut field = json!({
        "@type": "cr:Field",
        "@id": field_id(place, column),
        "name": column,
        "description": purpose(card, column),
        "dataType": "sc:Text",
        "source": {"fileObject": {"@id": file}, "extract": {"column": column}},
    });
    if let Some(task) = task {
        field["dataType"] = json!(["sc:Text", "cr:Label"]);
        if task.scheme.is_multi_label() {
            field["repeated"] = json!(true);
            field["source"]["transform"] = json!({"separator": task.separator});
        }
    }
    field
}

/// What a column holds.
fn purpose(card: &Card, column: &str) -> String {
    if let Some(task) = card.tasks.iter().find(|task| task.column == column) {
        let task_name = task.scheme.task.as_str();
        return format!(
            "The {task_name} label, {}, one of {task_name}-labels.",
            task.source.words()
        );
    }
    let attributes = card.attributes.iter();
    let named = attributes.filter(|attribute| attribute.column == column);
    if let Some(attribute) = named.map(|column| &column.attribute).next() {
        return format!(
            "A group: {} ({}, about the {}).",
            attribute.title,
            word(&ATTRIBUTE_KINDS, &attribute.kind),
            word(&ABOUTS, &attribute.about)
        );
    }
    let is = |named: &Option<crate::dataset::card::ColumnName>| {
        named.as_ref().is_some_and(|named| named.name == column)
    };
    let words = if card.id.name == column {
        "The id of the case."
    } else if card.text.name == column {
        "The text."
    } else if is(&card.cluster) {
        "Names cases that are not independent."
    } else if is(&card.wording) {
        "Says which wording of its template a case is."
    } else if is(&card.set) {
        "Names the counterfactual set."
    } else if is(&card.weight) {
        "Says how many cases of the population a case stands for."
    } else {
        "A column that an audit does not read by itself."
    };
    words.to_owned()
}

/// JSON that neither a terminal nor a page it is put into obeys.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let mut buffer = [0; 4];
        // In JSON these can only stand inside strings.
        let risky = character == '<' || plain(character.encode_utf8(&mut buffer)).len() > 4;
        if risky {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(character);
        }
    }
    out
}
