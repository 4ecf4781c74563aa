//! The policy: prose for people with TOML blocks that the program runs.
//!
//! It says which uses are in scope, what counts as evidence, which gates a model must pass and when a label may be
//! called reliable. Judging measurements by it is left to `finding` and `verdict`.

mod bound;
pub mod bundled;
mod change;
mod gate;
pub mod lock;
pub mod read;
pub mod reason;
pub mod scope;
mod waiver;

pub use scope::{Scope, ScopeDecision};

use crate::attribute::AttributeKind;
use crate::case::LabelSource;
use crate::diagnostic::decimal;
use crate::measure::Measure;
use crate::task::Task;

/// The default policy, embedded.
pub const DEFAULT: &str = include_str!("../../POLICY.md");

/// The name of the default policy in places of problems and in records.
pub const DEFAULT_NAME: &str = "POLICY.md";

/// What findings of the program itself give as their gate, which no gate may be named.
pub const RESERVED: [&str; 2] = ["policy", "waiver"];

/// A policy that has been read and found valid.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The file it was read from.
    pub file: String,
    /// SHA-256 of its text, in hexadecimal.
    pub digest: String,
    /// The context that it is written for, which holds where a run declares none; `None` where it does not say.
    pub context: Option<scope::Context>,
    /// When it was fixed; `None` where it was not.
    pub locked: Option<lock::Locked>,
    /// Rules of evidence.
    pub evidence: Evidence,
    /// Which uses it allows.
    pub scopes: Vec<scope::ScopeRule>,
    /// What a model must show.
    pub gates: Vec<Gate>,
    /// When a label may be called reliable.
    pub reliability: Reliability,
    /// Texts that the evidence is relevant to.
    pub clauses: Vec<Clause>,
    /// Findings that somebody accepted for a while.
    pub waivers: Vec<Waiver>,
    /// How many findings may be waived at once; `None` for any number.
    pub most_waivers: Option<u64>,
}

impl Policy {
    /// The measures whose change from a baseline a gate asks about.
    pub fn change_measures(&self) -> Vec<Measure> {
        let of_change = self.gates.iter().filter(|gate| gate.of == Of::Change);
        of_change.map(|gate| gate.measure).collect()
    }
}

/// Rules of evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Confidence level of intervals.
    pub level: f64,
    /// Fewest cases on which anything is claimed.
    pub min_n: u64,
    /// Nothing is told of fewer cases of a group.
    pub suppress_below: u64,
}

/// Which measurements a gate asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// All cases and labels together.
    Overall,
    /// Each label.
    Label,
    /// Each group.
    Group,
    /// Each label in each group.
    LabelAndGroup,
    /// Each combination of groups of several attributes.
    Intersection,
    /// Each label in each combination of groups.
    LabelAndIntersection,
}

impl By {
    /// Whether it asks about groups, of one attribute or of several.
    pub fn is_of_groups(self) -> bool {
        !matches!(self, By::Overall | By::Label)
    }

    /// Whether it asks about labels.
    pub fn is_of_labels(self) -> bool {
        matches!(
            self,
            By::Label | By::LabelAndGroup | By::LabelAndIntersection
        )
    }
}

/// Every [`By`] with its name in files.
pub const BYS: [(&str, By); 6] = [
    ("overall", By::Overall),
    ("label", By::Label),
    ("group", By::Group),
    ("label-and-group", By::LabelAndGroup),
    ("intersection", By::Intersection),
    ("label-and-intersection", By::LabelAndIntersection),
];

/// Whether a gate asks about values or about comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The value itself.
    Value,
    /// The group's value minus that of all others.
    Difference,
    /// The group's value over that of all others.
    Ratio,
    /// The group's value minus that of the reference group.
    DifferenceToReference,
    /// The group's value over that of the reference group.
    RatioToReference,
    /// The group's value minus that of all others at equal shares of the control attributes.
    DifferenceGiven,
    /// The highest value of all groups of an attribute minus the lowest.
    Gap,
    /// The value minus that of the baseline.
    Change,
}

/// Every [`Of`] with its name in files.
pub const OFS: [(&str, Of); 8] = [
    ("value", Of::Value),
    ("difference", Of::Difference),
    ("ratio", Of::Ratio),
    ("difference-to-reference", Of::DifferenceToReference),
    ("ratio-to-reference", Of::RatioToReference),
    ("difference-given", Of::DifferenceGiven),
    ("gap", Of::Gap),
    ("change", Of::Change),
];

impl Of {
    /// Whether 1, not 0, means that there is no difference.
    pub fn is_ratio(self) -> bool {
        matches!(self, Of::Ratio | Of::RatioToReference)
    }

    /// In words, after the name of a measure.
    pub fn words(self) -> &'static str {
        match self {
            Of::Value => "",
            Of::Difference => " difference to the others",
            Of::Ratio => " ratio to the others",
            Of::DifferenceToReference => " difference to the reference group",
            Of::RatioToReference => " ratio to the reference group",
            Of::DifferenceGiven => {
                " difference to the others at equal shares of the control attributes"
            }
            Of::Gap => " gap between the best and the worst group",
            Of::Change => " change from the baseline",
        }
    }
}

/// What the interval must show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// At least this much.
    Min(f64),
    /// At most this much.
    Max(f64),
    /// No further from zero than this, either way.
    Within(f64),
}

impl Bound {
    /// In words, as in "at least 0.40".
    pub fn words(self) -> String {
        match self {
            Bound::Min(bound) => format!("at least {}", decimal(bound, 2)),
            Bound::Max(bound) => format!("at most {}", decimal(bound, 2)),
            Bound::Within(bound) => format!("within {bound:.2} of zero"),
        }
    }
}

/// What a failed gate does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It is shown.
    Warning,
    /// It stops the release.
    Error,
}

/// Every severity with its name in files.
pub const SEVERITIES: [(&str, Severity); 2] =
    [("error", Severity::Error), ("warning", Severity::Warning)];

/// What missing evidence does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insufficient {
    /// It keeps the exit code from 0.
    Block,
    /// It is shown.
    Allow,
}

/// Every [`Insufficient`] with its name in files.
pub const INSUFFICIENTS: [(&str, Insufficient); 2] = [
    ("block", Insufficient::Block),
    ("allow", Insufficient::Allow),
];

/// One thing that a model must show.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Unique name.
    pub id: String,
    /// What passing means, as a sentence.
    pub title: String,
    /// What is measured.
    pub measure: Measure,
    /// The task it is about; `None` for all.
    pub task: Option<Task>,
    /// Which measurements it asks about.
    pub by: By,
    /// Value or comparison.
    pub of: Of,
    /// What the interval must show.
    pub bound: Bound,
    /// Only these attributes; empty for all.
    pub attributes: Vec<String>,
    /// Only attributes of these kinds; empty for all.
    pub attribute_kinds: Vec<AttributeKind>,
    /// Only these labels; empty for all.
    pub labels: Vec<String>,
    /// Only where gold labels come from these sources; empty for all.
    pub label_sources: Vec<LabelSource>,
    /// Fewest cases.
    pub min_n: u64,
    /// Confidence level.
    pub level: f64,
    /// Gates of one family are corrected together.
    pub family: String,
    /// What failing does.
    pub severity: Severity,
    /// What missing evidence does.
    pub insufficient: Insufficient,
    /// Whether it must be measured at all.
    pub required: bool,
    /// Texts it is relevant to.
    pub reference: Vec<String>,
    /// The line of the policy where it stands.
    pub line: u64,
}

/// When a label may be called reliable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reliability {
    /// What is measured.
    pub measure: Measure,
    /// The interval must lie above for *reliable*.
    pub reliable: f64,
    /// The interval must lie above for *limited*; wholly below is *unreliable*.
    pub limited: f64,
    /// Fewest cases.
    pub min_n: u64,
    /// People's agreement proven below this: *not auditable*.
    pub ceiling: f64,
    /// Probabilities proven to be off by more than this on average: at most *limited*.
    pub calibration: f64,
    /// A flip rate proven above this: at most *limited*.
    pub flip_rate: f64,
    /// A group difference proven larger than this: at most *limited*.
    pub difference: f64,
}

/// A text that evidence is relevant to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Unique name.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Date as `YYYY-MM-DD`; empty where the note explains.
    pub applies_from: String,
    /// A careful summary.
    pub note: String,
    /// Gates and measures whose results are relevant.
    pub evidence: Vec<String>,
}

/// A finding that somebody accepted for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The finding's id.
    pub finding: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// Last day as `YYYY-MM-DD`.
    pub expires: String,
    /// The line of the policy where it stands.
    pub line: u64,
}
