//! Keys: read from the environment, put into headers, and kept out of everything else.

// The edge: here the environment is read.
#![allow(clippy::disallowed_methods)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::diagnostic::{Place, Problem, Problems};
use crate::document::Fields;

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
fn literal(name: &str, value: &str) -> bool {
    let name = name.to_lowercase();
    !value.is_empty() && !value.contains("${") && TELLING.iter().any(|part| name.contains(part))
}

/// The headers that a file and the preset under it name, with keys in their places; what the file says comes first. A
/// header that holds a key itself is a problem.
pub fn headers([own, under]: &[&Fields<'_>; 2], secrets: &mut Secrets) -> Vec<(String, String)> {
    let named = |layer: &Fields<'_>| {
        let table = layer.table("headers").map(|headers| headers.named_texts());
        table.unwrap_or_default()
    };
    let in_file = |place: &Place, what: String, example: &str| {
        own.problem(
            Problem::new("model/key-in-file", place.clone(), what).help(format!(
                "name a variable of the environment in its place, as in \"{example}\""
            )),
        );
    };
    let mine = named(own);
    let mut all = named(under);
    all.retain(|(name, ..)| {
        !mine
            .iter()
            .any(|(other, ..)| other.eq_ignore_ascii_case(name))
    });
    all.extend(mine);
    let mut headers = Vec::new();
    for (name, value, place) in all {
        if literal(&name, &value) {
            let what = format!("the header {name} holds a key");
            in_file(&place, what, "Bearer ${API_KEY}");
        } else if !value.is_empty() {
            headers.push((name, secrets.fill(&value, &place)));
        }
    }
    if let Some(basic) = own.text("basic").or_else(|| under.text("basic")) {
        let place = own.place_of("basic");
        if literal("authorization", &basic) {
            in_file(&place, "basic holds a key".to_owned(), "user:${API_KEY}");
        } else {
            headers.push(("Authorization".to_owned(), secrets.basic(&basic, &place)));
        }
    }
    headers
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
