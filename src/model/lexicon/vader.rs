//! The scorer: spells emoji out, lets the rules rate each token and adds the ratings up.

use super::entries::Lexicon;
use super::rules;
use super::token::Tokens;
use super::vocabulary::{Table, Vocabulary};
use std::borrow::Cow;

/// The compound score from which the authors call a text positive, and below its negative
/// negative (Hutto & Gilbert 2014, and the package's README).
const THRESHOLD: f64 = 0.05;
/// What keeps the compound score inside ±1: about the largest sum expected.
const NORMALIZATION: f64 = 15.0;

/// The scores of one text, not rounded. The Python package rounds the three shares to three
/// digits and the compound score to four.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Polarity {
    /// Share of the text's weight that is negative, from 0 to 1.
    pub negative: f64,
    /// Share of the text's weight that is neutral, from 0 to 1.
    pub neutral: f64,
    /// Share of the text's weight that is positive, from 0 to 1.
    pub positive: f64,
    /// The normalised sum of all valences, from -1 (most negative) to 1 (most positive).
    pub compound: f64,
}

impl Polarity {
    /// The scores of a text without any word.
    const NONE: Self = Self {
        negative: 0.0,
        neutral: 0.0,
        positive: 0.0,
        compound: 0.0,
    };

    /// The scores of a text without any rated word.
    const NEUTRAL: Self = Self {
        neutral: 1.0,
        ..Self::NONE
    };

    /// The label by the authors' rule: `positive` from a compound score of 0.05 up, `negative`
    /// from -0.05 down, otherwise `neutral`.
    #[must_use]
    pub fn label(self) -> &'static str {
        if self.compound >= THRESHOLD {
            "positive"
        } else if self.compound <= -THRESHOLD {
            "negative"
        } else {
            "neutral"
        }
    }
}

/// A rule-based sentiment model over a lexicon.
#[derive(Debug, Clone)]
pub struct Vader {
    vocabulary: Vocabulary,
    emoji: Table<char, Box<str>>,
}

impl Vader {
    /// A model that knows the words and emoji of a lexicon.
    #[must_use]
    pub fn new(lexicon: Lexicon) -> Self {
        let vocabulary = Vocabulary::new(&lexicon);
        Self {
            vocabulary,
            emoji: lexicon.emoji.into_iter().collect(),
        }
    }

    /// Scores one text. A text without words scores zero throughout, as in the reference.
    #[must_use]
    pub fn score(&self, text: &str) -> Polarity {
        let text = self.spell_out_emoji(text);
        let tokens = Tokens::of(&text, &self.vocabulary);
        let words = tokens.list.len();
        if !tokens.rated {
            return if words == 0 {
                Polarity::NONE
            } else {
                Polarity::NEUTRAL
            };
        }
        let emphatic = tokens.capitals > 0 && tokens.capitals < words;
        let valences = (0..words).map(|place| rules::valence(&tokens.list, place, emphatic));
        let emphasis = if tokens.emphasised {
            punctuation(&text)
        } else {
            0.0
        };
        match tokens.but {
            None => add_up(valences, emphasis),
            Some(but) => {
                let mut valences: Vec<f64> = valences.collect();
                rules::contrast(&mut valences, but);
                add_up(valences.into_iter(), emphasis)
            }
        }
    }

    /// Where the first known emoji begins.
    fn first_emoji(&self, text: &str) -> Option<usize> {
        if text.is_ascii() {
            return None;
        }
        let wide = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| !byte.is_ascii());
        wide.map(|(index, _)| index).find(|&index| {
            // Inside of a character there is nothing to get.
            let character = text.get(index..).and_then(|rest| rest.chars().next());
            character.is_some_and(|character| self.emoji.contains_key(&character))
        })
    }

    /// Replaces each known emoji with its description.
    ///
    /// A space goes before a description unless one is there; none goes after it, so that a word
    /// glued to the emoji's end is glued to the description, as in the reference.
    fn spell_out_emoji<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(start) = self.first_emoji(text) else {
            return Cow::Borrowed(text);
        };
        let (plain, rest) = text.split_at(start);
        let mut spelled = String::with_capacity(text.len() * 2);
        spelled.push_str(plain);
        let mut apart = plain.is_empty() || plain.ends_with(' ');
        for character in rest.chars() {
            if let Some(words) = self.emoji.get(&character) {
                if !apart {
                    spelled.push(' ');
                }
                spelled.push_str(words);
                apart = false;
            } else {
                spelled.push(character);
                apart = character == ' ';
            }
        }
        Cow::Owned(spelled)
    }
}

/// The emphasis of exclamation marks (four count) and of two or more question marks.
fn punctuation(text: &str) -> f64 {
    let count = |mark| text.bytes().filter(|&byte| byte == mark).count();
    let exclamation = count(b'!').min(4) as f64 * 0.292;
    let question = match count(b'?') {
        0 | 1 => 0.0,
        few @ 2..=3 => few as f64 * 0.18,
        _ => 0.96,
    };
    exclamation + question
}

/// Turns the valences of a text's words into its scores; `emphasis` strengthens the winning side.
fn add_up(valences: impl Iterator<Item = f64>, emphasis: f64) -> Polarity {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    let (mut positive, mut negative, mut neutral) = (0.0, 0.0, 0.0);
    for valence in valences {
        // A word without valence weighs one; the one added here keeps rated words comparable.
        if valence > 0.0 {
            positive += valence + 1.0;
        } else if valence < 0.0 {
            negative += 1.0 - valence;
        } else {
            neutral += 1.0;
            continue;
        }
        // Compensated (Neumaier) as Python's `sum` is from version 3.12 on: where valences cancel,
        // the sign of the rest decides on which side punctuation counts.
        let next = sum + valence;
        lost += if sum.abs() >= valence.abs() {
            (sum - next) + valence
        } else {
            (valence - next) + sum
        };
        sum = next;
    }
    sum += lost;
    if sum > 0.0 {
        sum += emphasis;
    } else if sum < 0.0 {
        sum -= emphasis;
    }
    if positive > negative {
        positive += emphasis;
    } else if positive < negative {
        negative += emphasis;
    }
    let weight = positive + negative + neutral;
    Polarity {
        negative: negative / weight,
        neutral: neutral / weight,
        positive: positive / weight,
        compound: sum / (sum * sum + NORMALIZATION).sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vader() -> Vader {
        let words = "sunny\t2.0\nrainy\t-2.0\nstorm\t-3.0\n";
        Vader::new(Lexicon::parse(words, Some("☀\tsunny sky\n")).unwrap())
    }

    #[test]
    fn shares_and_compound_follow_the_formulas() {
        let polarity = vader().score("a sunny day");
        assert_eq!(polarity.compound, 2.0 / 19_f64.sqrt());
        assert_eq!(
            (polarity.negative, polarity.neutral, polarity.positive),
            (0.0, 0.4, 0.6)
        );
        assert_eq!(polarity.label(), "positive");
    }

    #[test]
    fn punctuation_strengthens_the_winning_side() {
        let polarity = vader().score("storm!!!!! sunny??");
        let emphasis = 4.0 * 0.292 + 2.0 * 0.18;
        let sum: f64 = -1.0 - emphasis;
        assert!((polarity.compound - sum / (sum * sum + 15.0).sqrt()).abs() < 1e-15);
        assert!((polarity.negative - (4.0 + emphasis) / (7.0 + emphasis)).abs() < 1e-15);
        assert_eq!(polarity.label(), "negative");
    }

    #[test]
    fn texts_without_rated_words_are_neutral_and_without_words_nothing() {
        assert_eq!(vader().score("a day?!"), Polarity::NEUTRAL);
        assert_eq!(vader().score(" \n"), Polarity::NONE);
        assert_eq!(vader().score("sunny rainy").label(), "neutral");
    }

    #[test]
    fn emoji_are_read_as_their_description() {
        let vader = vader();
        assert_eq!(vader.spell_out_emoji("☀"), "sunny sky");
        assert_eq!(
            vader.spell_out_emoji("é☀☀ ☀"),
            "é sunny sky sunny sky sunny sky"
        );
        assert_eq!(vader.spell_out_emoji("☁ ☀day"), "☁ sunny skyday");
        assert_eq!(vader.score("☀").compound, vader.score("sunny sky").compound);
    }
}
