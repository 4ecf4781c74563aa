//! Gates on values whose truth is known: how often does a gate fail or pass where the truth lies a declared distance
//! inside its bound, just at it, and as far outside?

use std::collections::BTreeMap;

use affect_audit::finding::{Background, Finding, Outcome, judge};
use affect_audit::measure::{Comparison, Measure, Measurement, Rules};
use affect_audit::policy::Policy;
use affect_audit::stats::{Estimate, Undefined};
use affect_audit::task::Task;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::held::{RULES, Values, generator};

/// Where the truth lies, seen from the bound of a gate.
pub const PLACES: [&str; 3] = ["inside", "at the bound", "outside"];

/// Which side of its bound a gate asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// At least the bound.
    Min,
    /// At most the bound.
    Max,
    /// No further from zero.
    Within,
}

/// A gate and the value that it asks about.
#[derive(Clone, Debug)]
pub struct Question {
    /// The row of the value.
    pub row: &'static str,
    /// Its measure.
    pub measure: Measure,
    /// By what the gate asks.
    pub by: &'static str,
    /// What the value is compared with, if anything.
    pub comparison: Option<Comparison>,
    /// The side.
    pub way: Way,
    /// How far inside and outside the truth lies.
    pub delta: f64,
}

/// What a gate made of many draws.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judged {
    /// Draws.
    pub draws: u64,
    /// Draws in which something that it asks about failed.
    pub failed: u64,
    /// Draws in which all that it asks about passed.
    pub passed: u64,
}

impl Judged {
    /// Counts what one draw came to for one gate.
    pub fn count(&mut self, findings: &[Finding], gate: &str) {
        let own = || findings.iter().filter(|finding| finding.gate == gate);
        self.draws += 1;
        self.failed += u64::from(own().any(|finding| finding.outcome == Outcome::Fail));
        self.passed += u64::from(own().all(|finding| finding.outcome == Outcome::Pass));
    }

    /// The shares of draws that failed and that passed, in percent.
    pub fn percent(&self) -> (f64, f64) {
        let percent = |count: u64| 100.0 * count as f64 / self.draws.max(1) as f64;
        (percent(self.failed), percent(self.passed))
    }
}

/// A policy of these gates.
pub fn policy(gates: &str) -> Policy {
    let head = "[policy]\nname = \"p\"\nversion = \"1\"\n";
    Policy::parse("p.toml", &format!("{head}{gates}")).expect("a valid policy")
}

/// What gates need to know of the data: one model on one dataset.
pub fn background() -> Background {
    Background {
        answered: vec![("m".to_owned(), "d".to_owned(), Task::Sentiment)],
        ..Background::default()
    }
}

impl Question {
    /// What it asks, in words.
    pub fn words(&self) -> String {
        let way = match self.way {
            Way::Min => "at least",
            Way::Max => "at most",
            Way::Within => "within",
        };
        format!("{}, {way}, ±{}", self.row, self.delta)
    }

    /// The gates that ask it, for each of [`PLACES`], where this is the truth.
    fn policy(&self, truth: f64) -> Policy {
        let of = match self.comparison {
            Some(Comparison::Change(_) | Comparison::PairedChange) => "change",
            _ => "value",
        };
        let gates = [self.delta, 0.0, -self.delta].into_iter().zip(PLACES);
        let gates = gates.map(|(inside, place)| {
            let bound = match self.way {
                Way::Min => format!("min = {}", truth - inside),
                Way::Max => format!("max = {}", truth + inside),
                Way::Within => format!("within = {}", truth.abs() + inside),
            };
            format!(
                "[[gate]]\nid = \"{place}\"\nmeasure = \"{}\"\nof = \"{of}\"\nby = \"{}\"\n{bound}\nmin_n = 1\n",
                self.measure.id(),
                self.by
            )
        });
        policy(&gates.collect::<String>())
    }

    fn measurement(&self, result: Result<Estimate, Undefined>) -> Measurement {
        let group = ("group".to_owned(), "one".to_owned());
        let of_group = self.by == "group" && self.measure != Measure::FlipRate;
        let of_label = self.by == "label" || self.measure == Measure::ScoreShift;
        Measurement {
            model: "m".to_owned(),
            dataset: "d".to_owned(),
            task: Task::Sentiment,
            measure: self.measure,
            label: of_label.then(|| "negative".to_owned()),
            slice: of_group.then_some(group).into_iter().collect(),
            comparison: self.comparison.clone(),
            n: 1,
            clusters: 1,
            result,
        }
    }
}

/// Draws again and again and has each question judged, in the order of [`PLACES`].
pub fn judged(
    questions: &[Question],
    truth: &BTreeMap<String, f64>,
    (draws, seed): (u64, u64),
    drawn: impl Fn(&Rules, &mut Xoshiro256PlusPlus) -> Values,
) -> Vec<[Judged; 3]> {
    let background = background();
    let policies: Vec<Policy> = questions
        .iter()
        .map(|question| question.policy(truth[question.row]))
        .collect();
    let mut all = vec![[Judged::default(); 3]; questions.len()];
    for draw in 0..draws {
        let rules = Rules {
            seed: draw,
            ..RULES
        };
        let values: BTreeMap<String, _> = drawn(&rules, &mut generator(seed, draw))
            .into_iter()
            .collect();
        for ((question, policy), judged) in questions.iter().zip(&policies).zip(&mut all) {
            let Some(result) = values.get(question.row) else {
                continue;
            };
            let measurement = question.measurement(result.clone());
            let findings = judge(policy, &[measurement], &background, "2026-01-01");
            for (judged, place) in judged.iter_mut().zip(PLACES) {
                judged.count(&findings, place);
            }
        }
    }
    all
}

/// Questions about labels.
pub fn of_labels() -> Vec<Question> {
    let value = |row, measure, by, way, delta| Question {
        row,
        measure,
        by,
        comparison: None,
        way,
        delta,
    };
    vec![
        value("skill", Measure::Skill, "overall", Way::Min, 0.1),
        value("macro-f1", Measure::MacroF1, "overall", Way::Min, 0.1),
        value("skill of a label", Measure::Skill, "label", Way::Min, 0.1),
        value(
            "false-positive-rate of a label",
            Measure::FalsePositiveRate,
            "label",
            Way::Max,
            0.05,
        ),
    ]
}

/// Questions about changes from a baseline.
pub fn of_changes() -> Vec<Question> {
    let change = |row, measure, by, comparison| Question {
        row,
        measure,
        by,
        comparison: Some(comparison),
        way: Way::Min,
        delta: 0.05,
    };
    vec![
        change(
            "recall of a label, change on the same cases",
            Measure::Recall,
            "label",
            Comparison::PairedChange,
        ),
        change(
            "accuracy, change to other cases",
            Measure::Accuracy,
            "overall",
            Comparison::Change(None),
        ),
    ]
}

/// Questions about counterfactual sets.
pub fn of_sets() -> Vec<Question> {
    let within = |row, measure, by, way, delta| Question {
        row,
        measure,
        by,
        comparison: Some(Comparison::WithinSets("group".to_owned())),
        way,
        delta,
    };
    vec![
        within(
            "score-shift",
            Measure::ScoreShift,
            "group",
            Way::Within,
            0.05,
        ),
        within("flip-rate", Measure::FlipRate, "group", Way::Max, 0.1),
        within(
            "set-coverage",
            Measure::SetCoverage,
            "overall",
            Way::Min,
            0.05,
        ),
    ]
}

/// Questions about probabilities.
pub fn of_probabilities() -> Vec<Question> {
    let value = |row, measure, way, delta| Question {
        row,
        measure,
        by: "overall",
        comparison: None,
        way,
        delta,
    };
    vec![
        value("auc", Measure::Auc, Way::Min, 0.05),
        value(
            "calibration-error",
            Measure::CalibrationError,
            Way::Max,
            0.03,
        ),
        value("overconfidence", Measure::Overconfidence, Way::Within, 0.05),
        value("brier", Measure::Brier, Way::Max, 0.05),
    ]
}

/// Questions about numbers on a dimension.
pub fn of_numbers() -> Vec<Question> {
    let value = |row, measure, way| Question {
        row,
        measure,
        by: "label",
        comparison: None,
        way,
        delta: 0.1,
    };
    vec![
        value("mae", Measure::Mae, Way::Max),
        value("concordance", Measure::Concordance, Way::Min),
    ]
}

/// Questions about people and about functional tests.
pub fn of_people_and_tests() -> [Vec<Question>; 2] {
    let value = |row, measure, by, way| Question {
        row,
        measure,
        by,
        comparison: None,
        way,
        delta: 0.1,
    };
    [
        vec![value(
            "human-alpha, seven labels",
            Measure::HumanAlpha,
            "overall",
            Way::Min,
        )],
        vec![value(
            "failure-rate, minimum",
            Measure::FailureRate,
            "group",
            Way::Max,
        )],
    ]
}
