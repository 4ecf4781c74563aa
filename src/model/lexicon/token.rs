//! Cuts a text into tokens and finds out what is known about each: VADER's own tokeniser, which
//! splits at white space and drops punctuation around words but keeps emoticons whole.

use super::vocabulary::{Cue, PADDING, Vocabulary, Word};
use std::ops::Range;

/// A word in its place in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'v> {
    pub(super) word: &'v Word,
    /// Whether it is written in capitals.
    pub(super) capitals: bool,
}

impl Token<'_> {
    pub(super) fn is(&self, cue: Cue) -> bool {
        self.word.cue == Some(cue)
    }
}

/// The tokens of a text in order, and what the rules ask about all of them together.
#[derive(Debug)]
pub(super) struct Tokens<'v> {
    pub(super) list: Vec<Token<'v>>,
    /// How many are written in capitals.
    pub(super) capitals: usize,
    /// Whether any word is rated.
    pub(super) rated: bool,
    /// Where the first "but" stands.
    pub(super) but: Option<usize>,
    /// Whether the text has exclamation or question marks.
    pub(super) emphasised: bool,
}

impl<'v> Tokens<'v> {
    /// Cuts a text.
    pub(super) fn of(text: &str, vocabulary: &'v Vocabulary) -> Self {
        // Room for short words; English has about six bytes to a word and the space after it.
        let list = Vec::with_capacity(text.len() / 4 + 1);
        let mut tokens = Self {
            list,
            capitals: 0,
            rated: false,
            but: None,
            emphasised: false,
        };
        let mut lower = Vec::with_capacity(text.len() + PADDING);
        lower.extend_from_slice(text.as_bytes());
        lower.make_ascii_lowercase();
        lower.extend([0; PADDING]);

        let mut add = |start: usize, end: usize, classes: u8| {
            tokens.emphasised |= classes & EMPHASIS != 0;
            if classes & WIDE != 0 && !is_folded_as_ascii(&text[start..end]) {
                let words = text[start..end].split(char::is_whitespace);
                for word in words.filter(|word| !word.is_empty()) {
                    tokens.push(wide_token(&word[without_punctuation(word)], vocabulary));
                }
            } else if start < end {
                let (mut word, mut unknown) = (start..end, Word::UNKNOWN);
                if classes & MARK != 0 {
                    let inner = without_punctuation(&text[start..end]);
                    word = start + inner.start..start + inner.end;
                    unknown = Word::unknown(&lower[word.clone()]);
                }
                let known = vocabulary.look_up(&lower[word.start..], word.len());
                let capitals = classes & (UPPER | LOWER) == UPPER;
                tokens.push(Token {
                    word: known.unwrap_or(unknown),
                    capitals,
                });
            }
        };
        let (mut start, mut classes) = (0, 0);
        for (index, byte) in text.bytes().enumerate() {
            let class = CLASS[usize::from(byte)];
            if class == SPACE {
                add(start, index, classes);
                (start, classes) = (index + 1, 0);
            } else {
                classes |= class;
            }
        }
        add(start, text.len(), classes);
        tokens
    }

    fn push(&mut self, token: Token<'v>) {
        self.capitals += usize::from(token.capitals);
        self.rated |= token.word.valence.is_some();
        if self.but.is_none() && token.is(Cue::But) {
            self.but = Some(self.list.len());
        }
        self.list.push(token);
    }
}

/// A token with letters outside ASCII.
fn wide_token<'v>(written: &str, vocabulary: &'v Vocabulary) -> Token<'v> {
    let mut lower = written.to_lowercase().into_bytes();
    let length = lower.len();
    lower.extend([0; PADDING]);
    let known = vocabulary.look_up(&lower, length);
    let word = known.unwrap_or_else(|| Word::unknown(&lower[..length]));
    Token {
        word,
        capitals: in_capitals(written),
    }
}

/// Whether all that stands outside ASCII is typographic quotes, dashes and dots, which have no
/// case and split no words. They are so common that they must not slow a text down.
fn is_folded_as_ascii(piece: &str) -> bool {
    piece
        .chars()
        .all(|character| matches!(character, '\0'..='\x7f' | '\u{2010}'..='\u{2027}'))
}

/// Where the word stands in a piece of text: without the ASCII punctuation at both ends, unless
/// two characters or fewer would be left. Then the piece is taken for an emoticon and kept whole.
fn without_punctuation(piece: &str) -> Range<usize> {
    let is_kept = |&byte: &u8| CLASS[usize::from(byte)] & MARK == 0;
    let bytes = piece.as_bytes();
    let start = bytes.iter().position(is_kept).unwrap_or(bytes.len());
    let end = bytes
        .iter()
        .rposition(is_kept)
        .map_or(start, |last| last + 1);
    let long_enough = piece[start..end].chars().nth(2).is_some();
    if long_enough {
        start..end
    } else {
        0..bytes.len()
    }
}

/// Whether a word has an upper-case letter and none in lower or title case.
fn in_capitals(word: &str) -> bool {
    word.chars().any(char::is_uppercase)
        && !word
            .chars()
            .any(|character| character.is_lowercase() || is_title_case(character))
}

/// The characters of Unicode's general category Lt.
fn is_title_case(character: char) -> bool {
    matches!(character,
        'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}'
        | '\u{1fa8}'..='\u{1faf}' | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}')
}

const UPPER: u8 = 1;
const LOWER: u8 = 2;
/// ASCII punctuation.
const MARK: u8 = 4;
/// An exclamation or question mark.
const EMPHASIS: u8 = 8;
/// Part of a character outside ASCII.
const WIDE: u8 = 16;
const SPACE: u8 = 32;

/// What each byte of a text may be. Spaces are those of Python's `str.split`, which has the four
/// information separators among them; the spaces outside ASCII are `WIDE`.
const CLASS: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' => LOWER,
            b'!' | b'?' => MARK | EMPHASIS,
            b'\t'..=b'\r' | 0x1c..=b' ' => SPACE,
            0x80.. => WIDE,
            other if other.is_ascii_punctuation() => MARK,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lexicon::Lexicon;

    #[test]
    fn punctuation_is_dropped_around_words_and_kept_in_emoticons() {
        for (piece, word) in [
            ("\"warm,\"", "warm"),
            ("(isn't)", "isn't"),
            (":-D", ":-D"),
            ("ok!", "ok!"),
            ("...", "..."),
            ("«été»", "«été»"),
            ("'été'", "été"),
        ] {
            assert_eq!(&piece[without_punctuation(piece)], word);
        }
    }

    #[test]
    fn words_are_cut_at_any_white_space_and_know_their_case() {
        let vocabulary =
            Vocabulary::new(&Lexicon::parse("warm\t1\nweltschmerz-prone\t-2", None).unwrap());
        let tokens = Tokens::of(
            "WARM\u{a0}But\u{1f}x\u{2003}É Weltschmerz-Prone!",
            &vocabulary,
        );
        let capitals: Vec<_> = tokens.list.iter().map(|token| token.capitals).collect();
        assert_eq!(capitals, [true, false, false, true, false]);
        assert_eq!(tokens.list[0].word.valence, Some(1.0));
        assert_eq!(tokens.list[4].word.valence, Some(-2.0));
        assert_eq!((tokens.capitals, tokens.but), (2, Some(1)));
        assert!(tokens.rated && tokens.emphasised);
    }

    #[test]
    fn case_is_that_of_unicode() {
        assert!(in_capitals("ÄRGER-2"));
        assert!(!in_capitals("ǅ") && !in_capitals("Ⅷⅷ") && !in_capitals("42"));
    }
}
