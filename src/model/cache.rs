//! Where answers and scores are kept for runs to come, and where the secret lies that hides which texts they are of.
//! What is kept is left to the journal of a model that is called and to the scores of a transformer.

// The edge: here the environment is read and files are looked at.
#![allow(clippy::disallowed_methods)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder that answers and scores are kept under, where it is not the usual one.
pub const FOLDER: &str = "AFFECT_AUDIT_CACHE";

/// What the folder holds answers of models that are called in.
pub const ANSWERS: &str = "answers";

/// What it holds scores of transformers in.
pub const SCORES: &str = "scores";

/// The folder that answers and scores are kept under; `None` where nothing says where this user's caches are.
pub fn folder() -> Option<PathBuf> {
    named(FOLDER)
        .or_else(|| Some(of_user("XDG_CACHE_HOME", ".cache")?.join(env!("CARGO_PKG_NAME"))))
}

/// The file of the secret, apart from the folder, so that whoever comes by one does not have the other.
pub fn secret() -> Option<PathBuf> {
    let states = of_user("XDG_STATE_HOME", ".local/state")?;
    Some(states.join(env!("CARGO_PKG_NAME")).join("secret"))
}

/// How many files a folder holds, and how many bytes they have together.
pub fn size(folder: &Path) -> (usize, u64) {
    let sizes = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|about| about.len());
    sizes.fold((0, 0_u64), |(files, bytes), more| {
        (files + 1, bytes.saturating_add(more))
    })
}

fn of_user(variable: &str, usual: &str) -> Option<PathBuf> {
    named(variable).or_else(|| Some(env::home_dir()?.join(usual)))
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
