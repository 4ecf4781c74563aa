//! Which files of a folder hold its weights as safetensors; how they are read is left to the engines.

// The edge: here files are found.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::folder::{Folder, ending, text_of};
use crate::diagnostic::{Place, Problem, Problems};

/// Turns pickled weights into safetensors.
pub const CONVERT: &str = "python -c \"from transformers import AutoModelForSequenceClassification as M; M.from_pretrained('DIR').save_pretrained('DIR', safe_serialization=True)\"";

/// More parts than any model has.
const MOST_PARTS: u32 = 10_000;

/// The file that says in which part each tensor lies.
const INDEX: &str = "model.safetensors.index.json";

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
    let place = Place::file(folder.path.display().to_string());
    let parts = match text_of(&folder.path, INDEX, &mut Vec::new())? {
        Some(index) => indexed(&index).ok_or_else(|| {
            Problem::new(
                "model/safetensors",
                Place::file(folder.path.join(INDEX).display().to_string()),
                "the index of the parts cannot be read",
            )
            .help("fetch it again")
        })?,
        None => counted_off(folder, &place)?,
    };
    if !parts.is_empty() {
        return present(folder, &parts, &place);
    }
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

/// The parts that an index names; `None` where it is damaged or names what is no file beside it.
fn indexed(index: &str) -> Option<BTreeSet<String>> {
    let index: Value = serde_json::from_str(index).ok()?;
    let parts = index.get("weight_map")?.as_object()?.values();
    parts
        .map(|part| {
            let part = part.as_str()?;
            (part.ends_with(".safetensors") && !part.contains(['/', '\\'])).then(|| part.to_owned())
        })
        .collect()
}

/// All the parts of which there is one, by what its name says: `model-00001-of-00003.safetensors`.
fn counted_off(folder: &Folder, place: &Place) -> Result<BTreeSet<String>, Problem> {
    let counts: BTreeSet<String> = ending(&folder.path, ".safetensors")
        .iter()
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.strip_prefix("model-")?;
            let (_, of) = name.strip_suffix(".safetensors")?.split_once("-of-")?;
            Some(of.to_owned())
        })
        .collect();
    if counts.len() > 1 {
        return Err(Problem::new(
            "model/parts",
            place.clone(),
            format!("the folder holds parts of {} sets of weights", counts.len()),
        )
        .help(format!(
            "remove those that are not of this model, or fetch {INDEX}, which says which are"
        )));
    }
    let all = counts.iter().flat_map(|of| {
        let parts = of.parse::<u32>().ok().filter(|parts| *parts <= MOST_PARTS);
        (1..=parts.unwrap_or(0)).map(move |part| format!("model-{part:05}-of-{of}.safetensors"))
    });
    Ok(all.collect())
}

/// The paths of parts that must all be there.
fn present(
    folder: &Folder,
    parts: &BTreeSet<String>,
    place: &Place,
) -> Result<Vec<PathBuf>, Problems> {
    let missing: Vec<String> = parts
        .iter()
        .filter(|part| !folder.path.join(part).is_file())
        .cloned()
        .collect();
    if missing.is_empty() {
        return Ok(parts.iter().map(|part| folder.path.join(part)).collect());
    }
    Err(Problem::new(
        "model/parts",
        place.clone(),
        format!(
            "{} of {} parts of the weights are missing",
            missing.len(),
            parts.len()
        ),
    )
    .help(match missing.as_slice() {
        [one] => format!("fetch {one}"),
        several => format!("fetch {} and the others", several[0]),
    })
    .into())
}
