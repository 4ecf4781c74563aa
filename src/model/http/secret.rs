//! Keys: read from the environment, put into headers, and kept out of everything else.

// The edge: here the environment is read.
#![allow(clippy::disallowed_methods)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::diagnostic::{Place, Problem, Problems};

/// Parts of the names of headers that hold keys.
const TELLING: [&str; 6] = [
    "authorization",
    "key",
    "token",
    "secret",
    "cookie",
    "password",
];

/// The keys that were read.
#[derive(Default)]
pub struct Secrets {
    known: Vec<String>,
    /// The problem of each that the environment lacks.
    pub lacking: Problems,
}

/// Whether a header holds a key that is written out in the file.
pub fn literal(name: &str, value: &str) -> bool {
    let name = name.to_lowercase();
    !value.is_empty() && !value.contains("${") && TELLING.iter().any(|part| name.contains(part))
}

impl Secrets {
    /// Text with each `${NAME}` replaced from the environment.
    pub fn fill(&mut self, text: &str, place: &Place) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            filled.push_str(before);
            filled.push_str(&self.variable(name, place));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// `Basic` with a name and a key.
    pub fn basic(&mut self, text: &str, place: &Place) -> String {
        let encoded = STANDARD.encode(self.fill(text, place));
        self.known.push(encoded.clone());
        format!("Basic {encoded}")
    }

    /// A variable of the environment; empty with the problem noted where it is not set.
    pub fn variable(&mut self, name: &str, place: &Place) -> String {
        let value = std::env::var(name).unwrap_or_default();
        let value = value.trim().to_owned();
        if value.is_empty() || value.contains(char::is_control) {
            self.lacking.push(
                Problem::new(
                    "model/no-key",
                    place.clone(),
                    format!("the environment has no usable {name}"),
                )
                .help(format!("set the variable {name} to the key of the service; keys are read from nowhere else")),
            );
        } else {
            self.known.push(value.clone());
        }
        value
    }

    /// Text without any of the keys.
    pub fn hide(&self, text: &str) -> String {
        self.known
            .iter()
            .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}
