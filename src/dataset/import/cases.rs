//! Writes card, cases, ratings and predictions from the rows of an import.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::Imported;
use super::card::card;
use super::collected::Collected;
use super::columns::{Filling, check, check_scale, columns, labels_of, task_of};
use super::files::Source;
use super::frame::Frame;
use super::maker::{Made, Maker, Notes};
use super::predictions::Answers;
use super::ratings;
use super::recipe::Recipe;
use super::recipe::cells::{Cells, Origin};
use super::recipe::reading::Form;
use super::recipe::steps::{PredictionsFrom, RatingForm, RatingsFrom};
use crate::dataset::card::{Card, TaskColumn};
use crate::dataset::read::CARD;
use crate::diagnostic::{Problem, Problems};

/// The most problems that are told of one import.
const MOST_PROBLEMS: usize = 1000;

/// Makes the files of a dataset folder.
///
/// # Errors
/// Every problem of the rows.
pub(super) fn make(
    recipe: &Recipe,
    frame: &Frame,
    source: &Source,
    notes: &mut Notes,
) -> Result<Imported, Problems> {
    let card_text = card(recipe, frame);
    let card = Card::parse(CARD, &card_text)?;
    let mut columns = columns(recipe, &card, frame, source)?;
    let id = |row: usize, notes: &mut Notes| match &columns[0].filling {
        Filling::Maker(maker) => match maker.make(frame, row, notes) {
            Made::Cell(cell) => cell.into_owned(),
            Made::Drop => String::new(),
        },
        Filling::Number | Filling::Majority => (row + 1).to_string(),
    };
    let rated = recipe.ratings.as_ref();
    let mut collected = match rated {
        Some(from) => Some(collect(recipe, from, &card, frame, &id, source, notes)?),
        None => None,
    };
    let rows = rows_of_cases(rated, frame, &id);
    let implied = implied_predictions(recipe, frame);
    let predictions = recipe.predictions.as_ref().or(implied.as_ref());
    let mut answers = match predictions {
        Some(from) => Some(answers(from, &card, frame, source)?),
        None => None,
    };
    let majorities = majorities(recipe, &card, collected.as_ref());
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and rows of unequal length would be a fault of ours.
    let written = "writing to memory, with one cell a column";
    writer
        .write_record(columns.iter().map(|column| column.name))
        .expect(written);
    let mut ids: Vec<String> = Vec::with_capacity(if rated.is_some() { rows.len() } else { 0 });
    let mut record = csv::StringRecord::new();
    let mut count = 0;
    'rows: for row in rows {
        record.clear();
        for column in &mut columns {
            let cell = match &column.filling {
                Filling::Number => Made::Cell(Cow::Owned((row + 1).to_string())),
                Filling::Maker(maker) => maker.make(frame, row, notes),
                Filling::Majority => Made::Cell(majority(
                    &majorities,
                    record.get(0).unwrap_or_default(),
                    column.name,
                    notes,
                )),
            };
            let Made::Cell(cell) = cell else {
                continue 'rows;
            };
            let place = || match &column.filling {
                Filling::Maker(maker) => maker.place(frame, row),
                Filling::Number | Filling::Majority => frame.table.place(row, 0),
            };
            let checked = &mut column.checked;
            check(column.task, column.section, checked, &cell, notes, place);
            check_scale(column.scale, &cell, notes, place);
            record.push_field(&cell);
        }
        if notes.problems.len() > MOST_PROBLEMS {
            break;
        }
        let id = record.get(0).unwrap_or_default();
        if let Some(answers) = &mut answers {
            answers.add(frame, row, id, notes);
        }
        if rated.is_some() {
            ids.push(id.to_owned());
        }
        writer.write_record(&record).expect(written);
        count += 1;
    }
    if let (Some(collected), Some(from)) = (&mut collected, rated) {
        let ids: HashSet<&str> = ids.iter().map(String::as_str).collect();
        collected.of_cases(&ids, from, notes);
    }
    std::mem::take(&mut notes.problems).or(())?;
    let task = |named: &Option<String>| -> String {
        let first = recipe.tasks().next().map_or("", |section| &section.name);
        named.clone().unwrap_or_else(|| first.to_owned())
    };
    Ok(Imported {
        card: card_text,
        cases: text_of(writer),
        ratings: collected
            .zip(rated)
            .map(|(collected, from)| to_csv(collected.table(&task(&from.task)))),
        predictions: predictions
            .zip(answers)
            .map(|(from, answers)| (task(&from.task), to_csv(answers.table())))
            .into_iter()
            .collect(),
        rows: count,
        private: columns
            .iter()
            .filter(|column| matches!(&column.filling, Filling::Maker(maker) if maker.is_private()))
            .map(|column| column.name.to_owned())
            .collect(),
    })
}

/// The task that ratings or predictions are about.
fn chosen<'a>(card: &'a Card, task: &Option<String>) -> Option<&'a TaskColumn> {
    match task {
        Some(name) => task_of(card, name),
        None => card.tasks.first(),
    }
}

fn collect<'a>(
    recipe: &'a Recipe,
    from: &'a RatingsFrom,
    card: &'a Card,
    frame: &Frame,
    id: &dyn Fn(usize, &mut Notes) -> String,
    source: &Source,
    notes: &mut Notes,
) -> Result<Collected, Problems> {
    let task = chosen(card, &from.task);
    if let (RatingForm::Votes(_), Some(task)) = (&from.form, task)
        && task.scheme.is_multi_label()
    {
        return Err(Problem::new(
            "recipe/votes",
            from.place.clone(),
            "counts of votes do not say which labels one rater chose together",
        )
        .help("votes need a task with one label a case")
        .into());
    }
    let labels = task.map_or_else(Vec::new, labels_of);
    let separator = task.map_or("|", |task| task.separator.as_str());
    let maker = |frame: &Frame| -> Result<Maker<'a>, Problems> {
        Maker::new(
            &from.cells,
            "ratings",
            frame,
            source,
            labels.clone(),
            separator,
        )
    };
    let id_column = recipe
        .columns
        .iter()
        .find_map(|(name, cells)| match &cells.origin {
            Origin::Columns(names, _) if *name == "id" => names.first().map(String::as_str),
            _ => None,
        });
    let collected = ratings::collect(from, frame, id, id_column, source, &maker, notes)?;
    let section = task.and_then(|task| {
        let name = task.scheme.task.as_str();
        recipe.tasks().find(|section| section.name == name)
    });
    let mut checked = HashMap::new();
    for rating in &collected.rows {
        check(task, section, &mut checked, &rating.label, notes, || {
            from.place.clone()
        });
    }
    Ok(collected)
}

/// One row of each case. Where the rows are ratings, rows of the same id are one case.
fn rows_of_cases(
    rated: Option<&RatingsFrom>,
    frame: &Frame,
    id: &dyn Fn(usize, &mut Notes) -> String,
) -> Vec<usize> {
    let several = rated.is_some_and(|from| {
        let rows = matches!(
            from.form,
            RatingForm::Rows { .. } | RatingForm::Cells { .. }
        );
        rows && from.file.is_none()
    });
    let mut rows = frame.rows.clone();
    if several {
        // What is told of an id is told when its case is written.
        let mut silent = Notes::default();
        let mut seen = HashSet::new();
        rows.retain(|row| seen.insert(id(*row, &mut silent)));
    }
    rows
}

fn majorities(
    recipe: &Recipe,
    card: &Card,
    collected: Option<&Collected>,
) -> HashMap<String, Option<String>> {
    let task = recipe
        .tasks()
        .find(|section| section.majority)
        .and_then(|section| task_of(card, &section.name));
    match (task, collected) {
        (Some(task), Some(collected)) => collected
            .majorities(task.scheme.is_multi_label(), &task.separator)
            .into_iter()
            .map(|(id, label)| (id.to_owned(), label))
            .collect(),
        _ => HashMap::new(),
    }
}

fn majority<'a>(
    majorities: &HashMap<String, Option<String>>,
    id: &str,
    name: &str,
    notes: &mut Notes,
) -> Cow<'a, str> {
    match majorities.get(id) {
        Some(Some(label)) => Cow::Owned(label.clone()),
        Some(None) => {
            let kind = format!("ties among the raters of {name}, made blank");
            notes.telling.tell(&kind, 1);
            Cow::Borrowed("")
        }
        None => {
            let kind = format!("cases without a rating of {name}, made blank");
            notes.telling.tell(&kind, 1);
            Cow::Borrowed("")
        }
    }
}

/// Aligned files with predictions have them without asking.
fn implied_predictions(recipe: &Recipe, frame: &Frame) -> Option<PredictionsFrom> {
    let aligned = matches!(recipe.reading.form, Form::Aligned(_));
    let given = aligned && frame.table.column("predictions").is_some();
    given.then(|| PredictionsFrom {
        task: recipe.tasks().next().map(|section| section.name.clone()),
        cells: Some(Cells::column("predictions")),
        scores: Vec::new(),
        abstained: Vec::new(),
        place: recipe.reading.place.clone(),
    })
}

fn answers<'a>(
    from: &'a PredictionsFrom,
    card: &'a Card,
    frame: &Frame,
    source: &Source,
) -> Result<Answers<'a>, Problems> {
    let task = chosen(card, &from.task);
    let maker = from.cells.as_ref().map(|cells| {
        let separator = task.map_or("|", |task| task.separator.as_str());
        let labels = task.map_or_else(Vec::new, labels_of);
        Maker::new(cells, "predictions", frame, source, labels, separator)
    });
    Answers::new(from, maker.transpose()?, task, frame)
}

/// Rows as CSV text. Cells are written as they are, even where a spreadsheet would take one for a formula (`=`, `+`,
/// `-`, `@`): cases must be read back to the letter. Reports for people hold no text of any case.
fn to_csv<'a>(rows: impl Iterator<Item = Vec<Cow<'a, str>>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| cell.as_bytes()))
            .expect("writing to memory, with one cell a column");
    }
    text_of(writer)
}

fn text_of(writer: csv::Writer<Vec<u8>>) -> String {
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
