//! `completions`: a script that completes commands and options in a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::diagnostic::Problems;

/// The shell.
#[derive(Args)]
#[command(
    after_help = "Example:\n  affect-audit completions bash > ~/.local/share/bash-completion/completions/affect-audit"
)]
pub struct Arguments {
    /// The shell to complete in
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub fn run<C: CommandFactory>(arguments: &Arguments) -> Result<u8, Problems> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut C::command(),
        "affect-audit",
        &mut script,
    );
    super::output::print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
