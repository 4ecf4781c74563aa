//! Which groups are read worse than the others, for the summary.

use std::fmt::Write;

use super::{BOLD, SHOWN, number};
use crate::diagnostic::plain;
use crate::record::v1::{Record, Value};

/// Groups that are shown to be read worse than the others, by intervals that allow for picking the worst of many.
pub(super) fn worst(out: &mut String, record: &Record) {
    let mut worst: Vec<(f64, String)> = Vec::new();
    for measurement in &record.measurements {
        let (Some(comparison), Value::Defined { interval, .. }) =
            (&measurement.comparison, &measurement.value)
        else {
            continue;
        };
        if comparison.kind == "worst-difference"
            && measurement.measure == "skill"
            && interval.high < 0.0
        {
            let groups = measurement.slice.iter();
            let groups: Vec<String> = groups
                .map(|(attribute, group)| format!("{} {}", plain(attribute), plain(group)))
                .collect();
            let line = format!(
                "{} on {}, {}: {}",
                plain(&measurement.model),
                plain(&measurement.dataset),
                groups.join(", "),
                number(&measurement.value)
            );
            worst.push((interval.high, line));
        }
    }
    if worst.is_empty() {
        return;
    }
    worst.sort_by(|a, b| a.0.total_cmp(&b.0));
    let _ = writeln!(
        out,
        "\n{BOLD}Groups read worse than the others{BOLD:#} (skill; the worst of each attribute, by intervals that allow for the choice)"
    );
    for (_, line) in worst.iter().take(SHOWN) {
        let _ = writeln!(out, "  {line}");
    }
    if worst.len() > SHOWN {
        let _ = writeln!(out, "  ... and {} more in the report", worst.len() - SHOWN);
    }
}
