//! Draws ratings by people of two groups with a known truth and counts how often the intervals of agreement within the
//! first group, and of it with the other, hold it.
//!
//! A case has one of three labels, half of them the first; a rater slips as often as is the rater's habit, and gives any
//! label then. Raters of the first group slip less often.

use std::collections::BTreeMap;

use affect_audit::attribute::{About, Attribute, AttributeKind, Blank};
use affect_audit::case::{Names, Rated, Rater, Ratings};
use affect_audit::measure::Rules;
use affect_audit::measure::rater_group::agreement;
use affect_audit::task::{LabelSet, Scheme, SchemeKind, built_in};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{Coverage, RULES, generator};

const FREQUENCIES: [f64; 3] = [0.5, 0.3, 0.2];

/// How often raters of either group slip on average, and how far their habits lie around that.
const SLIPS: [f64; 2] = [0.35, 0.55];
const SPREAD: f64 = 0.25;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Raters {
    /// Cases.
    pub cases: usize,
    /// Raters of the group, and the others.
    pub people: [usize; 2],
    /// The share of cases that each of them rates.
    pub rated: f64,
    /// Whether labels have an order.
    pub ordinal: bool,
    /// Whether raters are drawn anew with every draw, the truth being that of all such raters; else they stay.
    pub anew: bool,
}

/// How often each rater of both groups slips.
fn habits(world: &Raters, random: &mut Xoshiro256PlusPlus) -> [Vec<f64>; 2] {
    [0, 1].map(|side| {
        let habit = |_| SLIPS[side] + SPREAD * (2.0 * random.random::<f64>() - 1.0);
        (0..world.people[side]).map(habit).collect()
    })
}

/// The chance that one who slips so often gives a label to a case of a label.
fn gives(slip: f64, truth: usize, label: usize) -> f64 {
    let right = if truth == label { 1.0 - slip } else { 0.0 };
    right + slip / 3.0
}

/// Agreement in so many cases that chance plays no part: 1 less the disagreement of two raters over what two ratings of
/// any two cases have. `pairs` are the habits of two raters who are compared.
fn agreement_of(world: &Raters, pairs: &[(f64, f64)], weights: [f64; 2]) -> f64 {
    let mut joint: [[f64; 3]; 3] = [[0.0; 3]; 3];
    let (mut own, mut others) = ([0.0; 3], [0.0; 3]);
    for (one, other) in pairs {
        for (truth, frequency) in FREQUENCIES.into_iter().enumerate() {
            let share = frequency / pairs.len() as f64;
            for (label, row) in joint.iter_mut().enumerate() {
                let first = share * gives(*one, truth, label);
                own[label] += first;
                others[label] += share * gives(*other, truth, label);
                for (second, cell) in row.iter_mut().enumerate() {
                    *cell += first * gives(*other, truth, second);
                }
            }
        }
    }
    let both = |label: usize| weights[0] * own[label] + weights[1] * others[label];
    // Ranks in the middle of those who gave the same label.
    let rank = |label: usize| (0..label).map(both).sum::<f64>() + both(label) / 2.0;
    let distance = |one: usize, two: usize| match (world.ordinal, one == two) {
        (true, _) => (rank(one) - rank(two)).powi(2),
        (false, same) => f64::from(u8::from(!same)),
    };
    let sum = |chance: &dyn Fn(usize, usize) -> f64| -> f64 {
        let cells = (0..9).map(|cell| (cell / 3, cell % 3));
        cells
            .map(|(one, two)| chance(one, two) * distance(one, two))
            .sum()
    };
    1.0 - sum(&|one, two| joint[one][two]) / sum(&|one, two| own[one] * others[two])
}

/// What is true within the first group, and between it and the other.
fn truth(world: &Raters, habits: &[Vec<f64>; 2]) -> [f64; 2] {
    let people = world.people.map(|people| people as f64);
    let weights = people.map(|own| own / (people[0] + people[1]));
    if world.anew {
        let within = agreement_of(world, &[(SLIPS[0], SLIPS[0])], [0.5, 0.5]);
        return [
            within,
            agreement_of(world, &[(SLIPS[0], SLIPS[1])], weights),
        ];
    }
    let [own, others] = habits;
    let mut within = Vec::new();
    for (place, one) in own.iter().enumerate() {
        let rest = own.iter().enumerate().filter(|(other, _)| *other != place);
        within.extend(rest.map(|(_, two)| (*one, *two)));
    }
    let between: Vec<(f64, f64)> = own
        .iter()
        .flat_map(|one| others.iter().map(|two| (*one, *two)))
        .collect();
    [
        agreement_of(world, &within, [0.5, 0.5]),
        agreement_of(world, &between, weights),
    ]
}

fn drawn(world: &Raters, habits: &[Vec<f64>; 2], random: &mut Xoshiro256PlusPlus) -> Ratings {
    let label = |random: &mut Xoshiro256PlusPlus| match random.random::<f64>() {
        low if low < FREQUENCIES[0] => 0,
        low if low < FREQUENCIES[0] + FREQUENCIES[1] => 1,
        _ => 2,
    };
    let truths: Vec<usize> = (0..world.cases).map(|_| label(random)).collect();
    let mut raters = Vec::new();
    for (side, habits) in habits.iter().enumerate() {
        for slip in habits {
            let mut rater = Rater {
                groups: vec![Some(side as u32)],
                ..Rater::default()
            };
            for (case, truth) in truths.iter().enumerate() {
                if !random.random_bool(world.rated) {
                    continue;
                }
                let slipped = random.random_bool(*slip);
                let said = if slipped {
                    random.random_range(0..3)
                } else {
                    *truth
                };
                rater.given.push((case, LabelSet::one(said)));
            }
            raters.push(rater);
        }
    }
    let known = built_in("three-way").expect("a built-in scheme");
    let kind = if world.ordinal {
        SchemeKind::Ordinal
    } else {
        SchemeKind::Nominal
    };
    Ratings {
        scheme: std::sync::Arc::new(Scheme {
            kind,
            ..(*known).clone()
        }),
        rated: vec![Rated::default(); world.cases],
        raters,
    }
}

/// Draws ratings again and again and asks every interval whether it holds the truth.
pub fn count(world: &Raters, draws: u64, seed: u64) -> BTreeMap<String, Coverage> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut people = habits(world, &mut random);
    let truth = truth(world, &people);
    let attribute = Attribute {
        name: "group".to_owned(),
        title: String::new(),
        about: About::Rater,
        kind: AttributeKind::Context,
        blank: Blank::Missing,
    };
    let clusters = vec![None; world.cases];
    let mut all: BTreeMap<String, Coverage> = BTreeMap::new();
    for draw in 0..draws {
        let mut random = generator(seed, draw);
        if world.anew {
            people = habits(world, &mut random);
        }
        let ratings = drawn(world, &people, &mut random);
        let rules = Rules {
            seed: draw,
            suppress_below: 0,
            ..RULES
        };
        let names = ["first", "other"].into_iter();
        let attributes = [(attribute.clone(), Names::from_cells(names))];
        let measured = agreement(&ratings, &attributes, &clusters, &rules);
        for (one, truth) in measured
            .iter()
            .filter(|one| one.group == "first")
            .zip(truth)
        {
            let name = one.measured.measure.id().to_owned();
            all.entry(name)
                .or_default()
                .count(truth, &one.measured.result);
        }
    }
    all
}
