//! Reads a sheet of an Excel workbook (`.xlsx`), cell by cell, so that a sheet which claims to be huge stays small.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::recipe::reading::Workbook;
use crate::dataset::table::Table;
use crate::diagnostic::{Place, Problem, Problems, counted, list, quote};

/// The most columns of a sheet, as many as Excel has.
const MOST_COLUMNS: u32 = 16_384;

/// Whole numbers from here on may have lost digits: spreadsheets keep 15.
const MOST_DIGITS: f64 = 1e15;

/// A sheet as a table, and how many numbers lost digits.
pub struct Sheet {
    /// The table.
    pub table: Table,
    /// The sheet's name.
    pub name: String,
    /// Numbers with more digits than a spreadsheet keeps.
    pub too_long: usize,
}

/// Reads a sheet.
///
/// # Errors
/// What is no workbook, unpacks to more than `most_unpacked` bytes, or lacks the sheet.
pub fn read(
    file: &str,
    bytes: &[u8],
    form: &Workbook,
    most_unpacked: u64,
) -> Result<Sheet, Problems> {
    let damaged = |error: &dyn std::fmt::Display| -> Problems {
        Problem::new(
            "import/workbook",
            Place::file(file),
            format!("cannot be read as a workbook: {error}"),
        )
        .help("expected an .xlsx file; save older .xls files as .xlsx or CSV")
        .into()
    };
    refuse_huge(file, bytes, most_unpacked).map_err(|found| match found {
        Huge::Damaged(error) => damaged(&error),
        Huge::Problem(problem) => (*problem).into(),
    })?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let sheets = workbook.sheet_names();
    let name = match (&form.sheet, sheets.as_slice()) {
        (Some(wanted), _) if sheets.contains(wanted) => wanted.clone(),
        (None, [only]) => only.clone(),
        (wanted, _) => {
            let message = match wanted {
                Some(wanted) => format!("there is no sheet {}", quote(wanted)),
                None => format!("the workbook has {} sheets", sheets.len()),
            };
            return Err(Problem::new("import/sheet", Place::file(file), message)
                .help(format!(
                    "say which with sheet = \"NAME\" in [read]; its sheets: {}",
                    list(&sheets)
                ))
                .into());
        }
    };
    let (left, right, top, bottom) = match form.range {
        Some([left, right, top, bottom]) => (left, right, top, bottom),
        None => (0, MOST_COLUMNS - 1, 0, u32::MAX),
    };
    let top = match form.header_row {
        Some(row) if form.header => u32::try_from(row.saturating_sub(1)).unwrap_or(u32::MAX),
        _ => top,
    };
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    let mut too_long = 0;
    let mut cells = workbook
        .worksheet_cells_reader(&name)
        .map_err(|error| damaged(&error))?;
    while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
        let (row, column) = cell.get_position();
        if (top..=bottom).contains(&row) && (left..=right).contains(&column) {
            let text = text_of(cell.get_value(), &mut too_long);
            if !text.is_empty() {
                rows.entry(row).or_default().insert(column, text);
            }
        }
    }
    let place = format!("{file}/{name}");
    let mut rows = rows.into_iter();
    let width = |cells: &BTreeMap<u32, String>| cells.keys().last().copied().unwrap_or(left);
    let mut header: Vec<String> = Vec::new();
    let mut rest: Vec<(u32, BTreeMap<u32, String>)> = Vec::new();
    if form.header {
        if let Some((_, cells)) = rows.next() {
            let last = form.range.map_or_else(|| width(&cells), |_| right);
            header = (left..=last)
                .map(|column| cells.get(&column).cloned().unwrap_or_default())
                .collect();
        }
        rest.extend(rows);
    } else {
        rest.extend(rows);
        let last = rest.iter().map(|(_, cells)| width(cells)).max();
        let last = form.range.map_or(last.unwrap_or(left), |_| right);
        header.resize((last - left) as usize + 1, String::new());
    }
    let names = names_of(file, &header, &form.names)?;
    let columns: Vec<u32> = (left..).take(names.len()).collect();
    let table = Table::from_rows(
        &place,
        names,
        rest.iter().map(|(row, cells)| {
            let cells = columns
                .iter()
                .map(move |column| cells.get(column).map_or("", String::as_str));
            (u64::from(*row) + 1, cells)
        }),
    );
    if table.rows() == 0 {
        return Err(Problem::new(
            "table/empty",
            Place::file(place),
            "there is no row under the header",
        )
        .help("check sheet, range and header_row")
        .into());
    }
    Ok(Sheet {
        table,
        name,
        too_long,
    })
}

/// The names of the columns: those of the recipe, or the header's with numbers for blanks and repetitions.
fn names_of(file: &str, header: &[String], wanted: &[String]) -> Result<Vec<String>, Problems> {
    if !wanted.is_empty() {
        if wanted.len() != header.len() {
            return Err(Problem::new(
                "import/names",
                Place::file(file),
                format!(
                    "{}, and {}",
                    counted(header.len(), "column"),
                    counted(wanted.len(), "name")
                ),
            )
            .help("give as many names as there are columns, or say which range to read")
            .into());
        }
        return Ok(wanted.to_vec());
    }
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (place, name) in header.iter().enumerate() {
        let base = match name.trim() {
            "" => (place + 1).to_string(),
            name => name.to_owned(),
        };
        let (mut unique, mut copy) = (base.clone(), 2);
        while names.contains(&unique) {
            unique = format!("{base}.{copy}");
            copy += 1;
        }
        names.push(unique);
    }
    Ok(names)
}

/// A cell as text: whole numbers without a point, dates as ISO 8601.
fn text_of(value: &DataRef<'_>, too_long: &mut usize) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => {
            if number.fract() == 0.0 && number.abs() >= MOST_DIGITS {
                *too_long += 1;
            }
            number.to_string()
        }
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(time) => date_of(time),
        // An error of a formula is no value.
        DataRef::Error(_) => String::new(),
    }
}

fn date_of(time: &ExcelDateTime) -> String {
    if !time.is_datetime() {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

enum Huge {
    Damaged(String),
    Problem(Box<Problem>),
}

/// Counts what really comes out of the archive, since its own figures may lie.
fn refuse_huge(file: &str, bytes: &[u8], most: u64) -> Result<(), Huge> {
    let damaged = |error: &dyn std::fmt::Display| Huge::Damaged(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let mut left = most;
    for place in 0..archive.len() {
        let member = archive.by_index(place).map_err(|e| damaged(&e))?;
        let mut member = member.take(left.saturating_add(1));
        let size = std::io::copy(&mut member, &mut std::io::sink()).map_err(|e| damaged(&e))?;
        let Some(rest) = left.checked_sub(size) else {
            return Err(Huge::Problem(Box::new(
                Problem::new(
                    "import/archive-too-large",
                    Place::file(file),
                    format!("more than {} MiB come out of this workbook", most >> 20),
                )
                .help("a small file that unpacks to a huge one may be an attack; if it is not, raise most_unpacked_mb in [read]"),
            )));
        };
        left = rest;
    }
    Ok(())
}
