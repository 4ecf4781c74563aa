//! Counterfactual sets: score shifts, flips and coverage of sets, and how far shifts differ between wordings.
//!
//! A set holds one sentence for each of three groups. The first group is scored 0.06 higher than the others, templates are
//! scored differently as wholes, and what naming a group does differs from template to template and from wording to
//! wording. One sentence in fifty gets no answer. The truths of shift and coverage follow from these numbers; those of
//! flips and of wordings are the means of draws of 400,000 sets.

use std::collections::BTreeMap;

use affect_audit::attribute::{About, Attribute, AttributeKind, Blank};
use affect_audit::case::{Cases, Names};
use affect_audit::measure::counterfactual::measure;
use affect_audit::measure::{Measure, Rules};
use affect_audit::prediction::{Answer, Predictions, Scores};
use affect_audit::task::{LabelSet, built_in};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{self, Coverage, Values};

/// How much higher the first group is scored.
pub const SHIFT: f64 = 0.06;

/// How often a sentence is answered.
pub const ANSWERED: f64 = 0.98;

const GROUPS: usize = 3;

/// Sets to draw.
#[derive(Clone, Copy, Debug)]
pub struct Swapped {
    /// Sets.
    pub n: u64,
    /// Sets of a template, of which every four are of one wording; 1 where sets share no template.
    pub in_template: u64,
}

/// Draws again and again and asks every interval whether it holds the truth.
pub fn count(
    sets: Swapped,
    truth: &BTreeMap<String, f64>,
    (draws, seed): (u64, u64),
) -> BTreeMap<String, Coverage> {
    held::count(truth, (draws, seed), |rules, random| {
        sets.measured(rules, random)
    })
}

impl Swapped {
    /// What each measure comes to.
    pub fn truth(&self, (n, draws): (u64, u64)) -> BTreeMap<String, f64> {
        let many = Swapped { n, ..*self };
        let mut truth = held::truth(draws, |rules, random| many.measured(rules, random));
        truth.insert("score-shift".to_owned(), SHIFT);
        truth.insert("set-coverage".to_owned(), ANSWERED.powi(GROUPS as i32));
        truth
    }

    /// What is measured within the sets.
    pub fn measured(&self, rules: &Rules, random: &mut Xoshiro256PlusPlus) -> Values {
        let (cases, predictions) = self.drawn(random);
        let mut all = Values::new();
        for measured in measure(&cases, 0, &predictions, rules) {
            let first = measured.label == Some(0) && measured.group.as_deref() == Some("group 0");
            // What the share of conclusions that turn would be in one wording is told of these data alone.
            let has_truth = match measured.measure {
                Measure::ScoreShift => first,
                Measure::WordingTurns => false,
                _ => true,
            };
            if has_truth {
                all.push((measured.measure.id().to_owned(), measured.result));
            }
        }
        all
    }

    fn drawn(&self, random: &mut Xoshiro256PlusPlus) -> (Cases, Predictions) {
        let normal = |random: &mut Xoshiro256PlusPlus| -> f64 { StandardNormal.sample(random) };
        let (mut template, mut by_template, mut by_wording) = (0.0, [0.0; 3], [0.0; 3]);
        let (mut answers, mut rows) = (Vec::new(), Vec::new());
        for set in 0..self.n {
            if set.is_multiple_of(self.in_template) {
                template = 0.08 * normal(random);
                by_template = [(); GROUPS].map(|()| 0.05 * normal(random));
            }
            if set.is_multiple_of(4) && self.in_template > 1 {
                by_wording = [(); GROUPS].map(|()| 0.04 * normal(random));
            }
            for group in 0..GROUPS {
                let shift = if group == 0 { SHIFT } else { 0.0 };
                let named = by_template[group] + by_wording[group];
                let score = 0.5 + template + shift + named + 0.08 * normal(random);
                if random.random_bool(ANSWERED) {
                    let label = usize::from(score < 0.5);
                    answers.push(Answer::Labels(LabelSet::one(label)));
                    rows.push(Some(vec![score]));
                } else {
                    answers.push(Answer::Failed);
                    rows.push(None);
                }
            }
        }
        let predictions = Predictions {
            scheme: built_in("three-way").expect("a built-in scheme"),
            answers,
            scores: Some(Scores {
                labels: vec![0],
                rows,
            }),
            cut: 0,
            notes: Vec::new(),
        };
        (self.cases(), predictions)
    }

    fn cases(&self) -> Cases {
        let names = |of_case: &dyn Fn(u64) -> String| {
            let cells: Vec<String> = (0..GROUPS as u64 * self.n).map(of_case).collect();
            Names::from_cells(cells.iter().map(String::as_str))
        };
        let set = |case: u64| case / GROUPS as u64;
        let shared = self.in_template > 1;
        let group = Attribute {
            name: "group".to_owned(),
            title: String::new(),
            about: About::Author,
            kind: AttributeKind::Demographic,
            blank: Blank::Missing,
        };
        Cases {
            ids: vec![String::new(); GROUPS * self.n as usize],
            sets: Some(names(&|case| set(case).to_string())),
            clusters: shared.then(|| names(&|case| (set(case) / self.in_template).to_string())),
            wordings: shared.then(|| names(&|case| (set(case) % self.in_template / 4).to_string())),
            attributes: vec![(
                group,
                names(&|case| format!("group {}", case % GROUPS as u64)),
            )],
            ..Cases::default()
        }
    }
}
