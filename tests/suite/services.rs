//! Models that are services: a server on the loopback that answers as it should and as it should not.

mod paid;
mod presets;
mod real;
pub mod server;
mod useless;
mod watched;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use server::{Fault, Server};

use crate::run::{labels, said};

pub fn trials() -> Vec<Trial> {
    let trial =
        |name, test: fn() -> Result<(), Failed>| Trial::test(format!("services::{name}"), test);
    let mut trials = vec![
        trial("answers_survive_every_fault_of_the_way", faults),
        trial("what_cannot_be_read_counts_as_failed", unreadable),
        trial("nobody_is_asked_twice_for_the_same", kept),
        trial("retry_after_is_waited_for_by_all", waited),
        trial("requests_keep_to_the_rate_and_the_limit", limited),
        trial("keys_go_to_the_service_and_nowhere_else", keys),
        trial("nothing_leaves_the_machine_unless_allowed", consent),
        trial("mistakes_are_told_together", mistakes),
        trial("a_service_that_will_not_answer_ends_the_run", hopeless),
        trial(
            "texts_that_are_not_taken_do_not_take_others_along",
            rejected,
        ),
        trial("presets_speak_as_their_services_do", presets),
    ];
    trials.extend(paid::trials());
    trials.extend(useless::trials());
    trials.extend(watched::trials());
    trials.extend(real::trials());
    trials
}

const TEXTS: [(&str, &str); 6] = [
    ("a", "positive"),
    ("b", "negative"),
    ("c", "neutral"),
    ("d", "negative"),
    ("e", "positive"),
    ("f", "neutral"),
];

const RIGHT: &str = "positive negative neutral negative positive neutral";

/// A folder with six texts and a file for the server.
fn lay(server: &Server, more: &str) -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    fs::create_dir_all(folder.path().join("d"))?;
    fs::write(
        folder.path().join("d/dataset.toml"),
        "name = \"few\"\n[tasks.sentiment]\nscheme = \"three-way\"\nsource = \"perceived\"\n",
    )?;
    let mut cases = "id,text,sentiment\n".to_owned();
    for (id, label) in TEXTS {
        cases.push_str(&format!("{id},Word {id} is {label}.,{label}\n"));
    }
    fs::write(folder.path().join("d/cases.csv"), cases)?;
    let file = format!(
        r#"url = "{}/label"
scheme = {{ name = "three-way" }}
backoff = 0.01
timeout = 2
sanity = false
canaries = false
{more}
body = '{{"docs": [{{"{{{{each}}}}": {{"id": "{{{{id}}}}", "text": "{{{{text}}}}"}}}}]}}'
[headers]
X-Api-Key = "${{TEST_KEY}}"
[answer]
items = "/docs"
id = "/id"
label = "/label"
scores = "/scores"
"#,
        server.address
    );
    fs::write(folder.path().join("m.toml"), file)?;
    Ok(folder)
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_affect-audit"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("TEST_KEY", "very-secret-key")
        .env("AFFECT_AUDIT_CACHE", folder.join("kept"));
    command
}

const PREDICT: [&str; 7] = [
    "predict",
    "--model",
    "http:m.toml",
    "--dataset",
    "d",
    "-o",
    "-",
];

fn predict(folder: &Path) -> Result<Output, Failed> {
    Ok(command(folder, &PREDICT).output()?)
}

fn right(what: &str, output: &Output) -> Result<(), Failed> {
    if output.status.code() == Some(0) && labels(output) == RIGHT {
        return Ok(());
    }
    Err(format!("{what}: {} {}", labels(output), said(output)).into())
}

fn faults() -> Result<(), Failed> {
    for fault in [
        Fault::None,
        Fault::Slow,
        Fault::Cut,
        Fault::Dropped,
        Fault::Status(429),
        Fault::Status(500),
        Fault::Status(503),
        Fault::Reordered,
        Fault::Strangers,
    ] {
        for batch in [1, 4] {
            let server = Server::open(fault, 3)?;
            let folder = lay(&server, &format!("batch = {batch}\nconcurrency = 3"))?;
            let output = predict(folder.path())?;
            right(&format!("{fault:?} {batch}"), &output)?;
            // Each answer was given once: what broke was asked again, and nothing else.
            let most = server.answered().values().copied().max().unwrap_or(0);
            if most != 1 {
                return Err(format!("{fault:?}: answered {most} times").into());
            }
        }
    }
    Ok(())
}

fn unreadable() -> Result<(), Failed> {
    for (fault, words) in [
        (Fault::Malformed, "an answer that is no JSON"),
        (Fault::Wrong, "the label \"joy\" is not known"),
        (Fault::Missing, "an answer without an item for it"),
        (Fault::Different, "two different answers"),
        (Fault::Beyond, "a score outside 0 to 1"),
        (Fault::Shapeless, "an answer without the list of items"),
    ] {
        // The first question is answered well, then one request of one text is not.
        let server = Server::open(fault, 3)?;
        let folder = lay(&server, "concurrency = 1")?;
        let output = predict(folder.path())?;
        let text = said(&output);
        let expected = RIGHT.replacen("negative", "!", 1);
        if output.status.code() != Some(0)
            || labels(&output) != expected
            || !text.contains(&format!(
                "1 of 6 texts got no answer and count as failed: 1 times {words}"
            ))
        {
            return Err(format!("{fault:?}: {} {text}", labels(&output)).into());
        }
    }
    Ok(())
}

fn kept() -> Result<(), Failed> {
    let server = Server::open(Fault::Wrong, 3)?;
    let folder = lay(&server, "concurrency = 1")?;
    predict(folder.path())?;
    // What failed is asked again, and only that.
    let again = predict(folder.path())?;
    right("again", &again)?;
    if !said(&again).contains("5 answers of 6 were kept from before") {
        return Err(said(&again).into());
    }
    let asked = server.requests();
    if asked != 8 {
        return Err(format!("{asked} requests").into());
    }
    // With all answers kept nobody is needed, and the record is the same.
    drop(server);
    right("offline", &predict(folder.path())?)
}

fn waited() -> Result<(), Failed> {
    let server = Server::open(Fault::RetryAfter(1), 3)?;
    let folder = lay(&server, "concurrency = 2")?;
    let started = Instant::now();
    right("a second", &predict(folder.path())?)?;
    if started.elapsed() < Duration::from_secs(1) {
        return Err("it did not wait".into());
    }
    let server = Server::open(Fault::RetryAfter(100_000), 3)?;
    let folder = lay(&server, "concurrency = 1")?;
    let output = predict(folder.path())?;
    if output.status.code() != Some(2) || !said(&output).contains("asks to wait for 100000 seconds")
    {
        return Err(said(&output).into());
    }
    Ok(())
}

fn limited() -> Result<(), Failed> {
    let server = Server::open(Fault::Together(3), 0)?;
    let folder = lay(&server, "concurrency = 3")?;
    right("limit", &predict(folder.path())?)?;
    let most = server.most_waiting();
    if most != 3 {
        return Err(format!("{most} requests at once").into());
    }
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(&server, "concurrency = 4\nrate = 5")?;
    let started = Instant::now();
    right("rate", &predict(folder.path())?)?;
    // Seven requests have six pauses of a fifth of a second between them.
    if started.elapsed() < Duration::from_millis(1200) {
        return Err(format!("{:?}", started.elapsed()).into());
    }
    Ok(())
}

fn keys() -> Result<(), Failed> {
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(&server, "batch = 2")?;
    let arguments = [
        "audit",
        "--model",
        "http:m.toml",
        "--dataset",
        "d",
        "--out",
        "out",
        "--replicates",
        "100",
    ];
    let output = command(folder.path(), &arguments).output()?;
    if !matches!(output.status.code(), Some(0 | 1 | 3)) {
        return Err(said(&output).into());
    }
    if !server
        .heads()
        .iter()
        .all(|head| head.contains("very-secret-key"))
    {
        return Err("the key did not reach the service".into());
    }
    let mut everything = String::from_utf8_lossy(&output.stdout).into_owned() + &said(&output);
    for place in ["out/audit.json", "out/index.html"] {
        everything += &fs::read_to_string(folder.path().join(place))?;
    }
    for entry in fs::read_dir(folder.path().join("kept/answers"))? {
        everything += &fs::read_to_string(entry?.path())?;
    }
    // A service that repeats the key in an error is not repeated.
    let server = Server::open(Fault::Echo, 0)?;
    let folder = lay(&server, "")?;
    let output = predict(folder.path())?;
    everything += &said(&output);
    if everything.contains("very-secret") || !said(&output).contains("repeats a key") {
        return Err(format!("a key leaked: {}", said(&output)).into());
    }
    for (file, expected) in [
        ("X-Api-Key = \"abc\"", "error[model/key-in-file]"),
        (
            "X-Api-Key = \"${NO_SUCH_KEY}\"",
            "set the variable NO_SUCH_KEY",
        ),
        ("X-Auth = \"abc\"", "the header X-Auth holds a key"),
        ("[values]\ntoken = \"abc\"", "the value token is a key"),
        (
            "[values]\nlanguage = \"${LANGUAGE}\"",
            "would be sent as it is written",
        ),
    ] {
        let path = folder.path().join("m.toml");
        let text = fs::read_to_string(&path)?.replace("X-Api-Key = \"${TEST_KEY}\"", file);
        fs::write(folder.path().join("other.toml"), text)?;
        let arguments = PREDICT.map(|word| {
            if word == "http:m.toml" {
                "http:other.toml"
            } else {
                word
            }
        });
        let output = command(folder.path(), &arguments).output()?;
        if output.status.code() != Some(2) || !said(&output).contains(expected) {
            return Err(said(&output).into());
        }
    }
    Ok(())
}

fn consent() -> Result<(), Failed> {
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(&server, "")?;
    let path = folder.path().join("m.toml");
    let text = fs::read_to_string(&path)?.replace(&server.address, "https://affect.invalid");
    fs::write(&path, &text)?;
    let output = predict(folder.path())?;
    if output.status.code() != Some(2)
        || !said(&output).contains("error[model/network]")
        || !said(&output).contains("--allow-network")
    {
        return Err(said(&output).into());
    }
    let mut allowed = PREDICT.to_vec();
    allowed.push("--allow-network");
    let output = command(folder.path(), &allowed)
        .env("NO_PROXY", "*")
        .output()?;
    let told = "texts are sent to affect.invalid, for http:m.toml";
    if output.status.code() != Some(2) || !said(&output).starts_with(told) {
        return Err(said(&output).into());
    }
    fs::write(&path, text.replace("https://", "http://"))?;
    let output = predict(folder.path())?;
    if !said(&output).contains("would go over the network for all to read") {
        return Err(said(&output).into());
    }
    Ok(())
}

fn mistakes() -> Result<(), Failed> {
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(&server, "")?;
    fs::write(
        folder.path().join("m.toml"),
        "preset = \"open-ai\"\nurl = \"ftp://x\"\nbody = '{\"a\": 1}'\nbatch = 0\nscheme = { name = \"three-way\" }\n[answer]\nlabel = \"a.b\"\nlabl = \"/x\"\n[headers]\nAuthorization = \"Bearer abc\"\n",
    )?;
    let output = predict(folder.path())?;
    let text = said(&output);
    for expected in [
        "did you mean openai?",
        "error[model/url]",
        "error[model/no-text-place]",
        "batch is 0",
        "is no JSON pointer",
        "did you mean label?",
        "error[model/key-in-file]",
    ] {
        if output.status.code() != Some(2) || !text.contains(expected) || text.contains("abc") {
            return Err(format!("{expected} is not in: {text}").into());
        }
    }
    Ok(())
}

fn hopeless() -> Result<(), Failed> {
    for (status, expected) in [
        (401, "check the key in the environment"),
        (404, "check url and method"),
        (302, "keys are not sent on"),
        (503, "gives no usable answer"),
    ] {
        let server = Server::open(Fault::Always(status), 0)?;
        let folder = lay(&server, "retries = 1")?;
        let output = predict(folder.path())?;
        if output.status.code() != Some(2)
            || !said(&output).contains(expected)
            || !output.stdout.is_empty()
            || server.requests() > 2
        {
            return Err(format!("{status}: {}", said(&output)).into());
        }
    }
    // Gone after the first answers: what there is stays.
    let server = Server::open(Fault::Gone, 3)?;
    let folder = lay(&server, "retries = 0\nconcurrency = 1")?;
    fs::write(
        folder.path().join("d/cases.csv"),
        (0..20).fold("id,text,sentiment\n".to_owned(), |cases, case| {
            cases + &format!("{case},Number {case} is neutral.,neutral\n")
        }),
    )?;
    let output = predict(folder.path())?;
    if output.status.code() != Some(2) || !said(&output).contains("5 requests in a row") {
        return Err(said(&output).into());
    }
    Ok(())
}

fn rejected() -> Result<(), Failed> {
    let server = Server::open(Fault::NotB, 0)?;
    let folder = lay(&server, "batch = 6\nconcurrency = 1")?;
    let output = predict(folder.path())?;
    let expected = RIGHT.replacen("negative", "!", 1);
    if labels(&output) != expected || !said(&output).contains("does not take it (status 413)") {
        return Err(format!("{} {}", labels(&output), said(&output)).into());
    }
    Ok(())
}

/// Each preset against a server that answers as the documentation of its service says.
fn presets() -> Result<(), Failed> {
    for (preset, more) in [
        ("openai", "[values]\nmodel = \"m\"\n"),
        (
            "huggingface",
            "scheme = { name = \"three-way\" }\n[values]\nmodel = \"m\"\n",
        ),
        ("kserve", "scheme = { name = \"three-way\" }\n"),
        ("mlflow", "scheme = { name = \"three-way\" }\n"),
        ("azure", ""),
        ("comprehend", "[values]\nregion = \"eu-west-1\"\n"),
        ("google", ""),
        ("ibm", "scheme = { name = \"ekman\" }\n"),
    ] {
        let server = Server::open(Fault::None, 0)?;
        let folder = lay(&server, "")?;
        let file = format!(
            "preset = \"{preset}\"\nurl = \"{}/{preset}\"\nbackoff = 0.01\n{more}",
            server.address
        );
        fs::write(folder.path().join("m.toml"), file)?;
        let output = command(folder.path(), &PREDICT)
            .env("OPENAI_API_KEY", "k1")
            .env("HF_TOKEN", "k2")
            .env("AZURE_LANGUAGE_KEY", "k3")
            .env("GOOGLE_API_KEY", "k4")
            .env("IBM_NLU_APIKEY", "k5")
            .env("AWS_ACCESS_KEY_ID", "k6")
            .env("AWS_SECRET_ACCESS_KEY", "k7")
            .env("AWS_SESSION_TOKEN", "k8")
            .output()?;
        // Of emotions the server takes positive for joy, negative for fear and neutral for sadness.
        let expected = if preset == "ibm" {
            RIGHT
                .replace("positive", "joy")
                .replace("negative", "fear")
                .replace("neutral", "sadness")
        } else {
            RIGHT.to_owned()
        };
        if output.status.code() != Some(0) || labels(&output) != expected {
            return Err(format!("{preset}: {} {}", labels(&output), said(&output)).into());
        }
        let heads = server.heads().join("\n").to_lowercase();
        let key = match preset {
            "openai" => "authorization: bearer k1",
            "huggingface" => "authorization: bearer k2",
            "azure" => "ocp-apim-subscription-key: k3",
            "google" => "x-goog-api-key: k4",
            // base64 of apikey:k5
            "ibm" => "authorization: basic yxbpa2v5oms1",
            "comprehend" => {
                "signedheaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target"
            }
            _ => "",
        };
        if !heads.contains(key) {
            return Err(format!("{preset}: {heads}").into());
        }
    }
    Ok(())
}
