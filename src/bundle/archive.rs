//! The archive: a zip file without compression, so that the same files give the same bytes and none unpacks to more
//! than it weighs.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::Fault;
use crate::diagnostic::{Place, Problem, Problems, quote};

/// The most that is read, in bytes: a record with ten thousand findings weighs a twentieth of it.
pub const MOST_BYTES: u64 = 512 << 20;

/// The most files that are read.
const MOST_FILES: usize = 10_000;

/// The longest name of a file, in bytes.
const LONGEST_NAME: usize = 300;

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the archive.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl File {
    /// A file.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> File {
        File {
            path: path.into(),
            bytes: bytes.into(),
        }
    }
}

/// Packs files in their order, all with the same date: same files, same bytes.
///
/// # Errors
/// More than a zip file can hold.
pub fn pack(files: &[File]) -> Result<Vec<u8>, String> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut packed = || -> Result<(), zip::result::ZipError> {
        for file in files {
            out.start_file(file.path.as_str(), options)?;
            out.write_all(&file.bytes)?;
        }
        Ok(())
    };
    packed().map_err(|error| error.to_string())?;
    let bytes = out.finish().map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}

/// Reads every file of an archive, and refuses one in which anything could hide: compressed or encrypted files, names
/// that occur twice or lead elsewhere, and bytes that belong to no file.
///
/// # Errors
/// [`Fault::Unreadable`] where it is no such archive, [`Fault::Differs`] where a file is not what the archive says.
pub fn unpack(name: &str, bytes: &[u8]) -> Result<Vec<File>, Fault> {
    let refused = |code: &'static str, message: String| -> Fault {
        Fault::Unreadable(Problems::from(
            Problem::new(code, Place::file(name), message)
                .help("expected the archive as affect-audit bundle wrote it; get it again"),
        ))
    };
    let damaged = |error: zip::result::ZipError| {
        refused(
            "bundle/archive",
            format!("cannot be unpacked, it may be cut off: {error}"),
        )
    };
    if bytes.len() as u64 > MOST_BYTES {
        return Err(refused(
            "bundle/too-large",
            format!("more than {} MiB", MOST_BYTES >> 20),
        ));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MOST_FILES {
        return Err(refused(
            "bundle/too-large",
            format!("more than {MOST_FILES} files"),
        ));
    }
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    let mut end = 0;
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).map_err(damaged)?;
        let path = String::from_utf8_lossy(file.name_raw()).into_owned();
        let size = file.size();
        let laid = (file.header_start(), file.data_start());
        let odd = if !is_plain(&path) {
            Some("a name that leads elsewhere")
        } else if !seen.insert(path.clone()) {
            Some("a name that occurs twice")
        } else if file.encrypted() || file.compression() != CompressionMethod::Stored {
            Some("compressed or encrypted")
        } else if laid.0 != end || file.compressed_size() != size {
            Some("bytes before it that belong to no file")
        } else {
            None
        };
        let Some(start) = laid.1.filter(|_| odd.is_none()) else {
            let odd = odd.unwrap_or("no content");
            return Err(refused(
                "bundle/archive",
                format!("the file {} in it: {odd}", quote(&path)),
            ));
        };
        end = start.saturating_add(size);
        let mut content = Vec::new();
        // The sum that the archive holds of each file tells of careless changes; the digests tell of the others.
        if file.read_to_end(&mut content).is_err() || content.len() as u64 != size {
            return Err(Problem::new(
                "bundle/file",
                Place::file(format!("{name}/{path}")),
                "the file is not what it was when the archive was written",
            )
            .help("get the bundle again from whoever made it")
            .into());
        }
        files.push(File {
            path,
            bytes: content,
        });
    }
    if end != archive.central_directory_start() || !ends_there(bytes, files.len()) {
        return Err(refused(
            "bundle/archive",
            "it holds bytes that belong to no file".to_owned(),
        ));
    }
    Ok(files)
}

/// Whether the archive ends with its directory, which lists as many files as were read: readers of zip files differ in
/// what they make of anything else.
fn ends_there(bytes: &[u8], files: usize) -> bool {
    let Some(end) = bytes.len().checked_sub(22).map(|start| &bytes[start..]) else {
        return false;
    };
    end.starts_with(b"PK\x05\x06")
        && usize::from(u16::from_le_bytes([end[10], end[11]])) == files
        && end[20..] == [0, 0]
}

/// Whether a name stays in the folder wherever it is unpacked.
fn is_plain(path: &str) -> bool {
    path.len() <= LONGEST_NAME
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\\:*?\"<>|".contains(&byte))
}
