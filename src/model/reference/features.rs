//! What the reference models see of a text: hashed words, word pairs, negated words, word
//! beginnings, letter groups and symbols, as a sparse vector of length one.
//! No text is kept, so none can be read back from weights. Weights live in [`super::weights`].

/// Size of the hashed space. The upper half holds letter groups, the lower half everything else.
pub const BUCKETS: u32 = 1 << 20;

/// Changes whenever the same text would give other features, so that weights trained on other
/// features are refused instead of scoring nonsense.
pub const FEATURES_VERSION: u32 = 1;

/// Weight of a letter group against that of a word, before normalisation. There are several
/// times as many letter groups as words; at equal weight they would drown the words.
const LETTER_GROUP_WEIGHT: f32 = 0.5;
/// Lengths of the letter groups, the marks for the word's two ends included.
const LETTER_GROUP: std::ops::RangeInclusive<usize> = 3..=4;
/// Letters of a word's beginning, which stands in for its stem.
const BEGINNING: usize = 5;
/// How many words after a negation count as negated.
const NEGATION_SCOPE: u8 = 3;

/// Turns texts into features and owns the buffers for it, so that scoring many texts does not
/// allocate for each.
///
/// The same text always gives the same features, on any machine. Case is ignored; curly and
/// straight quotation marks are the same; a character repeated three times or more counts as
/// two; the skin tone of an emoji is dropped. A placeholder such as `[NAME]`, which anonymised
/// corpora put for a name, gives no feature and parts the words around it, just as a name that
/// was never seen in training does in ordinary text.
#[derive(Debug, Default)]
pub struct Extractor {
    characters: Vec<char>,
    word: Vec<char>,
    keys: Vec<u32>,
    features: Vec<(u32, f32)>,
}

impl Extractor {
    /// An extractor with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// The features of a text: `(bucket, value)` in ascending order of bucket, each bucket once,
    /// with values whose squares add up to 1. Empty for a text without words and symbols.
    pub fn extract(&mut self, text: &str) -> &[(u32, f32)] {
        self.characters.clear();
        self.characters
            .extend(text.chars().map(plain_quotation_mark));
        self.keys.clear();
        self.collect_keys();
        self.keys.sort_unstable();
        self.keys.dedup();

        let letter_groups = self.keys.len() - self.keys.partition_point(|key| *key < BUCKETS / 2);
        let words = self.keys.len() - letter_groups;
        let squares =
            words as f32 + letter_groups as f32 * LETTER_GROUP_WEIGHT * LETTER_GROUP_WEIGHT;
        let word_value = squares.sqrt().recip();
        self.features.clear();
        self.features.extend(self.keys.iter().map(|&key| {
            let weight = if key < BUCKETS / 2 {
                1.0
            } else {
                LETTER_GROUP_WEIGHT
            };
            (key, weight * word_value)
        }));
        &self.features
    }

    fn collect_keys(&mut self) {
        let mut context = Context::default();
        let mut at = 0;
        while let Some(&character) = self.characters.get(at) {
            at = if character.is_whitespace() || is_invisible(character) {
                at + 1
            } else if let Some(end) = placeholder_end(&self.characters, at) {
                context = Context::default();
                end
            } else if character.is_alphanumeric() {
                self.take_word(at, &mut context)
            } else {
                context.negated = 0;
                self.take_symbols(at)
            };
        }
    }

    /// Adds the features of the word that starts at `start` and returns where it ends.
    fn take_word(&mut self, start: usize, context: &mut Context) -> usize {
        let end = word_end(&self.characters, start);
        self.word.clear();
        for &character in &self.characters[start..end] {
            if character.is_ascii() {
                push_squeezed(&mut self.word, character.to_ascii_lowercase());
            } else {
                for lower in character.to_lowercase() {
                    push_squeezed(&mut self.word, lower);
                }
            }
        }

        let word = hash(Kind::Word, &self.word);
        self.keys.push(word_key(word));
        if let Some(previous) = context.previous {
            self.keys
                .push(word_key(mix(mix(Kind::Pair as u64, previous), word)));
        }
        if context.negated > 0 {
            context.negated -= 1;
            self.keys.push(word_key(mix(word, Kind::Negated as u64)));
        }
        if self.word.len() >= BEGINNING {
            self.keys
                .push(word_key(hash(Kind::Beginning, &self.word[..BEGINNING])));
        }
        self.add_letter_groups();

        if is_negation(&self.word) {
            context.negated = NEGATION_SCOPE;
        }
        context.previous = Some(word);
        end
    }

    /// Adds the letter groups of the current word, its ends marked. The group that would be the
    /// whole word is left out: the word itself is a feature already.
    fn add_letter_groups(&mut self) {
        let marked = self.word.len() + 2;
        let letter = |place: usize| match place {
            0 => WORD_START,
            _ => self.word.get(place - 1).map_or(WORD_END, |c| u64::from(*c)),
        };
        for start in 0..marked {
            let mut group = Kind::LetterGroup as u64;
            let longest = (*LETTER_GROUP.end()).min(marked - start);
            for length in 1..=longest {
                group = mix(group, letter(start + length - 1));
                if LETTER_GROUP.contains(&length) && length < marked {
                    self.keys.push(letter_group_key(group));
                }
            }
        }
    }

    /// Adds the symbol or run of symbols (`?!`, `...`, `:-)`, an emoji) that starts at `start`
    /// and returns where it ends.
    fn take_symbols(&mut self, start: usize) -> usize {
        self.word.clear();
        let mut end = start;
        if self.characters[start].is_ascii() {
            while let Some(&symbol) = self.characters.get(end)
                && symbol.is_ascii_punctuation()
                && (end == start || symbol != '[')
            {
                push_squeezed(&mut self.word, symbol);
                end += 1;
            }
            if let Some(mouth) = emoticon_mouth(&self.characters, start, end) {
                self.word.push(mouth.to_ascii_lowercase());
                end += 1;
            }
        }
        if end == start {
            // Anything else stands alone: every emoji is a feature of its own.
            self.word.push(self.characters[start]);
            end += 1;
        }
        self.keys.push(word_key(hash(Kind::Symbol, &self.word)));
        end
    }
}

/// What a word's features depend on besides the word.
#[derive(Default)]
struct Context {
    previous: Option<u64>,
    negated: u8,
}

/// Keeps equal characters in different roles apart: the start value of their hash.
#[derive(Clone, Copy)]
enum Kind {
    Word = 1,
    Pair,
    Negated,
    Beginning,
    LetterGroup,
    Symbol,
}

// Control characters cannot occur inside a word.
const WORD_START: u64 = 1;
const WORD_END: u64 = 2;

fn hash(kind: Kind, characters: &[char]) -> u64 {
    characters
        .iter()
        .fold(kind as u64, |hash, c| mix(hash, u64::from(*c)))
}

/// One step of a multiplicative hash (FxHash, as used by rustc).
fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// Spreads a hash over half of the buckets (Fibonacci hashing of the folded value).
fn half_bucket(hash: u64) -> u32 {
    let spread = (hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread >> (64 - (BUCKETS / 2).trailing_zeros())) as u32
}

fn word_key(hash: u64) -> u32 {
    half_bucket(hash)
}

fn letter_group_key(hash: u64) -> u32 {
    BUCKETS / 2 + half_bucket(hash)
}

/// Appends a character unless the last two are the same: `soooo` and `sooo` read as `soo`.
fn push_squeezed(characters: &mut Vec<char>, character: char) {
    if !characters.ends_with(&[character, character]) {
        characters.push(character);
    }
}

fn plain_quotation_mark(character: char) -> char {
    match character {
        '\u{2018}' | '\u{2019}' | '\u{b4}' | '`' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2026}' => '.',
        other => other,
    }
}

/// Variation selectors, joiners and the skin tones of emoji.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{fe0e}' | '\u{fe0f}' | '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}'
    )
}

/// Where the placeholder that starts at `start` ends: capitals in square brackets.
fn placeholder_end(characters: &[char], start: usize) -> Option<usize> {
    let name = characters[start..].strip_prefix(&['['])?;
    let letters = name.iter().take_while(|c| c.is_ascii_uppercase()).count();
    (letters > 1 && name.get(letters) == Some(&']')).then_some(start + letters + 2)
}

/// Where the word that starts at `start` ends. An apostrophe between letters belongs to it.
fn word_end(characters: &[char], start: usize) -> usize {
    let is_letter = |at: usize| characters.get(at).is_some_and(|c| c.is_alphanumeric());
    let mut end = start;
    while is_letter(end) || (characters.get(end) == Some(&'\'') && is_letter(end + 1)) {
        end += 1;
    }
    end
}

/// The letter or digit that completes an emoticon such as `:D` or `<3`.
fn emoticon_mouth(characters: &[char], start: usize, end: usize) -> Option<char> {
    let has_eyes = matches!(characters[start], ':' | ';' | '=' | '<') && end - start <= 2;
    let mouth = characters.get(end).filter(|c| c.is_ascii_alphanumeric())?;
    let stands_alone = !characters.get(end + 1).is_some_and(|c| c.is_alphanumeric());
    (has_eyes && stands_alone).then_some(*mouth)
}

/// English words after which a statement is turned round, with the spellings that leave out the
/// apostrophe.
fn is_negation(word: &[char]) -> bool {
    const NEGATIONS: [&str; 18] = [
        "not", "no", "never", "without", "hardly", "cannot", "dont", "cant", "wont", "isnt",
        "didnt", "doesnt", "nothing", "none", "neither", "nor", "wasnt", "aint",
    ];
    word.ends_with(&['n', '\'', 't'])
        || NEGATIONS
            .iter()
            .any(|negation| negation.chars().eq(word.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(text: &str) -> Vec<(u32, f32)> {
        Extractor::new().extract(text).to_vec()
    }

    fn shared(one: &str, other: &str) -> usize {
        let other = features(other);
        features(one)
            .iter()
            .filter(|(key, _)| other.iter().any(|(o, _)| o == key))
            .count()
    }

    #[test]
    fn features_are_sorted_distinct_and_of_length_one() {
        for text in [
            "I do NOT like it :( at all!!! \u{1f44d}\u{1f3fd}",
            "a",
            "?",
            "日本語 é",
        ] {
            let features = features(text);
            assert!(
                features.windows(2).all(|pair| pair[0].0 < pair[1].0),
                "{text}"
            );
            assert!(features.iter().all(|(key, _)| *key < BUCKETS), "{text}");
            let squares: f32 = features.iter().map(|(_, value)| value * value).sum();
            assert!((squares - 1.0).abs() < 1e-5, "{text}: {squares}");
        }
    }

    #[test]
    fn a_text_without_words_and_symbols_has_no_features() {
        assert!(features("").is_empty());
        assert!(features(" \t\n\u{200b}").is_empty());
        assert!(features("[NAME]").is_empty());
    }

    #[test]
    fn spelling_that_carries_no_meaning_is_ignored() {
        assert_eq!(features("I don\u{2019}t CARE"), features("i don't care"));
        assert_eq!(features("soooooo good!!!!!"), features("sooo good!!!"));
        assert_eq!(
            features("\u{1f44d}\u{1f3fb}"),
            features("\u{1f44d}\u{1f3ff}")
        );
        assert_eq!(features("see [NAME]"), features("see [RELIGION]"));
    }

    #[test]
    fn a_placeholder_parts_its_neighbours() {
        assert!(features("we thank you").len() > features("we [NAME] thank you").len() - 1);
        assert_ne!(features("thank [NAME] you"), features("thank you"));
    }

    #[test]
    fn negation_reaches_the_next_words_and_stops_at_a_symbol() {
        let near = features("not really good").len();
        let parted = features("not, really good").len();
        assert_eq!(near, parted + 1, "two negated words against one comma");
    }

    #[test]
    fn related_words_share_features() {
        assert!(shared("disappointed", "disappointing") > shared("disappointed", "delighted"));
    }

    #[test]
    fn an_emoticon_is_one_symbol() {
        assert_eq!(features(":D").len(), 1);
        assert_eq!(features("<3").len(), 1);
        assert_eq!(features("?!").len(), 1);
    }

    #[test]
    fn buffers_do_not_leak_from_one_text_into_the_next() {
        let mut extractor = Extractor::new();
        extractor.extract("a long first text, never seen again");
        assert_eq!(extractor.extract("short").to_vec(), features("short"));
    }
}
