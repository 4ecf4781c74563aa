//! Problems in what a user gave us: what is wrong, where, what was expected and the way out.
//!
//! Readers collect every problem of a file before they give up, so that one run shows all there is to mend.
//! Printing is left to the command line.

mod number;

use std::fmt;
use std::sync::LazyLock;

pub use number::{apart, counted, decimal, limit, signed, signed_limit, thousands};

use regex::Regex;

/// How many problems of one kind a report of problems spells out before it only counts.
const SHOWN_PER_CODE: usize = 20;

/// Where in the input a problem sits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// File name as the user gave it, or the name of an embedded document.
    pub file: String,
    /// Line, counted from 1.
    pub line: Option<u64>,
    /// Column, counted from 1 in characters (in delimited files: in fields).
    pub column: Option<u64>,
    /// The key or column name, where there is one.
    pub key: Option<String>,
}

impl Place {
    /// A place that names a file and nothing more.
    pub fn file(file: impl Into<String>) -> Self {
        Place {
            file: file.into(),
            ..Place::default()
        }
    }

    /// The same place at a line and column.
    pub fn at(mut self, line: u64, column: u64) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// The same place with the key or column it is about.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", plain(&self.file))?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        if let Some(key) = &self.key {
            write!(f, " ({})", plain(key))?;
        }
        Ok(())
    }
}

/// The longest text that may be a label or a name, in characters.
const LONGEST_LABEL: usize = 30;

/// One thing wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable name, such as `dataset/unknown-label`.
    pub code: &'static str,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a way out yet; add one with [`Problem::help`].
    pub fn new(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Problem {
            code,
            place,
            message: message.into(),
            help: None,
        }
    }

    /// Adds the way out.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "error[{}]: {}",
            self.code,
            plain_lines(self.message.lines()).trim_end()
        )?;
        write!(f, "  --> {}", self.place)?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", plain_lines(help.lines()).trim_end())?;
        }
        Ok(())
    }
}

/// Every problem found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// No problem yet.
    pub fn new() -> Self {
        Problems::default()
    }

    /// Notes one more.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Takes over those of another reader.
    pub fn extend(&mut self, other: Problems) {
        self.0.extend(other.0);
    }

    /// The value of a reader that succeeded; the problems of one that did not are taken over.
    pub fn take<T>(&mut self, result: Result<T, Problems>) -> Option<T> {
        result.map_err(|more| self.extend(more)).ok()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// In the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// The value if nothing is wrong, all problems otherwise.
    pub fn or<T>(self, value: T) -> Result<T, Problems> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Problems(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown: Vec<(&str, usize)> = Vec::new();
        for problem in &self.0 {
            match shown.iter_mut().find(|(code, _)| *code == problem.code) {
                Some((_, count)) => *count += 1,
                None => shown.push((problem.code, 1)),
            }
            let count = shown
                .iter()
                .find(|(code, _)| *code == problem.code)
                .map_or(1, |(_, count)| *count);
            if count <= SHOWN_PER_CODE {
                writeln!(f, "{problem}")?;
            }
        }
        for (code, count) in shown {
            if count > SHOWN_PER_CODE {
                writeln!(f, "... and {} more of {code}", count - SHOWN_PER_CODE)?;
            }
        }
        write!(f, "{}", counted(self.len(), "problem"))
    }
}

/// A value from data in quotation marks, cut to 60 characters, with nothing in it that a terminal obeys.
pub fn quote(value: &str) -> String {
    let mut short: String = value.chars().take(60).collect();
    if short.len() < value.len() {
        short.push('…');
    }
    format!("\"{}\"", plain(&short))
}

/// A label in quotation marks; one too long to be a label is only described, since it may be somebody's words.
pub fn quote_label(label: &str) -> String {
    let length = label.chars().count();
    if length > LONGEST_LABEL {
        format!("of {length} characters")
    } else {
        quote(label)
    }
}

/// Names in a row, cut short where they are many or long.
pub fn list(names: &[String]) -> String {
    const MOST: usize = 20;
    let shown: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| name.chars().take(LONGEST_LABEL).collect())
        .collect();
    let more = if names.len() > MOST {
        format!(" and {} more", names.len() - MOST)
    } else {
        String::new()
    };
    format!("{}{more}", shown.join(", "))
}

/// Lines, each as [`plain`] writes it.
pub fn plain_lines<T: AsRef<str>>(lines: impl IntoIterator<Item = T>) -> String {
    let lines = lines.into_iter();
    lines.map(|line| plain(line.as_ref()) + "\n").collect()
}

/// Text with control characters, ends of lines and direction marks written out, so that data cannot steer a terminal,
/// nor begin a line that a build server takes for a command.
pub fn plain(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for character in value.chars() {
        let hidden = matches!(
            character,
            '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}'..='\u{ffff}'
        );
        if character.is_control() || hidden {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}

/// Whether a text shows nothing: it holds no more than blanks, control characters and what Unicode has programs ignore
/// when they draw text.
pub fn is_blank(text: &str) -> bool {
    // The braille pattern without dots is drawn as a blank, and is none.
    const BLANK: &str = r"\A[\s\p{Control}\p{Default_Ignorable_Code_Point}\u{2800}]*\z";
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(BLANK).unwrap_or_else(|error| unreachable!("a pattern of ours: {error}"))
    });
    PATTERN.is_match(text)
}

/// The known name nearest to an unknown one, if one is near enough to be a slip of the pen.
pub fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lowered = unknown.to_lowercase();
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&lowered, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "expected one of a, b, c", with the nearest of them first asked for.
pub fn expected_one_of(unknown: &str, known: &[&str]) -> String {
    let list = known.join(", ");
    match nearest(unknown, known.iter().copied()) {
        Some(near) => format!("did you mean {near}? expected one of: {list}"),
        None => format!("expected one of: {list}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_never_reach_a_terminal() {
        let hostile = "joy\u{1b}[2J\u{202e}x\r";
        let quoted = quote(hostile);
        assert_eq!(quoted, "\"joy\\u{1b}[2J\\u{202e}x\\r\"");
    }

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        assert_eq!(nearest("jooy", ["joy", "anger"]), Some("joy"));
        assert_eq!(nearest("banana", ["joy", "anger"]), None);
    }

    #[test]
    fn one_is_no_plural() {
        let told: Vec<String> = (0..3).map(|n| counted(n, "case")).collect();
        assert_eq!(told, ["0 cases", "1 case", "2 cases"]);
    }

    #[test]
    fn many_problems_of_one_kind_are_counted() {
        let mut problems = Problems::new();
        for line in 0..25 {
            problems.push(Problem::new(
                "dataset/unknown-label",
                Place::file("cases.csv").at(line + 2, 3),
                "unknown label",
            ));
        }
        let text = problems.to_string();
        assert!(text.contains("... and 5 more of dataset/unknown-label"));
        assert!(text.ends_with("25 problems"));
    }
}
