//! Which groups are read worse than the others, for the summary.

use std::fmt::Write;

use super::{BOLD, SHOWN, number};
use crate::diagnostic::plain;
use crate::record::Record;
use crate::report::html::compared::compare;
use crate::report::html::lookup::{Lookup, numbers};

/// Groups that are shown to be read worse than the others.
pub(super) fn worst(out: &mut String, record: &Record) {
    let lookup = Lookup::of(record);
    let mut worst: Vec<(f64, String)> = Vec::new();
    for meeting in lookup.meetings() {
        let compared = compare(lookup, meeting);
        for one in &compared.worse {
            let line = format!(
                "{} on {}, {} {}: {}{}{}{}",
                plain(&meeting.evaluation.model),
                plain(&meeting.evaluation.dataset),
                plain(one.attribute),
                plain(&one.group),
                number(&one.value),
                match compared.measure.as_str() {
                    "skill" => String::new(),
                    other => format!(" in {other}"),
                },
                if one.allows_for_choice {
                    ""
                } else {
                    ", by itself"
                },
                one.waiver()
                    .map_or_else(String::new, |waived| format!(", {}", plain(waived))),
            );
            let reach = numbers(&one.value).map_or(0.0, |(.., high)| high);
            worst.push((reach, line));
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
