//! Makes the cells of a new column from those of the source, as a recipe says.

use std::borrow::Cow;
use std::collections::HashMap;

use super::files::Source;
use super::frame::{Column, Frame};
use super::recipe::cells::{Cells, Origin, Ties, Unmapped};
use super::words::{cleaned, only_meaning};
use super::{Telling, codebook, tables};
use crate::dataset::table::LIST_SEPARATOR;
use crate::diagnostic::{Place, Problem, Problems, quote_label};

/// A cell that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made<'a> {
    /// The cell; blank where nothing is known.
    Cell(Cow<'a, str>),
    /// Its row is to be left out.
    Drop,
}

/// What is told while cells are made.
#[derive(Default)]
pub struct Notes {
    /// Cells that are refused.
    pub problems: Problems,
    /// What was left out or made blank, by reason.
    pub telling: Telling,
}

/// The meanings of cells, looked up where they are.
pub struct Maker<'a> {
    cells: &'a Cells,
    name: String,
    columns: Vec<Column>,
    map: HashMap<&'a str, &'a str>,
    codebook: HashMap<String, String>,
    classes: Vec<String>,
    base: u64,
    labels: Vec<String>,
    separator: &'a str,
    private: bool,
}

/// What a part of a cell means.
enum Meaning<'a> {
    Known(Cow<'a, str>),
    Unknown(Cow<'a, str>),
    Refused,
}

impl<'a> Maker<'a> {
    /// A maker of the column `name`; `labels` are those that `find` looks for, and `separator` goes between several.
    ///
    /// # Errors
    /// Columns that are not there, codebooks and lists of names that cannot be read.
    pub fn new(
        cells: &'a Cells,
        name: &str,
        frame: &Frame,
        source: &Source,
        labels: Vec<String>,
        separator: &'a str,
    ) -> Result<Maker<'a>, Problems> {
        let mut problems = Problems::new();
        let columns = match &cells.origin {
            Origin::Columns(names, _) => names.iter().collect(),
            Origin::Hot { labels, .. } => labels.iter().map(|(_, column)| column).collect(),
            Origin::Value(_) | Origin::Nothing => Vec::new(),
        };
        let columns = columns
            .into_iter()
            .map(|name: &String| frame.column(name, &mut problems))
            .collect();
        let codebook = match &cells.codebook {
            Some(codebook) => codebook::read(codebook, source).unwrap_or_else(|more| {
                problems.extend(more);
                HashMap::new()
            }),
            None => HashMap::new(),
        };
        let mut classes = Vec::new();
        if let Some(named) = &cells.classes {
            classes.clone_from(&named.names);
            if let Some(file) = &named.file {
                match tables::names(source, file, &named.place) {
                    Ok(names) => classes = names,
                    Err(more) => problems.extend(more),
                }
            }
        }
        let personal = match &cells.origin {
            Origin::Columns(names, _) => names.iter().any(|name| frame.is_personal(name)),
            _ => false,
        };
        problems.or(Maker {
            private: cells.private || personal,
            name: name.to_owned(),
            columns,
            map: cells
                .map
                .iter()
                .map(|(cell, meaning)| (cell.as_str(), meaning.as_str()))
                .collect(),
            codebook,
            classes,
            base: cells.classes.as_ref().map_or(0, |classes| classes.base),
            labels,
            separator,
            cells,
        })
    }

    /// Whether the dry run must not show it: by the recipe, or because a column of the source names persons.
    pub fn is_private(&self) -> bool {
        self.private
    }

    /// Where the source of a cell stands.
    pub fn place(&self, frame: &Frame, row: usize) -> Place {
        let column = self.columns.first().unwrap_or(&Column::Row);
        frame.place(row, column)
    }

    /// The cell of a row as the source gives it.
    pub fn given(&self, frame: &Frame, row: usize) -> String {
        let cells = self.columns.iter().map(|column| frame.cell(row, column));
        cells.collect::<Vec<_>>().join(" ").trim().to_owned()
    }

    /// The cell of a row.
    pub fn make<'b>(&'b self, frame: &'b Frame, row: usize, notes: &mut Notes) -> Made<'b> {
        let place = || self.place(frame, row);
        match &self.cells.origin {
            Origin::Nothing => Made::Cell(Cow::Borrowed("")),
            Origin::Value(value) => self.of(Cow::Borrowed(value), &place, notes),
            Origin::Hot {
                labels,
                at_least,
                none,
            } => self.hot(frame, row, labels, *at_least, none, notes),
            Origin::Columns(_, join) => match self.columns.as_slice() {
                [column] => self.of(frame.cell(row, column), &place, notes),
                columns => {
                    let mut parts = Vec::with_capacity(columns.len());
                    for column in columns {
                        match self.of(frame.cell(row, column), &place, notes) {
                            Made::Drop => return Made::Drop,
                            Made::Cell(cell) if cell.is_empty() => {
                                return Made::Cell(Cow::Borrowed(""));
                            }
                            Made::Cell(cell) => parts.push(cell),
                        }
                    }
                    Made::Cell(Cow::Owned(parts.join(join)))
                }
            },
        }
    }

    fn hot<'b>(
        &'b self,
        frame: &Frame,
        row: usize,
        labels: &'b [(String, String)],
        at_least: f64,
        none: &'b str,
        notes: &mut Notes,
    ) -> Made<'b> {
        let mut holding: Vec<&str> = Vec::new();
        for ((label, _), column) in labels.iter().zip(&self.columns) {
            let cell = frame.cell(row, column);
            if cell.is_empty() || self.cells.missing.iter().any(|missing| *missing == cell) {
                continue;
            }
            let truth = match cell.to_ascii_lowercase().as_str() {
                "true" => Some(1.0),
                "false" => Some(0.0),
                number => number.parse::<f64>().ok().filter(|n| n.is_finite()),
            };
            match truth {
                Some(number) if number >= at_least => holding.push(label),
                Some(_) => {}
                None => notes.problems.push(not_a_number(frame.place(row, column))),
            }
        }
        match holding.as_slice() {
            [] if none.is_empty() => {
                let kind = format!("cases where no column of {} holds, made blank", self.name);
                notes.telling.tell(&kind, 1);
                Made::Cell(Cow::Borrowed(""))
            }
            [] => Made::Cell(Cow::Borrowed(none)),
            [one] => Made::Cell(Cow::Borrowed(one)),
            several => Made::Cell(Cow::Owned(several.join(self.separator))),
        }
    }

    /// What becomes of a cell.
    pub fn of<'b>(
        &'b self,
        cell: Cow<'b, str>,
        place: &dyn Fn() -> Place,
        notes: &mut Notes,
    ) -> Made<'b> {
        let missing = |cell: &str| self.cells.missing.iter().any(|missing| missing == cell);
        if cell.is_empty() || missing(&cell) {
            return Made::Cell(Cow::Borrowed(""));
        }
        let cell = if self.cells.clean {
            Cow::Owned(cleaned(&cell))
        } else {
            cell
        };
        if let Some(tie) = &self.cells.tie
            && cell.contains(tie.as_str())
        {
            let parts: Vec<String> = cell.split(tie.as_str()).map(str::to_owned).collect();
            return match self.cells.ties {
                Ties::Blank => {
                    notes
                        .telling
                        .tell(&format!("ties in {}, made blank", self.name), 1);
                    Made::Cell(Cow::Borrowed(""))
                }
                Ties::Drop => {
                    notes
                        .telling
                        .count(&format!("rows with a tie in {}", self.name), 1);
                    Made::Drop
                }
                Ties::First => self.parts(&parts[..1], place, notes),
                Ties::Keep => self.parts(&parts, place, notes),
            };
        }
        let split = |cell: &str, by: &str| -> Vec<String> {
            cell.split(by).map(|part| part.trim().to_owned()).collect()
        };
        if let Some(by) = &self.cells.split {
            let parts = split(&cell, by);
            return self.parts(&parts, place, notes);
        }
        if cell.contains(LIST_SEPARATOR) {
            let parts = split(&cell, &LIST_SEPARATOR.to_string());
            return self.parts(&parts, place, notes);
        }
        match self.meaning(cell, place, notes) {
            Meaning::Known(cell) => Made::Cell(cell),
            Meaning::Refused => Made::Cell(Cow::Borrowed("")),
            Meaning::Unknown(cell) => self.unknown(cell, place, notes),
        }
    }

    /// Several labels of one cell, each looked up by itself; blanks and missing ones say nothing.
    fn parts<'b>(
        &'b self,
        parts: &[String],
        place: &dyn Fn() -> Place,
        notes: &mut Notes,
    ) -> Made<'b> {
        let mut made: Vec<String> = Vec::with_capacity(parts.len());
        for part in parts {
            let part = part.trim();
            if part.is_empty() || self.cells.missing.iter().any(|missing| missing == part) {
                continue;
            }
            let cell = match self.meaning(Cow::Owned(part.to_owned()), place, notes) {
                Meaning::Known(cell) => Made::Cell(cell),
                Meaning::Refused => return Made::Cell(Cow::Borrowed("")),
                Meaning::Unknown(cell) => self.unknown(cell, place, notes),
            };
            match cell {
                Made::Drop => return Made::Drop,
                Made::Cell(cell) if cell.is_empty() => {}
                Made::Cell(cell) => made.push(cell.into_owned()),
            }
        }
        Made::Cell(Cow::Owned(made.join(self.separator)))
    }

    fn unknown<'b>(
        &self,
        cell: Cow<'b, str>,
        place: &dyn Fn() -> Place,
        notes: &mut Notes,
    ) -> Made<'b> {
        match self.cells.unmapped {
            Unmapped::Keep => Made::Cell(cell),
            Unmapped::Blank => {
                let kind = format!("cells of {} without a known meaning, made blank", self.name);
                notes.telling.tell(&kind, 1);
                Made::Cell(Cow::Borrowed(""))
            }
            Unmapped::Drop => {
                let reason = format!("rows whose {} has no known meaning", self.name);
                notes.telling.count(&reason, 1);
                Made::Drop
            }
            Unmapped::Refuse => {
                let shown = if self.is_private() {
                    "of a private column".to_owned()
                } else {
                    quote_label(&cell)
                };
                notes.problems.push(
                    Problem::new(
                        "import/unknown-meaning",
                        place(),
                        format!("the recipe does not say what the cell {shown} means"),
                    )
                    .help("add it to map, codebook or classes, or set unmapped to keep, blank or drop"),
                );
                Made::Cell(Cow::Borrowed(""))
            }
        }
    }

    fn meaning<'b>(
        &'b self,
        cell: Cow<'b, str>,
        place: &dyn Fn() -> Place,
        notes: &mut Notes,
    ) -> Meaning<'b> {
        if let Some((cuts, names)) = &self.cells.cuts {
            return match cell.parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(number) => {
                    let class = cuts.iter().filter(|cut| **cut <= number).count();
                    Meaning::Known(Cow::Borrowed(names.get(class).map_or("", String::as_str)))
                }
                None => {
                    notes.problems.push(not_a_number(place()));
                    Meaning::Refused
                }
            };
        }
        let coded = self.codebook.get(cell.as_ref()).map(String::as_str);
        let mapped = self.map.get(coded.unwrap_or(&cell)).copied().or(coded);
        if let Some(meaning) = mapped {
            return Meaning::Known(Cow::Borrowed(meaning));
        }
        let id = cell.parse::<u64>().ok();
        let class = id
            .and_then(|id| id.checked_sub(self.base))
            .and_then(|id| self.classes.get(usize::try_from(id).ok()?));
        if let Some(class) = class {
            return Meaning::Known(Cow::Borrowed(class));
        }
        if !self.classes.is_empty() && self.cells.unmapped == Unmapped::Keep && id.is_some() {
            notes.problems.push(
                Problem::new(
                    "import/unknown-label-id",
                    place(),
                    format!("there is no class with the id {}", id.unwrap_or_default()),
                )
                .help(format!(
                    "the ids of {} classes begin with {}",
                    self.classes.len(),
                    self.base
                )),
            );
            return Meaning::Refused;
        }
        if self.cells.find {
            if let Some(label) = self.found(&cell) {
                return Meaning::Known(Cow::Borrowed(label));
            }
            return Meaning::Unknown(cell);
        }
        let meaningful = self.map.is_empty() && self.codebook.is_empty() && self.classes.is_empty();
        if meaningful {
            Meaning::Known(cell)
        } else {
            Meaning::Unknown(cell)
        }
    }

    /// The one label that stands in a text as a word, by itself or as a key of the map.
    fn found(&self, text: &str) -> Option<&str> {
        let labels = self
            .labels
            .iter()
            .map(|label| (label.as_str(), label.as_str()));
        let keys = self.map.iter().map(|(key, label)| (*key, *label));
        only_meaning(text, labels.chain(keys))
    }
}

/// Tells of a cell that is no number, without showing it.
pub(super) fn not_a_number(place: Place) -> Problem {
    Problem::new("import/not-a-number", place, "this cell is not a number")
        .help("name what stands for a missing value in missing = [...]")
}
