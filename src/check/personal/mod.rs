//! Personal data by its shape: counted by kind and place, never shown.

mod digits;
mod shape;

use super::finding::{Finding, Grade, Table, Value};
use super::page::Check;
use crate::case::{Cases, Names};
use crate::diagnostic::thousands;
use shape::{Kind, in_name, in_text};

pub use shape::KINDS;

/// Counts personal data in texts, ids, clusters, sets and groups.
pub fn personal(cases: &Cases) -> Finding {
    let mut table = Table::new(&[
        ("kind", "kind"),
        ("where", "where"),
        ("cases", "cases"),
        ("places", "first of them in the file"),
    ]);
    let mut totals = vec![0_u64; KINDS.len()];
    let mut add = |place: &str, found: Vec<Vec<usize>>| {
        for ((kind, title), cases) in KINDS.iter().zip(found) {
            if !cases.is_empty() {
                totals[*kind as usize] += cases.len() as u64;
                table.row(vec![
                    (*title).into(),
                    place.into(),
                    (cases.len() as u64).into(),
                    Value::places(cases),
                ]);
            }
        }
    };
    if let Some(texts) = &cases.texts {
        add("texts", sorted(texts.iter().map(|text| in_text(text))));
    }
    add("ids", sorted(cases.ids.iter().map(|id| in_name(id))));
    if let Some(names) = &cases.clusters {
        add("clusters", in_names(names));
    }
    if let Some(names) = &cases.sets {
        add("sets", in_names(names));
    }
    for (attribute, names) in &cases.attributes {
        add(&format!("groups of {}", attribute.name), in_names(names));
    }
    let check = Check::PersonalData;
    let parts: Vec<String> = KINDS
        .iter()
        .zip(&totals)
        .filter(|(_, n)| **n > 0)
        .map(|((_, title), n)| {
            let plural = if *n == 1 { "" } else { "s" };
            format!("{title} in {} case{plural}", thousands(*n))
        })
        .collect();
    if parts.is_empty() {
        return Finding::new(
            check,
            Grade::Clear,
            "no address, number or account name was found; names in running text are not looked for",
        );
    }
    Finding::new(
        check,
        Grade::Warning,
        format!("found by shape: {}", parts.join(", ")),
    )
    .table(table)
}

/// The cases of each kind.
fn sorted(found: impl Iterator<Item = Vec<Kind>>) -> Vec<Vec<usize>> {
    let mut cases = vec![Vec::new(); KINDS.len()];
    for (case, kinds) in found.enumerate() {
        for kind in kinds {
            cases[kind as usize].push(case);
        }
    }
    cases
}

fn in_names(names: &Names) -> Vec<Vec<usize>> {
    let kinds: Vec<Vec<Kind>> = names.names().iter().map(|name| in_name(name)).collect();
    sorted(
        names
            .codes()
            .iter()
            .map(|code| code.map_or_else(Vec::new, |code| kinds[code as usize].clone())),
    )
}
