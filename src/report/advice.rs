//! What to use for an emotion, in the same words for every format: the recommendation of the contrast, held against the
//! verdict on the emotion. The contrast knows skill alone; the verdict knows what else stands against an emotion.

use super::html::lookup::{Lookup, numbers};
use super::html::words;
use crate::record::v1::{Contrast, Verdict};

/// What to use.
pub struct Advice {
    /// A recommendation or verdict of the record: what it is drawn and counted as.
    pub code: String,
    /// Whether the emotion is to be used with care only, and polarity is proven reliable on the same cases, and proven
    /// better by more than the policy lets groups differ.
    pub polarity_is_better: bool,
    /// Whether polarity is of no use by what holds over all cases, while these alone do not show it.
    pub polarity_by_whole: bool,
}

/// What stands beside an advice that rests on more than its own cases.
pub const BY_WHOLE: &str =
    "that polarity is of no use follows from all cases, not from these alone";

impl Advice {
    /// What to use where a contrast was measured: an emotion whose skill holds up there is usable without reserve only
    /// where its verdict is reliable.
    pub fn of(lookup: Lookup<'_>, contrast: &Contrast) -> Advice {
        let verdict = Advice::verdict(lookup, contrast);
        let verdict = verdict.map(|one| one.verdict.as_str());
        let code = match (contrast.recommendation.as_str(), verdict) {
            ("emotion-usable", Some("reliable")) => "emotion-usable",
            ("emotion-usable", Some("insufficient")) => "not-enough-data",
            ("emotion-usable", Some(poor @ ("unreliable" | "not-auditable"))) => poor,
            ("emotion-usable", _) => "limited",
            (other, _) => other,
        };
        Advice {
            polarity_is_better: code == "limited" && polarity_is_better(lookup, contrast),
            polarity_by_whole: code == "neither" && !polarity_is_unreliable(lookup, contrast),
            code: code.to_owned(),
        }
    }

    /// The verdict on the emotion of a contrast.
    pub fn verdict<'a>(lookup: Lookup<'a>, contrast: &Contrast) -> Option<&'a Verdict> {
        let mut verdicts = lookup.record.verdicts.iter();
        verdicts.find(|one| {
            (&one.model, &one.dataset) == (&contrast.emotion_model, &contrast.dataset)
                && one.task == "emotion"
                && one.label == contrast.label
                && one.slice == contrast.slice
        })
    }

    /// In few words, for beside a picture.
    pub fn short(&self) -> String {
        match self.code.as_str() {
            "limited" => "emotion, with care".to_owned(),
            "unreliable" => "not to be relied on".to_owned(),
            "not-auditable" => "not auditable".to_owned(),
            other => words::recommendation(other),
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        let short = self.short();
        match (self.polarity_is_better, self.polarity_by_whole) {
            (true, _) => format!("{short}; polarity is read better"),
            (_, true) => format!("{short}; {BY_WHOLE}"),
            _ => short,
        }
    }
}

fn polarity_is_better(lookup: Lookup<'_>, contrast: &Contrast) -> bool {
    let proven = |value, key: &str| {
        let line = lookup.reliability(key);
        matches!((numbers(value), line), (Some((_, low, _)), Some(line)) if low > line)
    };
    proven(&contrast.sentiment, "reliable")
        && proven(&contrast.sentiment_minus_emotion, "difference")
}

fn polarity_is_unreliable(lookup: Lookup<'_>, contrast: &Contrast) -> bool {
    let limits = numbers(&contrast.sentiment).zip(lookup.reliability("limited"));
    limits.is_some_and(|((.., high), line)| high < line)
}
