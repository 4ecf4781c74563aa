//! Data with known truth, drawn again and again: how often does an interval hold it?

use std::collections::BTreeMap;

use affect_audit::case::{LabelSource, Unit};
use affect_audit::measure::Rules;
use affect_audit::measure::confusion::most;
use affect_audit::measure::quality::{by_label, overall};
use affect_audit::measure::slice::Slice;
use affect_audit::tally::{Evaluation, Gaps, Outcome, Tally};
use affect_audit::task::{LabelSet, bridge, built_in};
use rand::distr::weighted::WeightedIndex;
use rand::distr::{Bernoulli, Distribution};
use rand::{Rng, RngCore};
use rand_distr::{Beta, LogNormal};

use super::held::{self, Coverage, RULES, Values};

/// How cases come about.
#[derive(Clone, Copy, Debug)]
pub enum Cases {
    /// Each by itself.
    Independent,
    /// In this many clusters that are read better or worse as wholes: the chance of a right answer is drawn from a
    /// beta distribution for each.
    Clustered {
        /// How many.
        clusters: u64,
        /// The part of the variance of being right that lies between clusters.
        between: f64,
        /// Whether all cases of a cluster have the same label, as those of a template have.
        one_label: bool,
    },
    /// In this many clusters of 20 cases, of which a share is read wholly wrong, and a hundredth of the others' cases.
    Wrong {
        /// How many.
        clusters: u64,
        /// The share.
        share: f64,
    },
    /// In this many clusters of lognormal sizes, of 12 cases in the median, a seventh of the variance of being right
    /// between them. The number of cases is what comes of it.
    Uneven {
        /// How many.
        clusters: u64,
        /// Standard deviation of the logarithm of sizes.
        spread: f64,
    },
    /// Each by itself, the frequencies of labels falling with their rank to the power of 1.2 (Zipf).
    Rare,
    /// Each by itself, a tenth of them without an answer.
    Unanswered,
    /// Each by itself, with any number of labels.
    MultiLabel,
    /// Each by itself, with a weight.
    Weighted {
        /// Standard deviation of the logarithm of weights.
        spread: f64,
        /// Whether heavier cases are read better: half of the cases weigh three times as much as the others, and the
        /// others are read rightly 0.2 less often than the population is.
        telling: bool,
    },
}

/// A world to draw from.
#[derive(Clone, Copy, Debug)]
pub struct World {
    /// Cases in a draw.
    pub n: u64,
    /// Labels that occur, at least two.
    pub labels: usize,
    /// The chance of a right answer (with several labels a case: recall; false alarms have a tenth).
    pub right: f64,
    /// How cases come about.
    pub cases: Cases,
}

/// The row of the share of one label's cases that get another label.
const CONFUSED: &str = "most confused pair";

impl World {
    /// The outcomes of one draw with their clusters.
    pub fn draw(&self, random: &mut impl RngCore) -> Vec<(Unit, Outcome)> {
        match self.cases {
            Cases::Independent => (0..self.n)
                .map(|_| (None.into(), self.outcome(None, self.right, random)))
                .collect(),
            Cases::Unanswered => (0..self.n)
                .map(|_| {
                    let outcome = self.outcome(None, self.right, random);
                    let answer = outcome.answer.filter(|_| random.random_bool(0.9));
                    (None.into(), Outcome { answer, ..outcome })
                })
                .collect(),
            Cases::Rare => {
                let shares: Vec<f64> = (0..self.labels)
                    .map(|label| self.frequency(label))
                    .collect();
                let labels = WeightedIndex::new(shares).expect("frequencies");
                (0..self.n)
                    .map(|_| {
                        let label = Some(labels.sample(random));
                        (None.into(), self.outcome(label, self.right, random))
                    })
                    .collect()
            }
            Cases::Uneven { clusters, spread } => {
                let quality = Beta::new(6.0 * self.right, 6.0 * (1.0 - self.right));
                let quality = quality.expect("a chance between 0 and 1");
                let sizes = LogNormal::new(2.5, spread).expect("a spread");
                let mut cases = Vec::new();
                for cluster in 0..clusters {
                    let right = quality.sample(random);
                    for _ in 0..(sizes.sample(random) as u64).max(1) {
                        let unit = Some(cluster as u32).into();
                        cases.push((unit, self.outcome(None, right, random)));
                    }
                }
                cases
            }
            Cases::Wrong { clusters, share } => {
                let mut cases = Vec::new();
                for cluster in 0..clusters {
                    let right = if random.random_bool(share) { 0.0 } else { 0.99 };
                    for _ in 0..self.n / clusters {
                        let unit = Some(cluster as u32).into();
                        cases.push((unit, self.outcome(None, right, random)));
                    }
                }
                cases
            }
            Cases::MultiLabel => (0..self.n)
                .map(|_| (None.into(), self.several(random)))
                .collect(),
            Cases::Weighted { spread, telling } => {
                let weights = LogNormal::new(0.0, spread).expect("a spread");
                let of_case = |case: u64| {
                    let (times, right) = match telling {
                        false => (1.0, self.right),
                        true if case.is_multiple_of(2) => (1.0, self.right - 0.2),
                        true => (3.0, self.right + 0.2 / 3.0),
                    };
                    let weight = times * 1e6 * weights.sample(random);
                    let unit = Unit {
                        cluster: None,
                        weight: weight.clamp(1.0, 4e9) as u32,
                    };
                    (unit, self.outcome(None, right, random))
                };
                (0..self.n).map(of_case).collect()
            }
            Cases::Clustered {
                clusters,
                between,
                one_label,
            } => {
                let sum = 1.0 / between - 1.0;
                let quality = Beta::new(sum * self.right, sum * (1.0 - self.right));
                let quality = quality.expect("a chance between 0 and 1");
                (0..clusters)
                    .flat_map(|cluster| {
                        let right = quality.sample(random);
                        let label = one_label.then(|| cluster as usize % self.labels);
                        let cases = self.n / clusters;
                        (0..cases)
                            .map(|_| {
                                let unit = Some(cluster as u32).into();
                                (unit, self.outcome(label, right, random))
                            })
                            .collect::<Vec<_>>()
                    })
                    .collect()
            }
        }
    }

    /// How frequent a label is.
    fn frequency(&self, label: usize) -> f64 {
        let rank = |label: usize| (label as f64 + 1.0).powf(-1.2);
        match self.cases {
            Cases::Rare => rank(label) / (0..self.labels).map(rank).sum::<f64>(),
            _ => 1.0 / self.labels as f64,
        }
    }

    /// A right answer, or any of the other labels.
    fn outcome(&self, label: Option<usize>, right: f64, random: &mut impl RngCore) -> Outcome {
        let gold = label.unwrap_or_else(|| random.random_range(0..self.labels));
        let answer = if random.random_bool(right) {
            gold
        } else {
            (gold + random.random_range(1..self.labels)) % self.labels
        };
        Outcome {
            gold: LabelSet::one(gold),
            answer: Some(LabelSet::one(answer)),
        }
    }

    fn several(&self, random: &mut impl RngCore) -> Outcome {
        let mut outcome = (LabelSet::EMPTY, LabelSet::EMPTY);
        for label in 0..self.labels {
            let is = random.random_bool(0.2);
            if is {
                outcome.0.insert(label);
            }
            let said = Bernoulli::new(if is { self.right } else { self.right / 10.0 });
            if said.expect("a chance").sample(random) {
                outcome.1.insert(label);
            }
        }
        Outcome {
            gold: outcome.0,
            answer: Some(outcome.1),
        }
    }

    /// The evaluation that outcomes belong to; the outcomes themselves are handed over as slices.
    pub fn evaluation(&self) -> Evaluation {
        let name = match self.labels {
            3 => "three-way",
            28 => "goemotions",
            _ => "ekman",
        };
        let scheme = built_in(name).expect("a built-in scheme");
        Evaluation {
            gold_scheme: scheme.clone(),
            source: LabelSource::Perceived,
            bridge: bridge(&scheme, &scheme).expect("the same labels"),
            multi_label: matches!(self.cases, Cases::MultiLabel),
            outcomes: Vec::new(),
            gaps: Gaps::default(),
            scheme,
        }
    }

    /// What is measured in one draw.
    pub fn values(&self, rules: &Rules, random: &mut impl RngCore) -> Values {
        let drawn = self.draw(random);
        let outcomes = drawn.iter().map(|(_, outcome)| Some(*outcome)).collect();
        let evaluation = Evaluation {
            outcomes,
            ..self.evaluation()
        };
        measured(&evaluation, &Slice::new(drawn.into_iter()), rules)
    }

    /// What every measure comes to with endless cases: the values of a table of all outcomes by their shares.
    pub fn truth(&self) -> BTreeMap<String, f64> {
        let many = World {
            n: 200_000,
            cases: match self.cases {
                Cases::MultiLabel | Cases::Rare => self.cases,
                _ => Cases::Independent,
            },
            ..*self
        };
        let slice = if matches!(self.cases, Cases::MultiLabel) {
            Slice::new(many.draw(&mut held::generator(u64::MAX, 0)).into_iter())
        } else {
            Slice::from_tally(&self.expected())
        };
        let rules = Rules {
            replicates: 100,
            ..RULES
        };
        let values = measured(&self.evaluation(), &slice, &rules);
        let defined = values
            .into_iter()
            .filter_map(|(name, result)| Some((name, result.ok()?.value)));
        let mut truth: BTreeMap<String, f64> = defined.collect();
        if matches!(self.cases, Cases::Unanswered) {
            truth.insert("coverage".to_owned(), 0.9);
        }
        truth.insert(
            CONFUSED.to_owned(),
            (1.0 - self.right) / (self.labels as f64 - 1.0),
        );
        truth
    }

    /// A table in which every outcome has just its share.
    fn expected(&self) -> Tally<(Option<u32>, Outcome)> {
        let mut tally = Tally::default();
        let k = self.labels as f64;
        for gold in 0..self.labels {
            for answer in 0..self.labels {
                let share = if gold == answer {
                    self.right
                } else {
                    (1.0 - self.right) / (k - 1.0)
                };
                let share = share * k * self.frequency(gold);
                let outcome = Outcome {
                    gold: LabelSet::one(gold),
                    answer: Some(LabelSet::one(answer)),
                };
                tally.add((None, outcome), (share * 1e9).round() as u64);
            }
        }
        tally
    }
}

fn measured(evaluation: &Evaluation, slice: &Slice<Outcome>, rules: &Rules) -> Values {
    let mut all = Vec::new();
    for measured in overall(evaluation, slice, rules) {
        all.push((measured.measure.id().to_owned(), measured.result));
    }
    // The pair that is confused most, of pairs that are all confused as often.
    if let Some(pair) = most(evaluation, slice, rules).into_iter().next() {
        all.push((CONFUSED.to_owned(), pair.result));
    }
    // Labels are exchangeable in these worlds: the first stands for all.
    for measured in by_label(evaluation, slice, rules) {
        if measured.label == Some(0) {
            all.push((
                format!("{} of a label", measured.measure.id()),
                measured.result,
            ));
        }
    }
    all
}

/// Draws a world again and again and asks every interval whether it holds the truth.
pub fn coverage(world: &World, draws: u64, seed: u64) -> BTreeMap<String, Coverage> {
    covered_by(&RULES, world, draws, seed)
}

/// The same for sums of shares alone: there are too few replicates for measures that are resampled.
pub fn coverage_of_sums(world: &World, draws: u64, seed: u64) -> BTreeMap<String, Coverage> {
    let rules = Rules {
        replicates: 1,
        ..RULES
    };
    let mut all = covered_by(&rules, world, draws, seed);
    all.retain(|_, counted| counted.intervals > 0);
    all
}

fn covered_by(rules: &Rules, world: &World, draws: u64, seed: u64) -> BTreeMap<String, Coverage> {
    held::count(&world.truth(), (draws, seed), |of_draw, random| {
        let rules = Rules {
            seed: of_draw.seed,
            ..*rules
        };
        world.values(&rules, random)
    })
}
