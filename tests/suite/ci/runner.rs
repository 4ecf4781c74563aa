//! As much of a runner of GitHub jobs as the action and the page need: inputs, environment, outputs, conditions. What
//! it does not know is an error, so that nothing is passed over unseen.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use libtest_mimic::Failed;
use serde_json::{Map, Value};

use super::root;

/// Actions of others that need a host and are passed over.
const OTHERS: [&str; 4] = [
    "actions/cache@",
    "actions/checkout@",
    "actions/upload-artifact@",
    "github/codeql-action/upload-sarif@",
];

pub fn is_here(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

pub fn yaml(text: &str) -> Result<Value, Failed> {
    serde_saphyr::from_str(text).map_err(|error| error.to_string().into())
}

/// Runs a shell with this program first on the path: its code, and all it said.
pub fn shell(
    folder: &Path,
    program: &str,
    words: &[&str],
    variables: &[(String, String)],
) -> Result<(i32, String), Failed> {
    let own = Path::new(env!("CARGO_BIN_EXE_affect-audit")).parent();
    let before = std::env::var_os("PATH").unwrap_or_default();
    let path = own.map(Path::to_path_buf).into_iter();
    let path = std::env::join_paths(path.chain(std::env::split_paths(&before)))?;
    let output = Command::new(program)
        .args(words)
        .current_dir(folder)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .envs(variables.iter().cloned())
        .output()?;
    let log = [output.stdout, output.stderr].concat();
    Ok((
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&log).into_owned(),
    ))
}

/// A job that ran.
#[derive(Default)]
pub struct Job {
    /// How it ended.
    pub code: i32,
    /// What its steps said.
    pub log: String,
    /// What it wrote to the summary.
    pub summary: String,
    /// How many steps would have uploaded something that is there.
    pub uploads: usize,
    /// What the audit of the action gave to further steps.
    pub outputs: BTreeMap<String, String>,
}

/// What expressions can name.
type Names = BTreeMap<String, String>;

impl Job {
    /// Runs the steps of the action.
    pub fn action(folder: &Path, given: &Map<String, Value>) -> Result<Job, Failed> {
        let mut job = Job::default();
        job.run_action(folder, given, &Names::new())?;
        Ok(job)
    }

    /// Runs the only job of a workflow, with the key of the folder as its secret.
    pub fn workflow(folder: &Path, workflow: &Value) -> Result<Job, Failed> {
        let jobs = workflow["jobs"].as_object().ok_or("no jobs")?;
        let (_, only) = jobs.iter().next().ok_or("no job")?;
        let mut names = Names::from([(
            "secrets.AFFECT_AUDIT_SIGNING_KEY".to_owned(),
            fs::read_to_string(folder.join("key"))?,
        )]);
        let mut job = Job::default();
        for step in only["steps"].as_array().ok_or("no steps")? {
            let uses = step["uses"].as_str().unwrap_or_default();
            let ours = concat!("OWNER/affect-audit@v", env!("CARGO_PKG_VERSION"));
            if uses == ours && job.code == 0 {
                let given = step["with"].as_object().cloned().unwrap_or_default();
                job.run_action(folder, &given, &names)?;
                let action = yaml(&fs::read_to_string(root().join("action.yml"))?)?;
                let id = step["id"].as_str().unwrap_or_default();
                for (name, value) in &job.outputs {
                    if action["outputs"][name].is_object() {
                        names.insert(format!("steps.{id}.outputs.{name}"), value.clone());
                    }
                }
            } else {
                job.step(folder, step, &mut names.clone())?;
            }
        }
        Ok(job)
    }

    fn run_action(
        &mut self,
        folder: &Path,
        given: &Map<String, Value>,
        outer: &Names,
    ) -> Result<(), Failed> {
        let action = yaml(&fs::read_to_string(root().join("action.yml"))?)?;
        let known = action["inputs"].as_object().ok_or("no inputs")?;
        if let Some(name) = given.keys().find(|name| !known.contains_key(*name)) {
            return Err(format!("the action has no input {name}").into());
        }
        let mut names = Names::from([
            (
                "github.action_path".to_owned(),
                root().display().to_string(),
            ),
            ("github.action_ref".to_owned(), "v0".to_owned()),
            (
                "runner.temp".to_owned(),
                folder.join("temp").display().to_string(),
            ),
            ("runner.os".to_owned(), "Linux".to_owned()),
            ("runner.arch".to_owned(), "X64".to_owned()),
        ]);
        for (name, input) in known {
            let value = given.get(name).unwrap_or(&input["default"]);
            let value = value.as_str().ok_or_else(|| format!("{name} is no text"))?;
            names.insert(format!("inputs.{name}"), filled(value, outer)?);
        }
        for step in action["runs"]["steps"].as_array().ok_or("no steps")? {
            self.step(folder, step, &mut names)?;
        }
        for (name, value) in &names {
            if let Some(name) = name.strip_prefix("steps.audit.outputs.") {
                self.outputs.insert(name.to_owned(), value.clone());
            }
        }
        Ok(())
    }

    /// A step: run where its condition holds, and where none failed before unless it says so.
    fn step(&mut self, folder: &Path, step: &Value, names: &mut Names) -> Result<(), Failed> {
        let condition = step["if"].as_str().unwrap_or("${{ true }}");
        if !holds(condition, names)? || (self.code != 0 && !condition.contains("always()")) {
            return Ok(());
        }
        if let Some(uses) = step["uses"].as_str() {
            if !OTHERS.iter().any(|other| uses.starts_with(other)) {
                return Err(format!("unknown action {uses}").into());
            }
            for key in ["sarif_file", "path"] {
                if let Some(file) = step["with"][key].as_str() {
                    self.uploads += usize::from(folder.join(filled(file, names)?).exists());
                }
            }
            return Ok(());
        }
        let script = step["run"].as_str().ok_or("a step that does nothing")?;
        // What is put into a script instead of its environment could be a command.
        if script.contains("${{") {
            return Err(format!("an expression within a script: {script}").into());
        }
        let files = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"];
        let mut variables: Vec<(String, String)> = Vec::new();
        for name in files {
            let file = folder.join(name);
            fs::write(&file, "")?;
            variables.push((name.to_owned(), file.display().to_string()));
        }
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            let value = value.as_str().ok_or("a variable that is no text")?;
            variables.push((name.clone(), filled(value, names)?));
        }
        let words = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
        let (code, log) = shell(folder, "bash", &words, &variables)?;
        self.code = code;
        self.log.push_str(&log);
        self.summary
            .push_str(&fs::read_to_string(folder.join(files[1]))?);
        let id = step["id"].as_str().unwrap_or("none");
        for line in fs::read_to_string(folder.join(files[0]))?.lines() {
            let (name, value) = line.split_once('=').ok_or("an output without a value")?;
            names.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
        Ok(())
    }
}

/// Text with its expressions replaced by what they name. Outputs of steps that did not run are empty.
fn filled(text: &str, names: &Names) -> Result<String, Failed> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (name, after) = after
            .split_once("}}")
            .ok_or("an expression without an end")?;
        out.push_str(before);
        out.push_str(&named(name.trim(), names)?);
        rest = after;
    }
    Ok(out + rest)
}

fn named(name: &str, names: &Names) -> Result<String, Failed> {
    match names.get(name) {
        Some(value) => Ok(value.clone()),
        None if name.starts_with("steps.") => Ok(String::new()),
        None => Err(format!("unknown expression {name}").into()),
    }
}

/// Comparisons with text, joined by "and".
fn holds(condition: &str, names: &Names) -> Result<bool, Failed> {
    let inner = condition
        .strip_prefix("${{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .ok_or_else(|| format!("no expression: {condition}"))?;
    for part in inner.split("&&").map(str::trim) {
        let compared = |mark: &str| -> Option<(String, String)> {
            let (name, text) = part.split_once(mark)?;
            Some((
                name.trim().to_owned(),
                text.trim().trim_matches('\'').to_owned(),
            ))
        };
        let is_so = match (part, compared("=="), compared("!=")) {
            ("true" | "always()", ..) => true,
            (_, Some((name, text)), _) => named(&name, names)? == text,
            (_, _, Some((name, text))) => named(&name, names)? != text,
            _ => return Err(format!("unknown condition {part}").into()),
        };
        if !is_so {
            return Ok(false);
        }
    }
    Ok(true)
}
