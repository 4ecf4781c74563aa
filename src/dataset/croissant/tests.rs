//! There and back without loss, what other tools write, and metadata that means harm.

use serde_json::{Value, json};

use super::super::card::Card;
use super::super::cases::read_cases;
use super::super::files::{DataFile, Files};
use super::super::read::Dataset;
use super::super::table::{Dialect, Table};
use super::{export, import};

const CARD: &str = "\
name = \"small\"
title = \"Small, and \\\"quoted\\\"\"
description = \"\"\"
Two lines,
one <b>bold</b>.
\"\"\"
version = \"3\"
licence = \"ask the owners\"
citation = \"Nobody (2020).\"
language = [\"sw\", \"pt-BR\"]
modality = \"transcript\"
cases = \"cases.csv\"
limits = [\"Few cases.\", \"One rater.\"]
[columns]
id = \"number\"
text = \"said so\"
cluster = \"talk\"
[tasks.emotion]
labels = [\"calm\", \"tense\"]
kind = \"multi-label\"
source = \"felt\"
column = \"mood\"
separator = \";\"
polarity = { calm = \"positive\", tense = \"negative\" }
[attributes.style]
about = \"context\"
kind = \"context\"
column = \"talk\"
[attributes.land]
title = \"Country\"
about = \"author\"
kind = \"culture\"
blank = \"by-design\"
[behaviour]
capability = \"tests\"
expectation = \"expects\"
default_margin = 0.25
[privacy]
examples = false
";

const CASES: &str =
    "number,said so,talk,mood,land,tests,expects\n1,secret words,a,calm;tense,TZ,,\n";

fn exported(card_text: &str) -> String {
    let card = Card::parse("dataset.toml", card_text).expect("a valid card");
    let table =
        Table::from_delimited("cases.csv", CASES.as_bytes(), Dialect::default()).expect("a table");
    let dataset = Dataset {
        cases: read_cases(&card, &table).expect("valid cases"),
        columns: table.header().to_vec(),
        card,
        digest: String::new(),
        origin: "here".to_owned(),
    };
    let files = Files {
        card: toml::from_str(card_text).expect("TOML"),
        cases: Some(DataFile {
            name: "cases.csv".to_owned(),
            size: CASES.len(),
            sha256: "ab".repeat(32),
        }),
        others: Vec::new(),
    };
    export(&dataset, &files)
}

fn edited(edit: impl FnOnce(&mut Value)) -> String {
    let mut json: Value = serde_json::from_str(&exported(CARD)).expect("JSON");
    edit(&mut json);
    json.to_string()
}

fn codes(text: &str) -> Vec<String> {
    let problems = import("x.json", text).expect_err("problems");
    problems
        .iter()
        .map(|problem| format!("{} {}", problem.code, problem.place))
        .collect()
}

#[test]
fn nothing_is_lost_on_the_way_there_and_back() {
    let there = exported(CARD);
    let back = import("x.json", &there).expect("valid");
    assert_eq!(back.notices, Vec::<String>::new());
    let values = |text: &str| toml::from_str::<Value>(text).expect("TOML");
    assert_eq!(values(&back.card), values(CARD));
    assert_eq!(exported(&back.card), there);
}

#[test]
fn no_word_of_a_case_is_exported_and_no_page_obeys_it() {
    let there = exported(CARD);
    assert!(there.contains("said so"), "the name of a column");
    assert!(!there.contains("secret words"));
    assert!(!there.contains('<'));
}

#[test]
fn what_others_edit_in_common_properties_comes_first() {
    let text = edited(|json| {
        json["license"] = json!({"@type": "CreativeWork", "url": "https://example.org/licence"});
        json["sc:name"] = json["name"].take();
        json["description"] = json!({"de": "Zwei Zeilen"});
    });
    let back = import("x.json", &text).expect("valid");
    let card = Card::parse("dataset.toml", &back.card).expect("valid");
    assert_eq!(card.licence, "https://example.org/licence");
    assert_eq!(card.description, "Zwei Zeilen");
    assert_eq!(card.name, "small");
    assert_eq!(back.notices.len(), 2, "{:?}", back.notices);
}

#[test]
fn a_dataset_in_a_graph_is_found() {
    let dataset: Value = serde_json::from_str(&exported(CARD)).expect("JSON");
    let text = json!({"@graph": [{"@type": "Person"}, dataset]}).to_string();
    assert!(import("x.json", &text).is_ok());
}

#[test]
fn every_problem_is_told_in_the_file_that_is_at_fault() {
    assert_eq!(codes("{\n  \"a\": }"), ["croissant/syntax x.json:2:8"]);
    assert_eq!(codes("[1]"), ["croissant/not-a-dataset x.json (@type)"]);
    let several = edited(|json| {
        json["name"] = Value::Null;
        json["version"] = json!(true);
        json["inLanguage"] = json!(["en", {"a": 1, "b": 2}]);
    });
    assert_eq!(
        codes(&several),
        [
            "croissant/no-name x.json (name)",
            "croissant/wrong-type x.json (version)",
            "croissant/wrong-type x.json (inLanguage)",
        ]
    );
    let in_the_card = edited(|json| {
        json["affect:card"]["tasks"]["emotion"]["source"] = json!("guessed");
        json["affect:card"]["colour"] = json!("red");
    });
    assert_eq!(
        codes(&in_the_card),
        [
            "toml/unknown-value x.json (affect:card, source)",
            "toml/unknown-key x.json (affect:card, colour)",
        ]
    );
    let no_value = edited(|json| json["affect:card"]["version"] = json!({"deep": [null]}));
    assert!(
        import("x.json", &no_value).is_ok(),
        "the common one is taken"
    );
    let no_value = edited(|json| json["affect:card"]["modality"] = json!([null]));
    assert_eq!(
        codes(&no_value),
        ["croissant/no-toml x.json (affect:card.modality)"]
    );
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(codes(&deep).len(), 1);
}

#[test]
fn metadata_cannot_write_keys_of_a_card() {
    let evil = "x\"\n[tasks.emotion]\nscheme = \"ekman\"\nsource = \"felt\"\n\u{1b}[2J\u{202e}";
    let field = |name: &str| {
        json!({
            "@id": name, "name": name, "dataType": "cr:Label",
            "source": {"extract": {"column": name}},
        })
    };
    let text = json!({
        "@type": "sc:Dataset",
        "name": evil,
        "description": evil,
        "inLanguage": [evil],
        "rai:dataLimitations": evil,
        "distribution": [{"contentUrl": format!("../../{evil}"), "sha256": evil}],
        "recordSet": {"key": {"@id": evil}, "field": [field(evil), field("text")]},
    })
    .to_string();
    let imported = import("x.json", &text).expect("valid, if odd");
    let card = Card::parse("dataset.toml", &imported.card).expect("valid");
    assert!(card.tasks.is_empty());
    assert_eq!(card.name, "x-tasks.emotion-scheme-ekman-source-felt-2J");
    assert_eq!(
        (card.title.as_str(), card.description.as_str()),
        (evil, evil)
    );
    assert_eq!(card.id.name, evil);
    assert_eq!(card.text.name, "text");
    assert_eq!(card.cases, None);
    assert!(!imported.card.contains('\u{1b}'));
}

#[test]
fn a_name_without_letters_and_endless_lists_are_borne() {
    let fields: Vec<Value> = (0..5000)
        .map(|place| json!({"source": {"extract": {"column": format!("c{place}")}}}))
        .collect();
    let text = json!({
        "@type": "https://schema.org/Dataset", "name": "评论", "recordSet": [{"field": fields}],
    })
    .to_string();
    let imported = import("x.json", &text).expect("valid");
    let card = Card::parse("dataset.toml", &imported.card).expect("valid");
    assert_eq!(
        (card.name.as_str(), card.title.as_str()),
        ("imported", "评论")
    );
    assert!(imported.card.contains("and 4800 more"));
}
