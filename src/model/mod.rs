//! Models: the reference pair, a lexicon, models of numeric columns, and files of predictions that some other program made.
//!
//! A text model turns one text into scores; batching and repeated texts are left to `score`.

pub mod card;
pub mod columns;
pub mod file;
pub mod lexicon;
pub mod reference;
pub mod spec;

pub use card::ModelCard;
pub use spec::{Model, load};

use crate::prediction::Answer;

/// A model that reads one text at a time.
pub trait TextModel: Send + Sync {
    /// The answer to a text, and a score for each label of the model's scheme in its order.
    fn answer(&self, text: &str) -> (Answer, Vec<f64>);
}
