//! What is refused: every slip is told of, at its place, with the way out.

use super::*;

fn codes(result: Result<Generation, Problems>) -> Vec<&'static str> {
    let problems = result.expect_err("there are problems");
    problems.iter().map(|problem| problem.code).collect()
}

/// The codes of problems with their lines.
fn lines(result: Result<Generation, Problems>) -> Vec<(&'static str, u64)> {
    let problems = result.expect_err("there are problems");
    problems
        .iter()
        .map(|problem| {
            assert!(problem.help.is_some(), "{problem:?} has no way out");
            (problem.code, problem.place.line.unwrap_or_default())
        })
        .collect()
}

#[test]
fn every_slip_of_a_wording_is_told_once() {
    let wordings = [
        "{Person} lost {there} keys and {gone|goes} {to|fro|there}.",
        "{Person} broke {their phone.",
        "{Person} and {kind:a|b}}.",
        "Nobody is named.",
    ];
    assert_eq!(
        codes(generated(&templates(&wordings), TERMS, None)),
        [
            "generate/unknown-slot",
            "generate/unknown-slot",
            "generate/open-slot",
            "generate/unknown-slot",
            "generate/open-slot",
            "generate/no-slot",
        ]
    );
}

#[test]
fn a_pair_without_a_group_is_refused() {
    let terms = TERMS.replacen("pair = \"a\"", "pair = \"b\"", 1);
    assert_eq!(
        codes(generated(&templates(&["{Person} left."]), &terms, None)),
        ["generate/incomplete-pair"; 2]
    );
}

#[test]
fn every_slip_of_all_files_is_told_at_once_with_its_line() {
    let templates = r#"language = "en"
[[templates]]
id = "t"
wordings = [
  "{Person} left.",
  "{Person} left.",
]
[[templates]]
id = "t"
emotions = "joy"
wordings = []
"#;
    let terms = r#"language = "en"
terms = [
  { attribute = "gender", pair = "a", group = "woman", person = "Ana", pronouns = "she" },
  { attribute = "gender", pair = "a", group = "woman", person = "Eva" },
  { attribute = "gender", pair = "a", group = "man", person = " " },
  { attribute = "gender", pair = 3, group = "", persn = "Kim" },
  { attribute = "age", pair = "a", group = "old", person = "an old man" },
  { attribute = "set", pair = "a", group = "x", person = "x" },
  { attribute = "set", pair = "a", group = "y", person = "y" },
]
"#;
    assert_eq!(
        lines(generated(templates, terms, None)),
        [
            ("toml/missing-key", 8),
            ("toml/unknown-key", 10),
            ("toml/unknown-value", 3),
            ("toml/wrong-type", 6),
            ("toml/blank", 6),
            ("toml/unknown-key", 6),
            ("toml/missing-key", 5),
            ("toml/missing-key", 6),
            ("generate/one-group", 7),
            ("generate/incomplete-pair", 4),
            ("generate/duplicate-wording", 6),
            ("generate/duplicate-template", 9),
            ("generate/reserved-attribute", 8),
        ]
    );
}

#[test]
fn files_that_are_no_toml_are_told_of_together() {
    assert_eq!(
        codes(generated("[", "a = ", Some("b = "))),
        ["toml/syntax"; 3]
    );
}

/// A set of one sister and two brothers would vary the number as well.
#[test]
fn terms_that_disagree_in_a_kept_feature_cannot_be_paired() {
    let grammar = r#"
language = "en"
forms = ["person"]
agrees = "number"
[features.number]
values = ["singular", "plural"]
same_in_pair = true
[features.gender]
values = ["feminine", "masculine"]
"#;
    let terms = |pair: &str| {
        format!(
            r#"terms = [
  {{ attribute = "gender", pair = "a", group = "woman", person = "my sister", number = "singular", gender = "feminine" }},
  {{ attribute = "gender", pair = "a", group = "man", person = "my brother", number = "singular", gender = "masculine" }},
  {{ attribute = "gender", pair = "b", group = "woman", person = "my sisters", number = "plural" }},
  {{ attribute = "gender", pair = "{pair}", group = "man", person = "my brothers", number = "plural" }},
]"#
        )
    };
    let wording = templates(&["{Person} {is|are} here."]);
    let found = generated(&wording, &terms("b"), Some(grammar)).expect("valid");
    let texts: Vec<&str> = found.cases.iter().map(|case| case.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "My sister is here.",
            "My brother is here.",
            "My sisters are here.",
            "My brothers are here."
        ]
    );
    let mixed = terms("b")
        .replacen("pair = \"a\"", "pair = \"c\"", 1)
        .replacen("pair = \"b\"", "pair = \"a\"", 1)
        .replacen("pair = \"c\"", "pair = \"b\"", 1);
    assert_eq!(
        lines(generated(&wording, &mixed, Some(grammar))),
        [
            ("generate/pair-disagrees", 4),
            ("generate/pair-disagrees", 5)
        ]
    );
}

#[test]
fn languages_must_agree_and_need_a_grammar() {
    let german = format!("language = \"de\"\n{}", templates(&["{Person} ging."]));
    assert!(codes(generated(&german, TERMS, None)).contains(&"generate/language"));
    let own = format!("language = \"eo\"\n{}", templates(&["{Person} iris."]));
    assert_eq!(codes(generated(&own, TERMS, None)), ["generate/language"]);
    let grammar = "language = \"fr\"\nforms = [\"person\"]\n";
    assert_eq!(
        codes(generated(&own, TERMS, Some(grammar))),
        ["generate/language"]
    );
}

#[test]
fn every_slip_of_a_grammar_is_told() {
    let grammar = r#"
language = "en"
forms = ["person", "group"]
agrees = "verbs"
[features.pronouns]
values = ["feminine", "plural"]
[features.verb]
values = ["singular", "plural"]
from = ["pronoun"]
map = { feminine = "single" }
[slots.they]
by = "pronouns"
forms = { femininum = "she" }
[slots.verb]
by = "pronouns"
forms = { feminine = "x" }
"#;
    assert_eq!(
        codes(generated(
            &templates(&["{Person} left."]),
            TERMS,
            Some(grammar)
        )),
        [
            "generate/unknown-feature",
            "generate/unknown-feature-value",
            "generate/unknown-feature-value",
            "generate/unknown-feature",
            "generate/name-taken",
            "generate/name-taken",
        ]
    );
}

#[test]
fn too_much_is_refused_before_it_is_made() {
    let wordings: Vec<String> = (0..2_001)
        .map(|n| format!("{{Person}} left {n}."))
        .collect();
    let wordings: Vec<&str> = wordings.iter().map(String::as_str).collect();
    let mut terms = String::from("terms = [\n");
    for term in 0..1_000 {
        terms.push_str(&format!(
            "{{ attribute = \"a\", pair = \"{}\", group = \"g{}\", person = \"p\" }},\n",
            term / 2,
            term % 2
        ));
    }
    terms.push(']');
    assert_eq!(
        codes(generated(&templates(&wordings), &terms, None)),
        ["generate/too-many"]
    );
}
