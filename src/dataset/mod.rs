//! Labelled data: the card that says what a dataset is, and the cases that it holds.

pub mod bundled;
pub mod card;
pub mod cases;
pub mod catalogue;
pub mod generate;
pub mod import;
mod ratings;
pub mod read;
pub mod table;

pub use card::Card;
pub use read::{Dataset, examine, read};
