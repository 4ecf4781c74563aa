//! Transformers through libtorch: `libtorch:DIR`, a folder with safetensors, or `libtorch:DIR/FILE` for weights as
//! PyTorch keeps them, which are read only where their file is named.
//!
//! The layers are rust-bert's. Its own pipelines pad batches without saying so and give the best label alone; here
//! padding is masked and every score is read.

// The edge: here files are found.
#![allow(clippy::disallowed_methods)]

mod architecture;
mod weights;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use tch::{Tensor, no_grad};

use super::spec::{Downloads, Model};
use super::transformer::{Batch, Folder, Network, assemble, hub, source};
use crate::diagnostic::{Place, Problem, Problems, quote};
use architecture::{Classifier, KINDS};

/// The folder that libtorch was found in when this program was built, and is looked for in when it starts.
pub const FOLDER: &str = env!("AFFECT_AUDIT_LIBTORCH");

/// Its version.
pub const VERSION: &str = env!("AFFECT_AUDIT_LIBTORCH_VERSION");

/// Loads `libtorch:PATH`.
///
/// # Errors
/// Every problem of the folder, weights that are pickled and not named, damaged, or of another architecture.
pub fn load(spec: &str, path: &str, downloads: &Downloads<'_>) -> Result<Model, Problems> {
    let source = source::find(spec, path, hub::Weights::Safetensors, downloads)?;
    let (path, named) = split(&source.path);
    let mut folder = Folder::read(spec, &path, source.told)?;
    let kind = folder.config.model_type.clone();
    folder.config.check_architecture("libtorch:", &KINDS)?;
    let weights = weights::read(&mut folder, named.as_deref())?;
    let plan = architecture::plan(&folder.config)?;
    // rust-bert panics where it meets what it cannot build; what it needs was checked, so that it should not.
    let built = catch_unwind(AssertUnwindSafe(|| plan.build(&weights)))
        .unwrap_or_else(|panic| Err(said(panic.as_ref())));
    let classifier = built.map_err(|error| {
        Problem::new(
            "model/weights",
            Place::file(folder.path.display().to_string()),
            format!("the weights are not those of a {kind} classifier as config.json describes it: {error}"),
        )
        .help("configuration and weights must be of one model, saved with its head for classification (AutoModelForSequenceClassification)")
    })?;
    let threads = available_parallelism().map_or(1, usize::from);
    tch::set_num_threads(i32::try_from(threads).unwrap_or(1));
    let network = Box::new(Torch {
        classifier,
        parts: plan.parts,
    });
    assemble(spec, folder, network, format!("libtorch {VERSION}"), false)
}

/// The folder of a path, and the file of weights where it names one.
fn split(path: &Path) -> (PathBuf, Option<PathBuf>) {
    let named = path
        .extension()
        .is_some_and(|end| weights::ENDINGS.iter().any(|known| end == *known));
    if !named || path.is_dir() {
        return (path.to_owned(), None);
    }
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    (parent.to_owned(), Some(path.to_owned()))
}

/// What a panic said, in one line.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("libtorch gave up");
    first_line(text)
}

fn first_line(text: &str) -> String {
    quote(text.lines().next().unwrap_or_default())
}

/// A classifier that is ready to run.
struct Torch {
    classifier: Classifier,
    /// How many parts a text may have.
    parts: i64,
}

impl Network for Torch {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<f32>, String> {
        let types: Vec<i64> = batch
            .types
            .iter()
            .map(|part| (*part).min(self.parts - 1).max(0))
            .collect();
        let run = || {
            let shape = [batch.rows as i64, batch.length as i64];
            let tensor = |values: &[i64]| Tensor::f_from_slice(values)?.f_view(shape);
            let (ids, types) = (tensor(&batch.ids)?, tensor(&types)?);
            let logits = no_grad(|| self.classifier.forward(&ids, &types, &tensor(&batch.mask)?))?;
            Vec::<f32>::try_from(logits.f_flatten(0, -1)?)
        };
        // tch panics where libtorch throws: where memory runs out, say.
        catch_unwind(AssertUnwindSafe(run))
            .map_err(|panic| said(panic.as_ref()))?
            .map_err(|error| first_line(&error.to_string()))
    }
}
