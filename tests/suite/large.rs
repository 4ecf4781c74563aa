//! Large audits: a first page and one for each model, in the folder of an audit, as a report, and in a bundle.

use std::fs;
use std::path::Path;

use affect_audit::bundle::archive::File;
use affect_audit::bundle::key::SigningKey;
use libtest_mimic::{Failed, Trial};

use crate::bundle::hand::{edited, inside, signed};
use crate::bundle::{run, unpacked};
use crate::run::program;

/// The models, by the names of their predictions files.
const MODELS: [&str; 5] = ["one", "two", "../odd name", "four", "five"];

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test(
            "large::pages_of_an_audit_and_of_a_report_are_the_same",
            same,
        ),
        Trial::test(
            "large::pages_of_models_audited_before_are_told_of",
            left_over,
        ),
        Trial::test("large::one_page_holds_all_on_standard_output", on_stdout),
        Trial::test("large::pages_in_a_bundle_are_checked_one_by_one", bundled),
    ]
}

/// An audit of the first `models`; the name of the third leads out of the folder, were it a path.
fn audit(folder: &Path, models: usize) -> Result<String, Failed> {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/gate-three-answers");
    fs::create_dir_all(folder.join("here/data"))?;
    for file in ["policy.toml", "data/dataset.toml", "data/cases.csv"] {
        fs::copy(inputs.join(file), folder.join("here").join(file))?;
    }
    let here = folder.join("here");
    let mut words = vec![
        "audit",
        "--quiet",
        "--dataset",
        "data",
        "--policy",
        "policy.toml",
    ];
    words.extend(["--replicates", "100", "-o", "out"]);
    let files: Vec<String> = MODELS[..models]
        .iter()
        .map(|name| format!("{name}.csv"))
        .collect();
    for file in &files {
        fs::copy(inputs.join("p.csv"), here.join(file))?;
        words.extend(["--predictions", file]);
    }
    let output = program(&here, &words)?;
    match output.status.code() {
        Some(0 | 1 | 3) => Ok(String::from_utf8_lossy(&output.stderr).into_owned()),
        _ => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
}

/// Names and contents of the pages in a folder.
fn pages(folder: &Path) -> Result<Vec<(String, String)>, Failed> {
    let mut pages = Vec::new();
    for page in fs::read_dir(folder)? {
        let page = page?.path();
        let name = page
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        pages.push((name, fs::read_to_string(page)?));
    }
    pages.sort();
    Ok(pages)
}

fn same() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    audit(folder.path(), 5)?;
    let here = folder.path().join("here");
    let words = "report out/audit.json --format html -o elsewhere/index.html".split(' ');
    let said = run(&here, &words.collect::<Vec<_>>(), 0)?;
    let (ours, theirs) = (
        pages(&here.join("out/index-models"))?,
        pages(&here.join("elsewhere/index-models"))?,
    );
    if ours.len() != 5
        || ours != theirs
        || !said.contains("with 5 more pages in elsewhere/index-models")
    {
        return Err(format!("{} and {} pages: {said}", ours.len(), theirs.len()).into());
    }
    let first = fs::read(here.join("out/index.html"))?;
    if first != fs::read(here.join("elsewhere/index.html"))? {
        return Err("the first pages differ".into());
    }
    // Under another name the pages lie in another folder, so that two reports do not mix.
    let other = "report out/audit.json --format html -o elsewhere/other.html".split(' ');
    run(&here, &other.collect::<Vec<_>>(), 0)?;
    let other = pages(&here.join("elsewhere/other-models"))?;
    if other.len() != 5
        || !other
            .iter()
            .all(|(_, page)| page.contains("../other.html#sign"))
    {
        return Err("the pages do not lead back".into());
    }
    // Nothing is written over unasked, neither the first page nor another.
    fs::remove_file(here.join("elsewhere/index.html"))?;
    let again = "report out/audit.json --format html -o elsewhere/index.html".split(' ');
    let said = run(&here, &again.collect::<Vec<_>>(), 2)?;
    if !said.contains("index-models/") || here.join("elsewhere/index.html").exists() {
        return Err(said.into());
    }
    Ok(())
}

fn left_over() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    audit(folder.path(), 5)?;
    let said = audit(folder.path(), 4)?;
    let told = said.matches("is of another audit, not of this one").count();
    if told == 1 && said.contains("out/index-models/five-") {
        Ok(())
    } else {
        Err(said.into())
    }
}

fn on_stdout() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    audit(folder.path(), 5)?;
    let here = folder.path().join("here");
    let page = run(
        &here,
        &["report", "out/audit.json", "--format", "html", "-o", "-"],
        0,
    )?;
    if page.contains("index-models/")
        || !MODELS[..2]
            .iter()
            .all(|name| page.contains(&format!("/{name}/")))
    {
        return Err("not all of it stands on the page".into());
    }
    Ok(())
}

fn bundled() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    audit(folder.path(), 5)?;
    let here = folder.path().join("here");
    run(&here, &["bundle", "--new-key", "key"], 0)?;
    run(&here, &["bundle", "out", "-o", "b.zip", "--key", "key"], 0)?;
    let verify = ["verify", "b.zip", "--public-key", "key.pub"];
    run(&here, &verify, 0)?;
    let files = unpacked(&here, "b.zip")?;
    let content = inside(&files);
    let page = content
        .iter()
        .find(|file| file.path.starts_with("reports/index-models/"));
    let page = page.ok_or("no page of a model")?.path.clone();
    let pem = fs::read_to_string(here.join("key"))?;
    let key = SigningKey::from_pem("key", &pem).map_err(|problem| problem.to_string())?;
    let mut fewer = content.clone();
    fewer.retain(|file| file.path != page);
    let mut more = content.clone();
    more.push(File::new("reports/index-models/six.html", "all is well"));
    let mut orphans = content.clone();
    orphans.retain(|file| file.path != "reports/index.html");
    for (what, content) in [
        (
            "renders to another",
            edited(&content, &page, |text| text.replacen("<p>", "<p> ", 1))?,
        ),
        ("is lacking", fewer),
        ("no report has this name", more),
        ("no report has this name", orphans),
    ] {
        fs::write(
            here.join("b.zip"),
            signed(&files, &content, Some(&key), |_| {})?,
        )?;
        let said = run(&here, &verify, 1)?;
        if !said.contains(what) || !said.contains("index-models/") {
            return Err(format!("not said: {what}: {said}").into());
        }
    }
    Ok(())
}
