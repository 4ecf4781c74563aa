//! Whatever bytes a file holds, reading it ends in a value or in problems with places, never in a panic.

use affect_audit::dataset::Card;
use affect_audit::dataset::croissant;
use affect_audit::dataset::generate::{Sources, generate};
use affect_audit::dataset::import::Recipe;
use affect_audit::dataset::table::{Dialect, Table};
use affect_audit::model::lexicon::Lexicon;
use affect_audit::model::reference::weights::LinearModel;
use affect_audit::policy::Policy;
use affect_audit::{document, record};
use libtest_mimic::{Failed, Trial};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("parsers::tables", tables),
        Trial::test(
            "parsers::delimited_text_comes_back",
            delimited_text_comes_back,
        ),
        Trial::test("parsers::documents", documents),
        Trial::test("parsers::binary", binary),
        Trial::test("parsers::croissant", metadata),
    ]
}

pub fn runner() -> TestRunner {
    TestRunner::new_with_rng(
        Config {
            failure_persistence: None,
            ..Config::with_cases(400)
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    )
}

pub fn failed(error: impl std::fmt::Display) -> Failed {
    error.to_string().into()
}

fn tables() -> Result<(), Failed> {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        "[a,\"|\n\r\t{}:\\[\\]0]{0,120}".prop_map(String::into_bytes),
    ];
    let dialect = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        prop_oneof![Just(b','), Just(b'|'), Just(b'\t')],
    );
    runner()
        .run(
            &(bytes, dialect),
            |(bytes, (quoting, header, trailing_delimiter, delimiter))| {
                let dialect = Dialect {
                    delimiter,
                    quoting,
                    header,
                    trailing_delimiter,
                };
                if let Ok(table) = Table::from_delimited("x.csv", &bytes, dialect) {
                    for column in 0..table.header().len() {
                        prop_assert_eq!(table.cells(column).count(), table.rows());
                    }
                }
                if let Ok(table) = Table::from_json_lines("x.jsonl", &bytes) {
                    for column in 0..table.header().len() {
                        prop_assert_eq!(table.cells(column).count(), table.rows());
                    }
                }
                Ok(())
            },
        )
        .map_err(failed)
}

/// What the csv crate writes is what the table layer reads, with any text in the cells but bytes of zero, which are
/// refused.
fn delimited_text_comes_back() -> Result<(), Failed> {
    let rows = proptest::collection::vec(("[^\u{feff}\0]{0,12}", "([^\0]|\"){0,12}"), 1..8);
    runner()
        .run(&rows, |rows| {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["a", "b"])?;
            for (a, b) in &rows {
                writer.write_record([a, b])?;
            }
            let bytes = writer
                .into_inner()
                .map_err(|error| TestCaseError::fail(error.to_string()))?;
            match Table::from_delimited("x.csv", &bytes, Dialect::default()) {
                Ok(table) => {
                    prop_assert_eq!(table.rows(), rows.len());
                    for (row, (a, b)) in rows.iter().enumerate() {
                        prop_assert_eq!(table.cell(row, 0), a);
                        prop_assert_eq!(table.cell(row, 1), b);
                    }
                }
                Err(problems) => return Err(TestCaseError::fail(problems.to_string())),
            }
            Ok(())
        })
        .map_err(failed)
}

fn documents() -> Result<(), Failed> {
    let pieces = prop_oneof![
        Just("[policy]\n"),
        Just("[[gate]]\n"),
        Just("[tasks.emotion]\n"),
        Just("[attributes.x]\n"),
        Just("[read]\nform = \"aligned\"\n"),
        Just("name = \"x\"\n"),
        Just("min = 0.5\n"),
        Just("labels = [\"a\", \"b\", 3]\n"),
        Just("scheme = \"ekman\"\n"),
        Just("source = \"felt\"\n"),
        Just("polarity = { a = \"negative\" }\n"),
        Just("wordings = [\"{Person} {is|are\", \"{they\"]\n"),
        Just("= 3\n"),
        Just("x = 99999999999999999999\n"),
        Just("y = inf\n"),
        Just("```toml\n"),
        Just("```\n"),
        Just("ü = \"ü\"\n"),
    ];
    let text = proptest::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat());
    let text = prop_oneof![text, ".{0,80}"];
    runner()
        .run(&text, |text| {
            let _ = document::parse("x.toml", &text);
            let _ = Card::parse("x.toml", &text);
            let _ = Recipe::parse("x.toml", &text);
            let _ = Policy::parse("x.md", &text);
            let _ = Policy::parse("x.toml", &text);
            let _ = record::parse("x.json", &text);
            let _ = generate(&Sources {
                templates: ("x.toml", &text),
                terms: ("y.toml", &text),
                grammar: Some(("z.toml", &text)),
            });
            let _ = Lexicon::parse(&text, Some(&text));
            Ok(())
        })
        .map_err(failed)
}

fn binary() -> Result<(), Failed> {
    runner()
        .run(&proptest::collection::vec(any::<u8>(), 0..300), |bytes| {
            prop_assert!(LinearModel::from_bytes(&bytes).is_err());
            Ok(())
        })
        .map_err(failed)
}

/// Croissant files with any JSON in the places that are read: problems, or a card that is valid.
fn metadata() -> Result<(), Failed> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        "[\"\n#\\[\\]=a\u{202e}\u{0}]{0,8}".prop_map(Value::from),
    ];
    let json = leaf.prop_recursive(4, 24, 4, |inner| {
        let keys = prop_oneof![
            Just("@id"),
            Just("@value"),
            Just("name"),
            Just("field"),
            Just("source"),
            Just("extract"),
            Just("column"),
            Just("dataType"),
            Just("contentUrl"),
            Just("sha256"),
            Just("key"),
            Just("tasks"),
            Just("columns"),
            Just("cases"),
            Just("limits"),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((keys.prop_map(str::to_owned), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    });
    let property = prop_oneof![
        Just("name"),
        Just("alternateName"),
        Just("description"),
        Just("version"),
        Just("license"),
        Just("inLanguage"),
        Just("distribution"),
        Just("recordSet"),
        Just("affect:card"),
        Just("rai:dataLimitations"),
        Just("conformsTo"),
    ];
    let file = proptest::collection::vec((property.prop_map(str::to_owned), json), 0..6);
    runner()
        .run(&file, |properties| {
            let mut file: serde_json::Map<String, Value> = properties.into_iter().collect();
            file.insert("@type".to_owned(), Value::from("sc:Dataset"));
            file.entry("name").or_insert_with(|| Value::from("n"));
            match croissant::import("x.json", &Value::Object(file).to_string()) {
                Ok(imported) => prop_assert!(Card::parse("x.toml", &imported.card).is_ok()),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
            Ok(())
        })
        .map_err(failed)
}
