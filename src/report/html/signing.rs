//! For who answers for the use: what was waived by whom, and lines to sign. The audit itself decides nothing.

use serde::Serialize;

use super::findings;
use super::lookup::Lookup;
use super::table::{Cell, Table};
use super::words;
use crate::report::by_gate;

/// Waivers and what a signature would be about.
#[derive(Serialize)]
pub struct Signing {
    waivers: Option<Table>,
    /// What to say where they are too many for a first page.
    elsewhere: String,
    statement: String,
    lines: [&'static str; 5],
}

/// Builds the part that is signed.
pub fn view(lookup: Lookup<'_>) -> Signing {
    let record = lookup.record;
    let mut waivers = Table::new(
        "Findings that somebody accepted, and until when",
        &[
            "Finding",
            "Outcome",
            "Who answers for it",
            "Until",
            "Reason",
        ],
    );
    for finding in &record.findings {
        let Some(waiver) = &finding.waiver else {
            continue;
        };
        waivers.row(vec![
            Cell::text(findings::about(finding))
                .note(&finding.gate)
                .leading_away(lookup.address(finding)),
            Cell::mark(&finding.outcome, words::outcome(&finding.outcome))
                .note(by_gate::before(finding, "", "")),
            Cell::text(&waiver.owner),
            Cell::text(&waiver.expires),
            Cell::prose(&waiver.reason),
        ]);
    }
    let all = waivers.rows.len() as u64;
    let (waivers, elsewhere) = match lookup.site {
        None => (Some(waivers), String::new()),
        Some(_) => waivers.bearable().map_or_else(
            |_| {
                let findings = words::counted(all, "waived finding", "waived findings");
                (
                    None,
                    format!(
                        "{findings} are too many for this page; each stands on that of its model."
                    ),
                )
            },
            |table| (Some(table), String::new()),
        ),
    };
    Signing {
        waivers: waivers.filter(|table| !table.rows.is_empty()),
        elsewhere,
        statement: format!(
            "The lines below are for the people who decide. They are about the record with the digest {} and the \
             policy {}, version {}, and about nothing else.",
            record.digest, record.policy.name, record.policy.version
        ),
        lines: [
            "Decision: use, use within limits, or no use",
            "Limits and conditions",
            "Name and role",
            "Date",
            "Signature",
        ],
    }
}
