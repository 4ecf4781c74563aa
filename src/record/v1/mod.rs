//! `affect-audit/record/v1`: the wire format, frozen within this version.

mod result;
mod weights;

pub use result::{
    CHANGE, Comparison, Confused, Confusion, Contrast, Control, Curve, ErrorSlice, Failing,
    Finding, Ground, Interval, Measurement, PAIRED_CHANGE, Point, TO_MODEL, Test, Undefined, Value,
    Verdict, WITHIN_SETS_TO_GROUP, Waiver,
};
pub use weights::Weights;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The value of `schema`.
pub const SCHEMA: &str = "affect-audit/record/v1";

/// Everything an audit found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// SHA-256 over everything but `run` and this, in hexadecimal.
    pub digest: String,
    /// When and how it ran; not part of the digest.
    pub run: Option<Run>,
    /// The program.
    pub tool: Tool,
    /// The settings that results depend on.
    pub settings: Settings,
    /// The declared use, and what the policy makes of it.
    pub scope: Scope,
    /// The policy.
    pub policy: Policy,
    /// The earlier audit that changes were measured from, where there was one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub baseline: Option<Baseline>,
    /// The models.
    pub models: Vec<Model>,
    /// The datasets.
    pub datasets: Vec<Dataset>,
    /// How each model met each dataset.
    pub evaluations: Vec<Evaluation>,
    /// What was measured.
    pub measurements: Vec<Measurement>,
    /// Emotion against sentiment.
    pub contrasts: Vec<Contrast>,
    /// Comparisons whose right answer is known.
    pub controls: Vec<Control>,
    /// What the gates make of it.
    pub findings: Vec<Finding>,
    /// What may be said of each label.
    pub verdicts: Vec<Verdict>,
    /// The exit code that the findings call for.
    pub exit_code: u8,
}

/// An earlier audit that changes were measured from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The digest of its record.
    pub digest: String,
    /// The version of the program that wrote it.
    pub tool: String,
    /// The digests of its models, by their names.
    pub models: BTreeMap<String, String>,
    /// The digests of the answers of then that changes were paired with, by the names of their models.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub predictions: BTreeMap<String, String>,
}

/// When and how an audit ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Start, in UTC, as RFC 3339.
    pub started: String,
    /// Seconds from start to record.
    pub seconds: f64,
    /// The command line.
    pub command: Vec<String>,
    /// The file of the policy as it was named; none for the one that is built in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub policy: Option<String>,
    /// The folders of the datasets that were read from one, by the name of the dataset.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub folders: BTreeMap<String, String>,
    /// The system, and where a CI service ran it: a fixed list of names and nothing else of the environment.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub environment: BTreeMap<String, String>,
}

/// The program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The optional parts it was built with.
    pub features: Vec<String>,
}

/// The settings that results depend on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Seed of all resampling.
    pub seed: u64,
    /// Bootstrap replicates.
    pub replicates: u64,
    /// Confidence level of intervals.
    pub level: f64,
    /// Fewest cases on which anything is claimed.
    pub min_n: u64,
    /// Nothing is told of fewer cases of a group.
    pub suppress_below: u64,
    /// Reference groups that others are compared with, by attribute.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub references: BTreeMap<String, String>,
    /// Attributes whose shares were held equal in comparisons.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub controls: Vec<String>,
    /// How many attributes were crossed at most; absent where none were.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub intersections: Option<u64>,
}

/// The declared use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// What the models look at.
    pub modality: Vec<String>,
    /// What the answers are said to be about.
    pub target: Vec<String>,
    /// Where they are used.
    pub context: String,
    /// Of whom results are reported.
    pub unit: String,
    /// `proceed`, `warn` or `refuse`.
    pub outcome: String,
    /// The rules that decided.
    pub rules: Vec<ScopeRule>,
}

/// A scope rule of the policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScopeRule {
    /// Its name.
    pub id: String,
    /// The text it rests on.
    pub reference: String,
    /// What it says to the reader.
    pub sentence: String,
}

/// The policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The file it was read from.
    pub file: String,
    /// SHA-256 of its text.
    pub digest: String,
    /// When it was fixed, where it was: thresholds may otherwise have been chosen after results were seen.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub locked: Option<Lock>,
    /// The numbers of the reliability table.
    pub reliability: BTreeMap<String, f64>,
    /// The gates.
    pub gates: Vec<Gate>,
    /// Texts that the evidence is relevant to.
    pub clauses: Vec<Clause>,
}

/// When a policy was fixed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    /// The day.
    pub date: String,
    /// How often it was fixed otherwise before.
    pub earlier: u64,
}

/// A gate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// Its name.
    pub id: String,
    /// What passing means.
    pub title: String,
    /// What it asks, in words.
    pub asks: String,
    /// `error` or `warning`.
    pub severity: String,
    /// Texts it is relevant to.
    pub reference: Vec<String>,
    /// The line of the policy.
    pub line: u64,
}

/// A text that evidence is relevant to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// Its name.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Date, or empty.
    pub applies_from: String,
    /// A careful summary.
    pub note: String,
    /// Gates and measures whose results are relevant.
    pub evidence: Vec<String>,
}

/// A model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Its name in this record.
    pub name: String,
    /// The spec it was loaded by.
    pub spec: String,
    /// Its name for people.
    pub title: String,
    /// What sort of thing it is.
    pub kind: String,
    /// What it is and how it was made.
    pub description: String,
    /// Its licence, as far as known.
    pub licence: String,
    /// What it was trained on, as far as known.
    pub training_data: String,
    /// What it is not fit for.
    pub limits: Vec<String>,
    /// SHA-256 of weights or predictions.
    pub digest: String,
    /// What computes its scores, where that is not this program.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub engine: String,
    /// Whether its weights are kept in 8 bits or fewer: scores differ from those of the model it was made from.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub eight_bits: bool,
    /// The commit that it was fetched as, where that is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub revision: String,
    /// The models that it was made from, as its folder tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base_models: Vec<String>,
    /// The languages that it is meant for, as its folder tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The files that scores depend on, with the SHA-256 of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
}

/// A dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// Its name in this record.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it holds.
    pub description: String,
    /// Version of the data.
    pub version: String,
    /// Licence as its owners state it.
    pub licence: String,
    /// Whom to cite.
    pub citation: String,
    /// Language tags.
    pub language: Vec<String>,
    /// How it was captured.
    pub modality: String,
    /// What it cannot show.
    pub limits: Vec<String>,
    /// SHA-256 of card and cases.
    pub digest: String,
    /// How many cases it holds.
    pub cases: u64,
    /// Whether cases come in clusters.
    pub clusters: Option<u64>,
    /// Counterfactual sets.
    pub sets: Option<u64>,
    /// Case weights; absent where all cases count the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub weights: Option<Weights>,
    /// The gold labels.
    pub labels: Vec<Labels>,
    /// The attributes.
    pub attributes: Vec<Attribute>,
    /// The attributes of the people who labelled, whose groups count raters and not cases; absent where nothing is known
    /// of them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rater_attributes: Vec<Attribute>,
}

/// The gold labels of one task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labels {
    /// The task.
    pub task: String,
    /// The scheme.
    pub scheme: String,
    /// Where they come from: `felt`, `perceived`, `acted`, `template` or `model`.
    pub source: String,
    /// How a report words that.
    pub words: String,
    /// How often each label occurs, in the order of the scheme.
    pub counts: Vec<Count>,
    /// Cases without a label.
    pub blank: u64,
}

/// A name and how often it occurs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// The name.
    pub name: String,
    /// How often.
    pub count: u64,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name in this record.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Whom it is about.
    pub about: String,
    /// What kind of difference it names.
    pub kind: String,
    /// What a blank means.
    pub blank: String,
    /// How many cases, or raters, each group has; groups that are suppressed are counted together.
    pub groups: Vec<Count>,
    /// Cases, or raters, whose group is blank.
    pub blanks: u64,
}

/// How one model met one dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The model.
    pub model: String,
    /// The dataset.
    pub dataset: String,
    /// The task.
    pub task: String,
    /// The scheme in which answers and labels were compared; empty where there was nothing to compare with.
    pub scheme: String,
    /// Whether a case may carry several labels.
    pub multi_label: bool,
    /// Where the mapping of labels comes from; empty where both use the same.
    pub crosswalk: String,
    /// Labels of the dataset that the model cannot answer with.
    pub labels_outside_model: Vec<String>,
    /// Labels of the model that the dataset does not have.
    pub labels_outside_dataset: Vec<String>,
    /// Cases that were judged.
    pub judged: u64,
    /// Cases without a gold label.
    pub no_gold: u64,
    /// Cases whose label the model does not have.
    pub outside_model: u64,
    /// Judged cases on which the model abstained.
    pub abstained: u64,
    /// Judged cases on which the model broke.
    pub failed: u64,
    /// Judged cases without an answer.
    pub missing: u64,
    /// Cases of the dataset whose text was longer than the model reads: it answered to the beginning alone.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cut: u64,
    /// How sure the model is, against how often it is right.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub curves: Vec<Curve>,
    /// Which labels it takes for which; only for one label a case.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub confusion: Option<Confusion>,
    /// Where the model fails more than elsewhere.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failing: Option<Failing>,
}

/// Whether a count that is seldom needed can be left out.
#[allow(clippy::trivially_copy_pass_by_ref)] // The form that serde calls.
fn is_zero(count: &u64) -> bool {
    *count == 0
}
