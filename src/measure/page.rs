//! The manual page of every measure.

mod intensity;
mod scores;

use super::Measure;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
    /// Nearer to zero is better.
    Zero,
    /// Neither; it describes.
    Neither,
}

/// The manual page of a measure.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Name in files.
    pub id: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// Lowest and highest value.
    pub range: (f64, f64),
    /// Which way is better.
    pub direction: Direction,
    /// The formula in words or signs.
    pub formula: &'static str,
    /// What it says, in a sentence or two.
    pub meaning: &'static str,
    /// Paper or standard.
    pub source: &'static str,
}

/// Every measure with its manual page, in the order of reports.
pub fn pages() -> impl Iterator<Item = &'static (Measure, Page)> {
    let answers = ANSWERS.iter().chain(&intensity::INTENSITY);
    answers.chain(&scores::SCORES)
}

/// Measures of answers.
const ANSWERS: [(Measure, Page); 29] = [
    (
        Measure::Skill,
        Page {
            id: "skill",
            title: "Skill",
            range: (-1.0, 1.0),
            direction: Direction::Higher,
            formula: "overall: (K * balanced accuracy - 1) / (K - 1) over the K labels that occur, an answer with another label being worth a guess (1 / K); one label: recall - false-positive rate; several labels a case: mean over labels",
            meaning: "How far the answers beat guessing: 0 is what a constant or random answer earns, 1 is always right. It can be compared between tasks with different numbers of labels.",
            source: "Youden 1950; Powers 2011; equals scikit-learn's adjusted balanced accuracy where answers stay among the labels that occur",
        },
    ),
    (
        Measure::Accuracy,
        Page {
            id: "accuracy",
            title: "Accuracy",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "right answers / answers",
            meaning: "The share of answers that equal the label. High by itself where one label is common.",
            source: "Sokolova & Lapalme 2009",
        },
    ),
    (
        Measure::BalancedAccuracy,
        Page {
            id: "balanced-accuracy",
            title: "Balanced accuracy",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "mean of recall over the labels that occur",
            meaning: "Accuracy with every label counting the same, however rare.",
            source: "Brodersen et al. 2010",
        },
    ),
    (
        Measure::Precision,
        Page {
            id: "precision",
            title: "Precision",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "TP / (TP + FP)",
            meaning: "Of the cases that got this label, the share that has it.",
            source: "Sokolova & Lapalme 2009",
        },
    ),
    (
        Measure::Recall,
        Page {
            id: "recall",
            title: "Recall",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "TP / (TP + FN)",
            meaning: "Of the cases with this label, the share that got it.",
            source: "Sokolova & Lapalme 2009",
        },
    ),
    (
        Measure::F1,
        Page {
            id: "f1",
            title: "F1",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "2 TP / (2 TP + FP + FN)",
            meaning: "Harmonic mean of precision and recall of one label.",
            source: "van Rijsbergen 1979; interval by F* of Hand, Christen & Kirielle 2021",
        },
    ),
    (
        Measure::FalsePositiveRate,
        Page {
            id: "false-positive-rate",
            title: "False-positive rate",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "FP / (FP + TN)",
            meaning: "Of the cases without this label, the share that got it all the same: who is called angry without being so labelled.",
            source: "Hardt, Price & Srebro 2016",
        },
    ),
    (
        Measure::SelectionRate,
        Page {
            id: "selection-rate",
            title: "Selection rate",
            range: (0.0, 1.0),
            direction: Direction::Neither,
            formula: "(TP + FP) / answers",
            meaning: "The share of cases that got this label, right or wrong.",
            source: "29 CFR 1607.4(D)",
        },
    ),
    (
        Measure::EqualisedOdds,
        Page {
            id: "equalised-odds",
            title: "Equalised odds",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "max(|recall - recall of the others|, |false-positive rate - false-positive rate of the others|)",
            meaning: "How far a group is from being found and from being called a label wrongly as often as the others: 0 is equal odds both ways. Always a comparison, of a group with the pooled others or of the best with the worst group; the latter stands beside what chance alone would give.",
            source: "Hardt, Price & Srebro 2016; fairlearn's equalized odds difference; interval by intersection-union (Berger 1982)",
        },
    ),
    (
        Measure::ImpactRatio,
        Page {
            id: "impact-ratio",
            title: "Impact ratio",
            range: (0.0, 1.0),
            direction: Direction::Neither,
            formula: "selection rate of the group / highest selection rate of any group",
            meaning: "How often a group gets a label, measured against the group that gets it most: who is called angry, and who is called happy. 1 is as often as anybody. Whether more is better hangs on the label; groups that are not shown or hold too few cases are never the highest.",
            source: "29 CFR 1607.4(D); NYC Local Law 144 (6 RCNY 5-301); intervals of ratios by Koopman 1984, with Bonferroni's correction above",
        },
    ),
    (
        Measure::MacroF1,
        Page {
            id: "macro-f1",
            title: "Macro F1",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "mean of F1 over the labels that occur in gold or answers",
            meaning: "F1 with every label counting the same.",
            source: "Sokolova & Lapalme 2009; scikit-learn",
        },
    ),
    (
        Measure::MicroF1,
        Page {
            id: "micro-f1",
            title: "Micro F1",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "F1 of TP, FP and FN summed over labels",
            meaning: "F1 with every decision counting the same; equals accuracy where each case has one label and one answer.",
            source: "Sokolova & Lapalme 2009; scikit-learn",
        },
    ),
    (
        Measure::WeightedF1,
        Page {
            id: "weighted-f1",
            title: "Weighted F1",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "mean of F1 over labels, weighted by their cases",
            meaning: "F1 with every label counting by its cases.",
            source: "scikit-learn",
        },
    ),
    (
        Measure::Mcc,
        Page {
            id: "mcc",
            title: "Matthews correlation",
            range: (-1.0, 1.0),
            direction: Direction::Higher,
            formula: "covariance of gold and answer over the root of their variances",
            meaning: "Correlation between labels and answers over the whole confusion table.",
            source: "Matthews 1975; Gorodkin 2004",
        },
    ),
    (
        Measure::Kappa,
        Page {
            id: "kappa",
            title: "Cohen's kappa",
            range: (-1.0, 1.0),
            direction: Direction::Higher,
            formula: "(observed - expected agreement) / (1 - expected agreement)",
            meaning: "Agreement of model and gold beyond what their label frequencies give by chance.",
            source: "Cohen 1960",
        },
    ),
    (
        Measure::Alpha,
        Page {
            id: "alpha",
            title: "Krippendorff's alpha, model and gold",
            range: (-1.0, 1.0),
            direction: Direction::Higher,
            formula: "1 - observed / expected disagreement, all wrong answers being equally wrong",
            meaning: "Agreement of model and gold on the scale on which people's own agreement on labels in no order is measured; for labels in an order quadratic kappa tells near misses from far ones. Sets of labels are as far apart as MASI says.",
            source: "Krippendorff 2011; MASI by Passonneau 2006",
        },
    ),
    (
        Measure::HumanAlpha,
        Page {
            id: "human-alpha",
            title: "Krippendorff's alpha, among people",
            range: (-1.0, 1.0),
            direction: Direction::Neither,
            formula: "1 - observed / expected disagreement, over all raters of a case; overall, labels in an order are as far apart as their ranks, and sets of labels as far as they overlap little (MASI); of each label by whether it was chosen",
            meaning: "How far people agree among themselves. Where they do not share a label, no model can be audited on it.",
            source: "Krippendorff 2011; MASI of Passonneau 2006",
        },
    ),
    (
        Measure::HumanCrossKappa,
        Page {
            id: "human-cross-kappa",
            title: "Cross-replication reliability, between groups of raters",
            range: (f64::NEG_INFINITY, 1.0),
            direction: Direction::Neither,
            formula: "1 - observed / expected disagreement over pairs of a rating by the group and one by the other raters whose group is known; observed: mean over cases that both sides rated, a case weighing its ratings; expected: mean over such pairs of any two of these ratings; distances are those of agreement among people",
            meaning: "How far the raters of a group agree with the others: with 1 as well as they could, with 0 no better than chance. Read it beside the agreement of the group's raters among themselves, which is on the same scale; either may be higher, and neither says why. The interval is about other cases with the same raters.",
            source: "Wong, Paritosh & Aroyo 2021; beside agreement within the group as in Prabhakaran et al. 2024",
        },
    ),
    (
        Measure::SubsetAccuracy,
        Page {
            id: "subset-accuracy",
            title: "Subset accuracy",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "cases whose label set is wholly right / answers",
            meaning: "The strictest accuracy where a case may carry several labels.",
            source: "Sorower 2010; scikit-learn",
        },
    ),
    (
        Measure::Jaccard,
        Page {
            id: "jaccard",
            title: "Jaccard index",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "mean over cases of |gold and answer| / |gold or answer|",
            meaning: "How far the label sets overlap; two empty sets overlap fully.",
            source: "Godbole & Sarawagi 2004",
        },
    ),
    (
        Measure::Hamming,
        Page {
            id: "hamming",
            title: "Hamming loss",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "wrong label decisions / label decisions",
            meaning: "The share of yes-or-no decisions about labels that are wrong; low by itself where labels are rare.",
            source: "Schapire & Singer 2000",
        },
    ),
    (
        Measure::RankError,
        Page {
            id: "rank-error",
            title: "Mean absolute rank error",
            range: (0.0, 59.0),
            direction: Direction::Lower,
            formula: "mean of |rank of answer - rank of gold|",
            meaning: "How many steps of the scale an answer is off on average.",
            source: "Baccianella, Esuli & Sebastiani 2009",
        },
    ),
    (
        Measure::QuadraticKappa,
        Page {
            id: "quadratic-kappa",
            title: "Quadratic kappa",
            range: (-1.0, 1.0),
            direction: Direction::Higher,
            formula: "kappa with disagreement weighted by the squared distance in ranks",
            meaning: "Agreement beyond chance that forgives near misses on an ordered scale.",
            source: "Cohen 1968",
        },
    ),
    (
        Measure::Coverage,
        Page {
            id: "coverage",
            title: "Coverage",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "answers / labelled cases; a case whose label the model lacks counts as not answered",
            meaning: "The share of cases that the model answered, and could answer rightly; every other measure is about these.",
            source: "El-Yaniv & Wiener 2010",
        },
    ),
    (
        Measure::ScoreShift,
        Page {
            id: "score-shift",
            title: "Counterfactual score shift",
            range: (-1.0, 1.0),
            direction: Direction::Zero,
            formula: "mean over sets of (score with this group - mean score with the other groups), among sentences alike in the other attributes; within a set, n sentences of the group beside m others weigh n m / (n + m)",
            meaning: "How much the score of a label moves when only the person named changes; numbers on a scale count as shares of it. Where sets swap several attributes, only sentences alike in all others are compared, blanks being alike: what race does is not taken for what gender does, and where no set holds such sentences there is no value. Where more than two groups are swapped, each two that share sets are compared as well: two groups near the others' mean, one above and one below, may lie nearly twice as far apart. The interval knows the shifts that were seen: a jump that one set in twenty makes may be in none of 30 sets. The flip rate stands beside it for that.",
            source: "Kiritchenko & Mohammad 2018; Bhaskaran & Bhallamudi 2019; weights: Cochran 1954",
        },
    ),
    (
        Measure::FlipRate,
        Page {
            id: "flip-rate",
            title: "Flip rate",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "sets with more than one answer among sentences alike in the other attributes / sets with such sentences of two groups, all answered",
            meaning: "The share of counterfactual sets whose answer changes when only the person named changes. Where sets swap several attributes, the answers to sentences alike in all others are compared.",
            source: "Garg et al. 2019; Ribeiro et al. 2020",
        },
    ),
    (
        Measure::SetCoverage,
        Page {
            id: "set-coverage",
            title: "Set coverage",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "sets with every answer, and with every group beside another in sentences alike in the other attributes / sets",
            meaning: "The share of counterfactual sets that could be compared at all: not applied is not passed.",
            source: "Ribeiro et al. 2020",
        },
    ),
    (
        Measure::FailureRate,
        Page {
            id: "failure-rate",
            title: "Failure rate",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "failed tests / tests applied; a test fails where its gold label does not come out (minimum), the answer differs from its partner's (invariance), or the score of its label does not move from its partner's by the margin (directional; a margin below 0 is a tolerance)",
            meaning: "How often the model fails what anybody would expect of it in one capability, such as negation. It describes these tests and is no error rate in use.",
            source: "Ribeiro et al. 2020",
        },
    ),
    (
        Measure::TestCoverage,
        Page {
            id: "test-coverage",
            title: "Test coverage",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "tests with every answer and score they need / tests",
            meaning: "The share of functional tests that could be applied at all: not applied is not passed.",
            source: "Ribeiro et al. 2020",
        },
    ),
];
