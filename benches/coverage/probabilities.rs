//! Probabilities of three labels: calibration, ranking, curves, and distance from how people divide.
//!
//! A case has a chance for each label, by which gold and five ratings are drawn; the model states the same chances made
//! surer than they are. Every third case is of a group that is read as the others are. In clusters, of 20 cases each,
//! labels go together. The truth is the mean of draws of 100,000 cases; that of measures of bins is for as many bins as the
//! cases have.

use std::collections::BTreeMap;

use affect_audit::case::{Cases, Gold, LabelSource, Rated, Ratings, Unit};
use affect_audit::measure::curve::{Curve, points, statements};
use affect_audit::measure::probability::{Rows, probabilities};
use affect_audit::measure::{Measure, Rules, calibration, ranking, rater};
use affect_audit::prediction::{Answer, Predictions, Scores, highest};
use affect_audit::tally::{Evaluation, evaluate};
use affect_audit::task::{LabelSet, built_in};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{self, Coverage, Values};

/// How much surer the model is than it ought to be: its log odds are so many times as large.
const SURER: f64 = 1.4;

/// How the row of a difference between groups ends.
const OF_A_GROUP: &str = ", group less others";

/// Cases to draw.
#[derive(Clone, Copy, Debug)]
pub struct Stated {
    /// Cases.
    pub n: u64,
    /// Cases of a cluster; 1 where they are independent.
    pub in_cluster: u64,
}

/// The measures of bins, by their names, and whose number of bins cases may be too few for.
const BINNED: [&str; 3] = ["calibration-error", "brier-reliability", "brier-resolution"];

/// Draws again and again and asks every interval whether it holds the truth.
pub fn count(
    stated: Stated,
    truth: &BTreeMap<String, f64>,
    (draws, seed): (u64, u64),
) -> BTreeMap<String, Coverage> {
    let mut truth = truth.clone();
    // A bin has at least 20 cases, and 15 are the most.
    if (200..300).contains(&stated.n) {
        truth.extend(stated.truth_of_bins((stated.n / 20) as usize));
    }
    held::count(&truth, (draws, seed), |rules, random| {
        stated.measured(rules, random)
    })
}

impl Stated {
    /// What each measure comes to.
    pub fn truth(&self, (n, draws): (u64, u64)) -> BTreeMap<String, f64> {
        let many = Stated { n, ..*self };
        let mut truth = held::truth(draws, |rules, random| many.measured(rules, random));
        for (name, truth) in &mut truth {
            if name.ends_with(OF_A_GROUP) {
                *truth = 0.0;
            }
        }
        truth
    }

    /// What measures of so many bins come to, from the chances that labels are drawn with.
    fn truth_of_bins(&self, bins: usize) -> BTreeMap<String, f64> {
        let many = Stated {
            n: 2_000_000,
            ..*self
        };
        let mut random = held::generator(u64::MAX, 0);
        let (mut of_answers, mut of_label) = (Vec::new(), Vec::new());
        many.each(&mut random, |chances, stated, _| {
            let answer = highest(stated).unwrap_or(0);
            of_answers.push((stated[answer], chances[answer]));
            of_label.push((stated[0], chances[0]));
        });
        let mut truth = BTreeMap::new();
        for (of, mut pairs) in [("", of_answers), (" of a label", of_label)] {
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mean = |pairs: &[(f64, f64)]| {
                let (stated, chance) = pairs
                    .iter()
                    .fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
                (stated / pairs.len() as f64, chance / pairs.len() as f64)
            };
            let (_, of_all) = mean(&pairs);
            let (mut reliability, mut resolution) = (0.0, 0.0);
            for bin in pairs.chunks_exact(pairs.len() / bins) {
                let (stated, chance) = mean(bin);
                reliability += (stated - chance).powi(2) / bins as f64;
                resolution += (chance - of_all).powi(2) / bins as f64;
            }
            let values = [reliability.sqrt(), reliability, resolution];
            truth.extend(
                BINNED
                    .into_iter()
                    .zip(values)
                    .map(|(name, value)| (format!("{name}{of}"), value)),
            );
        }
        truth
    }

    /// What is measured of the probabilities.
    pub fn measured(&self, rules: &Rules, random: &mut Xoshiro256PlusPlus) -> Values {
        let (evaluation, rows, ratings) = self.drawn(random);
        let of_case = |case: u64| (self.in_cluster > 1).then(|| (case / self.in_cluster) as u32);
        let units: Vec<Unit> = (0..self.n).map(|case| of_case(case).into()).collect();
        let mut measured = ranking::areas(&evaluation, &rows, &units, rules);
        measured.extend(calibration::measure(&evaluation, &rows, &units, rules));
        measured.extend(rater::soft(&evaluation, &rows, &ratings, &units, rules));
        let mut all = Values::new();
        for measured in measured {
            let name = measured.measure.id();
            match measured.label {
                None => all.push((name.to_owned(), measured.result)),
                Some(0) => all.push((format!("{name} of a label"), measured.result)),
                Some(_) => {}
            }
        }
        let rows = rows.expect("probabilities");
        for measure in [Measure::Overconfidence, Measure::Brier] {
            let member = |case: usize| Some(case.is_multiple_of(3));
            let group = calibration::of_group(measure, &evaluation, &rows, &units, member, rules);
            all.push((format!("{}{OF_A_GROUP}", measure.id()), group.difference));
        }
        let statements = statements(&evaluation, &rows);
        for (curve, name, place) in [
            (
                Curve::Reliability,
                "reliability curve, eighth of 15 bins",
                7,
            ),
            (Curve::Selective, "selective accuracy, surest half", 4),
        ] {
            let points = points(curve, &evaluation, &statements, &units, rules);
            let is_whole = curve == Curve::Selective || points.len() == 15;
            if let Some(point) = points.get(place).filter(|_| is_whole) {
                all.push((name.to_owned(), point.result.clone()));
            }
        }
        all
    }

    /// The chances of each case, and what the model states.
    fn each(
        &self,
        random: &mut Xoshiro256PlusPlus,
        mut of_case: impl FnMut(&[f64; 3], &[f64; 3], &mut Xoshiro256PlusPlus),
    ) {
        let normal = |random: &mut Xoshiro256PlusPlus| -> f64 { StandardNormal.sample(random) };
        let mut shared = [0.0; 3];
        for case in 0..self.n {
            if self.in_cluster > 1 && case.is_multiple_of(self.in_cluster) {
                shared = [(); 3].map(|()| normal(random));
            }
            let odds = shared.map(|shared| shared + 1.2 * normal(random));
            of_case(
                &shares(odds),
                &shares(odds.map(|odds| SURER * odds)),
                random,
            );
        }
    }

    fn drawn(
        &self,
        random: &mut Xoshiro256PlusPlus,
    ) -> (
        Evaluation,
        Result<Rows, affect_audit::stats::Undefined>,
        Ratings,
    ) {
        let (mut gold, mut answers, mut rows, mut rated) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        self.each(random, |chances, stated, random| {
            let mut chosen = vec![0; 3];
            for _ in 0..5 {
                chosen[drawn(chances, random)] += 1;
            }
            rated.push(Rated {
                raters: 5,
                chosen,
                sets: Vec::new(),
            });
            gold.push(Some(LabelSet::one(drawn(chances, random))));
            let answer = highest(stated).unwrap_or(0);
            answers.push(Answer::Labels(LabelSet::one(answer)));
            rows.push(Some(stated.to_vec()));
        });
        let scheme = built_in("three-way").expect("a built-in scheme");
        let cases = Cases {
            ids: vec![String::new(); gold.len()],
            ..Cases::default()
        };
        let gold = Gold {
            scheme: scheme.clone(),
            source: LabelSource::Perceived,
            labels: gold,
        };
        let predictions = Predictions {
            scheme: scheme.clone(),
            answers,
            scores: Some(Scores {
                labels: vec![0, 1, 2],
                rows,
            }),
            cut: 0,
            notes: Vec::new(),
        };
        let evaluation = evaluate(&cases, &gold, &predictions).expect("the same labels");
        let rows = probabilities(&evaluation, &predictions);
        let ratings = Ratings {
            scheme,
            rated,
            raters: Vec::new(),
        };
        (evaluation, rows, ratings)
    }
}

/// The chances that log odds stand for.
fn shares(odds: [f64; 3]) -> [f64; 3] {
    let parts = odds.map(f64::exp);
    parts.map(|part| part / parts.iter().sum::<f64>())
}

/// A label by its chances.
fn drawn(chances: &[f64; 3], random: &mut Xoshiro256PlusPlus) -> usize {
    let ground: f64 = random.random();
    usize::from(ground >= chances[0]) + usize::from(ground >= chances[0] + chances[1])
}
