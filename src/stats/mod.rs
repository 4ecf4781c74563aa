//! Intervals, tests and resampling on plain numbers. What the numbers are about (groups, labels,
//! models) is for the measures to say.

pub mod agreement;
pub mod bca;
pub mod bootstrap;
pub mod calibration;
pub mod correlation;
pub mod difference;
mod distribution;
pub mod evidence;
pub mod exact;
pub mod hypergeometric;
pub mod interval;
mod koopman;
pub mod kurtosis;
pub mod mean;
pub mod multiplicity;
pub mod paired;
pub mod permutation;
pub mod power;
pub mod ranking;
pub mod ratio;
mod recovered;
pub mod shrinkage;
pub mod sign_flip;
pub mod simultaneous;
mod skewed;
pub mod sum;
pub mod test;
mod worth;

#[cfg(test)]
mod tests;

use std::fmt;

/// A value with the interval around it and, where one was made, the test against no effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The point estimate, in the measure's own unit.
    pub value: f64,
    /// The confidence interval around `value`.
    pub interval: Interval,
    /// The test that goes with the value.
    pub test: Option<TestResult>,
}

impl Estimate {
    /// In the middle of an interval of 95 %.
    #[cfg(test)]
    pub(crate) fn between(low: f64, high: f64) -> Self {
        Estimate {
            value: (low + high) / 2.0,
            interval: Interval {
                low,
                high,
                level: 0.95,
                method: Method::Mover,
                degrees_of_freedom: None,
            },
            test: None,
        }
    }

    /// The same with twelve decimals: far below any uncertainty, and above the last digits that differ between
    /// processors and are lost in text.
    pub fn rounded(self) -> Self {
        // Adding zero turns a negative zero into a plain one.
        let round = |number: f64| (number * 1e12).round() / 1e12 + 0.0;
        Estimate {
            value: round(self.value),
            interval: Interval {
                low: round(self.interval.low),
                high: round(self.interval.high),
                degrees_of_freedom: self.interval.degrees_of_freedom.map(round),
                ..self.interval
            },
            test: self.test,
        }
    }
}

/// A two-sided confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// Confidence level, such as 0.95.
    pub level: f64,
    /// How the limits were found.
    pub method: Method,
    /// The degrees of freedom of Student's distribution, where its quantile set the limits; `None` where the normal
    /// one's did, or none did. What the interval says at another level hangs on it.
    pub degrees_of_freedom: Option<f64>,
}

impl Interval {
    /// The fewest degrees of freedom behind any of several intervals, which hold for what is made of them together:
    /// fewer than Welch (1938) would grant, and never too many.
    pub fn fewest_degrees_of_freedom<'a>(
        intervals: impl IntoIterator<Item = &'a Interval>,
    ) -> Option<f64> {
        let known = intervals.into_iter();
        known
            .filter_map(|interval| interval.degrees_of_freedom)
            .reduce(f64::min)
    }
}

/// The outcome of a two-sided significance test.
#[derive(Clone, Debug, PartialEq)]
pub struct TestResult {
    /// The test's usual name in kebab-case.
    pub name: &'static str,
    /// The statistic that the test's usual definition gives; its function says which.
    pub statistic: f64,
    /// Degrees of freedom, where the null distribution has them.
    pub degrees_of_freedom: Option<f64>,
    /// Two-sided p-value.
    pub p: f64,
    /// The size of the effect in standard deviations, where it was asked for.
    pub effect: Option<f64>,
    /// Other tests of the same question, which assume less.
    pub others: Vec<TestResult>,
}

/// How the limits of an [`Interval`] were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// Wilson's score interval for a proportion.
    Wilson,
    /// Wilson's interval for the Jaccard proportion, carried over to F1.
    WilsonFStar,
    /// Exact interval for a proportion.
    ClopperPearson,
    /// Newcombe's hybrid score interval for a difference of proportions.
    Newcombe,
    /// Recovery of variances from the limits of the single terms.
    Mover,
    /// Wald's interval after values are added to each term.
    PriceBonett,
    /// Wald's interval for differences within cases, after a case is added on either side.
    BonettPrice,
    /// Koopman's score interval for a ratio of proportions.
    Koopman,
    /// Koopman's intervals for the ratios to every other group, taken together for the ratio to the highest.
    KoopmanHighest,
    /// Limits of two quantities, taken together for the larger of their sizes.
    LargerOfTwo,
    /// Differences of all pairs of groups, taken together for the largest.
    AllPairs,
    /// Percentiles of outcomes dealt anew among groups.
    Permutation,
    /// Quantiles of the posterior of a group among groups.
    EmpiricalBayes,
    /// Mean and standard error with Student's t.
    StudentT,
    /// The same, corrected for skewness.
    SkewedT,
    /// The same of a mean of squares, carried over to its root.
    SkewedTOfRoot,
    /// Correlation on Fisher's z scale.
    FisherZ,
    /// Percentiles of multinomially resampled tally cells.
    CellBootstrap,
    /// Percentiles of replicates with Poisson weights for whole clusters.
    ClusterBootstrap,
    /// As [`Method::CellBootstrap`], bias-corrected and accelerated.
    CellBootstrapBca,
    /// As [`Method::ClusterBootstrap`], bias-corrected and accelerated.
    ClusterBootstrapBca,
    /// Percentiles over draws of one wording of each template.
    WordingDraws,
}

/// Every method, for reading records.
pub const METHODS: [Method; 22] = [
    Method::Wilson,
    Method::WilsonFStar,
    Method::ClopperPearson,
    Method::Newcombe,
    Method::Mover,
    Method::PriceBonett,
    Method::BonettPrice,
    Method::Koopman,
    Method::KoopmanHighest,
    Method::LargerOfTwo,
    Method::AllPairs,
    Method::Permutation,
    Method::EmpiricalBayes,
    Method::StudentT,
    Method::SkewedT,
    Method::SkewedTOfRoot,
    Method::FisherZ,
    Method::CellBootstrap,
    Method::ClusterBootstrap,
    Method::CellBootstrapBca,
    Method::ClusterBootstrapBca,
    Method::WordingDraws,
];

impl Method {
    /// The name used in records and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::WilsonFStar => "wilson-f-star",
            Self::ClopperPearson => "clopper-pearson",
            Self::Newcombe => "newcombe",
            Self::Mover => "mover",
            Self::PriceBonett => "price-bonett",
            Self::BonettPrice => "bonett-price",
            Self::Koopman => "koopman",
            Self::KoopmanHighest => "koopman-highest",
            Self::LargerOfTwo => "larger-of-two",
            Self::AllPairs => "all-pairs",
            Self::Permutation => "permutation",
            Self::EmpiricalBayes => "empirical-bayes",
            Self::StudentT => "student-t",
            Self::SkewedT => "student-t-skewed",
            Self::SkewedTOfRoot => "student-t-skewed-root",
            Self::FisherZ => "fisher-z",
            Self::CellBootstrap => "cell-bootstrap",
            Self::ClusterBootstrap => "cluster-bootstrap",
            Self::CellBootstrapBca => "cell-bootstrap-bca",
            Self::ClusterBootstrapBca => "cluster-bootstrap-bca",
            Self::WordingDraws => "wording-draws",
        }
    }
}

/// Why a quantity has no value.
#[derive(Clone, Debug, PartialEq)]
pub struct Undefined {
    /// The kind of reason, for machines.
    pub reason: Reason,
    /// A lower-case fragment for people, with the numbers at fault.
    pub detail: String,
}

impl Undefined {
    /// A reason with its detail.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }

    /// What is said wherever a value is suppressed, whether it rests on fewer than `below` cases itself or would give
    /// away one that does: which of the two is not told.
    pub fn suppressed(below: u64) -> Self {
        Self::new(
            Reason::Suppressed,
            format!("not shown, so that nothing is told of fewer than {below} cases"),
        )
    }

    /// The same of values of groups of people who labelled, which rest on people as well as on cases.
    pub fn suppressed_people(below: u64) -> Self {
        Self::new(
            Reason::Suppressed,
            format!("not shown, so that nothing is told of fewer than {below} raters or cases"),
        )
    }
}

impl fmt::Display for Undefined {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.reason.as_str(), self.detail)
    }
}

impl std::error::Error for Undefined {}

/// The kinds of reason why a quantity has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Nothing to count.
    NoCases,
    /// Something to count, but too little for the quantity or its interval.
    TooFewCases,
    /// It would tell of too few cases.
    Suppressed,
    /// No gold labels.
    NoGold,
    /// All gold labels are the same.
    SingleClass,
    /// All scores are the same.
    ConstantScores,
    /// The model gives labels only.
    NoScores,
    /// All values, or all bootstrap replicates, are the same.
    NoVariation,
    /// A ratio to nothing.
    ZeroDenominator,
    /// No two values stand beside each other to be compared.
    NoPairs,
    /// The quantity makes no sense for this task or slice.
    NotApplicable,
    /// The model gave no answer.
    NoAnswers,
    /// More than one bootstrap replicate in twenty has no value.
    Unstable,
    /// An input lies outside the domain of the formula.
    OutOfRange,
}

/// Every reason, for reading records.
pub const REASONS: [Reason; 14] = [
    Reason::NoCases,
    Reason::TooFewCases,
    Reason::Suppressed,
    Reason::NoGold,
    Reason::SingleClass,
    Reason::ConstantScores,
    Reason::NoScores,
    Reason::NoVariation,
    Reason::ZeroDenominator,
    Reason::NoPairs,
    Reason::NotApplicable,
    Reason::NoAnswers,
    Reason::Unstable,
    Reason::OutOfRange,
];

impl Reason {
    /// The name used in records and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoCases => "no-cases",
            Self::TooFewCases => "too-few-cases",
            Self::Suppressed => "suppressed",
            Self::NoGold => "no-gold",
            Self::SingleClass => "single-class",
            Self::ConstantScores => "constant-scores",
            Self::NoScores => "no-scores",
            Self::NoVariation => "no-variation",
            Self::ZeroDenominator => "zero-denominator",
            Self::NoPairs => "no-pairs",
            Self::NotApplicable => "not-applicable",
            Self::NoAnswers => "no-answers",
            Self::Unstable => "unstable",
            Self::OutOfRange => "out-of-range",
        }
    }
}
