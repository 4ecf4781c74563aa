//! The sentences beside the answers: where labels come from, what is not known, what the policy went through.

use super::super::sample::{finding, measurement, missing, verdict};
use super::super::{between, page};
use super::{judged, screen};
use crate::record::v1;
use crate::report::local_law_144;

#[test]
fn a_policy_that_was_changed_after_its_lock_says_so() {
    for (locked, told, changed) in [
        (None, false, false),
        (Some(0), true, false),
        (Some(2), true, true),
    ] {
        let mut record = judged("reliable", "skill");
        record.policy.locked = locked.map(|earlier| v1::Lock {
            date: "2026-11-21".to_owned(),
            earlier,
        });
        let screen = screen(&record);
        let whole = page(&record);
        assert_eq!(whole.contains("version 1.0.0, locked on 2026-11-21"), told);
        let sentence =
            "The policy was changed Locked on 2026-11-21 (changed and locked anew 2 times).";
        assert_eq!(screen.contains(sentence), changed, "{screen}");
    }
}

#[test]
fn labels_that_the_data_do_not_hold_are_named_and_not_drawn() {
    let mut record = judged("reliable", "skill");
    record.measurements.push(v1::Measurement {
        n: 0,
        ..measurement("skill", Some("grief"), "", missing("no case"))
    });
    record.verdicts.push(v1::Verdict {
        verdict: "insufficient".to_owned(),
        ..verdict(Some("grief"), "")
    });
    let screen = screen(&record);
    assert!(
        screen.contains("Each of the 3 labels that occur is read reliably on this data"),
        "{screen}"
    );
    assert!(
        screen.contains("Not in this data 1 label, of which nothing is known: grief."),
        "{screen}"
    );
    assert!(
        screen.contains("anger · 120") && !screen.contains("grief · "),
        "{screen}"
    );
}

#[test]
fn labels_are_told_of_by_where_they_come_from() {
    for (source, says) in [
        (
            "felt",
            "Labels reported by authors say what people told of their feelings, not how others read them.",
        ),
        (
            "perceived",
            "Labels perceived by annotators say how a text reads to people, not what its author felt.",
        ),
        (
            "acted",
            "Labels intended by actors say what was to be shown",
        ),
        (
            "model",
            "Labels assigned by a model measure agreement with that model.",
        ),
    ] {
        let mut record = judged("reliable", "skill");
        source.clone_into(&mut record.datasets[0].labels[0].source);
        let screen = screen(&record);
        assert!(screen.contains(says), "{source}: {screen}");
    }
}

#[test]
fn weights_are_told_where_numbers_are() {
    for is_weighted in [false, true] {
        let mut record = judged("reliable", "skill");
        record.datasets[0].weights = is_weighted.then_some(v1::Weights {
            effective: 61.3,
            ratio: 3.0,
        });
        let worth = "are worth 61 of equal weight";
        for text in [screen(&record), local_law_144::render(&record)] {
            assert_eq!(text.contains(worth), is_weighted, "{text}");
        }
    }
}

#[test]
fn what_is_not_known_is_worded_as_what_was_asked() {
    let mut record = judged("reliable", "skill");
    record.evaluations[0].judged = 14;
    record.evaluations.push(v1::Evaluation {
        model: "sent".to_owned(),
        task: "sentiment".to_owned(),
        multi_label: true,
        ..record.evaluations[0].clone()
    });
    record
        .findings
        .push(finding("emotion-label-skill/emo", "unmeasured", None));
    let whole = page(&record);
    for said in [
        "an emotion model and a sentiment model share 14 cases at most, and nothing is claimed under 30",
        "An emotion model and a sentiment model share 14 cases at most",
        "the data holds one set of labels a case",
        "What the gate “Each emotion is read well above chance” asks of some or all",
    ] {
        assert!(whole.contains(said), "{said}");
    }
}

#[test]
fn a_warning_holds_nothing_up() {
    for (severity, held) in [("warning", false), ("error", true)] {
        let mut record = judged("reliable", "skill");
        let of = record.measurements.first().cloned();
        let mut failed = finding("gate/joy", "fail", of);
        severity.clone_into(&mut failed.severity);
        severity.clone_into(&mut record.policy.gates[0].severity);
        record.findings.push(failed);
        let whole = page(&record);
        let repair = between(&whole, "id=\"repair\"", "</section>")
            .next()
            .unwrap_or_default();
        assert_eq!(repair.contains("<table"), held, "{severity}: {repair}");
        assert_eq!(
            repair.contains("1 gate failed or lacks required evidence"),
            held
        );
        assert_eq!(
            repair.contains("1 gate failed as a warning, which holds nothing up."),
            !held
        );
    }
}
