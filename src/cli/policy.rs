//! `policy`: check, explain and lock policies.

use std::fmt::Write;
use std::path::Path;

use clap::Subcommand;

use super::output;
use crate::attribute::{ATTRIBUTE_KINDS, word};
use crate::case::LABEL_SOURCES;
use crate::diagnostic::{
    Place, Problem, Problems, counted, expected_one_of, plain, plain_lines, quote,
};
use crate::measure::Measure;
use crate::policy::bundled::{self, BUNDLED, Bundled, PREFIX};
use crate::policy::lock::{Locks, SUFFIX};
use crate::policy::reason::reason;
use crate::policy::{
    BYS, By, DEFAULT, DEFAULT_NAME, Gate, INSUFFICIENTS, OFS, Of, Policy, SEVERITIES,
};
use crate::record::Record;

/// What to do with a policy.
#[derive(Subcommand)]
pub enum Command {
    /// Report every problem of a policy with line, column and way out
    #[command(after_help = "Example:\n  affect-audit policy check my-policy.md")]
    Check {
        /// The policy, Markdown with toml blocks or .toml, or bundled:NAME [default: the one that is built in]
        policy: Option<String>,
    },
    /// Say of each gate what it asks, why, what evidence it wants and which texts it is relevant to
    #[command(
        after_help = "Examples:\n  affect-audit policy explain\n  affect-audit policy explain my-policy.md\n  affect-audit explain emotion-skill --policy my-policy.md   one gate"
    )]
    Explain {
        /// The policy, Markdown with toml blocks or .toml, or bundled:NAME [default: the one that is built in]
        policy: Option<String>,
    },
    /// Fix a policy before scoring: writes its digest and the day to a file beside it
    #[command(after_help = LOCKING)]
    Lock {
        /// The policy
        policy: String,
        /// Lock a policy that was changed since; the earlier entry stays in the file
        #[arg(long)]
        force: bool,
    },
    /// List the policies that are built in, each for a context of use
    List,
    /// Print a policy that is built in
    #[command(
        after_help = "Examples:\n  affect-audit policy show > my-policy.md\n  affect-audit policy show recruitment > my-policy.md"
    )]
    Show {
        /// One of those that policy list names [default: the default policy]
        name: Option<String>,
    },
}

const LOCKING: &str = "\
Commit my-policy.md.lock with the policy. From then on audit, gate and the other commands refuse the policy once it
was changed, and reports say on which day it was locked. A lock shows what its history shows: who can write the file
can write its dates, so that it is the commit that proves the day.

Examples:
  affect-audit policy lock my-policy.md
  affect-audit policy lock my-policy.md --force";

/// Runs the command.
pub fn run(command: Command) -> Result<u8, Problems> {
    match command {
        Command::Check { policy } => {
            let policy = read_policy(policy.as_deref())?;
            output::print(&plain_lines(&[format!(
                "{}: {} {}, {}, {}, {}: no problem",
                policy.file,
                policy.name,
                policy.version,
                counted(policy.gates.len(), "gate"),
                counted(policy.scopes.len(), "scope rule"),
                counted(policy.waivers.len(), "waiver")
            )]))?;
        }
        Command::Explain { policy } => {
            let (policy, text) = read_with_text(policy.as_deref())?;
            let mut page = plain_lines(&[format!("{} {}", policy.name, policy.version)]);
            for gate in &policy.gates {
                let _ = write!(page, "\n{}", gate_page(&policy, &text, gate));
            }
            let _ = write!(page, "\n{}", waivers(&policy));
            output::print(&page)?;
        }
        Command::Lock { policy, force } => lock(&policy, force)?,
        Command::List => output::print(&list())?,
        Command::Show { name } => match name {
            None => output::print(DEFAULT)?,
            Some(name) => output::print(bundled(&name)?.text)?,
        },
    }
    Ok(0)
}

/// The policies that are built in.
fn list() -> String {
    let mut text = "(default)     where no policy is named: one line for everybody\n".to_owned();
    for policy in &BUNDLED {
        let _ = writeln!(text, "{:<14}{}", policy.name, policy.title);
    }
    text.push_str(
        "\nUse one with --policy bundled:NAME, or start your own from it: affect-audit init --policy NAME\n",
    );
    text
}

/// Fixes a policy as it is today.
fn lock(path: &str, force: bool) -> Result<(), Problems> {
    let policy = Policy::parse(path, &output::read_text(path)?)?;
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let file = format!("{path}{SUFFIX}");
    let locks = match locks(&file)? {
        None => Locks::new(&policy, &today),
        Some(mut locks) => match locks.check(&file, &policy) {
            Ok(locked) => {
                output::note(&plain(&format!(
                    "{file}: locked on {} already",
                    locked.date
                )));
                return Ok(());
            }
            Err(problems) if !force => return Err(problems),
            Err(_) => {
                locks.push(&policy, &today);
                locks
            }
        },
    };
    output::write(Path::new(&file), locks.to_text().as_bytes())?;
    output::note(&plain(&format!(
        "{file}: {} {} locked; commit it before you score",
        policy.name, policy.version
    )));
    Ok(())
}

/// The lock in a file, where there is one.
fn locks(file: &str) -> Result<Option<Locks>, Problems> {
    if !Path::new(file).exists() {
        return Ok(None);
    }
    Locks::parse(file, &output::read_text(file)?).map(Some)
}

/// Reads a policy, or the one that is built in.
///
/// # Errors
/// A file that cannot be read, every problem of the policy, or a policy that was changed after it was locked.
pub fn read_policy(path: Option<&str>) -> Result<Policy, Problems> {
    read_with_text(path).map(|(policy, _)| policy)
}

/// A bundled policy by its name.
///
/// # Errors
/// No policy has the name.
pub fn bundled(name: &str) -> Result<&'static Bundled, Problems> {
    bundled::find(name).ok_or_else(|| {
        let known: Vec<&str> = BUNDLED.iter().map(|policy| policy.name).collect();
        Problem::new(
            "policy/not-bundled",
            Place::file(format!("{PREFIX}{name}")),
            format!("no policy named {} comes with the program", quote(name)),
        )
        .help(expected_one_of(name, &known))
        .into()
    })
}

/// The policy that is named, else the one of the audit where it can still be had as it was, with its text.
///
/// # Errors
/// As for [`read_policy`], or the policy of the audit is not to be had.
pub fn own_or(named: Option<&str>, record: &Record) -> Result<(Policy, String), Problems> {
    if named.is_some() {
        return read_with_text(named);
    }
    let is_own = |policy: &Policy| policy.digest == record.policy.digest;
    let mut changed = None;
    let mut unread = Problems::new();
    let built_in = BUNDLED
        .iter()
        .map(|policy| Some(format!("{PREFIX}{}", policy.name)));
    // Where it was named for the audit, since its lock lies there too; else built in; else by its bare name here.
    let run = record.run.as_ref();
    let named = run.and_then(|run| run.policy.clone()).map(Some);
    let places = named
        .into_iter()
        .chain([None])
        .chain(built_in)
        .chain([Some(record.policy.file.clone())]);
    for place in places {
        let file = place.as_deref().filter(|name| !name.starts_with(PREFIX));
        if file.is_some_and(|file| !Path::new(file).is_file()) {
            continue;
        }
        match read_with_text(place.as_deref()) {
            Ok((policy, text)) if is_own(&policy) => return Ok((policy, text)),
            Ok((policy, _)) => {
                changed = changed.or(file.map(|file| (file.to_owned(), policy.digest)));
            }
            Err(problems) if unread.is_empty() => unread = problems,
            Err(_) => {}
        }
    }
    unread.or(())?;
    let message = changed.map_or_else(
        || "the policy of the audit is not here".to_owned(),
        |(file, digest)| {
            format!(
                "the policy was changed after the audit: {} now has the digest {digest:.8} instead of {:.8}",
                quote(&file),
                record.policy.digest
            )
        },
    );
    Err(
        Problem::new("gate/policy", Place::file(&record.policy.file), message)
            .help("say which policy to judge by with --policy FILE")
            .into(),
    )
}

/// Reads a policy with its text.
///
/// # Errors
/// As for [`read_policy`].
pub fn read_with_text(path: Option<&str>) -> Result<(Policy, String), Problems> {
    let Some(path) = path else {
        return Ok((Policy::parse(DEFAULT_NAME, DEFAULT)?, DEFAULT.to_owned()));
    };
    if let Some(name) = path.strip_prefix(PREFIX) {
        let known = bundled(name)?;
        return Ok((
            Policy::parse(known.file, known.text)?,
            known.text.to_owned(),
        ));
    }
    let text = output::read_text(path)?;
    let mut policy = Policy::parse(path, &text)?;
    let file = format!("{path}{SUFFIX}");
    if let Some(locks) = locks(&file)? {
        policy.locked = Some(locks.check(&file, &policy)?);
    }
    Ok((policy, text))
}

/// A gate in words: what it asks and why, which evidence it wants, and which texts it is relevant to.
pub fn gate_page(policy: &Policy, text: &str, gate: &Gate) -> String {
    let mut page = vec![gate.id.clone(), format!("  {}", gate.title)];
    let task = gate.task.map_or("every task", |task| task.as_str());
    page.push(format!(
        "  asks      {} ({}, {}) of {task}: {}",
        gate.measure.page().title.to_lowercase(),
        word(&BYS, &gate.by),
        word(&OFS, &gate.of),
        gate.bound.words()
    ));
    page.push(format!(
        "  evidence  at least {}, intervals at {:.0} %",
        counted(gate.min_n as usize, "case"),
        100.0 * gate.level
    ));
    for wanted in wanted(gate) {
        page.push(format!("            {wanted}"));
    }
    page.push(format!(
        "  severity  {}; missing evidence: {}{}",
        word(&SEVERITIES, &gate.severity),
        word(&INSUFFICIENTS, &gate.insufficient),
        if gate.required { "" } else { "; may be absent" }
    ));
    if !gate.reference.is_empty() {
        page.push(format!("  relevant  {}", gate.reference.join("; ")));
    }
    let measure = gate.measure.page().id;
    for clause in &policy.clauses {
        if clause
            .evidence
            .iter()
            .any(|evidence| *evidence == gate.id || evidence == measure)
        {
            let from = match clause.applies_from.as_str() {
                "" => String::new(),
                date => format!(" (from {date})"),
            };
            page.push(format!(
                "  clause    {}{from}: {}",
                clause.title, clause.note
            ));
        }
    }
    let reason = reason(text, gate.line);
    if !reason.paragraphs.is_empty() {
        page.push(format!(
            "  why       {}, line {} of the policy",
            reason.heading, gate.line
        ));
        for paragraph in reason.paragraphs {
            page.push(format!("            {paragraph}"));
        }
    }
    plain_lines(&page)
}

/// What is waived, by whom and until when, and how much may be.
fn waivers(policy: &Policy) -> String {
    let most = policy.most_waivers.map_or_else(
        || "any number of findings may be waived at once".to_owned(),
        |most| {
            format!(
                "at most {} waived at once",
                counted(most as usize, "finding")
            )
        },
    );
    let mut text = vec![
        "waivers".to_owned(),
        format!("  {}; {most}", counted(policy.waivers.len(), "waiver")),
    ];
    for waiver in &policy.waivers {
        text.push(format!("  {}", waiver.finding));
        text.push(format!(
            "            {} answers for it until {}: {}",
            waiver.owner, waiver.expires, waiver.reason
        ));
    }
    plain_lines(&text)
}

/// What the data must hold for a gate to be measured.
fn wanted(gate: &Gate) -> Vec<String> {
    let mut wanted = Vec::new();
    if gate.of == Of::Change {
        wanted.push("a baseline: the record of an earlier release (--baseline)".to_owned());
    }
    if !gate.label_sources.is_empty() {
        let sources: Vec<&str> = gate
            .label_sources
            .iter()
            .map(|source| word(&LABEL_SOURCES, source))
            .collect();
        wanted.push(format!("labels that are {}", sources.join(" or ")));
    }
    if !gate.labels.is_empty() {
        wanted.push(format!("cases labelled {}", gate.labels.join(", ")));
    }
    if matches!(gate.by, By::Group | By::LabelAndGroup) {
        let kinds: Vec<&str> = gate
            .attribute_kinds
            .iter()
            .map(|kind| word(&ATTRIBUTE_KINDS, kind))
            .collect();
        let which = match (gate.attributes.as_slice(), kinds.as_slice()) {
            ([], []) => String::new(),
            ([], kinds) => format!(" of kind {}", kinds.join(", ")),
            (names, _) => format!(": {}", names.join(", ")),
        };
        wanted.push(format!("groups that the data declares{which}"));
    }
    match gate.measure {
        Measure::ScoreShift | Measure::FlipRate | Measure::SetCoverage => {
            wanted.push("sets of sentences that differ only in who is named".to_owned());
        }
        Measure::HumanAlpha => wanted.push("several people's labels of the same cases".to_owned()),
        _ => {}
    }
    wanted
}
