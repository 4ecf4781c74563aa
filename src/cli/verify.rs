//! `verify`: whether a bundle is what was signed, and whether findings and reports come out again. Reads nothing but
//! the bundle and the keys.

// The edge: here files and the clock are used.
#![allow(clippy::disallowed_methods)]

use std::fmt::Write;
use std::path::Path;

use clap::Args;

use super::bundle::render_named;
use super::output;
use crate::bundle::Fault;
use crate::bundle::archive::{self, MOST_BYTES};
use crate::bundle::check::{Signer, bundle};
use crate::bundle::content::Content;
use crate::bundle::key::PublicKey;
use crate::dataset::read::read_file;
use crate::diagnostic::{Place, Problem, Problems, counted, plain};
use crate::record::Record;
use crate::report::outcome::accepted;

/// Something is not as it was signed, or does not come out again.
const DIFFERS: u8 = 1;

/// Nothing differs, and nobody whom the reader trusts vouches for it.
const UNVOUCHED: u8 = 3;

const NOTES: &str = "\
Exit codes:
  0  signed by a key that was given, unchanged, and findings and reports come out again
  1  something differs; the first such thing is named
  2  it cannot be read: no bundle, cut off, or of a newer schema
  3  nothing differs, but it is not signed, or no key was given to check the signature by

The codes speak of the evidence, not of the models: how the audit itself ended is told apart.

Example:
  affect-audit verify evidence.zip --public-key release.key.pub";

/// What to check.
#[derive(Args)]
#[command(after_help = NOTES)]
pub struct Arguments {
    /// The bundle
    bundle: String,
    /// A public key that you have from its owner, in PEM; repeatable, where any of several may have signed
    #[arg(long, value_name = "FILE")]
    public_key: Vec<String>,
}

/// Checks.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let name = &arguments.bundle;
    let mut problems = Problems::new();
    let mut trusted = Vec::new();
    for file in &arguments.public_key {
        let key = output::read_text(file).and_then(|text| PublicKey::from_pem(file, &text));
        trusted.extend(problems.take(key));
    }
    let bytes = problems.take(read(name));
    problems.or(())?;
    let checked = archive::unpack(name, &bytes.unwrap_or_default())
        .and_then(|files| bundle(name, &files, &trusted, &render_named));
    match checked {
        Ok((signer, content)) => {
            output::print(&told(name, signer, &content))?;
            warn(&content.record);
            Ok(match signer {
                Signer::Known(_) => 0,
                Signer::Unknown(_) | Signer::Nobody => UNVOUCHED,
            })
        }
        Err(Fault::Unreadable(problems)) => Err(problems),
        Err(Fault::Differs(problem)) => {
            output::problems(&(*problem).into());
            Ok(DIFFERS)
        }
    }
}

/// The file, unless it is larger than any bundle.
fn read(name: &str) -> Result<Vec<u8>, Problems> {
    let path = Path::new(name);
    let length = std::fs::metadata(path).map_or(0, |about| about.len());
    if length > MOST_BYTES {
        return Err(Problem::new(
            "bundle/too-large",
            Place::file(name),
            format!(
                "{} MiB, and at most {} are read",
                length >> 20,
                MOST_BYTES >> 20
            ),
        )
        .help("no bundle is as large as that; check where the file comes from")
        .into());
    }
    read_file(path, "input/unreadable")
}

/// What was checked and what it means, for people.
fn told(name: &str, signer: Signer, content: &Content) -> String {
    let record = &content.record;
    let mut text = format!("{}\n", plain(name));
    let (signature, outcome) = match signer {
        Signer::Known(key) => (
            format!("by the key that was given, {}", key.fingerprint()),
            "verified: this is the evidence as it was signed".to_owned(),
        ),
        Signer::Unknown(key) => (
            format!("by the key in the bundle itself, {}", key.fingerprint()),
            "not verified: anybody could have made this key; get the public key from its owner and say --public-key FILE"
                .to_owned(),
        ),
        Signer::Nobody => (
            "none".to_owned(),
            "not verified: nobody signed this bundle, so that anybody could have changed it".to_owned(),
        ),
    };
    let started = record.run.as_ref().map_or("", |run| run.started.as_str());
    let reports = match content.reports.as_slice() {
        [] => "none enclosed".to_owned(),
        reports => format!("rendered again, the same: {}", reports.join(", ")),
    };
    for (what, how) in [
        ("signature", signature),
        ("files", "every digest is that of the manifest".to_owned()),
        (
            "record",
            format!(
                "{}, of {started}, by {} {}",
                record.digest, record.tool.name, record.tool.version
            ),
        ),
        (
            "policy",
            format!(
                "{} {}, as judged by",
                record.policy.name, record.policy.version
            ),
        ),
        (
            "findings",
            format!(
                "judged again, the same: {}, {}, {}",
                counted(record.findings.len(), "finding"),
                counted(record.verdicts.len(), "verdict"),
                counted(record.contrasts.len(), "contrast")
            ),
        ),
        ("reports", reports),
        (
            "audit",
            format!(
                "ended with exit code {}: {}",
                record.exit_code,
                ending(record)
            ),
        ),
    ] {
        let _ = writeln!(text, "  {what:<11}{}", plain(&how));
    }
    let _ = writeln!(text, "{outcome}");
    text
}

/// What the exit code of an audit means.
fn ending(record: &Record) -> String {
    let ending = match (record.exit_code, accepted(record)) {
        (0, None) => "every gate that counts passed",
        (0, Some(accepted)) => return format!("{accepted}; every other gate that counts passed"),
        (1, None) => "a gate failed",
        (1, Some(accepted)) => return format!("a gate failed; besides, {accepted}"),
        (3, None) => "no gate failed, and evidence that the policy requires is missing",
        (3, Some(accepted)) => {
            return format!("{accepted}; evidence that the policy requires is missing");
        }
        _ => "a code that this version does not know, so take it for no pass",
    };
    ending.to_owned()
}

/// What has come about since the audit, which the signature cannot know.
fn warn(record: &Record) {
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let started = record.run.as_ref().and_then(|run| run.started.get(..10));
    if let Some(day) = started.filter(|day| **day > *today) {
        output::note(&plain(&format!(
            "warning: the audit is dated {day}, a day that is still to come here: a clock was wrong, or the date was made up"
        )));
    }
    for finding in &record.findings {
        if let Some(waiver) = &finding.waiver
            && finding.outcome == "waived"
            && waiver.expires < today
        {
            output::note(&plain(&format!(
                "warning: the waiver of {} expired on {}; judged today the finding counts: affect-audit gate",
                finding.id, waiver.expires
            )));
        }
    }
}
