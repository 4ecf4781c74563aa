//! `lexicon:vader`: sentiment from a word list and a handful of rules, after Hutto & Gilbert,
//! "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text", ICWSM 2014.
//! Scores equal those of the authors' Python package vaderSentiment 3.3.2, its oddities included,
//! because an audit has to judge the model that people use. The word list comes from the caller:
//! none is bundled, and finding it is left to `load`.

mod entries;
pub mod load;
mod rules;
mod token;
mod vader;
mod vocabulary;

#[cfg(test)]
mod oracle;

pub use entries::{Lexicon, LexiconFile, LexiconProblem};
pub use load::load;
pub use vader::{Polarity, Vader};
