//! Fetches the files that a recipe needs, and says from where.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cli::{output, progress};
use crate::dataset::import::Recipe;
use crate::dataset::import::fetch::{Fetched, fetch};
use crate::diagnostic::{Place, Problem, Problems, counted, plain};

/// Fetches what the chosen part of the recipe needs and the folder lacks.
///
/// # Errors
/// A recipe without addresses, and every file that could not be fetched.
pub(super) fn fetch_all(recipe: &Recipe, folder: &Path, most_mb: u64) -> Result<(), Problems> {
    let part = recipe.part.as_deref();
    let needed: Vec<_> = recipe
        .published
        .iter()
        .filter(|file| file.belongs_to(part))
        .collect();
    if needed.is_empty() {
        let access = recipe.about.access.as_deref();
        return Err(Problem::new(
            "import/no-address",
            Place::file("--download"),
            "the recipe lists no file that could be fetched",
        )
        .help(plain(access.unwrap_or(
            "fetch the files yourself, and name their folder with --from",
        )))
        .into());
    }
    let hosts: BTreeSet<&str> = needed
        .iter()
        .filter_map(|file| file.url.split("//").nth(1)?.split('/').next())
        .collect();
    output::note(&plain(&format!(
        "fetching {} from {} into {}",
        counted(needed.len(), "file"),
        hosts.into_iter().collect::<Vec<_>>().join(", "),
        folder.display()
    )));
    let mut problems = Problems::new();
    let mut there = 0;
    for file in needed {
        let bar = progress::bytes(&plain(&file.path), false);
        let fetched = fetch(
            file,
            folder,
            most_mb.saturating_mul(1 << 20),
            &mut |done, all| {
                bar.set_length(all.unwrap_or(done));
                bar.set_position(done);
            },
        );
        bar.finish_and_clear();
        there += usize::from(problems.take(fetched) == Some(Fetched::There));
    }
    if there > 0 {
        output::note(&format!("{} there already", counted(there, "file")));
    }
    problems.or(())
}
