//! What must hold of every page: nothing lost, nothing broken, nothing claimed, nothing let out.

mod first;
mod outcome;
mod sample;
mod several;

use sample::{HOSTILE, empty, finding, hostile, measurement, value};
use sha2::{Digest, Sha256};

use super::template::{SCRIPT, base64, escape};
use super::words::{self, Style};
use super::{Term, render};
use crate::diagnostic::thousands;
use crate::record::{Record, v1};

fn page(record: &Record) -> String {
    let glossary = [Term {
        title: HOSTILE,
        meaning: "meaning",
        formula: "a < b",
        source: "source",
    }];
    render(record, &glossary).expect("the templates fit their data")
}

/// What stands between `before` and `after`, every time.
fn between<'a>(page: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(before)
        .skip(1)
        .filter_map(move |rest| rest.split(after).next())
}

/// The ids of the findings on a page: whole beside what did not pass, in two parts beside what did.
fn findings(page: &str) -> Vec<String> {
    let open = between(page, "<small class=\"id\">", "<").map(str::to_owned);
    let passed = between(page, "data-under=\"", "</ul>").flat_map(|list| {
        let under = list.split('"').next().unwrap_or_default();
        between(list, "\"><b>", "</b>").map(move |rest| format!("{under}{rest}"))
    });
    open.chain(passed).collect()
}

fn escaped(text: &str) -> String {
    let mut out = Vec::new();
    escape(text, &mut out).expect("memory takes any text");
    String::from_utf8(out).expect("escaping keeps text valid")
}

#[test]
fn every_finding_stands_on_the_page_exactly_once() {
    let record = hostile();
    let page = page(&record);
    let shown = findings(&page);
    assert_eq!(shown.len(), record.findings.len());
    for finding in &record.findings {
        let id = escaped(&finding.id);
        assert_eq!(
            shown.iter().filter(|shown| **shown == *id).count(),
            1,
            "{id}"
        );
    }
}

#[test]
fn hostile_names_stay_text() {
    let page = page(&hostile());
    let scripts: Vec<&str> = between(&page, "<script", "</script>").collect();
    assert!(
        scripts == [format!(">{}", SCRIPT)],
        "a name became an element"
    );
    assert!(!page.contains(HOSTILE) && !page.contains('\u{202e}'));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\u{202e}"));
}

#[test]
fn elements_are_nested_properly_and_ids_are_unique() {
    const VOID: [&str; 2] = ["meta", "!doctype"];
    // Their ends may be left to the parser.
    const OPTIONAL: [&str; 8] = ["td", "th", "tr", "thead", "tbody", "li", "dt", "dd"];
    let several = several::site(&several::large(4, 9)).into_iter();
    let several = several.chain(several::site(&several::crowded()));
    let several = several.map(|(_, page)| page);
    for page in several.chain([page(&hostile()), page(&empty())]) {
        let (head, rest) = page.split_once("<style>").expect("a style sheet");
        let (_, body) = rest.split_once("</style>").expect("its end");
        let body = body.replace(SCRIPT, "");
        let mut open: Vec<&str> = Vec::new();
        for tag in between(head, "<", ">").chain(between(&body, "<", ">")) {
            let name = tag
                .trim_start_matches('/')
                .split([' ', '/'])
                .next()
                .unwrap_or_default();
            if tag.starts_with('/') {
                // The head was cut where the style sheet stood.
                assert_eq!(open.pop(), Some(name), "closing {name}");
            } else if !tag.ends_with('/') && !VOID.contains(&name) && !OPTIONAL.contains(&name) {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "left open: {open:?}");
        let mut ids: Vec<&str> = between(&page, " id=\"", "\"").collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
        for target in between(&page, "href=\"#", "\"") {
            assert!(
                ids.binary_search(&target).is_ok(),
                "#{target} leads nowhere"
            );
        }
    }
}

#[test]
fn the_policy_of_the_page_admits_its_style_sheet_and_its_script_and_nothing_else() {
    let several = several::site(&several::large(4, 9)).into_iter();
    let several = several.chain(several::site(&several::crowded()));
    for page in several.map(|(_, page)| page).chain([page(&hostile())]) {
        let style = between(&page, "<style>", "</style>")
            .next()
            .expect("a style sheet");
        let digest = base64(&Sha256::digest(style.as_bytes()));
        let script = base64(&Sha256::digest(SCRIPT.as_bytes()));
        assert!(page.contains(&format!(
            "default-src 'none'; style-src 'sha256-{digest}'; script-src 'sha256-{script}'; base-uri 'none'"
        )));
        assert!(
            !["fetch(", "innerHTML", "eval(", "import("]
                .iter()
                .any(|word| SCRIPT.contains(word))
        );
        assert!(!style.contains("url(") && !style.contains("@import"));
        let markup = page.replace(style, "").replace(SCRIPT, "");
        for forbidden in [
            " style=\"",
            "<link",
            "<img",
            "<iframe",
            "<object",
            "javascript:",
            " src=",
        ] {
            assert!(!markup.contains(forbidden), "{forbidden}");
        }
    }
}

#[test]
fn nothing_is_claimed_that_an_audit_cannot_know() {
    let several = several::site(&several::large(4, 9)).into_iter();
    let several = several.map(|(_, page)| page);
    for page in several.chain([page(&hostile()), page(&empty())]) {
        let page = page.to_lowercase();
        for word in [
            "complian",
            "certified",
            "bias-free",
            "unbiased",
            "detects emotion",
            "nan",
            "infinity",
        ] {
            let found = page.match_indices(word).filter(|(place, _)| {
                // "nan" may stand inside a word, such as "dominance".
                word != "nan" || !page[..*place].ends_with(|before: char| before.is_alphabetic())
            });
            assert_eq!(found.count(), 0, "{word}");
        }
    }
}

#[test]
fn what_has_no_value_says_why() {
    let page = page(&hostile());
    assert!(page.contains("no value: 12 cases: too few"));
    assert!(page.contains("no value: gold holds too few classes"));
    assert!(
        page.contains("no value (too-few-cases)"),
        "in the picture too"
    );
}

#[test]
fn what_was_not_measured_is_no_pass() {
    let page = page(&empty());
    assert!(
        page.contains("No counterfactual sets in this data: not measured, which is not a pass.")
    );
    assert!(page.contains("no groups that were judged: not measured, which is not a pass."));
    assert!(page.contains("No negative control ran"));
    assert!(page.contains("Have this use reviewed."));
}

#[test]
fn the_headline_gives_advice_with_intervals() {
    let page = page(&hostile());
    assert!(page.contains("Use polarity only for"));
    assert!(page.contains("Polarity is read better than emotion"));
    assert!(page.contains("emotion −0.50 (−0.70 to −0.30)"));
    assert!(page.contains("labels perceived by annotators"));
    assert!(page.contains("about 1,234 cases"));
    assert!(page.contains("A. Person answers for it until 2027-03-31"));
}

#[test]
fn a_thousand_findings_fit_in_half_a_megabyte() {
    let mut record = hostile();
    record.findings.clear();
    for number in 0..1000 {
        let outcome = ["pass", "insufficient", "fail"][number % 3];
        let group = format!("group-{number}");
        let rests_on = measurement("skill", Some("joy"), &group, value(0.5, 0.4, 0.6));
        let id = format!(
            "emotion-label-skill/reference:emotion/everyday-english/emotion/variety={group}/joy"
        );
        record.findings.push(finding(&id, outcome, Some(rests_on)));
    }
    let page = page(&record);
    assert_eq!(findings(&page).len(), 1000);
    assert!(page.len() < 500_000, "{} bytes", page.len());
}

#[test]
fn numbers_are_written_as_readers_expect() {
    assert_eq!(Style::Plain.number(-0.001), "0.00");
    assert_eq!(Style::Signed.number(0.001), "0.00");
    assert_eq!(Style::Signed.number(-0.126), "−0.13");
    assert_eq!(Style::Signed.range(-0.1, 0.2), "−0.10 to +0.20");
    assert_eq!(Style::Shift.number(0.0124), "+0.012");
    assert_eq!(Style::Share.number(0.95), "95\u{a0}%");
    assert_eq!(Style::Share.number(0.074), "7.4\u{a0}%");
    assert_eq!(Style::Share.number(0.999), "99.9\u{a0}%");
    assert_eq!(Style::Share.range(0.05, 0.17), "5 to 17\u{a0}%");
    assert_eq!(thousands(1_234_567), "1,234,567");
    assert_eq!(
        words::list(&["a".to_owned(), "b".to_owned(), "c".to_owned()]),
        "a, b and c"
    );
    assert_eq!(
        words::moment("2026-11-21T02:36:27Z"),
        "2026-11-21 02:36 UTC"
    );
    assert_eq!(words::moment("Tuesday"), "Tuesday");
    assert_eq!(words::prose("-0.1 of x-ray (-2)"), "−0.1 of x-ray (−2)");
}

#[test]
fn base64_is_that_of_the_standard() {
    // RFC 4648, section 10.
    for (text, expected) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64(text.as_bytes()), expected);
    }
}

#[test]
fn changes_since_the_baseline_stand_worst_first_with_what_gates_make_of_them() {
    assert!(!page(&hostile()).contains("id=\"baseline\""));
    let mut record = hostile();
    record.baseline = Some(v1::Baseline {
        digest: "b".repeat(64),
        tool: HOSTILE.to_owned(),
        models: [(HOSTILE.to_owned(), "c".repeat(64))].into(),
        predictions: [(HOSTILE.to_owned(), "d".repeat(64))].into(),
    });
    // Of a rate of false alarms less is better.
    for (measure, group, kind, change) in [
        ("skill", "better", v1::CHANGE, value(0.2, 0.1, 0.3)),
        ("skill", "worst", v1::PAIRED_CHANGE, value(-0.3, -0.4, -0.2)),
        (
            "false-positive-rate",
            "bad",
            v1::PAIRED_CHANGE,
            value(0.25, 0.2, 0.3),
        ),
        (
            "skill",
            "gone",
            v1::CHANGE,
            sample::missing("in the baseline: too few"),
        ),
    ] {
        let of = v1::Measurement {
            comparison: Some(v1::Comparison {
                kind: kind.to_owned(),
                attribute: None,
                group: None,
                controls: Vec::new(),
                model: None,
            }),
            ..measurement(measure, None, group, change)
        };
        record.measurements.push(of.clone());
        let outcome = match group {
            "worst" => "fail",
            "bad" => "insufficient",
            _ => "pass",
        };
        if group != "gone" {
            record
                .findings
                .push(finding(&format!("change/{group}"), outcome, Some(of)));
        }
    }
    let page = page(&record);
    let section = between(&page, "<section id=\"baseline\"", "</section>").next();
    let section = section.expect("a section about the baseline");
    let places: Vec<usize> = [": worst", ": bad", ": better", ": gone"]
        .iter()
        .map(|group| {
            section
                .find(group)
                .unwrap_or_else(|| panic!("{group}: {section}"))
        })
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(section.contains("4 changes from the baseline, 2 of them paired by case"));
    assert!(section.contains("no value: in the baseline: too few"));
    let first = between(&page, "What changed since the last release?", "</section>").next();
    let first = first.expect("an answer on the first screen");
    assert!(first.contains("Worse than a gate allows") && first.contains(": worst"));
    assert!(!first.contains(": bad") && first.contains("Cannot be told"));
}

#[test]
fn a_table_too_large_for_a_page_is_named_and_left_to_the_record() {
    let mut record = hostile();
    for number in 0..300 {
        let group = format!("group-{number}");
        for label in ["joy", "fear"] {
            let skill = measurement("skill", Some(label), &group, value(0.5, 0.4, 0.6));
            record.measurements.push(skill);
            record.verdicts.push(sample::verdict(Some(label), &group));
        }
    }
    let page = page(&record);
    assert!(page.contains("cells are too many for a page; the record holds them all, and"));
}

#[test]
fn many_groups_get_a_small_chart_each_and_what_has_none_is_named() {
    let mut record = hostile();
    let attribute = &mut record.datasets[0].attributes[0];
    attribute.kind = "culture".to_owned();
    let known = attribute.name.clone();
    let tiny = crate::record::v1::Count {
        name: "tiny".to_owned(),
        count: 17,
    };
    attribute.groups.push(tiny);
    let one = record
        .contrasts
        .iter()
        .find(|contrast| contrast.label.is_none() && contrast.slice.len() == 1);
    let one = one.expect("a contrast of a group").clone();
    assert!(!page(&record).contains("<div class=\"multiples\">"));
    for group in ["north", "south", "west"] {
        let mut other = one.clone();
        other.slice.insert(known.clone(), group.to_owned());
        record.contrasts.push(other);
    }
    let page = page(&record);
    let grid = between(&page, "<div class=\"multiples\">", "<h4>").next();
    let grid = grid.expect("a grid of small charts");
    for group in ["north", "south", "west"] {
        let title = format!("{group}: skill at emotion and at polarity</title>");
        assert_eq!(grid.matches(&title).count(), 1);
    }
    assert!(grid.contains("no value (too-few-cases)"), "said, not drawn");
    assert!(grid.contains("its values are not shown: "));
    assert!(grid.contains("tiny (17)"));
}
