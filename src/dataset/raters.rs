//! Groups of the people who rated: columns of the ratings table with one value a person. What they said is left to
//! `ratings`; who they are is forgotten with it.

use std::collections::{BTreeMap, HashMap};

use super::card::{AttributeColumn, Card};
use super::cases::refuse_too_many_groups;
use super::table::Table;
use crate::attribute::{About, Attribute};
use crate::case::{Cases, Names};
use crate::diagnostic::{Place, Problem, Problems, list, nearest, quote};

/// The column of raters, which reports name single people by.
const RATER: &str = "rater";

/// The groups of raters, while their names are still known.
pub(super) struct Groups<'a> {
    /// The attributes; one entry of each column a rater.
    pub(super) attributes: Vec<(Attribute, Names)>,
    raters: HashMap<&'a str, usize>,
}

impl Groups<'_> {
    /// The groups of a rater, attribute by attribute.
    pub(super) fn of(&self, rater: &str) -> Vec<Option<u32>> {
        let codes = self.attributes.iter().map(|(_, names)| {
            let rater = self.raters.get(rater)?;
            names.codes().get(*rater).copied().flatten()
        });
        codes.collect()
    }
}

/// The attributes about raters whose column stands in the ratings, with its place there. What is about raters may be a
/// column of the cases instead: each case then says who rated it.
pub(super) fn columns<'a>(
    card: &'a Card,
    table: &Table,
    cases: &Cases,
    problems: &mut Problems,
) -> Vec<(&'a AttributeColumn, usize)> {
    let about_raters = card.attributes.iter();
    let about_raters = about_raters.filter(|column| column.attribute.about == About::Rater);
    let mut found = Vec::new();
    for attribute in about_raters {
        let name = &attribute.attribute.name;
        let mut of_cases = cases.attributes.iter();
        let of_cases = of_cases.any(|(known, _)| known.name == *name);
        match (of_cases, table.column(&attribute.column)) {
            (true, None) => {}
            (false, Some(column)) => match refused(card, attribute) {
                Some(problem) => problems.push(problem),
                None => found.push((attribute, column)),
            },
            (true, Some(_)) => problems.push(
                Problem::new(
                    "dataset/attribute-twice",
                    attribute.place.clone(),
                    format!(
                        "the column {} stands in the cases and in {}",
                        quote(&attribute.column),
                        table.file()
                    ),
                )
                .help("what is about raters is read from one of the two: one value a case, or one a rater; take one column out, or give it another name"),
            ),
            (false, None) => problems.push(absent(attribute, table)),
        }
    }
    found
}

/// Why a column of the ratings cannot hold groups of raters.
fn refused(card: &Card, attribute: &AttributeColumn) -> Option<Problem> {
    let problem = |code, message: &str, help: &str| {
        Some(Problem::new(code, attribute.place.clone(), message).help(help))
    };
    if [RATER, "id"].contains(&attribute.column.as_str()) || attribute.attribute.name == RATER {
        return problem(
            "dataset/rater-as-group",
            "this names single raters or cases, and no group of raters",
            "name another column of the ratings, with one value for each rater, and give the attribute another name than rater",
        );
    }
    if card.anonymous_raters {
        return problem(
            "dataset/groups-of-anonymous-raters",
            "the card says that raters are numbered within each case (`anonymous = true`), so that nobody can tell how many people a group has",
            "take this attribute out of the card, or take `anonymous` out where a rater has one name in all cases",
        );
    }
    None
}

fn absent(attribute: &AttributeColumn, table: &Table) -> Problem {
    let columns = table.header().iter().map(String::as_str);
    let near = nearest(&attribute.column, columns);
    let near = near.map_or_else(String::new, |near| format!("did you mean {near}? "));
    Problem::new(
        "dataset/unknown-column",
        attribute.place.clone(),
        format!(
            "neither the cases nor {} have a column {}",
            table.file(),
            quote(&attribute.column)
        ),
    )
    .help(format!(
        "{near}an attribute about raters is a column of either; those of the ratings: {}",
        list(table.header())
    ))
}

/// Reads the groups of each rater. A blank cell says nothing, so that a group may stand in one of a rater's rows alone.
pub(super) fn read_groups<'a>(
    table: &'a Table,
    rater: usize,
    columns: &[(&AttributeColumn, usize)],
    problems: &mut Problems,
) -> Groups<'a> {
    let mut known: BTreeMap<&str, Vec<Option<Said>>> = BTreeMap::new();
    for row in 0..table.rows() {
        let groups = known
            .entry(table.cell(row, rater))
            .or_insert_with(|| vec![None; columns.len()]);
        for ((attribute, column), said) in columns.iter().zip(groups) {
            let group = table.cell(row, *column).trim();
            if group.is_empty() {
                continue;
            }
            let first = said.get_or_insert(Said {
                group,
                row,
                contradicted: false,
            });
            if first.group != group && !first.contradicted {
                first.contradicted = true;
                let line = table.place(first.row, *column).line.unwrap_or_default();
                problems.push(
                    Problem::new(
                        "dataset/rater-in-two-groups",
                        table.place(row, *column),
                        format!(
                            "this rater has {} here, and {} in line {line}",
                            quote(group),
                            quote(first.group)
                        ),
                    )
                    .help(format!(
                        "a rater has one value of {} in all rows, or a blank",
                        quote(&attribute.attribute.name)
                    )),
                );
            }
        }
    }
    // Sorted by group, so that places among raters tell nothing but that.
    let cell = |said: &Option<Said<'a>>| said.map_or("", |said| said.group);
    let mut raters: Vec<(Vec<&str>, &str)> = known
        .into_iter()
        .map(|(name, said)| (said.iter().map(cell).collect(), name))
        .collect();
    raters.sort_unstable();
    let attributes: Vec<(Attribute, Names)> = columns
        .iter()
        .enumerate()
        .map(|(place, (column, _))| {
            let cells = raters.iter().map(|(groups, _)| groups[place]);
            (column.attribute.clone(), Names::from_cells(cells))
        })
        .collect();
    for (attribute, names) in &attributes {
        refuse_too_many_groups(&Place::file(table.file()), attribute, names, problems);
    }
    let raters = raters.iter().enumerate();
    Groups {
        attributes,
        raters: raters.map(|(place, (_, name))| (*name, place)).collect(),
    }
}

/// The group that a rater was first said to be of.
#[derive(Clone, Copy)]
struct Said<'a> {
    group: &'a str,
    row: usize,
    contradicted: bool,
}
