//! Transformers through ONNX Runtime: `onnx:DIR`, or `onnx:DIR/FILE.onnx` where a folder holds several.

// The edge: here files are found.
#![allow(clippy::disallowed_methods)]

mod graph;
pub mod library;

use std::path::{Component, Path, PathBuf};
use std::thread::available_parallelism;

use ort::session::{Session, SessionInputValue};
use ort::value::Tensor;

use super::spec::{Downloads, Model};
use super::transformer::config::CONFIG;
use super::transformer::folder::ending;
use super::transformer::{Batch, Folder, Network, assemble};
use super::transformer::{hub, source};
use crate::diagnostic::{Place, Problem, Problems, list, quote};
use graph::{FLOAT, Graph, INT32, INT64, Port};

/// What a classifier may ask for.
const INPUTS: [&str; 3] = ["input_ids", "attention_mask", "token_type_ids"];

/// How a folder is exported.
const EXPORT: &str =
    "export it with `optimum-cli export onnx --task text-classification --model DIR OUT`";

/// Loads `onnx:PATH`.
///
/// # Errors
/// Every problem of the folder, an ONNX file that is no text classifier, or no ONNX Runtime to run it with.
pub fn load(spec: &str, path: &str, downloads: &Downloads<'_>) -> Result<Model, Problems> {
    let source = source::find(spec, path, hub::Weights::Onnx, downloads)?;
    let (folder, named) = split(&source.path);
    let mut folder = Folder::read(spec, &folder, source.told)?;
    let file = match named {
        Some(file) => file,
        None => choose(&folder)?,
    };
    let bytes = folder.weights(&file)?;
    let graph = Graph::read(&bytes);
    drop(bytes);
    let place = Place::file(file.display().to_string());
    let graph = graph.ok_or_else(|| {
        Problem::new(
            "model/onnx-damaged",
            place.clone(),
            "this is no whole ONNX file",
        )
        .help(format!("fetch it again, or {EXPORT}"))
    })?;
    // Weights of large models lie in files beside the graph.
    for name in &graph.files {
        folder.weights(&beside(&file, name, &place)?)?;
    }
    let ports = check(&graph, folder.config.labels.len(), &place)?;
    let library = library::load()?;
    let session = session(&file).map_err(|error| {
        Problem::new(
            "model/onnx",
            place,
            format!("ONNX Runtime cannot load it: {}", quote(&error)),
        )
        .help(format!("fetch it again, or {EXPORT}"))
    })?;
    let engine = format!("ONNX Runtime {}", library.version)
        .trim_end()
        .to_owned();
    let network = Box::new(Onnx { session, ports });
    assemble(spec, folder, network, engine, graph.eight_bits())
}

/// The folder of a path, and the ONNX file where it names one.
fn split(path: &Path) -> (PathBuf, Option<PathBuf>) {
    let is_file = path.extension().is_some_and(|end| end == "onnx") && !path.is_dir();
    if !is_file {
        return (path.to_owned(), None);
    }
    let parent = path.parent().unwrap_or(Path::new("")).to_owned();
    let parent = if parent.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        parent
    };
    // Some folders keep their ONNX files in a folder of their own.
    let above = parent.join("..");
    let folder = if !parent.join(CONFIG).exists() && above.join(CONFIG).exists() {
        above
    } else {
        parent
    };
    (folder, Some(path.to_owned()))
}

/// The ONNX file of a folder: the one that the options name, else `model.onnx`, else the only one.
fn choose(folder: &Folder) -> Result<PathBuf, Problems> {
    if let Some((name, place)) = &folder.options.file {
        return crate::dataset::read::beside(&folder.path, name, place);
    }
    let inner = folder.path.join("onnx");
    for usual in [folder.path.join("model.onnx"), inner.join("model.onnx")] {
        if usual.is_file() {
            return Ok(usual);
        }
    }
    let mut found = ending(&folder.path, ".onnx");
    found.extend(ending(&inner, ".onnx"));
    let place = Place::file(folder.path.display().to_string());
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let help = if ending(&folder.path, ".safetensors").is_empty() {
                EXPORT.to_owned()
            } else {
                format!("say hf: instead of onnx: to read its safetensors, or {EXPORT}")
            };
            Err(
                Problem::new("model/no-weights", place, "the folder holds no ONNX file")
                    .help(help)
                    .into(),
            )
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .filter_map(|path| path.strip_prefix(&folder.path).ok())
                .map(|path| path.display().to_string())
                .collect();
            Err(Problem::new(
                "model/several-files",
                place,
                format!("the folder holds {} ONNX files", several.len()),
            )
            .help(format!("name one: onnx:DIR/FILE.onnx, of {}", list(&names)))
            .into())
        }
    }
}

/// A file that the graph keeps weights in.
fn beside(graph: &Path, name: &str, place: &Place) -> Result<PathBuf, Problems> {
    let inside = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if name.is_empty() || !inside {
        return Err(Problem::new(
            "model/onnx-outside",
            place.clone(),
            format!(
                "the file keeps weights in {}, outside its folder",
                quote(name)
            ),
        )
        .help(EXPORT)
        .into());
    }
    Ok(graph.with_file_name(name))
}

/// The inputs with their widths, and the output.
struct Ports {
    inputs: Vec<(&'static str, bool)>,
    output: String,
}

/// Whether the graph is a text classifier with so many labels.
fn check(graph: &Graph, labels: usize, place: &Place) -> Result<Ports, Problems> {
    let mut problems = Problems::new();
    let mut inputs = Vec::new();
    for input in &graph.inputs {
        let known = INPUTS.iter().find(|name| **name == input.name);
        match (known, input.element) {
            (Some(name), INT64) => inputs.push((*name, true)),
            (Some(name), INT32) => inputs.push((*name, false)),
            (Some(_), _) => problems.push(
                Problem::new(
                    "model/onnx-input",
                    place.clone().key(&input.name),
                    "the input takes no whole numbers",
                )
                .help(EXPORT),
            ),
            (None, _) => problems.push(
                Problem::new(
                    "model/onnx-input",
                    place.clone().key(&input.name),
                    format!("the file asks for the input {}", quote(&input.name)),
                )
                .help(format!(
                    "a text classifier takes {} and nothing else; {EXPORT}",
                    INPUTS.join(", ")
                )),
            ),
        }
        if let Some(size) = fixed(input, 2).filter(|_| known.is_some()) {
            problems.push(
                Problem::new(
                    "model/onnx-fixed",
                    place.clone().key(&input.name),
                    format!("the input has the fixed size {size}"),
                )
                .help(format!(
                    "batches and texts of any length are needed; {EXPORT}"
                )),
            );
        }
    }
    if !graph.inputs.iter().any(|input| input.name == INPUTS[0]) {
        problems.push(
            Problem::new(
                "model/onnx-input",
                place.clone(),
                format!("the file takes no {}", INPUTS[0]),
            )
            .help(EXPORT),
        );
    }
    let output = graph
        .outputs
        .iter()
        .find(|output| output.name == "logits")
        .or(graph.outputs.first());
    if let Some(output) = output {
        if output.element != FLOAT {
            problems.push(
                Problem::new(
                    "model/onnx-output",
                    place.clone().key(&output.name),
                    "the output is not in single precision",
                )
                .help(EXPORT),
            );
        }
        let last = output
            .sizes
            .as_deref()
            .map(|sizes| (sizes.len(), sizes.last().copied().flatten()));
        let fits = match last {
            Some((2, Some(size))) => size == labels as u64,
            Some((2, None)) | None => true,
            Some(_) => false,
        };
        if !fits {
            problems.push(
                Problem::new(
                    "model/onnx-output",
                    place.clone().key(&output.name),
                    format!(
                        "the output has the shape {}, where {CONFIG} names {labels} labels",
                        shape(output)
                    ),
                )
                .help(format!("config.json and ONNX file must be of one model, with a head for classification; {EXPORT}")),
            );
        }
    }
    let output = output.map_or_else(String::new, |output| output.name.clone());
    problems.or(Ports { inputs, output })
}

/// The first of the first sizes that is fixed.
fn fixed(port: &Port, sizes: usize) -> Option<u64> {
    port.sizes
        .iter()
        .flatten()
        .take(sizes)
        .find_map(|size| *size)
}

fn shape(port: &Port) -> String {
    let sizes: Vec<String> = port
        .sizes
        .iter()
        .flatten()
        .map(|size| size.map_or_else(|| "?".to_owned(), |size| size.to_string()))
        .collect();
    format!("[{}]", sizes.join(", "))
}

fn session(file: &Path) -> Result<Session, String> {
    let threads = available_parallelism().map_or(1, usize::from);
    let builder = Session::builder().map_err(|error| error.to_string())?;
    builder
        .with_intra_threads(threads)
        .map_err(|error| error.to_string())?
        .commit_from_file(file)
        .map_err(|error| error.to_string())
}

/// A session with the names of what goes in and out.
struct Onnx {
    session: Session,
    ports: Ports,
}

impl Network for Onnx {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<f32>, String> {
        let failed = |error: ort::Error| error.to_string();
        let shape = [batch.rows, batch.length];
        let mut inputs: Vec<(&str, SessionInputValue<'_>)> = Vec::new();
        for (name, wide) in &self.ports.inputs {
            let values = match *name {
                "input_ids" => &batch.ids,
                "attention_mask" => &batch.mask,
                _ => &batch.types,
            };
            let value = if *wide {
                Tensor::from_array((shape, values.clone()))
                    .map_err(failed)?
                    .into()
            } else {
                let narrow: Vec<i32> = values.iter().map(|value| *value as i32).collect();
                Tensor::from_array((shape, narrow)).map_err(failed)?.into()
            };
            inputs.push((name, value));
        }
        let outputs = self.session.run(inputs).map_err(failed)?;
        let output = outputs
            .get(&self.ports.output)
            .ok_or("it gives no such output")?;
        let (_, logits) = output.try_extract_tensor::<f32>().map_err(failed)?;
        Ok(logits.to_vec())
    }

    // Seen with ONNX Runtime 1.31, whatever the batch; made sure of on each machine before it is relied on.
    fn is_independent(&self) -> bool {
        true
    }
}

#[cfg(test)]
#[path = "tests/ports.rs"]
mod tests;
