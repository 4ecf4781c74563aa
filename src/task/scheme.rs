//! Label schemes: closed, ordered lists of labels with the polarity that each carries.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

use super::{LABEL_TASKS, LabelSet, MOST_LABELS, POLARITIES, Polarity, Task};
use crate::diagnostic::{Problem, Problems, counted, expected_one_of, quote};
use crate::document::{self, Fields};

const BUILT_IN: &str = include_str!("schemes.toml");

/// Whether two names mean the same label: letter case and surrounding blanks tell none apart.
pub fn same_label(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// How the labels of a scheme relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// One label a case, and their order means something.
    Ordinal,
    /// One label a case, in no order.
    Nominal,
    /// Any number of labels a case.
    MultiLabel,
    /// The labels are dimensions, and a case has a number on each.
    Continuous,
}

/// Every kind that a list of labels may have, with its name in files.
pub const SCHEME_KINDS: [(&str, SchemeKind); 3] = [
    ("ordinal", SchemeKind::Ordinal),
    ("nominal", SchemeKind::Nominal),
    ("multi-label", SchemeKind::MultiLabel),
];

impl SchemeKind {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            SchemeKind::Ordinal => "ordinal",
            SchemeKind::Nominal => "nominal",
            SchemeKind::MultiLabel => "multi-label",
            SchemeKind::Continuous => "continuous",
        }
    }
}

/// One label of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its name in files and reports.
    pub name: String,
    /// The polarity it carries; `None` where it goes with any (surprise, urgent).
    pub polarity: Option<Polarity>,
}

/// A closed list of labels for one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its name in files.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it answers.
    pub task: Task,
    /// How its labels relate.
    pub kind: SchemeKind,
    /// The labels in their order.
    pub labels: Vec<Label>,
    /// The place of the label that says "nothing perceived", if there is one.
    pub neutral: Option<usize>,
}

impl Scheme {
    /// The place of a label, by name; letter case does not count.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.labels
            .iter()
            .position(|label| same_label(&label.name, name))
    }

    /// The label names in order.
    pub fn names(&self) -> Vec<&str> {
        self.labels
            .iter()
            .map(|label| label.name.as_str())
            .collect()
    }

    /// The scheme of named dimensions, each of which takes a number.
    pub fn of_dimensions(names: Vec<String>) -> Scheme {
        let dimension = |name| Label {
            name,
            polarity: None,
        };
        Scheme {
            name: Task::Intensity.as_str().to_owned(),
            title: "Numbers on dimensions".to_owned(),
            task: Task::Intensity,
            kind: SchemeKind::Continuous,
            labels: names.into_iter().map(dimension).collect(),
            neutral: None,
        }
    }

    /// Whether its labels are dimensions that take numbers.
    pub fn is_continuous(&self) -> bool {
        self.kind == SchemeKind::Continuous
    }

    /// Whether a case may carry any number of labels.
    pub fn is_multi_label(&self) -> bool {
        self.kind == SchemeKind::MultiLabel
    }

    /// The one polarity that all labels of a set carry; `None` where one is ambiguous or they disagree.
    pub fn polarity(&self, set: LabelSet) -> Option<Polarity> {
        let mut polarities = set.iter().map(|index| self.labels[index].polarity);
        let first = polarities.next()??;
        polarities
            .all(|polarity| polarity == Some(first))
            .then_some(first)
    }

    /// The way out where a label is not in the scheme.
    pub fn help(&self, unknown: &str) -> String {
        format!(
            "scheme {}: {}",
            self.name,
            expected_one_of(unknown, &self.names())
        )
    }
}

/// Reads a scheme written out in a table: `labels`, and optionally `kind`, `neutral` and `polarity`.
///
/// Name, title and task are the caller's, since a card names them in other ways than the built-in list.
pub fn read_scheme(fields: &Fields<'_>, name: String, title: String, task: Task) -> Option<Scheme> {
    let kind = fields
        .choice("kind", &SCHEME_KINDS)
        .unwrap_or(SchemeKind::Nominal);
    let mut labels: Vec<Label> = Vec::new();
    for (label, place) in fields.placed_texts("labels") {
        let label = label.trim().to_owned();
        if label.contains('|') {
            let message = format!("label {} holds a |", quote(&label));
            fields.problem(
                Problem::new("scheme/label-separator", place, message)
                    .help("| parts the labels of a case; write the label without it"),
            );
        } else if label.is_empty() {
            fields.problem(Problem::new(
                "scheme/blank-label",
                place,
                "a label is blank",
            ));
        } else if labels
            .iter()
            .any(|known| known.name.to_lowercase() == label.to_lowercase())
        {
            let message = format!("label {} is listed twice", quote(&label));
            fields.problem(
                Problem::new("scheme/duplicate-label", place, message)
                    .help("letter case does not tell labels apart"),
            );
        } else {
            labels.push(Label {
                name: label,
                polarity: None,
            });
        }
    }
    if labels.len() < 2 || labels.len() > MOST_LABELS {
        let message = format!("a scheme of {}", counted(labels.len(), "label"));
        fields.problem(
            Problem::new("scheme/label-count", fields.place_of("labels"), message)
                .help(format!("expected 2 to {MOST_LABELS} labels")),
        );
        return None;
    }
    let mut scheme = Scheme {
        name,
        title,
        task,
        kind,
        labels,
        neutral: None,
    };
    if let Some(neutral) = fields.text("neutral") {
        scheme.neutral = known_label(fields, &scheme, &neutral, fields.place_of("neutral"));
    }
    match fields.table("polarity") {
        Some(polarity) => {
            for (label, word, place) in polarity.named_texts() {
                let index = known_label(fields, &scheme, &label, place.clone());
                match POLARITIES.iter().find(|(name, _)| *name == word) {
                    Some((_, polarity)) => {
                        if let Some(index) = index {
                            scheme.labels[index].polarity = Some(*polarity);
                        }
                    }
                    None => fields.problem(
                        Problem::new(
                            "scheme/unknown-polarity",
                            place,
                            format!("polarity {} of label {}", quote(&word), quote(&label)),
                        )
                        .help("expected negative, neutral or positive; leave out a label that may go with any"),
                    ),
                }
            }
        }
        // The names of polarities speak for themselves.
        None => {
            for label in &mut scheme.labels {
                label.polarity = POLARITIES
                    .iter()
                    .find(|(name, _)| label.name.eq_ignore_ascii_case(name))
                    .map(|(_, polarity)| *polarity);
            }
        }
    }
    Some(scheme)
}

fn known_label(
    fields: &Fields<'_>,
    scheme: &Scheme,
    name: &str,
    place: crate::diagnostic::Place,
) -> Option<usize> {
    let index = scheme.index(name);
    if index.is_none() {
        fields.problem(
            Problem::new(
                "scheme/unknown-label",
                place,
                format!("label {} is not in `labels`", quote(name)),
            )
            .help(scheme.help(name)),
        );
    }
    index
}

static SCHEMES: LazyLock<Vec<Arc<Scheme>>> = LazyLock::new(|| {
    let table = document::parse("schemes.toml", BUILT_IN).unwrap_or_else(|problems| {
        // Embedded at build time and read by a test: no input of a user can bring us here.
        unreachable!("the built-in schemes are valid TOML: {problems}")
    });
    let problems = RefCell::new(Problems::new());
    let fields = Fields::new(&table, &problems);
    fields
        .tables("schemes")
        .iter()
        .filter_map(|scheme| {
            let task = scheme.required_choice("task", &LABEL_TASKS)?;
            let name = scheme.required_text("name");
            read_scheme(scheme, name, scheme.required_text("title"), task).map(Arc::new)
        })
        .collect()
});

/// Every scheme that is built in.
pub fn built_in_schemes() -> &'static [Arc<Scheme>] {
    &SCHEMES
}

/// A built-in scheme by name.
pub fn built_in(name: &str) -> Option<Arc<Scheme>> {
    SCHEMES.iter().find(|scheme| scheme.name == name).cloned()
}

/// The text of the built-in schemes and crosswalks.
pub(super) fn built_in_text() -> &'static str {
    BUILT_IN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_schemes_are_all_read() {
        let names: Vec<&str> = built_in_schemes()
            .iter()
            .map(|scheme| scheme.name.as_str())
            .collect();
        let expected = [
            "three-way",
            "five-way",
            "support-desk",
            "ekman",
            "meld",
            "plutchik",
            "isear",
            "goemotions",
        ];
        assert_eq!(names, expected);
        assert_eq!(
            built_in("goemotions").map(|scheme| scheme.labels.len()),
            Some(28)
        );
    }

    #[test]
    fn an_ambiguous_label_has_no_polarity() {
        let ekman = built_in("ekman").expect("built in");
        let set = |names: &[&str]| {
            let mut set = LabelSet::EMPTY;
            for name in names {
                set.insert(ekman.index(name).expect("a label"));
            }
            set
        };
        assert_eq!(ekman.polarity(set(&["fear"])), Some(Polarity::Negative));
        assert_eq!(
            ekman.polarity(set(&["anger", "fear"])),
            Some(Polarity::Negative)
        );
        assert_eq!(ekman.polarity(set(&["joy", "fear"])), None);
        assert_eq!(ekman.polarity(set(&["surprise"])), None);
        assert_eq!(ekman.polarity(LabelSet::EMPTY), None);
    }
}
