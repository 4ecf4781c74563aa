//! Measures: what is computed from counts and scores, each with its manual page.
//!
//! One list drives everything: `explain`, the glossary of reports, the policy's vocabulary and the record's words.
//! Intervals and tests come from `stats`; what a value means for a model's use is left to the policy.

pub mod agreement;
pub mod behaviour;
pub mod calibration;
pub mod change;
pub mod comparison;
pub mod confusion;
pub mod contrast;
pub mod control;
pub mod counterfactual;
pub mod curve;
pub mod disparity;
pub mod error_slice;
pub mod intensity;
pub mod matrix;
pub mod page;
pub mod paired;
pub mod probability;
pub mod proportion;
pub mod quality;
pub mod ranking;
pub mod rater;
pub mod rater_group;
pub mod rewording;
pub mod scoring_rate;
pub mod slice;
pub mod sum;

pub use page::{Direction, Page, pages};

use crate::case::Unit;
use crate::stats::{Estimate, Reason, Undefined};
use crate::task::Task;

/// Something that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Chance-corrected balanced accuracy; of one label: informedness.
    Skill,
    /// Share of answers that are right.
    Accuracy,
    /// Mean recall over labels.
    BalancedAccuracy,
    /// Share of a label's answers that are right.
    Precision,
    /// Share of a label's cases that are found.
    Recall,
    /// Harmonic mean of precision and recall.
    F1,
    /// Share of other cases that get the label.
    FalsePositiveRate,
    /// Share of all cases that get the label.
    SelectionRate,
    /// The larger of the differences of recall and of false-positive rate.
    EqualisedOdds,
    /// Selection rate over the highest selection rate of any group.
    ImpactRatio,
    /// Mean F1 over labels.
    MacroF1,
    /// F1 of all label decisions pooled.
    MicroF1,
    /// Mean F1 over labels by their cases.
    WeightedF1,
    /// Matthews' correlation coefficient.
    Mcc,
    /// Cohen's kappa.
    Kappa,
    /// Krippendorff's alpha between model and gold.
    Alpha,
    /// Krippendorff's alpha between the people who labelled.
    HumanAlpha,
    /// Agreement of the raters of a group with the other raters.
    HumanCrossKappa,
    /// Share of label sets that are wholly right.
    SubsetAccuracy,
    /// Mean overlap of label sets.
    Jaccard,
    /// Share of label decisions that are wrong.
    Hamming,
    /// Mean distance in ranks.
    RankError,
    /// Kappa with squared distances.
    QuadraticKappa,
    /// Share of cases that got an answer.
    Coverage,
    /// Mean absolute error of numbers on a dimension.
    Mae,
    /// Root of their mean squared error.
    Rmse,
    /// Their mean signed error.
    Bias,
    /// Product-moment correlation of numbers and gold.
    Pearson,
    /// Rank correlation of numbers and gold.
    Spearman,
    /// Lin's concordance correlation of numbers and gold.
    Concordance,
    /// Area under the ROC curve; overall the mean over labels.
    Auc,
    /// Share of cases with a score above the median of all.
    ScoringRate,
    /// How much surer the model is than it is right.
    Overconfidence,
    /// Distance of probabilities from what comes true, corrected for chance.
    CalibrationError,
    /// Mean squared error of probabilities.
    Brier,
    /// The part of it that miscalibration costs.
    BrierReliability,
    /// The part of it that telling cases apart gains.
    BrierResolution,
    /// The part of it that is there before any forecast.
    BrierUncertainty,
    /// Mean negative log of the probability of what came true.
    LogLoss,
    /// Cross-entropy of the model's probabilities against the raters' shares.
    RaterCrossEntropy,
    /// Total variation distance of the model's probabilities from the raters' shares.
    RaterDistance,
    /// Skill of one person against the majority of the others.
    RaterSkill,
    /// Mean change of a score with the identity named.
    ScoreShift,
    /// Share of sets whose answer changes with the identity named.
    FlipRate,
    /// Share of counterfactual sets that are complete.
    SetCoverage,
    /// Standard deviation of score shifts between wordings of a template.
    WordingSpread,
    /// Share of conclusions about score shifts that turn with one wording of each template.
    WordingTurns,
    /// Share of functional tests that the model fails.
    FailureRate,
    /// Share of functional tests that could be applied.
    TestCoverage,
}

impl Measure {
    /// Its manual page.
    pub fn page(self) -> &'static Page {
        pages()
            .find(|(measure, _)| *measure == self)
            .map(|(_, page)| page)
            .unwrap_or_else(|| unreachable!("every measure has a page, as a test shows"))
    }

    /// The name in files.
    pub fn id(self) -> &'static str {
        self.page().id
    }

    /// Whether it takes account of case weights. What people said of the cases, answers to constructed sentences and
    /// how often a model answered are counted as they are: they are no share of a population.
    pub fn is_weighted(self) -> bool {
        self != Measure::Coverage && !self.is_of_people() && !self.is_of_constructed_sets()
    }

    /// Whether it is measured group by group.
    pub fn is_of_groups(self) -> bool {
        !matches!(
            self,
            Measure::BalancedAccuracy
                | Measure::Precision
                | Measure::F1
                | Measure::MicroF1
                | Measure::WeightedF1
                | Measure::Mcc
                | Measure::Kappa
                | Measure::Alpha
                | Measure::Jaccard
                | Measure::Hamming
                | Measure::RankError
                | Measure::QuadraticKappa
                | Measure::Auc
                | Measure::CalibrationError
                | Measure::BrierReliability
                | Measure::BrierResolution
                | Measure::BrierUncertainty
                | Measure::LogLoss
                | Measure::RaterCrossEntropy
                | Measure::RaterDistance
        )
    }

    /// Whether it is about the people who labelled, whichever models are audited.
    pub fn is_of_people(self) -> bool {
        matches!(
            self,
            Measure::HumanAlpha | Measure::HumanCrossKappa | Measure::RaterSkill
        )
    }

    /// Whether it is measured within counterfactual sets of an attribute.
    pub fn is_within_sets(self) -> bool {
        matches!(
            self,
            Measure::ScoreShift
                | Measure::FlipRate
                | Measure::SetCoverage
                | Measure::WordingSpread
                | Measure::WordingTurns
        )
    }

    /// Whether it needs sentences that were built for it, such as identity swaps and functional tests, which natural
    /// cases do not hold.
    pub fn is_of_constructed_sets(self) -> bool {
        self.is_within_sets() || matches!(self, Measure::FailureRate | Measure::TestCoverage)
    }

    /// A measure by its name in files.
    pub fn parse(id: &str) -> Option<Measure> {
        pages()
            .find(|(_, page)| page.id == id)
            .map(|(measure, _)| *measure)
    }
}

/// What the slices of functional tests are named by: the capability tested.
pub const CAPABILITY: &str = "capability";

/// What the slices of functional tests are named by as well: the kind of expectation.
pub const EXPECTATION: &str = "expectation";

/// What the slices of single people who labelled are named by; they have numbers, and no names.
pub const RATER: &str = "rater";

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// This group minus all other cases whose group is known.
    DifferenceToOthers,
    /// This group over all other cases whose group is known.
    RatioToOthers,
    /// This group minus a reference group.
    DifferenceToGroup(String),
    /// This group over a reference group.
    RatioToGroup(String),
    /// This group minus all others, had both the same shares of control attributes.
    DifferenceGiven(Vec<String>),
    /// The group that differs most to its disadvantage, with an interval that holds for all groups together.
    WorstDifference,
    /// The value drawn towards those of all groups.
    Shrunken,
    /// The highest value of all groups of an attribute minus the lowest.
    Gap(String),
    /// What that gap comes to where groups are dealt out at random.
    GapByChance(String),
    /// Within counterfactual sets of an attribute: this group against the other groups of the same set.
    WithinSets(String),
    /// Within counterfactual sets of an attribute, its name first: this group against one other group of the same set.
    WithinSetsToGroup(String, String),
    /// Now minus the same value of the baseline; within the sets of an attribute, where there is one.
    Change(Option<String>),
    /// The same where the answers of both times are at hand: on the cases that both answered, each against itself.
    PairedChange,
    /// This model minus another one, on the cases that both answered.
    DifferenceToModel(String),
}

/// One thing that was measured, or could not be.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// The model.
    pub model: String,
    /// The dataset.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// The measure.
    pub measure: Measure,
    /// The label it is about, if one.
    pub label: Option<String>,
    /// The group it is about: attribute and value; empty for all cases.
    pub slice: Vec<(String, String)>,
    /// What it is compared with, if anything.
    pub comparison: Option<Comparison>,
    /// How many cases (for counterfactual measures: sets) it rests on.
    pub n: u64,
    /// How many independent clusters they form.
    pub clusters: u64,
    /// The value with its interval, or why there is none.
    pub result: Result<Estimate, Undefined>,
}

impl Measurement {
    /// The same; where the value is suppressed without the numbers of cases and clusters, which would tell of few cases
    /// as well.
    pub fn uncounted(self) -> Self {
        match &self.result {
            Err(undefined) if undefined.reason == Reason::Suppressed => Measurement {
                n: 0,
                clusters: 0,
                ..self
            },
            _ => self,
        }
    }
}

/// Rules of evidence that hold for every measurement of an audit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Confidence level of intervals.
    pub level: f64,
    /// Fewest cases on which anything is claimed.
    pub min_n: u64,
    /// Nothing is told of fewer cases of a group.
    pub suppress_below: u64,
    /// Seed of all resampling.
    pub seed: u64,
    /// Bootstrap replicates.
    pub replicates: usize,
}

/// The number of the unit that a case is drawn with: its cluster, or the case itself.
pub(crate) fn unit<U: Into<Unit> + Copy>(units: &[U], case: usize) -> u64 {
    match units[case].into().cluster {
        Some(cluster) => u64::from(cluster),
        None => u64::from(u32::MAX) + 1 + case as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_a_page_of_its_own() {
        for (measure, page) in pages() {
            assert_eq!(measure.page().id, page.id);
            assert_eq!(Measure::parse(page.id), Some(*measure));
            assert!(page.range.0 < page.range.1);
        }
    }
}
