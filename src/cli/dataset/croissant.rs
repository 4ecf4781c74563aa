//! Croissant files of `dataset show` and `dataset import`: printing one, and writing the card that one describes.

use std::path::Path;

use crate::cli::output;
use crate::dataset::Dataset;
use crate::dataset::croissant;
use crate::dataset::files::files;
use crate::dataset::read::CARD;
use crate::diagnostic::{Problems, plain, plain_lines};

/// The card of a dataset as Croissant.
pub(super) fn show(dataset: &Dataset) -> Result<String, Problems> {
    Ok(croissant::export(dataset, &files(dataset)?))
}

/// Writes the card that a Croissant file describes.
pub(super) fn import(
    file: &str,
    folder: &Path,
    dry_run: bool,
    force: bool,
) -> Result<u8, Problems> {
    let imported = croissant::import(file, &output::read_text(file)?)?;
    for notice in &imported.notices {
        output::note(&plain(notice));
    }
    if dry_run {
        output::print(&plain_lines(imported.card.lines()))?;
        output::note("nothing was written");
        return Ok(0);
    }
    let path = folder.join(CARD);
    output::refuse_overwrite(&path, force)?;
    output::write(&path, imported.card.as_bytes())?;
    output::note(&format!(
        "{} written; affect-audit dataset check {} says what is missing",
        path.display(),
        folder.display()
    ));
    Ok(0)
}
