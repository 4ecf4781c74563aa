//! Checks a bundle from the signature inwards, and names the first thing that is not as it should be. What the files
//! say is left to `content`.

use super::content::{Content, Render, content};
use super::key::PublicKey;
use super::manifest::{SCHEMA, entry};
use super::{Fault, File, MANIFEST, Manifest, PUBLIC_KEY, SIGNATURE, find, inside_of};
use crate::diagnostic::{Place, Problem};

/// Who signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// A key that the reader trusts.
    Known(PublicKey),
    /// A key that only the bundle itself speaks for.
    Unknown(PublicKey),
    /// Nobody.
    Nobody,
}

/// Everything: the envelope, the content, and that they speak of the same.
///
/// # Errors
/// The first thing that differs, or what cannot be read.
pub fn bundle(
    name: &str,
    files: &[File],
    trusted: &[PublicKey],
    render: Render<'_>,
) -> Result<(Signer, Content), Fault> {
    let (manifest, signer) = envelope(name, files, trusted)?;
    let inside: Vec<File> = files
        .iter()
        .filter(|file| ![MANIFEST, SIGNATURE, PUBLIC_KEY].contains(&file.path.as_str()))
        .cloned()
        .collect();
    let content = content(name, &inside, render)?;
    let expected = Manifest::new(manifest.bundled_by.clone(), &content.record, &inside);
    let part = if manifest.audit != expected.audit {
        "audit"
    } else if manifest.inputs != expected.inputs {
        "inputs"
    } else if manifest != expected {
        "files"
    } else {
        return Ok((signer, content));
    };
    Err(Problem::new(
        "bundle/manifest",
        inside_of(name, MANIFEST).key(part),
        "the manifest says something else than the record",
    )
    .help("the bundle was put together by something else than affect-audit bundle")
    .into())
}

/// Manifest, signature and digests.
fn envelope(
    name: &str,
    files: &[File],
    trusted: &[PublicKey],
) -> Result<(Manifest, Signer), Fault> {
    let Some(listed) = find(files, MANIFEST) else {
        return Err(Fault::Unreadable(
            Problem::new(
                "bundle/manifest",
                Place::file(name),
                format!("it holds no {MANIFEST}"),
            )
            .help(format!(
                "expected a bundle of the schema {SCHEMA}, as affect-audit bundle writes it"
            ))
            .into(),
        ));
    };
    let manifest = Manifest::parse(name, &listed.bytes).map_err(Fault::Unreadable)?;
    let signer = signer(name, files, &listed.bytes, trusted)?;
    for expected in &manifest.files {
        let place = inside_of(name, &expected.path);
        match find(files, &expected.path).map(entry) {
            None => {
                return Err(Problem::new(
                    "bundle/file",
                    place,
                    "the file was there when the manifest was written, and is not now",
                )
                .help("get the bundle again from whoever made it")
                .into());
            }
            Some(found) if found != *expected => {
                return Err(Problem::new(
                    "bundle/file",
                    place,
                    format!(
                        "the file was changed after the manifest was written (digest {:.8} instead of {:.8})",
                        found.sha256, expected.sha256
                    ),
                )
                .help("get the bundle again from whoever made it")
                .into());
            }
            Some(_) => {}
        }
    }
    let own = [MANIFEST, SIGNATURE, PUBLIC_KEY];
    let stranger = files.iter().find(|file| {
        !own.contains(&file.path.as_str())
            && !manifest.files.iter().any(|known| known.path == file.path)
    });
    match stranger {
        Some(file) => Err(Problem::new(
            "bundle/file",
            inside_of(name, &file.path),
            "the manifest does not list this file, so it was added afterwards",
        )
        .help("get the bundle again from whoever made it")
        .into()),
        None => Ok((manifest, signer)),
    }
}

/// Whose signature it is. A key that comes with the bundle speaks for nobody.
fn signer(
    name: &str,
    files: &[File],
    manifest: &[u8],
    trusted: &[PublicKey],
) -> Result<Signer, Fault> {
    let enclosed = match find(files, PUBLIC_KEY) {
        Some(file) => {
            let text = String::from_utf8_lossy(&file.bytes);
            let key = PublicKey::from_pem(&format!("{name}/{PUBLIC_KEY}"), &text);
            Some(key.map_err(Fault::first)?)
        }
        None => None,
    };
    let wrong = |message: String, help: &str| -> Fault {
        Problem::new("bundle/signature", inside_of(name, SIGNATURE), message)
            .help(help)
            .into()
    };
    let Some(signature) = find(files, SIGNATURE) else {
        if trusted.is_empty() {
            return Ok(Signer::Nobody);
        }
        return Err(wrong(
            "there is no signature, so the key that was given says nothing of it".to_owned(),
            "get the signed bundle, or ask its maker why it is not signed",
        ));
    };
    let holds = |key: &PublicKey| key.holds(manifest, &signature.bytes);
    match (trusted.iter().copied().find(|key| holds(key)), enclosed) {
        (Some(key), Some(enclosed)) if enclosed != key => Err(Problem::new(
            "bundle/public-key",
            inside_of(name, PUBLIC_KEY),
            "this is not the key that the manifest was signed with",
        )
        .help("go by the key that you were given, and ask the maker of the bundle")
        .into()),
        (Some(key), _) => Ok(Signer::Known(key)),
        (None, Some(enclosed)) if holds(&enclosed) => {
            if trusted.is_empty() {
                return Ok(Signer::Unknown(enclosed));
            }
            Err(wrong(
                format!(
                    "it is by another key than was given: {}",
                    enclosed.fingerprint()
                ),
                "compare the fingerprint with that of the key you trust; anybody can sign with a key of their own",
            ))
        }
        _ => Err(wrong(
            "the signature does not belong to the manifest: one of them was changed, or the key is another".to_owned(),
            "get the bundle again from whoever made it",
        )),
    }
}
