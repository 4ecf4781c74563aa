//! A server on the loopback: it labels a text by its last word, and misbehaves as told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::presets::as_documented;

/// What goes wrong, at the request that was agreed on unless it says always.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    None,
    Slow,
    SlowAlways,
    /// Nothing is answered before so many requests wait, or half a second has passed.
    Together(usize),
    Cut,
    Dropped,
    Status(u16),
    Always(u16),
    /// From there on.
    Gone,
    RetryAfter(u32),
    Malformed,
    Wrong,
    Missing,
    Different,
    Beyond,
    Shapeless,
    Echo,
    /// From there on: an answer, and nothing in it but words.
    Quota,
    /// From there on: nothing is taken.
    Refusing,
    /// Always: another label than was asked for, of texts that end in a certain word.
    Unloved,
    /// Always: answers that begin with a mark of their byte order.
    Marked,
    NotB,
    /// Always: negative for positive and the other way round.
    Swapped,
    /// Always: one label.
    OneLabel,
    /// Always: one row of scores.
    SameScores,
    /// Always: scores that do not add up.
    Logits,
    /// From there on, to the sentences that nobody is sure of.
    Changed,
    /// Always, to those sentences, from one request to the next.
    Unsteady,
    /// Always.
    Reordered,
    /// Always.
    Strangers,
}

#[derive(Default)]
struct Seen {
    requests: AtomicUsize,
    /// Connections that are still looked after.
    open: AtomicUsize,
    /// Requests that were read and of whose answer nothing was sent yet.
    waiting: AtomicUsize,
    most_waiting: AtomicUsize,
    heads: Mutex<Vec<String>>,
    answered: Mutex<BTreeMap<String, usize>>,
    closed: AtomicBool,
}

/// One of the requests that wait, for as long as it lives.
struct Waiting<'a>(&'a Seen);

impl<'a> Waiting<'a> {
    fn begin(seen: &'a Seen) -> Self {
        let waiting = seen.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        seen.most_waiting.fetch_max(waiting, Ordering::SeqCst);
        Self(seen)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

pub struct Server {
    pub address: String,
    seen: Arc<Seen>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.seen.closed.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
    }
}

impl Server {
    /// Opens a server whose request number `at`, counted from 1, goes wrong.
    pub fn open(fault: Fault, at: usize) -> Result<Server, Failed> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let seen = Arc::new(Seen::default());
        let noted = seen.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if noted.closed.load(Ordering::SeqCst) {
                    return;
                }
                let noted = noted.clone();
                thread::spawn(move || {
                    noted.open.fetch_add(1, Ordering::SeqCst);
                    let _ = serve(stream, fault, at, &noted);
                    noted.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Ok(Server { address, seen })
    }

    pub fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }

    /// Waits until no request is under way.
    pub fn settle(&self) -> Result<(), Failed> {
        for _ in 0..500 {
            thread::sleep(Duration::from_millis(20));
            if self.seen.open.load(Ordering::SeqCst) == 0 {
                return Ok(());
            }
        }
        Err("requests are still under way".into())
    }

    /// The most requests that waited for their answers at one time.
    ///
    /// A client may ask again as soon as it holds the whole answer, before this side has put the
    /// connection away: hence not of connections.
    pub fn most_waiting(&self) -> usize {
        self.seen.most_waiting.load(Ordering::SeqCst)
    }

    pub fn heads(&self) -> Vec<String> {
        self.seen
            .heads
            .lock()
            .map_or_else(|_| Vec::new(), |heads| heads.clone())
    }

    /// How often each text got an answer.
    pub fn answered(&self) -> BTreeMap<String, usize> {
        self.seen
            .answered
            .lock()
            .map_or_else(|_| BTreeMap::new(), |answered| answered.clone())
    }
}

/// Answers one request and closes the connection.
fn serve(mut stream: TcpStream, fault: Fault, at: usize, seen: &Seen) -> Result<(), Failed> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body: Value = serde_json::from_slice(&body)?;
    let waiting = Waiting::begin(seen);
    if let Ok(mut heads) = seen.heads.lock() {
        heads.push(head.clone());
    }
    let number = seen.requests.fetch_add(1, Ordering::SeqCst) + 1;
    let now = number == at;
    let path = head.split(' ').nth(1).unwrap_or_default();
    let (mut status, mut more, mut cut) = (200, String::new(), false);
    match fault {
        Fault::Slow if now => thread::sleep(Duration::from_millis(3000)),
        Fault::SlowAlways => thread::sleep(Duration::from_millis(100)),
        Fault::Together(requests) => {
            for _ in 0..50 {
                if seen.most_waiting.load(Ordering::SeqCst) >= requests {
                    break;
                }
                thread::sleep(Duration::from_millis(10));
            }
            // Time for one too many to show.
            thread::sleep(Duration::from_millis(100));
        }
        Fault::Dropped if now => return Ok(stream.shutdown(Shutdown::Both)?),
        Fault::Cut if now => cut = true,
        Fault::Status(code) if (at..at + 3).contains(&number) => status = code,
        Fault::Always(code) => status = code,
        Fault::Gone if number >= at => status = 500,
        Fault::RetryAfter(seconds) if now => {
            status = 429;
            more = format!("retry-after: {seconds}\r\n");
        }
        Fault::Echo => status = 400,
        Fault::Refusing if number >= at => status = 400,
        Fault::NotB if body.to_string().contains("Word b") => status = 413,
        _ => {}
    }
    let mut answer = match path {
        "/label" => documents(&body, fault, number, at),
        preset => as_documented(preset.trim_start_matches('/'), &body).ok_or("another body")?,
    }
    .to_string();
    if fault == Fault::Malformed && now {
        answer.truncate(answer.len() / 2);
    }
    if status != 200 {
        answer = head;
    }
    if matches!(fault, Fault::Quota | Fault::Refusing) && number >= at {
        answer = json!({"error": "the quota is used up"}).to_string();
    }
    if fault == Fault::Marked {
        answer.insert(0, '\u{feff}');
    }
    let length = answer.len();
    if cut {
        answer.truncate(length / 2);
    }
    let slow = fault == Fault::Slow && now;
    drop(waiting);
    write!(
        stream,
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\nlocation: /elsewhere\r\n{more}\r\n{answer}"
    )?;
    stream.flush()?;
    if status == 200
        && !cut
        && !slow
        && let Ok(mut answered) = seen.answered.lock()
    {
        for document in body["docs"].as_array().into_iter().flatten() {
            let text = document["text"].as_str().unwrap_or_default().to_owned();
            *answered.entry(text).or_default() += 1;
        }
    }
    Ok(())
}

/// Where the sentences stand that a model is asked before anybody's texts.
const SENTENCES: &str = include_str!("../../../src/model/sentences.toml");

/// The label of one of those sentences, as its file says.
fn plain(text: &str) -> Option<&'static str> {
    let mut label = "";
    for line in SENTENCES.lines() {
        label = match line {
            "negative = [" | "anger = [" | "disgust = [" | "fear = [" | "sadness = [" => "negative",
            "positive = [" | "joy = [" => "positive",
            "neutral = [" | "surprise = [" | "canaries = [" => "neutral",
            _ => label,
        };
        if line.trim() == format!("\"{text}\",") {
            return Some(label);
        }
    }
    None
}

pub fn label(text: &Value) -> &'static str {
    let text = text.as_str().unwrap_or_default();
    if let Some(label) = plain(text) {
        return label;
    }
    let labels = ["positive", "negative", "neutral"];
    labels
        .into_iter()
        .find(|label| text.ends_with(&format!("{label}.")))
        .unwrap_or("neutral")
}

/// Scores of negative, neutral and positive.
pub fn scores(label: &str) -> [f64; 3] {
    ["negative", "neutral", "positive"].map(|name| if name == label { 0.5 } else { 0.25 })
}

/// The label that a server with this fault gives.
fn strange(text: &Value, fault: Fault, number: usize, at: usize) -> &'static str {
    let right = label(text);
    let unsure = SENTENCES
        .split_once("[sentiment]")
        .is_some_and(|(canaries, _)| canaries.contains(text.as_str().unwrap_or("?")));
    match (fault, right) {
        (Fault::Swapped, "positive") => "negative",
        (Fault::Swapped, "negative") => "positive",
        (Fault::OneLabel | Fault::SameScores, _) => "neutral",
        (Fault::Changed, _) if unsure && number >= at => "negative",
        (Fault::Unsteady, _) if unsure && number.is_multiple_of(2) => "negative",
        _ => right,
    }
}

fn documents(body: &Value, fault: Fault, number: usize, at: usize) -> Value {
    let now = number == at;
    let mut answers: Vec<Value> = Vec::new();
    for document in body["docs"].as_array().into_iter().flatten() {
        let label = strange(&document["text"], fault, number, at);
        let [negative, neutral, mut positive] = scores(label);
        if fault == Fault::Logits {
            positive += 0.4;
        }
        let answer = json!({"id": document["id"], "label": label,
            "scores": {"negative": negative, "neutral": neutral, "positive": positive}});
        // One label without scores, so that not both are found.
        let answer = match fault {
            Fault::OneLabel | Fault::Swapped => json!({"id": document["id"], "label": label}),
            _ => answer,
        };
        match fault {
            Fault::Wrong if now => answers.push(json!({"id": document["id"], "label": "joy"})),
            Fault::Unloved
                if document["text"]
                    .as_str()
                    .is_some_and(|text| text.ends_with("odd.")) =>
            {
                answers.push(json!({"id": document["id"], "label": "joy"}));
            }
            Fault::Missing if now => {}
            Fault::Different if now => {
                answers.push(json!({"id": document["id"], "label": "neutral"}));
                answers.push(answer);
            }
            Fault::Beyond if now => {
                answers.push(json!({"id": document["id"], "scores": {"positive": 1.5}}));
            }
            Fault::Strangers => {
                answers.push(json!({"id": "999", "label": "joy"}));
                answers.push(answer.clone());
                answers.push(answer);
            }
            _ => answers.push(answer),
        }
    }
    if fault == Fault::Reordered {
        answers.reverse();
    }
    if fault == Fault::Shapeless && now {
        return json!({"message": "internal"});
    }
    json!({"docs": answers})
}
