//! Words of a text with their places, and texts put together again.

use unicode_segmentation::UnicodeSegmentation;

/// A word with its place; `plain` is in lower case with a straight apostrophe.
pub(super) struct Word<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: &'a str,
    pub(super) plain: String,
}

/// The words of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    text.unicode_word_indices()
        .map(|(start, word)| Word {
            start,
            end: start + word.len(),
            text: word,
            plain: word.to_lowercase().replace('’', "'"),
        })
        .collect()
}

/// Replaces stretches of a text, given in order.
pub(super) fn replaced(text: &str, changes: &[(usize, usize, String)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for (start, end, new) in changes {
        out.push_str(&text[done..*start]);
        out.push_str(new);
        done = *end;
    }
    out.push_str(&text[done..]);
    out
}

/// A word with a capital.
pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
