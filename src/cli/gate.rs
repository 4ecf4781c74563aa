//! `gate`: judges a saved record again. Nothing is scored or measured anew.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use clap::Args;

use super::output;
use super::policy::own_or;
use crate::attribute::word;
use crate::diagnostic::{Problems, counted, plain};
use crate::finding::{Finding, OUTCOMES, Outcome, exit_code, judge};
use crate::measure::Comparison;
use crate::measure::change::{changes, same_change};
use crate::policy::scope::{CONTEXTS, ScopeOutcome, decide};
use crate::policy::{Severity, Waiver};
use crate::record::{self, restore};

const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const GREEN: Style = AnsiColor::Green.on_default();

/// How many open findings of a gate are spelled out.
const SHOWN: usize = 3;

/// What to judge.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  affect-audit gate reports/latest/audit.json --policy my-policy.md\n  affect-audit gate reports/latest/audit.json --baseline reports/last/audit.json\n\nThe exit codes are those of audit: affect-audit --help"
)]
pub struct Arguments {
    /// The record: the audit.json that an audit wrote
    record: String,
    /// The policy to judge by, Markdown with toml blocks or .toml, or bundled:NAME [default: that of the audit]
    #[arg(long, value_name = "FILE")]
    policy: Option<String>,
    /// The audit.json of an earlier release, for gates with of = "change" [default: what the audit measured of its own]
    #[arg(long, value_name = "RECORD")]
    baseline: Option<String>,
    /// Only the exit code
    #[arg(short, long)]
    quiet: bool,
}

/// Judges.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let record = record::parse(&arguments.record, &output::read_text(&arguments.record)?)?;
    let (policy, _) = own_or(arguments.policy.as_deref(), &record)?;
    let decision = decide(&policy.scopes, &restore::scope(&record));
    if decision.outcome == ScopeOutcome::Refuse {
        return Ok(super::audit::refused(&policy, &decision));
    }
    let mut measurements = restore::measurements(&arguments.record, &record)?;
    if let Some(file) = &arguments.baseline {
        let baseline = super::audit::read_baseline(file)?;
        baseline.check(&(&record).into(), &policy.gates)?;
        baseline.check_labels(&record)?;
        if baseline.digest() == record.digest {
            output::note("the baseline holds the same as this record: nothing can have changed");
        }
        // Changes that were paired rest on answers that are in no record: those from this baseline stand.
        let same = record
            .baseline
            .as_ref()
            .is_some_and(|known| known.digest == baseline.digest());
        let paired = Some(Comparison::PairedChange);
        let (mut known, others): (Vec<_>, Vec<_>) = measurements
            .into_iter()
            .filter(|one| !matches!(one.comparison, Some(Comparison::Change(_))))
            .partition(|one| one.comparison == paired);
        known.retain(|_| same);
        measurements = others;
        let of = policy.change_measures();
        let changes = changes(&measurements, &baseline.measurements, &of, &[]);
        measurements.extend(changes.into_iter().map(|change| {
            let paired = known.iter().find(|known| same_change(known, &change));
            paired.cloned().unwrap_or(change)
        }));
    }
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
        if let Some(context) = policy.context.map(|context| word(&CONTEXTS, &context))
            && context != record.scope.context
        {
            output::note(&plain(&format!(
                "{} is written for the context {context}, and the audit declared {}: rules about uses are judged by what it declared",
                policy.name, record.scope.context
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
        let _ = writeln!(text, "{:<31} {}", plain(gate), parts.join(", "));
        of_gate.retain(|finding| finding.outcome != Outcome::Pass);
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
            let holds = |_: &&Waiver| finding.outcome == Outcome::Waived;
            let waiver = finding.waiver.as_ref().filter(holds);
            let waived = waiver.map_or_else(String::new, |waiver| {
                plain(&format!(
                    "; accepted by {} until {}",
                    waiver.owner, waiver.expires
                ))
            });
            let _ = writeln!(
                text,
                "  {style}{name}{style:#} {}: {}{needed}{waived}",
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
