//! Parquet and Arrow IPC, through polars.

use super::Table;
#[cfg(feature = "polars")]
use super::{Column, LIST_SEPARATOR};
use crate::diagnostic::{Place, Problem, Problems};

impl Table {
    /// Reads Parquet.
    ///
    /// # Errors
    /// A file that is not Parquet, or holds columns that cannot be written as text.
    #[cfg(feature = "polars")]
    pub fn from_parquet(file: &str, bytes: Vec<u8>) -> Result<Table, Problems> {
        use polars::prelude::{ParquetReader, SerReader};

        let unreadable = unreadable(file, "table/parquet", "expected an Apache Parquet file");
        let frame = ParquetReader::new(std::io::Cursor::new(bytes))
            .finish()
            .map_err(&unreadable)?;
        Table::from_frame(file, &frame, &unreadable)
    }

    /// Reads Arrow IPC.
    ///
    /// # Errors
    /// A file that is not Arrow IPC, or holds columns that cannot be written as text.
    #[cfg(feature = "polars")]
    pub(in crate::dataset) fn from_arrow(file: &str, bytes: Vec<u8>) -> Result<Table, Problems> {
        use polars::prelude::{IpcReader, SerReader};

        let unreadable = unreadable(
            file,
            "table/arrow",
            "expected an Arrow IPC file (.arrow or .feather, version 2)",
        );
        let frame = IpcReader::new(std::io::Cursor::new(bytes))
            .finish()
            .map_err(&unreadable)?;
        Table::from_frame(file, &frame, &unreadable)
    }

    #[cfg(feature = "polars")]
    fn from_frame(
        file: &str,
        frame: &polars::prelude::DataFrame,
        unreadable: &impl Fn(polars::error::PolarsError) -> Problem,
    ) -> Result<Table, Problems> {
        use polars::prelude::{AnyValue, DataType};

        let mut table = Table {
            file: file.to_owned(),
            lines: (1..=frame.height() as u64).collect(),
            ..Table::default()
        };
        for series in frame.columns() {
            let mut column = Column::default();
            if let DataType::List(_) = series.dtype() {
                for row in 0..frame.height() {
                    let items: Vec<String> = match series.get(row).map_err(unreadable)? {
                        AnyValue::List(items) => items
                            .iter()
                            .map(|item| item.str_value().into_owned())
                            .collect(),
                        _ => Vec::new(),
                    };
                    column.push(&items.join(&LIST_SEPARATOR.to_string()));
                }
            } else {
                let cells = series.cast(&DataType::String).map_err(unreadable)?;
                for cell in cells.str().map_err(unreadable)?.iter() {
                    column.push(cell.unwrap_or_default());
                }
            }
            table.header.push(series.name().to_string());
            table.columns.push(column);
        }
        Ok(table)
    }

    /// Parquet needs a build with the feature `polars`.
    ///
    /// # Errors
    /// Always: says so, and how to go on.
    #[cfg(not(feature = "polars"))]
    pub fn from_parquet(file: &str, _bytes: Vec<u8>) -> Result<Table, Problems> {
        Err(Problem::new(
            "table/parquet",
            Place::file(file),
            "this build cannot read Parquet",
        )
        .help("build with the default features, or give the data as CSV or JSONL")
        .into())
    }

    /// Arrow needs a build with the feature `polars`.
    ///
    /// # Errors
    /// Always: says so, and how to go on.
    #[cfg(not(feature = "polars"))]
    pub(in crate::dataset) fn from_arrow(file: &str, _bytes: Vec<u8>) -> Result<Table, Problems> {
        Err(Problem::new(
            "table/arrow",
            Place::file(file),
            "this build cannot read Arrow",
        )
        .help("build with the default features, or give the data as CSV or JSONL")
        .into())
    }
}

#[cfg(feature = "polars")]
fn unreadable(
    file: &str,
    code: &'static str,
    help: &'static str,
) -> impl Fn(polars::error::PolarsError) -> Problem {
    move |error| Problem::new(code, Place::file(file), error.to_string()).help(help)
}

#[cfg(all(test, feature = "polars"))]
mod tests {
    use polars::prelude::{DataFrame, IntoColumn, NamedFrom, ParquetWriter, Series};

    use super::*;

    #[test]
    fn texts_numbers_lists_and_blanks_become_text() {
        let labels = Series::new(
            "label".into(),
            [
                Series::new("".into(), ["joy", "fear"]),
                Series::new("".into(), ["anger"]),
            ],
        );
        let mut frame = DataFrame::new(
            2,
            vec![
                Series::new("id".into(), [1_i64, 2]).into_column(),
                Series::new("text".into(), [Some("a"), None]).into_column(),
                labels.into_column(),
            ],
        )
        .expect("columns of equal length");
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes)
            .finish(&mut frame)
            .expect("written to memory");
        let table = Table::from_parquet("x.parquet", bytes).expect("valid");
        assert_eq!(table.header(), ["id", "text", "label"]);
        assert_eq!(
            (table.cell(0, 0), table.cell(0, 1), table.cell(1, 1)),
            ("1", "a", "")
        );
        assert_eq!(table.cell(0, 2), "joy\u{1f}fear");
    }

    #[test]
    fn what_is_not_parquet_is_told() {
        let problems =
            Table::from_parquet("x.parquet", b"id,text".to_vec()).expect_err("not Parquet");
        assert_eq!(problems.len(), 1);
    }
}
