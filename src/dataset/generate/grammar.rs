//! The grammar of a language as data: the forms and features that terms have, and the slots whose words follow them.
//!
//! Nothing here looks at letters: what a word must agree with is declared. Filling is left to `wording`.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};
use crate::document::{self, Fields};

/// The grammars that are built in, by language.
const BUILT_IN: [(&str, &str); 8] = [
    ("ar", include_str!("grammars/ar.toml")),
    ("de", include_str!("grammars/de.toml")),
    ("en", include_str!("grammars/en.toml")),
    ("es", include_str!("grammars/es.toml")),
    ("fr", include_str!("grammars/fr.toml")),
    ("hi", include_str!("grammars/hi.toml")),
    ("sw", include_str!("grammars/sw.toml")),
    ("zh", include_str!("grammars/zh.toml")),
];

/// The languages whose grammar is built in.
pub fn languages() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(language, _)| *language)
}

/// The text of a built-in grammar, to read or to start one's own from.
pub fn built_in(language: &str) -> Option<&'static str> {
    BUILT_IN
        .iter()
        .find(|(known, _)| *known == language)
        .map(|(_, text)| *text)
}

/// What terms have and what agrees with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grammar {
    pub(super) language: String,
    /// The noun phrases that a term gives; every term has the first.
    pub(super) forms: Vec<String>,
    /// The feature that `{a|b}` goes by.
    pub(super) agrees: Option<String>,
    pub(super) features: Vec<Feature>,
    pub(super) slots: Vec<Slot>,
}

/// A grammatical feature: given by a term, or following from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Feature {
    pub(super) name: String,
    pub(super) values: Vec<String>,
    /// The features it follows from; empty where terms give it.
    pub(super) from: Vec<String>,
    /// For the values of those, parted by blanks, the value of this one.
    map: BTreeMap<String, String>,
    /// Whether all terms of a pair have the same value.
    pub(super) same: bool,
}

/// A word whose form follows a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) name: String,
    pub(super) by: String,
    pub(super) forms: BTreeMap<String, String>,
}

impl Grammar {
    /// Reads a grammar.
    pub(super) fn parse(file: &str, text: &str) -> Result<Grammar, Problems> {
        let table = document::parse(file, text)?;
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        let grammar = Grammar {
            language: fields.required_text("language"),
            forms: fields.texts("forms"),
            agrees: fields.text("agrees"),
            features: named(&fields, "features", read_feature),
            slots: named(&fields, "slots", read_slot),
        };
        if grammar.forms.is_empty() {
            fields.missing("forms", "the forms that terms give, as in [\"person\"]");
        }
        grammar.check(&fields);
        fields.finish();
        problems.into_inner().or(grammar)
    }

    /// The feature of a name.
    pub(super) fn feature(&self, name: &str) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.name == name)
    }

    /// The features that a term may give.
    pub(super) fn given(&self) -> impl Iterator<Item = &Feature> {
        self.features
            .iter()
            .filter(|feature| feature.from.is_empty())
    }

    /// The value of a feature for a term that gives `values`, or why it has none.
    pub(super) fn value<'a>(
        &'a self,
        feature: &'a Feature,
        values: &'a BTreeMap<String, String>,
    ) -> Result<&'a str, String> {
        if feature.from.is_empty() {
            return values
                .get(&feature.name)
                .map(String::as_str)
                .ok_or_else(|| format!("the term does not say its {}", feature.name));
        }
        let mut key = Vec::new();
        for name in &feature.from {
            let value = values
                .get(name)
                .ok_or_else(|| format!("the term does not say its {name}"))?;
            key.push(value.as_str());
        }
        let key = key.join(" ");
        feature
            .map
            .get(&key)
            .map(String::as_str)
            .ok_or_else(|| format!("{} has no value for {key}", feature.name))
    }

    /// Every feature that another part names must be there, and no name may mean two things.
    fn check(&self, fields: &Fields<'_>) {
        let given: Vec<&str> = self.given().map(|feature| feature.name.as_str()).collect();
        let all: Vec<&str> = self
            .features
            .iter()
            .map(|feature| feature.name.as_str())
            .collect();
        let unknown = |name: &str, owner: &str, known: &[&str]| {
            if !known.contains(&name) {
                fields.problem(
                    Problem::new(
                        "generate/unknown-feature",
                        fields.place().clone().key(owner),
                        format!("{owner} goes by {}, which is no feature", quote(name)),
                    )
                    .help(expected_one_of(name, known)),
                );
            }
        };
        for feature in &self.features {
            for name in &feature.from {
                unknown(name, &feature.name, &given);
            }
            for value in feature.map.values() {
                self.check_value(fields, feature, &feature.name, value);
            }
        }
        for slot in &self.slots {
            unknown(&slot.by, &slot.name, &all);
            if let Some(feature) = self.feature(&slot.by) {
                for value in slot.forms.keys() {
                    self.check_value(fields, feature, &slot.name, value);
                }
            }
        }
        if let Some(agrees) = &self.agrees {
            unknown(agrees, "agrees", &all);
        }
        let mut names: Vec<&str> = ["attribute", "group", "pair", "language"].to_vec();
        let own = self
            .forms
            .iter()
            .chain(self.features.iter().map(|feature| &feature.name));
        for name in own.chain(self.slots.iter().map(|slot| &slot.name)) {
            if names.contains(&name.as_str()) {
                fields.problem(
                    Problem::new(
                        "generate/name-taken",
                        fields.place().clone().key(name.as_str()),
                        format!("{} is the name of something else already", quote(name)),
                    )
                    .help("forms, features and slots need names of their own"),
                );
            }
            names.push(name);
        }
    }

    fn check_value(&self, fields: &Fields<'_>, feature: &Feature, owner: &str, value: &str) {
        if feature.values.iter().any(|known| known == value) {
            return;
        }
        let known: Vec<&str> = feature.values.iter().map(String::as_str).collect();
        fields.problem(
            Problem::new(
                "generate/unknown-feature-value",
                fields.place().clone().key(owner),
                format!("{} is no value of {}", quote(value), feature.name),
            )
            .help(expected_one_of(value, &known)),
        );
    }
}

/// The grammar for a language: the one given, or the one that is built in.
pub(super) fn choose(
    language: &str,
    place: &Place,
    own: Option<Grammar>,
) -> Result<Grammar, Problems> {
    let wrong = |message: String, help: String| -> Problems {
        Problem::new("generate/language", place.clone(), message)
            .help(help)
            .into()
    };
    if let Some(grammar) = own {
        if grammar.language != language {
            return Err(wrong(
                format!("the language is {}, and the grammar is for {}", quote(language), quote(&grammar.language)),
                "templates, terms and grammar are in one language: say `language = \"...\"` in each".to_owned(),
            ));
        }
        return Ok(grammar);
    }
    match built_in(language) {
        Some(text) => Grammar::parse("the built-in grammar", text),
        None => {
            let known: Vec<&str> = languages().collect();
            Err(wrong(
                format!("no grammar for {} is built in", quote(language)),
                format!(
                    "{}; or give your own with --grammar",
                    expected_one_of(language, &known)
                ),
            ))
        }
    }
}

fn named<T>(
    fields: &Fields<'_>,
    key: &'static str,
    read: impl Fn(String, Fields<'_>) -> T,
) -> Vec<T> {
    fields.table(key).map_or_else(Vec::new, |table| {
        table
            .named_tables()
            .into_iter()
            .map(|(name, table)| read(name, table))
            .collect()
    })
}

fn texts(fields: &Fields<'_>, key: &'static str) -> BTreeMap<String, String> {
    fields.table(key).map_or_else(BTreeMap::new, |table| {
        table
            .named_texts()
            .into_iter()
            .map(|(name, text, _)| (name, text))
            .collect()
    })
}

fn read_feature(name: String, table: Fields<'_>) -> Feature {
    let feature = Feature {
        name,
        values: table.texts("values"),
        from: table.texts("from"),
        map: texts(&table, "map"),
        same: table.boolean("same_in_pair").unwrap_or(false),
    };
    if feature.values.is_empty() {
        table.missing("values", "an array of the values of this feature");
    }
    if !feature.from.is_empty() && feature.map.is_empty() {
        table.missing("map", "for each value of `from` the value of this feature");
    }
    table.finish();
    feature
}

fn read_slot(name: String, table: Fields<'_>) -> Slot {
    let slot = Slot {
        name,
        by: table.required_text("by"),
        forms: texts(&table, "forms"),
    };
    if slot.forms.is_empty() {
        table.missing("forms", "for each value of `by` the word to write");
    }
    table.finish();
    slot
}
