//! Evidence: a record, its policy, its cards and its reports in one archive that anybody can check without the data.
//!
//! Here it is put together and checked, in memory. Files, keys in the environment and printing are left to the edge.

pub mod archive;
mod changes;
pub mod check;
pub mod content;
mod judged;
pub mod key;
pub mod manifest;

use crate::diagnostic::{Place, Problem, Problems};

pub use archive::File;
pub use manifest::Manifest;

/// The list of everything in the archive, which the signature is about.
pub const MANIFEST: &str = "manifest.json";

/// The signature: 64 bytes over the bytes of the manifest, as RFC 8032 has them.
pub const SIGNATURE: &str = "manifest.sig";

/// The public key that belongs to the signature. It comes from whoever signed, so that it proves nothing by itself.
pub const PUBLIC_KEY: &str = "public-key.pem";

/// The record.
pub const RECORD: &str = "audit.json";

/// The folder of the cards of datasets.
pub const DATASETS: &str = "datasets/";

/// The folder of the cards of models.
pub const MODELS: &str = "models/";

/// The folder of rendered reports.
pub const REPORTS: &str = "reports/";

/// Why a bundle is no evidence.
#[derive(Debug)]
pub enum Fault {
    /// It cannot be read, so that nothing can be said of it.
    Unreadable(Problems),
    /// It was read, and this is the first thing that is not as it should be.
    Differs(Box<Problem>),
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Fault::Differs(Box::new(problem))
    }
}

impl Fault {
    /// The first of several problems: the first thing that differs is what is asked for.
    fn first(problems: Problems) -> Fault {
        let first = problems.iter().next().cloned();
        first.map_or(Fault::Unreadable(problems), Fault::from)
    }
}

impl From<Fault> for Problems {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unreadable(problems) => problems,
            Fault::Differs(problem) => (*problem).into(),
        }
    }
}

/// The name of the policy in the archive: reading it depends on the ending.
pub fn policy_name(file: &str) -> &'static str {
    if file.ends_with(".toml") {
        "policy.toml"
    } else {
        "policy.md"
    }
}

/// A file of a bundle as a place of problems.
fn inside_of(name: &str, path: &str) -> Place {
    Place::file(format!("{name}/{path}"))
}

fn find<'a>(files: &'a [File], path: &str) -> Option<&'a File> {
    files.iter().find(|file| file.path == path)
}
