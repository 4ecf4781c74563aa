//! The cases of a dataset, held column by column: texts, gold labels, groups, clusters, counterfactual sets.
//!
//! Reading them from files is left to `dataset`.

pub mod behaviour;
pub mod intensity;
pub mod weight;

pub use behaviour::Behaviour;
pub use intensity::Intensity;
pub use weight::{Unit, Weights};

use std::collections::HashMap;
use std::sync::Arc;

use crate::attribute::Attribute;
use crate::task::{LabelSet, Scheme, Task};

/// A column of names that repeat, each stored once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    names: Vec<String>,
    codes: Vec<Option<u32>>,
}

impl Names {
    /// Builds the column; blank cells become `None`. Names are numbered in alphabetical order, so that the
    /// numbering does not depend on the order of the cases.
    pub fn from_cells<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for cell in cells.clone() {
            let cell = cell.trim();
            if !cell.is_empty() && seen.insert(cell, 0).is_none() {
                names.push(cell);
            }
        }
        names.sort_unstable();
        for (code, name) in names.iter().enumerate() {
            seen.insert(name, code as u32);
        }
        Names {
            codes: cells.map(|cell| seen.get(cell.trim()).copied()).collect(),
            names: names.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The names that occur, in alphabetical order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// For each case the place of its name in [`Names::names`]; `None` where blank.
    pub fn codes(&self) -> &[Option<u32>] {
        &self.codes
    }

    /// How many cases each name has, in the order of [`Names::names`].
    pub fn sizes(&self) -> Vec<u64> {
        let mut sizes = vec![0; self.names.len()];
        for code in self.codes.iter().flatten() {
            sizes[*code as usize] += 1;
        }
        sizes
    }
}

/// Where labels come from, which decides how a report may word them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelSource {
    /// Reported by the author of the text.
    Felt,
    /// Perceived by raters.
    Perceived,
    /// Intended by an actor.
    Acted,
    /// Set by construction of a template.
    Template,
    /// Assigned by a model.
    Model,
}

/// Every source with its name in files.
pub const LABEL_SOURCES: [(&str, LabelSource); 5] = [
    ("felt", LabelSource::Felt),
    ("perceived", LabelSource::Perceived),
    ("acted", LabelSource::Acted),
    ("template", LabelSource::Template),
    ("model", LabelSource::Model),
];

impl LabelSource {
    /// How a report words it.
    pub fn words(self) -> &'static str {
        match self {
            LabelSource::Felt => "reported by authors",
            LabelSource::Perceived => "perceived by annotators",
            LabelSource::Acted => "intended by actors",
            LabelSource::Template => "set by the construction of the sentences",
            LabelSource::Model => "assigned by a model",
        }
    }

    /// Whether it tells something about people; what a template was built to express, or a model said, does not.
    pub fn is_of_people(self) -> bool {
        !matches!(self, LabelSource::Template | LabelSource::Model)
    }
}

/// The gold labels of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gold {
    /// The scheme of the labels.
    pub scheme: Arc<Scheme>,
    /// Where they come from.
    pub source: LabelSource,
    /// For each case its labels; `None` where the case has no gold.
    pub labels: Vec<Option<LabelSet>>,
}

/// How often people chose each label for one case.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rated {
    /// How many people rated it.
    pub raters: u64,
    /// How many of them chose each label, in the order of the scheme.
    pub chosen: Vec<u64>,
    /// The set of labels that each of them chose, in ascending order, which tells nobody; empty where a case has one
    /// label.
    pub sets: Vec<LabelSet>,
}

/// What one person, who stays unnamed, said.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rater {
    /// How many cases the person rated.
    pub ratings: u64,
    /// How often the person chose each label, in the order of the scheme.
    pub chosen: Vec<u64>,
    /// The cases that the person rated, in ascending order, and the labels that each was given.
    pub given: Vec<(usize, LabelSet)>,
    /// The person's group by each of [`Cases::rater_attributes`], as its place among the names; `None` where blank.
    pub groups: Vec<Option<u32>>,
}

/// What several people said of each case, without their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratings {
    /// The scheme of the labels.
    pub scheme: Arc<Scheme>,
    /// For each case what people chose.
    pub rated: Vec<Rated>,
    /// What each person said, the busiest first; empty where ratings do not say whose they are.
    pub raters: Vec<Rater>,
}

/// A column of numbers: physiology, voice and body measures, continuous ratings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feature {
    /// Its name in files.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// For each case its finite number; `None` where it is missing.
    pub values: Vec<Option<f64>>,
}

/// The cases of a dataset; every column has one entry a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cases {
    /// Unique names.
    pub ids: Vec<String>,
    /// What a text model reads; `None` where the dataset has no text.
    pub texts: Option<Vec<String>>,
    /// Cases that are not independent of each other share a cluster (template, author, conversation).
    pub clusters: Option<Names>,
    /// Cases that differ only in who they are about share a counterfactual set.
    pub sets: Option<Names>,
    /// Which wording of its template, which is its cluster, a case is. Wordings of one name in two templates have
    /// nothing in common.
    pub wordings: Option<Names>,
    /// How many cases of the population each case stands for, where that differs.
    pub weights: Option<Weights>,
    /// The declared groups.
    pub attributes: Vec<(Attribute, Names)>,
    /// The columns of numbers.
    pub features: Vec<Feature>,
    /// The gold labels, by task.
    pub gold: Vec<Gold>,
    /// The gold numbers, where the dataset holds any.
    pub intensity: Option<Intensity>,
    /// What single raters said, by task, where the dataset holds it.
    pub ratings: Vec<Ratings>,
    /// The declared groups of the people who rated; one entry of each column a person, in an order that tells nothing.
    pub rater_attributes: Vec<(Attribute, Names)>,
    /// The functional tests, where the dataset holds any.
    pub behaviour: Option<Behaviour>,
}

impl Cases {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The gold labels of a task.
    pub fn gold(&self, task: Task) -> Option<&Gold> {
        self.gold.iter().find(|gold| gold.scheme.task == task)
    }

    /// What must be resampled together, case by case: the cluster, else the counterfactual set; `None` for a case
    /// without either.
    pub fn dependence(&self) -> Vec<Option<u32>> {
        let (clusters, sets) = match (&self.clusters, &self.sets) {
            (None, None) => return vec![None; self.len()],
            (Some(names), None) | (None, Some(names)) => return names.codes().to_vec(),
            (Some(clusters), Some(sets)) => (clusters, sets),
        };
        // Numbers above those of all clusters keep sets apart from them.
        let first = clusters.names().len() as u32;
        let both = clusters.codes().iter().zip(sets.codes());
        both.map(|(cluster, set)| cluster.or(set.map(|set| first + set)))
            .collect()
    }
    /// The same with the weight of each case, for measures that are about the population.
    pub fn units(&self) -> Vec<Unit> {
        let clusters = self.dependence().into_iter();
        let Some(weights) = &self.weights else {
            return clusters.map(Unit::from).collect();
        };
        let weighted = clusters.zip(weights.parts());
        weighted
            .map(|(cluster, weight)| Unit {
                cluster,
                weight: *weight,
            })
            .collect()
    }
}
