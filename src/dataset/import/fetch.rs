//! Fetches the files of a recipe from where their owners publish them: only when asked, over https, up to a size,
//! going on where a connection was cut, and into its place only when the digest is right.

// The edge: here files are written and the network is used.
#![allow(clippy::disallowed_methods)]

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::recipe::Published;
use crate::dataset::read::{beside, read_file};
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::digest::sha256;

/// How often a file is asked for while each time brings more of it.
const ATTEMPTS: usize = 5;

/// How long to wait for a connection, and for the next bytes.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many times an address may send on to another.
const REDIRECTS: u32 = 5;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// It was there already, with the right digest.
    There,
    /// It was fetched.
    New,
}

/// Told of progress: how many bytes of how many are there.
pub type Progress<'a> = &'a mut dyn FnMut(u64, Option<u64>);

/// Fetches one file into the folder. What came of a file stays beside its place with the ending `.part`, so that the
/// next call goes on from there.
///
/// # Errors
/// No address or digest, another file in its place, what the server says, more bytes than `most`, another digest.
pub fn fetch(
    file: &Published,
    folder: &Path,
    most: u64,
    progress: Progress<'_>,
) -> Result<Fetched, Problems> {
    let path = beside(folder, &file.path, &Place::file(&file.path))?;
    if path.exists() {
        return there(file, &path);
    }
    if file.sha256.is_empty() {
        return Err(problem(
            "import/no-digest",
            file,
            "the recipe does not know its digest, so that nobody could tell whether the right file came",
        )
        .help("fetch it yourself, look at it, and name its folder with --from")
        .into());
    }
    allowed(file)?;
    let most = file.bytes.unwrap_or(most);
    let part = part_of(&path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| unwritable(&part, &error))?;
    }
    receive(file, &part, most, progress)?;
    let bytes = read_file(&part, "import/unreadable")?;
    let found = sha256([bytes.as_slice()]);
    if found != file.sha256 {
        let _ = fs::remove_file(&part);
        return Err(problem(
            "import/other-digest",
            file,
            &format!("what came has the SHA-256 {found}, and the recipe knows {}", file.sha256),
        )
        .help("the file was changed or tampered with, and was thrown away; see what its owners say of a new version")
        .into());
    }
    fs::rename(&part, &path).map_err(|error| unwritable(&path, &error))?;
    Ok(Fetched::New)
}

/// A file that is in the place already.
fn there(file: &Published, path: &Path) -> Result<Fetched, Problems> {
    let bytes = read_file(path, "import/unreadable")?;
    if file.sha256.is_empty() || sha256([bytes.as_slice()]) == file.sha256 {
        return Ok(Fetched::There);
    }
    Err(Problem::new(
        "import/other-digest",
        Place::file(path.display().to_string()),
        "a file is in this place already, and it is not the one that the recipe was written for",
    )
    .help(
        "move it away to have the right one fetched, or leave --download out to import it as it is",
    )
    .into())
}

/// Only https; without encryption only what this machine serves itself.
fn allowed(file: &Published) -> Result<(), Problems> {
    if file.url.is_empty() {
        return Err(problem(
            "import/no-address",
            file,
            "the recipe does not say where it can be fetched",
        )
        .help("fetch it yourself, and name its folder with --from")
        .into());
    }
    if file.url.starts_with("https://") || is_loopback(&file.url) {
        return Ok(());
    }
    Err(
        problem("import/address", file, "only https addresses are fetched")
            .help("write an address that begins with https://, or fetch the file yourself")
            .into(),
    )
}

fn is_loopback(url: &str) -> bool {
    let host = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split('/').next());
    // What stands before an @ is no host.
    host.filter(|host| !host.contains('@')).is_some_and(|host| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        ["127.0.0.1", "localhost", "[::1]"].contains(&name)
    })
}

/// Fills the part file, as often as that brings more bytes.
fn receive(
    file: &Published,
    part: &Path,
    most: u64,
    progress: Progress<'_>,
) -> Result<(), Problems> {
    let mut config = ureq::Agent::config_builder()
        .https_only(!is_loopback(&file.url))
        .http_status_as_error(false)
        .max_redirects(REDIRECTS)
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .timeout_per_read(Some(PATIENCE))
        .user_agent(concat!("affect-audit/", env!("CARGO_PKG_VERSION")));
    if is_loopback(&file.url) {
        config = config.proxy(None);
    }
    let agent = config.build().new_agent();
    let mut last = String::new();
    for _ in 0..ATTEMPTS {
        let before = length(part);
        match attempt(&agent, file, part, most, progress)? {
            None => return Ok(()),
            Some(cut) => last = cut,
        }
        if length(part) <= before {
            break;
        }
    }
    let kept = length(part);
    Err(problem("import/download", file, &format!("{}: {last}", quote(&file.url)))
        .help(if kept > 0 {
            format!("{kept} bytes are kept in {}; run the command again to go on from there", part.display())
        } else {
            "check the network and the address; or fetch the file yourself, and name its folder with --from".to_owned()
        })
        .into())
}

/// One request: nothing where the file is complete, else in words what cut it off.
fn attempt(
    agent: &ureq::Agent,
    file: &Published,
    part: &Path,
    most: u64,
    progress: Progress<'_>,
) -> Result<Option<String>, Problems> {
    let kept = length(part);
    if file.bytes.is_some_and(|bytes| kept == bytes) {
        return Ok(None);
    }
    let mut request = agent.get(&file.url).header("accept-encoding", "identity");
    if kept > 0 {
        request = request.header("range", format!("bytes={kept}-"));
    }
    let response = match request.call() {
        Ok(response) => response,
        Err(error) => return Ok(Some(error.to_string())),
    };
    let status = response.status().as_u16();
    let header = |name: &str| {
        response
            .headers()
            .get(name)?
            .to_str()
            .ok()
            .map(str::to_owned)
    };
    let from = match status {
        206 if header("content-range")
            .is_some_and(|range| range.starts_with(&format!("bytes {kept}-"))) =>
        {
            kept
        }
        200 => 0,
        206 | 416 => {
            // The part does not belong to what the server has: begin anew.
            let _ = fs::remove_file(part);
            return Ok(Some(format!("the server does not go on from byte {kept}")));
        }
        _ => return Err(refused(file, status)),
    };
    let announced = header("content-length").and_then(|length| length.parse::<u64>().ok());
    let whole = announced.map(|more| from + more);
    if whole.is_some_and(|whole| whole > most) {
        let _ = fs::remove_file(part);
        return Err(too_large(file, most));
    }
    let opened = if from > 0 {
        OpenOptions::new().append(true).open(part)
    } else {
        File::create(part)
    };
    let mut out = opened.map_err(|error| unwritable(part, &error))?;
    let mut body = response.into_body().into_reader();
    let mut buffer = vec![0; 64 << 10];
    let mut there = from;
    loop {
        progress(there, whole.or(file.bytes));
        let read = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) => return Ok(Some(format!("the connection ended: {error}"))),
        };
        there += read as u64;
        if there > most {
            let _ = fs::remove_file(part);
            return Err(too_large(file, most));
        }
        out.write_all(&buffer[..read])
            .map_err(|error| unwritable(part, &error))?;
    }
    out.sync_all().map_err(|error| unwritable(part, &error))?;
    let short = [whole, file.bytes]
        .into_iter()
        .flatten()
        .any(|length| there < length);
    Ok(short.then(|| "the connection ended early".to_owned()))
}

fn refused(file: &Published, status: u16) -> Problems {
    let (message, help) = match status {
        404 | 410 => (
            format!(
                "{} holds no such file any more (status {status})",
                quote(&file.url)
            ),
            "its owners may have moved it: see their page (dataset show), fetch it yourself, and name its folder with --from",
        ),
        401 | 403 => (
            format!(
                "{} does not give it to everybody (status {status})",
                quote(&file.url)
            ),
            "see its owners' page for how to ask for it",
        ),
        _ => (
            format!("{} answered with status {status}", quote(&file.url)),
            "try again later; or fetch the file yourself, and name its folder with --from",
        ),
    };
    problem("import/download", file, &message).help(help).into()
}

fn too_large(file: &Published, most: u64) -> Problems {
    problem(
        "import/too-large",
        file,
        &format!("the server sends more than {most} bytes"),
    )
    .help(if file.bytes.is_some() {
        "the recipe knows its size, so this is another file; it was thrown away"
    } else {
        "if it is the right file, allow more with --most-mb"
    })
    .into()
}

fn problem(code: &'static str, file: &Published, message: &str) -> Problem {
    Problem::new(code, Place::file(&file.path), message)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problems {
    Problem::new(
        "output/unwritable",
        Place::file(path.display().to_string()),
        format!("cannot be written: {error}"),
    )
    .help("check the folder, its permissions and the space left")
    .into()
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    path.with_file_name(name)
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |about| about.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_asked() {
        for (url, fine) in [
            ("https://example.org/a", true),
            ("http://127.0.0.1:80/a", true),
            ("http://localhost/a", true),
            ("http://[::1]:9/a", true),
            ("http://example.org/a", false),
            ("http://127.0.0.1.example.org/a", false),
            ("http://localhost@example.org/a", false),
            ("http://localhost:1@example.org/a", false),
            ("ftp://example.org/a", false),
            ("", false),
        ] {
            let file = Published {
                url: url.to_owned(),
                ..Published::default()
            };
            assert_eq!(allowed(&file).is_ok(), fine, "{url}");
        }
    }
}
