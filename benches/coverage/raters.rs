//! People who rate cases: agreement by each of its distances, and one person against the rest.
//!
//! Ten people, of whom each says what is true of a case with a chance of their own and else anything. Of every four cases
//! three are rated by five of them and one by two. No formula gives the truth of all of these: it is the mean of draws of
//! 100,000 cases. In clusters, of 20 cases each, people are better or worse together.

use std::collections::BTreeMap;

use affect_audit::case::{Rated, Rater, Ratings};
use affect_audit::measure::Rules;
use affect_audit::measure::agreement::{human_alpha, human_alpha_of_numbers};
use affect_audit::measure::rater::{skill, skill_of_each};
use affect_audit::task::{LabelSet, Scheme, built_in};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{self, Coverage, Values};

/// How many people there are.
const PEOPLE: usize = 10;

/// People and cases to draw.
#[derive(Clone, Copy, Debug)]
pub struct People {
    /// Cases.
    pub n: u64,
    /// Cases of a cluster; 1 where they are independent.
    pub in_cluster: u64,
}

/// Draws again and again and asks every interval whether it holds the truth.
pub fn count(
    people: People,
    truth: &BTreeMap<String, f64>,
    (draws, seed): (u64, u64),
) -> BTreeMap<String, Coverage> {
    held::count(truth, (draws, seed), |rules, random| {
        people.measured(rules, random)
    })
}

/// Whom each case is rated by, and how much better they are at its cluster than elsewhere.
struct Panel {
    raters: Vec<usize>,
    better: f64,
}

impl People {
    /// What each measure comes to.
    pub fn truth(&self, (n, draws): (u64, u64)) -> BTreeMap<String, f64> {
        let many = People { n, ..*self };
        held::truth(draws, |rules, random| many.measured(rules, random))
    }

    /// What agreement on seven labels comes to.
    pub fn truth_of_seven(&self, (n, draws): (u64, u64)) -> BTreeMap<String, f64> {
        let many = People { n, ..*self };
        held::truth(draws, |rules, random| many.seven(rules, random))
    }

    /// Agreement on seven labels alone.
    pub fn seven(&self, rules: &Rules, random: &mut Xoshiro256PlusPlus) -> Values {
        let scheme = built_in("ekman").expect("a built-in scheme");
        let ratings = labelled(&scheme, &self.panels(random), random);
        let clusters = self.clusters();
        let alpha = human_alpha(&scheme, &ratings.rated, &clusters, None, rules);
        vec![("human-alpha, seven labels".to_owned(), alpha)]
    }

    /// Agreement in each way that it is measured, and skill of people.
    pub fn measured(&self, rules: &Rules, random: &mut Xoshiro256PlusPlus) -> Values {
        let clusters = self.clusters();
        let panels = self.panels(random);
        let mut all = Values::new();
        let mut add = |name: &str, result| all.push((name.to_owned(), result));
        let scheme = |name| built_in(name).expect("a built-in scheme");
        let seven = labelled(&scheme("ekman"), &panels, random);
        let alpha = |ratings: &Ratings, label| {
            human_alpha(&ratings.scheme, &ratings.rated, &clusters, label, rules)
        };
        add("human-alpha, seven labels", alpha(&seven, None));
        add("human-alpha of a label", alpha(&seven, Some(0)));
        let three = labelled(&scheme("three-way"), &panels, random);
        add("human-alpha, three labels in order", alpha(&three, None));
        let sets = sets(&scheme("plutchik"), &panels, random);
        add("human-alpha, sets of labels", alpha(&sets, None));
        let numbers = numbers(&panels, random);
        add(
            "human-alpha, numbers",
            human_alpha_of_numbers(&numbers, &clusters, rules),
        );
        for measured in skill(&three, &clusters, rules) {
            match measured.label {
                None => add("rater-skill", measured.result),
                Some(0) => add("rater-skill of a label", measured.result),
                Some(_) => {}
            }
        }
        if let Some(one) = skill_of_each(&three, &clusters, rules).into_iter().next() {
            add("rater-skill of one person", one.measured.result);
        }
        all
    }

    fn clusters(&self) -> Vec<Option<u32>> {
        let of_case = |case: u64| (self.in_cluster > 1).then(|| (case / self.in_cluster) as u32);
        (0..self.n).map(of_case).collect()
    }

    fn panels(&self, random: &mut Xoshiro256PlusPlus) -> Vec<Panel> {
        let mut better = 0.0;
        let mut panels = Vec::new();
        for case in 0..self.n {
            if self.in_cluster > 1 && case.is_multiple_of(self.in_cluster) {
                better = random.random_range(-0.2..0.2);
            }
            let first = random.random_range(0..PEOPLE);
            let raters = if case % 4 == 3 { 2 } else { 5 };
            panels.push(Panel {
                raters: (0..raters).map(|next| (first + next) % PEOPLE).collect(),
                better,
            });
        }
        panels
    }
}

/// How often a person says what is true.
fn right(person: usize, panel: &Panel) -> f64 {
    (0.55 + 0.03 * person as f64 + panel.better).clamp(0.0, 1.0)
}

/// One label from each person; the first label is as frequent as all others together.
fn labelled(
    scheme: &std::sync::Arc<Scheme>,
    panels: &[Panel],
    random: &mut Xoshiro256PlusPlus,
) -> Ratings {
    let labels = scheme.labels.len();
    let mut raters = vec![Rater::default(); PEOPLE];
    let mut rated = Vec::new();
    for (case, panel) in panels.iter().enumerate() {
        let truth = match random.random_bool(0.5) {
            true => 0,
            false => random.random_range(1..labels),
        };
        let mut chosen = vec![0; labels];
        for person in &panel.raters {
            let label = match random.random_bool(right(*person, panel)) {
                true => truth,
                false => random.random_range(0..labels),
            };
            chosen[label] += 1;
            raters[*person].ratings += 1;
            raters[*person].given.push((case, LabelSet::one(label)));
        }
        rated.push(Rated {
            raters: panel.raters.len() as u64,
            chosen,
            sets: Vec::new(),
        });
    }
    Ratings {
        scheme: scheme.clone(),
        rated,
        raters,
    }
}

/// A set of labels from each person, of which the first four labels may hold.
fn sets(
    scheme: &std::sync::Arc<Scheme>,
    panels: &[Panel],
    random: &mut Xoshiro256PlusPlus,
) -> Ratings {
    let of_case = |panel: &Panel| {
        let holds: Vec<bool> = (0..4).map(|_| random.random_bool(0.3)).collect();
        let mut sets = Vec::new();
        for person in &panel.raters {
            let mut set = LabelSet::EMPTY;
            for (label, holds) in holds.iter().enumerate() {
                let is_right = random.random_bool(right(*person, panel));
                if if is_right {
                    *holds
                } else {
                    random.random_bool(0.3)
                } {
                    set.insert(label);
                }
            }
            sets.push(set);
        }
        sets.sort_unstable();
        Rated {
            raters: sets.len() as u64,
            chosen: Vec::new(),
            sets,
        }
    };
    Ratings {
        scheme: scheme.clone(),
        rated: panels.iter().map(of_case).collect(),
        raters: Vec::new(),
    }
}

/// A number from 1 to 9 from each person.
fn numbers(panels: &[Panel], random: &mut Xoshiro256PlusPlus) -> Vec<Vec<f64>> {
    let normal = |random: &mut Xoshiro256PlusPlus| -> f64 { StandardNormal.sample(random) };
    let of_case = |panel: &Panel| {
        let truth = 5.0 + 1.5 * normal(random);
        let people = panel.raters.iter();
        let numbers = people.map(|person| {
            let spread = 2.0 * (1.0 - right(*person, panel));
            (truth + spread * normal(random)).round().clamp(1.0, 9.0)
        });
        let mut numbers: Vec<f64> = numbers.collect();
        numbers.sort_by(f64::total_cmp);
        numbers
    };
    panels.iter().map(of_case).collect()
}
