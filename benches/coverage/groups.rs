//! Groups with known rates, drawn again and again: how often do the intervals of comparisons hold the truth, and how
//! often does one that speaks for all groups ring where none differs?

use std::collections::BTreeMap;

use affect_audit::attribute::{About, Attribute, AttributeKind, Blank};
use affect_audit::case::{Cases, LabelSource, Names, Weights};
use affect_audit::measure::disparity::given::Strata;
use affect_audit::measure::disparity::suppression::{Layout, Suppressed};
use affect_audit::measure::disparity::{self, Beside, gap::gaps, worst::worst};
use affect_audit::measure::{Comparison, Measure, Rules};
use affect_audit::stats::Estimate;
use affect_audit::tally::{Evaluation, Gaps, Outcome};
use affect_audit::task::{LabelSet, bridge, built_in};
use rand::Rng;
use rand_distr::{Beta, Distribution, LogNormal, Normal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{RULES, generator};

/// Groups to draw from; three labels, each as frequent as the others.
#[derive(Clone, Copy, Debug)]
pub struct Groups {
    /// How many cases each has.
    pub sizes: &'static [u64],
    /// The chance of a right answer in the first group, and in all others.
    pub right: [f64; 2],
    /// How often an answer is the first label whatever the case, in the first group and in all others.
    pub called: [f64; 2],
    /// How often a case is hard, in the first group and in all others; the chance of a right answer is 0.3 lower then.
    pub hard: [f64; 2],
    /// Deviation of a group's own chance from this, drawn anew each time.
    pub spread: f64,
    /// Clusters of each group, read better or worse as wholes; 0 for independent cases.
    pub clusters: u64,
    /// Whether all groups come in the same clusters, as languages of the same sentences do. Only for groups that are alike.
    pub shared: bool,
    /// How many strata of equal size the control attribute has in each group; 0 where it says which cases are hard.
    pub strata: u64,
    /// Standard deviation of the logarithm of weights, of which those of the first group are four times as large as those
    /// of the others; 0 for cases without weights. Only for groups that are alike: others are pooled by their sizes.
    pub weights: f64,
}

/// How often an interval held the truth, and how often it left out "no difference".
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    /// Intervals.
    pub intervals: u64,
    /// Those that held the truth.
    pub held: u64,
    /// Those without "no difference".
    pub alarms: u64,
}

impl Counted {
    fn note(&mut self, estimate: &Estimate, truth: f64, nothing: f64) {
        let interval = estimate.interval;
        let holds = |number: f64| interval.low <= number + 1e-9 && number <= interval.high + 1e-9;
        self.intervals += 1;
        self.held += u64::from(holds(truth));
        self.alarms += u64::from(!holds(nothing));
    }

    /// The share that held the truth.
    pub fn held_share(&self) -> f64 {
        self.held as f64 / self.intervals.max(1) as f64
    }

    /// The share that left out "no difference".
    pub fn alarm_share(&self) -> f64 {
        self.alarms as f64 / self.intervals.max(1) as f64
    }
}

/// What is true of a group.
struct Truth {
    accuracy: f64,
    /// Accuracy where easy and hard cases are as frequent as in all groups together.
    given: f64,
    recall: f64,
    false_alarms: f64,
    selected: f64,
}

impl Groups {
    fn of<T: Copy>(pair: [T; 2], group: usize) -> T {
        pair[group.min(1)]
    }

    fn truth(&self, group: usize, right: f64, hard_in_all: f64) -> Truth {
        let called = Self::of(self.called, group);
        let own = right - 0.3 * Self::of(self.hard, group);
        let answered = |right: f64| (1.0 - called) * right + called / 3.0;
        Truth {
            accuracy: answered(own),
            given: answered(right - 0.3 * hard_in_all),
            recall: (1.0 - called) * own + called,
            false_alarms: (1.0 - called) * (1.0 - own) / 2.0 + called,
            selected: (1.0 - called) / 3.0 + called,
        }
    }
}

/// Draws groups again and again and notes, by comparison, what their intervals hold.
pub fn count(groups: &Groups, draws: u64, seed: u64) -> BTreeMap<String, Counted> {
    let mut all: BTreeMap<String, Counted> = BTreeMap::new();
    for draw in 0..draws {
        one(groups, draw, &mut generator(seed, draw), &mut all);
    }
    all
}

fn one(
    world: &Groups,
    draw: u64,
    random: &mut Xoshiro256PlusPlus,
    all: &mut BTreeMap<String, Counted>,
) {
    let deviation = Normal::new(0.0, world.spread).expect("a spread");
    let right: Vec<f64> = (0..world.sizes.len())
        .map(|group| Groups::of(world.right, group) + deviation.sample(random))
        .map(|right| right.clamp(0.31, 0.99))
        .collect();
    let cases_of = world.sizes.iter().enumerate();
    let hard: f64 = cases_of
        .map(|(group, n)| *n as f64 * Groups::of(world.hard, group))
        .sum();
    let hard = hard / world.sizes.iter().sum::<u64>() as f64;
    let truths: Vec<Truth> = (0..right.len())
        .map(|group| world.truth(group, right[group], hard))
        .collect();
    let (cases, evaluation) = cases(world, &right, random);
    let names = &cases.attributes[0].1;
    let groups = disparity::split(&evaluation, &cases, names);
    let length = ("length", &cases.attributes[1].1);
    let beside = Beside {
        reference: Some(1),
        strata: Some(Strata::new(
            &evaluation,
            &cases,
            (names.codes(), names.names()),
            &[length],
        )),
        ..Beside::default()
    };
    let rules = Rules {
        seed: draw,
        replicates: 99,
        ..RULES
    };
    let others = |group: usize, value: fn(&Truth) -> f64| {
        let (mut sum, mut n) = (0.0, 0.0);
        for (other, truth) in truths.iter().enumerate() {
            if other != group {
                sum += world.sizes[other] as f64 * value(truth);
                n += world.sizes[other] as f64;
            }
        }
        sum / n
    };
    let most = truths
        .iter()
        .map(|truth| truth.selected)
        .fold(0.0, f64::max);
    let measured = disparity::measure(&evaluation, &groups, &rules, &beside);
    let mut note = |name: &str, estimate: &Estimate, truth: f64, nothing: f64| {
        let counted = all.entry(name.to_owned()).or_default();
        counted.note(estimate, truth, nothing);
    };
    for (group, measured) in measured.iter().enumerate() {
        let own = &truths[group];
        for one in measured {
            let Ok(estimate) = &one.measured.result else {
                continue;
            };
            match (one.measured.measure, one.measured.label, &one.comparison) {
                (Measure::Accuracy, None, Some(Comparison::Shrunken)) => {
                    note("shrunken accuracy", estimate, own.accuracy, own.accuracy);
                }
                // One group stands for all in what follows: the first.
                _ if group > 0 => {}
                (Measure::Accuracy, None, Some(Comparison::RatioToOthers)) => {
                    let truth = own.accuracy / others(0, |truth| truth.accuracy);
                    note("ratio of accuracies", estimate, truth, 1.0);
                }
                // Everybody gets an answer here.
                (Measure::Coverage, None, Some(Comparison::DifferenceToOthers)) => {
                    note("difference of coverage", estimate, 0.0, 0.0);
                }
                (measure, None, Some(Comparison::DifferenceToOthers)) => {
                    // Skill of three labels is accuracy stretched by a half, since labels are as frequent.
                    let stretch = if measure == Measure::Skill { 1.5 } else { 1.0 };
                    let truth = own.accuracy - others(0, |truth| truth.accuracy);
                    let name = format!("difference of {}", measure.id());
                    note(&name, estimate, stretch * truth, 0.0);
                }
                (Measure::Accuracy, None, Some(Comparison::DifferenceToGroup(_))) => {
                    let truth = own.accuracy - truths[1].accuracy;
                    note(
                        "difference of accuracy to a reference",
                        estimate,
                        truth,
                        0.0,
                    );
                }
                (Measure::Accuracy, None, Some(Comparison::RatioToGroup(_))) => {
                    let truth = own.accuracy / truths[1].accuracy;
                    note("ratio of accuracies to a reference", estimate, truth, 1.0);
                }
                (Measure::FalsePositiveRate, Some(0), Some(Comparison::DifferenceToOthers)) => {
                    let truth = own.false_alarms - others(0, |truth| truth.false_alarms);
                    note("difference of false-positive-rate", estimate, truth, 0.0);
                }
                (Measure::SelectionRate, Some(0), Some(Comparison::RatioToOthers)) => {
                    let truth = own.selected / others(0, |truth| truth.selected);
                    note("ratio of selection rates", estimate, truth, 1.0);
                }
                (Measure::Accuracy, None, Some(Comparison::DifferenceGiven(_))) => {
                    let truth = own.given - others(0, |truth| truth.given);
                    note("difference given a control", estimate, truth, 0.0);
                }
                (Measure::EqualisedOdds, Some(0), Some(_)) => {
                    let recall = own.recall - others(0, |truth| truth.recall);
                    let false_alarms = own.false_alarms - others(0, |truth| truth.false_alarms);
                    let truth = recall.abs().max(false_alarms.abs());
                    note("equalised odds", estimate, truth, 0.0);
                }
                (Measure::ImpactRatio, Some(0), None) => {
                    note("impact ratio", estimate, own.selected / most, 1.0);
                }
                _ => {}
            }
        }
    }
    let suppressed = Suppressed::new(&evaluation, &groups, rules.suppress_below, &Layout::Line);
    for (place, measured) in worst(&evaluation, &groups, &suppressed, &rules) {
        if let (Measure::Accuracy, Ok(estimate)) = (measured.measure, &measured.result) {
            let truth = truths[place].accuracy - others(place, |truth| truth.accuracy);
            note("worst group", estimate, truth, 0.0);
        }
    }
    let accuracies = truths.iter().map(|truth| truth.accuracy);
    let (least, highest) = accuracies.fold((1.0_f64, 0.0_f64), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    for (measured, comparison) in gaps(&evaluation, &groups, "group", &suppressed, &rules) {
        let is_gap = matches!(comparison, Comparison::Gap(_));
        if let (true, Measure::Accuracy, Ok(estimate)) =
            (is_gap, measured.measure, &measured.result)
        {
            note("gap", estimate, highest - least, 0.0);
            // The test as an interval that leaves out 0 where it rejects.
            let mut tested = estimate.clone();
            let p = estimate.test.as_ref().map_or(1.0, |test| test.p);
            tested.interval.low = if p <= 0.05 { 1e-6 } else { 0.0 };
            tested.interval.high = 1.0;
            note("gap, permutation test", &tested, 0.5, 0.0);
        }
    }
}

/// The cases of one draw, groups and then lengths, with the answers to them.
pub fn cases(
    world: &Groups,
    right: &[f64],
    random: &mut Xoshiro256PlusPlus,
) -> (Cases, Evaluation) {
    let (mut groups, mut lengths, mut clusters) = (Vec::new(), Vec::new(), Vec::new());
    let mut outcomes = Vec::new();
    let mut of_cluster: Vec<f64> = Vec::new();
    for (group, n) in world.sizes.iter().enumerate() {
        let chance = right[group];
        // A tenth of the variance of being right lies between clusters, and a third between those that groups share.
        let times = if world.shared { 2.0 } else { 9.0 };
        let quality = Beta::new(times * chance, times * (1.0 - chance)).expect("a chance");
        if group == 0 || !world.shared {
            of_cluster = (0..world.clusters)
                .map(|_| quality.sample(random))
                .collect();
        }
        for case in 0..*n {
            let is_hard = random.random_bool(Groups::of(world.hard, group));
            let cluster = case.checked_rem(world.clusters);
            let chance = cluster.map_or(chance, |cluster| of_cluster[cluster as usize]);
            let chance = if is_hard { chance - 0.3 } else { chance };
            let gold = random.random_range(0..3);
            let answer = if random.random_bool(Groups::of(world.called, group)) {
                0
            } else if random.random_bool(chance.clamp(0.0, 1.0)) {
                gold
            } else {
                (gold + random.random_range(1..3)) % 3
            };
            groups.push(format!("group {group}"));
            lengths.push(match case.checked_rem(world.strata) {
                Some(stratum) => stratum.to_string(),
                None if is_hard => "long".to_owned(),
                None => "short".to_owned(),
            });
            let of = if world.shared { 0 } else { group };
            clusters.push(cluster.map_or_else(String::new, |cluster| format!("{of} {cluster}")));
            outcomes.push(Some(Outcome {
                gold: LabelSet::one(gold),
                answer: Some(LabelSet::one(answer)),
            }));
        }
    }
    let spread = LogNormal::new(0.0, world.weights).expect("a spread");
    let weight = |group: &String, random: &mut Xoshiro256PlusPlus| {
        let times = if group == "group 0" { 4.0 } else { 1.0 };
        times * spread.sample(random)
    };
    let weights: Vec<f64> = if world.weights > 0.0 {
        groups.iter().map(|group| weight(group, random)).collect()
    } else {
        Vec::new()
    };
    let attribute = |name: &str| Attribute {
        name: name.to_owned(),
        title: String::new(),
        about: About::Author,
        kind: AttributeKind::Demographic,
        blank: Blank::Missing,
    };
    let scheme = built_in("three-way").expect("a built-in scheme");
    let cases = Cases {
        ids: (0..outcomes.len()).map(|case| case.to_string()).collect(),
        weights: Weights::new(&weights),
        clusters: (world.clusters > 0)
            .then(|| Names::from_cells(clusters.iter().map(String::as_str))),
        attributes: vec![
            (
                attribute("group"),
                Names::from_cells(groups.iter().map(String::as_str)),
            ),
            (
                attribute("length"),
                Names::from_cells(lengths.iter().map(String::as_str)),
            ),
        ],
        ..Cases::default()
    };
    let evaluation = Evaluation {
        gold_scheme: scheme.clone(),
        source: LabelSource::Perceived,
        bridge: bridge(&scheme, &scheme).expect("the same labels"),
        multi_label: false,
        outcomes,
        gaps: Gaps::default(),
        scheme,
    };
    (cases, evaluation)
}
