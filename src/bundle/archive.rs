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
/// that occur twice or lead elsewhere, and whatever [`pack`] would not write of these files.
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
    let mut left = bytes.len() as u64;
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).map_err(damaged)?;
        let path = String::from_utf8_lossy(file.name_raw()).into_owned();
        let size = file.size();
        let odd = if !is_plain(&path) {
            Some("a name that leads elsewhere")
        } else if !seen.insert(path.clone()) {
            Some("a name that occurs twice")
        } else if file.encrypted() || file.compression() != CompressionMethod::Stored {
            Some("compressed or encrypted")
        } else if size > left {
            Some("bytes that are another file's too")
        } else {
            None
        };
        if let Some(odd) = odd {
            return Err(refused(
                "bundle/archive",
                format!("the file {} in it: {odd}", quote(&path)),
            ));
        }
        left -= size;
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
    // Headers that contradict each other, fields and comments beside them, bytes between or after files: programs that
    // unpack zip files differ in what they make of these, so nothing is taken but what the same files are packed into.
    if pack(&files).ok().as_deref() != Some(bytes) {
        return Err(refused(
            "bundle/archive",
            "it holds more than its files, or they lie in it otherwise than they were packed"
                .to_owned(),
        ));
    }
    Ok(files)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;

    fn files() -> Vec<File> {
        vec![
            File::new("audit.json", "{}"),
            File::new("models/1.json", "[1]"),
        ]
    }

    /// Packs as [`pack`] does, with something beside it.
    fn with_more(more: impl Fn(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        more(&mut out);
        out.finish().unwrap().into_inner()
    }

    #[test]
    fn no_other_bytes_give_the_same_files() {
        let whole = pack(&files()).unwrap();
        assert_eq!(unpack("b.zip", &whole).unwrap(), files());
        for place in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[place] ^= 1 << bit;
                assert!(
                    unpack("b.zip", &flipped).is_err(),
                    "bit {bit} of byte {place}"
                );
            }
        }
    }

    #[test]
    fn nothing_hides_beside_the_files() {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let write = |out: &mut ZipWriter<Cursor<Vec<u8>>>| {
            out.start_file("audit.json", options).unwrap();
            out.write_all(b"{}").unwrap();
        };
        let plain = with_more(write);
        assert_eq!(plain, pack(&files()[..1]).unwrap());
        let of_archive = with_more(|out| {
            write(out);
            out.set_comment("beside").unwrap();
        });
        let of_file = with_more(|out| {
            let options = options.into_full_options().with_file_comment("beside");
            out.start_file("audit.json", options).unwrap();
            out.write_all(b"{}").unwrap();
        });
        let link = with_more(|out| out.add_symlink("audit.json", "{}", options).unwrap());
        let folder = with_more(|out| {
            write(out);
            out.add_directory("models", options).unwrap();
        });
        for (name, bytes) in [
            ("comment of the archive", of_archive),
            ("comment of a file", of_file),
            ("symbolic link", link),
            ("folder", folder),
        ] {
            assert!(unpack("b.zip", &bytes).is_err(), "{name}");
        }
    }

    /// What was packed by one version is checked by the next: if this changes, older bundles are refused.
    #[test]
    fn the_form_stays() {
        assert_eq!(
            sha256([pack(&files()).unwrap().as_slice()]),
            "d9a2c949aac5d3147c96a75aa0297431fa7e3d9abbdabb9feb25e924fcad48d4"
        );
    }
}
