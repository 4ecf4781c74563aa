//! `policy`: check and explain policies.

use std::fmt::Write;

use clap::Subcommand;

use super::output;
use crate::attribute::word;
use crate::diagnostic::{Problems, counted, plain};
use crate::policy::{BYS, DEFAULT, DEFAULT_NAME, Gate, INSUFFICIENTS, OFS, Policy, SEVERITIES};

/// What to do with a policy.
#[derive(Subcommand)]
pub enum Command {
    /// Report every problem of a policy with line, column and way out
    #[command(after_help = "Example:\n  affect-audit policy check my-policy.md")]
    Check {
        /// The policy, Markdown with toml blocks or .toml [default: the one that is built in]
        policy: Option<String>,
    },
    /// Say in words what each gate asks
    #[command(after_help = "Example:\n  affect-audit policy explain my-policy.md")]
    Explain {
        /// The policy, Markdown with toml blocks or .toml [default: the one that is built in]
        policy: Option<String>,
    },
    /// Print the policy that is built in
    #[command(after_help = "Example:\n  affect-audit policy show > my-policy.md")]
    Show,
}

/// Runs the command.
pub fn run(command: Command) -> Result<u8, Problems> {
    match command {
        Command::Check { policy } => {
            let policy = read_policy(policy.as_deref())?;
            output::print(&plain(&format!(
                "{}: {} {}, {}, {}, {}: no problem\n",
                policy.file,
                policy.name,
                policy.version,
                counted(policy.gates.len(), "gate"),
                counted(policy.scopes.len(), "scope rule"),
                counted(policy.waivers.len(), "waiver")
            )))?;
        }
        Command::Explain { policy } => {
            let policy = read_policy(policy.as_deref())?;
            let mut text = format!("{} {}\n", policy.name, policy.version);
            for gate in &policy.gates {
                let _ = write!(text, "\n{}", gate_page(gate));
            }
            output::print(&plain(&text))?;
        }
        Command::Show => output::print(DEFAULT)?,
    }
    Ok(0)
}

/// Reads a policy, or the one that is built in.
///
/// # Errors
/// A file that cannot be read, or every problem of the policy.
pub fn read_policy(path: Option<&str>) -> Result<Policy, Problems> {
    match path {
        Some(path) => Policy::parse(path, &output::read_text(path)?),
        None => Policy::parse(DEFAULT_NAME, DEFAULT),
    }
}

/// What a gate asks, in words.
pub fn gate_page(gate: &Gate) -> String {
    let mut page = format!("{}\n  {}\n", gate.id, gate.title);
    let task = gate.task.map_or("every task", |task| task.as_str());
    let _ = writeln!(
        page,
        "  asks      {} ({}, {}) of {task}: {}",
        gate.measure.page().title.to_lowercase(),
        word(&BYS, &gate.by),
        word(&OFS, &gate.of),
        gate.bound.words()
    );
    let _ = writeln!(
        page,
        "  evidence  at least {}, intervals at {:.0} %",
        counted(gate.min_n as usize, "case"),
        100.0 * gate.level
    );
    let _ = writeln!(
        page,
        "  severity  {}; missing evidence: {}{}",
        word(&SEVERITIES, &gate.severity),
        word(&INSUFFICIENTS, &gate.insufficient),
        if gate.required { "" } else { "; may be absent" }
    );
    if !gate.reference.is_empty() {
        let _ = writeln!(page, "  relevant  {}", gate.reference.join("; "));
    }
    page
}
