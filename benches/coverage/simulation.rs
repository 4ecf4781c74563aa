//! Data with known truth, drawn again and again: how often does an interval hold it, how often does a gate ring
//! without cause, and how often does it see what is there?

use std::collections::BTreeMap;

use affect_audit::case::{LabelSource, Unit};
use affect_audit::finding::{Background, Outcome as Found, judge};
use affect_audit::measure::quality::{by_label, overall};
use affect_audit::measure::slice::Slice;
use affect_audit::measure::{Measure, Measurement, Rules, disparity};
use affect_audit::policy::Policy;
use affect_audit::stats::{Estimate, Undefined};
use affect_audit::tally::{Evaluation, Gaps, Outcome, Tally};
use affect_audit::task::{LabelSet, Task, bridge, built_in};
use rand::distr::{Bernoulli, Distribution};
use rand::{Rng, RngCore, SeedableRng};
use rand_distr::{Beta, LogNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// How cases come about.
#[derive(Clone, Copy, Debug)]
pub enum Cases {
    /// Each by itself.
    Independent,
    /// In this many clusters that are read better or worse as wholes: the chance of a right answer is drawn from a
    /// beta distribution for each, so that a third of the variance of being right lies between them.
    Clustered {
        /// How many.
        clusters: u64,
        /// Whether all cases of a cluster have the same label, as those of a template have.
        one_label: bool,
    },
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

impl World {
    /// The outcomes of one draw with their clusters.
    fn draw(&self, random: &mut impl RngCore) -> Vec<(Unit, Outcome)> {
        match self.cases {
            Cases::Independent => (0..self.n)
                .map(|_| (None.into(), self.outcome(None, self.right, random)))
                .collect(),
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
                one_label,
            } => {
                let quality = Beta::new(2.0 * self.right, 2.0 * (1.0 - self.right));
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
    fn evaluation(&self) -> Evaluation {
        let name = if self.labels == 3 {
            "three-way"
        } else {
            "ekman"
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

    /// What every measure comes to with endless cases: the values of a hundred thousand drawn evenly.
    fn truth(&self) -> BTreeMap<String, f64> {
        let many = World {
            n: 200_000,
            cases: match self.cases {
                Cases::MultiLabel => Cases::MultiLabel,
                _ => Cases::Independent,
            },
            ..*self
        };
        let slice = if matches!(self.cases, Cases::MultiLabel) {
            let mut random = Xoshiro256PlusPlus::seed_from_u64(u64::MAX);
            Slice::new(many.draw(&mut random).into_iter())
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
        defined.collect()
    }

    /// A table in which every outcome has just its share.
    fn expected(&self) -> Tally<(Option<u32>, Outcome)> {
        let mut tally = Tally::default();
        let k = self.labels as u64;
        for gold in 0..self.labels {
            for answer in 0..self.labels {
                let share = if gold == answer {
                    self.right
                } else {
                    (1.0 - self.right) / (k - 1) as f64
                };
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

/// The rules under which all is measured.
pub const RULES: Rules = Rules {
    level: 0.95,
    min_n: 1,
    suppress_below: 0,
    seed: 1,
    replicates: 400,
};

fn measured(
    evaluation: &Evaluation,
    slice: &Slice<Outcome>,
    rules: &Rules,
) -> Vec<(String, Result<Estimate, Undefined>)> {
    let mut all = Vec::new();
    for measured in overall(evaluation, slice, rules) {
        all.push((measured.measure.id().to_owned(), measured.result));
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

/// How often the interval of one measure held the truth.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coverage {
    /// Intervals.
    pub intervals: u64,
    /// Those that held the truth.
    pub held: u64,
    /// Those that lay wholly above it.
    pub above: u64,
    /// Draws without a value.
    pub undefined: u64,
    /// Sum of widths.
    pub width: f64,
}

/// Draws a world again and again and asks every interval whether it holds the truth.
pub fn coverage(world: &World, draws: u64, seed: u64) -> BTreeMap<String, Coverage> {
    let truth = world.truth();
    let evaluation = world.evaluation();
    let mut all: BTreeMap<String, Coverage> = BTreeMap::new();
    for draw in 0..draws {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ (draw << 20));
        let slice = Slice::new(world.draw(&mut random).into_iter());
        let rules = Rules {
            seed: draw,
            ..RULES
        };
        for (name, result) in measured(&evaluation, &slice, &rules) {
            let Some(truth) = truth.get(&name) else {
                continue;
            };
            all.entry(name).or_default().count(*truth, &result);
        }
    }
    all
}

impl Coverage {
    /// Asks an interval, if there is one, whether it holds the truth.
    pub fn count(&mut self, truth: f64, result: &Result<Estimate, Undefined>) {
        let Ok(estimate) = result else {
            self.undefined += 1;
            return;
        };
        let interval = estimate.interval;
        // The truth of a large table is itself rounded.
        let slack = 1e-6;
        self.intervals += 1;
        self.width += interval.high - interval.low;
        self.held += u64::from(interval.low - slack <= truth && truth <= interval.high + slack);
        self.above += u64::from(interval.low - slack > truth);
    }

    /// The share of intervals that held the truth.
    pub fn share(&self) -> f64 {
        self.held as f64 / self.intervals.max(1) as f64
    }
}

/// What a gate on the differences of groups made of draws with a known difference.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alarms {
    /// Draws.
    pub draws: u64,
    /// Draws in which some group failed.
    pub failed: u64,
    /// Draws in which all groups passed.
    pub passed: u64,
    /// Draws in which the gap between the best and the worst group, taken as it is, is larger than the gate allows.
    pub naive: u64,
}

/// Groups of equal size, of which the first is read worse by `gap`, judged by a gate that allows `within`.
pub fn alarms(world: &World, groups: u64, gap: f64, within: f64, draws: u64, seed: u64) -> Alarms {
    let policy = format!(
        "[policy]\nname = \"p\"\nversion = \"1\"\n[[gate]]\nid = \"g\"\nmeasure = \"accuracy\"\nof = \"difference\"\nby = \"group\"\nwithin = {within}\nmin_n = 1\n"
    );
    let policy = Policy::parse("p.toml", &policy).expect("a valid policy");
    let background = Background {
        answered: vec![("m".to_owned(), "d".to_owned(), Task::Emotion)],
        ..Background::default()
    };
    let evaluation = world.evaluation();
    let mut alarms = Alarms::default();
    for draw in 0..draws {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ (draw << 20));
        let tallies: Vec<Tally<(Unit, Outcome)>> = (0..groups)
            .map(|group| {
                let right = world.right - if group == 0 { gap } else { 0.0 };
                World { right, ..*world }
                    .draw(&mut random)
                    .into_iter()
                    .collect()
            })
            .collect();
        let mut all = Tally::default();
        for tally in &tallies {
            all.merge(tally.clone());
        }
        let groups: Vec<disparity::Group> = tallies
            .iter()
            .enumerate()
            .map(|(place, tally)| disparity::Group {
                name: place.to_string(),
                slice: Slice::from_tally(tally),
                others: Slice::from_tally(&all.without(tally)),
            })
            .collect();
        let measured = disparity::measure(&evaluation, &groups, &RULES, &Default::default());
        let values = measured.iter().flatten().filter(|measured| {
            measured.measured.measure == Measure::Accuracy && measured.comparison.is_none()
        });
        let values: Vec<f64> = values
            .filter_map(|measured| {
                measured
                    .measured
                    .result
                    .as_ref()
                    .ok()
                    .map(|estimate| estimate.value)
            })
            .collect();
        let (least, most) = values
            .iter()
            .fold((1.0_f64, 0.0_f64), |(least, most), value| {
                (least.min(*value), most.max(*value))
            });
        let measurements: Vec<Measurement> = groups
            .iter()
            .zip(measured)
            .flat_map(|(group, measured)| {
                measured.into_iter().map(|measured| Measurement {
                    model: "m".to_owned(),
                    dataset: "d".to_owned(),
                    task: Task::Emotion,
                    measure: measured.measured.measure,
                    label: measured.measured.label.map(|label| label.to_string()),
                    slice: vec![("group".to_owned(), group.name.clone())],
                    comparison: measured.comparison,
                    n: measured.measured.n,
                    clusters: group.slice.clusters,
                    result: measured.measured.result,
                })
            })
            .collect();
        let findings = judge(&policy, &measurements, &background, "2026-01-01");
        alarms.draws += 1;
        alarms.naive += u64::from(most - least > within);
        alarms.failed += u64::from(
            findings
                .iter()
                .any(|finding| finding.outcome == Found::Fail),
        );
        alarms.passed += u64::from(
            findings
                .iter()
                .all(|finding| finding.outcome == Found::Pass),
        );
    }
    alarms
}
