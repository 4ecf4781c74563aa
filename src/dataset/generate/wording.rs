//! A sentence with slots: taken apart once, then filled for one term after another.

use super::grammar::Grammar;
use super::source::Term;
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};

/// A sentence taken apart.
pub(super) struct Wording {
    parts: Vec<Part>,
}

enum Part {
    /// Words that stay.
    Text(String),
    /// A noun phrase of the term.
    Form(String, bool),
    /// A word of the grammar, by the place of its slot.
    Slot(usize, bool),
    /// One of several words, by the value of a feature.
    Choice(String, Vec<String>),
}

impl Wording {
    /// Takes a sentence apart.
    ///
    /// # Errors
    /// Every slot that the grammar does not know.
    pub(super) fn parse(
        wording: &str,
        place: &Place,
        template: &str,
        grammar: &Grammar,
    ) -> Result<Wording, Problems> {
        let mut problems = Problems::new();
        let mut parts = Vec::new();
        let mut rest = wording;
        while let Some(at) = rest.find(['{', '}']) {
            parts.push(Part::Text(rest[..at].to_owned()));
            let inside = &rest[at + 1..];
            let closed = rest[at..].starts_with('{').then(|| inside.find(['{', '}']));
            let Some(Some(end)) =
                closed.filter(|end| end.is_some_and(|end| inside[end..].starts_with('}')))
            else {
                problems.push(
                    Problem::new(
                        "generate/open-slot",
                        place.clone(),
                        format!(
                            "a brace without its counterpart in template {}",
                            quote(template)
                        ),
                    )
                    .help("write slots as in {person}"),
                );
                return Err(problems);
            };
            match part(&inside[..end], grammar) {
                Ok(part) => parts.push(part),
                Err((message, help)) => problems.push(
                    Problem::new(
                        "generate/unknown-slot",
                        place.clone(),
                        format!("{message} in template {}", quote(template)),
                    )
                    .help(help),
                ),
            }
            rest = &inside[end + 1..];
        }
        parts.push(Part::Text(rest.to_owned()));
        let names_someone = parts.iter().any(|part| !matches!(part, Part::Text(_)));
        if !names_someone && problems.is_empty() {
            problems.push(
                Problem::new(
                    "generate/no-slot",
                    place.clone(),
                    format!("a wording of template {} has no slot", quote(template)),
                )
                .help("without a slot every sentence of a set is the same"),
            );
        }
        problems.or(Wording { parts })
    }

    /// The sentence for one term, or why there is none.
    pub(super) fn fill(&self, term: &Term, grammar: &Grammar) -> Result<String, String> {
        let mut text = String::new();
        for part in &self.parts {
            let (word, capital) = match part {
                Part::Text(words) => (words.as_str(), false),
                Part::Form(name, capital) => {
                    let form = term.forms.get(name);
                    let form = form.ok_or_else(|| format!("the term has no form {name}"))?;
                    (form.as_str(), *capital)
                }
                Part::Slot(place, capital) => {
                    let slot = &grammar.slots[*place];
                    let value = value(&slot.by, term, grammar)?;
                    let form = slot.forms.get(value).ok_or_else(|| {
                        format!("the slot {} has no word for {} {value}", slot.name, slot.by)
                    })?;
                    (form.as_str(), *capital)
                }
                Part::Choice(feature, words) => {
                    let value = value(feature, term, grammar)?;
                    let place = grammar
                        .feature(feature)
                        .and_then(|feature| feature.values.iter().position(|known| known == value));
                    let word = place.and_then(|place| words.get(place));
                    let word = word.ok_or_else(|| format!("no word for {feature} {value}"))?;
                    (word.as_str(), false)
                }
            };
            let mut letters = word.chars();
            match letters.next() {
                Some(first) if capital => {
                    text.extend(first.to_uppercase());
                    text.push_str(letters.as_str());
                }
                _ => text.push_str(word),
            }
        }
        Ok(text)
    }
}

fn value<'a>(name: &'a str, term: &'a Term, grammar: &'a Grammar) -> Result<&'a str, String> {
    match grammar.feature(name) {
        Some(feature) => grammar.value(feature, &term.features),
        None => Err(format!("no feature {name}")),
    }
}

/// What stands between two braces, or what is wrong with it and the way out.
fn part(inside: &str, grammar: &Grammar) -> Result<Part, (String, String)> {
    if inside.contains('|') {
        return choice(inside, grammar);
    }
    let mut letters = inside.chars();
    // A capital asks for one; the rest of the name is written as it was declared.
    let (name, capital) = match letters.next() {
        Some(first) if first.is_uppercase() => {
            (first.to_lowercase().chain(letters).collect(), true)
        }
        _ => (inside.to_owned(), false),
    };
    if grammar.forms.contains(&name) {
        return Ok(Part::Form(name, capital));
    }
    if let Some(place) = grammar.slots.iter().position(|slot| slot.name == name) {
        return Ok(Part::Slot(place, capital));
    }
    let known: Vec<&str> = grammar
        .forms
        .iter()
        .chain(grammar.slots.iter().map(|slot| &slot.name))
        .map(String::as_str)
        .collect();
    Err((
        format!("slot {}", quote(inside)),
        format!(
            "{}; or words to choose from, as in {{is|are}}",
            expected_one_of(&name, &known)
        ),
    ))
}

/// `a|b` by the feature that the grammar says, or `feature:a|b`.
fn choice(inside: &str, grammar: &Grammar) -> Result<Part, (String, String)> {
    let names: Vec<&str> = grammar
        .features
        .iter()
        .map(|feature| feature.name.as_str())
        .collect();
    let wrong = || format!("slot {}", quote(inside));
    let (name, words) = match (inside.split_once(':'), &grammar.agrees) {
        (Some((name, words)), _) => (name, words),
        (None, Some(agrees)) => (agrees.as_str(), inside),
        (None, None) => {
            return Err((
                wrong(),
                format!(
                    "say which feature the words go by, as in {{FEATURE:a|b}}: {}",
                    names.join(", ")
                ),
            ));
        }
    };
    let Some(feature) = grammar.feature(name) else {
        return Err((
            wrong(),
            format!("a feature is {}", expected_one_of(name, &names)),
        ));
    };
    let words: Vec<String> = words.split('|').map(str::to_owned).collect();
    if words.len() != feature.values.len() {
        return Err((
            format!("{} words in slot {}", words.len(), quote(inside)),
            format!(
                "{} takes {}, in this order: {}",
                feature.name,
                feature.values.len(),
                feature.values.join(", ")
            ),
        ));
    }
    Ok(Part::Choice(name.to_owned(), words))
}
