//! Perturbations of a dataset: each text beside a changed one, in a counterfactual set of the two.
//!
//! Where a change does not apply, the set holds the original alone, so that it counts as not covered: what was not
//! applied was not passed. Writing files is left to the command line.

mod contractions;
mod direction;
mod identity;
mod kind;
mod surface;
#[cfg(test)]
mod tests;
mod words;
mod write;

pub use kind::{Dice, Expectation, KINDS, Kind};
pub use write::{to_csv, write_card};

use std::collections::BTreeMap;

use super::coverage::{Coverage, GroupCoverage};
use super::read::Dataset;
use crate::case::Gold;
use crate::diagnostic::{Place, Problem, Problems, list, quote};
use crate::task::{Polarity, Task};

/// A text and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The place of the original in its dataset.
    pub case: usize,
    /// The kind of change.
    pub kind: Kind,
    /// The changed text, or why there is none.
    pub changed: Result<String, &'static str>,
}

/// Everything that a dataset became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Perturbed {
    /// The kinds, each once, in their order.
    pub kinds: Vec<Kind>,
    /// The seed of all choices.
    pub seed: u64,
    /// By kind, then by case.
    pub pairs: Vec<Pair>,
    /// How often each kind applied, overall and by group.
    pub coverage: Coverage,
}

impl Perturbed {
    /// Why a kind did not apply, and how often.
    pub fn reasons(&self, kind: Kind) -> BTreeMap<&'static str, u64> {
        let mut reasons = BTreeMap::new();
        for pair in self.pairs.iter().filter(|pair| pair.kind == kind) {
            if let Err(reason) = pair.changed {
                *reasons.entry(reason).or_insert(0) += 1;
            }
        }
        reasons
    }
}

/// Changes every text of a dataset in every way that is asked for.
///
/// # Errors
/// A dataset without texts, and kinds whose word lists are in another language.
pub fn perturb(dataset: &Dataset, kinds: &[Kind], seed: u64) -> Result<Perturbed, Problems> {
    let Some(texts) = &dataset.cases.texts else {
        return Err(Problem::new(
            "perturb/no-text",
            Place::file(&dataset.card.name),
            "the dataset has no texts",
        )
        .help("only texts can be perturbed")
        .into());
    };
    let kinds: Vec<Kind> = KINDS
        .iter()
        .map(|(_, kind)| *kind)
        .filter(|kind| kinds.contains(kind))
        .collect();
    language_fits(dataset, &kinds)?;
    let pairs: Vec<Pair> = kinds
        .iter()
        .flat_map(|kind| {
            texts.iter().enumerate().map(|(case, text)| {
                let dice = Dice {
                    seed,
                    id: &dataset.cases.ids[case],
                };
                Pair {
                    case,
                    kind: *kind,
                    changed: kind.apply(text, polarity(dataset, case), &dice),
                }
            })
        })
        .collect();
    let coverage = coverage(dataset, &kinds, &pairs);
    Ok(Perturbed {
        kinds,
        seed,
        pairs,
        coverage,
    })
}

/// The label that a directional pair is about: of the first task whose gold is one label that is positive or
/// negative, sentiment first.
fn told(dataset: &Dataset, case: usize) -> Option<(&Gold, usize, Polarity)> {
    let mut golds: Vec<&Gold> = dataset.cases.gold.iter().collect();
    golds.sort_by_key(|gold| gold.scheme.task != Task::Sentiment);
    golds.into_iter().find_map(|gold| {
        let label = gold.labels[case]?.single()?;
        match gold.scheme.labels[label].polarity? {
            Polarity::Neutral => None,
            polarity => Some((gold, label, polarity)),
        }
    })
}

fn polarity(dataset: &Dataset, case: usize) -> Option<Polarity> {
    told(dataset, case).map(|(.., polarity)| polarity)
}

/// Kinds with word lists need every text in the language of the lists.
fn language_fits(dataset: &Dataset, kinds: &[Kind]) -> Result<(), Problems> {
    let languages = &dataset.card.language;
    let mut problems = Problems::new();
    for kind in kinds {
        let Some(needed) = kind.language() else {
            continue;
        };
        let fits = |language: &String| language.split(['-', '_']).next() == Some(needed);
        if languages.is_empty() || !languages.iter().all(fits) {
            let said = if languages.is_empty() {
                "no language".to_owned()
            } else {
                list(languages)
            };
            let free: Vec<&str> = KINDS
                .iter()
                .filter(|(_, kind)| kind.language().is_none())
                .map(|(name, _)| *name)
                .collect();
            problems.push(
                Problem::new(
                    "perturb/language",
                    Place::file(&dataset.card.name).key("language"),
                    format!("{} works on {}, and the card says {said}", kind.name(), quote(needed)),
                )
                .help(format!(
                    "say `language = [\"{needed}\"]` in the card if all texts are; for any language: {}",
                    free.join(", ")
                )),
            );
        }
    }
    problems.or(())
}

/// How often each kind applied: to all texts, then to those of each group.
fn coverage(dataset: &Dataset, kinds: &[Kind], pairs: &[Pair]) -> Coverage {
    let mut groups = Vec::new();
    for kind in kinds {
        let start = groups.len();
        let mut row = |attribute: &str, group: &str| {
            groups.push(GroupCoverage {
                perturbation: kind.name().to_owned(),
                attribute: attribute.to_owned(),
                group: group.to_owned(),
                ..GroupCoverage::default()
            });
        };
        row("", "");
        for (attribute, names) in &dataset.cases.attributes {
            for name in names.names() {
                row(&attribute.name, name);
            }
        }
        for pair in pairs.iter().filter(|pair| pair.kind == *kind) {
            let mut count = |place: usize| {
                groups[place].filled += u64::from(pair.changed.is_ok());
                groups[place].of += 1;
            };
            count(start);
            let mut first = start + 1;
            for (_, names) in &dataset.cases.attributes {
                if let Some(code) = names.codes()[pair.case] {
                    count(first + code as usize);
                }
                first += names.names().len();
            }
        }
    }
    Coverage {
        templates: 0,
        wordings: 0,
        sets: pairs.len() as u64,
        complete: pairs.iter().filter(|pair| pair.changed.is_ok()).count() as u64,
        groups,
    }
}
