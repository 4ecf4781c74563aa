//! Kinds of cases that a model fails on: how often does the search find one where there is none, and where there is?

use affect_audit::attribute::{About, Attribute, AttributeKind, Blank};
use affect_audit::case::{Cases, Names};
use affect_audit::measure::Rules;
use affect_audit::measure::error_slice::search;
use affect_audit::tally::Outcome;
use affect_audit::task::LabelSet;
use rand::Rng;

use super::held::{RULES, generator};
use super::simulation::{self, World};

/// The share of draws in which a kind of cases is shown, among 5 groups of one attribute and 4 of another that all have
/// 30 % errors, but for one group that has so many more. A quarter of draws have too few cases for a search of 240.
pub fn shown(n: u64, more: f64, draws: u64, seed: u64) -> f64 {
    let world = World {
        n,
        labels: 3,
        right: 0.7,
        cases: simulation::Cases::Independent,
    };
    let mut found = 0;
    for draw in 0..draws {
        let random = &mut generator(seed, draw);
        let mut names = [Vec::new(), Vec::new()];
        let mut evaluation = world.evaluation();
        for _ in 0..n {
            let groups = [5, 4].map(|groups: usize| random.random_range(0..groups));
            for (names, group) in names.iter_mut().zip(groups) {
                names.push(format!("group {group}"));
            }
            let gold = random.random_range(0..3);
            let right = if groups[0] == 0 { 0.7 - more } else { 0.7 };
            let answer = match random.random_bool(right) {
                true => gold,
                false => (gold + random.random_range(1..3)) % 3,
            };
            evaluation.outcomes.push(Some(Outcome {
                gold: LabelSet::one(gold),
                answer: Some(LabelSet::one(answer)),
            }));
        }
        let attribute = |(place, cells): (usize, Vec<String>)| {
            let attribute = Attribute {
                name: format!("attribute {place}"),
                title: String::new(),
                about: About::Author,
                kind: AttributeKind::Demographic,
                blank: Blank::Missing,
            };
            (
                attribute,
                Names::from_cells(cells.iter().map(String::as_str)),
            )
        };
        let cases = Cases {
            ids: vec![String::new(); n as usize],
            attributes: names.into_iter().enumerate().map(attribute).collect(),
            ..Cases::default()
        };
        let rules = Rules {
            seed: draw,
            min_n: 30,
            suppress_below: 10,
            ..RULES
        };
        let searched = search(&evaluation, &cases, &cases.units(), &rules);
        found += u64::from(searched.is_ok_and(|search| !search.found.is_empty()));
    }
    found as f64 / draws as f64
}
