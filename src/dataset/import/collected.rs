//! The ratings of an import: which belong to cases, what most raters chose, and the file they are written to.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::maker::Notes;
use super::recipe::rater_column;
use super::recipe::steps::RatingsFrom;
use crate::diagnostic::{Problem, counted, quote};

/// What one rater said of one case.
pub struct Rating {
    /// The id of the case.
    pub id: String,
    /// The rater.
    pub rater: String,
    /// The label or labels.
    pub label: String,
    /// What is known of the rater.
    pub known: Vec<String>,
}

/// All ratings of an import.
pub struct Collected {
    /// The ratings, in the order of the source.
    pub rows: Vec<Rating>,
    /// The names of what is known of raters.
    pub known: Vec<String>,
}

/// How many raters a case has, and how many of them chose each label.
type Tally<'a> = (u64, Vec<(&'a str, u64)>);

impl Collected {
    /// Leaves out or refuses ratings of ids that are no case.
    ///
    /// # Errors
    /// Such ratings, where they are refused.
    pub fn of_cases(&mut self, ids: &HashSet<&str>, from: &RatingsFrom, notes: &mut Notes) {
        let before = self.rows.len();
        let strangers: HashSet<String> = self
            .rows
            .iter()
            .filter(|rating| !ids.contains(rating.id.as_str()))
            .map(|rating| rating.id.clone())
            .collect();
        self.rows.retain(|rating| ids.contains(rating.id.as_str()));
        let lost = before - self.rows.len();
        if lost == 0 {
            return;
        }
        // Ratings in the rows of the cases go with rows that the recipe leaves out.
        if from.drop_unknown || from.file.is_none() {
            let reason = format!(
                "ratings whose id is no case ({})",
                counted(strangers.len(), "id")
            );
            notes.telling.count(&reason, lost);
            return;
        }
        let mut some: Vec<&String> = strangers.iter().collect();
        some.sort();
        let first = some.first().map_or_else(String::new, |id| quote(id));
        notes.problems.push(
            Problem::new(
                "import/unknown-rated-id",
                from.place.clone(),
                format!(
                    "{} of {} without a case, such as {first}",
                    counted(lost, "rating"),
                    counted(strangers.len(), "id")
                ),
            )
            .help("correct `id`, or say unknown_ids = \"drop\" in [ratings]"),
        );
    }

    /// The label that most ratings of each id hold (in a multi-label task every label that more than half hold), and
    /// ids whose first place is shared.
    pub fn majorities(&self, multi_label: bool, separator: &str) -> HashMap<&str, Option<String>> {
        let mut counts: HashMap<&str, Tally<'_>> = HashMap::new();
        for rating in &self.rows {
            let (raters, labels) = counts.entry(&rating.id).or_default();
            *raters += 1;
            let parts: Vec<&str> = if multi_label {
                rating.label.split(separator).collect()
            } else {
                vec![&rating.label]
            };
            for part in parts {
                match labels.iter_mut().find(|(label, _)| *label == part) {
                    Some((_, count)) => *count += 1,
                    None => labels.push((part, 1)),
                }
            }
        }
        let winner = |raters: u64, labels: &[(&str, u64)]| -> Option<String> {
            if multi_label {
                let chosen = labels.iter().filter(|(_, count)| 2 * count > raters);
                let chosen: Vec<&str> = chosen.map(|(label, _)| *label).collect();
                return Some(chosen.join(separator));
            }
            let most = labels.iter().map(|(_, count)| *count).max()?;
            let mut first = labels.iter().filter(|(_, count)| *count == most);
            let (label, _) = first.next()?;
            first.next().is_none().then(|| (*label).to_owned())
        };
        counts
            .into_iter()
            .map(|(id, (raters, labels))| (id, winner(raters, &labels)))
            .collect()
    }

    /// The header and rows of `ratings.csv`.
    pub fn table(&self, task: &str) -> impl Iterator<Item = Vec<Cow<'_, str>>> {
        let header: Vec<Cow<'_, str>> = ["id", "rater", task]
            .into_iter()
            .map(|name| Cow::Owned(name.to_owned()))
            .chain(self.known.iter().map(|name| Cow::Owned(rater_column(name))))
            .collect();
        let rows = self.rows.iter().map(|rating| {
            let mut row: Vec<Cow<'_, str>> = vec![
                Cow::Borrowed(&rating.id),
                Cow::Borrowed(&rating.rater),
                Cow::Borrowed(&rating.label),
            ];
            row.extend(rating.known.iter().map(|cell| Cow::Borrowed(cell.as_str())));
            row
        });
        std::iter::once(header).chain(rows)
    }
}
