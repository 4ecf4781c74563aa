//! Two models on the same cases, and a model before and after: differences, changes, and the contrast of emotion and
//! sentiment.
//!
//! Three labels, each as frequent as the others; the first model is right in 80 % of cases, the second in 70 %, half of
//! the time on the same ground, so that both fail on the same cases. In clusters, of 20 cases each, both are better or
//! worse together. The truth of differences follows from these numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use affect_audit::case::{LabelSource, Unit};
use affect_audit::measure::change::changes;
use affect_audit::measure::paired::{change, differences, pair};
use affect_audit::measure::quality::overall;
use affect_audit::measure::slice::Slice;
use affect_audit::measure::{Measure, Measurement, Rules};
use affect_audit::tally::{Evaluation, Gaps, Outcome};
use affect_audit::task::{LabelSet, Task, bridge, built_in};
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{self, Coverage, Values};

/// How often the models are right.
const RIGHT: [f64; 2] = [0.8, 0.7];

/// Cases to draw.
#[derive(Clone, Copy, Debug)]
pub struct Models {
    /// Cases.
    pub n: u64,
    /// Cases of a cluster; 1 where they are independent.
    pub in_cluster: u64,
}

/// Draws answers again and again and asks every interval whether it holds the truth.
pub fn count(models: Models, draws: u64, seed: u64) -> BTreeMap<String, Coverage> {
    held::count(&truth(), (draws, seed), |rules, random| {
        models.measured(rules, random)
    })
}

/// What the differences are. A wrong answer is any of the other two labels.
pub fn truth() -> BTreeMap<String, f64> {
    let apart = RIGHT[0] - RIGHT[1];
    let truths = [
        ("accuracy, less another model", apart),
        ("skill, less another model", apart * 1.5),
        ("skill of a label, change on the same cases", apart * 1.5),
        ("recall of a label, change on the same cases", apart),
        (
            "false-positive-rate of a label, change on the same cases",
            -apart / 2.0,
        ),
        ("selection-rate of a label, change on the same cases", 0.0),
        ("accuracy, change to other cases", apart),
        ("skill, change to other cases", apart * 1.5),
        ("macro-f1, change to other cases", apart),
    ];
    truths.map(|(name, truth)| (name.to_owned(), truth)).into()
}

impl Models {
    /// The second model's answers, and those of the first to the same cases, then to others.
    pub fn measured(&self, rules: &Rules, random: &mut Xoshiro256PlusPlus) -> Values {
        let units = self.units();
        let [first, second] = self.drawn(random);
        let mut all = Values::new();
        let joints = pair(&first, &second).expect("the same labels");
        let joints = units.iter().zip(joints);
        let joints = Slice::new(joints.filter_map(|(unit, joint)| Some((*unit, joint?))));
        for measured in differences(&first, &joints, rules) {
            let name = format!("{}, less another model", measured.measure.id());
            all.push((name, measured.result));
        }
        use Measure::{FalsePositiveRate, Recall, SelectionRate, Skill};
        for measure in [Skill, Recall, FalsePositiveRate, SelectionRate] {
            let changed = change(measure, Some(0), &first, &joints, rules.level);
            if let Some((_, result)) = changed {
                let name = format!("{} of a label, change on the same cases", measure.id());
                all.push((name, result));
            }
        }
        let [_, before] = self.drawn(random);
        let of = [Measure::Accuracy, Measure::Skill, Measure::MacroF1];
        let (now, before) = (whole(&first, &units, rules), whole(&before, &units, rules));
        for measured in changes(&now, &before, &of, &[]) {
            let name = format!("{}, change to other cases", measured.measure.id());
            all.push((name, measured.result));
        }
        all
    }

    fn units(&self) -> Vec<Unit> {
        let of_case = |case: u64| (self.in_cluster > 1).then(|| (case / self.in_cluster) as u32);
        (0..self.n).map(|case| of_case(case).into()).collect()
    }

    /// What both models made of the same cases.
    fn drawn(&self, random: &mut Xoshiro256PlusPlus) -> [Evaluation; 2] {
        let mut outcomes = [Vec::new(), Vec::new()];
        let mut better = 0.0;
        for case in 0..self.n {
            if self.in_cluster > 1 && case.is_multiple_of(self.in_cluster) {
                better = random.random_range(-0.2..0.2);
            }
            let gold = random.random_range(0..3);
            let shared: f64 = random.random();
            for (outcomes, right) in outcomes.iter_mut().zip(RIGHT) {
                let ground = if random.random_bool(0.5) {
                    shared
                } else {
                    random.random()
                };
                let answer = if ground < right + better {
                    gold
                } else {
                    (gold + random.random_range(1..3)) % 3
                };
                outcomes.push(Some(Outcome {
                    gold: LabelSet::one(gold),
                    answer: Some(LabelSet::one(answer)),
                }));
            }
        }
        outcomes.map(judged)
    }
}

/// Outcomes of three labels as an evaluation.
fn judged(outcomes: Vec<Option<Outcome>>) -> Evaluation {
    let scheme = built_in("three-way").expect("a built-in scheme");
    Evaluation {
        gold_scheme: Arc::clone(&scheme),
        source: LabelSource::Perceived,
        bridge: bridge(&scheme, &scheme).expect("the same labels"),
        multi_label: false,
        outcomes,
        gaps: Gaps::default(),
        scheme,
    }
}

/// What is measured over all cases.
fn whole(evaluation: &Evaluation, units: &[Unit], rules: &Rules) -> Vec<Measurement> {
    let outcomes = units.iter().zip(&evaluation.outcomes);
    let slice = Slice::new(outcomes.filter_map(|(unit, outcome)| Some((*unit, (*outcome)?))));
    let measured = overall(evaluation, &slice, rules).into_iter();
    measured
        .map(|measured| Measurement {
            model: "m".to_owned(),
            dataset: "d".to_owned(),
            task: Task::Sentiment,
            measure: measured.measure,
            label: None,
            slice: Vec::new(),
            comparison: None,
            n: measured.n,
            clusters: slice.clusters,
            result: measured.result,
        })
        .collect()
}
