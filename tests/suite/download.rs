//! Fetching the files of a recipe, against a server on this machine that behaves and misbehaves.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use affect_audit::digest::sha256;
use libtest_mimic::{Failed, Trial};

use crate::run::program;

const CONTENT: &str = "text,label\nA fine day.,positive\nA lost key.,negative\nA table.,neutral\n";

/// How the server answers a request: its number, counted from 0, and the byte that it shall begin with.
type Behaviour = fn(&mut TcpStream, usize, Option<usize>) -> std::io::Result<()>;

/// A test.
type Test = fn() -> Result<(), Failed>;

pub fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 11] = [
        ("a_file_is_fetched_once_and_imported", fetched),
        ("nothing_is_asked_for_unless_told_to", not_asked),
        ("a_cut_connection_is_gone_on_with", cut_once),
        (
            "a_later_run_goes_on_where_an_earlier_one_ended",
            cut_for_good,
        ),
        ("a_server_without_ranges_begins_anew", no_ranges),
        ("another_digest_leaves_nothing", other_digest),
        ("an_address_that_is_gone_leaves_nothing", gone),
        ("an_address_may_send_on", redirected),
        ("an_address_that_sends_in_circles_is_left", circles),
        ("more_bytes_than_expected_are_refused", too_large),
        ("only_https_is_asked_elsewhere", not_https),
    ];
    tests
        .into_iter()
        .map(|(name, test)| Trial::test(format!("download::{name}"), test))
        .collect()
}

/// A server that is gone with the process; the lines of all requests and their ranges.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

fn serve(behaviour: Behaviour) -> Result<Server, Failed> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = answer(stream, behaviour, &seen);
        }
    });
    Ok(Server { address, requests })
}

fn answer(
    mut stream: TcpStream,
    behaviour: Behaviour,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut said = line.trim().to_owned();
    let mut from = None;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let lower = line.to_lowercase();
        if let Some(range) = lower.trim().strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().ok();
            said.push_str(&format!(" from {range}"));
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let number = {
        let mut seen = seen
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        seen.push(said);
        seen.len() - 1
    };
    behaviour(&mut stream, number, from)?;
    stream.shutdown(std::net::Shutdown::Both)
}

impl Server {
    fn said(&self) -> Vec<String> {
        let requests = self.requests.lock();
        requests
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }
}

/// What a server sends of `CONTENT`, from a byte to another, having announced all of it.
fn send(stream: &mut TcpStream, from: Option<usize>, to: usize) -> std::io::Result<()> {
    let all = CONTENT.len();
    let start = from.unwrap_or(0);
    let status = match from {
        Some(from) => format!(
            "206 Partial Content\r\nContent-Range: bytes {from}-{}/{all}",
            all - 1
        ),
        None => "200 OK".to_owned(),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        all - start
    )?;
    stream.write_all(&CONTENT.as_bytes()[start..to.max(start)])
}

fn recipe(folder: &Path, url: &str, sha256: &str, more: &str) -> Result<(), Failed> {
    let text = format!(
        "[dataset]\nname = \"days\"\n[source]\n[[source.files]]\npath = \"in/days.csv\"\nurl = \"{url}\"\nsha256 = \"{sha256}\"\n{more}\n[read]\nform = \"delimited\"\nfile = \"in/days.csv\"\n[columns.text]\nfrom = \"text\"\n[tasks.sentiment]\nscheme = \"three-way\"\nsource = \"perceived\"\nfrom = \"label\"\n"
    );
    Ok(fs::write(folder.join("recipe.toml"), text)?)
}

/// Exit code and what was said.
fn import(folder: &Path) -> Result<(i32, String), Failed> {
    let arguments = [
        "dataset",
        "import",
        "--recipe",
        "recipe.toml",
        "--download",
        "-o",
        "d",
    ];
    let output = program(folder, &arguments)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok((output.status.code().unwrap_or(-1), said))
}

fn expect(right: bool, what: &str, said: &str) -> Result<(), Failed> {
    if right {
        Ok(())
    } else {
        Err(format!("{what}\n{said}").into())
    }
}

/// Everything under the folder but the recipe.
fn left(folder: &Path) -> Result<Vec<String>, Failed> {
    let mut open = vec![folder.to_path_buf()];
    let mut found = Vec::new();
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if !path.ends_with("recipe.toml") {
                found.push(path.strip_prefix(folder)?.display().to_string());
            }
        }
    }
    found.sort();
    Ok(found)
}

const ALL: [&str; 3] = ["d/cases.csv", "d/dataset.toml", "d/source/in/days.csv"];

fn digest() -> String {
    sha256([CONTENT.as_bytes()])
}

/// One run against a server, and what it must come to.
fn run(
    behaviour: Behaviour,
    path: &str,
    sha256: &str,
    more: &str,
) -> Result<(Server, tempfile::TempDir, i32, String), Failed> {
    let server = serve(behaviour)?;
    let folder = tempfile::tempdir()?;
    recipe(
        folder.path(),
        &format!("{}{path}", server.address),
        sha256,
        more,
    )?;
    let (code, said) = import(folder.path())?;
    Ok((server, folder, code, said))
}

fn fetched() -> Result<(), Failed> {
    let whole: Behaviour = |stream, _, from| send(stream, from, CONTENT.len());
    let (server, folder, code, said) = run(whole, "/days.csv", &digest(), "")?;
    expect(
        code == 0 && said.contains("3 cases written"),
        "imported",
        &said,
    )?;
    expect(said.contains("from 127.0.0.1:"), "the host is said", &said)?;
    expect(left(folder.path())? == ALL, "what is left", &said)?;
    expect(
        !said.contains('\u{1b}') && !said.contains('\r'),
        "no bar where nobody watches",
        &said,
    )?;
    let again = [
        "dataset",
        "import",
        "--recipe",
        "recipe.toml",
        "--download",
        "-o",
        "d",
        "--force",
    ];
    let output = program(folder.path(), &again)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    expect(
        output.status.success() && said.contains("1 file there already"),
        "again",
        &said,
    )?;
    expect(
        server.said().len() == 1,
        "one request",
        &format!("{:?}", server.said()),
    )?;
    // A file that is there and another one is not written over.
    fs::write(folder.path().join("d/source/in/days.csv"), "mine")?;
    let output = program(folder.path(), &again)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    expect(
        output.status.code() == Some(2) && said.contains("import/other-digest"),
        "mine",
        &said,
    )?;
    expect(
        fs::read_to_string(folder.path().join("d/source/in/days.csv"))? == "mine",
        "kept",
        &said,
    )
}

fn not_asked() -> Result<(), Failed> {
    let server = serve(|stream, _, from| send(stream, from, CONTENT.len()))?;
    let folder = tempfile::tempdir()?;
    recipe(
        folder.path(),
        &format!("{}/days.csv", server.address),
        &digest(),
        "",
    )?;
    let output = program(
        folder.path(),
        &[
            "dataset",
            "import",
            "--recipe",
            "recipe.toml",
            "--from",
            ".",
            "-o",
            "d",
        ],
    )?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    expect(output.status.code() == Some(2), "there is no file", &said)?;
    expect(
        server.said().is_empty(),
        "no request",
        &format!("{:?}", server.said()),
    )
}

fn cut_once() -> Result<(), Failed> {
    let cut: Behaviour =
        |stream, number, from| send(stream, from, if number == 0 { 20 } else { CONTENT.len() });
    let (server, folder, code, said) = run(cut, "/days.csv", &digest(), "")?;
    expect(code == 0 && left(folder.path())? == ALL, "imported", &said)?;
    let requests = server.said();
    expect(
        requests.len() == 2 && requests[1].ends_with("from 20-"),
        "goes on",
        &format!("{requests:?}"),
    )
}

fn cut_for_good() -> Result<(), Failed> {
    let cut: Behaviour = |stream, _, from| send(stream, from, 20);
    let (_, folder, code, said) = run(cut, "/days.csv", &digest(), "")?;
    expect(
        code == 2 && said.contains("20 bytes are kept"),
        "refused",
        &said,
    )?;
    expect(
        left(folder.path())? == ["d/source/in/days.csv.part"],
        "only the part is left",
        &said,
    )?;
    let server = serve(|stream, _, from| send(stream, from, CONTENT.len()))?;
    recipe(
        folder.path(),
        &format!("{}/days.csv", server.address),
        &digest(),
        "",
    )?;
    let (code, said) = import(folder.path())?;
    expect(code == 0 && left(folder.path())? == ALL, "imported", &said)?;
    expect(
        server.said() == ["GET /days.csv HTTP/1.1 from 20-"],
        "goes on",
        &format!("{:?}", server.said()),
    )
}

fn no_ranges() -> Result<(), Failed> {
    let whole: Behaviour =
        |stream, number, _| send(stream, None, if number == 0 { 20 } else { CONTENT.len() });
    let (server, folder, code, said) = run(whole, "/days.csv", &digest(), "")?;
    expect(code == 0 && left(folder.path())? == ALL, "imported", &said)?;
    expect(server.said().len() == 2, "asked twice", &said)
}

fn other_digest() -> Result<(), Failed> {
    let whole: Behaviour = |stream, _, from| send(stream, from, CONTENT.len());
    let (_, folder, code, said) = run(whole, "/days.csv", &"0".repeat(64), "")?;
    expect(
        code == 2 && said.contains("import/other-digest") && said.contains(&digest()),
        "refused",
        &said,
    )?;
    expect(left(folder.path())?.is_empty(), "nothing is left", &said)
}

fn gone() -> Result<(), Failed> {
    let gone: Behaviour = |stream, _, _| {
        stream
            .write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    };
    let (server, folder, code, said) = run(gone, "/days.csv", &digest(), "")?;
    expect(
        code == 2 && said.contains("status 404") && said.contains("help:"),
        "refused",
        &said,
    )?;
    expect(
        left(folder.path())?.is_empty() && server.said().len() == 1,
        "nothing is left",
        &said,
    )
}

fn redirected() -> Result<(), Failed> {
    let redirect: Behaviour = |stream, number, from| {
        match number {
        0 => stream.write_all(
            b"HTTP/1.1 302 Found\r\nLocation: /moved.csv\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ),
        _ => send(stream, from, CONTENT.len()),
    }
    };
    let (server, folder, code, said) = run(redirect, "/days.csv", &digest(), "")?;
    expect(code == 0 && left(folder.path())? == ALL, "imported", &said)?;
    expect(
        server.said()[1].starts_with("GET /moved.csv"),
        "sent on",
        &format!("{:?}", server.said()),
    )
}

fn circles() -> Result<(), Failed> {
    let circle: Behaviour = |stream, _, _| {
        stream.write_all(
            b"HTTP/1.1 302 Found\r\nLocation: /again.csv\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        )
    };
    let (server, folder, code, said) = run(circle, "/days.csv", &digest(), "")?;
    expect(code == 2 && said.contains("redirects"), "refused", &said)?;
    expect(
        left(folder.path())?.is_empty() && server.said().len() < 20,
        "nothing is left",
        &said,
    )
}

fn too_large() -> Result<(), Failed> {
    let whole: Behaviour = |stream, _, from| send(stream, from, CONTENT.len());
    let (_, folder, code, said) = run(whole, "/days.csv", &digest(), "bytes = 30")?;
    expect(
        code == 2 && said.contains("import/too-large"),
        "refused by what is announced",
        &said,
    )?;
    expect(left(folder.path())?.is_empty(), "nothing is left", &said)?;
    // A server that announces nothing is stopped at the limit.
    let endless: Behaviour = |stream, _, _| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
        while stream.write_all(&[b'a'; 1024]).is_ok() {}
        Ok(())
    };
    let (_, folder, code, said) = run(endless, "/days.csv", &digest(), "bytes = 30")?;
    expect(
        code == 2 && said.contains("import/too-large"),
        "refused by what comes",
        &said,
    )?;
    expect(left(folder.path())?.is_empty(), "nothing is left", &said)
}

fn not_https() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    recipe(folder.path(), "http://example.org/days.csv", &digest(), "")?;
    let (code, said) = import(folder.path())?;
    expect(
        code == 2 && said.contains("import/address"),
        "refused",
        &said,
    )?;
    recipe(folder.path(), "", &digest(), "")?;
    let (code, said) = import(folder.path())?;
    expect(
        code == 2 && said.contains("import/no-address"),
        "no address",
        &said,
    )?;
    recipe(folder.path(), "https://example.org/days.csv", "", "")?;
    let text = fs::read_to_string(folder.path().join("recipe.toml"))?;
    fs::write(
        folder.path().join("recipe.toml"),
        text.replace("sha256 = \"\"\n", ""),
    )?;
    let (code, said) = import(folder.path())?;
    expect(
        code == 2 && said.contains("import/no-digest"),
        "no digest",
        &said,
    )?;
    expect(left(folder.path())?.is_empty(), "nothing is left", &said)
}
