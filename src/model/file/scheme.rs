//! Which scheme a predictions file answers in: that of a task of the dataset, else a built-in one. Scores for dimensions
//! of the dataset are numbers on them.

use std::sync::Arc;

use super::PredictionsFile;
use crate::dataset::Dataset;
use crate::dataset::table::LIST_SEPARATOR;
use crate::diagnostic::{Place, Problem, Problems, quote_label};
use crate::task::{Scheme, bridge, built_in_schemes, same_label};

impl PredictionsFile {
    /// The scheme that holds all labels of the file: one of the dataset's tasks, else a built-in one. Columns of scores
    /// for just the labels of one scheme say that this one is meant, even where the dataset knows more labels: its
    /// answers are then carried over by a crosswalk.
    ///
    /// # Errors
    /// Labels that fit no scheme, or several tasks of the dataset alike; scores of some labels only, where nothing says
    /// which label is the answer and the dataset has labels to compare it with.
    pub fn scheme(&self, dataset: &Dataset) -> Result<Arc<Scheme>, Problems> {
        let mut labels: Vec<(&str, Place)> = self
            .scores
            .iter()
            .map(|(label, column)| {
                (
                    label.as_str(),
                    Place::file(self.table.file()).at(1, *column as u64 + 1),
                )
            })
            .collect();
        if let Some(column) = self.label {
            for (row, cell) in self.table.cells(column).enumerate() {
                for part in cell.split(['|', LIST_SEPARATOR]) {
                    if !part.trim().is_empty() && !labels.iter().any(|(known, _)| *known == part) {
                        labels.push((part, self.table.place(row, column)));
                    }
                }
            }
        }
        let fits = |scheme: &Scheme| {
            labels
                .iter()
                .all(|(label, _)| scheme.index(label).is_some())
        };
        let numbers = dataset.cases.intensity.as_ref().map(|gold| &gold.scheme);
        if let Some(dimensions) = numbers.filter(|scheme| fits(scheme) && !labels.is_empty()) {
            // No label of the dataset bears the name of a dimension.
            return Ok(dimensions.clone());
        }
        let own: Vec<&Arc<Scheme>> = dataset.cases.gold.iter().map(|gold| &gold.scheme).collect();
        let exact =
            |scheme: &&Arc<Scheme>| scheme.labels.len() == self.scores.len() && fits(scheme);
        let meets = |scheme: &&Arc<Scheme>| own.iter().any(|own| bridge(scheme, own).is_some());
        let built_in = || built_in_schemes().iter().filter(exact);
        let said = own
            .iter()
            .copied()
            .find(exact)
            .or_else(|| built_in().find(meets))
            .or_else(|| built_in().next());
        if let Some(scheme) = said {
            return Ok(scheme.clone());
        }
        let fitting: Vec<&Arc<Scheme>> =
            own.iter().copied().filter(|scheme| fits(scheme)).collect();
        match fitting.as_slice() {
            [one] if self.label.is_none() => return Err(self.incomplete(one)),
            [one] => return Ok((*one).clone()),
            [first, ..] => {
                let tasks: Vec<&str> = fitting.iter().map(|scheme| scheme.task.as_str()).collect();
                return Err(Problem::new(
                    "predictions/ambiguous-task",
                    Place::file(self.table.file()),
                    format!(
                        "its labels fit several tasks of the dataset: {}",
                        tasks.join(", ")
                    ),
                )
                .help(format!(
                    "add columns score:<label> for every label, as in score:{}",
                    first.names().join(", score:")
                ))
                .into());
            }
            [] => {}
        }
        if let Some(scheme) = built_in_schemes().iter().find(|scheme| fits(scheme)) {
            return Ok(scheme.clone());
        }
        // Nothing fits: tell which labels are strange to the scheme that knows most of them.
        let known = |scheme: &Scheme| {
            labels
                .iter()
                .filter(|(label, _)| scheme.index(label).is_some())
                .count()
        };
        let closest = own
            .iter()
            .copied()
            .chain(numbers)
            .chain(built_in_schemes())
            .rev()
            .max_by_key(|scheme| known(scheme));
        let mut problems = Problems::new();
        for (label, place) in &labels {
            if let Some(scheme) = closest.filter(|scheme| scheme.index(label).is_none()) {
                problems.push(
                    Problem::new(
                        "predictions/unknown-label",
                        place.clone(),
                        format!(
                            "label {} is not in the scheme {}",
                            quote_label(label),
                            scheme.name
                        ),
                    )
                    .help(scheme.help(label)),
                );
            }
        }
        Err(problems)
    }

    fn incomplete(&self, scheme: &Scheme) -> Problems {
        let has = |label: &&str| {
            let mut scores = self.scores.iter();
            scores.any(|(name, _)| same_label(name, label))
        };
        let lacking: Vec<&str> = scheme
            .names()
            .into_iter()
            .filter(|label| !has(label))
            .collect();
        Problem::new(
            "predictions/incomplete-scores",
            Place::file(self.table.file()),
            format!(
                "scores for {} of the {} labels of {}, and no column label: which label is the answer cannot be told",
                self.scores.len(),
                scheme.labels.len(),
                scheme.name
            ),
        )
        .help(format!(
            "add a column label, or columns score:<label> for the other labels: {}",
            lacking.join(", ")
        ))
        .into()
    }
}
