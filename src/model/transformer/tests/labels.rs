//! Labels find their scheme, or their owner is told how to name it.

use super::*;

fn config(labels: &[&str], several: bool) -> Config {
    let names: Vec<String> = labels
        .iter()
        .enumerate()
        .map(|(output, label)| format!("\"{output}\": \"{label}\""))
        .collect();
    let kind = if several {
        "multi_label_classification"
    } else {
        "single_label_classification"
    };
    let text = format!(
        "{{\"problem_type\": \"{kind}\", \"id2label\": {{{}}}}}",
        names.join(", ")
    );
    Config::parse("config.json", &text).expect("a configuration")
}

fn found(labels: &[&str], several: bool, options: &str) -> Result<Meaning, Problems> {
    let options = Options::parse(OPTIONS, options).expect("options");
    meaning(&config(labels, several), &options)
}

#[test]
fn all_labels_of_a_scheme_in_any_order_and_case() {
    let meaning = found(&["POSITIVE", "negative", "Neutral"], false, "").expect("three-way");
    assert_eq!(meaning.scheme.name, "three-way");
    assert_eq!(meaning.output, [1, 2, 0]);
    assert_eq!(meaning.scheme.kind, SchemeKind::Ordinal);
}

#[test]
fn part_of_a_scheme_keeps_polarity_and_says_that_it_is_a_part() {
    let meaning = found(&["NEGATIVE", "POSITIVE"], false, "").expect("two labels");
    assert_eq!(meaning.scheme.name, "2 labels of three-way");
    assert_eq!(meaning.scheme.neutral, None);
    assert!(
        meaning
            .scheme
            .labels
            .iter()
            .all(|label| label.polarity.is_some())
    );
    let four = found(&["anger", "joy", "optimism", "sadness"], false, "").expect("four labels");
    assert_eq!(four.scheme.name, "4 labels of goemotions");
    assert_eq!(four.scheme.kind, SchemeKind::Nominal);
}

#[test]
fn several_labels_at_a_time_are_the_models_choice() {
    let labels = [
        "anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise",
    ];
    let meaning = found(&labels, true, "").expect("ekman");
    assert_eq!(
        (meaning.scheme.name.as_str(), meaning.scheme.kind),
        ("ekman", SchemeKind::MultiLabel)
    );
}

#[test]
fn names_without_meaning_are_refused_and_can_be_given_one() {
    let labels = ["LABEL_0", "LABEL_1", "LABEL_2"];
    let problems = found(&labels, false, "").expect_err("nameless");
    assert!(
        problems.to_string().contains("LABEL_0 = \"negative\""),
        "{problems}"
    );
    let named = "[labels]\nLABEL_0 = \"negative\"\nLABEL_1 = \"neutral\"\nLABEL_2 = \"positive\"";
    assert_eq!(
        found(&labels, false, named).expect("named").output,
        [0, 1, 2]
    );
}

#[test]
fn strange_labels_are_named_with_the_nearest_scheme() {
    let problems = found(&["negativ", "neutral", "positive"], false, "").expect_err("a stranger");
    assert_eq!(problems.len(), 1);
    assert!(
        problems.to_string().contains("did you mean negative?"),
        "{problems}"
    );
    let own = "[scheme]\ntask = \"sentiment\"\nlabels = [\"calm\", \"cross\"]";
    assert!(found(&["calm", "cross"], false, own).is_ok());
    assert!(found(&["calm", "angry"], false, own).is_err());
}

#[test]
fn a_label_stands_once_and_options_name_what_is_there() {
    assert!(found(&["Positive", "positive", "negative"], false, "").is_err());
    let problems = found(
        &["negative", "positive"],
        false,
        "[labels]\nLABEL_7 = \"neutral\"",
    );
    assert!(
        problems
            .expect_err("no such label")
            .to_string()
            .contains("no label \"LABEL_7\"")
    );
}
