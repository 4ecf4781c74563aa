//! The body of a request: JSON with places for texts, filled as JSON, so that no text can break out of its place.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::secret::is_telling;

/// The key of an object that stands for one element a text.
const EACH: &str = "{{each}}";

/// What stands in a template for what does not depend on the texts.
pub type Values = BTreeMap<String, Value>;

/// Whether the template takes several texts.
pub fn takes_several(template: &Value) -> bool {
    match template {
        Value::Array(values) => values.iter().any(takes_several),
        Value::Object(object) => object.contains_key(EACH) || object.values().any(takes_several),
        _ => false,
    }
}

/// Whether there is a place for a text at all.
pub fn takes_text(template: &Value) -> bool {
    template.to_string().contains("{{text}}")
}

/// The names of keys whose values are written out.
pub fn keys(template: &Value) -> Vec<String> {
    match template {
        Value::Array(values) => values.iter().flat_map(keys).collect(),
        Value::Object(object) => {
            let own = object.iter().filter(|(name, value)| {
                let written = value.as_str().unwrap_or_default();
                is_telling(name) && !written.is_empty() && !written.contains("{{")
            });
            let own: Vec<String> = own.map(|(name, _)| name.clone()).collect();
            own.into_iter()
                .chain(object.values().flat_map(keys))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The template with the texts and values in their places.
///
/// # Errors
/// The name of a place that nothing fills.
pub fn fill(template: &Value, texts: &[&str], values: &Values) -> Result<Value, String> {
    let mut values = values.clone();
    values.insert("count".to_owned(), json!(texts.len()));
    if let [text] = texts {
        values.insert("text".to_owned(), json!(text));
        values.insert("id".to_owned(), json!("0"));
    }
    put(template, texts, &values)
}

fn put(template: &Value, texts: &[&str], values: &Values) -> Result<Value, String> {
    Ok(match template {
        Value::String(text) => string(text, values)?,
        Value::Array(elements) => {
            let mut filled = Vec::new();
            for element in elements {
                let Some(each) = element.get(EACH) else {
                    filled.push(put(element, texts, values)?);
                    continue;
                };
                let mut own = values.clone();
                for (place, text) in texts.iter().enumerate() {
                    own.insert("text".to_owned(), json!(text));
                    own.insert("id".to_owned(), json!(place.to_string()));
                    filled.push(put(each, texts, &own)?);
                }
            }
            Value::Array(filled)
        }
        Value::Object(object) => {
            let mut filled = Map::new();
            for (key, value) in object {
                filled.insert(key.clone(), put(value, texts, values)?);
            }
            Value::Object(filled)
        }
        other => other.clone(),
    })
}

/// A string that is one place becomes what fills it; places within a longer string become text.
fn string(template: &str, values: &Values) -> Result<Value, String> {
    let whole = template
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .filter(|name| !name.contains('{'));
    if let Some(name) = whole {
        return values.get(name).cloned().ok_or_else(|| name.to_owned());
    }
    text(template, values).map(Value::String)
}

/// Text with its places filled, once: what is put in is not looked at again.
///
/// # Errors
/// The name of a place that nothing fills.
pub fn text(template: &str, values: &Values) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        filled.push_str(before);
        match values.get(name) {
            Some(Value::String(value)) => filled.push_str(value),
            Some(value) => filled.push_str(&value.to_string()),
            None => return Err(name.to_owned()),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_in_their_places() {
        let template = json!({"docs": [{"{{each}}": {"id": "{{id}}", "t": "{{text}}"}}], "n": ["{{count}}"], "m": "a {{model}} b"});
        let values = Values::from([("model".to_owned(), json!("x"))]);
        let hostile = "\"}],\"n\":{{id}}{{model}}\n";
        assert_eq!(
            fill(&template, &[hostile, "two"], &values),
            Ok(
                json!({"docs": [{"id": "0", "t": hostile}, {"id": "1", "t": "two"}], "n": [2], "m": "a x b"})
            )
        );
        let one = json!({"say": "Text: {{text}}"});
        assert_eq!(
            fill(&one, &["{{model}}"], &values),
            Ok(json!({"say": "Text: {{model}}"}))
        );
        assert_eq!(
            fill(&json!("{{modle}}"), &["x"], &values),
            Err("modle".to_owned())
        );
        assert!(takes_several(&template) && !takes_several(&one));
    }
}
