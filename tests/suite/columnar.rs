//! Parquet and Arrow sources, written here and imported by recipe: long ids stay whole, blanks stay blank, and several
//! labels of one cell arrive one by one. Ignored in builds without the feature polars.

use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    let without = cfg!(not(feature = "polars"));
    ["parquet", "arrow"]
        .into_iter()
        .map(|form| {
            Trial::test(format!("columnar::{form}"), move || read(form)).with_ignored_flag(without)
        })
        .collect()
}

#[cfg(not(feature = "polars"))]
fn read(_: &str) -> Result<(), libtest_mimic::Failed> {
    Err("built without polars".into())
}

#[cfg(feature = "polars")]
fn read(form: &str) -> Result<(), libtest_mimic::Failed> {
    use std::fs;

    use polars::prelude::{
        DataFrame, IntoColumn, IpcWriter, NamedFrom, ParquetWriter, SerWriter, Series,
    };

    use crate::run::program;

    let list = |labels: &[i64]| Series::new("".into(), labels);
    let mut frame = DataFrame::new(
        3,
        vec![
            Series::new("key".into(), [1_234_567_890_123_456_789_i64, 2, 3]).into_column(),
            Series::new("words".into(), [Some("a, \"b\"\nc"), None, Some("ü")]).into_column(),
            Series::new("feelings".into(), [list(&[0, 2]), list(&[1]), list(&[])]).into_column(),
            Series::new("sure".into(), [0.5, 0.25, 1.0]).into_column(),
        ],
    )?;
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("data"))?;
    let name = format!("data/part-0.{form}");
    let file = fs::File::create(folder.path().join(&name))?;
    if form == "parquet" {
        ParquetWriter::new(file).finish(&mut frame)?;
    } else {
        IpcWriter::new(file).finish(&mut frame)?;
    }
    fs::write(
        folder.path().join("recipe.toml"),
        format!(
            r#"[dataset]
name = "columns"
[read]
form = "{form}"
files = ["data/*.{form}"]
[columns.id]
from = "key"
[columns.text]
from = "words"
[features.sure]
from = "sure"
[tasks.emotion]
labels = ["anger", "fear", "joy"]
kind = "multi-label"
source = "perceived"
from = "feelings"
classes = ["anger", "fear", "joy"]
base = 0
"#
        ),
    )?;
    let arguments = [
        "dataset",
        "import",
        "--recipe",
        "recipe.toml",
        "--from",
        ".",
        "-o",
        "out",
    ];
    let output = program(folder.path(), &arguments)?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let cases = fs::read_to_string(folder.path().join("out/cases.csv"))?;
    for expected in [
        "1234567890123456789",
        "a, \"\"b\"\"\nc",
        "ü",
        "anger",
        "0.25",
    ] {
        if !cases.contains(expected) {
            return Err(format!("{expected} is not in\n{cases}").into());
        }
    }
    let labels: Vec<usize> = ["anger", "fear", "joy"]
        .into_iter()
        .map(|label| cases.matches(label).count())
        .collect();
    if labels != [1, 1, 1] {
        return Err(format!("labels {labels:?} in\n{cases}").into());
    }
    Ok(())
}
