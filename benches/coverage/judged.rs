//! Gates of every kind, with the truth inside their bounds, at them and outside.

use std::collections::BTreeMap;

use affect_audit::measure::Rules;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::families::{LARGE, LARGE_SETS, beyond_tests};
use super::functional::Tests;
use super::held::Values;
use super::models::Models;
use super::numbers::{Numbers, Shape};
use super::probabilities::Stated;
use super::questions::{self, Judged, PLACES, Question};
use super::raters::People;
use super::sets::Swapped;
use super::simulation::{Cases, World};
use super::tables;
use super::worlds::{SIZES, words};
use super::{functional, gates, group_gates, models};

/// What gates made of the values that they ask about, by question and number of cases.
#[derive(Default)]
struct Rows(Vec<(String, Vec<[Judged; 3]>)>);

impl Rows {
    fn add(&mut self, name: String, judged: [Judged; 3]) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, columns)) => columns.push(judged),
            None => self.0.push((name, vec![judged])),
        }
    }

    /// Asks questions of values that are drawn with a number of cases.
    fn ask(
        &mut self,
        asked: &[Question],
        truth: &BTreeMap<String, f64>,
        draws: u64,
        drawn: impl Fn(u64, &Rules, &mut Xoshiro256PlusPlus) -> Values,
    ) {
        for n in SIZES {
            let of_size = |rules: &Rules, random: &mut Xoshiro256PlusPlus| drawn(n, rules, random);
            // Other draws for each number of cases: the first of many would be those of few.
            let judged = questions::judged(asked, truth, (draws, 61 + n), of_size);
            for (question, judged) in asked.iter().zip(judged) {
                self.add(question.words(), judged);
            }
        }
    }
}

/// All gates.
pub fn of_gates(draws: u64) {
    let mut rows = Rows::default();
    let [of_people, of_tests] = questions::of_people_and_tests();
    let world = |n| World {
        n,
        labels: 3,
        right: 0.8,
        cases: Cases::Independent,
    };
    let numbers = |n| Numbers {
        shape: Shape::Normal,
        n,
        clusters: 0,
        spread: 0.0,
        telling: false,
    };
    let (in_cluster, in_template) = (1, 1);
    let models = |n| Models { n, in_cluster };
    let sets = |n| Swapped {
        n: beyond_tests(n),
        in_template,
    };
    let tests = |n| Tests { n, in_cluster };
    let people = |n| People { n, in_cluster };
    let stated = |n| Stated { n, in_cluster };
    let truth = world(1).truth();
    rows.ask(
        &questions::of_labels(),
        &truth,
        draws,
        |n, rules, random| world(n).values(rules, random),
    );
    let truth = models::truth();
    rows.ask(
        &questions::of_changes(),
        &truth,
        draws,
        |n, rules, random| models(n).measured(rules, random),
    );
    let truth = sets(1).truth(LARGE_SETS);
    rows.ask(&questions::of_sets(), &truth, draws, |n, rules, random| {
        sets(n).measured(rules, random)
    });
    rows.ask(
        &of_tests,
        &functional::truth(),
        draws,
        |n, rules, random| tests(n).measured(rules, random),
    );
    let truth = people(1).truth_of_seven(LARGE);
    rows.ask(&of_people, &truth, draws, |n, rules, random| {
        people(n).seven(rules, random)
    });
    let truth = stated(1).truth(LARGE);
    rows.ask(
        &questions::of_probabilities(),
        &truth,
        draws,
        |n, rules, random| stated(n).measured(rules, random),
    );
    let truth = numbers(1).truth(LARGE);
    rows.ask(
        &questions::of_numbers(),
        &truth,
        draws,
        |n, rules, random| numbers(n).values(rules, random),
    );
    for n in SIZES {
        // Cases of many groups take long to draw.
        let draws = if n < 5000 { draws } else { draws / 4 };
        for (name, judged) in group_gates::judged(n / 4, draws, 67) {
            rows.add(format!("groups: {name}"), judged);
        }
    }
    let columns = SIZES.map(|n| n.to_string());
    for (place, name) in PLACES.iter().enumerate() {
        tables::head(
            &format!("Gates with the truth {name}: draws that fail / pass, %"),
            "gate",
            &columns.each_ref().map(String::as_str),
        );
        for (row, judged) in &rows.0 {
            let cells = judged.iter().map(|judged| {
                if judged[place].draws == 0 {
                    return "-".to_owned();
                }
                let (failed, passed) = judged[place].percent();
                format!("{failed:.1} / {passed:.1}")
            });
            println!("| {row} | {} |", cells.collect::<Vec<_>>().join(" | "));
        }
    }
    gates_beside_gaps(draws);
}

/// Gates on differences beside what tools make of the gap of the best and the worst group.
fn gates_beside_gaps(draws: u64) {
    let head = [
        "n a group",
        "true difference",
        "fails, %",
        "passes, %",
        "gap above 0.10, %",
    ];
    tables::head(
        "Four groups that may differ by 0.10 from the others",
        "cases",
        &head,
    );
    let clusters = Cases::Clustered {
        between: 1.0 / 3.0,
        clusters: 20,
        one_label: false,
    };
    for cases in [Cases::Independent, clusters] {
        for n in [40, 200, 1000, 4000] {
            for gap in [0.0, 0.05, 0.2] {
                let world = World {
                    n,
                    labels: 3,
                    right: 0.7,
                    cases,
                };
                let seen = gates::alarms(&world, 4, gap, 0.1, draws, 11);
                let percent = |count: u64| 100.0 * count as f64 / seen.draws as f64;
                println!(
                    "| {} | {n} | {gap} | {:.1} | {:.1} | {:.1} |",
                    words(cases),
                    percent(seen.failed),
                    percent(seen.passed),
                    percent(seen.naive),
                );
            }
        }
    }
}
