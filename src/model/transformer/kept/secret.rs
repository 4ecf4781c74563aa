//! The secret that names of texts are made with: drawn once, read by its owner alone.

// The edge: here the secret is read and written.
#![allow(clippy::disallowed_methods)]

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use ring::rand::{SecureRandom, SystemRandom};

use super::form::SECRET;

/// Reads the secret; where there is none yet, draws one.
///
/// # Errors
/// A file that cannot be read or written, or holds something else.
pub fn secret(path: &Path) -> Result<[u8; SECRET], String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    match fs::read(path) {
        Ok(content) => known(path, &content),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            draw(path).map_err(failed)?;
            // Another run may have been first.
            known(path, &fs::read(path).map_err(failed)?)
        }
        Err(error) => Err(failed(error)),
    }
}

fn known(path: &Path, content: &[u8]) -> Result<[u8; SECRET], String> {
    content.try_into().map_err(|_| {
        format!(
            "{} is no secret of {SECRET} bytes: remove it, and a new one is drawn",
            path.display()
        )
    })
}

/// Writes a new secret whole, or leaves the one that came between.
fn draw(path: &Path) -> std::io::Result<()> {
    let mut secret = [0; SECRET];
    SystemRandom::new()
        .fill(&mut secret)
        .map_err(|_| std::io::Error::other("the system gives no random numbers"))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let part = path.with_extension(format!("{}.part", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(&part)
        .and_then(|mut file| file.write_all(&secret))
        .and_then(|()| match fs::hard_link(&part, path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            // Some file systems know no links.
            Err(_) => fs::rename(&part, path),
            Ok(()) => Ok(()),
        });
    let _ = fs::remove_file(&part);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_drawn_once_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/secret");
        let first = secret(&path).unwrap();
        assert_eq!(secret(&path).unwrap(), first);
        assert_ne!(first, [0; SECRET]);
        let other = secret(&folder.path().join("other")).unwrap();
        assert_ne!(first, other);
        let left = fs::read_dir(folder.path().join("state")).unwrap().count();
        assert_eq!(left, 1, "parts are left over");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_no_secret_is_named_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "short").unwrap();
        assert!(secret(&path).unwrap_err().contains("no secret of 32 bytes"));
        assert_eq!(fs::read(&path).unwrap(), b"short");
    }
}
