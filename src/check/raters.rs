//! What each person who labelled did, without saying who it was.

use super::finding::{Finding, Grade, Table, Value, percent};
use super::page::Check;
use crate::case::{Cases, Rater, Ratings};
use crate::diagnostic::thousands;
use crate::measure::Rules;

/// Most raters that have a row of their own.
const MOST_RATERS: usize = 25;

/// How many ratings cases got and raters gave, task by task.
pub fn raters(cases: &Cases, rules: &Rules) -> Vec<Finding> {
    let check = Check::Raters;
    if cases.ratings.is_empty() {
        return vec![Finding::new(
            check,
            Grade::Unchecked,
            "the card names no file of single ratings",
        )];
    }
    cases
        .ratings
        .iter()
        .map(|ratings| of_task(ratings, rules).about(ratings.scheme.task.as_str()))
        .collect()
}

fn of_task(ratings: &Ratings, rules: &Rules) -> Finding {
    let check = Check::Raters;
    let total: u64 = ratings.rated.iter().map(|rated| rated.raters).sum();
    if total == 0 {
        return Finding::new(check, Grade::Unchecked, "no case has a rating");
    }
    let several = ratings
        .rated
        .iter()
        .filter(|rated| rated.raters > 1)
        .count();
    let per_case = format!(
        "{} ratings; {} of {} cases have two or more",
        thousands(total),
        thousands(several as u64),
        thousands(ratings.rated.len() as u64)
    );
    if ratings.raters.is_empty() {
        return Finding::new(
            check,
            Grade::Info,
            format!("{per_case}; they do not say whose they are"),
        );
    }
    let same = monotonous(ratings, rules);
    let busiest = ratings
        .raters
        .iter()
        .map(|rater| rater.ratings)
        .max()
        .unwrap_or(0);
    let alone = ratings.raters.len() > 2 && busiest * 2 > total;
    let mut faults = String::new();
    if same > 0 {
        faults.push_str(&format!(
            "; {} gave one label only, in {} ratings or more",
            people(same),
            rules.min_n
        ));
    }
    if alone {
        faults.push_str(&format!(
            "; one person gave {} of all",
            percent(busiest as usize, total as usize)
        ));
    }
    let grade = if faults.is_empty() {
        Grade::Info
    } else {
        Grade::Warning
    };
    Finding::new(
        check,
        grade,
        format!("{per_case}, by {}{faults}", people(ratings.raters.len())),
    )
    .table(table(ratings, rules))
}

fn people(n: usize) -> String {
    match n {
        1 => "one rater".to_owned(),
        n => format!("{} raters", thousands(n as u64)),
    }
}

/// How many raters with enough ratings gave one label only, where not everybody did.
fn monotonous(ratings: &Ratings, rules: &Rules) -> usize {
    let given = |rater: &Rater| rater.chosen.iter().filter(|n| **n > 0).count();
    if ratings.raters.iter().all(|rater| given(rater) <= 1) {
        return 0;
    }
    ratings
        .raters
        .iter()
        .filter(|rater| rater.ratings >= rules.min_n && given(rater) <= 1)
        .count()
}

/// Ratings of each rater, and the label that each gave most. Raters with few ratings are counted together.
fn table(ratings: &Ratings, rules: &Rules) -> Table {
    let mut table = Table::new(&[
        ("rater", "rater"),
        ("ratings", "ratings"),
        ("labels", "different labels"),
        ("most", "label given most"),
        ("share", "its share"),
    ]);
    let (mut rest, mut rest_ratings) = (0, 0);
    for (place, rater) in ratings.raters.iter().enumerate() {
        if place >= MOST_RATERS || rater.ratings < rules.suppress_below {
            rest += 1;
            rest_ratings += rater.ratings;
            continue;
        }
        let label = (0..rater.chosen.len())
            .max_by_key(|label| (rater.chosen[*label], std::cmp::Reverse(*label)))
            .unwrap_or(0);
        let chosen = rater.chosen.get(label).copied().unwrap_or(0);
        let kinds = rater.chosen.iter().filter(|n| **n > 0).count() as u64;
        table.row(vec![
            Value::Text(format!("rater {}", place + 1)),
            rater.ratings.into(),
            kinds.into(),
            ratings.scheme.labels[label].name.as_str().into(),
            Value::Text(percent(chosen as usize, rater.ratings as usize)),
        ]);
    }
    if rest > 0 {
        table.row(vec![
            Value::Text(format!("({rest} more)")),
            Value::Count(rest_ratings),
            "".into(),
            "".into(),
            "".into(),
        ]);
    }
    table
}
