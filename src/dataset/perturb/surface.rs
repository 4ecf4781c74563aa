//! Changes to the surface of a text, in any language: case, punctuation, emoji, slips of the finger.

use unicode_segmentation::UnicodeSegmentation;

use super::kind::Dice;

/// Objects without a feeling; a face or a heart would change what the text says.
const EMOJI: [&str; 5] = ["📎", "📌", "🔖", "📁", "🧷"];

/// Marks that end a statement.
const FULL_STOPS: [char; 4] = ['.', '。', '।', '۔'];

/// Marks within a statement, where a blank follows.
const COMMAS: [char; 3] = [',', '،', '、'];

/// Words that a slip must not hide, since the meaning turns on them.
const PROTECTED: [&str; 9] = [
    "never", "nothing", "nobody", "none", "neither", "without", "hardly", "barely", "cannot",
];

pub(super) fn casing(text: &str) -> Result<String, &'static str> {
    let lower = text.to_lowercase();
    if lower == text {
        return Err("there is no capital letter");
    }
    Ok(lower)
}

pub(super) fn emoji(text: &str, dice: &Dice<'_>) -> Result<String, &'static str> {
    if EMOJI.iter().any(|emoji| text.contains(emoji)) {
        return Err("such an emoji is there already");
    }
    let emoji = EMOJI[dice.throw("emoji", EMOJI.len())];
    Ok(format!("{} {emoji}", text.trim_end()))
}

pub(super) fn punctuation(text: &str) -> Result<String, &'static str> {
    let mut kept = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let before_blank = letters.peek().is_some_and(|next| next.is_whitespace());
        if !(COMMAS.contains(&letter) && before_blank) {
            kept.push(letter);
        }
    }
    let mut end = kept.trim_end();
    while let Some(rest) = end.strip_suffix(FULL_STOPS) {
        // Dots in a row are a pause and may carry a feeling.
        if rest.ends_with(FULL_STOPS) {
            break;
        }
        end = rest.trim_end();
    }
    if end.len() == text.trim_end().len() {
        return Err("there is no full stop at the end and no comma");
    }
    Ok(end.to_owned())
}

/// Swaps two neighbouring letters inside one word; the first and the last letter stay, as in most slips that a
/// reader does not stumble over.
pub(super) fn typos(text: &str, dice: &Dice<'_>) -> Result<String, &'static str> {
    let mut places: Vec<(usize, &str, &str)> = Vec::new();
    for (start, word) in text.unicode_word_indices() {
        if is_protected(text, start, word) {
            continue;
        }
        let letters: Vec<(usize, &str)> = word.grapheme_indices(true).collect();
        for pair in letters
            .windows(2)
            .skip(1)
            .take(letters.len().saturating_sub(3))
        {
            let [(at, one), (_, other)] = pair else {
                continue;
            };
            if one != other {
                places.push((start + at, one, other));
            }
        }
    }
    if places.is_empty() {
        return Err("no word has two letters that can change places");
    }
    let (at, one, other) = places[dice.throw("typos", places.len())];
    let after = at + one.len() + other.len();
    Ok(format!("{}{other}{one}{}", &text[..at], &text[after..]))
}

/// Short words, words with signs or digits in them, names of accounts and addresses stay as they are.
fn is_protected(text: &str, start: usize, word: &str) -> bool {
    let before = text[..start].split(char::is_whitespace).next_back();
    let token_start = start - before.map_or(0, str::len);
    let token = text[token_start..].split_whitespace().next().unwrap_or("");
    let is_address = token.starts_with(['@', '#'])
        || token.contains("://")
        || token.contains('@')
        || token.starts_with("www.");
    is_address
        || word.graphemes(true).count() < 4
        || !word
            .chars()
            .all(|letter| letter.is_alphabetic() || !letter.is_ascii())
        || word.contains('’')
        || PROTECTED.contains(&word.to_lowercase().as_str())
}
