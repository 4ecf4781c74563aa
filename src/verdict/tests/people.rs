//! What verdicts make of how far people agree.

use super::*;

#[test]
fn agreement_in_other_labels_is_no_ceiling() {
    let all = [
        measurement(Measure::Skill, 100, (0.7, 0.8)),
        measurement(Measure::HumanAlpha, 100, (0.1, 0.3)),
    ];
    let background = Background {
        carried_over: vec![("m".to_owned(), "d".to_owned(), Task::Emotion)],
        ..Background::default()
    };
    assert_eq!(verdict_of(&all, &background).verdict, Reliance::Reliable);
}

fn in_group(group: &str, measurement: Measurement) -> Measurement {
    Measurement {
        slice: vec![("group".to_owned(), group.to_owned())],
        ..measurement
    }
}

#[test]
fn people_of_a_group_who_disagree_leave_it_unaudited() {
    let skill = || measurement(Measure::Skill, 100, (0.7, 0.8));
    let alpha = |limits| measurement(Measure::HumanAlpha, 100, limits);
    for (all, of_group, expected) in [
        ((0.42, 0.5), Some((-0.1, 0.1)), Reliance::NotAuditable),
        ((0.42, 0.5), Some((0.8, 0.9)), Reliance::Reliable),
        ((0.1, 0.3), Some((0.8, 0.9)), Reliance::Reliable),
        ((0.1, 0.3), None, Reliance::NotAuditable),
    ] {
        let mut measured = vec![in_group("a", skill()), alpha(all)];
        measured.extend(of_group.map(|limits| in_group("a", alpha(limits))));
        let verdict = verdict_of(&measured, &Background::default());
        assert_eq!(verdict.verdict, expected, "{all:?} {of_group:?}");
    }
}

#[test]
fn people_of_a_group_may_disagree_on_one_label() {
    let anger = |measurement| Measurement {
        label: Some("anger".to_owned()),
        ..in_group("a", measurement)
    };
    let alpha = |limits| measurement(Measure::HumanAlpha, 100, limits);
    let skill = || anger(measurement(Measure::Skill, 100, (0.7, 0.8)));
    for (on_label, on_all, expected, words) in [
        (
            Some((0.1, 0.3)),
            (0.6, 0.7),
            Reliance::NotAuditable,
            " on these cases at",
        ),
        (
            Some((0.6, 0.7)),
            (0.1, 0.3),
            Reliance::Reliable,
            " on these cases at",
        ),
        (
            None,
            (0.1, 0.3),
            Reliance::NotAuditable,
            " on these cases, all labels together, at",
        ),
    ] {
        let mut measured = vec![skill(), in_group("a", alpha(on_all))];
        measured.extend(on_label.map(|limits| anger(alpha(limits))));
        let verdict = verdict_of(&measured, &Background::default());
        assert_eq!(verdict.verdict, expected, "{on_label:?} {on_all:?}");
        let mut grounds = verdict.reasons.iter();
        let ceiling = grounds.find(|ground| ground.dimension == "ceiling");
        assert!(ceiling.unwrap().text.contains(words), "{verdict:?}");
    }
}

#[test]
fn a_few_ratings_do_not_excuse_probabilities() {
    let skill = measurement(Measure::Skill, 800, (0.7, 0.8));
    let error = measurement(Measure::CalibrationError, 800, (0.2, 0.3));
    let of_label = |cases, one| Measurement {
        label: Some("anger".to_owned()),
        n: cases,
        ..one
    };
    // A label of a quarter of the cases is rated as seldom as all of them.
    for (rated, expected) in [
        (3, Reliance::Limited),
        (390, Reliance::Limited),
        (800, Reliance::Reliable),
    ] {
        let alpha = measurement(Measure::HumanAlpha, rated, (0.5, 0.6));
        let all = [
            skill.clone(),
            error.clone(),
            alpha,
            of_label(200, skill.clone()),
            of_label(800, error.clone()),
        ];
        for verdict in verdicts(&all, &RULES, &Background::default()) {
            assert_eq!(verdict.verdict, expected, "{rated} cases rated");
        }
    }
}
