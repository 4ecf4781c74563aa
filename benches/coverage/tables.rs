//! Tables as docs/coverage.md shows them.

use std::collections::{BTreeMap, BTreeSet};

use super::held::Coverage;

/// Below this share of draws a cell is set in bold, in percent.
const FEW: f64 = 93.0;

/// Columns of a table: a name, and what was counted of each row.
pub type Columns = Vec<(String, BTreeMap<String, Coverage>)>;

/// A row a measure, a column a world: the share of draws held; in brackets the share without an interval, if any.
pub fn held(title: &str, columns: &Columns, draws: u64) {
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    head(title, "measure", &names);
    let rows = columns.iter().flat_map(|(_, of)| of.keys());
    for row in rows.collect::<BTreeSet<_>>() {
        let cell = |(_, of): &(String, BTreeMap<String, Coverage>)| {
            let Some(counted) = of.get(row).filter(|counted| counted.intervals > 0) else {
                return "-".to_owned();
            };
            let held = share(100.0 * counted.share());
            match counted.undefined {
                0 => held,
                none => format!("{held} ({:.1})", 100.0 * none as f64 / draws as f64),
            }
        };
        let cells: Vec<String> = columns.iter().map(cell).collect();
        println!("| {row} | {} |", cells.join(" | "));
    }
}

/// A share in percent, in bold where it is small.
pub fn share(percent: f64) -> String {
    if percent < FEW {
        format!("**{percent:.1}**")
    } else {
        format!("{percent:.1}")
    }
}

/// The head of a table.
pub fn head(title: &str, rows: &str, columns: &[&str]) {
    println!("\n### {title}\n");
    println!("| {rows} | {} |", columns.join(" | "));
    println!("|---|{}", "---:|".repeat(columns.len()));
}
