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
    let held = |dataset: &str| -> usize {
        let own = pages.iter().filter(|(path, _)| path.contains(dataset));
        own.map(|(_, page)| findings(page).len()).sum()
    };
    assert_eq!((held("-first-"), held("-second-")), (900, 1900));
    // Two stale waivers stand on the first page, and nothing on those of the models on the bundled data.
    let all: usize = pages.iter().map(|(_, page)| findings(page).len()).sum();
    assert_eq!((findings(&pages[0].1).len(), all), (2, 2802));
    lead_to_each_other(&pages);
}

/// One model on one dataset, with findings on more groups than a page can bear.
pub fn crowded() -> Record {
    let mut record = hostile();
    record.models.truncate(1);
    record.evaluations.truncate(1);
    record.findings.clear();
    for place in 0..2600 {
        let outcome = ["fail", "insufficient", "pass", "insufficient"][place % 4];
        let group = format!("group-{place}");
        let rests_on = measurement("skill", Some("joy"), &group, value(0.5, 0.4, 0.6));
        let id = format!("emotion-label-skill/model/data/emotion/variety={group}/joy");
        record.findings.push(finding(&id, outcome, Some(rests_on)));
    }
    record
}

#[test]
fn findings_too_many_for_one_page_go_on_to_further_ones() {
    let record = crowded();
    let pages = site(&record);
    let paths: Vec<&str> = pages.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths[..2], ["a page.html", "a page-models/findings-1.html"]);
    let mut shown: Vec<String> = pages.iter().flat_map(|(_, page)| findings(page)).collect();
    let mut expected: Vec<String> = record.findings.iter().map(|f| escaped(&f.id)).collect();
    shown.sort_unstable();
    expected.sort_unstable();
    assert_eq!(shown, expected);
    // What passed has an anchor as well.
    let ids = pages
        .iter()
        .flat_map(|(_, page)| between(page, " id=\"f", "\""));
    let mut anchors: Vec<usize> = ids.filter_map(|id| id.parse().ok()).collect();
    anchors.sort_unstable();
    assert_eq!(anchors, (1..=record.findings.len()).collect::<Vec<usize>>());
    for (path, page) in &pages {
        assert!(page.len() < 500_000, "{path}: {} bytes", page.len());
    }
    // What failed stands first of all, and the counts are those of the whole.
    let first = &pages[0].1;
    assert_eq!(
        between(first, "<i class=\"m m-fail\">failed", "<").count(),
        10
    );
    assert!(first.contains(
        "1,940 more findings of this gate: <a href=\"a%20page-models/findings-1.html\">"
    ));
    assert!(first.contains("650 passed: <a href="));
    lead_to_each_other(&pages);
}

#[test]
fn the_first_page_of_hundreds_of_models_names_each_and_stays_small() {
    let record = large(300, 1);
    let pages = site(&record);
    let (_, first) = &pages[0];
    assert!(first.len() < 500_000, "{} bytes", first.len());
    for (path, _) in &pages[1..] {
        let address = path.replace(' ', "%20");
        assert!(first.contains(&format!("href=\"{address}\"")), "{path}");
    }
    assert!(first.contains("The table holds 200 of "));
    lead_to_each_other(&pages);
}

#[test]
fn a_table_says_whether_it_is_of_one_model_or_of_all() {
    let mut record = large(5, 40);
    let other = v1::Evaluation {
        dataset: "other".to_owned(),
        ..record.evaluations[0].clone()
    };
    record.datasets.push(v1::Dataset {
        name: "other".to_owned(),
        ..record.datasets[0].clone()
    });
    record.evaluations.push(other);
    let pages = site(&record);
    assert!(
        pages[0]
            .1
            .contains("<h2 id=\"index-h\">All models and data</h2>")
    );
    let headed = pages[1..]
        .iter()
        .filter(|(_, page)| page.contains("<h2 id=\"index-h\">"));
    let headed: Vec<&String> = headed.map(|(_, page)| page).collect();
    assert_eq!(headed.len(), 1);
    assert!(headed[0].contains("<h2 id=\"index-h\">The model on each dataset</h2>"));
}

#[test]
fn pages_lead_to_each_other_and_nowhere_else() {
    let pages = site(&large(5, 40));
    lead_to_each_other(&pages);
    assert!(pages[0].1.contains("href=\"a%20page-models/"));
    assert!(pages[1].1.contains("href=\"../a%20page.html"));
}

fn lead_to_each_other(pages: &[(String, String)]) {
    let ids = |page: &str| -> Vec<String> {
        let ids = between(page, " id=\"", "\"").map(str::to_owned);
        ids.chain([String::new()]).collect()
    };
    for (path, page) in pages {
        for target in between(page, "href=\"", "\"").filter(|target| !target.starts_with('#')) {
            let (address, anchor) = target.split_once('#').unwrap_or((target, ""));
            let place = match address.strip_prefix("../") {
                Some(back) if path.contains('/') => back.to_owned(),
                None => match path.rsplit_once('/') {
                    // Beside it, such as the page that further findings are of.
                    Some((folder, _)) => format!("{folder}/{address}"),
                    None => address.to_owned(),
                },
                Some(_) => panic!("{target} on {path}"),
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
