//! Which files of a folder hold its weights as safetensors; how they are read is left to the engines.

// The edge: here files are found.
#![allow(clippy::disallowed_methods)]

use std::path::PathBuf;

use super::folder::{Folder, ending};
use crate::diagnostic::{Place, Problem, Problems};

/// Turns pickled weights into safetensors.
pub const CONVERT: &str = "python -c \"from transformers import AutoModelForSequenceClassification as M; M.from_pretrained('DIR').save_pretrained('DIR', safe_serialization=True)\"";

/// The files, or what to do where there are none. `engine` is what the spec says, such as `hf:`; `otherwise` is added
/// to the way out of pickled weights.
///
/// # Errors
/// No safetensors: pickled weights, an ONNX file alone, or nothing at all.
pub fn files(folder: &Folder, engine: &str, otherwise: &str) -> Result<Vec<PathBuf>, Problems> {
    let whole = folder.path.join("model.safetensors");
    if whole.is_file() {
        return Ok(vec![whole]);
    }
    let parts: Vec<PathBuf> = ending(&folder.path, ".safetensors")
        .into_iter()
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("model-") && name.contains("-of-")
        })
        .collect();
    if !parts.is_empty() {
        return Ok(parts);
    }
    let place = Place::file(folder.path.display().to_string());
    let pickled = [".bin", ".pt", ".pth", ".ckpt", ".ot"]
        .iter()
        .find_map(|end| ending(&folder.path, end).into_iter().next());
    if let Some(pickled) = pickled {
        return Err(Problem::new(
            "model/pickled",
            Place::file(pickled.display().to_string()),
            "these weights are pickled: to read them is to run whatever code they hold",
        )
        .help(format!(
            "where you trust their origin, convert them once: {CONVERT}{otherwise}"
        ))
        .into());
    }
    let help = if ending(&folder.path, ".onnx").is_empty() {
        "expected model.safetensors, or its parts model-00001-of-0000N.safetensors".to_owned()
    } else {
        format!("it holds an ONNX file: say onnx: instead of {engine}")
    };
    Err(
        Problem::new("model/no-weights", place, "the folder holds no safetensors")
            .help(help)
            .into(),
    )
}
