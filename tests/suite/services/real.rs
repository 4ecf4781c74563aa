//! Real servers on the loopback, where Python packages bring them: MLServer for the Open Inference Protocol (KServe V2),
//! MLflow's scoring server, and llama-cpp-python's for OpenAI's interface. They serve a model made a moment before, and
//! must answer as it does in Python.

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
    let trial = |name: &str, found: Option<PathBuf>, test: fn(&Path) -> Result<(), Failed>| {
        let ignored = found.is_none();
        Trial::test(
            format!("services::real::{name}_answers_as_its_model_in_python"),
            move || test(&found.ok_or("not installed")?),
        )
        .with_ignored_flag(ignored)
    };
    vec![
        trial("mlserver", installed("mlserver"), mlserver),
        trial("mlflow", installed("mlflow"), mlflow),
        trial("llama_cpp", python_with("llama_cpp"), llama_cpp),
    ]
}

/// Where a program lies that a shell would find.
fn installed(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// A Python on the way that shells search, with a package beside it.
fn python_with(package: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).find_map(|folder| {
        let python = folder.join("python");
        let versions = fs::read_dir(folder.parent()?.join("lib")).ok()?;
        let mut packages =
            versions.map(|version| Some(version.ok()?.path().join("site-packages").join(package)));
        let there = packages.any(|path| path.is_some_and(|path| path.is_dir()));
        (there && python.is_file()).then_some(python)
    })
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

/// Has a script make a model and write what it answers to the texts of the bundled dataset.
fn made(script: &mut Command, folder: &Path) -> Result<Vec<String>, Failed> {
    let mut reader = csv::Reader::from_path(root().join("datasets/everyday-english/cases.csv"))?;
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
    let path = folder.join("texts.txt");
    fs::write(&path, texts)?;
    let output = script.arg(path).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let answers = fs::read_to_string(folder.join("answers.txt"))?;
    Ok(answers.lines().map(str::to_owned).collect())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A classifier laid out for MLServer and MLflow.
fn train(folder: &Path, server: &Path, port: u16) -> Result<Vec<String>, Failed> {
    let mut script = Command::new(server.with_file_name("python"));
    script
        .arg(root().join("tests/services/train.py"))
        .arg(folder)
        .arg(port.to_string());
    made(&mut script, folder)
}

/// The file of a classifier's service.
fn declare(folder: &Path, port: u16, preset: &str, path: &str) -> Result<(), Failed> {
    let file = format!(
        "preset = \"{preset}\"\nurl = \"http://127.0.0.1:{port}{path}\"\ncache = false\nscheme = {{ name = \"three-way\" }}\n"
    );
    Ok(fs::write(folder.join("m.toml"), file)?)
}

/// Starts the server, and compares its answers with those of the model in Python, which a few may be `unlike`.
fn compare(
    folder: &Path,
    port: u16,
    server: &mut Command,
    answers: &[String],
    unlike: usize,
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
    let pairs = labels.iter().zip(answers);
    if labels.len() != answers.len()
        || pairs.filter(|(ours, theirs)| ours != theirs).count() > unlike
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
    declare(folder.path(), port, "kserve", "/v2/models/moods/infer")?;
    compare(folder.path(), port, &mut command, &answers, 0)
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
    declare(folder.path(), port, "mlflow", "/invocations")?;
    compare(folder.path(), port, &mut command, &answers, 0)
}

fn llama_cpp(python: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let port = port()?;
    let mut script = Command::new(python);
    script
        .arg(root().join("tests/services/language_model.py"))
        .arg(folder.path())
        .arg(root().join("src/model/http/presets/openai.toml"))
        .arg(port.to_string());
    let answers = made(&mut script, folder.path())?;
    let mut command = Command::new(python);
    command
        .args(["-m", "llama_cpp.server", "--model", "model.gguf"])
        .args(["--host", "127.0.0.1", "--port", &port.to_string()])
        .args(["--n_ctx", "1024", "--n_threads", "1"])
        .args(["--n_threads_batch", "1"]);
    // The server goes on from what it computed for the request before, which rounds otherwise: random weights leave
    // near ties, four of 1,382 here.
    compare(folder.path(), port, &mut command, &answers, 13)
}
