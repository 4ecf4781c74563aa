//! Every word that can change a score, in one table: the lexicon's tokens, the degree adverbs,
//! the negations and the words that the rules call by name. One look-up per token of a text
//! answers all that the rules ask.

use super::entries::Lexicon;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Mean change of intensity by a degree adverb next to a rated word (Hutto & Gilbert 2014).
pub(super) const DEGREE: f64 = 0.293;

/// Degree adverbs that raise the intensity of what follows.
const BOOSTERS: &str = "absolutely amazingly awfully completely considerable considerably \
    decidedly deeply effing enormous enormously entirely especially exceptional exceptionally \
    extreme extremely fabulously flipping flippin frackin fracking fricking frickin frigging \
    friggin fully fuckin fucking fuggin fugging greatly hella highly hugely incredible incredibly \
    intensely major majorly more most particularly purely quite really remarkably so \
    substantially thoroughly total totally tremendous tremendously uber unbelievably unusually \
    utter utterly very";

/// Degree adverbs that lower the intensity of what follows.
const DAMPENERS: &str = "almost barely hardly kinda kindof kind-of less little marginal \
    marginally occasional occasionally partly scarce scarcely slight slightly somewhat sorta \
    sortof sort-of";

/// Words that turn the polarity of what follows; any word with "n't" in it is one more.
const NEGATIONS: &str = "aint arent cannot cant couldnt darent didnt doesnt ain't aren't can't \
    couldn't daren't didn't doesn't dont hadnt hasnt havent isnt mightnt mustnt neither don't \
    hadn't hasn't haven't isn't mightn't mustn't neednt needn't never none nope nor not nothing \
    nowhere oughtnt shant shouldnt uhuh wasnt werent oughtn't shan't shouldn't uh-uh wasn't \
    weren't without wont wouldnt won't wouldn't rarely seldom despite";

/// Declares the words that the rules and the idioms call by name.
macro_rules! cues {
    ($($cue:ident $spelling:literal)*) => {
        /// A word that a rule or an idiom calls by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Cue { $($cue),* }

        const CUES: &[(&str, Cue)] = &[$(($spelling, Cue::$cue)),*];
    };
}

cues! {
    Ass "ass" At "at" Bad "bad" Beating "beating" Bomb "bomb" Bus "bus" But "but" Death "death"
    Die "die" Doubt "doubt" Enough "enough" For "for" Heart "heart" Just "just" Kind "kind"
    Kiss "kiss" Least "least" Never "never" No "no" Nor "nor" Of "of" Or "or" Right "right"
    Shit "shit" So "so" Sort "sort" Stop "stop" The "the" This "this" To "to" Very "very"
    Without "without" Yeah "yeah"
}

/// What is known about a word, whatever its place in a text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Word {
    /// The mean rating of a word of the lexicon.
    pub(super) valence: Option<f64>,
    /// The change of intensity by a degree adverb.
    pub(super) degree: Option<f64>,
    /// Whether it turns the polarity of what follows.
    pub(super) negates: bool,
    /// Its name, for a word that rules call by name.
    pub(super) cue: Option<Cue>,
}

/// A hash table that is filled from a lexicon alone.
pub(super) type Table<K, V> = HashMap<K, V, BuildHasherDefault<NumberHasher>>;

/// The longest word, in bytes, that is kept as a number. Nearly all are shorter.
const SHORT: usize = 15;
/// How many bytes have to follow a word in memory for a look-up.
pub(super) const PADDING: usize = SHORT + 1;

/// The table of all words.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    short: Table<u128, Word>,
    long: HashMap<Box<[u8]>, Word>,
}

impl Vocabulary {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let mut vocabulary = Self::default();
        for (token, &valence) in &lexicon.valences {
            let word = vocabulary.entry(token);
            word.valence = Some(valence);
            word.negates = has_contracted_not(token.as_bytes());
        }
        for (list, degree) in [(BOOSTERS, DEGREE), (DAMPENERS, -DEGREE)] {
            for adverb in list.split_ascii_whitespace() {
                vocabulary.entry(adverb).degree = Some(degree);
            }
        }
        for negation in NEGATIONS.split_ascii_whitespace() {
            vocabulary.entry(negation).negates = true;
        }
        for &(spelling, cue) in CUES {
            vocabulary.entry(spelling).cue = Some(cue);
        }
        vocabulary
    }

    fn entry(&mut self, word: &str) -> &mut Word {
        let padded = [word.as_bytes(), &[0; PADDING]].concat();
        match packed(&padded, word.len()) {
            Some(number) => self.short.entry(number).or_default(),
            None => self.long.entry(Box::from(word.as_bytes())).or_default(),
        }
    }

    /// What is known about the word, in lower case, in the first `length` bytes of `padded`.
    /// At least [`PADDING`] more bytes have to follow it; what they hold does not matter.
    pub(super) fn look_up(&self, padded: &[u8], length: usize) -> Option<&Word> {
        match packed(padded, length) {
            Some(number) => self.short.get(&number),
            None => self.long.get(&padded[..length]),
        }
    }
}

impl Word {
    /// A word that no list knows.
    pub(super) const UNKNOWN: &Self = &Self {
        valence: None,
        degree: None,
        negates: false,
        cue: None,
    };

    /// The same for a word that may have a contracted "not" in it.
    pub(super) fn unknown(lower_case: &[u8]) -> &'static Self {
        const NEGATION: &Word = &Word {
            negates: true,
            ..*Word::UNKNOWN
        };
        if has_contracted_not(lower_case) {
            NEGATION
        } else {
            Self::UNKNOWN
        }
    }
}

/// The bytes and the length of a short word as one number, which hashes and compares faster.
fn packed(padded: &[u8], length: usize) -> Option<u128> {
    if length > SHORT {
        return None;
    }
    let block = u128::from_le_bytes(*padded.first_chunk()?);
    let own = !(u128::MAX << (8 * length));
    Some((block & own) | ((length as u128) << (8 * SHORT)))
}

fn has_contracted_not(word: &[u8]) -> bool {
    word.windows(3).any(|window| window == b"n't")
}

/// Multiply-and-rotate hash. The standard hasher defends tables that strangers fill; these are
/// filled from a lexicon alone, so that speed is all that matters.
#[derive(Debug, Default)]
pub(super) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        // An odd constant without structure: the fractional part of the golden ratio.
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_u128(&mut self, number: u128) {
        self.write_u64(number as u64);
        self.write_u64((number >> 64) as u64);
    }

    fn finish(&self) -> u64 {
        // Multiplication mixes upwards; a table takes its index from the low bits.
        self.0.rotate_left(26)
    }
}
