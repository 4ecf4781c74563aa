//! What must hold of the pages of a large audit: nothing lost between them, and every link leads somewhere.

use super::super::pages;
use super::sample::{HOSTILE, empty, finding, hostile, measurement, value, verdict};
use super::{between, escaped, findings};
use crate::record::{Record, v1};

/// The hostile record with other models of hostile names beside its own, each with findings.
pub fn large(models: usize, findings_each: usize) -> Record {
    let mut record = hostile();
    let (model, evaluation) = (record.models[0].clone(), record.evaluations[0].clone());
    record.findings.clear();
    for number in 0..models {
        let name = format!("{HOSTILE}/../{number}");
        record.models.push(v1::Model {
            name: name.clone(),
            ..model.clone()
        });
        record.evaluations.push(v1::Evaluation {
            model: name.clone(),
            ..evaluation.clone()
        });
        for verdict in [None, Some("joy")].map(|label| verdict(label, "")) {
            record.verdicts.push(v1::Verdict {
                model: name.clone(),
                ..verdict
            });
        }
        for place in 0..findings_each {
            let outcome = ["pass", "insufficient", "fail", "waived"][place % 4];
            let group = format!("group-{place}");
            let rests_on = v1::Measurement {
                model: name.clone(),
                ..measurement("skill", Some("joy"), &group, value(0.5, 0.4, 0.6))
            };
            let id = format!("emotion-label-skill/{name}/data/emotion/variety={group}/joy");
            record.findings.push(finding(&id, outcome, Some(rests_on)));
        }
    }
    record.findings.push(finding("waiver/stale", "fail", None));
    record.findings.push(finding("waiver/stale", "fail", None));
    record
}

pub fn site(record: &Record) -> Vec<(String, String)> {
    pages(record, &[], "a page.html").expect("the templates fit their data")
}

#[test]
fn a_large_audit_has_a_page_for_each_model_and_every_finding_on_one_of_them() {
    let record = large(6, 1000);
    let pages = site(&record);
    assert_eq!(pages[0].0, "a page.html");
    assert_eq!(pages.len(), 1 + record.models.len());
    let mut shown: Vec<String> = pages.iter().flat_map(|(_, page)| findings(page)).collect();
    let mut expected: Vec<String> = record.findings.iter().map(|f| escaped(&f.id)).collect();
    shown.sort_unstable();
    expected.sort_unstable();
    assert_eq!(shown, expected);
    for (path, page) in &pages {
        assert!(page.len() < 500_000, "{path}: {} bytes", page.len());
        assert!(!page.contains(HOSTILE) && !page.contains('\u{202e}'));
    }
}

#[test]
fn a_model_whose_page_is_large_has_one_for_each_dataset() {
    let mut record = large(1, 0);
    let sizes = [900, 1900];
    let name = record.models[0].name.clone();
    for (dataset, findings) in ["first", "second"].into_iter().zip(sizes) {
        record.evaluations.push(v1::Evaluation {
            dataset: dataset.to_owned(),
            ..record.evaluations[0].clone()
        });
        record.datasets.push(v1::Dataset {
            name: dataset.to_owned(),
            ..record.datasets[0].clone()
        });
        for place in 0..findings {
            let rests_on = v1::Measurement {
                dataset: dataset.to_owned(),
                ..measurement(
                    "skill",
                    Some("joy"),
                    &format!("group-{place}"),
                    value(0.5, 0.4, 0.6),
                )
            };
            let id = format!("emotion-label-skill/{name}/{dataset}/emotion/variety={place}/joy");
            record.findings.push(finding(&id, "fail", Some(rests_on)));
        }
    }
    let pages = site(&record);
    let mut counts: Vec<usize> = pages.iter().map(|(_, page)| findings(page).len()).collect();
    counts.sort_unstable();
    // The first page with two stale waivers, two of models on the bundled data without findings, and the two.
    assert_eq!(counts, [0, 0, 2, 900, 1900]);
}

#[test]
fn pages_lead_to_each_other_and_nowhere_else() {
    let pages = site(&large(5, 40));
    let ids = |page: &str| -> Vec<String> {
        let ids = between(page, " id=\"", "\"").map(str::to_owned);
        ids.chain([String::new()]).collect()
    };
    for (path, page) in &pages {
        for target in between(page, "href=\"", "\"").filter(|target| !target.starts_with('#')) {
            let (address, anchor) = target.split_once('#').unwrap_or((target, ""));
            let place = match address.strip_prefix("../") {
                Some(back) if path.contains('/') => back.to_owned(),
                None if !path.contains('/') => address.to_owned(),
                _ => panic!("{target} on {path}"),
            };
            let place = place.replace("%20", " ");
            let (_, led) = pages
                .iter()
                .find(|(path, _)| *path == place)
                .unwrap_or_else(|| panic!("{target} leads nowhere"));
            assert!(ids(led).contains(&anchor.to_owned()), "{target} on {path}");
        }
        for anchor in between(page, "href=\"#", "\"") {
            assert!(
                ids(page).contains(&anchor.to_owned()),
                "#{anchor} on {path}"
            );
        }
        let mut own = ids(page);
        let all = own.len();
        own.sort_unstable();
        own.dedup();
        assert_eq!(own.len(), all, "an id twice on {path}");
    }
    assert!(pages[0].1.contains("href=\"a%20page-models/"));
    assert!(pages[1].1.contains("href=\"../a%20page.html"));
}

#[test]
fn the_page_of_a_model_says_how_the_whole_audit_ended() {
    let mut record = large(5, 1);
    record.exit_code = 1;
    let pages = site(&record);
    let own = pages.iter().find(|(_, page)| findings(page).len() == 1);
    let (_, own) = own.expect("a page of a model with one finding, which passed");
    assert!(own.contains("No gate failed for this model"));
    assert!(own.contains("The audit of all 7 models ended with exit code 1: gates failed."));
    assert!(!own.contains("id=\"sign\"") && pages[0].1.contains("id=\"sign\""));
    assert!(pages[0].1.contains("Exit code 1."));
}

#[test]
fn a_small_audit_stays_one_page() {
    assert_eq!(site(&hostile()).len(), 1);
    assert_eq!(site(&empty()).len(), 1);
}
