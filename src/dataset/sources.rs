//! The files that the cases of a dataset are generated from, as its card names them. Reading them is left to `read`.

use super::card::ColumnName;
use super::generate::{Generation, Sources, generate};
use crate::diagnostic::{Place, Problem, Problems};
use crate::document::Fields;

/// The files that cases are generated from, beside the card.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFiles {
    /// Meanings, each in several wordings.
    pub templates: ColumnName,
    /// Whom sentences may be about.
    pub terms: ColumnName,
    /// What agrees with what; the built-in grammar of the language where there is none.
    pub grammar: Option<ColumnName>,
}

impl SourceFiles {
    /// Reads the table `[generate]` of a card.
    pub(super) fn read(fields: Fields<'_>) -> SourceFiles {
        let file = |key: &str, name: String| ColumnName {
            name,
            place: fields.place_of(key),
            declared: true,
        };
        let sources = SourceFiles {
            templates: file("templates", fields.required_text("templates")),
            terms: file("terms", fields.required_text("terms")),
            grammar: fields.text("grammar").map(|name| file("grammar", name)),
        };
        fields.finish();
        sources
    }

    /// Generates the cases; `read` gives the name and the text of a file.
    pub(super) fn generate(
        &self,
        read: impl Fn(&str, &Place) -> Result<(String, String), Problems>,
    ) -> Result<Generation, Problems> {
        let mut problems = Problems::new();
        let mut open = |file: &ColumnName| problems.take(read(&file.name, &file.place));
        let texts = open(&self.templates).zip(open(&self.terms));
        let grammar = self.grammar.as_ref().map(open);
        let (Some((templates, terms)), false) = (texts, grammar == Some(None)) else {
            return Err(problems);
        };
        let grammar = grammar.flatten();
        generate(&Sources {
            templates: (&templates.0, &templates.1),
            terms: (&terms.0, &terms.1),
            grammar: grammar
                .as_ref()
                .map(|(name, text)| (name.as_str(), text.as_str())),
        })
    }
}

/// A card that names both a file of cases and sources to generate them from contradicts itself.
pub(super) fn contradiction(place: Place) -> Problem {
    Problem::new(
        "card/cases-twice",
        place,
        "the card names cases, and sources to generate them from",
    )
    .help("keep `cases` or the table [generate], not both")
}
