//! The tables that New York City's Local Law 144 of 2021 asks of a bias audit (6 RCNY 5-301), as far as the record
//! holds what they need, in Markdown. The law sets no pass mark, and neither does this.
//!
//! The ratios follow from the rates of the record, and their intervals from those of the rates.

use std::fmt::Write;

use super::html::lookup::Lookup;
use super::html::words::{self, Style};
use super::markdown::{all_findings, footer};
use super::text::{code, head, prose, row};
use super::weights;
use crate::diagnostic::thousands;
use crate::record::Record;
use crate::record::v1::{Attribute, Dataset, Measurement, Value};
use crate::stats::ratio::{Limits, ratio};

/// What attributes of sex are called.
const SEX: [&str; 2] = ["sex", "gender"];

/// What attributes of race and ethnicity are called.
const RACE: [&str; 4] = ["race", "ethnicity", "race-ethnicity", "race_ethnicity"];

/// Which groups a table is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Category {
    Sex,
    Race,
    Both,
}

impl Category {
    /// The category of a measurement, by the names of the attributes of its slice.
    fn of(measurement: &Measurement) -> Option<Category> {
        let names: Vec<&str> = measurement.slice.keys().map(String::as_str).collect();
        let sex = names.iter().filter(|name| is(name, &SEX)).count();
        let race = names.iter().filter(|name| is(name, &RACE)).count();
        match (sex, race, names.len()) {
            (1, 0, 1) => Some(Category::Sex),
            (0, 1, 1) => Some(Category::Race),
            (1, 1, 2) => Some(Category::Both),
            _ => None,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Category::Sex => "Sex",
            Category::Race => "Race and ethnicity",
            Category::Both => "Sex by race and ethnicity",
        }
    }
}

fn is(name: &str, known: &[&str]) -> bool {
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Renders the tables of every model on every dataset.
pub fn render(record: &Record) -> String {
    let lookup = Lookup::of(record);
    let mut out = String::from(
        "# Rates and impact ratios in the form of Local Law 144\n\n\
         Local Law 144 of 2021 of New York City and its rule (6 RCNY 5-301) ask, for automated employment decision \
         tools, for selection or scoring rates and impact ratios by sex, by race and ethnicity, and by both together. \
         The law sets no pass mark. Here *selected* means that the model assigned a label: which label, if any, \
         selects a candidate is for the employer to say. *Scoring* counts who is scored above the median of all cases. \
         These are labels of texts in a test dataset, not candidates of an employer, unless the dataset says so. Check the wording against the official text; whether this serves as \
         the audit that the law asks for is for an independent auditor and for counsel to judge.\n\n",
    );
    let _ = writeln!(
        out,
        "Rates stand with their {} intervals in brackets and are over the cases that got an answer; the share of these stands beside them. {} The rule asks for the number of applicants and the rate of every category, \
         also of one under 2 % that is left out of the ratios (6 RCNY 5-301(d)): what is not shown must come from those who hold \
         the data. The impact ratio \
         is a group's rate over the highest rate of any group; its interval follows from those of the two rates \
         (MOVER-R, Donner and Zou 2012) and does not know that the highest was picked from the same cases.\n",
        words::percent(record.settings.level),
        words::suppression(&record.settings)
    );
    let datasets = record.datasets.iter();
    for sentence in datasets.filter_map(|dataset| weights::sentence(record, dataset)) {
        let _ = writeln!(out, "**Weighted.** {}\n", prose(&sentence));
    }
    lacking(&mut out, record);
    for meeting in lookup.meetings() {
        let of_this: Vec<&Measurement> = meeting
            .measurements()
            .filter(|m| is_rate(m) || is_coverage(m))
            .collect();
        let evaluation = meeting.evaluation;
        let _ = writeln!(
            out,
            "## {} on {}, {}\n",
            code(&evaluation.model),
            code(&evaluation.dataset),
            prose(&evaluation.task)
        );
        for category in [Category::Sex, Category::Race, Category::Both] {
            table(&mut out, category, &of_this);
        }
    }
    for dataset in &record.datasets {
        unknown(&mut out, dataset);
    }
    out.push_str("## Findings of the audit\n\nThe gates are those of the policy. None of them is the law's.\n\n");
    all_findings(&mut out, record);
    footer(&mut out, record);
    out
}

fn is_rate(measurement: &Measurement) -> bool {
    measurement.comparison.is_none()
        && matches!(
            measurement.measure.as_str(),
            "selection-rate" | "scoring-rate"
        )
}

fn is_coverage(measurement: &Measurement) -> bool {
    measurement.comparison.is_none() && measurement.measure == "coverage"
}

/// What the form asks for and the record does not hold.
fn lacking(out: &mut String, record: &Record) {
    let has = |test: &dyn Fn(&Measurement) -> bool| record.measurements.iter().any(test);
    let mut lacking = Vec::new();
    for (measure, words) in [
        ("selection-rate", "Selection rates: not measured."),
        (
            "scoring-rate",
            "Scoring rates (the share of a group scored above the median of all): not measured.",
        ),
    ] {
        if !has(&|m| m.measure == measure) {
            lacking.push(words);
        }
    }
    for (category, words) in [
        (
            Category::Sex,
            "Sex: no group of the data is named sex or gender.",
        ),
        (
            Category::Race,
            "Race and ethnicity: no group of the data is named race or ethnicity.",
        ),
        (
            Category::Both,
            "Sex by race and ethnicity: not measured together.",
        ),
    ] {
        if !has(&|m| is_rate(m) && Category::of(m) == Some(category)) {
            lacking.push(words);
        }
    }
    if lacking.is_empty() {
        return;
    }
    out.push_str("**What the form asks for and this audit does not hold**\n\n");
    for words in lacking {
        let _ = writeln!(out, "- {words}");
    }
    out.push('\n');
}

fn table(out: &mut String, category: Category, measurements: &[&Measurement]) {
    let mut rates: Vec<&&Measurement> = measurements
        .iter()
        .filter(|m| is_rate(m) && Category::of(m) == Some(category))
        .collect();
    if rates.is_empty() {
        return;
    }
    // What is compared stands together.
    rates.sort_by_key(|rate| (&rate.label, rate.slice.keys().collect::<Vec<_>>()));
    let _ = writeln!(out, "### {}\n", category.title());
    out.push_str(&head(&[
        "Label",
        "Group",
        "Cases",
        "Answered",
        "Rate",
        "Rate of",
        "Impact ratio",
    ]));
    for rate in &rates {
        out.push_str(&row(&[
            rate.label.as_deref().map_or_else(|| "any".to_owned(), code),
            prose(&words::slice(&rate.slice)),
            words::cases(rate),
            answered(rate, measurements),
            prose(&Style::Plain.value(&rate.value)),
            prose(&words::spaced(rate.measure.trim_end_matches("-rate"))),
            impact(rate, &rates),
        ]));
    }
    out.push('\n');
}

/// The share of a group's cases that got an answer.
fn answered(rate: &Measurement, measurements: &[&Measurement]) -> String {
    let mut coverage = measurements.iter().filter(|one| is_coverage(one));
    let of_group = coverage.find(|one| one.slice == rate.slice);
    of_group.map_or_else(
        || "not known".to_owned(),
        |one| prose(&Style::Plain.value(&one.value)),
    )
}

/// The rate of a group over that of the group with the highest rate: the impact ratio of 6 RCNY 5-300.
fn impact(rate: &Measurement, rates: &[&&Measurement]) -> String {
    let mut highest: Option<(&Measurement, Limits)> = None;
    let mut among = "";
    for other in rates {
        let alike = other.label == rate.label
            && other.measure == rate.measure
            && other.slice.keys().eq(rate.slice.keys());
        match limits(other).filter(|_| alike) {
            Some(limits) if highest.is_none_or(|(_, most)| limits.value > most.value) => {
                highest = Some((other, limits));
            }
            None if alike => among = " of those shown",
            _ => {}
        }
    }
    let (Some(own), Some((most, highest))) = (limits(rate), highest) else {
        return "not known: no rate is shown".to_owned();
    };
    if most.slice == rate.slice {
        return format!("1, by definition: the highest rate{among}");
    }
    match ratio(own, highest) {
        Ok(Limits { value, low, high }) => {
            let style = Style::Plain;
            prose(&format!(
                "{} ({}){among}",
                style.number(value),
                style.range(low, high)
            ))
        }
        Err(undefined) => format!("not known: {}", prose(&undefined.detail)),
    }
}

fn limits(measurement: &Measurement) -> Option<Limits> {
    match &measurement.value {
        Value::Defined {
            estimate, interval, ..
        } => Some(Limits {
            value: *estimate,
            low: interval.low,
            high: interval.high,
        }),
        Value::Missing { .. } => None,
    }
}

/// How many cases have no known sex or race.
fn unknown(out: &mut String, dataset: &Dataset) {
    let attributes: Vec<&Attribute> = dataset
        .attributes
        .iter()
        .filter(|attribute| is(&attribute.name, &SEX) || is(&attribute.name, &RACE))
        .collect();
    let _ = writeln!(out, "## Unknown in {}\n", code(&dataset.name));
    if attributes.is_empty() {
        let _ = writeln!(
            out,
            "Neither sex nor race is declared for any of the {}.\n",
            words::counted(dataset.cases, "case", "cases")
        );
        return;
    }
    out.push_str(&head(&[
        "Category",
        "About",
        "Unknown",
        "Of",
        "What a blank means",
    ]));
    for attribute in attributes {
        out.push_str(&row(&[
            code(&attribute.name),
            prose(words::about(&attribute.about)),
            thousands(attribute.blanks),
            thousands(dataset.cases),
            prose(&words::spaced(&attribute.blank)),
        ]));
    }
    out.push('\n');
}
