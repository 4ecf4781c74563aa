//! `explain`: the manual page of a measure, of a comparison of groups, of a check of datasets or models, or of a gate of a
//! policy.

use std::fmt::Write;

use clap::Args;

use super::output;
use super::policy::read_with_text;
use crate::check::sanity::{self, Sanity};
use crate::check::{self, Check};
use crate::diagnostic::{Place, Problem, Problems, nearest, plain, quote};
use crate::measure::comparison::{COMPARISONS, ComparisonPage};
use crate::measure::{Direction, Measure, Page, pages};

/// What to explain.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A measure (`skill`), a comparison (`gap`), a gate of the policy (`emotion-skill`), a check of datasets
    /// (`near-duplicates`) or of models (`swapped-labels`) or the id of a finding; without it, the list
    id: Option<String>,
    /// The policy whose gates are meant [default: the one that is built in]
    #[arg(long, value_name = "FILE")]
    policy: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  affect-audit explain                      every measure and gate
  affect-audit explain skill
  affect-audit explain emotion-skill --policy my-policy.md";

/// Prints the page.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let (policy, text) = read_with_text(arguments.policy.as_deref())?;
    let Some(id) = &arguments.id else {
        let mut list = String::from("Measures\n");
        for (_, page) in pages() {
            let _ = writeln!(list, "  {:<22}{}", page.id, page.title);
        }
        list.push_str("\nComparisons of groups\n");
        for page in &COMPARISONS {
            let _ = writeln!(list, "  {:<29}{}", page.id, page.title);
        }
        list.push_str("\nGates\n");
        for gate in &policy.gates {
            let _ = writeln!(list, "  {:<30}{}", plain(&gate.id), plain(&gate.title));
        }
        list.push_str("\nChecks of datasets\n");
        for (_, page) in &check::PAGES {
            let _ = writeln!(list, "  {:<22}{}", page.id, page.title);
        }
        list.push_str("\nChecks of models\n");
        for (_, page) in &sanity::PAGES {
            let _ = writeln!(list, "  {:<22}{}", page.id, page.title);
        }
        output::print(&list)?;
        return Ok(0);
    };
    if let Some(measure) = Measure::parse(id) {
        output::print(&measure_page(measure.page()))?;
        return Ok(0);
    }
    if let Some(page) = COMPARISONS.iter().find(|page| page.id == *id) {
        output::print(&comparison_page(page))?;
        return Ok(0);
    }
    if let Some(check) = Check::parse(id) {
        output::print(&check_page(check.page()))?;
        return Ok(0);
    }
    if let Some(check) = Sanity::parse(id) {
        output::print(&check_page(check.page()))?;
        return Ok(0);
    }
    // A finding's id begins with its gate.
    let gate = id.split('/').next().unwrap_or(id);
    if let Some(gate) = policy.gates.iter().find(|known| known.id == gate) {
        output::print(&super::policy::gate_page(&policy, &text, gate))?;
        return Ok(0);
    }
    let known = pages()
        .map(|(_, page)| page.id)
        .chain(COMPARISONS.iter().map(|page| page.id))
        .chain(policy.gates.iter().map(|gate| gate.id.as_str()))
        .chain(check::PAGES.iter().map(|(_, page)| page.id))
        .chain(sanity::PAGES.iter().map(|(_, page)| page.id));
    let help = match nearest(id, known) {
        Some(near) => format!("did you mean {near}? `affect-audit explain` lists all"),
        None => {
            "`affect-audit explain` lists all measures, comparisons, gates and checks".to_owned()
        }
    };
    Err(Problem::new(
        "explain/unknown",
        Place::file("explain"),
        format!("nothing is known of {}", quote(id)),
    )
    .help(help)
    .into())
}

fn measure_page(page: &Page) -> String {
    let better = match page.direction {
        Direction::Higher => "higher is better",
        Direction::Lower => "lower is better",
        Direction::Zero => "nearer to zero is better",
        Direction::Neither => "it describes; neither end is better",
    };
    let range = match page.range {
        (low, high) if low.is_finite() && high.is_finite() => format!("{low} to {high}"),
        (_, high) if high.is_finite() => format!("{high} and below"),
        (low, _) if low.is_finite() => format!("{low} and above"),
        _ => "any number".to_owned(),
    };
    format!(
        "{}  ({})\n\n{}\n\nFormula  {}\nRange    {range}, {better}\nSource   {}\n",
        page.title, page.id, page.meaning, page.formula, page.source
    )
}

fn comparison_page(page: &ComparisonPage) -> String {
    let asked = match page.of {
        "" => "no gate asks about it".to_owned(),
        of => format!("a gate asks about it with of = \"{of}\""),
    };
    format!(
        "{}  ({})\n\n{}\n\nFormula  {}\nPolicy   {asked}\nSource   {}\n",
        page.title, page.id, page.meaning, page.formula, page.source
    )
}

fn check_page(page: &check::Page) -> String {
    format!(
        "{}  ({})\n\n{}\n\nHow       {}\nWorst     {}\nWhat now  {}\n",
        page.title,
        page.id,
        page.why,
        page.how,
        page.severity.as_str(),
        page.advice
    )
}
