//! A card from a Croissant file. Nothing is fetched, and what the file does not say is left to its reader: a task, a
//! source of labels or a group is never guessed.

use std::cell::RefCell;

use serde_json::{Map, Value, json};

use super::columns::{Columns, columns};
use super::json::Node;
use super::{CARD_PROPERTY, CROISSANT, ORDER_PROPERTY};
use crate::dataset::card::Card;
use crate::dataset::read::CARD;
use crate::diagnostic::{Place, Problem, Problems, quote};

/// Largest file that is read, in bytes.
const LARGEST: usize = 16 << 20;

/// Longest name of a card that is made from a name.
const LONGEST_NAME: usize = 80;

/// The keys of a card that come first, in this order; tables follow.
const FIRST: [&str; 10] = [
    "name",
    "title",
    "description",
    "version",
    "licence",
    "citation",
    "language",
    "modality",
    "cases",
    "limits",
];

/// A card, and what its reader should know about it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of `dataset.toml`.
    pub card: String,
    /// What was decided, and what is left to do; a sentence each.
    pub notices: Vec<String>,
}

/// Reads a Croissant file. `file` is its name in messages.
///
/// # Errors
/// Every problem of the file.
pub fn import(file: &str, text: &str) -> Result<Imported, Problems> {
    if text.len() > LARGEST {
        return Err(Problem::new(
            "croissant/too-large",
            Place::file(file),
            format!("the file is larger than {} MiB", LARGEST >> 20),
        )
        .help("metadata is small; leave out the records that it holds under `data`")
        .into());
    }
    let json: Value = serde_json::from_str(text).map_err(|error| {
        let place = Place::file(file).at(error.line() as u64, error.column().max(1) as u64);
        Problem::new("croissant/syntax", place, "this is not JSON")
            .help("expected a Croissant file: JSON-LD, as Croissant 1.0 describes it")
    })?;
    let object = dataset_object(&json).ok_or_else(|| {
        Problem::new(
            "croissant/not-a-dataset",
            Place::file(file).key("@type"),
            "nothing in this file is a Dataset of schema.org",
        )
        .help("expected \"@type\": \"sc:Dataset\" at the top of the file")
    })?;
    let problems = RefCell::new(Problems::new());
    let node = Node::new(object, file, &problems);
    let mut notices = Vec::new();
    let (mut card, found) = match node.get(CARD_PROPERTY) {
        Some(Value::Object(card)) => (card.clone(), None),
        Some(_) => {
            node.wrong_type(CARD_PROPERTY, "an object");
            (Map::new(), None)
        }
        None => (Map::new(), Some(columns(&node, &mut notices))),
    };
    if !node
        .texts("conformsTo")
        .iter()
        .any(|to| to.starts_with("http://mlcommons.org/croissant/"))
    {
        notices.push(format!(
            "the file does not say which Croissant it follows; it was read as {CROISSANT}"
        ));
    }
    common(&node, &mut card, &mut notices);
    let order = object.get(ORDER_PROPERTY);
    problems.into_inner().or(())?;
    let text = write(file, card, order, found.as_ref())?;
    Card::parse(CARD, &text).map_err(|problems| in_croissant(file, &problems))?;
    Ok(Imported {
        card: text,
        notices,
    })
}

/// The dataset: the file itself, or the one in its graph.
fn dataset_object(json: &Value) -> Option<&Map<String, Value>> {
    let problems = RefCell::new(Problems::new());
    let is_dataset = |value: &Value| {
        let object = value.as_object();
        object.is_some_and(|object| Node::new(object, "", &problems).is_a("@type", "Dataset"))
    };
    if is_dataset(json) {
        return json.as_object();
    }
    let graph = json.get("@graph")?.as_array()?;
    graph.iter().find(|value| is_dataset(value))?.as_object()
}

/// The properties that Croissant itself has. Where they differ from the card in the file they were edited there, in
/// sight of every tool, so they come first.
fn common(node: &Node<'_>, card: &mut Map<String, Value>, notices: &mut Vec<String>) {
    let mut set = |key: &str, value: Value| {
        let before = card.insert(key.to_owned(), value.clone());
        if before.is_some_and(|before| before != value) {
            notices.push(format!(
                "{key} differs between {CARD_PROPERTY} and the property that Croissant has for it; the latter was taken"
            ));
        }
    };
    let named = node.text("name");
    let short = named.as_deref().map(short_name);
    match (&named, short) {
        (Some(name), Some(short)) => {
            let title = node.text("alternateName");
            if let Some(title) = title.or_else(|| (short != *name).then(|| name.clone())) {
                set("title", json!(title));
            }
            set("name", json!(short));
        }
        _ => node.problem(
            Problem::new(
                "croissant/no-name",
                node.place("name"),
                "the dataset has no name",
            )
            .help("Croissant asks for one; give it \"name\""),
        ),
    }
    for (property, key) in [
        ("description", "description"),
        ("version", "version"),
        ("license", "licence"),
        ("citeAs", "citation"),
    ] {
        if let Some(text) = node.text(property) {
            set(key, json!(text));
        }
    }
    for (property, key) in [("inLanguage", "language"), ("dataLimitations", "limits")] {
        let texts = node.texts(property);
        if !texts.is_empty() {
            set(key, json!(texts));
        }
    }
    if let Some(name) = named.filter(|name| short_name(name) != *name) {
        notices.push(format!(
            "the name {} became {}, since names of cards hold letters, digits, '-', '_' and '.' only",
            quote(&name),
            short_name(&name)
        ));
    }
}

fn short_name(name: &str) -> String {
    let mut short = String::new();
    for character in name.chars().take(LONGEST_NAME) {
        if character.is_ascii_alphanumeric() || "-_.".contains(character) {
            short.push(character);
        } else if !short.is_empty() && !short.ends_with('-') {
            short.push('-');
        }
    }
    let short = short.trim_end_matches('-');
    if short.is_empty() {
        "imported".to_owned()
    } else {
        short.to_owned()
    }
}

/// The card as TOML: what comes first, then everything else, then what the reader has to say.
fn write(
    file: &str,
    mut card: Map<String, Value>,
    order: Option<&Value>,
    found: Option<&Columns>,
) -> Result<String, Problems> {
    let mut text = String::new();
    let mut add = |key: &str, value: Value| -> Result<(), Problems> {
        let one = Map::from_iter([(key.to_owned(), value)]);
        let toml = toml::to_string_pretty(&one).map_err(|_| {
            Problem::new(
                "croissant/no-toml",
                Place::file(file).key(format!("{CARD_PROPERTY}.{key}")),
                "a card cannot hold this value",
            )
            .help("expected text, numbers, true or false, and arrays or objects of them")
        })?;
        if toml.starts_with('[') {
            text.push('\n');
        }
        text.push_str(&toml);
        Ok(())
    };
    for key in FIRST {
        if let Some(value) = card.remove(key) {
            add(key, value)?;
        }
    }
    // Behind a table nothing but tables can follow.
    let is_table = |value: &Value| match value {
        Value::Array(items) => items.iter().any(Value::is_object),
        one => one.is_object(),
    };
    let (tables, values): (Vec<_>, Vec<_>) =
        card.into_iter().partition(|(_, value)| is_table(value));
    for (key, value) in values {
        add(&key, value)?;
    }
    for (key, value) in tables {
        match value {
            Value::Object(parts) if !parts.is_empty() && parts.values().all(Value::is_object) => {
                for (name, part) in in_order(parts, order.and_then(|order| order.get(&key))) {
                    add(&key, json!({ name: part }))?;
                }
            }
            value => add(&key, value)?,
        }
    }
    if let Some(found) = found {
        text.push('\n');
        text.push_str(&found.text());
    }
    Ok(text)
}

/// The tables of a table, those first that the order names.
fn in_order(mut parts: Map<String, Value>, order: Option<&Value>) -> Vec<(String, Value)> {
    let named = order.and_then(Value::as_array).into_iter().flatten();
    let mut ordered: Vec<(String, Value)> = named
        .filter_map(|name| parts.remove_entry(name.as_str()?))
        .collect();
    ordered.extend(parts);
    ordered
}

/// Problems of the card, told in the file that its author can edit.
fn in_croissant(file: &str, problems: &Problems) -> Problems {
    let mut told = Problems::new();
    for problem in problems.iter() {
        let key = match &problem.place.key {
            Some(key) => format!("{CARD_PROPERTY}, {key}"),
            None => CARD_PROPERTY.to_owned(),
        };
        let mut problem = problem.clone();
        problem.place = Place::file(file).key(key);
        told.push(problem);
    }
    told
}
