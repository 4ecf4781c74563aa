//! `affect-audit/bundle/v1`: the list of what a bundle holds and of what the audit in it rests on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{File, MANIFEST};
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::digest::sha256;
use crate::record::Record;
use crate::record::v1::Tool;

/// The value of `schema`.
pub const SCHEMA: &str = "affect-audit/bundle/v1";

/// What a bundle holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The program that put the bundle together.
    pub bundled_by: Tool,
    /// The audit.
    pub audit: Audit,
    /// Everything the audit read, by its digest. What is not among the files of the bundle stays with its owners.
    pub inputs: Vec<Input>,
    /// The files of the bundle besides the manifest, its signature and the key, in the order of their names.
    pub files: Vec<Entry>,
}

/// The audit in the bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// The digest of the record.
    pub record: String,
    /// The program that wrote the record.
    pub tool: Tool,
    /// How the audit ended.
    pub exit_code: u8,
    /// Start, in UTC, as RFC 3339; empty where the record does not tell.
    pub started: String,
    /// The command line.
    pub command: Vec<String>,
    /// The system and the CI job, as far as the record tells.
    pub environment: BTreeMap<String, String>,
}

/// Something that the audit read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// `policy`, `model`, `dataset`, `baseline` or `baseline-predictions`.
    pub kind: String,
    /// Its name in the record.
    pub name: String,
    /// SHA-256 as the record has it, in hexadecimal: of a dataset, over its card and cases.
    pub sha256: String,
    /// Its files with the SHA-256 of each, where the record tells them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub files: BTreeMap<String, String>,
}

/// A file of the bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name in the archive.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// What is to be said of a record and of files that go with it.
    pub fn new(bundled_by: Tool, record: &Record, files: &[File]) -> Manifest {
        let run = record.run.as_ref();
        let mut entries: Vec<Entry> = files.iter().map(entry).collect();
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        Manifest {
            schema: SCHEMA.to_owned(),
            bundled_by,
            audit: Audit {
                record: record.digest.clone(),
                tool: record.tool.clone(),
                exit_code: record.exit_code,
                started: run.map(|run| run.started.clone()).unwrap_or_default(),
                command: run.map(|run| run.command.clone()).unwrap_or_default(),
                environment: run.map(|run| run.environment.clone()).unwrap_or_default(),
            },
            inputs: inputs(record),
            files: entries,
        }
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// Text that is no manifest, or one of another schema.
    pub fn parse(archive: &str, bytes: &[u8]) -> Result<Manifest, Problems> {
        let place = || Place::file(format!("{archive}/{MANIFEST}"));
        let unreadable = |message: String| {
            Problem::new("bundle/manifest", place(), message)
                .help("expected a bundle that affect-audit bundle wrote")
        };
        let value: serde_json::Value = serde_json::from_slice(bytes)
            .map_err(|_| unreadable("this is not valid JSON".to_owned()))?;
        let schema = value.get("schema").and_then(serde_json::Value::as_str);
        match schema {
            None => Err(unreadable("it does not name its schema".to_owned()).into()),
            Some(schema) if schema != SCHEMA => Err(Problem::new(
                "bundle/schema",
                place().key("schema"),
                format!("the schema is {}", quote(schema)),
            )
            .help(format!(
                "this version reads {SCHEMA}; use the version that wrote the bundle"
            ))
            .into()),
            Some(_) => serde_json::from_value(value).map_err(|error| {
                unreadable(format!("the content is not that of a manifest: {error}")).into()
            }),
        }
    }

    /// The manifest as the bytes that are signed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = serde_json::to_string_pretty(self)
            .unwrap_or_else(|_| unreachable!("a manifest holds only strings, numbers and lists"));
        text.push('\n');
        text.into_bytes()
    }
}

/// A file as the manifest lists it.
pub fn entry(file: &File) -> Entry {
    Entry {
        path: file.path.clone(),
        bytes: file.bytes.len() as u64,
        sha256: sha256([file.bytes.as_slice()]),
    }
}

fn inputs(record: &Record) -> Vec<Input> {
    let input = |kind: &str, name: &str, sha256: &str| Input {
        kind: kind.to_owned(),
        name: name.to_owned(),
        sha256: sha256.to_owned(),
        files: BTreeMap::new(),
    };
    let policy = &record.policy;
    let mut inputs = vec![input("policy", &policy.name, &policy.digest)];
    inputs.extend(record.models.iter().map(|model| Input {
        files: model.files.clone(),
        ..input("model", &model.name, &model.digest)
    }));
    let datasets = record.datasets.iter();
    inputs.extend(datasets.map(|dataset| input("dataset", &dataset.name, &dataset.digest)));
    let baseline = record.baseline.iter();
    for baseline in baseline {
        inputs.push(input("baseline", RECORD_OF_BASELINE, &baseline.digest));
        let predictions = baseline.predictions.iter();
        inputs
            .extend(predictions.map(|(name, digest)| input("baseline-predictions", name, digest)));
    }
    inputs
}

/// A baseline has no name of its own.
const RECORD_OF_BASELINE: &str = "record of an earlier audit";
