//! What an audit leaves in its folder: the reports that were asked for, and a word on those of other audits.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::plan::Plan;
use crate::cli::output;
use crate::cli::report::{Format, files, pages_folder, render};
use crate::diagnostic::{Problems, plain};
use crate::record::{self, v1};
use crate::report::terminal;

/// Writes every format that was asked for, and prints the summary.
///
/// # Errors
/// A format that cannot be had of this record, or a file that cannot be written.
pub(super) fn write(plan: &Plan, record: &v1::Record) -> Result<(), Problems> {
    // All formats first: a format that cannot be had leaves nothing half-written.
    let mut rendered: Vec<Vec<(PathBuf, Vec<u8>)>> = Vec::new();
    for format in &plan.formats {
        if plan.out == "-" {
            output::print_bytes(&render(record, *format)?)?;
            return Ok(());
        }
        let files = files(record, *format, format.file_name())?.into_iter();
        let folder = Path::new(&plan.out);
        rendered.push(
            files
                .map(|(name, content)| (folder.join(name), content))
                .collect(),
        );
    }
    // The first page comes after those that it leads to.
    for (path, content) in rendered.iter().flat_map(|files| files.iter().rev()) {
        output::write(path, content)?;
    }
    for path in left_over(plan, record) {
        output::note(&plain(&format!(
            "warning: {} is of another audit, not of this one: write it anew with --format, or remove it",
            path.display()
        )));
    }
    let written: Vec<&Path> = rendered
        .iter()
        .filter_map(|files| files.first())
        .map(|(path, _)| path.as_path())
        .collect();
    if !plan.quiet {
        output::print(&terminal::summary(record))?;
        let paths: Vec<String> = written
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        output::print(&format!("\nReport: {}\n", paths.join(", ")))?;
    }
    Ok(())
}

/// Files with the names of our reports that this audit did not write and that are not of the same audit, which would
/// hold its digest. They are told of and never removed: whose they are is not ours to decide.
fn left_over(plan: &Plan, record: &v1::Record) -> Vec<PathBuf> {
    let folder = Path::new(&plan.out);
    let reports = Format::value_variants()
        .iter()
        .filter(|format| !plan.formats.contains(format))
        .map(|format| folder.join(format.file_name()));
    // Pages of models that were audited before and are not now lie among those that were just written.
    let pages = std::fs::read_dir(folder.join(pages_folder(Format::Html.file_name())));
    let pages = pages.into_iter().flatten().flatten();
    let mut pages: Vec<PathBuf> = pages.map(|page| page.path()).collect();
    pages.sort();
    let is_left_over = |path: &PathBuf| {
        // Not every format is text.
        std::fs::read(path).is_ok_and(|content| {
            let text = String::from_utf8_lossy(&content);
            text.contains(&record.tool.name) && !text.contains(&record.digest)
        })
    };
    reports.chain(pages).filter(is_left_over).collect()
}

/// Says of a folder that holds reports, where this audit ends without any, that they are of an earlier one. They stay: a
/// wrong flag must not cost a good report.
pub(super) fn tell_of_earlier(out: Option<&str>) {
    let Some(folder) = out.filter(|out| *out != "-").map(Path::new) else {
        return;
    };
    let held = |format: &&Format| folder.join(format.file_name()).is_file();
    let held: Vec<&str> = Format::value_variants()
        .iter()
        .filter(held)
        .map(|format| format.file_name())
        .collect();
    if held.is_empty() {
        return;
    }
    let record = folder.join(Format::Json.file_name());
    let record = output::read_text(&record.to_string_lossy())
        .and_then(|text| record::parse(&record.to_string_lossy(), &text));
    let started = record.ok().and_then(|record| Some(record.run?.started));
    let of = started.map_or_else(
        || "an earlier audit".to_owned(),
        |started| format!("the audit of {started}"),
    );
    output::note(&plain(&format!(
        "warning: this audit wrote no reports: {} in {} {} of {of}",
        held.join(", "),
        folder.display(),
        if held.len() == 1 { "is" } else { "are" }
    )));
}
