//! What the first screen may say: nothing that the record does not bear out, and the same as every other format.

mod groups;
mod numbers;
mod words;

use super::sample::{contrast, hostile, measurement, missing, value, verdict};
use super::{between, page};
use crate::record::{Record, v1};
use crate::report::{markdown, model_card, terminal};

const EMOTIONS: [&str; 3] = ["anger", "fear", "joy"];

/// The first screen without its tags.
fn screen(record: &Record) -> String {
    let page = page(record);
    let header = between(&page, "<header class=\"page\">", "</header>").next();
    let first = between(
        &page,
        "aria-label=\"The answer in short\">",
        "<nav class=\"contents\"",
    )
    .next();
    let both = [header.expect("a header"), first.expect("answers")].concat();
    let mut text = String::new();
    for part in both.split('<') {
        let (_, rest) = part.split_once('>').unwrap_or(("", part));
        text.push_str(rest);
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// An emotion model with this verdict on each of three emotions, for this reason, and no groups.
fn judged(code: &str, dimension: &str) -> Record {
    let mut record = hostile();
    record.measurements.clear();
    record.verdicts.clear();
    record.contrasts.clear();
    record.findings.clear();
    record.controls.clear();
    record.datasets[0].title = String::new();
    record.datasets[0].attributes.clear();
    for model in &mut record.models {
        model.title = String::new();
    }
    for label in [None].into_iter().chain(EMOTIONS.map(Some)) {
        let skill = measurement("skill", label, "", value(0.78, 0.74, 0.81));
        record.measurements.push(skill);
        record.verdicts.push(v1::Verdict {
            verdict: code.to_owned(),
            reasons: vec![v1::Ground {
                dimension: dimension.to_owned(),
                verdict: code.to_owned(),
                text: "why".to_owned(),
            }],
            ..verdict(label, "")
        });
    }
    record
}

/// Beside a sentiment model, by the contrast's recommendation and how much better polarity is read.
fn beside(record: &mut Record, recommendation: &str, more: v1::Value) {
    for label in [None].into_iter().chain(EMOTIONS.map(Some)) {
        record.contrasts.push(v1::Contrast {
            emotion: value(0.78, 0.74, 0.81),
            sentiment: value(0.97, 0.96, 0.98),
            sentiment_minus_emotion: more.clone(),
            recommendation: recommendation.to_owned(),
            ..contrast(label, "")
        });
    }
}

#[test]
fn advice_that_rests_on_all_cases_says_so() {
    for (polarity, by_whole) in [
        (value(0.2, 0.1, 0.3), false),
        (value(0.3, 0.1, 0.5), true),
        (missing("too few"), true),
    ] {
        let mut record = judged("unreliable", "skill");
        beside(&mut record, "neither", value(0.2, 0.15, 0.24));
        for row in &mut record.contrasts {
            row.sentiment = match row.label.as_deref() {
                Some("joy") => polarity.clone(),
                _ => value(0.2, 0.1, 0.3),
            };
        }
        let said = "that polarity is of no use follows from all cases, not from these alone";
        let texts = [markdown::render(&record), terminal::summary(&record)];
        for text in texts {
            assert_eq!(text.contains(&format!("neither; {said}")), by_whole);
        }
        let page = screen(&record);
        let told = page.contains(&format!("read these texts. For joy, {said}."));
        assert_eq!(told, by_whole, "{page}");
    }
}

#[test]
fn an_emotion_is_called_reliable_only_where_its_verdict_is() {
    for (code, usable, headline, column, advice) in [
        (
            "reliable",
            "emotion-usable",
            "Every emotion is read reliably on this data",
            "Hold up",
            "emotion usable",
        ),
        (
            "limited",
            "emotion-usable",
            "No emotion is shown to be read reliably; polarity holds up for 3 of 3",
            "With care",
            "emotion, with care; polarity is read better",
        ),
        (
            "insufficient",
            "emotion-usable",
            "This data cannot tell which emotions",
            "Cannot be told",
            "not enough data",
        ),
        (
            "unreliable",
            "emotion-usable",
            "No emotion is shown to be read reliably",
            "Not to be trusted",
            "not to be relied on",
        ),
        (
            "unreliable",
            "polarity-only",
            "polarity holds up for 3 of 3",
            "Not to be trusted",
            "polarity only",
        ),
        (
            "unreliable",
            "neither",
            "reliably, and neither is polarity",
            "Not to be trusted",
            "neither",
        ),
    ] {
        let mut record = judged(code, "skill");
        beside(&mut record, usable, value(0.2, 0.15, 0.24));
        let screen = screen(&record);
        assert!(screen.contains(headline), "{code}: {screen}");
        for other in [
            "Hold up",
            "With care",
            "Cannot be told",
            "Not to be trusted",
        ] {
            let asked = format!("{other} anger 0.78 (0.74 to 0.81)");
            assert_eq!(
                screen.contains(&asked),
                other == column,
                "{code}, {other}: {screen}"
            );
        }
        let better = "Plain polarity is read much better for";
        assert_eq!(
            screen.contains(better),
            code == "limited",
            "{code}: {screen}"
        );
        let card = model_card::render(&record).expect("a card");
        for text in [markdown::render(&record), card, terminal::summary(&record)] {
            assert!(text.contains(advice), "{code}: {text}");
            assert_eq!(
                text.contains("emotion usable"),
                code == "reliable",
                "{code}: {text}"
            );
        }
    }
}

#[test]
fn polarity_is_much_better_only_where_that_is_proven_by_more_than_groups_may_differ() {
    let mut record = judged("limited", "skill");
    beside(&mut record, "emotion-usable", value(0.2, 0.08, 0.3));
    let screen = screen(&record);
    assert!(!screen.contains("read much better"), "{screen}");
    assert!(screen.contains("reliably; each only with care"), "{screen}");
    assert!(screen.contains("The emotion answers, with care, for anger, fear and joy."));
}

#[test]
fn several_models_are_judged_as_on_their_own_pages() {
    for (first, second, expected) in [
        (
            "limited",
            "limited",
            "Only with care anger at best 0.78 (0.74 to 0.81) with emo, other",
        ),
        (
            "limited",
            "unreliable",
            "Only with care anger at best 0.78 (0.74 to 0.81) with emo",
        ),
        (
            "unreliable",
            "not-auditable",
            "Not to be trusted from any model anger",
        ),
        (
            "unreliable",
            "insufficient",
            "Not shown to hold up with any model anger",
        ),
        (
            "insufficient",
            "insufficient",
            "Cannot be told of any model anger",
        ),
        (
            "reliable",
            "limited",
            "Hold up with some models only anger with emo",
        ),
        ("reliable", "reliable", "Hold up with every model anger"),
    ] {
        let (mut record, mut other) = (judged(first, "skill"), judged(second, "skill"));
        let name = "other".to_owned();
        record.models.push(v1::Model {
            name: name.clone(),
            ..record.models[0].clone()
        });
        for one in &mut other.measurements {
            one.model.clone_from(&name);
        }
        for one in &mut other.verdicts {
            one.model.clone_from(&name);
        }
        other.evaluations[0].model = name;
        record.measurements.append(&mut other.measurements);
        record.verdicts.append(&mut other.verdicts);
        record.evaluations.append(&mut other.evaluations);
        let screen = screen(&record);
        assert!(screen.contains(expected), "{first}, {second}: {screen}");
    }
}

#[test]
fn the_worst_of_several_datasets_counts_whatever_their_order() {
    let (mut record, mut poor) = (judged("reliable", "skill"), judged("unreliable", "skill"));
    for one in &mut poor.measurements {
        "poor".clone_into(&mut one.dataset);
    }
    for one in &mut poor.verdicts {
        "poor".clone_into(&mut one.dataset);
    }
    "poor".clone_into(&mut poor.evaluations[0].dataset);
    "poor".clone_into(&mut poor.datasets[0].name);
    record.measurements.append(&mut poor.measurements);
    record.verdicts.append(&mut poor.verdicts);
    record.evaluations.append(&mut poor.evaluations);
    record.datasets.append(&mut poor.datasets);
    for _ in 0..2 {
        let screen = screen(&record);
        assert!(
            screen.contains(
                "On poor, the worst of 2 datasets, no label is shown to be read reliably"
            ),
            "{screen}"
        );
        assert!(
            screen.contains("data skill 0.78 (0.74 to 0.81) 3 of 3 labels hold up"),
            "{screen}"
        );
        record.evaluations.reverse();
        record.datasets.reverse();
    }
}
