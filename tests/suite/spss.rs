//! SPSS files against what ReadStat reads from them (tests/oracles/spss.py), and damaged ones. Ignored in builds without
//! the feature spss.

use std::fs;
use std::path::Path;

use affect_audit::dataset::import::{Recipe, Telling, import};
use libtest_mimic::{Failed, Trial};
use proptest::prelude::*;
use serde_json::Value;

use crate::parsers::{failed, runner};
use crate::run::{program, said};

pub fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn() -> Result<(), Failed>| {
        Trial::test(format!("spss::{name}"), test).with_ignored_flag(cfg!(not(feature = "spss")))
    };
    vec![
        trial("cells_are_those_of_another_reader", as_another_reader),
        trial("the_page_shows_a_recipe_that_works", page),
        trial("damaged_files_are_refused", damaged),
    ]
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles"))
}

const RECIPE: &str = "[dataset]\nname = \"x\"\n[read]\nform = \"spss\"\n[columns.id]\nfrom = \"case\"\n\
     [columns.text]\nfrom = \"answer\"\n[attributes.feeling]\nabout = \"author\"\nkind = \"context\"\nfrom = \"feeling\"\n\
     [attributes.country]\nabout = \"author\"\nkind = \"culture\"\nfrom = \"country\"\n\
     [attributes.calm]\nabout = \"author\"\nkind = \"context\"\nfrom = \"calm\"\n\
     [attributes.day]\nabout = \"author\"\nkind = \"context\"\nfrom = \"day\"\n";

fn as_another_reader() -> Result<(), Failed> {
    let theirs: Value = serde_json::from_str(&fs::read_to_string(folder().join("survey.json"))?)?;
    for file in ["survey.sav", "survey.zsav"] {
        for values in ["labels", "codes"] {
            let text = RECIPE.replace("\"spss\"", &format!("\"spss\"\nvalues = \"{values}\""));
            let place = tempfile::tempdir()?;
            fs::write(place.path().join("x.toml"), text)?;
            let from = folder().join(file).display().to_string();
            let arguments = [
                "dataset", "import", "--recipe", "x.toml", "--from", &from, "-o", "d",
            ];
            let output = program(place.path(), &arguments)?;
            let told = said(&output);
            if !output.status.success() || !told.contains("2 values that ") {
                return Err(told.into());
            }
            let partly = told.contains("numbers stay in: calm");
            if partly != (values == "labels") {
                return Err(told.into());
            }
            let mut reader = csv::Reader::from_path(place.path().join("d/cases.csv"))?;
            let header = reader.headers()?.clone();
            let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
            let names = theirs["columns"].as_array().ok_or("columns")?;
            for (place, name) in names.iter().enumerate() {
                let name = name.as_str().unwrap_or_default();
                // Where some values have no label, ours stay numbers.
                let form = if name == "calm" { "codes" } else { values };
                let ours = match name {
                    "case" => "id",
                    "answer" => "text",
                    name => name,
                };
                let column = header.iter().position(|known| known == ours).ok_or(ours)?;
                for (row, record) in rows.iter().enumerate() {
                    let cell = theirs[form][row][place].as_str().ok_or("cell")?;
                    let cell = cell.strip_suffix(".0").unwrap_or(cell);
                    if record[column] != *cell {
                        let wrong =
                            format!("{file}, {values}, {name}: {} for {cell}", &record[column]);
                        return Err(wrong.into());
                    }
                }
            }
        }
    }
    Ok(())
}

fn page() -> Result<(), Failed> {
    let text = fs::read_to_string(folder().join("../../docs/recipes.md"))?;
    let after = text.split("form = \"spss\"").next().ok_or("no recipe")?;
    let start = after.rfind("```toml\n").ok_or("no recipe")? + "```toml\n".len();
    let (recipe, _) = text[start..].split_once("\n```").ok_or("no end")?;
    let recipe = Recipe::parse("recipes.md", recipe).map_err(|problems| problems.to_string())?;
    let mut telling = Telling::default();
    let imported = import(&recipe, &[folder().join("survey.sav")], &mut telling)
        .map_err(|problems| problems.to_string())?;
    let dataset = imported
        .read_back("out")
        .map_err(|problems| problems.to_string())?;
    if dataset.cases.len() == imported.rows && imported.rows > 0 {
        Ok(())
    } else {
        Err(format!("{} cases", dataset.cases.len()).into())
    }
}

/// Whatever is damaged, an import ends.
fn damaged() -> Result<(), Failed> {
    let recipe = Recipe::parse("x.toml", RECIPE).map_err(|problems| problems.to_string())?;
    let place = tempfile::tempdir()?;
    let file = place.path().join("x.sav");
    for name in ["survey.sav", "survey.zsav"] {
        let whole = fs::read(folder().join(name))?;
        let damage = (
            proptest::collection::vec((0..whole.len(), any::<u8>()), 0..6),
            prop_oneof![3 => Just(whole.len()), 1 => 0..whole.len()],
        );
        let (read, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        runner()
            .run(&damage, |(bytes, length)| {
                let mut content = whole.clone();
                for (at, byte) in bytes {
                    content[at] = byte;
                }
                content.truncate(length);
                fs::write(&file, content)?;
                let mut telling = Telling::default();
                let count = match import(&recipe, std::slice::from_ref(&file), &mut telling) {
                    Ok(_) => &read,
                    Err(_) => &refused,
                };
                count.set(count.get() + 1);
                Ok(())
            })
            .map_err(failed)?;
        if read.get() < 10 || refused.get() < 10 {
            let (read, refused) = (read.get(), refused.get());
            return Err(format!("{name}: {read} were read, {refused} refused").into());
        }
    }
    Ok(())
}
