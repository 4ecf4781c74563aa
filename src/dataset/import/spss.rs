//! Reads an SPSS file (`.sav`, `.zsav`): values as their labels where every value of a variable has one, else as
//! numbers, and blank where the file declares them missing.

use std::collections::HashMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ambers::{MissingSpec, SpssMetadata, Value, scan_sav_from_reader};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::Telling;
use crate::dataset::table::Table;
use crate::diagnostic::{Place, Problem, Problems, counted, list, plain};

/// How many rows are unpacked at a time.
const BATCH: usize = 4096;

/// What a file holds, and what was made of it.
pub struct Answers {
    /// The table.
    pub table: Table,
    /// Variables whose values stand as their labels.
    pub labelled: Vec<String>,
    /// Variables that have labels for some of their values only, and stay numbers.
    pub partly: Vec<String>,
    /// Values that the file declares missing, and are blank.
    pub missing: usize,
    /// What is odd about the file.
    pub warnings: Vec<String>,
}

/// Reads a file; `labels` says whether labels take the place of values.
///
/// # Errors
/// What is no SPSS file, is damaged, or unpacks to more than `most_unpacked` bytes.
pub fn read(
    file: &str,
    bytes: &[u8],
    labels: bool,
    most_unpacked: u64,
) -> Result<Answers, Problems> {
    // The reader holds unsafe code and is young: whatever a damaged file makes it do ends here.
    catch_unwind(AssertUnwindSafe(|| {
        unguarded(file, bytes, labels, most_unpacked)
    }))
    .unwrap_or_else(|_| Err(damaged(file, "the reader broke on it")))
}

fn unguarded(
    file: &str,
    bytes: &[u8],
    labels: bool,
    most_unpacked: u64,
) -> Result<Answers, Problems> {
    let wrong = |error: &dyn std::fmt::Display| damaged(file, &error.to_string());
    let mut scanner = scan_sav_from_reader(Cursor::new(bytes), BATCH).map_err(|e| wrong(&e))?;
    let names = scanner.metadata().variable_names.clone();
    let mut columns: Vec<Variable> = names.iter().map(|_| Variable::default()).collect();
    let mut unpacked = 0;
    while let Some(batch) = scanner.next_batch().map_err(|error| wrong(&error))? {
        unpacked += batch.get_array_memory_size() as u64;
        if unpacked > most_unpacked {
            return Err(too_large(file, most_unpacked));
        }
        let metadata = scanner.metadata();
        for (place, (name, column)) in names.iter().zip(&mut columns).enumerate() {
            column
                .extend(&batch, place, name, metadata)
                .map_err(|e| wrong(&e))?;
        }
    }
    let metadata = scanner.metadata();
    let mut answers = Answers {
        table: Table::default(),
        labelled: Vec::new(),
        partly: Vec::new(),
        missing: columns.iter().map(|column| column.missing).sum(),
        warnings: metadata.warnings.clone(),
    };
    let mut cells: Vec<Vec<String>> = Vec::with_capacity(columns.len());
    for (name, column) in names.iter().zip(columns) {
        let known = metadata.value_labels(name).filter(|_| labels);
        let known: HashMap<String, &str> = known
            .into_iter()
            .flatten()
            .map(|(value, label)| (code(value), label.trim()))
            .collect();
        let mut values = column.cells;
        let mut filled = values.iter().filter(|value| !value.is_empty()).peekable();
        if !known.is_empty() && filled.peek().is_some() {
            if filled.all(|value| known.contains_key(value)) {
                answers.labelled.push(name.clone());
                for value in &mut values {
                    if let Some(label) = known.get(value.as_str()) {
                        *value = (*label).to_owned();
                    }
                }
            } else {
                answers.partly.push(name.clone());
            }
        }
        cells.push(values);
    }
    let rows = cells.first().map_or(0, Vec::len);
    if rows == 0 {
        let problem = Problem::new("table/empty", Place::file(file), "the file holds no row");
        return Err(problem.into());
    }
    let row = |row: usize| {
        let cells = cells.iter().map(move |column| column[row].as_str());
        (row as u64 + 1, cells)
    };
    answers.table = Table::from_rows(file, names, (0..rows).map(row));
    Ok(answers)
}

/// Tells what was made of a file.
pub fn tell(file: &str, answers: &Answers, telling: &mut Telling) {
    if !answers.labelled.is_empty() {
        telling.notice(format!(
            "values of {file} stand as their labels in: {}",
            list(&answers.labelled)
        ));
    }
    if !answers.partly.is_empty() {
        telling.notice(format!(
            "some values of {file} have no label, so that numbers stay in: {}",
            list(&answers.partly)
        ));
    }
    if answers.missing > 0 {
        telling.notice(format!(
            "{} that {file} declares missing, made blank",
            counted(answers.missing, "value")
        ));
    }
    for warning in &answers.warnings {
        telling.notice(format!("{file} is odd: {}", plain(warning)));
    }
}

/// The values of a variable as text.
#[derive(Default)]
struct Variable {
    cells: Vec<String>,
    missing: usize,
}

impl Variable {
    fn extend(
        &mut self,
        batch: &RecordBatch,
        place: usize,
        name: &str,
        metadata: &SpssMetadata,
    ) -> Result<(), arrow::error::ArrowError> {
        let array = batch.column(place);
        let options = FormatOptions::default();
        let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
        let numbers =
            (*array.data_type() == DataType::Float64).then(|| array.as_primitive::<Float64Type>());
        let declared = metadata.variable_missing_values.get(name);
        for row in 0..array.len() {
            let mut text = String::new();
            if !array.is_null(row) {
                let number = numbers.map(|numbers| numbers.value(row));
                text = match number {
                    // Whole numbers without a point.
                    Some(number) => number.to_string(),
                    None => formatter.value(row).try_to_string()?.trim_end().to_owned(),
                };
                if declared.is_some_and(|specs| is_missing(specs, number, &text)) {
                    text.clear();
                    self.missing += 1;
                }
            }
            self.cells.push(text);
        }
        Ok(())
    }
}

fn is_missing(specs: &[MissingSpec], number: Option<f64>, text: &str) -> bool {
    specs.iter().any(|spec| match spec {
        MissingSpec::Value(value) => number == Some(*value),
        MissingSpec::Range { lo, hi } => number.is_some_and(|number| (*lo..=*hi).contains(&number)),
        MissingSpec::StringValue(value) => number.is_none() && text == value.trim_end(),
    })
}

fn code(value: &Value) -> String {
    match value {
        Value::Numeric(number) => number.to_string(),
        Value::String(text) => text.trim_end().to_owned(),
    }
}

fn damaged(file: &str, why: &str) -> Problems {
    Problem::new(
        "import/spss",
        Place::file(file),
        format!("cannot be read as an SPSS file: {why}"),
    )
    .help("expected a .sav or .zsav file; save a .por file as .sav or CSV")
    .into()
}

fn too_large(file: &str, most: u64) -> Problems {
    Problem::new(
        "import/archive-too-large",
        Place::file(file),
        format!("more than {} MiB come out of this file", most >> 20),
    )
    .help("a small file that unpacks to a huge one may be an attack; if it is not, raise most_unpacked_mb in [read]")
    .into()
}
