//! Pages in a browser: tests/browser/check.mjs opens them in headless Chromium and says what is wrong, by check. They
//! are the page of the bundled audit, the first page of a large audit, and one that it leads to.
//!
//! Chromium, Node, pdftotext and axe-core are looked for on the machine; where one is absent its checks are ignored.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
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

/// The pages that are looked at.
const PAGES: [&str; 3] = ["bundled", "overview", "model"];

/// A name that becomes an element unless it is escaped.
const HOSTILE: &str = "<b onclick=alert(1)>model\u{202e}";

pub fn trials() -> Vec<Trial> {
    let all = PAGES
        .into_iter()
        .flat_map(|page| CHECKS.map(|check| (page, check)));
    all.map(|(page, check)| {
        let absent = chromium().is_none()
            || on_path("node").is_none()
            || check == "pdf" && on_path("pdftotext").is_none()
            || check == "axe" && axe().is_none();
        Trial::test(format!("browser::{page}::{check}"), move || {
            holds(page, check)
        })
        .with_ignored_flag(absent)
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

fn holds(page: &'static str, check: &str) -> Result<(), Failed> {
    static FAULTS: Mutex<BTreeMap<&str, Result<Value, String>>> = Mutex::new(BTreeMap::new());
    let mut faults = FAULTS.lock().map_err(|_| "another trial broke off")?;
    let faults = faults
        .entry(page)
        .or_insert_with(|| {
            look(page).map_err(|failed| failed.message().unwrap_or_default().to_owned())
        })
        .as_ref()?;
    match faults[check].as_array() {
        None => Ok(()),
        Some(faults) => Err(format!("{faults:#?}").into()),
    }
}

/// Renders a page.
fn rendered(folder: &Path, page: &str) -> Result<PathBuf, Failed> {
    let audit = |more: &[&str]| -> Result<(), Failed> {
        let arguments = ["audit", "--quiet", "--format", "html", "-o", "out"];
        let output = program(folder, &[&arguments, more].concat())?;
        match output.status.code() {
            Some(0..=3) => Ok(()),
            _ => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
        }
    };
    let first = folder.join("out/index.html");
    if page == "bundled" {
        audit(&[])?;
        return Ok(first);
    }
    let data = "everyday-english";
    let predict = [
        "predict",
        "-q",
        "--model",
        "reference:emotion",
        "--dataset",
        data,
        "-o",
        "a.csv",
    ];
    program(folder, &predict)?;
    let names = [
        format!("{HOSTILE}.csv"),
        "b.csv".to_owned(),
        "c.csv".to_owned(),
    ];
    for name in &names {
        fs::copy(folder.join("a.csv"), folder.join(name))?;
    }
    let mut arguments = vec![
        "--model",
        "reference:sentiment",
        "--dataset",
        data,
        "--replicates",
        "100",
    ];
    arguments.extend(
        names
            .iter()
            .flat_map(|name| ["--predictions", name.as_str()]),
    );
    audit(&arguments)?;
    if page == "overview" {
        return Ok(first);
    }
    let pages = fs::read_dir(folder.join("out/index-models"))?;
    let pages: Vec<PathBuf> = pages
        .map(|page| Ok(page?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    if pages.len() != 4 {
        return Err(format!("{pages:?}").into());
    }
    let hostile = pages
        .into_iter()
        .find(|page| page.display().to_string().contains("onclick"));
    Ok(hostile.ok_or("no page of the model with the hostile name")?)
}

/// Has a browser look at a page.
fn look(page: &str) -> Result<Value, Failed> {
    let folder = tempfile::tempdir()?;
    let page = rendered(folder.path(), page)?;
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
