//! Texts by their words: which cases hold the same, and the form in which words are compared.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Fewest words of a text that nobody says twice by chance.
pub const LONG: usize = 4;

/// A text in the form in which it is compared: NFKC, lower case, runs of spaces as one.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut words = text.split_whitespace();
    let mut push = |word: &str| {
        if word.is_ascii() {
            out.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            let lowered: String = word.nfkc().flat_map(char::to_lowercase).collect();
            out.extend(lowered.nfkc());
        }
    };
    if let Some(first) = words.next() {
        push(first);
    }
    for word in words {
        push(" ");
        push(word);
    }
    // Normalising may lay bare a space, as in U+00A8.
    if out.starts_with(' ') || out.ends_with(' ') || out.contains("  ") {
        return out.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    out
}

/// The texts of a dataset by their words; blank texts stand apart.
pub struct Wording {
    /// The distinct normal forms, in the order in which they first occur.
    pub texts: Vec<String>,
    /// For each of them the cases that hold it, in order.
    pub cases: Vec<Vec<usize>>,
}

impl Wording {
    /// Sorts texts by their words.
    pub fn new(texts: &[String]) -> Self {
        let mut places: HashMap<String, usize> = HashMap::with_capacity(texts.len());
        let mut cases: Vec<Vec<usize>> = Vec::new();
        for (case, text) in texts.iter().enumerate() {
            let normal = normal(text);
            if normal.is_empty() {
                continue;
            }
            let next = cases.len();
            match *places.entry(normal).or_insert(next) {
                place if place == next => cases.push(vec![case]),
                place => cases[place].push(case),
            }
        }
        let mut texts = vec![String::new(); cases.len()];
        for (text, place) in places {
            texts[place] = text;
        }
        Wording { texts, cases }
    }

    /// Whether a text has four words or more (Unicode word boundaries, UAX 29).
    pub fn is_long(&self, place: usize) -> bool {
        self.texts[place].unicode_words().take(LONG).count() == LONG
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_width_and_spaces_do_not_count_and_signs_do() {
        assert_eq!(normal("  Oh\tmy\u{a0}GOD! "), "oh my god!");
        assert_eq!(normal("Ｏｈ my"), "oh my");
        assert_eq!(normal("cafe\u{301}"), normal("café"));
        assert_ne!(normal("fine :)"), normal("fine :("));
        assert_eq!(normal("\u{a8} a"), normal("\u{308} a"));
    }

    #[test]
    fn the_same_words_share_a_place() {
        let texts = ["Hi there", "", "bye", "hi  THERE"].map(str::to_owned);
        let wording = Wording::new(&texts);
        assert_eq!(wording.texts, ["hi there", "bye"]);
        assert_eq!(wording.cases, [vec![0, 3], vec![2]]);
        assert!(!wording.is_long(0));
    }
}
