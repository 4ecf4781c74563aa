//! The image of the `Containerfile`, built and run as docs/ci.md has it, where `AFFECT_AUDIT_ENGINE` names an engine
//! such as podman: that takes minutes and a network.

use std::fs;
use std::process::Command;

use libtest_mimic::Failed;

use super::{root, small};

/// The engine that is named.
pub fn engine() -> Option<String> {
    std::env::var("AFFECT_AUDIT_ENGINE")
        .ok()
        .filter(|name| !name.is_empty())
}

/// Builds the image, and audits with it in a folder of the user's.
pub fn built_and_run() -> Result<(), Failed> {
    let engine = engine().ok_or("no engine is named")?;
    let name = format!("affect-audit:{}", env!("CARGO_PKG_VERSION"));
    let built = Command::new(&engine)
        .args(["build", "--tag", &name, "."])
        .current_dir(root())
        .status()?;
    if !built.success() {
        return Err("the image was not built".into());
    }
    let folder = tempfile::tempdir()?;
    small(folder.path(), "0.5")?;
    let volume = format!("{}:/work", folder.path().display());
    let id = |of: &str| -> Result<String, Failed> {
        let output = Command::new("id").arg(of).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let user = format!("{}:{}", id("-u")?, id("-g")?);
    let audit = "audit --dataset data --predictions p.csv --policy policy.toml --replicates 100";
    let output = Command::new(&engine)
        .args(["run", "--rm", "--network", "none"])
        .args(["--volume", &volume, "--user", &user, &name])
        .args(audit.split(' '))
        .output()?;
    let page = fs::read_to_string(folder.path().join("reports/latest/index.html"));
    if output.status.code() == Some(0) && page.is_ok() {
        return Ok(());
    }
    Err(format!("{output:?}").into())
}
