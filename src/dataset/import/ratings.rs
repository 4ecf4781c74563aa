//! Lays out what single raters said, from whatever form it is written in: one row a case and rater.

use std::collections::{HashMap, HashSet};

use super::collected::{Collected, Rating};
use super::files::Source;
use super::frame::{Column, Frame};
use super::maker::{Made, Maker, Notes};
use super::recipe::steps::{RatingForm, RatingsFrom};
use super::{Telling, tables};
use crate::diagnostic::{Place, Problem, Problems};

/// The most votes of one cell.
const MOST_VOTES: u64 = 10_000;

/// Gives the maker of labels for the rows that hold them. Both lifetimes: of the recipe, and of what the maker is made from.
pub type MakerOf<'m, 'f> = dyn Fn(&Frame) -> Result<Maker<'m>, Problems> + 'f;

/// Collects the ratings of one task. `id` gives the id of a row of `main`, and `only` says which columns may be ids.
///
/// # Errors
/// Those of a file of their own, unknown columns, cells that are no ratings.
pub fn collect(
    from: &RatingsFrom,
    main: &Frame,
    id: &dyn Fn(usize, &mut Notes) -> String,
    id_column: Option<&str>,
    source: &Source,
    maker_of: &MakerOf<'_, '_>,
    notes: &mut Notes,
) -> Result<Collected, Problems> {
    let own;
    let (frame, own_id) = match &from.file {
        Some((file, reading)) => {
            let telling = &mut notes.telling;
            own = Frame::new(tables::side(source, file, reading, &from.place, telling)?);
            let name = from.id.as_deref().or(id_column).unwrap_or("id");
            let mut problems = Problems::new();
            let column = own.column(name, &mut problems);
            problems.or(())?;
            (&own, Some(column))
        }
        None => (main, None),
    };
    let id_of = |row: usize, notes: &mut Notes| match &own_id {
        Some(column) => frame.cell(row, column).into_owned(),
        None => id(row, notes),
    };
    match &from.form {
        RatingForm::Rows { rater, attributes } => {
            rows(frame, &id_of, rater.as_deref(), attributes, maker_of, notes)
        }
        RatingForm::Columns { raters, pattern } => {
            let names = match pattern {
                Some(pattern) if raters.is_empty() => frame.matching(pattern, &from.place)?,
                _ => raters.clone(),
            };
            columns(frame, &id_of, &names, maker_of, notes)
        }
        RatingForm::Cells {
            rater,
            label,
            value,
            at_least,
        } => cells(
            frame,
            &id_of,
            [rater, label, value],
            *at_least,
            maker_of,
            notes,
        ),
        RatingForm::Votes(labels) => votes(frame, &id_of, labels, notes),
    }
}

fn rows(
    frame: &Frame,
    id: &dyn Fn(usize, &mut Notes) -> String,
    rater: Option<&str>,
    attributes: &[(String, String)],
    maker_of: &MakerOf<'_, '_>,
    notes: &mut Notes,
) -> Result<Collected, Problems> {
    let mut problems = Problems::new();
    let rater = rater.map(|name| frame.column(name, &mut problems));
    let known: Vec<Column> = attributes
        .iter()
        .map(|(_, column)| frame.column(column, &mut problems))
        .collect();
    problems.or(())?;
    let maker = maker_of(frame)?;
    let mut numbers: HashMap<String, u64> = HashMap::new();
    let mut seen: HashSet<(String, String)> = HashSet::new();
    let mut collected = Vec::with_capacity(frame.rows.len());
    for row in &frame.rows {
        let Made::Cell(label) = maker.make(frame, *row, notes) else {
            continue;
        };
        if label.is_empty() {
            notes.telling.count("ratings without a label", 1);
            continue;
        }
        let id = id(*row, notes);
        let rater = match &rater {
            Some(column) => {
                let rater = frame.cell(*row, column).into_owned();
                if !rater.is_empty() && !seen.insert((id.clone(), rater.clone())) {
                    notes.problems.push(
                        Problem::new(
                            "import/rated-twice",
                            frame.place(*row, column),
                            "this rater rated this case in an earlier row",
                        )
                        .help("one rating a case and rater; leave repeated rows out with [[drop]]"),
                    );
                }
                rater
            }
            None => {
                let number = numbers.entry(id.clone()).or_insert(0);
                *number += 1;
                number.to_string()
            }
        };
        if rater.is_empty() {
            notes.telling.count("ratings without a rater", 1);
            continue;
        }
        collected.push(Rating {
            id,
            rater,
            label: label.into_owned(),
            known: known
                .iter()
                .map(|column| frame.cell(*row, column).into_owned())
                .collect(),
        });
    }
    if rater.is_none() {
        without_raters("ratings", &mut notes.telling);
    }
    Ok(Collected {
        rows: collected,
        known: attributes.iter().map(|(name, _)| name.clone()).collect(),
    })
}

fn columns(
    frame: &Frame,
    id: &dyn Fn(usize, &mut Notes) -> String,
    raters: &[String],
    maker_of: &MakerOf<'_, '_>,
    notes: &mut Notes,
) -> Result<Collected, Problems> {
    let mut problems = Problems::new();
    let columns: Vec<Column> = raters
        .iter()
        .map(|name| frame.column(name, &mut problems))
        .collect();
    problems.or(())?;
    let maker = maker_of(frame)?;
    let mut collected = Vec::new();
    for row in &frame.rows {
        let id = id(*row, notes);
        for (rater, column) in raters.iter().zip(&columns) {
            let place = || frame.place(*row, column);
            let made = maker.of(frame.cell(*row, column), &place, notes);
            if let Made::Cell(label) = made
                && !label.is_empty()
            {
                collected.push(Rating {
                    id: id.clone(),
                    rater: rater.clone(),
                    label: label.into_owned(),
                    known: Vec::new(),
                });
            }
        }
    }
    Ok(Collected {
        rows: collected,
        known: Vec::new(),
    })
}

fn cells(
    frame: &Frame,
    id: &dyn Fn(usize, &mut Notes) -> String,
    names: [&String; 3],
    at_least: f64,
    maker_of: &MakerOf<'_, '_>,
    notes: &mut Notes,
) -> Result<Collected, Problems> {
    let mut problems = Problems::new();
    let [rater, label, value] = names.map(|name| frame.column(name, &mut problems));
    problems.or(())?;
    let maker = maker_of(frame)?;
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut collected: Vec<Rating> = Vec::new();
    for row in &frame.rows {
        let key = (id(*row, notes), frame.cell(*row, &rater).into_owned());
        let cell = frame.cell(*row, &value);
        if cell.is_empty() {
            continue;
        }
        let Some(number) = cell.parse::<f64>().ok().filter(|n| n.is_finite()) else {
            notes
                .problems
                .push(number_expected(frame.place(*row, &value)));
            continue;
        };
        let place = *places.entry(key.clone()).or_insert_with(|| {
            let (id, rater) = key;
            collected.push(Rating {
                id,
                rater,
                label: String::new(),
                known: Vec::new(),
            });
            collected.len() - 1
        });
        let at = || frame.place(*row, &label);
        let made = maker.of(frame.cell(*row, &label), &at, notes);
        if number >= at_least
            && let Made::Cell(cell) = made
            && !cell.is_empty()
        {
            let labels = &mut collected[place].label;
            if !labels.is_empty() {
                labels.push('|');
            }
            labels.push_str(&cell);
        }
    }
    let before = collected.len();
    collected.retain(|rating| !rating.label.is_empty());
    notes.telling.count(
        "raters of a case who chose no label",
        before - collected.len(),
    );
    Ok(Collected {
        rows: collected,
        known: Vec::new(),
    })
}

fn votes(
    frame: &Frame,
    id: &dyn Fn(usize, &mut Notes) -> String,
    labels: &[(String, String)],
    notes: &mut Notes,
) -> Result<Collected, Problems> {
    let mut problems = Problems::new();
    let columns: Vec<Column> = labels
        .iter()
        .map(|(_, name)| frame.column(name, &mut problems))
        .collect();
    problems.or(())?;
    let mut collected = Vec::new();
    for row in &frame.rows {
        let id = id(*row, notes);
        let mut number = 0;
        for ((label, _), column) in labels.iter().zip(&columns) {
            let cell = frame.cell(*row, column);
            let count = match cell.as_ref() {
                "" => Some(0.0),
                cell => cell.parse::<f64>().ok(),
            };
            match count {
                Some(count)
                    if count.fract() == 0.0 && (0.0..=MOST_VOTES as f64).contains(&count) =>
                {
                    for _ in 0..count as u64 {
                        number += 1;
                        collected.push(Rating {
                            id: id.clone(),
                            rater: number.to_string(),
                            label: label.clone(),
                            known: Vec::new(),
                        });
                    }
                }
                _ => notes.problems.push(
                    Problem::new(
                        "import/votes",
                        frame.place(*row, column),
                        "this cell is not a number of votes",
                    )
                    .help(format!("expected a whole number from 0 to {MOST_VOTES}")),
                ),
            }
        }
    }
    without_raters("votes", &mut notes.telling);
    Ok(Collected {
        rows: collected,
        known: Vec::new(),
    })
}

fn without_raters(what: &str, telling: &mut Telling) {
    telling.notice(format!(
        "{what} do not say who gave them: they are numbered within each case, so agreement can be measured and the habits of one rater cannot"
    ));
}

fn number_expected(place: Place) -> Problem {
    Problem::new("import/not-a-number", place, "this cell is not a number")
        .help("expected a number that says whether the label was chosen")
}
