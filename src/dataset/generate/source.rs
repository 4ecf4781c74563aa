//! Reads templates and terms, and checks that every set has one term for each of its groups.

use std::collections::{BTreeMap, BTreeSet};

use super::FIXED_COLUMNS;
use super::grammar::Grammar;
use crate::diagnostic::{Place, Problem, Problems, counted, expected_one_of, quote};
use crate::document::Fields;

/// The language of files that do not say theirs.
const LANGUAGE: &str = "en";

/// After so many problems with pairs, more are not looked for: pairs times groups may be very many.
const MOST_TOLD: usize = 1_000;

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
    // Read once, so that a key of another type is told of once.
    let named = table.named_texts();
    let fixed = |key: &str| -> String {
        match named.iter().find(|(name, ..)| name == key) {
            Some((_, text, _)) if !text.trim().is_empty() => return text.clone(),
            Some((.., place)) => table.problem(
                Problem::new(
                    "toml/blank",
                    place.clone().key(key),
                    format!("{key} is blank"),
                )
                .help("every term says its attribute, its group and its pair"),
            ),
            None if table.has(key) => {}
            None => table.missing(key, "a string"),
        }
        String::new()
    };
    let [attribute, group, pair] = FIXED.map(fixed);
    let mut term = Term {
        place: table.place_of("attribute"),
        attribute,
        group,
        pair,
        forms: BTreeMap::new(),
        features: BTreeMap::new(),
    };
    for (key, text, place) in named {
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

/// Every term must give the first form of its grammar.
pub(super) fn incomplete_terms(terms: &[Term], grammar: &Grammar) -> Problems {
    let mut problems = Problems::new();
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
    }
    problems
}

/// Every pair must have one term for every group of its attribute, and these must agree in what a set must not vary.
pub(super) fn unfit_pairs(terms: &[Term], grammar: &Grammar) -> Problems {
    let mut problems = Problems::new();
    let mut groups: BTreeMap<&str, BTreeMap<&str, &Term>> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), Vec<&Term>> = BTreeMap::new();
    // What is blank has been told of already.
    for term in terms.iter().filter(|term| term.is_placed()) {
        let known = groups.entry(&term.attribute).or_default();
        known.entry(&term.group).or_insert(term);
        pairs
            .entry((&term.attribute, &term.pair))
            .or_default()
            .push(term);
    }
    for (attribute, known) in &groups {
        if let (Some(only), 1) = (known.values().next(), known.len()) {
            problems.push(
                Problem::new(
                    "generate/one-group",
                    only.place.clone(),
                    format!(
                        "the attribute {} has no group but {}",
                        quote(attribute),
                        quote(&only.group)
                    ),
                )
                .help("a counterfactual set compares at least two groups: add terms for another"),
            );
        }
    }
    for ((attribute, pair), members) in pairs {
        if problems.len() >= MOST_TOLD {
            break;
        }
        let mut by_group: BTreeMap<&str, Vec<&Term>> = BTreeMap::new();
        for member in &members {
            by_group.entry(&member.group).or_default().push(member);
        }
        for group in groups[attribute].keys() {
            let fitting = by_group.remove(group).unwrap_or_default();
            if fitting.len() != 1 {
                // The second of two, or the pair that lacks one.
                let place = fitting.get(1).map_or(&members[0].place, |term| &term.place);
                let found = counted(fitting.len(), "term");
                problems.push(
                    Problem::new(
                        "generate/incomplete-pair",
                        place.clone(),
                        format!(
                            "{found} for the group {} in the pair {}",
                            quote(group),
                            quote(pair)
                        ),
                    )
                    .help("each pair needs exactly one term for every group of its attribute"),
                );
            }
        }
        problems.extend(disagreeing(&members, grammar));
    }
    problems
}

/// Terms of one pair that differ in a feature which the grammar keeps the same, such as number: their set would vary
/// more than the identity.
fn disagreeing(members: &[&Term], grammar: &Grammar) -> Problems {
    let mut problems = Problems::new();
    for feature in grammar.features.iter().filter(|feature| feature.same) {
        // A term that does not say the feature is listed where a wording needs it.
        let values = members
            .iter()
            .filter_map(|term| Some((term, grammar.value(feature, &term.features).ok()?)));
        let mut first: Option<(&str, &str)> = None;
        for (term, value) in values {
            let (expected, group) = *first.get_or_insert((value, &term.group));
            if value != expected {
                problems.push(
                    Problem::new(
                        "generate/pair-disagrees",
                        term.place.clone().key(&feature.name),
                        format!(
                            "{} is {}, and {} for {} in the same pair {}",
                            feature.name,
                            quote(value),
                            quote(expected),
                            quote(group),
                            quote(&term.pair)
                        ),
                    )
                    .help(format!(
                        "the grammar says that {} is the same within a pair; put the term into another pair",
                        feature.name
                    )),
                );
            }
        }
    }
    problems
}

impl Term {
    /// Whether it says where it belongs.
    fn is_placed(&self) -> bool {
        ![&self.attribute, &self.group, &self.pair]
            .into_iter()
            .any(String::is_empty)
    }
}

/// Templates of one id, wordings that stand twice, and attributes named like a column that every generated file has.
pub(super) fn clashes(templates: &[Template], terms: &[Term]) -> Problems {
    let mut problems = Problems::new();
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for template in templates {
        // A blank id has been told of already.
        if !template.id.is_empty() && !ids.insert(&template.id) {
            problems.push(
                Problem::new(
                    "generate/duplicate-template",
                    template.place.clone(),
                    format!("two templates are named {}", quote(&template.id)),
                )
                .help("give each template an id of its own"),
            );
        }
        let mut wordings: BTreeSet<&str> = BTreeSet::new();
        for (wording, place) in &template.wordings {
            if !wordings.insert(wording) {
                problems.push(
                    Problem::new(
                        "generate/duplicate-wording",
                        place.clone(),
                        format!("this wording stands twice in template {}", quote(&template.id)),
                    )
                    .help("say the same in other words, or leave it out: a copy is no further evidence"),
                );
            }
        }
    }
    let mut attributes: BTreeSet<&str> = BTreeSet::new();
    for term in terms {
        let first = attributes.insert(&term.attribute);
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
