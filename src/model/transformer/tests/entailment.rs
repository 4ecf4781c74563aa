//! What is asked of a model of entailment, and how its outputs are read.

use super::*;

const THREE: &[&str] = &["contradiction", "neutral", "ENTAILMENT"];
const ASKED: &str = "[scheme]\nname = \"three-way\"\n[zero_shot]\nhypothesis = \"It is {}.\"\n";

fn asked(labels: &[&str], options: &str) -> Result<(Meaning, Questions), Problems> {
    let names: Vec<String> = labels
        .iter()
        .enumerate()
        .map(|(output, label)| format!("\"{output}\": \"{label}\""))
        .collect();
    let config = format!("{{\"id2label\": {{{}}}}}", names.join(", "));
    let config = Config::parse("config.json", &config)?;
    let options = Options::parse(OPTIONS, options)?;
    let asking = options.asking.as_ref().expect("a table");
    asking.meaning(&config, &options)
}

#[test]
fn each_label_has_a_sentence_in_its_words() {
    let more = "[zero_shot.wording]\nNegative = \"bad\"\n";
    let (meaning, questions) = asked(THREE, &format!("{ASKED}{more}")).expect("read");
    assert_eq!(meaning.scheme.name, "three-way");
    assert_eq!(
        questions.sentences,
        ["It is bad.", "It is neutral.", "It is positive."]
    );
    assert_eq!(questions.logit(&[1.0, 2.0, 4.0]), 4.0);
    let account = questions.account(&meaning.scheme);
    assert!(account.contains("It is {}."), "{account}");
    assert!(account.contains("\"bad\" for negative"), "{account}");
}

#[test]
fn a_label_by_itself_is_scored_against_contradiction() {
    let several = format!("{ASKED}multi_label = true\n");
    let (meaning, questions) = asked(THREE, &several).expect("read");
    assert!(meaning.scheme.is_multi_label());
    assert_eq!(questions.logit(&[1.0, 2.0, 4.0]), 3.0);
    let (_, two) = asked(&["not_entailment", "entailment"], &several).expect("read");
    assert_eq!(two.logit(&[1.0, 4.0]), 3.0);
    assert!(asked(&["entailment", "neutral", "other"], &several).is_err());
    let named = format!(
        "{several}[labels]\nLABEL_0 = \"contradiction\"\nLABEL_1 = \"neutral\"\nLABEL_2 = \"entailment\"\n"
    );
    let (_, named) = asked(&["LABEL_0", "LABEL_1", "LABEL_2"], &named).expect("read");
    assert_eq!(named.logit(&[1.0, 2.0, 4.0]), 3.0);
}

#[test]
fn what_cannot_be_asked_is_told() {
    let wording = |lines: &str| format!("{ASKED}[zero_shot.wording]\n{lines}\n");
    for (labels, options, problems) in [
        (
            THREE,
            "[zero_shot]\nhypothesis = \"It is {}.\"".to_owned(),
            1,
        ),
        (THREE, ASKED.replace("{}", "it"), 1),
        (THREE, ASKED.replace("{}", "{} {}"), 1),
        (THREE, ASKED.replace("hypothesis", "hypotesis"), 2),
        (&["negative", "positive"], ASKED.to_owned(), 1),
        (&["LABEL_0", "LABEL_1", "LABEL_2"], ASKED.to_owned(), 1),
        (THREE, wording("negative = \" \"\nglad = \"x\""), 2),
        (
            THREE,
            wording("negative = \"bad\"\nNegative = \"worse\""),
            1,
        ),
        (THREE, wording("negative = \"Positive\""), 1),
    ] {
        let found = asked(labels, &options).err().expect("problems");
        assert_eq!(found.len(), problems, "{options}: {found}");
    }
}
