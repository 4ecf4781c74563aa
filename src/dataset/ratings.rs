//! The labels of single raters: `id`, `rater` and a column for each task. Who they are is forgotten once read: what
//! stays is how often a case got each label, and what a rater without a name, of some group, said.

use std::collections::{HashMap, HashSet};

use super::card::Card;
use super::cases::{declared, find_column, parse_labels};
use super::intensity;
use super::raters::{columns, read_groups};
use super::table::Table;
use crate::attribute::Attribute;
use crate::case::{Cases, Names, Rated, Rater, Ratings};
use crate::diagnostic::{Place, Problem, Problems, quote};

/// Adds what raters said to cases: counts of labels, and numbers on dimensions.
///
/// # Errors
/// Missing columns, ids that belong to no case, two ratings of one case by one rater, a rater in two groups, labels
/// outside the scheme, numbers outside the scale.
pub fn rate(card: &Card, table: &Table, cases: &mut Cases) -> Result<(), Problems> {
    let (ratings, rater_attributes) = read_ratings(card, table, cases)?;
    cases.ratings = ratings;
    cases.rater_attributes = rater_attributes;
    match &mut cases.intensity {
        Some(gold) => intensity::read_ratings(gold, table, &cases.ids),
        None => Ok(()),
    }
}

/// What was said, by task, and the groups of those who said it.
type Read = (Vec<Ratings>, Vec<(Attribute, Names)>);

/// Counts what raters said of each case. A blank cell is no rating.
///
/// # Errors
/// Missing columns, ids that belong to no case, two ratings of one case by one rater, a rater in two groups, labels
/// outside the scheme.
fn read_ratings(card: &Card, table: &Table, of: &Cases) -> Result<Read, Problems> {
    let ids = &of.ids;
    let mut problems = Problems::new();
    let place = Place::file(table.file());
    let id = find_column(table, &declared("id", &place), &mut problems);
    let rater = find_column(table, &declared("rater", &place), &mut problems);
    let tasks: Vec<_> = card
        .tasks
        .iter()
        .filter_map(|task| Some((task, table.column(task.scheme.task.as_str())?)))
        .collect();
    let dimensions = card.intensity.iter().flat_map(|task| task.scheme.names());
    if tasks.is_empty() && !dimensions.clone().any(|name| table.column(name).is_some()) {
        let names = card.tasks.iter().map(|task| task.scheme.task.as_str());
        let names: Vec<&str> = names.chain(dimensions).collect();
        problems.push(
            Problem::new(
                "dataset/no-ratings",
                place,
                "no column holds ratings of a task",
            )
            .help(format!("expected a column named {}", names.join(" or "))),
        );
    }
    let groups = columns(card, table, of, &mut problems);
    problems.or(())?;
    let (Some(id), Some(rater)) = (id, rater) else {
        return Ok(Read::default());
    };
    let cases: HashMap<&str, usize> = ids
        .iter()
        .enumerate()
        .map(|(case, id)| (id.as_str(), case))
        .collect();
    let mut problems = Problems::new();
    let groups = read_groups(table, rater, &groups, &mut problems);
    let mut seen: HashSet<(usize, &str)> = HashSet::new();
    let mut ratings: Vec<Ratings> = tasks
        .iter()
        .map(|(task, _)| Ratings {
            scheme: task.scheme.clone(),
            rated: vec![
                Rated {
                    raters: 0,
                    chosen: vec![0; task.scheme.labels.len()],
                    sets: Vec::new(),
                };
                ids.len()
            ],
            raters: Vec::new(),
        })
        .collect();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for row in 0..table.rows() {
        let name = table.cell(row, id);
        let Some(case) = cases.get(name).copied() else {
            problems.push(
                Problem::new(
                    "dataset/unknown-rated-id",
                    table.place(row, id),
                    format!("id {} belongs to no case", quote(name)),
                )
                .help("ratings are matched to cases by id"),
            );
            continue;
        };
        if !seen.insert((case, table.cell(row, rater))) {
            problems.push(
                Problem::new(
                    "dataset/rated-twice",
                    table.place(row, rater),
                    format!("this rater rated the case {} before", quote(name)),
                )
                .help("one row a case and rater"),
            );
            continue;
        }
        let next = places.len();
        let place = *places.entry(table.cell(row, rater)).or_insert(next);
        for ((task, column), ratings) in tasks.iter().zip(&mut ratings) {
            if ratings.raters.len() <= place {
                ratings.raters.push(Rater {
                    ratings: 0,
                    chosen: vec![0; task.scheme.labels.len()],
                    given: Vec::new(),
                    groups: groups.of(table.cell(row, rater)),
                });
            }
            match parse_labels(table.cell(row, *column), task) {
                Ok(None) => {}
                Ok(Some(labels)) => {
                    let rated = &mut ratings.rated[case];
                    let rater = &mut ratings.raters[place];
                    rated.raters += 1;
                    rater.ratings += 1;
                    rater.given.push((case, labels));
                    if task.scheme.is_multi_label() {
                        rated.sets.push(labels);
                    }
                    for label in labels.iter() {
                        rated.chosen[label] += 1;
                        rater.chosen[label] += 1;
                    }
                }
                Err((message, help)) => problems.push(
                    Problem::new("dataset/unknown-label", table.place(row, *column), message)
                        .help(help),
                ),
            }
        }
    }
    // The order of the file might tell who is who.
    for ratings in &mut ratings {
        for rated in &mut ratings.rated {
            rated.sets.sort_unstable();
        }
        if card.anonymous_raters {
            ratings.raters.clear();
        }
        for rater in &mut ratings.raters {
            rater.given.sort_unstable();
        }
        ratings.raters.retain(|rater| rater.ratings > 0);
        ratings.raters.sort_unstable_by(|one, other| other.cmp(one));
    }
    problems.or((ratings, groups.attributes))
}

#[cfg(test)]
mod tests {
    use super::super::table::Dialect;
    use super::*;

    fn read(text: &str) -> Result<Vec<Ratings>, Problems> {
        let card = Card::parse(
            "dataset.toml",
            "name = \"small\"\n[tasks.sentiment]\nscheme = \"three-way\"\nsource = \"perceived\"\n",
        )?;
        let table = Table::from_delimited("ratings.csv", text.as_bytes(), Dialect::default())?;
        let cases = Cases {
            ids: vec!["1".to_owned(), "2".to_owned()],
            ..Cases::default()
        };
        read_ratings(&card, &table, &cases).map(|(ratings, _)| ratings)
    }

    #[test]
    fn ratings_are_counted_and_raters_forgotten() {
        let ratings =
            read("id,rater,sentiment\n1,a,positive\n1,b,negative\n2,a,\n").expect("valid");
        assert_eq!(ratings[0].rated[0].chosen, [1, 0, 1]);
        assert_eq!(ratings[0].rated[1].raters, 0);
        let raters: Vec<&[u64]> = ratings[0]
            .raters
            .iter()
            .map(|rater| rater.chosen.as_slice())
            .collect();
        assert_eq!(raters, [[1, 0, 0], [0, 0, 1]]);
    }

    #[test]
    fn all_problems_come_together() {
        let problems = read("id,rater,sentiment\n1,a,positive\n1,a,negative\n3,a,good\n2,b,god\n")
            .expect_err("three");
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(
            codes,
            [
                "dataset/rated-twice",
                "dataset/unknown-rated-id",
                "dataset/unknown-label"
            ]
        );
    }
}
