//! What is generated, and what is listed as not filled.

mod slips;

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

fn templates(wordings: &[&str]) -> String {
    let wordings: Vec<String> = wordings
        .iter()
        .map(|wording| format!("{wording:?}"))
        .collect();
    format!(
        "[[templates]]\nid = \"t\"\nemotion = \"joy\"\nsentiment = \"positive\"\nwordings = [{}]\n",
        wordings.join(", ")
    )
}

fn generated(templates: &str, terms: &str, grammar: Option<&str>) -> Result<Generation, Problems> {
    generate(&Sources {
        templates: ("templates.toml", templates),
        terms: ("terms.toml", terms),
        grammar: grammar.map(|grammar| ("grammar.toml", grammar)),
    })
}

fn texts(wording: &str) -> Vec<String> {
    let generation = generated(&templates(&[wording]), TERMS, None).expect("valid");
    generation.cases.into_iter().map(|case| case.text).collect()
}

#[test]
fn agreement_follows_the_features_of_the_term() {
    assert_eq!(
        texts("{Person} says {they} {was|were} proud of {themself} and {their} team."),
        [
            "My aunt says she was proud of herself and her team.",
            "My friend says they were proud of themself and their team.",
        ]
    );
}

#[test]
fn a_capital_is_that_of_any_script() {
    let of = |person: &str| {
        let terms = TERMS.replace("my aunt", person);
        let generation = generated(&templates(&["{Person} left."]), &terms, None).expect("valid");
        generation.cases[0].text.clone()
    };
    assert_eq!(of("émilie"), "Émilie left.");
    assert_eq!(of("ßeta"), "SSeta left.");
    assert_eq!(of("我"), "我 left.");
}

#[test]
fn words_to_choose_from_may_name_their_feature() {
    assert_eq!(
        texts("{pronouns:Ms|Mr|Mx} Lee met {person}; {they} {verb:smiles|smile}."),
        [
            "Ms Lee met my aunt; she smiles.",
            "Mx Lee met my friend; they smile."
        ]
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..proptest::prelude::ProptestConfig::with_cases(64) })]

    /// The same sources give the same bytes, and the order of terms and templates decides nothing but the order.
    #[test]
    fn the_order_of_the_sources_decides_nothing(seed in proptest::prelude::any::<u64>()) {
        let order = |place: usize| crate::digest::sha256([&seed.to_le_bytes()[..], &place.to_le_bytes()[..]]);
        let shuffled = |lines: &[String]| -> String {
            let mut places: Vec<usize> = (0..lines.len()).collect();
            places.sort_by_key(|place| order(*place));
            places.into_iter().map(|place| lines[place].as_str()).collect()
        };
        let terms: Vec<String> = (0..12)
            .map(|term| format!(
                "[[terms]]\nattribute = \"a{}\"\npair = \"{}\"\ngroup = \"g{}\"\nperson = \"p{term}\"\npronouns = \"plural\"\n",
                term / 6, term % 3, term / 3 % 2
            ))
            .collect();
        let templates: Vec<String> = (0..4)
            .map(|template| format!("[[templates]]\nid = \"{template}\"\nwordings = [\"{{Person}} left {template}.\", \"I saw {{person}}.\"]\n"))
            .collect();
        let sentences = |generation: &Generation| -> BTreeMap<String, String> {
            generation.cases.iter().map(|case| (case.id.clone(), case.text.clone())).collect()
        };
        let one = generated(&templates.concat(), &terms.concat(), None).expect("valid");
        proptest::prop_assert_eq!(&one, &generated(&templates.concat(), &terms.concat(), None).expect("valid"));
        let other = generated(&shuffled(&templates), &shuffled(&terms), None).expect("valid");
        proptest::prop_assert_eq!(sentences(&one).len(), 4 * 2 * 12);
        proptest::prop_assert_eq!(sentences(&one), sentences(&other));
    }
}

#[test]
fn a_slot_without_a_word_leaves_the_set_incomplete_and_says_why() {
    let grammar = r#"
language = "en"
forms = ["person", "possessive"]
[features.gender]
values = ["feminine", "masculine", "other"]
[slots.they]
by = "gender"
forms = { feminine = "she", masculine = "he" }
"#;
    let terms = r#"
terms = [
  { attribute = "gender", pair = "a", group = "woman", person = "Ana", possessive = "Ana's", gender = "feminine" },
  { attribute = "gender", pair = "a", group = "nonbinary", person = "Sam", gender = "other" },
  { attribute = "gender", pair = "a", group = "unknown", person = "Kim" },
]
"#;
    let wordings = ["{Person} said {they} left.", "{Possessive} cat left."];
    let generation = generated(&templates(&wordings), terms, Some(grammar)).expect("valid");
    let texts: Vec<&str> = generation
        .cases
        .iter()
        .map(|case| case.text.as_str())
        .collect();
    assert_eq!(texts, ["Ana said she left.", "Ana's cat left."]);
    let reasons: Vec<(&str, &str, &str)> = generation
        .unfilled
        .iter()
        .map(|unfilled| {
            (
                unfilled.set.as_str(),
                unfilled.group.as_str(),
                unfilled.reason.as_str(),
            )
        })
        .collect();
    assert_eq!(
        reasons,
        [
            (
                "t-1-gender-a",
                "nonbinary",
                "the slot they has no word for gender other"
            ),
            (
                "t-1-gender-a",
                "unknown",
                "the term does not say its gender"
            ),
            (
                "t-2-gender-a",
                "nonbinary",
                "the term has no form possessive"
            ),
            ("t-2-gender-a", "unknown", "the term has no form possessive"),
        ]
    );
    let coverage = &generation.coverage;
    assert_eq!((coverage.templates, coverage.wordings), (1, 2));
    assert_eq!((coverage.sets, coverage.complete), (2, 0));
    let rows: Vec<(&str, u64, u64, u64)> = coverage
        .groups
        .iter()
        .map(|row| (row.group.as_str(), row.terms, row.filled, row.of))
        .collect();
    assert_eq!(
        rows,
        [
            ("woman", 1, 2, 2),
            ("nonbinary", 1, 0, 2),
            ("unknown", 1, 0, 2)
        ]
    );
}

#[test]
fn a_sentence_that_does_not_change_is_no_swap() {
    let terms = TERMS.replace("my friend", "my aunt");
    let wordings = ["{Person} left.", "{Person} says {they} left."];
    let generation = generated(&templates(&wordings), &terms, None).expect("valid");
    assert_eq!(generation.cases.len(), 3);
    assert_eq!(
        generation.unfilled[0].reason,
        "the sentence is the same as for woman"
    );
    assert_eq!(
        (generation.coverage.sets, generation.coverage.complete),
        (2, 1)
    );
}

#[test]
fn a_card_that_is_written_can_be_read_and_keeps_the_coverage() {
    let generation = generated(&templates(&["{Person} left."]), TERMS, None).expect("valid");
    let card = crate::dataset::Card::parse("dataset.toml", &write_card(&generation, "swaps"))
        .expect("a valid card");
    assert_eq!(card.coverage, Some(generation.coverage));
    assert_eq!(card.language, ["en"]);
    assert_eq!(card.tasks.len(), 2);
}

#[test]
fn built_in_grammars_are_sound() {
    for language in languages() {
        let text = built_in(language).expect("it is listed");
        let grammar = Grammar::parse(language, text).expect("a sound grammar");
        assert_eq!(grammar.language, language);
    }
}
