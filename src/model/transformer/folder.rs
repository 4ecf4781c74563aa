//! A model folder as the Hugging Face tools write it: which files it holds, their digests, what they say.

// The edge: here files are read.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

use super::config::{CONFIG, Config};
use super::entailment::Questions;
use super::hub::OnHub;
use super::labels::{Meaning, meaning};
use super::options::{OPTIONS, Options};
use super::readme::FrontMatter;
use super::source::Told;
use super::tokens::Tokens;
use crate::diagnostic::{Place, Problem, Problems, plain};
use crate::digest::sha256;
use crate::model::card::FileDigest;

/// The most that a file of settings may hold; tokenizers with hundreds of thousands of words stay far below.
const MOST_SETTINGS: u64 = 256 << 20;

/// The most that a file of weights may hold.
const MOST_WEIGHTS: u64 = 64 << 30;

/// Everything of a folder but the weights.
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// What `config.json` says.
    pub config: Config,
    /// What the file that names the model is called, where there is one.
    pub told: Option<String>,
    /// What that file or `affect-audit.toml` says.
    pub options: Options,
    /// What the labels mean.
    pub meaning: Meaning,
    /// What is asked for each label, where the model is one of entailment.
    pub questions: Option<Questions>,
    /// The tokenizer.
    pub tokens: Tokens,
    /// What the README says.
    pub matter: FrontMatter,
    /// The files read so far.
    pub files: Vec<FileDigest>,
}

impl Folder {
    /// Reads a folder. What is `told` of it from outside takes the place of the options in it.
    ///
    /// # Errors
    /// No such folder, or every problem of configuration, options and tokenizer.
    pub fn read(spec: &str, path: &Path, told: Option<Told>) -> Result<Folder, Problems> {
        if !path.is_dir() {
            return Err(no_folder(spec));
        }
        let (name, given, mut files) = match told {
            Some(told) => (Some(told.name), Some(told.options), told.files),
            None => (None, None, Vec::new()),
        };
        let mut problems = Problems::new();
        let config = text_of(path, CONFIG, &mut files).and_then(|text| match text {
            Some(text) => Config::parse(&path.join(CONFIG).display().to_string(), &text),
            None => Err(no_config(path)),
        });
        let options = match given {
            Some(options) => Ok(options),
            None => text_of(path, OPTIONS, &mut files).and_then(|text| match text {
                Some(text) => beside(&path.join(OPTIONS).display().to_string(), &text),
                None => Ok(Options::default()),
            }),
        };
        let matter = text_of(path, "README.md", &mut Vec::new())
            .ok()
            .flatten()
            .map_or_else(FrontMatter::default, |text| FrontMatter::parse(&text));
        let (config, options) = match (config, options) {
            (Ok(config), Ok(options)) => (config, options),
            (config, options) => {
                for more in [config.err(), options.err()].into_iter().flatten() {
                    problems.extend(more);
                }
                return Err(problems);
            }
        };
        let tokens = Tokens::load(path, &config, &options, &mut files);
        let meaning = match &options.asking {
            Some(asking) => asking
                .meaning(&config, &options)
                .map(|(meaning, questions)| (meaning, Some(questions))),
            None => meaning(&config, &options).map(|meaning| (meaning, None)),
        };
        let tokens = match (tokens, &meaning) {
            (Ok(tokens), Ok((_, Some(questions)))) => tokens.beside(path, &questions.sentences),
            (tokens, _) => tokens,
        };
        match (meaning, tokens) {
            (Ok((meaning, questions)), Ok(tokens)) => Ok(Folder {
                path: path.to_owned(),
                config,
                told: name,
                options,
                meaning,
                questions,
                tokens,
                matter,
                files,
            }),
            (meaning, tokens) => {
                for more in [meaning.err(), tokens.err()].into_iter().flatten() {
                    problems.extend(more);
                }
                Err(problems)
            }
        }
    }

    /// What names the model: the file about it, its repository, else the last part of the path.
    pub fn name(&self) -> String {
        if let Some(name) = &self.told {
            return name.clone();
        }
        let path = self.absolute();
        if let Some((_, name)) = self
            .on_hub()
            .as_ref()
            .and_then(|model| model.repository.split_once('/'))
        {
            return name.to_owned();
        }
        path.file_name()
            .map_or_else(|| "model".to_owned(), |name| plain(&name.to_string_lossy()))
    }

    /// Which model of the hub it is, where it lies in the cache of the hub's tools.
    pub fn on_hub(&self) -> Option<OnHub> {
        OnHub::of_folder(&self.absolute())
    }

    fn absolute(&self) -> PathBuf {
        self.path
            .canonicalize()
            .unwrap_or_else(|_| self.path.clone())
    }

    /// Reads a file of weights and notes its digest.
    ///
    /// # Errors
    /// A file that cannot be read, or is larger than weights can be.
    pub fn weights(&mut self, path: &Path) -> Result<Vec<u8>, Problems> {
        let bytes = read(path, MOST_WEIGHTS)?;
        self.files.push(FileDigest {
            name: self.name_of(path),
            digest: sha256([bytes.as_slice()]),
        });
        Ok(bytes)
    }

    /// The name of a file as seen from the folder, whatever path led to either.
    fn name_of(&self, path: &Path) -> String {
        let file = path.file_name().unwrap_or_default();
        // Files of the hub's cache are links to elsewhere, the folders that they lie in are not.
        let real = path.parent().and_then(|parent| {
            let parent = if parent.as_os_str().is_empty() {
                Path::new(".")
            } else {
                parent
            };
            parent.canonicalize().ok()
        });
        let absolute = self.absolute();
        let inside = real
            .as_ref()
            .and_then(|parent| parent.strip_prefix(&absolute).ok())
            .unwrap_or(Path::new(""));
        let words: Vec<String> = inside
            .join(file)
            .iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        words.join("/")
    }

    /// One digest for all files: that of their list in the form of `sha256sum`, sorted by name.
    pub fn digest(&mut self) -> String {
        self.files.sort_by(|one, other| one.name.cmp(&other.name));
        let lines: Vec<String> = self
            .files
            .iter()
            .map(|file| format!("{}  {}\n", file.digest, file.name))
            .collect();
        sha256(lines.iter().map(|line| line.as_bytes()))
    }
}

/// The files of a folder whose names end so, sorted.
pub fn ending(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(end) && path.is_file())
        .collect();
    found.sort();
    found
}

/// The content of a file of settings, with its digest noted; `None` where there is no such file.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn bytes_of(
    folder: &Path,
    name: &str,
    files: &mut Vec<FileDigest>,
) -> Result<Option<Vec<u8>>, Problems> {
    let path = folder.join(name);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = read(&path, MOST_SETTINGS)?;
    files.push(FileDigest {
        name: name.to_owned(),
        digest: sha256([bytes.as_slice()]),
    });
    Ok(Some(bytes))
}

/// The same as text.
///
/// # Errors
/// A file that cannot be read or is not UTF-8.
pub(super) fn text_of(
    folder: &Path,
    name: &str,
    files: &mut Vec<FileDigest>,
) -> Result<Option<String>, Problems> {
    bytes_of(folder, name, files)?
        .map(|bytes| {
            String::from_utf8(bytes).map_err(|_| {
                Problem::new(
                    "model/not-utf8",
                    Place::file(folder.join(name).display().to_string()),
                    "the file is not UTF-8",
                )
                .help("save the model again with the library it was made with")
                .into()
            })
        })
        .transpose()
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, Problems> {
    let failed = |what: String| -> Problems {
        Problem::new(
            "model/unreadable",
            Place::file(path.display().to_string()),
            what,
        )
        .help("check the path and its permissions, and that the download was complete")
        .into()
    };
    match fs::metadata(path) {
        Ok(about) if about.len() > most => Err(failed(format!(
            "the file has {} bytes, and {most} are the most that are read",
            about.len()
        ))),
        Ok(_) => fs::read(path).map_err(|error| failed(format!("cannot be read: {error}"))),
        Err(error) => Err(failed(format!("cannot be read: {error}"))),
    }
}

/// Options that lie in the folder, and so need not say which one they are about.
fn beside(file: &str, text: &str) -> Result<Options, Problems> {
    let options = Options::parse(file, text)?;
    match &options.model {
        None => Ok(options),
        Some((_, place)) => Err(Problem::new(
            "model/options",
            place.clone(),
            "the file lies in the folder of the model and names another",
        )
        .help("leave `model` out; or move the file elsewhere and name it in the spec, as in onnx:FILE.toml")
        .into()),
    }
}

fn no_folder(spec: &str) -> Problems {
    Problem::new(
        "model/no-folder",
        Place::file(spec),
        "there is no such folder",
    )
    .help("name the folder that holds config.json, the tokenizer and the weights, or a model on the hub as OWNER/NAME@REVISION")
    .into()
}

fn no_config(path: &Path) -> Problems {
    Problem::new(
        "model/no-config",
        Place::file(path.display().to_string()),
        format!("the folder holds no {CONFIG}"),
    )
    .help("expected a folder as save_pretrained writes it: config.json, tokenizer.json and the weights")
    .into()
}
