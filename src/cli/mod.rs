//! The command line: one file a command. Here alone things are printed, and only here does the program end.

// The edge: here files, clock and environment are used.
#![allow(clippy::disallowed_methods)]

mod audit;
mod bundle;
mod called;
mod check;
mod compare;
mod completions;
mod config;
mod dataset;
mod doctor;
mod explain;
mod gate;
mod init;
mod kept;
mod man;
mod model;
mod output;
mod policy;
mod predict;
mod progress;
mod report;
mod verify;

use clap::{Parser, Subcommand, ValueEnum};

use crate::diagnostic::Problems;

/// Audits sentiment and emotion models: how well they answer, for whom they fail, and where emotion inference is
/// unreliable while plain sentiment analysis holds up.
#[derive(Parser)]
#[command(name = "affect-audit", version, arg_required_else_help = true, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

const EXAMPLES: &str = "\
Examples:
  affect-audit audit                                     the reference models on bundled data
  affect-audit audit --dataset DIR --predictions p.csv   answers that you already have
  affect-audit dataset check DIR                         every problem of your data
  affect-audit gate reports/latest/audit.json --policy my-policy.md
  affect-audit explain skill                             what a measure or gate means

Exit codes:
   0  every gate passed
   1  a gate failed
   2  could not run: usage, policy, data or model
   3  no gate failed, and evidence that the policy requires is missing
   4  the policy refuses the declared use
  70  a fault of this program";

#[derive(Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Command {
    /// Run models over labelled data, measure, judge and report
    Audit(audit::Arguments),
    /// Write the answers of one model on one dataset to a predictions file
    Predict(predict::Arguments),
    /// Judge a saved record again, by its own or another policy
    Gate(gate::Arguments),
    /// Set the models of saved records side by side
    Compare(compare::Arguments),
    /// Render a saved record
    Report(report::Arguments),
    /// Put record, policy, cards and reports into one signed archive
    Bundle(bundle::Arguments),
    /// Check a bundle offline: signature, digests, findings and reports
    Verify(verify::Arguments),
    /// List, show, check, import and generate labelled data
    #[command(subcommand)]
    Dataset(dataset::Command),
    /// List, check and train models
    #[command(subcommand)]
    Model(model::Command),
    /// Check, explain and lock policies
    #[command(subcommand)]
    Policy(policy::Command),
    /// The manual page of a measure or gate
    Explain(explain::Arguments),
    /// Write an audit.toml and a policy of your own to start from
    Init(init::Arguments),
    /// Tell what works on this machine, and what one command would add
    Doctor(doctor::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
    /// Write manual pages
    Man(man::Arguments),
}

/// Could not run: usage, policy, input or model.
const COULD_NOT_RUN: u8 = 2;

/// Runs the program and gives its exit code.
pub fn run() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { COULD_NOT_RUN } else { 0 };
        }
    };
    match cli.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    let result = match cli.command {
        Command::Audit(arguments) => audit::run(arguments),
        Command::Predict(arguments) => predict::run(&arguments),
        Command::Gate(arguments) => gate::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Bundle(arguments) => bundle::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Dataset(command) => dataset::run(command),
        Command::Model(command) => model::run(command),
        Command::Policy(command) => policy::run(command),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Completions(arguments) => completions::run::<Cli>(&arguments),
        Command::Man(arguments) => man::run::<Cli>(&arguments),
    };
    result.unwrap_or_else(|problems: Problems| {
        output::problems(&problems);
        COULD_NOT_RUN
    })
}
