//! All measurements and findings as CSV (RFC 4180), with no cell that a spreadsheet would compute.

use super::tidy::{Values, columns};
use crate::record::Record;

/// Renders a record as CSV, a row for each measurement and each finding.
pub fn render(record: &Record) -> String {
    let columns = columns(record);
    let mut out = csv::Writer::from_writer(Vec::new());
    // Memory takes everything, and all rows have the same length, so that writing cannot fail.
    let mut written = out.write_record(columns.iter().map(|column| column.name));
    for row in 0..record.measurements.len() + record.findings.len() {
        written = written.and_then(|()| {
            out.write_record(columns.iter().map(|column| match &column.values {
                Values::Text(values) => values[row].as_deref().map(harmless).unwrap_or_default(),
                Values::Whole(values) => values[row].map_or_else(String::new, |n| n.to_string()),
                Values::Number(values) => values[row].map_or_else(String::new, |x| x.to_string()),
            }))
        });
    }
    debug_assert!(written.is_ok());
    String::from_utf8_lossy(&out.into_inner().unwrap_or_default()).into_owned()
}

/// Text that a spreadsheet takes for text: what begins as a formula gets an apostrophe before it.
fn harmless(text: &str) -> String {
    if text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
    {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
