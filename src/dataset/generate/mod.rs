//! Counterfactual cases from templates and terms: every wording with every term, agreement by declared features.
//!
//! What cannot be said of a term is listed with its reason and never guessed. The format of the sources is written
//! down in `docs/generate.md`.

mod grammar;
mod source;
#[cfg(test)]
mod tests;
mod wording;
mod write;

pub use grammar::{built_in, languages};
pub(in crate::dataset) use write::csv_text;
pub use write::{own_labels, to_csv, unfilled_csv, write_card};

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::coverage::{Coverage, GroupCoverage};
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::document::{self, Fields};
use grammar::Grammar;
use source::{
    Template, Term, clashes, incomplete_terms, read_language, read_templates, read_terms,
    unfit_pairs,
};
use wording::Wording;

/// The columns that a file of generated cases has besides one for each attribute.
pub const FIXED_COLUMNS: [&str; 7] = [
    "id",
    "text",
    "template",
    "wording",
    "set",
    "emotion",
    "sentiment",
];

/// The most sentences that one call generates.
const MOST_CASES: usize = 2_000_000;

/// What is generated from: each a file name for messages and its text.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Meanings, each in several wordings.
    pub templates: (&'a str, &'a str),
    /// Whom sentences may be about.
    pub terms: (&'a str, &'a str),
    /// What agrees with what; the built-in grammar of the language where there is none.
    pub grammar: Option<(&'a str, &'a str)>,
}

/// One generated case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Unique name.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// The template: cases of one template are not independent.
    pub template: String,
    /// Which wording of it, from 1.
    pub wording: usize,
    /// The counterfactual set.
    pub set: String,
    /// The emotion set by construction.
    pub emotion: String,
    /// The polarity set by construction.
    pub sentiment: String,
    /// The attribute that the set varies.
    pub attribute: String,
    /// The group of this case.
    pub group: String,
}

/// A group for which a set has no sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfilled {
    /// The counterfactual set that lacks it.
    pub set: String,
    /// The template.
    pub template: String,
    /// Which wording of it, from 1.
    pub wording: usize,
    /// The attribute that the set varies.
    pub attribute: String,
    /// The group that has no sentence.
    pub group: String,
    /// Why.
    pub reason: String,
}

/// Everything that was generated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generation {
    /// The language of all sentences.
    pub language: String,
    /// The attributes in the order of the terms.
    pub attributes: Vec<String>,
    /// The cases: by template, wording, pair and group.
    pub cases: Vec<Generated>,
    /// What could not be said, in the same order.
    pub unfilled: Vec<Unfilled>,
    /// How much of it there is, by group.
    pub coverage: Coverage,
}

/// Fills every wording of every template with every term.
///
/// A set that cannot be filled for one of its groups keeps the sentences of the others, so that it counts as a set
/// that was not covered, and stands in [`Generation::unfilled`].
///
/// # Errors
/// Every problem of the files: unknown slots, pairs that lack a group, terms or templates named twice.
pub fn generate(sources: &Sources<'_>) -> Result<Generation, Problems> {
    let mut problems = Problems::new();
    let templates_table = problems.take(document::parse(sources.templates.0, sources.templates.1));
    let terms_table = problems.take(document::parse(sources.terms.0, sources.terms.1));
    let own = sources
        .grammar
        .map(|(file, text)| problems.take(Grammar::parse(file, text)));
    let (Some(templates_table), Some(terms_table)) = (templates_table, terms_table) else {
        return Err(problems);
    };
    let noted = RefCell::new(problems);
    let template_fields = Fields::new(&templates_table, &noted);
    let term_fields = Fields::new(&terms_table, &noted);
    let (language, place) = read_language(&template_fields);
    let (terms_language, terms_place) = read_language(&term_fields);
    let templates = read_templates(template_fields);
    // A grammar with slips of its own cannot be read against.
    let grammar = match own {
        Some(None) => None,
        own => {
            let grammar = grammar::choose(&language, &place, own.flatten());
            noted.borrow_mut().take(grammar)
        }
    };
    let Some(grammar) = grammar else {
        return Err(noted.into_inner());
    };
    let terms = read_terms(term_fields, &grammar);
    let mut problems = noted.into_inner();
    if terms_language != language {
        problems.push(
            Problem::new(
                "generate/language",
                terms_place,
                format!(
                    "the terms are in {} and the templates in {}",
                    quote(&terms_language),
                    quote(&language)
                ),
            )
            .help("terms and templates are in one language: say `language = \"...\"` in both"),
        );
    }
    problems.extend(incomplete_terms(&terms, &grammar));
    problems.extend(unfit_pairs(&terms, &grammar));
    problems.extend(clashes(&templates, &terms));
    let wordings = parse_wordings(&templates, &grammar, &mut problems);
    let count = wordings
        .iter()
        .map(Vec::len)
        .sum::<usize>()
        .saturating_mul(terms.len());
    if count > MOST_CASES {
        problems.push(
            Problem::new(
                "generate/too-many",
                Place::file(sources.templates.0),
                format!("wordings times terms are {count} sentences"),
            )
            .help(format!(
                "at most {MOST_CASES} are generated; split the templates or the terms"
            )),
        );
    }
    problems.or(())?;
    let mut generation = fill(&templates, &wordings, &terms, &grammar);
    generation.language = language;
    generation.coverage = coverage(&generation, &templates, &terms);
    Ok(generation)
}

fn parse_wordings(
    templates: &[Template],
    grammar: &Grammar,
    problems: &mut Problems,
) -> Vec<Vec<Wording>> {
    templates
        .iter()
        .map(|template| {
            template
                .wordings
                .iter()
                .filter_map(|(wording, place)| {
                    Wording::parse(wording, place, &template.id, grammar)
                        .map_err(|found| problems.extend(found))
                        .ok()
                })
                .collect()
        })
        .collect()
}

fn fill(
    templates: &[Template],
    wordings: &[Vec<Wording>],
    terms: &[Term],
    grammar: &Grammar,
) -> Generation {
    let mut generation = Generation::default();
    // In the order in which they are first named.
    let mut pairs: Vec<(&str, &str, Vec<&Term>)> = Vec::new();
    let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut attributes: BTreeSet<&str> = BTreeSet::new();
    for term in terms {
        if attributes.insert(&term.attribute) {
            generation.attributes.push(term.attribute.clone());
        }
        let place = *places
            .entry((&term.attribute, &term.pair))
            .or_insert(pairs.len());
        if place == pairs.len() {
            pairs.push((&term.attribute, &term.pair, Vec::new()));
        }
        pairs[place].2.push(term);
    }
    for (template, wordings) in templates.iter().zip(wordings) {
        for (number, wording) in wordings.iter().enumerate() {
            for (attribute, pair, members) in &pairs {
                let set = format!("{}-{}-{attribute}-{pair}", template.id, number + 1);
                let mut said: BTreeMap<String, &str> = BTreeMap::new();
                for term in members {
                    let filled = wording.fill(term, grammar).and_then(|text| {
                        // Where nothing was swapped, nothing is tested.
                        match said.insert(text.clone(), &term.group) {
                            Some(other) => Err(format!("the sentence is the same as for {other}")),
                            None => Ok(text),
                        }
                    });
                    match filled {
                        Ok(text) => generation.cases.push(Generated {
                            id: format!("{set}-{}", term.group),
                            text,
                            template: template.id.clone(),
                            wording: number + 1,
                            set: set.clone(),
                            emotion: template.emotion.clone(),
                            sentiment: template.sentiment.clone(),
                            attribute: term.attribute.clone(),
                            group: term.group.clone(),
                        }),
                        Err(reason) => generation.unfilled.push(Unfilled {
                            set: set.clone(),
                            template: template.id.clone(),
                            wording: number + 1,
                            attribute: term.attribute.clone(),
                            group: term.group.clone(),
                            reason,
                        }),
                    }
                }
            }
        }
    }
    generation
}

/// How much there is: every set is filled for a group, or it is not and stands among the unfilled.
fn coverage(generation: &Generation, templates: &[Template], terms: &[Term]) -> Coverage {
    let sets: BTreeSet<&str> = generation
        .cases
        .iter()
        .map(|case| case.set.as_str())
        .chain(
            generation
                .unfilled
                .iter()
                .map(|unfilled| unfilled.set.as_str()),
        )
        .collect();
    let incomplete: BTreeSet<&str> = generation
        .unfilled
        .iter()
        .map(|unfilled| unfilled.set.as_str())
        .collect();
    let mut groups: Vec<GroupCoverage> = Vec::new();
    let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for term in terms {
        let place = *places
            .entry((&term.attribute, &term.group))
            .or_insert(groups.len());
        if place == groups.len() {
            groups.push(GroupCoverage {
                attribute: term.attribute.clone(),
                group: term.group.clone(),
                ..GroupCoverage::default()
            });
        }
        groups[place].terms += 1;
    }
    let mut count = |attribute: &str, group: &str, filled: u64| {
        if let Some(place) = places.get(&(attribute, group)) {
            groups[*place].filled += filled;
            groups[*place].of += 1;
        }
    };
    for case in &generation.cases {
        count(&case.attribute, &case.group, 1);
    }
    for unfilled in &generation.unfilled {
        count(&unfilled.attribute, &unfilled.group, 0);
    }
    Coverage {
        templates: templates.len() as u64,
        wordings: templates
            .iter()
            .map(|template| template.wordings.len() as u64)
            .sum(),
        sets: sets.len() as u64,
        complete: (sets.len() - incomplete.len()) as u64,
        groups,
    }
}
