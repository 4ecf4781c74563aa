//! Where in a service's answer labels and scores stand, by JSON pointers (RFC 6901).

use serde_json::Value;

use crate::diagnostic::{Place, Problem, quote};
use crate::document::Fields;
use crate::model::callable::reading::{Said, labels, scores, word};

/// Where things stand. Pointers below `items` begin at an item.
#[derive(Default)]
pub struct Shape {
    /// The array with an item a text; without it the whole answer is about the only text.
    pub items: Option<String>,
    /// The id of an item; without it items come in the order of the texts.
    pub id: Option<String>,
    /// A string that holds JSON, in which label and scores are then looked for.
    pub json: Option<String>,
    /// What is there where the model declined to answer.
    pub refusal: Option<String>,
    /// Pointers with the words that are there where the model declined.
    pub refused_when: Vec<(String, String)>,
    /// What is there where something went wrong with a text.
    pub error: Option<String>,
    /// The label, or several.
    pub label: Option<String>,
    /// Scores: numbers by label, a list of numbers, or a list of labels with scores.
    pub scores: Option<String>,
    /// In a list of labels with scores, the label.
    pub score_label: String,
    /// In a list of labels with scores, the score.
    pub score_value: String,
    /// The labels of a list of numbers, in its order.
    pub order: Vec<String>,
    /// One number from bad to good, with the highest that is negative and the lowest that is positive.
    pub valence: Option<(String, f64, f64)>,
}

impl Shape {
    /// Reads the table; pointers that are none, and a table that points at no answer, are noted.
    pub fn read(table: Fields<'_>) -> Shape {
        let checked = |pointer: String, place: Place| {
            if !pointer.is_empty() && !pointer.starts_with('/') {
                table.problem(
                    Problem::new(
                        "model/pointer",
                        place,
                        format!("{} is no JSON pointer", quote(&pointer)),
                    )
                    .help("a pointer begins with a slash, as in /choices/0/text; an empty one is the whole"),
                );
            }
            pointer
        };
        let pointer = |key: &'static str| Some(checked(table.text(key)?, table.place_of(key)));
        let refused_when = table
            .table("refused_when")
            .map(|words| words.named_texts())
            .unwrap_or_default()
            .into_iter()
            .map(|(pointer, word, place)| (checked(pointer, place), word))
            .collect();
        let shape = Shape {
            refused_when,
            items: pointer("items"),
            id: pointer("id"),
            json: pointer("json"),
            refusal: pointer("refusal"),
            error: pointer("error"),
            label: pointer("label"),
            scores: pointer("scores"),
            score_label: pointer("score_label").unwrap_or_else(|| "/label".to_owned()),
            score_value: pointer("score_value").unwrap_or_else(|| "/score".to_owned()),
            order: table.texts("order"),
            valence: pointer("valence").map(|pointer| {
                let low = table.number_within("negative_to", -1e6, 1e6);
                let high = table.number_within("positive_from", -1e6, 1e6);
                (pointer, low.unwrap_or(-0.25), high.unwrap_or(0.25))
            }),
        };
        if shape.label.is_none() && shape.scores.is_none() && shape.valence.is_none() {
            table.missing(
                "label",
                "where the label stands; or say so of scores, or of valence",
            );
        }
        table.finish();
        shape
    }
}

/// What was said of each of so many texts.
pub fn read(shape: &Shape, body: &Value, texts: usize) -> Vec<Result<Said, String>> {
    let Some(pointer) = &shape.items else {
        return vec![one(shape, body)];
    };
    let all = |fault: &str| vec![Err(fault.to_owned()); texts];
    let Some(items) = body.pointer(pointer).and_then(Value::as_array) else {
        return all("an answer without the list of items");
    };
    let width = shape.order.len();
    let rows: Vec<Value> = if width > 0 && items.iter().all(Value::is_number) {
        // Tensors are written flat.
        items
            .chunks(width)
            .map(|row| Value::Array(row.to_vec()))
            .collect()
    } else {
        items.clone()
    };
    let Some(id) = &shape.id else {
        if rows.len() != texts {
            return all("an answer with more or fewer items than texts");
        }
        return rows.iter().map(|item| one(shape, item)).collect();
    };
    let mut found: Vec<Option<&Value>> = vec![None; texts];
    let mut twice = vec![false; texts];
    for item in &rows {
        let place = item
            .pointer(id)
            .and_then(word)
            .and_then(|id| id.parse::<usize>().ok())
            .filter(|place| *place < texts);
        if let Some(place) = place {
            twice[place] |= found[place].is_some_and(|other| other != item);
            found[place] = Some(item);
        }
    }
    found
        .into_iter()
        .zip(twice)
        .map(|(item, twice)| match item {
            _ if twice => Err("two different answers".to_owned()),
            None => Err("an answer without an item for it".to_owned()),
            Some(item) => one(shape, item),
        })
        .collect()
}

fn one(shape: &Shape, item: &Value) -> Result<Said, String> {
    let at = |pointer: &Option<String>| {
        pointer
            .as_ref()
            .and_then(|pointer| item.pointer(pointer))
            .filter(|value| !value.is_null())
    };
    if at(&shape.error).is_some() {
        return Err("the service told of an error".to_owned());
    }
    let declined = shape.refused_when.iter().any(|(pointer, word)| {
        item.pointer(pointer).and_then(Value::as_str) == Some(word.as_str())
    });
    if declined || at(&shape.refusal).is_some() {
        return Ok(Said {
            abstained: true,
            ..Said::default()
        });
    }
    let inner: Value;
    let mut item = item;
    if shape.json.is_some() {
        let text = at(&shape.json)
            .and_then(Value::as_str)
            .ok_or("an answer without its text")?;
        inner = serde_json::from_str(text).map_err(|_| "an answer that is no JSON")?;
        item = &inner;
    }
    let at = |pointer: &Option<String>| {
        let found = pointer.as_ref().and_then(|pointer| item.pointer(pointer));
        found.unwrap_or(&Value::Null)
    };
    let mut said = Said {
        labels: labels(at(&shape.label))?,
        scores: Vec::new(),
        abstained: false,
    };
    said.scores = match at(&shape.scores) {
        Value::Array(values) => listed(shape, values)?,
        value => scores(value)?,
    };
    if let Some((pointer, negative_to, positive_from)) = &shape.valence {
        let valence = item
            .pointer(pointer)
            .and_then(Value::as_f64)
            .ok_or("an answer without its number")?;
        let label = match valence {
            valence if valence >= *positive_from => "positive",
            valence if valence <= *negative_to => "negative",
            _ => "neutral",
        };
        said.labels = Some(vec![label.to_owned()]);
    }
    Ok(said)
}

/// Scores in a list: numbers in a known order, or labels with numbers.
fn listed(shape: &Shape, values: &[Value]) -> Result<Vec<(String, f64)>, String> {
    if !shape.order.is_empty() {
        if values.len() != shape.order.len() {
            return Err("more or fewer scores than labels".to_owned());
        }
        return shape
            .order
            .iter()
            .zip(values)
            .map(|(label, score)| {
                let score = score.as_f64().ok_or("a score that is no number")?;
                Ok((label.clone(), score))
            })
            .collect();
    }
    values
        .iter()
        .map(|value| {
            let label = value.pointer(&shape.score_label).and_then(word);
            let score = value.pointer(&shape.score_value).and_then(Value::as_f64);
            label
                .zip(score)
                .ok_or_else(|| "scores that are no numbers by label".to_owned())
        })
        .collect()
}

#[cfg(test)]
#[path = "tests/answer.rs"]
mod tests;
