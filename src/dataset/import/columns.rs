//! The columns of `cases.csv`: where their cells come from, and whether these are labels or numbers.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::card::sections;
use super::files::Source;
use super::frame::Frame;
use super::maker::{Maker, Notes, not_a_number};
use super::recipe::cells::Cells;
use super::recipe::reading::Form;
use super::recipe::{DIMENSIONS, Recipe, Section};
use crate::case::intensity::Scale;
use crate::dataset::card::{Card, TaskColumn};
use crate::dataset::cases::parse_labels;
use crate::dataset::intensity::parse_number;
use crate::diagnostic::{Place, Problem, Problems};

/// Where the cells of one column of `cases.csv` come from.
pub(super) enum Filling<'a> {
    /// The number of the row.
    Number,
    /// The source.
    Maker(Box<Maker<'a>>),
    /// What most raters chose.
    Majority,
}

/// One column of `cases.csv`.
pub(super) struct Filled<'a> {
    pub name: &'a str,
    pub filling: Filling<'a>,
    pub section: Option<&'a Section>,
    pub task: Option<&'a TaskColumn>,
    /// The scale that its numbers must lie on.
    pub scale: Option<Scale>,
    pub checked: HashMap<String, bool>,
}

/// The columns of `cases.csv`, the id first.
pub(super) fn columns<'a>(
    recipe: &'a Recipe,
    card: &'a Card,
    frame: &Frame,
    source: &Source,
) -> Result<Vec<Filled<'a>>, Problems> {
    let mut problems = Problems::new();
    let mut columns = Vec::new();
    let mut add = |name: &'a str, cells: &'a Cells, section: Option<&'a Section>| {
        let task = section
            .filter(|section| section.table == "tasks")
            .and_then(|section| task_of(card, &section.name));
        let separator = section.map_or("|", |section| section.separator.as_str());
        let labels = task.map_or_else(Vec::new, labels_of);
        let filling = if section.is_some_and(|section| section.majority) {
            Filling::Majority
        } else {
            match Maker::new(cells, name, frame, source, labels, separator) {
                Ok(maker) => Filling::Maker(Box::new(maker)),
                Err(more) => {
                    problems.extend(more);
                    Filling::Number
                }
            }
        };
        columns.push(Filled {
            name,
            filling,
            section,
            task,
            scale: section.and_then(|section| scale_of(card, section)),
            checked: HashMap::new(),
        });
    };
    for (name, cells) in &recipe.columns {
        add(name, cells, None);
    }
    for section in sections(recipe, frame).filter(|section| !section.of_raters) {
        add(&section.name, &section.from, Some(section));
    }
    problems.or(())?;
    let aligned_text = matches!(recipe.reading.form, Form::Aligned(_));
    if columns.first().is_none_or(|column| column.name != "id") {
        columns.insert(
            0,
            Filled {
                name: "id",
                filling: Filling::Number,
                section: None,
                task: None,
                scale: None,
                checked: HashMap::new(),
            },
        );
    }
    if aligned_text && frame.table.column("text").is_some() && !has_text(recipe) {
        let text = Maker::new(text_cells(), "text", frame, source, Vec::new(), "|")?;
        columns.insert(
            1,
            Filled {
                name: "text",
                filling: Filling::Maker(Box::new(text)),
                section: None,
                task: None,
                scale: None,
                checked: HashMap::new(),
            },
        );
    }
    Ok(columns)
}

fn has_text(recipe: &Recipe) -> bool {
    recipe.columns.iter().any(|(name, _)| *name == "text")
}

/// The texts of aligned files.
fn text_cells() -> &'static Cells {
    static TEXT: LazyLock<Cells> = LazyLock::new(|| Cells::column("text"));
    &TEXT
}

/// The task of a card by its name.
pub(super) fn task_of<'a>(card: &'a Card, name: &str) -> Option<&'a TaskColumn> {
    card.tasks
        .iter()
        .find(|task| task.scheme.task.as_str() == name)
}

/// The scale of a dimension of a card.
fn scale_of(card: &Card, section: &Section) -> Option<Scale> {
    let columns = card
        .intensity
        .as_ref()
        .filter(|_| section.table == DIMENSIONS)?;
    let place = columns.scheme.index(&section.name)?;
    columns.dimensions.get(place).map(|(_, scale)| *scale)
}

/// The labels of a task, in order.
pub(super) fn labels_of(task: &TaskColumn) -> Vec<String> {
    let labels = task.scheme.labels.iter();
    labels.map(|label| label.name.clone()).collect()
}

/// Refuses cells that are no numbers on their scale, at their place in the source.
pub(super) fn check_scale(
    scale: Option<Scale>,
    cell: &str,
    notes: &mut Notes,
    place: impl Fn() -> Place,
) {
    if let Some(Err((message, help))) = scale.map(|scale| parse_number(cell, scale)) {
        let problem = Problem::new("import/bad-number", place(), message);
        notes.problems.push(problem.help(help));
    }
}

/// Refuses cells that are no labels, or no numbers, at their place in the source; each once.
pub(super) fn check(
    task: Option<&TaskColumn>,
    section: Option<&Section>,
    checked: &mut HashMap<String, bool>,
    cell: &str,
    notes: &mut Notes,
    place: impl Fn() -> Place,
) {
    let feature = section.is_some_and(|section| section.table == "features");
    if feature && !cell.is_empty() && !cell.parse::<f64>().is_ok_and(f64::is_finite) {
        notes.problems.push(not_a_number(place()));
    }
    let Some(task) = task else {
        return;
    };
    if checked.contains_key(cell) {
        return;
    }
    if let Err((message, help)) = parse_labels(cell, task) {
        notes
            .problems
            .push(Problem::new("import/unknown-label", place(), message).help(help));
    }
    checked.insert(cell.to_owned(), true);
}
