//! The pairs of groups whose scores lie furthest apart within the same sets.

use super::{Lookup, Measurement, group_of, other_group, proven_size};
use crate::diagnostic::thousands;
use crate::report::html::lookup::numbers;
use crate::report::html::table::{Cell, Table};
use crate::report::html::words::Style;

/// How many pairs stand on a page; the record and the tables for statistics programs hold all.
const SHOWN: usize = 3;

/// The pairs of an attribute, those proven to lie furthest apart first; none where two groups are swapped.
pub(super) fn table(lookup: Lookup<'_>, measurements: &[&Measurement]) -> Option<Table> {
    let mut pairs: Vec<&Measurement> = measurements
        .iter()
        .copied()
        .filter(|m| other_group(m).is_some())
        .collect();
    let apart = |m: &Measurement| numbers(&m.value).map_or(0.0, |(estimate, ..)| estimate.abs());
    pairs.sort_by(|a, b| {
        let proven = proven_size(b).total_cmp(&proven_size(a));
        proven.then_with(|| apart(b).total_cmp(&apart(a)))
    });
    let title = match pairs.len() {
        all if all > SHOWN => format!(
            "Between pairs of groups: the {SHOWN} proven to lie furthest apart of {}; audit.json holds all",
            thousands(all as u64)
        ),
        _ => "Between pairs of groups, those proven to lie furthest apart first".to_owned(),
    };
    let heads = ["Groups", "Score of", "Model", "#Shift", "#Sets"];
    let mut table = Table::new(title, &heads);
    for pair in pairs.iter().take(SHOWN) {
        table.row(vec![
            Cell::text(format!("{} minus {}", group_of(pair), other_group(pair)?)),
            Cell::text(pair.label.clone().unwrap_or_default()),
            Cell::text(lookup.model_title(&pair.model)),
            Cell::value(&pair.value, Style::Shift),
            Cell::count(pair.n),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}
