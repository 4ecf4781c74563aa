//! What is asked of a model: the task, the closed list of labels or dimensions it may answer with, and how labels of
//! one list carry over to another. Schemes are data; which columns hold labels is left to the dataset's card.

pub mod crosswalk;
pub mod scheme;

pub use crosswalk::{Bridge, bridge};
pub use scheme::{Label, Scheme, SchemeKind, built_in, built_in_schemes, same_label};

/// What a model is asked about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    /// Is it negative, neutral or positive?
    Sentiment,
    /// Which emotion is perceived, reported or intended?
    Emotion,
    /// How much of it: numbers on named dimensions, such as valence and arousal.
    Intensity,
}

/// Every task with its name in files.
pub const TASKS: [(&str, Task); 3] = [
    ("sentiment", Task::Sentiment),
    ("emotion", Task::Emotion),
    ("intensity", Task::Intensity),
];

/// The tasks that are answered with labels.
pub const LABEL_TASKS: [(&str, Task); 2] = [TASKS[0], TASKS[1]];

impl Task {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Task::Sentiment => "sentiment",
            Task::Emotion => "emotion",
            Task::Intensity => "intensity",
        }
    }
}

/// The humbler question behind an emotion label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// Unpleasant or unfavourable.
    Negative,
    /// Neither.
    Neutral,
    /// Pleasant or favourable.
    Positive,
}

/// Every polarity with its name in files, in order.
pub const POLARITIES: [(&str, Polarity); 3] = [
    ("negative", Polarity::Negative),
    ("neutral", Polarity::Neutral),
    ("positive", Polarity::Positive),
];

impl Polarity {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Polarity::Negative => "negative",
            Polarity::Neutral => "neutral",
            Polarity::Positive => "positive",
        }
    }

    /// The place in the three-way scheme.
    pub fn index(self) -> usize {
        match self {
            Polarity::Negative => 0,
            Polarity::Neutral => 1,
            Polarity::Positive => 2,
        }
    }
}

/// A set of labels of one scheme, by their places in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelSet(pub u64);

impl LabelSet {
    /// No label.
    pub const EMPTY: LabelSet = LabelSet(0);

    /// The set of one label.
    pub fn one(index: usize) -> Self {
        LabelSet(1 << index)
    }

    /// Adds a label.
    pub fn insert(&mut self, index: usize) {
        self.0 |= 1 << index;
    }

    /// Whether it holds a label.
    pub fn contains(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    /// Whether it holds none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many labels it holds.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The label, if it holds just one.
    pub fn single(self) -> Option<usize> {
        (self.len() == 1).then(|| self.0.trailing_zeros() as usize)
    }

    /// The labels in the order of the scheme.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..64).filter(move |index| self.contains(*index))
    }
}

/// The most labels that a scheme may have.
pub const MOST_LABELS: usize = 60;
