//! Text of the record in formats that know no types: on one line, and in Markdown as text or as code.
//!
//! Markdown has no writer that escapes, so the rules stand here: nothing from data becomes markup, a link, a mention
//! or a cell of its own.

use crate::diagnostic::plain;

// Nothing is left in it that XML and YAML cannot hold either.
pub use crate::diagnostic::plain as line;

/// Text for Markdown, in paragraphs, lists and cells of tables.
pub fn prose(text: &str) -> String {
    let text = plain(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match character {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(character);
            }
            // Hosts of Markdown link addresses wherever they stand.
            ':' if next == Some('/') => out.push_str("\\:"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            // Mentions and references are read from the rendered text, so that an escape does not stop them.
            '@' => out.push_str("@\u{200b}"),
            '#' => out.push_str("\\#\u{200b}"),
            _ => out.push(character),
        }
    }
    out
}

/// A name as a code span, which may stand in a cell of a table. A backquote and a bar, which would end span and cell,
/// are written out as control characters are.
pub fn code(text: &str) -> String {
    let inner = spelled(text);
    if inner.trim().is_empty() {
        return "(no name)".to_owned();
    }
    format!("`{inner}`")
}

/// What a code span shows of a name.
pub fn spelled(text: &str) -> String {
    line(text.trim())
        .replace('`', "\\u{60}")
        .replace('|', "\\u{7c}")
}

/// A row of a Markdown table. The cells are Markdown.
pub fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The head of a Markdown table.
pub fn head(titles: &[&str]) -> String {
    let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
    let rule = vec!["---".to_owned(); titles.len()];
    row(&titles) + &row(&rule)
}

#[cfg(test)]
mod tests {
    use super::{code, line, prose};

    #[test]
    fn nothing_from_data_becomes_markup() {
        for (text, expected) in [
            ("a | b\n# c", "a \\| b \\#\u{200b} c"),
            ("<b>*x*</b>", "\\<b\\>\\*x\\*\\</b\\>"),
            ("@team see #12", "@\u{200b}team see \\#\u{200b}12"),
            (
                "http://a.example www.b.example",
                "http\\://a.example www\\.b.example",
            ),
            ("![x](y)", "!\\[x\\](y)"),
            ("\u{1b}[31m", "\\\\u\\{1b\\}\\[31m"),
        ] {
            assert_eq!(prose(text), expected);
        }
        assert_eq!(code("a`b|c\nd"), "`a\\u{60}b\\u{7c}c\\nd`");
        assert_eq!(code(" \t"), "(no name)");
        assert_eq!(line("\u{0}\u{fffe}\u{202e}x"), "\\u{0}\\u{fffe}\\u{202e}x");
    }
}
