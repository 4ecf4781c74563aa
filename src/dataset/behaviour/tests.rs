//! Reading functional tests: every kind, and every slip with its place.

use super::super::card::Card;
use super::super::cases::read_cases;
use super::super::table::Dialect;
use super::*;

fn read(cases: &str) -> Result<Behaviour, Problems> {
    let card = "name = \"small\"\n[behaviour]\ndefault_margin = 0.1\n\
        [tasks.sentiment]\nscheme = \"three-way\"\nsource = \"template\"\n\
        [tasks.emotion]\nscheme = \"ekman\"\nsource = \"template\"\n";
    let card = Card::parse("dataset.toml", card)?;
    let table = Table::from_delimited("cases.csv", cases.as_bytes(), Dialect::default())?;
    read_cases(&card, &table).map(|cases| cases.behaviour.expect("the card declares it"))
}

const HEADER: &str = "id,text,sentiment,emotion,capability,expectation,partner,task,label,margin\n";

#[test]
fn every_kind_of_test_is_read() {
    let behaviour = read(&format!(
        "{HEADER}1,a,positive,,negation,minimum,,,,\n2,b,,,negation,invariance,1,,,\n\
         3,c,,,negation,falls,1,,positive,\n4,d,,,negation,rises,1,emotion,neutral,-0.2\n5,e,,,,,,,,\n"
    ))
    .expect("valid");
    assert_eq!(behaviour.capabilities.names(), ["negation"]);
    let tests: Vec<_> = behaviour.tests.into_iter().flatten().collect();
    assert_eq!(tests.len(), 4);
    let directional = |label, rises, margin| Expectation::Directional {
        partner: 0,
        label,
        rises,
        margin,
    };
    assert_eq!(tests[0].expectation, Expectation::Minimum);
    assert_eq!(tests[1].expectation, Expectation::Invariance { partner: 0 });
    assert_eq!(tests[2].expectation, directional(2, false, 0.1));
    assert_eq!(tests[2].task, Some(Task::Sentiment));
    assert_eq!(tests[3].expectation, directional(4, true, -0.2));
    assert_eq!(tests[3].task, Some(Task::Emotion));
}

#[test]
fn every_problem_is_told_with_its_place() {
    let problems = read(&format!(
        "{HEADER}1,a,positive,,,minimum,,,,\n2,b,,,n,minimum,,,,\n3,c,,,n,invariance,,,,\n\
         4,d,,,n,invariance,4,,,\n5,e,,,n,invariance,99,,,\n6,f,,,n,rises,1,,,\n7,g,,,n,rises,1,,neutral,\n\
         8,h,,,n,rises,1,,positiv,\n9,i,,,n,rises,1,,positive,much\n10,j,,,n,minimun,,,,\n\
         11,k,positive,,n,minimum,1,,,\n12,l,,,n,invariance,1,mood,,\n13,m,,,n,rises,1,,positive,nan\n"
    ))
    .expect_err("thirteen");
    let found: Vec<String> = problems
        .iter()
        .map(|problem| format!("{} {}", problem.code, problem.place))
        .collect();
    assert_eq!(
        found,
        [
            "behaviour/no-capability cases.csv:2:5 (capability)",
            "behaviour/no-gold cases.csv:3:6 (expectation)",
            "behaviour/no-partner cases.csv:4:7 (partner)",
            "behaviour/own-partner cases.csv:5:7 (partner)",
            "behaviour/unknown-partner cases.csv:6:7 (partner)",
            "behaviour/no-label cases.csv:7:9 (label)",
            "behaviour/ambiguous-label cases.csv:8:9 (label)",
            "behaviour/unknown-label cases.csv:9:9 (label)",
            "behaviour/margin cases.csv:10:10 (margin)",
            "behaviour/unknown-expectation cases.csv:11:6 (expectation)",
            "behaviour/not-used cases.csv:12:7 (partner)",
            "behaviour/unknown-task cases.csv:13:8 (task)",
            "behaviour/margin cases.csv:14:10 (margin)",
        ]
    );
}

#[test]
fn the_two_columns_that_every_test_needs_must_be_there() {
    let problems = read("id,text,sentiment,emotion\n1,a,,\n").expect_err("no columns");
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["dataset/unknown-column", "dataset/unknown-column"]);
}
