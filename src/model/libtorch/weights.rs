//! Weights for libtorch: safetensors, else the file that the spec names, and how they are put into a network.

// The edge: here files are read.
#![allow(clippy::disallowed_methods)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tch::nn::VarStore;
use tch::{TchError, Tensor, no_grad};

use super::super::transformer::Folder;
use super::super::transformer::safetensors::{self, CONVERT};
use super::first_line;
use crate::diagnostic::{Place, Problem, Problems, quote};

/// The weights by name.
pub type Weights = HashMap<String, Tensor>;

/// How files of weights end that are read where they are named: rust-bert's, and those of PyTorch.
pub const ENDINGS: [&str; 4] = ["ot", "bin", "pt", "safetensors"];

/// Reads the safetensors of a folder, or the file that is named.
///
/// # Errors
/// No such file, pickled weights that are not named, or a file that cannot be read.
pub fn read(folder: &mut Folder, named: Option<&Path>) -> Result<Weights, Problems> {
    let files: Vec<PathBuf> = match named {
        Some(file) => vec![file.to_owned()],
        None => safetensors::files(
            folder,
            "libtorch:",
            "; or name the file, libtorch:DIR/FILE: the reader of libtorch itself knows no Python",
        )?,
    };
    let mut weights = Weights::new();
    for file in &files {
        // Read for its digest; libtorch reads the file itself.
        drop(folder.weights(file)?);
        weights.extend(tensors(file).map_err(|error| {
            let place = Place::file(file.display().to_string());
            // The place says which file it is.
            let error = error.to_string();
            let error = first_line(
                error.trim_start_matches(&format!("safetensors error {}: ", file.display())),
            );
            if ending(file) == "safetensors" {
                let what = format!("this is no whole safetensors file: {error}");
                return Problem::new("model/safetensors", place, what)
                    .help("the download was cut off or the file is damaged: fetch it again");
            }
            let what = format!("libtorch cannot read these weights: {error}");
            Problem::new("model/pickled", place, what).help(format!(
                "it reads a plain dictionary of tensors; where you trust their origin, convert others once: {CONVERT}"
            ))
        })?);
    }
    Ok(weights)
}

fn ending(file: &Path) -> &str {
    file.extension()
        .and_then(|end| end.to_str())
        .unwrap_or_default()
}

/// The tensors of a file with their names.
fn tensors(file: &Path) -> Result<Vec<(String, Tensor)>, TchError> {
    match ending(file) {
        "safetensors" => Tensor::read_safetensors(file),
        "ot" => Tensor::load_multi(file),
        _ => Tensor::loadz_multi(file),
    }
}

/// Whether there is a weight of this name and shape.
///
/// # Errors
/// What there is instead.
pub fn expect(weights: &Weights, name: &str, shape: &[i64]) -> Result<(), String> {
    let size = find(weights, name)?.size();
    if size == shape {
        return Ok(());
    }
    Err(format!(
        "{} has the shape {size:?}, where {shape:?} was expected",
        quote(name)
    ))
}

fn find<'a>(weights: &'a Weights, name: &str) -> Result<&'a Tensor, String> {
    // The first weights of BERT call a norm's weight and bias so.
    let first = || {
        let old = name
            .replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta");
        weights.get(&old)
    };
    weights
        .get(name)
        .or_else(first)
        .ok_or_else(|| format!("{} is missing", quote(name)))
}

/// Puts the weights into the places of a network, each of which must find its own.
///
/// # Errors
/// The first weight that is missing or has another shape.
pub fn fill(places: &mut VarStore, weights: &Weights) -> Result<(), String> {
    let mut variables: Vec<(String, Tensor)> = places.variables().into_iter().collect();
    variables.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (name, place) in &mut variables {
        // Without this, libtorch would stretch a smaller weight over the place.
        expect(weights, name, &place.size())?;
        let weight = find(weights, name)?;
        no_grad(|| place.f_copy_(weight)).map_err(|error| first_line(&error.to_string()))?;
    }
    places.freeze();
    Ok(())
}
