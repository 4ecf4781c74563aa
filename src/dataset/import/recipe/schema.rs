//! The JSON Schema of a recipe, made from one list of its keys, so that editors can complete and check them.
//!
//! The list says what a schema can say; what goes together is left to the reader of recipes.

use serde_json::{Map, Value, json};

use super::keys::{Key, Kind, RECIPE};

/// The JSON Schema (draft 2020-12) of a recipe.
pub fn schema() -> Value {
    let mut schema = table(&[RECIPE]);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("Import recipe of affect-audit");
    schema
}

/// The schema of a table whose keys stand in these lists.
fn table(lists: &[&[Key]]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, must, kind, about) in lists.iter().copied().flatten() {
        let mut property = of(kind());
        property["description"] = json!(about);
        // The first list that names a key says what it is for.
        properties.entry((*name).to_owned()).or_insert(property);
        if *must {
            required.push(*name);
        }
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn of(kind: Kind) -> Value {
    let array = |items: Value| json!({ "type": "array", "items": items });
    match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Texts => array(json!({ "type": "string" })),
        Kind::Number => json!({ "type": "number" }),
        Kind::Numbers => array(json!({ "type": "number" })),
        Kind::Count => json!({ "type": "integer", "minimum": 0 }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Words(words) => json!({ "enum": words }),
        Kind::Pairs => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Kind::Over => {
            let over = json!({ "type": "object" });
            json!({ "type": "object", "additionalProperties": over })
        }
        Kind::Table(lists) => table(lists),
        Kind::Tables(lists) => array(table(lists)),
        Kind::Named(lists, names) => {
            let names = names();
            let mut schema = json!({ "type": "object", "additionalProperties": table(lists) });
            if !names.is_empty() {
                schema["propertyNames"] = json!({ "enum": names });
            }
            schema
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Recipe;
    use super::super::keys::*;
    use super::super::reading::FORMS;
    use super::*;

    /// Every key of the list is known to the reader, and the page on recipes names it.
    #[test]
    fn the_list_the_reader_and_the_page_know_the_same_keys() {
        let page = include_str!("../../../../docs/recipes.md");
        let lists: [(&str, &[&[Key]], &str); 16] = [
            ("", &[RECIPE], ""),
            ("[dataset]", &[DATASET], ""),
            ("[source]", &[SOURCE], ""),
            ("[[source.files]]", &[PUBLISHED], ""),
            ("[[extract]]", &[EXTRACT], ""),
            ("[[join]]", &[JOIN], ""),
            ("[[drop]]", &[DROP], ""),
            ("[columns.text]", &[CELLS], ""),
            ("[columns.text.codebook]", &[CODEBOOK], ""),
            ("[tasks.emotion]", &[TASK, CELLS], ""),
            ("[tasks.intensity]", &[INTENSITY], ""),
            ("[tasks.intensity.dimensions.x]", &[DIMENSION, CELLS], ""),
            ("[attributes.x]", &[ATTRIBUTE, CELLS], ""),
            ("[features.x]", &[FEATURE, CELLS], ""),
            ("[predictions]", &[PREDICTIONS, CELLS], ""),
            ("[ratings]", &[RATINGS], "form"),
        ];
        for (heading, keys, only) in lists {
            for (key, ..) in keys.iter().copied().flatten() {
                assert!(
                    ["`", "[", ".", "["]
                        .iter()
                        .any(|mark| page.contains(&format!("{mark}{key}"))),
                    "the page does not name {key}"
                );
                if !only.is_empty() && *key != only {
                    continue;
                }
                // A value that no key takes: a known key is told of its type, an unknown one of its name.
                let text = format!("{heading}\n{key} = 1979-05-27\n");
                let problems = Recipe::parse("r.toml", &text).expect_err("a date");
                let unknown = problems.iter().any(|problem| {
                    problem.code == "toml/unknown-key" && problem.place.key.as_deref() == Some(key)
                });
                assert!(!unknown, "the reader does not know {key} in {heading}");
            }
        }
    }

    /// The keys of `[read]` belong to some form each.
    #[test]
    fn every_key_of_reading_belongs_to_a_form() {
        for (key, ..) in READ.iter().filter(|(key, ..)| *key != "form") {
            let known = FORMS.iter().any(|(form, _)| {
                let text = format!("[read]\nform = \"{form}\"\n{key} = 1979-05-27\n");
                let problems = Recipe::parse("r.toml", &text).expect_err("a date");
                problems
                    .iter()
                    .all(|problem| problem.code != "toml/unknown-key")
            });
            assert!(known, "no form knows {key}");
        }
    }

    #[test]
    fn what_the_reader_knows_the_schema_knows() {
        let text = "[nothing]\nx = 1\n[ratings]\nform = \"rows\"\nx = 1\n[columns.id]\nx = 1\n[[join]]\nx = 1\n[[drop]]\nx = 1\n[tasks.emotion]\nx = 1\n";
        let problems = Recipe::parse("r.toml", text).expect_err("unknown keys");
        let schema = schema().to_string();
        for problem in problems
            .iter()
            .filter(|problem| problem.code == "toml/unknown-key")
        {
            let help = problem.help.clone().unwrap_or_default();
            let known = help.strip_prefix("known keys here: ").unwrap_or_default();
            for key in known.split(", ").filter(|key| !key.is_empty()) {
                assert!(
                    schema.contains(&format!("\"{key}\":")),
                    "the schema lacks {key}"
                );
            }
        }
    }
}
