//! The page of a dataset's checks, in the style of the report and as self-contained.

use serde::Serialize;

use super::table::{Cell, Fact, Table, facts};
use super::template::{Frame, fill};
use super::words::{self, Style};
use crate::check::PAGES;
use crate::diagnostic::thousands;
use crate::record::dataset_check::{Counts, DatasetCheck, Finding, Subject, Value};

/// The grades with the symbol of each and the words that head their section.
const GRADES: [(&str, &str, &str); 3] = [
    ("problem", "fail", "Problems"),
    ("warning", "insufficient", "Warnings"),
    ("info", "limited", "Worth knowing"),
];

#[derive(Serialize)]
struct Page {
    #[serde(flatten)]
    frame: Frame,
    facts: Vec<Fact>,
    mark: &'static str,
    outcome: String,
    explanation: &'static str,
    tallies: Vec<Tally>,
    sections: Vec<Section>,
    clear: Vec<String>,
    unchecked: Vec<String>,
    settings: Vec<Fact>,
    glossary: Vec<Entry>,
}

#[derive(Serialize)]
struct Tally {
    mark: &'static str,
    count: String,
    word: String,
}

#[derive(Serialize)]
struct Section {
    id: &'static str,
    title: &'static str,
    findings: Vec<View>,
}

#[derive(Serialize)]
struct View {
    mark: &'static str,
    heading: String,
    sentence: String,
    why: &'static str,
    advice: &'static str,
    /// Places of cases, where the rows hold nothing else.
    places: Vec<Fact>,
    table: Option<Table>,
    /// Whether the table stands open.
    open: bool,
}

#[derive(Serialize)]
struct Entry {
    title: &'static str,
    how: &'static str,
}

/// Renders the checks of a dataset as HTML.
///
/// # Errors
/// The template engine's message, should the template and its data not fit.
pub fn render(check: &DatasetCheck) -> Result<String, String> {
    let (mark, outcome, explanation) = outcome(&check.counts);
    let lines = |grade: &str| -> Vec<String> {
        check
            .findings
            .iter()
            .filter(|finding| finding.grade == grade)
            .map(|finding| format!("{}: {}", heading(finding), finding.sentence))
            .collect()
    };
    let settings = &check.settings;
    let page = Page {
        frame: Frame::new(format!("Check of {}", check.dataset.title), ""),
        facts: facts([
            ("Dataset", name(&check.dataset)),
            ("Language", check.dataset.language.join(", ")),
            (
                "Compared with",
                words::list(&check.against.iter().map(name).collect::<Vec<_>>()),
            ),
        ]),
        mark,
        outcome,
        explanation,
        tallies: tallies(&check.counts),
        sections: GRADES
            .iter()
            .map(|(grade, mark, title)| Section {
                id: grade,
                title,
                findings: check
                    .findings
                    .iter()
                    .filter(|finding| finding.grade == *grade)
                    .map(|finding| view(finding, mark))
                    .collect(),
            })
            .filter(|section| !section.findings.is_empty())
            .collect(),
        clear: lines("clear"),
        unchecked: lines("unchecked"),
        settings: facts([
            (
                "Program",
                format!("{} {}", check.tool.name, check.tool.version),
            ),
            ("Policy", settings.policy.clone()),
            ("Fewest cases for a claim", settings.min_n.to_string()),
            (
                "Groups not named under",
                settings.suppress_below.to_string(),
            ),
            (
                "Intervals",
                format!(
                    "{} level, {} replicates, seed {}",
                    words::percent(settings.level),
                    thousands(settings.replicates),
                    settings.seed
                ),
            ),
            ("Digest of the data", check.dataset.digest.clone()),
        ]),
        glossary: PAGES
            .iter()
            .map(|(_, page)| Entry {
                title: page.title,
                how: page.how,
            })
            .collect(),
    };
    fill("dataset-check.html", &page)
}

fn name(subject: &Subject) -> String {
    let version = if subject.version.is_empty() {
        String::new()
    } else {
        format!(" {}", subject.version)
    };
    format!(
        "{}{version} ({})",
        subject.name,
        words::counted(subject.cases, "case", "cases")
    )
}

fn outcome(counts: &Counts) -> (&'static str, String, &'static str) {
    match counts {
        Counts { problem, .. } if *problem > 0 => (
            "fail",
            words::counted(*problem, "problem", "problems"),
            "The data does not hold what its card says. An audit on it would judge something else than it names.",
        ),
        Counts { warning, .. } if *warning > 0 => (
            "insufficient",
            words::counted(*warning, "warning", "warnings"),
            "An audit on this data can be made. What stands under warnings limits what may be concluded from it.",
        ),
        _ => (
            "pass",
            "Nothing to warn of".to_owned(),
            "No check gave a warning. That says nothing about faults that nobody looked for.",
        ),
    }
}

fn tallies(counts: &Counts) -> Vec<Tally> {
    [
        ("fail", counts.problem, "problem", "problems"),
        ("insufficient", counts.warning, "warning", "warnings"),
        ("limited", counts.info, "worth knowing", "worth knowing"),
        ("pass", counts.clear, "clear", "clear"),
        ("unmeasured", counts.unchecked, "not checked", "not checked"),
    ]
    .into_iter()
    .filter(|(_, n, _, _)| *n > 0)
    .map(|(mark, n, one, many)| Tally {
        mark,
        count: thousands(n),
        word: if n == 1 { one } else { many }.to_owned(),
    })
    .collect()
}

fn heading(finding: &Finding) -> String {
    match &finding.about {
        Some(about) => format!("{} ({about})", finding.title),
        None => finding.title.to_owned(),
    }
}

fn view(finding: &Finding, mark: &'static str) -> View {
    let only_places = match finding.columns.as_slice() {
        [one] if one.id == "places" => Some(one.title),
        _ => None,
    };
    let table = (!finding.rows.is_empty() && only_places.is_none()).then(|| table(finding));
    let places: Vec<String> = finding
        .rows
        .iter()
        .filter_map(|row| row.get("places"))
        .map(text)
        .collect();
    View {
        mark,
        heading: heading(finding),
        sentence: format!("{}.", words::sentence(&finding.sentence)),
        why: finding.why,
        advice: finding.advice,
        open: finding.rows.len() <= 12,
        places: only_places.map_or_else(Vec::new, |title| facts([(title, places.join("; "))])),
        table,
    }
}

/// The rows of a finding; columns without anything in them are left out.
fn table(finding: &Finding) -> Table {
    let columns: Vec<_> = finding
        .columns
        .iter()
        .filter(|column| {
            finding.rows.iter().any(|row| {
                row.get(column.id)
                    .is_some_and(|value| !matches!(value, Value::Text(text) if text.is_empty()))
            })
        })
        .collect();
    let heads: Vec<String> = columns
        .iter()
        .map(|column| {
            let numeric = finding.rows.iter().all(|row| {
                matches!(
                    row.get(column.id),
                    Some(Value::Count(_) | Value::Estimate(_))
                )
            });
            let mark = if numeric { "#" } else { "" };
            format!("{mark}{}", words::sentence(column.title))
        })
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let caption = if finding.rows_left_out == 0 {
        "What stands behind it".to_owned()
    } else {
        format!(
            "What stands behind it; {} left out",
            words::counted(finding.rows_left_out, "more row is", "more rows are")
        )
    };
    let mut table = Table::new(caption, &heads);
    for row in &finding.rows {
        table.row(
            columns
                .iter()
                .map(|column| match row.get(column.id) {
                    Some(Value::Count(n)) => Cell::count(*n),
                    Some(Value::Estimate(value)) => Cell::value(value, Style::Plain),
                    Some(other) => Cell::text(text(other)),
                    None => Cell::default(),
                })
                .collect(),
        );
    }
    table
}

/// Words and places as text; "12, 80".
fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Count(n) => thousands(*n),
        Value::Places(places) => places
            .iter()
            .map(u64::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        Value::Estimate(value) => Style::Plain.value(value),
    }
}
