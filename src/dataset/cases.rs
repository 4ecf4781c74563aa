//! Reads cases from a table as the card describes them.

use std::collections::HashMap;

use super::behaviour::read_behaviour;
use super::card::{Card, ColumnName, TaskColumn};
use super::intensity;
use super::table::{LIST_SEPARATOR, Table};
use super::weight::read_weights;
use crate::attribute::{About, Attribute};
use crate::case::{Cases, Feature, Gold, Names};
use crate::diagnostic::{Place, Problem, Problems, list, nearest, quote, quote_label};
use crate::task::LabelSet;

/// The code of a label outside the scheme, which leaves the rest of the case usable.
pub(super) const UNKNOWN_LABEL: &str = "dataset/unknown-label";

/// The most groups of one attribute.
const MOST_GROUPS: usize = 500;

/// Reads cases from a table as the card describes them.
///
/// # Errors
/// Columns that are not there, ids that are blank or stand twice, labels outside the scheme: all of them.
pub fn read_cases(card: &Card, table: &Table) -> Result<Cases, Problems> {
    let (cases, problems) = read_what_fits(card, table);
    problems.or(cases)
}

/// The cases as far as they can be read, where a label that cannot is blank, and all problems.
pub(super) fn read_what_fits(card: &Card, table: &Table) -> (Cases, Problems) {
    let mut problems = Problems::new();
    let id = find_column(table, &card.id, &mut problems);
    let text = find_column(table, &card.text, &mut problems);
    let mut optional = |column: &Option<ColumnName>| {
        let column = column.as_ref()?;
        find_column(table, column, &mut problems)
    };
    let clusters = optional(&card.cluster);
    let sets = optional(&card.set);
    let wordings = optional(&card.wording);
    let weights = optional(&card.weight);
    let attributes: Vec<_> = card
        .attributes
        .iter()
        .filter(|column| {
            // What is about raters may stand in the ratings instead, which are read later.
            let of_ratings = card.ratings.is_some() && column.attribute.about == About::Rater;
            !of_ratings || table.column(&column.column).is_some()
        })
        .map(|column| {
            let name = declared(&column.column, &column.place);
            (column, find_column(table, &name, &mut problems))
        })
        .collect();
    let tasks: Vec<_> = card
        .tasks
        .iter()
        .map(|task| {
            let name = declared(&task.column, &task.place);
            (task, find_column(table, &name, &mut problems))
        })
        .collect();
    let features: Vec<_> = card
        .features
        .iter()
        .map(|feature| {
            let name = declared(&feature.column, &feature.place);
            (feature, find_column(table, &name, &mut problems))
        })
        .collect();
    let names = |column: usize| Names::from_cells(table.cells(column));
    let mut cases = Cases {
        ids: read_ids(table, id, &mut problems),
        texts: text.map(|column| table.cells(column).map(str::to_owned).collect()),
        clusters: clusters.map(names),
        sets: sets.map(names),
        wordings: wordings.map(names),
        weights: weights.and_then(|column| read_weights(table, column, &mut problems)),
        attributes: attributes
            .into_iter()
            .filter_map(|(column, place)| Some((column.attribute.clone(), names(place?))))
            .collect(),
        features: features
            .into_iter()
            .filter_map(|(feature, column)| {
                Some(Feature {
                    name: feature.name.clone(),
                    title: feature.title.clone(),
                    values: read_numbers(table, column?, &mut problems),
                })
            })
            .collect(),
        gold: tasks
            .into_iter()
            .filter_map(|(task, column)| Some(read_gold(table, task, column?, &mut problems)))
            .collect(),
        intensity: card
            .intensity
            .as_ref()
            .and_then(|columns| intensity::read_numbers(columns, table, &mut problems)),
        ratings: Vec::new(),
        rater_attributes: Vec::new(),
        behaviour: None,
    };
    cases.behaviour = card
        .behaviour
        .as_ref()
        .and_then(|columns| read_behaviour(columns, table, &cases, &mut problems));
    for (attribute, names) in &cases.attributes {
        refuse_too_many_groups(&Place::file(table.file()), attribute, names, &mut problems);
    }
    if cases.is_empty() && problems.is_empty() {
        problems.push(
            Problem::new(
                "dataset/empty",
                Place::file(table.file()),
                "there is no case",
            )
            .help("expected at least one row under the header"),
        );
    }
    (cases, problems)
}

/// Notes an attribute with more groups than are compared.
pub(super) fn refuse_too_many_groups(
    file: &Place,
    attribute: &Attribute,
    names: &Names,
    problems: &mut Problems,
) {
    let groups = names.names().len();
    if groups > MOST_GROUPS {
        problems.push(
            Problem::new(
                "dataset/too-many-groups",
                file.clone().key(&attribute.name),
                format!("the attribute {} has {groups} groups", quote(&attribute.name)),
            )
            .help(format!(
                "at most {MOST_GROUPS} are compared; a column that names single persons or texts is a cluster, not an attribute"
            )),
        );
    }
}

pub(super) fn declared(name: &str, place: &Place) -> ColumnName {
    ColumnName {
        name: name.to_owned(),
        place: place.clone(),
        declared: true,
    }
}

pub(super) fn find_column(
    table: &Table,
    column: &ColumnName,
    problems: &mut Problems,
) -> Option<usize> {
    let found = table.column(&column.name);
    if found.is_none() && column.declared {
        let help = match nearest(&column.name, table.header().iter().map(String::as_str)) {
            Some(near) => format!("did you mean {near}? "),
            None => String::new(),
        };
        problems.push(
            Problem::new(
                "dataset/unknown-column",
                column.place.clone(),
                format!("{} has no column {}", table.file(), quote(&column.name)),
            )
            .help(format!("{help}its columns: {}", list(table.header()))),
        );
    }
    found
}

/// The ids; the number of the row stands in where there is no column of them.
fn read_ids(table: &Table, column: Option<usize>, problems: &mut Problems) -> Vec<String> {
    let Some(column) = column else {
        return (1..=table.rows()).map(|row| row.to_string()).collect();
    };
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(table.rows());
    for (row, id) in table.cells(column).enumerate() {
        if id.trim().is_empty() {
            problems.push(
                Problem::new(
                    "dataset/blank-id",
                    table.place(row, column),
                    "the id is blank",
                )
                .help("every case needs an id of its own"),
            );
        } else if let Some(earlier) = first.insert(id, row) {
            let line = table.place(earlier, column).line.unwrap_or_default();
            problems.push(
                Problem::new(
                    "dataset/duplicate-id",
                    table.place(row, column),
                    format!("id {} stands already in line {line}", quote(id)),
                )
                .help("every case needs an id of its own"),
            );
        }
    }
    table.cells(column).map(str::to_owned).collect()
}

/// Finite numbers; a blank cell is a missing one.
fn read_numbers(table: &Table, column: usize, problems: &mut Problems) -> Vec<Option<f64>> {
    let mut numbers = Vec::with_capacity(table.rows());
    for (row, cell) in table.cells(column).enumerate() {
        let cell = cell.trim();
        let number = cell.parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() && !cell.is_empty() {
            problems.push(
                Problem::new(
                    "dataset/not-a-number",
                    table.place(row, column),
                    "this cell is not a finite number",
                )
                .help("a feature holds numbers such as 0.25; leave the cell blank where it is missing"),
            );
        }
        numbers.push(number);
    }
    numbers
}

fn read_gold(table: &Table, task: &TaskColumn, column: usize, problems: &mut Problems) -> Gold {
    let mut known: HashMap<&str, Option<LabelSet>> = HashMap::new();
    let mut labels = Vec::with_capacity(table.rows());
    for (row, cell) in table.cells(column).enumerate() {
        // Labels repeat: each spelling is looked up once.
        let set = match known.get(cell) {
            Some(set) => *set,
            None => match parse_labels(cell, task) {
                Ok(set) => {
                    known.insert(cell, set);
                    set
                }
                Err((message, help)) => {
                    problems.push(
                        Problem::new(UNKNOWN_LABEL, table.place(row, column), message).help(help),
                    );
                    None
                }
            },
        };
        labels.push(set);
    }
    Gold {
        scheme: task.scheme.clone(),
        source: task.source,
        labels,
    }
}

pub(super) fn parse_labels(
    cell: &str,
    task: &TaskColumn,
) -> Result<Option<LabelSet>, (String, String)> {
    if cell.trim().is_empty() {
        return Ok(None);
    }
    let mut set = LabelSet::EMPTY;
    if task.scheme.is_multi_label() {
        for part in cell
            .split(LIST_SEPARATOR)
            .flat_map(|part| part.split(&task.separator))
        {
            set.insert(label_index(part, task)?);
        }
    } else {
        set.insert(label_index(cell, task)?);
    }
    Ok(Some(set))
}

fn label_index(name: &str, task: &TaskColumn) -> Result<usize, (String, String)> {
    task.scheme.index(name).ok_or_else(|| {
        (
            format!(
                "label {} is not in the scheme {}",
                quote_label(name),
                task.scheme.name
            ),
            task.scheme.help(name),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::table::Dialect;
    use super::*;

    const CARD_TEXT: &str = r#"
name = "small"
[columns]
cluster = "template"
set = "set"
wording = "wording"
[tasks.emotion]
scheme = "goemotions"
source = "perceived"
[attributes.country]
about = "author"
kind = "culture"
"#;

    fn cases(text: &str) -> Result<Cases, Problems> {
        let card = Card::parse("dataset.toml", CARD_TEXT).expect("a valid card");
        let table = Table::from_delimited("cases.csv", text.as_bytes(), Dialect::default())?;
        read_cases(&card, &table)
    }

    #[test]
    fn blank_cells_stay_blank() {
        let cases = cases(
            "id,text,emotion,country,template,wording,set\n1,a,joy|fear,NG,t,2,s\n2,b,,,,,\n",
        )
        .expect("valid");
        assert_eq!(cases.gold[0].labels[0].map(LabelSet::len), Some(2));
        assert_eq!(cases.gold[0].labels[1], None);
        assert_eq!(cases.attributes[0].1.codes(), [Some(0), None]);
        assert_eq!(cases.sets.expect("declared").codes(), [Some(0), None]);
        let wordings = cases.wordings.expect("declared");
        assert_eq!(
            (wordings.names(), wordings.codes()),
            (&["2".to_owned()][..], &[Some(0), None][..])
        );
    }

    #[test]
    fn all_problems_of_a_file_come_together() {
        let problems = cases(
            "id,text,emotion,contry,template,word,set\n1,a,jooy,NG,,,s\n1,b,joy,,,,\n,c,joy,,,,\n",
        )
        .expect_err("five problems");
        let found: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}", problem.code, problem.place))
            .collect();
        assert_eq!(
            found,
            [
                "dataset/unknown-column dataset.toml:6:11 (wording)",
                "dataset/unknown-column dataset.toml:10:1 (column)",
                "dataset/duplicate-id cases.csv:3:1 (id)",
                "dataset/blank-id cases.csv:4:1 (id)",
                "dataset/unknown-label cases.csv:2:3 (emotion)",
            ]
        );
        assert!(problems.to_string().contains("did you mean contry?"));
    }
}
