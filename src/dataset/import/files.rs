//! Finds the files of an import: those that are given, or those that the recipe names inside a folder.
//!
//! Reading and unpacking them is left to `content`.

// The edge: here folders are listed.
#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};

use super::recipe::reading::{Form, Reading};
use crate::dataset::read::beside;
use crate::diagnostic::{Place, Problem, Problems, quote};

/// The most files of one import.
const MOST_FILES: usize = 10_000;

/// Where the source is.
#[derive(Clone, Debug)]
pub struct Source {
    /// The folder in which files of the recipe are looked up.
    pub folder: PathBuf,
    /// The files with the cases; empty where the recipe names them all by itself.
    pub files: Vec<PathBuf>,
}

impl Source {
    /// Finds the files of a recipe: those that are given, or those that it names inside the folder that is given.
    ///
    /// # Errors
    /// Several folders, patterns that match nothing, paths that lead out.
    pub fn find(reading: &Reading, from: &[PathBuf]) -> Result<Source, Problems> {
        let aligned = matches!(reading.form, Form::Aligned(_));
        let folders = from.iter().filter(|path| path.is_dir()).count();
        if folders > 0 && from.len() > 1 {
            return Err(Problem::new(
                "import/from",
                Place::file(from[0].display().to_string()),
                "a folder is given together with other paths",
            )
            .help("give one folder, one file, or several files")
            .into());
        }
        let first = from.first().cloned().unwrap_or_default();
        if folders == 0 && !aligned {
            return Ok(Source {
                folder: folder_of(&first, &reading.files),
                files: from.to_vec(),
            });
        }
        if reading.files.is_empty() && !aligned {
            return Err(Problem::new(
                "import/from",
                Place::file(first.display().to_string()),
                "this is a folder, and the recipe does not say which of its files to read",
            )
            .help("give the file with --from, or name it in the recipe: file = \"NAME\" or files = [\"*.csv\"] in [read]")
            .into());
        }
        let mut files = Vec::new();
        for pattern in &reading.files {
            let before = files.len();
            if pattern.contains('*') {
                let mut found = Vec::new();
                walk(&first, &first, pattern, &mut found)?;
                found.sort();
                files.extend(found);
            } else {
                files.push(beside(&first, pattern, &reading.place)?);
            }
            if files.len() == before {
                return Err(Problem::new(
                    "import/no-files",
                    Place::file(first.display().to_string()),
                    format!("no file matches {}", quote(pattern)),
                )
                .help("* stands for anything within a name, ** for any folders")
                .into());
            }
        }
        Ok(Source {
            folder: first,
            files,
        })
    }

    /// A file that the recipe names, inside the folder.
    ///
    /// # Errors
    /// A path that leads out.
    pub fn path(&self, name: &str, place: &Place) -> Result<PathBuf, Problems> {
        beside(&self.folder, name, place)
    }
}

/// The folder that a recipe's paths are meant to begin from, where one of its files is given.
fn folder_of(file: &Path, named: &[String]) -> PathBuf {
    let depth = named
        .iter()
        .find(|name| file.ends_with(name))
        .map_or(1, |name| Path::new(name).components().count());
    let mut folder = file.to_path_buf();
    for _ in 0..depth {
        folder.pop();
    }
    folder
}

/// Files under a folder whose path matches a pattern. Links are not followed.
fn walk(
    root: &Path,
    folder: &Path,
    pattern: &str,
    found: &mut Vec<PathBuf>,
) -> Result<(), Problems> {
    let failed = |error: std::io::Error| -> Problems {
        Problem::new(
            "import/unreadable",
            Place::file(folder.display().to_string()),
            format!("cannot be listed: {error}"),
        )
        .help("check the path and its permissions")
        .into()
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        let path = entry.path();
        let inside = path.strip_prefix(root).unwrap_or(&path);
        let names: Vec<String> = inside
            .iter()
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if kind.is_dir() {
            walk(root, &path, pattern, found)?;
        } else if kind.is_file() && matches(&pattern.split('/').collect::<Vec<_>>(), &names) {
            found.push(path);
        }
        if found.len() > MOST_FILES {
            return Err(Problem::new(
                "import/too-many-files",
                Place::file(root.display().to_string()),
                format!("more than {MOST_FILES} files match {}", quote(pattern)),
            )
            .help("choose a narrower pattern")
            .into());
        }
    }
    Ok(())
}

/// Whether a path with `/` between its names matches a pattern.
pub fn inside(path: &str, pattern: &str) -> bool {
    let names: Vec<&str> = path.split('/').collect();
    matches(&pattern.split('/').collect::<Vec<_>>(), &names)
}

/// Whether a path matches a pattern, name by name.
fn matches(pattern: &[&str], names: &[&str]) -> bool {
    match (pattern.split_first(), names.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            matches(rest, names) || (!names.is_empty() && matches(pattern, &names[1..]))
        }
        (Some((first, rest)), Some((name, more))) => {
            name_matches(first, name) && matches(rest, more)
        }
        _ => false,
    }
}

/// Whether a name matches, where `*` stands for anything.
fn name_matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names_and_folders() {
        let yes = [
            ("*.csv", "a.csv"),
            ("*/test.csv", "en/test.csv"),
            ("**/test.csv", "a/b/test.csv"),
            ("**/test.csv", "test.csv"),
            ("data/train-*-of-*.tsv", "data/train-1-of-2.tsv"),
        ];
        let no = [
            ("*.csv", "a/b.csv"),
            ("*.csv", "a.tsv"),
            ("*/test.csv", "a/b/test.csv"),
            ("a*a", "a"),
        ];
        let path = |pattern: &str, name: &str| {
            matches(
                &pattern.split('/').collect::<Vec<_>>(),
                &name.split('/').collect::<Vec<_>>(),
            )
        };
        for (pattern, name) in yes {
            assert!(path(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in no {
            assert!(!path(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn the_folder_of_a_recipe_is_found_from_one_of_its_files() {
        let named = ["data/x.csv".to_owned()];
        assert_eq!(
            folder_of(Path::new("/a/data/x.csv"), &named),
            Path::new("/a")
        );
        assert_eq!(folder_of(Path::new("/a/y.csv"), &named), Path::new("/a"));
    }
}
