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

use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::digest::sha256;
use crate::document::json;

/// The code of a record whose content does not match its digest.
pub const EDITED: &str = "record/digest";

/// Reads a record.
///
/// # Errors
/// Text that is no JSON, a record of another schema, or one whose content does not match its digest.
pub fn parse(file: &str, text: &str) -> Result<Record, Problems> {
    let value = json::parse(text.as_bytes()).map_err(|error| {
        let message = if error.is_eof() {
            "the file ends before the record does".to_owned()
        } else if error.is_data() {
            let message = error.to_string();
            message
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned()
        } else {
            "this is not valid JSON".to_owned()
        };
        Problem::new(
            "record/json",
            Place::file(file).at(error.line() as u64, error.column().max(1) as u64),
            message,
        )
        .help("expected the audit.json that an audit wrote")
    })?;
    let Some(schema) = value.get("schema").and_then(Value::as_str) else {
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
    let record: Record = Record::deserialize(&value).map_err(|error| {
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
    // What this version does not know is in no digest that it makes.
    let known = serde_json::to_value(&record).unwrap_or_default();
    match stranger(&value, &known, "") {
        None => Ok(record),
        Some(key) => Err(Problem::new(
            EDITED,
            Place::file(file).key(key),
            "the record holds a key that no audit of this version writes, so it was changed after it was written",
        )
        .help("run the audit again; a record is evidence only as it was written")
        .into()),
    }
}

/// The first key of what is given that is not known.
fn stranger(given: &Value, known: &Value, path: &str) -> Option<String> {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => given.iter().find_map(|(key, value)| {
            let path = [path, key].join(if path.is_empty() { "" } else { "." });
            match known.get(key) {
                Some(known) => stranger(value, known, &path),
                // An empty value says nothing.
                None => (!value.is_null()).then_some(path),
            }
        }),
        (Value::Array(given), Value::Array(known)) => {
            let pairs = given.iter().zip(known).enumerate();
            pairs.into_iter().find_map(|(place, (given, known))| {
                stranger(given, known, &format!("{path}[{place}]"))
            })
        }
        _ => None,
    }
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
