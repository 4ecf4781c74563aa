//! `audit.toml`: what an audit runs on, where flags do not say so.

use std::cell::RefCell;
use std::path::Path;

use crate::diagnostic::Problems;
use crate::document::{self, Fields};
use crate::policy::scope::{CONTEXTS, Context, UNITS, Unit};

/// The file that `audit` reads where none is named and it is there.
pub const DEFAULT_FILE: &str = "audit.toml";

/// An audit as configured. Paths are relative to the file.
#[derive(Debug, Default)]
pub struct Config {
    /// Model specs.
    pub models: Vec<String>,
    /// Predictions files.
    pub predictions: Vec<String>,
    /// Dataset names or folders.
    pub datasets: Vec<String>,
    /// The policy.
    pub policy: Option<String>,
    /// The record of an earlier release.
    pub baseline: Option<String>,
    /// Answers of the earlier release.
    pub baseline_predictions: Vec<String>,
    /// Where models are used.
    pub context: Option<Context>,
    /// Of whom results are reported.
    pub unit: Option<Unit>,
    /// Where reports go.
    pub out: Option<String>,
    /// Seed of all resampling.
    pub seed: Option<u64>,
    /// Bootstrap replicates.
    pub replicates: Option<u64>,
    /// Reference groups, as `attribute=group`.
    pub references: Vec<String>,
    /// Attributes whose shares are held equal.
    pub controls: Vec<String>,
    /// How many attributes are crossed at most.
    pub intersections: Option<u64>,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// Every problem of the file, with line and column.
    pub fn parse(file: &str, text: &str) -> Result<Config, Problems> {
        let table = document::parse(file, text)?;
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        // What stands in the folder of the file is meant; other names are specs and bundled data.
        let placed = |name: String| {
            let beside = folder.join(&name);
            if beside.exists() {
                beside.display().to_string()
            } else {
                name
            }
        };
        let mut config = Config {
            models: fields
                .texts("models")
                .into_iter()
                .map(|spec| spec_beside(folder, &spec).unwrap_or_else(|| placed(spec)))
                .collect(),
            predictions: fields
                .texts("predictions")
                .into_iter()
                .map(&placed)
                .collect(),
            datasets: fields.texts("datasets").into_iter().map(&placed).collect(),
            policy: fields.text("policy").map(&placed),
            baseline: fields.text("baseline").map(&placed),
            baseline_predictions: fields
                .texts("baseline_predictions")
                .into_iter()
                .map(&placed)
                .collect(),
            out: fields
                .text("out")
                .map(|out| folder.join(out).display().to_string()),
            seed: fields.count("seed"),
            replicates: fields.count("replicates"),
            ..Config::default()
        };
        if let Some(scope) = fields.table("scope") {
            config.context = scope.choice("context", &CONTEXTS);
            config.unit = scope.choice("unit", &UNITS);
            scope.finish();
        }
        if let Some(groups) = fields.table("groups") {
            config.references = groups.texts("reference");
            config.controls = groups.texts("control");
            config.intersections = groups.count("intersections");
            groups.finish();
        }
        fields.finish();
        problems.into_inner().or(config)
    }
}

/// Kinds of models whose specs name a file or a folder.
const WITH_PATHS: [&str; 8] = [
    "features",
    "hf",
    "http",
    "lexicon",
    "libtorch",
    "onnx",
    "process",
    "reference",
];

/// What comes with the program or stands for what is installed, whatever lies anywhere.
const NAMES: [&str; 3] = ["lexicon:vader", "reference:emotion", "reference:sentiment"];

/// A spec with its path seen from a folder. `None` where it is no kind with a path behind it. What may be a name on the
/// hub stays one unless there is such a folder.
fn spec_beside(folder: &Path, spec: &str) -> Option<String> {
    let (kind, path) = spec
        .split_once(':')
        .filter(|(kind, _)| WITH_PATHS.contains(kind))?;
    let beside = folder.join(path);
    let on_hub = matches!(kind, "hf" | "libtorch" | "onnx")
        && path.split('/').take(3).count() == 2
        && !path.starts_with(['.', '/'])
        && !beside.exists()
        && !Path::new(path).exists();
    if NAMES.contains(&spec) || on_hub {
        return Some(spec.to_owned());
    }
    Some(format!("{kind}:{}", beside.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_models_are_seen_from_the_file() {
        let here = |spec: &str| spec_beside(Path::new("no/such"), spec);
        for kind in WITH_PATHS {
            let spec = format!("{kind}:my-model");
            assert_eq!(here(&spec), Some(format!("{kind}:no/such/my-model")));
            assert_eq!(spec_beside(Path::new(""), &spec), Some(spec));
        }
        // `src/cli` is where tests run, and not beside the file: it is no name on the hub.
        assert_eq!(here("hf:src/cli").as_deref(), Some("hf:no/such/src/cli"));
        assert_eq!(here("onnx:/a/b").as_deref(), Some("onnx:/a/b"));
        for name in ["hf:org/name@v1", "onnx:org/name"].iter().chain(&NAMES) {
            assert_eq!(here(name).as_deref(), Some(*name));
        }
        assert_eq!(here("answers.csv"), None);
        assert_eq!(here("C:answers.csv"), None);
    }
}
