//! Import recipes: the page on them, their JSON Schema, and recipes and files made up at random.

use std::fs;
use std::path::{Path, PathBuf};

use affect_audit::dataset::import::recipe::schema::schema;
use affect_audit::dataset::import::{Recipe, Telling, import};
use libtest_mimic::{Failed, Trial};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::Value;

use crate::parsers::{failed, runner};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("recipes::the_schema_is_current", schema_is_current),
        Trial::test("recipes::the_page_fits_the_schema", page_fits),
        Trial::test("recipes::the_schema_refuses", schema_refuses),
        Trial::test("recipes::any_recipe_on_any_file", any_recipe_on_any_file),
    ]
}

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name)
}

fn schema_is_current() -> Result<(), Failed> {
    let path = page("recipe.schema.json");
    let text = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE_EXPECTED").is_some_and(|value| value == "1") {
        fs::write(path, text)?;
        return Ok(());
    }
    if fs::read_to_string(&path)? == text {
        Ok(())
    } else {
        Err("docs/recipe.schema.json is out of date; UPDATE_EXPECTED=1 writes it anew".into())
    }
}

fn validator() -> Result<jsonschema::Validator, Failed> {
    let text = fs::read_to_string(page("recipe.schema.json"))?;
    let schema: Value = serde_json::from_str(&text)?;
    jsonschema::meta::validate(&schema).map_err(|error| error.to_string())?;
    Ok(jsonschema::validator_for(&schema).map_err(|error| error.to_string())?)
}

/// Every recipe of the page, the one of the form that only some builds read among them.
fn page_fits() -> Result<(), Failed> {
    let validator = validator()?;
    let text = fs::read_to_string(page("recipes.md"))?;
    let mut count = 0;
    for part in text.split("```toml\n").skip(1) {
        let (recipe, _) = part.split_once("\n```").ok_or("a block without an end")?;
        Recipe::parse("page.toml", recipe).map_err(|problems| format!("{problems}\n{recipe}"))?;
        let value: Value = toml::from_str(recipe)?;
        if let Err(error) = validator.validate(&value) {
            return Err(format!("{error} at {}\n{recipe}", error.instance_path()).into());
        }
        count += 1;
    }
    if count > 15 {
        Ok(())
    } else {
        Err(format!("only {count} recipes on the page").into())
    }
}

/// What is no recipe is none for the schema either.
fn schema_refuses() -> Result<(), Failed> {
    let validator = validator()?;
    let good = "[dataset]\nname = \"x\"\n[read]\nform = \"delimited\"\n";
    for (what, more) in [
        ("no table", "[colunms.id]\nfrom = \"a\"\n"),
        ("no key", "[columns.id]\nform = \"a\"\n"),
        ("no column", "[columns.ids]\nfrom = \"a\"\n"),
        (
            "no type",
            "[features.x]\nfrom = \"a\"\ncuts = [\"1\"]\nclasses = [\"a\", \"b\"]\n",
        ),
        (
            "no word",
            "[attributes.x]\nabout = \"nobody\"\nkind = \"culture\"\nfrom = \"a\"\n",
        ),
        ("no source", "[tasks.emotion]\nscheme = \"ekman\"\n"),
    ] {
        let text = format!("{good}{more}");
        if Recipe::parse("x.toml", &text).is_ok() {
            return Err(format!("the reader takes {what}").into());
        }
        if validator.is_valid(&toml::from_str(&text)?) {
            return Err(format!("the schema takes {what}").into());
        }
    }
    if Recipe::parse("x.toml", good).is_ok() && validator.is_valid(&toml::from_str(good)?) {
        Ok(())
    } else {
        Err("the smallest recipe is refused".into())
    }
}

const READS: [&str; 9] = [
    "form = \"delimited\"\n",
    "form = \"delimited\"\nquoting = false\n",
    "form = \"delimited\"\ndelimiter = \"|\"\ntrailing_delimiter = true\noverflow = \"b\"\n",
    "form = \"delimited\"\ndelimiter = \"::\"\nquoting = false\nragged = \"drop\"\n",
    "form = \"delimited\"\nheader = false\nnames = [\"a\", \"b\"]\ncomment = \"#\"\nskip = 1\n",
    "form = \"delimited\"\nencoding = \"utf-16le\"\n",
    "form = \"json-lines\"\n",
    "form = \"json\"\npointer = \"/a\"\n",
    "form = \"xlsx\"\nrange = \"A1:B9\"\n",
];

const STEPS: [&str; 6] = [
    "[[extract]]\nfrom = \"a\"\npattern = '^(?<c>.?)'\nunmatched = \"drop\"\n",
    "[[extract]]\nfrom = \"@stem\"\npattern = '(?<d>x)'\nunmatched = \"blank\"\n",
    "[[drop]]\ncolumn = \"a\"\nblank = true\n",
    "[[drop]]\ncolumn = \"b\"\nrepeated = true\n",
    "[[join]]\nfile = \"x.dat\"\non = \"@row\"\nprefix = \"j_\"\n",
    "[[join]]\nfile = \"x.dat\"\non = \"a\"\nprefix = \"k_\"\nunmatched = \"blank\"\n",
];

const CELLS: [&str; 9] = [
    "from = \"a\"\n",
    "from_all = [\"a\", \"b\"]\njoin = \"/\"\n",
    "from = \"b\"\nclean = true\nfind = true\nmap = { a = \"joy\" }\nunmapped = \"blank\"\n",
    "from = \"b\"\nsplit = \",\"\nclasses = [\"anger\", \"joy\"]\nbase = 1\n",
    "from = \"b\"\ntie = \":\"\nties = \"first\"\nmissing = [\"0\"]\n",
    "from = \"a\"\ncuts = [0.5, 2]\nclasses = [\"anger\", \"joy\", \"fear\"]\nunmapped = \"drop\"\n",
    "hot = { anger = \"a\", joy = \"b\" }\nnone = \"fear\"\n",
    "value = \"joy\"\n",
    "from = \"b\"\nmap = { \"1\" = \"anger\" }\nunmapped = \"refuse\"\n",
];

const RATINGS: [&str; 5] = [
    "",
    "[ratings]\nform = \"rows\"\nrater = \"a\"\nfrom = \"b\"\n",
    "[ratings]\nform = \"columns\"\nraters_pattern = \"[ab]\"\n",
    "[ratings]\nform = \"cells\"\nrater = \"a\"\nlabel = \"b\"\nvalue = \"a\"\n",
    "[ratings]\nform = \"votes\"\nvotes = { anger = \"a\", joy = \"b\" }\n",
];

const ANSWERS: [&str; 3] = [
    "",
    "[predictions]\nfrom = \"b\"\nclean = true\nabstained = [\"1\"]\n",
    "[predictions.scores]\njoy = \"a\"\n",
];

/// Whatever a recipe says and a file holds, an import ends in a dataset that can be read back, or in problems.
fn any_recipe_on_any_file() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("x.dat");
    let recipe = (
        prop_oneof![2 => select(&READS[..2]), 1 => select(&READS[..])],
        subsequence(&STEPS[..], 0..3),
        (
            select(&CELLS[..]),
            prop_oneof![2 => Just(CELLS[2]), 1 => select(&CELLS[..])],
            select(&CELLS[..]),
        ),
        select(&["", "kind = \"multi-label\"\n"][..]),
        prop_oneof![3 => Just(""), 1 => select(&RATINGS[..])],
        select(&ANSWERS[..]),
    );
    let cell = prop_oneof![
        8 => select(&["joy", "anger", "1", "2", "0", ""][..]).prop_map(str::to_owned),
        1 => "[01ab#\",:| \n\u{1e}\0]{0,8}|1,2|joy:fear",
    ];
    let rows = proptest::collection::vec((cell.clone(), cell), 0..5);
    let joined = |rows: Vec<(String, String)>, by: &str, end: &str| {
        let rows = rows.iter().map(|(a, b)| format!("{a}{by}{b}{end}\n"));
        rows.collect::<String>()
    };
    let bytes = prop_oneof![
        6 => rows.clone().prop_map(move |rows| format!("a,b\n{}", joined(rows, ",", "")).into_bytes()),
        1 => rows.clone().prop_map(move |rows| format!("#\na|b|\n{}", joined(rows, "|", "|")).into_bytes()),
        1 => rows.clone().prop_map(move |rows| format!("a::b\n{}", joined(rows, "::", "")).into_bytes()),
        1 => rows.prop_map(|rows| {
            let rows: Vec<Value> = rows
                .into_iter()
                .map(|(a, b)| serde_json::json!({ "a": a, "b": [b, 1] }))
                .collect();
            serde_json::json!({ "a": rows }).to_string().into_bytes()
        }),
        1 => proptest::collection::vec(any::<u8>(), 0..120),
        1 => proptest::collection::vec(any::<u8>(), 0..60)
            .prop_map(|bytes| [b"PK\x03\x04".as_slice(), bytes.as_slice()].concat()),
        1 => proptest::collection::vec(any::<u8>(), 0..60)
            .prop_map(|bytes| [b"\x1f\x8b\x08\0".as_slice(), bytes.as_slice()].concat()),
    ];
    let read = std::cell::Cell::new(0);
    runner()
        .run(&(recipe, bytes), |(recipe, bytes)| {
            let (form, steps, (cluster, task, group), kind, ratings, answers) = recipe;
            let text = format!(
                "[dataset]\nname = \"x\"\n[read]\n{form}{}[columns.text]\nfrom = \"b\"\n[columns.cluster]\n{cluster}\
                 [tasks.emotion]\nlabels = [\"anger\", \"joy\", \"fear\"]\nsource = \"perceived\"\n{kind}{task}\
                 [attributes.x]\nabout = \"author\"\nkind = \"context\"\n{group}{ratings}{answers}",
                steps.concat()
            );
            // A separator of labels stands in the names of no group, and `none` in one table only: the reader says so.
            let Ok(recipe) = Recipe::parse("x.toml", &text) else {
                return Ok(());
            };
            fs::write(&file, &bytes)?;
            let mut telling = Telling::default();
            if let Ok(imported) = import(&recipe, std::slice::from_ref(&file), &mut telling) {
                // A dataset without a case is refused when it is read back, and nothing else is.
                match imported.read_back("out") {
                    Ok(dataset) => {
                        prop_assert_eq!(dataset.cases.len(), imported.rows);
                        read.set(read.get() + 1);
                    }
                    Err(problems) => {
                        for problem in problems.iter() {
                            prop_assert!(
                                ["dataset/no-cases", "dataset/empty", "table/empty"].contains(&problem.code),
                                "{problem}\n{text}\n{bytes:?}"
                            );
                        }
                    }
                }
            }
            Ok(())
        })
        .map_err(failed)?;
    if read.get() > 10 {
        Ok(())
    } else {
        Err(format!(
            "only {} imports came to an end: the test tests nothing",
            read.get()
        )
        .into())
    }
}
