//! The report as pages that stand by themselves: no network, nothing but the record, and complete without its script.
//!
//! Rust decides what is said and formats every number; the templates only place it, and escape all of it.

pub(super) mod about;
mod baseline;
pub(super) mod compared;
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
mod overview;
mod picture;
mod point;
mod repair;
mod signing;
pub mod site;
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
use site::{LARGEST, SHARING, Site};

/// The style sheet of the page.
const STYLE: &str = include_str!("../../templates/report.css");

/// What sorts, filters and downloads tables, for browsers that run it.
const SCRIPT: &str = include_str!("../../templates/report.js");

/// The templates, by the names they use for each other.
const TEMPLATES: [(&str, &str); 20] = [
    (
        "components.html",
        include_str!("../../templates/components.html"),
    ),
    ("frame.html", include_str!("../../templates/frame.html")),
    (
        "baseline.html",
        include_str!("../../templates/baseline.html"),
    ),
    ("end.html", include_str!("../../templates/end.html")),
    ("first.html", include_str!("../../templates/first.html")),
    ("signing.html", include_str!("../../templates/signing.html")),
    ("answers.html", include_str!("../../templates/answers.html")),
    ("pairs.html", include_str!("../../templates/pairs.html")),
    (
        "findings.html",
        include_str!("../../templates/findings.html"),
    ),
    ("repair.html", include_str!("../../templates/repair.html")),
    (
        "evidence.html",
        include_str!("../../templates/evidence.html"),
    ),
    (
        "controls.html",
        include_str!("../../templates/controls.html"),
    ),
    ("detail.html", include_str!("../../templates/detail.html")),
    (
        "behaviour.html",
        include_str!("../../templates/behaviour.html"),
    ),
    ("data.html", include_str!("../../templates/data.html")),
    (
        "glossary.html",
        include_str!("../../templates/glossary.html"),
    ),
    (
        "background.html",
        include_str!("../../templates/background.html"),
    ),
    ("report.html", include_str!("../../templates/report.html")),
    (
        "overview.html",
        include_str!("../../templates/overview.html"),
    ),
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

/// What every page of an audit begins and ends with.
#[derive(Serialize)]
struct Frame {
    style: &'static str,
    style_digest: String,
    script: &'static str,
    script_digest: String,
    level: String,
    head: head::Head,
    first: first::First,
    /// Which record the page is of, so that pages of other audits are told from it.
    record: String,
}

impl Frame {
    fn new(lookup: Lookup<'_>, head: head::Head) -> Self {
        Frame {
            style: STYLE,
            style_digest: base64(&Sha256::digest(STYLE.as_bytes())),
            script: SCRIPT,
            script_digest: base64(&Sha256::digest(SCRIPT.as_bytes())),
            level: words::percent(lookup.record.settings.level),
            head,
            first: first::view(lookup),
            record: format!(
                "{} {}, record {}",
                lookup.whole.tool.name, lookup.whole.tool.version, lookup.whole.digest
            ),
        }
    }
}

/// A page that holds all there is of its models, in its order. One model's page of a large audit leaves to the first
/// page what is about all of them.
#[derive(Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    frame: Frame,
    index: Option<table::Table>,
    signing: signing::Signing,
    repair: repair::Repair,
    baseline: Option<baseline::BaselineView>,
    headline: headline::Headline,
    pairs: Option<pairs::PairsView>,
    contrasts: Vec<contrast::ContrastView>,
    no_contrast: String,
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

/// The first page of several, in its order.
#[derive(Serialize)]
struct Overview<'a> {
    #[serde(flatten)]
    frame: Frame,
    index: Option<table::Table>,
    pictures: overview::Pictures,
    unknown: Vec<String>,
    pairs: Option<pairs::PairsView>,
    signing: signing::Signing,
    gates: Option<table::Table>,
    findings: findings::FindingsView,
    repair: repair::Repair,
    baseline: Option<baseline::BaselineView>,
    controls: about::ControlsView,
    datasets: Vec<data::DatasetView>,
    evaluations: Option<table::Table>,
    limits: Vec<String>,
    clauses: Option<table::Table>,
    glossary: &'a [Term<'a>],
    reproduction: about::Reproduction,
}

/// Renders a record as HTML: all of it in one page, however large.
///
/// # Errors
/// The template engine's message, should a template and its data not fit.
pub fn render(record: &Record, glossary: &[Term<'_>]) -> Result<String, String> {
    let lookup = Lookup::of(record);
    page(lookup, head::view(lookup), glossary)
}

/// Renders a record as HTML: one page, called `first`, or where that would be large one more for each model. Every
/// page comes with its path from the folder of the first, which is the first of them.
///
/// Large is a page of over [`site::LARGEST`] bytes, and any of more than [`site::SHARING`] models. Where a model on
/// several datasets makes for a page as large, each dataset gets a page of its own.
///
/// # Errors
/// As for [`render`].
pub fn pages(
    record: &Record,
    glossary: &[Term<'_>],
    first: &str,
) -> Result<Vec<(String, String)>, String> {
    let one_model = record.models.len() < 2;
    if record.evaluations.len() < 2 {
        return Ok(vec![(first.to_owned(), render(record, glossary)?)]);
    }
    if record.models.len() <= SHARING {
        let whole = render(record, glossary)?;
        if whole.len() <= LARGEST {
            return Ok(vec![(first.to_owned(), whole)]);
        }
    }
    let of_site = |site: &Site| -> Result<Vec<(String, String)>, String> {
        let parts = site.pages.iter().map(|part| {
            let own = part.of(record);
            let lookup = Lookup {
                record: &own,
                whole: record,
                site: None,
            };
            let html = page(lookup, head::part(lookup, site), glossary)?;
            Ok((site.path(part), html))
        });
        parts.collect()
    };
    let mut site = Site::new(record, first, one_model);
    let mut pages = of_site(&site)?;
    if !one_model && pages.iter().any(|(_, html)| html.len() > LARGEST) {
        site = Site::new(record, first, true);
        pages = of_site(&site)?;
    }
    pages.insert(0, (first.to_owned(), overview(record, &site, glossary)?));
    Ok(pages)
}

fn page(lookup: Lookup<'_>, head: head::Head, glossary: &[Term<'_>]) -> Result<String, String> {
    let page = Page {
        frame: Frame::new(lookup, head),
        index: index::view(lookup),
        signing: signing::view(lookup),
        repair: repair::view(lookup),
        baseline: baseline::view(lookup),
        headline: headline::view(lookup),
        pairs: pairs::view(lookup),
        contrasts: contrast::views(lookup),
        no_contrast: contrast::absent(lookup),
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

fn overview(record: &Record, site: &Site, glossary: &[Term<'_>]) -> Result<String, String> {
    let lookup = Lookup {
        record,
        whole: record,
        site: Some(site),
    };
    let rest = site.rest(record);
    let rest = Lookup {
        record: &rest,
        ..lookup
    };
    let page = Overview {
        frame: Frame::new(lookup, head::view(lookup)),
        index: index::view(lookup),
        pictures: overview::pictures(lookup),
        unknown: unknown::sentences(lookup),
        pairs: pairs::view(lookup),
        signing: signing::view(lookup),
        gates: overview::gates(lookup),
        findings: findings::view(rest),
        repair: repair::view(lookup),
        baseline: baseline::view(lookup),
        controls: about::controls(rest),
        datasets: data::datasets(lookup),
        evaluations: data::evaluations(lookup),
        limits: about::limits(lookup),
        clauses: about::clauses(lookup),
        glossary,
        reproduction: about::reproduction(lookup),
    };
    fill("overview.html", &page)
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
