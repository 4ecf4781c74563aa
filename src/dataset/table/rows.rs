//! Tables from rows that are in memory already, and tables put under and beside each other, for imports.

use super::{Column, Table};
use crate::diagnostic::{Place, Problem, Problems, list};

impl Table {
    /// A table of rows with their lines. Rows that are too short are filled with blanks; what is too long is cut.
    pub(in crate::dataset) fn from_rows<'a, R>(
        file: &str,
        header: Vec<String>,
        rows: impl Iterator<Item = (u64, R)>,
    ) -> Table
    where
        R: Iterator<Item = &'a str>,
    {
        let mut table = Table {
            file: file.to_owned(),
            columns: vec![Column::default(); header.len()],
            header,
            ..Table::default()
        };
        for (line, mut cells) in rows {
            for column in &mut table.columns {
                column.push(cells.next().unwrap_or_default());
            }
            table.lines.push(line);
        }
        table
    }

    /// The name of the file that a row came from.
    pub(in crate::dataset) fn file_of(&self, row: usize) -> &str {
        self.parts
            .get(self.part_of(row))
            .map_or(self.file.as_str(), |(_, file)| file.as_str())
    }

    /// The number of the file that a row came from, counted from 0.
    pub(in crate::dataset) fn part_of(&self, row: usize) -> usize {
        self.parts
            .partition_point(|(first, _)| *first <= row)
            .saturating_sub(1)
    }

    /// The files that the rows came from, in order.
    pub(in crate::dataset) fn files(&self) -> Vec<&str> {
        if self.parts.is_empty() {
            return vec![&self.file];
        }
        self.parts.iter().map(|(_, file)| file.as_str()).collect()
    }

    /// Puts another table under this one. Columns are matched by name; one that is missing is refused unless `blanks`
    /// says that it is blank there.
    ///
    /// # Errors
    /// Columns that one of the two lacks.
    pub(in crate::dataset) fn append(
        &mut self,
        other: &Table,
        blanks: bool,
    ) -> Result<(), Problems> {
        let lacks = |one: &Table, two: &Table| -> Vec<String> {
            let missing = two.header.iter().filter(|name| one.column(name).is_none());
            missing.cloned().collect()
        };
        let (here, there) = (lacks(self, other), lacks(other, self));
        let same = here.is_empty() && there.is_empty();
        if !(blanks || same) {
            return Err(Problem::new(
                "import/other-columns",
                Place::file(&other.file),
                format!("its columns are not those of {}", self.files()[0]),
            )
            .help(format!(
                "it lacks: {}; it alone has: {}",
                list(&there),
                list(&here)
            ))
            .into());
        }
        if self.parts.is_empty() {
            self.parts.push((0, self.file.clone()));
        }
        let before = self.rows();
        self.parts.push((before, other.file.clone()));
        for name in here {
            let mut column = Column::default();
            column.ends.resize(before, 0);
            self.header.push(name);
            self.columns.push(column);
        }
        for (name, column) in self.header.iter().zip(&mut self.columns) {
            match other.column(name) {
                Some(place) => {
                    let start = column.text.len();
                    column.text.push_str(&other.columns[place].text);
                    let ends = other.columns[place].ends.iter();
                    column.ends.extend(ends.map(|end| start + end));
                }
                None => {
                    let end = column.text.len();
                    let rows = column.ends.len() + other.lines.len();
                    column.ends.resize(rows, end);
                }
            }
        }
        self.lines.extend(&other.lines);
        Ok(())
    }

    /// Adds a column, or puts it in the place of one with this name.
    pub(in crate::dataset) fn set_column<'a>(
        &mut self,
        name: &str,
        cells: impl Iterator<Item = &'a str>,
    ) {
        let mut column = Column::default();
        for cell in cells {
            column.push(cell);
        }
        match self.column(name) {
            Some(place) => self.columns[place] = column,
            None => {
                self.header.push(name.to_owned());
                self.columns.push(column);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::*;

    fn table(file: &str, text: &str) -> Table {
        Table::from_delimited(file, text.as_bytes(), Dialect::default()).expect("valid")
    }

    #[test]
    fn files_under_each_other_keep_their_names_and_lines() {
        let mut first = table("a.csv", "id,text\n1,x\n2,y\n");
        first
            .append(&table("b.csv", "text,id\nz,3\n"), false)
            .expect("same columns");
        assert_eq!(first.cells(0).collect::<Vec<_>>(), ["1", "2", "3"]);
        assert_eq!(first.place(2, 1).to_string(), "b.csv:2:2 (text)");
        assert_eq!(first.place(1, 1).to_string(), "a.csv:3:2 (text)");
        assert!(first.append(&table("c.csv", "id\n4\n"), false).is_err());
        first
            .append(&table("c.csv", "id,mood\n4,ok\n"), true)
            .expect("blanks");
        assert_eq!(first.cells(2).collect::<Vec<_>>(), ["", "", "", "ok"]);
        assert_eq!(first.cell(3, 1), "");
    }
}
