//! Finds and loads ONNX Runtime: where the environment says, in a Python installation, else in the system.

// The edge: here files and environment are read.
#![allow(clippy::disallowed_methods)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ort::logging::LogLevel;

use crate::diagnostic::{Place, Problem, Problems};
use crate::model::python;

/// The environment variable that names the library.
pub const VARIABLE: &str = "ORT_DYLIB_PATH";

/// What one command would put in place.
pub const REMEDY: &str = "pip install onnxruntime";

/// The Python package that brings the library.
const PACKAGE: &str = "onnxruntime";

/// Folders in which systems keep libraries.
const SYSTEM: [&str; 8] = [
    "/usr/local/lib",
    "/usr/lib",
    "/usr/lib64",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/opt/onnxruntime/lib",
    "/opt/homebrew/lib",
    "C:\\Program Files\\onnxruntime\\lib",
];

/// Where a library was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The environment names it.
    Environment,
    /// It came with the Python package.
    Python,
    /// It lies among the libraries of the system.
    System,
}

impl Source {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Source::Environment => "named by ORT_DYLIB_PATH",
            Source::Python => "from the Python package onnxruntime",
            Source::System => "from the system",
        }
    }
}

/// A loaded library.
#[derive(Clone, Debug)]
pub struct Library {
    /// Its file.
    pub path: PathBuf,
    /// Where it was found.
    pub source: Source,
    /// Its version, as far as its name or the library itself tells.
    pub version: String,
}

static LOADED: OnceLock<Result<Library, Problems>> = OnceLock::new();

/// Finds the library and loads it, once.
///
/// # Errors
/// No library, or one that cannot be loaded.
pub fn load() -> Result<Library, Problems> {
    LOADED
        .get_or_init(|| {
            let Some((path, source)) = find() else {
                return Err(Problem::new(
                    "model/no-onnx-runtime",
                    Place::file("onnx"),
                    "no ONNX Runtime was found on this machine",
                )
                .help(format!(
                    "{REMEDY}; or set {VARIABLE} to its library (libonnxruntime.so, .dylib or .dll), version 1.17 or later"
                ))
                .into());
            };
            let failed = |error: String| -> Problems {
                Problem::new(
                    "model/onnx-runtime",
                    Place::file(path.display().to_string()),
                    format!("ONNX Runtime ({}) cannot be loaded: {error}", source.words()),
                )
                .help(format!(
                    "set {VARIABLE} to the library of version 1.17 or later, built for this processor; or: {REMEDY}"
                ))
                .into()
            };
            // Loading a library runs its code. It is the one that the user named or installed.
            let builder = ort::init_from(&path).map_err(|error| failed(error.to_string()))?;
            // What it has to say in colours is no news: what goes wrong comes back as an error.
            builder
                .with_telemetry(false)
                .with_logger(Arc::new(|_: LogLevel, _: &str, _: &str, _: &str, _: &str| {}))
                .commit();
            Ok(Library {
                version: version(&path),
                path,
                source,
            })
        })
        .clone()
}

/// The library and how it was found.
pub fn find() -> Option<(PathBuf, Source)> {
    if let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        return Some((PathBuf::from(path), Source::Environment));
    }
    if let Some(path) = python::package(PACKAGE).and_then(|package| inside(&package.join("capi"))) {
        return Some((path, Source::Python));
    }
    let listed = env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    env::split_paths(&listed)
        .chain(SYSTEM.iter().map(PathBuf::from))
        .find_map(|folder| inside(&folder))
        .map(|path| (path, Source::System))
}

/// The library in a folder: `libonnxruntime.so`, with or without version, or its kin on other systems.
fn inside(folder: &Path) -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            is_library(&name)
        })
        .collect();
    found.sort();
    found.pop()
}

fn is_library(name: &str) -> bool {
    name == "onnxruntime.dll"
        || name == "libonnxruntime.so"
        || name.starts_with("libonnxruntime.so.")
        || name == "libonnxruntime.dylib"
        || (name.starts_with("libonnxruntime.") && name.ends_with(".dylib"))
}

/// The version in the name of the file or of what it is a link to, else what the library says of its build.
fn version(path: &Path) -> String {
    let linked = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    [path, linked.as_path()]
        .into_iter()
        .map(in_name)
        .find(|version| !version.is_empty())
        .unwrap_or_else(|| in_build(ort::info()))
}

/// The version in what a library says of its build, such as `git-branch=rel-1.19.0, git-commit-id=26250ae`; of one that
/// was built from another branch the commit.
fn in_build(told: &str) -> String {
    let value = |key: &str| {
        let (_, rest) = told.split_once(key)?;
        Some(rest.split([',', ' ']).next().unwrap_or_default())
    };
    let branch = value("git-branch=").unwrap_or_default();
    match (branch.strip_prefix("rel-"), value("git-commit-id=")) {
        (Some(version), _) => version.to_owned(),
        (None, Some(commit)) => format!("of commit {commit}"),
        (None, None) => String::new(),
    }
}

/// The version in the name of a file.
fn in_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let numbers: String = name
        .trim_start_matches("libonnxruntime.so.")
        .trim_start_matches("libonnxruntime.")
        .trim_end_matches(".dylib")
        .to_owned();
    if numbers.contains('.') && numbers.chars().all(|c| c.is_ascii_digit() || c == '.') {
        numbers
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_told_from_what_lies_beside_them() {
        for name in [
            "libonnxruntime.so",
            "libonnxruntime.so.1.31.1",
            "libonnxruntime.1.20.0.dylib",
            "onnxruntime.dll",
        ] {
            assert!(is_library(name), "{name}");
        }
        for name in [
            "libonnxruntime_providers_shared.so",
            "onnxruntime_pybind11_state.so",
            "libonnxruntime.a",
        ] {
            assert!(!is_library(name), "{name}");
        }
        assert_eq!(in_name(Path::new("/a/libonnxruntime.so.1.31.1")), "1.31.1");
        assert_eq!(in_name(Path::new("/a/libonnxruntime.so")), "");
        assert_eq!(
            in_name(Path::new("/a/libonnxruntime.1.20.0.dylib")),
            "1.20.0"
        );
        let told =
            "ORT Build Info: git-branch=rel-1.19.0, git-commit-id=26250ae, build type=Release";
        assert_eq!(in_build(told), "1.19.0");
        let other = told.replace("rel-1.19.0", "HEAD");
        assert_eq!(in_build(&other), "of commit 26250ae");
    }
}
