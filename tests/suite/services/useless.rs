//! What is not sent, since it could be of no use: keys where they have no place, bodies that cannot be filled, and texts to
//! a service that understands none.

use std::fs;

use libtest_mimic::{Failed, Trial};

use super::server::{Fault, Server};
use super::{PREDICT, command, lay, predict, right};
use crate::run::{labels, said};

pub fn trials() -> Vec<Trial> {
    let trial =
        |name, test: fn() -> Result<(), Failed>| Trial::test(format!("services::{name}"), test);
    vec![
        trial("keys_have_no_place_but_headers", written),
        trial("answers_of_no_use_end_the_run", useless),
        trial("a_mark_of_the_byte_order_is_no_fault", marked),
    ]
}

/// What a file says of whom and what to ask is sent as it is: no key may stand there, nor the name of a variable.
fn written() -> Result<(), Failed> {
    let server = Server::open(Fault::None, 0)?;
    let folder = lay(&server, "")?;
    let path = folder.path().join("m.toml");
    let right = fs::read_to_string(&path)?;
    let items = "[{\"{{each}}\": {\"id\": \"{{id}}\", \"text\": \"{{text}}\"}}]";
    for (from, to, expected) in [
        (
            "/label\"\nscheme",
            "/label?api_key=abc\"\nscheme",
            "in the address is a key",
        ),
        (
            "/label\"\nscheme",
            "/label?k=${TEST_KEY}\"\nscheme",
            "would be sent as it is written",
        ),
        (
            "{\"docs\"",
            "{\"apiKey\": \"abc\", \"docs\"",
            "in the body is a key",
        ),
        (
            "{\"docs\"",
            "{\"k\": \"${TEST_KEY}\", \"docs\"",
            "would be sent as it is written",
        ),
        (
            "timeout = 2",
            "proxy = \"http://me:abc@127.0.0.1:1\"",
            "proxy holds a name or key",
        ),
        (
            "timeout = 2",
            "batch = 2\nproxy = \"http://127.0.0.1:1\"",
            "",
        ),
        (items, "[\"{{text}}\", \"{{text}}\"]", ""),
        ("{\"docs\"", "{\"id\": \"{{id}}\", \"docs\"", ""),
        ("timeout = 2", "timeout = 3\nbatch = 2", ""),
    ] {
        let wrong = right.replace(from, to);
        if wrong == right {
            return Err(format!("{from} is not in {right}").into());
        }
        fs::write(&path, &wrong)?;
        let arguments = [
            "audit",
            "--model",
            "http:m.toml",
            "--dataset",
            "d",
            "--dry-run",
        ];
        let output = command(folder.path(), &arguments).output()?;
        let fits = if expected.is_empty() {
            output.status.code() == Some(0)
        } else {
            output.status.code() == Some(2) && said(&output).contains(expected)
        };
        if !fits || said(&output).contains("abc") {
            return Err(format!("{to}: {}", said(&output)).into());
        }
    }
    // With several texts in a request nothing may be of one of them alone, and each has an item.
    for (from, to, expected) in [
        (
            "{\"docs\"",
            "{\"id\": \"{{id}}\", \"docs\"",
            "stands outside the element of each text",
        ),
        (
            "items = \"/docs\"\n",
            "",
            "where the items of the answer stand",
        ),
    ] {
        let wrong = right
            .replace("timeout = 2", "timeout = 2\nbatch = 4")
            .replace(from, to);
        fs::write(&path, wrong)?;
        let output = predict(folder.path())?;
        if output.status.code() != Some(2) || !said(&output).contains(expected) {
            return Err(format!("{to}: {}", said(&output)).into());
        }
    }
    // A proxy that is none would be passed by.
    fs::write(
        &path,
        right.replace(&server.address, "https://affect.invalid"),
    )?;
    let mut allowed = PREDICT.to_vec();
    allowed.push("--allow-network");
    let output = command(folder.path(), &allowed)
        .env("HTTPS_PROXY", "http://:::")
        .output()?;
    if !said(&output).contains("the environment has HTTPS_PROXY") {
        return Err(said(&output).into());
    }
    let output = command(folder.path(), &allowed)
        .env("NO_PROXY", "*")
        .output()?;
    if !said(&output).contains("the name of the host is not known") {
        return Err(said(&output).into());
    }
    Ok(())
}

/// A service that answers in words that nobody understands, or takes nothing, is not paid until the cap.
fn useless() -> Result<(), Failed> {
    for fault in [Fault::Quota, Fault::Refusing] {
        for (batch, most) in [(1, 7), (16, 14)] {
            let server = Server::open(fault, 2)?;
            let folder = lay(&server, &format!("concurrency = 1\nbatch = {batch}"))?;
            let cases = (0..160).fold("id,text,sentiment\n".to_owned(), |cases, case| {
                cases + &format!("{case},Number {case} is neutral.,neutral\n")
            });
            fs::write(folder.path().join("d/cases.csv"), cases)?;
            let output = predict(folder.path())?;
            let said = said(&output);
            if output.status.code() != Some(2)
                || !said.contains("error[model/gone]")
                || !said.contains("the quota is used up")
                || server.requests() > most
            {
                return Err(format!("{fault:?}, {}: {said}", server.requests()).into());
            }
        }
    }
    // Where a plain sentence is answered it is the texts, and all of them get their turn.
    let server = Server::open(Fault::Unloved, 0)?;
    let folder = lay(&server, "concurrency = 1")?;
    let cases = (0..30).fold("id,text,sentiment\n".to_owned(), |cases, case| {
        cases
            + &format!(
                "{case},Number {case} is {}.,neutral\n",
                if case == 29 { "neutral" } else { "odd" }
            )
    });
    fs::write(folder.path().join("d/cases.csv"), cases)?;
    let output = predict(folder.path())?;
    let expected = format!("{}neutral", "! ".repeat(29));
    if labels(&output) != expected {
        return Err(said(&output).into());
    }
    Ok(())
}

fn marked() -> Result<(), Failed> {
    let server = Server::open(Fault::Marked, 0)?;
    let folder = lay(&server, "")?;
    right("marked", &predict(folder.path())?)
}
