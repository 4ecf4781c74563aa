//! The catalogue: recipes for public datasets, which their owners publish elsewhere. No data comes with them.

use super::import::Recipe;
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};

macro_rules! recipes {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../datasets/catalogue/", $name, ".toml")))),*]
    };
}

/// Every recipe: its name and its text, in the order of the names.
const CATALOGUE: [(&str, &str); 14] = recipes![
    "checklist",
    "crema-d",
    "eec",
    "emobank",
    "gendered-sentiment",
    "goemotions",
    "goemotions-ekman",
    "isear",
    "meld",
    "nusax",
    "sst-2",
    "tweeteval-emotion",
    "tweeteval-sentiment",
    "xed",
];

/// The names of the recipes.
pub fn names() -> impl Iterator<Item = &'static str> {
    CATALOGUE.iter().map(|(name, _)| *name)
}

/// The text of a recipe.
pub fn text(name: &str) -> Option<&'static str> {
    let found = CATALOGUE.iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| *text)
}

/// A recipe by name, and the part of it that is asked for; the first where none is.
///
/// # Errors
/// A name that the catalogue does not have, or a part that the recipe does not have.
pub fn recipe(name: &str, part: Option<&str>) -> Result<Recipe, Problems> {
    let Some(text) = text(name) else {
        let known: Vec<&str> = names().collect();
        return Err(Problem::new(
            "catalogue/unknown",
            Place::file("--catalogue"),
            format!("the catalogue has no {}", quote(name)),
        )
        .help(expected_one_of(name, &known))
        .into());
    };
    Recipe::parse_part(&format!("catalogue/{name}.toml"), text, part)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::dataset::import::files::inside;
    use crate::dataset::import::recipe::reading::Form;

    #[test]
    fn every_part_of_every_recipe_is_valid_and_says_where_it_comes_from() {
        for name in names() {
            let first = recipe(name, None).expect(name);
            let parts: Vec<Option<&str>> = if first.parts.is_empty() {
                vec![None]
            } else {
                first.parts.iter().map(|part| Some(part.as_str())).collect()
            };
            for part in parts {
                let recipe = recipe(name, part).unwrap_or_else(|told| panic!("{name}: {told}"));
                let about = &recipe.about;
                assert!(
                    about.page.is_some() && about.labels.is_some() && !about.faults.is_empty(),
                    "{name}"
                );
                for key in [
                    "title",
                    "description",
                    "licence",
                    "citation",
                    "modality",
                    "limits",
                ] {
                    let start = format!("{key} = ");
                    assert!(
                        recipe.card.iter().any(|line| line.starts_with(&start)),
                        "{name} {part:?}: {key}"
                    );
                }
                needs_what_is_listed(name, &recipe);
            }
        }
    }

    /// What a part reads is listed with an address, unless it is said how else to come by it.
    fn needs_what_is_listed(name: &str, recipe: &Recipe) {
        let listed: BTreeSet<&str> = recipe
            .published
            .iter()
            .filter(|file| file.belongs_to(recipe.part.as_deref()))
            .map(|file| file.path.as_str())
            .collect();
        if recipe.about.access.is_some() {
            return;
        }
        let mut needed = recipe.reading.files.clone();
        if let Form::Aligned(form) = &recipe.reading.form {
            needed.extend(form.files.iter().map(|(_, file)| file.clone()));
            needed.extend(form.mapping.clone());
        }
        needed.extend(recipe.joins.iter().map(|join| join.file.clone()));
        let ratings = recipe.ratings.as_ref().and_then(|from| from.file.as_ref());
        needed.extend(ratings.map(|(file, ..)| file.clone()));
        for need in needed {
            assert!(
                listed.iter().any(|path| inside(path, &need)),
                "{name} {:?} reads {need}, which is not listed",
                recipe.part
            );
        }
        for file in &recipe.published {
            assert!(file.url.starts_with("https://"), "{name}: {}", file.url);
            assert!(file.url.ends_with(&file.path), "{name}: {}", file.url);
            assert_eq!(
                file.sha256.is_empty(),
                file.bytes.is_none(),
                "{name}: {}",
                file.path
            );
        }
    }

    #[test]
    fn an_unknown_name_or_part_is_told_with_the_nearest() {
        let told = recipe("isaer", None).expect_err("unknown").to_string();
        assert!(told.contains("did you mean isear"), "{told}");
        let told = recipe("isear", Some("voise"))
            .expect_err("unknown")
            .to_string();
        assert!(told.contains("did you mean voice"), "{told}");
    }
}
