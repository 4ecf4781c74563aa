//! What is paid for: caps, dry runs, answers that are kept and replayed, and runs that are killed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use affect_audit::digest::sha256;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use super::server::{Fault, Server};
use super::{PREDICT, command, lay, predict, right, said};

pub fn trials() -> Vec<Trial> {
    let trial = |name, test: fn() -> Result<(), Failed>| {
        Trial::test(format!("services::paid::{name}"), test)
    };
    vec![
        trial("no_request_passes_the_cap_and_none_is_made_twice", capped),
        trial("requests_that_are_repeated_count_too", repeated),
        trial("mistakes_about_cost_are_told", mistakes),
        trial("a_dry_run_tells_the_cost_and_touches_nothing", dry),
        trial("a_cassette_is_replayed_without_service_or_key", replayed),
        trial("what_no_answer_depends_on_may_change", renamed),
        trial("ten_kills_cost_nothing_that_was_acknowledged", killed),
    ]
}

/// Fails unless the run could not be done and says all of this.
pub(super) fn refused(output: &Output, words: &[&str]) -> Result<(), Failed> {
    let text = said(output);
    match words.iter().find(|word| !text.contains(**word)) {
        None if output.status.code() == Some(2) && output.stdout.is_empty() => Ok(()),
        missing => Err(format!("{:?}, {missing:?}: {text}", output.status.code()).into()),
    }
}

/// Changes the file of the model.
pub(super) fn edit(folder: &Path, from: &str, to: &str) -> Result<(), Failed> {
    let path = folder.join("m.toml");
    let text = fs::read_to_string(&path)?;
    if !text.contains(from) {
        return Err(format!("{from} is not in {text}").into());
    }
    Ok(fs::write(path, text.replacen(from, to, 1))?)
}

fn capped() -> Result<(), Failed> {
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(
        &server,
        "concurrency = 3\nmax_requests = 4\nprice_per_request = 0.25\ncurrency = \"EUR\"",
    )?;
    let mut arguments = PREDICT.to_vec();
    arguments.truncate(5);
    arguments.extend(["-o", "answers.csv"]);
    for _ in 0..2 {
        let output = command(folder.path(), &arguments).output()?;
        refused(
            &output,
            &[
                "error[model/budget]",
                "m.toml (max_requests)",
                "would pass max_requests = 4: 4 requests made (1.00 EUR), 4 answers are kept in",
                "raise max_requests and run it again",
            ],
        )?;
        if server.requests() != 4 || folder.path().join("answers.csv").exists() {
            return Err(format!("{} requests", server.requests()).into());
        }
    }
    edit(folder.path(), "max_requests = 4", "max_cost = 1.75")?;
    let raised = predict(folder.path())?;
    right("raised", &raised)?;
    if !said(&raised).contains("7 requests made in all, 1.75 EUR; max_cost = 1.75 EUR") {
        return Err(said(&raised).into());
    }
    // A first sentence and six texts, each once, and both caps were kept.
    let answered = server.answered();
    if server.requests() != 7 || answered.len() != 7 || answered.values().any(|times| *times != 1) {
        return Err(format!("{} requests, {answered:?}", server.requests()).into());
    }
    // Nothing is left, and nothing is needed.
    right("kept", &predict(folder.path())?)?;
    let cases = folder.path().join("d/cases.csv");
    let text = fs::read_to_string(&cases)?;
    fs::write(cases, text + "g,Word g is neutral.,neutral\n")?;
    refused(
        &predict(folder.path())?,
        &[
            "(max_cost)",
            "max_cost = 1.75 EUR: 7 requests made (1.75 EUR)",
        ],
    )
}

fn repeated() -> Result<(), Failed> {
    // Of nine requests the third to the fifth get no answer.
    let server = Server::open(Fault::Status(503), 3)?;
    let folder = lay(&server, "concurrency = 1\nmax_requests = 9")?;
    refused(&predict(folder.path())?, &["9 requests made, 6 answers"])?;
    edit(folder.path(), "max_requests = 9", "max_requests = 10")?;
    right("raised", &predict(folder.path())?)?;
    if server.requests() != 10 {
        return Err(format!("{} requests", server.requests()).into());
    }
    // Where nothing is kept each run counts for itself.
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(&server, "cache = false\nmax_requests = 7")?;
    for _ in 0..2 {
        right("for itself", &predict(folder.path())?)?;
    }
    edit(folder.path(), "max_requests = 7", "max_requests = 6")?;
    refused(
        &predict(folder.path())?,
        &["no answer is kept", "cache = true"],
    )
}

fn mistakes() -> Result<(), Failed> {
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(
        &server,
        "max_cost = -1\nmax_requests = 1.5\ncassette = \"../x\"\ncache = false\nif_changed = \"go\"",
    )?;
    refused(
        &predict(folder.path())?,
        &[
            "(max_cost)",
            "max_cost is -1",
            "max_requests is a number",
            "the key price_per_request is missing",
            "\"../x\" leads out of the folder",
            "a cassette is named, and no answer shall be kept",
            "if_changed is \"go\"",
        ],
    )
}

fn dry() -> Result<(), Failed> {
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(
        &server,
        "batch = 2\nmax_requests = 3\nprice_per_request = 0.002\ncurrency = \"USD\"",
    )?;
    let cases = folder.path().join("d/cases.csv");
    let text = fs::read_to_string(&cases)?;
    fs::write(&cases, text.clone() + "g,Word a is positive.,positive\n")?;
    let arguments = [
        "audit",
        "--model",
        "http:m.toml",
        "--model",
        "reference:sentiment",
        "--dataset",
        "d",
        "--dry-run",
    ];
    // Neither a key nor the network is needed.
    let run = |arguments: &[&str]| {
        command(folder.path(), arguments)
            .env_remove("TEST_KEY")
            .output()
    };
    let first = run(&arguments)?;
    let told = String::from_utf8_lossy(&first.stdout).into_owned();
    for words in [
        "few                       7         6         0         6         3  0.006 USD",
        "sentences of ours                                                 1  0.002 USD",
        "in all                                                            4  0.008 USD",
        "THE CAP WOULD BE HIT: max_requests = 3 leaves 3 requests, 1 too few",
        "reference:sentiment\n  nothing to ask, and nothing to pay",
    ] {
        if first.status.code() != Some(0) || !told.contains(words) {
            return Err(format!("{words}: {told} {}", said(&first)).into());
        }
    }
    let left: Vec<_> = fs::read_dir(folder.path())?.collect::<Result<_, _>>()?;
    if server.requests() != 0 || left.len() != 2 {
        return Err(format!("{} requests, {left:?}", server.requests()).into());
    }
    // What it says is what happens.
    edit(folder.path(), "max_requests = 3", "max_requests = 4")?;
    fs::write(&cases, text.replace("g,", "h,"))?;
    right("as told", &predict(folder.path())?)?;
    let later = run(&[&PREDICT[..5], &["--dry-run"]].concat())?;
    let told = String::from_utf8_lossy(&later.stdout).into_owned();
    if server.requests() != 4
        || !told.contains("6         6         6         0         0  0.00 USD")
        || !told.contains("made before: 4 requests, 0.008 USD")
        || told.contains("THE CAP")
    {
        return Err(format!("{} requests: {told}", server.requests()).into());
    }
    // What cannot be run is told as ever.
    fs::write(folder.path().join("m.toml"), "url = 1\n")?;
    refused(&run(&arguments)?, &["error[toml/wrong-type]"])
}

fn audit(folder: &Path, out: &str, more: &[&str]) -> Result<Value, Failed> {
    let arguments = [
        &[
            "audit",
            "--model",
            "http:m.toml",
            "--dataset",
            "d",
            "--quiet",
        ][..],
        &["--replicates", "100", "--format", "json", "--out", out],
        more,
    ]
    .concat();
    record(folder, out, &command(folder, &arguments).output()?)
}

/// The record of an audit, without what is about the run.
pub(super) fn record(folder: &Path, out: &str, output: &Output) -> Result<Value, Failed> {
    if !matches!(output.status.code(), Some(0 | 1 | 3)) {
        return Err(said(output).into());
    }
    let text = fs::read_to_string(folder.join(out).join("audit.json"))?;
    let mut record: Value = serde_json::from_str(&text)?;
    record["run"] = Value::Null;
    Ok(record)
}

fn replayed() -> Result<(), Failed> {
    // One text gets an answer that cannot be read.
    let server = Server::open(Fault::Wrong, 3)?;
    let folder = lay(&server, "concurrency = 1\ncassette = \"answers.jsonl\"")?;
    let asked = audit(folder.path(), "asked", &[])?;
    let cassette = fs::read_to_string(folder.path().join("answers.jsonl"))?;
    let everything = cassette.to_lowercase();
    for leak in ["secret", "x-api-key", "word ", "127.0.0.1"] {
        if everything.contains(leak) {
            return Err(format!("{leak} is in the cassette: {cassette}").into());
        }
    }
    if cassette.matches("\"labels\"").count() != 6 || cassette.matches("\"failed\"").count() != 1 {
        return Err(cassette.into());
    }
    let requests = server.requests();
    drop(server);
    // Elsewhere there is the cassette and nothing else.
    let arguments = [
        &[
            "audit",
            "--model",
            "http:m.toml",
            "--dataset",
            "d",
            "--quiet",
        ][..],
        &[
            "--replicates",
            "100",
            "--format",
            "json",
            "--out",
            "again",
            "--replay",
        ],
    ]
    .concat();
    let again = command(folder.path(), &arguments)
        .env_remove("TEST_KEY")
        .env("AFFECT_AUDIT_CACHE", folder.path().join("empty"))
        .output()?;
    if record(folder.path(), "again", &again)? != asked || asked["digest"].is_null() {
        return Err("the record is another".into());
    }
    let left = fs::read_to_string(folder.path().join("answers.jsonl"))?;
    if left != cassette || requests != 7 || folder.path().join("empty").exists() {
        return Err("a replay wrote something".into());
    }
    let cases = folder.path().join("d/cases.csv");
    let text = fs::read_to_string(&cases)?;
    fs::write(cases, text + "g,Word g is neutral.,neutral\n")?;
    let replay = [&PREDICT[..], &["--replay"]].concat();
    refused(
        &command(folder.path(), &replay).output()?,
        &[
            "error[model/not-kept]",
            "1 of 7 texts were never asked about",
            "answers.jsonl",
        ],
    )?;
    edit(
        folder.path(),
        "cassette = \"answers.jsonl\"",
        "cache = false",
    )?;
    refused(
        &command(folder.path(), &replay).output()?,
        &["none of its answers are kept", "(cache)"],
    )
}

fn renamed() -> Result<(), Failed> {
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(&server, "cassette = \"answers.jsonl\"")?;
    right("first", &predict(folder.path())?)?;
    let requests = server.requests();
    edit(
        folder.path(),
        "backoff = 0.01",
        "# Another word about it.\ntitle = \"Vendor\"\nrate = 9\nmax_requests = 900\nbackoff = 0.02",
    )?;
    right("renamed", &predict(folder.path())?)?;
    if server.requests() != requests {
        return Err("it was asked again".into());
    }
    edit(folder.path(), "\"docs\": [", "\"version\": 2, \"docs\": [")?;
    refused(
        &predict(folder.path())?,
        &[
            "error[model/other-cassette]",
            "answers.jsonl",
            "name a new file",
        ],
    )
}

/// The next number of a generator (splitmix64), below a limit.
fn draw(state: &mut u64, limit: u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % limit
}

/// The outcomes that a journal acknowledges, by the digests of their texts.
fn acknowledged(folder: &Path) -> Result<BTreeMap<String, usize>, Failed> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder.join("kept/answers"))
        .into_iter()
        .flatten()
    {
        for line in fs::read_to_string(entry?.path())?.lines() {
            let line: Value = serde_json::from_str(line).unwrap_or_default();
            if let Some(text) = line["text"].as_str() {
                *found.entry(text.to_owned()).or_default() += 1;
            }
        }
    }
    Ok(found)
}

fn killed() -> Result<(), Failed> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64;
    let seed = std::env::var("AFFECT_AUDIT_TEST_SEED").map_or(Ok(now), |seed| seed.parse())?;
    eprintln!("AFFECT_AUDIT_TEST_SEED={seed} decides when runs are killed");
    kills(seed).map_err(|error| {
        let why = error.message().unwrap_or_default().to_owned();
        format!("AFFECT_AUDIT_TEST_SEED={seed}: {why}").into()
    })
}

fn kills(seed: u64) -> Result<(), Failed> {
    const KILLS: usize = 10;
    let server = Server::open(Fault::SlowAlways, 0)?;
    let folder = lay(&server, "concurrency = 2")?;
    // Everything that comes before the texts is asked too.
    edit(folder.path(), "sanity = false\ncanaries = false\n", "")?;
    let labels = ["positive", "negative", "neutral"];
    let mut cases = "id,text,sentiment\n".to_owned();
    for case in 0..40 {
        let label = labels[case % 3];
        cases.push_str(&format!("{case},Word {case} is {label}.,{label}\n"));
    }
    fs::write(folder.path().join("d/cases.csv"), cases)?;
    let arguments = [
        &[
            "audit",
            "--model",
            "http:m.toml",
            "--dataset",
            "d",
            "--quiet",
        ][..],
        &["--replicates", "100", "--format", "json", "--out"],
    ]
    .concat();
    let mut state = seed;
    let mut before = Vec::new();
    for _ in 0..KILLS {
        let mut child = command(folder.path(), &[&arguments[..], &["resumed"]].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        thread::sleep(Duration::from_millis(30 + draw(&mut state, 970)));
        child.kill()?;
        child.wait()?;
        // What the server has under way comes to its end.
        server.settle()?;
        before.push((acknowledged(folder.path())?, server.answered()));
    }
    let last = command(folder.path(), &[&arguments[..], &["resumed"]].concat()).output()?;
    let resumed = record(folder.path(), "resumed", &last)?;
    let after = server.answered();
    let own = "The parcel";
    for (kept, answered) in &before {
        for (text, times) in answered
            .iter()
            .filter(|(text, _)| text.starts_with("Word "))
        {
            if kept.contains_key(&sha256([text.as_bytes()])) && after[text] != *times {
                return Err(format!("{text} was acknowledged and asked about again").into());
            }
        }
    }
    let texts = |text: &&String| text.starts_with("Word ") || text.starts_with(own);
    let answered: usize = after
        .iter()
        .filter(|(text, _)| texts(text))
        .map(|(_, times)| times)
        .sum();
    if answered > 41 + 2 * KILLS {
        return Err(format!("{answered} answers").into());
    }
    let kept = acknowledged(folder.path())?;
    // A first sentence, fifteen plain ones, forty texts.
    if kept.len() != 56 || kept.values().any(|times| *times != 1) {
        return Err(format!("{} texts, {kept:?}", kept.len()).into());
    }
    let whole = command(folder.path(), &[&arguments[..], &["whole"]].concat())
        .env("AFFECT_AUDIT_CACHE", folder.path().join("other"))
        .output()?;
    if record(folder.path(), "whole", &whole)? != resumed {
        return Err("the record of an uninterrupted run is another".into());
    }
    Ok(())
}
