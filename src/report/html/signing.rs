//! For who answers for the use: what was waived by whom, and lines to sign. The audit itself decides nothing.

use serde::Serialize;

use super::findings;
use super::lookup::Lookup;
use super::table::{Cell, Table};
use super::words;

/// Waivers and what a signature would be about.
#[derive(Serialize)]
pub struct Signing {
    waivers: Option<Table>,
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
            Cell::mark(&finding.outcome, words::outcome(&finding.outcome)),
            Cell::text(&waiver.owner),
            Cell::text(&waiver.expires),
            Cell::prose(&waiver.reason),
        ]);
    }
    Signing {
        waivers: (!waivers.rows.is_empty()).then_some(waivers),
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
