//! The page in a browser: tests/browser/check.mjs opens it in headless Chromium and says what is wrong, by check.
//!
//! Chromium, Node, pdftotext and axe-core are looked for on the machine; where one is absent its checks are ignored.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::program;

/// What the script checks, each a test of its own.
const CHECKS: [&str; 10] = [
    "console", "network", "hostile", "width", "first", "keyboard", "script", "print", "pdf", "axe",
];

/// How long a browser may take.
const PATIENCE: Duration = Duration::from_secs(240);

pub fn trials() -> Vec<Trial> {
    CHECKS
        .into_iter()
        .map(|check| {
            let absent = chromium().is_none()
                || on_path("node").is_none()
                || check == "pdf" && on_path("pdftotext").is_none()
                || check == "axe" && axe().is_none();
            Trial::test(format!("browser::{check}"), move || holds(check)).with_ignored_flag(absent)
        })
        .collect()
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let mut files = env::split_paths(&path).map(|folder| folder.join(name));
    files.find(|file| file.is_file())
}

fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(on_path)
}

/// The file that AXE_CORE names, else what npm installed beside the script.
fn axe() -> Option<PathBuf> {
    let beside = "tests/browser/node_modules/axe-core/axe.min.js";
    let file = env::var_os("AXE_CORE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join(beside),
        PathBuf::from,
    );
    file.is_file().then_some(file)
}

fn holds(check: &str) -> Result<(), Failed> {
    static FAULTS: OnceLock<Result<Value, String>> = OnceLock::new();
    let faults = FAULTS
        .get_or_init(|| look().map_err(|failed| failed.message().unwrap_or_default().to_owned()))
        .as_ref()?;
    match faults[check].as_array() {
        None => Ok(()),
        Some(faults) => Err(format!("{faults:#?}").into()),
    }
}

/// Renders the page of the bundled audit and has a browser look at it.
fn look() -> Result<Value, Failed> {
    let folder = tempfile::tempdir()?;
    let output = program(
        folder.path(),
        &["audit", "--quiet", "--format", "html", "-o", "out"],
    )?;
    if !matches!(output.status.code(), Some(0..=3)) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let page = folder.path().join("out/index.html");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/check.mjs");
    let said = folder.path().join("faults.json");
    let mut child = Command::new("node")
        .arg(script)
        .arg(chromium().ok_or("no Chromium")?)
        .arg(page)
        .arg(on_path("pdftotext").unwrap_or_default())
        .arg(axe().unwrap_or_default())
        .stdout(fs::File::create(&said)?)
        .stderr(Stdio::inherit())
        .spawn()?;
    let started = Instant::now();
    while child.try_wait()?.is_none() {
        if started.elapsed() > PATIENCE {
            child.kill()?;
            return Err("the browser did not finish".into());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(serde_json::from_str(&fs::read_to_string(said)?)?)
}
