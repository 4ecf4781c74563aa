//! "don't" for "do not", or the other way round, in English. Where a contraction may stand for two things ("he's",
//! "he'd"), or cannot be written out in its place ("isn't it"), it stays.

use super::words::{Word, capitalised, replaced, words};

/// Verbs that take "n't".
const AUXILIARIES: [&str; 15] = [
    "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "could", "should",
    "would", "must", "need",
];

/// What may follow a verb in a question or beside a second negation, where "n't" cannot be written out in its place.
const INVERTED: [&str; 26] = [
    "i",
    "you",
    "he",
    "she",
    "it",
    "we",
    "they",
    "there",
    "this",
    "that",
    "these",
    "those",
    "the",
    "a",
    "an",
    "my",
    "your",
    "our",
    "anybody",
    "everybody",
    "somebody",
    "nobody",
    "not",
    "none",
    "no",
    "hardly",
];

/// What "'m", "'re", "'ve" and "'ll" are written to.
const PRONOUNS: [&str; 10] = [
    "i", "you", "he", "she", "it", "we", "they", "there", "that", "who",
];

/// Writes contractions out; where there is none, contracts "not".
pub(super) fn swap(text: &str) -> Result<String, &'static str> {
    let words = words(text);
    let mut changes: Vec<(usize, usize, String)> = words
        .iter()
        .enumerate()
        .filter_map(|(place, word)| {
            let next = words.get(place + 1).map(|next| next.plain.as_str());
            Some((word.start, word.end, written_out(word, next)?))
        })
        .collect();
    if changes.is_empty() {
        changes = words
            .windows(2)
            .filter_map(|pair| contracted(text, &pair[0], &pair[1]))
            .chain(
                words
                    .iter()
                    .filter(|word| word.text == "cannot")
                    .map(|word| (word.start, word.end, "can't".to_owned())),
            )
            .collect();
        changes.sort();
    }
    if changes.is_empty() {
        return Err("there is nothing to contract or to write out");
    }
    Ok(replaced(text, &changes))
}

fn written_out(word: &Word<'_>, next: Option<&str>) -> Option<String> {
    let asked = next.is_some_and(|next| INVERTED.contains(&next));
    let capital = word.text.starts_with(char::is_uppercase);
    let shouted = word
        .text
        .chars()
        .filter(|letter| letter.is_lowercase())
        .count()
        == 0;
    if shouted && word.plain != "i'm" {
        return None;
    }
    let (stem, rest) = match word.plain.as_str() {
        "can't" if !asked => ("can".to_owned(), "not"),
        "won't" if !asked => ("will".to_owned(), " not"),
        plain => {
            let mark = plain.rfind('\'')?;
            let (stem, rest) = (&plain[..mark], &plain[mark + 1..]);
            match (stem.strip_suffix('n'), rest) {
                (Some(stem), "t") if AUXILIARIES.contains(&stem) && !asked => {
                    (stem.to_owned(), " not")
                }
                _ if PRONOUNS.contains(&stem) => {
                    let rest = match rest {
                        "m" if stem == "i" => " am",
                        "re" => " are",
                        "ve" => " have",
                        "ll" => " will",
                        _ => return None,
                    };
                    (stem.to_owned(), rest)
                }
                _ => return None,
            }
        }
    };
    let written = format!("{stem}{rest}");
    Some(if capital {
        capitalised(&written)
    } else {
        written
    })
}

fn contracted(text: &str, verb: &Word<'_>, not: &Word<'_>) -> Option<(usize, usize, String)> {
    let adjacent = &text[verb.end..not.start] == " ";
    if !adjacent || not.text != "not" {
        return None;
    }
    let short = match verb.plain.as_str() {
        "will" => "won't".to_owned(),
        "can" => "can't".to_owned(),
        plain if AUXILIARIES.contains(&plain) => format!("{plain}n't"),
        _ => return None,
    };
    let capital = verb.text.starts_with(char::is_uppercase);
    let short = if capital { capitalised(&short) } else { short };
    Some((verb.start, not.end, short))
}
