use serde_json::json;

use super::*;

fn said(shape: &Shape, body: Value, texts: usize) -> Vec<Result<String, String>> {
    read(shape, &body, texts)
        .into_iter()
        .map(|said| {
            let said = said?;
            if said.abstained {
                return Ok("-".to_owned());
            }
            let labels = said.labels.unwrap_or_default().join("|");
            let scores: Vec<String> = said
                .scores
                .iter()
                .map(|(label, score)| format!("{label}={score}"))
                .collect();
            Ok(format!("{labels} {}", scores.join(" ")).trim().to_owned())
        })
        .collect()
}

fn pointer(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn items_are_matched_by_id() {
    let shape = Shape {
        items: pointer("/r"),
        id: pointer("/id"),
        label: pointer("/l"),
        ..Shape::default()
    };
    let item = |id: Value, label: &str| json!({"id": id, "l": label});
    let items = [
        item(json!("2"), "c"),
        item(json!(0), "a"),
        item(json!("0"), "a"),
        item(json!(7), "z"),
        item(json!("x"), "z"),
        item(json!(3), "d"),
        item(json!(3), "e"),
    ];
    let read = said(&shape, json!({"r": items}), 4);
    assert_eq!(read[2], Ok("c".to_owned()));
    assert_eq!(read[1], Err("an answer without an item for it".to_owned()));
    assert_eq!(read[3], Err("two different answers".to_owned()));
    // The same said twice is one answer, as long as it is the same to the letter.
    assert_eq!(read[0], Err("two different answers".to_owned()));
}

#[test]
fn without_ids_the_number_must_fit() {
    let shape = Shape {
        items: pointer("/p"),
        label: pointer(""),
        ..Shape::default()
    };
    assert_eq!(
        said(&shape, json!({"p": ["a", 1]}), 2),
        [Ok("a".to_owned()), Ok("1".to_owned())]
    );
    for body in [
        json!({"p": ["a"]}),
        json!({"p": {}}),
        json!([1, 2]),
        json!({"p": ["a", "b", "c"]}),
    ] {
        assert!(said(&shape, body, 2).iter().all(Result::is_err));
    }
}

#[test]
fn scores_come_in_three_forms() {
    let listed = Shape {
        items: pointer(""),
        scores: pointer(""),
        score_label: "/label".to_owned(),
        score_value: "/score".to_owned(),
        ..Shape::default()
    };
    let body = json!([[{"label": "a", "score": 0.75}, {"label": "b", "score": 0.25}]]);
    assert_eq!(said(&listed, body, 1), [Ok("a=0.75 b=0.25".to_owned())]);
    let flat = Shape {
        items: pointer("/data"),
        scores: pointer(""),
        order: vec!["a".to_owned(), "b".to_owned()],
        ..Shape::default()
    };
    assert_eq!(
        said(&flat, json!({"data": [0.5, 0.5, 0.25, 0.75]}), 2)[1],
        Ok("a=0.25 b=0.75".to_owned())
    );
    assert!(said(&flat, json!({"data": [0.5, 0.5, 0.25]}), 2)[1].is_err());
    let valence = Shape {
        valence: Some(("/v".to_owned(), -0.25, 0.25)),
        ..Shape::default()
    };
    let of = |value: f64| said(&valence, json!({"v": value}), 1)[0].clone();
    assert_eq!(
        [of(-0.25), of(0.0), of(0.25)],
        ["negative", "neutral", "positive"].map(|label| Ok(label.to_owned()))
    );
}

#[test]
fn refusals_are_abstentions_and_errors_are_not() {
    let chat = Shape {
        json: pointer("/content"),
        refusal: pointer("/refusal"),
        error: pointer("/error"),
        label: pointer("/label"),
        ..Shape::default()
    };
    let of = |body: Value| said(&chat, body, 1)[0].clone();
    assert_eq!(
        of(json!({"content": "{\"label\": \"joy\"}", "refusal": null})),
        Ok("joy".to_owned())
    );
    assert_eq!(
        of(json!({"content": null, "refusal": "I cannot"})),
        Ok("-".to_owned())
    );
    assert!(of(json!({"content": "joy!"})).is_err());
    assert!(of(json!({"content": null})).is_err());
    assert!(of(json!({"content": "{\"label\": \"joy\"}", "error": "x"})).is_err());
}

#[test]
fn what_a_filter_stopped_is_an_abstention() {
    let chat = Shape {
        json: pointer("/content"),
        refused_when: vec![("/finish_reason".to_owned(), "content_filter".to_owned())],
        label: pointer("/label"),
        ..Shape::default()
    };
    let of = |reason: &str| {
        let body = json!({"finish_reason": reason, "content": ""});
        said(&chat, body, 1)[0].clone()
    };
    assert_eq!(of("content_filter"), Ok("-".to_owned()));
    assert!(of("stop").is_err());
}
