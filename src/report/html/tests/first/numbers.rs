//! What the first screen says of models that answer with numbers, and of cases that got no answer.

use std::collections::BTreeMap;

use super::super::sample::{finding, measurement, value};
use super::groups::{compared, of_country};
use super::{judged, screen};
use crate::record::v1;

#[test]
fn numbers_say_for_whom_errors_are_larger() {
    for (low, high, gate, expected) in [
        (
            0.44,
            0.57,
            "",
            "Larger errors Mean absolute error against the other groups",
        ),
        // By itself it excludes zero, among the four comparisons it does not.
        (
            0.01,
            0.57,
            "",
            "No group is shown to be worse None of 4 comparisons",
        ),
        // A gate that corrects for their number shows the errors of s to be smaller.
        (
            -0.57,
            -0.01,
            "fail",
            "valence, country: all but s, together +0.29 (+0.01 to +0.57)",
        ),
    ] {
        let mut record = judged("reliable", "skill");
        record.verdicts.clear();
        record.measurements.clear();
        record.evaluations[0].task = "intensity".to_owned();
        for dimension in ["valence", "arousal"] {
            let of = |slice, comparison, value| v1::Measurement {
                task: "intensity".to_owned(),
                slice,
                comparison,
                ..measurement("mae", Some(dimension), "", value)
            };
            record
                .measurements
                .push(of(BTreeMap::new(), None, value(0.5, 0.4, 0.6)));
            for group in ["n", "s"] {
                let difference = match (dimension, group) {
                    ("valence", "s") => value((low + high) / 2.0, low, high),
                    ("valence", _) => value(-(low + high) / 2.0, -high, -low),
                    _ => value(0.0, -0.1, 0.1),
                };
                let to = compared("difference-to-others", None);
                let difference = of(of_country(group), to, difference);
                record.measurements.push(difference.clone());
                if (dimension, group) == ("valence", "s") && !gate.is_empty() {
                    let found = finding("errors", gate, Some(difference));
                    record.findings.push(found);
                }
            }
        }
        let screen = screen(&record);
        assert!(screen.contains(expected), "{low}: {screen}");
        let named = screen.contains("valence, country: s +0.5");
        assert_eq!(named, expected.starts_with("Larger"), "{screen}");
    }
}

#[test]
fn numbers_stand_beside_how_far_people_agree_on_them() {
    for (low, high, expected) in [
        (
            -0.1,
            0.1,
            "People agree at alpha 0.00 (−0.10 to 0.10): too little for any model to be right about it.",
        ),
        (0.6, 0.8, "People agree at alpha 0.70 (0.60 to 0.80)."),
    ] {
        let mut record = judged("reliable", "skill");
        record.verdicts.clear();
        record.measurements.clear();
        record.policy.reliability.insert("ceiling".to_owned(), 0.4);
        record.evaluations[0].task = "intensity".to_owned();
        for (model, measure) in [("raters", "human-alpha"), ("", "mae")] {
            let mut of = measurement(
                measure,
                Some("valence"),
                "",
                value((low + high) / 2.0, low, high),
            );
            of.task = "intensity".to_owned();
            if !model.is_empty() {
                of.model = model.to_owned();
            }
            record.measurements.push(of);
        }
        let screen = screen(&record);
        assert!(screen.contains(expected), "{screen}");
        assert!(!screen.contains("one number a case"), "{screen}");
    }
}

#[test]
fn whose_cases_get_no_answer_is_said_of_labels_and_of_numbers() {
    for task in ["emotion", "intensity"] {
        for (low, high, gate, expected) in [
            (
                -0.4,
                -0.2,
                "fail",
                "Difference in coverage. country: jp −0.30",
            ),
            // Without a gate it takes an interval beyond what verdicts bear.
            (-0.4, -0.2, "", "Difference in coverage. country: jp −0.30"),
            (-0.4, -0.02, "", ""),
            (
                0.2,
                0.4,
                "fail",
                "Difference in coverage. country: all but jp, together −0.30",
            ),
        ] {
            let mut record = judged("reliable", "skill");
            if task == "intensity" {
                record.verdicts.clear();
                record.measurements.clear();
                record.evaluations[0].task = task.to_owned();
            }
            let coverage = v1::Measurement {
                task: record.evaluations[0].task.clone(),
                slice: of_country("jp"),
                comparison: compared("difference-to-others", None),
                ..measurement("coverage", None, "", value((low + high) / 2.0, low, high))
            };
            record.measurements.push(coverage.clone());
            if !gate.is_empty() {
                let found = finding("coverage", gate, Some(coverage));
                record.findings.push(found);
            }
            let screen = screen(&record);
            if expected.is_empty() {
                assert!(!screen.contains("answers:"), "{screen}");
                continue;
            }
            let whom = match low < 0.0 {
                true => "jp (country)",
                false => "all but jp, together (country)",
            };
            assert!(
                screen.contains(&format!("as far as there are answers: fewer for {whom}")),
                "{task}: {screen}"
            );
            let lead = "Left without an answer more often than others";
            assert!(
                screen.contains(&format!("{lead} {expected}")),
                "{task}: {screen}"
            );
        }
    }
}
