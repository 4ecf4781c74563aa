//! What verdicts and advice make of given intervals.

mod people;

use super::*;
use crate::measure::{Comparison, Measure};
use crate::stats::Reason;

const RULES: Reliability = Reliability {
    measure: Measure::Skill,
    reliable: 0.6,
    limited: 0.4,
    min_n: 30,
    ceiling: 0.4,
    calibration: 0.1,
    flip_rate: 0.1,
    difference: 0.1,
};

fn measurement(measure: Measure, n: u64, limits: (f64, f64)) -> Measurement {
    Measurement {
        model: "m".to_owned(),
        dataset: "d".to_owned(),
        task: Task::Emotion,
        measure,
        label: None,
        slice: Vec::new(),
        comparison: None,
        n,
        clusters: n,
        result: Ok(Estimate::between(limits.0, limits.1)),
    }
}

fn gap(group: &str, limits: (f64, f64)) -> Measurement {
    Measurement {
        slice: vec![("group".to_owned(), group.to_owned())],
        comparison: Some(Comparison::DifferenceToOthers),
        ..measurement(Measure::Skill, 100, limits)
    }
}

fn verdict_of(measurements: &[Measurement], background: &Background) -> Verdict {
    verdicts(measurements, &RULES, background).remove(0)
}

#[test]
fn the_worst_dimension_counts() {
    let good = measurement(Measure::Skill, 100, (0.7, 0.8));
    for (others, expected) in [
        (vec![], Reliance::Reliable),
        (vec![gap("a", (-0.3, -0.2))], Reliance::Limited),
        (vec![gap("a", (-0.3, 0.2))], Reliance::Reliable),
        (
            vec![measurement(Measure::HumanAlpha, 100, (0.1, 0.3))],
            Reliance::NotAuditable,
        ),
        (
            vec![measurement(Measure::HumanAlpha, 100, (0.3, 0.5))],
            Reliance::Reliable,
        ),
        // People's agreement on a handful of cases settles nothing.
        (
            vec![measurement(Measure::HumanAlpha, 29, (0.1, 0.3))],
            Reliance::Reliable,
        ),
        (
            vec![measurement(Measure::FlipRate, 100, (0.11, 0.2))],
            Reliance::Limited,
        ),
    ] {
        let mut all = vec![good.clone()];
        all.extend(others);
        let verdict = verdict_of(&all, &Background::default());
        assert_eq!(verdict.verdict, expected, "{all:?}");
    }
}

#[test]
fn dimensions_that_were_not_measured_are_named() {
    let skill = measurement(Measure::Skill, 100, (0.7, 0.8));
    let alone = verdict_of(std::slice::from_ref(&skill), &Background::default());
    assert_eq!(
        alone.not_measured,
        ["ceiling", "calibration", "stability", "disparity"]
    );
    let with_people = [skill, measurement(Measure::HumanAlpha, 100, (0.5, 0.6))];
    let verdict = verdict_of(&with_people, &Background::default());
    assert_eq!(
        verdict.not_measured,
        ["calibration", "stability", "disparity"]
    );
}

/// How far probabilities are off counts where one person labelled; of a group the mean of errors with signs is known.
#[test]
fn probabilities_that_are_off_lower_a_verdict() {
    let of_group = |measure, limits| Measurement {
        slice: vec![("group".to_owned(), "a".to_owned())],
        ..measurement(measure, 100, limits)
    };
    let off = measurement(Measure::CalibrationError, 100, (0.11, 0.2));
    let people = measurement(Measure::HumanAlpha, 100, (0.7, 0.8));
    for (others, expected) in [
        (vec![off.clone()], Reliance::Limited),
        (
            vec![measurement(Measure::CalibrationError, 100, (0.09, 0.2))],
            Reliance::Reliable,
        ),
        (
            vec![measurement(Measure::CalibrationError, 29, (0.11, 0.2))],
            Reliance::Reliable,
        ),
        (vec![off.clone(), people], Reliance::Reliable),
    ] {
        let mut all = vec![measurement(Measure::Skill, 100, (0.7, 0.8))];
        all.extend(others);
        let verdict = verdict_of(&all, &Background::default());
        assert_eq!(verdict.verdict, expected, "{all:?}");
    }
    for (limits, expected, words) in [
        ((0.12, 0.2), Reliance::Limited, "too high by 0.16"),
        ((-0.2, -0.12), Reliance::Limited, "too low by 0.16"),
        ((-0.2, 0.3), Reliance::Reliable, "too high by 0.05"),
    ] {
        let group = of_group(Measure::Skill, (0.7, 0.8));
        let all = [
            off.clone(),
            group,
            of_group(Measure::Overconfidence, limits),
        ];
        let verdict = verdict_of(&all, &Background::default());
        let mut grounds = verdict.reasons.iter();
        let ground = grounds.find(|ground| ground.dimension == "calibration");
        assert!(ground.unwrap().text.contains(words), "{verdict:?}");
        assert_eq!(verdict.verdict, expected);
    }
}

/// Holm's line for the largest of k differences is z(0.05 / 2k); the interval's own is z(0.05 / 2).
#[test]
fn the_worst_of_many_groups_must_stand_out_among_them() {
    // A standard error of 0.1: the lower limit lies (value - 0.1) / 0.1 - 1.96 standard errors above what is allowed.
    let other = |group: &str| gap(group, (-0.196, 0.196));
    let beyond = |deviations: f64| {
        let value = 0.1 + 0.1 * deviations;
        gap("worst", (-value - 0.196, -value + 0.196))
    };
    // z(0.025) = 1.960, z(0.0125) = 2.241, z(0.00625) = 2.498, from the normal table.
    for (deviations, groups, expected) in [
        (1.97, 0, Reliance::Limited),
        (1.95, 0, Reliance::Reliable),
        (2.26, 1, Reliance::Limited),
        (2.22, 1, Reliance::Reliable),
        (2.52, 3, Reliance::Limited),
        (2.48, 3, Reliance::Reliable),
    ] {
        let mut all = vec![measurement(Measure::Skill, 100, (0.7, 0.8))];
        all.push(beyond(deviations));
        all.extend((0..groups).map(|number| other(&number.to_string())));
        let verdict = verdict_of(&all, &Background::default());
        assert_eq!(verdict.verdict, expected, "{deviations} {groups}");
        let said = verdict
            .reasons
            .iter()
            .any(|ground| ground.text.contains("chance alone"));
        assert_eq!(said, expected == Reliance::Reliable && deviations > 2.0);
    }
}

#[test]
fn labels_of_templates_and_models_earn_no_verdict() {
    let all = [measurement(Measure::Skill, 100, (0.7, 0.8))];
    for source in [LabelSource::Template, LabelSource::Model] {
        let background = Background {
            sources: vec![("d".to_owned(), Task::Emotion, source)],
            ..Background::default()
        };
        assert!(verdicts(&all, &RULES, &background).is_empty());
    }
}

#[test]
fn the_group_that_is_proven_to_be_read_worst_is_named() {
    for (gaps, named) in [
        // A group that is read a little worse does not hide one that is proven to differ by too much.
        (
            vec![gap("worse", (-0.09, -0.02)), gap("better", (0.2, 0.3))],
            "better",
        ),
        (
            vec![gap("worse", (-0.4, -0.15)), gap("better", (0.2, 0.3))],
            "worse",
        ),
        (
            vec![gap("worse", (-0.09, -0.02)), gap("unsure", (-0.5, 0.5))],
            "worse",
        ),
    ] {
        let mut all = vec![measurement(Measure::Skill, 100, (0.7, 0.8))];
        all.extend(gaps);
        let verdict = verdict_of(&all, &Background::default());
        let ground = verdict
            .reasons
            .iter()
            .find(|ground| ground.dimension == "disparity");
        assert!(ground.unwrap().text.contains(named), "{verdict:?}");
    }
}

#[test]
fn advice_follows_the_arms_and_what_people_share() {
    let contrast = |emotion: (f64, f64), sentiment: (f64, f64)| {
        let absent = || Err(Undefined::new(Reason::NotApplicable, "not needed here"));
        Contrast {
            label: None,
            slice: Vec::new(),
            n: 100,
            clusters: 100,
            emotion: Ok(Estimate::between(emotion.0, emotion.1)),
            sentiment: Ok(Estimate::between(sentiment.0, sentiment.1)),
            collapsed: absent(),
            sentiment_minus_emotion: absent(),
            sentiment_minus_collapsed: absent(),
            collapsed_minus_emotion: absent(),
        }
    };
    let (good, poor, open) = ((0.5, 0.6), (0.1, 0.2), (0.3, 0.5));
    let any = [Reliance::Reliable, Reliance::Limited];
    let (guessed, weak) = (Reliance::NotAuditable, Reliance::Insufficient);
    for (emotion, sentiment, at_best, expected) in [
        (good, good, any, Recommendation::EmotionUsable),
        (poor, good, any, Recommendation::PolarityOnly),
        (open, good, any, Recommendation::PolarityOnly),
        (poor, poor, any, Recommendation::Neither),
        (open, poor, any, Recommendation::NotEnoughData),
        (poor, open, any, Recommendation::NotEnoughData),
        (good, good, [guessed, any[1]], Recommendation::PolarityOnly),
        (good, good, [guessed, guessed], Recommendation::Neither),
        (good, poor, [guessed, any[1]], Recommendation::Neither),
        (poor, good, [any[0], guessed], Recommendation::Neither),
        // On the cases that both answered a model may do well, and on all cases it is not shown to.
        (good, good, [weak, any[1]], Recommendation::NotEnoughData),
        (open, good, [weak, any[1]], Recommendation::PolarityOnly),
        (good, good, [weak, weak], Recommendation::NotEnoughData),
        (poor, good, [any[0], weak], Recommendation::NotEnoughData),
    ] {
        let advice = recommend(&contrast(emotion, sentiment), at_best, &RULES);
        assert_eq!(advice, expected, "{emotion:?} {sentiment:?} {at_best:?}");
    }
    // Of an emotion that nothing is known of it cannot be told that polarity is better.
    let unknown = Contrast {
        emotion: Err(Undefined::suppressed(10)),
        ..contrast(good, good)
    };
    let advice = recommend(&unknown, any, &RULES);
    assert_eq!(advice, Recommendation::NotEnoughData);
}

#[test]
fn sureness_counts_where_its_error_by_level_is_not_known() {
    let skill = measurement(Measure::Skill, 190, (0.7, 0.8));
    let unknown = Measurement {
        result: Err(Undefined::new(Reason::TooFewCases, "not enough")),
        ..measurement(Measure::CalibrationError, 190, (0.0, 0.0))
    };
    let sure = measurement(Measure::Overconfidence, 190, (0.13, 0.25));
    let verdict = verdict_of(&[skill, unknown, sure], &Background::default());
    assert_eq!(verdict.verdict, Reliance::Limited, "{verdict:?}");
}

#[test]
fn advice_heeds_verdicts_on_the_group_and_on_polarity_that_follows_from_emotions() {
    let said = |task, slice: &[(&'static str, &'static str)], verdict| Said {
        of: (if task == Task::Emotion { "e" } else { "s" }, "d"),
        task,
        label: None,
        slice: slice.to_vec(),
        verdict,
    };
    let (b, c) = ([("g", "b")], [("g", "c")]);
    let standing = Standing::new(
        [
            said(Task::Emotion, &[], Reliance::Reliable),
            said(Task::Emotion, &b, Reliance::NotAuditable),
            said(Task::Sentiment, &[], Reliance::Limited),
            said(Task::Sentiment, &c, Reliance::Unreliable),
        ]
        .into_iter(),
    );
    let at_best = |slice: &[(&'static str, &'static str)]| {
        standing.at_best(["e", "s"], "d", (None, slice), true)
    };
    assert_eq!(at_best(&[]), [Reliance::Reliable, Reliance::Limited]);
    assert_eq!(at_best(&b), [Reliance::NotAuditable, Reliance::Limited]);
    assert_eq!(at_best(&c), [Reliance::Reliable, Reliance::Unreliable]);

    let guessed = Standing::new(std::iter::once(said(
        Task::Emotion,
        &[],
        Reliance::NotAuditable,
    )));
    for (labelled, polarity) in [(true, Reliance::Reliable), (false, Reliance::NotAuditable)] {
        let at_best = guessed.at_best(["e", "s"], "d", (None, &[]), labelled);
        assert_eq!(at_best, [Reliance::NotAuditable, polarity]);
    }
}
