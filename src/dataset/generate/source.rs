//! Reads templates and terms, and checks that every set has one term for each of its groups.

use std::collections::BTreeMap;

use super::FIXED_COLUMNS;
use super::grammar::Grammar;
use crate::diagnostic::{Place, Problem, Problems, counted, expected_one_of, quote};
use crate::document::Fields;

/// The language of files that do not say theirs.
const LANGUAGE: &str = "en";

/// Somebody whom a sentence may be about.
pub(super) struct Term {
    place: Place,
    pub(super) attribute: String,
    pub(super) group: String,
    pub(super) pair: String,
    /// Noun phrases, by the forms of the grammar.
    pub(super) forms: BTreeMap<String, String>,
    /// Grammatical features that the term gives.
    pub(super) features: BTreeMap<String, String>,
}

/// One meaning in several wordings.
pub(super) struct Template {
    place: Place,
    pub(super) id: String,
    pub(super) emotion: String,
    pub(super) sentiment: String,
    pub(super) wordings: Vec<(String, Place)>,
}

/// The language that a file is in, and where it says so.
pub(super) fn read_language(fields: &Fields<'_>) -> (String, Place) {
    let place = fields.place_of("language");
    let language = fields.text("language");
    (language.unwrap_or_else(|| LANGUAGE.to_owned()), place)
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

pub(super) fn read_terms(fields: Fields<'_>, grammar: &Grammar) -> Vec<Term> {
    let terms: Vec<Term> = fields
        .tables("terms")
        .into_iter()
        .map(|table| read_term(&table, grammar))
        .collect();
    if terms.is_empty() {
        fields.missing("terms", "at least one [[terms]] table");
    }
    fields.finish();
    terms
}

/// The keys of a term beside the fixed ones are those of the grammar, so they are checked here.
fn read_term(table: &Fields<'_>, grammar: &Grammar) -> Term {
    const FIXED: [&str; 3] = ["attribute", "group", "pair"];
    let mut term = Term {
        place: table.place_of("attribute"),
        attribute: table.required_text("attribute"),
        group: table.required_text("group"),
        pair: table.required_text("pair"),
        forms: BTreeMap::new(),
        features: BTreeMap::new(),
    };
    for (key, text, place) in table.named_texts() {
        if grammar.forms.contains(&key) {
            if !text.trim().is_empty() {
                term.forms.insert(key, text);
            }
        } else if let Some(feature) = grammar.given().find(|feature| feature.name == key) {
            if feature.values.contains(&text) {
                term.features.insert(key, text);
            } else {
                let known: Vec<&str> = feature.values.iter().map(String::as_str).collect();
                table.problem(
                    Problem::new(
                        "toml/unknown-value",
                        place.key(&key),
                        format!("{key} is {}", quote(&text)),
                    )
                    .help(expected_one_of(&text, &known)),
                );
            }
        } else if !FIXED.contains(&key.as_str()) {
            let own = grammar
                .forms
                .iter()
                .chain(grammar.given().map(|feature| &feature.name));
            let known: Vec<&str> = FIXED.into_iter().chain(own.map(String::as_str)).collect();
            table.problem(
                Problem::new(
                    "toml/unknown-key",
                    place.key(&key),
                    format!("unknown key {}", quote(&key)),
                )
                .help(expected_one_of(&key, &known)),
            );
        }
    }
    term
}

/// Every term must give the first form, and every pair must have one term for every group of its attribute, so that
/// every set can be compared.
pub(super) fn incomplete_pairs(file: &str, terms: &[Term], grammar: &Grammar) -> Problems {
    let mut problems = Problems::new();
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for term in terms {
        if let Some(first) = grammar
            .forms
            .first()
            .filter(|first| !term.forms.contains_key(*first))
        {
            problems.push(
                Problem::new(
                    "toml/missing-key",
                    term.place.clone().key(first),
                    format!("the key {first} is missing"),
                )
                .help("every term gives the first form of its grammar, and it is not blank"),
            );
        }
        let known = groups.entry(&term.attribute).or_default();
        if !known.contains(&term.group.as_str()) {
            known.push(&term.group);
        }
        pairs
            .entry((&term.attribute, &term.pair))
            .or_default()
            .push(&term.group);
    }
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
