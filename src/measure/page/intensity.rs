//! The manual pages of measures of numbers on dimensions.

use super::super::Measure;
use super::{Direction, Page};

/// Measures of how near a model's numbers come to those of people, dimension by dimension.
pub const INTENSITY: [(Measure, Page); 6] = [
    (
        Measure::Mae,
        Page {
            id: "mae",
            title: "Mean absolute error",
            range: (0.0, f64::INFINITY),
            direction: Direction::Lower,
            formula: "mean of |answer - gold|",
            meaning: "How far the model's numbers are off on average, in units of the scale: 0.5 on a scale from 1 to 5 is an eighth of it.",
            source: "Willmott & Matsuura 2005; t interval for long tails (Hall 1992, O'Neill 2014), from 50 cases on",
        },
    ),
    (
        Measure::Rmse,
        Page {
            id: "rmse",
            title: "Root mean squared error",
            range: (0.0, f64::INFINITY),
            direction: Direction::Lower,
            formula: "root of the mean of (answer - gold)^2",
            meaning: "As the mean absolute error, in units of the scale, with large errors weighing more than several small ones.",
            source: "Willmott & Matsuura 2005; interval: the root of that of the mean square (Hall 1992, O'Neill 2014), from 50 cases on",
        },
    ),
    (
        Measure::Bias,
        Page {
            id: "bias",
            title: "Mean signed error",
            range: (f64::NEG_INFINITY, f64::INFINITY),
            direction: Direction::Zero,
            formula: "mean of (answer - gold)",
            meaning: "How much too high (above 0) or too low (below 0) the model's numbers are on average, in units of the scale. Compared between groups: who is taken to feel more than was perceived.",
            source: "Willmott 1982; t interval for long tails (Hall 1992, O'Neill 2014)",
        },
    ),
    (
        Measure::Pearson,
        Page {
            id: "pearson",
            title: "Pearson correlation",
            range: (-1.0, 1.0),
            direction: Direction::Higher,
            formula: "covariance of gold and answer / (standard deviation of gold * standard deviation of answers)",
            meaning: "How well answers follow gold in a straight line. Answers that are all too high, or all too faint, can still correlate fully: see concordance. It falls where gold varies little.",
            source: "Pearson 1895; interval by Fisher 1921 or the jackknife of his z (Miller 1974), whichever is wider",
        },
    ),
    (
        Measure::Spearman,
        Page {
            id: "spearman",
            title: "Spearman correlation",
            range: (-1.0, 1.0),
            direction: Direction::Higher,
            formula: "Pearson correlation of the ranks, equal numbers having the mean of theirs",
            meaning: "How well answers order the cases as gold does, whatever the distances between them.",
            source: "Spearman 1904; interval by Bonett & Wright 2000 or the jackknife of Fisher's z (Miller 1974), whichever is wider",
        },
    ),
    (
        Measure::Concordance,
        Page {
            id: "concordance",
            title: "Concordance correlation",
            range: (-1.0, 1.0),
            direction: Direction::Higher,
            formula: "2 * covariance / (variance of gold + variance of answers + (mean of gold - mean of answers)^2), with variances over n",
            meaning: "How near answers and gold lie to being equal: the Pearson correlation, lowered by how far the answers are shifted or stretched.",
            source: "Lin 1989; interval by his z, as corrected in 2000, or its jackknife (Miller 1974), whichever is wider; from 50 cases on",
        },
    ),
];
