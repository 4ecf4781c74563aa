//! Counterfactual cases from templates and terms: every wording with every term, agreement by grammatical feature.

mod source;

use std::cell::RefCell;

use crate::diagnostic::{Problem, Problems, expected_one_of, quote};
use crate::document::{self, Fields};
use source::{Pronouns, Term, clashes, incomplete_pairs, read_templates, read_terms};

/// The slots for pronouns: name, feminine, masculine, plural.
const SLOTS: [(&str, [&str; 3]); 5] = [
    ("they", ["she", "he", "they"]),
    ("them", ["her", "him", "them"]),
    ("their", ["her", "his", "their"]),
    ("theirs", ["hers", "his", "theirs"]),
    ("themself", ["herself", "himself", "themself"]),
];

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

/// Everything that was generated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generation {
    /// The attributes in the order of the terms.
    pub attributes: Vec<String>,
    /// The cases: by template, wording, pair and group.
    pub cases: Vec<Generated>,
}

/// Fills every wording of every template with every term.
///
/// # Errors
/// Every problem of both files: unknown slots, pairs that lack a group, terms or templates named twice.
pub fn generate(
    (templates_file, templates): (&str, &str),
    (terms_file, terms): (&str, &str),
) -> Result<Generation, Problems> {
    let problems = RefCell::new(Problems::new());
    let templates_table = document::parse(templates_file, templates)?;
    let terms_table = document::parse(terms_file, terms)?;
    let templates = read_templates(Fields::new(&templates_table, &problems));
    let terms = read_terms(Fields::new(&terms_table, &problems));
    let mut problems = problems.into_inner();
    problems.extend(incomplete_pairs(terms_file, &terms));
    problems.extend(clashes(&templates, &terms));
    let mut generation = Generation::default();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for term in &terms {
        if !generation.attributes.contains(&term.attribute) {
            generation.attributes.push(term.attribute.clone());
        }
        if !pairs.contains(&(&term.attribute, &term.pair)) {
            pairs.push((&term.attribute, &term.pair));
        }
    }
    for template in &templates {
        for (number, (wording, place)) in template.wordings.iter().enumerate() {
            for (attribute, pair) in &pairs {
                let set = format!("{}-{}-{attribute}-{pair}", template.id, number + 1);
                for term in terms
                    .iter()
                    .filter(|term| term.attribute == *attribute && term.pair == *pair)
                {
                    match fill(wording, term) {
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
                        Err(slot) => {
                            let known: Vec<&str> = std::iter::once("person")
                                .chain(SLOTS.map(|(name, _)| name))
                                .collect();
                            problems.push(
                                Problem::new(
                                    "generate/unknown-slot",
                                    place.clone(),
                                    format!("slot {} of template {}", quote(&slot), template.id),
                                )
                                .help(format!(
                                    "{}; or two verb forms as in {{is|are}}",
                                    expected_one_of(&slot, &known)
                                )),
                            );
                            // One wording with a wrong slot is one problem, not one a term.
                            break;
                        }
                    }
                }
                if problems.iter().any(|problem| problem.place == *place) {
                    break;
                }
            }
        }
    }
    problems.or(generation)
}

/// A wording with its slots filled, or the name of a slot that nobody knows.
fn fill(wording: &str, term: &Term) -> Result<String, String> {
    let mut text = String::with_capacity(wording.len() + term.person.len());
    let mut rest = wording;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let close = after.find('}').ok_or_else(|| after.to_owned())?;
        text.push_str(&slot(&after[..close], term)?);
        rest = &after[close + 1..];
    }
    text.push_str(rest);
    Ok(text)
}

fn slot(name: &str, term: &Term) -> Result<String, String> {
    if let Some((singular, plural)) = name.split_once('|') {
        let form = if term.pronouns == Pronouns::Plural {
            plural
        } else {
            singular
        };
        return Ok(form.to_owned());
    }
    let lower = name.to_lowercase();
    let word = if lower == "person" {
        term.person.clone()
    } else {
        let (_, forms) = SLOTS
            .iter()
            .find(|(slot, _)| *slot == lower)
            .ok_or_else(|| name.to_owned())?;
        let form = match term.pronouns {
            Pronouns::Feminine => forms[0],
            Pronouns::Masculine => forms[1],
            Pronouns::Plural => forms[2],
        };
        form.to_owned()
    };
    let mut letters = word.chars();
    Ok(match letters.next() {
        Some(first) if name != lower => first.to_uppercase().chain(letters).collect(),
        _ => word,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: &str = r#"
[[terms]]
attribute = "gender"
group = "woman"
person = "my aunt"
pronouns = "feminine"
pair = "a"
[[terms]]
attribute = "gender"
group = "nonbinary"
person = "my friend"
pronouns = "plural"
pair = "a"
"#;

    fn texts(wording: &str) -> Result<Vec<String>, Problems> {
        let templates = format!(
            "[[templates]]\nid = \"t\"\nemotion = \"joy\"\nsentiment = \"positive\"\nwordings = [\"{wording}\"]\n"
        );
        let generation = generate(("templates.toml", &templates), ("terms.toml", TERMS))?;
        Ok(generation.cases.into_iter().map(|case| case.text).collect())
    }

    #[test]
    fn agreement_follows_the_features_of_the_term() {
        assert_eq!(
            texts("{Person} says {they} {was|were} proud of {themself} and {their} team.")
                .expect("valid"),
            [
                "My aunt says she was proud of herself and her team.",
                "My friend says they were proud of themself and their team.",
            ]
        );
    }

    #[test]
    fn an_unknown_slot_is_told_once() {
        let problems = texts("{Person} lost {there} keys.").expect_err("a slip");
        assert_eq!(problems.len(), 1);
        assert!(problems.to_string().contains("did you mean"));
    }

    #[test]
    fn a_pair_without_a_group_is_refused() {
        let terms = TERMS.replace(
            "group = \"nonbinary\"\nperson = \"my friend\"\npronouns = \"plural\"\npair = \"a\"",
            "group = \"nonbinary\"\nperson = \"my friend\"\npronouns = \"plural\"\npair = \"b\"",
        );
        let problems = generate(
            (
                "templates.toml",
                "[[templates]]\nid = \"t\"\nwordings = [\"{Person} left.\"]\n",
            ),
            ("terms.toml", &terms),
        )
        .expect_err("two incomplete pairs");
        assert_eq!(problems.len(), 2);
    }
}
