//! Croissant (MLCommons, JSON-LD): what a card says, in the format that dataset search engines and loaders read.
//!
//! The properties that Croissant has are written as Croissant has them; all else that a card says stands in
//! `affect:card`, so that nothing is lost on the way there and back. Files are left to `read` and to the commands.

mod columns;
mod export;
mod import;
mod json;
#[cfg(test)]
mod tests;

pub use export::export;
pub use import::{Imported, import};

/// The version that is written: the one that most tools read.
const CROISSANT: &str = "http://mlcommons.org/croissant/1.0";

/// The vocabulary for responsible use that is written.
const RAI: &str = "http://mlcommons.org/croissant/RAI/1.0";

/// What holds the whole card, as JSON that JSON-LD processors leave alone.
const CARD_PROPERTY: &str = "affect:card";

/// The order of tasks and attributes, which JSON objects do not keep.
const ORDER_PROPERTY: &str = "affect:order";

/// Ways in which files abbreviate the vocabularies, or do not.
const PREFIXES: [&str; 11] = [
    "",
    "sc:",
    "schema:",
    "cr:",
    "rai:",
    "dct:",
    "https://schema.org/",
    "http://schema.org/",
    "http://mlcommons.org/croissant/",
    "http://mlcommons.org/croissant/RAI/",
    "http://purl.org/dc/terms/",
];
