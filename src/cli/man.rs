//! `man`: manual pages, one a command.

use std::path::Path;

use clap::{Args, CommandFactory};

use super::output;
use crate::diagnostic::{Place, Problem, Problems, counted};

/// Where to write them.
#[derive(Args)]
#[command(
    after_help = "Example:\n  affect-audit man ~/.local/share/man/man1 && man affect-audit-audit"
)]
pub struct Arguments {
    /// The folder to write affect-audit.1, affect-audit-audit.1 and so on to
    folder: String,
}

/// Writes the pages.
pub fn run<C: CommandFactory>(arguments: &Arguments) -> Result<u8, Problems> {
    let mut command = C::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    render(&command, &mut pages);
    let folder = Path::new(&arguments.folder);
    for (name, page) in &pages {
        let page = page.as_ref().map_err(|message| {
            Problem::new("output/unwritable", Place::file(name), message.clone())
        })?;
        output::write(&folder.join(name), page)?;
    }
    output::note(&format!(
        "wrote {} to {}",
        counted(pages.len(), "page"),
        folder.display()
    ));
    Ok(0)
}

/// The page of a command and those of the commands under it.
fn render(command: &clap::Command, pages: &mut Vec<(String, Result<Vec<u8>, String>)>) {
    let page = clap_mangen::Man::new(command.clone());
    let mut text = Vec::new();
    let rendered = page.render(&mut text).map_err(|error| error.to_string());
    pages.push((page.get_filename(), rendered.map(|()| text)));
    for inner in command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set())
    {
        render(inner, pages);
    }
}
