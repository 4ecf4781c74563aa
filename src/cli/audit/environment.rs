//! What a record tells of the environment that it was made in: the system, and which commit a CI service had checked
//! out. Names outside this list are never read, so that no secret can get into a record.

use std::collections::BTreeMap;

use crate::diagnostic::plain;

/// What GitHub and GitLab say of a job that is no secret: which repository, commit and run it belongs to.
const OF_JOBS: [&str; 8] = [
    "CI_COMMIT_REF_NAME",
    "CI_COMMIT_SHA",
    "CI_PIPELINE_ID",
    "CI_PROJECT_PATH",
    "GITHUB_REF",
    "GITHUB_REPOSITORY",
    "GITHUB_RUN_ID",
    "GITHUB_SHA",
];

/// The longest value that is kept, in characters.
const LONGEST: usize = 200;

/// The environment by name.
pub fn told() -> BTreeMap<String, String> {
    let mut told = BTreeMap::from([
        ("os".to_owned(), std::env::consts::OS.to_owned()),
        ("arch".to_owned(), std::env::consts::ARCH.to_owned()),
    ]);
    for name in OF_JOBS {
        // What is not Unicode is none of theirs.
        if let Ok(value) = std::env::var(name)
            && !value.is_empty()
        {
            let short: String = value.chars().take(LONGEST).collect();
            told.insert(name.to_owned(), plain(&short));
        }
    }
    told
}
