//! Labelled data: the card that says what a dataset is, and the cases that it holds.

pub mod behaviour;
pub mod bundled;
pub mod card;
mod card_file;
pub mod cases;
pub mod catalogue;
pub mod croissant;
pub mod coverage;
pub mod files;
pub mod generate;
pub mod import;
pub mod intensity;
pub mod perturb;
mod raters;
mod ratings;
pub mod read;
pub mod sources;
pub mod table;
mod weight;

pub use card::Card;
pub use read::{Dataset, examine, read};
