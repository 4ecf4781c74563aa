//! How much of a constructed dataset there is: templates, wordings, sets, and for each group how many sets hold it.
//!
//! What was not said or not applied is counted: it was not tested, and not tested is not passed.

use std::fmt::Write;

use crate::diagnostic::plain;
use crate::document::Fields;

/// How much of a constructed dataset there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Meanings; 0 where the data was not made from templates.
    pub templates: u64,
    /// Wordings of all of them.
    pub wordings: u64,
    /// Counterfactual sets.
    pub sets: u64,
    /// Sets with a case for every group.
    pub complete: u64,
    /// By group, and by perturbation where there are some.
    pub groups: Vec<GroupCoverage>,
}

/// How much of it is about one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupCoverage {
    /// The perturbation; empty where there is none.
    pub perturbation: String,
    /// The attribute; empty where all cases are meant.
    pub attribute: String,
    /// The group; empty where all cases are meant.
    pub group: String,
    /// Terms that stand for it.
    pub terms: u64,
    /// Sets in which it has a case, or cases to which the perturbation applied.
    pub filled: u64,
    /// Sets in which it should have one, or cases that there are.
    pub of: u64,
}

impl Coverage {
    /// Reads the table `[coverage]` of a card.
    pub(super) fn read(fields: Fields<'_>) -> Coverage {
        let count = |key| fields.count(key).unwrap_or_default();
        let coverage = Coverage {
            templates: count("templates"),
            wordings: count("wordings"),
            sets: count("sets"),
            complete: count("complete"),
            groups: fields
                .tables("groups")
                .into_iter()
                .map(read_group)
                .collect(),
        };
        fields.finish();
        coverage
    }

    /// Some lines for people.
    pub fn to_text(&self) -> String {
        let mut text = String::from("coverage\n");
        let mut line = |name: &str, value: String| {
            let _ = writeln!(text, "  {name:<34}{value:>14}");
        };
        if self.templates > 0 {
            line("templates", self.templates.to_string());
            line("wordings", self.wordings.to_string());
        }
        line("sets", self.sets.to_string());
        line("complete sets", self.complete.to_string());
        for row in &self.groups {
            let name: Vec<&str> = [&row.perturbation, &row.attribute, &row.group]
                .into_iter()
                .map(String::as_str)
                .filter(|part| !part.is_empty())
                .collect();
            let terms = match row.terms {
                0 => String::new(),
                1 => " (1 term)".to_owned(),
                terms => format!(" ({terms} terms)"),
            };
            line(
                &plain(&format!("{}{terms}", name.join(" "))),
                format!("{} of {}", row.filled, row.of),
            );
        }
        text
    }
}

fn read_group(fields: Fields<'_>) -> GroupCoverage {
    let text = |key| fields.text(key).unwrap_or_default();
    let count = |key| fields.count(key).unwrap_or_default();
    let group = GroupCoverage {
        perturbation: text("perturbation"),
        attribute: text("attribute"),
        group: text("group"),
        terms: count("terms"),
        filled: count("filled"),
        of: count("of"),
    };
    fields.finish();
    group
}
