//! For whom the first screen says that it is worse: by intervals that allow for the choice, whatever gates ask.

use std::collections::BTreeMap;

use super::super::sample::{contrast, finding, measurement, value};
use super::super::{between, page};
use super::{beside, judged, screen};
use crate::record::{Record, v1};
use crate::report::terminal;

pub(super) fn of_country(group: &str) -> BTreeMap<String, String> {
    [("country".to_owned(), group.to_owned())].into()
}

pub(super) fn compared(kind: &str, attribute: Option<&str>) -> Option<v1::Comparison> {
    Some(v1::Comparison {
        kind: kind.to_owned(),
        attribute: attribute.map(str::to_owned),
        group: None,
        controls: Vec::new(),
        model: None,
    })
}

/// With two countries: the difference of jp by itself, and by an interval that allows for its being the worst.
fn with_groups(record: &mut Record, alone: (f64, f64), chosen: (f64, f64), outcome: &str) {
    let groups = ["br", "jp"].map(|name| v1::Count {
        name: name.to_owned(),
        count: 60,
    });
    record.datasets[0].attributes = vec![v1::Attribute {
        name: "country".to_owned(),
        title: String::new(),
        about: "author".to_owned(),
        kind: "culture".to_owned(),
        blank: "not-stated".to_owned(),
        groups: groups.into(),
        blanks: 0,
    }];
    let middle = |(low, high): (f64, f64)| value((low + high) / 2.0, low, high);
    for group in ["br", "jp"] {
        let of = |comparison, value| v1::Measurement {
            slice: of_country(group),
            comparison,
            ..measurement("skill", None, "", value)
        };
        record.measurements.push(of(None, value(0.5, 0.4, 0.6)));
        let difference = match group {
            "jp" => middle(alone),
            _ => value(0.02, -0.05, 0.08),
        };
        let difference = of(compared("difference-to-others", None), difference);
        record.measurements.push(difference.clone());
        if group == "jp" {
            let worst = of(compared("worst-difference", None), middle(chosen));
            record.measurements.push(worst);
            if !outcome.is_empty() {
                record
                    .findings
                    .push(finding("g/jp", outcome, Some(difference)));
            }
        }
    }
}

#[test]
fn who_it_fails_is_in_the_headline_and_gets_advice() {
    let mut record = judged("limited", "disparity");
    beside(&mut record, "emotion-usable", value(0.2, 0.15, 0.24));
    with_groups(&mut record, (-0.52, -0.45), (-0.53, -0.45), "fail");
    record.contrasts.push(v1::Contrast {
        slice: of_country("jp"),
        recommendation: "polarity-only".to_owned(),
        ..contrast(Some("fear"), "")
    });
    let screen = screen(&record);
    assert!(
        screen.contains(
            "No emotion is shown to be read reliably for everyone: it is worse for jp (country)"
        ),
        "{screen}"
    );
    assert!(screen.contains("anger 0.78 (0.74 to 0.81) differs between groups"));
    let advice = "Plain polarity only, for some groups. Each taken by itself: country: jp fear";
    assert!(screen.contains(advice), "{screen}");
}

#[test]
fn neither_a_waiver_nor_a_wide_gate_changes_what_the_intervals_show() {
    let worse = "Worse by more than 0.10 Skill against the other groups. Intervals allow for picking the worst of each \
                 attribute. country: jp −0.49 (−0.53 to −0.45)";
    for outcome in ["fail", "waived", "pass", ""] {
        let mut record = judged("limited", "disparity");
        with_groups(&mut record, (-0.52, -0.45), (-0.53, -0.45), outcome);
        let screen = screen(&record);
        assert!(screen.contains(worse), "{outcome}: {screen}");
        let waived = "(−0.53 to −0.45) waived by A. Person until 2027-03-31";
        assert_eq!(
            screen.contains(waived),
            outcome == "waived",
            "{outcome}: {screen}"
        );
        let summary = terminal::summary(&record);
        assert!(
            summary.contains("country jp: -0.49 (-0.53 to -0.45)"),
            "{summary}"
        );
        assert_eq!(
            summary.contains("waived by A. Person"),
            outcome == "waived",
            "{summary}"
        );
    }
}

#[test]
fn a_group_is_worse_only_where_that_allows_for_the_choice_among_groups() {
    for (alone, chosen, outcome, expected) in [
        // By itself its interval excludes zero, as the picked worst of several it does not.
        (
            (-0.085, -0.002),
            (-0.09, 0.004),
            "",
            "No group is shown to be worse 2 of 2 groups shown to lie within 0.10",
        ),
        (
            (-0.15, -0.002),
            (-0.16, 0.004),
            "insufficient",
            "No group is shown to be worse 1 of 2 groups shown",
        ),
        (
            (-0.15, -0.02),
            (-0.16, -0.01),
            "",
            "Worse, by how much is open",
        ),
        // A gate that corrects for the number of comparisons is as good.
        (
            (-0.15, -0.002),
            (-0.16, 0.004),
            "fail",
            "Each interval by itself; the gate allows for the number",
        ),
        (
            (-0.3, -0.11),
            (-0.31, -0.09),
            "fail",
            "Worse by more than 0.10",
        ),
        (
            (-0.3, -0.11),
            (-0.31, -0.09),
            "waived",
            "Worse by more than 0.10",
        ),
        (
            (-0.3, -0.11),
            (-0.31, -0.09),
            "",
            "Worse, by how much is open",
        ),
    ] {
        let mut record = judged("reliable", "skill");
        with_groups(&mut record, alone, chosen, outcome);
        let screen = screen(&record);
        assert!(screen.contains(expected), "{alone:?} {outcome}: {screen}");
        let told = expected.starts_with("No group");
        let summary = terminal::summary(&record);
        assert_eq!(!summary.contains("Groups read worse"), told, "{summary}");
    }
}

#[test]
fn what_all_but_one_group_suffer_together_is_said() {
    for (alone, outcome, expected) in [
        (
            (0.11, 0.3),
            "fail",
            "Worse by more than 0.10 Skill against the other groups. Each interval by itself; the gate allows for the \
             number of comparisons. country: all but jp, together −0.20 (−0.30 to −0.11)",
        ),
        ((0.11, 0.3), "waived", "country: all but jp, together −0.20"),
        (
            (0.02, 0.3),
            "fail",
            "Worse, by how much is open Skill against",
        ),
        // Nothing that corrects for the number of comparisons says so.
        ((0.11, 0.3), "", "No group is shown to be worse"),
        ((0.11, 0.3), "insufficient", "No group is shown to be worse"),
    ] {
        let mut record = judged("reliable", "skill");
        with_groups(&mut record, alone, (-0.1, 0.1), outcome);
        let screen = screen(&record);
        assert!(screen.contains(expected), "{alone:?} {outcome}: {screen}");
        let headline = "Every label is read reliably over all, but not for everyone: it is worse for all but jp, together (country)";
        let is_beyond = expected.starts_with("Worse by") || outcome == "waived";
        assert_eq!(screen.contains(headline), is_beyond, "{screen}");
        let summary = terminal::summary(&record);
        let told = !expected.starts_with("No group");
        assert_eq!(
            summary.contains("country all but jp, together:"),
            told,
            "{summary}"
        );
    }
}

#[test]
fn every_screen_about_groups_says_how_many_could_not_be_told() {
    let mut record = judged("reliable", "skill");
    with_groups(&mut record, (-0.15, 0.12), (-0.2, 0.2), "");
    let screen = screen(&record);
    assert!(
        screen.contains("Cannot be told for 1 other group; that is no pass."),
        "{screen}"
    );
}

#[test]
fn each_kind_of_identity_bears_its_own_outcome() {
    let mut record = judged("reliable", "skill");
    for (attribute, outcome) in [
        ("religion", "pass"),
        ("disability", "fail"),
        ("dialect", "waived"),
        ("nation", "insufficient"),
    ] {
        let flips = v1::Measurement {
            comparison: compared("within-sets", Some(attribute)),
            ..measurement("flip-rate", None, "", value(0.2, 0.15, 0.3))
        };
        record.measurements.push(flips.clone());
        record
            .findings
            .push(finding(attribute, outcome, Some(flips)));
    }
    let whole = page(&record);
    let standing = between(&whole, "id=\"use\"", "</section>")
        .next()
        .unwrap_or_default();
    for (mark, lead, attribute) in [
        ("fail", "The answer turns with identity", "disability"),
        (
            "waived",
            "The answer turns with identity, which is waived",
            "dialect",
        ),
        (
            "insufficient",
            "Whether the answer turns with identity is open",
            "nation",
        ),
        (
            "pass",
            "The answer turns no more than the policy allows",
            "religion",
        ),
    ] {
        let begins = format!("m-{mark}\">{lead}<");
        let point = between(standing, &begins, "</ul>").next();
        let point = point.unwrap_or_else(|| panic!("{lead}: {standing}"));
        assert!(point.contains(attribute), "{lead}: {point}");
        let others = ["religion", "disability", "dialect", "nation"];
        let found = others
            .iter()
            .filter(|other| point.contains(**other))
            .count();
        assert!(found <= 1, "{point}");
    }
}

#[test]
fn a_waiver_leaves_a_shift_that_failed_a_shift() {
    for (outcome, needed, before, expected) in [
        ("fail", None, None, true),
        // First versions did not keep what came out before.
        ("waived", None, None, true),
        // It was open, so that nothing was shown.
        ("waived", Some(900), None, false),
        ("waived", None, Some("insufficient"), false),
        ("waived", None, Some("fail"), true),
        ("pass", None, None, false),
    ] {
        let mut record = judged("reliable", "skill");
        let shift = v1::Measurement {
            comparison: compared("within-sets", Some("religion")),
            ..measurement("score-shift", Some("joy"), "", value(0.2, 0.15, 0.3))
        };
        let mut of = finding("shift", outcome, Some(shift.clone()));
        of.needed_n = needed;
        of.before_waiver = before.map(str::to_owned);
        record.measurements.push(shift);
        record.findings.push(of);
        let whole = page(&record);
        assert_eq!(
            whole.contains("Scores shift with identity"),
            expected,
            "{outcome} {needed:?} {before:?}"
        );
        for (word, said) in [
            ("it had failed", "fail"),
            ("it was undecided", "insufficient"),
        ] {
            assert_eq!(
                whole.contains(word),
                before == Some(said),
                "{word} {before:?}"
            );
        }
    }
}
