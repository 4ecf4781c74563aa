//! Models by their names on the Hugging Face hub, `OWNER/NAME@REVISION`: found in the cache that its tools share, else
//! fetched where that is allowed.

// The edge: here the cache is looked into.
#![allow(clippy::disallowed_methods)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::config::CONFIG;
use crate::diagnostic::{Place, Problem, Problems};
use crate::model::Downloads;

/// The revision where none is named.
const NEWEST: &str = "main";

/// Which weights an engine reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// `.safetensors`.
    Safetensors,
    /// `.onnx`.
    Onnx,
}

/// A model on the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnHub {
    /// `OWNER/NAME`.
    pub repository: String,
    /// A branch, a tag or a commit.
    pub revision: String,
}

/// The folder that a spec names: one on this machine, or that of a model on the hub.
///
/// # Errors
/// Neither a folder nor a model in the cache, where nothing may be fetched; what goes wrong with fetching.
pub fn folder(
    spec: &str,
    path: &str,
    weights: Weights,
    downloads: &Downloads<'_>,
) -> Result<PathBuf, Problems> {
    let named = PathBuf::from(path);
    let is_file = path.ends_with(".onnx");
    let Some(model) = OnHub::parse(path).filter(|_| !named.exists() && !is_file) else {
        return Ok(named);
    };
    match (downloads, model.cached()) {
        (Downloads::Allowed(tell), _) => fetch(spec, &model, weights, tell),
        (Downloads::Refused, Some(folder)) => Ok(folder),
        (Downloads::Refused, None) => {
            let OnHub {
                repository,
                revision,
            } = &model;
            Err(Problem::new(
                "model/no-folder",
                Place::file(spec),
                "there is no such folder, and the cache of the hub's tools does not hold the model",
            )
            .help(format!(
                "--allow-network fetches it; or fetch it with `hf download {repository} --revision {revision}`; or name a folder"
            ))
            .into())
        }
    }
}

#[cfg(feature = "hub")]
fn fetch(
    spec: &str,
    model: &OnHub,
    weights: Weights,
    tell: &dyn Fn(&str),
) -> Result<PathBuf, Problems> {
    super::fetch::fetch(spec, model, weights, tell)
}

#[cfg(not(feature = "hub"))]
fn fetch(
    spec: &str,
    model: &OnHub,
    _weights: Weights,
    _tell: &dyn Fn(&str),
) -> Result<PathBuf, Problems> {
    model.cached().ok_or_else(|| {
        Problem::new(
            "model/no-hub",
            Place::file(spec),
            "this program was built without the part that fetches models",
        )
        .help(format!(
            "build it in the folder of its source: cargo install --path . --features hub; or fetch the model with `hf download {} --revision {}`",
            model.repository, model.revision
        ))
        .into()
    })
}

impl OnHub {
    /// Reads `OWNER/NAME` or `OWNER/NAME@REVISION`; `None` for what cannot be a name on the hub.
    pub fn parse(text: &str) -> Option<OnHub> {
        let (repository, revision) = text.split_once('@').unwrap_or((text, NEWEST));
        let (owner, name) = repository.split_once('/')?;
        let fits = is_name(owner) && is_name(name) && revision.split('/').all(is_name);
        fits.then(|| OnHub {
            repository: repository.to_owned(),
            revision: revision.to_owned(),
        })
    }

    /// Its folder in the cache, where the revision was fetched before.
    pub fn cached(&self) -> Option<PathBuf> {
        let model = self.in_cache()?;
        let commit = if is_commit(&self.revision) {
            self.revision.clone()
        } else {
            let reference = fs::read_to_string(model.join("refs").join(&self.revision)).ok()?;
            reference.trim().to_owned()
        };
        let snapshot = model.join("snapshots").join(&commit);
        (is_commit(&commit) && snapshot.join(CONFIG).is_file()).then_some(snapshot)
    }

    /// Where all its revisions lie.
    fn in_cache(&self) -> Option<PathBuf> {
        Some(cache()?.join(format!("models--{}", self.repository.replace('/', "--"))))
    }

    /// What a folder of the cache is: the commit is its revision. `None` for any other folder.
    pub fn of_folder(folder: &Path) -> Option<OnHub> {
        let commit = folder.file_name()?.to_str()?;
        let snapshots = folder.parent()?;
        let model = snapshots.parent()?.file_name()?.to_str()?;
        let repository = model.strip_prefix("models--")?.replacen("--", "/", 1);
        (is_commit(commit) && snapshots.ends_with("snapshots"))
            .then(|| OnHub::parse(&format!("{repository}@{commit}")))?
    }
}

/// Where the hub's tools keep what they fetched, from their own environment variables.
pub fn cache() -> Option<PathBuf> {
    let folder = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    folder("HF_HUB_CACHE")
        .or_else(|| Some(folder("HF_HOME")?.join("hub")))
        .or_else(|| Some(folder("XDG_CACHE_HOME")?.join("huggingface/hub")))
        .or_else(|| Some(env::home_dir()?.join(".cache/huggingface/hub")))
}

/// Letters, digits and `-`, `_`, `.`, and nothing that a path takes for itself.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 96
        && !text.starts_with(['.', '-'])
        && !text.ends_with('.')
        && !text.contains("..")
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Whether this is the digest of a commit.
pub fn is_commit(text: &str) -> bool {
    text.len() == 40
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_the_hub_are_told_from_paths() {
        let model = OnHub::parse("org/my-model.v2@refs/pr/3").expect("a name");
        assert_eq!(model.repository, "org/my-model.v2");
        assert_eq!(model.revision, "refs/pr/3");
        assert_eq!(OnHub::parse("org/name").expect("a name").revision, "main");
        for path in [
            "name",
            "./name",
            "../name",
            "/org/name",
            "a/b/c",
            "org/..",
            "org/name@",
            "org/name@../x",
            "org/name@a//b",
            "org\\x/name",
            "org/na me",
            "org/name@-x",
        ] {
            assert_eq!(OnHub::parse(path), None, "{path}");
        }
    }

    #[test]
    fn folders_of_the_cache_say_what_they_hold() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let path = format!("/c/models--org--my--name/snapshots/{commit}");
        let model = OnHub::of_folder(Path::new(&path)).expect("a snapshot");
        assert_eq!(model.repository, "org/my--name");
        assert_eq!(model.revision, commit);
        for path in [
            format!("/c/models--org--name/{commit}"),
            "/c/models--org--name/snapshots/main".to_owned(),
            format!("/c/other/snapshots/{commit}"),
            format!("/c/models--..--name/snapshots/{commit}"),
        ] {
            assert_eq!(OnHub::of_folder(Path::new(&path)), None, "{path}");
        }
    }
}
