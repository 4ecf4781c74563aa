//! `policy`: check, explain and lock policies.

mod words;

pub use words::gate_page;

use std::fmt::Write;
use std::path::Path;

use clap::Subcommand;

use super::output;
use crate::diagnostic::{
    Place, Problem, Problems, counted, expected_one_of, plain, plain_lines, quote,
};
use crate::policy::bundled::{self, BUNDLED, Bundled, PREFIX};
use crate::policy::lock::{Locks, SUFFIX};
use crate::policy::{DEFAULT, DEFAULT_NAME, Policy};
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
            output::print(&words::policy_page(&policy, &text))?;
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
    let today = today();
    let file = format!("{path}{SUFFIX}");
    let locks = match locks(&file)? {
        None => Locks::new(&policy, &today),
        Some(mut locks) => match locks.check(&file, &policy) {
            Ok(locked) => {
                let already = format!("locked on {} already", locked.date);
                let said = locked.remark(&today).unwrap_or(already);
                output::note(&plain(&format!("{file}: {said}")));
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

/// The day, as `YYYY-MM-DD`.
fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
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
    // A link to a locked policy is as locked as the policy.
    let real = std::fs::canonicalize(path).map(|real| real.display().to_string());
    let mut files = [Ok(path.to_owned()), real].into_iter().flatten();
    let locked = files.find_map(|path| {
        let file = format!("{path}{SUFFIX}");
        let locks = locks(&file).transpose()?;
        Some(locks.map(|locks| (file, locks)))
    });
    if let Some((file, locks)) = locked.transpose()? {
        let locked = locks.check(&file, &policy)?;
        if let Some(remark) = locked.remark(&today()) {
            output::note(&plain(&format!("{file}: {remark}")));
        }
        policy.locked = Some(locked);
    }
    Ok((policy, text))
}
