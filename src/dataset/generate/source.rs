//! Reads templates and terms, and checks that every set can be filled.

use std::collections::BTreeMap;

use super::FIXED_COLUMNS;
use crate::diagnostic::{Place, Problem, Problems, counted, quote};
use crate::document::Fields;

/// The pronouns that go with a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pronouns {
    Feminine,
    Masculine,
    /// Singular they, with the plural verb.
    Plural,
}

const PRONOUNS: [(&str, Pronouns); 3] = [
    ("feminine", Pronouns::Feminine),
    ("masculine", Pronouns::Masculine),
    ("plural", Pronouns::Plural),
];

/// Somebody whom a sentence may be about.
pub(super) struct Term {
    place: Place,
    pub(super) attribute: String,
    pub(super) group: String,
    pub(super) person: String,
    pub(super) pronouns: Pronouns,
    pub(super) pair: String,
}

/// One meaning in several wordings.
pub(super) struct Template {
    place: Place,
    pub(super) id: String,
    pub(super) emotion: String,
    pub(super) sentiment: String,
    pub(super) wordings: Vec<(String, Place)>,
}

pub(super) fn read_templates(fields: Fields<'_>) -> Vec<Template> {
    let templates: Vec<Template> = fields
        .tables("templates")
        .into_iter()
        .map(|table| {
            let template = Template {
                place: table.place_of("id"),
                id: table.required_text("id"),
                emotion: table.text("emotion").unwrap_or_default(),
                sentiment: table.text("sentiment").unwrap_or_default(),
                wordings: table.placed_texts("wordings"),
            };
            if template.wordings.is_empty() {
                table.missing("wordings", "an array of sentences with slots");
            }
            table.finish();
            template
        })
        .collect();
    if templates.is_empty() {
        fields.missing("templates", "at least one [[templates]] table");
    }
    fields.finish();
    templates
}

pub(super) fn read_terms(fields: Fields<'_>) -> Vec<Term> {
    let terms: Vec<Term> = fields
        .tables("terms")
        .into_iter()
        .map(|table| {
            let term = Term {
                place: table.place_of("attribute"),
                attribute: table.required_text("attribute"),
                group: table.required_text("group"),
                person: table.required_text("person"),
                pronouns: table
                    .required_choice("pronouns", &PRONOUNS)
                    .unwrap_or(Pronouns::Plural),
                pair: table.required_text("pair"),
            };
            table.finish();
            term
        })
        .collect();
    if terms.is_empty() {
        fields.missing("terms", "at least one [[terms]] table");
    }
    fields.finish();
    terms
}

/// Every pair must have one term for every group of its attribute, so that every set can be compared.
pub(super) fn incomplete_pairs(file: &str, terms: &[Term]) -> Problems {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for term in terms {
        let known = groups.entry(&term.attribute).or_default();
        if !known.contains(&term.group.as_str()) {
            known.push(&term.group);
        }
        pairs
            .entry((&term.attribute, &term.pair))
            .or_default()
            .push(&term.group);
    }
    let mut problems = Problems::new();
    for ((attribute, pair), members) in pairs {
        for group in &groups[attribute] {
            let times = members.iter().filter(|member| *member == group).count();
            if times != 1 {
                problems.push(
                    Problem::new(
                        "generate/incomplete-pair",
                        Place::file(file).key(format!("{attribute}, pair {pair}")),
                        format!("{} for the group {}", counted(times, "term"), quote(group)),
                    )
                    .help("each pair needs exactly one term for every group of its attribute"),
                );
            }
        }
    }
    problems
}

/// Templates of one id, and attributes named like a column that every generated file has.
pub(super) fn clashes(templates: &[Template], terms: &[Term]) -> Problems {
    let mut problems = Problems::new();
    for (place, template) in templates.iter().enumerate() {
        if templates[..place]
            .iter()
            .any(|other| other.id == template.id)
        {
            problems.push(
                Problem::new(
                    "generate/duplicate-template",
                    template.place.clone(),
                    format!("two templates are named {}", quote(&template.id)),
                )
                .help("give each template an id of its own"),
            );
        }
    }
    for (place, term) in terms.iter().enumerate() {
        let first = !terms[..place]
            .iter()
            .any(|other| other.attribute == term.attribute);
        if first && FIXED_COLUMNS.contains(&term.attribute.as_str()) {
            problems.push(
                Problem::new(
                    "generate/reserved-attribute",
                    term.place.clone(),
                    format!("an attribute cannot be named {}", quote(&term.attribute)),
                )
                .help(format!(
                    "these columns are always there: {}",
                    FIXED_COLUMNS.join(", ")
                )),
            );
        }
    }
    problems
}
