//! The task `intensity` in the card, `[tasks.intensity.dimensions.NAME]`, and its columns of numbers.

use std::collections::HashMap;
use std::sync::Arc;

use super::card::ColumnName;
use super::cases::{declared, find_column};
use super::table::Table;
use crate::case::intensity::{Dimension, Intensity, Scale};
use crate::case::{LABEL_SOURCES, LabelSource};
use crate::diagnostic::{Problem, Problems, counted, quote};
use crate::document::Fields;
use crate::task::{MOST_LABELS, Scheme, same_label};

/// Where the gold numbers of the task stand.
#[derive(Clone, Debug, PartialEq)]
pub struct IntensityColumns {
    /// The dimensions, by name.
    pub scheme: Arc<Scheme>,
    /// Where the numbers come from.
    pub source: LabelSource,
    /// The column and the scale of each dimension, in the order of the scheme.
    pub dimensions: Vec<(ColumnName, Scale)>,
}

/// Reads the table of the task; `labels` are those of the card's other tasks, which no dimension may be named by.
pub(super) fn read_columns(table: Fields<'_>, labels: &[String]) -> Option<IntensityColumns> {
    let source = table.required_choice("source", &LABEL_SOURCES);
    let (mut names, mut dimensions) = (Vec::<String>::new(), Vec::new());
    let tables = table
        .table("dimensions")
        .map(|tables| tables.named_tables());
    for (name, dimension) in tables.into_iter().flatten() {
        check_name(&dimension, &name, &names, labels);
        let column = dimension.text("column").unwrap_or_else(|| name.clone());
        let column = declared(&column, &dimension.place_of("column"));
        dimensions.push(read_scale(&dimension).map(|scale| (column, scale)));
        dimension.finish();
        names.push(name);
    }
    if dimensions.is_empty() || dimensions.len() > MOST_LABELS {
        table.problem(
            Problem::new(
                "card/dimensions",
                table.place_of("dimensions"),
                format!("the task intensity has {}", counted(dimensions.len(), "dimension")),
            )
            .help(format!(
                "expected 1 to {MOST_LABELS} tables such as [tasks.intensity.dimensions.valence] with low = 1 and high = 5"
            )),
        );
        return None;
    }
    table.finish();
    Some(IntensityColumns {
        scheme: Arc::new(Scheme::of_dimensions(names)),
        source: source?,
        dimensions: dimensions.into_iter().collect::<Option<_>>()?,
    })
}

/// Refuses a name under which scores could be meant for something else.
fn check_name(table: &Fields<'_>, name: &str, earlier: &[String], labels: &[String]) {
    let taken = |by: &[String]| by.iter().any(|other| same_label(other, name));
    let fault = if name.trim().is_empty() {
        "is blank"
    } else if taken(earlier) {
        "is that of another dimension"
    } else if taken(labels) {
        "is that of a label of another task"
    } else {
        return;
    };
    table.problem(
        Problem::new(
            "card/dimension-name",
            table.place().clone(),
            format!("the name of the dimension {} {fault}", quote(name)),
        )
        .help("answers name dimensions as score:NAME: give each a name of its own, as in anger-intensity"),
    );
}

/// The ends of the scale, which must both be there.
pub(super) fn read_scale(table: &Fields<'_>) -> Option<Scale> {
    let end = |key: &'static str| {
        if !table.has(key) {
            table.missing(key, "the end of the scale, a number");
        }
        table.number(key)
    };
    let (low, high) = (end("low"), end("high"));
    let scale = Scale {
        low: low?,
        high: high?,
    };
    if scale.low < scale.high && scale.width().is_finite() {
        return Some(scale);
    }
    table.problem(
        Problem::new(
            "card/scale",
            table.place_of("high"),
            format!("the scale goes from {} to {}", scale.low, scale.high),
        )
        .help("expected low to be below high, as in low = 1 and high = 5"),
    );
    None
}

/// Reads the numbers; a blank cell is a missing one.
pub(super) fn read_numbers(
    columns: &IntensityColumns,
    table: &Table,
    problems: &mut Problems,
) -> Option<Intensity> {
    let found: Vec<Option<usize>> = columns
        .dimensions
        .iter()
        .map(|(name, _)| find_column(table, name, problems))
        .collect();
    let mut dimensions = Vec::new();
    for (column, (_, scale)) in found.into_iter().zip(&columns.dimensions) {
        let column = column?;
        let mut values = Vec::with_capacity(table.rows());
        for (row, cell) in table.cells(column).enumerate() {
            values.push(
                parse_number(cell, *scale).unwrap_or_else(|(message, help)| {
                    let place = table.place(row, column);
                    problems.push(Problem::new("dataset/bad-number", place, message).help(help));
                    None
                }),
            );
        }
        dimensions.push(Dimension {
            scale: *scale,
            values,
            ratings: Vec::new(),
        });
    }
    Some(Intensity {
        scheme: columns.scheme.clone(),
        source: columns.source,
        dimensions,
    })
}

/// Reads what single raters gave, from a column for each dimension; rows are checked with the ratings of labels.
///
/// # Errors
/// Cells that are no numbers, or lie outside their scale.
pub(super) fn read_ratings(
    gold: &mut Intensity,
    table: &Table,
    ids: &[String],
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let cases: HashMap<&str, usize> = ids.iter().map(String::as_str).zip(0..).collect();
    let Some(id) = table.column("id") else {
        return Ok(());
    };
    for (label, dimension) in gold.scheme.labels.iter().zip(&mut gold.dimensions) {
        let Some(column) = table.column(&label.name) else {
            continue;
        };
        let mut ratings = vec![Vec::new(); ids.len()];
        for row in 0..table.rows() {
            match parse_number(table.cell(row, column), dimension.scale) {
                Ok(Some(number)) => {
                    if let Some(case) = cases.get(table.cell(row, id)) {
                        ratings[*case].push(number);
                    }
                }
                Ok(None) => {}
                Err((message, help)) => problems.push(
                    Problem::new("dataset/bad-number", table.place(row, column), message)
                        .help(help),
                ),
            }
        }
        ratings
            .iter_mut()
            .for_each(|numbers| numbers.sort_unstable_by(f64::total_cmp));
        dimension.ratings = ratings;
    }
    problems.or(())
}

/// The number of a cell, `None` where it is blank; else what is wrong with it, and the way out.
pub(super) fn parse_number(cell: &str, scale: Scale) -> Result<Option<f64>, (String, String)> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let wrong = |message: &str| {
        let help = format!(
            "expected a number from {} to {}; leave the cell blank where it is missing",
            scale.low, scale.high
        );
        (message.to_owned(), help)
    };
    match cell.parse::<f64>() {
        Ok(number) if (scale.low..=scale.high).contains(&number) => Ok(Some(number)),
        Ok(number) if number.is_finite() => Err(wrong("this number lies outside its scale")),
        _ => Err(wrong("this cell is not a finite number")),
    }
}
