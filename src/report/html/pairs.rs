//! Models side by side: which of two is better on the same cases, overall and within groups.

use serde::Serialize;

use super::lookup::Lookup;
use super::table::{Cell, Table};
use super::words::{self, Style};
use crate::report::pair::{self, Outcome, Pair};

/// Every two models that answer the same task on the same data.
#[derive(Serialize)]
pub struct PairsView {
    overall: Table,
    /// What to say where there are too many for a table.
    too_many: String,
    intro: String,
    groups: Option<Table>,
}

const HEADS: [&str; 7] = [
    "Result",
    "Measure",
    "Data",
    "Cases of",
    "#Cases",
    "#First minus second",
    "#p, corrected",
];

/// The comparisons of models; none where there is only one model, or each does something else.
pub fn view(lookup: Lookup<'_>) -> Option<PairsView> {
    let pairs = pair::pairs(lookup.record);
    let (overall, groups): (Vec<&Pair>, Vec<&Pair>) =
        pairs.iter().partition(|pair| pair.of.slice.is_empty());
    if overall.is_empty() {
        return None;
    }
    let measured = groups.iter().filter(|pair| pair.p.is_some()).count() as u64;
    let decided: Vec<&Pair> = groups
        .into_iter()
        .filter(|pair| matches!(pair.outcome, Outcome::Better { .. }))
        .collect();
    let mut intro = match (measured, decided.len() as u64) {
        (0, _) => "No group was large enough to compare models within it.".to_owned(),
        (all, 0) => format!(
            "In none of {} within groups is one model shown to be better; the record holds them all.",
            words::counted(all, "comparison", "comparisons")
        ),
        (all, shown) => format!(
            "{} of {} within groups show one model to be better; the record holds the others.",
            shown,
            words::counted(all, "comparison", "comparisons")
        ),
    };
    let mut groups = None;
    if !decided.is_empty() {
        let caption = "Where one model is better within a group";
        match fill(lookup, caption, &decided).bearable() {
            Ok(table) => groups = Some(table),
            Err(more) => intro = format!("{intro} {more}"),
        }
    }
    let caption = "Models side by side, on all cases that both answered";
    let (overall, too_many) = match fill(lookup, caption, &overall).bearable() {
        Ok(table) => (table, String::new()),
        Err(more) => (Table::new(caption, &HEADS), more),
    };
    Some(PairsView {
        overall,
        too_many,
        intro,
        groups,
    })
}

fn fill(lookup: Lookup<'_>, caption: &str, pairs: &[&Pair<'_>]) -> Table {
    let mut table = Table::new(caption, &HEADS);
    for pair in pairs {
        let note = format!(
            "{} minus {}",
            lookup.model_title(pair.first),
            lookup.model_title(pair.second)
        );
        table.row(vec![
            Cell::prose(result(lookup, pair)).note(note),
            Cell::text(words::sentence(&words::spaced(&pair.of.measure))),
            Cell::text(lookup.dataset_title(&pair.of.dataset)),
            Cell::text(words::slice(&pair.of.slice)),
            Cell::cases(pair.of),
            Cell::value(&pair.of.value, Style::Signed),
            pair.p
                .map_or_else(|| Cell::absent("none"), |p| Cell::text(pair::p_value(p))),
        ]);
    }
    table
}

fn result(lookup: Lookup<'_>, pair: &Pair<'_>) -> String {
    match pair.outcome {
        Outcome::Better { model, .. } => format!("{} is better", lookup.model_title(model)),
        Outcome::Undecided { at_most } => format!(
            "No difference shown; none above {} either way",
            // Rounded up, since it is a bound.
            words::decimal((at_most * 100.0 - 1e-9).ceil() / 100.0, 2)
        ),
        Outcome::NotMeasured { .. } => "Not compared".to_owned(),
    }
}
