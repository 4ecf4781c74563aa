//! Printing and writing: stdout for results, stderr for everything else, files whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use crate::dataset::read::{decode, read_file};
use crate::diagnostic::{Place, Problem, Problems, plain};
use crate::model::Downloads;

const RED: Style = AnsiColor::Red.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// The way out where a file cannot be written.
const OTHER_PLACE: &str =
    "check the folder, its permissions and the space left, or choose another with --out";

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

/// Prints what a model's user should know of how it answered, a line each.
pub fn notes(notes: &[String]) {
    for text in notes {
        note(&plain(text));
    }
}

/// Whether models may be fetched. From where is told even to those who want quiet: it is no progress.
pub fn downloads(allowed: bool) -> Downloads<'static> {
    if allowed {
        Downloads::Allowed(&note)
    } else {
        Downloads::Refused
    }
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
        .help(OTHER_PLACE)
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

/// Finds out before long work whether a file could be written where it shall be, and leaves nothing behind.
///
/// # Errors
/// A folder in the place of the file, a file in the place of a folder, or a folder that takes no file.
pub fn check_writable(path: &Path) -> Result<(), Problems> {
    let refused = |place: &Path, message: String| {
        Problem::new(
            "output/unwritable",
            Place::file(place.display().to_string()),
            message,
        )
        .help(OTHER_PLACE)
    };
    if path.is_dir() {
        return Err(refused(path, "a folder is in the place of this file".to_owned()).into());
    }
    // Folders that are not there yet are made in the nearest one that is.
    let folder = path
        .ancestors()
        .skip(1)
        .map(|folder| match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        })
        .find(|folder| fs::symlink_metadata(folder).is_ok());
    let Some(folder) = folder else { return Ok(()) };
    if !folder.is_dir() {
        let message = "a file is in the place of this folder".to_owned();
        return Err(refused(folder, message).into());
    }
    let probe = folder.join(format!(".affect-audit.{}.part", std::process::id()));
    fs::write(&probe, [])
        .and_then(|()| fs::remove_file(&probe))
        .map_err(|error| refused(folder, format!("no file can be written here: {error}")).into())
}

/// Refuses to write over a file that is there.
///
/// # Errors
/// The file is there and `force` is not given.
pub fn refuse_overwrite(path: &Path, force: bool) -> Result<(), Problems> {
    if path.is_dir() {
        return check_writable(path);
    }
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

/// Reads a text file that a command was given, without the byte order mark that some editors put first.
///
/// # Errors
/// A file that cannot be read or is not UTF-8.
pub fn read_text(path: &str) -> Result<String, Problems> {
    let bytes = read_file(Path::new(path), "input/unreadable")?;
    decode(path, bytes, "input/not-utf8")
}
