//! Puts bundles together by hand, as somebody would who wants to be believed: edits files, lists them anew, signs.

use affect_audit::bundle::archive::{self, File};
use affect_audit::bundle::key::SigningKey;
use affect_audit::bundle::manifest::{Manifest, entry};
use libtest_mimic::Failed;

/// The files of a bundle besides manifest, signature and key.
pub fn inside(files: &[File]) -> Vec<File> {
    let outer = ["manifest.json", "manifest.sig", "public-key.pem"];
    let mut files = files.to_vec();
    files.retain(|file| !outer.contains(&file.path.as_str()));
    files
}

/// Edits the text of a file.
pub fn edited(
    files: &[File],
    path: &str,
    change: impl Fn(&str) -> String,
) -> Result<Vec<File>, Failed> {
    let mut files = files.to_vec();
    let file = files
        .iter_mut()
        .find(|file| file.path == path)
        .ok_or_else(|| format!("no {path}"))?;
    let before = String::from_utf8(file.bytes.clone())?;
    let after = change(&before);
    if before == after {
        return Err(format!("{path} was not changed").into());
    }
    file.bytes = after.into_bytes();
    Ok(files)
}

/// Lists files anew in a manifest that is otherwise as it was, changed as asked, and signs it.
pub fn signed(
    whole: &[File],
    inside: &[File],
    key: Option<&SigningKey>,
    change: impl Fn(&mut Manifest),
) -> Result<Vec<u8>, Failed> {
    let old = whole.iter().find(|file| file.path == "manifest.json");
    let mut manifest: Manifest = serde_json::from_slice(&old.ok_or("no manifest")?.bytes)?;
    manifest.files = inside.iter().map(entry).collect();
    manifest
        .files
        .sort_by(|one, other| one.path.cmp(&other.path));
    change(&mut manifest);
    let manifest = manifest.to_bytes();
    let mut files = vec![File::new("manifest.json", manifest.clone())];
    if let Some(key) = key {
        files.push(File::new("manifest.sig", key.sign(&manifest)));
        files.push(File::new("public-key.pem", key.public().to_pem()));
    }
    files.extend_from_slice(inside);
    Ok(archive::pack(&files)?)
}
