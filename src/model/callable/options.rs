//! What the file of any model that is called says of it: who it is, what its labels mean, what it costs, where answers
//! are kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::budget::Caps;
use super::reading::Vocabulary;
use crate::dataset::read::beside;
use crate::diagnostic::{Place, Problem, expected_one_of, quote_label};
use crate::document::Fields;
use crate::model::scheme;
use crate::task::{Scheme, built_in};

/// The score from which a label of several is an answer, unless the file says otherwise.
const HALF: f64 = 0.5;

/// Keys that no answer depends on: what a model is called and costs, how fast and how patiently it is asked, and by what
/// way. Whoever raises a cap or writes a better description keeps the answers.
const APART: [&str; 24] = [
    "name",
    "title",
    "description",
    "licence",
    "training_data",
    "languages",
    "limits",
    "cache",
    "cassette",
    "sanity",
    "canaries",
    "if_changed",
    "max_requests",
    "price_per_request",
    "max_cost",
    "currency",
    "concurrency",
    "rate",
    "timeout",
    "retries",
    "backoff",
    "restarts",
    "proxy",
    "certificate",
];

const IF_CHANGED: [(&str, bool); 2] = [("stop", false), ("mix", true)];

/// What the file says of the model.
pub struct Declared {
    /// All that answers depend on, as the file says it.
    pub asks: String,
    /// Its name in records, without the kind.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it is.
    pub description: String,
    /// Its licence or terms.
    pub licence: String,
    /// What it was trained on.
    pub training_data: String,
    /// The languages that it is meant for.
    pub languages: Vec<String>,
    /// What it is not fit for.
    pub limits: Vec<String>,
    /// What its labels mean.
    pub vocabulary: Vocabulary,
    /// Whether answers are kept, where the file says so.
    pub cache: Option<bool>,
    /// The file that answers are kept in, where the file names one.
    pub cassette: Option<PathBuf>,
    /// What it costs.
    pub caps: Caps,
    /// Whether answers to sentences of ours are looked at before anybody's texts are sent.
    pub sanity: bool,
    /// Whether is watched that it stays the same while answers are kept.
    pub canaries: bool,
    /// Whether to go on, and say so, where it did not stay the same.
    pub mix: bool,
}

/// What holds where the file says nothing.
#[derive(Default)]
pub struct Usual {
    /// The name of the scheme.
    pub scheme: Option<String>,
    /// Answers that are none.
    pub abstain: Vec<String>,
}

impl Declared {
    /// Reads the keys that all such files share. `None` with the problem noted where nothing names a scheme.
    pub fn read(fields: &Fields<'_>, file: &str, usual: &Usual) -> Option<Declared> {
        let stem = Path::new(file).file_stem().unwrap_or_default();
        let name = fields
            .text("name")
            .unwrap_or_else(|| stem.to_string_lossy().into_owned());
        let scheme = match fields.table("scheme") {
            Some(table) => {
                let scheme = scheme::declared(&table);
                table.finish();
                scheme
            }
            None => usual.scheme.as_deref().and_then(built_in),
        };
        if scheme.is_none() && !fields.has("scheme") {
            fields.missing(
                "scheme",
                "what the model answers, as in scheme = { name = \"three-way\" }",
            );
        }
        let renamed = fields
            .table("labels")
            .map(|labels| labels.named_texts())
            .unwrap_or_default();
        let abstain = if fields.has("abstain") {
            fields.texts("abstain")
        } else {
            usual.abstain.clone()
        };
        let cassette = fields.text("cassette").map(|name| {
            if fields.boolean("cache") == Some(false) {
                fields.problem(
                    Problem::new(
                        "model/no-cache",
                        fields.place_of("cache"),
                        "a cassette is named, and no answer shall be kept",
                    )
                    .help("leave out one of cache and cassette"),
                );
            }
            let folder = Path::new(file).parent().unwrap_or(Path::new(""));
            beside(folder, &name, &fields.place_of("cassette")).unwrap_or_else(|more| {
                more.iter().for_each(|one| fields.problem(one.clone()));
                PathBuf::new()
            })
        });
        let threshold = fields.number_within("threshold", 0.0, 1.0);
        let mut declared = Declared {
            title: fields.text("title").unwrap_or_else(|| name.clone()),
            name,
            description: fields.text("description").unwrap_or_default(),
            licence: fields.text("licence").unwrap_or_default(),
            training_data: fields.text("training_data").unwrap_or_default(),
            languages: fields.texts("languages"),
            limits: fields.texts("limits"),
            cache: fields
                .boolean("cache")
                .or(cassette.is_some().then_some(true)),
            cassette,
            caps: Caps::read(fields),
            sanity: fields.boolean("sanity").unwrap_or(true),
            canaries: fields.boolean("canaries").unwrap_or(true),
            mix: fields.choice("if_changed", &IF_CHANGED).unwrap_or(false),
            asks: fields.canonical(&APART),
            vocabulary: Vocabulary {
                scheme: scheme?,
                rename: Vec::new(),
                abstain,
                threshold: threshold.unwrap_or(HALF),
            },
        };
        let scheme = &declared.vocabulary.scheme;
        let mut rename: Vec<(String, usize)> = Vec::new();
        for (theirs, ours, place) in renamed {
            match scheme.index(&ours) {
                Some(label) => rename.push((theirs, label)),
                None => fields.problem(strange(scheme, &ours, place)),
            }
        }
        declared.vocabulary.rename = rename;
        Some(declared)
    }
}

fn strange(scheme: &Arc<Scheme>, name: &str, place: Place) -> Problem {
    Problem::new(
        "model/unknown-label",
        place.key("labels"),
        format!(
            "label {} is not in the scheme {}",
            quote_label(name),
            scheme.name
        ),
    )
    .help(expected_one_of(name, &scheme.names()))
}
