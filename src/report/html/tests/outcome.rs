//! How an audit ended, on the page and in a sentence.

use super::page;
use super::sample::{empty, finding};
use crate::record::Record;
use crate::record::v1::{Finding, Waiver};
use crate::report::outcome::{accepted, outcome};

fn waived(owner: &str, expires: &str, before: &str) -> Finding {
    let mut finding = finding("gate/a", "waived", None);
    finding.before_waiver = Some(before.to_owned());
    finding.waiver = finding.waiver.map(|waiver| Waiver {
        owner: owner.to_owned(),
        expires: expires.to_owned(),
        ..waiver
    });
    finding
}

#[test]
fn what_failed_and_is_accepted_is_never_left_unsaid() {
    let failed = || waived("A. Person", "2027-03-31", "fail");
    let later = || waived("B. Person", "2027-05-01", "fail");
    let undecided = || waived("C. Person", "2027-03-31", "insufficient");
    let pass = || finding("gate/b", "pass", None);
    for (exit_code, findings, sentence, on_page) in [
        (0, vec![pass()], "every gate of the policy passed.", None),
        (
            0,
            vec![pass(), failed()],
            "1 failure is accepted, by A. Person until 2027-03-31; nothing else that the policy requires failed or \
             is missing.",
            Some("What failed is accepted"),
        ),
        (
            0,
            vec![later(), failed(), undecided()],
            "2 failures are accepted, by A. Person and B. Person the first until 2027-03-31; nothing else that the \
             policy requires failed or is missing; 1 finding waived while undecided.",
            Some("What failed is accepted"),
        ),
        (
            0,
            vec![undecided()],
            "nothing that the policy requires failed or is missing; 1 finding waived while undecided.",
            Some("Nothing that the policy requires failed"),
        ),
        (
            1,
            vec![finding("gate/c", "fail", None), failed()],
            "at least one gate of the policy failed; besides, 1 failure is accepted, by A. Person until 2027-03-31.",
            Some("Gates failed"),
        ),
        (
            3,
            vec![finding("gate/c", "insufficient", None), failed()],
            "1 failure is accepted, by A. Person until 2027-03-31; besides, evidence that the policy requires is \
             missing.",
            Some("Not enough evidence"),
        ),
        (
            3,
            vec![finding("gate/c", "insufficient", None)],
            "no gate failed, but evidence that the policy requires is missing.",
            Some("Not enough evidence"),
        ),
    ] {
        let record = Record {
            exit_code,
            findings,
            ..empty()
        };
        assert_eq!(outcome(&record), format!(": {sentence}"));
        let page = page(&record);
        assert!(
            page.contains(on_page.unwrap_or("No gate failed")),
            "{sentence}"
        );
        let accepted = accepted(&record).unwrap_or_default();
        assert!(page.contains(&accepted), "{accepted}");
    }
}
