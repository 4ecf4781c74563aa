//! Models fetched from a hub: a server on the loopback that answers as the hub does, and as it should not.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use affect_audit::digest::sha256;
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::run::said;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

pub fn trials() -> Vec<Trial> {
    let here = cfg!(all(feature = "candle", feature = "hub"));
    let trial = |name, test: fn() -> Result<(), Failed>| {
        Trial::test(format!("hub::{name}"), test).with_ignored_flag(!here)
    };
    vec![
        trial("a_model_is_fetched_once_and_known_by_its_commit", fetched),
        trial("nothing_is_asked_unless_allowed", refused),
        trial("pickled_weights_are_not_fetched", pickled),
        trial("what_goes_wrong_is_told", told),
        trial("damaged_weights_are_removed", damaged),
    ]
}

/// A hub with one model, `nobody/tiny`, and what was asked of it.
struct Hub {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What the hub holds, and how it misbehaves.
#[derive(Clone, Default)]
struct Shelf {
    files: BTreeMap<String, Vec<u8>>,
    /// The mark of every file, where it is not its digest.
    mark: Option<&'static str>,
    /// The commit that it names, where it is not the right one.
    commit: Option<&'static str>,
    /// The status of every answer, where it is not 200.
    status: Option<u16>,
}

impl Hub {
    fn open(shelf: Shelf) -> Result<Hub, Failed> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = answer(stream, &shelf, &noted);
            }
        });
        Ok(Hub { address, asked })
    }

    fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .map_or_else(|_| Vec::new(), |asked| asked.clone())
    }

    /// Runs `predict` on three texts with a cache of its own.
    fn predict(&self, folder: &Path, more: &[&str]) -> Result<Output, Failed> {
        fs::create_dir_all(folder.join("d"))?;
        fs::write(folder.join("d/dataset.toml"), "name = \"few\"\n")?;
        fs::write(
            folder.join("d/cases.csv"),
            "id,text\na,It rained.\nb,I am glad.\nc,No!\n",
        )?;
        let mut arguments = vec!["predict", "--dataset", "d", "-o", "-"];
        arguments.extend(more);
        self.run(folder, &arguments)
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> Result<Output, Failed> {
        Ok(Command::new(env!("CARGO_BIN_EXE_affect-audit"))
            .args(arguments)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .env("NO_PROXY", "*")
            .env("HF_ENDPOINT", &self.address)
            .env("HF_HOME", folder.join("hf"))
            .env("AFFECT_AUDIT_CACHE", folder.join("kept"))
            .env("XDG_STATE_HOME", folder.join("state"))
            .env_remove("HF_HUB_CACHE")
            .output()?)
    }
}

/// Answers one request and closes the connection.
fn answer(mut stream: TcpStream, shelf: &Shelf, asked: &Mutex<Vec<String>>) -> Result<(), Failed> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().ok_or("no request")??;
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut from = 0_usize;
    let mut upto = None;
    for line in lines {
        let line = line?.to_lowercase();
        if line.starts_with("authorization") {
            return Err("a key was sent".into());
        }
        if let Some((first, last)) = line
            .strip_prefix("range: bytes=")
            .and_then(|range| range.split_once('-'))
        {
            from = first.parse()?;
            upto = last.parse::<usize>().ok();
        }
        if line.is_empty() {
            break;
        }
    }
    if let Ok(mut asked) = asked.lock() {
        asked.push(path.clone());
    }
    let commit = shelf.commit.unwrap_or(COMMIT);
    let about = "/api/models/nobody/tiny/revision/";
    let file = format!("/nobody/tiny/resolve/{commit}/");
    let (status, headers, body) = if let Some(status) = shelf.status {
        (status, String::new(), Vec::new())
    } else if path == format!("{about}v1") || path == format!("{about}{COMMIT}") {
        let names: Vec<Value> = shelf
            .files
            .keys()
            .map(|name| json!({ "rfilename": name }))
            .collect();
        let body = json!({ "sha": commit, "siblings": names }).to_string();
        (200, String::new(), body.into_bytes())
    } else if let Some(content) = path
        .strip_prefix(&file)
        .and_then(|name| shelf.files.get(name))
    {
        let digest = sha256([content.as_slice()]);
        let mark = shelf.mark.unwrap_or(&digest);
        let end = upto.map_or(content.len(), |last| (last + 1).min(content.len()));
        let headers = format!(
            "etag: \"{mark}\"\r\nx-repo-commit: {commit}\r\ncontent-range: bytes {from}-{}/{}\r\n",
            end.saturating_sub(1),
            content.len()
        );
        (206, headers, content[from.min(end)..end].to_vec())
    } else {
        (404, String::new(), Vec::new())
    };
    stream.write_all(
        format!(
            "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
            body.len()
        )
        .as_bytes(),
    )?;
    Ok(stream.write_all(&body)?)
}

/// The tiny model, with files beside it that nobody needs.
fn tiny() -> Result<Shelf, Failed> {
    let mut shelf = Shelf::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transformers/bert");
    for name in [
        "README.md",
        "config.json",
        "model.safetensors",
        "tokenizer_config.json",
        "vocab.txt",
    ] {
        shelf
            .files
            .insert(name.to_owned(), fs::read(folder.join(name))?);
    }
    for name in ["pytorch_model.bin", "run.py", "../../escape"] {
        shelf.files.insert(name.to_owned(), b"no".to_vec());
    }
    Ok(shelf)
}

const SPEC: [&str; 2] = ["--model", "hf:nobody/tiny@v1"];
const ALLOWED: [&str; 3] = ["--model", "hf:nobody/tiny@v1", "--allow-network"];

fn fetched() -> Result<(), Failed> {
    let hub = Hub::open(tiny()?)?;
    let folder = tempfile::tempdir()?;
    let first = hub.predict(folder.path(), &ALLOWED)?;
    let host = hub.address.trim_start_matches("http://");
    if !first.status.success()
        || !said(&first).starts_with(&format!("asking {host} for nobody/tiny, revision v1\n"))
    {
        return Err(said(&first).into());
    }
    let asked = hub.asked();
    if asked
        .iter()
        .any(|path| path.contains("pytorch") || path.contains("run.py") || path.contains(".."))
    {
        return Err(format!("{asked:?}").into());
    }
    // The model itself; of five files what they are, twice, and their content.
    if asked.len() != 16 {
        return Err(format!("{} requests: {asked:?}", asked.len()).into());
    }
    // The cache has it now: nothing is asked without leave, and no file again with it.
    let offline = hub.predict(folder.path(), &SPEC)?;
    if offline.stdout != first.stdout || hub.asked().len() != 16 {
        return Err(said(&offline).into());
    }
    let again = hub.predict(folder.path(), &ALLOWED)?;
    if again.stdout != first.stdout || hub.asked().len() != 17 {
        return Err(said(&again).into());
    }
    // The same scores as from the folder itself.
    let local = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transformers/bert");
    let spec = format!("hf:{}", local.display());
    let local = hub.predict(folder.path(), &["--model", &spec])?;
    if local.stdout != first.stdout {
        return Err("other scores than from the folder".into());
    }
    // The record names the commit, not the branch.
    fs::write(
        folder.path().join("d/dataset.toml"),
        "name = \"few\"\n[tasks.emotion]\nscheme = \"ekman\"\nsource = \"perceived\"\n",
    )?;
    fs::write(
        folder.path().join("d/cases.csv"),
        "id,text,emotion\na,It rained.,joy\nb,I am glad.,joy\nc,No!,fear\n",
    )?;
    let mut arguments = vec!["audit", "--dataset", "d", "--format", "json", "-o", "-"];
    arguments.extend(SPEC);
    let audit = hub.run(folder.path(), &arguments)?;
    let record: Value = serde_json::from_slice(&audit.stdout).map_err(|_| said(&audit))?;
    let model = &record["models"][0];
    let spec = format!("hf:nobody/tiny@{COMMIT}");
    if model["revision"] != COMMIT || model["spec"] != spec || model["name"] != "hf:tiny" {
        return Err(model.to_string().into());
    }
    Ok(())
}

fn refused() -> Result<(), Failed> {
    let hub = Hub::open(tiny()?)?;
    let folder = tempfile::tempdir()?;
    let output = hub.predict(folder.path(), &SPEC)?;
    let said = said(&output);
    if output.status.code() != Some(2) || !said.contains("--allow-network") {
        return Err(said.into());
    }
    if !hub.asked().is_empty() || folder.path().join("hf").exists() {
        return Err(format!("{:?}", hub.asked()).into());
    }
    Ok(())
}

fn pickled() -> Result<(), Failed> {
    let mut shelf = tiny()?;
    shelf.files.remove("model.safetensors");
    let hub = Hub::open(shelf)?;
    let folder = tempfile::tempdir()?;
    let output = hub.predict(folder.path(), &ALLOWED)?;
    let said = said(&output);
    if output.status.code() != Some(2)
        || !said.contains("error[model/pickled]")
        || !said.contains("safe_serialization=True")
        || hub.asked().len() != 1
    {
        return Err(said.into());
    }
    Ok(())
}

fn told() -> Result<(), Failed> {
    let shelf = tiny()?;
    let cases = [
        ("hf:nobody/other@v1", shelf.clone(), "no model nobody/other"),
        ("hf:nobody/tiny@v2", shelf.clone(), "the revision v2\n"),
        (
            "hf:nobody/tiny@v1",
            Shelf {
                status: Some(401),
                ..shelf.clone()
            },
            "`hf download nobody/tiny --revision v1`",
        ),
        (
            "hf:nobody/tiny@v1",
            Shelf {
                status: Some(503),
                ..shelf.clone()
            },
            "cannot be fetched",
        ),
        (
            "hf:nobody/tiny@v1",
            Shelf {
                commit: Some("../../../../tmp/x"),
                ..shelf.clone()
            },
            "it names no commit",
        ),
        (
            "hf:nobody/tiny@v1",
            Shelf {
                mark: Some("/tmp/escape"),
                ..shelf
            },
            "the marks of a file",
        ),
    ];
    for (spec, shelf, expected) in cases {
        let hub = Hub::open(shelf)?;
        let folder = tempfile::tempdir()?;
        let output = hub.predict(folder.path(), &["--model", spec, "--allow-network"])?;
        let said = said(&output);
        if output.status.code() != Some(2) || !said.contains(expected) || !said.contains("help:") {
            return Err(format!("{expected}: {said}").into());
        }
    }
    // Nobody answers at all.
    let hub = Hub {
        address: "http://127.0.0.1:9".to_owned(),
        asked: Arc::default(),
    };
    let folder = tempfile::tempdir()?;
    let output = hub.predict(folder.path(), &ALLOWED)?;
    if output.status.code() != Some(2) || !said(&output).contains("check the connection") {
        return Err(said(&output).into());
    }
    Ok(())
}

fn damaged() -> Result<(), Failed> {
    let mut shelf = tiny()?;
    // One file, so that one mark can be that of all.
    shelf.files.retain(|name, _| name == "model.safetensors");
    shelf.mark = Some("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    let hub = Hub::open(shelf)?;
    let folder = tempfile::tempdir()?;
    let output = hub.predict(folder.path(), &ALLOWED)?;
    let said = said(&output);
    if output.status.code() != Some(2) || !said.contains("error[model/damaged]") {
        return Err(said.into());
    }
    let model = folder.path().join("hf/hub/models--nobody--tiny");
    let left = fs::read_dir(model.join("blobs"))?
        .flatten()
        .filter(|entry| entry.path().extension().is_none())
        .count();
    if left != 0
        || model
            .join("snapshots")
            .join(COMMIT)
            .join("model.safetensors")
            .exists()
    {
        return Err(format!("{left} files left").into());
    }
    Ok(())
}
