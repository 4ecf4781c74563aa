use serde_json::json;

use super::*;
use crate::task::built_in;

fn polarity() -> Vocabulary {
    let scheme = built_in("three-way").expect("scheme");
    let label = |name| scheme.index(name).expect("a label");
    Vocabulary {
        rename: vec![
            ("1 star".to_owned(), label("negative")),
            ("2 stars".to_owned(), label("negative")),
            ("5 stars".to_owned(), label("positive")),
        ],
        abstain: vec!["MIXED".to_owned()],
        threshold: 0.5,
        scheme,
    }
}

fn said(label: Value, by_label: Value) -> Result<Said, String> {
    Ok(Said {
        labels: labels(&label)?,
        scores: scores(&by_label)?,
        abstained: false,
    })
}

#[test]
fn labels_and_scores_are_understood() {
    let vocabulary = polarity();
    let read = |label, scores| said(label, scores).and_then(|said| vocabulary.read(&said));
    let one = |name| Answer::Labels(LabelSet::one(vocabulary.scheme.index(name).expect("label")));
    assert_eq!(
        read(json!("POSITIVE"), json!(null)),
        Ok((one("positive"), vec![]))
    );
    assert_eq!(
        read(json!("MIXED"), json!(null)),
        Ok((Answer::Abstained, vec![]))
    );
    // Two stars and one are both negative, and more than five stars together.
    let stars = json!({"1 star": 0.25, "2 stars": 0.25, "neutral": 0.125, "5 stars": 0.375});
    assert_eq!(
        read(json!(null), stars),
        Ok((one("negative"), vec![0.5, 0.125, 0.375]))
    );
    // The highest score is that of no answer.
    let mixed = json!({"negative": 0.1, "neutral": 0.1, "positive": 0.2, "MIXED": 0.6});
    assert_eq!(
        read(json!(null), mixed.clone()),
        Ok((Answer::Abstained, vec![]))
    );
    assert_eq!(
        read(json!("neutral"), mixed),
        Ok((one("neutral"), vec![0.1, 0.1, 0.2]))
    );
    let less = json!({"negative": 0.1, "neutral": 0.1, "positive": 0.4, "MIXED": 0.4});
    assert_eq!(
        read(json!(null), less),
        Ok((one("positive"), vec![0.1, 0.1, 0.4]))
    );
    // Scores of some labels are no row of scores.
    assert_eq!(
        read(json!(null), json!({"positive": 0.9})),
        Ok((one("positive"), vec![]))
    );
}

#[test]
fn what_is_no_answer_is_a_fault() {
    let vocabulary = polarity();
    for (label, by_label, fault) in [
        (json!("joy"), json!(null), "the label \"joy\" is not known"),
        (
            json!(null),
            json!({"joy": 0.2}),
            "the label \"joy\" is not known",
        ),
        (json!(null), json!(null), "neither label nor scores"),
        (json!([]), json!(null), "0 labels where one was asked for"),
        (
            json!(["positive", "negative"]),
            json!(null),
            "2 labels where one was asked for",
        ),
        (json!({"a": 1}), json!(null), "a label that is no word"),
        (
            json!("positive"),
            json!([1]),
            "scores that are no numbers by label",
        ),
        (
            json!("positive"),
            json!({"positive": "high"}),
            "scores that are no numbers by label",
        ),
        (
            json!("positive"),
            json!({"positive": 1.5}),
            "a score outside 0 to 1",
        ),
        (
            json!(null),
            json!({"positive": 0.8, "5 stars": 0.8}),
            "two scores for one label",
        ),
    ] {
        let read = said(label, by_label).and_then(|said| vocabulary.read(&said));
        assert_eq!(read, Err(fault.to_owned()));
    }
}

#[test]
fn several_labels_are_answered_from_the_threshold() {
    let scheme = built_in("plutchik").expect("scheme");
    let vocabulary = Vocabulary {
        rename: Vec::new(),
        abstain: Vec::new(),
        threshold: 0.3,
        scheme: scheme.clone(),
    };
    let mut all = serde_json::Map::new();
    for name in scheme.names() {
        all.insert(
            name.to_owned(),
            json!(if name == "joy" || name == "fear" {
                0.3
            } else {
                0.1
            }),
        );
    }
    let read = |scores| said(json!(null), scores).and_then(|said| vocabulary.read(&said));
    let (answer, row) = read(Value::Object(all)).expect("an answer");
    assert_eq!(row.len(), scheme.labels.len());
    assert_eq!(answer.labels().map(LabelSet::len), Some(2));
    assert!(read(json!({"joy": 0.9})).is_err());
    let none = said(json!([]), json!(null)).and_then(|said| vocabulary.read(&said));
    assert_eq!(none, Ok((Answer::Labels(LabelSet::EMPTY), vec![])));
}
