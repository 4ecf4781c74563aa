//! The rows of an import while its steps are carried out: a table, the rows that are left, and the columns that need no
//! table (`@file`, `@stem`, `@folder`, `@row`).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use regex::Regex;

use super::files::Source;
use super::recipe::steps::{Condition, Extract, Join, Leave, Unmatched};
use super::words::names_persons;
use super::{Telling, tables, unknown_column};
use crate::dataset::table::Table;
use crate::diagnostic::{Place, Problem, Problems, counted, list, quote};

/// A table and the rows of it that are left.
pub struct Frame {
    /// The table.
    pub table: Table,
    /// The rows that are left, in order.
    pub rows: Vec<usize>,
    /// Columns that were found in columns which name persons.
    personal: HashSet<String>,
}

/// A column that a recipe names.
#[derive(Clone, Debug)]
pub enum Column {
    /// One of the table.
    Table(usize),
    /// One cell for each file.
    Part(Vec<String>),
    /// The number of the row.
    Row,
}

impl Frame {
    /// All rows of a table.
    pub fn new(table: Table) -> Frame {
        Frame {
            rows: (0..table.rows()).collect(),
            table,
            personal: HashSet::new(),
        }
    }

    /// Whether a column names persons: by its name, or because it was found in one that does.
    pub fn is_personal(&self, name: &str) -> bool {
        names_persons(name) || self.personal.contains(name)
    }

    /// A column by name; a problem where there is none.
    pub fn column(&self, name: &str, problems: &mut Problems) -> Column {
        let part = |of: fn(&Path) -> Cow<'_, str>| {
            let files = self.table.files().into_iter();
            Column::Part(files.map(|file| of(Path::new(file)).into_owned()).collect())
        };
        match name {
            "@file" => part(|path| path.file_name().unwrap_or_default().to_string_lossy()),
            "@stem" => part(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                Cow::Owned(name.split('.').next().unwrap_or_default().to_owned())
            }),
            "@folder" => part(|path| {
                let folder = path.parent().and_then(Path::file_name);
                folder.unwrap_or_default().to_string_lossy()
            }),
            "@row" => Column::Row,
            _ => match self.table.column(name) {
                Some(column) => Column::Table(column),
                None => {
                    problems.push(unknown_column(&self.table, name));
                    Column::Row
                }
            },
        }
    }

    /// The trimmed cell of a row of the table.
    pub fn cell<'a>(&'a self, row: usize, column: &'a Column) -> Cow<'a, str> {
        match column {
            Column::Table(column) => Cow::Borrowed(self.table.cell(row, *column).trim()),
            Column::Part(cells) => Cow::Borrowed(
                cells
                    .get(self.table.part_of(row))
                    .map_or("", String::as_str),
            ),
            Column::Row => Cow::Owned((row + 1).to_string()),
        }
    }

    /// Where a cell stands.
    pub fn place(&self, row: usize, column: &Column) -> Place {
        let at = match column {
            Column::Table(column) => *column,
            Column::Part(_) | Column::Row => 0,
        };
        self.table.place(row, at)
    }

    /// Adds the columns that a pattern finds.
    ///
    /// # Errors
    /// An unknown column, and rows that do not match where they are refused.
    pub fn extract(&mut self, step: &Extract, telling: &mut Telling) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let column = self.column(&step.from, &mut problems);
        problems.or(())?;
        let names: Vec<&str> = step.pattern.capture_names().flatten().collect();
        let mut found: Vec<Vec<String>> = vec![vec![String::new(); self.table.rows()]; names.len()];
        let mut missed = Missed::new(step.unmatched);
        let mut kept = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let cell = self.cell(*row, &column);
            if let Some(captures) = step.pattern.captures(&cell) {
                for (name, cells) in names.iter().zip(&mut found) {
                    cells[*row] = captures
                        .name(name)
                        .map_or_else(String::new, |text| text.as_str().to_owned());
                }
            } else {
                missed.count(|| {
                    let wrong =
                        format!("this cell does not match {}", quote(step.pattern.as_str()));
                    Problem::new("import/unmatched", self.place(*row, &column), wrong)
                        .help("correct the pattern, or say unmatched = \"drop\" or \"blank\"")
                });
                if step.unmatched == Unmatched::Drop {
                    continue;
                }
            }
            kept.push(*row);
        }
        missed.tell(
            telling,
            &format!("rows whose {} does not match the pattern", step.from),
            &format!(
                "whose {} does not match the pattern: the new columns are blank there",
                step.from
            ),
        )?;
        self.rows = kept;
        if self.is_personal(&step.from) {
            self.personal
                .extend(names.iter().map(|name| (*name).to_owned()));
        }
        for (name, cells) in names.iter().zip(&found) {
            self.table
                .set_column(name, cells.iter().map(String::as_str));
        }
        Ok(())
    }

    /// Adds the columns of a second file.
    ///
    /// # Errors
    /// Those of the file, unknown columns, keys that stand there twice, rows without a match where they are refused.
    pub fn join(
        &mut self,
        step: &Join,
        source: &Source,
        telling: &mut Telling,
    ) -> Result<(), Problems> {
        let other = tables::side(source, &step.file, &step.reading, &step.place, telling)?;
        let mut problems = Problems::new();
        let on = self.column(&step.on, &mut problems);
        let by_row = step.key == "@row";
        let key = other.column(&step.key);
        if key.is_none() && !by_row {
            problems.push(unknown_column(&other, &step.key));
        }
        if by_row && other.rows() != self.table.rows() {
            problems.push(
                Problem::new(
                    "import/unequal-lines",
                    Place::file(other.file()),
                    format!(
                        "{}, and {} has {}",
                        counted(other.rows(), "row"),
                        self.table.files()[0],
                        self.table.rows()
                    ),
                )
                .help("files joined by the number of the row need as many rows; take the file that belongs to these cases"),
            );
        }
        let wanted: Vec<String> = if step.columns.is_empty() {
            let all = other.header().iter().filter(|name| **name != step.key);
            all.cloned().collect()
        } else {
            step.columns.clone()
        };
        let mut added = Vec::new();
        for name in &wanted {
            let new = format!("{}{name}", step.prefix);
            if self.table.column(&new).is_some() {
                problems.push(
                    Problem::new(
                        "import/column-twice",
                        step.place.clone(),
                        format!("both files have a column {}", quote(&new)),
                    )
                    .help("name the columns to add with columns = [...], or set prefix = \"...\""),
                );
            }
            match other.column(name) {
                Some(column) => added.push((new, column)),
                None => problems.push(unknown_column(&other, name)),
            }
        }
        problems.or(())?;
        let mut problems = Problems::new();
        let key = key.unwrap_or_default();
        let mut rows_of: HashMap<&str, usize> = HashMap::with_capacity(other.rows());
        let cells = (0..other.rows()).filter(|_| !by_row);
        for (row, cell) in cells.map(|row| (row, other.cell(row, key))) {
            if rows_of.insert(cell.trim(), row).is_some() {
                problems.push(
                    Problem::new(
                        "import/key-twice",
                        other.place(row, key),
                        "this key stands in an earlier row of the file",
                    )
                    .help("a joined file needs one row a key"),
                );
            }
        }
        let mut matches: Vec<Option<usize>> = vec![None; self.table.rows()];
        let mut missed = Missed::new(step.unmatched);
        let mut kept = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let cell = self.cell(*row, &on);
            matches[*row] = if by_row {
                let number = cell.parse::<usize>().ok();
                number.and_then(|number| number.checked_sub(1))
            } else {
                rows_of.get(cell.as_ref()).copied()
            };
            matches[*row] = matches[*row].filter(|row| *row < other.rows());
            if matches[*row].is_none() {
                missed.count(|| {
                    let wrong = format!("{} has no row with this key", other.file());
                    Problem::new("import/unmatched", self.place(*row, &on), wrong)
                        .help("correct `on` and `key`, or say unmatched = \"drop\" or \"blank\"")
                });
                if step.unmatched == Unmatched::Drop {
                    continue;
                }
            }
            kept.push(*row);
        }
        problems.or(())?;
        missed.tell(
            telling,
            &format!("rows that {} lacks", step.file),
            &format!(
                "without a match in {}: its columns are blank there",
                step.file
            ),
        )?;
        self.rows = kept;
        for (name, column) in added {
            let cells = matches
                .iter()
                .map(|found| found.map_or("", |row| other.cell(row, column)));
            self.table.set_column(&name, cells);
        }
        Ok(())
    }

    /// Leaves rows out.
    ///
    /// # Errors
    /// An unknown column.
    pub fn leave_out(&mut self, step: &Leave, telling: &mut Telling) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let column = self.column(&step.column, &mut problems);
        problems.or(())?;
        let before = self.rows.len();
        let mut seen: HashSet<String> = HashSet::new();
        let mut rows = std::mem::take(&mut self.rows);
        rows.retain(|row| {
            let cell = self.cell(*row, &column);
            let one_of = |values: &[String]| values.iter().any(|value| value.trim() == cell);
            !match &step.condition {
                Condition::Values(values) => one_of(values),
                Condition::Unless(values) => !one_of(values),
                Condition::Pattern(pattern) => pattern.is_match(&cell),
                Condition::Blank => cell.is_empty(),
                Condition::Repeated => !seen.insert(cell.into_owned()),
            }
        });
        self.rows = rows;
        let left_out = before - self.rows.len();
        telling.count(&step.reason, left_out);
        if left_out == 0 {
            telling.notice(format!("no row was left out for: {}", step.reason));
        }
        Ok(())
    }

    /// The columns whose names match, in order.
    ///
    /// # Errors
    /// There is none.
    pub fn matching(&self, pattern: &Regex, place: &Place) -> Result<Vec<String>, Problems> {
        let names: Vec<String> = self
            .table
            .header()
            .iter()
            .filter(|name| pattern.is_match(name))
            .cloned()
            .collect();
        if names.is_empty() {
            return Err(Problem::new(
                "import/unknown-column",
                place.clone(),
                format!("no column matches {}", quote(pattern.as_str())),
            )
            .help(format!("its columns: {}", list(self.table.header())))
            .into());
        }
        Ok(names)
    }
}

/// Rows that a step found nothing for.
struct Missed {
    unmatched: Unmatched,
    rows: usize,
    problems: Problems,
}

impl Missed {
    fn new(unmatched: Unmatched) -> Missed {
        Missed {
            unmatched,
            rows: 0,
            problems: Problems::new(),
        }
    }

    fn count(&mut self, problem: impl FnOnce() -> Problem) {
        self.rows += 1;
        if self.unmatched == Unmatched::Refuse {
            self.problems.push(problem());
        }
    }

    /// Tells what became of them: why they are `dropped`, or what is `blank` there.
    fn tell(self, telling: &mut Telling, dropped: &str, blank: &str) -> Result<(), Problems> {
        self.problems.or(())?;
        if self.unmatched == Unmatched::Drop {
            telling.count(dropped, self.rows);
        } else if self.rows > 0 {
            telling.notice(format!("{} {blank}", counted(self.rows, "row")));
        }
        Ok(())
    }
}
