//! The report as one self-contained page: no network, nothing but the record, and complete without its script.
//!
//! Rust decides what is said and formats every number; the templates only place it, and escape all of it.

pub(super) mod about;
mod comparisons;
mod behaviour;
mod contrast;
mod counterfactual;
mod data;
pub mod dataset_check;
mod detail;
mod dimensions;
pub(super) mod findings;
mod first;
mod groups;
mod head;
mod headline;
mod index;
mod pairs;
pub(super) mod lookup;
mod multiples;
mod picture;
mod point;
mod repair;
mod signing;
mod standing;
mod table;
#[cfg(test)]
mod tests;
pub(super) mod unknown;
mod verdicts;
pub(super) mod words;

use std::io;

use serde::Serialize;
use sha2::{Digest, Sha256};
use tera::{Context, Tera};

use crate::diagnostic::plain;
use crate::record::Record;
use lookup::Lookup;

/// The style sheet of the page.
const STYLE: &str = include_str!("../../templates/report.css");

/// What sorts, filters and downloads tables, for browsers that run it.
const SCRIPT: &str = include_str!("../../templates/report.js");

/// The templates, by the names they use for each other.
const TEMPLATES: [(&str, &str); 12] = [
    (
        "components.html",
        include_str!("../../templates/components.html"),
    ),
    ("first.html", include_str!("../../templates/first.html")),
    ("signing.html", include_str!("../../templates/signing.html")),
    ("answers.html", include_str!("../../templates/answers.html")),
    (
        "findings.html",
        include_str!("../../templates/findings.html"),
    ),
    ("repair.html", include_str!("../../templates/repair.html")),
    (
        "evidence.html",
        include_str!("../../templates/evidence.html"),
    ),
    ("detail.html", include_str!("../../templates/detail.html")),
    (
        "behaviour.html",
        include_str!("../../templates/behaviour.html"),
    ),
    (
        "background.html",
        include_str!("../../templates/background.html"),
    ),
    ("report.html", include_str!("../../templates/report.html")),
    (
        "dataset-check.html",
        include_str!("../../templates/dataset-check.html"),
    ),
];

/// An entry of the glossary.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Term<'a> {
    /// The measure.
    pub title: &'a str,
    /// What it says.
    pub meaning: &'a str,
    /// Its formula, in words or signs.
    pub formula: &'a str,
    /// Paper or standard.
    pub source: &'a str,
}

/// Everything on the page, in its order.
#[derive(Serialize)]
struct Page<'a> {
    style: &'static str,
    style_digest: String,
    script: &'static str,
    script_digest: String,
    level: String,
    head: head::Head,
    first: first::First,
    index: Option<table::Table>,
    signing: signing::Signing,
    repair: repair::Repair,
    headline: headline::Headline,
    pairs: Option<pairs::PairsView>,
    contrasts: Vec<contrast::ContrastView>,
    verdicts: Vec<verdicts::VerdictView>,
    groups: Vec<groups::AttributeView>,
    crossed: Vec<comparisons::CrossedView>,
    deviations: Vec<contrast::Deviations>,
    sets: Vec<counterfactual::SetsView>,
    behaviour: Vec<behaviour::BehaviourView>,
    findings: findings::FindingsView,
    controls: about::ControlsView,
    details: Vec<detail::DetailView>,
    datasets: Vec<data::DatasetView>,
    evaluations: Option<table::Table>,
    models: Vec<data::ModelView>,
    limits: Vec<String>,
    clauses: Option<table::Table>,
    glossary: &'a [Term<'a>],
    reproduction: about::Reproduction,
}

/// Renders a record as HTML.
///
/// # Errors
/// The template engine's message, should a template and its data not fit.
pub fn render(record: &Record, glossary: &[Term<'_>]) -> Result<String, String> {
    let lookup = Lookup { record };
    let page = Page {
        style: STYLE,
        style_digest: base64(&Sha256::digest(STYLE.as_bytes())),
        script: SCRIPT,
        script_digest: base64(&Sha256::digest(SCRIPT.as_bytes())),
        level: words::percent(record.settings.level),
        head: head::view(lookup),
        first: first::view(lookup),
        index: index::view(lookup),
        signing: signing::view(lookup),
        repair: repair::view(lookup),
        headline: headline::view(lookup),
        pairs: pairs::view(lookup),
        contrasts: contrast::views(lookup),
        verdicts: verdicts::views(lookup),
        groups: groups::views(lookup),
        crossed: comparisons::crossed(lookup),
        deviations: contrast::deviations(lookup),
        sets: counterfactual::views(lookup),
        behaviour: behaviour::views(lookup),
        findings: findings::view(lookup),
        controls: about::controls(lookup),
        details: detail::views(lookup),
        datasets: data::datasets(lookup),
        evaluations: data::evaluations(lookup),
        models: data::models(lookup),
        limits: about::limits(lookup),
        clauses: about::clauses(lookup),
        glossary,
        reproduction: about::reproduction(lookup),
    };
    fill("report.html", &page)
}

/// Fills a template.
fn fill(template: &str, page: &impl Serialize) -> Result<String, String> {
    let mut tera = Tera::new();
    tera.set_escape_fn(escape);
    tera.add_raw_templates(TEMPLATES)
        .map_err(|error| error.to_string())?;
    let context = Context::from_serialize(page).map_err(|error| error.to_string())?;
    let page = tera
        .render(template, &context)
        .map_err(|error| error.to_string())?;
    Ok(compact(page))
}

/// Leaves out end tags that HTML leaves to the parser (section 13.1.2.4 of the standard): they are a twentieth of a
/// page of tables. Text is escaped, so that an end tag in it is none.
fn compact(page: String) -> String {
    let ends = [
        "</td>", "</th>", "</tr>", "</thead>", "</tbody>", "</li>", "</dt>", "</dd>",
    ];
    ends.iter().fold(page, |page, end| page.replace(end, ""))
}

/// Escapes text for HTML, in elements and in attributes, and writes out characters that would hide or turn text.
fn escape(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    tera::escape_html(&plain(text), out)
}

/// Base64 of RFC 4648 with padding, as a content security policy wants its hashes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .zip([16, 8, 0])
            .fold(0_u32, |bits, (byte, shift)| {
                bits | u32::from(*byte) << shift
            });
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            if place <= chunk.len() {
                text.push(char::from(DIGITS[(bits >> shift) as usize & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}
