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

/// Names of keys, alone or behind other words.
const NAMES: [&str; 10] = [
    "apikey",
    "auth",
    "authorization",
    "credential",
    "credentials",
    "key",
    "passwd",
    "password",
    "secret",
    "token",
];

/// The keys that were read.
#[derive(Default)]
pub struct Secrets {
    known: Vec<String>,
    /// The problem of each that the environment lacks.
    pub lacking: Problems,
}

/// The problem of a key that is written out.
pub fn in_file(place: &Place, what: &str, example: &str) -> Problem {
    Problem::new("model/key-in-file", place.clone(), what).help(format!(
        "name a variable of the environment in its place, as in \"{example}\""
    ))
}

/// Whether a header holds a key that is written out in the file.
fn literal(name: &str, value: &str) -> bool {
    let lower = name.to_lowercase();
    !value.is_empty()
        && !value.contains("${")
        && (is_telling(name) || TELLING.iter().any(|part| lower.contains(part)))
}

/// The headers that a file and the preset under it name, with keys in their places; what the file says comes first. A
/// header that holds a key itself is a problem.
pub fn headers([own, under]: &[&Fields<'_>; 2], secrets: &mut Secrets) -> Vec<(String, String)> {
    let named = |layer: &Fields<'_>| {
        let table = layer.table("headers").map(|headers| headers.named_texts());
        table.unwrap_or_default()
    };
    let in_file = |place: &Place, what: String, example: &str| {
        own.problem(in_file(place, &what, example));
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

    /// Notes a key that was read elsewhere.
    pub fn keep(&mut self, secret: Option<&str>) {
        self.known.extend(secret.map(str::to_owned));
    }

    /// Whether a text holds one of the keys, however it is escaped.
    pub fn are_in(&self, text: &str) -> bool {
        let text = bare(text);
        self.known.iter().any(|secret| text.contains(&bare(secret)))
    }
}

/// The ASCII letters and digits of a text whose escapes, of JSON and of addresses, are undone: what is left of a key in
/// whatever form a service repeats it.
fn bare(text: &str) -> String {
    let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    let mut plain = String::new();
    let mut rest = text.as_ref();
    while let Some(at) = rest.find("\\u") {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        let code = rest
            .get(..4)
            .and_then(|code| u32::from_str_radix(code, 16).ok());
        if let Some(code) = code {
            plain.extend(char::from_u32(code));
            rest = &rest[4..];
        }
    }
    plain.push_str(rest);
    plain.retain(|letter| letter.is_ascii_alphanumeric());
    plain
}

/// Whether a name is one of a key, as `api_key`, `X-Auth` or `clientSecret`.
pub fn is_telling(name: &str) -> bool {
    let mut words = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(if letter.is_alphanumeric() {
            letter
        } else {
            ' '
        });
        before = letter;
    }
    let words = words.to_lowercase();
    let last = words.split_whitespace().last().unwrap_or_default();
    NAMES.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_every_form() {
        let secrets = Secrets {
            known: vec!["sk/a\"bé+1".to_owned()],
            ..Secrets::default()
        };
        for text in [
            "no sk/a\"bé+1 here",
            r#"{"error": "sk\/a\"b\u00e9+1"}"#,
            r#"{"error": "sk/a\u0022b\u00c3\u00a9+1"}"#,
            "key=sk%2Fa%22b%C3%A9%2B1",
            r#""{\"error\": \"sk\\/a\\\"b\\u00e9+1\"}""#,
        ] {
            assert!(secrets.are_in(text), "{text}");
        }
        assert!(!secrets.are_in("the model of this name is not known"));
        assert!(!Secrets::default().are_in("anything"));
    }

    #[test]
    fn names_of_keys_are_told_from_others() {
        for name in [
            "key",
            "api_key",
            "X-Auth",
            "clientSecret",
            "X-Api-Key",
            "access_token",
            "apiKey",
        ] {
            assert!(is_telling(name), "{name}");
        }
        for name in [
            "max_tokens",
            "keyword",
            "tokenizer",
            "key_phrases",
            "author",
            "text",
            "",
        ] {
            assert!(!is_telling(name), "{name}");
        }
    }
}
