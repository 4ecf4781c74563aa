//! What `model check` names, with manual pages: one list, from which `explain`, the table and the JSON take their words.

use crate::check::page::{named, page_of};
use crate::check::{Grade, Page};

/// Something that is wrong with how a model is wired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sanity {
    /// No answer.
    Unanswered,
    /// The same scores for every text.
    SameScores,
    /// The same answer to every text.
    OneLabel,
    /// Labels that mean others.
    SwappedLabels,
    /// Scores that are no probabilities.
    NotProbabilities,
    /// No better than guessing.
    AtChance,
}

impl Sanity {
    /// Its manual page.
    pub fn page(self) -> &'static Page {
        page_of(&PAGES, self)
    }

    /// A check by its name in files.
    pub fn parse(id: &str) -> Option<Sanity> {
        named(&PAGES, id)
    }
}

/// Every check of a model with its manual page.
pub const PAGES: [(Sanity, Page); 6] = [
    (
        Sanity::Unanswered,
        Page {
            id: "unanswered",
            title: "No answer to plain cases",
            severity: Grade::Problem,
            why: "What a model does not answer cannot be measured, and plain cases should be the last that it fails on.",
            how: "The cases that failed or were abstained from. A problem where they are more than half, else a warning.",
            advice: "Read what the notes say of the failures; compare what it answers with what its file says of labels and scores.",
        },
    ),
    (
        Sanity::SameScores,
        Page {
            id: "same-scores",
            title: "The same scores for every text",
            severity: Grade::Problem,
            why: "A model whose scores do not depend on the text does not read it: weights that were not loaded, a tokenizer of another model that knows no word, a body that does not hold the text.",
            how: "Every label's scores agree to nine decimals over all cases that have scores, and there are at least two.",
            advice: "Check that tokenizer and weights belong together, that the classification head was saved, and that {{text}} stands in the body.",
        },
    ),
    (
        Sanity::OneLabel,
        Page {
            id: "one-label",
            title: "One label for everything",
            severity: Grade::Problem,
            why: "A model that gives one answer to cases of every label has learned nothing, or its answer is looked for in the wrong place.",
            how: "All cases that were answered got the same labels, and they are of at least two. Where the scores are the same too, same-scores is named in its place.",
            advice: "Check where the label is looked for in an answer, the threshold of a multi-label model, and whether tokenizer and weights belong together.",
        },
    ),
    (
        Sanity::SwappedLabels,
        Page {
            id: "swapped-labels",
            title: "Labels that mean others",
            severity: Grade::Problem,
            why: "A model that knows the answers under other names is measured as one that is wrong on purpose. Lists of labels in another order than the outputs are the usual cause.",
            how: "Labels are exchanged two by two as long as more answers become right. The best other reading is named where McNemar's exact test, one-sided, on the answers that only one reading makes right, times the number of readings that move up to as many labels, is at most 0.05.",
            advice: "Check id2label, `order` and [labels] against the order in which the model was trained.",
        },
    ),
    (
        Sanity::NotProbabilities,
        Page {
            id: "not-probabilities",
            title: "Scores that are no probabilities",
            severity: Grade::Warning,
            why: "Calibration, log loss and the polarity of emotion scores take scores as probabilities and mean nothing where they are none.",
            how: "Scores outside 0 to 1; where one label is the answer, scores that do not add up to 1 but for rounding to two decimals.",
            advice: "Name where the probabilities stand, or leave scores out: labels alone are enough for everything else.",
        },
    ),
    (
        Sanity::AtChance,
        Page {
            id: "at-chance",
            title: "No better than guessing",
            severity: Grade::Warning,
            why: "On cases where nobody hesitates, a model that is not shown to beat guessing reads another language, got the wrong tokenizer, or is no model of this task.",
            how: "The exact binomial test, one-sided, of the right answers against the share that somebody gets who does not read: p above 0.05. With few cases a middling model may be named too; that is why it is a warning.",
            advice: "Check tokenizer, language and labels; for a model of another language name labelled data: --dataset.",
        },
    ),
];
