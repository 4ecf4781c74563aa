use super::*;
use crate::model::sentences::probe;
use crate::task::{LabelSet, built_in};

/// What a model would answer that sees the class and not the text.
fn judged(scheme: &str, answer: impl Fn(usize, usize) -> Option<usize>) -> Judgement {
    let probe = probe(&built_in(scheme).expect("built in")).expect("a probe");
    let answers: Vec<(Answer, Vec<f64>)> = probe
        .cases
        .iter()
        .enumerate()
        .map(|(place, (_, class))| match answer(place, *class) {
            Some(label) => (Answer::Labels(LabelSet::one(label)), Vec::new()),
            None => (Answer::Failed, Vec::new()),
        })
        .collect();
    judge(&probe, &answers, false)
}

fn named(judgement: &Judgement) -> Vec<(&'static str, &'static str)> {
    judgement
        .findings
        .iter()
        .map(|finding| (finding.check.page().id, finding.grade.as_str()))
        .collect()
}

#[test]
fn every_check_has_one_page() {
    for (check, page) in &PAGES {
        assert_eq!(Sanity::parse(page.id), Some(*check));
        assert_eq!(check.page().id, page.id);
    }
}

#[test]
fn a_model_that_is_right_or_often_right_is_left_alone() {
    assert_eq!(named(&judged("three-way", |_, class| Some(class))), []);
    assert_eq!(named(&judged("ekman", |_, class| Some(class))), []);
    // Two of five wrong, here and there.
    let middling = |place: usize, class: usize| {
        Some(if place % 5 < 2 {
            (class + place) % 3
        } else {
            class
        })
    };
    assert_eq!(named(&judged("three-way", middling)), []);
}

#[test]
fn exchanged_labels_are_named_and_bad_luck_is_not() {
    let exchanged = judged("three-way", |_, class| Some([2, 1, 0][class]));
    assert_eq!(named(&exchanged), [("swapped-labels", "problem")]);
    assert!(exchanged.findings[0].sentence.starts_with(
        "with negative and positive exchanged, 15 of 15 answers are right and not 5; the chance of that is at most 0.003"
    ));
    // Two of seven: 2^-10 for ten cases, times 21 pairs.
    let two = judged("ekman", |_, class| {
        Some(if class < 2 { 1 - class } else { class })
    });
    assert_eq!(named(&two), [("swapped-labels", "problem")]);
    assert!(
        two.findings[0].sentence.contains("at most 0.021"),
        "{two:?}"
    );
    // All seven round: 35 right where none was, against 1854 and fewer ways.
    let round = judged("ekman", |_, class| Some((class + 1) % 7));
    assert_eq!(named(&round), [("swapped-labels", "problem")]);
    assert!(
        round.findings[0]
            .sentence
            .contains("with anger taken for surprise, disgust taken for anger, ")
    );
    // One class taken for another is a weakness and no exchange.
    let weak = judged("ekman", |_, class| Some(if class == 0 { 1 } else { class }));
    assert_eq!(named(&weak), []);
}

#[test]
fn what_does_not_read_is_named() {
    assert_eq!(
        named(&judged("three-way", |_, _| Some(1))),
        [("one-label", "problem")]
    );
    // A label by the place of the case, whatever its class.
    let guess = judged("three-way", |place, _| Some(place % 3));
    assert_eq!(named(&guess), [("at-chance", "warning")]);
    assert_eq!(
        named(&judged("three-way", |place, class| (place % 5 > 2).then_some(class))),
        [("unanswered", "problem")]
    );
    assert_eq!(
        named(&judged("three-way", |place, class| (place > 0).then_some(class))),
        [("unanswered", "warning")]
    );
}

#[test]
fn scores_are_looked_at() {
    let probe = probe(&built_in("three-way").expect("built in")).expect("a probe");
    let with = |scores: &dyn Fn(usize) -> Vec<f64>, several| {
        let answers: Vec<(Answer, Vec<f64>)> = probe
            .cases
            .iter()
            .enumerate()
            .map(|(place, (_, class))| (Answer::Labels(LabelSet::one(*class)), scores(place)))
            .collect();
        named(&judge(&probe, &answers, several))
    };
    let drift = |place: usize| place as f64 / 1000.0;
    assert_eq!(
        with(
            &|place| vec![0.3, 0.3 + drift(place), 0.4 - drift(place)],
            false
        ),
        []
    );
    // Rounded to two decimals, three scores may lack 0.015 together.
    assert_eq!(
        with(
            &|place| vec![0.33 - drift(place) / 15.0, 0.33, 0.33 + drift(place) / 15.0],
            false
        ),
        []
    );
    let logits = |place: usize| vec![0.9, 0.9, drift(place)];
    assert_eq!(with(&logits, false), [("not-probabilities", "warning")]);
    assert_eq!(with(&logits, true), []);
    assert_eq!(
        with(&|_| vec![0.2, 0.2, 0.6], false),
        [("same-scores", "problem")]
    );
}

#[test]
fn the_numbers_are_those_of_scipy() {
    // scipy.stats.binomtest(9, 15, 1/3, "greater").pvalue and .proportion_ci(0.95, "exact") of the two-sided test.
    let judgement = judged("three-way", |place, class| {
        Some(if place % 5 < 2 {
            (class + 1) % 3
        } else {
            class
        })
    });
    assert_eq!((judgement.right, judgement.answered), (9, 15));
    assert!(
        (judgement.p - 0.030827922990928854).abs() < 1e-9,
        "{}",
        judgement.p
    );
    let interval = judgement.interval.expect("an interval");
    assert!(
        (interval.low - 0.3228697662065893).abs() < 1e-9
            && (interval.high - 0.8366356761404866).abs() < 1e-9,
        "{interval:?}"
    );
    // Derangements of 0 to 7 things: 1, 0, 1, 2, 9, 44, 265, 1854; together with the unmoved all 5040 orders.
    assert_eq!(
        (readings(7, 2), readings(7, 7), readings(3, 3)),
        (21.0, 5039.0, 5.0)
    );
}
