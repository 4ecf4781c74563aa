//! Real servers on the loopback, where Python packages bring them: MLServer for the Open Inference Protocol (KServe V2),
//! MLflow's scoring server. They serve a classifier trained a moment before, and must answer as it does in Python.

use std::env;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};

use crate::run::program;

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(120);

pub fn trials() -> Vec<Trial> {
    let trial = |name: &str, program: &'static str, test: fn(&Path) -> Result<(), Failed>| {
        let found = installed(program);
        Trial::test(format!("services::real::{name}"), move || {
            test(&installed(program).ok_or("not installed")?)
        })
        .with_ignored_flag(found.is_none())
    };
    vec![
        trial(
            "mlserver_answers_as_its_model_in_python",
            "mlserver",
            mlserver,
        ),
        trial("mlflow_answers_as_its_model_in_python", "mlflow", mlflow),
    ]
}

/// Where a program lies that a shell would find.
fn installed(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// A server that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that is free now.
fn port() -> Result<u16, Failed> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The texts of the bundled dataset, the model trained beside them.
fn train(folder: &Path, server: &Path, port: u16) -> Result<Vec<String>, Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(root.join("datasets/everyday-english/cases.csv"))?;
    let column = reader
        .headers()?
        .iter()
        .position(|name| name == "text")
        .ok_or("no texts")?;
    let mut texts = String::new();
    for row in reader.records() {
        texts.push_str(&row?[column]);
        texts.push('\n');
    }
    fs::write(folder.join("texts.txt"), texts)?;
    let output = Command::new(server.with_file_name("python"))
        .arg(root.join("tests/services/train.py"))
        .arg(folder)
        .arg(port.to_string())
        .arg(folder.join("texts.txt"))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let answers = fs::read_to_string(folder.join("answers.txt"))?;
    Ok(answers.lines().map(str::to_owned).collect())
}

/// Starts the server, and compares its answers with those of the model in Python.
fn compare(
    folder: &Path,
    port: u16,
    server: &mut Command,
    preset: &str,
    path: &str,
    answers: &[String],
) -> Result<(), Failed> {
    let server = server
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let _running = Running(server);
    let started = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if started.elapsed() > PATIENCE {
            return Err("the server does not listen".into());
        }
        thread::sleep(Duration::from_millis(200));
    }
    let file = format!(
        "preset = \"{preset}\"\nurl = \"http://127.0.0.1:{port}{path}\"\ncache = false\nscheme = {{ name = \"three-way\" }}\n"
    );
    fs::write(folder.join("m.toml"), file)?;
    let arguments = [
        "predict",
        "--model",
        "http:m.toml",
        "--dataset",
        "everyday-english",
        "-o",
        "m.csv",
    ];
    let output = program(folder, &arguments)?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let mut reader = csv::Reader::from_path(folder.join("m.csv"))?;
    let labels: Vec<String> = reader
        .records()
        .map(|row| row.map(|row| row[1].to_owned()))
        .collect::<Result<_, _>>()?;
    let kinds = ["positive", "negative", "neutral"];
    if labels != answers
        || !kinds
            .iter()
            .all(|kind| labels.iter().any(|label| label == kind))
    {
        return Err(format!("{} labels, not as in Python", labels.len()).into());
    }
    Ok(())
}

fn mlserver(server: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let port = port()?;
    let answers = train(folder.path(), server, port)?;
    let mut command = Command::new(server);
    command.args(["start", "."]);
    compare(
        folder.path(),
        port,
        &mut command,
        "kserve",
        "/v2/models/moods/infer",
        &answers,
    )
}

fn mlflow(server: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let port = port()?;
    let answers = train(folder.path(), server, port)?;
    // The server itself, and not the command that starts it and would leave it behind when it is stopped.
    let mut command = Command::new(server.with_file_name("python"));
    command
        .args([
            "-m",
            "uvicorn",
            "--host",
            "127.0.0.1",
            "--port",
            &port.to_string(),
        ])
        .arg("mlflow.pyfunc.scoring_server.app:app")
        .env("__pyfunc_model_path__", folder.path().join("mlflow"));
    compare(
        folder.path(),
        port,
        &mut command,
        "mlflow",
        "/invocations",
        &answers,
    )
}
