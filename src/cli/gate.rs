//! `gate`: judges a saved record again. Nothing is scored or measured anew.

use std::fmt::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use clap::Args;

use super::output;
use super::policy::read_policy;
use crate::attribute::word;
use crate::diagnostic::{Place, Problem, Problems, counted, plain};
use crate::finding::{Finding, OUTCOMES, Outcome, exit_code, judge};
use crate::policy::scope::{ScopeOutcome, decide};
use crate::policy::{Policy, Severity};
use crate::record::{self, Record, restore};

const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const GREEN: Style = AnsiColor::Green.on_default();

/// How many open findings of a gate are spelled out.
const SHOWN: usize = 3;

/// What to judge.
#[derive(Args)]
#[command(
    after_help = "Example:\n  affect-audit gate reports/latest/audit.json --policy my-policy.md\n\nThe exit codes are those of audit: affect-audit --help"
)]
pub struct Arguments {
    /// The record: the audit.json that an audit wrote
    record: String,
    /// The policy to judge by, Markdown with toml blocks or .toml [default: that of the audit]
    #[arg(long, value_name = "FILE")]
    policy: Option<String>,
    /// Only the exit code
    #[arg(short, long)]
    quiet: bool,
}

/// Judges.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let record = record::parse(&arguments.record, &output::read_text(&arguments.record)?)?;
    let policy = own_or(arguments.policy.as_deref(), &record)?;
    let decision = decide(&policy.scopes, &restore::scope(&record));
    if decision.outcome == ScopeOutcome::Refuse {
        return Ok(super::audit::refused(&policy, &decision));
    }
    let measurements = restore::measurements(&arguments.record, &record)?;
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let findings = judge(
        &policy,
        &measurements,
        &restore::background(&record),
        &today,
    );
    let code = exit_code(&findings);
    if !arguments.quiet {
        if policy.digest != record.policy.digest {
            output::note(&plain(&format!(
                "judged by {} {} (digest {:.8}), which is not the policy of the audit, {} {} (digest {:.8}): its thresholds may have been chosen after the results were seen",
                policy.name,
                policy.version,
                policy.digest,
                record.policy.name,
                record.policy.version,
                record.policy.digest
            )));
        }
        if let (Some(locked), Some(run)) = (&policy.locked, &record.run)
            && locked.date.as_str() > run.started.get(..10).unwrap_or_default()
        {
            output::note(&plain(&format!(
                "the policy was locked on {}, after the audit of {}: its thresholds may have been chosen after the results were seen",
                locked.date, run.started
            )));
        }
        output::print(&table(
            &policy
                .gates
                .iter()
                .map(|gate| gate.id.as_str())
                .collect::<Vec<_>>(),
            &findings,
        ))?;
        output::print(&format!("exit code {code}\n"))?;
    }
    Ok(code)
}

/// The policy that is named, else the one of the audit where it can still be had as it was.
fn own_or(named: Option<&str>, record: &Record) -> Result<Policy, Problems> {
    if named.is_some() {
        return read_policy(named);
    }
    let built_in = read_policy(None)?;
    if built_in.digest == record.policy.digest {
        return Ok(built_in);
    }
    // Where it was named for the audit, else by its bare name here.
    let run = record.run.as_ref();
    let named = run.and_then(|run| run.policy.as_ref());
    for file in named.into_iter().chain([&record.policy.file]) {
        if Path::new(file).is_file() {
            let own = read_policy(Some(file))?;
            if own.digest == record.policy.digest {
                return Ok(own);
            }
        }
    }
    Err(Problem::new(
        "gate/policy",
        Place::file(&record.policy.file),
        "the policy of the audit is not here as it was then",
    )
    .help("say which policy to judge by with --policy FILE")
    .into())
}

fn table(gates: &[&str], findings: &[Finding]) -> String {
    let mut text = String::new();
    for gate in gates.iter().copied().chain(["policy", "waiver"]) {
        let mut of_gate: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.gate == gate)
            .collect();
        if of_gate.is_empty() {
            continue;
        }
        let parts: Vec<String> = OUTCOMES
            .iter()
            .map(|(name, outcome)| {
                (
                    name,
                    of_gate
                        .iter()
                        .filter(|finding| finding.outcome == *outcome)
                        .count(),
                )
            })
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{count} {name}"))
            .collect();
        let _ = writeln!(text, "{:<32}{}", plain(gate), parts.join(", "));
        of_gate.retain(|finding| !matches!(finding.outcome, Outcome::Pass | Outcome::Waived));
        of_gate.sort_by_key(|finding| finding.outcome != Outcome::Fail);
        for finding in of_gate.iter().take(SHOWN) {
            let style = match (finding.outcome, finding.severity) {
                (Outcome::Fail, Severity::Error) => RED,
                (Outcome::Pass, _) => GREEN,
                _ => YELLOW,
            };
            let name = word(&OUTCOMES, &finding.outcome);
            let needed = finding.needed_n.map_or_else(String::new, |n| {
                format!("; about {} would settle it", counted(n as usize, "case"))
            });
            let _ = writeln!(
                text,
                "  {style}{name}{style:#} {}: {}{needed}",
                plain(&finding.id),
                plain(&finding.detail)
            );
        }
        if of_gate.len() > SHOWN {
            let _ = writeln!(text, "  ... and {} more", of_gate.len() - SHOWN);
        }
    }
    text
}
