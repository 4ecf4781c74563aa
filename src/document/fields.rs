//! Reads the keys of one table: types, choices, missing and unknown keys.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::{Node, Table, Value};
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, is_blank, nearest, quote};

/// Reads the keys of one table and notes every problem in a shared list.
pub struct Fields<'a> {
    table: &'a Table,
    problems: &'a RefCell<Problems>,
    known: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Fields<'a> {
    /// A reader of `table`. Call [`Fields::finish`] at the end to have unknown keys noted.
    pub fn new(table: &'a Table, problems: &'a RefCell<Problems>) -> Self {
        Fields {
            table,
            problems,
            known: RefCell::default(),
        }
    }

    /// Where the table begins.
    pub fn place(&self) -> &Place {
        &self.table.place
    }

    /// What the table says, as [`Table::canonical`] gives it.
    pub fn canonical(&self, left_out: &[&str]) -> String {
        self.table.canonical(left_out)
    }

    /// Where the value of a key stands; the table's own place where the key is missing.
    pub fn place_of(&self, key: &str) -> Place {
        self.table
            .entries
            .iter()
            .find(|(name, ..)| name == key)
            .map_or_else(
                || self.table.place.clone().key(key),
                |(.., node)| node.place.clone().key(key),
            )
    }

    /// Notes a problem found by the caller.
    pub fn problem(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// A string.
    pub fn text(&self, key: &'static str) -> Option<String> {
        self.read(key, "a string", |value| match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// A string that must be there and must not be blank; empty where it is not, with the problem noted.
    pub fn required_text(&self, key: &'static str) -> String {
        match self.text(key) {
            Some(text) if !is_blank(&text) => text,
            Some(_) => {
                self.problem(Problem::new(
                    "toml/blank",
                    self.place_of(key),
                    format!("{key} is blank"),
                ));
                String::new()
            }
            // A value of another type has been told of already.
            None if self.has(key) => String::new(),
            None => {
                self.missing(key, "a string");
                String::new()
            }
        }
    }

    /// A finite number; integers count.
    pub fn number(&self, key: &'static str) -> Option<f64> {
        self.read(key, "a number", |value| match value {
            Value::Number(number) => Some(*number),
            Value::Integer(integer) => Some(*integer as f64),
            _ => None,
        })
    }

    /// A number within bounds, both included.
    pub fn number_within(&self, key: &'static str, low: f64, high: f64) -> Option<f64> {
        let number = self.number(key)?;
        if (low..=high).contains(&number) {
            return Some(number);
        }
        self.problem(
            Problem::new(
                "toml/range",
                self.place_of(key),
                format!("{key} is {number}"),
            )
            .help(format!("expected a number from {low} to {high}")),
        );
        None
    }

    /// A whole number that is not negative.
    pub fn count(&self, key: &'static str) -> Option<u64> {
        self.read(key, "a whole number from 0", |value| match value {
            Value::Integer(integer) => u64::try_from(*integer).ok(),
            _ => None,
        })
    }

    /// True or false.
    pub fn boolean(&self, key: &'static str) -> Option<bool> {
        self.read(key, "true or false", |value| match value {
            Value::Boolean(boolean) => Some(*boolean),
            _ => None,
        })
    }

    /// One of a closed list of words.
    pub fn choice<T: Copy>(&self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        let word = self.text(key)?;
        self.chosen(key, &word, self.place_of(key), choices)
    }

    /// One of a closed list of words that must be there.
    pub fn required_choice<T: Copy>(
        &self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        if self.get(key).is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.known.borrow_mut().insert(key);
            self.missing(key, &format!("one of {}", words.join(", ")));
            return None;
        }
        self.choice(key, choices)
    }

    /// An array of words of a closed list; empty where the key is missing.
    pub fn choices<T: Copy>(&self, key: &'static str, choices: &[(&'static str, T)]) -> Vec<T> {
        self.placed_texts(key)
            .into_iter()
            .filter_map(|(word, place)| self.chosen(key, &word, place, choices))
            .collect()
    }

    /// An array of strings; empty where the key is missing.
    pub fn texts(&self, key: &'static str) -> Vec<String> {
        self.placed_texts(key)
            .into_iter()
            .map(|(text, _)| text)
            .collect()
    }

    /// An array of strings with their places.
    pub fn placed_texts(&self, key: &'static str) -> Vec<(String, Place)> {
        let Some(nodes) = self.read(key, "an array of strings", |value| match value {
            Value::Array(nodes) => Some(nodes.clone()),
            _ => None,
        }) else {
            return Vec::new();
        };
        let mut texts = Vec::new();
        for node in nodes {
            match node.value {
                Value::Text(text) => texts.push((text, node.place.key(key))),
                other => self.wrong_type(key, node.place, "a string", other.kind()),
            }
        }
        texts
    }

    /// An array of numbers; empty where the key is missing.
    pub fn numbers(&self, key: &'static str) -> Vec<f64> {
        self.read(key, "an array of numbers", |value| match value {
            Value::Array(nodes) => nodes
                .iter()
                .map(|node| match node.value {
                    Value::Number(number) => Some(number),
                    Value::Integer(integer) => Some(integer as f64),
                    _ => None,
                })
                .collect(),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// A table that may be missing.
    pub fn table(&self, key: &'static str) -> Option<Fields<'a>> {
        match self.get(key) {
            Some((_, node)) => match &node.value {
                Value::Table(table) => {
                    self.known.borrow_mut().insert(key);
                    Some(Fields::new(table, self.problems))
                }
                other => {
                    self.known.borrow_mut().insert(key);
                    self.wrong_type(key, node.place.clone(), "a table", other.kind());
                    None
                }
            },
            None => {
                self.known.borrow_mut().insert(key);
                None
            }
        }
    }

    /// An array of tables (`[[key]]`); empty where the key is missing.
    pub fn tables(&self, key: &'static str) -> Vec<Fields<'a>> {
        self.known.borrow_mut().insert(key);
        let Some((_, node)) = self.get(key) else {
            return Vec::new();
        };
        let Value::Array(nodes) = &node.value else {
            self.wrong_type(
                key,
                node.place.clone(),
                "an array of tables",
                node.value.kind(),
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for node in nodes {
            match &node.value {
                Value::Table(table) => tables.push(Fields::new(table, self.problems)),
                other => self.wrong_type(key, node.place.clone(), "a table", other.kind()),
            }
        }
        tables
    }

    /// The entries of this table whose keys the user chose, each a table of its own, in the order of the file.
    pub fn named_tables(&self) -> Vec<(String, Fields<'a>)> {
        let mut tables = Vec::new();
        for (name, place, node) in &self.table.entries {
            match &node.value {
                Value::Table(table) => {
                    tables.push((name.clone(), Fields::new(table, self.problems)));
                }
                other => self.wrong_type(name, place.clone(), "a table", other.kind()),
            }
        }
        tables
    }

    /// The entries of this table whose keys the user chose, each a string, in the order of the file.
    pub fn named_texts(&self) -> Vec<(String, String, Place)> {
        let mut texts = Vec::new();
        for (name, place, node) in &self.table.entries {
            match &node.value {
                Value::Text(text) => texts.push((name.clone(), text.clone(), node.place.clone())),
                other => self.wrong_type(name, place.clone(), "a string", other.kind()),
            }
        }
        texts
    }

    /// Whether the key is written, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Notes that a key which must be there is not.
    pub fn missing(&self, key: &str, expected: &str) {
        self.problem(
            Problem::new(
                "toml/missing-key",
                self.table.place.clone().key(key),
                format!("the key {key} is missing"),
            )
            .help(format!("expected {expected}")),
        );
    }

    /// Notes every key that was never asked for, with the nearest known one.
    pub fn finish(self) {
        let known: Vec<&str> = self.known.borrow().iter().copied().collect();
        for (name, place, _) in &self.table.entries {
            if known.contains(&name.as_str()) {
                continue;
            }
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("known keys here: {}", known.join(", ")),
            };
            self.problems.borrow_mut().push(
                Problem::new(
                    "toml/unknown-key",
                    place.clone(),
                    format!("unknown key {}", quote(name)),
                )
                .help(help),
            );
        }
    }

    fn get(&self, key: &str) -> Option<(&'a Place, &'a Node)> {
        self.table
            .entries
            .iter()
            .find(|(name, ..)| name == key)
            .map(|(_, place, node)| (place, node))
    }

    fn read<T>(
        &self,
        key: &'static str,
        expected: &str,
        convert: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        self.known.borrow_mut().insert(key);
        let (_, node) = self.get(key)?;
        let converted = convert(&node.value);
        if converted.is_none() {
            self.wrong_type(key, node.place.clone(), expected, node.value.kind());
        }
        converted
    }

    fn wrong_type(&self, key: &str, place: Place, expected: &str, found: &str) {
        self.problem(
            Problem::new(
                "toml/wrong-type",
                place.key(key),
                format!("{key} is {found}"),
            )
            .help(format!("expected {expected}")),
        );
    }

    fn chosen<T: Copy>(
        &self,
        key: &'static str,
        word: &str,
        place: Place,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == word) {
            return Some(*choice);
        }
        let words: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        self.problem(
            Problem::new(
                "toml/unknown-value",
                place,
                format!("{key} is {}", quote(word)),
            )
            .help(expected_one_of(word, &words)),
        );
        None
    }
}
