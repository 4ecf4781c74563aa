//! Sentences of our own (`sentences.toml`): what a model is asked before anybody's texts, and what readers would answer.
//! What the answers say of the model is left to `check`.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

use crate::diagnostic::Problems;
use crate::document::{self, Fields};
use crate::task::{LabelSet, POLARITIES, Scheme, Task, bridge, built_in};

/// The language that they are in.
pub const LANGUAGE: &str = "en";

/// The scheme of the emotions among them.
const EMOTIONS: &str = "ekman";

struct Bundle {
    canaries: Vec<String>,
    sentiment: Vec<(String, Vec<String>)>,
    emotion: Vec<(String, Vec<String>)>,
}

static BUNDLE: LazyLock<Bundle> = LazyLock::new(|| {
    let text = include_str!("sentences.toml");
    let table = document::parse("sentences.toml", text).unwrap_or_else(|problems| {
        // Embedded at build time and read by a test: no input of a user can bring us here.
        unreachable!("the sentences are valid TOML: {problems}")
    });
    let problems = RefCell::new(Problems::new());
    let fields = Fields::new(&table, &problems);
    let read = |task: &'static str, names: Vec<&'static str>| -> Vec<(String, Vec<String>)> {
        let table = fields.table(task);
        let of = |name| table.as_ref().map(|table| table.texts(name));
        names
            .into_iter()
            .map(|name| (name.to_owned(), of(name).unwrap_or_default()))
            .collect()
    };
    Bundle {
        canaries: fields.texts("canaries"),
        sentiment: read("sentiment", POLARITIES.map(|(name, _)| name).to_vec()),
        emotion: read(
            "emotion",
            vec![
                "anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise",
            ],
        ),
    }
});

/// Sentences whose answers tell whether a model is still the same.
pub fn canaries() -> impl Iterator<Item = &'static str> {
    BUNDLE.canaries.iter().map(String::as_str)
}

/// Cases that a model is asked about, and how its answers are compared with what was to be expected.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What there is to tell apart.
    pub classes: Vec<String>,
    /// For each label of the model its class; `None` where nothing is asked about it.
    pub class_of: Vec<Option<usize>>,
    /// The texts with their classes.
    pub cases: Vec<(String, usize)>,
}

impl Probe {
    /// The class of an answer: the one that was expected where it is among the labels, else that of the first label
    /// that has any.
    pub fn class(&self, answer: LabelSet, expected: usize) -> Option<usize> {
        let mut classes = answer.iter().filter_map(|label| self.class_of[label]);
        let first = classes.next();
        if first == Some(expected) || classes.any(|class| class == expected) {
            return Some(expected);
        }
        first
    }

    /// The texts.
    pub fn texts(&self) -> Vec<&str> {
        self.cases.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// The sentences for the labels of a scheme; `None` where it has no two labels that they know.
///
/// Emotions are compared by a crosswalk or by name, and where they share none, by the polarity they carry.
pub fn probe(scheme: &Arc<Scheme>) -> Option<Probe> {
    let emotions = (scheme.task == Task::Emotion)
        .then(|| built_in(EMOTIONS))
        .flatten()
        .and_then(|ekman| bridge(scheme, &ekman));
    if let Some(bridge) = emotions {
        let names = bridge.scheme.names();
        return gather(&names, &bridge.from_model, &BUNDLE.emotion);
    }
    let class_of: Vec<Option<usize>> = scheme
        .labels
        .iter()
        .map(|label| {
            let polarity = label.polarity?;
            POLARITIES.iter().position(|(_, known)| *known == polarity)
        })
        .collect();
    gather(
        &POLARITIES.map(|(name, _)| name),
        &class_of,
        &BUNDLE.sentiment,
    )
}

/// Keeps the classes that the model has a label for.
fn gather(
    names: &[&str],
    class_of: &[Option<usize>],
    sentences: &[(String, Vec<String>)],
) -> Option<Probe> {
    let kept: Vec<usize> = (0..names.len())
        .filter(|class| class_of.contains(&Some(*class)))
        .filter(|class| sentences.iter().any(|(name, _)| name == names[*class]))
        .collect();
    let place = |class: usize| kept.iter().position(|kept| *kept == class);
    let cases = sentences
        .iter()
        .filter_map(|(name, texts)| {
            let class = place(names.iter().position(|other| other == name)?)?;
            Some(texts.iter().map(move |text| (text.clone(), class)))
        })
        .flatten()
        .collect();
    (kept.len() > 1).then(|| Probe {
        classes: kept.iter().map(|class| names[*class].to_owned()).collect(),
        class_of: class_of.iter().map(|class| class.and_then(place)).collect(),
        cases,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_scheme_is_asked_about_and_no_sentence_is_lost() {
        assert_eq!(canaries().count(), 6);
        let sizes = [
            ("three-way", 3, 15),
            ("five-way", 3, 15),
            ("support-desk", 3, 15),
            ("ekman", 7, 35),
            ("meld", 7, 35),
            ("plutchik", 6, 30),
            ("isear", 5, 25),
            ("goemotions", 7, 35),
        ];
        for (name, classes, cases) in sizes {
            let probe = probe(&built_in(name).expect("built in")).expect("a probe");
            assert_eq!(
                (probe.classes.len(), probe.cases.len()),
                (classes, cases),
                "{name}"
            );
            for class in 0..classes {
                assert_eq!(probe.cases.iter().filter(|case| case.1 == class).count(), 5);
            }
        }
    }

    #[test]
    fn an_answer_of_several_labels_is_right_where_the_right_one_is_among_them() {
        let scheme = built_in("goemotions").expect("built in");
        let probe = probe(&scheme).expect("a probe");
        let set = |names: &[&str]| {
            let mut set = LabelSet::EMPTY;
            for name in names {
                set.insert(scheme.index(name).expect("a label"));
            }
            set
        };
        let class = |name: &str| probe.classes.iter().position(|class| class == name);
        let joy = class("joy").expect("a class");
        assert_eq!(probe.class(set(&["anger", "love"]), joy), Some(joy));
        assert_eq!(probe.class(set(&["anger", "fear"]), joy), class("anger"));
        assert_eq!(probe.class(LabelSet::EMPTY, joy), None);
    }
}
