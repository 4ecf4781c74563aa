//! The record: everything an audit found, in a versioned form that every report is rendered from.
//!
//! Types of the program are never written as they are: the wire format is its own set of structs.

pub mod answers;
pub mod baseline;
pub mod build;
mod comparison;
pub mod dataset_check;
pub mod model_check;
pub mod restore;
pub mod side_by_side;
pub mod v1;

pub use build::{Context, build};
pub use v1::Record;

use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::digest::sha256;

/// The code of a record whose content does not match its digest.
pub const EDITED: &str = "record/digest";

/// Reads a record.
///
/// # Errors
/// Text that is no JSON, a record of another schema, or one whose content does not match its digest.
pub fn parse(file: &str, text: &str) -> Result<Record, Problems> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let message = if error.is_eof() {
            "the file ends before the record does"
        } else {
            "this is not valid JSON"
        };
        Problem::new(
            "record/json",
            Place::file(file).at(error.line() as u64, error.column().max(1) as u64),
            message,
        )
        .help("expected the audit.json that an audit wrote")
    })?;
    let Some(schema) = value.get("schema").and_then(serde_json::Value::as_str) else {
        return Err(Problem::new(
            "record/schema",
            Place::file(file),
            "this is no record: it does not name its schema",
        )
        .help("expected the audit.json that an audit wrote")
        .into());
    };
    if schema != v1::SCHEMA {
        return Err(Problem::new(
            "record/schema",
            Place::file(file).key("schema"),
            format!("the schema is {}", quote(schema)),
        )
        .help(format!(
            "this version reads {}; use the version that wrote the record",
            v1::SCHEMA
        ))
        .into());
    }
    let record: Record = serde_json::from_value(value).map_err(|error| {
        let message = format!("the content is not that of a record: {error}");
        Problem::new("record/content", Place::file(file), message)
            .help("the record was edited or put together by hand; run the audit again")
    })?;
    let expected = digest(&record);
    if record.digest != expected {
        return Err(Problem::new(
            EDITED,
            Place::file(file).key("digest"),
            "the content does not match the digest, so the record was changed after it was written",
        )
        .help(match record.tool.version.as_str() {
            env!("CARGO_PKG_VERSION") => {
                "run the audit again; a record is evidence only as it was written".to_owned()
            }
            // What a later version adds to a record counts in its digest, and is not seen here.
            other => format!(
                "it was written by version {}, which may say more than this one reads: use that version, or run the audit again",
                quote(other)
            ),
        })
        .into());
    }
    Ok(record)
}

/// The record as JSON text, indented, with its digest in place.
pub fn to_json(record: &Record) -> String {
    let mut text = serde_json::to_string_pretty(record)
        .unwrap_or_else(|_| unreachable!("a record holds only strings, finite numbers and lists"));
    text.push('\n');
    text
}

/// SHA-256 over everything but the `run` object and the digest itself, in hexadecimal.
pub fn digest(record: &Record) -> String {
    let bare = Record {
        digest: String::new(),
        run: None,
        ..record.clone()
    };
    let text = serde_json::to_string(&bare)
        .unwrap_or_else(|_| unreachable!("a record holds only strings, finite numbers and lists"));
    sha256([text.as_bytes()])
}
