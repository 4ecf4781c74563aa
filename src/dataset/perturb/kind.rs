//! The kinds of perturbation, and what each of them leads one to expect.

use super::{contractions, direction, identity, surface};
use crate::task::Polarity;

/// What a model should do with the changed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// The same answer.
    Invariance,
    /// The score of the label falls, or at least does not rise.
    Falls,
    /// The score of the label rises, or at least does not fall.
    Rises,
}

/// A way to change a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Everything in lower case.
    Casing,
    /// "don't" for "do not", or the other way round.
    Contractions,
    /// An emoji of an object at the end.
    Emoji,
    /// The other gender in every word that says one.
    IdentitySwap,
    /// "very" before an adjective of feeling.
    Intensifier,
    /// "not" after the verb of a plain sentence.
    Negation,
    /// No full stop at the end, no commas.
    Punctuation,
    /// Two letters of one word in the wrong order.
    Typos,
}

/// Every kind with its name in files.
pub const KINDS: [(&str, Kind); 8] = [
    ("casing", Kind::Casing),
    ("contractions", Kind::Contractions),
    ("emoji", Kind::Emoji),
    ("identity-swap", Kind::IdentitySwap),
    ("intensifier", Kind::Intensifier),
    ("negation", Kind::Negation),
    ("punctuation", Kind::Punctuation),
    ("typos", Kind::Typos),
];

impl Expectation {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Expectation::Invariance => "invariance",
            Expectation::Falls => "falls",
            Expectation::Rises => "rises",
        }
    }
}

impl Kind {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        crate::attribute::word(&KINDS, &self)
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Casing => "Everything in lower case",
            Kind::Contractions => "Contractions written out, or the other way round",
            Kind::Emoji => "An emoji of an object at the end",
            Kind::IdentitySwap => "The other gender in every word that says one",
            Kind::Intensifier => "An intensifier before an adjective of feeling",
            Kind::Negation => "A negation of a plain sentence",
            Kind::Punctuation => "Without commas and the full stop at the end",
            Kind::Typos => "Two letters of a word in the wrong order",
        }
    }

    /// What it leads one to expect.
    pub fn expectation(self) -> Expectation {
        match self {
            Kind::Negation => Expectation::Falls,
            Kind::Intensifier => Expectation::Rises,
            _ => Expectation::Invariance,
        }
    }

    /// The language that its word lists are in; `None` where it needs none.
    pub fn language(self) -> Option<&'static str> {
        match self {
            Kind::Contractions | Kind::IdentitySwap | Kind::Intensifier | Kind::Negation => {
                Some("en")
            }
            Kind::Casing | Kind::Emoji | Kind::Punctuation | Kind::Typos => None,
        }
    }

    /// The changed text, or why the text cannot be changed so. `dice` decides where there is a choice; `polarity` is
    /// that of the label, without which nothing can be expected of a change in strength.
    pub fn apply(
        self,
        text: &str,
        polarity: Option<Polarity>,
        dice: &Dice<'_>,
    ) -> Result<String, &'static str> {
        if text.trim().is_empty() {
            return Err("there is no text");
        }
        let changed = match self {
            Kind::Casing => surface::casing(text),
            Kind::Contractions => contractions::swap(text),
            Kind::Emoji => surface::emoji(text, dice),
            Kind::IdentitySwap => identity::swap(text),
            Kind::Intensifier => direction::intensifier(text, polarity),
            Kind::Negation => direction::negation(text, polarity),
            Kind::Punctuation => surface::punctuation(text),
            Kind::Typos => surface::typos(text, dice),
        }?;
        if changed.trim().is_empty() || changed == text {
            return Err("nothing would change");
        }
        Ok(changed)
    }
}

/// Choices that depend on the seed, the kind and the case alone, so that neither order nor other cases matter.
#[derive(Clone, Copy, Debug)]
pub struct Dice<'a> {
    /// The seed of all choices.
    pub seed: u64,
    /// The case that is changed.
    pub id: &'a str,
}

impl Dice<'_> {
    /// One of `sides` numbers from 0. `sides` is not 0.
    pub(super) fn throw(&self, kind: &str, sides: usize) -> usize {
        let seed = self.seed.to_le_bytes();
        let digest =
            crate::digest::sha256([seed.as_slice(), kind.as_bytes(), b"\0", self.id.as_bytes()]);
        // Sixteen hexadecimal digits are 64 bits; the bias of the remainder is below 2^-40 for any text.
        let number = u64::from_str_radix(&digest[..16], 16).unwrap_or_default();
        (number % sides.max(1) as u64) as usize
    }
}
