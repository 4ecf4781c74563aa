//! Pipelines: the action, the GitLab template and every example of `docs/ci.md` and `docs/evidence.md` run as written,
//! in a shell with this program, and end as they say.

mod image;
mod log;
mod runner;

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::{Map, Value, json};

use crate::run::program;
use runner::{Job, shell, yaml};

pub fn trials() -> Vec<Trial> {
    let has_bash = runner::is_here("bash") && runner::is_here("jq");
    let has_openssl = runner::is_here("openssl") && runner::is_here("unzip");
    vec![
        Trial::test("ci::the_action_ends_as_the_audit_does", outcomes).with_ignored_flag(!has_bash),
        Trial::test("ci::the_action_takes_no_report_for_another", stale)
            .with_ignored_flag(!has_bash),
        Trial::test("ci::the_workflow_of_the_page_runs", workflow).with_ignored_flag(!has_bash),
        Trial::test("ci::the_gitlab_job_of_the_page_runs", gitlab),
        Trial::test("ci::the_commands_of_the_page_run", || {
            commands("docs/ci.md", 5)
        }),
        Trial::test("ci::the_commands_on_policies_run", || {
            commands("docs/policies.md", 2)
        }),
        Trial::test("ci::the_commands_on_evidence_run", || {
            commands("docs/evidence.md", 4)
        })
        .with_ignored_flag(!has_openssl),
        Trial::test("ci::no_data_speaks_to_the_runner", log::nothing_is_obeyed),
        Trial::test("ci::everything_is_pinned", pinned),
        Trial::test("ci::the_image_is_built_and_runs", image::built_and_run)
            .with_ignored_flag(image::engine().is_none()),
        Trial::test("ci::manual_pages_cover_every_command", manual),
    ]
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A dataset, answers and a policy: 24 of 30 are right, and the gate asks for the given share.
fn small(folder: &Path, min: &str) -> Result<(), Failed> {
    let inputs = root().join("tests/cases/gate-three-answers");
    fs::create_dir_all(folder.join("data"))?;
    for file in ["p.csv", "data/dataset.toml", "data/cases.csv"] {
        fs::copy(inputs.join(file), folder.join(file))?;
    }
    let policy = fs::read_to_string(inputs.join("policy.toml"))?;
    fs::write(
        folder.join("policy.toml"),
        policy.replace("min = 0.5", &format!("min = {min}")),
    )?;
    Ok(())
}

const ARGUMENTS: &str = "--dataset data --predictions p.csv --policy policy.toml --replicates 100";

/// Runs the action with these inputs.
fn action(folder: &Path, inputs: &[(&str, &str)]) -> Result<Job, Failed> {
    let given: Map<String, Value> = inputs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    Job::action(folder, &given)
}

/// Each code of an audit, and what the job makes of it.
fn outcomes() -> Result<(), Failed> {
    let cases: [(&str, &str, &str, i32, &str); 7] = [
        ("0.5", ARGUMENTS, "block", 0, "::debug::"),
        (
            "0.95",
            ARGUMENTS,
            "block",
            1,
            "::error file=policy.toml,line=4,title=",
        ),
        (
            "0.95",
            ARGUMENTS,
            "allow",
            1,
            "::error file=policy.toml,line=4,title=",
        ),
        ("0.8", ARGUMENTS, "block", 3, "evidence is missing"),
        ("0.8", ARGUMENTS, "allow", 0, "this is no pass"),
        (
            "0.8",
            "--dataset nowhere",
            "allow",
            2,
            "the audit could not run",
        ),
        ("0.8", ARGUMENTS, "perhaps", 2, "must be block or allow"),
    ];
    for (min, arguments, missing, expected, word) in cases {
        let folder = tempfile::tempdir()?;
        small(folder.path(), min)?;
        let inputs = [("arguments", arguments), ("missing-evidence", missing)];
        let job = action(folder.path(), &inputs)?;
        if job.code != expected || !job.log.contains(word) {
            return Err(format!("{min} {missing}: {}, {}", job.code, job.log).into());
        }
        let ended = job.outputs.get("exit-code").map_or("", String::as_str);
        if missing != "perhaps" && (expected != 0 || min == "0.8") && ended == "0" {
            return Err(format!("{min} {missing}: the action says exit code {ended}").into());
        }
    }
    // A use that the policy refuses.
    let folder = tempfile::tempdir()?;
    let refused = "--model reference:emotion --policy bundled:recruitment --context recruitment";
    let job = action(
        folder.path(),
        &[("arguments", refused), ("missing-evidence", "allow")],
    )?;
    if job.code != 4 || !job.log.contains("refuses the declared use") {
        return Err(format!("{}, {}", job.code, job.log).into());
    }
    Ok(())
}

/// Where an audit cannot run, nothing of an earlier one is shown, uploaded or bundled.
fn stale() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    small(folder, "0.5")?;
    let key = program(folder, &["bundle", "--new-key", "key"])?;
    let key = (
        key.status.success(),
        fs::read_to_string(folder.join("key"))?,
    );
    let mut inputs = vec![
        ("arguments", ARGUMENTS),
        ("sarif", "true"),
        ("bundle", "e.zip"),
        ("signing-key", &key.1),
    ];
    let job = action(folder, &inputs)?;
    let verified = program(folder, &["verify", "e.zip", "--public-key", "key.pub"])?;
    if !key.0 || job.code != 0 || job.uploads != 1 || verified.status.code() != Some(0) {
        return Err(format!("{} {} {verified:?}", job.code, job.log).into());
    }
    if job.log.contains(key.1.lines().nth(1).unwrap_or("?")) || job.summary.len() < 100 {
        return Err(job.log.into());
    }
    fs::remove_file(folder.join("e.zip"))?;
    inputs[0].1 = "--dataset nowhere";
    let job = action(folder, &inputs)?;
    if job.code != 2 || job.uploads != 0 || !job.summary.is_empty() || folder.join("e.zip").exists()
    {
        return Err(format!("{} {}", job.code, job.log).into());
    }
    Ok(())
}

/// A repository as the page begins one.
fn begun(folder: &Path) -> Result<(), Failed> {
    for words in [
        "init audit",
        "policy lock audit/POLICY.md",
        "bundle --new-key key",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let output = program(folder, &words)?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
    }
    let config = folder.join("audit/audit.toml");
    let text = fs::read_to_string(&config)?;
    fs::write(
        config,
        text.replace("replicates = 1000", "replicates = 100"),
    )?;
    Ok(())
}

fn workflow() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    begun(folder)?;
    let text = block("docs/ci.md", ".github/workflows/audit.yml")?;
    let job = Job::workflow(folder, &yaml(&text)?)?;
    // The bundled models fail the default policy, and the pipeline stops for that and nothing else.
    let verified = program(
        folder,
        &[
            "verify",
            "reports/latest/evidence.zip",
            "--public-key",
            "key.pub",
        ],
    )?;
    if job.code != 1 || job.uploads != 2 || verified.status.code() != Some(0) {
        return Err(format!("{} {} {}", job.code, job.uploads, job.log).into());
    }
    if !job.log.contains("::error file=audit/POLICY.md,line=") {
        return Err(job.log.into());
    }
    Ok(())
}

fn gitlab() -> Result<(), Failed> {
    let template = yaml(&fs::read_to_string(root().join("ci/gitlab.yml"))?)?;
    let page = yaml(&block("docs/ci.md", ".gitlab-ci.yml")?)?;
    let file = page["include"][0]["file"].as_str().unwrap_or_default();
    if page["audit"]["extends"] != ".affect-audit"
        || !root().join(file.trim_start_matches('/')).is_file()
    {
        return Err("the page does not extend the template".into());
    }
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    begun(folder)?;
    small(folder, "0.8")?;
    let key = fs::read_to_string(folder.join("key"))?;
    let of_page: &[(&str, &str)] = &[];
    let undecided = [
        ("AFFECT_AUDIT_CONFIG", ""),
        ("AFFECT_AUDIT_ARGUMENTS", ARGUMENTS),
    ];
    let broken = [("AFFECT_AUDIT_CONFIG", "nowhere.toml")];
    for (more, expected) in [(of_page, 1), (&undecided, 3), (&broken, 2)] {
        // What an earlier run left is no artifact of one that could not run, and is not lost.
        if expected != 2 {
            let _ = fs::remove_dir_all(folder.join("reports"));
        }
        let mut variables: Vec<(String, String)> = Vec::new();
        for source in [&template[".affect-audit"], &page["audit"]] {
            let known = source["variables"].as_object().into_iter().flatten();
            variables.extend(known.map(|(name, value)| {
                (name.clone(), value.as_str().unwrap_or_default().to_owned())
            }));
        }
        variables.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        variables.push(("AFFECT_AUDIT_SIGNING_KEY".to_owned(), key.clone()));
        let script = template[".affect-audit"]["script"]
            .as_array()
            .ok_or("no script")?;
        let script: Vec<&str> = script.iter().filter_map(Value::as_str).collect();
        // As its runner does in an image without bash.
        let (code, log) = shell(folder, "sh", &["-e", "-c", &script.join("\n")], &variables)?;
        if code != expected {
            return Err(format!("{code}, not {expected}: {log}").into());
        }
        let written = folder.join("reports/latest/evidence.zip").exists()
            && folder.join("reports/latest/junit.xml").exists();
        if written != (expected != 2) {
            return Err(format!("{expected}: evidence is {written}").into());
        }
        let mut left = fs::read_dir(folder.join("reports"))?.flatten();
        let earlier = left.any(|entry| entry.path().join("evidence.zip").exists());
        if !earlier {
            return Err(format!("{expected}: the reports are lost").into());
        }
    }
    if page["audit"]["allow_failure"]["exit_codes"] != json!([3]) {
        return Err("the page lets something else through than missing evidence".into());
    }
    Ok(())
}

/// Every block of shell of a page in one folder, each to its end. What ends an audit ends the block.
fn commands(page: &str, least: usize) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let text = fs::read_to_string(root().join(page))?;
    let blocks: Vec<&str> = text
        .split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    for block in &blocks {
        let (code, log) = shell(folder.path(), "sh", &["-e", "-c", block], &[])?;
        let audits = block.contains("exit \"${code");
        if code != i32::from(audits) {
            return Err(format!("{page}: {code} of:\n{block}\n{log}").into());
        }
    }
    if blocks.len() < least {
        return Err(format!("{page}: only {} blocks", blocks.len()).into());
    }
    Ok(())
}

/// A block of a page that is a file.
fn block(page: &str, file: &str) -> Result<String, Failed> {
    let text = fs::read_to_string(root().join(page))?;
    let (_, rest) = text
        .split_once(&format!("```yaml {file}\n"))
        .ok_or_else(|| format!("{page} holds no {file}"))?;
    let block = rest.split("\n```").next().unwrap_or_default();
    Ok(block.to_owned() + "\n")
}

/// The version that pages, template and image name is that of the program; other actions are pinned by their commit, and
/// the image is built from what the program is built from.
fn pinned() -> Result<(), Failed> {
    let version = env!("CARGO_PKG_VERSION");
    let read = |file: &str| fs::read_to_string(root().join(file));
    for file in ["docs/ci.md", "ci/gitlab.yml", "Containerfile"] {
        let text = read(file)?;
        for marker in ["affect-audit@v", "affect-audit:", "ref: v"] {
            for rest in text.split(marker).skip(1) {
                if rest.starts_with(|first: char| first.is_ascii_digit())
                    && !rest.starts_with(version)
                {
                    return Err(
                        format!("{file}: {marker} and another version than {version}").into(),
                    );
                }
            }
        }
        if !text.contains(version) {
            return Err(format!("{file} names no version").into());
        }
    }
    for file in ["action.yml", "docs/ci.md"] {
        for line in read(file)?.lines().filter(|line| line.contains("uses: ")) {
            let (_, pin) = line.split_once('@').ok_or_else(|| line.to_owned())?;
            let commit = pin.split(' ').next().unwrap_or_default();
            let ours = line.contains("OWNER/affect-audit@v");
            if !ours && (commit.len() != 40 || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()))
            {
                return Err(format!("{file}: not pinned: {line}").into());
            }
        }
    }
    let image = read("Containerfile")?;
    let copied: Vec<&str> = image
        .lines()
        .filter_map(|line| line.strip_prefix("COPY ")?.split(' ').next())
        .collect();
    for needed in [
        "src",
        "datasets",
        "models",
        "policies",
        "templates",
        "docs",
        "benches",
        "POLICY.md",
        "Cargo.toml",
    ] {
        if !copied.contains(&needed) || !root().join(needed).exists() {
            return Err(format!("the image is built without {needed}").into());
        }
    }
    let last = image.rsplit("\nFROM ").next().unwrap_or_default();
    let tagged = image
        .lines()
        .filter(|line| line.starts_with("FROM "))
        .all(|line| line.contains(':'));
    if !tagged || image.contains(":latest") || !last.contains("\nUSER 10001") {
        return Err("the image is not pinned, or runs as root".into());
    }
    Ok(())
}

/// A page for each command that help names, with the name and the options of the command.
fn manual() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let output = program(folder.path(), &["man", "pages"])?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let pages = fs::read_dir(folder.path().join("pages"))?.count();
    for (file, words) in [
        ("affect-audit.1", &["Exit codes", "verify"][..]),
        (
            "affect-audit-audit.1",
            &["predictions", "baseline", "replicates"],
        ),
        ("affect-audit-verify.1", &["public\\-key", "Exit codes"]),
        ("affect-audit-dataset-import.1", &["recipe"]),
    ] {
        let page = fs::read_to_string(folder.path().join("pages").join(file))?;
        if !page.contains(".TH ") || !words.iter().all(|word| page.contains(word)) {
            return Err(format!("{file}: {page}").into());
        }
    }
    if pages < 25 {
        return Err(format!("only {pages} pages").into());
    }
    Ok(())
}
