//! The contrast of emotion and sentiment on the same cases: its arms, and the differences between them, over all
//! emotions and of one.
//!
//! Seven emotions, each as frequent as the others; the emotion model is right in half of the cases and the sentiment model
//! in 70 %, or both nearly always, half of the time on the same ground. The truth is the mean of draws of 100,000 cases. In clusters, of 20 cases
//! each, both models are better or worse together.

use std::collections::BTreeMap;

use affect_audit::case::{Cases, Gold, LabelSource, Names};
use affect_audit::measure::Rules;
use affect_audit::measure::contrast::{measure, pair};
use affect_audit::prediction::{Answer, Predictions};
use affect_audit::tally::evaluate;
use affect_audit::task::{LabelSet, built_in};
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{self, Coverage, Values};

/// How often an emotion is found, and a polarity.
pub const RIGHT: [f64; 2] = [0.5, 0.7];

/// The same of models that hardly ever err.
pub const SURE: [f64; 2] = [0.97, 0.99];

/// Cases to draw.
#[derive(Clone, Copy, Debug)]
pub struct Contrasted {
    /// Cases.
    pub n: u64,
    /// Cases of a cluster; 1 where they are independent.
    pub in_cluster: u64,
    /// How often an emotion is found, and a polarity.
    pub right: [f64; 2],
}

/// Draws again and again and asks every interval whether it holds the truth.
pub fn count(
    cases: Contrasted,
    truth: &BTreeMap<String, f64>,
    (draws, seed): (u64, u64),
) -> BTreeMap<String, Coverage> {
    held::count(truth, (draws, seed), |rules, random| {
        cases.measured(rules, random)
    })
}

impl Contrasted {
    /// What each arm and difference comes to.
    pub fn truth(&self, (n, draws): (u64, u64)) -> BTreeMap<String, f64> {
        let many = Contrasted { n, ..*self };
        held::truth(draws, |rules, random| many.measured(rules, random))
    }

    fn measured(&self, rules: &Rules, random: &mut Xoshiro256PlusPlus) -> Values {
        let (cases, emotion, sentiment) = self.drawn(random);
        let evaluation = evaluate(&cases, &cases.gold[0], &emotion).expect("the same labels");
        let paired = pair(&cases, &evaluation, &emotion, &sentiment);
        let mut all = Values::new();
        for contrast in measure(&paired, &cases, &[], |_| true, rules) {
            let of = match contrast.label.as_deref() {
                None => "",
                Some("anger") => " of an emotion",
                Some(_) => continue,
            };
            for (arm, result) in [
                ("emotion", contrast.emotion),
                ("sentiment", contrast.sentiment),
                ("collapsed emotion", contrast.collapsed),
                ("sentiment less emotion", contrast.sentiment_minus_emotion),
                (
                    "sentiment less collapsed",
                    contrast.sentiment_minus_collapsed,
                ),
                ("collapsed less emotion", contrast.collapsed_minus_emotion),
            ] {
                all.push((format!("contrast{of}: {arm}"), result));
            }
        }
        all
    }

    /// Cases with the answers of both models.
    fn drawn(&self, random: &mut Xoshiro256PlusPlus) -> (Cases, Predictions, Predictions) {
        let emotions = built_in("ekman").expect("a built-in scheme");
        let polarities = built_in("three-way").expect("a built-in scheme");
        let k = emotions.labels.len();
        let (mut gold, mut emotion, mut sentiment) = (Vec::new(), Vec::new(), Vec::new());
        let mut better = 0.0;
        for case in 0..self.n {
            if self.in_cluster > 1 && case.is_multiple_of(self.in_cluster) {
                better = random.random_range(-0.2..0.2);
            }
            let truth = random.random_range(0..k);
            let shared: f64 = random.random();
            let is_right = |right: f64, random: &mut Xoshiro256PlusPlus| {
                let ground = if random.random_bool(0.5) {
                    shared
                } else {
                    random.random()
                };
                ground < right + better
            };
            let felt = match is_right(self.right[0], random) {
                true => truth,
                false => (truth + random.random_range(1..k)) % k,
            };
            let polarity = emotions.polarity(LabelSet::one(truth));
            let polarity = polarity.map_or(1, |polarity| polarity.index());
            let said = match is_right(self.right[1], random) {
                true => polarity,
                false => (polarity + random.random_range(1..3)) % 3,
            };
            gold.push(Some(LabelSet::one(truth)));
            emotion.push(Answer::Labels(LabelSet::one(felt)));
            sentiment.push(Answer::Labels(LabelSet::one(said)));
        }
        let clusters: Vec<String> = (0..self.n)
            .map(|case| (case / self.in_cluster).to_string())
            .collect();
        let cases = Cases {
            ids: (0..self.n).map(|case| case.to_string()).collect(),
            clusters: (self.in_cluster > 1)
                .then(|| Names::from_cells(clusters.iter().map(String::as_str))),
            gold: vec![Gold {
                scheme: emotions.clone(),
                source: LabelSource::Perceived,
                labels: gold,
            }],
            ..Cases::default()
        };
        let predictions = |scheme, answers| Predictions {
            scheme,
            answers,
            scores: None,
            cut: 0,
            notes: Vec::new(),
        };
        (
            cases,
            predictions(emotions, emotion),
            predictions(polarities, sentiment),
        )
    }
}
