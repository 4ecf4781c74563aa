//! One run of a program: a thread feeds it, two listen, and whoever is silent for too long is stopped.

// The edge: here programs are run.
#![allow(clippy::disallowed_methods)]

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::diagnostic::Problems;
use crate::model::callable::Accept;
use crate::model::callable::budget::Budget;
use crate::model::callable::reading::{Reading, Said, Vocabulary, labels, scores, word};

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 1 << 20;

/// How many lines may wait to be understood.
const WAITING: usize = 256;

/// How much is kept of what it writes to standard error, in bytes.
const LAST_WORDS: usize = 2000;

/// How long a program may take to end after its last answer.
const GRACE: Duration = Duration::from_secs(2);

/// How often is looked whether it has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, and well.
    Finished,
    /// By itself or by a signal, and not well.
    Broke,
    /// Not by itself.
    Hung,
}

/// A program that runs.
pub struct Run {
    child: Child,
    lines: Receiver<Vec<u8>>,
    noise: Arc<Mutex<Vec<u8>>>,
    refused: Arc<Mutex<Option<Problems>>>,
    /// Lines that were no answer to anything asked.
    pub stray: usize,
}

impl Drop for Run {
    fn drop(&mut self) {
        // What it started goes with it, where the system can tell.
        #[cfg(unix)]
        let _ = Command::new("sh")
            .args([
                "-c",
                "kill -s KILL -- \"-$0\"",
                &self.child.id().to_string(),
            ])
            .stderr(Stdio::null())
            .status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Run {
    /// Starts the program in a folder and sends it the texts without a reading, each with its place as id, as long as
    /// the budget lasts.
    ///
    /// # Errors
    /// A program that cannot be started.
    pub fn start(
        folder: &Path,
        command: &[String],
        texts: &[&str],
        readings: &[Option<Reading>],
        budget: &Arc<Budget>,
    ) -> std::io::Result<Run> {
        // A path is meant from the folder of the file, whatever the system takes it for.
        let beside = folder.join(&command[0]);
        let named = Path::new(&command[0]).components().count() > 1 && beside.exists();
        let program = if named {
            std::fs::canonicalize(&beside)?
        } else {
            command[0].clone().into()
        };
        let mut command_line = Command::new(program);
        command_line
            .args(&command[1..])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command_line, 0);
        let mut child = command_line.spawn()?;
        let open: Vec<(usize, String)> = texts
            .iter()
            .enumerate()
            .filter(|(place, _)| readings[*place].is_none())
            .map(|(place, text)| (place, (*text).to_owned()))
            .collect();
        let refused = Arc::new(Mutex::new(None));
        // Threads end with the pipes, which nobody waits for: something that the program started may hold them.
        if let Some(stdin) = child.stdin.take() {
            let (budget, refused) = (budget.clone(), refused.clone());
            thread::spawn(move || {
                if let Err(problems) = feed(BufWriter::new(stdin), &open, &budget) {
                    *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(problems);
                }
            });
        }
        let (sender, lines) = sync_channel(WAITING);
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                let mut stdout = BufReader::new(stdout);
                while let Some(line) = line(&mut stdout) {
                    if sender.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        let noise = Arc::new(Mutex::new(Vec::new()));
        if let Some(stderr) = child.stderr.take() {
            let noise = noise.clone();
            thread::spawn(move || listen(stderr, &noise));
        }
        Ok(Run {
            child,
            lines,
            noise,
            refused,
            stray: 0,
        })
    }

    /// Reads answers until the program ends or is silent for too long.
    ///
    /// # Errors
    /// What keeps an answer from being taken.
    pub fn read(
        &mut self,
        vocabulary: &Vocabulary,
        patience: Duration,
        readings: &mut [Option<Reading>],
        accept: &Accept<'_>,
    ) -> Result<End, Problems> {
        let asked: Vec<bool> = readings.iter().map(Option::is_none).collect();
        let mut open = asked.iter().filter(|asked| **asked).count();
        let mut deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = match self.lines.recv_timeout(left) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) if open == 0 => return Ok(End::Finished),
                Err(RecvTimeoutError::Timeout) => return Ok(End::Hung),
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let Some((place, reading)) =
                understand(&line, vocabulary).filter(|(place, _)| asked.get(*place) == Some(&true))
            else {
                self.stray += 1;
                continue;
            };
            let reading = match &readings[place] {
                None => {
                    open -= 1;
                    reading
                }
                Some(before) if *before == reading => continue,
                Some(_) => Err("two different answers".to_owned()),
            };
            readings[place] = Some(reading.clone());
            accept(place, reading)?;
            deadline = Instant::now() + if open == 0 { GRACE } else { patience };
        }
        self.end(open, deadline)
    }

    /// Waits for the end of a program that writes no more.
    fn end(&mut self, open: usize, deadline: Instant) -> Result<End, Problems> {
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(End::Finished),
                Ok(Some(_)) | Err(_) => return Ok(End::Broke),
                Ok(None) if Instant::now() > deadline => {
                    return Ok(if open == 0 { End::Finished } else { End::Hung });
                }
                Ok(None) => thread::sleep(PAUSE),
            }
        }
    }

    /// Why it was not sent all texts, where it was not.
    pub fn refused(&self) -> Option<Problems> {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.take()
    }

    /// The end of what it wrote to standard error.
    pub fn last_words(&self) -> String {
        // What it wrote before it died may still be on its way.
        thread::sleep(PAUSE * 4);
        let noise = self.noise.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&noise).trim().to_owned()
    }
}

/// Writes a line a text; a program that does not listen to the end is no error.
fn feed(mut stdin: impl Write, texts: &[(usize, String)], budget: &Budget) -> Result<(), Problems> {
    for (place, text) in texts {
        budget.spend()?;
        let line = json!({"id": place.to_string(), "text": text});
        if writeln!(stdin, "{line}").is_err() {
            return Ok(());
        }
    }
    let _ = stdin.flush();
    Ok(())
}

/// The next line without its end; `None` at the end of all.
fn line(stdout: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    let read = stdout
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)
        .ok()?;
    (read > 0).then_some(line)
}

/// Keeps the end of what is written.
fn listen(mut stderr: impl Read, noise: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stderr.read(&mut buffer) {
        let mut noise = noise.lock().unwrap_or_else(PoisonError::into_inner);
        noise.extend_from_slice(&buffer[..read]);
        let surplus = noise.len().saturating_sub(LAST_WORDS);
        noise.drain(..surplus);
    }
}

/// The place that a line answers, and what it says; `None` for a line that is no answer.
fn understand(line: &[u8], vocabulary: &Vocabulary) -> Option<(usize, Reading)> {
    let line: Value = serde_json::from_slice(line).ok()?;
    let place = word(line.get("id")?)?.parse().ok()?;
    Some((place, say(&line).and_then(|said| vocabulary.read(&said))))
}

fn say(line: &Value) -> Result<Said, String> {
    if line
        .get("error")
        .is_some_and(|error| !error.is_null() && *error != json!(""))
    {
        return Err("the program told of an error".to_owned());
    }
    let label = line.get("labels").or(line.get("label"));
    let abstained = match line.get("abstained") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(abstained)) => *abstained,
        Some(_) => return Err("abstained is neither true nor false".to_owned()),
    };
    Ok(Said {
        labels: labels(label.unwrap_or(&Value::Null))?,
        scores: scores(line.get("scores").unwrap_or(&Value::Null))?,
        abstained,
    })
}
