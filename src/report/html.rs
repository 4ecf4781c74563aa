//! The report as pages that stand by themselves: no network, nothing but the record, and complete without its script.
//!
//! Rust decides what is said and formats every number; the templates only place it, and escape all of it.

pub(super) mod about;
mod baseline;
pub(super) mod compared;
mod comparisons;
mod behaviour;
mod contrast;
pub(super) mod counterfactual;
mod data;
pub mod dataset_check;
mod detail;
mod dimensions;
pub(super) mod findings;
mod first;
mod further;
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
mod raters;
mod repair;
mod signing;
pub mod site;
mod standing;
mod table;
mod template;
#[cfg(test)]
mod tests;
pub(super) mod unknown;
mod verdicts;
pub(super) mod words;

use serde::Serialize;

use crate::record::Record;
use further::{Further, Leaf};
use lookup::Lookup;
use site::{LARGEST, SHARING, Site};
use template::{Frame, SCRIPT, fill};

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
struct Sheet {
    #[serde(flatten)]
    frame: Frame,
    level: String,
    /// Which record the page is of, so that pages of other audits are told from it.
    record: String,
}

impl Sheet {
    fn new(lookup: Lookup<'_>, title: &str) -> Self {
        Sheet {
            frame: Frame::new(title, SCRIPT),
            level: words::percent(lookup.record.settings.level),
            record: format!(
                "{} {}, record {}",
                lookup.whole.tool.name, lookup.whole.tool.version, lookup.whole.digest
            ),
        }
    }
}

/// A sheet with a first screen.
#[derive(Serialize)]
struct Opening {
    #[serde(flatten)]
    sheet: Sheet,
    head: head::Head,
    first: first::First,
}

impl Opening {
    fn new(lookup: Lookup<'_>, head: head::Head) -> Self {
        Opening {
            sheet: Sheet::new(lookup, &head.title),
            first: first::view(lookup),
            head,
        }
    }
}

/// A page of findings that were too many for the page they belong to.
#[derive(Serialize)]
struct Continued {
    #[serde(flatten)]
    sheet: Sheet,
    back: String,
    /// The title of the page that this one continues.
    of: String,
    title: String,
    deck: String,
    findings: findings::FindingsView,
}

/// A page that holds all there is of its models, in its order. One model's page of a large audit leaves to the first
/// page what is about all of them.
#[derive(Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    opening: Opening,
    index: Option<index::IndexView>,
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
    opening: Opening,
    index: Option<index::IndexView>,
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
    no_evaluations: &'static str,
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

/// A page as a file, by its path from the folder of the first.
type Named = (String, String);

/// Renders a record as HTML: one page, called `first`, or where that would be large one more for each model. Every
/// page comes with its path from the folder of the first, which is the first of them.
///
/// Large is a page of over [`site::LARGEST`] bytes, and any of more than [`site::SHARING`] models. Where a model on
/// several datasets makes for a page as large, each dataset gets a page of its own; and where one dataset does, most of
/// its findings go on to further pages.
///
/// # Errors
/// As for [`render`].
pub fn pages(record: &Record, glossary: &[Term<'_>], first: &str) -> Result<Vec<Named>, String> {
    let one_model = record.models.len() < 2;
    let mut site = Site::new(record, first, one_model);
    if record.evaluations.len() < 2 || record.models.len() <= SHARING {
        let whole = render(record, glossary)?;
        if whole.len() <= LARGEST {
            return Ok(vec![(first.to_owned(), whole)]);
        }
        if record.evaluations.len() < 2 {
            let lookup = Lookup::of(record);
            let whole = (first.to_owned(), whole);
            let head = head::view(lookup);
            return Ok(continued(lookup, head, glossary, whole, &site.below())?.0);
        }
    }
    let of_part = |site: &Site, place: usize, whole: Option<Named>| {
        let part = &site.pages[place];
        let own = part.of(record);
        let lookup = Lookup {
            record: &own,
            whole: record,
            ..Lookup::of(record)
        };
        let head = head::part(lookup, site);
        match whole {
            None => {
                let page = page(lookup, head, glossary)?;
                Ok((vec![(site.path(part), page)], Further::default()))
            }
            Some(whole) => continued(lookup, head, glossary, whole, &site.beside(part)),
        }
    };
    let all = |site: &Site| -> Result<Vec<Named>, String> {
        let parts = 0..site.pages.len();
        let pages = parts.map(|place| Ok(of_part(site, place, None)?.0));
        Ok(pages.collect::<Result<Vec<_>, String>>()?.concat())
    };
    let large = |(_, html): &Named| html.len() > LARGEST;
    let mut parts = all(&site)?;
    if !one_model && parts.iter().any(large) {
        site = Site::new(record, first, true);
        parts = all(&site)?;
    }
    let mut pages = Vec::new();
    for (place, part) in parts.into_iter().enumerate() {
        if large(&part) {
            let (more, further) = of_part(&site, place, Some(part))?;
            pages.extend(more);
            site.pages[place].further = further;
        } else {
            pages.push(part);
        }
    }
    pages.insert(0, (first.to_owned(), overview(record, &site, glossary)?));
    Ok(pages)
}

/// A page that is too large as one that leaves most findings to further pages; as it was where it has few to leave.
fn continued(
    lookup: Lookup<'_>,
    head: head::Head,
    glossary: &[Term<'_>],
    whole: Named,
    place: &further::Place,
) -> Result<(Vec<Named>, Further), String> {
    let mut most = further::MOST;
    loop {
        let further = Further::new(lookup, place, most);
        let all = further.leaves.len();
        let leaves = further.leaves.iter().zip(1..);
        let leaves =
            leaves.map(|(leaf, number)| findings(lookup, &head.title, leaf, (number, all)));
        let leaves: Vec<Named> = leaves.collect::<Result<_, String>>()?;
        if leaves.is_empty() {
            return Ok((vec![whole], further));
        }
        if most >= 2 * further::LEAST && leaves.iter().any(|(_, html)| html.len() > LARGEST) {
            most /= 2;
            continue;
        }
        let own = Lookup {
            further: Some(&further),
            ..lookup
        };
        let mut pages = vec![(whole.0, page(own, head, glossary)?)];
        pages.extend(leaves);
        return Ok((pages, further));
    }
}

/// A page of findings.
fn findings(
    lookup: Lookup<'_>,
    of: &str,
    leaf: &Leaf,
    (number, all): (usize, usize),
) -> Result<Named, String> {
    let own = Lookup {
        record: &leaf.record,
        ..lookup
    };
    let held = words::counted(leaf.record.findings.len() as u64, "finding", "findings");
    let title = format!("Further findings, page {number} of {all}");
    let page = Continued {
        sheet: Sheet::new(lookup, &format!("{title}: {of}")),
        back: leaf.back.clone(),
        of: of.to_owned(),
        title,
        deck: format!(
            "{held} that were too many for the page that this one continues, which says what they come to and holds the \
             first of each gate."
        ),
        findings: findings::unfolded(own),
    };
    Ok((leaf.path.clone(), fill("further.html", &page)?))
}

fn page(lookup: Lookup<'_>, head: head::Head, glossary: &[Term<'_>]) -> Result<String, String> {
    let page = Page {
        opening: Opening::new(lookup, head),
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
        further: None,
    };
    let rest = site.rest(record);
    let rest = Lookup {
        record: &rest,
        ..lookup
    };
    let evaluations = data::evaluations(lookup).map(table::Table::bearable);
    let no_evaluations = match evaluations {
        Some(Err(_)) => {
            "How each model met the data, and which cases could not be judged, stands on its page."
        }
        _ => "",
    };
    let evaluations = evaluations.and_then(Result::ok);
    let page = Overview {
        opening: Opening::new(lookup, head::view(lookup)),
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
        evaluations,
        no_evaluations,
        limits: about::limits(lookup),
        clauses: about::clauses(lookup),
        glossary,
        reproduction: about::reproduction(lookup),
    };
    fill("overview.html", &page)
}
