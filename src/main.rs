//! The program: hands over to the command line and turns a fault of ours into its own exit code.

// Nothing else may print here: this is the last word of a program that broke.
#![allow(clippy::disallowed_macros)]

use std::panic;
use std::process::ExitCode;

/// A bug of ours.
const BUG: u8 = 70;

fn main() -> ExitCode {
    let code = panic::catch_unwind(affect_audit::cli::run).unwrap_or_else(|_| {
        eprintln!("this is a bug of affect-audit, not of your data; please report it with the message above");
        BUG
    });
    ExitCode::from(code)
}
