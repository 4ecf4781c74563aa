//! The lock of a policy: its digest and the day on which it was fixed, kept in a file beside it, so that anybody can
//! tell thresholds that were set before scoring from thresholds that moved.

use std::cell::RefCell;
use std::fmt::Write;

use super::Policy;
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::document::{self, Fields};

/// The end of the name of a lock: `my-policy.md.lock` locks `my-policy.md`.
pub const SUFFIX: &str = ".lock";

/// A state of the policy that was fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Version of the policy.
    pub version: String,
    /// SHA-256 of its text, in hexadecimal.
    pub digest: String,
    /// The day, as `YYYY-MM-DD`.
    pub date: String,
}

/// Every lock of a file, the one in force last. There is at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locks {
    /// In the order in which they were made.
    locks: Vec<Lock>,
}

/// What a policy and its lock make of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The day on which the policy was fixed as it is.
    pub date: String,
    /// How often it was fixed otherwise before.
    pub earlier: u64,
}

impl Locked {
    /// What is wrong with the day, where it is still to come (`today` as `YYYY-MM-DD`): nobody locked anything then.
    pub fn remark(&self, today: &str) -> Option<String> {
        (self.date.as_str() > today).then(|| {
            format!(
                "the policy is said to be locked on {}, a day that is still to come: the lock shows nothing",
                self.date
            )
        })
    }
}

impl Locks {
    /// The lock of a policy that had none.
    pub fn new(policy: &Policy, today: &str) -> Self {
        Locks {
            locks: vec![lock(policy, today)],
        }
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn parse(file: &str, text: &str) -> Result<Locks, Problems> {
        let table = document::parse(file, text)?;
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        let locks: Vec<Lock> = fields
            .tables("lock")
            .into_iter()
            .map(|entry| {
                let lock = Lock {
                    version: entry.required_text("version"),
                    digest: entry.required_text("digest"),
                    date: entry.required_text("date"),
                };
                // Dates are compared as text, so they must all be written alike.
                if lock.date.len() != 10 || lock.date.parse::<jiff::civil::Date>().is_err() {
                    entry.problem(
                        Problem::new(
                            "policy/lock-date",
                            entry.place_of("date"),
                            format!("{} is no date", quote(&lock.date)),
                        )
                        .help("expected a day such as 2027-03-31"),
                    );
                }
                entry.finish();
                lock
            })
            .collect();
        if locks.is_empty() {
            fields.problem(
                Problem::new(
                    "policy/lock-empty",
                    Place::file(file),
                    "the lock holds no entry",
                )
                .help("write it with affect-audit policy lock"),
            );
        }
        fields.finish();
        problems.into_inner().or(Locks { locks })
    }

    /// The lock as text, to be kept beside the policy.
    pub fn to_text(&self) -> String {
        let mut text = String::from(
            "# Written by affect-audit policy lock. The last entry is in force; earlier ones tell that it changed.\n",
        );
        for lock in &self.locks {
            let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
            let _ = write!(
                text,
                "\n[[lock]]\nversion = {}\ndigest = {}\ndate = {}\n",
                quoted(&lock.version),
                quoted(&lock.digest),
                quoted(&lock.date)
            );
        }
        text
    }

    /// Adds the policy as it is now.
    pub fn push(&mut self, policy: &Policy, today: &str) {
        self.locks.push(lock(policy, today));
    }

    /// When the policy was fixed.
    ///
    /// # Errors
    /// The policy is not what was fixed.
    pub fn check(&self, file: &str, policy: &Policy) -> Result<Locked, Problems> {
        match self.locks.as_slice() {
            [earlier @ .., last] if last.digest == policy.digest => Ok(Locked {
                date: last.date.clone(),
                earlier: earlier.len() as u64,
            }),
            locks => {
                let last = locks.last();
                let of = |field: fn(&Lock) -> &str| last.map_or("", field);
                Err(Problem::new(
                    "policy/changed-after-lock",
                    Place::file(&policy.file),
                    format!(
                        "the policy was changed after it was locked on {} (version {}, digest {:.8}; now version {}, digest {:.8})",
                        of(|lock| &lock.date),
                        of(|lock| &lock.version),
                        of(|lock| &lock.digest),
                        policy.version,
                        policy.digest
                    ),
                )
                .help(format!(
                    "bring back the policy that was locked, or lock this one with affect-audit policy lock --force, which keeps the earlier entry in {file}"
                ))
                .into())
            }
        }
    }
}

fn lock(policy: &Policy, today: &str) -> Lock {
    Lock {
        version: policy.version.clone(),
        digest: policy.digest.clone(),
        date: today.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DEFAULT, DEFAULT_NAME, Policy};
    use super::{Locked, Locks};

    fn policy(text: &str) -> Policy {
        Policy::parse(DEFAULT_NAME, text).unwrap_or_else(|problems| panic!("{problems}"))
    }

    #[test]
    fn a_change_after_the_lock_is_told_and_stays_told() {
        let first = policy(DEFAULT);
        let second = policy(&DEFAULT.replacen("min = 0.40", "min = 0.20", 1));
        let mut locks = Locks::new(&first, "2026-01-02");
        let locked = |date: &str, earlier| Locked {
            date: date.to_owned(),
            earlier,
        };
        assert_eq!(locks.check("f", &first), Ok(locked("2026-01-02", 0)));
        let problems = locks.check("f", &second).expect_err("another policy");
        assert!(problems.to_string().contains("2026-01-02"), "{problems}");
        locks.push(&second, "2026-02-03");
        let read = Locks::parse("f", &locks.to_text()).expect("what was written");
        assert_eq!(read, locks);
        assert_eq!(read.check("f", &second), Ok(locked("2026-02-03", 1)));
        assert!(
            read.check("f", &first).is_err(),
            "an earlier state is not in force"
        );
    }

    #[test]
    fn a_day_that_is_still_to_come_is_told() {
        for (date, is_told) in [
            ("2026-11-20", false),
            ("2026-11-21", false),
            ("2026-11-22", true),
            ("2099-01-01", true),
        ] {
            let locked = Locked {
                date: date.to_owned(),
                earlier: 0,
            };
            let remark = locked.remark("2026-11-21");
            assert_eq!(remark.is_some(), is_told, "{date}");
            assert!(remark.is_none_or(|remark| remark.contains(date)));
        }
    }

    #[test]
    fn a_broken_lock_never_passes() {
        for text in [
            "",
            "[[lock]]",
            "lock = 1",
            "[[lock]]\nversion = \"1\"\ndigest = \"a\"\ndate = \"soon\"",
            "[[lock]]\nversion = \"1\"\ndigest = \"a\"\ndate = \"20260102\"",
        ] {
            assert!(Locks::parse("f", text).is_err(), "{text}");
        }
    }
}
