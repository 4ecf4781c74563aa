//! Where a transformer lies and what is said of it: a folder or a model on the hub, or a TOML file that names one.
//!
//! The file takes the place of the one in the folder, so that one model can be asked in several ways, and one that
//! lies in the cache of the hub can be told of at all.

// The edge: here files are found.
#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};

use super::folder::text_of;
use super::hub::{self, Weights};
use super::options::Options;
use crate::diagnostic::{Place, Problem, Problems, plain};
use crate::model::Downloads;
use crate::model::card::FileDigest;

/// What a spec of a transformer leads to.
pub struct Source {
    /// The folder, or a file of weights in it.
    pub path: PathBuf,
    /// What is said of it from outside.
    pub told: Option<Told>,
}

/// A file that names a model and says what its own files leave open.
pub struct Told {
    /// What the model is called in records: the file's name without its ending.
    pub name: String,
    /// What the file says.
    pub options: Options,
    /// Its digest.
    pub files: Vec<FileDigest>,
}

/// Finds what `path` names, the part of a spec behind its colon.
///
/// # Errors
/// A TOML file that is not there, has problems or names no model; then as for [`hub::folder`].
pub fn find(
    spec: &str,
    path: &str,
    weights: Weights,
    downloads: &Downloads<'_>,
) -> Result<Source, Problems> {
    let file = Path::new(path);
    let is_file = file.extension().is_some_and(|end| end == "toml") && !file.is_dir();
    let Some(name) = file.file_name().filter(|_| is_file) else {
        return Ok(Source {
            path: hub::folder(spec, path, weights, downloads)?,
            told: None,
        });
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut files = Vec::new();
    let Some(text) = text_of(folder, &name.to_string_lossy(), &mut files)? else {
        return Err(Problem::new(
            "model/unreadable",
            Place::file(path),
            "there is no such file",
        )
        .help("name a TOML file that says model = \"DIR\", or the folder itself")
        .into());
    };
    let options = Options::parse(path, &text)?;
    let Some((model, _)) = &options.model else {
        return Err(
            Problem::new("model/no-model", Place::file(path), "the file names no model")
                .help("expected model = \"DIR\", seen from the folder of the file, or model = \"OWNER/NAME@REVISION\"")
                .into(),
        );
    };
    let beside = folder.join(model);
    let path = if beside.exists() {
        beside
    } else {
        hub::folder(spec, model, weights, downloads)?
    };
    let stem = file.file_stem().unwrap_or(name);
    Ok(Source {
        path,
        told: Some(Told {
            name: plain(&stem.to_string_lossy()),
            options,
            files,
        }),
    })
}
