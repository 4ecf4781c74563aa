//! The datasets that come with the program.

/// A bundled dataset: its name, its card and its cases.
const BUNDLED: [(&str, &str, &str); 3] = [
    (
        "everyday-english",
        include_str!("../../datasets/everyday-english/dataset.toml"),
        include_str!("../../datasets/everyday-english/cases.csv"),
    ),
    (
        "identity-swaps",
        include_str!("../../datasets/identity-swaps/dataset.toml"),
        include_str!("../../datasets/identity-swaps/cases.csv"),
    ),
    (
        "behaviour",
        include_str!("../../datasets/behaviour/dataset.toml"),
        include_str!("../../datasets/behaviour/cases.csv"),
    ),
];

/// The names of the bundled datasets.
pub fn names() -> Vec<&'static str> {
    BUNDLED.iter().map(|(name, ..)| *name).collect()
}

/// The card of a bundled dataset, and the name and text of its cases.
pub fn find(name: &str) -> Option<(&'static str, (&'static str, &'static str))> {
    BUNDLED
        .iter()
        .find(|(known, ..)| *known == name)
        .map(|(_, card, cases)| (*card, ("cases.csv", *cases)))
}
