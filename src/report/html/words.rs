//! Numbers and codes of the record as a reader sees them. Nothing here knows about HTML.

use std::collections::BTreeMap;

use crate::diagnostic::{self, thousands};
use crate::record::Record;
use crate::record::v1::{Measurement, Settings, Value};

/// How a quantity is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Two decimals.
    Plain,
    /// Two decimals with a sign: for differences.
    Signed,
    /// Three decimals with a sign: for shifts of scores, which are small.
    Shift,
    /// Percent.
    Share,
}

impl Style {
    /// One number.
    pub fn number(self, value: f64) -> String {
        match self {
            Style::Plain => decimal(value, 2),
            Style::Signed => signed(value, 2),
            Style::Shift => signed(value, 3),
            Style::Share => percent(value),
        }
    }

    /// One limit of an interval.
    fn limit(self, value: f64) -> String {
        let text = match self {
            Style::Plain => diagnostic::limit(value, 2),
            Style::Signed => diagnostic::signed_limit(value, 2),
            Style::Shift => diagnostic::signed_limit(value, 3),
            Style::Share => percent(value),
        };
        text.replace('-', "−")
    }

    /// "0.38 to 0.47".
    pub fn range(self, low: f64, high: f64) -> String {
        match self {
            Style::Share => {
                let low = percent(low);
                format!("{} to {}", low.trim_end_matches("\u{a0}%"), percent(high))
            }
            _ => format!("{} to {}", self.limit(low), self.limit(high)),
        }
    }

    /// "0.43 (0.38 to 0.47)", or why there is no value.
    pub fn value(self, value: &Value) -> String {
        match value {
            Value::Defined {
                estimate, interval, ..
            } => {
                format!(
                    "{} ({})",
                    self.number(*estimate),
                    self.range(interval.low, interval.high)
                )
            }
            Value::Missing { undefined } => format!("no value: {}", undefined.detail),
        }
    }
}

/// A decimal number with a true minus sign and never a negative zero.
pub fn decimal(value: f64, places: usize) -> String {
    diagnostic::decimal(value, places).replace('-', "−")
}

/// A decimal number with a sign unless it rounds to zero.
fn signed(value: f64, places: usize) -> String {
    diagnostic::signed(value, places).replace('-', "−")
}

/// A share in percent, with one decimal under 10 and above 90 where it says more.
pub fn percent(share: f64) -> String {
    let exact = decimal(100.0 * share, 1);
    let coarse = (0.0995..0.9005).contains(&share) || exact.ends_with(".0");
    format!(
        "{}\u{a0}%",
        if coarse {
            decimal(100.0 * share, 0)
        } else {
            exact
        }
    )
}

/// "1 case", "740 cases".
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

/// What stands for a number that is suppressed.
pub const NOT_SHOWN: &str = "not shown";

/// How many cases a measurement rests on.
pub fn cases(measurement: &Measurement) -> String {
    measurement
        .cases()
        .map_or_else(|| NOT_SHOWN.to_owned(), thousands)
}

/// What is suppressed in a record.
pub fn suppression(settings: &Settings) -> String {
    format!(
        "Nothing is told of fewer than {} of a group: values that would tell of them, by themselves or with others, are \
         not shown.",
        counted(settings.suppress_below, "case", "cases")
    )
}

/// "a, b and c".
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [firsts @ .., last] => format!("{} and {last}", firsts.join(", ")),
    }
}

/// A list that stops after `most` and says how many more there are.
pub fn list_up_to(items: &[String], most: usize) -> String {
    if items.len() <= most + 1 {
        return list(items);
    }
    format!(
        "{} and {} more",
        items[..most].join(", "),
        items.len() - most
    )
}

/// The first letter in upper case.
pub fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// "gender: woman", "gender: woman, age: child"; "all cases" where the slice is empty.
pub fn slice(slice: &BTreeMap<String, String>) -> String {
    if slice.is_empty() {
        return "all cases".to_owned();
    }
    let parts: Vec<String> = slice
        .iter()
        .map(|(name, group)| format!("{}: {group}", spaced(name)))
        .collect();
    parts.join(", ")
}

/// A code as words: hyphens and underscores become spaces.
pub fn spaced(code: &str) -> String {
    code.replace(['-', '_'], " ")
}

/// Whom an attribute is about.
pub fn about(code: &str) -> &str {
    match code {
        "author" => "the author",
        "subject" => "the person a text is about",
        "rater" => "the people who labelled",
        "context" => "the text and its context",
        other => other,
    }
}

/// What gold labels say, by where they come from: whole sentences of the reports.
pub fn labels_say(source: &str) -> Option<&'static str> {
    Some(match source {
        "perceived" => {
            "Labels perceived by annotators say how a text reads to people, not what its author felt."
        }
        "felt" => {
            "Labels reported by authors say what people told of their feelings, not how others read them."
        }
        "acted" => {
            "Labels intended by actors say what was to be shown, which is seldom how people show it unasked."
        }
        "template" => {
            "Labels set by the construction of sentences were never checked against how people read them; the sentences \
             serve to compare groups, not to measure how well real text is read."
        }
        "model" => "Labels assigned by a model measure agreement with that model.",
        _ => return None,
    })
}

/// When something happened, from RFC 3339: "2026-11-21 02:36 UTC"; other text as it is.
pub fn moment(time: &str) -> String {
    match time.split_once('T') {
        Some((day, clock)) if clock.len() >= 6 && clock.ends_with('Z') && clock.is_ascii() => {
            format!("{day} {} UTC", &clock[..5])
        }
        _ => time.to_owned(),
    }
}

/// A sentence of the record with true minus signs.
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        let is_minus = character == '-'
            && matches!(before, ' ' | '(')
            && characters.peek().is_some_and(char::is_ascii_digit);
        out.push(if is_minus { '−' } else { character });
        before = character;
    }
    sentence(&out)
}

/// When the policy of a record was fixed, where it was: a day after the run is no day before the results.
pub fn locked(record: &Record) -> Option<String> {
    let lock = record.policy.locked.as_ref()?;
    let changed = match lock.earlier {
        0 => String::new(),
        n => format!(" (changed and locked anew {})", counted(n, "time", "times")),
    };
    let started = record.run.as_ref().map(|run| run.started.as_str());
    let late = match started.and_then(|started| started.get(..10)) {
        Some(day) if lock.date.as_str() > day => {
            ", which is after this audit began: the lock shows nothing about it"
        }
        _ => "",
    };
    Some(format!("locked on {}{changed}{late}", lock.date))
}

/// A verdict in words.
pub fn verdict(code: &str) -> &str {
    match code {
        "insufficient" => "not enough evidence",
        "not-auditable" => "not auditable",
        other => other,
    }
}

/// How bad a verdict is; higher is worse.
pub fn badness(code: &str) -> u8 {
    match code {
        "not-auditable" => 4,
        "unreliable" => 3,
        "insufficient" => 2,
        "limited" => 1,
        _ => 0,
    }
}

/// A recommendation in words.
pub fn recommendation(code: &str) -> String {
    match code {
        "emotion-usable" => "emotion usable".to_owned(),
        "polarity-only" => "polarity only".to_owned(),
        "neither" => "neither".to_owned(),
        "not-enough-data" => "not enough data".to_owned(),
        other => spaced(other),
    }
}

/// An outcome in words.
pub fn outcome(code: &str) -> &str {
    match code {
        "pass" => "passed",
        "fail" => "failed",
        "insufficient" => "not enough evidence",
        other => other,
    }
}

/// Every outcome of a gate, in the order in which readers need them.
pub const OUTCOMES: [&str; 5] = ["fail", "insufficient", "unmeasured", "waived", "pass"];
