//! Finds and loads ONNX Runtime: where the environment says, in a Python installation, else in the system.

// The edge: here files and environment are read.
#![allow(clippy::disallowed_methods)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

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
            builder.with_telemetry(false).commit();
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

/// The version in the name of the file, else what the library says of its build.
fn version(path: &Path) -> String {
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
        assert_eq!(version(Path::new("/a/libonnxruntime.so.1.31.1")), "1.31.1");
        assert_eq!(version(Path::new("/a/libonnxruntime.so")), "");
        assert_eq!(
            version(Path::new("/a/libonnxruntime.1.20.0.dylib")),
            "1.20.0"
        );
    }
}
