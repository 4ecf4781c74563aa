//! Fetches what an engine needs of a model on the Hugging Face hub, into the cache that the hub's tools share.
//!
//! No key is ever sent: a model that asks for one is fetched by the hub's own tools, and found in the cache.

// The edge: here the network is used and damaged files are removed.
#![allow(clippy::disallowed_methods)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use hf_hub::api::sync::{ApiBuilder, ApiError};
use hf_hub::{Cache, Repo, RepoType};

use super::config::CONFIG;
use super::hub::{OnHub, Weights, cache, is_commit};
use crate::diagnostic::{Place, Problem, Problems, counted, quote};
use crate::digest::sha256;

/// The hub where the environment names no other.
const HUB: &str = "https://huggingface.co";

/// The environment variable that names another, as the hub's tools read it.
const VARIABLE: &str = "HF_ENDPOINT";

/// Files beside the weights that are fetched where the model has them.
const SETTINGS: [&str; 9] = [
    "README.md",
    "added_tokens.json",
    "merges.txt",
    "model.safetensors.index.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    "vocab.txt",
];

/// The most that a model may weigh in all.
const MOST: usize = 64 << 30;

/// How often a broken connection is taken up again.
const RETRIES: usize = 3;

/// Fetches a model; what lies in the cache already is not fetched again. `tell` gets the host first.
///
/// # Errors
/// No such model or revision, no way to the host, pickled weights, or files that are not what the hub says they are.
pub fn fetch(
    spec: &str,
    model: &OnHub,
    weights: Weights,
    tell: &dyn Fn(&str),
) -> Result<PathBuf, Problems> {
    let hub = env::var(VARIABLE)
        .ok()
        .filter(|address| !address.is_empty());
    let address = hub.unwrap_or_else(|| HUB.to_owned());
    let host = address
        .split("://")
        .last()
        .and_then(|rest| rest.split('/').next())
        .and_then(|host| host.rsplit('@').next())
        .unwrap_or_default();
    tell(&format!(
        "asking {host} for {}, revision {}",
        model.repository, model.revision
    ));
    let failed = |error: ApiError| failed(spec, model, host, &error);
    let strange = |what: &str| -> Problems {
        Problem::new(
            "model/hub",
            Place::file(spec),
            format!("{host} does not answer as the hub does: {what}"),
        )
        .help(format!("check {VARIABLE}, or name a folder"))
        .into()
    };
    let folder = cache().ok_or_else(|| strange("there is no folder for its cache"))?;
    let cache = Cache::new(folder);
    let api = ApiBuilder::from_cache(cache.clone())
        .with_endpoint(address.trim_end_matches('/').to_owned())
        .with_token(None)
        .with_retries(RETRIES)
        .with_progress(false)
        .build()
        .map_err(failed)?;
    let asked = |revision: &str| {
        Repo::with_revision(
            model.repository.clone(),
            RepoType::Model,
            revision.to_owned(),
        )
    };
    let about = api.repo(asked(&model.revision)).info().map_err(failed)?;
    if !is_commit(&about.sha) {
        return Err(strange("it names no commit"));
    }
    let there: Vec<&str> = about
        .siblings
        .iter()
        .map(|file| file.rfilename.as_str())
        .collect();
    let wanted = wanted(spec, &there, weights)?;
    // One commit for all files, even if somebody changes the model meanwhile.
    let commit = asked(&about.sha);
    let snapshot = cache.repo(commit.clone()).pointer_path(&about.sha);
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|name| !snapshot.join(name).is_file())
        .collect();
    let mut bytes = 0_usize;
    for name in &missing {
        let file = api
            .metadata(&api.repo(commit.clone()).url(name))
            .map_err(failed)?;
        // Both become parts of paths.
        let plain = file.etag().bytes().all(|byte| byte.is_ascii_alphanumeric());
        if file.commit_hash() != about.sha || file.etag().is_empty() || !plain {
            return Err(strange("the marks of a file are not as expected"));
        }
        bytes = bytes.saturating_add(file.size());
    }
    if bytes > MOST {
        return Err(strange(&format!("it offers {bytes} bytes")));
    }
    if !missing.is_empty() {
        tell(&format!(
            "fetching {}, {:.1} MB, from {host}",
            counted(missing.len(), "file"),
            bytes as f64 / 1e6
        ));
    }
    for name in missing {
        let path = api.repo(commit.clone()).download(name).map_err(failed)?;
        check(spec, name, &path)?;
    }
    // The name of the revision now stands for this commit.
    if !is_commit(&model.revision) {
        cache
            .repo(asked(&model.revision))
            .create_ref(&about.sha)
            .map_err(|error| failed(error.into()))?;
    }
    Ok(snapshot)
}

/// The files to fetch, of those that are there.
fn wanted<'a>(spec: &str, there: &[&'a str], weights: Weights) -> Result<Vec<&'a str>, Problems> {
    let mut wanted: Vec<&str> = there
        .iter()
        .copied()
        .filter(|name| *name == CONFIG || SETTINGS.contains(name))
        .collect();
    let parts: Vec<&str> = match weights {
        Weights::Safetensors if there.contains(&"model.safetensors") => vec!["model.safetensors"],
        Weights::Safetensors => there
            .iter()
            .copied()
            .filter(|name| {
                name.starts_with("model-")
                    && name.ends_with(".safetensors")
                    && !name.contains(['/', '\\'])
            })
            .collect(),
        Weights::Onnx => {
            let usual = ["model.onnx", "onnx/model.onnx"];
            let graph = usual.iter().find(|name| there.contains(name));
            there
                .iter()
                .copied()
                .filter(|name| {
                    graph.is_some_and(|graph| name == graph || *name == format!("{graph}_data"))
                })
                .collect()
        }
    };
    if !parts.is_empty() {
        wanted.extend(parts);
        return Ok(wanted);
    }
    let pickled = there
        .iter()
        .any(|name| name.ends_with(".bin") || name.ends_with(".pt"));
    let (what, help) = match weights {
        Weights::Onnx => (
            "the model on the hub has no model.onnx",
            "export one with `optimum-cli export onnx --task text-classification --model OWNER/NAME OUT`, or say hf: to read safetensors",
        ),
        Weights::Safetensors if pickled => (
            "the weights on the hub are pickled: to read them is to run whatever code they hold. Nothing was fetched",
            "where you trust their origin, fetch and convert them once: python -c \"from transformers import AutoModelForSequenceClassification as M, AutoTokenizer as T; M.from_pretrained('OWNER/NAME').save_pretrained('DIR', safe_serialization=True); T.from_pretrained('OWNER/NAME').save_pretrained('DIR')\"",
        ),
        Weights::Safetensors => (
            "the model on the hub has no safetensors",
            "expected model.safetensors, or its parts model-00001-of-0000N.safetensors",
        ),
    };
    let code = if pickled && weights == Weights::Safetensors {
        "model/pickled"
    } else {
        "model/no-weights"
    };
    Err(Problem::new(code, Place::file(spec), what)
        .help(help)
        .into())
}

/// Compares a large file with the digest that the hub keeps it under, and removes it where it is another.
fn check(spec: &str, name: &str, path: &Path) -> Result<(), Problems> {
    let unreadable = |error: std::io::Error| -> Problems {
        Problem::new(
            "model/unreadable",
            Place::file(path.display().to_string()),
            format!("cannot be read: {error}"),
        )
        .help("check the folder of the cache, its permissions and the space left")
        .into()
    };
    let blob = path.canonicalize().map_err(unreadable)?;
    let expected = blob.file_name().unwrap_or_default().to_string_lossy();
    // Small files are kept under another digest, of git's own.
    if expected.len() != 64 {
        return Ok(());
    }
    let found = sha256([fs::read(&blob).map_err(unreadable)?.as_slice()]);
    if found == *expected {
        return Ok(());
    }
    fs::remove_file(path).map_err(unreadable)?;
    fs::remove_file(&blob).map_err(unreadable)?;
    Err(Problem::new(
        "model/damaged",
        Place::file(spec),
        format!("{name} is not what the hub says it is, and was removed"),
    )
    .help("fetch it again")
    .into())
}

/// What went wrong, with the way out.
fn failed(spec: &str, model: &OnHub, host: &str, error: &ApiError) -> Problems {
    let repository = &model.repository;
    let error = error.to_string();
    let status = error
        .split_once("http status: ")
        .and_then(|(_, status)| status.parse::<u16>().ok());
    let (what, help) = match status {
        Some(404) => (
            format!(
                "{host} has no model {repository} with the revision {}",
                model.revision
            ),
            "check the name and the revision".to_owned(),
        ),
        Some(401 | 403) => (
            format!("{host} does not give {repository} to everybody, or has no such model"),
            format!(
                "check the name; where a key is needed, this program sends none: `hf auth login`, then `hf download {repository} --revision {}`, and the same spec finds it",
                model.revision
            ),
        ),
        _ => (
            format!(
                "{repository} cannot be fetched from {host}: {}",
                quote(&error)
            ),
            format!(
                "check the connection and try again, which takes up where this ended; or on another machine `hf download {repository} --revision {} --local-dir DIR`, and name the folder",
                model.revision
            ),
        ),
    };
    Problem::new("model/hub", Place::file(spec), what)
        .help(help)
        .into()
}
