//! Statements of the headline: a symbol, a lead, a sentence, and the labels or groups it is about.

use serde::Serialize;

use crate::diagnostic::thousands;

/// How many labels or groups a statement lists before it only counts.
const LISTED: usize = 8;

/// What is said of one model at one task, or of one pair of models.
#[derive(Serialize)]
pub struct Card {
    /// Of what.
    pub heading: String,
    /// The statements.
    pub points: Vec<Point>,
}

/// One statement.
#[derive(Serialize)]
pub struct Point {
    mark: String,
    lead: String,
    text: String,
    items: Vec<Item>,
    more: String,
}

/// A label or group with its evidence.
#[derive(Clone, Serialize)]
pub struct Item {
    name: String,
    values: Vec<String>,
}

impl Item {
    /// The same evidence under a longer name.
    pub fn of(&self, whose: &str) -> Self {
        Item {
            name: format!("{whose}, {}", self.name),
            values: self.values.clone(),
        }
    }

    /// A name and its evidence, of which what is empty is left out.
    pub fn new(name: impl Into<String>, values: &[String]) -> Self {
        let values = values.iter().filter(|value| !value.is_empty());
        Item {
            name: name.into(),
            values: values.cloned().collect(),
        }
    }
}

impl Point {
    /// A statement; `mark` is a code of the record whose symbol it gets, or `none`.
    pub fn new(mark: &str, lead: &str, text: impl Into<String>) -> Self {
        Point {
            mark: mark.to_owned(),
            lead: lead.to_owned(),
            text: text.into(),
            items: Vec::new(),
            more: String::new(),
        }
    }

    /// A statement about several labels or groups; none where there are none of them.
    pub fn about(mark: &str, lead: &str, text: &str, mut items: Vec<Item>) -> Option<Self> {
        // One or two more are not worth hiding.
        let hidden = if items.len() > LISTED + 2 {
            items.len() - LISTED
        } else {
            0
        };
        items.truncate(items.len() - hidden);
        let more = if hidden > 0 {
            format!("and {} more, in the tables below", thousands(hidden as u64))
        } else {
            String::new()
        };
        (!items.is_empty()).then(|| Point {
            items,
            more,
            ..Point::new(mark, lead, text)
        })
    }
}
