//! Scores that a transformer gave before, so that a run that was killed goes on where it stopped, and an audit of other
//! or edited data scores only what is new.
//!
//! A file a model, a line a text. Lines are only ever added, whole and under a lock, so that several runs may share a
//! file. What cannot be read or written is told and stops nothing: scores can always be computed. The bytes are left to
//! `form`, the secret that names are made with to `secret`.

// The edge: here scores are kept.
#![allow(clippy::disallowed_methods)]

mod form;
mod secret;

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use form::{Form, SECRET};
pub use form::{Name, Row};

use crate::diagnostic::counted;
use crate::model::cache::{FOLDER, SCORES, folder, secret as secret_file};

/// The most bytes of a file; what comes then is not kept.
const MOST: u64 = 1 << 30;

/// The scores of one model.
pub struct Kept {
    path: PathBuf,
    form: Form,
    /// Whether texts are found again only with all others that they were scored with.
    pub together: bool,
    most: u64,
}

/// What was found of texts.
pub struct Found {
    /// What each is called.
    pub names: Vec<Name>,
    /// For each text what came out when it was scored.
    pub rows: Vec<Option<Row>>,
    /// What is wrong with the file.
    pub trouble: Option<String>,
}

impl Kept {
    /// The scores of a model, by a digest of all that its outputs depend on and their number. Where outputs depend on the
    /// texts beside a text, they are kept for all `together`. Nothing is read or written but the secret.
    ///
    /// # Errors
    /// No folder to keep anything in, or no secret.
    pub fn of(model: &str, outputs: usize, together: bool) -> Result<Kept, String> {
        let nowhere = || format!("there is no folder to keep scores in; name one in {FOLDER}");
        let folder = folder().ok_or_else(nowhere)?.join(SCORES);
        let secret = secret::secret(&secret_file().ok_or_else(nowhere)?)?;
        Ok(Kept {
            together,
            ..Kept::within(&folder, &secret, model, outputs)
        })
    }

    /// The same in a folder, with names made by a secret.
    pub(super) fn within(
        folder: &Path,
        secret: &[u8; SECRET],
        model: &str,
        outputs: usize,
    ) -> Kept {
        let form = Form::new(secret, model, outputs);
        Kept {
            path: folder.join(form.file()),
            form,
            together: false,
            most: MOST,
        }
    }

    /// What is kept of texts. Takes as much memory as they do, however much is kept.
    pub fn read(&self, texts: &[&str]) -> Found {
        let names = self.form.names(texts, self.together);
        let mut rows = vec![None; texts.len()];
        let trouble = match File::open(&self.path) {
            Ok(file) => {
                let places = names.iter().copied().zip(0..).collect();
                self.learn(BufReader::new(file), &places, &mut rows)
                    .unwrap_or_else(|error| Some(self.told(&error)))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => Some(self.told(&error)),
        };
        Found {
            names,
            rows,
            trouble,
        }
    }

    /// Reads all lines, and says what is wrong with some.
    fn learn(
        &self,
        mut file: impl Read,
        places: &HashMap<Name, usize>,
        rows: &mut [Option<Row>],
    ) -> std::io::Result<Option<String>> {
        let head = self.form.head();
        if !self.begins(&chunk(&mut file, head.len())?) {
            return Ok(Some(self.stranger()));
        }
        let mut damaged = 0;
        loop {
            // A line that was cut short when a run was killed is the last.
            let line = chunk(&mut file, self.form.length())?;
            if line.len() < self.form.length() {
                break;
            }
            match self.form.read(&line, |name| places.get(name).copied()) {
                Some(Some((place, row))) => rows[place] = Some(row),
                Some(None) => {}
                None => damaged += 1,
            }
        }
        Ok((damaged > 0).then(|| {
            format!(
                "{} of scores in {} cannot be trusted, so those texts are scored anew; remove the file to begin anew",
                counted(damaged, "line"),
                self.path.display()
            )
        }))
    }

    /// Keeps what came out for texts, by their names.
    ///
    /// # Errors
    /// Why it is not kept, in a sentence.
    pub fn add<'a>(
        &self,
        rows: impl Iterator<Item = (&'a Name, &'a [f32], bool)>,
    ) -> Result<(), String> {
        let lines: Vec<u8> = rows
            .flat_map(|(name, outputs, cut)| self.form.write(name, outputs, cut))
            .collect();
        if lines.is_empty() {
            return Ok(());
        }
        self.append(&lines)
            .unwrap_or_else(|error| Err(self.told(&error)))
    }

    fn append(&self, lines: &[u8]) -> std::io::Result<Result<(), String>> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path)?;
        // Where files cannot be locked, lines of two runs might mix; seals tell those apart.
        let _ = file.lock();
        let head = self.form.head();
        let begin = chunk(&mut file, head.len())?;
        if !self.begins(&begin) {
            return Ok(Err(self.stranger()));
        }
        let length = file.metadata()?.len();
        if length.saturating_add(lines.len() as u64) > self.most {
            return Ok(Err(format!(
                "{} would grow beyond {} MiB, so no more scores are kept; remove the file to begin anew",
                self.path.display(),
                self.most >> 20
            )));
        }
        // What was cut short when a run was killed must not shift the lines behind it.
        let whole = match length.checked_sub(head.len() as u64) {
            Some(content) => length - content % self.form.length() as u64,
            None => 0,
        };
        if whole < length {
            file.set_len(whole)?;
        }
        let mut bytes = if whole == 0 { head } else { Vec::new() };
        bytes.extend(lines);
        file.write_all(&bytes).map(Ok)
    }

    /// Whether a file that begins so is ours, as far as it goes.
    fn begins(&self, head: &[u8]) -> bool {
        self.form.head().starts_with(head)
    }

    fn stranger(&self) -> String {
        format!(
            "{} is no file of scores of this model or is damaged, and none are kept; remove the file to begin anew",
            self.path.display()
        )
    }

    fn told(&self, error: &std::io::Error) -> String {
        format!("scores are not kept in {}: {error}", self.path.display())
    }
}

/// The next bytes, fewer where the file ends before.
fn chunk(file: &mut impl Read, most: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(most);
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[path = "../tests/kept.rs"]
mod tests;
