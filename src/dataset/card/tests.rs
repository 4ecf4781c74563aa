//! Cards that are enough, and every problem of those that are not.

use super::*;

const SMALL: &str = r#"
name = "small"
[tasks.emotion]
scheme = "ekman"
source = "perceived"
[attributes.country]
about = "author"
kind = "culture"
"#;

#[test]
fn a_small_card_is_enough() {
    let card = Card::parse("dataset.toml", SMALL).expect("a valid card");
    assert_eq!(card.tasks[0].column, "emotion");
    assert_eq!(card.attributes[0].column, "country");
    assert_eq!(card.text.name, "text");
}

#[test]
fn wordings_are_those_of_a_template() {
    let card = |columns: &str| {
        Card::parse("dataset.toml", &format!("{SMALL}[columns]\n{columns}"))
            .map(|card| card.wording.map(|column| column.name))
    };
    assert_eq!(
        card("cluster = \"t\"\nwording = \"w\""),
        Ok(Some("w".to_owned()))
    );
    assert_eq!(card("cluster = \"t\""), Ok(None));
    let problems = card("wording = \"w\"").expect_err("of which template?");
    let found: Vec<_> = problems
        .iter()
        .map(|problem| (problem.code, problem.place.to_string()))
        .collect();
    assert_eq!(
        found,
        [(
            "card/wording-of-nothing",
            "dataset.toml:10:11 (wording)".to_owned()
        )]
    );
}

#[test]
fn every_problem_is_told_at_once() {
    let text = SMALL
        .replace("ekman", "eckman")
        .replace("culture", "cultural")
        .replace("name =", "nam =");
    let problems = Card::parse("dataset.toml", &text).expect_err("three slips");
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(
        codes,
        [
            "toml/missing-key",
            "card/unknown-scheme",
            "toml/unknown-value",
            "toml/unknown-key"
        ]
    );
    assert!(problems.to_string().contains("did you mean ekman?"));
}
