//! The manual pages of measures of scores, of people as a yardstick, and of sensitivity to rewording.

use super::super::Measure;
use super::{Direction, Page};

/// Measures of scores and probabilities, of raters, and of wordings.
pub const SCORES: [(Measure, Page); 14] = [
    (
        Measure::Auc,
        Page {
            id: "auc",
            title: "Area under the ROC curve",
            range: (0.0, 1.0),
            direction: Direction::Higher,
            formula: "of one label: P(score of a case with it > score of a case without it) + P(equal) / 2; overall: mean over labels",
            meaning: "How well the scores rank cases with a label above those without it, whatever the threshold: 0.5 is guessing. It says nothing about the answers that are given.",
            source: "Hanley & McNeil 1982; interval by DeLong, DeLong & Clarke-Pearson 1988, for clusters Obuchowski 1997",
        },
    ),
    (
        Measure::ScoringRate,
        Page {
            id: "scoring-rate",
            title: "Scoring rate",
            range: (0.0, 1.0),
            direction: Direction::Neither,
            formula: "cases whose score of the label lies above the median of the scores of all cases / cases with a score; on a dimension, the same of the numbers that the model gave",
            meaning: "How often a group's scores lie in the upper half: who is scored angry more than most, whatever is answered. Scores equal to the median do not lie above it, so that all cases together have half or less. Of an even number of scores the median is halfway between the two in the middle; where cases weigh differently, half of the weight lies on either side.",
            source: "NYC Local Law 144 (6 RCNY 5-300); interval by Wilson, made wider where the median of the same sample adds to the variance (linearised; density by differences of quantiles, Hall & Sheather 1988)",
        },
    ),
    (
        Measure::Overconfidence,
        Page {
            id: "overconfidence",
            title: "Overconfidence",
            range: (-1.0, 1.0),
            direction: Direction::Zero,
            formula: "mean probability of the answer - share of right answers; of one label: mean probability - share of cases with it; several labels a case: mean over labels",
            meaning: "How much surer the model is than it is right. Of one label: how much more often the model expects it than it occurs, so that a group with a higher value is taken to be, say, angrier than it was labelled.",
            source: "calibration in the large, Cox 1958; Lichtenstein, Fischhoff & Phillips 1982; interval with added right and wrong cases as in Agresti & Coull 1998 and Price & Bonett 2004",
        },
    ),
    (
        Measure::CalibrationError,
        Page {
            id: "calibration-error",
            title: "Calibration error",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "root of the sum over bins of share * ((mean probability - share that came true)^2 - share that came true * (1 - share that came true) / (cases - 1)), up to 15 bins of equal numbers of cases",
            meaning: "How far stated probabilities lie from what comes true, after what chance alone would show is taken off. Against labels of single people it means little where people disagree: see the distance from raters.",
            source: "Kumar, Liang & Ma 2019",
        },
    ),
    (
        Measure::Brier,
        Page {
            id: "brier",
            title: "Brier score",
            range: (0.0, 2.0),
            direction: Direction::Lower,
            formula: "mean over cases of the sum over labels of (probability - 1 or 0)^2; several labels a case: the mean over labels, so that the worst is 1",
            meaning: "Squared error of the probabilities: wrong and sure costs most. Lower is better; always saying 1 / K costs (K - 1) / K.",
            source: "Brier 1950; interval as for overconfidence",
        },
    ),
    (
        Measure::BrierReliability,
        Page {
            id: "brier-reliability",
            title: "Reliability part of the Brier score",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "sum over bins of share * ((mean probability - share that came true)^2 - share that came true * (1 - share that came true) / (cases - 1)); the bins and statements are those of the calibration error, of which this is the square",
            meaning: "What the Brier score of the answers loses since probabilities do not mean what they say. Reliability - resolution + uncertainty is the Brier score with every probability replaced by the mean of its bin. Of all labels it is about the answers given, with several labels a case about every label decision; of one label about its probability.",
            source: "Murphy 1973; corrected for chance after Ferro & Fricker 2012",
        },
    ),
    (
        Measure::BrierResolution,
        Page {
            id: "brier-resolution",
            title: "Resolution part of the Brier score",
            range: (0.0, 0.25),
            direction: Direction::Higher,
            formula: "sum over bins of share * ((share that came true - share that came true overall)^2 - share that came true * (1 - share that came true) / (cases - 1)) + share overall * (1 - share overall) / (all cases - 1)",
            meaning: "How far apart probabilities tell what comes true from what does not, however they are called: 0 where they are blind to it, the uncertainty where they know it all. A model can be calibrated and have none.",
            source: "Murphy 1973; corrected for chance after Ferro & Fricker 2012",
        },
    ),
    (
        Measure::BrierUncertainty,
        Page {
            id: "brier-uncertainty",
            title: "Uncertainty part of the Brier score",
            range: (0.0, 0.25),
            direction: Direction::Neither,
            formula: "share that came true * (1 - share that came true) * cases / (cases - 1)",
            meaning: "What always stating the share that comes true would cost: it describes the data and, of all labels, the answers, and is what resolution can win back at most.",
            source: "Murphy 1973; corrected for chance after Ferro & Fricker 2012",
        },
    ),
    (
        Measure::LogLoss,
        Page {
            id: "log-loss",
            title: "Log loss",
            range: (0.0, 14.0),
            direction: Direction::Lower,
            formula: "mean of -ln(probability of the label in gold), probabilities under 0.000001 being taken as that; several labels a case: mean over label decisions",
            meaning: "Surprise at what was true, in nats. One case that was held impossible weighs as much as dozens of others.",
            source: "Good 1952; interval as for overconfidence",
        },
    ),
    (
        Measure::RaterCrossEntropy,
        Page {
            id: "rater-cross-entropy",
            title: "Cross-entropy against raters",
            range: (0.0, 14.0),
            direction: Direction::Lower,
            formula: "mean over cases with several raters of -sum over labels of share of raters * ln(probability)",
            meaning: "Log loss against everything that people said of a case, not only the majority. People who disagree set a floor above 0.",
            source: "Peterson et al. 2019; Uma et al. 2021; interval as for overconfidence",
        },
    ),
    (
        Measure::RaterDistance,
        Page {
            id: "rater-distance",
            title: "Distance from raters",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "mean over cases with several raters of half the sum over labels of |share of raters - probability|",
            meaning: "How much of its probability a model would have to move to match how people divide over a case. With few raters a case even a perfect model stays above 0.",
            source: "total variation distance, as in Baan et al. 2022; interval as for overconfidence",
        },
    ),
    (
        Measure::RaterSkill,
        Page {
            id: "rater-skill",
            title: "Skill of one person",
            range: (-1.0, 1.0),
            direction: Direction::Higher,
            formula: "skill of each rating against the majority of the other ratings of the same case, where there is one",
            meaning: "What one person's reading is worth when it is judged as a model's is, by what the others say: a model needs not do better.",
            source: "the leave-one-out human baseline, as in Nangia & Bowman 2019",
        },
    ),
    (
        Measure::WordingSpread,
        Page {
            id: "wording-spread",
            title: "Spread between wordings",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "root of the mean over templates, groups and labels of the variance of the score shift between wordings of the template",
            meaning: "How much a score shift depends on how the sentence happens to be worded. Where it is as large as the shifts, a single wording says little about bias. What the sets of a wording differ by is part of it.",
            source: "Seshadri, Pezeshkpour & Singh 2022; upper limit of a variance by Satterthwaite 1946",
        },
    ),
    (
        Measure::WordingTurns,
        Page {
            id: "wording-turns",
            title: "Conclusions that turn with the wording",
            range: (0.0, 1.0),
            direction: Direction::Lower,
            formula: "mean over 200 draws of one wording of each template of the share of groups and labels whose shift is then shown to be above or below zero, or not shown, unlike with all wordings",
            meaning: "How often an auditor who had written one wording of each template would have concluded otherwise. The interval holds the share of a single draw.",
            source: "Seshadri, Pezeshkpour & Singh 2022",
        },
    ),
];
