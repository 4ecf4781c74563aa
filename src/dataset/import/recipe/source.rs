//! `[source]`: where the owners publish the data, what is known of it, and its files.

use super::filled;
use crate::diagnostic::{Problem, quote};
use crate::document::Fields;

/// Where the owners publish the data, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The owners' page.
    pub page: Option<String>,
    /// How to come by the files, where that takes more than fetching them.
    pub access: Option<String>,
    /// Who gave the labels, and how.
    pub labels: Option<String>,
    /// What is known to be wrong with the files or the data, in sentences.
    pub faults: Vec<String>,
}

/// A file as its owners publish it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Its path inside the folder.
    pub path: String,
    /// Where it can be fetched.
    pub url: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: Option<u64>,
    /// The parts of the recipe that need it; empty for all.
    pub parts: Vec<String>,
}

impl Published {
    /// Whether a part of the recipe needs it.
    pub fn belongs_to(&self, part: Option<&str>) -> bool {
        self.parts.is_empty() || part.is_none_or(|part| self.parts.iter().any(|one| one == part))
    }
}

pub(super) fn read_source(fields: &Fields<'_>, parts: &[String]) -> (About, Vec<Published>) {
    let Some(source) = fields.table("source") else {
        return (About::default(), Vec::new());
    };
    let about = About {
        page: filled(&source, "page"),
        access: filled(&source, "access"),
        labels: filled(&source, "labels"),
        faults: source.texts("faults"),
    };
    let mut published = Vec::new();
    for file in source.tables("files") {
        let one = Published {
            path: file.required_text("path"),
            url: file.text("url").unwrap_or_default(),
            sha256: file.text("sha256").unwrap_or_default().to_lowercase(),
            bytes: file.count("bytes"),
            parts: file.texts("parts"),
        };
        let hexadecimal = one.sha256.chars().all(|c| c.is_ascii_hexdigit());
        if file.has("sha256") && !(hexadecimal && one.sha256.len() == 64) {
            file.problem(
                Problem::new(
                    "recipe/sha256",
                    file.place_of("sha256"),
                    "this is no SHA-256",
                )
                .help("expected 64 hexadecimal digits, as sha256sum prints them"),
            );
        }
        for part in one.parts.iter().filter(|part| !parts.contains(part)) {
            file.problem(
                Problem::new(
                    "recipe/unknown-part",
                    file.place_of("parts"),
                    format!("the recipe has no part {}", quote(part)),
                )
                .help(format!(
                    "write a [parts.NAME] table for it; there are: {}",
                    parts.join(", ")
                )),
            );
        }
        file.finish();
        published.push(one);
    }
    source.finish();
    (about, published)
}
