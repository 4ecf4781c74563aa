//! Which of two models is better on the same cases, for the summary.

use std::fmt::Write;

use super::{BOLD, DIM, SHOWN};
use crate::diagnostic::{counted, decimal, plain};
use crate::record::v1::Record;
use crate::report::pair::{self, Outcome, Pair};

/// Every two models that answer the same task on the same data, overall; of groups only what is shown.
pub(super) fn pairs(out: &mut String, record: &Record) {
    let pairs = pair::pairs(record);
    let (overall, groups): (Vec<&Pair>, Vec<&Pair>) =
        pairs.iter().partition(|pair| pair.of.slice.is_empty());
    if overall.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n{BOLD}Models side by side{BOLD:#} (same cases; p-values corrected for the number of pairs)"
    );
    let better = |pair: &&&Pair| matches!(pair.outcome, Outcome::Better { .. });
    let shown: Vec<&Pair> = groups.iter().filter(better).copied().collect();
    for pair in overall.iter().take(SHOWN) {
        let _ = writeln!(out, "  {}", line(pair));
    }
    more(out, overall.len());
    for pair in shown.iter().take(SHOWN) {
        let slice = pair.of.slice.iter();
        let slice: Vec<String> = slice
            .map(|(attribute, group)| format!("{} {}", plain(attribute), plain(group)))
            .collect();
        let _ = writeln!(out, "  {}: {}", slice.join(", "), line(pair));
    }
    more(out, shown.len());
}

fn more(out: &mut String, all: usize) {
    if all > SHOWN {
        let _ = writeln!(out, "  ... and {} more in the report", all - SHOWN);
    }
}

fn line(pair: &Pair<'_>) -> String {
    let measure = &pair.of.measure;
    let on = format!(
        "{DIM}{}, {}{DIM:#}",
        plain(&pair.of.dataset),
        counted(pair.of.n as usize, "case")
    );
    let names = || format!("{} and {}", plain(pair.first), plain(pair.second));
    match pair.outcome {
        Outcome::Better {
            model,
            by: [by, low, high],
        } => {
            let other = if model == pair.first {
                pair.second
            } else {
                pair.first
            };
            format!(
                "{measure}: {} is better than {} by {} ({} to {}), {}  {on}",
                plain(model),
                plain(other),
                decimal(by, 2),
                decimal(low, 2),
                decimal(high, 2),
                pair.p.map_or_else(String::new, pair::p_value)
            )
        }
        Outcome::Undecided { at_most } => format!(
            "{measure}: {}: no difference shown; none above {} either way  {on}",
            names(),
            bound(at_most)
        ),
        Outcome::NotMeasured { why } => {
            format!("{measure}: {}: not compared: {}", names(), plain(why))
        }
    }
}

/// Rounded up, since it is a bound.
fn bound(at_most: f64) -> String {
    format!("{:.2}", (at_most * 100.0 - 1e-9).ceil() / 100.0)
}
