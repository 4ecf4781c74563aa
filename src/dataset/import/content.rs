//! Makes text of a file's bytes: unpacked, decoded, and refused where reading would be unsafe or useless.

use std::io::{Cursor, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::foreign;
use super::recipe::reading::{Form, Reading};
use crate::dataset::read::read_file;
use crate::diagnostic::{Place, Problem, Problems, list, quote};

/// A file that was read.
pub struct Content {
    /// Its name in messages.
    pub name: String,
    /// Its bytes, unpacked; for forms of text, in UTF-8.
    pub bytes: Vec<u8>,
    /// How it was packed and encoded, in words.
    pub how: Vec<String>,
    /// The digest of the file as it was given.
    pub sha256: String,
}

/// Reads a file, unpacks and decodes it.
///
/// # Errors
/// What cannot be read, must not be read (pickles), would not fit (archives) or is in another encoding.
pub fn content(path: &Path, reading: &Reading) -> Result<Content, Problems> {
    let mut name = path.display().to_string();
    let mut bytes = read_file(path, "import/unreadable")?;
    let sha256 = crate::digest::sha256(std::iter::once(bytes.as_slice()));
    let mut how = Vec::new();
    if bytes.starts_with(b"\x1f\x8b") {
        let unpacked = flate2::read::MultiGzDecoder::new(bytes.as_slice());
        bytes = limited(unpacked, &name, reading.most_unpacked)?;
        how.push("gzip".to_owned());
    }
    let workbook = matches!(reading.form, Form::Xlsx(_));
    if bytes.starts_with(b"PK\x03\x04") && !workbook {
        let (member, unpacked) = unzipped(&bytes, &name, reading)?;
        name = format!("{name}/{member}");
        how.push(format!("zip member {}", quote(&member)));
        bytes = unpacked;
    }
    foreign::refuse(&bytes, &name, &reading.form)?;
    if !matches!(
        reading.form,
        Form::Xlsx(_) | Form::Parquet | Form::Arrow | Form::Spss { .. }
    ) {
        bytes = decoded(bytes, &name, reading, &mut how)?;
    }
    Ok(Content {
        name,
        bytes,
        how,
        sha256,
    })
}

/// Everything that a reader gives, unless it is more than the limit.
fn limited(reader: impl Read, name: &str, most: u64) -> Result<Vec<u8>, Problems> {
    let mut bytes = Vec::new();
    let read = reader.take(most.saturating_add(1)).read_to_end(&mut bytes);
    if let Err(error) = read {
        return Err(Problem::new(
            "import/archive",
            Place::file(name),
            format!("cannot be unpacked: {error}"),
        )
        .help("the archive is damaged or cut off; fetch it again")
        .into());
    }
    if bytes.len() as u64 > most {
        return Err(Problem::new(
            "import/archive-too-large",
            Place::file(name),
            format!("more than {} MiB come out of this archive", most >> 20),
        )
        .help("a small archive that unpacks to a huge file may be an attack; if it is not, raise most_unpacked_mb in [read]")
        .into());
    }
    Ok(bytes)
}

/// The member of a zip archive that the recipe names, or the only one.
fn unzipped(bytes: &[u8], name: &str, reading: &Reading) -> Result<(String, Vec<u8>), Problems> {
    let damaged = |error: zip::result::ZipError| -> Problems {
        Problem::new(
            "import/archive",
            Place::file(name),
            format!("cannot be unpacked: {error}"),
        )
        .help("the archive is damaged, or packed in a way that is not read; unpack it yourself")
        .into()
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut members = Vec::new();
    for place in 0..archive.len() {
        let file = archive.by_index_raw(place).map_err(damaged)?;
        if !file.is_dir() {
            members.push((place, String::from_utf8_lossy(file.name_raw()).into_owned()));
        }
    }
    let names: Vec<String> = members.iter().map(|(_, name)| name.clone()).collect();
    foreign::refuse_container(&names, name)?;
    let chosen = match (&reading.member, members.as_slice()) {
        (Some(wanted), _) => members.iter().find(|(_, name)| name == wanted),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let Some((place, member)) = chosen else {
        return Err(Problem::new(
            "import/archive-member",
            Place::file(name),
            match &reading.member {
                Some(wanted) => format!("the archive holds no {}", quote(wanted)),
                None => format!("the archive holds {} files", names.len()),
            },
        )
        .help(format!(
            "say which to read with member = \"NAME\" in [read]; it holds: {}",
            list(&names)
        ))
        .into());
    };
    let file = archive.by_index(*place).map_err(damaged)?;
    Ok((member.clone(), limited(file, name, reading.most_unpacked)?))
}

/// Text as UTF-8, without its byte-order mark.
fn decoded(
    mut bytes: Vec<u8>,
    name: &str,
    reading: &Reading,
    how: &mut Vec<String>,
) -> Result<Vec<u8>, Problems> {
    let mark = Encoding::for_bom(&bytes);
    let encoding = mark.map_or(reading.encoding.unwrap_or(UTF_8), |(encoding, _)| encoding);
    let marked = if mark.is_some() {
        " with a byte-order mark"
    } else {
        ""
    };
    how.push(format!("{}{marked}", encoding.name()));
    bytes.drain(..mark.map_or(0, |(_, length)| length));
    if encoding == UTF_8 {
        let zeros = bytes.iter().take(4096).filter(|byte| **byte == 0).count();
        if zeros > bytes.len().min(4096) / 4 {
            return Err(Problem::new(
                "import/encoding",
                Place::file(name),
                "a quarter of its bytes are zero: this may be UTF-16, or no text at all",
            )
            .help("say encoding = \"utf-16le\" or \"utf-16be\" in [read]")
            .into());
        }
        let wrong = match std::str::from_utf8(&bytes) {
            Ok(_) => return Ok(bytes),
            Err(error) => error.valid_up_to(),
        };
        let line = bytes[..wrong].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        return Err(Problem::new(
            "import/not-utf8",
            Place::file(name).at(line, 1),
            format!("byte 0x{:02x} of this line is not UTF-8", bytes[wrong]),
        )
        .help("say which encoding it is, as in encoding = \"windows-1252\" in [read], or save it as UTF-8")
        .into());
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes);
    // A line feed with its bytes in the other order.
    let swapped = |text: &str| text.contains('\u{a00}') && !text.contains('\n');
    let utf_16 = encoding == UTF_16LE || encoding == UTF_16BE;
    let Some(text) = text.filter(|text| !(utf_16 && swapped(text))) else {
        return Err(Problem::new(
            "import/encoding",
            Place::file(name),
            format!("the file is not {}", encoding.name()),
        )
        .help(if utf_16 {
            "it may be cut off, or have the other order of bytes; or say another encoding in [read]"
        } else {
            "say another encoding in [read]"
        })
        .into());
    };
    Ok(text.into_owned().into_bytes())
}
