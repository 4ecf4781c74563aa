//! Attributes: whom a group is about, what kind of group it is, and which groups there are.
//!
//! Groups are declared by the data, never inferred from a text.

/// Whom an attribute describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Who wrote or said it.
    Author,
    /// Who is mentioned.
    Subject,
    /// Who labelled it.
    Rater,
    /// The situation, channel or style.
    Context,
}

/// Every value of [`About`] with its name in files.
pub const ABOUTS: [(&str, About); 4] = [
    ("author", About::Author),
    ("subject", About::Subject),
    ("rater", About::Rater),
    ("context", About::Context),
];

/// What kind of difference an attribute names; policies ask more of some kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// Sex, age, race, disability and the like.
    Demographic,
    /// Country, language, variety, religion as a way of life.
    Culture,
    /// Anything about the situation.
    Context,
}

/// Every kind with its name in files.
pub const ATTRIBUTE_KINDS: [(&str, AttributeKind); 3] = [
    ("demographic", AttributeKind::Demographic),
    ("culture", AttributeKind::Culture),
    ("context", AttributeKind::Context),
];

/// What a blank cell of an attribute means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// Nobody recorded it.
    Missing,
    /// The text does not say.
    NotStated,
    /// It does not apply to this case, on purpose.
    ByDesign,
}

/// Every meaning of a blank with its name in files.
pub const BLANKS: [(&str, Blank); 3] = [
    ("missing", Blank::Missing),
    ("not-stated", Blank::NotStated),
    ("by-design", Blank::ByDesign),
];

/// The name in files of one of the words of this module.
pub fn word<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words
        .iter()
        .find(|(_, candidate)| candidate == value)
        .map_or("", |(name, _)| name)
}

/// An attribute of the cases of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name in files.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Whom it describes.
    pub about: About,
    /// What kind of difference it names.
    pub kind: AttributeKind,
    /// What a blank cell means.
    pub blank: Blank,
}
