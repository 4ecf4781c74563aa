//! Functional tests of a dataset: the card's `[behaviour]` table, and the columns it names.
//!
//! A row names its capability and its expectation: `minimum` (its gold label must come out), `invariance` (the answer
//! of its partner), `rises` or `falls` (the score of `label` moves from its partner's by at least `margin`). A row
//! without an expectation tests nothing and may be a partner.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::card::ColumnName;
use super::cases::find_column;
use super::table::Table;
use crate::case::behaviour::{Behaviour, Expectation, Test};
use crate::case::{Cases, Names};
use crate::diagnostic::{Place, Problem, Problems, expected_one_of, quote, quote_label};
use crate::document::Fields;
use crate::task::{LABEL_TASKS, Task};

/// The words of the expectation column.
const EXPECTATIONS: [&str; 4] = ["minimum", "invariance", "rises", "falls"];

/// The margin where neither card nor row says one.
const MARGIN: f64 = 0.05;

/// Where the functional tests stand.
#[derive(Clone, Debug, PartialEq)]
pub struct BehaviourColumns {
    /// Names the capability that a case tests.
    pub capability: ColumnName,
    /// Names what is expected.
    pub expectation: ColumnName,
    /// Names the partner by its id.
    pub partner: ColumnName,
    /// Names the task, where a test is about one only.
    pub task: ColumnName,
    /// Names the label whose score must move.
    pub label: ColumnName,
    /// Says by how much.
    pub margin: ColumnName,
    /// By how much where the row does not say.
    pub default_margin: f64,
}

/// Reads the card's `[behaviour]` table.
pub(super) fn read_columns(fields: &Fields<'_>) -> Option<BehaviourColumns> {
    let table = fields.table("behaviour")?;
    // What every test needs must be there; the other columns may be absent unless the card names them.
    let column = |key: &'static str, needed: bool| {
        let named = table.text(key);
        ColumnName {
            declared: needed || named.is_some(),
            place: table.place_of(key),
            name: named.unwrap_or_else(|| key.to_owned()),
        }
    };
    let columns = BehaviourColumns {
        capability: column("capability", true),
        expectation: column("expectation", true),
        partner: column("partner", false),
        task: column("task", false),
        label: column("label", false),
        margin: column("margin", false),
        default_margin: table
            .number_within("default_margin", -1.0, 1.0)
            .unwrap_or(MARGIN),
    };
    table.finish();
    Some(columns)
}

/// Where the columns stand in the table.
struct Places {
    expectation: usize,
    capability: usize,
    partner: Option<usize>,
    task: Option<usize>,
    label: Option<usize>,
    margin: Option<usize>,
}

/// Reads the tests of all cases.
pub(super) fn read_behaviour(
    columns: &BehaviourColumns,
    table: &Table,
    cases: &Cases,
    problems: &mut Problems,
) -> Option<Behaviour> {
    let mut find = |column: &ColumnName| find_column(table, column, problems);
    let (capability, expectation) = (find(&columns.capability), find(&columns.expectation));
    let (partner, task) = (find(&columns.partner), find(&columns.task));
    let (label, margin) = (find(&columns.label), find(&columns.margin));
    let places = Places {
        capability: capability?,
        expectation: expectation?,
        partner,
        task,
        label,
        margin,
    };
    let ids: HashMap<&str, usize> = cases
        .ids
        .iter()
        .enumerate()
        .map(|(case, id)| (id.as_str(), case))
        .collect();
    let mut tests = Vec::with_capacity(table.rows());
    for row in 0..table.rows() {
        let reader = Row {
            row,
            table,
            places: &places,
            cases,
            ids: &ids,
            default_margin: columns.default_margin,
        };
        let test = match reader.test() {
            Ok(test) => test,
            Err(problem) => {
                problems.push(*problem);
                None
            }
        };
        tests.push(test);
    }
    Some(Behaviour {
        capabilities: Names::from_cells(table.cells(places.capability)),
        tests,
    })
}

/// One row and what it may refer to.
struct Row<'a> {
    row: usize,
    table: &'a Table,
    places: &'a Places,
    cases: &'a Cases,
    ids: &'a HashMap<&'a str, usize>,
    default_margin: f64,
}

impl Row<'_> {
    fn test(&self) -> Result<Option<Test>, Box<Problem>> {
        let places = self.places;
        let Some((column, word)) = self.written(Some(places.expectation)) else {
            return Ok(None);
        };
        if self.written(Some(places.capability)).is_none() {
            return Err(self.problem(
                places.capability,
                "behaviour/no-capability",
                "a test without a capability",
                "name what it tests, such as negation",
            ));
        }
        let task = self.task()?;
        let pairless = |row: &Self, given: Option<usize>, of: &str| match row.written(given) {
            Some((column, _)) => Err(row.problem(
                column,
                "behaviour/not-used",
                &format!("this cell means nothing beside the expectation {of}"),
                "leave it blank",
            )),
            None => Ok(()),
        };
        let expectation = match word {
            "minimum" => {
                pairless(self, places.partner, word)?;
                pairless(self, places.label, word)?;
                pairless(self, places.margin, word)?;
                self.has_gold(task, column)?;
                Expectation::Minimum
            }
            "invariance" => {
                pairless(self, places.label, word)?;
                pairless(self, places.margin, word)?;
                Expectation::Invariance {
                    partner: self.partner(column)?,
                }
            }
            "rises" | "falls" => {
                let (task, label) = self.label(task, column)?;
                return Ok(Some(Test {
                    expectation: Expectation::Directional {
                        partner: self.partner(column)?,
                        label,
                        rises: word == "rises",
                        margin: self.margin()?,
                    },
                    task: Some(task),
                }));
            }
            _ => {
                return Err(self.problem(
                    column,
                    "behaviour/unknown-expectation",
                    &format!("the expectation is {}", quote(word)),
                    &expected_one_of(word, &EXPECTATIONS),
                ));
            }
        };
        Ok(Some(Test { expectation, task }))
    }

    /// A cell that is not blank, and its column.
    fn written(&self, column: Option<usize>) -> Option<(usize, &str)> {
        let column = column?;
        let cell = self.table.cell(self.row, column).trim();
        (!cell.is_empty()).then_some((column, cell))
    }

    fn place(&self, column: usize) -> Place {
        self.table.place(self.row, column)
    }

    fn problem(
        &self,
        column: usize,
        code: &'static str,
        message: &str,
        help: &str,
    ) -> Box<Problem> {
        Box::new(Problem::new(code, self.place(column), message).help(help))
    }

    fn task(&self) -> Result<Option<Task>, Box<Problem>> {
        let Some((column, word)) = self.written(self.places.task) else {
            return Ok(None);
        };
        match LABEL_TASKS.iter().find(|(name, _)| *name == word) {
            Some((_, task)) => Ok(Some(*task)),
            None => Err(self.problem(
                column,
                "behaviour/unknown-task",
                &format!("the task is {}", quote(word)),
                &expected_one_of(word, &LABEL_TASKS.map(|(name, _)| name)),
            )),
        }
    }

    fn has_gold(&self, task: Option<Task>, column: usize) -> Result<(), Box<Problem>> {
        let mut gold = self
            .cases
            .gold
            .iter()
            .filter(|gold| task.is_none_or(|task| task == gold.scheme.task));
        if gold.any(|gold| gold.labels[self.row].is_some()) {
            return Ok(());
        }
        Err(self.problem(
            column,
            "behaviour/no-gold",
            "a minimum of function without a gold label",
            "say which label must come out, in the column of a task",
        ))
    }

    fn partner(&self, expectation: usize) -> Result<usize, Box<Problem>> {
        let Some((column, id)) = self.written(self.places.partner) else {
            return Err(self.problem(
                self.places.partner.unwrap_or(expectation),
                "behaviour/no-partner",
                "there is no partner to compare with",
                "name the id of the case it is compared with, in the column partner",
            ));
        };
        match self.ids.get(id) {
            Some(partner) if *partner != self.row => Ok(*partner),
            Some(_) => Err(self.problem(
                column,
                "behaviour/own-partner",
                "the case is its own partner",
                "name another case",
            )),
            None => Err(self.problem(
                column,
                "behaviour/unknown-partner",
                &format!("no case has the id {}", quote(id)),
                "name the id of a case in this file",
            )),
        }
    }

    /// The task and the place of the label whose score must move.
    fn label(&self, task: Option<Task>, column: usize) -> Result<(Task, usize), Box<Problem>> {
        let Some((column, name)) = self.written(self.places.label) else {
            return Err(self.problem(
                self.places.label.unwrap_or(column),
                "behaviour/no-label",
                "there is no label whose score must move",
                "name a label of the task, in the column label",
            ));
        };
        let schemes = || {
            let gold = self.cases.gold.iter().map(|gold| &gold.scheme);
            gold.filter(move |scheme| task.is_none_or(|task| task == scheme.task))
        };
        let found: Vec<(Task, usize)> = schemes()
            .filter_map(|scheme| Some((scheme.task, scheme.index(name)?)))
            .collect();
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(self.problem(
                column,
                "behaviour/unknown-label",
                &format!("no task of the card has the label {}", quote_label(name)),
                &schemes().next().map_or_else(
                    || {
                        "a label needs a task in the card: [tasks.sentiment] or [tasks.emotion]"
                            .to_owned()
                    },
                    |scheme| scheme.help(name),
                ),
            )),
            _ => Err(self.problem(
                column,
                "behaviour/ambiguous-label",
                &format!("several tasks have the label {}", quote_label(name)),
                "say which in the column task",
            )),
        }
    }

    fn margin(&self) -> Result<f64, Box<Problem>> {
        let Some((column, cell)) = self.written(self.places.margin) else {
            return Ok(self.default_margin);
        };
        match cell.parse::<f64>() {
            Ok(margin) if (-1.0..=1.0).contains(&margin) => Ok(margin),
            _ => Err(self.problem(
                column,
                "behaviour/margin",
                &format!("the margin is {}", quote(cell)),
                "expected a number from -1 to 1; below 0 it is a tolerance",
            )),
        }
    }
}
