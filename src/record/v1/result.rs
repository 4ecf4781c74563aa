//! Results: what was measured, contrasted, judged and concluded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::stats::Reason;

/// The kind of comparison of a change from the baseline.
pub const CHANGE: &str = "change-from-baseline";

/// The kind of comparison of a change from the baseline that was measured case by case.
pub const PAIRED_CHANGE: &str = "paired-change-from-baseline";

/// The kind of comparison of two groups within counterfactual sets.
pub const WITHIN_SETS_TO_GROUP: &str = "within-sets-to-group";

/// The kind of comparison with another model of the same audit.
pub const TO_MODEL: &str = "difference-to-model";

/// A confidence interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// Confidence level.
    pub level: f64,
    /// How it was found.
    pub method: String,
    /// The degrees of freedom of Student's distribution, where its quantile set the limits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub degrees_of_freedom: Option<f64>,
}

/// A significance test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom, where there are any.
    pub degrees_of_freedom: Option<f64>,
    /// Two-sided p-value.
    pub p: f64,
    /// The size of the effect in standard deviations, where it is given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub effect_size: Option<f64>,
    /// Other tests of the same question, which assume less.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub others: Vec<Test>,
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undefined {
    /// The kind of reason.
    pub reason: String,
    /// The reason in words.
    pub detail: String,
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// `difference-to-others`, `ratio-to-others`, `difference-to-group`, `ratio-to-group`, `difference-given`,
    /// `worst-difference`, `shrunken`, `gap`, `gap-by-chance`, `within-sets`,
    /// `within-sets-to-group`, `change-from-baseline`, `paired-change-from-baseline` or `difference-to-model`.
    pub kind: String,
    /// The attribute whose groups, or whose sets, were compared.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub attribute: Option<String>,
    /// The group that was compared with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group: Option<String>,
    /// The attributes whose shares were held equal.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub controls: Vec<String>,
    /// The model that was compared with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub model: Option<String>,
}

/// A value with its interval, or the reason why there is none: never both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// There is a value.
    Defined {
        /// The value.
        estimate: f64,
        /// Its interval.
        interval: Interval,
        /// The test that goes with it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        test: Option<Test>,
    },
    /// There is none.
    Missing {
        /// Why.
        undefined: Undefined,
    },
}

/// One thing that was measured, or could not be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The model.
    pub model: String,
    /// The dataset.
    pub dataset: String,
    /// The task.
    pub task: String,
    /// The measure.
    pub measure: String,
    /// The label it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
    /// The group it is about; empty for all cases.
    pub slice: BTreeMap<String, String>,
    /// What it is compared with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comparison: Option<Comparison>,
    /// Cases (for counterfactual measures: sets) it rests on; 0 where the value is suppressed.
    pub n: u64,
    /// Independent clusters they form; 0 where the value is suppressed.
    pub clusters: u64,
    /// The value, or why there is none.
    #[serde(flatten)]
    pub value: Value,
}

impl Measurement {
    /// How many cases it rests on; none where the value is suppressed, and their number with it.
    pub fn cases(&self) -> Option<u64> {
        match &self.value {
            Value::Missing { undefined } if undefined.reason == Reason::Suppressed.as_str() => None,
            _ => Some(self.n),
        }
    }
}

/// A curve over how sure a model is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// `reliability` (against the mean probability of a bin, the share that came true) or `selective` (against the
    /// share of cases that are answered, the surest first, the share that is right).
    pub kind: String,
    /// Its points, from left to right.
    pub points: Vec<Point>,
}

/// A point of a curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Where it stands: a mean probability, or a share of the cases.
    pub at: f64,
    /// Cases.
    pub n: u64,
    /// What was seen there.
    #[serde(flatten)]
    pub value: Value,
}

/// How often each label was answered with each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// The labels, in the order of rows and columns.
    pub labels: Vec<String>,
    /// For each label in gold how often each label was the answer; the last column counts answers with a label that the
    /// data does not have.
    pub counts: Vec<Vec<u64>>,
    /// The pairs that are confused most, the largest share first.
    pub most: Vec<Confused>,
}

/// How often one label was taken for another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confused {
    /// The label in gold.
    pub gold: String,
    /// The answer.
    pub answer: String,
    /// `kept`, `changed`, or `ambiguous` where one of the labels goes with any polarity.
    pub polarity: String,
    /// Answered cases with the label.
    pub n: u64,
    /// The share of them that got the answer.
    #[serde(flatten)]
    pub value: Value,
}

/// A search for kinds of cases that a model fails on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Failing {
    /// It was made.
    Searched {
        /// Kinds of cases that were tried on the half of the cases that they were not found on.
        tried: u64,
        /// Those that hold up, the largest difference first.
        slices: Vec<ErrorSlice>,
    },
    /// It could not be made.
    Missing {
        /// Why.
        undefined: Undefined,
    },
}

/// A kind of cases with more errors than the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorSlice {
    /// What the cases have in common, in words.
    pub conditions: Vec<String>,
    /// Held-out cases of this kind.
    pub n: u64,
    /// Clusters that they come from.
    pub clusters: u64,
    /// The share of them that is answered wrongly.
    pub error: Value,
    /// That share minus the share among the other held-out cases, at a level corrected for the kinds that were tried.
    pub difference: Value,
}

/// The three arms on one slice of cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// The emotion model.
    pub emotion_model: String,
    /// The sentiment model.
    pub sentiment_model: String,
    /// The dataset.
    pub dataset: String,
    /// The emotion; none for all together.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
    /// The group; empty for all cases.
    pub slice: BTreeMap<String, String>,
    /// Cases that all arms were judged on.
    pub n: u64,
    /// Independent clusters.
    pub clusters: u64,
    /// `labelled`, or `crosswalk` where polarity follows from the emotion labels.
    pub polarity: String,
    /// Skill of the emotion model at emotions.
    pub emotion: Value,
    /// Skill of the sentiment model at polarity.
    pub sentiment: Value,
    /// Skill at polarity of the emotion model, its answers collapsed.
    pub collapsed: Value,
    /// Sentiment minus emotion.
    pub sentiment_minus_emotion: Value,
    /// Sentiment minus collapsed emotion.
    pub sentiment_minus_collapsed: Value,
    /// Collapsed emotion minus emotion.
    pub collapsed_minus_emotion: Value,
    /// `emotion-usable`, `polarity-only`, `neither` or `not-enough-data`.
    pub recommendation: String,
}

/// A comparison whose right answer is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Its name.
    pub name: String,
    /// What it ran on.
    pub subject: String,
    /// Whether it showed no more than chance allows.
    pub holds: bool,
    /// What it showed.
    pub detail: String,
}

/// What one gate makes of one measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Unique and stable.
    pub id: String,
    /// The gate.
    pub gate: String,
    /// What the gate asks, in words.
    pub asks: String,
    /// `error` or `warning`.
    pub severity: String,
    /// `block` or `allow`.
    pub insufficient: String,
    /// `pass`, `fail`, `insufficient`, `unmeasured` or `waived`.
    pub outcome: String,
    /// Why.
    pub detail: String,
    /// The measurement it rests on; none where there is none.
    pub measurement: Option<Measurement>,
    /// Cases that would settle it.
    pub needed_n: Option<u64>,
    /// The waiver, where one holds or is stale.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waiver: Option<Waiver>,
    /// What came out before it was waived: `fail` or `insufficient`. Only with the outcome `waived`, and
    /// not in the records of first versions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before_waiver: Option<String>,
}

/// A finding accepted for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiver {
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// Last day.
    pub expires: String,
}

/// What may be said of one label on one slice of cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The model.
    pub model: String,
    /// The dataset.
    pub dataset: String,
    /// The task.
    pub task: String,
    /// The label; none for the task as a whole.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
    /// The group; empty for all cases.
    pub slice: BTreeMap<String, String>,
    /// `reliable`, `limited`, `unreliable`, `not-auditable` or `insufficient`.
    pub verdict: String,
    /// Its grounds, the worst first.
    pub reasons: Vec<Ground>,
    /// Dimensions that nothing could be said about.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub not_measured: Vec<String>,
}

/// One dimension of a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// `skill`, `ceiling`, `stability` or `disparity`.
    pub dimension: String,
    /// What it allows at best.
    pub verdict: String,
    /// Why.
    pub text: String,
}
