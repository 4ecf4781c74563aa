//! The house: modules name only those before them, files stay small, the edge alone does IO, and documents name
//! only what exists.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

/// The most lines of a source file.
const LONGEST: usize = 400;

/// Where files, network, environment, processes, clock and printing may be used.
const EDGE: [&str; 6] = [
    "src/main.rs",
    "src/cli/",
    "src/dataset/read.rs",
    "src/dataset/import/",
    "src/model/",
    "tests/",
];

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("architecture::modules_name_only_those_before_them", order),
        Trial::test(
            "architecture::files_are_small_and_begin_with_what_they_are_for",
            files,
        ),
        Trial::test("architecture::only_the_edge_does_io", edge),
        Trial::test("architecture::documents_name_what_exists", documents),
        Trial::test(
            "architecture::the_check_of_the_order_can_fail",
            order_can_fail,
        ),
    ]
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Result<Vec<(String, String)>, Failed> {
    let mut folders = vec![root().join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root())?.display().to_string();
                sources.push((name, fs::read_to_string(&path)?));
            }
        }
    }
    sources.sort();
    Ok(sources)
}

/// The modules of lib.rs in their order.
fn modules(library: &str) -> Vec<&str> {
    library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect()
}

/// The module of a file: `src/task/scheme.rs` and `src/task.rs` belong to `task`.
fn module_of(file: &str) -> &str {
    let inside = file.strip_prefix("src/").unwrap_or(file);
    let first = inside.split('/').next().unwrap_or(inside);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The modules that a source names through `crate::`, in code and not in comments.
fn named(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| {
            line.match_indices("crate::")
                .map(move |(at, path)| &line[at + path.len()..])
        })
        .map(|rest| {
            rest.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .next()
                .unwrap_or("")
        })
        .filter(|name| !name.is_empty())
        .collect()
}

fn upward(modules: &[&str], sources: &[(String, String)]) -> Vec<String> {
    let place = |name: &str| modules.iter().position(|module| *module == name);
    let mut faults = Vec::new();
    for (file, source) in sources {
        if file == "src/lib.rs" || file == "src/main.rs" {
            continue;
        }
        let Some(own) = place(module_of(file)) else {
            faults.push(format!("{file} belongs to no module of lib.rs"));
            continue;
        };
        for name in named(source) {
            match place(name) {
                Some(other) if other <= own => {}
                Some(_) => faults.push(format!("{file} names crate::{name}, which comes after it")),
                None => faults.push(format!(
                    "{file} names crate::{name}, which is no module of lib.rs"
                )),
            }
        }
    }
    faults
}

fn none(faults: Vec<String>) -> Result<(), Failed> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n").into())
    }
}

fn order() -> Result<(), Failed> {
    let sources = sources()?;
    let library = fs::read_to_string(root().join("src/lib.rs"))?;
    none(upward(&modules(&library), &sources))
}

fn order_can_fail() -> Result<(), Failed> {
    let sources = [
        (
            "src/task/mod.rs".to_owned(),
            "use crate::audit::Audit;".to_owned(),
        ),
        (
            "src/audit.rs".to_owned(),
            "// crate::cli is only named here\nuse crate::task::Task;".to_owned(),
        ),
        ("src/stray.rs".to_owned(), String::new()),
    ];
    let faults = upward(&["task", "audit"], &sources);
    if faults.len() == 2 {
        Ok(())
    } else {
        Err(format!("{faults:?}").into())
    }
}

fn files() -> Result<(), Failed> {
    let mut faults = Vec::new();
    for (file, source) in sources()? {
        let lines = source.lines().count();
        if lines > LONGEST {
            faults.push(format!(
                "{file} has {lines} lines, and {LONGEST} are the most"
            ));
        }
        if !source.starts_with("//!") && !file.ends_with("/tests.rs") && !file.contains("/tests/") {
            faults.push(format!("{file} does not begin by saying what it is for"));
        }
    }
    none(faults)
}

fn edge() -> Result<(), Failed> {
    let mut faults = Vec::new();
    for (file, source) in sources()? {
        let allows = source.contains("allow(clippy::disallowed_m");
        if allows && !EDGE.iter().any(|edge| file.starts_with(edge)) {
            faults.push(format!("{file} is not at the edge and allows itself IO"));
        }
    }
    none(faults)
}

/// Paths in backquotes that look like files or folders of the project must exist.
fn documents() -> Result<(), Failed> {
    let mut faults = Vec::new();
    let top: Vec<String> = fs::read_dir(root())?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    for document in ["README.md", "ARCHITECTURE.md", "docs/formats.md"] {
        let text = fs::read_to_string(root().join(document))?;
        for path in text.split('`').skip(1).step_by(2) {
            let first = path.split('/').next().unwrap_or(path);
            let is_path = !path.contains([' ', '<', '*', '{', '\n'])
                && (path.contains('/') || path.ends_with(".md"))
                && top.iter().any(|name| name == first)
                && !path.starts_with("reports/latest");
            if is_path && !root().join(PathBuf::from(path)).exists() {
                faults.push(format!("{document} names {path}, which does not exist"));
            }
        }
    }
    none(faults)
}
