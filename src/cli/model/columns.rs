//! `model train --features`: a model of numeric columns, and its answers to cases that it has not seen.

use std::path::Path;

use super::{Asked, output};
use crate::dataset;
use crate::diagnostic::{Problems, counted};
use crate::model::columns::load::{FILE, to_text};
use crate::model::columns::train::FOLDS;
use crate::model::columns::{Trained, train};
use crate::prediction::highest;
use crate::task::Task;

/// The file of answers out of fold.
const OUT_OF_FOLD: &str = "out-of-fold.csv";

pub(super) fn run(
    name: &str,
    asked: Asked,
    features: &[String],
    seed: u64,
    folder: &Path,
    force: bool,
) -> Result<u8, Problems> {
    let paths = [FILE, OUT_OF_FOLD].map(|name| folder.join(name));
    for path in &paths {
        output::refuse_overwrite(path, force)?;
        output::check_writable(path)?;
    }
    let dataset = dataset::read(name)?;
    let task = match asked {
        Asked::Emotion => Task::Emotion,
        Asked::Sentiment => Task::Sentiment,
    };
    let names: Vec<&str> = features.iter().map(|name| name.trim()).collect();
    let trained = train(&dataset, task, &names, seed)?;
    let title = folder.file_name().unwrap_or_default().to_string_lossy();
    output::write(&paths[0], to_text(&trained, &dataset, &title).as_bytes())?;
    output::write(
        &paths[1],
        out_of_fold(&trained, &dataset.cases.ids).as_bytes(),
    )?;
    output::note(&format!(
        "{} in {FOLDS} folds of whole clusters; out of fold {:.1} % are answered as labelled",
        counted(trained.cases, "case"),
        100.0 * trained.right as f64 / trained.cases.max(1) as f64
    ));
    output::note(&format!(
        "written to {}: {FILE} (features:{0}), and {OUT_OF_FOLD} to audit it on its own training data",
        folder.display()
    ));
    Ok(0)
}

fn out_of_fold(trained: &Trained, ids: &[String]) -> String {
    let names = trained.model.scheme.names();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["id", "label"].map(str::to_owned).into_iter();
    let _ = writer.write_record(header.chain(names.iter().map(|name| format!("score:{name}"))));
    for (id, scores) in ids.iter().zip(&trained.out_of_fold) {
        let Some(scores) = scores else { continue };
        let label = highest(scores).map_or("", |place| names[place]);
        let row = [id.clone(), label.to_owned()].into_iter();
        let _ = writer.write_record(row.chain(scores.iter().map(|score| format!("{score:.6}"))));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
