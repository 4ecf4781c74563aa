//! The TOML that a Markdown document holds. What a reader sees as a `toml` block is in force, wherever it stands, and
//! nothing else is: what only looks like one is a problem, since a gate that is passed over passes everything.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::Lines;
use crate::diagnostic::{Problem, Problems, quote};

/// The document with everything blank but the content of its `toml` blocks, so that lines and columns stay.
///
/// # Errors
/// Blocks that are not closed, that name TOML in another way, and those that are shown as text.
pub(super) fn blocks(file: &str, text: &str) -> Result<String, Problems> {
    let lines = Lines::new(file, text);
    let mut problems = Problems::new();
    let mut note = |at: usize, message: String, help: &str| {
        let problem = Problem::new("markdown/block", lines.place(at), message);
        problems.push(problem.help(help));
    };
    let blank = |byte: u8| if byte == b'\n' { byte } else { b' ' };
    let mut kept: Vec<u8> = text.bytes().map(blank).collect();
    let mut is_toml = false;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let info = info.trim();
                is_toml = first_word(info).eq_ignore_ascii_case("toml");
                if !is_toml && names_toml(info) {
                    let message = format!("a block marked {} is not read", quote(info));
                    note(range.start, message, "say toml first, as in ```toml");
                }
                let source = &text[range.clone()];
                if !is_closed(source) || !is_toml && swallows(source) {
                    let message = "this fenced block is not closed".to_owned();
                    let help = "end it with a line of the marks that it begins with; what shows such a block begins with more of them";
                    note(range.start, message, help);
                }
            }
            Event::End(TagEnd::CodeBlock) => is_toml = false,
            Event::Text(_) if is_toml => keep(&mut kept, text, range),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented) | Tag::HtmlBlock) => {
                let source = &text[range.clone()];
                // A comment is seen by nobody, and is not in force.
                if !source.trim_start().starts_with("<!--") && holds_fence(source) {
                    let message = "what looks like a toml block is shown as text, and is not read";
                    let help = "indent it by less than four columns, with an empty line before it";
                    note(range.start, message.to_owned(), help);
                }
            }
            _ => {}
        }
    }
    problems.or(())?;
    Ok(String::from_utf8(kept).unwrap_or_else(|_| unreachable!("whole characters are kept")))
}

fn keep(kept: &mut [u8], text: &str, range: Range<usize>) {
    kept[range.clone()].copy_from_slice(&text.as_bytes()[range]);
}

fn first_word(info: &str) -> &str {
    info.split([' ', '\t', ',', '{']).next().unwrap_or_default()
}

fn names_toml(info: &str) -> bool {
    let mut words = info.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case("toml"))
}

/// The mark of the fence that a block begins with, and how many of it there are.
fn fence(block: &str) -> (char, usize) {
    let first = block.trim_start();
    let mark = first.chars().next().unwrap_or('`');
    (mark, first.chars().take_while(|one| *one == mark).count())
}

/// Whether the last line of a fenced block is a fence. Before it may stand the marks of what it lies in.
fn is_closed(block: &str) -> bool {
    let (mark, long) = fence(block);
    let last = block.trim_end().lines().skip(1).last().unwrap_or_default();
    let last = last.trim_start_matches([' ', '\t', '>']);
    last.chars().count() >= long && last.chars().all(|one| one == mark)
}

/// Whether a toml block was meant to begin inside of a block, whose own end is lacking then.
fn swallows(block: &str) -> bool {
    let (mark, long) = fence(block);
    block.lines().skip(1).any(|line| {
        let line = line.trim_start_matches([' ', '\t', '>']);
        let info = line.trim_start_matches(mark);
        line.len() - info.len() >= long && names_toml(info)
    })
}

/// Whether a line begins a fenced block that names TOML.
fn holds_fence(source: &str) -> bool {
    source.lines().any(|line| {
        let line = line.trim_start();
        let info = line.trim_start_matches(['`', '~']);
        line.len() - info.len() >= 3 && names_toml(info)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        let kept = blocks("POLICY.md", text).expect("no problem");
        assert_eq!(kept.len(), text.len());
        let lines = kept.lines().map(str::trim);
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        lines.join("|")
    }

    #[test]
    fn what_is_shown_as_a_toml_block_is_read() {
        for (text, expected) in [
            ("~~~toml\na = 1\n~~~\n``` TOML\nb = 2\n```\n", "a = 1|b = 2"),
            ("````toml x\nc = 3\n````\n", "c = 3"),
            // An example of a block is no block.
            (
                "````markdown\n```toml\na = 1\n```\n````\n```toml\nb = 2\n```\n",
                "b = 2",
            ),
            (
                "- a list\n\n  ```toml\n  a = 1\n  [b]\n  ```\n",
                "a = 1|[b]",
            ),
            ("1. a list\n\n    ```toml\n    a = 1\n    ```\n", "a = 1"),
            ("> ```toml\n> a = 1\n> ```\n", "a = 1"),
            (
                "<!--\n```toml\na = 1\n```\n-->\n\n```toml\nb = 2\n```\n",
                "b = 2",
            ),
            ("```text\n[[waiver]]\n```\n", ""),
            ("```toml\r\na = 1\r\n```\r\n", "a = 1"),
            (
                "\u{e4}\u{2192}\n```toml\na = \"\u{fc}\"\n```\n",
                "a = \"\u{fc}\"",
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_refused() {
        for (text, line, word) in [
            ("x\n\n```{.toml}\na = 1\n```\n", 3, "{.toml}"),
            ("```.toml\na = 1\n```\n", 1, ".toml"),
            ("```:toml\na = 1\n```\n", 1, ":toml"),
            ("```text\nx\n\n```toml\na = 1\n", 1, "not closed"),
            ("```toml\na = 1\n", 1, "not closed"),
            ("```text\nx\n\n```toml\na = 1\n```\n", 1, "not closed"),
            ("> ```toml\n> a = 1\n\nx\n", 1, "not closed"),
            ("x\n\n    ```toml\n    a = 1\n    ```\n", 3, "shown as text"),
            ("<div>\n```toml\na = 1\n```\n</div>\n", 1, "shown as text"),
        ] {
            let problems = blocks("POLICY.md", text).expect_err(text).to_string();
            let place = format!("POLICY.md:{line}:");
            assert!(
                problems.contains(&place) && problems.contains(word),
                "{problems}"
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_moves(text in "[`~ >\\-\\n\\r\\ttomlé<!=1]{0,60}") {
            if let Ok(kept) = blocks("POLICY.md", &text) {
                prop_assert_eq!(kept.len(), text.len());
                prop_assert_eq!(kept.matches('\n').count(), text.matches('\n').count());
            }
        }
    }
}
