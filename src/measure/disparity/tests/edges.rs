//! Comparisons of groups at the edges, and what is suppressed of them.

use proptest::prelude::*;

use super::*;

/// `groups` groups, whose cases are (how many, gold, answer).
fn rows(groups: &[&[(usize, usize, usize)]]) -> Vec<(String, String, usize, usize)> {
    let mut rows = Vec::new();
    for (group, cells) in groups.iter().enumerate() {
        for (count, gold, answer) in *cells {
            rows.extend((0..*count).map(|case| {
                (
                    format!("g{group}"),
                    ["long", "short"][case % 2].to_owned(),
                    *gold,
                    *answer,
                )
            }));
        }
    }
    rows
}

/// Everything that is measured of groups; panics on numbers that are none, or that lie outside their interval.
fn everything(
    rows: &[(String, String, usize, usize)],
    rules: &Rules,
) -> Vec<(Measured, Option<Comparison>)> {
    let (cases, evaluation) = world(rows);
    let names = &cases.attributes[0].1;
    let groups = split(&evaluation, &cases, names);
    let length = ("length", &cases.attributes[1].1);
    let beside = Beside {
        reference: (!groups.is_empty()).then_some(0),
        strata: Some(Strata::new(
            &evaluation,
            &cases,
            (names.codes(), names.names()),
            &[length],
        )),
        suppressed: None,
    };
    let mut all: Vec<(Measured, Option<Comparison>)> = Vec::new();
    for group in measure(&evaluation, &groups, rules, &beside) {
        all.extend(group.into_iter().map(|one| (one.measured, one.comparison)));
    }
    let suppressed = Suppressed::new(&evaluation, &groups, rules.suppress_below, &Layout::Line);
    let gaps = gap::gaps(&evaluation, &groups, "group", &suppressed, rules);
    all.extend(
        gaps.into_iter()
            .map(|(measured, comparison)| (measured, Some(comparison))),
    );
    let worst = worst::worst(&evaluation, &groups, &suppressed, rules);
    all.extend(
        worst
            .into_iter()
            .map(|(_, measured)| (measured, Some(Comparison::WorstDifference))),
    );
    for (measured, comparison) in &all {
        if let Ok(estimate) = &measured.result {
            let [value, low, high] = three(estimate);
            let id = measured.measure.id();
            assert!(
                value.is_finite() && low.is_finite() && high.is_finite(),
                "{id} {comparison:?} {estimate:?}"
            );
            let slack = 1e-9;
            assert!(
                low <= value + slack && value <= high + slack,
                "{id} {comparison:?} {estimate:?}"
            );
            // A group that is shown to get a label most often stands at 1, and nowhere else.
            let highest = measured.measure == Measure::ImpactRatio && low == 1.0;
            // What chance alone gives may be always the same.
            let by_chance = matches!(comparison, Some(Comparison::GapByChance(_)));
            assert!(
                low < high || highest || by_chance,
                "{id} {comparison:?} {estimate:?}"
            );
        }
    }
    all
}

#[test]
fn at_the_edges_values_are_honest_or_undefined() {
    let few = (12, 0, 0);
    for (name, groups) in [
        ("nothing", vec![]),
        ("one case", vec![&[(1, 0, 0)][..]]),
        ("a single group", vec![&[few, (5, 1, 0)][..]]),
        ("a case each", vec![&[(1, 0, 0)][..], &[(1, 1, 0)][..]]),
        (
            "all right",
            vec![
                &[few, (12, 1, 1)][..],
                &[few, (3, 1, 1)][..],
                &[few, few][..],
            ],
        ),
        (
            "all wrong",
            vec![&[(12, 0, 1)][..], &[(12, 1, 0)][..], &[(4, 0, 1)][..]],
        ),
        ("one label", vec![&[few][..], &[few][..], &[(12, 0, 1)][..]]),
        ("all alike", vec![&[(9, 0, 0), (9, 1, 0)][..]; 4]),
    ] {
        let all = everything(&rows(&groups), &RULES);
        assert_eq!(
            all.is_empty(),
            groups.is_empty() && all.is_empty(),
            "{name}"
        );
        if groups.len() < 2 {
            let mut compared = all.iter().filter(|(_, comparison)| comparison.is_some());
            assert!(
                compared.all(|(measured, _)| measured.result.is_err()),
                "{name}"
            );
        }
    }
    // Nobody is called what nobody is called: a ratio to nothing is undefined, and the gap of equal groups is not.
    let all = everything(&rows(&[&[(20, 0, 0)], &[(20, 0, 0)]]), &RULES);
    let of = |measure: Measure, label, comparison: Comparison| {
        let mut found = all.iter();
        let found = found.find(|(one, to)| {
            one.measure == measure && one.label == label && to.as_ref() == Some(&comparison)
        });
        found.unwrap().0.result.clone()
    };
    let nothing = of(Measure::SelectionRate, Some(1), Comparison::RatioToOthers);
    assert_eq!(nothing.unwrap_err().reason, Reason::ZeroDenominator);
    let shrunken = of(Measure::Accuracy, None, Comparison::Shrunken);
    assert_eq!(shrunken.unwrap_err().reason, Reason::TooFewCases);
}

/// Whether a result is kept from the reader.
fn is_suppressed(result: &Result<Estimate, Undefined>) -> bool {
    matches!(result, Err(undefined) if undefined.reason == Reason::Suppressed)
}

#[test]
fn what_compares_with_a_suppressed_group_is_suppressed() {
    let rules = Rules {
        suppress_below: 10,
        ..RULES
    };
    // The reference group is too small, and with it goes the next larger one.
    let rows = rows(&[
        &[(4, 0, 0), (3, 1, 0)],
        &[(9, 0, 0), (11, 1, 1)],
        &[(40, 0, 0), (20, 1, 0)],
    ]);
    let all = everything(&rows, &rules);
    for (measured, comparison) in &all {
        let to_reference = matches!(
            comparison,
            Some(Comparison::DifferenceToGroup(_) | Comparison::RatioToGroup(_))
        );
        assert!(
            !to_reference || measured.result.is_err(),
            "{}",
            measured.measure.id()
        );
        // One group is left: there is nothing to compare among what is shown.
        let among = matches!(comparison, Some(Comparison::Gap(_) | Comparison::Shrunken));
        assert!(
            !among || measured.result.is_err(),
            "{}",
            measured.measure.id()
        );
        assert!(*comparison != Some(Comparison::WorstDifference));
        if measured.measure == Measure::ImpactRatio {
            assert!(measured.result.is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_shown_of_few_cases(
        cells in proptest::collection::vec(proptest::collection::vec((0_usize..16, 0_usize..3, 0_usize..3), 1..4), 1..5),
        below in 2_u64..12,
    ) {
        let groups: Vec<&[(usize, usize, usize)]> = cells.iter().map(Vec::as_slice).collect();
        let rules = Rules { suppress_below: below, ..RULES };
        for (measured, comparison) in everything(&rows(&groups), &rules) {
            prop_assert!(measured.n >= below || measured.result.is_err(), "{} {comparison:?}", measured.measure.id());
        }
        let (cases, evaluation) = world(&rows(&groups));
        let groups = split(&evaluation, &cases, &cases.attributes[0].1);
        let suppressed = Suppressed::new(&evaluation, &groups, below, &Layout::Line);
        for measure in [Measure::Recall, Measure::FalsePositiveRate] {
            for label in 0..3 {
                let linear = label_linear(measure, label).unwrap();
                let hidden: Vec<u64> = (0..groups.len())
                    .filter(|group| suppressed.hides(measure, Some(label), *group))
                    .map(|group| linear.trials(&groups[group].slice))
                    .collect();
                let all: u64 = groups.iter().map(|group| linear.trials(&group.slice)).sum();
                let cases: u64 = hidden.iter().sum();
                // What is hidden follows from the rest as a whole, so that it must not be few cases; unless all is.
                prop_assert!(cases == 0 || cases >= below || cases == all, "{hidden:?} of {all}");
            }
        }
        for (group, members) in groups.iter().enumerate() {
            for label in 0..3 {
                let hides = |measure| suppressed.hides(measure, Some(label), group);
                // The cases with a label and those without it make up the group: one would give the other away.
                for measure in [Measure::FalsePositiveRate, Measure::Skill, Measure::EqualisedOdds] {
                    prop_assert_eq!(hides(measure), hides(Measure::Recall));
                }
                prop_assert_eq!(hides(Measure::SelectionRate), suppressed.everything[group]);
            }
            // Accuracy is the sum of what is right of each label.
            let of_label = |label: usize| label_linear(Measure::Recall, label).unwrap().trials(&members.slice);
            let hidden = (0..3).filter(|label| suppressed.labels[*label][group]).map(of_label).sum::<u64>();
            prop_assert!(suppressed.everything[group] || hidden == 0 || hidden >= below);
            prop_assert_eq!(suppressed.hides(Measure::Skill, None, group), (0..3).any(|label| suppressed.labels[label][group]));
        }
    }
}

#[test]
fn suppressed_values_say_so() {
    let rules = Rules {
        suppress_below: 10,
        ..RULES
    };
    let rows = rows(&[
        &[(4, 0, 0)],
        &[(20, 0, 0), (30, 1, 0)],
        &[(40, 0, 0), (20, 1, 0)],
    ]);
    let (cases, evaluation) = world(&rows);
    let groups = split(&evaluation, &cases, &cases.attributes[0].1);
    let measured = measure(&evaluation, &groups, &rules, &Beside::default());
    let shown = |group: usize| {
        let with_cases = measured[group].iter().filter(|one| one.measured.n > 0);
        with_cases
            .filter(|one| !is_suppressed(&one.measured.result))
            .count()
    };
    assert_eq!((shown(0), shown(1)), (0, 0));
    assert!(shown(2) > 10);
}

#[test]
fn a_stratum_of_few_cases_suppresses_the_difference_at_equal_shares() {
    let rules = Rules {
        suppress_below: 10,
        ..RULES
    };
    let mut rows = rows(&[&[(40, 0, 0), (40, 1, 1)], &[(40, 0, 0), (40, 1, 0)]]);
    let given = |rows: &[(String, String, usize, usize)]| {
        let all = everything(rows, &rules).into_iter();
        let mut given = all.filter(|(measured, comparison)| {
            measured.measure == Measure::Accuracy
                && matches!(comparison, Some(Comparison::DifferenceGiven(_)))
        });
        given.next().unwrap().0.result
    };
    assert!(given(&rows).is_ok());
    let few = rows.iter_mut().filter(|row| row.0 == "g0").skip(3);
    few.for_each(|row| row.1 = "long".to_owned());
    assert!(is_suppressed(&given(&rows)));
}
