//! What was asked for about groups, held against the groups that the datasets have.

use crate::dataset::Dataset;
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote};
use crate::measure::disparity::Request;
use crate::measure::disparity::crossing::Crossing;

/// More combinations would be measured for hours, and most of them hold nobody.
const MOST_COMBINATIONS: usize = 1000;

/// Most attributes that are crossed.
const MOST_CROSSED: u64 = 4;

/// What was asked for, as it was written.
pub(super) struct Groups {
    /// `attribute=group`.
    pub(super) references: Vec<String>,
    pub(super) controls: Vec<String>,
    pub(super) intersections: u64,
}

impl Groups {
    /// The request, as far as it fits the datasets. Where these are not `complete`, what none of them has may belong to
    /// one that could not be read.
    pub(super) fn request(
        &self,
        datasets: &[Dataset],
        complete: bool,
        problems: &mut Problems,
    ) -> Request {
        let mut request = Request {
            controls: self.controls.clone(),
            intersections: self.intersections as usize,
            ..Request::default()
        };
        for written in &self.references {
            let Some((attribute, group)) = written.split_once('=') else {
                problems.push(
                    Problem::new(
                        "groups/reference",
                        Place::file("--reference"),
                        format!("{} names no group", quote(written)),
                    )
                    .help("expected an attribute and one of its groups, as in gender=man"),
                );
                continue;
            };
            let (attribute, group) = (attribute.trim(), group.trim());
            if request
                .references
                .iter()
                .any(|(known, _)| known == attribute)
            {
                problems.push(
                    Problem::new(
                        "groups/reference",
                        Place::file("--reference"),
                        format!("{} has two reference groups", quote(attribute)),
                    )
                    .help("name one for each attribute"),
                );
            }
            if self.has_attribute(attribute, "--reference", datasets, complete, problems) {
                check_group(attribute, group, datasets, problems);
            }
            request
                .references
                .push((attribute.to_owned(), group.to_owned()));
        }
        for control in &self.controls {
            self.has_attribute(control, "--control", datasets, complete, problems);
        }
        self.check_intersections(datasets, problems);
        request
    }

    fn has_attribute(
        &self,
        attribute: &str,
        flag: &str,
        datasets: &[Dataset],
        complete: bool,
        problems: &mut Problems,
    ) -> bool {
        let mut known: Vec<&str> = datasets
            .iter()
            .flat_map(|dataset| &dataset.cases.attributes)
            .map(|(attribute, _)| attribute.name.as_str())
            .collect();
        known.sort_unstable();
        known.dedup();
        let found = known.contains(&attribute);
        if !found && complete {
            let help = if known.is_empty() {
                "the datasets declare no attributes".to_owned()
            } else {
                expected_one_of(attribute, &known)
            };
            problems.push(
                Problem::new(
                    "groups/attribute",
                    Place::file(flag),
                    format!("no dataset has the attribute {}", quote(attribute)),
                )
                .help(help),
            );
        }
        found
    }

    fn check_intersections(&self, datasets: &[Dataset], problems: &mut Problems) {
        if !(1..=MOST_CROSSED).contains(&self.intersections) {
            problems.push(
                Problem::new(
                    "groups/intersections",
                    Place::file("--intersections"),
                    format!("{} attributes at once", self.intersections),
                )
                .help(format!(
                    "expected 1 to {MOST_CROSSED}; 2 crosses every two attributes"
                )),
            );
            return;
        }
        for dataset in datasets {
            let crossings = Crossing::all(&dataset.cases, self.intersections as usize);
            let combinations: usize = crossings.iter().map(|crossing| crossing.cells.len()).sum();
            if combinations > MOST_COMBINATIONS {
                problems.push(
                    Problem::new(
                        "groups/intersections",
                        Place::file("--intersections"),
                        format!(
                            "{} has {combinations} combinations of groups",
                            quote(&dataset.card.name)
                        ),
                    )
                    .help(format!(
                        "at most {MOST_COMBINATIONS} are measured; cross fewer attributes, or merge groups"
                    )),
                );
            }
        }
    }
}

fn check_group(attribute: &str, group: &str, datasets: &[Dataset], problems: &mut Problems) {
    let mut known: Vec<&str> = datasets
        .iter()
        .flat_map(|dataset| &dataset.cases.attributes)
        .filter(|(known, _)| known.name == attribute)
        .flat_map(|(_, names)| names.names())
        .map(String::as_str)
        .collect();
    known.sort_unstable();
    known.dedup();
    if !known.contains(&group) {
        problems.push(
            Problem::new(
                "groups/reference",
                Place::file("--reference"),
                format!("{} has no group {}", quote(attribute), quote(group)),
            )
            .help(expected_one_of(group, &known)),
        );
    }
}
