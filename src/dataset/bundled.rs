//! The datasets that come with the program.

/// A bundled dataset: its card, and the files beside it.
pub struct Bundled {
    /// Its name.
    pub name: &'static str,
    /// The text of its card.
    pub card: &'static str,
    files: &'static [(&'static str, &'static str)],
}

/// The files of a dataset in `datasets/`.
macro_rules! bundled {
    ($name:literal, $($file:literal),+) => {
        Bundled {
            name: $name,
            card: include_str!(concat!("../../datasets/", $name, "/dataset.toml")),
            files: &[$((
                $file,
                include_str!(concat!("../../datasets/", $name, "/", $file)),
            )),+],
        }
    };
}

/// Cases that can be generated are not kept: their sources are a hundredth of the size.
const BUNDLED: [Bundled; 10] = [
    bundled!("everyday-english", "cases.csv"),
    bundled!("behaviour", "cases.csv"),
    bundled!("identity-swaps", "templates.toml", "terms.toml"),
    bundled!("identity-swaps-ar", "templates.toml", "terms.toml"),
    bundled!("identity-swaps-de", "templates.toml", "terms.toml"),
    bundled!("identity-swaps-es", "templates.toml", "terms.toml"),
    bundled!("identity-swaps-fr", "templates.toml", "terms.toml"),
    bundled!("identity-swaps-hi", "templates.toml", "terms.toml"),
    bundled!("identity-swaps-sw", "templates.toml", "terms.toml"),
    bundled!("identity-swaps-zh", "templates.toml", "terms.toml"),
];

/// The names of the bundled datasets.
pub fn names() -> Vec<&'static str> {
    BUNDLED.iter().map(|dataset| dataset.name).collect()
}

/// A bundled dataset by name.
pub fn find(name: &str) -> Option<&'static Bundled> {
    BUNDLED.iter().find(|known| known.name == name)
}

impl Bundled {
    /// The text of a file beside the card.
    pub fn file(&self, name: &str) -> Option<&'static str> {
        self.files
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, text)| *text)
    }
}
