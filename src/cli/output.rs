//! Printing and writing: stdout for results, stderr for everything else, files whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use crate::diagnostic::{Place, Problem, Problems};

const RED: Style = AnsiColor::Red.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// Prints to stdout. A reader that went away (`| head`) is no error.
///
/// # Errors
/// Output that is lost, as on a full device.
pub fn print(text: &str) -> Result<(), Problems> {
    to(&mut anstream::stdout(), text.as_bytes())
}

/// Prints a report to stdout as it is.
///
/// # Errors
/// Output that is lost, as on a full device.
pub fn print_bytes(bytes: &[u8]) -> Result<(), Problems> {
    to(&mut std::io::stdout(), bytes)
}

fn to(stdout: &mut impl Write, bytes: &[u8]) -> Result<(), Problems> {
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Problem::new(
            "output/lost",
            Place::file("standard output"),
            format!("cannot be written: {error}"),
        )
        .help("check the space left where the output goes")
        .into()),
        _ => Ok(()),
    }
}

/// Prints a line to stderr.
pub fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Prints problems to stderr, with the words that matter in colour.
pub fn problems(problems: &Problems) {
    let mut text = String::new();
    for line in problems.to_string().lines() {
        let styled = if let Some(rest) = line.strip_prefix("error[") {
            format!("{RED}error{RED:#}[{rest}")
        } else if let Some(rest) = line.strip_prefix("  help: ") {
            format!("  {CYAN}help{CYAN:#}: {rest}")
        } else {
            line.to_owned()
        };
        text.push_str(&styled);
        text.push('\n');
    }
    let _ = write!(anstream::stderr(), "{text}");
}

/// Writes a file whole or not at all: first beside its place, then renamed into it.
///
/// # Errors
/// A folder that cannot be made or a file that cannot be written.
pub fn write(path: &Path, content: &[u8]) -> Result<(), Problems> {
    let failed = |error: std::io::Error| -> Problems {
        Problem::new(
            "output/unwritable",
            Place::file(path.display().to_string()),
            format!("cannot be written: {error}"),
        )
        .help("check the folder, its permissions and the space left, or choose another with --out")
        .into()
    };
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    fs::write(&part, content)
        .and_then(|()| fs::rename(&part, path))
        .map_err(|error| {
            let _ = fs::remove_file(&part);
            failed(error)
        })
}

/// Refuses to write over a file that is there.
///
/// # Errors
/// The file is there and `force` is not given.
pub fn refuse_overwrite(path: &Path, force: bool) -> Result<(), Problems> {
    if force || !path.exists() {
        return Ok(());
    }
    Err(Problem::new(
        "output/exists",
        Place::file(path.display().to_string()),
        "the file is there already",
    )
    .help("choose another place, or say --force to write over it")
    .into())
}

/// Reads a text file that a command was given.
///
/// # Errors
/// A file that cannot be read or is not UTF-8.
pub fn read_text(path: &str) -> Result<String, Problems> {
    let bytes = fs::read(path).map_err(|error| {
        Problem::new(
            "input/unreadable",
            Place::file(path),
            format!("cannot be read: {error}"),
        )
        .help("check the path")
    })?;
    String::from_utf8(bytes).map_err(|_| {
        Problem::new("input/not-utf8", Place::file(path), "the file is not UTF-8")
            .help("save it as UTF-8")
            .into()
    })
}
