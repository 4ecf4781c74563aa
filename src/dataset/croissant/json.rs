//! Values of a JSON-LD file: every property by any of the names that files give it, with problems that name it.

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::PREFIXES;
use crate::diagnostic::{Place, Problem, Problems};

/// An object of the file.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    object: &'a Map<String, Value>,
    file: &'a str,
    problems: &'a RefCell<Problems>,
}

impl<'a> Node<'a> {
    pub(super) fn new(
        object: &'a Map<String, Value>,
        file: &'a str,
        problems: &'a RefCell<Problems>,
    ) -> Self {
        Node {
            object,
            file,
            problems,
        }
    }

    /// A property, whatever prefix it has.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        let mut names = PREFIXES.iter().map(|prefix| format!("{prefix}{name}"));
        names.find_map(|name| self.object.get(&name).filter(|value| !value.is_null()))
    }

    /// A property that must be text; `None` where it is missing.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let texts = self.texts(name);
        (!texts.is_empty()).then(|| texts.join(", "))
    }

    /// A property with any number of texts.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let Some(value) = self.get(name) else {
            return Vec::new();
        };
        let items = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut texts = Vec::new();
        for item in items {
            match text(item) {
                Some(text) => texts.push(text),
                None => self.wrong_type(name, "text"),
            }
        }
        texts.retain(|text| !text.trim().is_empty());
        texts
    }

    /// The objects of a property, in an array or alone.
    pub(super) fn nodes(&self, name: &str) -> Vec<Node<'a>> {
        let Some(value) = self.get(name) else {
            return Vec::new();
        };
        let items = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut nodes = Vec::new();
        for item in items {
            match item {
                Value::Object(object) => nodes.push(Node::new(object, self.file, self.problems)),
                _ => self.wrong_type(name, "an object"),
            }
        }
        nodes
    }

    /// The object of a property where it is one; older versions of Croissant have text in some of these places.
    pub(super) fn child(&self, name: &str) -> Option<Node<'a>> {
        let object = self.get(name)?.as_object()?;
        Some(Node::new(object, self.file, self.problems))
    }

    /// Whether `@type` or `dataType` names a type, whatever prefix it has.
    pub(super) fn is_a(&self, property: &str, name: &str) -> bool {
        let types = self.texts(property);
        types.iter().any(|found| {
            let prefix = found.strip_suffix(name);
            prefix.is_some_and(|prefix| PREFIXES.contains(&prefix))
        })
    }

    pub(super) fn wrong_type(&self, name: &str, expected: &str) {
        self.problem(
            Problem::new(
                "croissant/wrong-type",
                self.place(name),
                format!("{name} holds something else than {expected}"),
            )
            .help(format!("expected {expected}, or an array of such")),
        );
    }

    pub(super) fn place(&self, name: &str) -> Place {
        Place::file(self.file).key(name)
    }

    pub(super) fn problem(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }
}

/// The text of a value: itself, a JSON-LD value object, a map by language, or something with a name.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => {
            let known = ["@value", "en", "name", "url", "@id"];
            let named = known.iter().find_map(|key| object.get(*key)?.as_str());
            let only = || match object.len() {
                1 => object.values().next()?.as_str(),
                _ => None,
            };
            named.or_else(only).map(str::to_owned)
        }
        _ => None,
    }
}
